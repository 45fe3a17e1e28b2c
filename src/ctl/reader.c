/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/reader.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/version.h"
#include "base/wire.h"
#include "config/config.h"
#include "core/mail.h"
#include "core/record.h"
#include "registrar/registrar.h"

static const char program[] = "zapisy-read";

enum { PATIENCE_MS = 60 * 1000, REASON_MAX = 1000, PROBLEMS_MAX = 50 };

struct reader {
        const struct config *config;
        pid_t pid;
        int sock;
        int next_id;
        int patience_ms;
        const struct reader_place *place; /* of the document asked for */
};

/* ---- starting it */
static char *find_program(struct err *err)
{
        static const char *const places[] = { "", "../libexec/zapisyd/" };
        char self[4096];
        ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
        char *slash;

        self[size > 0 ? size : 0] = '\0';
        slash = strrchr(self, '/');
        if (!slash) {
                err_errno(err, ERR_PERM, "/proc/self/exe");
                return NULL;
        }
        slash[1] = '\0';
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
                char *path = xasprintf("%s%s%s", self, places[i], program);

                if (access(path, X_OK) == 0)
                        return path;
                free(path);
        }
        err_set(err, ERR_PERM, "%s is neither in %s nor in %s../libexec/zapisyd", program, self, self);
        return NULL;
}

/* In the child: its socket is descriptor 0, and it does not outlive us. */
_Noreturn static void become(const char *path, int sock)
{
        char *argv[] = { (char *)(uintptr_t)program, NULL };

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (dup2(sock, STDIN_FILENO) >= 0)
                execv(path, argv);
        _exit(127);
}

static int start(struct reader *reader, struct err *err)
{
        CLEANUP_FREE char *path = find_program(err);
        int ends[2];

        if (!path || wire_pair(ends, err) < 0)
                return -1;
        reader->pid = fork();
        if (reader->pid == 0)
                become(path, ends[1]);
        close(ends[1]);
        reader->sock = ends[0];
        return reader->pid < 0 ? err_errno(err, ERR_TEMP, "fork") : 0;
}

/* ---- talking */
static int wait_for(const struct reader *reader, short events, struct err *err)
{
        struct pollfd p = { .fd = reader->sock, .events = events };
        int ready;

        do
                ready = poll(&p, 1, reader->patience_ms);
        while (ready < 0 && errno == EINTR);
        if (ready < 0)
                return err_errno(err, ERR_TEMP, "poll");
        return ready ? 0 : err_set(err, ERR_TEMP, "%s does not answer", program);
}

static int tell(const struct reader *reader, json_t *json_take, const int *fds, size_t count, struct err *err)
{
        int result;

        do {
                result = wait_for(reader, POLLOUT, err);
                if (result == 0)
                        result = wire_send(reader->sock, json_take, fds, count, err);
                else
                        break;
        } while (result < 0 && errno == EAGAIN);
        json_decref(json_take);
        return result;
}

static int hear(const struct reader *reader, struct wire_record *ret_record, struct err *err)
{
        int result;

        do {
                if (wait_for(reader, POLLIN, err) < 0)
                        return -1;
                errno = 0;
                result = wire_receive(reader->sock, ret_record, err);
        } while (result < 0 && errno == EAGAIN);
        if (result == 0)
                return err_set(err, ERR_TEMP, "%s has ended", program);
        return result < 0 ? -1 : 0;
}

static int greet(const struct reader *reader, struct err *err)
{
        struct wire_record record;
        const char *name, *version;
        int result = -1;

        if (hear(reader, &record, err) < 0)
                return -1;
        if (strcmp(wire_op(record.json), "hello") != 0 ||
            wire_string(record.json, "program", 100, &name, err) < 0 ||
            wire_string(record.json, "version", 100, &version, err) < 0 || strcmp(name, program) != 0)
                err_set(err, ERR_PERM, "%s does not greet as it should", program);
        else if (strcmp(version, ZAPISY_VERSION) != 0)
                err_set(err, ERR_TEMP, "%s is of another version than zapisyctl", program);
        else
                result = 0;
        wire_free(&record);
        return result;
}

