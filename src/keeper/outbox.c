/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters leave only after their commit, are claimed in small groups, and their fate is written down before
 * the next group goes. After a crash the claimed ones are uncertain. */
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"
#include "config/config.h"
#include "core/schedule.h"
#include "core/zone.h"
#include "keeper/helper.h"
#include "keeper/keeper.h"
#include "keeper/sent.h"
#include "keeper/tokens.h"
#include "store/store.h"

enum { OUTBOX_GROUP = 32, LOOK_AGAIN = 15 * 60 };

struct fate_note {
        int64_t letter;
        struct delivery delivery;
        char *detail; /* owned; the delivery's */
        struct settled settled;
};

struct outbox {
        struct keeper *keeper;
        struct helper *sender;
        sd_event_source *timer;          /* the next letter that is due, or the end of a pause */
        int64_t in_flight[OUTBOX_GROUP]; /* letters with the sender, in the order they were handed over */
        size_t in_flight_count;
        struct fate_note fates[2 * OUTBOX_GROUP];
        size_t fate_count;
        int server_failures;      /* in a row */
        int uncertain;            /* letters in a row without an answer */
        int64_t resting_until;    /* monotonic ms: the server is left alone until then */
        int64_t release_at;       /* what is on hold is looked at again then, not for each letter */
        bool nothing_due, online; /* online: the state says so */
        bool reopen;              /* the sender is to be started anew */
        bool opened;              /* the sender was told about its server */
        bool wants_login;         /* nothing leaves before there is another token */
};

/* ---- the sender */

/* A server that says no for good (a wrong password, a sender it does not take) is asked as seldom as about a
 * letter, or it locks us out; one that is away or busy, sooner. */
static int rest_seconds(const struct outbox *outbox, bool for_good)
{
        int64_t next = for_good ? schedule_retry(0, outbox->server_failures, INT64_MAX) : 0;

        return for_good ? (int)next : schedule_backoff_seconds(outbox->server_failures);
}

/* letter: whose turn it was, 0 for none. */
static void rest(struct outbox *outbox, const char *why, bool for_good, int64_t letter)
{
        CLEANUP_FREE char *which = letter ? xasprintf(" (letter %lld)", (long long)letter) : xstrdup("");
        int seconds;

        if (outbox->resting_until > io_monotonic_ms())
                return;
        outbox->server_failures++;
        seconds = rest_seconds(outbox, for_good);
        outbox->resting_until = io_monotonic_ms() + (int64_t)seconds * 1000;
        outbox->keeper->trouble = true;
        outbox->online = false;
        log_warning("letters wait %d s: %s%s", seconds, why, which);
        keeper_state(outbox->keeper, "smtp", "error", why);
}

static const struct config_server *server_of(const struct outbox *outbox)
{
        return &outbox->keeper->config->smtp.server;
}

static json_t *open_record(const struct outbox *outbox)
{
        const struct config_server *server = server_of(outbox);

        return json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:s}", "op", "open", "host", server->host,
            "port", server->port, "tls", config_tls_name(server->tls), "ca_file", server->ca_file, "user",
            server->user, "auth", server->auth, "from", outbox->keeper->config->smtp.from_address);
}

/* Of a password it is looked for again when the sender is started again; of a token, there will be news. */
static void no_login(struct outbox *outbox, const char *why)
{
        rest(outbox, why, false, 0);
        if (!outbox->wants_login)
                helper_restart(outbox->sender, NULL);
}

/* Tells the sender how to log in: all it must know, or another token. */
static void log_in(struct outbox *outbox)
{
        const struct config_server *server = server_of(outbox);
        const char *why = "";
        int secret = -1, have = keeper_login(outbox->keeper, server, &secret, &why);

        outbox->wants_login = config_uses_token(server) && have <= 0;
        if (have < 0)
                no_login(outbox, why);
        if (have <= 0)
                return;
        helper_send(
            outbox->sender, outbox->opened ? json_pack("{s:s}", "op", "token") : open_record(outbox), secret);
        io_close(&secret);
        outbox->opened = true;
}

void outbox_token_news(struct outbox *outbox)
{
        if (!helper_is_ready(outbox->sender) || outbox->reopen)
                return;
        outbox->resting_until = 0;
        log_in(outbox);
        keeper_kick(outbox->keeper);
}

static void on_ready(void *owner)
{
        struct outbox *outbox = owner;

        outbox->opened = false;
        log_in(outbox);
        keeper_greeted(outbox->keeper);
        keeper_kick(outbox->keeper);
}

