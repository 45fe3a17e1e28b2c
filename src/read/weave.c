/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/weave.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "read/draft.h"
#include "read/quote.h"

enum { BETWEEN_MIN = 2 };

static bool is_blank(const char *text)
{
        return text[strspn(text, " \t\r\f\v")] == '\0';
}

static bool is_quoted(const struct quote_line *line)
{
        return line->aside && !line->forwarded;
}

static bool is_own(const struct quote_line *line)
{
        return !line->aside && !is_blank(line->text);
}

/* How often own words stand below quoted ones. */
static size_t count_between(const struct quote_lines *lines)
{
        bool quoted = false;
        size_t count = 0;

        for (size_t i = 0; i < lines->count; i++) {
                const struct quote_line *line = &lines->items[i];

                count += quoted && is_own(line);
                if (!is_blank(line->text))
                        quoted = is_quoted(line);
        }
        return count;
}

/* "Telefon:", "Telefon: ......", "Nocleg: TAK / NIE*", "Dieta: [ ] mięsna [ ] jarska" */
static bool waits(const char *text)
{
        static const char *const signs[] = { " / ", "TAK/NIE", "[ ]", "( )", "\u2610", "\u25a1", "skreśl",
                "zaznacz" };
        size_t size = strlen(text);

        while (size > 0 && strchr(" \t\r", text[size - 1]) != NULL)
                size--;
        if (size == 0)
                return false;
        if (strchr(":._?-", text[size - 1]) != NULL ||
            (size >= 3 && memcmp(text + size - 3, "\u2026", 3) == 0))
                return true;
        for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
                if (strstr(text, signs[i]) != NULL)
                        return true;
        return false;
}

/* "Telefon: 600 100 200" is an answer with a label of its own. */
static bool has_label(const char *text)
{
        const char *colon = strchr(text, ':');

        return colon != NULL && (colon[1] == ' ' || colon[1] == '\0') &&
               strcspn(text, "0123456789@") > (size_t)(colon - text);
}

static void add(struct draft *draft, const char *text)
{
        while (*text != '\0') {
                size_t size = 0;

                while ((unsigned char)text[size] >= ' ' && text[size] != 0x7F)
                        size++;
                draft_text(draft, text, size, 0, NULL);
                text += size;
                if (*text == '\t')
                        draft_tab(draft, 0);
                if (*text != '\0')
                        text++;
        }
}

void weave_lines(const struct quote_lines *lines, struct document *doc)
{
        struct draft draft;
        bool waiting = false;

        if (count_between(lines) < BETWEEN_MIN)
                return;
        draft_init(&draft, doc);
        for (size_t i = 0; i < lines->count; i++) {
                const struct quote_line *line = &lines->items[i];
                bool own = is_own(line);

                if (line->forwarded || (!line->aside && !own))
                        continue;
                if (own && waiting && !has_label(line->text)) {
                        draft_text(&draft, " ", 1, 0, NULL);
                } else {
                        draft_end(&draft);
                        draft_touch(&draft);
                }
                add(&draft, line->text);
                waiting = !own && waits(line->text);
        }
        draft_end(&draft);
        draft_free(&draft);
}
