/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keeper/sent.h"

#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"
#include "config/config.h"
#include "core/zone.h"
#include "keeper/helper.h"
#include "keeper/keeper.h"
#include "store/store.h"

enum {
        GROUP = 16, /* with zapisy-fetch at a time */
        GIVE_UP =
            5 * 24 * 3600,    /* a copy older than this, or after as many tries as there are waits and one */
        ONCE_MS = 120 * 1000, /* --once waits so long for copies, when all else is done */
};

/* Seconds before the next try of a copy that failed so often, and of all of them after so many failures. */
static const int waits[] = { 60, 5 * 60, 30 * 60, 2 * 3600, 4 * 3600 };
enum { WAITS = sizeof waits / sizeof waits[0] };

struct flight {
        struct store_copy copy;
        bool answered, done, cut; /* cut: by the end of the connection, which is said elsewhere */
        char *detail;             /* owned; NULL when done */
};

struct sent {
        struct keeper *keeper;
        struct helper *fetch; /* NULL: not logged in */
        struct flight flights[GROUP];
        size_t count;
        int64_t handed;         /* copies up to that id may have been made */
        int failures;           /* in a row */
        int64_t resting_until;  /* monotonic ms: no copy is tried until then */
        int64_t once_until;     /* monotonic ms; 0: not yet set */
        bool look;              /* there may be one due */
        bool said;              /* that copies fail */
        sd_event_source *timer; /* the next that is due, or the end of a rest */
};

int sent_new(struct keeper *keeper, struct sent **ret_sent, struct err *err)
{
        struct sent *sent = xcalloc(1, sizeof *sent);

        sent->keeper = keeper;
        sent->look = true;
        if (store_copy_last(keeper->store, &sent->handed, err) < 0) {
                free(sent);
                return -1;
        }
        *ret_sent = sent;
        return 0;
}

static void clear(struct sent *sent)
{
        for (size_t i = 0; i < sent->count; i++)
                free(sent->flights[i].detail);
        sent->count = 0;
}

void sent_free(struct sent *sent)
{
        if (!sent)
                return;
        sd_event_source_disable_unref(sent->timer);
        clear(sent);
        free(sent);
}

static const char *folder_of(const struct sent *sent)
{
        return sent->keeper->config->mailbox.sent_folder;
}

int sent_note(struct sent *sent, int64_t letter, struct err *err)
{
        if (str_is_empty(folder_of(sent)))
                return 0;
        sent->look = true;
        return store_copy_add(sent->keeper->store, letter, sent->keeper->registrar.now, err);
}

/* ---- zapisy-fetch */
static bool rests(const struct sent *sent)
{
        return sent->resting_until > io_monotonic_ms();
}

static void wake_in(struct sent *sent, int64_t ms);

/* All of them rest: the reason is more often the folder than the letter. */
static void rest(struct sent *sent)
{
        int64_t wait;

        if (rests(sent))
                return;
        wait = waits[sent->failures < WAITS ? sent->failures : WAITS - 1] * 1000LL;
        sent->failures++;
        sent->resting_until = io_monotonic_ms() + wait;
        wake_in(sent, wait);
}

static void note_answer(struct flight *flight, const char *detail)
{
        flight->answered = true;
        flight->done = !detail;
        flight->detail = detail ? xstrdup(detail) : NULL;
}

void sent_online(struct sent *sent, struct helper *fetch)
{
        sent->fetch = fetch;
        sent->look = true;
        keeper_kick(sent->keeper);
}

/* The first without an answer may have been what ended it; the others had not been looked at. */
void sent_offline(struct sent *sent, bool by_itself)
{
        size_t left = 0;

        if (!sent)
                return;
        sent->fetch = NULL;
        for (size_t i = 0; i < sent->count; i++) {
                struct flight *flight = &sent->flights[i];

                if (!flight->answered && !by_itself)
                        continue;
                if (!flight->answered) {
                        note_answer(flight, "the connection ended meanwhile");
                        flight->cut = true;
                        rest(sent);
                        by_itself = false;
                }
                sent->flights[left++] = *flight;
        }
        sent->count = left;
        sent->look = true;
        keeper_kick(sent->keeper);
}

