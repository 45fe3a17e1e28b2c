/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: form core base */
/* Labels and answers in running text. */
#include "form/form_read.h"
#include "form_fixture.h"

static void expect(const char *text, const char *want)
{
        fixture_expect("", NULL, text, want);
}

#define SENTENCE "Wyrażam zgodę na przetwarzanie moich danych osobowych"
#define JAN "name=Jan Kowalski; organisation=Urząd Gminy; phone=+48600100200;"

static void test_inline(void **state)
{
        (void)state;
        expect("Imię i nazwisko: Jan Kowalski\nNazwa organizacji: Urząd Gminy\nTelefon: 600 100 200\n",
            "form: " JAN);
        expect(
            "1. Imię i nazwisko uczestnika: Jan Kowalski\n2. Instytucja: Urząd Gminy\n3. Tel. 600 100 200\n",
            "form: " JAN);
        expect(
            "Imie i nazwisko - Jan Kowalski\nInstytucja - Urząd Gminy\ntelefon - 600100200\n", "form: " JAN);
        expect("Imię i nazwisko\tJan Kowalski\nInstytucja\tUrząd Gminy\nTelefon\t600100200\n", "form: " JAN);
        expect("Imię i nazwisko ........Jan Kowalski........\nInstytucja: ____Urząd "
               "Gminy____\nTel.....600100200...\n",
            "form: " JAN);
        expect("Imię i nazwisko (do zaświadczenia):\nJan Kowalski\nOrganizacja/urząd:\nUrząd "
               "Gminy\nTelefon:\n600100200\n",
            "form: " JAN);
        expect(
            "Imię i nazwisko\nJan Kowalski\n\nInstytucja\nUrząd Gminy\n\nTelefon\n600100200\n", "form: " JAN);
        expect("Imię: Jan\nNazwisko: Kowalski\nInstytucja: Urząd Gminy\nTelefon: 600100200\n", "form: " JAN);
        expect("Nazwisko i imię: Kowalski Jan\nInstytucja: Urząd Gminy\nTelefon: 600100200\n",
            "form: name=Kowalski Jan; organisation=Urząd Gminy; phone=+48600100200;");
}

static void test_pairs_in_a_line(void **state)
{
        (void)state;
        expect("Imię i nazwisko: Jan Kowalski, Instytucja: Urząd Gminy\nTelefon: 600 100 200 E-mail: "
               "jan@gmina.example\n",
            "form: " JAN " email=jan@gmina.example;");
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nTelefon, e-mail: 600100200, "
               "jan@gmina.example\n",
            "form: " JAN " email=jan@gmina.example;");
        expect("Imię i nazwisko: Jan Kowalski     Instytucja: Urząd Gminy\nTel. 600100200....... e-mail: "
               "....jan@gmina.example....\n",
            "form: " JAN " email=jan@gmina.example;");
}

static void test_broken_lines(void **state)
{
        (void)state;
        expect("Imię i nazwisko uczestnika szkolenia: ..................................Grzegorz\n"
               "Brzęczyszczykiewicz..................................\n"
               "Nazwa organizacji: Starostwo Powiatowe w Międzyrzeczu, Wydział Oświaty i\nZdrowia...\n"
               "Adres e-mail: "
               "..................................g.brzeczyszczykiewicz@laka-\nzrodlo.example....\n"
               "Uwagi: Proszę o miejsce\nprzy oknie.\n\nDo zobaczenia\n",
            "form: name=Grzegorz Brzęczyszczykiewicz; organisation=Starostwo Powiatowe w Międzyrzeczu, "
            "Wydział Oświaty "
            "i Zdrowia; email=g.brzeczyszczykiewicz@laka-zrodlo.example; remarks=Proszę o miejsce\nprzy "
            "oknie.;");
}

static void test_without_signs(void **state)
{
        (void)state;
        expect("Imię i nazwisko Jan Kowalski\nNazwa organizacji Urząd Gminy\nTelefon 600100200\n",
            "form: name?=Jan Kowalski; organisation?=Urząd Gminy; phone=+48600100200;");
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd\n            Gminy\nTelefon: 600 100 200\n",
            "form: " JAN);
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nTelefon: 600 100 200\n"
               "Stanowisko/funkcja: prezes\n",
            "form: name=Jan Kowalski; organisation=Urząd Gminy; position=prezes; phone=+48600100200;");
}

