/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/pull.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "fetch/imap.h"
#include "fetch/net.h"
#include "fetch/queue.h"
#include "fetch/uids.h"
#include "fetch/when.h"

enum {
        WINDOW = 1000,
        SET_MAX = 200,
        LINE_MAX_INFO = 512,
        SINGLY_MAX = 2000,
        SEARCH_MAX = 64 * 1024 * 1024,
        SLACK = 1024 * 1024
};

/* ---- Which are there */

/* UIDs of the mailbox from first to last (0: the end); sorted. Takes the key. */
static int search_key(struct imap *imap, struct mailimap_search_key *key, uint32_t first, uint32_t last,
    uint64_t budget, struct uids *uids, struct err *err)
{
        clist *found = NULL;
        int r;

        net_expect(imap->net, NET_COMMAND, budget < SEARCH_MAX ? budget : SEARCH_MAX);
        r = mailimap_uid_search(imap->session, NULL, key, &found);
        mailimap_search_key_free(key);
        if (!imap_ok(r))
                return imap_failed(imap, r, "listing the mailbox", err);
        for (clistiter *i = found ? clist_begin(found) : NULL; i; i = clist_next(i)) {
                const uint32_t *uid = clist_content(i);

                /* "n:*" always gives the last message, though its UID be lower. */
                if (uid && *uid >= first && (!last || *uid <= last))
                        uids_add(uids, *uid);
        }
        if (found)
                mailimap_search_result_free(found);
        uids_sort(uids);
        return 0;
}

static int search(
    struct imap *imap, uint32_t first, uint32_t last, uint64_t budget, struct uids *uids, struct err *err)
{
        return search_key(imap, mailimap_search_key_new_uid(mailimap_set_new_interval(first, last)), first,
            last, budget, uids, err);
}

int pull_deleted(struct imap *imap, struct uids *uids, struct err *err)
{
        struct mailimap_search_key *key = mailimap_search_key_new(MAILIMAP_SEARCH_KEY_DELETED, NULL, NULL,
            NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL,
            NULL, NULL, 0, NULL, NULL, NULL);

        return search_key(imap, key, 1, 0, SEARCH_MAX, uids, err);
}

static int is_there(struct imap *imap, uint32_t uid, bool *ret_there, struct err *err)
{
        struct uids found = { 0 };

        if (search(imap, uid, uid, NET_SMALL, &found, err) < 0)
                return -1;
        *ret_there = uids_has(&found, uid);
        uids_free(&found);
        return 0;
}

/* A message that does not come: gone (0), or an error. */
static int explain_missing(struct imap *imap, uint32_t uid, struct err *err)
{
        bool there;

        if (is_there(imap, uid, &there, err) < 0)
                return -1;
        return there ? err_set(err, ERR_TEMP,
                           "the server lists the message with UID %u but does not hand it over", uid)
                     : 0;
}

/* ---- FETCH, message by message as they come */

static void no_progress(size_t current, size_t maximum, void *context)
{
        (void)current;
        (void)maximum;
        (void)context;
}

/* libetpan calls the handlers only when somebody wants to see progress. */
static int fetch(struct imap *imap, struct mailimap_set *set, struct mailimap_fetch_type *type,
    mailimap_msg_att_handler *on_message, mailimap_msg_body_handler *on_body, void *context)
{
        clist *list = NULL;
        int r;

        mailimap_set_progress_callback(imap->session, no_progress, no_progress, NULL);
        mailimap_set_msg_att_handler(imap->session, on_message, context);
        mailimap_set_msg_body_handler(imap->session, on_body, context);
        r = mailimap_uid_fetch(imap->session, set, type, &list);
        mailimap_set_msg_att_handler(imap->session, NULL, NULL);
        mailimap_set_msg_body_handler(imap->session, NULL, NULL);
        mailimap_set_progress_callback(imap->session, NULL, NULL, NULL);
        /* After a refusal the list is not ours, and not valid either. */
        if (imap_ok(r) && list)
                mailimap_fetch_list_free(list);
        mailimap_fetch_type_free(type);
        mailimap_set_free(set);
        return r;
}

