/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "config/config.h"
#include "core/event.h"
#include "core/mail.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/glance.h"
#include "ctl/reader.h"
#include "ctl/text.h"

/* One file on its way. */
struct attempt {
        const char *file;
        struct intake answer;
        struct str_list problems;
        struct glance glance;
        bool failed; /* it could not be read, or only in part */
};

static void attempt_free(struct attempt *a)
{
        glance_free(&a->glance);
        intake_free(&a->answer);
        str_list_free(&a->problems);
}

static void add_problems(struct attempt *a, const struct str_list *problems)
{
        for (size_t i = 0; i < problems->count; i++)
                if (!str_list_has(&a->problems, problems->items[i]))
                        str_list_add(&a->problems, problems->items[i]);
}

/* ---- reading */

static bool has_form(const struct attempt *a)
{
        for (size_t i = 0; i < a->answer.reading_count; i++)
                if (a->answer.readings[i].reading.form)
                        return true;
        return false;
}

/* The documents of the mail, or its pictures, and what is inside them, which is added behind each as it is found. */
static int read_kind(struct reader *reader, const struct buf *bytes, struct mail *mail, bool document_alone,
    bool pictures, struct attempt *a, struct err *err)
{
        int result = 0;

        for (size_t i = 0; i < mail->part_count && result >= 0; i++) {
                const struct mail_part *part = &mail->parts[i];
                CLEANUP_FREE char *name = xstrdup(part->filename);
                CLEANUP_FREE char *inner = xstrdup(part->inner ? part->inner : "");
                const struct reader_place place = { name, inner, document_alone ? -1 : part->index, mail,
                        i + 1 };

                if (pictures ? part->picture && !part->document : part->document)
                        result = reader_document(
                            reader, &place, buf_text(bytes), bytes->size, &a->answer, &a->problems, err);
        }
        return result < 0 ? -1 : result;
}

/* Pictures only where no form was found, as the service does it. */
static int read_parts(struct reader *reader, const struct buf *bytes, struct mail *mail, bool document_alone,
    struct attempt *a, struct err *err)
{
        int result = read_kind(reader, bytes, mail, document_alone, false, a, err);

        if (result >= 0 && !has_form(a))
                result = read_kind(reader, bytes, mail, document_alone, true, a, err);
        return result;
}

static int read_mail(struct reader *reader, const struct buf *bytes, struct attempt *a, struct err *err)
{
        int result = reader_message(reader, buf_text(bytes), bytes->size, &a->answer, &a->problems, err);

        if (result != 0)
                return result;
        if (a->answer.mail && read_parts(reader, bytes, a->answer.mail, false, a, err) < 0)
                return -1;
        if (a->answer.mail)
                add_problems(a, &a->answer.mail->problems);
        return 0;
}

static int read_bytes(struct reader *reader, const struct buf *bytes, struct attempt *a, struct err *err)
{
        const char *slash = strrchr(a->file, '/');
        CLEANUP_FREE char *name = text_line(slash ? slash + 1 : a->file);
        struct mail inside = { 0 };
        const struct reader_place place = { name, "", -1, &inside, 0 };
        int result;

        if (glance_is_mail(buf_text(bytes), bytes->size))
                return read_mail(reader, bytes, a, err);
        result = reader_document(reader, &place, buf_text(bytes), bytes->size, &a->answer, &a->problems, err);
        if (result == 0)
                result = read_parts(reader, bytes, &inside, true, a, err);
        mail_free(&inside);
        return result;
}

static void judge(const struct config *config, struct attempt *a, int read_result)
{
        const char *slash = strrchr(a->file, '/');

        a->failed = read_result != 0 || (!a->answer.mail && a->problems.count);
        glance_judge(config, &a->answer, slash ? slash + 1 : a->file, a->failed, &a->glance);
        for (size_t i = 0; i < a->answer.reading_count; i++)
                if ((int)a->answer.readings[i].event == a->glance.event)
                        add_problems(a, &a->answer.readings[i].reading.problems);
        if (a->glance.blank && !str_list_has(&a->problems, "blank"))
                str_list_add(&a->problems, "blank");
}

/* ---- telling */
static json_t *person_json(const struct form *form, const struct person *person)
{
        json_t *fields = json_object(), *missing = json_array();

        for (size_t i = 0; i < form->count; i++) {
                const struct reading_value *value = &person->values[i];

                if (value->value)
                        json_object_set_new(fields, form->fields[i].key,
                            json_pack("{s:s, s:f, s:s}", "value", value->value, "confidence",
                                value->confidence, "where", value->where ? value->where : ""));
                else if (form->fields[i].required)
                        json_array_append_new(missing, json_string(form->fields[i].key));
        }
        return json_pack("{s:o, s:o}", "fields", fields, "missing", missing);
}