static void note_fate(struct outbox *outbox, int64_t letter, const struct delivery *delivery)
{
        struct fate_note *note = &outbox->fates[outbox->fate_count];

        if (outbox->fate_count == sizeof outbox->fates / sizeof *outbox->fates)
                return; /* more fates than letters were handed over: not believed */
        *note = (struct fate_note){
                .letter = letter, .delivery = *delivery, .detail = xstrdup(delivery->detail)
        };
        note->delivery.detail = note->detail;
        outbox->fate_count++;
}

/* Whether that letter is with the sender; it is taken off the list. */
static bool take_in_flight(struct outbox *outbox, int64_t letter)
{
        for (size_t i = 0; i < outbox->in_flight_count; i++) {
                if (outbox->in_flight[i] != letter)
                        continue;
                outbox->in_flight_count--;
                memmove(&outbox->in_flight[i], &outbox->in_flight[i + 1],
                    (outbox->in_flight_count - i) * sizeof *outbox->in_flight);
                return true;
        }
        return false;
}

static int read_fate(const json_t *json, json_int_t *ret_id, int *ret_code, struct delivery *ret_delivery)
{
        const char *word, *detail = "";
        struct delivery delivery = { .made = true, .asked = true };
        json_int_t code = 0;

        if (!str_equal(wire_op(json), "fate") || wire_integer(json, "id", 1, INT64_MAX, ret_id, NULL) < 0 ||
            wire_string(json, "fate", 16, &word, NULL) < 0 || fate_parse(word, &delivery.fate) < 0)
                return -1;
        wire_string(json, "detail", LIMIT_HEADER_VALUE, &detail, NULL);
        wire_integer(json, "code", 0, 999, &code, NULL);
        wire_bool(json, "server", &delivery.server, NULL);
        wire_bool(json, "asked", &delivery.asked, NULL);
        wire_bool(json, "made", &delivery.made, NULL);
        delivery.detail = detail;
        *ret_code = (int)code;
        *ret_delivery = delivery;
        return 0;
}

static void all_is_well(struct outbox *outbox)
{
        if (!outbox->online)
                keeper_state(outbox->keeper, "smtp", "online", "");
        if (outbox->server_failures)
                log_info("letters leave again");
        outbox->online = true;
        outbox->server_failures = outbox->uncertain = 0;
        helper_succeeded(outbox->sender);
        tokens_worked(outbox->keeper->tokens, server_of(outbox));
}

/* After a login that was refused the password is read anew: it may have been put right. */
static void server_trouble(struct outbox *outbox, int64_t letter, const struct delivery *delivery, int code)
{
        bool for_good = code / 100 == 5;

        rest(outbox, delivery->detail, for_good, letter);
        if (for_good)
                outbox->reopen = true;
}

/* The server refused the one it was given. */
static bool gets_another_token(struct outbox *outbox)
{
        const struct config_server *server = server_of(outbox);

        if (!config_uses_token(server))
                return false;
        outbox->wants_login = true;
        if (tokens_refused(outbox->keeper->tokens, server))
                return true;
        outbox->wants_login = false;
        return false;
}

static void on_record(void *owner, struct wire_record *record)
{
        struct outbox *outbox = owner;
        struct delivery delivery;
        bool login = false; /* password or token were refused */
        json_int_t id;
        int code;

        if (read_fate(record->json, &id, &code, &delivery) < 0) {
                log_error("zapisy-send: a record that makes no sense");
                return;
        }
        if (!take_in_flight(outbox, id))
                return;
        note_fate(outbox, id, &delivery);
        if (delivery.fate == FATE_SENT)
                all_is_well(outbox);
        wire_bool(record->json, "login", &login, NULL);
        if (delivery.server && !(login && gets_another_token(outbox)))
                server_trouble(outbox, id, &delivery, code);
        /* One letter without an answer may be the letter's doing; a second one is the server's. */
        if (delivery.fate == FATE_UNCERTAIN && ++outbox->uncertain > 1)
                rest(outbox, "the mail server gives no answer to letters", false, 0);
        keeper_kick(outbox->keeper);
}

/* The first letter in its hands may have gone out; the others had not been looked at. */
static void on_gone(void *owner)
{
        static const char words[] = "zapisy-send ended";
        static const struct delivery first = {
                .fate = FATE_UNCERTAIN, .detail = words, .asked = true, .made = true
        };
        static const struct delivery other = { .fate = FATE_AGAIN, .detail = words, .server = true };
        struct outbox *outbox = owner;

        for (size_t i = 0; i < outbox->in_flight_count; i++)
                note_fate(outbox, outbox->in_flight[i], i == 0 ? &first : &other);
        if (!outbox->reopen && (outbox->in_flight_count || outbox->keeper->once))
                rest(outbox, words, false, 0);
        outbox->in_flight_count = 0;
        outbox->reopen = outbox->opened = false;
        keeper_kick(outbox->keeper);
}

