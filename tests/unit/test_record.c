/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/version.h"
#include "core/event.h"
#include "core/mail.h"
#include "core/record.h"
#include "core/zone.h"

/* Values that no member of any record may have. */
static const char *const hostile[] = { "17.5", "-9223372036854775808", "9223372036854775807", "[[[[]]]]",
        "{\"a\":{}}", "[null]", "[{}]", "[[]]", "[1,2,3]", "[\"a\",5]", "\"\\u0001\\uffff junk\"" };

static json_t *load(const char *text)
{
        json_error_t why;
        json_t *json = json_loads(text, JSON_DECODE_ANY, &why);

        if (!json)
                fail_msg("%s: %s", why.text, text);
        return json;
}

static json_t *parse_again(json_t *json)
{
        char *text = json_dumps(json, JSON_COMPACT);
        json_t *again;

        assert_non_null(text);
        assert_true(strlen(text) < LIMIT_RECORD);
        again = load(text);
        free(text);
        json_decref(json);
        return again;
}

static void hello(void **state)
{
        json_t *json = record_hello("zapisy-read");

        (void)state;
        assert_string_equal(json_string_value(json_object_get(json, "op")), "hello");
        assert_string_equal(json_string_value(json_object_get(json, "program")), "zapisy-read");
        assert_string_equal(json_string_value(json_object_get(json, "version")), ZAPISY_VERSION);
        json_decref(json);
}

/* ---- mail */

static const char mail_text[] =
    "{\"message_id\":\"abc@example.org\",\"date\":1327330800,\"subject\":\"Zgłoszenie\","
    "\"from\":\"jan@example.org\",\"from_name\":\"Jan Kowalski\",\"from_count\":1,\"reply_to\":null,"
    "\"return_path\":\"\",\"recipients\":[\"a@example.org\",\"b@example.org\"],"
    "\"references\":[\"x@example.org\"],\"headers\":[[\"precedence\",\"bulk\"],[\"x\",\"\"]],"
    "\"received\":[{\"by\":\"mx.example.org\",\"when\":1327330801},{\"by\":\"\",\"when\":null}],"
    "\"received_count\":2,\"content_type\":\"multipart/mixed\",\"report_type\":\"\","
    "\"parts\":[{\"index\":2,\"type\":\"application/pdf\",\"filename\":\"a.pdf\",\"size\":1234,"
    "\"document\":true,\"picture\":false,\"words\":false,\"inner\":\"\"}],"
    "\"forwards\":[{\"from\":\"o@example.org\",\"from_name\":\"O\",\"subject\":\"s\",\"date\":1327330700}],"
    "\"text\":\"Dzień dobry\\nJan\",\"has_quote\":true,"
    "\"head\":\"Dzień dobry\\nJan\\n> Pan\","
    "\"returned_ids\":[\"r@example.org\"],\"returned_recipient\":\"c@example.org\","
    "\"returned_status\":\"5.1.1\",\"returned_action\":\"failed\",\"returned_diagnostic\":null,"
    "\"problems\":[\"encrypted\"]}";

static void mail_round_trip(void **state)
{
        json_t *json = load(mail_text), *back;
        struct mail mail = { 0 };
        struct err err = { 0 };

        (void)state;
        assert_int_equal(record_mail_from_json(json, &mail, &err), 0);
        assert_string_equal(mail.message_id, "abc@example.org");
        assert_int_equal(mail.date, 1327330800);
        assert_string_equal(mail.subject, "Zgłoszenie");
        assert_null(mail.reply_to);
        assert_string_equal(mail.return_path, "");
        assert_int_equal(mail.recipients.count, 2);
        assert_string_equal(mail_header(&mail, "precedence"), "bulk");
        assert_null(mail_header(&mail, "subject"));
        assert_int_equal(mail_header_count(&mail, "x"), 1);
        assert_int_equal(mail.received_count, 2);
        assert_int_equal(mail.received[0].when, 1327330801);
        assert_true(mail.received[1].when == ZONE_NO_TIME);
        assert_int_equal(mail.parts[0].index, 2);
        assert_true(mail.parts[0].document && !mail.parts[0].picture && mail.has_quote);
        back = parse_again(record_mail(&mail));
        assert_true(json_equal(json, back));
        mail_free(&mail);
        json_decref(back);
        json_decref(json);
}

