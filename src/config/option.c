/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/option.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/address.h"
#include "core/zone.h"

/* ---- problems */
void option_problem(
    struct config_problems *problems, const char *file, int line, bool warning, char *text_take)
{
        problems->items = xreallocarray(problems->items, problems->count + 1, sizeof *problems->items);
        problems->items[problems->count++] = (struct config_problem){
                .file = xstrdup(file), .line = line, .text = text_take, .warning = warning
        };
}

__attribute__((format(printf, 4, 0))) static void add(struct option_reader *reader,
    const config_setting_t *setting, bool warning, const char *format, va_list args)
{
        const char *included = setting ? config_setting_source_file(setting) : NULL;
        char *text;

        if (vasprintf(&text, format, args) < 0)
                mem_die("out of memory");
        option_problem(reader->problems, included ? included : reader->file,
            setting ? (int)config_setting_source_line(setting) : 0, warning, text);
}

void option_error(struct option_reader *reader, const config_setting_t *setting, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        add(reader, setting, false, format, args);
        va_end(args);
}

void option_warn(struct option_reader *reader, const config_setting_t *setting, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        add(reader, setting, true, format, args);
        va_end(args);
}

/* ---- keys that nobody knows */
enum { LONGEST_NAME = 32 };

/* How many letters must be changed, added, taken out or swapped with their neighbour. */
static int distance(const char *a, const char *b)
{
        size_t n = strlen(a), m = strlen(b);
        int row[3][LONGEST_NAME + 1];

        if (n > LONGEST_NAME || m > LONGEST_NAME)
                return LONGEST_NAME;
        for (size_t j = 0; j <= m; j++)
                row[0][j] = (int)j;
        for (size_t i = 1; i <= n; i++) {
                int *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];

                now[0] = (int)i;
                for (size_t j = 1; j <= m; j++) {
                        int best = last[j - 1] + (a[i - 1] != b[j - 1]);

                        if (last[j] + 1 < best)
                                best = last[j] + 1;
                        if (now[j - 1] + 1 < best)
                                best = now[j - 1] + 1;
                        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                            before[j - 2] + 1 < best)
                                best = before[j - 2] + 1;
                        now[j] = best;
                }
        }
        return row[n % 3][m];
}

/* The known key of that group ("mailbox." or "") that looks most like the name. Owned, or NULL. */
static char *nearest(const char *group, const char *name, const struct option *options, size_t count)
{
        int best = strlen(name) > 4 ? 3 : 2;
        char *found = NULL;

        for (size_t i = 0; i < count; i++) {
                const char *key = options[i].path + strlen(group);
                CLEANUP_FREE char *word = NULL;
                int far;

                if (!str_starts(options[i].path, group))
                        continue;
                word = xstrndup(key, strcspn(key, "."));
                far = distance(name, word);
                if (far < best) {
                        best = far;
                        free(found);
                        found = xstrdup(word);
                }
        }
        return found;
}

enum known { KNOWN_NOT, KNOWN_OPTION, KNOWN_GROUP };

static enum known known(const char *path, const struct option *options, size_t count)
{
        size_t length = strlen(path);

        for (size_t i = 0; i < count; i++) {
                if (strcmp(options[i].path, path) == 0)
                        return KNOWN_OPTION;
                if (strncmp(options[i].path, path, length) == 0 && options[i].path[length] == '.')
                        return KNOWN_GROUP;
        }
        return KNOWN_NOT;
}

static void find_unknown(struct option_reader *reader, config_setting_t *group, const char *where,
    const char *prefix, const struct option *options, size_t count)
{
        for (int i = 0; i < config_setting_length(group); i++) {
                config_setting_t *child = config_setting_get_elem(group, (unsigned)i);
                const char *name = config_setting_name(child);
                CLEANUP_FREE char *path = xasprintf("%s%s", prefix, name);
                enum known what = known(path, options, count);

                if (what == KNOWN_NOT) {
                        CLEANUP_FREE char *like = nearest(prefix, name, options, count);

                        option_error(reader, child, "%sunknown key \"%s\"%s%s%s", where, path,
                            like ? "; did you mean \"" : "", like ? like : "", like ? "\"?" : "");
                } else if (what == KNOWN_GROUP && !config_setting_is_group(child)) {
                        option_error(reader, child, "%s%s must be a group: %s : { ... };", where, path, name);
                } else if (what == KNOWN_GROUP) {
                        CLEANUP_FREE char *inside = xasprintf("%s.", path);

                        find_unknown(reader, child, where, inside, options, count);
                }
        }
}

