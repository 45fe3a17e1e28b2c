/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mailbox's side of the intake line: what fetch says and is told. */
#include <stdlib.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"
#include "config/config.h"
#include "core/zone.h"
#include "keeper/alarm.h"
#include "keeper/helper.h"
#include "keeper/line.h"
#include "keeper/sent.h"
#include "keeper/tokens.h"
#include "store/store.h"

void mailbox_credit(struct intake_line *line, size_t window)
{
        size_t out = line->jobs + line->credit;

        if (out >= window)
                return;
        helper_send(
            line->fetch, json_pack("{s:s, s:I}", "op", "credit", "messages", (json_int_t)(window - out)), -1);
        line->credit = window - line->jobs;
}

/* For tests: patience in seconds for each step, instead of fetch's own. */
static int test_seconds(void)
{
        const char *text = getenv("ZAPISYD_IMAP_SECONDS");
        int64_t seconds;

        return text && str_to_int(text, 1, 600, &seconds) == 0 ? (int)seconds : 0;
}

static json_t *open_record(const struct intake_line *line)
{
        const struct config_mailbox *mailbox = &line->keeper->config->mailbox;
        const struct config_server *server = &mailbox->server;
        int seconds = test_seconds();
        json_t *json = json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:b, s:i, s:s, s:b, s:b, s:i}",
            "op", "open", "host", server->host, "port", server->port, "tls", config_tls_name(server->tls),
            "ca_file", server->ca_file, "user", server->user, "auth", server->auth, "folder", mailbox->folder,
            "idle", mailbox->idle && trouble_allows_idle(line), "poll_seconds", mailbox->poll_seconds, "mark",
            mailbox->mark, "once", line->keeper->once, "check", false, "message_mb",
            line->keeper->config->limits.message_mb);

        if (json && seconds)
                json_object_set_new(json, "timeout_seconds", json_integer(seconds));
        return json;
}

/* Of a password it is looked for again when fetch is started again; of a token, there will be news. */
static void no_login(struct intake_line *line, bool token, const char *why)
{
        keeper_state(line->keeper, "mailbox", "error", why);
        line->keeper->trouble = true;
        if (token) {
                line->failed = true;
                keeper_kick(line->keeper);
        } else {
                helper_restart(line->fetch, NULL);
        }
}

static void open_mailbox(struct intake_line *line)
{
        const struct config_server *server = &line->keeper->config->mailbox.server;
        const char *why = "";
        int secret = -1, have = keeper_login(line->keeper, server, &secret, &why);

        line->wants_login = config_uses_token(server) && have <= 0;
        if (have < 0)
                no_login(line, line->wants_login, why);
        if (have <= 0)
                return;
        line->failed = false;
        helper_send(line->fetch, open_record(line), secret);
        io_close(&secret);
}

void intake_line_token_news(struct intake_line *line)
{
        if (line->wants_login && helper_is_ready(line->fetch))
                open_mailbox(line);
}

static void fetch_ready(void *owner)
{
        struct intake_line *line = owner;

        line->drained = line->marking = line->failed = line->token_again = false;
        line->credit = 0;
        open_mailbox(line);
        keeper_greeted(line->keeper);
}

static void on_mailbox(struct intake_line *line, const json_t *json)
{
        json_int_t uidvalidity;
        uint32_t after = 0;
        struct err err;
        json_t *scan;

        if (wire_integer(json, "uidvalidity", 1, UINT32_MAX, &uidvalidity, NULL) < 0) {
                helper_restart(line->fetch, "a record that makes no sense");
                return;
        }
        line->uidvalidity = (uint32_t)uidvalidity;
        line->drained = line->skipped = false;
        trouble_mailbox(line, json);
        line->check_marks = true;
        line->online = true;
        tokens_worked(line->keeper->tokens, &line->keeper->config->mailbox.server);
        if (store_scan_get(line->keeper->store, line->uidvalidity, &after, &err) < 0)
                log_error("%s", err.text); /* all is scanned then; what is known is found again */
        scan = json_pack("{s:s, s:I, s:I, s:I}", "op", "scan", "uidvalidity", uidvalidity, "after",
            (json_int_t)after, "since", (json_int_t)line->keeper->registrar.since);
        trouble_scan(line, after, scan);
        helper_send(line->fetch, scan, -1);
        mailbox_credit(line, LINE_FIRST_CREDIT);
        sent_online(line->keeper->sent, line->fetch);
}

static void on_message(struct intake_line *line, struct wire_record *record)
{
        /* Headers and structure around the bytes that message_mb allows. */
        size_t max = ((size_t)line->keeper->config->limits.message_mb + 1) << 20;
        struct err err;
        struct job *job;

        if (!line->credit) {
                helper_restart(line->fetch, "more messages than it was allowed");
                return;
        }
        job = job_new(record, max, &err);
        if (!job) {
                helper_restart(line->fetch, err.text);
                return;
        }
        if (!job->intake.whole && job->intake.internaldate >= line->keeper->registrar.since)
                job->intake.failure = xasprintf("larger than the %d MB that limits.message_mb allows",
                    line->keeper->config->limits.message_mb);
        line->credit--;
        line->drained = false;
        line->trouble.handed_over = true;
        line_add(line, job);
        reading_ask(line);
        if (line_has_batch(line))
                keeper_kick(line->keeper);
}

static void on_state(struct intake_line *line, const json_t *json)
{
        const char *state = "", *kind = "";

        trouble_state(line, json);
        wire_string(json, "state", 32, &state, NULL);
        if (!str_equal(state, "error"))
                return;
        wire_string(json, "error", 16, &kind, NULL);
        line->token_again = str_equal(kind, "token") &&
                            tokens_refused(line->keeper->tokens, &line->keeper->config->mailbox.server);
        if (line->token_again)
                return;
        line->failed = true;
        line->keeper->trouble = true;
        keeper_kick(line->keeper);
}

