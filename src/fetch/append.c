/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/append.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "fetch/imap.h"
#include "fetch/net.h"
#include "fetch/talk.h"
#include "fetch/words.h"

enum { A_DAY = 24 * 3600, LITERAL_MINUS = 4096 };

static int broken_down(int64_t instant, struct tm *ret_tm, struct err *err)
{
        time_t t = instant;

        if (!gmtime_r(&t, ret_tm) || ret_tm->tm_year + 1900 < 1 || ret_tm->tm_year + 1900 > 9999)
                return err_set(err, ERR_INPUT, "a record without a good \"internaldate\"");
        return 0;
}

int append_date(int64_t instant, char *ret_date, struct err *err)
{
        static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
                "Oct", "Nov", "Dec" };
        struct tm tm;

        if (broken_down(instant, &tm, err) < 0)
                return -1;
        snprintf(ret_date, APPEND_DATE, "%2d-%s-%04d %02d:%02d:%02d +0000", tm.tm_mday % 100,
            months[tm.tm_mon], (tm.tm_year + 1900) % 10000, tm.tm_hour % 100, tm.tm_min % 100,
            tm.tm_sec % 100);
        return 0;
}

/* RFC 7888: without waiting for the server's "+", where it takes that. */
static bool needs_no_plus(const struct imap *imap, size_t size)
{
        if (imap_has(imap, "LITERAL+"))
                return true;
        return size <= LITERAL_MINUS && (imap_has(imap, "LITERAL-") || imap_has(imap, "IMAP4REV2"));
}

/* New mail that is told of now would not be told of again. */
static void note_line(const char *line, void *context)
{
        if (str_contains_nocase(line, " EXISTS"))
                imap_note_news(context);
}

/* RFC 5530: what may be better another time. */
static bool is_temporary(const char *text)
{
        static const char *const codes[] = { "[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]",
                "[OVERQUOTA]" };

        for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
                if (str_starts_nocase(text, codes[i]))
                        return true;
        return false;
}

static void note_refusal(const struct talk_answer *answer, struct err *refused, bool *ret_no_folder)
{
        CLEANUP_FREE char *shown = words_clean(answer->text, WORDS_SERVER_MAX);

        *ret_no_folder = str_starts_nocase(answer->text, "[TRYCREATE]");
        err_set(refused, is_temporary(answer->text) ? ERR_TEMP : ERR_PERM, "the server refuses: %s", shown);
}

/* The bytes and the end of the command's line, after the "+" or without one. */
static int send_literal(struct imap *imap, const struct append *append, struct err *err)
{
        if (net_send(imap->net, append->bytes, append->size, err) < 0)
                return -1;
        return net_send(imap->net, "\r\n", 2, err);
}

int append_put(
    struct imap *imap, const struct append *append, struct err *refused, bool *ret_no_folder, struct err *err)
{
        bool plus = !needs_no_plus(imap, append->size);
        CLEANUP_FREE char *name = words_quote(append->name);
        CLEANUP_FREE char *command = NULL;
        char date[APPEND_DATE];
        struct talk_answer answer;

        *ret_no_folder = false;
        if (append_date(append->internaldate, date, err) < 0)
                return -1;
        command = xasprintf("APPEND %s (%s) \"%s\" {%zu%s}", name, append->unread ? "" : "\\Seen", date,
            append->size, plus ? "" : "+");
        net_expect(imap->net, APPEND_SECONDS, NET_SMALL + append->size);
        if (talk_send(imap, command, err) < 0 ||
            (plus && talk_answer(imap, note_line, imap, &answer, err) < 0))
                return -1;
        if (!plus || answer.kind == TALK_MORE) {
                if (send_literal(imap, append, err) < 0 ||
                    talk_answer(imap, note_line, imap, &answer, err) < 0)
                        return -1;
                if (answer.kind == TALK_MORE)
                        return talk_unexpected(answer.text, "to APPEND", err);
        }
        if (answer.kind != TALK_OK)
                note_refusal(&answer, refused, ret_no_folder);
        return 0;
}

/* Only mail of about that time is looked at: a folder of sent mail is large. */
static struct mailimap_search_key *key_of(const struct append *append, const struct tm *from)
{
        struct mailimap_search_key *keys = mailimap_search_key_new_multiple_empty();
        struct mailimap_date *date = mailimap_date_new(from->tm_mday, from->tm_mon + 1, from->tm_year + 1900);
        struct mailimap_search_key *since = date ? mailimap_search_key_new_since(date) : NULL;
        struct mailimap_search_key *header =
            mailimap_search_key_new_header(xstrdup("Message-ID"), xstrdup(append->message_id));

        if (!keys || !since || !header ||
            mailimap_search_key_multiple_add(keys, since) != MAILIMAP_NO_ERROR ||
            mailimap_search_key_multiple_add(keys, header) != MAILIMAP_NO_ERROR)
                mem_die("out of memory");
        return keys;
}

static int search(
    struct imap *imap, const struct append *append, bool *ret_there, struct err *refused, struct err *err)
{
        struct mailimap_search_key *key;
        clist *found = NULL;
        struct tm from;
        int r;

        /* Two days: dates here are the server's own local ones. */
        if (broken_down(append->internaldate - 2 * A_DAY, &from, err) < 0)
                return -1;
        key = key_of(append, &from);
        net_expect(imap->net, NET_COMMAND, NET_SMALL);
        r = mailimap_uid_search(imap->session, NULL, key, &found);
        mailimap_search_key_free(key);
        if (!imap_ok(r)) {
                imap_failed(imap, r, "looking for a copy", imap_is_refusal(r) ? refused : err);
                return imap_is_refusal(r) ? 0 : -1;
        }
        *ret_there = found && !clist_isempty(found);
        if (found)
                mailimap_search_result_free(found);
        return 0;
}

int append_is_there(
    struct imap *imap, const struct append *append, bool *ret_there, struct err *refused, struct err *err)
{
        int r;

        *ret_there = false;
        net_expect(imap->net, NET_COMMAND, NET_SMALL);
        r = mailimap_examine(imap->session, append->name);
        if (imap_ok(r))
                return search(imap, append, ret_there, refused, err);
        imap_failed(imap, r, "the folder cannot be looked at", imap_is_refusal(r) ? refused : err);
        return imap_is_refusal(r) ? 0 : -1;
}
