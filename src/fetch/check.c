/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/check.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "fetch/folder.h"
#include "fetch/imap.h"
#include "fetch/mark.h"
#include "fetch/order.h"
#include "fetch/pull.h"
#include "fetch/queue.h"
#include "fetch/report.h"
#include "fetch/words.h"

static int look_at_sent(struct imap *imap, const char *folder, const char **ret_word, struct err *err)
{
        static const char *const words[] = {
                [FOLDER_THERE] = "there", [FOLDER_MISSING] = "missing", [FOLDER_UNUSABLE] = "unusable"
        };
        CLEANUP_FREE char *name = NULL;
        enum folder_state state;

        if (str_is_empty(folder))
                return 0;
        if (words_check(folder, "mailbox.sent_folder", err) < 0 ||
            folder_find(imap, folder, &state, &name, err) < 0)
                return -1;
        *ret_word = words[state];
        return 0;
}

/* Whether registration mail could be marked: "" or what is in the way. Only opening it as if to change it says so. */
static int look_at_marks(struct imap *imap, const char *name, const struct order_open *open,
    const char **ret_trouble, struct err *err)
{
        struct imap_box box;

        if (open->mark == ORDER_MARK_NONE)
                return 0;
        if (imap_select(imap, name, false, &box, err) < 0)
                return -1;
        if (box.read_only)
                *ret_trouble = MARK_READ_ONLY;
        else if (open->mark == ORDER_MARK_KEYWORD && !box.keywords)
                *ret_trouble = MARK_NO_KEYWORDS;
        return 0;
}

int check_mailbox(int keeper, struct imap *imap, const struct imap_box *box, const char *name,
    const struct order_open *open, struct err *err)
{
        struct queue queue = { 0 };
        const char *sent = "", *marks = "";
        size_t waiting = 0;
        const struct pull_range all = { .exists = box->exists };
        int r = pull_scan(imap, &all, &queue, NULL, err);

        for (size_t i = 0; r == 0 && i < queue.count; i++)
                waiting += queue.entries[i].internaldate >= open->since;
        queue_free(&queue);
        if (r < 0 || look_at_sent(imap, open->sent_folder, &sent, err) < 0 ||
            look_at_marks(imap, name, open, &marks, err) < 0)
                return -1;
        return report_checked(keeper, &(struct report_checked){ box, waiting, sent, marks }, err);
}