static void say_json(struct ctl *ctl, const struct attempt *a)
{
        const struct event *event = a->glance.event >= 0 ? &ctl->config->events[a->glance.event] : NULL;
        json_t *people = json_array(), *problems = json_array(), *json;
        CLEANUP_FREE char *readable = text_line(a->file); /* a name need not be UTF-8 */
        char *text;

        for (size_t i = 0; event && i < a->glance.people_count; i++)
                json_array_append_new(people, person_json(&event->form, a->glance.people[i]));
        for (size_t i = 0; i < a->problems.count; i++)
                json_array_append_new(problems, json_string(a->problems.items[i]));
        json = json_pack("{s:s, s:s, s:o, s:o, s:o}", "file",
            str_is_utf8(a->file, strlen(a->file)) ? a->file : readable, "class", class_name(a->glance.class),
            "event", ctl_json_text(event ? event->id : NULL), "people", people, "problems", problems);
        text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(6));
        buf_printf(&ctl->out, "%s\n", text ? text : "{}");
        free(text);
        json_decref(json);
}

static void say_value(struct ctl *ctl, const struct field *field, const struct reading_value *value)
{
        const bool sure = value->confidence >= ctl->config->limits.confidence;
        CLEANUP_FREE char *text = value->value ? text_line(value->value) : NULL;
        CLEANUP_FREE char *where = text_line(value->where ? value->where : "");

        if (text)
                buf_printf(&ctl->out, "  %-12s %s   (%.0f %%%s%s%s)\n", field->key, text,
                    value->confidence * 100, sure ? "" : ", NOT SURE", *where ? ", " : "", where);
        else if (field->required)
                buf_printf(&ctl->out, "  %-12s MISSING\n", field->key);
}

static void say_text(struct ctl *ctl, const struct attempt *a)
{
        const struct event *event = a->glance.event >= 0 ? &ctl->config->events[a->glance.event] : NULL;
        CLEANUP_FREE char *file = text_line(a->file);

        buf_printf(&ctl->out, "%s: %s%s%s\n", file, class_name(a->glance.class), event ? ", " : "",
            event ? event->id : "");
        for (size_t p = 0; event && p < a->glance.people_count; p++) {
                if (a->glance.people_count > 1)
                        buf_printf(&ctl->out, " person %zu\n", p + 1);
                for (size_t i = 0; i < event->form.count; i++)
                        say_value(ctl, &event->form.fields[i], &a->glance.people[p]->values[i]);
        }
        for (size_t i = 0; i < a->problems.count; i++) {
                CLEANUP_FREE char *text = text_line(a->problems.items[i]);

                buf_printf(&ctl->out, "  problem: %s\n", text);
        }
}

/* 0; 1 when the file could not even be opened. A reader that died is put away: the next file gets another. */
static int read_one(struct ctl *ctl, struct reader **reader, const char *file, struct err *err)
{
        struct buf bytes = BUF_INIT(((size_t)ctl->config->limits.message_mb + 1) * 1024 * 1024);
        struct attempt a = { .file = file };
        struct err why = { 0 };
        int opened = io_read_file(file, &bytes, &why), result = opened;

        if (opened == 0 && !*reader && reader_open(ctl->config, reader, err) < 0) {
                buf_free(&bytes);
                return -1;
        }
        if (opened == 0)
                result = read_bytes(*reader, &bytes, &a, &why);
        if (result < 0)
                str_list_add_take(&a.problems, text_line(why.text));
        if (opened == 0 && result < 0) {
                reader_close(*reader);
                *reader = NULL;
        }
        judge(ctl->config, &a, result);
        if (ctl->args->json)
                say_json(ctl, &a);
        else
                say_text(ctl, &a);
        ctl_flush(ctl);
        attempt_free(&a);
        buf_free(&bytes);
        return opened < 0;
}

static int run(struct ctl *ctl, struct err *err)
{
        const struct args *args = ctl->args;
        struct reader *reader = NULL;
        int unopened = 0, result = 0;

        for (size_t i = 1; i < args->operand_count && result >= 0; i++) {
                result = read_one(ctl, &reader, args->operands[i], err);
                unopened += result > 0;
        }
        reader_close(reader);
        if (result < 0)
                return -1;
        return unopened ? err_set(err, ERR_INPUT, "%d of the files cannot be opened", unopened) : 0;
}

const struct command command_read = {
        .name = "read",
        .operands = "FILE...",
        .summary = "dry run: what the reader makes of a mail or document",
        .help = "It needs the configuration only: no register, server or service; it changes nothing.\n"
                "With --json one object a line.\n",
        .least = 1,
        .most = COMMAND_ANY,
        .need = NEED_CONFIG,
        .run = run,
};
