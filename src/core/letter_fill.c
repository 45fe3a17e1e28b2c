/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything that a letter's places may need. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/event.h"
#include "core/letter.h"
#include "core/letter_field.h"
#include "core/letter_words.h"
#include "core/zone.h"

/* The block without its last newline; owned, "" when empty. */
static char *block(struct buf *out)
{
        char *text;

        if (out->size && out->data[out->size - 1] == '\n')
                buf_truncate(out, out->size - 1);
        text = buf_detach(out, NULL);
        return text ? text : xstrdup("");
}

static char *joined(const struct str_list *list)
{
        struct buf out = BUF_INIT(LIMIT_LETTER);

        for (size_t i = 0; i < list->count; i++)
                buf_printf(&out, "%s%s", i ? ", " : "", list->items[i]);
        if (!list->count)
                buf_puts(&out, "–");
        return block(&out);
}

static char *fields_text(const struct letter_about *about)
{
        struct buf out = BUF_INIT(LIMIT_LETTER);

        letter_field_add_all(&out, "", about->event, about->person);
        return block(&out);
}

/* A refused consent has a value and is asked for all the same. */
static void add_missing(struct buf *out, const char *indent, const struct letter_about *about)
{
        for (size_t i = 0; about->missing && i < about->missing->count; i++) {
                const char *key = about->missing->items[i];
                const char *value = letter_field_value(about->event, about->person, key);
                CLEANUP_FREE char *label = letter_field_label(about->event, key);
                const char *refused = letter_words(
                    about->event->language, " (odpowiedź brzmiała: NIE)", " (the answer was: NO)");

                buf_printf(out, "%s- %s%s\n", indent, label, str_equal(value, "no") ? refused : "");
        }
}

static char *missing_text(const struct letter_about *about)
{
        struct buf out = BUF_INIT(LIMIT_LETTER);

        add_missing(&out, "", about);
        return block(&out);
}

static void add_unsure(struct buf *out, const char *indent, const struct letter_about *about)
{
        for (size_t i = 0; about->unsure && i < about->unsure->count; i++) {
                const char *key = about->unsure->items[i];
                const char *value = letter_field_value(about->event, about->person, key);
                CLEANUP_FREE char *text = letter_field_text(about->event, key, value ? value : "");
                CLEANUP_FREE char *label = letter_field_label(about->event, key);
                CLEANUP_FREE char *deeper = xasprintf("%s- ", indent);

                letter_field_add(out, deeper, label, text);
        }
}

static char *unsure_text(const struct letter_about *about)
{
        struct buf out = BUF_INIT(LIMIT_LETTER);

        if (!about->unsure || !about->unsure->count)
                return xstrdup("");
        buf_puts(&out, letter_words(about->event->language,
                           "Tych odpowiedzi nie udało się odczytać z całą pewnością, prosimy je sprawdzić:\n",
                           "These answers could not be read with full certainty, please check them:\n"));
        add_unsure(&out, "", about);
        return block(&out);
}

/* ---- Old and new */

static void add_change(
    struct buf *out, const struct event *event, const char *key, const char *old, const char *new)
{
        CLEANUP_FREE char *was = letter_field_text(event, key, old ? old : "");
        CLEANUP_FREE char *is = letter_field_text(event, key, new ? new : "");
        CLEANUP_FREE char *label = letter_field_label(event, key);
        const char *language = event->language;

        if (old && new)
                buf_printf(out,
                    letter_words(
                        language, "- %s: było „%s”, jest „%s”\n", "- %s: was \"%s\", is now \"%s\"\n"),
                    label, was, is);
        else if (new)
                buf_printf(
                    out, letter_words(language, "- %s: dodano „%s”\n", "- %s: added \"%s\"\n"), label, is);
        else
                buf_printf(out, letter_words(language, "- %s: usunięto „%s”\n", "- %s: removed \"%s\"\n"),
                    label, was);
}

static char *changes_text(const struct letter_about *about)
{
        struct buf out = BUF_INIT(LIMIT_LETTER);

        if (!about->before || !about->person)
                return xstrdup("");
        for (size_t i = 0; i < about->event->form.count; i++) {
                const char *old = about->before->values[i].value, *new = about->person->values[i].value;

                if (!str_equal(old, new))
                        add_change(&out, about->event, about->event->form.fields[i].key, old, new);
        }
        if (!out.size)
                buf_puts(&out, letter_words(about->event->language, "- brak", "- none"));
        return block(&out);
}

/* ---- Cancelling */

static char *cancel_subject(const struct letter_about *about)
{
        if (str_is_empty(about->token))
                return xstrdup("");
        return xasprintf("%s %s-%s", letter_words(about->event->language, "REZYGNACJA", "CANCEL"), about->ref,
            about->token);
}

/* RFC 6068 2: what is not unreserved is percent-encoded, "+" too, which some programs take for a blank. */
static void add_encoded(struct buf *out, const char *text, const char *also)
{
        for (; *text; text++) {
                unsigned char c = (unsigned char)*text;
                bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                             strchr("-._~", c) || strchr(also, c);

                if (plain)
                        buf_putc(out, *text);
                else
                        buf_printf(out, "%%%02X", c);
        }
}

static char *cancel_mailto(const struct letter_about *about)
{
        CLEANUP_FREE char *subject = cancel_subject(about);
        struct buf out = BUF_INIT(LIMIT_LETTER);

        if (!*subject || str_is_empty(about->mailbox))
                return xstrdup("");
        buf_puts(&out, "mailto:");
        add_encoded(&out, about->mailbox, "@");
        buf_puts(&out, "?subject=");
        add_encoded(&out, subject, "");
        return block(&out);
}

/* ---- */

