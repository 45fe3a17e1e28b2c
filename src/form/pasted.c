/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/pasted.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/limits.h"
#include "core/form.h"
#include "form/answer.h"
#include "form/hits.h"
#include "form/label.h"
#include "form/roster.h"

enum { COLUMNS_MAX = 24, LABELS_MIN = 3, BLANKS_MAX = 1 };

#define ALIGNED 0.9
#define SHIFTED 0.6 /* more cells than headings */

struct heads {
        const char *sign; /* that parts the cells; NULL: tabulators */
        struct label_match labels[COLUMNS_MAX];
        bool known[COLUMNS_MAX];
        size_t count, name;
};

/* The line's cells; the signs at its ends, which some programs draw, make no cells. */
static size_t split(const struct sheet *sheet, size_t line, const char *sign, struct span *ret_cells)
{
        size_t first = sheet->lines[line].first, end = first + sheet->lines[line].count, count = 0;

        if (sign != NULL && first < end && sheet_is_sign(sheet, first, "|"))
                first++;
        if (sign != NULL && first < end && sheet_is_sign(sheet, end - 1, "|"))
                end--;
        ret_cells[0] = (struct span){ first, first };
        for (size_t i = first; i < end; i++) {
                bool parts =
                    sign != NULL ? sheet_is_sign(sheet, i, sign) : sheet->tokens[i].kind == TOKEN_TAB;

                ret_cells[count].end = parts ? i : i + 1;
                if (!parts)
                        continue;
                if (++count == COLUMNS_MAX)
                        return 0;
                ret_cells[count] = (struct span){ i + 1, i + 1 };
        }
        return count + 1;
}

static bool is_label(const struct scan *scan, const struct span *cell, struct label_match *ret_match)
{
        return label_find(scan->labels, &scan->sheet, cell->first, cell->end, LABEL_STRONG, ret_match) &&
               ret_match->after >= cell->end && ret_match->confidence >= ALIGNED;
}

/* Labels with little else between them, a name's among them. */
static bool find_heads(const struct scan *scan, size_t line, const char *sign, struct heads *ret_heads)
{
        struct heads heads = { .sign = sign, .name = LABEL_NONE };
        struct span cells[COLUMNS_MAX];
        size_t labels = 0;

        heads.count = split(&scan->sheet, line, sign, cells);
        for (size_t i = 0; i < heads.count; i++) {
                heads.known[i] = is_label(scan, &cells[i], &heads.labels[i]);
                labels += heads.known[i];
                if (heads.known[i] && heads.name == LABEL_NONE &&
                    scan->form->fields[heads.labels[i].field].type == FIELD_NAME)
                        heads.name = i;
        }
        *ret_heads = heads;
        return labels >= LABELS_MIN && 2 * labels > heads.count && heads.name != LABEL_NONE;
}

/* A line of answers: a name, no label, and of a telephone or an address at least one that is right. */
static bool is_row(const struct scan *scan, const struct heads *heads, const struct span *cells, size_t count)
{
        size_t right = 0, wrong = 0;

        if (count < 2 || heads->name >= count || (heads->sign != NULL && count != heads->count) ||
            !sheet_has_content(&scan->sheet, cells[heads->name].first, cells[heads->name].end))
                return false;
        for (size_t i = 0; i < count; i++) {
                struct label_match match;
                bool valid = false;

                if (is_label(scan, &cells[i], &match) && match.whole)
                        return false;
                if (i >= heads->count || !heads->known[i] || !hits_is_checked(scan, heads->labels[i].field) ||
                    !answer_probe(scan, heads->labels[i].field, &cells[i], 1, &valid))
                        continue;
                right += valid;
                wrong += !valid;
        }
        return right > 0 && wrong <= right;
}

static void read_row(
    struct scan *scan, const struct heads *heads, size_t line, const struct span *cells, size_t count)
{
        scan->people++;
        for (size_t i = 0; i < heads->count; i++) {
                struct label_match match = heads->labels[i];

                if (!heads->known[i])
                        continue;
                match.confidence = count > heads->count ? SHIFTED : ALIGNED;
                match.elsewhere = true;
                match.place = line;
                answer_add(scan, &match, i < count ? &cells[i] : NULL,
                    i < count && sheet_has_content(&scan->sheet, cells[i].first, cells[i].end), line,
                    scan->people);
        }
}

/* Returns the line after the rows; line itself when there are none. */
static size_t read_rows(struct scan *scan, const struct heads *heads, size_t line)
{
        struct span cells[COLUMNS_MAX];
        size_t end = line, blanks = 0, people = 0;

        for (size_t at = line + 1; at < scan->sheet.line_count && people < LIMIT_PEOPLE; at++) {
                size_t count;

                if (scan->sheet.lines[at].table >= 0 || blanks > BLANKS_MAX)
                        break;
                if (sheet_line_is_blank(&scan->sheet, at)) {
                        blanks++;
                        continue;
                }
                count = split(&scan->sheet, at, heads->sign, cells);
                if (!is_row(scan, heads, cells, count))
                        break;
                roster_forget(scan, people == 0 ? line : at, at + 1, LABEL_NONE);
                read_row(scan, heads, at, cells, count);
                people++;
                blanks = 0;
                end = at + 1;
        }
        return end;
}

void pasted_scan(struct scan *scan)
{
        static const char *const signs[] = { NULL, "|", ";" };
        struct heads heads;

        for (size_t line = 0; line + 1 < scan->sheet.line_count; line++)
                for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
                        if (scan->sheet.lines[line].table >= 0 || !find_heads(scan, line, signs[i], &heads))
                                continue;
                        size_t end = read_rows(scan, &heads, line);
                        if (end > line) {
                                line = end - 1;
                                break;
                        }
                }
}
