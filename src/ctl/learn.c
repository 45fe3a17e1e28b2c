/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "config/config.h"
#include "core/document.h"
#include "core/fold.h"
#include "core/mail.h"
#include "core/model.h"
#include "core/zone.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/glance.h"
#include "ctl/reader.h"
#include "ctl/text.h"
#include "form/learn.h"
#include "registrar/registrar.h"

enum { DAY = 24 * 3600, DEADLINE_DAYS = 30, START_DAYS = 37, ID_LENGTH = 30 };

static const char *base_of(const char *file)
{
        const char *slash = strrchr(file, '/');

        return slash ? slash + 1 : file;
}

/* ---- libconfig */

static void put_text(struct buf *out, const char *text)
{
        CLEANUP_FREE char *line = text_line(text);

        buf_putc(out, '"');
        for (const char *c = line; *c; c++) {
                if (*c == '"' || *c == '\\')
                        buf_putc(out, '\\');
                buf_putc(out, *c);
        }
        buf_putc(out, '"');
}

static void put_texts(struct buf *out, const struct str_list *texts)
{
        buf_puts(out, "( ");
        for (size_t i = 0; i < texts->count; i++) {
                buf_puts(out, i ? ", " : "");
                put_text(out, texts->items[i]);
        }
        buf_puts(out, " )");
}

static void put_options(struct buf *out, const struct field *field)
{
        buf_puts(out, "\n    options = (");
        for (size_t i = 0; i < field->option_count; i++) {
                buf_printf(out, "%s\n      { value = ", i ? "," : "");
                put_text(out, field->options[i].value);
                buf_puts(out, "; labels = ");
                put_texts(out, &field->options[i].labels);
                buf_puts(out, "; }");
        }
        buf_puts(out, " );");
}

static void put_field(struct buf *out, const struct field *field, const struct str_list *notes, bool last)
{
        for (size_t i = 0; i < notes->count; i++) {
                CLEANUP_FREE char *note = text_line(notes->items[i]);

                buf_printf(out, "  // check: %s\n", note);
        }
        buf_printf(out, "  { key = \"%s\"; type = \"%s\";%s\n    labels = ", field->key,
            field_type_name(field->type), field->required ? " required = true;" : "");
        put_texts(out, &field->labels);
        buf_puts(out, ";");
        if (field->option_count)
                put_options(out, field);
        buf_puts(out, last ? " }\n" : " },\n");
}

static void put_form(struct ctl *ctl, const char *file, const struct learned *learned)
{
        const struct form *form = &learned->form;
        CLEANUP_FREE char *name = text_line(base_of(file));
        CLEANUP_FREE char *path = xasprintf("../forms/%s", name);

        buf_printf(&ctl->out,
            "// Proposed by \"zapisyctl learn\" from %s. Check each question: its key, its type,\n"
            "// whether it must be answered, and its words (labels). Take out what is none, add what is "
            "missing.\n"
            "// Then try it: zapisyd --check, and zapisyctl read with the blank form and with a filled "
            "one.\n",
            name);
        if (!form_name_field(form))
                buf_puts(&ctl->out, "// check: no question for the participant's name was found.\n");
        buf_puts(&ctl->out, "blank_form = ");
        put_text(&ctl->out, path + 3);
        buf_puts(&ctl->out, "; // check: lay the form there; the path starts at zapisyd.conf's folder\n");
        buf_puts(&ctl->out, "form : { fields = (\n");
        for (size_t i = 0; i < form->count; i++)
                put_field(&ctl->out, &form->fields[i], &learned->notes[i], i + 1 == form->count);
        buf_puts(&ctl->out, ") };\n");
}

/* ---- the rest of an event's file, with --title */

static char *id_of(const char *title)
{
        CLEANUP_FREE char *key = fold_key(title);
        struct buf out = BUF_INIT(ID_LENGTH + 1);

        for (const char *c = key; *c && out.size < ID_LENGTH; c++)
                if ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || (*c == ' ' && out.size))
                        buf_putc(&out, *c == ' ' ? '-' : *c);
        while (out.size && buf_text(&out)[out.size - 1] == '-')
                buf_truncate(&out, out.size - 1);
        buf_puts(&out, out.size ? "" : "training");
        return buf_detach(&out, NULL);
}

/* The first letters of its first two words. */
static void prefix_of(const char *id, char ret_prefix[3])
{
        const char *second = strchr(id, '-');

        ret_prefix[0] = (char)(id[0] >= 'a' ? id[0] - 'a' + 'A' : 'T');
        ret_prefix[1] = (char)(second && second[1] >= 'a' ? second[1] - 'a' + 'A' : 'R');
        ret_prefix[2] = '\0';
}

static void put_when(struct ctl *ctl, const char *key, int days, const char *clock)
{
        CLEANUP_FREE char *day = ctl_time(ctl->now + (int64_t)days * DAY, ctl->config->timezone);

        day[strcspn(day, " ")] = '\0';
        buf_printf(&ctl->out, "%s = \"%s %s\"; ", key, day, clock);
}

