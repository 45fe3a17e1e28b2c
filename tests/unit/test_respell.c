/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: form core base */
/* Printed words that were recognised badly, beside the blank form that prints them. */
#include "form/form_read.h"
#include "form/respell.h"
#include "form_fixture.h"

static const char blank[] =
    "ANKIETA ZGŁOSZENIOWA\nImię i nazwisko uczestnika: ......\n"
    "Organizacja/instytucja, którą Pan/Pani reprezentuje: ......\nTelefon: ......\n"
    "Sektor:\norganizacja pozarządowa (NGO)\ninny\nNocleg z 14 na 15 maja: TAK / NIE*\n"
    "Data i podpis: ......\n";

static char *text_of(const struct document *doc)
{
        struct buf out = BUF_INIT(LIMIT_DOC_TEXT);

        for (size_t i = 0; i < doc->block_count; i++) {
                for (size_t k = 0; k < doc->blocks[i].run_count; k++)
                        buf_puts(&out, doc->runs[doc->blocks[i].first_run + k].text);
                buf_putc(&out, '\n');
        }
        return buf_detach(&out, NULL);
}

/* wanted: NULL when nothing is to be changed. */
static void expect_with(const char *form, const char *seen, const char *wanted)
{
        struct document doc = fixture_document("f.tif", seen), printed = fixture_document("b.odt", form);
        struct document mended = { 0 };
        bool changed = respell_document(&doc, &printed, &mended);
        char *text = text_of(changed ? &mended : &doc);

        assert_string_equal(text, wanted ? wanted : seen);
        assert_int_equal(changed, wanted != NULL);
        assert_int_equal(changed ? mended.block_count : doc.block_count, doc.block_count);
        free(text);
        document_free(&doc);
        document_free(&printed);
        document_free(&mended);
}

static void expect(const char *seen, const char *wanted)
{
        expect_with(blank, seen, wanted);
}

static void test_words(void **state)
{
        (void)state;
        expect("ANKIETA ZGŁOSZENIOWA\nImię i nazwiska ucrestnika” Jan Telefonik\n"
               "Organizacjalinstytucja, którą Pan/Pani reprezentuje: Gmina\nTelefon, 501 222 333\n"
               "Sektor:\nXorganizacja pozarządowa (NGO)\ninny\nNocleg z 14 na 15 maja: TAK / ME*\n"
               "Datai podpis: Jan\n",
            "ANKIETA ZGŁOSZENIOWA\nImię i nazwisko uczestnika: Jan Telefonik\n"
            "Organizacja/instytucja, którą Pan/Pani reprezentuje: Gmina\nTelefon: 501 222 333\n"
            "Sektor:\nX organizacja pozarządowa (NGO)\ninny\nNocleg z 14 na 15 maja: TAK / NIE*\n"
            "Data i podpis: Jan\n");
}

static void test_signs(void **state)
{
        static const char printed[] = "1. Imię i nazwisko: ......\n6. Tel. ...... e-mail: ......\n";

        (void)state;
        expect_with(printed, "1 Imię i nazwisko Jan\n6, Tel 501 e-mail; jan@example.org\n",
            "1. Imię i nazwisko: Jan\n6. Tel. 501 e-mail: jan@example.org\n");
}

static void test_answers_stay(void **state)
{
        (void)state;
        expect(blank, NULL);
        expect("ANKIETA ZGŁOSZENIOWA\nImię i nazwisko uczestnika: Jan Nazwiskowski\n"
               "Organizacja/instytucja, którą Pan/Pani reprezentuje: telefon\nTelefon: 501 222 333\n"
               "Sektor:\ninny\nNocleg z 14 na 15 maja: NIE\nData i podpis: 14 maja, Jan\n",
            NULL);
}

/* Boxes of which nothing, or some rubble, is left; those that were found, and crosses, stay. */
static void test_boxes(void **state)
{
        static const char printed[] = "Dieta: ☐ standardowa ☐ wegetariańska ☐ wegańska ☐ bezglutenowa\n";

        (void)state;
        expect_with(printed, "Dieta: standardowa ☒ wegetariańska | wegańska [| bezglutonowa\n",
            "Dieta: ☐standardowa ☒ wegetariańska ☐ wegańska ☐ bezglutenowa\n");
        expect_with(printed, "Dieta: ☐ standardowa X wegetariańska ☐ wegańska ☐ bezglutenowa\n", NULL);
}

/* The telephone, as a document that was seen in a picture gives it, or an exact one. */
static char *telephone(bool recognised)
{
        struct form form = fixture_form();
        struct document printed = fixture_document("b.odt", blank);
        struct document doc = fixture_document("f.tif",
            "ANKIETA ZGŁOSZENIOWA\nImię i nazwisko uczestnika: Jan Nowak\n"
            "Organizacja/instytucja, którą Pan/Pani reprezentuje: Gmina\nTeieton, 501 222 333\n"
            "Nocleg z 14 na 15 maja: TAK / NIE*\nData i podpis: Jan\n");
        struct reading reading;
        char *value = NULL;

        for (size_t i = 0; recognised && i < doc.run_count; i++)
                doc.runs[i].marks |= RUN_RECOGNISED;
        form_read(&form, &printed, &doc, &reading);
        for (size_t i = 0; i < form.count; i++)
                if (form.fields[i].type == FIELD_PHONE && reading.people[0].values[i].value != NULL)
                        value = xstrdup(reading.people[0].values[i].value);
        reading_free(&reading);
        document_free(&doc);
        document_free(&printed);
        form_free(&form);
        return value;
}

static void test_only_where_recognised(void **state)
{
        CLEANUP_FREE char *seen = telephone(true), *exact = telephone(false);

        (void)state;
        assert_string_equal(seen ? seen : "nothing", "+48501222333");
        assert_null(exact);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(test_words), cmocka_unit_test(test_signs),
                cmocka_unit_test(test_answers_stay), cmocka_unit_test(test_boxes),
                cmocka_unit_test(test_only_where_recognised) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
