/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/entries.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/form.h"
#include "form/answer.h"
#include "form/fullname.h"
#include "form/hits.h"
#include "form/label.h"
#include "form/roster.h"

enum { LABELS_MAX = 8, LABEL_REACH = 10, BLANKS_MAX = 1 };

#define LISTED 0.9

/* One line: where the name begins, and the labels after it. */
struct entry {
        size_t line, start;
        struct label_match labels[LABELS_MAX];
        size_t count;
        bool named; /* a name stands there; false: dots, or nothing */
};

static size_t name_field(const struct form *form)
{
        const struct field *field = form_name_field(form);

        return field != NULL ? (size_t)(field - form->fields) : LABEL_NONE;
}

/* The number that begins the line; 0: none. */
static int64_t number_of(const struct sheet *sheet, size_t line, size_t *ret_start)
{
        const size_t first = sheet->lines[line].first, end = sheet_line_end(sheet, line);
        bool numbered;
        int64_t number;

        *ret_start = label_skip_number(sheet, first, end, &numbered);
        return first < end && numbered &&
                       str_to_int(sheet_key(sheet, first), 1, 4 * LIMIT_PEOPLE, &number) == 0
                   ? number
                   : 0;
}

static bool is_known(const struct entry *entry, size_t field)
{
        for (size_t i = 0; i < entry->count; i++)
                if (entry->labels[i].field == field)
                        return true;
        return false;
}

/* A label in the line: with its colon, or one of a telephone and the like with dots or a right answer behind it. */
static bool label_at(const struct scan *scan, size_t at, size_t end, struct label_match *ret_match)
{
        const struct sheet *sheet = &scan->sheet;
        size_t reach = at + LABEL_REACH < end ? at + LABEL_REACH : end, stop;
        struct span span;
        bool valid = false;

        if (sheet->tokens[at].kind != TOKEN_WORD || sheet->tokens[at].gap == 0)
                return false;
        if (label_find(scan->labels, sheet, at, reach, LABEL_STRONG, ret_match) && ret_match->whole &&
            ret_match->end == LABEL_END_COLON)
                return true;
        if (!label_find(scan->labels, sheet, at, end, LABEL_PREFIX, ret_match) ||
            !hits_is_checked(scan, ret_match->field) || answer_is_choice(scan, ret_match->field))
                return false;
        for (stop = ret_match->after; stop < end && sheet->tokens[stop].kind != TOKEN_LEADER; stop++)
                if (label_find(scan->labels, sheet, stop, end, LABEL_STRONG, &(struct label_match){ 0 }))
                        break;
        span = (struct span){ ret_match->after, stop };
        return !sheet_has_content(sheet, span.first, span.end) ||
               (answer_probe(scan, ret_match->field, &span, 1, &valid) && valid);
}

static bool is_name(const struct sheet *sheet, size_t first, size_t end)
{
        struct buf text = BUF_INIT(8 * LIMIT_FIELD_VALUE);
        bool name;

        while (end > first && sheet_is_sign(sheet, end - 1, ",;-"))
                end--;
        sheet_text(sheet, first, end, &text);
        name = fullname_is(buf_text(&text));
        buf_free(&text);
        return name;
}

/* Whether the line is such an entry, the number-th. */
static bool read_entry(const struct scan *scan, size_t line, int64_t number, struct entry *ret_entry)
{
        const struct sheet *sheet = &scan->sheet;
        const size_t end = sheet_line_end(sheet, line);
        struct label_match match;

        *ret_entry = (struct entry){ .line = line };
        if (sheet->lines[line].table >= 0 || number_of(sheet, line, &ret_entry->start) != number)
                return false;
        for (size_t i = ret_entry->start; i < end; i++) {
                if (!label_at(scan, i, end, &match))
                        continue;
                if (i == ret_entry->start || is_known(ret_entry, match.field) ||
                    ret_entry->count == LABELS_MAX || scan->form->fields[match.field].type == FIELD_NAME ||
                    answer_is_choice(scan, match.field))
                        return false;
                ret_entry->labels[ret_entry->count++] = match;
                i = match.after > i ? match.after - 1 : i;
        }
        if (ret_entry->count == 0)
                return false;
        ret_entry->named = is_name(sheet, ret_entry->start, ret_entry->labels[0].start);
        return ret_entry->named || !sheet_has_content(sheet, ret_entry->start, ret_entry->labels[0].start);
}