static void test_two_in_one_name(void **state)
{
        (void)state;
        expect("Imię i nazwisko: Jan i Ewa Lis\nInstytucja: Urząd\nTelefon: 600 100 200\n",
            "form: name?=Jan i Ewa Lis; organisation=Urząd; phone=+48600100200;");
}

static void test_misspelt(void **state)
{
        (void)state;
        expect("Imie i nazwsiko: Jan Kowalski\nNazwa orgaizacji: Urząd Gminy\nTelefn: 600100200\n",
            "form: " JAN);
        expect("IMIĘ I NAZWISKO : Jan Kowalski\nNAZWA ORGANIZACJI : Urząd Gminy\nTELEFON : 600100200\n",
            "form: " JAN);
}

static void test_ends(void **state)
{
        (void)state;
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nTelefon: 600100200\nStanowisko: "
               "wójt\nPozdrawiam\n"
               "Jan Kowalski\ntel. 700 200 300\n",
            "form: name=Jan Kowalski; organisation=Urząd Gminy; position=wójt; phone=+48600100200;");
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nTelefon: 600100200\nNIP: "
               "8121002030\nUwagi:\n\n"
               "* niepotrzebne skreślić\n",
            "form: " JAN);
        expect("Imię i nazwisko: Jan Kowalski\nPESEL:\nInstytucja:\nNIP: 812\nTelefon: "
               "600100200\nStanowisko: -\n",
            "none: name=Jan Kowalski; phone=+48600100200;");
}

static void test_labels_inside_answers(void **state)
{
        (void)state;
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nTelefon: 600100200\n"
               "Uwagi: Telefon: proszę dzwonić po godz. 15.\n",
            "form: " JAN " remarks=Telefon: proszę dzwonić po godz. 15.;");
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nTelefon: 600100200\n"
               "Uwagi:\nTelefon: proszę dzwonić po godz. 15.\n",
            "form: " JAN " remarks=Telefon: proszę dzwonić po godz. 15.;");
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nTelefon: 600100200\n"
               "Formularz proszę odesłać na adres e-mail: biuro@gmina.example\n",
            "form: " JAN);
}

static void test_prose(void **state)
{
        (void)state;
        expect("Dzień dobry,\nImię i nazwisko uczestnika proszę podać do piątku, telefon też.\nPozdrawiam\n",
            "none:");
        expect("Cześć, daj mi znać, jaki jest telefon do Jana i jego e-mail.\nOrganizacja szkolenia idzie "
               "dobrze.\n",
            "none:");
        expect("Telefon mam nowy: 600 100 200.\nUwagi do umowy wyślę jutro.\n",
            "none: phone=+48600100200; remarks?=do umowy wyślę jutro.;");
        expect("", "none:");
}

static void test_completion(void **state)
{
        (void)state;
        expect("Nazwa organizacji: Fundacja Most\n" SENTENCE ": tak\n",
            "none: organisation=Fundacja Most; consent=yes;");
        expect("Dzień dobry,\n" SENTENCE ".\nJan\n", "none: consent=yes;");
        expect("Zgadzam się na przetwarzanie moich danych osobowych.\n", "none: consent=yes;");
        expect("Nie zgadzam się na przetwarzanie moich danych osobowych.\n", "none: consent=no;");
        expect("Zgadzam się z Panią.\n", "none:");
}

static void test_contradictions(void **state)
{
        (void)state;
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nTelefon: 600100200\nInstytucja: "
               "Fundacja Most\n",
            "form: name=Jan Kowalski; organisation?=Urząd Gminy; phone=+48600100200;");
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nTelefon: 600100200\nTelefon: "
               "600-100-200\n",
            "form: " JAN);
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nTelefon: wewnętrzny\nE-mail: "
               "jan(malpa)\n",
            "none: name=Jan Kowalski; organisation=Urząd Gminy;");
        expect("Imię i nazwisko: Kowalski\nInstytucja: Urząd Gminy\nTelefon: 600100200\n",
            "form: name?=Kowalski; organisation=Urząd Gminy; phone=+48600100200;");
}