static void on_marked(struct intake_line *line, const json_t *json, bool done)
{
        const json_t *uids = json_object_get(json, "uids"), *item;
        uint32_t list[LINE_MARKS];
        const char *detail = "";
        json_int_t uidvalidity;
        size_t count = 0, i;
        struct err err;

        if (wire_integer(json, "uidvalidity", 1, UINT32_MAX, &uidvalidity, NULL) < 0) {
                helper_restart(line->fetch, "a record that makes no sense");
                return;
        }
        line->marking = false;
        line->check_marks = true;
        line->trouble.mark_deaths = 0;
        json_array_foreach(uids, i, item) if (json_is_integer(item) && json_integer_value(item) > 0 &&
                                              json_integer_value(item) <= UINT32_MAX && count < LINE_MARKS)
            list[count++] = (uint32_t)json_integer_value(item);
        if (!done) {
                wire_string(json, "detail", LIMIT_HEADER_VALUE, &detail, NULL);
                trouble_unmarked(line, detail);
        }
        /* What the server refuses to mark is not asked for again and again. */
        if (keeper_begin(line->keeper, &err) < 0 ||
            store_message_set_marked(line->keeper->store, (uint32_t)uidvalidity, list, count, &err) < 0 ||
            store_commit(line->keeper->store, &err) < 0)
                keeper_failed(line->keeper, "remembering marks", &err);
        keeper_kick(line->keeper);
}

static void on_drained(struct intake_line *line, const json_t *json)
{
        json_int_t upto;

        if (wire_integer(json, "upto", 0, UINT32_MAX, &upto, NULL) < 0)
                return;
        line->drained = true;
        line->passed = false;
        line->upto = (uint32_t)upto;
        trouble_well(line);
        keeper_kick(line->keeper);
}

bool intake_line_is_online(const struct intake_line *line)
{
        return line->online;
}

void intake_line_put(struct intake_line *line, const struct store_letter *letter)
{
        struct err err;
        int fd = io_memfd("letter", letter->bytes, letter->size, &err);

        if (fd < 0) {
                alarm_put(line->keeper, err.text);
                return;
        }
        helper_send(line->fetch,
            json_pack("{s:s, s:I, s:s, s:s, s:I, s:b}", "op", "append", "id", (json_int_t)letter->id,
                "folder", line->keeper->config->mailbox.folder, "message_id", letter->message_id,
                "internaldate", (json_int_t)letter->queued_at, "unread", true),
            fd);
        io_close(&fd);
}

static void on_appended(struct intake_line *line, const json_t *json, bool done)
{
        const char *detail = "refused";
        json_int_t id = 0;

        wire_integer(json, "id", 1, INT64_MAX, &id, NULL);
        wire_string(json, "detail", LIMIT_HEADER_VALUE, &detail, NULL);
        if (id && id == line->keeper->alarm_letter)
                alarm_put(line->keeper, done ? NULL : detail);
        else
                sent_answered(line->keeper->sent, json, done);
}

static void fetch_record(void *owner, struct wire_record *record)
{
        struct intake_line *line = owner;
        const char *op = wire_op(record->json);

        if (str_equal(op, "message"))
                on_message(line, record);
        else if (str_equal(op, "drained"))
                on_drained(line, record->json);
        else if (str_equal(op, "mailbox"))
                on_mailbox(line, record->json);
        else if (str_equal(op, "state"))
                on_state(line, record->json);
        else if (str_equal(op, "marked") || str_equal(op, "unmarked"))
                on_marked(line, record->json, str_equal(op, "marked"));
        else if (str_equal(op, "appended") || str_equal(op, "unappended"))
                on_appended(line, record->json, str_equal(op, "appended"));
        else
                log_warning("zapisy-fetch: a record of unknown kind");
}

static void fetch_gone(void *owner)
{
        struct intake_line *line = owner;

        trouble_gone(line);
        line->drained = line->marking = false;
        line->credit = 0;
        line->failed = !line->token_again;
        line->wants_login = line->online = false;
        alarm_put(line->keeper, "the connection to the mailbox broke");
        sent_offline(line->keeper->sent, true);
        line->keeper->trouble = line->keeper->trouble || (line->failed && !line->scanned);
        keeper_kick(line->keeper);
}

void mailbox_send_marks(struct intake_line *line)
{
        uint32_t *uids = NULL;
        size_t count = 0;
        json_t *list;
        struct err err;

        if (!line->check_marks || line->marking || !line->uidvalidity || line->failed ||
            !helper_is_ready(line->fetch))
                return;
        line->check_marks = false;
        if (str_equal(line->keeper->config->mailbox.mark, "none") || !trouble_allows_marks(line))
                return;
        if (store_message_unmarked(line->keeper->store, line->uidvalidity, &uids, &count, &err) < 0) {
                log_error("%s", err.text);
                return;
        }
        if (count) {
                list = json_array();
                for (size_t i = 0; i < count && i < LINE_MARKS; i++)
                        json_array_append_new(list, json_integer(uids[i]));
                helper_send(line->fetch,
                    json_pack("{s:s, s:I, s:o}", "op", "mark", "uidvalidity", (json_int_t)line->uidvalidity,
                        "uids", list),
                    -1);
                line->marking = true;
        }
        free(uids);
}

const struct helper_calls mailbox_calls = {
        .ready = fetch_ready, .record = fetch_record, .gone = fetch_gone, .unfit = line_unfit
};
