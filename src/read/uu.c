/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/uu.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

enum { NAME_MAX_SIZE = 255 };

static const char *next_line(const char *line)
{
        line += strcspn(line, "\r\n");
        if (*line == '\r')
                line++;
        return *line == '\n' ? line + 1 : line;
}

static size_t line_size(const char *line)
{
        return strcspn(line, "\r\n");
}

static unsigned sextet(char c)
{
        return ((unsigned char)c - ' ') & 0x3F;
}

/* A line of data: its first character says how many bytes, the rest is as long as that needs. Programs leave
 * blanks at the end out, others add a checksum character. */
static bool is_data(const char *line)
{
        size_t size = line_size(line), wanted;

        if (!size || *line < ' ' || *line > '`')
                return false;
        wanted = (sextet(*line) + 2) / 3 * 4;
        if (size > 1 + wanted + 2)
                return false;
        for (size_t i = 1; i < size; i++)
                if (line[i] < ' ' || line[i] > '`')
                        return false;
        return wanted == 0 ? size <= 2 : size > 1 && size + 3 >= wanted;
}

static bool is_end(const char *line)
{
        return str_starts(line, "end") && line[3 + strspn(line + 3, " \t")] == line[line_size(line)];
}

/* "begin 644 name": the name, or NULL. */
static const char *begins(const char *line)
{
        const char *p = line + 6;
        size_t digits;

        if (!str_starts(line, "begin "))
                return NULL;
        digits = strspn(p, "01234567");
        if (digits < 3 || digits > 4 || p[digits] != ' ' || line_size(p) <= digits + 1)
                return NULL;
        return p + digits + 1;
}

static void decode(const char *line, struct buf *out)
{
        size_t left = sextet(*line), size = line_size(line) - 1;

        line++;
        for (size_t at = 0; left; at += 4) {
                unsigned bits = 0;
                char bytes[3];
                size_t n = left < 3 ? left : 3;

                for (size_t i = 0; i < 4; i++)
                        bits = bits << 6 | (at + i < size ? sextet(line[at + i]) : 0);
                bytes[0] = (char)(bits >> 16);
                bytes[1] = (char)(bits >> 8);
                bytes[2] = (char)bits;
                buf_add(out, bytes, n);
                left -= n;
        }
}

/* The file that begins at line; returns where the text goes on. */
static const char *take(const char *line, const char *name, size_t max, struct uu_file *file)
{
        size_t size = line_size(name);

        *file = (struct uu_file){ .name = xstrndup(name, size < NAME_MAX_SIZE ? size : NAME_MAX_SIZE),
                .bytes = BUF_INIT(max) };
        memmove(file->name, str_trim(file->name), strlen(str_trim(file->name)) + 1);
        for (line = next_line(line); *line; line = next_line(line)) {
                if (is_end(line))
                        return next_line(line);
                if (!is_data(line))
                        break;
                decode(line, &file->bytes);
        }
        return line;
}

void uu_cut(char *text, size_t max, struct uu_files *ret_files)
{
        char *out = text;

        ret_files->count = 0;
        for (const char *line = text; *line;) {
                const char *next = next_line(line), *name = begins(line);

                if (name && is_data(next) && *next && ret_files->count < UU_FILES) {
                        line = take(line, name, max, &ret_files->items[ret_files->count++]);
                        continue;
                }
                memmove(out, line, (size_t)(next - line));
                out += next - line;
                line = next;
        }
        *out = 0;
}

void uu_free(struct uu_files *files)
{
        for (size_t i = 0; i < files->count; i++) {
                free(files->items[i].name);
                buf_free(&files->items[i].bytes);
        }
        files->count = 0;
}
