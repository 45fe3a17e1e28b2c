/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: form core base */
/* Labels and answers in tables, and choices in all the ways people mark them. */
#include "form_fixture.h"

#define SENTENCE "Wyrażam zgodę na przetwarzanie moich danych osobowych przez Fundację (RODO)."
#define JAN "name=Jan Kowalski; organisation=Urząd Gminy;"
#define START "Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\n"

static void expect(const char *text, const char *want)
{
        fixture_expect("f.docx", NULL, text, want);
}

static void test_shapes(void **state)
{
        (void)state;
        expect("|Imię i nazwisko:|Jan Kowalski\n|Instytucja|Urząd Gminy\n|Telefon|600100200\n",
            "form: " JAN " phone=+48600100200;");
        expect("|1.|Imię i nazwisko|Jan Kowalski\n|2.|Instytucja|Urząd Gminy\n|3.|Telefon|600100200\n",
            "form: " JAN " phone=+48600100200;");
        expect("|Imię i nazwisko|Jan Kowalski|Telefon|600100200\n|Instytucja|Urząd Gminy|E-mail|\n",
            "form: " JAN " phone=+48600100200;");
        expect(
            "|Imię i nazwisko|\\Jan\\Kowalski\n|Instytucja\\(pełna nazwa)|Urząd Gminy\n|Telefon|600100200\n",
            "form: " JAN " phone=+48600100200;");
        expect("|Imię i nazwisko\\Jan Kowalski|Nazwa organizacji\\Urząd Gminy\n|Telefon: 600100200|E-mail:\n",
            "form: " JAN " phone=+48600100200;");
        expect("|Imię i nazwisko\n|Jan Kowalski\n|Instytucja\n|Urząd Gminy\n|Telefon\n|600100200\n",
            "form: " JAN " phone=+48600100200;");
        expect("|Jan Kowalski|Urząd Gminy|600100200\n|(imię i nazwisko)|(instytucja)|(telefon)\n",
            "form: " JAN " phone=+48600100200;");
        expect("|Imię i nazwisko: Jan Kowalski\\Instytucja: Urząd Gminy\\Telefon: 600100200\n",
            "form: " JAN " phone=+48600100200;");
        expect("....Jan Kowalski....\n(imię i nazwisko)\n....Urząd Gminy....\n(instytucja)\nTelefon: "
               "600100200\n",
            "form: " JAN " phone=+48600100200;");
}

static void test_one_character_a_cell(void **state)
{
        (void)state;
        expect("|Imię i nazwisko|J|A|N||L|I|S|-|Ł|Ę|C|K|I|\n|Instytucja|Urząd "
               "Gminy\n|Telefon|6|0|0|1|0|0|2|0|0\n",
            "form: name=JAN LIS-ŁĘCKI; organisation=Urząd Gminy; phone=+48600100200;");
        expect("|Imię i nazwisko|Jan Kowalski|A|B\n|Instytucja|Urząd Gminy\n|Telefon|600100200\n",
            "form: " JAN " phone=+48600100200;");
}

static void test_labels_under_answers(void **state)
{
        (void)state;
        expect("|Jan Kowalski|Urząd Gminy\n|(imię i nazwisko)|(instytucja)\n|wójt|600100200\n"
               "|(stanowisko)|(telefon)\n",
            "form: " JAN " position=wójt; phone=+48600100200;");
        expect("|Imię i nazwisko|Instytucja\n|* niepotrzebne skreślić|\n|Telefon|600100200\n",
            "none: phone=+48600100200;");
}

static void test_answers_that_look_like_labels(void **state)
{
        (void)state;
        expect("|1.|Imię i nazwisko|Jan Kowalski\n|2.|Instytucja|Urząd Gminy\n|3.|Uwagi|Nocleg proszę z "
               "wieczora\n"
               "|4.|" SENTENCE "|☒ TAK ☐ NIE\n",
            "form: " JAN " remarks=Nocleg proszę z wieczora; consent=yes;");
}

