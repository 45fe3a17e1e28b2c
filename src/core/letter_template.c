/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates: text with {{places}}, parsed once at start, filled in one pass. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/letter.h"
#include "core/letter_template.h"

enum { NO_PLACE = -1, NAME_MAX_SIZE = 40 };

/* ---- Parsing */

static int find_place(const char *name, size_t size)
{
        for (int i = 0; i < LP_COUNT; i++)
                if (strlen(letter_place_name((enum letter_place)i)) == size &&
                    memcmp(letter_place_name((enum letter_place)i), name, size) == 0)
                        return i;
        return NO_PLACE;
}

static void add_piece(struct letter_line *line, const char *text, size_t size, int place)
{
        line->pieces = xreallocarray(line->pieces, line->count + 1, sizeof *line->pieces);
        line->pieces[line->count++] = (struct letter_piece){ xstrndup(text, size), place };
}

static int parse_line(const char *text, size_t number, struct letter_line *line, struct err *err)
{
        const char *open, *close;

        for (; (open = strstr(text, "{{")); text = close + 2) {
                int place;
                size_t size;

                close = strstr(open, "}}");
                if (!close)
                        return err_set(err, ERR_PERM, "line %zu: \"{{\" without \"}}\"", number);
                size = (size_t)(close - open) - 2;
                place = find_place(open + 2, size);
                if (place == NO_PLACE)
                        return err_set(err, ERR_PERM, "line %zu: unknown place \"{{%.*s}}\"", number,
                            (int)(size < NAME_MAX_SIZE ? size : NAME_MAX_SIZE), open + 2);
                add_piece(line, text, (size_t)(open - text), place);
        }
        add_piece(line, text, strlen(text), NO_PLACE);
        return 0;
}

/* What a line must be by its number: the subject, the empty line, the body. */
static int take_line(struct letter_template *template, const char *text, size_t number, struct err *err)
{
        static const char subject[] = "Subject:";

        if (number == 1) {
                if (!str_starts(text, subject))
                        return err_set(err, ERR_PERM, "line 1: must begin with \"Subject: \"");
                text += strlen(subject);
                text += strspn(text, " ");
                if (!*text)
                        return err_set(err, ERR_PERM, "line 1: the subject is empty");
        } else if (number == 2) {
                return *text ? err_set(err, ERR_PERM, "line 2: must be empty") : 0;
        }
        template->lines = xreallocarray(template->lines, template->count + 1, sizeof *template->lines);
        template->lines[template->count++] = (struct letter_line){ 0 };
        return parse_line(text, number, &template->lines[template->count - 1], err);
}

int letter_parse(const char *text, struct letter_template **ret_template, struct err *err)
{
        struct letter_template *template = xcalloc(1, sizeof *template);
        size_t number = 0, size = strlen(text);
        int r = 0;

        if (size > LIMIT_TEMPLATE || !str_is_utf8(text, size))
                r = err_set(err, ERR_PERM, "not UTF-8, or larger than %d bytes", (int)LIMIT_TEMPLATE);
        while (r == 0 && *text) {
                size_t length = strcspn(text, "\n");
                char *copy = xstrndup(text, length);

                if (length && copy[length - 1] == '\r')
                        copy[length - 1] = 0;
                r = take_line(template, copy, ++number, err);
                free(copy);
                text += length + (text[length] == '\n');
        }
        if (r == 0 && template->count < 2)
                r = err_set(err, ERR_PERM, "line %zu: there is no text after the subject", number + 1);
        if (r < 0) {
                letter_template_free(template);
                return -1;
        }
        *ret_template = template;
        return 0;
}

void letter_template_free(struct letter_template *template)
{
        if (!template)
                return;
        for (size_t i = 0; i < template->count; i++) {
                for (size_t k = 0; k < template->lines[i].count; k++)
                        free(template->lines[i].pieces[k].text);
                free(template->lines[i].pieces);
        }
        free(template->lines);
        free(template);
}

/* ---- Rendering */

/* Values come from outside: control characters have no business in a letter. */
static void add_value(struct buf *out, const char *value, bool one_line)
{
        for (; value && *value; value++) {
                unsigned char c = (unsigned char)*value;

                if (c == '\n' && !one_line)
                        buf_putc(out, '\n');
                else if (c >= ' ' && c != 0x7f)
                        buf_putc(out, *value);
                else if (c != '\r')
                        buf_putc(out, ' ');
        }
}

static void add_line(
    struct buf *out, const struct letter_line *line, const char *const values[LP_COUNT], bool one_line)
{
        for (size_t i = 0; i < line->count; i++) {
                buf_puts(out, line->pieces[i].text);
                if (line->pieces[i].place != NO_PLACE)
                        add_value(out, values[line->pieces[i].place], one_line);
        }
}

static bool is_empty(const struct letter_line *line)
{
        return line->count == 1 && !*line->pieces[0].text && line->pieces[0].place == NO_PLACE;
}

static bool is_to_drop(const struct letter_line *line, const char *const values[LP_COUNT])
{
        bool places = false;

        for (size_t i = 0; i < line->count; i++) {
                const struct letter_piece *piece = &line->pieces[i];

                if (!str_is_empty(piece->text))
                        return false;
                if (piece->place == NO_PLACE)
                        continue;
                places = true;
                if (!str_is_empty(values[piece->place]))
                        return false;
        }
        return places;
}

static char *render_subject(const struct letter_line *line, const char *const values[LP_COUNT])
{
        struct buf out = BUF_INIT(LIMIT_LETTER);
        char *text;

        add_line(&out, line, values, true);
        text = buf_detach(&out, NULL);
        /* Titles may be long: what does not fit is cut between characters. */
        if (text && strlen(text) > LIMIT_SUBJECT) {
                size_t size = LIMIT_SUBJECT;

                while (size && ((unsigned char)text[size] & 0xc0) == 0x80)
                        size--;
                text[size] = 0;
        }
        return text ? text : xstrdup("");
}

static bool ends_paragraph(const struct buf *out)
{
        return !out->size || (out->size > 1 && out->data[out->size - 2] == '\n');
}

static char *render_body(const struct letter_template *template, const char *const values[LP_COUNT])
{
        struct buf out = BUF_INIT(LIMIT_LETTER);

        for (size_t i = 1; i < template->count; i++) {
                if (is_to_drop(&template->lines[i], values)) {
                        /* What is left must have no two empty lines, and paragraphs must stay apart. */
                        if (ends_paragraph(&out) && i + 1 < template->count &&
                            is_empty(&template->lines[i + 1]))
                                i++;
                        continue;
                }
                add_line(&out, &template->lines[i], values, false);
                buf_putc(&out, '\n');
        }
        while (out.size > 1 && out.data[out.size - 1] == '\n' && out.data[out.size - 2] == '\n')
                buf_truncate(&out, out.size - 1);
        if (!out.data)
                return xstrdup("");
        return buf_detach(&out, NULL);
}

void letter_render(const struct letter_template *template, const char *const values[LP_COUNT],
    char **ret_subject, char **ret_body)
{
        *ret_subject = render_subject(&template->lines[0], values);
        *ret_body = render_body(template, values);
}
