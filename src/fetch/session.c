/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/session.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/confine.h"
#include "base/err.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"
#include "fetch/check.h"
#include "fetch/copies.h"
#include "fetch/idle.h"
#include "fetch/imap.h"
#include "fetch/login.h"
#include "fetch/mark.h"
#include "fetch/net.h"
#include "fetch/order.h"
#include "fetch/pull.h"
#include "fetch/queue.h"
#include "fetch/report.h"
#include "fetch/uids.h"
#include "fetch/words.h"

enum {
        IDLE_SECONDS = 300, /* RFC 2177 wants less than 29 minutes; a NAT forgets sooner */
        SELECT_AGAIN_SECONDS = 1800,
        MARKS_WAITING_MAX = 1000,
        MARK_BATCH = 500,
        EMPTY_LOOKS = 3
};

struct session {
        int keeper;
        struct order_open open;
        struct net *net;
        struct imap *imap;
        struct imap_box box;
        int64_t selected_at; /* io_monotonic_ms() */
        const char *state;   /* last told */
        bool no_idle;        /* the server offered IDLE and does not do it */

        struct queue queue;
        bool scanning;       /* the keeper has said from where */
        bool pass_wanted;    /* look for new mail */
        bool drained_wanted; /* at the end of this pass the keeper is to hear "drained" */
        int empty_looks;     /* passes in a row that found nothing */
        uint32_t upto;       /* the highest UID that is or was in the queue, or that the keeper had before */
        int64_t since, credit;

        struct order_mark_uids *marks; /* owned */
        size_t mark_count;
        struct copies *copies; /* owned */
        bool closed;           /* by the keeper */
};

static int tell_state(struct session *s, const char *state, const char *detail, struct err *err)
{
        if (str_equal(s->state, state))
                return 0;
        s->state = state;
        return report_state(s->keeper, state, detail, NULL, err);
}

/* ---- Orders */

static void take_scan(struct session *s, const struct order_scan *scan)
{
        s->upto = scan->uidvalidity == s->box.uidvalidity ? scan->after : 0;
        s->since = scan->since;
        s->scanning = s->pass_wanted = s->drained_wanted = true;
        queue_reset(&s->queue);
}

static int take_mark(struct session *s, const json_t *json, struct err *err)
{
        struct order_mark_uids mark;

        if (s->mark_count == MARKS_WAITING_MAX)
                return err_set(err, ERR_INPUT, "the keeper marks faster than the server");
        if (order_mark_uids(json, &mark, err) < 0)
                return -1;
        s->marks = xreallocarray(s->marks, s->mark_count + 1, sizeof *s->marks);
        s->marks[s->mark_count++] = mark;
        return 0;
}

static int take_order(struct session *s, struct wire_record *record, struct err *err)
{
        const json_t *json = record->json;
        const char *op = wire_op(json);
        struct order_scan scan;
        int64_t credit;

        if (str_equal(op, "mark"))
                return take_mark(s, json, err);
        if (str_equal(op, "append"))
                return copies_take(s->copies, record, err);
        if (str_equal(op, "scan")) {
                if (order_scan(json, &scan, err) < 0)
                        return -1;
                take_scan(s, &scan);
                return 0;
        }
        if (!str_equal(op, "credit"))
                return err_set(err, ERR_INPUT, "an order that is not known: \"%.40s\"", op);
        if (order_credit(json, &credit, err) < 0)
                return -1;
        s->credit += credit;
        if (s->credit > ORDER_CREDIT_MAX)
                s->credit = ORDER_CREDIT_MAX;
        return 0;
}

/* Waits at most that long for an order, then takes all that are there. */
static int take_orders(struct session *s, int timeout_ms, struct err *err)
{
        for (;; timeout_ms = 0) {
                struct pollfd p = { .fd = s->keeper, .events = POLLIN };
                struct wire_record record;
                int r = poll(&p, 1, timeout_ms);

                if (r < 0 && errno == EINTR)
                        continue;
                if (r <= 0)
                        return r < 0 ? err_errno(err, ERR_TEMP, "poll") : 0;
                r = wire_receive(s->keeper, &record, err);
                if (r <= 0) {
                        s->closed = r == 0;
                        return r;
                }
                r = take_order(s, &record, err);
                wire_free(&record);
                if (r < 0)
                        return -1;
        }
}

/* ---- Marks */

