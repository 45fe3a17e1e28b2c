/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/event.h"
#include "core/letter.h"
#include "core/letter_words.h"
#include "core/zone.h"

/* ---- Templates */

static struct letter_template *parsed(const char *text)
{
        struct letter_template *template = NULL;
        struct err err = { 0 };

        if (letter_parse(text, &template, &err) < 0)
                fail_msg("%s: %s", err.text, text);
        return template;
}

static void renders(
    const char *text, const char *const values[LP_COUNT], const char *subject, const char *body)
{
        struct letter_template *template = parsed(text);
        char *got_subject, *got_body;

        letter_render(template, values, &got_subject, &got_body);
        assert_string_equal(got_subject, subject);
        assert_string_equal(got_body, body);
        free(got_subject);
        free(got_body);
        letter_template_free(template);
}

static void rendering(void **state)
{
        const char *values[LP_COUNT] = { 0 };

        (void)state;
        values[LP_NAME] = "Jan {{ref}}";
        values[LP_REF] = "MW-7K3M";
        renders("Subject: {{ref}}: {{name}}\n\nA {{name}}{{ref}}.\n", values, "MW-7K3M: Jan {{ref}}",
            "A Jan {{ref}}MW-7K3M.\n");
        renders("Subject: x\r\n\r\nA\r\nB", values, "x", "A\nB\n");
        renders("Subject: x\n\nA }} B\n{ {name} }\n", values, "x", "A }} B\n{ {name} }\n");
        values[LP_NAME] = "Jan\r\nBcc: x@example.org\t\x01";
        renders("Subject: {{name}}\n\n{{name}}\n", values, "Jan Bcc: x@example.org  ",
            "Jan\nBcc: x@example.org  \n");
}

static void dropping(void **state)
{
        const char *values[LP_COUNT] = { 0 };

        (void)state;
        values[LP_NAME] = " ";
        values[LP_REF] = "X";
        renders("Subject: x\n\nA\n\n{{name}}\n\nB\n", values, "x", "A\n\nB\n");
        renders("Subject: x\n\nA\n\n{{name}}{{state}}\n{{reason}}\n\nB\n", values, "x", "A\n\nB\n");
        renders("Subject: x\n\nA:\n{{name}}\n\nB\n", values, "x", "A:\n\nB\n");
        renders("Subject: x\n\nA:\n{{name}}\n{{state}}\n\nB\n", values, "x", "A:\n\nB\n");
        renders("Subject: x\n\n{{name}}\n\nA {{name}}!\n\n{{state}}\n", values, "x", "A  !\n");
        renders("Subject: x\n\n{{name}} {{ref}}\n\n{{privacy}}\n", values, "x", "  X\n");
        renders("Subject: x\n\n{{name}}\n", values, "x", "");
}

static void broken_templates(void **state)
{
        static const char *const broken[][2] = {
                { "", "line 1" },
                { "Dear", "line 1" },
                { "Subject:\n\nA\n", "line 1" },
                { "Subject: x", "line 2" },
                { "Subject: x\n\n", "line 3" },
                { "Subject: x\nA\n", "line 2" },
                { "Subject: {{nobody}}\n\nA\n", "line 1: unknown place \"{{nobody}}\"" },
                { "Subject: x\n\nA\nB {{ref}} {{Name}}\n", "line 4: unknown place \"{{Name}}\"" },
                { "Subject: x\n\nA {{name\n}}\n", "line 3: \"{{\" without" },
                { "Subject: x\n\nA {{}}\n", "line 3" },
                { "Subject: \xff\n\nA\n", "UTF-8" },
        };
        struct letter_template *template = NULL;
        char *large = xmalloc(LIMIT_TEMPLATE + 2);

        (void)state;
        for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
                struct err err = { 0 };

                assert_int_equal(letter_parse(broken[i][0], &template, &err), -1);
                assert_int_equal(err.class, ERR_PERM);
                if (!strstr(err.text, broken[i][1]))
                        fail_msg("\"%s\" without \"%s\"", err.text, broken[i][1]);
        }
        memset(large, 'a', LIMIT_TEMPLATE + 1);
        large[LIMIT_TEMPLATE + 1] = 0;
        assert_int_equal(letter_parse(large, &template, NULL), -1);
        assert_null(template);
        free(large);
        letter_template_free(NULL);
}

