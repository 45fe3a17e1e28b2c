/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/digest.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/event.h"
#include "core/letter_words.h"
#include "core/zone.h"

enum { TEXT_MAX = 300 };

static char *block(struct buf *out)
{
        char *text;

        if (out->size && out->data[out->size - 1] == '\n')
                buf_truncate(out, out->size - 1);
        text = buf_detach(out, NULL);
        return text ? text : xstrdup("");
}

/* One line, whatever stands in the text. */
static void add_text(struct buf *out, const char *text)
{
        size_t size = strnlen(text, TEXT_MAX);

        while (size && text[size] && ((unsigned char)text[size] & 0xc0) == 0x80)
                size--;
        for (size_t i = 0; i < size; i++)
                buf_putc(out, text[i] == '\n' ? ' ' : text[i]);
}

/* ---- Events */

static void add_statuses(struct buf *out, const struct digest_event *e, const char *language)
{
        bool first = true;

        for (int i = 0; i < STATUS_COUNT; i++) {
                if (!e->count[i])
                        continue;
                buf_printf(out, "%s%s: %d", first ? "  " : ", ",
                    letter_words_status((enum status)i, language), e->count[i]);
                first = false;
        }
        if (!first)
                buf_putc(out, '\n');
}

static void add_event(struct buf *out, const struct digest_event *e, const char *language)
{
        const struct event *event = e->event;
        CLEANUP_FREE char *day = zone_long_time(event->starts, event->timezone, language, false);
        CLEANUP_FREE char *deadline =
            zone_long_time(event->deadline, event->timezone, language, event->deadline % 60 != 0);
        CLEANUP_FREE char *seats = letter_words_count(event->seats, letter_words_seats, language);
        CLEANUP_FREE char *waiting = letter_words_count(e->waiting, letter_words_people, language);

        buf_printf(out, "%s (%s)\n", event->title, day);
        buf_printf(
            out, letter_words(language, "  termin zgłoszeń: %s\n", "  registration closes: %s\n"), deadline);
        buf_printf(out,
            letter_words(language, "  zajęte: %d, sala: %s, na liście oczekujących: %s\n",
                "  taken: %d, room: %s, on the waiting list: %s\n"),
            e->seats_taken, seats, waiting);
        add_statuses(out, e, language);
}

static char *events_text(const struct digest_data *data)
{
        struct buf out = BUF_INIT(LIMIT_LETTER);

        for (size_t i = 0; i < data->event_count; i++) {
                if (i)
                        buf_putc(&out, '\n');
                add_event(&out, &data->events[i], data->language);
        }
        return block(&out);
}

/* ---- Lists */

static void add_line(struct buf *out, const struct digest_data *data, const struct digest_line *line)
{
        CLEANUP_FREE char *when = zone_long_time(line->at, data->zone, data->language, false);
        const char *note = line->note ? line->note : "";
        enum status status;

        buf_printf(out, "- %s", when);
        if (!str_is_empty(line->ref))
                buf_printf(out, "%s%s", *when ? ", " : "", line->ref);
        if (!str_is_empty(line->text)) {
                buf_puts(out, *when || !str_is_empty(line->ref) ? ": " : "");
                add_text(out, line->text);
        }
        if (*note) {
                buf_puts(out, " (");
                add_text(out,
                    status_parse(note, &status) == 0 ? letter_words_status(status, data->language) : note);
                buf_putc(out, ')');
        }
        /* With one training its name would only be noise. */
        if (data->event_count > 1 && !str_is_empty(line->event_id))
                buf_printf(out, " [%s]", line->event_id);
        buf_putc(out, '\n');
}

static char *lines_text(const struct digest_data *data, const struct digest_line *lines, size_t count)
{
        struct buf out = BUF_INIT(LIMIT_LETTER);

        if (!count)
                buf_puts(&out, letter_words(data->language, "brak", "none"));
        for (size_t i = 0; i < count && i < DIGEST_LINES; i++)
                add_line(&out, data, &lines[i]);
        if (count > DIGEST_LINES)
                buf_printf(&out, letter_words(data->language, "... i jeszcze %zu", "... and %zu more"),
                    count - DIGEST_LINES);
        return block(&out);
}