static json_t *limits_json(const struct config_limits *l)
{
        const struct {
                const char *key;
                int value;
        } rows[] = {
                { "message_mb", l->message_mb },
                { "mime_depth", l->mime_depth },
                { "mime_parts", l->mime_parts },
                { "header_kb", l->header_kb },
                { "document_mb", l->document_mb },
                { "unpack_ratio", l->unpack_ratio },
                { "archive_entries", l->archive_entries },
                { "ocr_pages", l->ocr_pages },
                { "megapixels", l->megapixels },
                { "reader_cpu_seconds", l->reader_cpu_seconds },
                { "ocr_cpu_seconds", l->ocr_cpu_seconds },
                { "reader_mb", l->reader_mb },
        };
        json_t *json = json_pack("{s:s}", "op", "limits");

        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
                json_object_set_new(json, rows[i].key, json_integer(rows[i].value));
        return json;
}

/* ---- answers */
static int take_reading(struct reader *reader, const json_t *item, struct intake *answer, struct err *err)
{
        const struct config *config = reader->config;
        const char *id;
        struct reading reading;
        bool mentions;
        size_t event = 0;

        if (wire_string(item, "event", LIMIT_FIELD_VALUE, &id, err) < 0 ||
            wire_bool(item, "mentions", &mentions, err) < 0)
                return -1;
        while (event < config->event_count && strcmp(config->events[event].id, id) != 0)
                event++;
        if (event == config->event_count)
                return err_set(err, ERR_INPUT, "%s speaks of an unknown event", program);
        if (record_reading_from_json(
                json_object_get(item, "reading"), &config->events[event].form, &reading, err) < 0)
                return -1;
        intake_add_reading(answer, event, &reading, mentions);
        return 0;
}

static int take_problems(const json_t *json, struct str_list *problems, struct err *err)
{
        const json_t *list = json_object_get(json, "problems"), *item;
        size_t i;

        json_array_foreach(list, i, item)
        {
                const char *text = json_string_value(item);

                if (!text || i >= PROBLEMS_MAX || strlen(text) > REASON_MAX)
                        return err_set(err, ERR_INPUT, "%s sent problems that are none", program);
                if (!str_list_has(problems, text))
                        str_list_add(problems, text);
        }
        return 0;
}

static int take_mail(const json_t *json, struct intake *answer, struct err *err)
{
        struct mail mail;

        if (record_mail_from_json(json, &mail, err) < 0)
                return -1;
        answer->mail = xmemdup(&mail, sizeof mail);
        return 0;
}

static int take_answer(struct reader *reader, const json_t *json, const char *op, int id,
    struct intake *answer, struct str_list *problems, struct err *err)
{
        const json_t *item;
        json_int_t about;
        const char *reason;
        size_t i;

        if (wire_integer(json, "id", 0, INT32_MAX, &about, err) < 0 || about != id)
                return err_set(err, ERR_INPUT, "%s answers another question", program);
        if (strcmp(wire_op(json), "failed") == 0) {
                if (wire_string(json, "reason", REASON_MAX, &reason, err) < 0)
                        return -1;
                str_list_add(problems, reason);
                return 1;
        }
        if (strcmp(wire_op(json), op) != 0)
                return err_set(err, ERR_INPUT, "%s answers something else", program);
        if (strcmp(op, "message") == 0 && take_mail(json_object_get(json, "mail"), answer, err) < 0)
                return -1;
        json_array_foreach(json_object_get(json, "readings"), i, item)
        {
                if (i >= reader->config->event_count || take_reading(reader, item, answer, err) < 0)
                        return -1;
        }
        if (reader->place && json_object_get(json, "parts") &&
            record_parts_into(json, reader->place->at, reader->place->into, err) < 0)
                return -1;
        return take_problems(json, problems, err);
}