void sent_answered(struct sent *sent, const json_t *json, bool done)
{
        const char *detail = "";
        json_int_t id;

        if (wire_integer(json, "id", 1, INT64_MAX, &id, NULL) < 0)
                return;
        wire_string(json, "detail", LIMIT_HEADER_VALUE, &detail, NULL);
        for (size_t i = 0; i < sent->count; i++) {
                struct flight *flight = &sent->flights[i];

                if (flight->copy.letter != id || flight->answered)
                        continue;
                note_answer(flight, done ? NULL : detail);
                if (done) {
                        sent->failures = 0;
                        sent->said = false;
                } else {
                        rest(sent);
                }
                break;
        }
        keeper_kick(sent->keeper);
}

/* ---- one step */
static int settle_one(struct sent *sent, struct flight *flight, struct err *err)
{
        struct store_copy *copy = &flight->copy;

        if (flight->done)
                copy->state = COPY_DONE;
        else if (copy->tries++ < WAITS)
                copy->next_at = sent->keeper->registrar.now + waits[copy->tries - 1];
        else
                copy->state = COPY_FAILED;
        return store_copy_settle(sent->keeper->store, copy, err);
}

static void say(struct sent *sent, const struct flight *flight)
{
        const struct store_copy *copy = &flight->copy;
        const char *folder = folder_of(sent);

        if (flight->done)
                return;
        if (copy->state == COPY_FAILED)
                log_warning("letter %lld has no copy in the folder %s, and will get none: %s",
                    (long long)copy->letter, folder, flight->detail);
        else if (flight->cut)
                return;
        else if (!sent->said)
                log_warning("letter %lld has no copy in the folder %s yet: %s; trying again",
                    (long long)copy->letter, folder, flight->detail);
        sent->said = true;
}

/* Only after the commit is it known and said. */
static void forget_answered(struct sent *sent)
{
        size_t left = 0;

        for (size_t i = 0; i < sent->count; i++) {
                if (!sent->flights[i].answered) {
                        sent->flights[left++] = sent->flights[i];
                        continue;
                }
                say(sent, &sent->flights[i]);
                free(sent->flights[i].detail);
        }
        sent->count = left;
        sent->look = true;
}

static size_t answered(const struct sent *sent)
{
        size_t count = 0;

        for (size_t i = 0; i < sent->count; i++)
                count += sent->flights[i].answered;
        return count;
}

/* In groups under load: each commit waits for the disk. */
static int settle(struct sent *sent, struct err *err)
{
        size_t count = answered(sent);
        int given_up = 0;

        if (!count || (count < sent->count && count < GROUP / 2))
                return 0;
        if (keeper_begin(sent->keeper, err) < 0)
                return -1;
        for (size_t i = 0; i < sent->count; i++)
                if (sent->flights[i].answered && settle_one(sent, &sent->flights[i], err) < 0)
                        return -1;
        if (sent->failures && store_copy_give_up(sent->keeper->store, sent->keeper->registrar.now - GIVE_UP,
                                  &given_up, err) < 0)
                return -1;
        if (store_commit(sent->keeper->store, err) < 0)
                return -1;
        if (given_up)
                log_warning(
                    "%d letters have no copy in the folder %s, and will get none: it was refused for days",
                    given_up, folder_of(sent));
        forget_answered(sent);
        return 0;
}

static bool is_in_flight(const struct sent *sent, int64_t letter)
{
        for (size_t i = 0; i < sent->count; i++)
                if (sent->flights[i].copy.letter == letter)
                        return true;
        return false;
}

