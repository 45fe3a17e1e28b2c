/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: config core base */
/* Run from the project's folder: the configuration in conf/ is one of the cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "config/config.h"
#include "core/zone.h"

#define EVENT "events/model-wspolpracy.conf"

/* A copy of conf/ in a folder of its own. */
struct site {
        char folder[64], file[96];
        struct config *config;
        struct config_problems problems;
};

static char *read_text(const char *path)
{
        struct buf text = BUF_INIT(1024 * 1024);
        struct err err;

        if (io_read_file(path, &text, &err) < 0)
                fail_msg("%s", err.text);
        return buf_detach(&text, NULL);
}

static void write_text(const char *path, const char *text)
{
        struct err err;

        if (io_write_file(path, text, strlen(text), 0600, &err) < 0)
                fail_msg("%s", err.text);
}

static int site_new(void **state)
{
        struct site *s = xcalloc(1, sizeof *s);
        char command[160];

        snprintf(s->folder, sizeof s->folder, "/tmp/test-config-XXXXXX");
        if (!mkdtemp(s->folder))
                return -1;
        snprintf(s->file, sizeof s->file, "%s/zapisyd.conf", s->folder);
        snprintf(command, sizeof command, "cp -r conf/. %s", s->folder);
        *state = s;
        return system(command);
}

static int site_end(void **state)
{
        struct site *s = *state;
        char command[96];

        config_free(s->config);
        config_problems_free(&s->problems);
        snprintf(command, sizeof command, "rm -rf %s", s->folder);
        free(s);
        return system(command);
}