static void test_people(void **state)
{
        (void)state;
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nTelefon: 600100200\n\n"
               "Imię i nazwisko: Anna Nowak\nInstytucja: Urząd Gminy\nTelefon: 600100201\n",
            "form: " JAN " // name=Anna Nowak; organisation=Urząd Gminy; phone=+48600100201;");
        expect("Instytucja: Urząd Gminy\nImię i nazwisko: Jan Kowalski\nTelefon: 600100200\n\n"
               "Instytucja: Fundacja Most\nImię i nazwisko: Anna Nowak\nTelefon: 600100201\n",
            "form: " JAN " // name=Anna Nowak; organisation=Fundacja Most; phone=+48600100201;");
        expect("Instytucja: Urząd Gminy\n\n1. Imię i nazwisko: Jan Kowalski\nTelefon: 600100200\n\n"
               "2. Imię i nazwisko: Anna Nowak\nTelefon: 600100201\n\n" SENTENCE ": tak\n",
            "form: " JAN
            " consent?=yes; // name=Anna Nowak; organisation=Urząd Gminy; phone=+48600100201; consent?=yes;");
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nTelefon: 600100200\nImię i nazwisko "
               "opiekuna: Anna "
               "Nowak\n",
            "form: " JAN);
        expect(
            "Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nTelefon: 600100200\n\nDane do faktury:\n"
            "Nazwa organizacji: Powiat\nTelefon: 700100200\n",
            "form: " JAN);
}

static void test_blank_subtracted(void **state)
{
        static const char blank[] =
            "Imię i nazwisko:\nInstytucja: Urząd Gminy\nTelefon: ..........\nSektor: ☒ NGO ☐ JST\n"
            "Uwagi: proszę pisać drukowanymi literami\n☐ " SENTENCE "\n";

        (void)state;
        fixture_expect("f.docx", blank, blank, "blank:");
        fixture_expect(
            "f.docx", NULL, "Imię i nazwisko:\nInstytucja:\nTelefon:\nSektor: ☐ NGO ☐ JST\n", "blank:");
        fixture_expect("f.docx", blank,
            "Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Miasta\nTelefon: 600100200\nSektor: ☐ NGO ☒ "
            "JST\n"
            "Uwagi: proszę pisać drukowanymi literami\n☒ " SENTENCE "\n",
            "form: name=Jan Kowalski; organisation=Urząd Miasta; sector=JST; phone=+48600100200; "
            "consent=yes;");
}

/* A field that is text to us may be options on paper. */
static void test_options_of_a_text(void **state)
{
        static const char start[] =
            "Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nTelefon: 600100200\n";
        static const struct {
                const char *remarks, *wanted;
        } cases[] = { { "☐ mięsna ☒ wegetariańska ☐ inna", " remarks=wegetariańska;" },
                { "mięsna ☐ wegetariańska ☒ inna ☐", " remarks=wegetariańska;" },
                { "☒ mięsna ☐ wegetariańska ☒ inna: bez laktozy", " remarks=mięsna\ninna: bez laktozy;" },
                { "☐ mięsna ☐ wegetariańska ☐ inna", "" }, { "☒ bez laktozy", " remarks=bez laktozy;" } };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                CLEANUP_FREE char *text = xasprintf("%sUwagi: %s\n", start, cases[i].remarks);
                CLEANUP_FREE char *wanted =
                    xasprintf("form: name=Jan Kowalski; organisation=Urząd Gminy; phone=+48600100200;%s",
                        cases[i].wanted);

                fixture_expect("f.docx", NULL, text, wanted);
        }
        fixture_expect(
            "f.docx", NULL, "Imię i nazwisko:\nInstytucja:\nTelefon:\nUwagi: ☐ mięsna ☐ inna\n", "blank:");
}

static void test_where(void **state)
{
        struct form form = fixture_form();
        struct document doc = fixture_document(
            "zgloszenie.docx", "Formularz\nTelefon: 600100200\n|Nr|Pole\n|Instytucja|Most\n");
        struct reading reading;

        (void)state;
        form_read(&form, NULL, &doc, &reading);
        assert_int_equal(reading.people_count, 1);
        assert_string_equal(reading.people[0].values[4].where, "zgloszenie.docx, line 2");
        assert_string_equal(reading.people[0].values[1].where, "zgloszenie.docx, table 1, row 2");
        reading_free(&reading);
        document_free(&doc);
        form_free(&form);
}

/* What may be more, or less, than was written is shown to a person. */
static void test_unclear_values(void **state)
{
        (void)state;
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd\nE-mail: jan kowalski@gmina.pl\n",
            "form: name=Jan Kowalski; organisation=Urząd; email?=kowalski@gmina.pl;");
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd\nE-mail: jan@gmina..pl\nTelefon: "
               "501222333502333444\n",
            "form: name=Jan Kowalski; organisation=Urząd; phone?=+48501222333; email?=jan@gmina.pl;");
        expect("Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd\nE-mail: jan(at)gmina.pl lub anna@gmina.pl\n"
               "Telefon: 74 665 11 11 lub 601 234 567\nNocleg: jeszcze nie wiem\n",
            "form: name=Jan Kowalski; organisation=Urząd; phone=+48746651111; email=jan@gmina.pl;");
}