static void kinds(void **state)
{
        enum letter_kind kind = LETTER_COUNT;

        (void)state;
        for (int i = 0; i < LETTER_COUNT; i++) {
                assert_int_equal(letter_kind_parse(letter_kind_name((enum letter_kind)i), &kind), 0);
                assert_int_equal(kind, i);
        }
        assert_int_equal(letter_kind_parse("thanks", &kind), -1);
        assert_string_equal(letter_outcome(LETTER_PROMOTED), "accepted");
        assert_string_equal(letter_outcome(LETTER_CONFIRM), "question");
        assert_true(letter_is_generated(LETTER_DIGEST) && letter_is_generated(LETTER_PROMOTED));
        assert_false(letter_is_generated(LETTER_ACCEPTED));
        assert_string_equal(letter_place_name(LP_WAITING_LIST), "waiting");
}

/* ---- Words */

static char *labels[][1] = { { (char[]){ "Imię i nazwisko" } }, { (char[]){ "Telefon:" } },
        { (char[]){ "Sektor" } }, { (char[]){ "Uwagi" } }, { (char[]){ "Wyrażam zgodę" } },
        { (char[]){ "Data urodzenia" } } };
static char *ngo_labels[] = { (char[]){ "organizacja pozarządowa" } };
static struct field_option options[] = { { (char[]){ "NGO" }, { ngo_labels, 1 } },
        { (char[]){ "JST" }, { 0 } } };
static struct field fields[] = {
        { .key = (char[]){ "name" }, .type = FIELD_NAME, .required = true, .labels = { labels[0], 1 } },
        { .key = (char[]){ "phone" }, .type = FIELD_PHONE, .labels = { labels[1], 1 } },
        { .key = (char[]){ "sector" },
            .type = FIELD_CHOICE,
            .labels = { labels[2], 1 },
            .options = options,
            .option_count = 2 },
        { .key = (char[]){ "notes" }, .type = FIELD_TEXT, .labels = { labels[3], 1 } },
        { .key = (char[]){ "consent" }, .type = FIELD_CONSENT, .required = true, .labels = { labels[4], 1 } },
        { .key = (char[]){ "born" }, .type = FIELD_DATE, .labels = { labels[5], 1 } },
};
static char *provided[] = { (char[]){ "materiały szkoleniowe" }, (char[]){ "ciepły posiłek" } };

static char title[] = "Model współpracy JST & NGO", zone[] = "Europe/Warsaw", notice[] = "RODO",
            place[] = "Wałbrzych, ul. Sienkiewicza 2/7";

static const struct event training = {
        .title = title,
        .timezone = zone,
        .place = place,
        .privacy_notice = notice,
        .provides = { provided, 2 },
        .starts = 1327564800,
        .ends = 1327586400,
        .deadline = 1327330800,
        .promote_until = 1327564800,
        .seats = 30,
        .waitlist = 20,
        .per_organisation = 2,
        .form = { fields, 6 },
};

static struct reading_value one_value(const char *text)
{
        return (struct reading_value){ .value = (char *)(uintptr_t)text, .confidence = 1.0 };
}

struct scene {
        struct event event;
        struct reading_value values[6], old[6];
        struct person person, before;
        struct str_list missing, unsure;
        struct letter_about about;
        char *v[LP_COUNT];
};

static void open_scene(struct scene *s, const char *language)
{
        memset(s, 0, sizeof *s);
        s->event = training;
        s->event.language = (char *)(uintptr_t)language;
        s->values[0] = one_value("Jan Kowalski");
        s->values[1] = one_value("+48746651111;ext=17");
        s->values[2] = one_value("NGO");
        s->values[3] = one_value("bez glutenu\nna parterze");
        s->values[4] = one_value("yes");
        s->person.values = s->values;
        s->before.values = s->old;
        s->about = (struct letter_about){ .event = &s->event,
                .coordinator_name = "Agnieszka Szuba",
                .coordinator_email = "agnieszka.szuba@rcwip.pl",
                .mailbox = "zapisy+mw@rcwip.pl",
                .now = 1327330800 - 93600,
                .ref = "MW-7K3M",
                .token = "ABCDEFGH23456789",
                .person = &s->person,
                .status = STATUS_ACCEPTED,
                .rule = RULE_SEAT_FREE,
                .counted_at = 1327237205,
                .first = true };
}

