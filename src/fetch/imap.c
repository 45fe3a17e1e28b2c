/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/imap.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "fetch/net.h"
#include "fetch/talk.h"
#include "fetch/uids.h"
#include "fetch/words.h"

struct imap *imap_new(struct net *net)
{
        struct imap *imap = xcalloc(1, sizeof *imap);

        imap->net = net;
        imap->stream = net_stream(net);
        return imap;
}

void imap_free(struct imap *imap)
{
        if (!imap)
                return;
        if (imap->stream)
                mailstream_close(imap->stream);
        if (imap->session) {
                /* With a stream it would send LOGOUT and wait. */
                imap->session->imap_stream = NULL;
                mailimap_free(imap->session);
        }
        str_list_free(&imap->capabilities);
        free(imap);
}

void imap_say_goodbye(struct imap *imap)
{
        net_expect(imap->net, 1, NET_SMALL);
        (void)talk_send(imap, "LOGOUT", NULL);
}

bool imap_has(const struct imap *imap, const char *capability)
{
        return str_list_has(&imap->capabilities, capability);
}

/* libetpan wants to see a greeting: it gets one of ours, and after it what the server said too early. */
int imap_start(struct imap *imap, struct err *err)
{
        static const char greeting[] = "* PREAUTH go\r\n";
        mailstream *stream = imap->stream;
        int r;

        net_push_back(imap->net, greeting, sizeof greeting - 1);
        net_push_back(imap->net, stream->read_buffer, stream->read_buffer_len);
        stream->read_buffer_len = 0;
        mmap_string_set_ceil(SIZE_MAX); /* never a temporary file */
        imap->session = mailimap_new(0, NULL);
        if (!imap->session)
                mem_die("out of memory");
        r = mailimap_connect(imap->session, stream);
        return imap_ok(r) ? 0 : imap_failed(imap, r, "the start", err);
}

/* RFC 5530: these codes promise that another time may be better. */
static bool is_temporary(const mailimap *session)
{
        const char *code = session->imap_response_info ? session->imap_response_info->rsp_atom : NULL;

        return str_equal_nocase(code, "UNAVAILABLE") || str_equal_nocase(code, "INUSE") ||
               str_equal_nocase(code, "LIMIT") || str_equal_nocase(code, "SERVERBUG");
}

int imap_failed(const struct imap *imap, int result, const char *what, struct err *err)
{
        const char *said = imap->session->imap_response;
        CLEANUP_FREE char *shown = words_clean(said ? said : "", WORDS_SERVER_MAX);

        switch (result) {
        case MAILIMAP_ERROR_STREAM:
                net_why(imap->net, err);
                return err_prefix(err, "%s", what);
        case MAILIMAP_ERROR_FATAL: /* BYE */
                return err_set(err, ERR_TEMP, "%s: the server ends the connection: %s", what, shown);
        case MAILIMAP_ERROR_PARSE:
                return err_set(err, ERR_TEMP, "%s: the server's answer cannot be understood", what);
        case MAILIMAP_ERROR_PROTOCOL: /* BAD */
                return err_set(
                    err, ERR_TEMP, "%s: the server does not understand the question: %s", what, shown);
        case MAILIMAP_ERROR_MEMORY: /* a literal of 4 GB needs only ten characters */
                return err_set(err, ERR_TEMP, "%s: the server's answer is too large", what);
        default:
                return err_set(err, is_temporary(imap->session) ? ERR_TEMP : ERR_PERM,
                    "%s: the server refuses: %s", what, shown);
        }
}

bool imap_is_refusal(int result)
{
        switch (result) {
        case MAILIMAP_ERROR_STREAM:
        case MAILIMAP_ERROR_FATAL:
        case MAILIMAP_ERROR_PARSE:
        case MAILIMAP_ERROR_MEMORY:
        case MAILIMAP_ERROR_BAD_STATE:
        case MAILIMAP_ERROR_NEEDS_MORE_DATA:
                return false;
        default:
                return !imap_ok(result);
        }
}

static bool is_our_keyword(const struct mailimap_flag_perm *flag)
{
        return flag->fl_type == MAILIMAP_FLAG_PERM_FLAG && flag->fl_flag &&
               flag->fl_flag->fl_type == MAILIMAP_FLAG_KEYWORD &&
               str_equal_nocase(flag->fl_flag->fl_data.fl_keyword, IMAP_KEYWORD);
}

/* RFC 9051 7.1: a server that does not say may keep all. */
static bool allows_our_keyword(const struct mailimap_selection_info *info)
{
        if (!info->sel_perm_flags)
                return true;
        for (clistiter *i = clist_begin(info->sel_perm_flags); i; i = clist_next(i)) {
                const struct mailimap_flag_perm *flag = clist_content(i);

                if (flag && (flag->fl_type == MAILIMAP_FLAG_PERM_ALL || is_our_keyword(flag)))
                        return true;
        }
        return false;
}

int imap_select(struct imap *imap, const char *name, bool examine, struct imap_box *ret_box, struct err *err)
{
        const struct mailimap_selection_info *info;
        int r;

        net_expect(imap->net, NET_COMMAND, NET_SMALL);
        r = examine ? mailimap_examine(imap->session, name) : mailimap_select(imap->session, name);
        if (!imap_ok(r)) {
                imap_failed(imap, r, "the mailbox cannot be opened", err);
                if (r == MAILIMAP_ERROR_SELECT || r == MAILIMAP_ERROR_EXAMINE)
                        err_prefix(err, "check mailbox.folder");
                return -1;
        }
        info = imap->session->imap_selection_info;
        if (!info || !info->sel_uidvalidity)
                return err_set(
                    err, ERR_PERM, "the server gives the mailbox no UIDVALIDITY: no mail can be known again");
        *ret_box = (struct imap_box){ .uidvalidity = info->sel_uidvalidity,
                .uidnext = info->sel_uidnext,
                .exists = info->sel_exists,
                .keywords = allows_our_keyword(info),
                .read_only = !examine && info->sel_perm == MAILIMAP_MAILBOX_READONLY };
        return 0;
}

struct mailimap_set *imap_set(const struct uids *uids)
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

int imap_noop(struct imap *imap, struct err *err)
{
        int r;

        net_expect(imap->net, NET_COMMAND, NET_SMALL);
        r = mailimap_noop(imap->session);
        return imap_ok(r) ? 0 : imap_failed(imap, r, "keeping the connection", err);
}

uint32_t imap_uidvalidity(const struct imap *imap)
{
        return imap->session->imap_selection_info ? imap->session->imap_selection_info->sel_uidvalidity : 0;
}

void imap_forget_news(struct imap *imap)
{
        if (imap->session->imap_selection_info)
                imap->session->imap_selection_info->sel_has_exists = 0;
}

bool imap_heard_news(const struct imap *imap)
{
        return imap->session->imap_selection_info && imap->session->imap_selection_info->sel_has_exists;
}

void imap_note_news(struct imap *imap)
{
        if (imap->session->imap_selection_info)
                imap->session->imap_selection_info->sel_has_exists = 1;
}
