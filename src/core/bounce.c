/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/bounce.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/bounce_words.h"
#include "core/fold.h"
#include "core/mail.h"
#include "core/phrase.h"
#include "core/robot.h"

static const char *const kinds[] = {
        [BOUNCE_PERMANENT] = "permanent",
        [BOUNCE_TEMPORARY] = "temporary",
        [BOUNCE_DELAY] = "delay",
        [BOUNCE_OTHER] = "other",
};
static_assert(sizeof kinds / sizeof *kinds == BOUNCE_KIND_COUNT, "a name for each kind");

const char *bounce_kind_name(enum bounce_kind kind)
{
        return kinds[kind];
}

/* ---- numbers */

/* Bytes of "5.1.1" at the start of the text (RFC 3463 2), 0: none. */
static size_t status_size(const char *text)
{
        const char *p = text + 1;

        if (!*text || !strchr("245", *text))
                return 0;
        for (int i = 0; i < 2; i++) {
                size_t digits;

                if (*p != '.')
                        return 0;
                digits = strspn(p + 1, "0123456789");
                if (!digits || digits > 3)
                        return 0;
                p += 1 + digits;
        }
        return isdigit((unsigned char)*p) || (*p == '.' && isdigit((unsigned char)p[1])) ? 0
                                                                                         : (size_t)(p - text);
}

/* The three digits of an SMTP reply that tells of trouble (RFC 5321 4.2.3), standing alone. */
static bool is_reply(const char *text, const char *p)
{
        static const char *const codes =
            " 421 422 431 432 441 442 447 450 451 452 454 455 471 500 501 502 503 504 "
            "505 510 511 512 513 521 523 525 530 535 541 550 551 552 553 554 555 556 "
            "557 570 571 ";
        char code[6] = " ??? ";

        if (p > text && (isalnum((unsigned char)p[-1]) || strchr(".-@_", p[-1])))
                return false;
        for (int i = 0; i < 3; i++)
                if (!isdigit((unsigned char)p[i]))
                        return false;
        if (p[3] && !strchr(" -:;.,)]>\"'\n", p[3]))
                return false;
        if (p[3] == '.' && isdigit((unsigned char)p[4]))
                return false;
        memcpy(code + 1, p, 3);
        return strstr(codes, code) != NULL;
}

/* In a running text 5.1.12 may be a date: servers write a reply code, "#", a bracket or "Status:" before it. */
static bool is_introduced(const char *text, const char *p)
{
        const char *before = p;

        while (before > text && strchr(" -<", before[-1]))
                before--;
        if (before > text && strchr("#([", before[-1]))
                return true;
        if (before - text >= 3 && is_reply(text, before - 3))
                return true;
        return before - text >= 7 && strncasecmp(before - 7, "status:", 7) == 0;
}

static const char *find_status(const char *text, bool anywhere, size_t *ret_size)
{
        for (const char *p = text; *p; p++) {
                size_t size;

                if (p > text && (isalnum((unsigned char)p[-1]) || p[-1] == '.'))
                        continue;
                size = status_size(p);
                if (size && size < sizeof((struct bounce *)NULL)->status &&
                    (anywhere || is_introduced(text, p))) {
                        *ret_size = size;
                        return p;
                }
        }
        return NULL;
}

static const char *find_reply(const char *text)
{
        for (const char *p = text; *p; p++)
                if ((*p == '4' || *p == '5') && is_reply(text, p))
                        return p;
        return NULL;
}

/* ---- words */

struct reason {
        const char *const *phrases;
        const char *status;
};

/* The first that is found counts: "mailbox unavailable: over quota" is a full mailbox. */
static const struct reason reasons[] = {
        { bounce_words_full, "5.2.2" },
        { bounce_words_large, "5.3.4" },
        { bounce_words_loop, "5.4.6" },
        { bounce_words_host, "5.1.2" },
        { bounce_words_disabled, "5.2.1" },
        { bounce_words_unknown, "5.1.1" },
        { bounce_words_slow, "4.4.7" },
        { bounce_words_refused, "5.7.1" },
};

static const char *reason_in(const char *text)
{
        CLEANUP_FREE char *folded = fold_key(text ? text : "");

        for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
                if (phrase_in(folded, reasons[i].phrases))
                        return reasons[i].status;
        return NULL;
}

static const char *text_of(const struct mail *mail)
{
        return mail->head ? mail->head : mail->text ? mail->text : "";
}

bool bounce_reason(const struct mail *mail)
{
        size_t size;

        return find_status(text_of(mail), false, &size) || find_reply(text_of(mail)) ||
               reason_in(text_of(mail));
}

