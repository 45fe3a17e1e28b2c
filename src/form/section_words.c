/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/section_words.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "core/word.h"

enum { ORDINAL_MAX = 99 };

static const char *const office[] = { "organizator", "organiser", "organizer", NULL };
static const char *const payer[] = { "faktur", "nabywc", "platnik", "odbiorc", "rozliczen", "platnosc",
        "invoice", "payer", "billing", "buyer", NULL };
static const char *const guardian[] = { "opiekun", "rodzic", "matki$", "matka$", "ojca$", "ojciec$",
        "guardian", "parent", NULL };
static const char *const contact[] = { "przelozon", "pelnomocnik", "dyrektor", "kierownik", "asystent",
        "trener", "prowadzac", "wykladowc", "prelegent", "reprezentuj", "upowazn", "odpowiedzialn", "kieruj",
        "deleguj", "towarzysz", "sekretariat", "supervisor", "assistant", "manager", "companion", NULL };
static const char *const reporter[] = { "zglaszajac", "wypelniaj", "applicant", NULL };
static const char *const person_of[] = { "uczestni", "kandydat", "szkolon", "zglaszan", "zglaszam$",
        "zglaszamy$", "zgloszon", "delegowan", "osobow", "personaln", "participant", "attendee", "delegate$",
        "personal$", NULL };
static const char *const institution[] = { "instytucj", "organizacj", "zaklad", "pracodawc", "firm",
        "podmiot", "placowk", "szkola$", "szkoly$", "jednostk", "pracy$", "urzed", "urzad", "zatrudnien",
        "institution", "organisation", "organization", "company", "employer", NULL };

enum section_kind section_word_kind(const char *word, bool person)
{
        static const char *const talk[] = { "kontakt", "contact", NULL };
        static const struct {
                const char *const *stems;
                enum section_kind kind;
        } kinds[] = { { office, SECTION_OFFICE }, { payer, SECTION_PAYER }, { guardian, SECTION_GUARDIAN },
                { contact, SECTION_CONTACT }, { reporter, SECTION_REPORTER }, { person_of, SECTION_PERSON },
                { institution, SECTION_INSTITUTION } };

        if (person && word_has_stem(word, talk))
                return SECTION_CONTACT;
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
                if (word_has_stem(word, kinds[i].stems))
                        return kinds[i].kind;
        return SECTION_NONE;
}

bool section_word_is_training(const char *word)
{
        static const char *const training[] = { "szkoleni", "warsztat", "konferenc", "kurs$", "kursu$",
                "seminari", "webinar", "projekt", "studi", "dla$", "zjazd", "spotkani", "forum$", "for$",
                "training$", "workshop", "conference", NULL };

        return word_has_stem(word, training);
}

bool section_word_is_proper(const char *word)
{
        static const char *const proper[] = { "urzad", "urzed", "szkol", "zaklad", "placowk", NULL };

        return word_has_stem(word, proper);
}

bool section_word_is_person(const char *word)
{
        static const char *const persons[] = { "osob$", "osoba$", "osoby$", "osobie$", "osobe$", "osoba",
                "person$", "pracownik", NULL };

        return word_has_stem(word, persons);
}

bool section_word_is_label(const char *word)
{
        static const char *const labels[] = { "imie$", "imiona$", "nazwisk", "nazwa$", "nazwe$", "adres$",
                "tel$", "telefon", "mail", "email", "nip$", "regon$", "pesel$", "numer", "data$", "podpis",
                "stanowisk", "liczba$", "ilosc$", "name$", "address$", "phone", "zgod", "wyrazam", "oswiadcz",
                NULL };

        return word_has_stem(word, labels);
}

bool section_word_is_title(const char *word)
{
        static const char *const titles[] = { "formularz", "karta$", "ankieta$", "zgloszenie$", "zgloszenia$",
                "kwestionariusz", "registration$", "application$", NULL };

        return word_has_stem(word, titles);
}

bool section_word_is_sending(const char *word)
{
        static const char *const sending[] = { "odeslac$", "odsylac$", "przeslac$", "przesylac$", "nadeslac$",
                "nadsylac$", "wyslac$", "wysylac$", "dostarczyc$", "dostarczac$", "skladac$", "zlozyc$",
                "przekazac$", "przyjmujemy$", "przyjmowane$", "kierowac$", "udziela$", "udzielaja$",
                "return$", "send$", "submit$", NULL };

        return word_has_stem(word, sending);
}

bool section_word_is_for_office(const char *word)
{
        static const char *const lead[] = { "wypelni", "czesc$", "adnotacj", "notatk", "miejsce$", "pole$",
                "pola$", "uzupelnia", "completed$", "office$", NULL };

        return word_has_stem(word, lead);
}

int section_word_ordinal(const char *word)
{
        static const char *const words[] = { "pierwsz", "drug", "trzeci", "czwart", "piat", "szost", "siodm",
                "osm", "dziewiat", "dziesiat" };
        static const char *const roman[] = { "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x" };
        int64_t number;

        if (str_to_int(word, 1, ORDINAL_MAX, &number) == 0)
                return (int)number;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                if (str_starts(word, words[i]) || strcmp(word, roman[i]) == 0)
                        return (int)i + 1;
        return 0;
}
