/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/answer.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/wire.h"
#include "core/model.h"
#include "read/finding.h"
#include "read/worker.h"

#define TOO_LARGE "what was read is more than fits into an answer"

int answer_failed(int sock, const struct question *question, const char *reason, struct err *err)
{
        json_t *json = finding_failed(question->id, reason);
        int r;

        if (question->event)
                json_object_set_new(json, "event", json_string(question->event));
        r = wire_send(sock, json, NULL, 0, err);
        json_decref(json);
        return r;
}

/* With the descriptor unless it is -1. */
static int send_record(
    int sock, const struct question *question, const json_t *answer, int fd, struct err *err)
{
        CLEANUP_FREE char *text = json_dumps(answer, JSON_COMPACT);

        if (!text || strlen(text) > LIMIT_RECORD)
                return answer_failed(sock, question, TOO_LARGE, err);
        return wire_send_text(sock, text, strlen(text), &fd, fd >= 0, err);
}

/* With these bytes in a memfd. */
static int send_beside(int sock, const struct question *question, const json_t *answer, const char *name,
    const void *bytes, size_t size, struct err *err)
{
        int fd = io_memfd(name, bytes, size, err), r;

        if (fd < 0)
                return -1;
        r = send_record(sock, question, answer, fd, err);
        io_close(&fd);
        return r;
}

/* The pictures one behind the other. False when the child did not keep to the rules. */
static bool unpack_pictures(json_t *pictures, struct buf *out, json_t *sizes)
{
        const json_t *item;
        size_t i;

        if (json_array_size(pictures) > LIMIT_PICTURES)
                return false;
        json_array_foreach(pictures, i, item)
        {
                gsize size = 0;
                guchar *bytes = g_base64_decode(json_is_string(item) ? json_string_value(item) : "", &size);
                const bool fits = size && buf_add(out, bytes, size) == 0;

                g_free(bytes);
                if (!fits)
                        return false;
                json_array_append_new(sizes, json_integer((json_int_t)size));
        }
        return true;
}

static int send_pictures(int sock, const struct question *question, json_t *answer, struct err *err)
{
        struct buf bytes = BUF_INIT(LIMIT_PICTURES_SIZE);
        json_t *sizes = json_array();
        int r;

        if (unpack_pictures(json_object_get(answer, "pictures"), &bytes, sizes)) {
                json_object_set(answer, "pictures", sizes);
                r = send_beside(sock, question, answer, "pictures", buf_text(&bytes), bytes.size, err);
        } else {
                r = answer_failed(sock, question, "pictures of its pages that are none", err);
        }
        json_decref(sizes);
        buf_free(&bytes);
        return r;
}

/* Whoever looks at the models has the pages, too. */
static int send_models(int sock, const struct question *question, json_t *answer, struct err *err)
{
        CLEANUP_FREE char *models = json_dumps(json_object_get(answer, "model"), JSON_COMPACT);

        json_object_set_new(answer, "model", json_true());
        json_object_del(answer, "pictures");
        return models ? send_beside(sock, question, answer, "model", models, strlen(models), err)
                      : answer_failed(sock, question, TOO_LARGE, err);
}

static int send_blank(int sock, const struct finding_context *context, const struct question *question,
    json_t *answer, struct err *err)
{
        struct finding_event *event = finding_find(context, question->event);
        json_t *model = json_object_get(answer, "model");
        CLEANUP_FREE char *text = question->wants_model && model ? json_dumps(model, JSON_COMPACT) : NULL;
        struct document blank;

        json_object_set_new(answer, "event", json_string(question->event));
        json_object_del(answer, "pictures");
        if (json_is_true(json_object_get(answer, "pages")))
                return send_record(sock, question, answer, -1, err);
        if (!event || model_from_json(model, &blank, NULL) < 0)
                return answer_failed(sock, question, "the blank form cannot be kept", err);
        finding_set_blank_take(event, &blank);
        json_object_del(answer, "model");
        return text ? send_beside(sock, question, answer, "model", text, strlen(text), err)
                    : send_record(sock, question, answer, -1, err);
}

int answer_send(int sock, const struct finding_context *context, const struct question *question,
    const struct worker_answer *answer, struct err *err)
{
        if (question->kind == QUESTION_BLANK && str_equal(wire_op(answer->parsed), "document"))
                return send_blank(sock, context, question, answer->parsed, err);
        if (question->wish & FINDING_MODEL && json_object_get(answer->parsed, "model"))
                return send_models(sock, question, answer->parsed, err);
        if (json_object_get(answer->parsed, "pictures"))
                return send_pictures(sock, question, answer->parsed, err);
        if (answer->size > LIMIT_RECORD)
                return answer_failed(sock, question, TOO_LARGE, err);
        return wire_send_text(sock, answer->text, answer->size, NULL, 0, err);
}