static void send_copy(
    struct sent *sent, const struct store_copy *copy, const struct store_letter *letter, int fd)
{
        helper_send(sent->fetch,
            json_pack("{s:s, s:I, s:s, s:s, s:I, s:b}", "op", "append", "id", (json_int_t)copy->letter,
                "folder", folder_of(sent), "message_id", letter->message_id, "internaldate",
                (json_int_t)copy->at, "search", copy->id <= sent->handed),
            fd);
        sent->flights[sent->count++] = (struct flight){ .copy = *copy };
        if (copy->id > sent->handed)
                sent->handed = copy->id;
}

static int hand_over_one(struct sent *sent, const struct store_copy *copy, struct err *err)
{
        struct store_letter letter;
        int fd;

        if (store_letter_get(sent->keeper->store, copy->letter, &letter, err) <= 0)
                return -1; /* a copy's letter is never missing: the store sees to it */
        fd = io_memfd("letter", letter.bytes, letter.size, err);
        if (fd >= 0)
                send_copy(sent, copy, &letter, fd);
        store_letter_free(&letter);
        if (fd < 0)
                return -1;
        io_close(&fd);
        return 0;
}

/* While there is trouble, one at a time finds out whether it is over. */
static int hand_over(struct sent *sent, struct err *err)
{
        size_t max = sent->failures ? 1 : GROUP, count;
        struct store_copy due[2 * GROUP];

        if (store_copy_due(sent->keeper->store, clock_now(&sent->keeper->clock), max + sent->count, due,
                &count, err) < 0)
                return -1;
        for (size_t i = 0; i < count && sent->count < max; i++)
                if (!is_in_flight(sent, due[i].letter) && hand_over_one(sent, &due[i], err) < 0)
                        return -1;
        sent->look = false;
        return 0;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
        struct sent *sent = data;

        (void)source, (void)usec;
        sent->look = true;
        keeper_kick(sent->keeper);
        return 0;
}

static void wake_in(struct sent *sent, int64_t ms)
{
        sent->timer = sd_event_source_disable_unref(sent->timer);
        sd_event_add_time_relative(sent->keeper->loop, &sent->timer, CLOCK_MONOTONIC,
            (uint64_t)(ms < 0 ? 0 : ms) * 1000, 0, on_timer, sent);
}

/* When the next is due. What came back wakes it by itself. */
static void set_timer(struct sent *sent)
{
        enum { A_DAY = 24 * 3600 };
        int64_t at, wait;

        if (sent->count || store_copy_next_at(sent->keeper->store, &at, NULL) <= 0)
                return;
        wait = at - clock_now(&sent->keeper->clock);
        wake_in(sent, (wait < 1 ? 1 : wait > A_DAY ? A_DAY : wait) * 1000);
}

static bool may_hand_over(const struct sent *sent)
{
        return sent->look && sent->fetch && !sent->keeper->stopping && !rests(sent) &&
               !str_is_empty(folder_of(sent)) && sent->count <= GROUP / 2;
}

void sent_work(struct sent *sent)
{
        struct err err;

        if (settle(sent, &err) < 0) {
                keeper_failed(sent->keeper, "copies of letters", &err);
                return;
        }
        if (!may_hand_over(sent))
                return;
        if (hand_over(sent, &err) < 0) {
                keeper_failed(sent->keeper, "copies of letters", &err);
                return;
        }
        set_timer(sent);
}

bool sent_is_done(struct sent *sent)
{
        int64_t now = io_monotonic_ms();

        if (!sent->count && (!sent->look || !sent->fetch || rests(sent) || str_is_empty(folder_of(sent))))
                return true;
        if (!sent->once_until) {
                sent->once_until = now + ONCE_MS;
                sd_event_add_time_relative(
                    sent->keeper->loop, NULL, CLOCK_MONOTONIC, ONCE_MS * 1000ULL, 0, on_timer, sent);
        }
        return now >= sent->once_until;
}
