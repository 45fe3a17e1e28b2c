/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/contacts.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/form.h"
#include "form/answer.h"

enum { REACH = 4 };

#define MISPLACED 0.7

static enum field_type type_of(const struct scan *scan, const struct answer *answer)
{
        return scan->form->fields[answer->field].type;
}

/* What stands in the answer's place, with or without the words that are addresses. */
static char *text_of(const struct scan *scan, const struct answer *answer, bool addresses)
{
        const struct sheet *sheet = &scan->sheet;
        struct buf out = BUF_INIT(4 * LIMIT_FIELD_VALUE), line = BUF_INIT(4 * LIMIT_FIELD_VALUE);

        for (size_t at = answer->text.first; at < answer->text.end;) {
                size_t own = sheet_line_of(sheet, at),
                       end = sheet->lines[own].first + sheet->lines[own].count;
                char *save = NULL;

                end = end < answer->text.end ? end : answer->text.end;
                sheet_text(sheet, at, end, &line);
                CLEANUP_FREE char *copy = xstrdup(buf_text(&line));
                for (char *word = strtok_r(copy, " ,;\n", &save); word != NULL;
                     word = strtok_r(NULL, " ,;\n", &save))
                        if ((strchr(word, '@') != NULL) == addresses)
                                buf_printf(&out, "%s ", word);
                buf_reset(&line);
                if (end <= at)
                        break;
                at = end;
        }
        buf_puts(&out, "");
        buf_free(&line);
        return buf_detach(&out, NULL);
}

/* The one that stands in another's place, in written form; owned. NULL: none. */
static char *found_in(const struct scan *scan, const struct answer *asked, const struct answer *other)
{
        bool address = type_of(scan, asked) == FIELD_EMAIL;
        CLEANUP_FREE char *text = text_of(scan, other, address);
        const char *number =
            address ? text : strpbrk(text, "+0123456789"); /* behind the organisation's name */
        char *value = NULL;

        if (number == NULL || field_normalise(&scan->form->fields[asked->field], number, &value) < 0)
                return NULL;
        return value;
}

/* Whether the answer's place may hold another's as well. */
static bool may_hold(const struct scan *scan, const struct answer *asked, const struct answer *other)
{
        enum field_type type = type_of(scan, other);

        return other != asked && other->person == asked->person && other->others == asked->others &&
               other->text.end > other->text.first && type != type_of(scan, asked) &&
               (type == FIELD_PHONE || type == FIELD_EMAIL || type == FIELD_ORGANISATION);
}

static void settle(struct scan *scan, size_t index)
{
        struct answer *asked = &scan->answers.items[index];
        size_t from = index > REACH ? index - REACH : 0;

        for (size_t i = 0; i < scan->answers.count; i++) /* it is answered elsewhere */
                if (scan->answers.items[i].field == asked->field && scan->answers.items[i].value != NULL &&
                    scan->answers.items[i].person == asked->person)
                        return;
        for (size_t i = from; i < scan->answers.count && i <= index + REACH && asked->value == NULL; i++) {
                struct answer *other = &scan->answers.items[i];

                if (!may_hold(scan, asked, other) || (asked->value = found_in(scan, asked, other)) == NULL)
                        continue;
                asked->confidence = MISPLACED;
                if (type_of(scan, other) == FIELD_ORGANISATION && other->confidence > MISPLACED)
                        other->confidence = MISPLACED; /* its name is not all that stands there */
        }
}

void contacts_settle(struct scan *scan)
{
        for (size_t i = 0; i < scan->answers.count; i++) {
                enum field_type type = type_of(scan, &scan->answers.items[i]);

                if (scan->answers.items[i].value == NULL && (type == FIELD_PHONE || type == FIELD_EMAIL))
                        settle(scan, i);
        }
}