static void test_person_a_row(void **state)
{
        (void)state;
        expect("Instytucja: Urząd Gminy\n|Lp.|Imię i nazwisko|Stanowisko|Telefon\n|1.|Jan "
               "Kowalski|wójt|600100200\n"
               "|2.|Anna Nowak||600100201\n|3.|||\n" SENTENCE " ☒ TAK ☐ NIE\n",
            "form: " JAN
            " position=wójt; phone=+48600100200; consent?=yes; // name=Anna Nowak; organisation=Urząd Gminy; "
            "phone=+48600100201; consent?=yes;");
        expect("|Imię i nazwisko|Instytucja|Telefon\n|Jan Kowalski|Urząd Gminy|600100200\n\n"
               "|Imię i nazwisko|Instytucja|Telefon\n|Anna Nowak|Fundacja Most|600100201\n",
            "form: " JAN
            " phone=+48600100200; // name=Anna Nowak; organisation=Fundacja Most; phone=+48600100201;");
        expect("|Imię i nazwisko|Instytucja|Telefon\n|Jan Kowalski|Urząd Gminy|600100200\n",
            "form: " JAN " phone=+48600100200;");
}

static void test_remark_in_a_cell(void **state)
{
        (void)state;
        expect("|Imię i nazwisko|Jan Kowalski\n|Instytucja|Urząd Gminy\n|Telefon|600100200\n"
               "|Uwagi|Telefon: proszę dzwonić po 15\n",
            "form: " JAN " phone=+48600100200; remarks=Telefon: proszę dzwonić po 15;");
}

static void sector(const char *answer, const char *want)
{
        CLEANUP_FREE char *text = xasprintf(START "Sektor: %s\n", answer);
        CLEANUP_FREE char *told = xasprintf("%s " JAN "%s%s",
            *want != '\0' && *want != '?' ? "form:"
            : *want != '\0'               ? "form:"
                                          : "none:",
            *want == '\0'  ? ""
            : *want == '?' ? " sector?="
                           : " sector=",
            *want == '?' ? want + 1 : want);
        CLEANUP_FREE char *line = *want == '\0' ? xstrdup(told) : xasprintf("%s;", told);

        fixture_expect("f.docx", NULL, text, line);
}

static void test_choices(void **state)
{
        (void)state;
        sector("☒ NGO ☐ JST", "NGO");
        sector("☐ NGO ☑ JST", "JST");
        sector("NGO ☐ JST ☒", "JST");
        sector("[ ] NGO [x] JST", "JST");
        sector("( ) NGO (x) JST", "JST");
        sector("☐ NGO x JST", "JST");
        sector("NGO x / JST", "NGO");
        sector("NGO / x JST", "JST");
        sector("~NGO~ / JST", "JST");
        sector("NGO / ^JST^", "JST");
        sector("`NGO` / JST", "NGO");
        sector("NGO / JST", "");
        sector("☐ NGO ☐ JST", "");
        sector("NGO / JST  NGO", "NGO");
        sector("NGO / JST (niepotrzebne skreślić) JST", "JST");
        sector("organizacja pozarzadowa (NGO)", "NGO");
        sector("samorządowy", "");
        sector("samorzad", "JST");
        sector("☒ NGO ☒ JST", "?NGO");
        sector("\nX organizacja pozarządowa\nsamorząd", "NGO");
        sector("\norganizacja pozarządowa\nX samorząd", "JST");
        sector("\n~organizacja pozarządowa~\nsamorząd", "JST");
}

static void consent(const char *text, const char *want)
{
        CLEANUP_FREE char *document = xasprintf(START "Telefon: 600100200\n%s\n", text);
        CLEANUP_FREE char *told = *want == '\0'
                                      ? xstrdup("form: " JAN " phone=+48600100200;")
                                      : xasprintf("form: " JAN " phone=+48600100200; consent%s;", want);

        fixture_expect("f.docx", NULL, document, told);
}

