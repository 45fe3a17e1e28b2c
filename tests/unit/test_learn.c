/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: form core base */
/* What is asked in a blank form. */
#include "form/learn.h"
#include "form_fixture.h"

/* "key:type" with "!" when it must be answered, "(a|b)" the options, "=label". */
static char *told(const struct form *form)
{
        struct buf out = BUF_INIT(LIMIT_DOC_TEXT);

        buf_puts(&out, "");
        for (size_t i = 0; i < form->count; i++) {
                const struct field *field = &form->fields[i];

                buf_printf(&out, "%s%s:%s%s", i ? " " : "", field->key, field_type_name(field->type),
                    field->required ? "!" : "");
                for (size_t k = 0; k < field->option_count; k++)
                        buf_printf(&out, "%s%s%s", k ? "|" : "(", field->options[k].value,
                            k + 1 == field->option_count ? ")" : "");
                buf_printf(&out, "=%s", field->labels.items[0]);
        }
        return buf_detach(&out, NULL);
}

static void expect(const char *text, const char *want)
{
        struct document doc = fixture_document("b.docx", text);
        struct learned learned;
        CLEANUP_FREE char *got = NULL;

        learn_form(&doc, &learned);
        got = told(&learned.form);
        if (strcmp(got, want) != 0)
                fail_msg("from:\n%s\n got  %s\n want %s", text, got, want);
        learned_free(&learned);
        document_free(&doc);
}

static void test_lines(void **state)
{
        (void)state;
        expect("ANKIETA ZGŁOSZENIOWA\nna szkolenie „Prawo”, Kraków\n1. Imię i nazwisko: ..........\n"
               "2. Nazwa instytucji:\n..................\n3. Tel. .......... e-mail: ........\n"
               "4. Zajmowane stanowisko …………\nUlubiony kolor: ________\n",
            "name:name!=Imię i nazwisko organisation:organisation!=Nazwa instytucji phone:phone=Tel. "
            "email:email=e-mail position:text=Zajmowane stanowisko ulubiony_kolor:text=Ulubiony kolor");
}

static void test_captions(void **state)
{
        (void)state;
        expect("..............        .............\n(imię i nazwisko)     (stanowisko)\n"
               "..............        .............\n(miejscowość, data)     (czytelny podpis)\n",
            "name:name!=imię i nazwisko position:text=stanowisko");
}

static void test_tables(void **state)
{
        (void)state;
        expect("|DANE UCZESTNIKA\n|Imię i nazwisko|\n|Data urodzenia|\n|Telefon||E-mail|\n|Data i podpis|\n",
            "name:name!=Imię i nazwisko birth_date:date=Data urodzenia phone:phone=Telefon "
            "email:email=E-mail");
        expect("|Lp.|Imię i nazwisko|Stanowisko\n|1.||\n|2.||\n",
            "name:name!=Imię i nazwisko position:text=Stanowisko");
        expect("||\n|(imię i nazwisko)|(telefon)\n", "name:name!=imię i nazwisko phone:phone=telefon");
}

static void test_options(void **state)
{
        (void)state;
        expect("|Sektor|☐ organizacja pozarządowa (NGO)\\☐ inny\n|Nocleg|TAK / NIE*\n|Dieta|mięsna / "
               "wegańska / inna\n"
               "* niepotrzebne skreślić\n",
            "sector:choice(NGO|inny)=Sektor accommodation:yesno=Nocleg "
            "diet:choice(mięsna|wegańska|inna)=Dieta");
        expect("Sektor (proszę zaznaczyć X):\npozarządowy\npubliczny\nDieta: [ ] mięsna [ ] wegańska\n"
               "Czy przyjedzie Pan/Pani autem?\nTAK / NIE\n",
            "sector:choice(pozarządowy|publiczny)=Sektor (proszę zaznaczyć X) "
            "diet:choice(mięsna|wegańska)=Dieta "
            "czy_przyjedzie_pan:yesno=Czy przyjedzie Pan/Pani autem");
}

static void test_consents(void **state)
{
        (void)state;
        expect("☐ Wyrażam zgodę na przetwarzanie moich danych osobowych przez Fundację w celu rekrutacji.\n"
               "☐ Wyrażam zgodę na wykorzystanie mojego wizerunku w celach promocyjnych.\n",
            "consent:consent!=Wyrażam zgodę na przetwarzanie moich danych osobowych "
            "image_consent:consent=Wyrażam zgodę na wykorzystanie mojego wizerunku");
}

static void test_no_questions(void **state)
{
        (void)state;
        expect(
            "Wpłynęło dnia: .......... (wypełnia organizator)\nProsimy o uzupełnienie poniższych danych:\n"
            "Wypełnioną ankietę prosimy odesłać na adres: szkolenia@example.org\nlub faksem: 12 345 67 89\n"
            "Podpis: ..........\nData: .........\n* niepotrzebne skreślić\n",
            "");
        expect("", "");
}

static void test_stars_and_repeats(void **state)
{
        (void)state;
        expect("Imię i nazwisko*: .......\nTelefon*: .......\nUwagi: .......\nTelefon: .......\n",
            "name:name!=Imię i nazwisko phone:phone!=Telefon remarks:text=Uwagi");
        expect("Telefon*: .......\nNocleg: TAK / NIE*\n* niepotrzebne skreślić\n",
            "phone:phone=Telefon accommodation:yesno=Nocleg");
}

/* What nobody would ask: it must end, and within the bounds of a form. */
static void test_many(void **state)
{
        struct buf text = BUF_INIT(LIMIT_DOC_TEXT);
        struct document doc;
        struct learned learned;

        (void)state;
        for (int i = 0; i < 500; i++)
                buf_printf(&text, "Pytanie numer %d alfa%d: .....\n", i, i);
        doc = fixture_document("b.docx", buf_text(&text));
        learn_form(&doc, &learned);
        assert_int_equal(learned.form.count, LIMIT_FIELDS);
        for (size_t i = 0; i < learned.form.count; i++)
                assert_true(strlen(learned.form.fields[i].key) <= 32);
        learned_free(&learned);
        document_free(&doc);
        buf_free(&text);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_lines),
                cmocka_unit_test(test_captions),
                cmocka_unit_test(test_tables),
                cmocka_unit_test(test_options),
                cmocka_unit_test(test_consents),
                cmocka_unit_test(test_no_questions),
                cmocka_unit_test(test_stars_and_repeats),
                cmocka_unit_test(test_many),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
