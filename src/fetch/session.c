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
#include "fetch/folder.h"
#include "fetch/idle.h"
#include "fetch/imap.h"
#include "fetch/login.h"
#include "fetch/marks.h"
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
        EMPTY_LOOKS = 3
};

struct session {
        int keeper;
        struct order_open open;
        struct net *net;
        struct imap *imap;
        struct imap_box box;
        char *folder;        /* as the server spells it; owned */
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
        bool one_by_one;   /* messages, since something went wrong last time */
        struct uids avoid; /* messages that are not asked for; owned */

        struct marks marks;
        struct copies *copies; /* owned */
        bool closed;           /* by the keeper */
};

static int tell_state(struct session *s, const char *state, const char *detail, struct err *err)
{
        if (str_equal(s->state, state))
                return 0;
        s->state = state;
        return report_state(s->keeper, state, detail, err);
}

/* ---- Orders */

/* Takes what the scan owns. */
static void take_scan(struct session *s, struct order_scan *scan)
{
        const bool known = scan->uidvalidity == s->box.uidvalidity;

        s->upto = known ? scan->after : 0;
        s->since = scan->since;
        s->one_by_one = scan->one_by_one;
        uids_free(&s->avoid);
        if (known) {
                s->avoid = scan->avoid;
                scan->avoid = (struct uids){ 0 };
        }
        order_scan_free(scan);
        s->scanning = s->pass_wanted = s->drained_wanted = true;
        queue_reset(&s->queue);
}

static int take_order(struct session *s, struct wire_record *record, struct err *err)
{
        const json_t *json = record->json;
        const char *op = wire_op(json);
        struct order_scan scan;
        int64_t credit;

        if (str_equal(op, "mark"))
                return marks_take(&s->marks, json, err);
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

/* ---- Passes */

/* Most servers know it as it was typed. Else it is looked for. */
static int open_folder(struct session *s, bool examine, struct imap_box *ret_box, struct err *err)
{
        enum folder_state state;
        struct err ignored;

        if (!s->folder)
                s->folder = words_folder(s->open.folder);
        if (imap_select(s->imap, s->folder, examine, ret_box, err) == 0)
                return 0;
        if (err->class != ERR_PERM || s->box.uidvalidity)
                return -1;
        free(s->folder);
        s->folder = NULL;
        if (folder_find(s->imap, s->open.folder, &state, &s->folder, &ignored) < 0 || state != FOLDER_THERE)
                return -1;
        return imap_select(s->imap, s->folder, examine, ret_box, err);
}

static int select_box(struct session *s, struct err *err)
{
        bool examine = s->open.check || s->open.mark == ORDER_MARK_NONE;
        struct imap_box box;

        if (open_folder(s, examine, &box, err) < 0)
                return -1;
        s->selected_at = io_monotonic_ms();
        if (box.uidvalidity == s->box.uidvalidity && box.keywords == s->box.keywords &&
            box.read_only == s->box.read_only) {
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
        const struct pull_range range = {
                .after = s->upto, .exists = s->box.exists, .one_by_one = s->one_by_one, .avoid = s->avoid
        };
        uint32_t highest = s->upto;

        s->pass_wanted = false;
        imap_forget_news(s->imap);
        queue_reset(&s->queue);
        if (pull_scan(s->imap, &range, &s->queue, &highest, err) < 0)
                return -1;
        queue_sort(&s->queue);
        s->drained_wanted = s->drained_wanted || highest > s->upto;
        s->upto = highest;
        s->empty_looks = s->queue.count ? 0 : s->empty_looks + 1;
        return 0;
}

static struct queue_bounds bounds_of(const struct session *s)
{
        return (struct queue_bounds){ .since = s->since,
                .message_max = s->open.message_max,
                .messages = s->one_by_one             ? 1
                            : s->credit < LIMIT_BATCH ? (size_t)s->credit
                                                      : LIMIT_BATCH };
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
        s->drained_wanted = s->one_by_one = false;
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
                if (s->closed || s->marks.count || s->pass_wanted || copies_waiting(s->copies))
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
        if (s->marks.count)
                return marks_serve(&s->marks, s->imap, &s->box, s->folder, err);
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
                return check_mailbox(s->keeper, s->imap, &s->box, s->folder, &s->open, err);
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
        int r;

        s.marks = (struct marks){ .keeper = keeper, .open = &s.open };
        r = work(&s, &account, err);
        if (s.imap && (r == 0 || net_keeper_gone(s.net)))
                imap_say_goodbye(s.imap);
        if (s.closed || (s.net && net_keeper_gone(s.net)))
                r = 0;
        else if (r < 0 && account.token_refused)
                (void)report_token_refused(keeper, err, NULL);
        else if (r < 0)
                (void)report_error(keeper, err, s.box.uidvalidity, s.imap, NULL);
        marks_free(&s.marks);
        free(s.folder);
        uids_free(&s.avoid);
        copies_free(s.copies);
        queue_free(&s.queue);
        imap_free(s.imap);
        net_free(s.net);
        order_open_free(&s.open);
        return r;
}
