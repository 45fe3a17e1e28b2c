/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/label_words.h"

#include <string.h>

#include "core/word.h"

enum { FOOTNOTED_MIN = 3, WORD_MAX = 64 };

const struct label_usual label_usual[] = {
        { FIELD_NAME, LABEL_WHOLE, "imie i nazwisko" },
        { FIELD_NAME, LABEL_WHOLE, "imiona i nazwisko" },
        { FIELD_NAME, LABEL_WHOLE, "imie nazwisko" },
        { FIELD_NAME, LABEL_WHOLE, "name and surname" },
        { FIELD_NAME, LABEL_WHOLE, "first and last name" },
        { FIELD_NAME, LABEL_WHOLE, "full name" },
        { FIELD_NAME, LABEL_FIRST_NAME, "imie" },
        { FIELD_NAME, LABEL_FIRST_NAME, "imiona" },
        { FIELD_NAME, LABEL_FIRST_NAME, "first name" },
        { FIELD_NAME, LABEL_SURNAME, "nazwisko" },
        { FIELD_NAME, LABEL_SURNAME, "surname" },
        { FIELD_NAME, LABEL_SURNAME, "last name" },
        { FIELD_ORGANISATION, LABEL_WHOLE, "organizacja" },
        { FIELD_ORGANISATION, LABEL_WHOLE, "instytucja" },
        { FIELD_ORGANISATION, LABEL_WHOLE, "nazwa organizacji" },
        { FIELD_ORGANISATION, LABEL_WHOLE, "nazwa instytucji" },
        { FIELD_ORGANISATION, LABEL_WHOLE, "nazwa podmiotu" },
        { FIELD_ORGANISATION, LABEL_WHOLE, "nazwa jednostki" },
        { FIELD_ORGANISATION, LABEL_WHOLE, "nazwa urzedu" },
        { FIELD_ORGANISATION, LABEL_WHOLE, "nazwa firmy" },
        { FIELD_ORGANISATION, LABEL_WHOLE, "firma" },
        { FIELD_ORGANISATION, LABEL_WHOLE, "miejsce pracy" },
        { FIELD_ORGANISATION, LABEL_WHOLE, "zaklad pracy" },
        { FIELD_ORGANISATION, LABEL_WHOLE, "organisation" },
        { FIELD_ORGANISATION, LABEL_WHOLE, "institution" },
        { FIELD_PHONE, LABEL_WHOLE, "telefon" },
        { FIELD_PHONE, LABEL_WHOLE, "nr telefonu" },
        { FIELD_PHONE, LABEL_WHOLE, "numer telefonu" },
        { FIELD_PHONE, LABEL_WHOLE, "tel" },
        { FIELD_PHONE, LABEL_WHOLE, "tel kom" },
        { FIELD_PHONE, LABEL_WHOLE, "kontakt telefoniczny" },
        { FIELD_PHONE, LABEL_WHOLE, "komorka" },
        { FIELD_PHONE, LABEL_WHOLE, "phone" },
        { FIELD_EMAIL, LABEL_WHOLE, "e mail" },
        { FIELD_EMAIL, LABEL_WHOLE, "email" },
        { FIELD_EMAIL, LABEL_WHOLE, "mail" },
        { FIELD_EMAIL, LABEL_WHOLE, "adres e mail" },
        { FIELD_EMAIL, LABEL_WHOLE, "adres email" },
        { FIELD_EMAIL, LABEL_WHOLE, "adres mailowy" },
        { FIELD_EMAIL, LABEL_WHOLE, "adres poczty elektronicznej" },
        { FIELD_EMAIL, LABEL_WHOLE, "poczta elektroniczna" },
        { FIELD_EMAIL, LABEL_WHOLE, "adres elektroniczny" },
        { FIELD_EMAIL, LABEL_WHOLE, "kontakt mailowy" },
        { FIELD_TEXT, LABEL_WHOLE, NULL },
};

bool label_word_is_footnoted(const char *word)
{
        size_t letters = strcspn(word, "0123456789");

        return letters >= FOOTNOTED_MIN && word[letters] != '\0' && word[letters + 1] == '\0';
}

double label_word_alike(const char *label, const char *word)
{
        char plain[WORD_MAX];
        size_t size = strlen(word);

        if (!label_word_is_footnoted(word) || size > sizeof plain || strcmp(label, word) == 0)
                return word_alike(label, word);
        memcpy(plain, word, size - 1);
        plain[size - 1] = '\0';
        return word_alike(label, plain);
}

bool label_word_is_small(const char *word)
{
        static const char *const small[] = { "i$", "w$", "we$", "na$", "do$", "o$", "z$", "ze$", "dla$",
                "nr$", "oraz$", "lub$", "albo$", "pan$", "pani$", "pana$", "a$", "of$", "the$", "and$", "e$",
                "czy$", "prosze$", "in$", NULL };

        return word_has_stem(word, small);
}

bool label_word_is_harmless(const char *word)
{
        static const char *const harmless[] = { "uczestni", "osob", "zglasz", "zglosz", "delegow", "deleguj",
                "sluzbow", "kontakt", "komork", "stacjonar", "zajmowan", "pelnion", "organizac", "instytuc",
                "urzed", "urzad", "podmiot", "firm", "jednost", "szkoleni", "konferenc", "warsztat",
                "seminari", "zaswiadcz", "certyfik", "koresponden", "peln", "podac", "podanie", "drukowan",
                "liter", "wypelni", "czyteln", "zaznacz", "wlasciw", "niepotrzebn", "skresl", "numer",
                "kierunkow", "kom$", "tel$", "dane$", "reprezent", "rezerwac", "rezerwuj", "potrzeb",
                "skorzyst", "chce", "chcial", "dodatkow", "ewentualn", "ktor", "moj", "twoj", "nazwa$",
                "adres$", "pytani", "sugest", "oczekiwan", "wobec", "noc", "maja$", "pracownik",
                "participant", "your", "contact", "number", "dot$", "dotycz", "siedzib", "imienn", "faks",
                "fax", NULL };

        return word_has_stem(word, harmless);
}

bool label_word_changes(const char *word, enum field_type type)
{
        static const char *const changing[] = { "urodz", "panien", "opiekun", "asyst", "rodzic", "ojca$",
                "matki$", "dzieck", "faktur", "nabyw", "platnik", "ksiegow", "bank", "przelozon", "trener",
                "prowadzac", "wykladow", "organizator", "nip$", "regon$", "krs$", "pesel$", "szef", "malzon",
                NULL };
        static const char *const other_person[] = { "dyrekt", "kierown", "prezes", "wojt", "burmist",
                "kontakt", "upowazn", "bezposredn", "osoby kontakt", NULL };
        static const char *const other_kind[] = { "mail", "email", "elektronicz", "telefon", "www$",
                "strona$", "internet", NULL };

        if (word_has_stem(word, changing))
                return true;
        if (type == FIELD_NAME && word_has_stem(word, other_person))
                return true;
        return (type == FIELD_NAME || type == FIELD_ORGANISATION || type == FIELD_TEXT ||
                   type == FIELD_DATE) &&
               word_has_stem(word, other_kind);
}