static bool same_labels(const struct entry *a, const struct entry *b)
{
        bool same = a->count == b->count;

        for (size_t i = 0; same && i < a->count; i++)
                same = a->labels[i].field == b->labels[i].field;
        return same;
}

/* The answer between two labels, without the sign that parts it from the next. */
static void add(struct scan *scan, const struct label_match *match, size_t line, size_t end)
{
        const struct sheet *sheet = &scan->sheet;
        struct span span = { match->after, end };

        while (span.end > span.first && sheet_is_sign(sheet, span.end - 1, ",;"))
                span.end--;
        answer_add(scan, match, &span, sheet_has_content(sheet, span.first, span.end), line, scan->people);
}

static void add_entry(struct scan *scan, const struct entry *entry)
{
        struct label_match name = { .field = name_field(scan->form),
                .start = entry->start,
                .after = entry->start,
                .confidence = LISTED,
                .also = LABEL_NONE };

        scan->people++;
        add(scan, &name, entry->line, entry->labels[0].start);
        for (size_t i = 0; i < entry->count; i++) {
                struct label_match match = entry->labels[i];

                match.also = LABEL_NONE;
                match.confidence = LISTED;
                add(scan, &match, entry->line,
                    i + 1 < entry->count ? entry->labels[i + 1].start
                                         : sheet_line_end(&scan->sheet, entry->line));
        }
}

/* The entries from the line on, "1." first; their number. ret_end: the line after them. */
static size_t read_entries(const struct scan *scan, size_t line, struct entry *entries, size_t *ret_end)
{
        size_t count = 0, blanks = 0;

        for (; line < scan->sheet.line_count && count < LIMIT_PEOPLE && blanks <= BLANKS_MAX; line++) {
                if (count > 0 && sheet_line_is_blank(&scan->sheet, line) &&
                    scan->sheet.lines[line].count == 0) {
                        blanks++;
                        continue;
                }
                if (!read_entry(scan, line, (int64_t)count + 1, &entries[count]) ||
                    (count > 0 && !same_labels(&entries[0], &entries[count])))
                        break;
                count++;
                blanks = 0;
                *ret_end = line + 1;
        }
        return count;
}

/* The next number follows, but not with the same labels, or there are more than fit: other readers know such lists. */
static bool goes_on(const struct scan *scan, size_t line, size_t count)
{
        const struct sheet *sheet = &scan->sheet;
        struct label_match match;
        size_t start;

        while (line < sheet->line_count && sheet_line_is_blank(sheet, line))
                line++;
        return line < sheet->line_count && sheet->lines[line].table < 0 &&
               number_of(sheet, line, &start) == (int64_t)count + 1 &&
               !label_find(scan->labels, sheet, start, sheet_line_end(sheet, line), LABEL_STRONG, &match);
}

/* A name was read elsewhere: then these are others. */
static bool is_named(const struct scan *scan, size_t first, size_t end)
{
        for (size_t i = 0; i < scan->answers.count; i++) {
                const struct answer *answer = &scan->answers.items[i];

                if (scan->form->fields[answer->field].type == FIELD_NAME && answer->value != NULL &&
                    (answer->line < first || answer->line >= end))
                        return true;
        }
        return false;
}

void entries_scan(struct scan *scan)
{
        struct entry *entries;

        if (name_field(scan->form) == LABEL_NONE)
                return;
        entries = xcalloc(LIMIT_PEOPLE, sizeof *entries);
        for (size_t line = 0; line < scan->sheet.line_count; line++) {
                size_t end = line + 1, named = 0, count = read_entries(scan, line, entries, &end);

                for (size_t i = 0; i < count; i++)
                        named += entries[i].named;
                if (count == 0 || named == 0 || goes_on(scan, end, count) || is_named(scan, line, end))
                        continue;
                roster_forget(scan, line, end, LABEL_NONE);
                for (size_t i = 0; i < count; i++)
                        add_entry(scan, &entries[i]);
                line = end - 1;
        }
        free(entries);
}