static void test_consents(void **state)
{
        (void)state;
        consent("☒ " SENTENCE, "=yes");
        consent("☐ " SENTENCE, "=no");
        consent("[x] " SENTENCE, "=yes");
        consent("x " SENTENCE, "=yes");
        consent(SENTENCE " TAK / ~NIE~*", "=yes");
        consent(SENTENCE " ~TAK~ / NIE*", "=no");
        consent(SENTENCE " TAK / NIE*", "");
        consent(SENTENCE "\nTAK / ~NIE~", "=yes");
        consent(SENTENCE "\n\n☒ TAK ☐ NIE", "=yes");
        consent("Wyrażam zgodę na przetwarzanie moich danych osobowych: tak", "=yes");
        consent("Wyrażam zgodę na przetwarzanie moich danych osobowych: NIE", "=no");
        consent("Wyrażam zgodę na przetwarzanie moich danych osobowych:", "");
        consent("Wyrażam zgodę na przetwarzanie moich danych\nosobowych w celu rekrutacji. TAK", "=yes");
        consent("Nie wyrażam zgody na przetwarzanie moich danych osobowych.", "=no");
        consent("Wyrażam / ~nie wyrażam~ zgodę na przetwarzanie moich danych osobowych", "=yes");
        consent("~Wyrażam~ / nie wyrażam zgody na przetwarzanie moich danych osobowych", "=no");
        consent("☐ " SENTENCE "\n☒ Nie wyrażam zgody na przetwarzanie moich danych osobowych.", "=no");
        consent("☒ " SENTENCE "\n☐ Nie wyrażam zgody na przetwarzanie moich danych osobowych.", "=yes");
        consent("Oświadczam, że wyrażam zgodę na przetwarzanie danych osobowych. ☒ tak ☐ nie", "=yes");
        consent("Zgoda na przetwarzanie danych osobowych: tak", "=yes");
        consent("Wyrażam zgodę na przetwarzanie mojego wizerunku: tak", "");
        consent("|" SENTENCE "|TAK / ~NIE~", "=yes");
        consent("|☒|" SENTENCE, "=yes");
        consent("|☐|" SENTENCE, "=no");
}

/* The sentence alone: typed by the applicant it means yes; printed by the blank form nobody can tell. */
static void test_bare_consent(void **state)
{
        static const char boxed[] = "Imię i nazwisko:\nInstytucja:\nTelefon:\n☐ " SENTENCE "\n";
        static const char bare[] = "Imię i nazwisko:\nInstytucja:\nTelefon:\n" SENTENCE "\n";
        static const char filled[] = START "Telefon: 600100200\n" SENTENCE "\n";

        (void)state;
        fixture_expect("", NULL, filled, "form: " JAN " phone=+48600100200; consent=yes;");
        fixture_expect("", boxed, filled, "form: " JAN " phone=+48600100200; consent=yes;");
        fixture_expect("", bare, filled, "form: " JAN " phone=+48600100200; consent?=yes;");
        fixture_expect("f.docx", boxed, filled, "form: " JAN " phone=+48600100200; consent?=yes;");
        fixture_expect("f.docx", bare, filled, "form: " JAN " phone=+48600100200; consent?=yes;");
        fixture_expect("f.docx", bare, bare, "blank:");
}

static void test_yesno(void **state)
{
        (void)state;
        expect(START "Nocleg: ☒ TAK ☐ NIE\n", "form: " JAN " night=yes;");
        expect(START "Nocleg z 14 na 15 maja: ~TAK~ / NIE*\n", "form: " JAN " night=no;");
        expect(START "Czy potrzebuje Pan/Pani noclegu?\nTAK\n", "form: " JAN " night=yes;");
        expect(START "Proszę o rezerwację noclegu: nie, dziękuję\n", "form: " JAN " night=no;");
        expect(START "Nocleg: tak, ale nie w piątek\n", "form: " JAN " night?=yes;");
        expect(START "Nocleg (TAK/NIE): nie\n", "form: " JAN " night=no;");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_shapes),
                cmocka_unit_test(test_one_character_a_cell),
                cmocka_unit_test(test_labels_under_answers),
                cmocka_unit_test(test_answers_that_look_like_labels),
                cmocka_unit_test(test_person_a_row),
                cmocka_unit_test(test_remark_in_a_cell),
                cmocka_unit_test(test_choices),
                cmocka_unit_test(test_consents),
                cmocka_unit_test(test_bare_consent),
                cmocka_unit_test(test_yesno),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