/* A record that an older version left in the store. */
static void older_mail(void **state)
{
        static const char *const later[] = { "head", "returned_action", "returned_diagnostic" };
        json_t *json = load(mail_text);
        struct mail mail;

        (void)state;
        for (size_t i = 0; i < sizeof later / sizeof *later; i++)
                json_object_del(json, later[i]);
        assert_int_equal(record_mail_from_json(json, &mail, NULL), 0);
        assert_null(mail.head);
        assert_null(mail.returned_action);
        mail_free(&mail);
        json_decref(json);
}

/* An empty struct, as one gets of a mail without anything, travels too. */
static void empty_mail(void **state)
{
        struct mail mail = { .date = ZONE_NO_TIME }, back = { 0 };
        json_t *json = parse_again(record_mail(&mail));

        (void)state;
        assert_int_equal(record_mail_from_json(json, &back, NULL), 0);
        assert_string_equal(back.subject, "");
        assert_null(back.from);
        assert_true(back.date == ZONE_NO_TIME);
        mail_free(&back);
        json_decref(json);
}

static char *repeat(const char *text, size_t count)
{
        size_t size = strlen(text);
        char *out = xmalloc(size * count + 1);

        for (size_t i = 0; i < count; i++)
                memcpy(out + i * size, text, size);
        out[size * count] = 0;
        return out;
}

static void add_header(struct mail *mail, const char *name, char *value)
{
        mail->headers[mail->header_count].name = xstrdup(name);
        mail->headers[mail->header_count++].value = value;
}

/* Everything at its worst still fits into a record, and what decides is not crowded out. */
static void monstrous_mail(void **state)
{
        struct mail mail = { .date = INT64_MAX, .received_count = 100000, .from_count = 5000000 },
                    back = { 0 };
        json_t *json;

        (void)state;
        mail.subject = repeat("ż", 4000);
        mail.message_id = repeat("a", 5000);
        mail.from = xstrdup("not an address");
        mail.text = repeat("\"\n", LIMIT_OWN_TEXT);
        mail.head = repeat("\"\n", LIMIT_HEAD);
        mail.returned_diagnostic = repeat("ż", LIMIT_DIAGNOSTIC);
        mail.headers = xcalloc(LIMIT_HEADERS + 10, sizeof *mail.headers);
        for (int i = 0; i < LIMIT_HEADERS; i++)
                add_header(&mail, "x-ballast", repeat("b", LIMIT_HEADER_VALUE));
        add_header(&mail, "auto-submitted", xstrdup("auto-replied"));
        mail.received = xcalloc(LIMIT_REFERENCES, sizeof *mail.received);
        for (int i = 0; i < LIMIT_REFERENCES; i++)
                mail.received[i].by = repeat("h", 3000);
        mail.parts = xcalloc(500, sizeof *mail.parts);
        for (mail.part_count = 0; mail.part_count < 500; mail.part_count++) {
                mail.parts[mail.part_count].type = xstrdup("application/pdf");
                mail.parts[mail.part_count].filename = repeat("ż", 1000);
        }
        for (int i = 0; i < 500; i++) {
                str_list_add_take(&mail.references, repeat("r", 900));
                str_list_add_take(&mail.returned_ids, repeat("r", 900));
                str_list_add(&mail.recipients, i % 2 ? "someone.with.a.name@example.org" : "nobody");
                str_list_add_take(&mail.problems, repeat("p", 900));
        }
        json = parse_again(record_mail(&mail));
        assert_int_equal(record_mail_from_json(json, &back, NULL), 0);
        assert_true(strlen(back.subject) <= LIMIT_SUBJECT && str_is_utf8(back.subject, strlen(back.subject)));
        assert_null(back.message_id);
        assert_null(back.from);
        assert_true(back.date == ZONE_NO_TIME);
        assert_int_equal(back.received_count, 100000);
        assert_string_equal(mail_header(&back, "auto-submitted"), "auto-replied");
        assert_true(back.recipients.count > 50 && back.references.count > 10);
        assert_true(back.part_count > 20);
        mail_free(&back);
        mail_free(&mail);
        json_decref(json);
}

