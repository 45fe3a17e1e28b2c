/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/marks.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "fetch/imap.h"
#include "fetch/order.h"
#include "fetch/report.h"
#include "fetch/uids.h"

enum { WAITING_MAX = 1000, BATCH = 500 };

int marks_take(struct marks *marks, const json_t *json, struct err *err)
{
        struct order_mark_uids order;

        if (marks->count == WAITING_MAX)
                return err_set(err, ERR_INPUT, "the keeper marks faster than the server");
        if (order_mark_uids(json, &order, err) < 0)
                return -1;
        marks->orders = xreallocarray(marks->orders, marks->count + 1, sizeof *marks->orders);
        marks->orders[marks->count++] = order;
        return 0;
}

static int mark_some(struct marks *marks, struct imap *imap, const struct imap_box *box,
    const struct uids *uids, struct err *err)
{
        if (marks->open->mark == ORDER_MARK_NONE)
                return err_set(err, ERR_PERM, "mailbox.mark is \"none\"");
        if (box->read_only)
                return err_set(err, ERR_PERM, MARK_READ_ONLY);
        if (marks->open->mark == ORDER_MARK_MOVE)
                return mark_move(imap, uids, &marks->move, err);
        if (!box->keywords)
                return err_set(err, ERR_PERM, MARK_NO_KEYWORDS);
        return mark_keyword(imap, uids, err);
}

static int mark_batch(struct marks *marks, struct imap *imap, const struct imap_box *box,
    uint32_t uidvalidity, const struct uids *uids, struct err *err)
{
        struct err why;
        int r;

        if (uidvalidity != box->uidvalidity)
                r = err_set(&why, ERR_PERM, "the mailbox was renumbered meanwhile");
        else
                r = mark_some(marks, imap, box, uids, &why);
        if (r < 0 && why.class != ERR_PERM)
                return err_set(err, why.class, "%s", why.text);
        return report_marked(marks->keeper, uidvalidity, uids, r < 0 ? &why : NULL, err);
}

int marks_serve(
    struct marks *marks, struct imap *imap, const struct imap_box *box, const char *name, struct err *err)
{
        int r = 0;

        imap->marking = true;
        marks->move.source = name;
        marks->move.uidvalidity = box->uidvalidity;
        marks->move.folder = marks->open->move_to;
        for (size_t i = 0; i < marks->count; i++) {
                struct uids *all = &marks->orders[i].uids;

                for (size_t j = 0; r == 0 && j < all->count; j += BATCH) {
                        struct uids part = { .items = all->items + j,
                                .count = all->count - j < BATCH ? all->count - j : BATCH };

                        r = mark_batch(marks, imap, box, marks->orders[i].uidvalidity, &part, err);
                }
                uids_free(all);
        }
        marks->count = 0;
        imap->marking = r < 0;
        return r;
}

void marks_free(struct marks *marks)
{
        for (size_t i = 0; i < marks->count; i++)
                uids_free(&marks->orders[i].uids);
        free(marks->orders);
        free(marks->move.name);
        *marks = (struct marks){ 0 };
}