static void fill(struct scene *s)
{
        letter_values_free(s->v);
        letter_fill(&s->about, s->v);
}

static void facts(void **state)
{
        struct scene s;

        (void)state;
        open_scene(&s, "pl");
        fill(&s);
        assert_string_equal(s.v[LP_NAME], "Jan Kowalski");
        assert_string_equal(s.v[LP_EVENT_DAY], "czwartek, 26 stycznia 2012");
        assert_string_equal(s.v[LP_EVENT_HOURS], "9:00–15:00");
        assert_string_equal(s.v[LP_PROVIDES], "materiały szkoleniowe, ciepły posiłek");
        assert_string_equal(s.v[LP_COUNTED_AT], "22 stycznia 2012, 14:00:05");
        assert_string_equal(s.v[LP_DEADLINE], "23 stycznia 2012, 16:00");
        assert_string_equal(s.v[LP_TIME_LEFT], "1 dzień i 2 godziny");
        assert_string_equal(s.v[LP_SEATS], "30 miejsc");
        assert_string_equal(s.v[LP_PEOPLE_AHEAD], "0 osób");
        assert_string_equal(s.v[LP_PRIVACY], "RODO");
        assert_string_equal(s.v[LP_CANCEL_SUBJECT], "REZYGNACJA MW-7K3M-ABCDEFGH23456789");
        assert_string_equal(s.v[LP_CANCEL_MAILTO],
            "mailto:zapisy%2Bmw@rcwip.pl?subject=REZYGNACJA%20MW-7K3M-ABCDEFGH23456789");
        assert_string_equal(s.v[LP_FIELDS],
            "Imię i nazwisko: Jan Kowalski\nTelefon: +48 74 665 11 11 wew. 17\n"
            "Sektor: organizacja pozarządowa\nUwagi: bez glutenu\n    na parterze\nWyrażam zgodę: TAK");
        assert_string_equal(s.v[LP_REASON], "");
        assert_null(s.v[LP_POSITION]);
        s.about.first = false;
        s.about.now = s.event.deadline;
        s.about.token = NULL;
        s.about.people_ahead = 3;
        s.about.position = 4;
        fill(&s);
        assert_null(s.v[LP_PRIVACY]);
        assert_string_equal(s.v[LP_TIME_LEFT], "termin już minął");
        assert_string_equal(s.v[LP_CANCEL_MAILTO], "");
        assert_string_equal(s.v[LP_PEOPLE_AHEAD], "3 osoby");
        assert_string_equal(s.v[LP_POSITION], "4");
        letter_values_free(s.v);
}

static void english(void **state)
{
        struct scene s;

        (void)state;
        open_scene(&s, "en");
        s.event.seats = 1;
        fill(&s);
        assert_string_equal(s.v[LP_EVENT_DAY], "Thursday, 26 January 2012");
        assert_string_equal(s.v[LP_SEATS], "1 seat");
        assert_string_equal(s.v[LP_CANCEL_SUBJECT], "CANCEL MW-7K3M-ABCDEFGH23456789");
        assert_non_null(strstr(s.v[LP_FIELDS], "Wyrażam zgodę: YES"));
        assert_non_null(strstr(s.v[LP_FIELDS], "+48 74 665 11 11 ext. 17"));
        letter_values_free(s.v);
}