static char *fresh_text(const struct digest_data *data)
{
        CLEANUP_FREE char *lines = lines_text(data, data->fresh, data->fresh_count);
        CLEANUP_FREE char *since = NULL;

        if (data->since == ZONE_NO_TIME)
                return xstrdup(lines);
        since = zone_long_time(data->since, data->zone, data->language, false);
        return xasprintf("(%s %s)\n%s", letter_words(data->language, "od:", "since:"), since, lines);
}

/* ---- Everything adds up */

static int64_t sum(const struct digest_data *data)
{
        int64_t n = data->in_progress;

        for (int i = 0; i < OUTCOME_COUNT; i++)
                n += data->outcomes[i];
        return n;
}

bool digest_balanced(const struct digest_data *data)
{
        return data->fetched == sum(data);
}

static const char *outcome_words(enum outcome outcome, const char *language)
{
        static const char *const words[][2] = {
                [OUTCOME_REGISTERED] = { "zarejestrowane", "registered" },
                [OUTCOME_UPDATED] = { "zmiany danych", "updated" },
                [OUTCOME_COMPLETED] = { "uzupełnienia", "completed" },
                [OUTCOME_CANCELLED] = { "rezygnacje", "cancelled" },
                [OUTCOME_CONFIRMED] = { "potwierdzenia", "confirmed" },
                [OUTCOME_DUPLICATE] = { "powtórzone", "duplicate" },
                [OUTCOME_REVIEW] = { "do sprawdzenia", "review" },
                [OUTCOME_NOTED] = { "odnotowane", "noted" },
                [OUTCOME_IGNORED] = { "pominięte", "ignored" },
        };

        return letter_words(language, words[outcome][0], words[outcome][1]);
}

static char *balance_text(const struct digest_data *data)
{
        const char *language = data->language;
        struct buf out = BUF_INIT(LIMIT_LETTER);

        for (int i = 0; i < OUTCOME_COUNT; i++)
                buf_printf(&out, "  %s: %lld\n", outcome_words((enum outcome)i, language),
                    (long long)data->outcomes[i]);
        buf_printf(&out, "  %s: %lld\n", letter_words(language, "w toku", "in progress"),
            (long long)data->in_progress);
        buf_printf(&out,
            letter_words(language, "Razem: %lld, odebrane: %lld. %s\n", "Sum: %lld, fetched: %lld. %s\n"),
            (long long)sum(data), (long long)data->fetched,
            digest_balanced(data)
                ? letter_words(language, "Rachunek się zgadza.", "It adds up.")
                : letter_words(language, "RACHUNEK SIĘ NIE ZGADZA.", "IT DOES NOT ADD UP."));
        return block(&out);
}

/* ---- */

void digest_fill(const struct digest_data *data, char *ret_values[LP_COUNT])
{
        memset(ret_values, 0, LP_COUNT * sizeof *ret_values);
        ret_values[LP_DAY] = zone_long_day(data->now, data->zone, data->language);
        ret_values[LP_COORDINATOR_NAME] = xstrdup(data->coordinator_name);
        ret_values[LP_EVENTS] = events_text(data);
        ret_values[LP_NEW] = fresh_text(data);
        ret_values[LP_WAITING_LIST] = lines_text(data, data->waiting, data->waiting_count);
        ret_values[LP_REVIEW] = lines_text(data, data->review, data->review_count);
        ret_values[LP_UNDELIVERABLE] = lines_text(data, data->undeliverable, data->undeliverable_count);
        ret_values[LP_ONHOLD] = lines_text(data, data->on_hold, data->on_hold_count);
        ret_values[LP_ALARMS] = lines_text(data, data->alarms, data->alarm_count);
        ret_values[LP_BALANCE] = balance_text(data);
}
