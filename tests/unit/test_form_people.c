/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: form core base */
/* Several people in one form: rows, lists, names in one answer. */
#include "form/form_read.h"
#include "form_fixture.h"

#define ORG "organisation=Gmina Lubin;"

static void expect(const char *text, const char *want)
{
        fixture_expect("f.docx", NULL, text, want);
}

static void test_rows(void **state)
{
        (void)state;
        expect("|Lp.|Imię i nazwisko|Stanowisko\n|1|Jan Kowalski|\n|2|Anna Nowak|\n|3||\nInstytucja: Gmina "
               "Lubin\n"
               "Telefon: 600100200\n",
            "form: name=Jan Kowalski; " ORG " phone=+48600100200; // name=Anna Nowak; " ORG
            " phone=+48600100200;");
        expect("|L.p.|Nazwisko|Imię|E-mail\n|1.|KOWALSKI|Jan|jan@lubin.pl\n|2.|Nowak|Anna|\nInstytucja: "
               "Gmina Lubin\n",
            "form: name=Jan KOWALSKI; " ORG " email=jan@lubin.pl; // name=Anna Nowak; " ORG);
        expect("|Lp.|Uczestnik||Kontakt|\n||Imię i nazwisko|Stanowisko|Telefon|E-mail\n"
               "|1|Jan Kowalski|wójt|600100200|jan@lubin.pl\nInstytucja: Gmina Lubin\n",
            "form: name=Jan Kowalski; " ORG " position=wójt; phone=+48600100200; email=jan@lubin.pl;");
}

static void test_columns(void **state)
{
        (void)state;
        expect("| |Uczestnik 1|Uczestnik 2|Uczestnik 3\n|Imię i nazwisko|Jan Kowalski|Anna Nowak|\n"
               "|Stanowisko|wójt|sekretarz|\n|Telefon|600100200||\n\nInstytucja: Gmina Lubin\n",
            "form: name=Jan Kowalski; " ORG " position=wójt; phone=+48600100200; // name=Anna Nowak; " ORG
            " position=sekretarz;");
}

static void test_lists(void **state)
{
        (void)state;
        expect("Instytucja: Gmina Lubin\nZgłaszam na szkolenie następujące osoby:\n"
               "1. Jan Kowalski, inspektor, tel. 600 100 200, jan@lubin.pl\n"
               "2. Anna Nowak-Lis – sekretarz – 600 100 201\n3. ..........\n",
            "form: name=Jan Kowalski; " ORG
            " position?=inspektor; phone=+48600100200; email=jan@lubin.pl; // "
            "name=Anna Nowak-Lis; " ORG " position?=sekretarz; phone=+48600100201;");
        expect("Dzień dobry,\nzgłaszam dwie osoby:\nJan Kowalski, tel. 600 100 200, e-mail: jan@lubin.pl\n"
               "Anna Nowak, tel. 600 100 201, e-mail: anna@lubin.pl\nInstytucja: Gmina Lubin\n",
            "form: name=Jan Kowalski; " ORG
            " phone=+48600100200; email=jan@lubin.pl; // name=Anna Nowak; " ORG
            " phone=+48600100201; email=anna@lubin.pl;");
        expect("Imię i nazwisko uczestników:\n1) Jan Kowalski\n2) Anna Nowak\nInstytucja: Gmina Lubin\n"
               "Telefon: 600100200\n",
            "form: name=Jan Kowalski; " ORG " phone=+48600100200; // name=Anna Nowak; " ORG
            " phone=+48600100200;");
        expect(
            "Imię i nazwisko: Jan Kowalski\nInstytucja: Gmina Lubin\nStanowisko: wójt\nOsoby towarzyszące:\n"
            "1. Ewa Kowalska\n",
            "form: name=Jan Kowalski; " ORG " position=wójt;");
}