/* Replaces the first occurrence in one of its files; returns its line. */
static int change(struct site *s, const char *name, const char *old, const char *new)
{
        CLEANUP_FREE char *path = xasprintf("%s/%s", s->folder, name);
        CLEANUP_FREE char *text = read_text(path);
        const char *at = strstr(text, old);
        CLEANUP_FREE char *changed = NULL;
        int line = 1;

        if (!at)
                fail_msg("%s is not in %s", old, name);
        changed = xasprintf("%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
        write_text(path, changed);
        for (const char *p = text; p < at; p++)
                line += *p == '\n';
        return line;
}

static int load(struct site *s)
{
        config_free(s->config);
        config_problems_free(&s->problems);
        return config_load(s->file, &s->config, &s->problems);
}

static char *all_problems(const struct site *s)
{
        struct buf text = BUF_INIT(64 * 1024);

        buf_puts(&text, "");
        for (size_t i = 0; i < s->problems.count; i++) {
                CLEANUP_FREE char *line = config_problem_text(&s->problems.items[i]);

                buf_printf(&text, "%s\n", line);
        }
        return buf_detach(&text, NULL);
}

/* Exactly one of the problems is of that file and line and says that. */
static void expect(const struct site *s, const char *name, int line, const char *words)
{
        CLEANUP_FREE char *all = all_problems(s);
        int found = 0;

        for (size_t i = 0; i < s->problems.count; i++) {
                const struct config_problem *problem = &s->problems.items[i];
                const char *end = problem->file + strlen(problem->file) - strlen(name);

                found += end >= problem->file && strcmp(end, name) == 0 && problem->line == line &&
                         strstr(problem->text, words) != NULL;
        }
        if (found != 1)
                fail_msg("%d times \"%s\" at %s:%d in:\n%s", found, words, name, line, all);
}

/* ---- what is right */
static void test_own_configuration(void **state)
{
        struct config *config;
        struct config_problems problems;
        const struct event *event;

        (void)state;
        if (config_load("conf/zapisyd.conf", &config, &problems) < 0 || problems.count)
                fail_msg("%s: %s", problems.items[0].file, problems.items[0].text);
        assert_string_equal(config->mailbox.server.host, "imap.rcwip.pl");
        assert_int_equal(config->mailbox.server.port, 993);
        assert_int_equal(config->mailbox.server.tls, CONFIG_TLS_IMPLICIT);
        assert_int_equal(config->smtp.server.tls, CONFIG_TLS_STARTTLS);
        assert_string_equal(config->smtp.from_name, "Agnieszka Szuba");
        assert_string_equal(config->smtp.from_address, "agnieszka.szuba@rcwip.pl");
        assert_int_equal(config->digest_hour, 7);
        assert_int_equal(config->digest_minute, 30);
        assert_int_equal(config->mailbox.since, 1326063600); /* 2012-01-09, midnight in Warsaw */
        assert_true(config->mailbox.server.password_file[0] == '/');
        assert_non_null(strstr(config->mailbox.server.password_file, "/conf/imap-password"));
        assert_string_equal(config->mailbox.server.ca_file, "");
        assert_true(config->limits.confidence > 0.79 && config->limits.confidence < 0.81);
        assert_int_equal(config->limits.reader_mb, 256);
        assert_true(config_line(config, "mailbox.port") > config_line(config, "mailbox.host"));
        assert_int_equal(config->event_count, 1);
        event = config_event(config, "model-wspolpracy");
        assert_non_null(event);
        assert_null(config_event(config, "other"));
        assert_string_equal(event->title, "Model współpracy JST & NGO");
        assert_int_equal(event->deadline, 1327330800); /* 2012-01-23 16:00 in Warsaw */
        assert_int_equal(event->promote_until, event->starts);
        assert_int_equal(event->ends - event->starts, 6 * 3600);
        assert_int_equal(event->seats, 30);
        assert_int_equal(event->waitlist, 20);
        assert_false(event->late_waitlist || event->requests_answer || event->together);
        assert_true(event->substitution);
        assert_int_equal(event->provides.count, 3);
        assert_int_equal(event->match_subject.count, 2);
        assert_non_null(strstr(event->blank_form, "/conf/forms/ankieta.docx"));
        assert_non_null(strchr(event->privacy_notice, '\n'));
        assert_int_equal(event->form.count, 8);
        assert_string_equal(event->form.fields[2].key, "sector");
        assert_int_equal(event->form.fields[2].option_count, 2);
        assert_true(event->form.fields[0].required);
        assert_non_null(config->letters[config_language("pl")][LETTER_ACCEPTED]);
        assert_null(config->letters[config_language("en")][LETTER_ACCEPTED]); /* no event uses it */
        assert_int_equal(config_language("de"), -1);
        config_free(config);
        config_problems_free(&problems);
}

static void test_english_letters(void **state)
{
        struct site *s = *state;

        change(s, EVENT, "language = \"pl\"", "language = \"en\"");
        assert_int_equal(load(s), 0);
        assert_non_null(s->config->letters[0][LETTER_DIGEST]);
        assert_non_null(s->config->letters[1][LETTER_ACCEPTED]);
}

static void test_defaults(void **state)
{
        struct site *s = *state;

        write_text(s->file,
            "mailbox: { host = \"localhost\"; user = \"\"; tls = \"none\"; };\n"
            "smtp: { host = \"127.0.0.1\"; user = \"\"; tls = \"none\"; from = \"a@EXAMPLE.org\"; };\n"
            "coordinator: { email = \"a@example.org\"; };\n");
        assert_int_equal(load(s), 0);
        assert_int_equal(s->problems.count, 0);
        assert_string_equal(s->config->file, s->file);
        assert_int_equal(s->config->mailbox.server.port, 993);
        assert_int_equal(s->config->smtp.server.port, 587);
        assert_int_equal(s->config->mailbox.server.tls, CONFIG_TLS_NONE);
        assert_string_equal(s->config->mailbox.mark, "keyword");
        assert_true(s->config->mailbox.idle);
        assert_true(s->config->mailbox.since == ZONE_NO_TIME);
        assert_string_equal(s->config->smtp.from_name, "");
        assert_string_equal(s->config->smtp.from_address, "a@example.org");
        assert_string_equal(s->config->timezone, "Europe/Warsaw");
        assert_string_equal(s->config->store_path, "/var/lib/zapisyd/zapisy.db");
        assert_int_equal(s->config->limits.message_mb, 30);
        assert_int_equal(config_line(s->config, "smtp.host"), 2);
        assert_int_equal(config_line(s->config, "smtp.port"), 2); /* its group's */
        assert_int_equal(config_line(s->config, "store.path"), 0);
}

/* ---- what is wrong */
static void test_all_at_once(void **state)
{
        struct site *s = *state;
        int port = change(s, "zapisyd.conf", "port = 993;", "prot = 993;");
        int poll = change(s, "zapisyd.conf", "poll_seconds = 60;", "poll_seconds = \"60\";");
        int zone = change(s, "zapisyd.conf", "timezone = \"Europe/Warsaw\"", "timezone = \"Mars/Base\"");
        int page = change(s, "zapisyd.conf", "page_dir = \"\"", "page_dir = 7");
        int seats = change(s, EVENT, "seats = 30;", "seats = 0;");
        int late = change(s, EVENT, "late = \"refuse\"", "late = \"maybe\"");
        int deadline = change(s, EVENT, "deadline = \"2012-01-23 16:00\"", "deadline = \"2012-02-30 16:00\"");
        int place;

        change(s, "letters/pl/late.txt", "\n\n", "\n\n\n{{nobody}}\n");
        assert_int_equal(load(s), -1);
        assert_null(s->config);
        expect(s, "zapisyd.conf", port, "did you mean \"port\"?");
        expect(s, "zapisyd.conf", poll, "mailbox.poll_seconds must be a whole number");
        expect(s, "zapisyd.conf", zone, "there is no time zone \"Mars/Base\"");
        expect(s, "zapisyd.conf", page, "page_dir must be text");
        expect(s, EVENT, seats, "seats must be a whole number from 1");
        expect(s, EVENT, late, "late must be one of refuse|waitlist");
        expect(s, EVENT, deadline, "deadline");
        place = 0;
        for (size_t i = 0; i < s->problems.count; i++)
                if (strstr(s->problems.items[i].text, "nobody"))
                        place = s->problems.items[i].line;
        assert_int_equal(place, 4);
        assert_int_equal(s->problems.count, 8);
}

static void test_syntax(void **state)
{
        struct site *s = *state;
        int line = change(s, "zapisyd.conf", "port = 993;", "port = ;");

        assert_int_equal(load(s), -1);
        expect(s, "zapisyd.conf", line, "syntax error");
        change(s, "zapisyd.conf", "port = ;", "port = 1;");
        line = change(s, EVENT, "seats = 30;", "seats = 30 30;");
        change(s, "zapisyd.conf", "idle = true", "idle = \"yes\"");
        assert_int_equal(load(s), -1);
        expect(s, EVENT, line, "syntax error");
        assert_int_equal(s->problems.count, 2);
}

static void test_missing(void **state)
{
        struct site *s = *state;

        write_text(s->file, "mailbox: { user = \"a\"; };\nsmtp = 5;\nevents_dir = \"nowhere\";\n");
        assert_int_equal(load(s), -1);
        expect(s, "zapisyd.conf", 1, "mailbox.host is missing");
        expect(s, "zapisyd.conf", 2, "smtp must be a group");
        expect(s, "zapisyd.conf", 0, "coordinator.email is missing");
        expect(s, "zapisyd.conf", 3, "nowhere");
        unlink(s->file);
        assert_int_equal(load(s), -1);
        assert_int_equal(s->problems.count, 1);
}

struct slip {
        const char *file, *old, *new, *words;
};

/* Each alone; the problem stands in the line of the change. */
static void test_impossible_values(void **state)
{
        static const struct slip slips[] = {
                { "zapisyd.conf", "port = 993", "port = 70000", "from 1 to 65535" },
                { "zapisyd.conf", "port = 993", "port = 99.5", "whole number" },
                { "zapisyd.conf", "tls = \"implicit\"", "tls = \"none\"", "this computer only" },
                { "zapisyd.conf", "tls = \"implicit\"", "tls = \"ssl\"", "one of implicit|starttls|none" },
                { "zapisyd.conf", "host = \"imap.rcwip.pl\"", "host = \"imap rcwip\"",
                    "no name of a server" },
                { "zapisyd.conf", "ca_file = \"\"", "ca_file = \"no.pem\"", "no.pem" },
                { "zapisyd.conf", "user = \"agnieszka", "user = \"a\\r\\nb", "control character" },
                { "zapisyd.conf", "auth = \"password\"", "auth = \"xoauth2\"", "needs mailbox.token_file" },
                { "zapisyd.conf", "auth = \"password\"", "auth = \"plain\"", "password|xoauth2" },
                { "zapisyd.conf", "password_file = \"imap-password\"", "password_file = \"\"", "empty" },
                { "zapisyd.conf", "folder = \"INBOX\"", "folder = \"\"", "must not be empty" },
                { "zapisyd.conf", "since = \"2012-01-09\"", "since = \"wczoraj\"", "since" },
                { "zapisyd.conf", "idle = true", "idle = 1", "true or false" },
                { "zapisyd.conf", "mark = \"keyword\"", "mark = \"move:\"", "move:FOLDER" },
                { "zapisyd.conf", "trusted_received_by = []", "trusted_received_by = [1]", "text in quotes" },
                { "zapisyd.conf", "trusted_received_by = []", "trusted_received_by = \"a\"",
                    "list of texts" },
                { "zapisyd.conf", "from = \"Agnieszka Szuba <", "from = \"Agnieszka <<", "name@example.org" },
                { "zapisyd.conf", "email = \"agnieszka.szuba@rcwip.pl\"", "email = \"nobody\"",
                    "no mail address" },
                { "zapisyd.conf", "digest_at = \"07:30\"", "digest_at = \"25:00\"", "time of the day" },
                { "zapisyd.conf", "confidence = 0.8", "confidence = 1.5", "a number from 0 to 1" },
                { "zapisyd.conf", "reader_mb = 256", "reader_mb = 0", "whole number" },
                { EVENT, "id = \"model-wspolpracy\"", "id = \"model współpracy\"", "letters, digits" },
                { EVENT, "ref_prefix = \"MW\"", "ref_prefix = \"mw\"", "A-Z" },
                { EVENT, "ref_prefix = \"MW\"", "ref_prefix = \"ABCDEFGHI\"", "1 to 8" },
                { EVENT, "language = \"pl\"", "language = \"de\"", "pl|en" },
                { EVENT, "ends = \"2012-01-26 15:00\"", "ends = \"2012-01-26 09:00\"", "ends before" },
                { EVENT, "deadline = \"2012-01-23 16:00\"", "deadline = \"2012-01-26 09:01\"",
                    "after the start" },
                { EVENT, "deadline = \"2012-01-23 16:00\"", "deadline = \"2011-10-30 02:30\"", "deadline" },
                { EVENT, "deadline = \"2012-01-23 16:00\"", "deadline = \"2011-03-27 02:30\"", "deadline" },
                { EVENT, "deadline = \"2012-01-23 16:00\"", "deadline = \"\"", "deadline must not be empty" },
                { EVENT, "promote_until = \"\"", "promote_until = \"soon\"", "promote_until" },
                { EVENT, "timezone = \"Europe/Warsaw\"", "timezone = \"Europa/Warszawa\"", "no time zone" },
                { EVENT, "waitlist = 20", "waitlist = -2", "from -1" },
                { EVENT, "promotion = \"automatic\"", "promotion = \"offer\"", "supported by this version" },
                { EVENT, "promotion = \"automatic\"", "promotion = \"never\"", "automatic|offer|manual" },
                { EVENT, "reminders = ( \"2 days\" )", "reminders = ( \"soon\" )", "2 days" },
                { EVENT, "requests = \"review\"", "requests = \"ignore\"", "review|answer" },
                { EVENT, "address = \"\"", "address = \"zapisy\"", "no mail address" },
                { EVENT, "blank_form = \"forms/ankieta.docx\"", "blank_form = \"forms/none.docx\"",
                    "none.docx" },
                { EVENT, "blank_form = \"forms/ankieta.docx\"", "blank_form = \"forms\"", "not a file" },
                { EVENT, "quotas = ();", "quotas = ( { field = \"town\"; value = \"a\"; seats = 1; } );",
                    "town" },
                { EVENT, "quotas = ();", "quotas = ( { field = \"sector\"; value = \"UE\"; seats = 1; } );",
                    "UE" },
                { EVENT, "quotas = ();", "quotas = ( { field = \"sector\"; value = \"NGO\"; } );",
                    "seats is missing" },
                { EVENT, "key = \"diet\"; type = \"text\"", "key = \"phone\"; type = \"text\"",
                    "two fields with the key" },
                { EVENT, "key = \"diet\"", "key = \"Dieta\"", "a-z" },
                { EVENT, "type = \"phone\"", "type = \"fax\"", "type must be one of" },
                { EVENT, "key = \"name\"; type = \"name\"", "key = \"name\"; typ = \"name\"",
                    "did you mean \"type\"" },
                { EVENT, "\"E-mail\", \"Adres e-mail\"", "\"E-mail\", \"TELEFON\"", "belongs to the fields" },
                { EVENT, "labels = ( \"Sektor\" )", "labels = ()", "needs a label" },
                { EVENT, "labels = ( \"Sektor\" )", "labels = ( \"...\" )", "has no letter" },
                { EVENT, "key = \"diet\"; type = \"text\"", "key = \"diet\"; type = \"choice\"",
                    "needs options" },
        };
        struct site *s = *state;

        for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
                const struct slip *slip = &slips[i];
                int line = change(s, slip->file, slip->old, slip->new);

                if (load(s) == 0)
                        fail_msg("nothing wrong with %s", slip->new);
                expect(s, slip->file, line, slip->words);
                change(s, slip->file, slip->new, slip->old);
        }
        assert_int_equal(load(s), 0);
}