/* ---- one value */
struct value { /* where it is and how to speak of it */
        struct option_reader *reader;
        const config_setting_t *setting; /* NULL: left out */
        const struct option *option;
        const char *where;
};

static void wrong(const struct value *value, const char *must)
{
        option_error(
            value->reader, value->setting, "%s%s must be %s", value->where, value->option->path, must);
}

/* Text as people write it: UTF-8 without control characters. */
static bool text_is_fine(const struct value *value, const config_setting_t *setting, const char *text)
{
        bool lines = value->option->type == OPTION_LINES;

        if (!str_is_utf8(text, strlen(text))) {
                option_error(value->reader, setting, "%s%s is not UTF-8", value->where, value->option->path);
                return false;
        }
        for (const char *p = text; *p; p++)
                if (((unsigned char)*p < ' ' && !(lines && (*p == '\n' || *p == '\t'))) || *p == 127) {
                        option_error(value->reader, setting, "%s%s has a line break or a control character",
                            value->where, value->option->path);
                        return false;
                }
        return true;
}

static const char *take_text(const struct value *value)
{
        const char *text = value->option->text;

        if (value->setting && config_setting_type(value->setting) != CONFIG_TYPE_STRING) {
                wrong(value, "text in quotes");
        } else if (value->setting) {
                const char *given = config_setting_get_string(value->setting);

                if (text_is_fine(value, value->setting, given)) {
                        text = given;
                        if (value->option->check)
                                value->option->check(value->reader, value->setting, text);
                }
        }
        return text ? text : "";
}

static char *take_path(const struct value *value)
{
        const char *text = take_text(value);

        if (*text == '\0' || *text == '/')
                return xstrdup(text);
        return xasprintf("%s/%s", value->reader->folder, text);
}

static void take_texts(const struct value *value, struct str_list *ret_list)
{
        if (!value->setting)
                return;
        if (!config_setting_is_list(value->setting) && !config_setting_is_array(value->setting)) {
                wrong(value, "a list of texts: ( \"...\", \"...\" )");
                return;
        }
        for (int i = 0; i < config_setting_length(value->setting); i++) {
                const config_setting_t *item = config_setting_get_elem(value->setting, (unsigned)i);
                const char *text = config_setting_get_string(item);

                if (!text || config_setting_type(item) != CONFIG_TYPE_STRING)
                        option_error(value->reader, item, "%s%s: each of the list must be text in quotes",
                            value->where, value->option->path);
                else if (str_is_empty(text))
                        option_error(value->reader, item, "%s%s: an empty text in the list", value->where,
                            value->option->path);
                else if (text_is_fine(value, item, text)) {
                        if (value->option->check)
                                value->option->check(value->reader, item, text);
                        str_list_add(ret_list, text);
                }
        }
}

static int take_word(const struct value *value)
{
        const char *text = value->option->words;
        size_t length;

        if (!value->setting)
                return 0;
        if (config_setting_type(value->setting) == CONFIG_TYPE_STRING) {
                const char *given = config_setting_get_string(value->setting);

                for (int index = 0; *text; index++, text += length + (text[length] == '|')) {
                        length = strcspn(text, "|");
                        if (strlen(given) == length && strncmp(given, text, length) == 0)
                                return index;
                }
        }
        {
                CLEANUP_FREE char *must = xasprintf("one of %s, in quotes", value->option->words);

                wrong(value, must);
        }
        return 0;
}

static double take_number(const struct value *value)
{
        const struct option *option = value->option;
        bool whole = option->type == OPTION_INT;
        int type = value->setting ? config_setting_type(value->setting) : CONFIG_TYPE_NONE;
        CLEANUP_FREE char *must = NULL;
        double number;

        if (!value->setting)
                return option->number;
        if (type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64)
                number = (double)config_setting_get_int64(value->setting);
        else if (type == CONFIG_TYPE_FLOAT && !whole)
                number = config_setting_get_float(value->setting);
        else
                number = option->max + 1;
        if (number >= option->min && number <= option->max)
                return number;
        must = xasprintf(
            "a %s from %.10g to %.10g", whole ? "whole number" : "number", option->min, option->max);
        wrong(value, must);
        return option->number;
}

static bool take_bool(const struct value *value)
{
        if (!value->setting)
                return value->option->number != 0;
        if (config_setting_type(value->setting) == CONFIG_TYPE_BOOL)
                return config_setting_get_bool(value->setting) != 0;
        wrong(value, "true or false, without quotes");
        return value->option->number != 0;
}