/* Each member of each object, at any depth, replaced by what it must not be, or taken out. Whether that fails
 * is for each() to say; surviving it is the test. */
static void for_each_change(
    json_t *root, json_t *node, void (*each)(json_t *root, const char *key, const char *value))
{
        struct str_list keys = { 0 };
        json_t *child;
        const char *key;
        size_t index;

        json_array_foreach(node, index, child) for_each_change(root, child, each);
        json_object_foreach(node, key, child) str_list_add(&keys, key);
        for (size_t k = 0; k < keys.count; k++) {
                json_t *kept = json_incref(json_object_get(node, keys.items[k]));

                for_each_change(root, kept, each);
                for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
                        json_object_set_new(node, keys.items[k], load(hostile[i]));
                        each(root, keys.items[k], hostile[i]);
                }
                json_object_set_new(node, keys.items[k], json_stringn("a\0b", 3));
                each(root, keys.items[k], "NUL");
                json_object_del(node, keys.items[k]);
                each(root, keys.items[k], NULL);
                json_object_set_new(node, keys.items[k], kept);
        }
        str_list_free(&keys);
}

static void try_mail(json_t *root, const char *key, const char *value)
{
        struct mail mail = { .from_count = 77 };
        struct err err = { 0 };

        if (record_mail_from_json(root, &mail, &err) == 0) {
                if (!value && strcmp(key, "head") && strcmp(key, "returned_action") &&
                    strcmp(key, "returned_diagnostic"))
                        fail_msg("taken without %s", key);
                mail_free(&mail);
                return;
        }
        assert_int_equal(err.class, ERR_INPUT);
        assert_int_equal(mail.from_count, 77);
        assert_null(mail.subject);
}

static void hostile_mail(void **state)
{
        json_t *json = load(mail_text), *list = json_array();
        static const char *const wrong[][2] = { { "from", "\"jan\"" }, { "from", "\"a@b\\r\\nRCPT\"" },
                { "recipients", "[\"x\"]" }, { "received_count", "3" }, { "received_count", "1" },
                { "subject", "null" }, { "date", "253402300800" }, { "parts", "[5]" },
                { "headers", "[[\"a\"]]" }, { "references", "[null]" } };

        (void)state;
        for_each_change(json, json, try_mail);
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
                json_t *kept = json_incref(json_object_get(json, wrong[i][0]));
                struct mail mail = { 0 };

                json_object_set_new(json, wrong[i][0], load(wrong[i][1]));
                if (record_mail_from_json(json, &mail, NULL) == 0)
                        fail_msg("taken: %s %s", wrong[i][0], wrong[i][1]);
                json_object_set_new(json, wrong[i][0], kept);
        }
        for (int i = 0; i <= LIMIT_REFERENCES; i++)
                json_array_append_new(list, json_string("a@example.org"));
        json_object_set_new(json, "references", list);
        try_mail(json, "references", "too many");
        assert_int_equal(record_mail_from_json(list, &(struct mail){ 0 }, NULL), -1);
        assert_int_equal(record_mail_from_json(NULL, &(struct mail){ 0 }, NULL), -1);
        json_decref(json);
}

/* ---- event and readings */

