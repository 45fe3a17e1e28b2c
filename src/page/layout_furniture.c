/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/layout_furniture.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "page/layout_sheet.h"
#include "page/page.h"

enum { KEY_MAX = 400, LINES_MAX = 4 };

/* Shares of the page's height. */
#define HEADER 0.1
#define FOOTER 0.9

static bool in_margin(const struct sheet *sheet, const struct lines_of_pieces *lines, size_t line)
{
        double middle = lines->items[line].middle / sheet->page->height;

        return (middle < HEADER && line < LINES_MAX) || (middle > FOOTER && line + LINES_MAX >= lines->count);
}

/* The line's text, with "#" for numbers. */
static void key_of(const struct line_of_pieces *line, struct buf *key)
{
        bool digit = false;

        buf_reset(key);
        for (size_t i = 0; i < line->pieces.count; i++) {
                const struct piece *piece = &line->pieces.items[i];

                for (size_t k = 0; k < piece->size; k++) {
                        if (!isdigit((unsigned char)piece->text[k]))
                                buf_putc(key, (char)tolower((unsigned char)piece->text[k]));
                        else if (!digit)
                                buf_putc(key, '#');
                        digit = isdigit((unsigned char)piece->text[k]);
                }
        }
}

static bool is_page_number(const char *key)
{
        static const char *const forms[] = { "#", "-#-", "\u2013#\u2013", "#/#", "#z#", "strona#",
                "strona#z#", "strona#/#", "strona#|#", "str.#", "str.#z#", "str.#/#", "page#of#", "page#",
                "s.#", NULL };

        for (size_t i = 0; forms[i]; i++)
                if (str_equal(key, forms[i]))
                        return true;
        return false;
}

static bool is_on(const struct sheet *sheet, const char *key)
{
        struct buf other = BUF_INIT(KEY_MAX);
        bool found = false;

        for (size_t i = 0; i < sheet->lines.count && !found; i++)
                if (in_margin(sheet, &sheet->lines, i)) {
                        key_of(&sheet->lines.items[i], &other);
                        found = str_equal(buf_text(&other), key);
                }
        buf_free(&other);
        return found;
}

static bool is_furniture(
    const struct sheet *sheets, size_t count, size_t page, const struct line_of_pieces *line)
{
        const struct sheet *sheet = &sheets[page];
        struct buf key = BUF_INIT(KEY_MAX);
        bool header = line->middle < HEADER * sheet->page->height, found;

        key_of(line, &key);
        found = is_page_number(buf_text(&key));
        if (!found && !(header && page == 0) && key.size > 0)
                found = (page > 0 && is_on(&sheets[page - 1], buf_text(&key))) ||
                        (page + 1 < count && is_on(&sheets[page + 1], buf_text(&key)));
        buf_free(&key);
        return found;
}

void furniture_remove(struct sheet *sheets, size_t count)
{
        for (size_t page = 0; page < count; page++) {
                struct lines_of_pieces *lines = &sheets[page].lines;

                for (size_t i = 0; i < lines->count; i++)
                        if (in_margin(&sheets[page], lines, i))
                                lines->items[i].dropped = is_furniture(sheets, count, page, &lines->items[i]);
        }
}
