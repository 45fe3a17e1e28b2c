/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/folder.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "fetch/imap.h"
#include "fetch/net.h"
#include "fetch/talk.h"
#include "fetch/words.h"

/* RFC 9051 7.3.1: \Noselect, and \NonExistent, which is of later servers and implies it. */
static bool is_closed(const struct mailimap_mbx_list_flags *flags)
{
        if (!flags)
                return false;
        if (flags->mbf_type == MAILIMAP_MBX_LIST_FLAGS_SFLAG &&
            flags->mbf_sflag == MAILIMAP_MBX_LIST_SFLAG_NOSELECT)
                return true;
        for (clistiter *i = flags->mbf_oflags ? clist_begin(flags->mbf_oflags) : NULL; i; i = clist_next(i)) {
                const struct mailimap_mbx_list_oflag *flag = clist_content(i);

                if (flag && flag->of_flag_ext &&
                    (str_equal_nocase(flag->of_flag_ext, "NonExistent") ||
                        str_equal_nocase(flag->of_flag_ext, "\\NonExistent")))
                        return true;
        }
        return false;
}

struct rights {
        struct imap *imap;
        bool refuses;
};

/* "* MYRIGHTS folder lrs" (RFC 4314 3.8). The right "i" is the one to append. */
static void note_rights(const char *line, void *context)
{
        struct rights *rights = context;

        if (str_contains_nocase(line, " EXISTS"))
                imap_note_news(rights->imap);
        if (str_starts_nocase(line, "* MYRIGHTS "))
                rights->refuses = !strchr(strrchr(line, ' '), 'i');
}

/* By hand: one word of one line is wanted. Servers that speak of no rights refuse none. */
static int look_at_rights(struct imap *imap, const char *name, enum folder_state *state, struct err *err)
{
        CLEANUP_FREE char *quoted = words_quote(name);
        CLEANUP_FREE char *command = xasprintf("MYRIGHTS %s", quoted);
        struct rights rights = { .imap = imap };
        struct talk_answer answer;

        if (!imap_has(imap, "ACL"))
                return 0;
        if (talk_command(imap, command, note_rights, &rights, &answer, err) < 0)
                return -1;
        if (rights.refuses)
                *state = FOLDER_UNUSABLE;
        return 0;
}

/* "*" and "%" in a name are wildcards here: only the folder of just that name counts. */
static int look_for(struct imap *imap, const char *name, enum folder_state *ret_state, struct err *err)
{
        enum folder_state state = FOLDER_MISSING;
        clist *found = NULL;
        int r;

        net_expect(imap->net, NET_COMMAND, NET_SMALL);
        r = mailimap_list(imap->session, "", name, &found);
        if (!imap_ok(r) && !imap_is_refusal(r))
                return imap_failed(imap, r, "looking for a folder", err);
        for (clistiter *i = imap_ok(r) && found ? clist_begin(found) : NULL; i; i = clist_next(i)) {
                const struct mailimap_mailbox_list *item = clist_content(i);

                if (!item || !item->mb_name ||
                    (!str_equal(item->mb_name, name) && !str_equal_nocase(name, "INBOX")))
                        continue;
                state = is_closed(item->mb_flag) ? FOLDER_UNUSABLE : FOLDER_THERE;
        }
        if (imap_ok(r) && found)
                mailimap_list_result_free(found);
        *ret_state = state;
        return state == FOLDER_THERE ? look_at_rights(imap, name, ret_state, err) : 0;
}

/* Of the first personal namespace: its prefix, "" when there is none, and the delimiter, '\0' when not known. */
struct style {
        char *prefix; /* owned */
        char delimiter;
};

static int ask_for_style(struct imap *imap, struct style *ret_style, struct err *err)
{
        struct mailimap_namespace_data *data = NULL;
        const struct mailimap_namespace_info *info = NULL;
        int r;

        if (imap_has(imap, "NAMESPACE")) {
                net_expect(imap->net, NET_COMMAND, NET_SMALL);
                r = mailimap_namespace(imap->session, &data);
                if (!imap_ok(r)) {
                        if (!imap_is_refusal(r))
                                return imap_failed(imap, r, "asking for the folders' prefix", err);
                        data = NULL;
                }
        }
        if (data && data->ns_personal && data->ns_personal->ns_data_list &&
            clist_begin(data->ns_personal->ns_data_list))
                info = clist_content(clist_begin(data->ns_personal->ns_data_list));
        ret_style->prefix = xstrdup(info && info->ns_prefix ? info->ns_prefix : "");
        ret_style->delimiter = info ? info->ns_delimiter : '\0';
        if (data)
                mailimap_namespace_data_free(data);
        return 0;
}

/* The name of the configuration as this server would spell it, behind its prefix. Owned. */
static char *styled(const struct style *style, const char *folder)
{
        CLEANUP_FREE char *copy = xstrdup(folder);
        CLEANUP_FREE char *name = NULL;

        for (char *p = copy; *p && style->delimiter; p++)
                if (*p == '/')
                        *p = style->delimiter;
        name = words_folder(copy);
        return xasprintf("%s%s", str_starts(name, style->prefix) ? "" : style->prefix, name);
}

/* Takes the name. When it is not there and another one was looked for before, that one stays. */
static int look_for_also(
    struct imap *imap, char *name, enum folder_state *state, char **name_there, struct err *err)
{
        enum folder_state found = FOLDER_MISSING;
        int r = look_for(imap, name, &found, err);

        if (r == 0 && found != FOLDER_MISSING) {
                *state = found;
                free(*name_there);
                *name_there = name;
        } else {
                free(name);
        }
        return r;
}

int folder_find(
    struct imap *imap, const char *folder, enum folder_state *ret_state, char **ret_name, struct err *err)
{
        struct style style = { 0 };
        enum folder_state state;
        char *name = words_folder(folder);
        int r = look_for(imap, name, &state, err);

        if (r == 0 && state != FOLDER_THERE && (r = ask_for_style(imap, &style, err)) == 0) {
                free(name);
                name = styled(&style, folder);
                r = look_for(imap, name, &state, err);
                if (r == 0 && state == FOLDER_MISSING && words_are_ascii(folder) && strchr(folder, '&'))
                        r = look_for_also(imap, xstrdup(folder), &state, &name, err);
        }
        free(style.prefix);
        if (r < 0) {
                free(name);
                return -1;
        }
        *ret_state = state;
        *ret_name = name;
        return 0;
}

int folder_make(struct imap *imap, const char *name, struct err *refused, struct err *err)
{
        int r;

        net_expect(imap->net, NET_COMMAND, NET_SMALL);
        r = mailimap_create(imap->session, name);
        if (!imap_ok(r)) {
                imap_failed(imap, r, "the folder cannot be made", imap_is_refusal(r) ? refused : err);
                return imap_is_refusal(r) ? 0 : -1;
        }
        net_expect(imap->net, NET_COMMAND, NET_SMALL);
        r = mailimap_subscribe(imap->session, name);
        return imap_ok(r) || imap_is_refusal(r) ? 0 : imap_failed(imap, r, "subscribing to a folder", err);
}

int folder_ready(struct imap *imap, const char *folder, char **ret_name, struct err *err)
{
        enum folder_state state;
        struct err refused = { 0 };
        char *name;

        if (folder_find(imap, folder, &state, &name, err) < 0)
                return -1;
        if (state == FOLDER_MISSING && folder_make(imap, name, &refused, err) < 0) {
                free(name);
                return -1;
        }
        if (refused.class == ERR_NONE) {
                *ret_name = name;
                return 0;
        }
        free(name);
        return err_set(err, refused.class, "%s", refused.text);
}