static int mark_some(struct session *s, const struct uids *uids, struct err *err)
{
        if (s->open.mark == ORDER_MARK_MOVE)
                return mark_move(s->imap, uids, s->open.move_to, err);
        if (s->open.mark == ORDER_MARK_NONE)
                return err_set(err, ERR_PERM, "mailbox.mark is \"none\"");
        if (!s->box.keywords)
                return err_set(err, ERR_PERM,
                    "the server keeps no new keywords in this mailbox: use mailbox.mark = \"move:FOLDER\" or "
                    "\"none\"");
        return mark_keyword(s->imap, uids, err);
}

/* A refused mark is reported and the work goes on; a lost connection is not. */
static int mark_batch(struct session *s, uint32_t uidvalidity, const struct uids *uids, struct err *err)
{
        struct err why;
        int r;

        if (uidvalidity != s->box.uidvalidity)
                r = err_set(&why, ERR_PERM, "the mailbox was renumbered meanwhile");
        else
                r = mark_some(s, uids, &why);
        if (r < 0 && why.class != ERR_PERM)
                return err_set(err, why.class, "%s", why.text);
        return report_marked(s->keeper, uidvalidity, uids, r < 0 ? &why : NULL, err);
}

static int serve_marks(struct session *s, struct err *err)
{
        int r = 0;

        for (size_t i = 0; i < s->mark_count; i++) {
                struct uids *all = &s->marks[i].uids;

                for (size_t j = 0; r == 0 && j < all->count; j += MARK_BATCH) {
                        struct uids part = { .items = all->items + j,
                                .count = all->count - j < MARK_BATCH ? all->count - j : MARK_BATCH };

                        r = mark_batch(s, s->marks[i].uidvalidity, &part, err);
                }
                uids_free(all);
        }
        s->mark_count = 0;
        return r;
}

/* ---- Passes */

static int select_box(struct session *s, struct err *err)
{
        bool examine = s->open.check || s->open.mark == ORDER_MARK_NONE;
        struct imap_box box;

        if (imap_select(s->imap, s->open.folder, examine, &box, err) < 0)
                return -1;
        s->selected_at = io_monotonic_ms();
        if (box.uidvalidity == s->box.uidvalidity && box.keywords == s->box.keywords) {
                s->box = box;
                return 0;
        }
        /* Another UIDVALIDITY: all numbers mean other messages now, the keeper's too. */
        if (s->scanning && box.uidvalidity != s->box.uidvalidity) {
                take_scan(s, &(struct order_scan){ .since = s->since });
                s->upto = 0;
        }
        s->box = box;
        return report_mailbox(s->keeper, &box, err);
}

static int start_pass(struct session *s, struct err *err)
{
        s->pass_wanted = false;
        imap_forget_news(s->imap);
        queue_reset(&s->queue);
        if (pull_scan(s->imap, s->upto, s->box.exists, &s->queue, err) < 0)
                return -1;
        queue_sort(&s->queue);
        for (size_t i = 0; i < s->queue.count; i++)
                if (s->queue.entries[i].uid > s->upto)
                        s->upto = s->queue.entries[i].uid;
        s->drained_wanted = s->drained_wanted || s->queue.count;
        s->empty_looks = s->queue.count ? 0 : s->empty_looks + 1;
        return 0;
}

static struct queue_bounds bounds_of(const struct session *s)
{
        return (struct queue_bounds){ .since = s->since,
                .message_max = s->open.message_max,
                .messages = s->credit < LIMIT_BATCH ? (size_t)s->credit : LIMIT_BATCH };
}

static int hand_over_one(struct session *s, const struct queue_entry *entry, const struct pull_item *item,
    bool headers, struct err *err)
{
        struct report_message message = { .uidvalidity = s->box.uidvalidity,
                .uid = entry->uid,
                .internaldate = entry->internaldate,
                .size = headers ? entry->size : item->size,
                .whole = !headers,
                .fd = item->fd };

        if (item->fd < 0)
                return 0; /* gone from the mailbox meanwhile */
        s->credit--;
        return report_message(s->keeper, &message, err);
}

/* In their order. One that is larger than the server said is asked for again, headers only, before the next.
 */