static int ask(struct reader *reader, json_t *question_take, const void *bytes, size_t size, const char *op,
    int id, struct intake *answer, struct str_list *problems, struct err *err)
{
        struct wire_record record;
        int fd = io_memfd("question", bytes, size, err), result;

        if (fd < 0) {
                json_decref(question_take);
                return -1;
        }
        result = tell(reader, question_take, &fd, 1, err);
        close(fd);
        if (result < 0 || hear(reader, &record, err) < 0)
                return -1;
        result = take_answer(reader, record.json, op, id, answer, problems, err);
        wire_free(&record);
        return result;
}

/* ---- its whole life */
static int tell_event(struct reader *reader, const struct event *event, struct err *err)
{
        const char *slash = event->blank_form ? strrchr(event->blank_form, '/') : NULL;
        struct buf bytes = BUF_INIT((size_t)reader->config->limits.document_mb * 1024 * 1024);
        struct intake unused = { 0 };
        struct str_list problems = { 0 };
        int result =
            tell(reader, json_pack("{s:s, s:o}", "op", "event", "event", record_event(event)), NULL, 0, err);

        if (result < 0 || str_is_empty(event->blank_form))
                return result;
        result = io_read_file(event->blank_form, &bytes, err);
        if (result == 0)
                result = ask(reader,
                    json_pack("{s:s, s:s, s:s}", "op", "blank", "event", event->id, "name",
                        slash ? slash + 1 : event->blank_form),
                    buf_text(&bytes), bytes.size, "document", 0, &unused, &problems, err);
        if (result > 0)
                fprintf(stderr, "zapisyctl: warning: the blank form of %s cannot be read: %s\n", event->id,
                    problems.items[0]);
        intake_free(&unused);
        str_list_free(&problems);
        buf_free(&bytes);
        return result < 0 ? -1 : 0;
}

int reader_open(const struct config *config, struct reader **ret_reader, struct err *err)
{
        struct reader *reader = xcalloc(1, sizeof *reader);
        int result;

        *reader = (struct reader){ .config = config, .pid = -1, .sock = -1 };
        /* The reader bounds itself; this is for one that does not. */
        reader->patience_ms = PATIENCE_MS + 1000 * config->limits.ocr_cpu_seconds;
        result = start(reader, err);
        if (result == 0)
                result = greet(reader, err);
        if (result == 0)
                result = tell(reader, limits_json(&config->limits), NULL, 0, err);
        for (size_t i = 0; i < config->event_count && result == 0; i++)
                result = tell_event(reader, &config->events[i], err);
        if (result < 0) {
                reader_close(reader);
                return -1;
        }
        *ret_reader = reader;
        return 0;
}

void reader_close(struct reader *reader)
{
        if (!reader)
                return;
        io_close(&reader->sock);
        if (reader->pid > 0) {
                kill(reader->pid, SIGTERM);
                while (waitpid(reader->pid, NULL, 0) < 0 && errno == EINTR)
                        ;
        }
        free(reader);
}

int reader_message(struct reader *reader, const void *bytes, size_t size, struct intake *answer,
    struct str_list *problems, struct err *err)
{
        const int id = ++reader->next_id;

        return ask(reader, json_pack("{s:s, s:i}", "op", "message", "id", id), bytes, size, "message", id,
            answer, problems, err);
}

int reader_document(struct reader *reader, const struct reader_place *place, const void *bytes, size_t size,
    struct intake *answer, struct str_list *problems, struct err *err)
{
        const int id = ++reader->next_id;
        int result;

        reader->place = place;
        result = ask(reader,
            json_pack("{s:s, s:i, s:i, s:s, s:s}", "op", "document", "id", id, "part", place->part, "name",
                place->name, "inner", place->inner),
            bytes, size, "document", id, answer, problems, err);
        reader->place = NULL;
        return result;
}
