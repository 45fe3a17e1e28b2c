/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/check.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "fetch/folder.h"
#include "fetch/imap.h"
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

int check_mailbox(
    int keeper, struct imap *imap, const struct imap_box *box, const struct order_open *open, struct err *err)
{
        struct queue queue = { 0 };
        const char *sent = "";
        size_t waiting = 0;
        int r = pull_scan(imap, 0, box->exists, &queue, err);

        for (size_t i = 0; r == 0 && i < queue.count; i++)
                waiting += queue.entries[i].internaldate >= open->since;
        queue_free(&queue);
        if (r < 0 || look_at_sent(imap, open->sent_folder, &sent, err) < 0)
                return -1;
        return report_checked(keeper, box, waiting, sent, err);
}