/* NO or BAD: what was refused is missing, and is asked for again. */
static bool is_refusal(int result)
{
        return result == MAILIMAP_ERROR_UID_FETCH || result == MAILIMAP_ERROR_PROTOCOL;
}

static const struct mailimap_msg_att_static *find_att(struct mailimap_msg_att *message, int type)
{
        for (clistiter *i = clist_begin(message->att_list); i; i = clist_next(i)) {
                const struct mailimap_msg_att_item *item = clist_content(i);

                if (item && item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC && item->att_data.att_static &&
                    item->att_data.att_static->att_type == type)
                        return item->att_data.att_static;
        }
        return NULL;
}

static uint32_t uid_of(struct mailimap_msg_att *message)
{
        const struct mailimap_msg_att_static *att = find_att(message, MAILIMAP_MSG_ATT_UID);

        return att ? att->att_data.att_uid : 0;
}

static void add_att(struct mailimap_fetch_type *type, struct mailimap_fetch_att *att)
{
        if (!att || mailimap_fetch_type_new_fetch_att_list_add(type, att) != MAILIMAP_NO_ERROR)
                mem_die("out of memory");
}

/* ---- Dates and sizes */

struct listing {
        const struct uids *wanted;
        struct uids *got;
        struct queue *queue;
};

static int date_of(const struct mailimap_date_time *d, int64_t *ret_instant)
{
        struct when when = { .year = d->dt_year,
                .month = d->dt_month,
                .day = d->dt_day,
                .hour = d->dt_hour,
                .minute = d->dt_min,
                .second = d->dt_sec,
                .zone = d->dt_zone };

        return when_instant(&when, ret_instant);
}

static void note_listed(struct mailimap_msg_att *message, void *context)
{
        const struct mailimap_msg_att_static *date = find_att(message, MAILIMAP_MSG_ATT_INTERNALDATE),
                                             *size = find_att(message, MAILIMAP_MSG_ATT_RFC822_SIZE);
        struct queue_entry entry = { .uid = uid_of(message) };
        struct listing *listing = context;

        if (!uids_has(listing->wanted, entry.uid) || !date || !date->att_data.att_internal_date || !size)
                return;
        if (date_of(date->att_data.att_internal_date, &entry.internaldate) < 0)
                return;
        entry.size = size->att_data.att_rfc822_size;
        /* A UID that is told twice counts once. */
        for (size_t i = 0; i < listing->got->count; i++)
                if (listing->got->items[i] == entry.uid)
                        return;
        uids_add(listing->got, entry.uid);
        queue_add(listing->queue, &entry);
}

/* Takes the set. */
static int list_set(struct imap *imap, struct mailimap_set *set, struct listing *listing, struct err *err)
{
        struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty();
        int r;

        add_att(type, mailimap_fetch_att_new_uid());
        add_att(type, mailimap_fetch_att_new_internaldate());
        add_att(type, mailimap_fetch_att_new_rfc822_size());
        net_expect(imap->net, NET_COMMAND, (uint64_t)WINDOW * LINE_MAX_INFO);
        r = fetch(imap, set, type, note_listed, NULL, listing);
        return imap_ok(r) || is_refusal(r) ? 0 : imap_failed(imap, r, "listing the mailbox", err);
}

static int list_missing(struct imap *imap, uint32_t uid, struct listing *listing, struct err *err)
{
        size_t before = listing->queue->count;

        imap->in_hand = uid;
        if (list_set(imap, mailimap_set_new_interval(uid, uid), listing, err) < 0 ||
            (listing->queue->count == before && explain_missing(imap, uid, err) < 0))
                return -1;
        imap->in_hand = 0;
        return 0;
}

/* solid: nothing else is between the first and the last of them, which makes for a short command. */
static int list_window(
    struct imap *imap, const struct uids *wanted, bool solid, struct queue *queue, struct err *err)
{
        struct uids got = { 0 };
        struct listing listing = { .wanted = wanted, .got = &got, .queue = queue };
        int r;

