/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which event a mail is about, and whether it is meant as a registration (PRODUCT.md 2). */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/address.h"
#include "core/event.h"
#include "core/fold.h"
#include "core/mail.h"
#include "core/phrase.h"
#include "core/triage.h"

enum { NONE = -1, TIE = -2 };

/* A folded phrase of a configured text, as one that phrase_in() takes. */
static bool folded_has(const char *folded, const char *phrase)
{
        CLEANUP_FREE char *key = fold_key(phrase);
        const char *phrases[] = { key, NULL };

        return *key && phrase_in(folded, phrases);
}

/* Length of the longest subject phrase of the event in the folded text; 0: none. */
static size_t longest_phrase(const struct event *event, const char *folded)
{
        size_t longest = 0;

        for (size_t i = 0; i < event->match_subject.count; i++) {
                CLEANUP_FREE char *key = fold_key(event->match_subject.items[i]);
                const char *phrases[] = { key, NULL };
                size_t size = strlen(key);

                if (size > longest && phrase_in(folded, phrases))
                        longest = size;
        }
        return longest;
}

static bool is_to(const struct mail *mail, const struct event *event)
{
        if (str_is_empty(event->match_address))
                return false;
        for (size_t i = 0; i < mail->recipients.count; i++)
                if (address_equal(mail->recipients.items[i], event->match_address))
                        return true;
        return false;
}

static bool names_event(const char *folded, const struct event *event)
{
        return folded_has(folded, event->title) || longest_phrase(event, folded) > 0;
}

bool triage_subject_matches(const struct mail *mail, const struct event *event)
{
        CLEANUP_FREE char *subject = fold_key(mail->subject ? mail->subject : "");

        return names_event(subject, event);
}

/* ---- */

static bool points_to(const struct mail *mail, const struct event *event)
{
        if (is_to(mail, event) || triage_subject_matches(mail, event))
                return true;
        for (size_t i = 0; i < mail->forward_count; i++) {
                CLEANUP_FREE char *subject = fold_key(mail->forwards[i].subject);

                if (names_event(subject, event))
                        return true;
        }
        for (size_t i = 0; i < mail->part_count; i++) {
                CLEANUP_FREE char *name = fold_key(mail->parts[i].filename ? mail->parts[i].filename : "");

                if (names_event(name, event))
                        return true;
        }
        return false;
}

bool triage_meant(const struct mail *mail, const struct event *events, size_t event_count, bool proof)
{
        bool attached = false;

        for (size_t i = 0; i < mail->part_count; i++)
                attached = attached ||
                           (!mail->parts[i].words && (mail->parts[i].document || mail->parts[i].picture));
        if (!attached)
                return false;
        for (size_t i = 0; !proof && i < event_count; i++)
                proof = points_to(mail, &events[i]);
        return proof;
}

/* ---- Each way of recognising gives every event a weight; the heaviest wins, 0 is none. */

struct search {
        const struct mail *mail;
        const struct event *events;
        size_t count;
        const bool *mentions, *open;
        char *subject;
};

static size_t weight_by_address(const struct search *s, size_t i)
{
        return is_to(s->mail, &s->events[i]);
}

/* The longer title wins only over one that it contains: two trainings named in one mail are a tie. */
static bool is_part_of_another_title(const struct search *s, size_t i, bool open_only)
{
        for (size_t k = 0; k < s->count; k++) {
                CLEANUP_FREE char *other = fold_key(s->events[k].title);

                if (k == i || (open_only && !s->open[k]) ||
                    !(s->mentions[k] || folded_has(s->subject, s->events[k].title)))
                        continue;
                if (folded_has(other, s->events[i].title) && !fold_equal(other, s->events[i].title))
                        return true;
        }
        return false;
}

static size_t weight_by_title(const struct search *s, size_t i)
{
        return s->mentions[i] || folded_has(s->subject, s->events[i].title);
}

static size_t weight_by_phrase(const struct search *s, size_t i)
{
        return longest_phrase(&s->events[i], s->subject);
}

static int heaviest(const struct search *s, size_t (*weight)(const struct search *, size_t), bool open_only)
{
        size_t best = 0;
        int found = NONE;

        for (size_t i = 0; i < s->count; i++) {
                size_t w = open_only && !s->open[i] ? 0 : weight(s, i);

                if (w && weight == weight_by_title && is_part_of_another_title(s, i, open_only))
                        continue;
                if (w > best) {
                        best = w;
                        found = (int)i;
                } else if (w && w == best) {
                        found = TIE;
                }
        }
        return found;
}

/* Last year's training of the same name stays configured for a while: those that are open come first. */
static int search_by(const struct search *s, size_t (*weight)(const struct search *, size_t))
{
        int found = heaviest(s, weight, true);

        return found == NONE ? heaviest(s, weight, false) : found;
}

static int only_open(const struct search *s)
{
        int found = NONE;

        for (size_t i = 0; i < s->count; i++)
                if (s->open[i])
                        found = found == NONE ? (int)i : TIE;
        return found;
}

/* The subject, then those of the mails that it sends on. */
static int search_by_subjects(struct search *s)
{
        int found = NONE;

        for (size_t i = 0; i <= s->mail->forward_count && found == NONE; i++) {
                const char *subject = i ? s->mail->forwards[i - 1].subject : s->mail->subject;

                s->subject = fold_key(subject ? subject : "");
                found = search_by(s, weight_by_title);
                if (found == NONE)
                        found = search_by(s, weight_by_phrase);
                free(s->subject);
        }
        return found;
}

int triage_event(const struct mail *mail, const struct event *events, size_t event_count, int known,
    const bool *mentions, const bool *open)
{
        struct search s = { mail, events, event_count, mentions, open, NULL };
        int found;

        if (known >= 0)
                return known;
        found = search_by(&s, weight_by_address);
        if (found == NONE)
                found = search_by_subjects(&s);
        if (found == NONE)
                found = only_open(&s);
        return found;
}