static void on_unfit(void *owner)
{
        struct outbox *outbox = owner;

        keeper_unfit(outbox->keeper);
}

static void free_fates(struct outbox *outbox)
{
        for (size_t i = 0; i < outbox->fate_count; i++) {
                free(outbox->fates[i].detail);
                settled_free(&outbox->fates[i].settled);
        }
        outbox->fate_count = 0;
}

struct outbox *outbox_new(struct keeper *keeper)
{
        static const struct helper_calls calls = {
                .ready = on_ready, .record = on_record, .gone = on_gone, .unfit = on_unfit
        };
        struct outbox *outbox = xcalloc(1, sizeof *outbox);

        outbox->keeper = keeper;
        outbox->sender = helper_new(keeper->loop, "zapisy-send", SERVER_PATIENCE, &calls, outbox);
        return outbox;
}

int outbox_start(struct outbox *outbox, struct err *err)
{
        return helper_start(outbox->sender, err);
}

void outbox_free(struct outbox *outbox)
{
        if (!outbox)
                return;
        sd_event_source_disable_unref(outbox->timer);
        helper_free(outbox->sender);
        free_fates(outbox);
        free(outbox);
}

void outbox_reopen(struct outbox *outbox)
{
        outbox->reopen = true;
        outbox->resting_until = outbox->release_at = 0;
        outbox->server_failures = outbox->uncertain = 0;
}

bool outbox_is_ready(const struct outbox *outbox)
{
        return helper_has_greeted(outbox->sender);
}

bool outbox_in_flight(const struct outbox *outbox)
{
        return outbox->in_flight_count || outbox->fate_count;
}

bool outbox_is_done(const struct outbox *outbox)
{
        return !outbox_in_flight(outbox) &&
               (outbox->nothing_due || outbox->resting_until > io_monotonic_ms());
}

/* ---- one step */
static int settle_all(struct outbox *outbox, struct err *err)
{
        for (size_t i = 0; i < outbox->fate_count; i++) {
                struct fate_note *note = &outbox->fates[i];

                settled_free(&note->settled); /* of a transaction that failed */
                if (registrar_settle(
                        &outbox->keeper->registrar, note->letter, &note->delivery, &note->settled, err) < 0)
                        return -1;
                if (note->settled.fate == FATE_SENT && sent_note(outbox->keeper->sent, note->letter, err) < 0)
                        return -1;
        }
        return 0;
}

/* One line for each letter that did not simply leave. What befell the server has its own. */
static void tell_fate(const struct outbox *outbox, const struct fate_note *note)
{
        static const char *const words[] = { [FATE_AGAIN] = "refused for now",
                [FATE_FAILED] = "not delivered, the coordinator is told",
                [FATE_UNCERTAIN] = "may have arrived or not" };
        const struct settled *settled = &note->settled;
        int64_t wait = settled->next_at - outbox->keeper->registrar.now;
        CLEANUP_FREE char *next =
            settled->over
                ? settled->fate == FATE_UNCERTAIN ? xstrdup(", the coordinator decides") : xstrdup("")
                : xasprintf(", tried again in %lld s", (long long)wait);

        if (settled->fate == FATE_SENT || (note->delivery.server && settled->fate == FATE_AGAIN))
                return;
        log_warning("letter %lld%s%s: %s%s: %s", (long long)note->letter, settled->ref ? ", " : "",
            settled->ref ? settled->ref : "", words[settled->fate], next, note->detail);
}

/* Paused by the coordinator, resting, or without a sender: nothing is claimed. 1 may send, 0 not, -1 error.
 */
static int may_send(struct outbox *outbox, struct err *err)
{
        CLEANUP_FREE char *paused = NULL;

        if (!helper_is_ready(outbox->sender) || outbox->keeper->stopping || outbox->reopen ||
            !outbox->opened || outbox->wants_login || outbox->resting_until > io_monotonic_ms())
                return 0;
        if (store_meta_get(outbox->keeper->store, "paused", &paused, err) < 0)
                return -1;
        outbox->nothing_due = paused != NULL;
        return !paused;
}