        imap->in_hand = wanted->count == 1 ? wanted->items[0] : 0;
        r = list_set(imap,
            solid ? mailimap_set_new_interval(wanted->items[0], wanted->items[wanted->count - 1])
                  : imap_set(wanted),
            &listing, err);
        if (r == 0)
                imap->in_hand = 0;
        uids_sort(&got);
        for (size_t i = 0; r == 0 && i < wanted->count; i++) {
                struct uids one = { 0 };
                struct listing again = { .wanted = wanted, .got = &one, .queue = queue };

                if (!uids_has(&got, wanted->items[i]))
                        r = list_missing(imap, wanted->items[i], &again, err);
                uids_free(&one);
        }
        uids_free(&got);
        return r;
}

static int list_windows(struct imap *imap, const struct uids *uids, size_t at_once, bool solid,
    struct queue *queue, struct err *err)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < uids->count; i += at_once) {
                struct uids window = { .items = uids->items + i,
                        .count = uids->count - i < at_once ? uids->count - i : at_once };

                r = list_window(imap, &window, solid, queue, err);
        }
        return r;
}

int pull_list(struct imap *imap, const struct uids *uids, struct queue *queue, struct err *err)
{
        return list_windows(imap, uids, SET_MAX, false, queue, err);
}

static void leave_out(struct uids *uids, const struct uids *avoid)
{
        size_t kept = 0;

        for (size_t i = 0; i < uids->count; i++)
                if (!uids_has(avoid, uids->items[i]))
                        uids->items[kept++] = uids->items[i];
        uids->count = kept;
}

int pull_scan(struct imap *imap, const struct pull_range *range, struct queue *queue, uint32_t *ret_highest,
    struct err *err)
{
        struct uids found = { 0 };
        uint32_t highest = range->after;
        size_t all, at_once;
        int r;

        if (range->after == UINT32_MAX)
                return 0;
        r = search(imap, range->after + 1, 0, NET_SMALL + 16ULL * range->exists, &found, err);
        if (found.count)
                highest = found.items[found.count - 1];
        all = found.count;
        leave_out(&found, &range->avoid);
        at_once = range->one_by_one && all <= SINGLY_MAX ? 1 : all > found.count ? SET_MAX : WINDOW;
        if (r == 0)
                r = list_windows(imap, &found, at_once, all == found.count, queue, err);
        uids_free(&found);
        if (r == 0 && ret_highest)
                *ret_highest = highest;
        return r;
}

/* ---- Bytes */

/* The message that is coming. Its UID may stand behind its bytes. */
struct catch
{
        struct pull_item *items;
        size_t count, max;
        int fd;       /* of the message in hand */
        size_t size;  /* bytes that came */
        bool started; /* some came */
        struct err why;
        bool failed;
};

static void catch_bytes(struct catch *c, const char *bytes, size_t size)
{
        size_t room = c->size < c->max ? c->max - c->size : 0;

        c->started = true;
        if (c->fd < 0)
                c->fd = memfd_create("message", MFD_CLOEXEC | MFD_ALLOW_SEALING);
        if (c->fd < 0) {
                c->failed = true;
                err_errno(&c->why, ERR_TEMP, "memfd_create");
        } else if (io_write_fd(c->fd, bytes, size < room ? size : room, &c->why) < 0) {
                c->failed = true;
        }
        c->size += size;
}

static bool note_body(
    int type, struct mailimap_msg_att_body_section *section, const char *bytes, size_t size, void *context)
{
        (void)type;
        (void)section;
        catch_bytes(context, bytes, size);
        return true;
}

static int seal(int fd)
{
        const int seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;

        return lseek(fd, 0, SEEK_SET) == 0 && fcntl(fd, F_ADD_SEALS, seals) == 0 ? 0 : -1;
}

