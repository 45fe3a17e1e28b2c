/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/relocate.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "fetch/imap.h"
#include "fetch/mark.h"
#include "fetch/net.h"
#include "fetch/pull.h"
#include "fetch/queue.h"
#include "fetch/uids.h"

/* A change that the server does not understand (BAD) is refused as well as with NO. */
int relocate_failed(struct imap *imap, int result, const char *what, struct err *err)
{
        imap_failed(imap, result, what, err);
        if (result == MAILIMAP_ERROR_PROTOCOL)
                err->class = ERR_PERM;
        return -1;
}

int relocate_flag(
    struct imap *imap, const struct uids *uids, struct mailimap_flag *flag, const char *what, struct err *err)
{
        struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
        struct mailimap_store_att_flags *change;
        struct mailimap_set *set = imap_set(uids);
        int r;

        if (!flags || !flag || mailimap_flag_list_add(flags, flag) != MAILIMAP_NO_ERROR)
                mem_die("out of memory");
        change = mailimap_store_att_flags_new_add_flags_silent(flags);
        net_expect(imap->net, NET_COMMAND, NET_SMALL);
        r = mailimap_uid_store(imap->session, set, change);
        mailimap_store_att_flags_free(change);
        mailimap_set_free(set);
        return imap_ok(r) ? 0 : relocate_failed(imap, r, what, err);
}

/* ---- What has a copy already: a message of the same size, arrival and headers in the folder */

struct likeness { /* of a message here and one in the folder */
        struct pull_item here, there;
        bool same;
};

struct likenesses {
        struct likeness *items;
        size_t count;
};

static void likenesses_free(struct likenesses *list)
{
        for (size_t i = 0; i < list->count; i++) {
                pull_close(&list->items[i].here, 1);
                pull_close(&list->items[i].there, 1);
        }
        free(list->items);
}

static void pair_up(const struct queue *here, const struct queue *there, struct likenesses *list)
{
        for (size_t i = 0; i < here->count; i++)
                for (size_t j = 0; j < there->count; j++) {
                        const struct queue_entry *a = here->entries + i, *b = there->entries + j;

                        if (a->size != b->size || a->internaldate != b->internaldate)
                                continue;
                        list->items = xreallocarray(list->items, list->count + 1, sizeof *list->items);
                        list->items[list->count++] = (struct likeness){
                                .here = { .uid = a->uid, .expected = a->size, .fd = -1 },
                                .there = { .uid = b->uid, .expected = b->size, .fd = -1 },
                        };
                }
}

/* Headers, one message each: pairs are rare. */
static int get_headers(struct imap *imap, struct likenesses *list, bool there, struct err *err)
{
        for (size_t i = 0; i < list->count; i++)
                if (pull_bodies(imap, there ? &list->items[i].there : &list->items[i].here, 1, true,
                        PULL_HEADERS_MAX, err) < 0)
                        return -1;
        return 0;
}

static bool same_bytes(int a, int b)
{
        struct io_map x = { 0 }, y = { 0 };
        bool same = false;

        if (a >= 0 && b >= 0 && io_map_memfd(a, PULL_HEADERS_MAX, &x, NULL) == 0 &&
            io_map_memfd(b, PULL_HEADERS_MAX, &y, NULL) == 0)
                same = x.size == y.size && (!x.size || memcmp(x.data, y.data, x.size) == 0);
        io_unmap(&x);
        io_unmap(&y);
        return same;
}

/* A look into the folder and back. */
static int look_there(struct imap *imap, const struct mark_move *move, const struct queue *here,
    struct likenesses *list, struct err *err)
{
        struct queue there = { 0 };
        struct pull_range all = { 0 };
        struct imap_box box;
        struct err why;
        int r = 0;

        if (imap_select(imap, move->name, true, &box, &why) == 0) {
                all.exists = box.exists;
                r = pull_scan(imap, &all, &there, NULL, err);
                pair_up(here, &there, list);
                if (r == 0)
                        r = get_headers(imap, list, true, err);
        } else if (why.class != ERR_PERM) {
                r = err_set(err, why.class, "%s", why.text);
        }
        queue_free(&there);
        if (r < 0 || imap_select(imap, move->source, false, &box, err) < 0)
                return -1;
        return box.uidvalidity == move->uidvalidity ? 0
                                                    : err_set(err, ERR_TEMP, "the mailbox was renumbered");
}

