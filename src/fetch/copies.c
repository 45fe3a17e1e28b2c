/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/copies.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"
#include "fetch/append.h"
#include "fetch/folder.h"
#include "fetch/imap.h"
#include "fetch/order.h"
#include "fetch/report.h"

struct copies {
        struct order_append *waiting[COPIES_MAX]; /* owned */
        size_t count;
        char *folder, *name; /* the one found last: as configured, as the server wants it; NULL: none */
};

struct copies *copies_new(void)
{
        return xcalloc(1, sizeof(struct copies));
}

static void free_one(struct order_append *append)
{
        order_append_free(append);
        free(append);
}

void copies_free(struct copies *copies)
{
        if (!copies)
                return;
        for (size_t i = 0; i < copies->count; i++)
                free_one(copies->waiting[i]);
        free(copies->folder);
        free(copies->name);
        free(copies);
}

int copies_take(struct copies *copies, struct wire_record *record, struct err *err)
{
        struct order_append append;

        if (copies->count == COPIES_MAX)
                return err_set(err, ERR_INPUT, "the keeper appends faster than the server");
        if (order_append(record, &append, err) < 0)
                return -1;
        copies->waiting[copies->count++] = xmemdup(&append, sizeof append);
        return 0;
}

bool copies_waiting(const struct copies *copies)
{
        return copies->count > 0;
}

static void forget_folder(struct copies *copies)
{
        free(copies->folder);
        free(copies->name);
        copies->folder = copies->name = NULL;
}

static int know_folder(
    struct copies *copies, struct imap *imap, const char *folder, struct err *refused, struct err *err)
{
        enum folder_state state;

        if (copies->name && str_equal(copies->folder, folder))
                return 0;
        forget_folder(copies);
        if (folder_find(imap, folder, &state, &copies->name, err) < 0)
                return -1;
        if (state == FOLDER_UNUSABLE)
                err_set(refused, ERR_PERM, "it cannot be written to");
        else if (state == FOLDER_MISSING && folder_make(imap, copies->name, refused, err) < 0)
                return -1;
        if (refused->class == ERR_NONE)
                copies->folder = xstrdup(folder);
        else
                forget_folder(copies); /* another time it may be there */
        return 0;
}

/* ret_no_folder: it was there before, and may be made anew. */
static int put(struct copies *copies, struct imap *imap, const struct order_append *order,
    struct err *refused, bool *ret_no_folder, bool *ret_left, struct err *err)
{
        struct append append = {
                .message_id = order->message_id, .internaldate = order->internaldate, .unread = order->unread
        };
        struct io_map map;
        bool there = false;
        int r;

        *ret_no_folder = false;
        if (know_folder(copies, imap, order->folder, refused, err) < 0)
                return -1;
        if (refused->class != ERR_NONE)
                return 0;
        if (io_map_memfd(order->bytes, LIMIT_LETTER, &map, err) < 0)
                return -1;
        append.name = copies->name;
        append.bytes = map.data;
        append.size = map.size;
        *ret_left = order->search;
        r = order->search ? append_is_there(imap, &append, &there, refused, err) : 0;
        if (r == 0 && !there && refused->class == ERR_NONE)
                r = append_put(imap, &append, refused, ret_no_folder, err);
        io_unmap(&map);
        return r;
}

int copies_serve(struct copies *copies, int keeper, struct imap *imap, bool *ret_left, struct err *err)
{
        struct order_append *order = copies->waiting[0];
        struct err refused = { 0 };
        bool no_folder, left = false;
        int r;

        memmove(copies->waiting, copies->waiting + 1, --copies->count * sizeof *copies->waiting);
        r = put(copies, imap, order, &refused, &no_folder, &left, err);
        if (r == 0 && no_folder) {
                forget_folder(copies);
                refused = (struct err){ 0 };
                r = put(copies, imap, order, &refused, &no_folder, &left, err);
        }
        if (r == 0 && refused.class != ERR_NONE)
                forget_folder(copies);
        if (r == 0)
                r = report_appended(keeper, order->id, refused.class != ERR_NONE ? &refused : NULL, err);
        *ret_left = left;
        free_one(order);
        return r;
}
