/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/digest.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/event.h"
#include "core/zone.h"

/* All that the digest says besides the template, in one language. */
struct words {
        const char *none, *seats_taken, *waiting, *deadline, *fetched, *in_progress, *balanced, *gap;
        const char *status[STATUS_COUNT];
        const char *outcome[OUTCOME_COUNT];
        const char *language;
};

static const struct words polish = {
        .none = "brak",
        .seats_taken = "zajęte miejsca",
        .waiting = "czeka",
        .deadline = "zgłoszenia do",
        .fetched = "przeczytane wiadomości",
        .in_progress = "w toku",
        .balanced = "Wszystko się zgadza.",
        .gap = "UWAGA: suma się nie zgadza, proszę zawiadomić administratora.",
        .status = { [STATUS_ACCEPTED] = "przyjęte",
            [STATUS_WAITLISTED] = "lista oczekujących",
            [STATUS_OFFERED] = "miejsce zaproponowane",
            [STATUS_HELD] = "do sprawdzenia",
            [STATUS_INCOMPLETE] = "niekompletne",
            [STATUS_LATE] = "po terminie",
            [STATUS_REFUSED] = "odmowa, brak miejsc",
            [STATUS_CANCELLED] = "wycofane" },
        .outcome = { [OUTCOME_REGISTERED] = "zgłoszenia",
            [OUTCOME_UPDATED] = "zmiany danych",
            [OUTCOME_COMPLETED] = "uzupełnienia",
            [OUTCOME_CANCELLED] = "rezygnacje",
            [OUTCOME_CONFIRMED] = "potwierdzenia",
            [OUTCOME_DUPLICATE] = "powtórzenia",
            [OUTCOME_REVIEW] = "do sprawdzenia",
            [OUTCOME_NOTED] = "odnotowane",
            [OUTCOME_IGNORED] = "nie dotyczą zapisów" },
        .language = "pl",
};

static const struct words english = {
        .none = "none",
        .seats_taken = "seats taken",
        .waiting = "waiting",
        .deadline = "forms until",
        .fetched = "messages read",
        .in_progress = "in progress",
        .balanced = "Everything adds up.",
        .gap = "ATTENTION: the sum does not add up, please tell the administrator.",
        .status = { [STATUS_ACCEPTED] = "accepted",
            [STATUS_WAITLISTED] = "waiting list",
            [STATUS_OFFERED] = "seat offered",
            [STATUS_HELD] = "to be checked",
            [STATUS_INCOMPLETE] = "incomplete",
            [STATUS_LATE] = "late",
            [STATUS_REFUSED] = "refused, no seats",
            [STATUS_CANCELLED] = "cancelled" },
        .outcome = { [OUTCOME_REGISTERED] = "registrations",
            [OUTCOME_UPDATED] = "updates",
            [OUTCOME_COMPLETED] = "completions",
            [OUTCOME_CANCELLED] = "cancellations",
            [OUTCOME_CONFIRMED] = "confirmations",
            [OUTCOME_DUPLICATE] = "repeats",
            [OUTCOME_REVIEW] = "for review",
            [OUTCOME_NOTED] = "noted",
            [OUTCOME_IGNORED] = "not about registrations" },
        .language = "en",
};

/* The status that a line's note names, in the reader's words; any other note as it is. */
static const char *note_in_words(const struct words *words, const char *note)
{
        enum status status;

        return status_parse(note, &status) == 0 ? words->status[status] : note;
}

static void add_line(const struct digest_data *data, const struct words *words,
    const struct digest_line *line, struct buf *out)
{
        CLEANUP_FREE char *at = zone_long_time(line->at, data->zone, words->language, false);
        const char *note = note_in_words(words, line->note);

        buf_printf(out, "  %s%s%s", line->ref, *line->ref ? "  " : "", line->text);
        if (*note)
                buf_printf(out, " (%s)", note);
        buf_printf(out, ", %s\n", at);
}

static char *lines_text(
    const struct digest_data *data, const struct words *words, const struct digest_line *lines, size_t count)
{
        struct buf out = BUF_INIT(LIMIT_LETTER / 8);

        if (!count)
                buf_printf(&out, "  %s\n", words->none);
        for (size_t i = 0; i < count && i < DIGEST_LINES; i++) {
                const size_t before = out.size;

                add_line(data, words, &lines[i], &out);
                if (buf_failed(&out)) {
                        buf_truncate(&out, before);
                        break;
                }
        }
        if (count > DIGEST_LINES) {
                buf_puts(&out, "  ");
                buf_printf(&out, words == &polish ? "… i jeszcze %zu\n" : "... and %zu more\n",
                    count - DIGEST_LINES);
        }
        buf_truncate(&out, out.size ? out.size - 1 : 0);
        return buf_detach(&out, NULL);
}

