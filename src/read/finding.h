/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a child makes of one question: bytes in, one record of core/record.h out. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/document.h"
#include "core/event.h"
#include "read/bounds.h"

struct finding_event {
        struct event event;
        struct document blank; /* the model of its blank form */
        bool has_blank;
};

/* What is known when a question is answered. Owned; finding_free() empties. */
struct finding_context {
        struct bounds bounds;
        const struct pages_readers *pages; /* borrowed; NULL: PDF files and pictures are for the other half */
        struct finding_event *events;
        size_t event_count;
};

void finding_free(struct finding_context *context);
/* For one child: pages to be recognised take longer than other documents. */
int finding_cpu_seconds(const struct finding_context *context);
/* The event of that id, or NULL. */
struct finding_event *finding_find(const struct finding_context *context, const char *id);
/* Takes the event; one of the same id is replaced, and its blank form forgotten. Bounded by LIMIT_EVENTS. */
int finding_add_event_take(struct finding_context *context, struct event *event);

/* The model of its blank form. */
void finding_set_blank_take(struct finding_event *event, struct document *blank);

/* What a person who looks on wants beside the readings. */
enum finding_wish {
        FINDING_EXPLAIN = 1 << 0, /* why fields are absent or unsure */
        FINDING_MODEL = 1 << 1,   /* "model": an array of what was read */
};

json_t *finding_message(
    const struct finding_context *context, json_int_t id, unsigned wish, const char *bytes, size_t size);
/* part: of the mail that the bytes are; -1: the bytes are the document. inner: the path inside it, "" for
 * itself. */
json_t *finding_document(const struct finding_context *context, json_int_t id, unsigned wish,
    const char *bytes, size_t size, int part, const char *inner, const char *name);
/* "model" carries the document model to the parent. */
json_t *finding_blank(const struct finding_context *context, const struct finding_event *event,
    const char *bytes, size_t size, const char *name);
json_t *finding_failed(json_int_t id, const char *reason);
/* For a person: the facts and the model of a mail or document. */
json_t *finding_look(const struct finding_context *context, const char *bytes, size_t size, const char *name);
/* Makes what libraries load at first use, so that children need not (and cannot) do it. */
void finding_preload(void);
