/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: form core base */
/* The document beside its blank form: tokens laid side by side, and what two readers make of a field together. */
#include "core/sheet.h"
#include "form/align.h"
#include "form_fixture.h"

static const char blank[] = "ANKIETA ZGŁOSZENIOWA\nProsimy o uzupełnienie poniższych danych\n"
                            "Imię i nazwisko: ..........\nInstytucja: ..........\nStanowisko: ..........\n"
                            "Telefon: ..........\nUwagi:\n..........\n..........\n"
                            "Wypełnioną ankietę należy odesłać na adres szkolenia@example.org\n";

static void test_side_by_side(void **state)
{
        struct document left = fixture_document("b", "Imię i nazwisko: ......\nTelefon: ......\n");
        struct document right = fixture_document("d", "Imię i nazwisko: Jan Telefon\nTelefon: 600\n");
        struct sheet a, b;
        struct align align;

        (void)state;
        sheet_init(&a, &left);
        sheet_init(&b, &right);
        assert_true(align_init(&align, &a, &b));
        assert_true(align.coverage > 0.99);
        assert_int_equal(align.blank_of[0], 0);
        assert_int_equal(align.doc_of[3], 3);            /* the colon */
        assert_int_equal(align.blank_of[4], ALIGN_NONE); /* Jan */
        assert_int_equal(align.blank_of[5], ALIGN_NONE); /* "Telefon" as an answer, not the printed one */
        assert_int_equal(align.blank_of[6], 5);
        align_free(&align);
        sheet_free(&a);
        sheet_free(&b);
        document_free(&left);
        document_free(&right);
}

static void test_too_long(void **state)
{
        struct buf text = BUF_INIT(LIMIT_DOC_TEXT);
        struct document doc;
        struct sheet sheet;
        struct align align;

        (void)state;
        for (int i = 0; i < 5000; i++)
                buf_puts(&text, "a ");
        doc = fixture_document("d", buf_text(&text));
        sheet_init(&sheet, &doc);
        assert_false(align_init(&align, &sheet, &sheet));
        sheet_free(&sheet);
        document_free(&doc);
        buf_free(&text);
}

static void test_agreed(void **state)
{
        (void)state;
        fixture_expect("f.docx", blank,
            "ANKIETA ZGŁOSZENIOWA\nProsimy o uzupełnienie poniższych danych\n"
            "Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nStanowisko: ..........\n"
            "Telefon: 600100200....\nUwagi:\nwegetarianin\n..........\n"
            "Wypełnioną ankietę należy odesłać na adres szkolenia@example.org\n",
            "form: name=Jan Kowalski; organisation=Urząd Gminy; phone=+48600100200; remarks=wegetarianin;");
}

/* Its own lines may look like print to the labels; between the lines of the blank they are an answer. */
static void test_long_answer(void **state)
{
        (void)state;
        fixture_expect("f.docx", blank,
            "ANKIETA ZGŁOSZENIOWA\nProsimy o uzupełnienie poniższych danych\n"
            "Imię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nStanowisko:\nTelefon: 600100200\n"
            "Uwagi:\nbędę później\nprosimy o fakturę\n"
            "Wypełnioną ankietę należy odesłać na adres szkolenia@example.org\n",
            "form: name=Jan Kowalski; organisation=Urząd Gminy; phone=+48600100200; remarks=będę później\n"
            "prosimy o fakturę;");
}

/* Print that the labels would take for an answer. */
static void test_print_is_no_answer(void **state)
{
        static const char hints[] = "FORMULARZ\n|Imię i nazwisko|\n|Instytucja|pełna nazwa i adres\n"
                                    "|Telefon|\n|Stanowisko|zgodnie z umową\n";

        (void)state;
        fixture_expect("f.docx", hints,
            "FORMULARZ\n|Imię i nazwisko|Jan Kowalski\n|Instytucja|Urząd Gminy\\pełna nazwa i adres\n"
            "|Telefon|600100200\n|Stanowisko|zgodnie z umową\n",
            "form: name=Jan Kowalski; organisation=Urząd Gminy; phone=+48600100200;");
}

/* The cell of another row: the answer stands where the blank has nothing to write on. */
static void test_contradiction(void **state)
{
        static const char table[] =
            "FORMULARZ ZGŁOSZENIOWY\n|Imię i nazwisko|\n|Instytucja|\n|Telefon|\n|Uwagi|\n"
            "Sektor: NGO / JST\n";

        (void)state;
        fixture_expect("f.docx", table,
            "FORMULARZ ZGŁOSZENIOWY\n|Imię i nazwisko|Jan Kowalski\n|Instytucja|Urząd "
            "Gminy\n|Telefon|600100200\n"
            "|Uwagi|\nSektor: NGO / ~JST~\n",
            "form: name=Jan Kowalski; organisation=Urząd Gminy; sector=NGO; phone=+48600100200;");
}

/* One answer in a copy of the blank is a form, though an incomplete one. */
static void test_one_answer(void **state)
{
        static const char one[] = "ANKIETA ZGŁOSZENIOWA\nProsimy o uzupełnienie poniższych danych\n"
                                  "Imię i nazwisko: Jan Kowalski\nInstytucja: ..........\nStanowisko:\n"
                                  "Telefon: ..........\nUwagi:\n..........\n"
                                  "Wypełnioną ankietę należy odesłać na adres szkolenia@example.org\n";

        (void)state;
        fixture_expect("f.docx", blank, one, "form: name=Jan Kowalski;");
        fixture_expect("f.docx", NULL, one, "none: name=Jan Kowalski;");
        fixture_expect("f.docx", blank, blank, "blank:");
}

/* A form of another kind is read by its labels alone. */
static void test_another_form(void **state)
{
        (void)state;
        fixture_expect("f.docx", blank,
            "Zgłaszam się.\nImię i nazwisko: Jan Kowalski\nInstytucja: Urząd Gminy\nTelefon: 600100200\n",
            "form: name=Jan Kowalski; organisation=Urząd Gminy; phone=+48600100200;");
}

/* Another version of the blank has the same words but for some labels: those of the document are no answers. */
static void test_another_version(void **state)
{
        static const char old[] = "ANKIETA ZGŁOSZENIOWA\nProsimy o uzupełnienie poniższych danych\n"
                                  "Imię i nazwisko uczestnika: ..........\nTelefon kontaktowy: ..........\n"
                                  "Uwagi i oczekiwania: ..........\n"
                                  "Wypełnioną ankietę należy odesłać na adres szkolenia@example.org\n";

        (void)state;
        fixture_expect("f.docx", old,
            "ANKIETA ZGŁOSZENIOWA\nProsimy o uzupełnienie poniższych danych\nImię i nazwisko: Jan Kowalski\n"
            "Nazwa organizacji: Urząd Gminy\nStanowisko / funkcja: wójt\nTelefon: 600100200\nUwagi:\n"
            "Wypełnioną ankietę należy odesłać na adres szkolenia@example.org\n",
            "form: name=Jan Kowalski; organisation=Urząd Gminy; position=wójt; phone=+48600100200;");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_side_by_side),
                cmocka_unit_test(test_too_long),
                cmocka_unit_test(test_agreed),
                cmocka_unit_test(test_long_answer),
                cmocka_unit_test(test_print_is_no_answer),
                cmocka_unit_test(test_contradiction),
                cmocka_unit_test(test_one_answer),
                cmocka_unit_test(test_another_form),
                cmocka_unit_test(test_another_version),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
