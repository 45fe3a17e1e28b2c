/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/readings.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/fold.h"
#include "core/form.h"
#include "core/record.h"
#include "core/ref.h"
#include "form/form_read.h"
#include "read/finding.h"
#include "read/words.h"

static void read_form(
    const struct finding_event *known, const struct document *doc, struct reading *ret_reading)
{
        form_read(&known->event.form, known->has_blank ? &known->blank : NULL, doc, ret_reading);
}

static json_t *readings_one(
    const struct finding_event *known, const struct reading *reading, unsigned wish, const char *text)
{
        json_t *json = json_object(), *told = record_reading(&known->event.form, reading);

        if (wish & FINDING_EXPLAIN)
                record_explain(&known->event.form, reading, told);
        json_object_set_new(json, "event", json_string(known->event.id));
        json_object_set_new(json, "reading", told);
        json_object_set_new(json, "mentions", json_boolean(fold_contains(text, known->event.title)));
        return json;
}

/* The document's text, as far as titles are looked for in it. */
static char *plain_text(const struct document *doc)
{
        struct buf text = BUF_INIT(LIMIT_OWN_TEXT);
        size_t run = 0;

        for (size_t i = 0; i < doc->block_count && !buf_failed(&text); i++) {
                for (size_t j = 0; j < doc->blocks[i].run_count; j++)
                        buf_puts(&text, doc->runs[run++].text);
                buf_putc(&text, '\n');
        }
        return text.data ? buf_detach(&text, NULL) : xstrdup("");
}

json_t *readings_of_document(const struct finding_context *context, const struct document *doc, unsigned wish)
{
        json_t *readings = json_array();
        CLEANUP_FREE char *text = plain_text(doc);

        for (size_t i = 0; i < context->event_count; i++) {
                struct reading reading = { 0 };

                read_form(&context->events[i], doc, &reading);
                json_array_append_new(readings, readings_one(&context->events[i], &reading, wish, text));
                reading_free(&reading);
        }
        return readings;
}

static bool is_silent(const struct reading *reading)
{
        for (size_t i = 0; i < reading->people_count; i++)
                for (size_t j = 0; j < reading->field_count; j++)
                        if (reading->people[i].values[j].value)
                                return false;
        return !reading->form;
}

/* A letter of ours repeats the fields of a form, and carries a token. */
bool readings_is_ours(const struct document *doc)
{
        CLEANUP_FREE char *text = plain_text(doc);
        char *ref = NULL, *token = NULL;
        bool ours = ref_find_token(text, &ref, &token) == 0;

        free(ref);
        free(token);
        return ours;
}

/* A form that was filled inside the quoted invitation, or forwarded, is looked at only when the writer's own
 * words hold nothing of a form, and never in a quoted letter of ours. */
static bool may_be_read(const struct document *doc)
{
        return !document_is_empty(doc) && !readings_is_ours(doc);
}

/* Takes the other document's reading when that is a form. */
static bool read_instead(
    const struct finding_event *known, const struct document *other, struct reading *reading)
{
        struct reading second;

        read_form(known, other, &second);
        if (!second.form) {
                reading_free(&second);
                return false;
        }
        reading_free(reading);
        *reading = second;
        return true;
}

/* Answers typed between the lines of a quoted form: what is quoted is the blank form there. */
static bool read_between(
    const struct finding_event *known, const struct words *words, struct reading *reading)
{
        const struct form *form = &known->event.form;
        struct reading second;

        if (!may_be_read(&words->woven) || readings_is_ours(&words->aside))
                return false;
        form_read(form, &words->aside, &words->woven, &second);
        if (second.people_count == 0 || !reading_person_is_form(form, &second.people[0])) {
                reading_free(&second);
                return false;
        }
        reading_free(reading);
        *reading = second;
        return true;
}

/* The writer's own words come first, then a mail that they send on, then what they only quote. */
static json_t *words_reading(const struct finding_event *known, const struct words *words, unsigned wish)
{
        struct reading reading = { 0 };
        CLEANUP_FREE char *text = xstrdup(buf_text(&words->text));
        const struct document *other = NULL;
        json_t *json;

        read_form(known, &words->own, &reading);
        if (!reading.form && may_be_read(&words->forwarded) && !readings_is_ours(&words->aside) &&
            read_instead(known, &words->forwarded, &reading)) {
                other = &words->forwarded;
        } else if (!reading.form && read_between(known, words, &reading)) {
                other = &words->woven;
        } else if (is_silent(&reading) && may_be_read(&words->aside) &&
                   read_instead(known, &words->aside, &reading)) {
                other = &words->aside;
                str_list_add(&reading.problems, READING_QUOTED);
        }
        if (other) {
                free(text);
                text = plain_text(other);
        }
        json = readings_one(known, &reading, wish, text);
        reading_free(&reading);
        return json;
}

json_t *readings_of_words(const struct finding_context *context, const struct words *words, unsigned wish)
{
        json_t *readings = json_array();

        for (size_t i = 0; i < context->event_count; i++)
                json_array_append_new(readings, words_reading(&context->events[i], words, wish));
        return readings;
}

json_t *readings_of_blank(const struct finding_event *event, const struct document *blank)
{
        CLEANUP_FREE char *text = plain_text(blank);
        struct reading reading;
        json_t *json;

        form_read(&event->event.form, NULL, blank, &reading);
        json = readings_one(event, &reading, 0, text);
        reading_free(&reading);
        return json;
}
