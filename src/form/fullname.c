/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/fullname.h"

#include <string.h>

#include "base/mem.h"
#include "core/fold.h"
#include "core/word.h"

enum { WORDS_MAX = 4 };

static bool is_title(const char *key)
{
        static const char *const titles[] = { "mgr$", "dr$", "hab$", "inz$", "prof$", "pan$", "pani$", "p$",
                "ks$", "lek$", "mec$", "mr$", "mrs$", "ms$", "lic$", NULL };

        return word_has_stem(key, titles);
}

/* Words of offices and forms, which begin with capitals too. */
static bool is_no_name(const char *key)
{
        static const char *const stems[] = { "gmin", "urzad", "urzed", "fundacj", "stowarzysz", "szkol",
                "osrod", "centr", "starost", "powiat", "miast", "miejsk", "instytu", "zakla", "spolk",
                "dyrekt", "kierown", "uczestn", "dane$", "imie$", "nazwisk", "telefon", "adres", "stanowisk",
                "data$", "podpis", "wojt", "burmistrz", "prezydent", "sekretar", "dom$", "biblioteka$",
                "przedszkol", "ulic", "brak$", "dzien$", "szanown", "dziekuj", "pozdraw", "prosz", "zgod",
                "wyrazam", "osob", "panstw", "nie$", "tak$", "informac", "karta$", "karty$", "ogoln",
                "dotyczac", "warunk", "oswiadcz", "regulamin", "program", "termin", "kwalifik", "zdrow",
                "wypoczyn", "potrzeb", "deklarac", "rodzic", "opiekun", "organizat", "platnos", "faktur",
                "koszt", "czesc$", "zalaczni", "uwagi$", "decyzj", "potwierdz", "orzecz", "szkoleni",
                "warsztat", "konferenc", "formularz", "zgloszen", "lista$", "umow", "nocleg", "wyzywien",
                "transport", NULL };

        return word_has_stem(key, stems);
}

bool fullname_is(const char *text)
{
        CLEANUP_FREE char *copy = xstrdup(text);
        char *save = NULL;
        size_t words = 0;

        if (strpbrk(text, "0123456789@:?!/\"") != NULL)
                return false;
        for (char *word = strtok_r(copy, " \t\n.", &save); word != NULL;
             word = strtok_r(NULL, " \t\n.", &save)) {
                CLEANUP_FREE char *key = fold_key(word);
                if (*key == '\0')
                        return false;
                if (is_title(key))
                        continue;
                if (!word_is_capital(word, strlen(word)) || is_no_name(key) || strlen(key) < 2)
                        return false;
                words++;
        }
        return words >= 2 && words <= WORDS_MAX;
}
