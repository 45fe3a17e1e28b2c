/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/statement.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/sheet.h"
#include "core/word.h"

enum { OPENING = 3 };

/* Beginnings of folded lines; a remark of an applicant hardly begins so. */
static const char *const starts[] = { "wyrazam", "nie wyrazam", "niniejszym", "oswiadcz", "zgadzam sie na",
        "wyrazenie zgody", "zapoznalam sie", "zapoznalem sie", "zapoznalam em sie", "zapoznalem am sie",
        "zapoznalam lem sie", "zapoznalem lam sie", "jestem swiadom", "mam swiadomosc", "akceptuje regulamin",
        "akceptuje warunki", "zobowiazuje sie", "przyjmuje do wiadomosci", "przyjmuje warunki",
        "zostalam poinformowan", "zostalem poinformowan", "zostalam em poinformowan", "upowazniam",
        "potwierdzam prawdziwosc", "potwierdzam zapoznanie", "potwierdzam ze zapozn", "prawdziwosc danych",
        "zgloszenie jest", "zgloszenie udzialu jest", "wyslanie zgloszenia", "przeslanie zgloszenia",
        "oplate ", "oplaty ", "oplata ", "wplaty ", "wplate ", "nalezno", "kwote nalezy", "platnosc ",
        "podpis", "czytelny podpis", "wlasnoreczny podpis", "data podpis", "data i podpis", "data i czytelny",
        "data oraz podpis", "miejscowosc data", "miejscowosc i data", "miejsce i data", "data wypelnienia",
        "data zgloszenia", "pieczec", "pieczat", "organizator", "rodo", "klauzula", "pouczenie",
        "informujemy", "informacja o przetwarzaniu", "informacje o przetwarzaniu", "zgodnie z art",
        "zgodnie z rozporzadzeniem", "dane osobowe", "zgloszenia nalezy", "zgloszenia przyjm",
        "formularz nalezy", "formularz prosze", "karte prosze", "zgloszenie prosze", "ankiete prosze",
        "karte nalezy", "zgloszenie nalezy", "decyduje kolejnosc", "liczba miejsc", "utworz wlasny formularz",
        "zglos naduzycie", "google forms", "formularze google", "ten formularz zostal utworzony",
        "nigdy nie podawaj hasel", "never submit passwords", "create your own google form", "report abuse",
        "powered by", NULL };

bool statement_is(const struct sheet *sheet, size_t line)
{
        const struct line *own = &sheet->lines[line];
        CLEANUP_FREE char *key = sheet_words(sheet, own->first, own->first + own->count);

        if (str_starts(key, "data ") && own->count > 1 && sheet_is_sign(sheet, own->first + 1, ":"))
                return true;
        for (size_t i = 0; starts[i] != NULL; i++)
                if (str_starts(key, starts[i]))
                        return true;
        return false;
}

static bool is_first_person(const struct sheet *sheet, size_t token)
{
        static const char *const words[] = { "mam$", "jestem$", "chcial", "nie$", "brak$", "moj", "wole$",
                NULL };
        const struct token *t = &sheet->tokens[token];

        return t->kind == TOKEN_WORD && ((t->size > 3 && memcmp(t->text + t->size - 2, "\u0119", 2) == 0) ||
                                            word_has_stem(sheet_key(sheet, token), words));
}

bool statement_is_personal(const struct sheet *sheet, size_t line)
{
        const struct line *own = &sheet->lines[line];

        for (size_t i = own->first; i < own->first + own->count && i < own->first + OPENING; i++)
                if (is_first_person(sheet, i))
                        return true;
        return false;
}
