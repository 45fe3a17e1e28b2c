/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/triage.h"

#include <assert.h>
#include <stdlib.h>

#include "base/str.h"
#include "core/mail.h"
#include "core/ref.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const classes[] = {
        [CLASS_FORM] = "form",
        [CLASS_COMPLETION] = "completion",
        [CLASS_CHANGE] = "change",
        [CLASS_CANCEL] = "cancel",
        [CLASS_CONFIRM] = "confirm",
        [CLASS_COMMAND] = "command",
        [CLASS_REQUEST] = "request",
        [CLASS_REPLY] = "reply",
        [CLASS_UNREADABLE] = "unreadable",
        [CLASS_ROBOT] = "robot",
        [CLASS_BOUNCE] = "bounce",
        [CLASS_LIST] = "list",
        [CLASS_OWN] = "own",
        [CLASS_OLD] = "old",
        [CLASS_OTHER] = "other",
};
static_assert(COUNT(classes) == CLASS_COUNT, "a name for each class");

static const char *const outcomes[] = {
        [OUTCOME_REGISTERED] = "registered",
        [OUTCOME_UPDATED] = "updated",
        [OUTCOME_COMPLETED] = "completed",
        [OUTCOME_CANCELLED] = "cancelled",
        [OUTCOME_CONFIRMED] = "confirmed",
        [OUTCOME_DUPLICATE] = "duplicate",
        [OUTCOME_REVIEW] = "review",
        [OUTCOME_NOTED] = "noted",
        [OUTCOME_IGNORED] = "ignored",
};
static_assert(COUNT(outcomes) == OUTCOME_COUNT, "a name for each outcome");

const char *class_name(enum mail_class class)
{
        return classes[class];
}

int class_parse(const char *word, enum mail_class *ret_class)
{
        for (size_t i = 0; i < COUNT(classes); i++)
                if (str_equal(classes[i], word)) {
                        *ret_class = (enum mail_class)i;
                        return 0;
                }
        return -1;
}

const char *outcome_name(enum outcome outcome)
{
        return outcomes[outcome];
}

int outcome_parse(const char *word, enum outcome *ret_outcome)
{
        for (size_t i = 0; i < COUNT(outcomes); i++)
                if (str_equal(outcomes[i], word)) {
                        *ret_outcome = (enum outcome)i;
                        return 0;
                }
        return -1;
}

/* ---- The table. Each of the functions below is asked in turn; true: its row matched. */

enum { SILENT = 0, ANSWERED = 1, KEPT = 2 };

static bool row(
    struct triage *triage, enum mail_class class, enum outcome outcome, int manners, const char *reason)
{
        *triage = (struct triage){ class, outcome, (manners & ANSWERED) != 0, (manners & KEPT) != 0, reason };
        return true;
}

/* A form of the sender's own: not the letter of ours that a machine repeats, with the fields in it. */
static bool holds_form(const struct mail *mail, const struct triage_facts *facts)
{
        char *ref = NULL, *token = NULL;
        bool ours;

        if (!facts->form)
                return false;
        ours = mail->text && ref_find_token(mail->text, &ref, &token) == 0;
        free(ref);
        free(token);
        return !ours;
}

static bool not_for_us(const struct mail *mail, const struct triage_facts *facts, enum robot_kind kind,
    const char *why, struct triage *t)
{
        if (facts->old)
                return row(t, CLASS_OLD, OUTCOME_IGNORED, SILENT, "older than mailbox.since");
        if (kind == ROBOT_BOUNCE && holds_form(mail, facts))
                return row(t, CLASS_BOUNCE, OUTCOME_REVIEW, KEPT, why);
        if (kind == ROBOT_BOUNCE)
                return row(t, CLASS_BOUNCE, OUTCOME_NOTED, SILENT, why);
        if (facts->own)
                return row(t, CLASS_OWN, OUTCOME_IGNORED, SILENT, "a letter of ours");
        return false;
}

static bool asks_to_cancel(const struct mail *mail)
{
        return triage_cancel_words(mail->text) || triage_cancel_words(mail->subject);
}

/* Anything that would have meant something without the mark of an office's mail system. */
static bool means_something(const struct mail *mail, const struct triage_facts *facts)
{
        if (facts->cancel_token || facts->meant)
                return true;
        if (facts->proof)
                return facts->fields || !triage_thanks(mail);
        return (facts->registered && asks_to_cancel(mail)) ||
               (facts->subject_matches && (facts->partial || triage_asks(mail)));
}

/* A suppressed answer never drops a form: a person looks at it. */
static bool machine(const struct mail *mail, const struct triage_facts *facts, enum robot_kind kind,
    const char *why, struct triage *t)
{
        enum mail_class class = kind == ROBOT_LIST ? CLASS_LIST : CLASS_ROBOT;

        if (kind == ROBOT_NO && !facts->envelope)
                return false;
        if (kind == ROBOT_NO)
                why = "sent to the envelope sender of a letter of ours, where only machines write to";
        if (kind != ROBOT_LOOP && holds_form(mail, facts))
                return row(t, class, OUTCOME_REVIEW, KEPT, why);
        if (kind == ROBOT_MARKED && means_something(mail, facts))
                return row(t, class, OUTCOME_REVIEW, KEPT, why);
        return row(t, class, OUTCOME_IGNORED, SILENT, why);
}