static const char event_text[] =
    "{\"id\":\"model\",\"ref_prefix\":\"MW\",\"title\":\"Model współpracy\",\"language\":\"pl\","
    "\"timezone\":\"Europe/Warsaw\",\"place\":\"Wałbrzych\",\"provides\":[\"obiad\"],\"starts\":1327564800,"
    "\"ends\":1327586400,\"deadline\":1327330800,\"promote_until\":1327564800,\"seats\":30,\"waitlist\":-1,"
    "\"late_waitlist\":true,\"incomplete_keeps_time\":true,\"per_organisation\":2,"
    "\"quotas\":[{\"field\":\"sector\",\"value\":\"NGO\",\"seats\":20}],\"quota_release\":\"\","
    "\"promotion\":\"automatic\",\"offer_hours\":24,\"together\":true,\"substitution\":true,"
    "\"reminders\":[\"2 days\"],\"requests_answer\":true,\"match_subject\":[\"ankieta\"],"
    "\"match_address\":\"a+mw@example.org\",\"blank_form\":\"/etc/ankieta.docx\",\"privacy_notice\":\"RODO\","
    "\"retain_days\":60,\"form\":["
    "{\"key\":\"name\",\"type\":\"name\",\"required\":true,\"labels\":[\"Imię i nazwisko\"],\"options\":[]},"
    "{\"key\":\"sector\",\"type\":\"choice\",\"required\":false,\"labels\":[\"Sektor\"],"
    "\"options\":[{\"value\":\"NGO\",\"labels\":[\"organizacja\"]},{\"value\":\"JST\",\"labels\":[]}]},"
    "{\"key\":\"email\",\"type\":\"email\",\"required\":true,\"labels\":[\"E-mail\"],\"options\":[]}]}";

static void event_round_trip(void **state)
{
        json_t *json = load(event_text), *back;
        struct event event = { 0 };
        struct err err = { 0 };

        (void)state;
        if (record_event_from_json(json, &event, &err) < 0)
                fail_msg("%s", err.text);
        assert_string_equal(event.title, "Model współpracy");
        assert_int_equal(event.waitlist, -1);
        assert_true(event.late_waitlist && event.incomplete_keeps_time && event.together);
        assert_string_equal(event.quotas[0].value, "NGO");
        assert_string_equal(event.blank_form, "/etc/ankieta.docx");
        assert_int_equal(event.form.count, 3);
        assert_int_equal(event.form.fields[1].type, FIELD_CHOICE);
        assert_string_equal(event.form.fields[1].options[1].value, "JST");
        back = parse_again(record_event(&event));
        assert_true(json_equal(json, back));
        event_free(&event);
        json_decref(back);
        json_decref(json);
}

static void try_event(json_t *root, const char *key, const char *value)
{
        struct event event = { .seats = 77 };
        struct err err = { 0 };

        if (record_event_from_json(root, &event, &err) == 0) {
                if (!value)
                        fail_msg("taken without %s", key);
                event_free(&event);
                return;
        }
        assert_int_equal(err.class, ERR_INPUT);
        assert_int_equal(event.seats, 77);
}

static void hostile_event(void **state)
{
        json_t *json = load(event_text);
        json_t *fields = json_object_get(json, "form");

        (void)state;
        for_each_change(json, json, try_event);
        json_array_append(fields, json_array_get(fields, 0));
        assert_int_equal(record_event_from_json(json, &(struct event){ 0 }, NULL), -1);
        json_decref(json);
        json = load(event_text);
        json_object_set_new(json, "timezone", json_string("Europe/Nowhere"));
        assert_int_equal(record_event_from_json(json, &(struct event){ 0 }, NULL), -1);
        json_decref(json);
}

static struct event shared_event;