static void put_event(struct ctl *ctl, const char *title)
{
        CLEANUP_FREE char *id = id_of(title);
        char prefix[3];

        prefix_of(id, prefix);
        buf_printf(&ctl->out, "id = \"%s\"; ref_prefix = \"%s\"; language = \"pl\";\ntitle = ", id, prefix);
        put_text(&ctl->out, title);
        buf_puts(&ctl->out, ";\n// check: when, where, until when, and how many\n");
        put_when(ctl, "starts", START_DAYS, "09:00");
        put_when(ctl, "ends", START_DAYS, "15:00");
        put_when(ctl, "deadline", DEADLINE_DAYS, "16:00");
        buf_puts(&ctl->out, "\ntimezone = \"Europe/Warsaw\"; place = \"\"; seats = 30; waitlist = 20;\nmatch "
                            ": { subject = ( ");
        put_text(&ctl->out, title);
        buf_puts(&ctl->out, " ); };\nprivacy_notice = \"\"; // check\n");
}

/* ---- reading the blank form */

/* What it reads as: the document, or of a mail each of its documents and its words. */
static int read_models(struct ctl *ctl, const char *file, const struct buf *bytes, json_t *models,
    struct str_list *problems, struct err *err)
{
        CLEANUP_FREE char *name = text_line(base_of(file));
        struct mail inside = { 0 };
        struct intake answer = { 0 };
        struct reader_place place = { name, "", -1, &inside, 0 };
        struct reader *reader;
        int result = reader_open(ctl->config, &reader, err);

        if (result < 0)
                return -1;
        reader_collect(reader, models);
        if (glance_is_mail(buf_text(bytes), bytes->size)) {
                result = reader_message(reader, buf_text(bytes), bytes->size, &answer, problems, err);
                for (size_t i = 0; answer.mail && i < answer.mail->part_count && result >= 0; i++) {
                        place = (struct reader_place){ answer.mail->parts[i].filename, "",
                                answer.mail->parts[i].index, &inside, 0 };
                        if (answer.mail->parts[i].document)
                                result = reader_document(
                                    reader, &place, buf_text(bytes), bytes->size, &answer, problems, err);
                }
        } else {
                result =
                    reader_document(reader, &place, buf_text(bytes), bytes->size, &answer, problems, err);
        }
        intake_free(&answer);
        mail_free(&inside);
        reader_close(reader);
        return result < 0 ? -1 : 0;
}

/* Of several the one that asks most. */
static int learn_most(const json_t *models, struct learned *ret_learned, struct err *err)
{
        const json_t *model;
        size_t i;

        json_array_foreach(models, i, model)
        {
                struct learned learned;
                struct document doc;

                if (model_from_json(model, &doc, err) < 0)
                        return -1;
                learn_form(&doc, &learned);
                document_free(&doc);
                if (learned.form.count > ret_learned->form.count) {
                        learned_free(ret_learned);
                        *ret_learned = learned;
                } else {
                        learned_free(&learned);
                }
        }
        return 0;
}

static int run(struct ctl *ctl, struct err *err)
{
        const char *file = ctl->args->operands[1];
        struct buf bytes = BUF_INIT(((size_t)ctl->config->limits.message_mb + 1) * 1024 * 1024);
        struct str_list problems = { 0 };
        struct learned learned = { 0 };
        json_t *models = json_array();
        int result = -1;

        if (io_read_file(file, &bytes, err) < 0) {
                err->class = ERR_INPUT; /* the wrong name, not the wrong system */
                goto out;
        }
        if (read_models(ctl, file, &bytes, models, &problems, err) < 0 ||
            learn_most(models, &learned, err) < 0)
                goto out;
        if (!learned.form.count) {
                err_set(err, ERR_INPUT, "no question was found in %.200s%s%.300s", file,
                    problems.count ? ": " : "", problems.count ? problems.items[0] : "");
                goto out;
        }
        if (ctl->args->title)
                put_event(ctl, ctl->args->title);
        put_form(ctl, file, &learned);
        result = 0;
out:
        learned_free(&learned);
        str_list_free(&problems);
        json_decref(models);
        buf_free(&bytes);
        return result;
}

static int check(const struct args *args, struct err *err)
{
        if (args->json)
                return err_set(err, ERR_INPUT, "learn writes a configuration, it takes no --json");
        if (args->title && !fold_has_word(args->title))
                return err_set(err, ERR_INPUT, "--title wants the training's title");
        return 0;
}

const struct command command_learn = {
        .name = "learn",
        .operands = "[--title TITLE] BLANK",
        .summary = "proposes an event's form section from a blank form",
        .help = "BLANK is the form as it is sent out, in any format that is read. What is printed is to be "
                "checked\n"
                "and put into the event's file; \"// check:\" says where it is unsure. It needs no "
                "configuration,\n"
                "register, server or service; it changes nothing.\n"
                "      --title TITLE    a whole file for an event of that title, not only its form\n",
        .options = OPTION_TITLE,
        .least = 1,
        .most = 1,
        .need = NEED_NOTHING,
        .check = check,
        .run = run,
};