/* ret_missing: those of the messages that are here and have no copy there. */
static int find_missing(struct imap *imap, const struct mark_move *move, const struct queue *here,
    struct uids *ret_missing, struct err *err)
{
        struct likenesses list = { 0 };
        struct uids copied = { 0 };
        int r = look_there(imap, move, here, &list, err);

        if (r == 0)
                r = get_headers(imap, &list, false, err);
        for (size_t i = 0; r == 0 && i < list.count; i++)
                if (same_bytes(list.items[i].here.fd, list.items[i].there.fd))
                        uids_add(&copied, list.items[i].here.uid);
        uids_sort(&copied);
        for (size_t i = 0; r == 0 && i < here->count; i++)
                if (!uids_has(&copied, here->entries[i].uid))
                        uids_add(ret_missing, here->entries[i].uid);
        uids_sort(ret_missing);
        uids_free(&copied);
        likenesses_free(&list);
        return r;
}

/* ---- Copying and removing */

static int copy_to(struct imap *imap, const struct uids *uids, const char *name, struct err *err)
{
        struct mailimap_set *set;
        int r;

        if (!uids->count)
                return 0;
        set = imap_set(uids);
        net_expect(imap->net, NET_COMMAND, NET_SMALL);
        r = mailimap_uid_copy(imap->session, set, name);
        mailimap_set_free(set);
        return imap_ok(r) ? 0 : relocate_failed(imap, r, "the mail cannot be copied to its folder", err);
}

static int expunge_by_uid(struct imap *imap, const struct uids *uids, struct err *err)
{
        struct mailimap_set *set = imap_set(uids);
        int r;

        net_expect(imap->net, NET_COMMAND, NET_SMALL);
        r = mailimap_uid_expunge(imap->session, set);
        mailimap_set_free(set);
        return imap_ok(r) ? 0 : relocate_failed(imap, r, "copied, but the original stays too", err);
}

static int expunge_all(struct imap *imap, struct err *err)
{
        int r;

        net_expect(imap->net, NET_COMMAND, 4 * NET_SMALL);
        r = mailimap_expunge(imap->session);
        return imap_ok(r) ? 0 : relocate_failed(imap, r, "copied, but the original stays too", err);
}

/* Whether EXPUNGE would take nothing but ours. */
static int are_alone(struct imap *imap, const struct uids *ours, bool *ret_alone, struct err *err)
{
        struct uids deleted = { 0 };

        if (pull_deleted(imap, &deleted, err) < 0)
                return -1;
        *ret_alone = true;
        for (size_t i = 0; i < deleted.count; i++)
                *ret_alone = *ret_alone && uids_has(ours, deleted.items[i]);
        uids_free(&deleted);
        return 0;
}

static int expunge_alone(struct imap *imap, const struct uids *uids, struct err *err)
{
        bool alone;

        if (are_alone(imap, uids, &alone, err) < 0)
                return -1;
        return alone ? expunge_all(imap, err) : 0;
}

static int remove_originals(struct imap *imap, const struct queue *here, struct err *err)
{
        struct uids uids = { 0 };
        int r;

        for (size_t i = 0; i < here->count; i++)
                uids_add(&uids, here->entries[i].uid);
        uids_sort(&uids);
        r = relocate_flag(
            imap, &uids, mailimap_flag_new_deleted(), "copied, but the original stays too", err);
        if (r == 0)
                r = imap_has(imap, "UIDPLUS") ? expunge_by_uid(imap, &uids, err)
                                              : expunge_alone(imap, &uids, err);
        uids_free(&uids);
        return r;
}

int relocate(struct imap *imap, const struct uids *uids, const struct mark_move *move, struct err *err)
{
        struct queue here = { 0 };
        struct uids missing = { 0 };
        int r = pull_list(imap, uids, &here, err);

        if (r == 0 && here.count) {
                r = find_missing(imap, move, &here, &missing, err);
                if (r == 0)
                        r = copy_to(imap, &missing, move->name, err);
                if (r == 0)
                        r = remove_originals(imap, &here, err);
        }
        uids_free(&missing);
        queue_free(&here);
        return r;
}
