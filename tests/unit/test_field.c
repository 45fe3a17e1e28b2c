/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/mem.h"
#include "core/email.h"
#include "core/form.h"

static const char *const sector_labels[][4] = {
        { "NGO", "organizacja pozarządowa (NGO)", "organizacja pozarządowa", NULL },
        { "JST", "jednostka samorządu terytorialnego (JST)", "samorząd", NULL },
        { "inny", NULL, NULL, NULL },
};
static struct field_option sectors[3];

static int setup(void **state)
{
        (void)state;
        for (size_t i = 0; i < 3; i++) {
                sectors[i].value = xstrdup(sector_labels[i][0]);
                for (size_t k = 1; sector_labels[i][k] != NULL; k++)
                        str_list_add(&sectors[i].labels, sector_labels[i][k]);
        }
        return 0;
}

static int teardown(void **state)
{
        (void)state;
        for (size_t i = 0; i < 3; i++) {
                free(sectors[i].value);
                str_list_free(&sectors[i].labels);
        }
        return 0;
}

struct example {
        enum field_type type;
        const char *raw, *want; /* want NULL: not understood */
};

static const struct example examples[] = {
        { FIELD_PHONE, "501 222 333", "+48501222333" },
        { FIELD_PHONE, "+48 600-100-200", "+48600100200" },
        { FIELD_PHONE, "0048512512512", "+48512512512" },
        { FIELD_PHONE, "48 512 512 512", "+48512512512" },
        { FIELD_PHONE, "(+48) 74 665 11 11", "+48746651111" },
        { FIELD_PHONE, "0 74 665 11 11", "+48746651111" },
        { FIELD_PHONE, "(0-74) 665 11 11", "+48746651111" },
        { FIELD_PHONE, "+48 (0)74 665-11-11", "+48746651111" },
        { FIELD_PHONE, "74/665 11 11", "+48746651111" },
        { FIELD_PHONE, "501.222.333", "+48501222333" },
        { FIELD_PHONE, "501–222–333", "+48501222333" },
        { FIELD_PHONE, "15 861 00 00 wew. 17", "+48158610000;ext=17" },
        { FIELD_PHONE, "15 861 00 00 w. 17", "+48158610000;ext=17" },
        { FIELD_PHONE, "15 861 00 00, wewn. nr", "+48158610000" },
        { FIELD_PHONE, "15 861 00 00 ext 5", "+48158610000;ext=5" },
        { FIELD_PHONE, "600 100 200 w godz. 8-15", "+48600100200" },
        { FIELD_PHONE, "600 100 200 w. 8-15", "+48600100200" },
        { FIELD_PHONE, "501 222 333, 502 333 444", "+48501222333" },
        { FIELD_PHONE, "501 222 333 / 502 333 444", "+48501222333" },
        { FIELD_PHONE, "501 222 333 lub 502 333 444", "+48501222333" },
        { FIELD_PHONE, "501222333 502333444", "+48501222333" },
        { FIELD_PHONE, "tel. kom.: 501222333", "+48501222333" },
        { FIELD_PHONE, "+49 30 123456", "+4930123456" },
        { FIELD_PHONE, "+48158610000;ext=17", "+48158610000;ext=17" },
        { FIELD_PHONE, "00 48 600 100 200", "+48600100200" },
        { FIELD_PHONE, "(74) 665 11 11 int. 17", "+48746651111;ext=17" },
        { FIELD_PHONE, "74/665-11-11, kom. 601234567", "+48746651111" },
        { FIELD_PHONE, "74 665 11 11-13", "+48746651111" },
        { FIELD_PHONE, "tel./fax 74 665 11 11", "+48746651111" },
        { FIELD_PHONE, "fax 74 665 11 11", NULL },
        { FIELD_PHONE, "proszę dzwonić po godz. 15", NULL },
        { FIELD_PHONE, "665 11 11", NULL },
        { FIELD_PHONE, "brak", NULL },
        { FIELD_PHONE, "+", NULL },
        { FIELD_PHONE, "12345678901234567890", NULL },
        { FIELD_EMAIL, "LWOJCIK@POWIAT.EXAMPLE", "LWOJCIK@powiat.example" },
        { FIELD_EMAIL, " jan @ Firma.example. ", "jan@firma.example" },
        { FIELD_EMAIL, "jan(at)firma.example", "jan@firma.example" },
        { FIELD_EMAIL, "jan (małpa) firma (kropka) example", "jan@firma.example" },
        { FIELD_EMAIL, "jan . lis @ firma . example", "jan.lis@firma.example" },
        { FIELD_EMAIL, "jan.lis@firma. pl", "jan.lis@firma.pl" },
        { FIELD_EMAIL, "jan.lis@firma,pl", "jan.lis@firma.pl" },
        { FIELD_EMAIL, "jan małpa firma.pl", "jan@firma.pl" },
        { FIELD_EMAIL, "jan at firma dot com", "jan@firma.com" },
        { FIELD_EMAIL, "jan@firma.pl/anna@firma.pl", "jan@firma.pl" },
        { FIELD_EMAIL, "jan@firma.pl. pl to nie koniec", "jan@firma.pl" },
        { FIELD_EMAIL, "e-mail:jan@firma.pl, tel. 600100200", "jan@firma.pl" },
        { FIELD_EMAIL, "mailto:jan@firma.example", "jan@firma.example" },
        { FIELD_EMAIL, "<jan@firma.example>", "jan@firma.example" },
        { FIELD_EMAIL, "jan@firma.example [mailto:jan@firma.example]", "jan@firma.example" },
        { FIELD_EMAIL, "bozek77@poczta.example; b.sw@uczelnia.example", "bozek77@poczta.example" },
        { FIELD_EMAIL, "jan@firma", NULL },
        { FIELD_EMAIL, "brak", NULL },
        { FIELD_EMAIL, "jan@", NULL },
        { FIELD_NAME, "  dr hab.  Jadwiga\u00a0Ćwiąkalska-Żółć ", "dr hab. Jadwiga Ćwiąkalska-Żółć" },
        { FIELD_NAME, "Grzegorz\nBrzęczyszczykiewicz,", "Grzegorz Brzęczyszczykiewicz" },
        { FIELD_NAME, "........", NULL },
        { FIELD_ORGANISATION, "Stowarzyszenie „Łąka i Źródło”", "Stowarzyszenie „Łąka i Źródło”" },
        { FIELD_TEXT, "Os. Źródlane 7  m. 3 \n 66-300 Międzyrzecz\n",
            "Os. Źródlane 7 m. 3\n66-300 Międzyrzecz" },
        { FIELD_TEXT, " - ", NULL },
        { FIELD_DATE, "12.04.2019", "2019-04-12" },
        { FIELD_DATE, "12-4-2019", "2019-04-12" },
        { FIELD_DATE, "Ćmielów, dn. 8 kwietnia 2019 r.", "2019-04-08" },
        { FIELD_DATE, "Kąty Wrocławskie 9.IV.2019", "2019-04-09" },
        { FIELD_DATE, "2019-04-12", "2019-04-12" },
        { FIELD_DATE, "12 IV 2019 r.", "2019-04-12" },
        { FIELD_DATE, "April 12th, 2019", "2019-04-12" },
        { FIELD_DATE, "8.04.19", "2019-04-08" },
        { FIELD_DATE, "3.05.68 r.", "1968-05-03" },
        { FIELD_DATE, "8 kwietnia br.", NULL },
        { FIELD_DATE, "29.02.2019", NULL },
        { FIELD_DATE, "29 lutego 2020", "2020-02-29" },
        { FIELD_DATE, "w maju", NULL },
        { FIELD_NUMBER, "12 osób", "12" },
        { FIELD_NUMBER, "1 200", "1200" },
        { FIELD_NUMBER, "3,50", "3.5" },
        { FIELD_NUMBER, "007", "7" },
        { FIELD_NUMBER, "-4", "-4" },
        { FIELD_NUMBER, "dwie osoby", "2" },
        { FIELD_NUMBER, "2 (dwie)", "2" },
        { FIELD_NUMBER, "kilka", NULL },
        { FIELD_YESNO, "TAK", "yes" },
        { FIELD_YESNO, "nie, dziękuję", "no" },
        { FIELD_YESNO, "x", "yes" },
        { FIELD_YESNO, "☒ TAK ☐ NIE", "yes" },
        { FIELD_YESNO, "[ ] tak [x] nie", "no" },
        { FIELD_YESNO, "TAK / NIE", NULL },
        { FIELD_YESNO, "TAK / NIE*  nie", "no" },
        { FIELD_YESNO, "yes", "yes" },
        { FIELD_YESNO, "☐", NULL },
        { FIELD_CONSENT, "Tak", "yes" },
        { FIELD_YESNO, "jak najbardziej", "yes" },
        { FIELD_YESNO, "jeszcze nie wiem", NULL },
        { FIELD_YESNO, "nie dotyczy", "no" },
        { FIELD_CONSENT, "nie wyrażam zgody", "no" },
        { FIELD_CONSENT, "Oczywiście", "yes" },
        { FIELD_CONSENT, "nie dotyczy", NULL },
        { FIELD_CONSENT, "I do not agree", "no" },
        { FIELD_CHOICE, "NGO", "NGO" },
        { FIELD_CHOICE, "Organizacja pozarzadowa", "NGO" },
        { FIELD_CHOICE, "jednostka samorzadu terytorialnego", "JST" },
        { FIELD_CHOICE, "samorząd", "JST" },
        { FIELD_CHOICE, "organizacja pozażądowa", "NGO" },
        { FIELD_CHOICE, "☐ organizacja pozarządowa (NGO) ☒ jednostka samorządu terytorialnego (JST) ☐ inny",
            "JST" },
        { FIELD_CHOICE, "NGO x / JST / inny", "NGO" },
        { FIELD_CHOICE, "uczelnia", NULL },
        { FIELD_CHOICE, "", NULL },
};

