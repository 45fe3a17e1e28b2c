/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: form core base */
/* What the reader says to a person who tries a form: where labels are, and why a field is absent or unsure. */
#include "form/form_read.h"
#include "form_fixture.h"

static struct form form;

static int setup(void **state)
{
        (void)state;
        form = fixture_form();
        return 0;
}

static int teardown(void **state)
{
        (void)state;
        form_free(&form);
        return 0;
}

static struct reading read_both(const char *blank_text, const char *text)
{
        struct document doc = fixture_document("f.docx", text);
        struct document blank = fixture_document("b.docx", blank_text != NULL ? blank_text : "");
        struct reading reading;

        form_read(&form, blank_text != NULL ? &blank : NULL, &doc, &reading);
        document_free(&doc);
        document_free(&blank);
        return reading;
}

/* What is said of the first person's field. */
static void expect(const char *blank, const char *text, const char *key, const char *want)
{
        struct reading reading = read_both(blank, text);
        const char *why = NULL;

        assert_true(reading.people_count > 0);
        for (size_t i = 0; i < form.count; i++)
                if (strcmp(form.fields[i].key, key) == 0)
                        why = reading.people[0].values[i].why;
        if (want == NULL ? why != NULL : why == NULL || strcmp(why, want) != 0)
                fail_msg("%s: %s, not %s", key, why, want);
        reading_free(&reading);
}

#define FORM "|Imię i nazwisko|Jan Kowalski\n|Instytucja|Urząd Gminy\n"

static void test_absent(void **state)
{
        (void)state;
        expect(NULL, FORM "|Telefon|\n", "name", NULL);
        expect(NULL, FORM "|Telefon|\n", "position", "no label like it was found");
        expect(NULL, FORM "|Telefon|\n", "phone",
            "its label stands at f.docx, table 1, row 3, with nothing behind it");
        expect(NULL, "Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nTelefon: ........\nUwagi: -\n",
            "phone", "its label stands at f.docx, line 3, with nothing behind it");
        expect(NULL, FORM "|Telefon|w recepcji\n", "phone",
            "cannot be understood as a telephone number: w recepcji (f.docx, table 1, row 3)");
        expect(NULL, FORM "|Uwagi|Kliknij lub naciśnij tutaj, aby wprowadzić tekst.\n", "remarks",
            "nothing but a word processor's placeholder stands at f.docx, table 1, row 3");
}

static void test_same_as_blank(void **state)
{
        (void)state;
        expect("|Imię i nazwisko|\n|Instytucja|\n|Stanowisko|woj. dolnośląskie\n",
            FORM "|Stanowisko|woj. dolnośląskie\n", "position",
            "the answer at f.docx, table 1, row 3 is the same as in the blank form");
}

static void test_options(void **state)
{
        (void)state;
        expect(NULL, FORM "|Nocleg|TAK / NIE\n", "night", "both options are left at f.docx, table 1, row 3");
        expect(NULL, FORM "|Nocleg|☐ TAK ☐ NIE\n", "night", "no box is ticked at f.docx, table 1, row 3");
        expect(NULL, FORM "|Nocleg|TAK / ~NIE~\n", "night", NULL);
        expect(NULL, FORM "|Sektor|NGO JST\n", "sector", "no option is marked at f.docx, table 1, row 3");
        expect(NULL, FORM "Wyrażam zgodę na przetwarzanie moich danych osobowych TAK / NIE\n", "consent",
            "the sentence stands at f.docx, line 5, and neither yes nor no");
}

static void test_two_answers(void **state)
{
        (void)state;
        expect(NULL, FORM "|Telefon|600100200\n|Telefon|600100201\n", "phone",
            "two different answers: +48600100200 (f.docx, table 1, row 3), +48600100201 (f.docx, table 1, "
            "row 4)");
}

static void test_long_answers_are_cut(void **state)
{
        struct reading reading = read_both(NULL, FORM "|Telefon|proszę dzwonić do sekretariatu urzędu, który "
                                                      "jest czynny codziennie od ósmej do piętnastej\n");

        (void)state;
        assert_non_null(strstr(reading.people[0].values[4].why, "…"));
        assert_true(strlen(reading.people[0].values[4].why) < 200);
        reading_free(&reading);
}

static void test_labels_of_a_blank(void **state)
{
        struct reading reading = read_both(NULL, "Imię i nazwisko: ....\n|Instytucja|\n|Telefon|\n");

        (void)state;
        assert_true(reading.blank);
        assert_string_equal(reading.labels[0], "f.docx, line 1");
        assert_string_equal(reading.labels[1], "f.docx, table 1, row 1");
        assert_string_equal(reading.labels[4], "f.docx, table 1, row 2");
        assert_null(reading.labels[5]);
        reading_free(&reading);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_absent),
                cmocka_unit_test(test_same_as_blank),
                cmocka_unit_test(test_options),
                cmocka_unit_test(test_two_answers),
                cmocka_unit_test(test_long_answers_are_cut),
                cmocka_unit_test(test_labels_of_a_blank),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
