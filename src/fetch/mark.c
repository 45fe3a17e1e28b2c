/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/mark.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "fetch/imap.h"
#include "fetch/net.h"
#include "fetch/uids.h"
#include "fetch/words.h"

static struct mailimap_set *set_of(const struct uids *uids)
{
        struct mailimap_set *set = mailimap_set_new_empty();

        for (size_t i = 0; i < uids->count;) {
                uint32_t first, last;

                i = uids_run(uids, i, &first, &last);
                if (!set || mailimap_set_add_interval(set, first, last) != MAILIMAP_NO_ERROR)
                        mem_die("out of memory");
        }
        return set;
}

/* Takes the flag. */
static int store(struct imap *imap, struct mailimap_set *set, struct mailimap_flag *flag, struct err *err)
{
        struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
        struct mailimap_store_att_flags *change;
        int r;

        if (!flags || !flag || mailimap_flag_list_add(flags, flag) != MAILIMAP_NO_ERROR)
                mem_die("out of memory");
        change = mailimap_store_att_flags_new_add_flags_silent(flags);
        net_expect(imap->net, NET_COMMAND, NET_SMALL);
        r = mailimap_uid_store(imap->session, set, change);
        mailimap_store_att_flags_free(change);
        return imap_ok(r) ? 0 : imap_failed(imap, r, "the mark cannot be set", err);
}

int mark_keyword(struct imap *imap, const struct uids *uids, struct err *err)
{
        struct mailimap_set *set = set_of(uids);
        int r = store(imap, set, mailimap_flag_new_flag_keyword(xstrdup(MARK_KEYWORD)), err);

        mailimap_set_free(set);
        return r;
}

static int copy_and_remove(struct imap *imap, struct mailimap_set *set, const char *folder, struct err *err)
{
        int r;

        net_expect(imap->net, NET_COMMAND, NET_SMALL);
        r = mailimap_uid_copy(imap->session, set, folder);
        if (!imap_ok(r))
                return imap_failed(imap, r, "the mail cannot be copied to its folder", err);
        if (store(imap, set, mailimap_flag_new_deleted(), err) < 0)
                return -1;
        net_expect(imap->net, NET_COMMAND, NET_SMALL);
        r = mailimap_uid_expunge(imap->session, set);
        return imap_ok(r) ? 0 : imap_failed(imap, r, "the moved mail stays where it was, too", err);
}

int mark_move(struct imap *imap, const struct uids *uids, const char *folder, struct err *err)
{
        CLEANUP_FREE char *name = words_folder(folder);
        struct mailimap_set *set = set_of(uids);
        int r = 0;

        if (imap_has(imap, "MOVE")) {
                net_expect(imap->net, NET_COMMAND, NET_SMALL);
                r = mailimap_uid_move(imap->session, set, name);
                r = imap_ok(r) ? 0 : imap_failed(imap, r, "the mail cannot be moved to its folder", err);
        } else if (imap_has(imap, "UIDPLUS")) {
                r = copy_and_remove(imap, set, name, err);
        } else {
                r = err_set(
                    err, ERR_PERM, "this server cannot move single mails: use mailbox.mark = \"keyword\"");
        }
        mailimap_set_free(set);
        return r;
}
