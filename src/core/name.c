/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/name.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/mem.h"
#include "core/fold.h"
#include "core/word.h"

enum { SHORTENED_MAX = 6 };

char *name_turned(const char *key, enum name_turn turn)
{
        const char *first = strchr(key, ' '), *last = strrchr(key, ' ');

        if (turn == NAME_AS_WRITTEN)
                return xstrdup(key);
        if (first == NULL || (turn == NAME_LAST_TO_FRONT && first == last))
                return NULL;
        if (turn == NAME_FIRST_TO_END)
                return xasprintf("%s %.*s", first + 1, (int)(first - key), key);
        return xasprintf("%s %.*s", last + 1, (int)(last - key), key);
}

bool name_same(const char *key, const char *other)
{
        for (enum name_turn turn = NAME_AS_WRITTEN; turn < NAME_TURNS; turn++) {
                CLEANUP_FREE char *turned = name_turned(key, turn);
                if (turned != NULL && strcmp(turned, other) == 0)
                        return true;
        }
        return false;
}

bool name_equal(const char *name, const char *other)
{
        CLEANUP_FREE char *key = fold_key(name);
        CLEANUP_FREE char *other_key = fold_key(other);

        return name_same(key, other_key);
}

/* Written in small letters beside a name: no part that tells people apart. */
static bool is_title(const char *key)
{
        static const char *const titles[] = { "mgr$", "dr$", "hab$", "inz$", "prof$", "doc$", "lic$", "lek$",
                "med$", "mec$", "adw$", "arch$", "pan$", "pani$", "p$", "ks$", "o$", "s$", "br$", "bp$",
                "hm$", "phm$", "dh$", "plk$", "pplk$", "mjr$", "kpt$", "por$", "ppor$", "gen$", "doktor$",
                "profesor$", "magister$", "inzynier$", "ksiadz$", "siostra$", "brat$", "ojciec$", "mecenas$",
                "mr$", "mrs$", "ms$", "jr$", "sr$", NULL };

        return word_has_stem(key, titles);
}

/* "van der Meer", "Kowalski vel Nowak" */
static bool is_particle(const char *key)
{
        static const char *const particles[] = { "van$", "von$", "vom$", "der$", "den$", "de$", "del$",
                "della$", "dela$", "di$", "da$", "do$", "dos$", "das$", "du$", "des$", "la$", "le$", "el$",
                "al$", "bin$", "bint$", "ibn$", "ben$", "abu$", "af$", "av$", "zu$", "zur$", "ter$", "ten$",
                "te$", "y$", "e$", "d$", "vel$", NULL };

        return word_has_stem(key, particles);
}

/* Posts, offices, what is said in place of a name or joins two. Whole words where a surname begins so. */
static bool is_no_name(const char *key)
{
        static const char *const words[] = { "dyrektor$", "dyrektora$", "dyrektorka$", "wicedyrektor",
                "kierownik$", "kierowniczka$", "prezes$", "wiceprezes", "sekretarz$", "sekretarka$",
                "sekretariat", "przedstawiciel", "pracownik", "pracownic", "specjalist", "inspektor",
                "koordynator", "nauczyciel", "przewodniczac", "pelnomocnik", "ksiegowa$", "uczestni",
                "kandydat$", "kandydatka$", "delegat$", "reprezentant", "zarzad$", "zarzadu$", "gmina$",
                "gminy$", "gminie$", "powiat$", "powiatu$", "urzad$", "urzedu$", "szkola$", "szkoly$",
                "szkole$", "przedszkole$", "przedszkola$", "fundacja$", "fundacji$", "stowarzyszeni",
                "osrodek$", "osrodka$", "centrum$", "instytut$", "instytucja$", "instytucji$", "biblioteka$",
                "biblioteki$", "osoba$", "osoby$", "osobe$", "osob$", "osobie$", "panstwo$", "panstwa$",
                "malzenstwo$", "osp$", "gops$", "mops$", "mgops$", "ops$", "pcpr$", "kgw$", "lub$", "albo$",
                "badz$", "ewentualnie$", "ustaleni", "ustalani", "ustalimy$", "ustalone$", "zostanie$",
                "zostana$", "bedzie$", "podane$", "podany$", "podamy$", "pozniej$", "pozniejszym$",
                "jeszcze$", "wiadomo$", "trakcie$", "zalacz", "wskazan", "wskazemy$", "wyznaczon",
                "wyznaczymy$", "lista$", "listy$", "terminie$", "wakat$", "dotyczy$", NULL };

        return word_has_stem(key, words);
}

/* The same for words that are surnames too, or initials, when they begin with a capital. */
static bool is_no_small_name(const char *key)
{
        static const char *const words[] = { "wojt$", "burmistrz", "starosta$", "soltys$", "radny$", "radna$",
                "prezydent", "skarbnik$", "prezes", "czlonek$", "referent", "opiekun", "do$", "w$", "we$",
                "z$", "ze$", "na$", "od$", "o$", "u$", "i$", "a$", "jak$", "nie$", "tak$", "brak$", "or$",
                "and$", "wraz$", "oraz$", "podam$", "dam$", "dosle$", "ew$", "tel$", "ktos$", "kto$", "to$",
                "bez$", "tba$", "tbd$", "unknown$", "later$", NULL };

        return word_has_stem(key, words);
}

/* "hab.", "st.", "r.pr." */
static bool is_shortened(const char *word, const char *key)
{
        static const char *const other[] = { "ew$", "tel$", "kom$", "ul$", "zam$", "woj$", "np$", "tj$",
                NULL };
        size_t size = strlen(word);

        return size > 1 && word[size - 1] == '.' && strlen(key) <= SHORTENED_MAX &&
               !word_has_stem(key, other);
}

/* Whether the word begins with a small letter and goes on so: not "d'Arc", "al-Masri". */
static bool is_small(const char *word)
{
        const int32_t size = (int32_t)strlen(word);
        bool first = true;

        for (int32_t i = 0; i < size;) {
                UChar32 c;
                U8_NEXT(word, i, size, c);
                if (c < 0 || !u_isalpha(c))
                        continue;
                if (u_isupper(c))
                        return false;
                if (first && !u_islower(c))
                        return false;
                first = false;
        }
        return !first;
}

bool name_is_single(const char *text)
{
        static const char *const quotes[] = { "\u201e", "\u201d", "\u201c", "\u00ab", "\u00bb" };
        CLEANUP_FREE char *copy = fold_spaces(text);
        size_t small = 0, capital = 0;
        char *save = NULL;

        if (strpbrk(text, "/\\()[]+=*_\"<>|!") != NULL)
                return false;
        for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++)
                if (strstr(text, quotes[i]) != NULL)
                        return false;
        for (char *word = strtok_r(copy, " \n", &save); word != NULL; word = strtok_r(NULL, " \n", &save)) {
                CLEANUP_FREE char *key = fold_key(word);
                bool is_lower = is_small(word);

                if (*key == '\0' || is_title(key))
                        continue;
                if (is_no_name(key))
                        return false;
                if (is_lower && (is_shortened(word, key) || (capital > 0 && is_particle(key))))
                        continue;
                if (is_lower && is_no_small_name(key))
                        return false;
                if (!is_lower)
                        capital++;
                else if (!is_particle(key))
                        small++;
        }
        return capital == 0 ? small > 0 : small == 0;
}