/* What the caps hold back may leave. */
static int release(struct outbox *outbox, struct err *err)
{
        struct registrar *r = &outbox->keeper->registrar;
        int64_t next;

        if (r->now < outbox->release_at && outbox->release_at <= r->now + LOOK_AGAIN)
                return 0;
        if (registrar_release(r, &next, err) < 0)
                return -1;
        outbox->release_at = next == ZONE_NO_TIME ? r->now + LOOK_AGAIN : next;
        return 0;
}

static int claim(struct outbox *outbox, struct store_letter_list *ret_claimed, struct err *err)
{
        struct keeper *keeper = outbox->keeper;
        int may = may_send(outbox, err);
        size_t late;

        if (may <= 0)
                return may;
        if (release(outbox, err) < 0 ||
            registrar_claim(
                &keeper->registrar, OUTBOX_GROUP - outbox->in_flight_count, ret_claimed, &late, err) < 0)
                return -1;
        outbox->nothing_due = ret_claimed->count + late == 0;
        if (late)
                log_warning("letters not sent before their event began: %zu; the coordinator is told", late);
        return 0;
}

static void hand_over(struct outbox *outbox, const struct store_letter *letter)
{
        CLEANUP_FREE char *from = registrar_envelope_sender(&outbox->keeper->registrar, letter);
        struct err err;
        int bytes = io_memfd("letter", letter->bytes, letter->size, &err);

        if (bytes < 0) {
                note_fate(outbox, letter->id,
                    &(struct delivery){ .fate = FATE_AGAIN, .detail = err.text, .server = true });
                return;
        }
        outbox->in_flight[outbox->in_flight_count++] = letter->id;
        helper_send(outbox->sender,
            json_pack("{s:s, s:I, s:s, s:[s]}", "op", "letter", "id", (json_int_t)letter->id, "from", from,
                "to", letter->to),
            bytes);
        io_close(&bytes);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
        struct outbox *outbox = data;

        (void)source, (void)usec;
        keeper_kick(outbox->keeper);
        return 0;
}

static void wake_in(struct outbox *outbox, int64_t ms)
{
        outbox->timer = sd_event_source_disable_unref(outbox->timer);
        sd_event_add_time_relative(outbox->keeper->loop, &outbox->timer, CLOCK_MONOTONIC,
            (uint64_t)(ms < 0 ? 0 : ms) * 1000, 0, on_timer, outbox);
}

/* When the next letter is due, or the rest is over, or something on hold may leave. */
static void set_timer(struct outbox *outbox)
{
        enum { A_DAY = 24 * 3600 };
        struct keeper *keeper = outbox->keeper;
        int64_t now_ms = io_monotonic_ms(), at, wait;
        int states[LETTER_STATE_COUNT];

        if (outbox->resting_until > now_ms) {
                wake_in(outbox, outbox->resting_until - now_ms);
                return;
        }
        if (outbox->in_flight_count || !outbox->nothing_due)
                return;
        wait = store_letter_states(keeper->store, states, NULL) == 0 && states[LETTER_ON_HOLD] ? LOOK_AGAIN
                                                                                               : A_DAY;
        if (store_letter_next_at(keeper->store, &at, NULL) > 0 && at - keeper->registrar.now < wait)
                wait = at - keeper->registrar.now;
        wake_in(outbox, (wait < 1 ? 1 : wait) * 1000);
}

void outbox_work(struct outbox *outbox)
{
        struct keeper *keeper = outbox->keeper;
        struct store_letter_list claimed = { 0 };
        struct err err;

        if (outbox->reopen && !outbox->in_flight_count) {
                helper_succeeded(outbox->sender); /* it ends because we say so: that is no failure */
                helper_restart(outbox->sender, NULL);
        }
        if (!outbox->fate_count && outbox->in_flight_count > OUTBOX_GROUP / 2)
                return;
        tokens_check(keeper->tokens, server_of(outbox));
        if (keeper_begin(keeper, &err) < 0 || settle_all(outbox, &err) < 0 ||
            claim(outbox, &claimed, &err) < 0 || store_commit(keeper->store, &err) < 0) {
                store_letter_list_free(&claimed);
                keeper_failed(keeper, "the outbox", &err);
                return;
        }
        for (size_t i = 0; i < outbox->fate_count; i++) {
                keeper->trouble |= !outbox->fates[i].settled.over;
                tell_fate(outbox, &outbox->fates[i]);
        }
        free_fates(outbox);
        for (size_t i = 0; i < claimed.count; i++)
                hand_over(outbox, &claimed.items[i]);
        store_letter_list_free(&claimed);
        set_timer(outbox);
}