static int hand_over(struct session *s, struct err *err)
{
        struct queue_bounds bounds = bounds_of(s);
        size_t count = queue_batch(&s->queue, &bounds);
        struct queue_entry *entries = s->queue.entries + s->queue.next;
        bool headers = queue_headers_only(entries, &bounds);
        struct pull_item items[LIMIT_BATCH];
        int r;

        for (size_t i = 0; i < count; i++)
                items[i] = (struct pull_item){ .uid = entries[i].uid, .expected = entries[i].size, .fd = -1 };
        r = pull_bodies(
            s->imap, items, count, headers, headers ? PULL_HEADERS_MAX : s->open.message_max, err);
        for (size_t i = 0; r == 0 && i < count; i++) {
                if (!headers && items[i].cut) {
                        entries[i].headers = true;
                        entries[i].size = items[i].size > UINT32_MAX ? UINT32_MAX : (uint32_t)items[i].size;
                        break;
                }
                r = hand_over_one(s, entries + i, items + i, headers, err);
                s->queue.next++;
        }
        pull_close(items, count);
        return r;
}

static int tell_drained(struct session *s, struct err *err)
{
        s->drained_wanted = false;
        return report_drained(s->keeper, s->box.uidvalidity, s->upto, err);
}

/* A copy of a letter. Looking whether one is there selects another folder. */
static int append_one(struct session *s, struct err *err)
{
        bool left;

        if (copies_serve(s->copies, s->keeper, s->imap, &left, err) < 0)
                return -1;
        if (!left)
                return 0;
        if (select_box(s, err) < 0)
                return -1;
        /* What came meanwhile is not news to the server any more. */
        imap_note_news(s->imap);
        s->empty_looks = 0;
        return 0;
}

/* ---- Waiting */

/* The server may have given the mailbox other numbers, or have more mail. */
static int look_again(struct session *s, struct err *err)
{
        s->pass_wanted = true;
        if (imap_uidvalidity(s->imap) != s->box.uidvalidity ||
            io_monotonic_ms() - s->selected_at > SELECT_AGAIN_SECONDS * 1000)
                return select_box(s, err);
        return 0;
}

/* why: what is wrong with IDLE, or NULL. */
static int tell_polling(struct session *s, const struct err *why, struct err *err)
{
        CLEANUP_FREE char *text = xasprintf("%s%slooking for mail every %d seconds", why ? why->text : "",
            why ? "; " : "", s->open.poll_seconds);

        return tell_state(s, "polling", text, err);
}

/* Each end is a look, whatever the server said: some promise to tell and never do. */
static int rest_idle(struct session *s, struct err *err)
{
        int seconds = s->open.seconds ? s->open.seconds : IDLE_SECONDS;
        enum idle_end end;
        struct err why;

        if (tell_state(s, "idle", "waiting for mail (IDLE)", err) < 0)
                return -1;
        if (idle_wait(s->imap, s->keeper, seconds, &end, &why) == 0)
                return end == IDLE_KEEPER ? 0 : look_again(s, err);
        if (why.class != ERR_PERM)
                return err_set(err, why.class, "%s", why.text);
        s->no_idle = s->pass_wanted = true;
        return tell_polling(s, &why, err);
}

static int rest_polling(struct session *s, struct err *err)
{
        int64_t end = io_monotonic_ms() + (int64_t)s->open.poll_seconds * 1000, now;

        if (tell_polling(s, NULL, err) < 0)
                return -1;
        while ((now = io_monotonic_ms()) < end) {
                if (take_orders(s, (int)(end - now), err) < 0)
                        return -1;
                if (s->closed || s->mark_count || s->pass_wanted || copies_waiting(s->copies))
                        return 0;
        }
        return imap_noop(s->imap, err) < 0 ? -1 : look_again(s, err);
}

/* Nothing can be done before the keeper says something. The server is kept from losing its patience. */
static int rest_for_keeper(struct session *s, struct err *err)
{
        int64_t before = io_monotonic_ms();

        if (take_orders(s, IDLE_SECONDS * 1000, err) < 0)
                return -1;
        return io_monotonic_ms() - before >= IDLE_SECONDS * 1000 ? imap_noop(s->imap, err) : 0;
}

static int rest(struct session *s, struct err *err)
{
        if (!s->scanning || s->open.once || !queue_is_empty(&s->queue))
                return rest_for_keeper(s, err);
        /* News may have come with the answers of the pass itself. A server that repeats itself for ever is
         * not followed. */
        if (imap_heard_news(s->imap) && s->empty_looks < EMPTY_LOOKS) {
                s->pass_wanted = true;
                return 0;
        }
        s->empty_looks = 0;
        return s->open.idle && !s->no_idle && imap_has(s->imap, "IDLE") ? rest_idle(s, err)
                                                                        : rest_polling(s, err);
}

