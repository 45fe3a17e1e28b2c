/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a document, or a mail's words, say in the form of each event: the "readings" of an answer (core/record.h). */
#pragma once

#include <jansson.h>
#include <stdbool.h>

struct document;
struct finding_context;
struct finding_event;
struct words;

/* Arrays, one reading an event. wish: FINDING_... */
json_t *readings_of_document(
    const struct finding_context *context, const struct document *doc, unsigned wish);
json_t *readings_of_words(const struct finding_context *context, const struct words *words, unsigned wish);
/* One reading: what the event's own blank form says. */
json_t *readings_of_blank(const struct finding_event *event, const struct document *blank);
/* Whether it is a letter of ours: those repeat the fields of a form, and carry a token. */
bool readings_is_ours(const struct document *doc);