static void test_no_name_field(void **state)
{
        struct site *s = *state;

        change(s, EVENT, "type = \"name\"", "type = \"text\"");
        assert_int_equal(load(s), -1);
        assert_non_null(strstr(s->problems.items[0].text, "must be of type \"name\""));
}

static void test_several_events(void **state)
{
        struct site *s = *state;
        CLEANUP_FREE char *from = xasprintf("%s/%s", s->folder, EVENT);
        CLEANUP_FREE char *to = xasprintf("%s/events/z-second.conf", s->folder);
        CLEANUP_FREE char *text = read_text(from);
        int id, prefix;

        write_text(to, text);
        assert_int_equal(load(s), -1);
        id = change(s, "events/z-second.conf", "id = \"model-wspolpracy\"", "id = \"second\"");
        expect(s, "events/z-second.conf", id, "the id \"model-wspolpracy\" is taken by");
        assert_int_equal(s->problems.count, 2);
        assert_int_equal(load(s), -1);
        prefix = change(s, "events/z-second.conf", "ref_prefix = \"MW\"", "ref_prefix = \"DR\"");
        expect(s, "events/z-second.conf", prefix, "the ref_prefix \"MW\" is taken by");
        assert_int_equal(load(s), 0);
        assert_int_equal(s->config->event_count, 2);
        assert_string_equal(s->config->events[0].id, "model-wspolpracy");
        assert_string_equal(s->config->events[1].id, "second");
}