static char *time_left(const struct letter_about *about)
{
        int64_t left = about->event->deadline - about->now;

        if (left <= 0)
                return xstrdup(
                    letter_words(about->event->language, "termin już minął", "the deadline has passed"));
        return zone_duration(left, about->event->language);
}

static char *whole_time(int64_t instant, const struct event *event)
{
        return zone_long_time(instant, event->timezone, event->language, instant % 60 != 0);
}

static void fill_event(const struct letter_about *about, char *v[LP_COUNT])
{
        const struct event *event = about->event;

        v[LP_EVENT_TITLE] = xstrdup(event->title);
        v[LP_EVENT_DAY] = zone_long_day(event->starts, event->timezone, event->language);
        v[LP_EVENT_HOURS] = zone_hours(event->starts, event->ends, event->timezone, event->language);
        v[LP_EVENT_PLACE] = xstrdup(event->place);
        v[LP_PROVIDES] = joined(&event->provides);
        v[LP_DEADLINE] = whole_time(event->deadline, event);
        v[LP_PROMOTE_UNTIL] = whole_time(event->promote_until, event);
        v[LP_SEATS] = letter_words_count(event->seats, letter_words_seats, event->language);
        v[LP_TIME_LEFT] = time_left(about);
        v[LP_DAY] = zone_long_day(about->now, event->timezone, event->language);
        v[LP_PRIVACY] = about->first ? xstrdup(event->privacy_notice) : NULL;
        v[LP_COORDINATOR_NAME] = xstrdup(about->coordinator_name);
        v[LP_COORDINATOR_EMAIL] = xstrdup(about->coordinator_email);
        v[LP_ORGANISER_SIGN] =
            xstrdup(str_is_empty(about->coordinator_name)
                        ? letter_words(event->language, "Organizatorzy szkolenia", "The organisers")
                        : about->coordinator_name);
}

static void fill_person(const struct letter_about *about, char *v[LP_COUNT])
{
        const struct event *event = about->event;

        v[LP_NAME] = xstrdup(letter_field_name(event, about->person));
        v[LP_REF] = xstrdup(about->ref);
        v[LP_COUNTED_AT] = zone_long_time(about->counted_at, event->timezone, event->language, true);
        v[LP_FIELDS] = fields_text(about);
        v[LP_MISSING] = missing_text(about);
        v[LP_UNSURE] = unsure_text(about);
        v[LP_CHANGES] = changes_text(about);
        v[LP_POSITION] = about->position > 0 ? xasprintf("%d", about->position) : NULL;
        v[LP_PEOPLE_AHEAD] = letter_words_count(about->people_ahead, letter_words_people, event->language);
        v[LP_COMPLETION_NOTE] = letter_words_completion(about);
        v[LP_STATE] = letter_words_state(about);
        v[LP_REASON] = letter_words_reason(about);
        v[LP_PEOPLE] = xstrdup(about->people);
        v[LP_CANCEL_SUBJECT] = cancel_subject(about);
        v[LP_CANCEL_MAILTO] = cancel_mailto(about);
}

void letter_fill(const struct letter_about *about, char *ret_values[LP_COUNT])
{
        memset(ret_values, 0, LP_COUNT * sizeof *ret_values);
        fill_event(about, ret_values);
        fill_person(about, ret_values);
}

void letter_values_free(char *values[LP_COUNT])
{
        for (int i = 0; i < LP_COUNT; i++) {
                free(values[i]);
                values[i] = NULL;
        }
}

static void add_deadline(struct buf *out, const struct letter_about *about)
{
        CLEANUP_FREE char *deadline = whole_time(about->event->deadline, about->event);
        CLEANUP_FREE char *left = time_left(about);

        buf_printf(out,
            letter_words(about->event->language, "  Termin zgłoszeń: %s. Pozostało: %s.\n",
                "  Registration closes: %s. Time left: %s.\n"),
            deadline, left);
}

/* One person of several in a mail: the decision, what was read, what is missing, how to cancel. */
char *letter_person_line(const struct letter_about *about)
{
        const char *name = letter_field_name(about->event, about->person), *language = about->event->language;
        CLEANUP_FREE char *subject = cancel_subject(about);
        CLEANUP_FREE char *mailto = cancel_mailto(about);
        CLEANUP_FREE char *reason = letter_words_reason(about);
        struct buf out = BUF_INIT(LIMIT_LETTER);

        buf_printf(&out, "%s: %s", *name ? name : letter_words(language, "(bez nazwiska)", "(no name)"),
            letter_words_status(about->status, language));
        if (about->position > 0)
                buf_printf(&out, letter_words(language, ", pozycja %d", ", position %d"), about->position);
        buf_printf(&out, " (%s)\n", about->ref);
        if (*reason && about->status != STATUS_ACCEPTED) {
                buf_puts(&out, "  ");
                for (const char *p = reason; *p; p++)
                        buf_putc(&out, *p == '\n' ? ' ' : *p);
                buf_putc(&out, '\n');
        }
        letter_field_add_all(&out, "  ", about->event, about->person);
        if (about->missing && about->missing->count)
                buf_printf(&out, "  %s\n", letter_words(language, "Prosimy uzupełnić:", "Please send:"));
        add_missing(&out, "  ", about);
        if (about->missing && about->missing->count)
                add_deadline(&out, about);
        if (about->unsure && about->unsure->count)
                buf_printf(&out, "  %s\n",
                    letter_words(
                        language, "Prosimy sprawdzić, odczytane niepewnie:", "Please check, read unsurely:"));
        add_unsure(&out, "  ", about);
        if (*subject)
                buf_printf(&out, "  %s\n  %s\n  %s\n",
                    letter_words(language, "Rezygnacja, temat wiadomości:", "To cancel, send the subject:"),
                    subject, mailto);
        return block(&out);
}
