/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/mark.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "fetch/folder.h"
#include "fetch/imap.h"
#include "fetch/net.h"
#include "fetch/relocate.h"
#include "fetch/uids.h"

int mark_keyword(struct imap *imap, const struct uids *uids, struct err *err)
{
        struct mailimap_flag *keyword = mailimap_flag_new_flag_keyword(xstrdup(IMAP_KEYWORD));

        return relocate_flag(imap, uids, keyword, "the mark cannot be set", err);
}

static int move_with(struct imap *imap, const struct uids *uids, struct mark_move *move, struct err *err)
{
        struct mailimap_set *set;
        int r;

        if (!imap_has(imap, "MOVE"))
                return relocate(imap, uids, move, err);
        set = imap_set(uids);
        net_expect(imap->net, NET_COMMAND, NET_SMALL);
        r = mailimap_uid_move(imap->session, set, move->name);
        mailimap_set_free(set);
        return imap_ok(r) ? 0 : relocate_failed(imap, r, "the mail cannot be moved to its folder", err);
}

int mark_move(struct imap *imap, const struct uids *uids, struct mark_move *move, struct err *err)
{
        if (!move->name && folder_ready(imap, move->folder, &move->name, err) < 0)
                return -1;
        if (move_with(imap, uids, move, err) == 0)
                return 0;
        /* RFC 9051 7.1, TRYCREATE: it was there and is not any more. Once. */
        if (!imap->session->imap_response_info || !imap->session->imap_response_info->rsp_trycreate)
                return -1;
        free(move->name);
        move->name = NULL;
        return folder_ready(imap, move->folder, &move->name, err) < 0 ? -1 : move_with(imap, uids, move, err);
}
