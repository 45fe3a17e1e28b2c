/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Person or machine: the rows "bounce", "robot" and "list" of PRODUCT.md 5, and whom to believe about DMARC.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/fold.h"
#include "core/mail.h"
#include "core/phrase.h"
#include "core/triage.h"

enum { LOOP_RECEIVED = 100, TEXT_LOOKED_AT = 4000 };

/* ---- Bounces */

/* Words of mail systems about mail that did not arrive, as fold_key() leaves them. */
static const char *const bounce_subjects[] = { "undelivered mail", "undelivered mail returned to sender",
        "undeliverable", "undeliverable mail", "delivery status notification", "mail delivery failed",
        "mail delivery failure", "mail delivery problem", "mail delivery warning", "mail delivery system",
        "message delivery failure", "delivery failure", "delivery failed", "failure notice",
        "failure delivery", "permanent delivery failure", "returned mail", "mail returned",
        "mail not delivered", "mail failed", "mail error", "failed mail", "non delivery", "delayed mail",
        "delivery delayed", "delivery delay", "mail could not be delivered", "warning message",
        "warning could not send message", "user unknown", "delivery failure notification", "processing error",
        "nie dostarczono", "niedostarczono", "niedostarczona wiadomosc", "niedostarczone", "niedostarczalne",
        "niedostarczalna", "nie mozna dostarczyc", "nie udalo sie dostarczyc", "nie doreczono",
        "niedoreczona", "zwrot poczty", "zwrot wiadomosci", "zwrot listu", "zwrot przesylki",
        "blad dostarczania", "blad dostarczenia", "blad doreczenia", "blad wysylania",
        "opoznienie w dostarczeniu", "opoznione", NULL };

static const char *const bounce_texts[] = { "could not be delivered", "cannot be delivered",
        "was not delivered", "wasn t able to deliver", "was unable to deliver", "unable to deliver",
        "not able to deliver", "delivery has failed", "delivery to the following recipient",
        "delivery to the following recipients", "returned to sender", "undeliverable", "undelivered",
        "permanent error", "permanent fatal errors", "transient non fatal errors", "user unknown",
        "unknown user", "no such user", "mailbox unavailable", "does not exist", "doesn t exist",
        "mailbox is full", "quota exceeded", "over quota", "has not yet been delivered", "will keep trying",
        "message you sent to", "failed after i sent the message", "nie zostala dostarczona",
        "nie mogla zostac dostarczona", "nie moze zostac dostarczona", "nie mozna bylo dostarczyc",
        "nie mozna dostarczyc", "nie udalo sie dostarczyc", "nie dostarczono", "niedostarczalna",
        "nie istnieje", "skrzynka jest pelna", "przepelniona skrzynka", NULL };

/* The part before the @ of the last address in a header or of a bare address, lower case. Owned. */
static char *local_part(const char *text)
{
        const char *at = text ? strrchr(text, '@') : NULL, *start = at;
        char *local;

        if (!at)
                return xstrdup("");
        while (start > text && !strchr("<> \t\",:;", start[-1]))
                start--;
        local = xstrndup(start, (size_t)(at - start));
        for (char *p = local; *p; p++)
                if (*p >= 'A' && *p <= 'Z')
                        *p = (char)(*p - 'A' + 'a');
        return local;
}

static bool is_daemon(const struct mail *mail)
{
        CLEANUP_FREE char *local = local_part(mail->from);

        /* Some mail systems write From: Postmaster <>, which is no address at all. */
        if (!mail->from && str_starts_nocase(mail->from_name ? mail->from_name : "", "postmaster"))
                return true;
        return str_starts(local, "mailer-daemon") || str_starts(local, "postmaster") ||
               str_starts(local, "mdaemon") || str_starts(local, "microsoftexchange") ||
               str_equal(local, "mail-daemon") || str_equal(local, "mailerdaemon");
}

static bool tells_of_delivery(const struct mail *mail)
{
        CLEANUP_FREE char *start = xstrndup(mail->text ? mail->text : "", TEXT_LOOKED_AT);
        CLEANUP_FREE char *folded = fold_key(start);

        return phrase_in(folded, bounce_texts);
}

/* 17 of 589 real bounces carry no mark in their headers (FACTS.md): two of sender, subject and text say it.
 */
static const char *bounce(const struct mail *mail, const char *subject)
{
        bool returned = mail->returned_ids.count > 0 || mail->returned_status || mail->returned_recipient ||
                        mail_header(mail, "x-failed-recipients");
        bool named;

        if (mail->return_path && !*mail->return_path)
                return "null Return-Path";
        if (str_equal(mail->content_type, "multipart/report"))
                return "a report of a mail system";
        named = phrase_start(subject, bounce_subjects) > 0;
        if (is_daemon(mail)) {
                if (named || returned || tells_of_delivery(mail))
                        return "a mail system writes about a delivery";
        } else if (named && (returned || tells_of_delivery(mail))) {
                return "subject and text are those of a bounce";
        }
        return NULL;
}

