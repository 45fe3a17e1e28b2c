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
#include "ctl/model_text.h"
#include "ctl/read_say.h"
#include "ctl/reader.h"
#include "ctl/text.h"

static void attempt_free(struct attempt *a)
{
        glance_free(&a->glance);
        intake_free(&a->answer);
        str_list_free(&a->problems);
        json_decref(a->models);
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

/* The index of the event that -e names; -1: none is named, or it is not there. */
static int chosen_event(const struct ctl *ctl)
{
        for (size_t i = 0; i < ctl->config->event_count; i++)
                if (str_equal(ctl->config->events[i].id, ctl->args->event))
                        return (int)i;
        return -1;
}

static void judge(const struct ctl *ctl, struct attempt *a, int read_result)
{
        const char *slash = strrchr(a->file, '/');

        a->failed = read_result != 0 || (!a->answer.mail && a->problems.count);
        glance_judge(
            ctl->config, &a->answer, slash ? slash + 1 : a->file, a->failed, chosen_event(ctl), &a->glance);
        for (size_t i = 0; i < a->answer.reading_count; i++)
                if ((int)a->answer.readings[i].event == a->glance.event)
                        add_problems(a, &a->answer.readings[i].reading.problems);
        if (a->glance.blank && !str_list_has(&a->problems, "blank"))
                str_list_add(&a->problems, "blank");
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
        if (ctl->args->used & OPTION_MODEL)
                a.models = json_array();
        if (opened == 0) {
                reader_collect(*reader, a.models);
                result = read_bytes(*reader, &bytes, &a, &why);
        }
        if (result < 0)
                str_list_add_take(&a.problems, text_line(why.text));
        if (opened == 0 && result < 0) {
                reader_close(*reader);
                *reader = NULL;
        }
        judge(ctl, &a, result);
        if (ctl->args->json)
                read_say_json(ctl, &a);
        else
                read_say_text(ctl, &a);
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

        if (args->event && chosen_event(ctl) < 0)
                return err_set(err, ERR_INPUT, "no event %.100s is configured", args->event);
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
        .operands = "[--model] FILE...",
        .summary = "dry run: what the reader makes of a mail or document",
        .help =
            "It needs the configuration only: no register, server or service; it changes nothing.\n"
            "Each field of the training comes with how sure it is, where it stands, and, where it is not\n"
            "sure or not there, why. A blank form tells which of the training's labels stand in it.\n"
            "With --json one object a line.\n"
            "  --model              what the file is to the reader, before it looks for "
            "fields:\n" MODEL_TEXT_SIGNS,
        .options = OPTION_MODEL,
        .least = 1,
        .most = COMMAND_ANY,
        .need = NEED_CONFIG,
        .run = run,
};
