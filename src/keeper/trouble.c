/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keeper/trouble.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"
#include "config/config.h"
#include "keeper/helper.h"
#include "keeper/line.h"
#include "store/store.h"

enum {
        HOUR_MS = 3600 * 1000,
        SOON_MS = 20 * 1000, /* a connection that ends within this time of its beginning did not work */
        IDLE_DEATHS = 6,
        MARK_DEATHS = 3,
        /* How often a message that is asked for by itself may be the last thing that was asked. With the waits
         * between the attempts some minutes pass: a server that is only away for a while is well again then. */
        BLAMES = 8,
        AVOID = 1000,
};

/* In the store, so that it also helps from one --once to the next: "uidvalidity uid times" of the message that was
 * being asked for; uid 0 when it is not known. */
static const char blame_key[] = "mailbox-blame";

struct blame {
        unsigned int uidvalidity, uid, times;
};

void trouble_free(struct trouble *trouble)
{
        free(trouble->said);
        free(trouble->marks_said);
        *trouble = (struct trouble){ 0 };
}

/* Whether it is worth a line: not the same words again within the hour. */
static bool is_news(char **said, int64_t *said_at, const char *text)
{
        const int64_t now = io_monotonic_ms();

        if (*said && str_equal(*said, text) && now - *said_at < HOUR_MS)
                return false;
        free(*said);
        *said = xstrdup(text);
        *said_at = now;
        return true;
}

/* ---- Who is to blame */

static struct blame blame_read(struct intake_line *line)
{
        CLEANUP_FREE char *text = NULL;
        struct blame blame = { 0 };
        struct err err;

        if (store_meta_get(line->keeper->store, blame_key, &text, &err) < 0 || !text ||
            sscanf(text, "%u %u %u", &blame.uidvalidity, &blame.uid, &blame.times) != 3)
                return (struct blame){ 0 };
        return blame;
}

static int blame_write(
    struct intake_line *line, const struct blame *blame, const char *detail, struct err *err)
{
        CLEANUP_FREE char *text = xasprintf("%u %u %u", blame->uidvalidity, blame->uid, blame->times);
        CLEANUP_FREE char *reason = xasprintf("the mail server does not hand this message over: %s", detail);

        if (!blame->uid || blame->times < BLAMES)
                return store_meta_set(line->keeper->store, blame_key, text, err);
        log_error("message %u is left to a person after %u attempts", blame->uid, blame->times);
        if (registrar_withheld(&line->keeper->registrar, blame->uidvalidity, blame->uid, reason, err) < 0)
                return -1;
        return store_meta_set(line->keeper->store, blame_key, "0 0 1", err);
}

/* An error in the middle of a pass. */
static void blame_message(struct intake_line *line, const json_t *json, const char *detail)
{
        json_int_t uidvalidity = 0, uid = 0;
        struct blame blame = blame_read(line);
        struct err err;

        wire_integer(json, "uidvalidity", 0, UINT32_MAX, &uidvalidity, NULL);
        wire_integer(json, "uid", 0, UINT32_MAX, &uid, NULL);
        if (blame.uidvalidity != uidvalidity || blame.uid != uid)
                blame = (struct blame){ .uidvalidity = (unsigned int)uidvalidity, .uid = (unsigned int)uid };
        blame.times++;
        if (keeper_begin(line->keeper, &err) < 0 || blame_write(line, &blame, detail, &err) < 0 ||
            store_commit(line->keeper->store, &err) < 0)
                keeper_failed(line->keeper, "remembering what failed", &err);
}

void trouble_scan(struct intake_line *line, uint32_t after, json_t *scan)
{
        uint32_t *uids = NULL;
        size_t count = 0;
        struct err err;
        json_t *avoid;

        if (!blame_read(line).times)
                return;
        json_object_set_new(scan, "one_by_one", json_true());
        if (store_message_bare(line->keeper->store, line->uidvalidity, after, &uids, &count, &err) < 0) {
                log_error("%s", err.text);
                return;
        }
        avoid = json_array();
        for (size_t i = 0; i < count && i < AVOID; i++)
                json_array_append_new(avoid, json_integer(uids[i]));
        json_object_set_new(scan, "avoid", avoid);
        free(uids);
}