/* The waiting list in the order in which people move up; the note is the position. */
static int by_position(const void *a, const void *b)
{
        const struct digest_line *left = a, *right = b;
        int events = strcmp(left->event_id, right->event_id);
        int64_t l = 0, r = 0;

        if (events)
                return events;
        str_to_int(left->note, 0, INT32_MAX, &l);
        str_to_int(right->note, 0, INT32_MAX, &r);
        return (l > r) - (l < r);
}

static char *waiting_text(const struct digest_data *data, const struct words *words)
{
        struct digest_line *sorted = xcalloc(data->waiting_count, sizeof *sorted);
        char *text;

        if (data->waiting_count) {
                memcpy(sorted, data->waiting, data->waiting_count * sizeof *sorted);
                qsort(sorted, data->waiting_count, sizeof *sorted, by_position);
        }
        text = lines_text(data, words, sorted, data->waiting_count);
        free(sorted);
        return text;
}

static void add_event(const struct words *words, const struct digest_event *one, struct buf *out)
{
        const struct event *event = one->event;
        CLEANUP_FREE char *day = zone_long_day(event->starts, event->timezone, words->language);
        CLEANUP_FREE char *deadline =
            zone_long_time(event->deadline, event->timezone, words->language, false);

        buf_printf(out, "  %s, %s\n", event->title, day);
        buf_printf(out, "    %s: %d/%d, %s: %d, %s: %s\n", words->seats_taken, one->seats_taken, event->seats,
            words->waiting, one->waiting, words->deadline, deadline);
        for (size_t i = 0; i < STATUS_COUNT; i++)
                if (one->count[i])
                        buf_printf(out, "    %s: %d\n", words->status[i], one->count[i]);
}

static char *events_text(const struct digest_data *data, const struct words *words)
{
        struct buf out = BUF_INIT(LIMIT_LETTER / 8);

        if (!data->event_count)
                buf_printf(&out, "  %s\n", words->none);
        for (size_t i = 0; i < data->event_count; i++)
                add_event(words, &data->events[i], &out);
        buf_truncate(&out, out.size ? out.size - 1 : 0);
        return buf_detach(&out, NULL);
}

bool digest_balanced(const struct digest_data *data)
{
        int64_t sum = data->in_progress;

        for (size_t i = 0; i < OUTCOME_COUNT; i++)
                sum += data->outcomes[i];
        return sum == data->fetched;
}

static char *balance_text(const struct digest_data *data, const struct words *words)
{
        struct buf out = BUF_INIT(LIMIT_TEMPLATE);

        buf_printf(&out, "  %s: %" PRId64, words->fetched, data->fetched);
        for (size_t i = 0; i < OUTCOME_COUNT; i++)
                if (data->outcomes[i])
                        buf_printf(&out, "\n    %s: %" PRId64, words->outcome[i], data->outcomes[i]);
        if (data->in_progress)
                buf_printf(&out, "\n    %s: %" PRId64, words->in_progress, data->in_progress);
        buf_printf(&out, "\n  %s", digest_balanced(data) ? words->balanced : words->gap);
        return buf_detach(&out, NULL);
}

void digest_fill(const struct digest_data *data, char *ret_values[LP_COUNT])
{
        const struct words *words = str_equal(data->language, "en") ? &english : &polish;

        for (size_t i = 0; i < LP_COUNT; i++)
                ret_values[i] = NULL;
        ret_values[LP_DAY] = zone_long_day(data->now, data->zone, words->language);
        ret_values[LP_COORDINATOR_NAME] = xstrdup(data->coordinator_name);
        ret_values[LP_EVENTS] = events_text(data, words);
        ret_values[LP_NEW] = lines_text(data, words, data->fresh, data->fresh_count);
        ret_values[LP_WAITING_LIST] = waiting_text(data, words);
        ret_values[LP_REVIEW] = lines_text(data, words, data->review, data->review_count);
        ret_values[LP_UNDELIVERABLE] =
            lines_text(data, words, data->undeliverable, data->undeliverable_count);
        ret_values[LP_ONHOLD] = lines_text(data, words, data->on_hold, data->on_hold_count);
        ret_values[LP_ALARMS] = lines_text(data, words, data->alarms, data->alarm_count);
        ret_values[LP_BALANCE] = balance_text(data, words);
}