static void test_missing_letter(void **state)
{
        struct site *s = *state;
        CLEANUP_FREE char *path = xasprintf("%s/letters/pl/held.txt", s->folder);

        unlink(path);
        assert_int_equal(load(s), -1);
        assert_int_equal(s->problems.count, 1);
        expect(s, "letters/pl/held.txt", 0, "held.txt");
}

static void test_warnings(void **state)
{
        struct site *s = *state;
        CLEANUP_FREE char *path = xasprintf("%s/imap-password", s->folder);
        int line = change(s, EVENT, "together = false", "together = true");

        write_text(path, "secret\n");
        chmod(path, 0644);
        assert_int_equal(load(s), 0); /* worth saying, and no reason to stay away */
        assert_non_null(s->config);
        assert_int_equal(s->problems.count, 2);
        assert_true(s->problems.items[0].warning && s->problems.items[1].warning);
        assert_non_null(strstr(s->problems.items[0].text, "can be read by everybody"));
        expect(s, EVENT, line, "not followed");
}

/* ---- passwords */
static void test_secrets(void **state)
{
        struct site *s = *state;
        CLEANUP_FREE char *path = xasprintf("%s/imap-password", s->folder);
        CLEANUP_FREE char *credentials = xasprintf("%s/credentials", s->folder);
        CLEANUP_FREE char *other = xasprintf("%s/imap-password", credentials);
        struct config_server server;
        struct err err;
        char *secret;

        assert_int_equal(load(s), 0);
        server = s->config->mailbox.server;
        assert_int_equal(config_secret(&server, NULL, &secret, &err), -1);
        assert_int_equal(err.class, ERR_PERM);
        assert_non_null(strstr(err.text, path));
        assert_non_null(strstr(err.text, "LoadCredential=imap-password"));
        write_text(path, "zażółć 1\n");
        assert_int_equal(config_secret(&server, NULL, &secret, &err), 0);
        assert_string_equal(secret, "zażółć 1");
        free(secret);
        mkdir(credentials, 0700);
        assert_int_equal(config_secret(&server, credentials, &secret, &err), 0); /* not there: the file */
        free(secret);
        write_text(other, "from systemd");
        assert_int_equal(config_secret(&server, credentials, &secret, &err), 0);
        assert_string_equal(secret, "from systemd");
        free(secret);
        write_text(path, "two\nlines\n");
        assert_int_equal(config_secret(&server, NULL, &secret, &err), -1);
        assert_null(strstr(err.text, "two"));
        write_text(path, "\n");
        assert_int_equal(config_secret(&server, NULL, &secret, &err), -1);
        server.user = server.ca_file; /* empty */
        assert_int_equal(config_secret(&server, NULL, &secret, &err), 0);
        assert_string_equal(secret, "");
        free(secret);
}

#define WITH_SITE(test) cmocka_unit_test_setup_teardown(test, site_new, site_end)

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_own_configuration),
                WITH_SITE(test_english_letters),
                WITH_SITE(test_defaults),
                WITH_SITE(test_all_at_once),
                WITH_SITE(test_syntax),
                WITH_SITE(test_missing),
                WITH_SITE(test_impossible_values),
                WITH_SITE(test_no_name_field),
                WITH_SITE(test_several_events),
                WITH_SITE(test_missing_letter),
                WITH_SITE(test_warnings),
                WITH_SITE(test_secrets),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