static const char reading_text[] =
    "{\"form\":true,\"blank\":false,\"people\":[{\"fields\":{"
    "\"name\":{\"value\":\"Jan Kowalski\",\"confidence\":0.95,\"where\":\"the mail, line 3\"},"
    "\"sector\":{\"value\":\"NGO\",\"confidence\":0.5,\"where\":\"\"}},\"missing\":[\"email\"]},"
    "{\"fields\":{\"name\":{\"value\":\"Anna Nowak\",\"confidence\":1.0,\"where\":\"\"},"
    "\"email\":{\"value\":\"Anna@example.org\",\"confidence\":1.0,\"where\":\"\"}},\"missing\":[]}],"
    "\"problems\":[\"two people\"]}";

static void reading_round_trip(void **state)
{
        json_t *json = load(reading_text), *back;
        struct reading reading = { 0 };
        struct err err = { 0 };

        (void)state;
        if (record_reading_from_json(json, &shared_event.form, &reading, &err) < 0)
                fail_msg("%s", err.text);
        assert_int_equal(reading.people_count, 2);
        assert_int_equal(reading.field_count, 3);
        assert_string_equal(reading.people[0].values[0].value, "Jan Kowalski");
        assert_true(reading.people[0].values[1].confidence == 0.5);
        assert_null(reading.people[0].values[2].value);
        assert_string_equal(reading.people[1].values[2].value, "Anna@example.org");
        back = parse_again(record_reading(&shared_event.form, &reading));
        assert_true(json_equal(json, back));
        reading_free(&reading);
        json_decref(back);
        json_decref(json);
}

/* What only a person who looks on asks for. */
static const char explained_text[] =
    "{\"form\":true,\"blank\":false,\"people\":[{\"fields\":{"
    "\"name\":{\"value\":\"Jan Kowalski\",\"confidence\":0.5,\"where\":\"a.docx, line 3\"}},"
    "\"missing\":[\"email\"],\"why\":{\"name\":\"two different answers\",\"email\":\"no label\"}}],"
    "\"problems\":[],\"labels\":{\"name\":\"a.docx, line 3\"}}";

static void explained_round_trip(void **state)
{
        json_t *json = load(explained_text), *back;
        struct reading reading = { 0 };
        struct err err = { 0 };

        (void)state;
        if (record_reading_from_json(json, &shared_event.form, &reading, &err) < 0)
                fail_msg("%s", err.text);
        assert_string_equal(reading.people[0].values[0].why, "two different answers");
        assert_string_equal(reading.people[0].values[2].why, "no label");
        assert_string_equal(reading.labels[0], "a.docx, line 3");
        assert_null(reading.labels[1]);
        back = record_reading(&shared_event.form, &reading);
        assert_null(json_object_get(back, "labels"));
        record_explain(&shared_event.form, &reading, back);
        back = parse_again(back);
        assert_true(json_equal(json, back));
        reading_free(&reading);
        json_decref(back);
        json_decref(json);
}

static void try_explained(json_t *root, const char *key, const char *value)
{
        struct reading reading = { .field_count = 77 };
        struct err err = { 0 };

        (void)key, (void)value;
        if (record_reading_from_json(root, &shared_event.form, &reading, &err) == 0) {
                reading_free(&reading);
                return;
        }
        assert_int_equal(err.class, ERR_INPUT);
        assert_int_equal(reading.field_count, 77);
}

static void hostile_explanation(void **state)
{
        static const char *const wrong[] = {
                "{\"form\":false,\"blank\":true,\"problems\":[],\"people\":[],\"labels\":{\"pesel\":\"line "
                "1\"}}",
                "{\"form\":false,\"blank\":true,\"problems\":[],\"people\":[],\"labels\":{\"name\":5}}",
                "{\"form\":false,\"blank\":true,\"problems\":[],\"people\":[],\"labels\":[]}",
                "{\"form\":false,\"blank\":false,\"problems\":[],\"people\":[{\"missing\":[],\"fields\":{},"
                "\"why\":{\"pesel\":\"a\"}}]}",
                "{\"form\":false,\"blank\":false,\"problems\":[],\"people\":[{\"missing\":[],\"fields\":{},"
                "\"why\":\"a\"}]}",
        };
        json_t *json = load(explained_text);

        (void)state;
        for_each_change(json, json, try_explained);
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
                json_t *bad = load(wrong[i]);

                if (record_reading_from_json(bad, &shared_event.form, &(struct reading){ 0 }, NULL) == 0)
                        fail_msg("taken: %s", wrong[i]);
                json_decref(bad);
        }
        json_decref(json);
}