static void sentences(void **state)
{
        struct scene s;

        (void)state;
        open_scene(&s, "pl");
        s.values[4] = one_value("no");
        str_list_add(&s.missing, "name");
        str_list_add(&s.missing, "consent");
        str_list_add(&s.unsure, "phone");
        s.about.missing = &s.missing;
        s.about.unsure = &s.unsure;
        s.about.status = STATUS_INCOMPLETE;
        s.about.rule = RULE_MISSING;
        fill(&s);
        assert_string_equal(s.v[LP_MISSING], "- Imię i nazwisko\n- Wyrażam zgodę (odpowiedź brzmiała: NIE)");
        assert_non_null(strstr(s.v[LP_UNSURE], "\n- Telefon: +48 74 665 11 11 wew. 17"));
        assert_non_null(strstr(s.v[LP_COMPLETION_NOTE], "wpłynie uzupełnienie"));
        s.event.incomplete_keeps_time = true;
        fill(&s);
        assert_non_null(strstr(s.v[LP_COMPLETION_NOTE], "zachowa czas"));
        s.about.status = STATUS_WAITLISTED;
        s.about.position = 7;
        s.about.rule = RULE_ORGANISATION_FULL;
        fill(&s);
        assert_non_null(strstr(s.v[LP_STATE], "pozycja na liście: 7."));
        assert_non_null(strstr(s.v[LP_REASON], "najwyżej: 2 osoby."));
        assert_string_equal(s.v[LP_COMPLETION_NOTE], "");
        s.about.status = STATUS_REFUSED;
        s.about.rule = RULE_ROOM_FULL;
        fill(&s);
        assert_non_null(strstr(s.v[LP_REASON], "lista oczekujących jest pełna"));
        letter_values_free(s.v);
        str_list_free(&s.missing);
        str_list_free(&s.unsure);
}

static void changes(void **state)
{
        struct scene s;

        (void)state;
        open_scene(&s, "pl");
        memcpy(s.old, s.values, sizeof s.old);
        s.about.before = &s.before;
        fill(&s);
        assert_string_equal(s.v[LP_CHANGES], "- brak");
        s.old[1] = one_value("+48600123456");
        s.old[2].value = NULL;
        s.old[5] = one_value("1980-05-12");
        fill(&s);
        assert_string_equal(s.v[LP_CHANGES],
            "- Telefon: było „+48 600 123 456”, jest „+48 74 665 11 11 wew. 17”\n"
            "- Sektor: dodano „organizacja pozarządowa”\n- Data urodzenia: usunięto „12.05.1980”");
        letter_values_free(s.v);
}

static void several_people(void **state)
{
        struct scene s;
        struct str_list missing = { 0 };
        char *text;

        (void)state;
        open_scene(&s, "pl");
        s.values[3].value = NULL;
        text = letter_person_line(&s.about);
        assert_string_equal(text,
            "Jan Kowalski: przyjęte (MW-7K3M)\n  Imię i nazwisko: Jan Kowalski\n"
            "  Telefon: +48 74 665 11 11 wew. 17\n  Sektor: organizacja pozarządowa\n  Wyrażam zgodę: TAK\n"
            "  Rezygnacja, temat wiadomości:\n  REZYGNACJA MW-7K3M-ABCDEFGH23456789\n"
            "  mailto:zapisy%2Bmw@rcwip.pl?subject=REZYGNACJA%20MW-7K3M-ABCDEFGH23456789");
        free(text);
        s.about.status = STATUS_WAITLISTED;
        s.about.rule = RULE_ROOM_FULL;
        s.about.position = 2;
        text = letter_person_line(&s.about);
        assert_non_null(strstr(text, "Jan Kowalski: lista oczekujących, pozycja 2 (MW-7K3M)\n  Wszystkie"));
        free(text);
        s.about.status = STATUS_INCOMPLETE;
        s.about.rule = RULE_MISSING;
        s.about.position = 0;
        str_list_add(&missing, "phone");
        s.about.missing = &missing;
        text = letter_person_line(&s.about);
        assert_non_null(strstr(text, "  - Telefon\n  Termin zgłoszeń: "));
        free(text);
        str_list_free(&missing);
}

static void completion_note(void **state)
{
        struct scene s;
        char *text;

        (void)state;
        open_scene(&s, "pl");
        s.about.status = STATUS_INCOMPLETE;
        s.about.now = s.about.event->deadline;
        text = letter_words_completion(&s.about);
        assert_non_null(strstr(text, "jak najszybciej"));
        free(text);
        s.about.now++;
        text = letter_words_completion(&s.about);
        assert_non_null(strstr(text, "po terminie"));
        free(text);
}

/* ---- The letters that are delivered with the programs */

static struct letter_template *delivered(const char *language, enum letter_kind kind)
{
        CLEANUP_FREE char *path = xasprintf("conf/letters/%s/%s.txt", language, letter_kind_name(kind));
        struct buf text = BUF_INIT(LIMIT_TEMPLATE);
        struct letter_template *template = NULL;
        struct err err = { 0 };