static void store_value(const struct value *value, void *place)
{
        switch (value->option->type) {
        case OPTION_TEXT:
        case OPTION_LINES:
                *(char **)place = xstrdup(take_text(value));
                break;
        case OPTION_PATH:
                *(char **)place = take_path(value);
                break;
        case OPTION_TEXTS:
                take_texts(value, place);
                break;
        case OPTION_WORD:
                *(int *)place = take_word(value);
                break;
        case OPTION_INT:
                *(int *)place = (int)take_number(value);
                break;
        case OPTION_REAL:
                *(double *)place = take_number(value);
                break;
        case OPTION_BOOL:
                *(bool *)place = take_bool(value);
                break;
        case OPTION_OTHER:
                break;
        }
}

/* The innermost group there is on the way to a setting that is left out: its line is the best to name. */
static const config_setting_t *enclosing(config_setting_t *group, const char *path)
{
        CLEANUP_FREE char *way = xstrdup(path);
        char *dot = strrchr(way, '.');
        config_setting_t *inner;

        if (!dot)
                return config_setting_is_root(group) ? NULL : group;
        *dot = '\0';
        inner = config_setting_lookup(group, way);
        return inner ? inner : NULL;
}

void option_read(struct option_reader *reader, config_setting_t *group, const char *where,
    const struct option *options, size_t count, void *base, int *ret_lines)
{
        for (size_t i = 0; i < count; i++) {
                const struct option *option = &options[i];
                const struct value value = {
                        .reader = reader,
                        .setting = config_setting_lookup(group, option->path),
                        .option = option,
                        .where = where,
                };
                const config_setting_t *line = value.setting ? value.setting : enclosing(group, option->path);

                if (!value.setting && option->required)
                        option_error(reader, line, "%s%s is missing", where, option->path);
                store_value(&value, (char *)base + option->offset);
                if (ret_lines)
                        ret_lines[i] = line ? (int)config_setting_source_line(line) : 0;
        }
        find_unknown(reader, group, where, "", options, count);
}

bool option_parse(struct option_reader *reader, config_t *ret_parsed)
{
        struct buf text = BUF_INIT(LIMIT_CONFIG);
        CLEANUP_FREE char *folder = xstrdup(reader->file);
        char *slash = strrchr(folder, '/');
        struct err err;
        bool fine = false;

        config_init(ret_parsed);
        if (io_read_file(reader->file, &text, &err) < 0) {
                option_problem(reader->problems, reader->file, 0, false, xstrdup(err.text));
                goto out;
        }
        if (strlen(buf_text(&text)) != text.size) {
                option_problem(reader->problems, reader->file, 0, false, xstrdup("has a zero byte in it"));
                goto out;
        }
        if (slash)
                slash[slash == folder] = '\0';
        config_set_include_dir(ret_parsed, slash ? folder : ".");
        if (!config_read_string(ret_parsed, buf_text(&text))) {
                const char *included = config_error_file(ret_parsed);

                option_problem(reader->problems, included ? included : reader->file,
                    config_error_line(ret_parsed), false, xstrdup(config_error_text(ret_parsed)));
                goto out;
        }
        fine = true;
out:
        buf_free(&text);
        if (!fine)
                config_destroy(ret_parsed);
        return fine;
}

/* ---- checks */
void option_check_filled(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        if (str_is_empty(text))
                option_error(reader, setting, "%s must not be empty", config_setting_name(setting));
}

void option_check_zone(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        if (!zone_exists(text))
                option_error(reader, setting, "there is no time zone \"%s\" (like \"Europe/Warsaw\")", text);
}

void option_check_email(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        if (*text && !address_is_valid(text))
                option_error(reader, setting, "\"%s\" is no mail address", text);
}

void option_check_file(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        CLEANUP_FREE char *path = *text == '/' ? xstrdup(text) : xasprintf("%s/%s", reader->folder, text);
        struct stat info;
        int fd;

        if (*text == '\0')
                return;
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        if (fd < 0)
                option_error(
                    reader, setting, "%s: %s: %s", config_setting_name(setting), path, strerror(errno));
        else if (fstat(fd, &info) == 0 && !S_ISREG(info.st_mode))
                option_error(reader, setting, "%s: %s is not a file", config_setting_name(setting), path);
        io_close(&fd);
}
