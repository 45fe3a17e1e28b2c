/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Person or machine: the rows "bounce", "robot" and "list" of PRODUCT.md 5. No header alone tells all of them:
 * of 589 real bounces 261 have Auto-Submitted, 348 a null Return-Path, 317 a report, 17 none of these. So the
 * sender, the subject and the words count too; where only words speak, it takes several that people do not
 * write together. */
#include "core/robot.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/fold.h"
#include "core/mail.h"
#include "core/phrase.h"
#include "core/robot_words.h"
#include "core/triage.h"

enum { LOOP_RECEIVED = 100, OWN_LOOKED_AT = 4000 };

/* ---- what is looked at */

static char *lower_local(const char *text, const char *at)
{
        const char *start = at;
        char *local;

        while (start > text && !strchr("<> \t\",:;", start[-1]))
                start--;
        local = xstrndup(start, (size_t)(at - start));
        for (char *p = local; *p; p++)
                if (*p >= 'A' && *p <= 'Z')
                        *p = (char)(*p - 'A' + 'a');
        return local;
}

/* The part before the @ of the last address in a header or of a bare address. "<MAILER-DAEMON>" has none. */
static char *local_part(const char *text)
{
        const char *at = text ? strrchr(text, '@') : NULL;

        if (!text)
                return xstrdup("");
        if (!at)
                at = text + strcspn(text, "> \t");
        return lower_local(text, at);
}

/* Bytes of "Re:", "RE[2]:", "Odp:" at the start; 0: none. */
static size_t prefix(const char *subject, const char *const *words)
{
        size_t size = 0;

        for (; *words && !size; words++)
                if (str_starts_nocase(subject, *words))
                        size = strlen(*words);
        if (!size)
                return 0;
        if (subject[size] == '[' || subject[size] == '(')
                size += strcspn(subject + size, ":");
        size += strspn(subject + size, " ");
        return subject[size] == ':' ? size + 1 : 0;
}

static void read_subject(struct robot_view *view)
{
        static const char *const replies[] = { "re", "odp", "aw", "sv", "antw", "res", NULL };
        static const char *const forwards[] = { "fwd", "fw", "pd", "wg", "tr", "przekazane", NULL };
        const char *subject = view->mail->subject ? view->mail->subject : "";

        for (;;) {
                size_t size;

                subject += strspn(subject, " \t");
                if ((size = prefix(subject, replies)))
                        view->replied = true;
                else if ((size = prefix(subject, forwards)))
                        view->forwarded = true;
                else
                        break;
                subject += size;
        }
        view->subject = fold_key(subject);
}

static char *folded_start(const char *text)
{
        CLEANUP_FREE char *start = xstrndup(text ? text : "", OWN_LOOKED_AT);

        return fold_key(start);
}

static void look(const struct mail *mail, struct robot_view *view)
{
        *view = (struct robot_view){ .mail = mail };
        read_subject(view);
        view->own = folded_start(mail->text);
        view->head = folded_start(mail->head ? mail->head : mail->text);
        view->from_name = fold_key(mail->from_name ? mail->from_name : "");
        view->from = local_part(mail->from);
        view->sender = local_part(mail_header(mail, "sender"));
        view->return_path = local_part(mail->return_path);
        view->greets = phrase_start(view->own, robot_words_greetings) > 0;
        view->asks = mail->text && strchr(mail->text, '?');
}

static void view_free(struct robot_view *view)
{
        free(view->subject);
        free(view->own);
        free(view->head);
        free(view->from_name);
        free(view->from);
        free(view->sender);
        free(view->return_path);
}

bool robot_header_is(const struct mail *mail, const char *name, const char *const *words)
{
        for (size_t i = 0; i < mail->header_count; i++) {
                if (!str_equal(mail->headers[i].name, name))
                        continue;
                CLEANUP_FREE char *folded = fold_key(mail->headers[i].value);
                if (phrase_start(folded, words))
                        return true;
        }
        return false;
}

bool robot_early(const char *text, const char *const *phrases, size_t within)
{
        const char *found = phrase_find(text, phrases);

        return found && (size_t)(found - text) <= within;
}

/* ---- */

static enum robot_kind judge(const struct robot_view *view, const char **ret_reason)
{
        if ((*ret_reason = robot_bounce(view)))
                return ROBOT_BOUNCE;
        if (view->mail->received_count >= LOOP_RECEIVED) {
                *ret_reason = "100 or more Received lines: a loop";
                return ROBOT_LOOP;
        }
        if ((*ret_reason = robot_automatic(view)))
                return ROBOT_AUTOMATIC;
        if ((*ret_reason = robot_marked(view)))
                return ROBOT_MARKED;
        if ((*ret_reason = robot_list(view)))
                return ROBOT_LIST;
        *ret_reason = "nothing says that it is a machine";
        return ROBOT_NO;
}

enum robot_kind robot_judge(const struct mail *mail, const char **ret_reason)
{
        struct robot_view view;
        enum robot_kind kind;

        look(mail, &view);
        kind = judge(&view, ret_reason);
        view_free(&view);
        return kind;
}

bool robot_tells_failure(const struct mail *mail)
{
        struct robot_view view;
        bool failure;

        look(mail, &view);
        failure = robot_failure(&view);
        view_free(&view);
        return failure;
}
