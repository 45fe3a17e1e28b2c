/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The row "bounce": reports (RFC 3464), receipts (RFC 8098), complaints (RFC 5965), and what mail systems write
 * in words of their own. */
#include <string.h>

#include "base/str.h"
#include "core/bounce.h"
#include "core/mail.h"
#include "core/phrase.h"
#include "core/robot.h"
#include "core/robot_words.h"

enum {
        FORMULA_WITHIN = 150, /* bytes of the folded text before a mail system's own sentence */
        WORDS_WITHIN = 250,
};

/* ---- structure */

/* RFC 5321 4.5.5; some servers write a name into the empty path. */
static bool has_null_path(const struct robot_view *view)
{
        const char *path = view->mail->return_path;

        return path && (!*path || str_starts(view->return_path, "mailer-daemon") ||
                           str_equal(view->return_path, "<mailer-daemon"));
}

static const char *report(const struct mail *mail)
{
        if (str_equal_nocase(mail->report_type, "feedback-report"))
                return "a complaint about a letter, by a mail provider";
        if (str_equal_nocase(mail->report_type, "disposition-notification"))
                return "a receipt: what a mail program did with a letter";
        if (str_equal(mail->content_type, "multipart/report") || !str_is_empty(mail->report_type))
                return "a report of a mail system about a delivery";
        return NULL;
}

/* ---- who writes */

static bool is_daemon_address(const char *local)
{
        static const char *const starts[] = { "mailer-daemon", "mailer_daemon", "mailerdaemon", "maildaemon",
                "mail-daemon", "mail.delivery", "mail-delivery", "maildelivery", "postmaster", "mdaemon",
                "microsoftexchange", "mail-system", "mailsystem", "e500_smtp", "ndr",
                "system-administrator" };

        for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
                if (str_starts(local, starts[i]))
                        return true;
        return false;
}

static bool is_daemon(const struct robot_view *view)
{
        static const char *const names[] = { "mail delivery system", "mail deliver system", "interscan",
                "mail delivery subsystem", "mail delivery service", "mail delivery", "delivery subsystem",
                "internet mail delivery", "mailer daemon", "mail daemon", "mail system", "mail administrator",
                "mail subsystem", "mail router", "system administrator", "systemadministrator",
                "email administrator", "jetmail system", "postmaster", "administrator systemu",
                "administrator poczty", "system pocztowy", "poczta systemowa", "mail gateway",
                "email gateway", "inetgw", NULL };

        /* Some mail systems write From: Postmaster <>, which is no address at all. */
        return is_daemon_address(view->from) || phrase_start(view->from_name, names);
}

/* ---- what it says */

static bool is_named(const struct robot_view *view)
{
        return !view->forwarded && !view->replied && phrase_start(view->subject, robot_words_bounce_subjects);
}

static bool has_returned(const struct mail *mail)
{
        return mail->returned_ids.count > 0 || mail->returned_status || mail->returned_recipient;
}

static bool tells(const struct robot_view *view)
{
        return phrase_in(view->head, robot_words_bounce_texts) ||
               phrase_in(view->head, robot_words_bounce_formulas) ||
               phrase_in(view->head, robot_words_returned_rules) || bounce_reason(view->mail);
}

/* The mail begins with a sentence of a mail system. Who forwards or pastes one writes a line before it. */
static bool is_formula(const struct robot_view *view)
{
        const char *found = phrase_find(view->own, robot_words_bounce_formulas);

        if (!found || view->forwarded || found - view->own > FORMULA_WITHIN)
                return false;
        return found == view->own || !view->greets;
}

/* No known sentence, but soon words of a delivery, and soon after a reason as servers give it. */
static bool is_in_words(const struct robot_view *view)
{
        bool subject = phrase_in(view->subject, robot_words_bounce_subject_parts);
        bool rules = phrase_in(view->head, robot_words_returned_rules);

        if (view->forwarded || view->greets || view->asks ||
            !robot_early(view->own, robot_words_bounce_texts, WORDS_WITHIN))
                return false;
        return subject || ((!view->replied || rules) && bounce_reason(view->mail));
}

static bool is_complaint(const struct robot_view *view)
{
        return (!view->replied && phrase_start(view->subject, robot_words_complaint_subjects)) ||
               robot_early(view->own, robot_words_complaint_texts, 0);
}

static bool is_receipt(const struct robot_view *view)
{
        return !view->forwarded && !view->replied && !view->asks &&
               phrase_start(view->subject, robot_words_receipt_subjects) &&
               robot_early(view->own, robot_words_receipt_texts, WORDS_WITHIN);
}

bool robot_failure(const struct robot_view *view)
{
        if (phrase_start(view->subject, robot_words_auto_subjects) ||
            phrase_end(view->subject, robot_words_auto_subject_ends))
                return false;
        return ((is_daemon(view) || is_named(view)) && tells(view)) || is_formula(view) || is_in_words(view);
}

const char *robot_bounce(const struct robot_view *view)
{
        const char *reason = report(view->mail);

        if (reason)
                return reason;
        if (has_null_path(view))
                return "null Return-Path: nobody is to answer it";
        if (mail_header(view->mail, "x-failed-recipients"))
                return "X-Failed-Recipients: a mail system names who was not reached";
        if (is_daemon(view) && (is_named(view) || has_returned(view->mail) || tells(view)))
                return "a mail system writes about a delivery";
        if (is_named(view) && !view->greets && (has_returned(view->mail) || tells(view)))
                return "subject and text are those of a bounce";
        if (is_formula(view) || is_in_words(view))
                return "the text is that of a bounce";
        if (is_complaint(view))
                return "a complaint about a letter, by a mail provider";
        if (is_receipt(view))
                return "a receipt: what a mail program did with a letter";
        return NULL;
}