/* One thing at a time, the keeper's wishes first. */
static int step(struct session *s, struct err *err)
{
        if (take_orders(s, 0, err) < 0 || s->closed)
                return s->closed ? 0 : -1;
        if (s->mark_count)
                return serve_marks(s, err);
        if (s->pass_wanted)
                return start_pass(s, err);
        if (!queue_is_empty(&s->queue) && s->credit > 0)
                return hand_over(s, err);
        if (queue_is_empty(&s->queue) && s->drained_wanted)
                return tell_drained(s, err);
        if (copies_waiting(s->copies))
                return append_one(s, err);
        return rest(s, err);
}

/* ---- The beginning */

static int take_password(struct wire_record *record, struct login_account *account, struct err *err)
{
        struct io_map map;
        int fd = wire_take_fd(record, 0), r;

        if (fd < 0)
                return err_set(err, ERR_INPUT, "an \"open\" without a password");
        r = io_map_memfd(fd, LIMIT_SECRET, &map, err);
        if (r == 0) {
                account->password = xstrndup(map.data, map.size);
                account->password_size = map.size;
                io_unmap(&map);
        }
        io_close(&fd);
        return r;
}

static int receive_open(struct session *s, struct login_account *account, struct err *err)
{
        struct wire_record record;
        int r = wire_receive(s->keeper, &record, err);

        if (r <= 0) {
                s->closed = r == 0;
                return -1;
        }
        if (!str_equal(wire_op(record.json), "open"))
                r = err_set(err, ERR_INPUT, "an order before \"open\"");
        else
                r = order_open(record.json, &s->open, err);
        if (r == 0 && (r = take_password(&record, account, err)) == 0) {
                account->host = s->open.host;
                account->user = s->open.user;
                account->tls = s->open.tls;
                account->token = s->open.token;
        }
        wire_free(&record);
        return r;
}

/* The trusted certificates are read; from the first byte of the server on nothing is. */
static int connect_shut_in(struct session *s, struct err *err)
{
        const uint16_t ports[] = { (uint16_t)s->open.port, 0 };
        const struct confine_reach server = { .names = true, .ports = ports }, nothing = { 0 };
        bool plain = s->open.tls == LOGIN_TLS_NONE;

        if (confine_to(&server, err) < 0 || net_connect(s->net, s->open.host, s->open.port, plain, err) < 0)
                return -1;
        return confine_to(&nothing, err) < 0 ? -1 : 0;
}

static int go_online(struct session *s, struct login_account *account, struct err *err)
{
        if (login_check(account, err) < 0 || words_check(s->open.folder, "mailbox.folder", err) < 0 ||
            (s->open.move_to && words_check(s->open.move_to, "mailbox.mark", err) < 0) ||
            tell_state(s, "connecting", s->open.host, err) < 0)
                return -1;
        s->net = net_new(s->keeper, s->open.seconds);
        if (s->open.tls != LOGIN_TLS_NONE && net_trust(s->net, s->open.ca_file, err) < 0)
                return -1;
        if (connect_shut_in(s, err) < 0)
                return -1;
        s->imap = imap_new(s->net);
        return login_open(s->imap, account, err);
}

static int work(struct session *s, struct login_account *account, struct err *err)
{
        int r = report_hello(s->keeper, err);

        if (r == 0)
                r = receive_open(s, account, err);
        if (r == 0)
                r = go_online(s, account, err);
        if (account->password) {
                explicit_bzero(account->password, account->password_size);
                free(account->password);
        }
        if (r < 0 || select_box(s, err) < 0)
                return -1;
        if (s->open.check)
                return check_mailbox(s->keeper, s->imap, &s->box, &s->open, err);
        if (tell_state(s, "online", "logged in", err) < 0)
                return -1;
        while (r == 0 && !s->closed)
                r = step(s, err);
        return r;
}

int session_run(int keeper, struct err *err)
{
        struct session s = { .keeper = keeper, .copies = copies_new() };
        struct login_account account = { 0 };
        int r = work(&s, &account, err);

        if (r == 0 && s.imap && !net_keeper_gone(s.net))
                imap_say_goodbye(s.imap);
        if (s.closed || (s.net && net_keeper_gone(s.net)))
                r = 0;
        else if (r < 0 && account.token_refused)
                (void)report_token_refused(keeper, err, NULL);
        else if (r < 0)
                (void)report_state(keeper, "error", NULL, err, NULL);
        for (size_t i = 0; i < s.mark_count; i++)
                uids_free(&s.marks[i].uids);
        free(s.marks);
        copies_free(s.copies);
        queue_free(&s.queue);
        imap_free(s.imap);
        net_free(s.net);
        order_open_free(&s.open);
        return r;
}