static void try_reading(json_t *root, const char *key, const char *value)
{
        struct reading reading = { .field_count = 77 };
        struct err err = { 0 };

        if (record_reading_from_json(root, &shared_event.form, &reading, &err) == 0) {
                if (!value && strcmp(key, "name") && strcmp(key, "email") && strcmp(key, "sector"))
                        fail_msg("taken without %s", key);
                reading_free(&reading);
                return;
        }
        assert_int_equal(err.class, ERR_INPUT);
        assert_int_equal(reading.field_count, 77);
}

static void hostile_reading(void **state)
{
        static const char *const wrong[] = {
                "{\"form\":true,\"blank\":false,\"people\":[],\"problems\":[]}",
                "{\"form\":false,\"blank\":false,\"people\":[5],\"problems\":[]}",
                "{\"form\":false,\"blank\":false,\"problems\":[],\"people\":[{\"missing\":[],\"fields\":"
                "{\"pesel\":{\"value\":\"1\",\"confidence\":1,\"where\":\"\"}}}]}",
                "{\"form\":false,\"blank\":false,\"problems\":[],\"people\":[{\"missing\":[],\"fields\":"
                "{\"sector\":{\"value\":\"junk\",\"confidence\":1,\"where\":\"\"}}}]}",
                "{\"form\":false,\"blank\":false,\"problems\":[],\"people\":[{\"missing\":[],\"fields\":"
                "{\"email\":{\"value\":\"a@b\\r\\nRCPT TO\",\"confidence\":1,\"where\":\"\"}}}]}",
                "{\"form\":false,\"blank\":false,\"problems\":[],\"people\":[{\"missing\":[],\"fields\":"
                "{\"name\":{\"value\":\"Jan\",\"confidence\":1.5,\"where\":\"\"}}}]}",
                "{\"form\":false,\"blank\":false,\"problems\":[],\"people\":[{\"missing\":[\"x\"],\"fields\":"
                "{}}]}",
        };
        json_t *json = load(reading_text), *people, *person;

        (void)state;
        for_each_change(json, json, try_reading);
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
                json_t *bad = load(wrong[i]);

                if (record_reading_from_json(bad, &shared_event.form, &(struct reading){ 0 }, NULL) == 0)
                        fail_msg("taken: %s", wrong[i]);
                json_decref(bad);
        }
        people = json_object_get(json, "people");
        person = json_array_get(people, 0);
        while (json_array_size(people) <= LIMIT_PEOPLE)
                json_array_append(people, person);
        assert_int_equal(
            record_reading_from_json(json, &shared_event.form, &(struct reading){ 0 }, NULL), -1);
        json_decref(json);
}

static int open_event(void **state)
{
        json_t *json = load(event_text);
        int r = record_event_from_json(json, &shared_event, NULL);

        (void)state;
        json_decref(json);
        return r;
}

static int close_event(void **state)
{
        (void)state;
        event_free(&shared_event);
        return 0;
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(hello), cmocka_unit_test(mail_round_trip),
                cmocka_unit_test(older_mail), cmocka_unit_test(empty_mail), cmocka_unit_test(monstrous_mail),
                cmocka_unit_test(hostile_mail), cmocka_unit_test(event_round_trip),
                cmocka_unit_test(hostile_event), cmocka_unit_test(reading_round_trip),
                cmocka_unit_test(hostile_reading), cmocka_unit_test(explained_round_trip),
                cmocka_unit_test(hostile_explanation) };

        return cmocka_run_group_tests(tests, open_event, close_event);
}