static bool says(const struct mail *mail, const char *const *phrases)
{
        CLEANUP_FREE char *text = fold_key(text_of(mail));
        CLEANUP_FREE char *subject = fold_key(mail->subject ? mail->subject : "");

        return phrase_in(text, phrases) || phrase_in(subject, phrases);
}

/* ---- together */

static void set_status(struct bounce *bounce, const char *status, size_t size)
{
        if (!size || size >= sizeof bounce->status)
                return;
        memcpy(bounce->status, status, size);
        bounce->status[size] = 0;
}

/* Says no more than success, trouble, failure (RFC 3463 3.1), or what servers say when they know no better. */
static bool is_vague(const char *status)
{
        static const char *const vague[] = { "0.0", "3.0", "4.0", "5.0", "2.0", "1.0", "7.0" };

        if (!*status)
                return true;
        for (size_t i = 0; i < sizeof vague / sizeof *vague; i++)
                if (str_equal(status + 2, vague[i]))
                        return true;
        return false;
}

/* A better number for a vague one, of the same class where that is known. */
static void refine(struct bounce *bounce, const char *text, bool anywhere)
{
        size_t size;
        const char *found = find_status(text, anywhere, &size), *reply, *reason;

        if (found && (!*bounce->status || (*found == *bounce->status && !is_vague(found))))
                set_status(bounce, found, size);
        if (!is_vague(bounce->status))
                return;
        reason = reason_in(text);
        reply = find_reply(text);
        if (!*bounce->status && reply)
                set_status(bounce, *reply == '4' ? "4.0.0" : "5.0.0", 5);
        if (reason) {
                char class = *bounce->status ? *bounce->status : *reason;

                set_status(bounce, reason, strlen(reason));
                bounce->status[0] = class;
        }
}

/* Full, too large, expired: the address may be good. */
static enum bounce_kind kind_of(const char *status)
{
        static const char *const passing[] = { "5.2.2", "5.2.3", "5.3.1", "5.3.4", "5.4.1", "5.4.2", "5.4.5",
                "5.4.7" };

        if (*status == '4')
                return BOUNCE_TEMPORARY;
        if (*status != '5')
                return BOUNCE_OTHER;
        for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
                if (str_equal(status, passing[i]))
                        return BOUNCE_TEMPORARY;
        return BOUNCE_PERMANENT;
}

static bool is_report_of_else(const struct mail *mail)
{
        return str_equal_nocase(mail->report_type, "feedback-report") ||
               (str_equal_nocase(mail->report_type, "disposition-notification") &&
                   !robot_tells_failure(mail));
}

/* A delivery status part: Action decides, the diagnostic makes a vague status better (RFC 3464 2.3). */
static void by_report(const struct mail *mail, struct bounce *bounce)
{
        const char *action = mail->returned_action ? mail->returned_action : "";

        if (mail->returned_status) /* some write an SMTP reply there */
                set_status(bounce, mail->returned_status, status_size(mail->returned_status));
        if (is_vague(bounce->status) && mail->returned_diagnostic)
                refine(bounce, mail->returned_diagnostic, true);
        if (is_vague(bounce->status))
                refine(bounce, text_of(mail), false);
        bounce->kind = kind_of(bounce->status);
        if (str_equal(action, "delayed"))
                bounce->kind = BOUNCE_DELAY;
        else if (str_equal(action, "delivered") || str_equal(action, "relayed") ||
                 str_equal(action, "expanded"))
                bounce->kind = BOUNCE_OTHER;
        else if (!*action && bounce->kind == BOUNCE_TEMPORARY && *bounce->status == '4' &&
                 says(mail, bounce_words_delay) && !says(mail, bounce_words_final))
                bounce->kind = BOUNCE_DELAY;
        else if (str_equal(action, "failed") && bounce->kind == BOUNCE_OTHER)
                bounce->kind = BOUNCE_PERMANENT;
}

static void by_text(const struct mail *mail, struct bounce *bounce)
{
        if (!robot_tells_failure(mail))
                return;
        refine(bounce, text_of(mail), false);
        if (says(mail, bounce_words_delay) && !says(mail, bounce_words_final)) {
                bounce->kind = BOUNCE_DELAY;
                return;
        }
        if (!*bounce->status)
                set_status(bounce, "5.0.0", 5);
        bounce->kind = kind_of(bounce->status);
}

void bounce_judge(const struct mail *mail, struct bounce *ret_bounce)
{
        struct bounce bounce = { .kind = BOUNCE_OTHER, .recipient = mail->returned_recipient };

        if (!is_report_of_else(mail)) {
                if (mail->returned_status || mail->returned_action)
                        by_report(mail, &bounce);
                else
                        by_text(mail, &bounce);
        }
        *ret_bounce = bounce;
}