/* What was seen in boxes of a picture: "-" empty, "x" ticked, and both with "?" when that is a guess. */
static void check_seen(const char *line, const char *expected)
{
        struct document doc = fixture_document("d", "Imię i nazwisko: Jan Kowalski\nTelefon: 600 100 200\n");
        struct form form = fixture_form();
        struct reading reading;
        const char *night = NULL;

        document_open(&doc, DOCUMENT_PARAGRAPH, -1, -1, -1);
        while (*line != '\0') {
                size_t size = strcspn(line, "[");

                document_add(&doc, line, size, RUN_RECOGNISED, NULL);
                line += size;
                if (*line != '[')
                        continue;
                document_add(&doc, "", 0,
                    RUN_RECOGNISED | RUN_BOX | (line[1] == 'x' ? RUN_CHECKED : 0U) |
                        (line[2] == '?' ? RUN_DOUBTFUL : 0U),
                    NULL);
                line = strchr(line, ']') + 1;
        }
        form_read(&form, NULL, &doc, &reading);
        for (size_t i = 0; i < reading.field_count; i++)
                if (strcmp(form.fields[i].key, "night") == 0)
                        night = reading.people[0].values[i].value;
        if (expected == NULL)
                assert_null(night);
        else
                assert_string_equal(night, expected);
        reading_free(&reading);
        form_free(&form);
        document_free(&doc);
}

static void test_boxes_seen_in_a_picture(void **state)
{
        (void)state;
        check_seen("Nocleg: [x] TAK [-] NIE", "yes");
        check_seen("Nocleg: [x?] TAK [-] NIE", "yes");
        check_seen("Nocleg: [x?] TAK [x] NIE", "no"); /* the other one is dirt */
        check_seen("Nocleg: [x] TAK [-?] NIE", "yes");
        check_seen("Nocleg: [-?] TAK [-?] NIE", NULL);
        check_seen("Nocleg: [x?]", "yes");
        check_seen("Nocleg: [-?]", NULL); /* its cross may be lost */
}

/* Whatever speaks for a value: what was seen in a picture is for a person. */
static void test_recognised(void **state)
{
        struct document blank =
            fixture_document("b", "Imię i nazwisko: ......\nTelefon: ......\nNocleg: TAK / NIE\n");
        struct document doc =
            fixture_document("d", "Imię i nazwisko: Jan Kowalski\nTelefon: 600 100 200\nNocleg: TAK\n");
        struct form form = fixture_form();
        struct reading reading;

        (void)state;
        form_read(&form, &blank, &doc, &reading);
        assert_true(reading.people[0].values[0].confidence >= 0.8);
        reading_free(&reading);
        doc.runs[doc.run_count - 1].marks |= RUN_RECOGNISED;
        form_read(&form, &blank, &doc, &reading);
        assert_string_equal(reading.people[0].values[0].value, "Jan Kowalski");
        assert_string_equal(reading.people[0].values[0].why, "it was recognised in a picture: compare it");
        for (size_t i = 0; i < reading.field_count; i++)
                assert_true(reading.people[0].values[i].confidence < 0.8);
        reading_free(&reading);
        form_free(&form);
        document_free(&blank);
        document_free(&doc);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_inline),
                cmocka_unit_test(test_pairs_in_a_line),
                cmocka_unit_test(test_broken_lines),
                cmocka_unit_test(test_without_signs),
                cmocka_unit_test(test_two_in_one_name),
                cmocka_unit_test(test_misspelt),
                cmocka_unit_test(test_ends),
                cmocka_unit_test(test_labels_inside_answers),
                cmocka_unit_test(test_prose),
                cmocka_unit_test(test_completion),
                cmocka_unit_test(test_contradictions),
                cmocka_unit_test(test_people),
                cmocka_unit_test(test_blank_subtracted),
                cmocka_unit_test(test_options_of_a_text),
                cmocka_unit_test(test_where),
                cmocka_unit_test(test_unclear_values),
                cmocka_unit_test(test_recognised),
                cmocka_unit_test(test_boxes_seen_in_a_picture),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