        if (io_read_file(path, &text, &err) < 0 || letter_parse(buf_text(&text), &template, &err) < 0)
                fail_msg("%s: %s", path, err.text);
        buf_free(&text);
        return template;
}

static void check_letter(
    const struct letter_template *template, char *const values[LP_COUNT], const char *what)
{
        char *subject, *body;

        letter_render(template, (const char *const *)values, &subject, &body);
        if (!*subject || strchr(subject, '\n') || strstr(body, "{{") || strstr(body, "\n\n\n") ||
            *body == '\n' || (*body && body[strlen(body) - 1] != '\n'))
                fail_msg("%s: %s\n%s", what, subject, body);
        free(subject);
        free(body);
}

static void delivered_letters(void **state)
{
        static const char *const languages[] = { "pl", "en" };
        char *nothing[LP_COUNT] = { 0 };

        (void)state;
        for (size_t l = 0; l < 2; l++)
                for (int k = 0; k < LETTER_COUNT; k++) {
                        struct letter_template *template = delivered(languages[l], (enum letter_kind)k);

                        for (int status = 0; status < STATUS_COUNT; status++) {
                                struct scene s;

                                open_scene(&s, languages[l]);
                                s.about.status = (enum status)status;
                                s.about.rule = (enum decide_rule)(status * 2);
                                fill(&s);
                                check_letter(template, s.v, letter_kind_name((enum letter_kind)k));
                                letter_values_free(s.v);
                        }
                        check_letter(template, nothing, letter_kind_name((enum letter_kind)k));
                        letter_template_free(template);
                }
}

/* What an applicant whose form was accepted reads, whole. */
static void accepted_letter(void **state)
{
        struct letter_template *template = delivered("pl", LETTER_ACCEPTED);
        char *subject, *body;
        struct scene s;

        (void)state;
        open_scene(&s, "pl");
        fill(&s);
        letter_render(template, (const char *const *)s.v, &subject, &body);
        assert_non_null(strstr(subject, "MW-7K3M"));
        assert_non_null(strstr(body, "22 stycznia 2012, 14:00:05"));
        assert_non_null(strstr(body, "czwartek, 26 stycznia 2012, godz. 9:00–15:00"));
        assert_non_null(strstr(body, "\nREZYGNACJA MW-7K3M-ABCDEFGH23456789\n"));
        assert_non_null(strstr(body, "\nRODO\n"));
        free(subject);
        free(body);
        letter_values_free(s.v);
        letter_template_free(template);
}

/* Names, places, titles and all the rest may be anything. */
static void hostile_values(void **state)
{
        static const char *const evil[] = { "%s%n%d", "{{ref}}", "\xf0\x9f\x98\x80", "a\nb\nc", "\"'<>&",
                "" };
        struct scene s;

        (void)state;
        for (size_t i = 0; i < sizeof evil / sizeof *evil; i++) {
                open_scene(&s, i % 2 ? "pl" : "en");
                for (size_t k = 0; k < 6; k++)
                        s.values[k] = one_value(evil[(i + k) % 6]);
                s.about.before = &s.before;
                s.about.coordinator_name = s.about.ref = s.about.token = evil[i];
                fill(&s);
                free(letter_person_line(&s.about));
                letter_values_free(s.v);
        }
        open_scene(&s, "pl");
        s.about.person = NULL;
        s.about.ref = s.about.token = s.about.mailbox = s.about.coordinator_name = NULL;
        s.about.counted_at = ZONE_NO_TIME;
        s.event.provides.count = 0;
        s.event.privacy_notice = NULL;
        fill(&s);
        assert_string_equal(s.v[LP_FIELDS], "");
        assert_string_equal(s.v[LP_ORGANISER_SIGN], "Organizatorzy szkolenia");
        letter_values_free(s.v);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(rendering), cmocka_unit_test(dropping),
                cmocka_unit_test(broken_templates), cmocka_unit_test(kinds), cmocka_unit_test(facts),
                cmocka_unit_test(english), cmocka_unit_test(sentences), cmocka_unit_test(changes),
                cmocka_unit_test(several_people), cmocka_unit_test(completion_note),
                cmocka_unit_test(delivered_letters), cmocka_unit_test(accepted_letter),
                cmocka_unit_test(hostile_values) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