static void test_examples(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
                struct field field = { .type = examples[i].type, .options = sectors, .option_count = 3 };
                char *value = NULL;
                int rc = field_normalise(&field, examples[i].raw, &value);
                if (examples[i].want == NULL ? rc == 0 : rc < 0 || strcmp(value, examples[i].want) != 0)
                        fail_msg("\"%s\" gives \"%s\", not \"%s\"", examples[i].raw,
                            value ? value : "(nothing)", examples[i].want ? examples[i].want : "(nothing)");
                if (rc == 0 && !field_is_normal(&field, value))
                        fail_msg("\"%s\" is not taken back", value);
                if (rc == 0 && examples[i].type != FIELD_TEXT && strcmp(examples[i].raw, value) != 0)
                        assert_false(field_is_normal(&field, examples[i].raw));
                free(value);
        }
}

static void test_bounds(void **state)
{
        struct field text = { .type = FIELD_TEXT };
        char *raw = xmalloc(2 * LIMIT_FIELD_VALUE + 2), *value = NULL;

        (void)state;
        for (size_t i = 0; i < LIMIT_FIELD_VALUE; i++)
                memcpy(raw + 1 + 2 * i, "\u0119", 2);
        raw[0] = 'a'; /* so that the bound cuts a character */
        raw[2 * LIMIT_FIELD_VALUE + 1] = '\0';
        assert_int_equal(field_normalise(&text, raw, &value), 0);
        assert_int_equal(strlen(value), LIMIT_FIELD_VALUE - 1);
        assert_true(field_is_normal(&text, value));
        assert_false(field_is_normal(&text, raw));
        free(value);
        free(raw);
}

static void test_types(void **state)
{
        enum field_type type;

        (void)state;
        assert_int_equal(field_type_parse("consent", &type), 0);
        assert_int_equal(type, FIELD_CONSENT);
        assert_string_equal(field_type_name(FIELD_ORGANISATION), "organisation");
        assert_int_equal(field_type_parse("Name", &type), -1);
}

static void test_email_beside_sender(void **state)
{
        (void)state;
        assert_true(email_beside_sender("jan@firma.example", "Jan@firma.example", 0.6) >= 0.8);
        assert_true(email_beside_sender("jan@frima.example", "jan@firma.example", 0.95) < 0.8);
        assert_true(email_beside_sender("jan.lis@firma.example", "jan_lis@firma.example", 0.95) < 0.8);
        assert_true(email_beside_sender("jan@firma.example", "anna@firma.example", 0.95) > 0.9);
        assert_true(email_beside_sender("jan@firma.example", "anna@firma.example", 0.6) < 0.8);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_examples),
                cmocka_unit_test(test_bounds),
                cmocka_unit_test(test_types),
                cmocka_unit_test(test_email_beside_sender),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
