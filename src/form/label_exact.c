/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/label_exact.h"

#include <string.h>

#include "core/document.h"
#include "core/sheet.h"
#include "form/label.h"

enum { NUMBER_TOKENS = 6, WIDE_GAP = 3 };

#define CONFIDENCE 0.97

static size_t past_signs(const struct sheet *sheet, size_t at, size_t end)
{
        while (at < end && sheet->tokens[at].kind == TOKEN_SIGN && !(sheet->tokens[at].marks & RUN_FIELD))
                at++;
        return at;
}

/* Whether the label's words stand here one after another, with nothing but signs between them; ret_after: the first
 * token behind the last of them. */
static bool stands_at(
    const struct sheet *sheet, const struct label *label, size_t start, size_t end, size_t *ret_after)
{
        size_t at = start;

        for (size_t i = 0; i < label->word_count; i++, at++) {
                if (i > 0)
                        at = past_signs(sheet, at, end);
                if (at >= end || (sheet->tokens[at].marks & (RUN_STRIKE | RUN_FIELD)) ||
                    strcmp(label->words[i].key, sheet_key(sheet, at)) != 0)
                        return false;
        }
        *ret_after = at;
        return true;
}

/* Past "(zaznaczyć)", which says no more than the label. */
static size_t past_aside(const struct sheet *sheet, size_t at, size_t end)
{
        if (at >= end || !sheet_is_sign(sheet, at, "("))
                return at;
        for (size_t i = at; i < end; i++) {
                if (strpbrk(sheet_key(sheet, i), "0123456789") != NULL || sheet->tokens[i].kind == TOKEN_BOX)
                        return at;
                if (sheet_is_sign(sheet, i, ")"))
                        return i + 1;
        }
        return at;
}

static bool is_dash(const struct sheet *sheet, size_t at)
{
        const struct token *token = &sheet->tokens[at];

        return sheet_is_sign(sheet, at, "-") ||
               (token->kind == TOKEN_SIGN && token->size == 3 &&
                   (memcmp(token->text, "\u2013", 3) == 0 || memcmp(token->text, "\u2014", 3) == 0));
}

/* What ends the label; ret_after moves behind its sign. False: more words follow. */
static bool find_end(const struct sheet *sheet, size_t end, size_t *ret_after, enum label_end *ret_end)
{
        size_t at = *ret_after;

        while (at < end && sheet_is_sign(sheet, at, "?.*)\"") && sheet->tokens[at].gap == 0) {
                if (sheet_is_sign(sheet, at, "?"))
                        *ret_end = LABEL_END_COLON;
                at++;
        }
        if (*ret_end != LABEL_END_COLON) /* "Nocleg? (TAK) / NIE" */
                at = past_aside(sheet, at, end);
        if (at < end && sheet_is_sign(sheet, at, "*"))
                at++;
        if (at < end && sheet_is_sign(sheet, at, ":=")) {
                *ret_end = LABEL_END_COLON;
                *ret_after = at + 1;
                return true;
        }
        *ret_after = at;
        if (*ret_end == LABEL_END_COLON)
                return true;
        *ret_end = at == end ? LABEL_END_TEXT : LABEL_END_GAP;
        if (at == end || sheet->tokens[at].kind == TOKEN_TAB || sheet->tokens[at].kind == TOKEN_LEADER ||
            sheet->tokens[at].kind == TOKEN_BOX || sheet->tokens[at].gap >= WIDE_GAP ||
            (sheet->tokens[at].marks & RUN_FIELD))
                return true;
        *ret_end = LABEL_END_DASH;
        *ret_after = at + 1;
        return is_dash(sheet, at) && sheet->tokens[at].gap > 0;
}

/* Where the label stands with the numbers before it in its line: "1." of "1. dzień", "14.06." of "14.06.2019"; start:
 * nowhere. */
static size_t with_number(
    const struct sheet *sheet, const struct label *label, size_t start, size_t end, size_t *ret_after)
{
        const size_t line =
            start < sheet->token_count ? sheet->lines[sheet_line_of(sheet, start)].first : start;
        size_t first = start;

        while (first > line && start - first < NUMBER_TOKENS && sheet->tokens[first].kind != TOKEN_TAB) {
                first--;
                if (strspn(sheet_key(sheet, first), "0123456789ivx") > 0 &&
                    stands_at(sheet, label, first, end, ret_after) && *ret_after > start)
                        return first;
        }
        return start;
}

bool label_exact(const struct labels *labels, const struct sheet *sheet, size_t start, size_t end,
    struct label_match *ret_match)
{
        const struct label *best = NULL;

        for (size_t i = 0; i < labels->count; i++) {
                const struct label *label = &labels->items[i];
                enum label_end ending = LABEL_END_TEXT;
                size_t after, first = start;

                if (!label->own || (best != NULL && label->word_count <= best->word_count))
                        continue;
                if (!stands_at(sheet, label, start, end, &after)) {
                        first = with_number(sheet, label, start, end, &after);
                        if (first == start)
                                continue;
                }
                if (!find_end(sheet, end, &after, &ending))
                        continue;
                best = label;
                *ret_match = (struct label_match){ .field = label->field,
                        .part = label->part,
                        .end = ending,
                        .start = first,
                        .after = after,
                        .words = label->word_count,
                        .whole = true,
                        .single = label->word_count == 1,
                        .confidence = CONFIDENCE,
                        .also = LABEL_NONE };
        }
        return best != NULL;
}