/* ---- The connection */

static void count_mark_death(struct trouble *t)
{
        if (++t->mark_deaths != MARK_DEATHS)
                return;
        log_warning("mailbox: marking registration mail breaks the connection; it is tried again in an hour");
        t->marks_hold_at = io_monotonic_ms();
}

void trouble_state(struct intake_line *line, const json_t *json)
{
        struct trouble *t = &line->trouble;
        const char *state = "", *detail = "";

        wire_string(json, "state", 32, &state, NULL);
        wire_string(json, "detail", LIMIT_HEADER_VALUE, &detail, NULL);
        keeper_state(line->keeper, "mailbox", state, detail);
        if (str_equal(state, "polling"))
                log_info("mailbox: %s", detail);
        if (!str_equal(state, "error")) {
                t->idling = str_equal(state, "idle");
                return;
        }
        if (is_news(&t->said, &t->said_at, detail))
                log_error("mailbox: %s", detail);
        if (json_is_true(json_object_get(json, "marking")))
                count_mark_death(t);
        else if (t->online_at && !line->drained)
                blame_message(line, json, detail);
}

void trouble_mailbox(struct intake_line *line, const json_t *json)
{
        const char *mark = line->keeper->config->mailbox.mark;
        struct trouble *t = &line->trouble;
        bool keywords = true, read_only = false;

        t->online_at = io_monotonic_ms();
        wire_bool(json, "keywords", &keywords, NULL);
        wire_bool(json, "read_only", &read_only, NULL);
        t->unmarkable = read_only || (str_equal(mark, "keyword") && !keywords);
        if (t->unmarkable)
                trouble_unmarked(line, read_only ? "the mailbox can only be read; use mailbox.mark = \"none\""
                                                 : "the server keeps no new keywords in this mailbox; use "
                                                   "mailbox.mark = \"move:FOLDER\" or \"none\"");
}

void trouble_gone(struct intake_line *line)
{
        struct trouble *t = &line->trouble;
        const bool worked = t->online_at && io_monotonic_ms() - t->online_at > SOON_MS;

        if (worked)
                helper_succeeded(line->fetch); /* no row of failures */
        t->idle_deaths = t->idling && !worked ? t->idle_deaths + 1 : t->idling ? 0 : t->idle_deaths;
        if (t->idling && t->idle_deaths == IDLE_DEATHS)
                log_warning(
                    "mailbox: waiting for mail with IDLE breaks the connection; looking every %d seconds "
                    "instead",
                    line->keeper->config->mailbox.poll_seconds);
        t->idling = t->handed_over = false;
        t->online_at = 0;
}

void trouble_well(struct intake_line *line)
{
        const struct blame blame = blame_read(line);
        struct trouble *t = &line->trouble;
        struct err err;

        if (t->handed_over) { /* real work */
                helper_succeeded(line->fetch);
                t->idle_deaths = 0;
        }
        t->handed_over = false;
        if (t->said)
                log_info("mailbox: it can be read again");
        free(t->said);
        t->said = NULL;
        if (blame.times && (keeper_begin(line->keeper, &err) < 0 ||
                               store_meta_set(line->keeper->store, blame_key, NULL, &err) < 0 ||
                               store_commit(line->keeper->store, &err) < 0))
                keeper_failed(line->keeper, "forgetting what failed", &err);
}

bool trouble_allows_idle(const struct intake_line *line)
{
        return line->trouble.idle_deaths < IDLE_DEATHS;
}

/* ---- Marks */

bool trouble_allows_marks(struct intake_line *line)
{
        struct trouble *t = &line->trouble;

        if (t->marks_hold_at && io_monotonic_ms() - t->marks_hold_at > HOUR_MS) {
                t->marks_hold_at = 0;
                t->mark_deaths = 0;
        }
        return !t->unmarkable && !t->marks_hold_at;
}

void trouble_unmarked(struct intake_line *line, const char *detail)
{
        struct trouble *t = &line->trouble;

        if (is_news(&t->marks_said, &t->marks_said_at, detail))
                log_warning("registration mail is not marked: %s", detail);
}