static void test_names_in_one_answer(void **state)
{
        (void)state;
        expect("Imię i nazwisko uczestników: Jan Kowalski, Anna Nowak oraz Ewa Lis\nInstytucja: Gmina "
               "Lubin\nStanowisko: radca\n",
            "form: name=Jan Kowalski; " ORG " position=radca; // name=Anna Nowak; " ORG
            " position=radca; // name=Ewa Lis; " ORG " position=radca;");
        expect("|Instytucja|Gmina Lubin\n|Imię i nazwisko|1. Jan Kowalski\\2. Anna "
               "Nowak\\3.\n|Telefon|600100200\n",
            "form: name=Jan Kowalski; " ORG " phone=+48600100200; // name=Anna Nowak; " ORG
            " phone=+48600100200;");
        expect("|Instytucja|Gmina Lubin\n|Imię i nazwisko|Jan Kowalski, wójt\n|Telefon|600100200\n",
            "form: name?=Jan Kowalski, wójt; " ORG " phone=+48600100200;");
        expect("|Instytucja|Gmina Lubin\n|Imię i nazwisko|Jan i Ewa Lis\n|Telefon|600100200\n",
            "form: name?=Jan i Ewa Lis; " ORG " phone=+48600100200;");
}

static void test_participant_inline(void **state)
{
        (void)state;
        expect("Uczestnik: Jan Kowalski\nInstytucja: Gmina Lubin\nTelefon: 600100200\n",
            "form: name=Jan Kowalski; " ORG " phone=+48600100200;");
        expect("Uczestnicy: Jan Kowalski, Anna Nowak\nInstytucja: Gmina Lubin\nTelefon: 600100200\n",
            "form: name=Jan Kowalski; " ORG " phone=+48600100200; // name=Anna Nowak; " ORG
            " phone=+48600100200;");
        expect("|Instytucja|Gmina Lubin\n|Zgłaszani uczestnicy (dane)|1. Jan Kowalski, 600 100 200\\2. Anna "
               "Nowak, "
               "600 100 201\n",
            "form: name=Jan Kowalski; " ORG " phone=+48600100200; // name=Anna Nowak; " ORG
            " phone=+48600100201;");
        expect("`DANE DO FAKTURY:`\nInstytucja: Gmina Wielka\n`ZGŁASZAM NASTĘPUJĄCE OSOBY:`\n"
               "|Imię i nazwisko|Telefon|E-mail\n|Jan Kowalski|600100200|jan@lubin.pl\n|Anna Nowak||\n",
            "form: name=Jan Kowalski; organisation?=Gmina Wielka; phone=+48600100200; email=jan@lubin.pl; // "
            "name=Anna Nowak; organisation?=Gmina Wielka;");
}

static void test_organisation_behind(void **state)
{
        (void)state;
        expect("1. Uczestnik\nImię i nazwisko: Jan Kowalski\nE-mail: jan@lubin.pl\n2. Uczestnik\n"
               "Imię i nazwisko: Anna Nowak\nE-mail: anna@lubin.pl\nInstytucja: Gmina Lubin\n",
            "form: name=Jan Kowalski; " ORG " email=jan@lubin.pl; // name=Anna Nowak; " ORG
            " email=anna@lubin.pl;");
}

static void test_too_many(void **state)
{
        (void)state;
        struct form form = fixture_form();
        struct buf text = BUF_INIT(LIMIT_DOC_TEXT);
        struct document doc;
        struct reading reading;

        buf_puts(&text, "|Imię i nazwisko|Instytucja|Telefon\n");
        for (int i = 0; i <= LIMIT_PEOPLE; i++)
                buf_printf(&text, "|Jan K%c|Gmina|6001002%02d\n", 'a' + i, i);
        doc = fixture_document("f.docx", buf_text(&text));
        form_read(&form, NULL, &doc, &reading);
        assert_int_equal(reading.people_count, LIMIT_PEOPLE);
        assert_true(str_list_has(&reading.problems, READING_MORE_PEOPLE));
        reading_free(&reading);
        document_free(&doc);
        buf_free(&text);
        form_free(&form);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_rows),
                cmocka_unit_test(test_columns),
                cmocka_unit_test(test_lists),
                cmocka_unit_test(test_names_in_one_answer),
                cmocka_unit_test(test_participant_inline),
                cmocka_unit_test(test_organisation_behind),
                cmocka_unit_test(test_too_many),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