/* ---- Automatic answers */

/* Only subjects that nobody types: "Nieobecność" alone may be a person who will not come. */
static const char *const robot_subjects[] = { "automatyczna odpowiedz", "odpowiedz automatyczna",
        "autoodpowiedz", "auto odpowiedz", "autoresponder", "auto responder", "automatyczne powiadomienie",
        "wiadomosc automatyczna", "automatyczna wiadomosc", "automatyczny list", "poza biurem",
        "jestem poza biurem", "nieobecnosc w biurze", "nieobecny w biurze", "nieobecna w biurze",
        "nieobecnosc w pracy", "jestem na urlopie", "przebywam na urlopie", "urlop autoodpowiedz",
        "informacja o nieobecnosci", "out of office", "out of the office", "i am out of office",
        "i am out of the office", "automatic reply", "automatic response", "automated reply",
        "automated response", "auto reply", "autoreply", "auto response", "autoresponse",
        "auto out of office", "vacation reply", "vacation message", "on vacation", "away from the office",
        "away from my mail", "automatische antwort", "abwesenheitsnotiz", NULL };

static bool precedence_is(const struct mail *mail, const char *const *words)
{
        CLEANUP_FREE char *folded = NULL;
        const char *value = mail_header(mail, "precedence");

        if (!value)
                return false;
        folded = fold_key(value);
        return phrase_start(folded, words) > 0;
}

/* RFC 3834 5: anything but "no", which may be followed by parameters or a comment. */
static bool is_auto_submitted(const struct mail *mail)
{
        for (size_t i = 0; i < mail->header_count; i++) {
                const char *value = mail->headers[i].value;

                if (!str_equal(mail->headers[i].name, "auto-submitted"))
                        continue;
                value += strspn(value, " \t");
                if (!str_starts_nocase(value, "no") || !strchr(" \t;(", value[2]))
                        return true;
        }
        return false;
}

static bool has_robot_header(const struct mail *mail)
{
        static const char *const names[] = { "x-autoreply", "x-autorespond", "x-autoresponder",
                "x-auto-reply", "x-autoreply-from", "x-autogenerated", "x-apple-action", "x-mail-autoreply" };

        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
                const char *value = mail_header(mail, names[i]);

                if (value && !str_equal_nocase(value, "no"))
                        return true;
        }
        return false;
}

static const char *automatic(const struct mail *mail, const char *subject)
{
        static const char *const precedences[] = { "auto reply", "bulk", "junk", NULL };

        if (is_auto_submitted(mail))
                return "Auto-Submitted says that a machine wrote it";
        if (has_robot_header(mail))
                return "marked as an automatic answer";
        if (precedence_is(mail, precedences))
                return "Precedence of a machine";
        if (phrase_start(subject, robot_subjects))
                return "the subject of an automatic answer";
        return NULL;
}

/* ---- Lists */

static bool ends(const char *text, const char *end)
{
        size_t size = strlen(text), wanted = strlen(end);

        return size >= wanted && str_equal(text + size - wanted, end);
}

static bool is_list_sender(const char *address)
{
        CLEANUP_FREE char *local = local_part(address);

        return str_starts(local, "mailer-daemon") || str_starts(local, "owner-") || ends(local, "-request") ||
               str_starts(local, "listserv");
}

static const char *list(const struct mail *mail)
{
        static const char *const precedences[] = { "list", NULL };

        for (size_t i = 0; i < mail->header_count; i++)
                if (str_starts(mail->headers[i].name, "list-"))
                        return "headers of a mailing list";
        if (precedence_is(mail, precedences))
                return "Precedence of a mailing list";
        if (is_list_sender(mail->from) || is_list_sender(mail->return_path) ||
            is_list_sender(mail_header(mail, "sender")))
                return "the sender is a mail or list program";
        return NULL;
}

enum robot_kind robot_judge(const struct mail *mail, const char **ret_reason)
{
        CLEANUP_FREE char *subject = fold_key(mail->subject ? mail->subject : "");
        const char *reason;

        if ((reason = bounce(mail, subject))) {
                *ret_reason = reason;
                return ROBOT_BOUNCE;
        }
        if (mail->received_count >= LOOP_RECEIVED) {
                *ret_reason = "100 or more Received lines: a loop";
                return ROBOT_LOOP;
        }
        if ((reason = automatic(mail, subject))) {
                *ret_reason = reason;
                return ROBOT_AUTOMATIC;
        }
        if ((reason = list(mail))) {
                *ret_reason = reason;
                return ROBOT_LIST;
        }
        *ret_reason = "nothing says that it is a machine";
        return ROBOT_NO;
}