/* She knows more about it than the mail tells: whose it is, and whether it was settled already. Nobody is
 * written to by machine. */
static bool forwarded_by_coordinator(const struct triage_facts *facts, struct triage *t)
{
        if (!facts->coordinator_forward)
                return false;
        if (facts->form || facts->quoted_form)
                return row(t, CLASS_FORM, OUTCOME_REVIEW, KEPT, "a form that the coordinator forwarded");
        if (facts->meant)
                return row(t, CLASS_UNREADABLE, OUTCOME_REVIEW, KEPT,
                    "a document without a readable form that the coordinator forwarded");
        return false;
}

/* Somebody who has received a letter of ours answers it. Words that ask for something are for a person. */
static bool proven(const struct mail *mail, const struct triage_facts *facts, struct triage *t)
{
        if (!facts->proof && !facts->cancel_token)
                return false;
        if (facts->cancel_token)
                return row(
                    t, CLASS_CANCEL, OUTCOME_CANCELLED, ANSWERED | KEPT, "a cancellation with its token");
        if (facts->awaited && triage_confirm_words(mail->text))
                return row(t, CLASS_CONFIRM, OUTCOME_CONFIRMED, ANSWERED | KEPT,
                    "confirms a registration in answer to our letter");
        if (facts->form || facts->fields)
                return row(
                    t, CLASS_CHANGE, OUTCOME_UPDATED, ANSWERED | KEPT, "details in answer to our letter");
        if (facts->broken)
                return row(t, CLASS_UNREADABLE, OUTCOME_REGISTERED, ANSWERED | KEPT,
                    "an answer to our letter that could not be read");
        if (asks_to_cancel(mail))
                return row(t, CLASS_REPLY, OUTCOME_REVIEW, KEPT, "asks to cancel in answer to our letter");
        if (facts->sent_back)
                return row(t, CLASS_REPLY, OUTCOME_REVIEW, KEPT,
                    "our own letter sent back: what is new in it is for a person");
        if (triage_thanks(mail))
                return row(t, CLASS_REPLY, OUTCOME_IGNORED, KEPT, "thanks, asks for nothing");
        if (facts->meant)
                return row(t, CLASS_UNREADABLE, OUTCOME_REGISTERED, ANSWERED | KEPT,
                    "an answer to our letter with an attachment and no readable form");
        return row(t, CLASS_REPLY, OUTCOME_REVIEW, KEPT, "an answer to our letter, in words");
}

static bool stranger(const struct mail *mail, const struct triage_facts *facts, struct triage *t)
{
        if (facts->sent_back)
                return row(t, CLASS_REPLY, OUTCOME_REVIEW, KEPT,
                    "our own letter sent back: what is new in it is for a person");
        if (facts->form)
                return row(t, CLASS_FORM, OUTCOME_REGISTERED, ANSWERED | KEPT, "a form");
        if (facts->meant)
                return row(t, CLASS_UNREADABLE, OUTCOME_REGISTERED, ANSWERED | KEPT,
                    facts->broken ? "meant as a registration, could not be read"
                                  : "meant as a registration, no readable form");
        if (facts->registered && asks_to_cancel(mail))
                return row(t, CLASS_CANCEL, OUTCOME_REVIEW, ANSWERED | KEPT, "asks to cancel, without proof");
        if (facts->quoted_form)
                return row(t, CLASS_REQUEST, OUTCOME_REVIEW, KEPT, "a form, but only in quoted text");
        if (facts->subject_matches && facts->partial)
                return row(t, CLASS_REQUEST, OUTCOME_REVIEW, KEPT, "a name and details, but no whole form");
        if (facts->subject_matches && triage_asks(mail))
                return row(t, CLASS_REQUEST, OUTCOME_REVIEW, facts->dmarc_failed ? KEPT : ANSWERED | KEPT,
                    "asks to sign up, without a form");
        return false;
}

void triage(const struct mail *mail, const struct triage_facts *facts, struct triage *ret_triage)
{
        const char *why = "";
        enum robot_kind kind = facts->old || !mail ? ROBOT_NO : robot_judge(mail, &why);

        if (not_for_us(mail, facts, kind, why, ret_triage))
                return;
        if (!mail)
                row(ret_triage, CLASS_UNREADABLE, OUTCOME_REVIEW, SILENT,
                    "not even its headers could be read: a person must look at it in the mailbox");
        else if (facts->digest_token && kind != ROBOT_AUTOMATIC && kind != ROBOT_LOOP)
                row(ret_triage, CLASS_COMMAND, OUTCOME_REVIEW, SILENT,
                    "the coordinator's answer to a digest");
        else if (machine(mail, facts, kind, why, ret_triage) || forwarded_by_coordinator(facts, ret_triage))
                return;
        else if (facts->dmarc_failed && facts->form)
                row(ret_triage, CLASS_FORM, OUTCOME_REGISTERED, ANSWERED | KEPT,
                    "a form whose sender is not confirmed (dmarc=fail)");
        else if (proven(mail, facts, ret_triage) || stranger(mail, facts, ret_triage))
                return;
        else
                row(ret_triage, CLASS_OTHER, OUTCOME_IGNORED, SILENT,
                    facts->broken ? "could not be read, and nothing says that it is a registration"
                                  : "nothing says that it is a registration");
}