static void settle(struct catch *c, struct pull_item *item)
{
        if (seal(c->fd) < 0) {
                c->failed = true;
                err_errno(&c->why, ERR_TEMP, "cannot seal a memfd");
                return;
        }
        item->fd = c->fd;
        item->cut = c->size > c->max;
        item->size = c->size;
        c->fd = -1;
}

/* The end of one message of the answer. A body without a UID that was asked for belongs to nobody. */
static void note_message(struct mailimap_msg_att *message, void *context)
{
        const struct mailimap_msg_att_static *att = find_att(message, MAILIMAP_MSG_ATT_BODY_SECTION);
        const struct mailimap_msg_att_body_section *body = att ? att->att_data.att_body_section : NULL;
        uint32_t uid = uid_of(message);
        struct catch *c = context;

        for (size_t i = 0; uid && body && i < c->count; i++) {
                struct pull_item *item = c->items + i;

                if (item->uid != uid || item->fd >= 0)
                        continue;
                /* A short body may come with the message instead of piece by piece. NIL is none, unless the
                 * message is empty. */
                if (!c->started && body->sec_body_part)
                        catch_bytes(c, body->sec_body_part, body->sec_length);
                else if (!c->started && !item->expected)
                        catch_bytes(c, "", 0);
                if (c->started && !c->failed)
                        settle(c, item);
                break;
        }
        io_close(&c->fd);
        c->size = 0;
        c->started = false;
}

static struct mailimap_set *set_of(const struct pull_item *items, size_t count)
{
        struct mailimap_set *set;
        struct uids uids = { 0 };

        for (size_t i = 0; i < count; i++)
                uids_add(&uids, items[i].uid);
        uids_sort(&uids);
        set = imap_set(&uids);
        uids_free(&uids);
        return set;
}

/* Servers estimate sizes; twice as much is not an estimate any more. */
static uint64_t budget_for(const struct pull_item *items, size_t count, bool headers)
{
        uint64_t bytes = SLACK;

        for (size_t i = 0; i < count; i++) {
                uint64_t size = 2ULL * items[i].expected;

                bytes += LINE_MAX_INFO + (headers && size > PULL_HEADERS_MAX ? size / 2 : size);
        }
        return bytes;
}

static int pull(
    struct imap *imap, struct pull_item *items, size_t count, bool headers, size_t max, struct err *err)
{
        struct catch c = { .items = items, .count = count, .max = max, .fd = -1 };
        struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty();
        struct mailimap_section *section =
            headers ? mailimap_section_new_header() : mailimap_section_new(NULL);
        int r;

        add_att(type, mailimap_fetch_att_new_uid());
        add_att(type, mailimap_fetch_att_new_body_peek_section(section));
        net_expect(imap->net, NET_COMMAND, budget_for(items, count, headers));
        r = fetch(imap, set_of(items, count), type, note_message, note_body, &c);
        io_close(&c.fd);
        if (c.failed)
                return err_set(err, c.why.class, "%s", c.why.text);
        return imap_ok(r) || is_refusal(r) ? 0 : imap_failed(imap, r, "fetching mail", err);
}

static int pull_missing(struct imap *imap, struct pull_item *item, bool headers, size_t max, struct err *err)
{
        imap->in_hand = item->uid;
        if (pull(imap, item, 1, headers, max, err) < 0 ||
            (item->fd < 0 && explain_missing(imap, item->uid, err) < 0))
                return -1;
        imap->in_hand = 0;
        return 0;
}

int pull_bodies(
    struct imap *imap, struct pull_item *items, size_t count, bool headers, size_t max, struct err *err)
{
        imap->in_hand = count == 1 ? items[0].uid : 0;
        if (pull(imap, items, count, headers, max, err) < 0)
                return -1;
        imap->in_hand = 0;
        for (size_t i = 0; i < count; i++)
                if (items[i].fd < 0 && pull_missing(imap, items + i, headers, max, err) < 0)
                        return -1;
        return 0;
}

void pull_close(struct pull_item *items, size_t count)
{
        for (size_t i = 0; i < count; i++)
                io_close(&items[i].fd);
}
