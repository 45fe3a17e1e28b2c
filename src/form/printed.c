/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/printed.h"

#include <stdbool.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/mem.h"
#include "core/word.h"
#include "form/answer.h"
#include "form/label.h"

#define CUT 0.85

/* The next word from the token on. */
static size_t next_word(const struct sheet *sheet, size_t token, size_t end)
{
        while (token < end && sheet->tokens[token].kind != TOKEN_WORD)
                token++;
        return token;
}

/* Where the printed label's words end among those of the match; its end when they are not its beginning. */
static size_t words_end(
    const struct scan *scan, const struct label_match *match, const struct sheet *printed, struct span label)
{
        const struct sheet *sheet = &scan->sheet;
        size_t at = next_word(sheet, match->start, match->after),
               k = next_word(printed, label.first, label.end);
        size_t after = match->start;

        while (k < label.end) {
                if (at >= match->after || strcmp(sheet_key(sheet, at), sheet_key(printed, k)) != 0)
                        return match->after;
                after = at + 1;
                at = next_word(sheet, after, match->after);
                k = next_word(printed, k + 1, label.end);
        }
        return after > match->start && at < match->after ? after : match->after;
}

static bool is_said(
    const struct scan *scan, const struct label_match *match, const struct sheet *printed, struct span label)
{
        CLEANUP_FREE char *own = sheet_words(&scan->sheet, match->start, match->after);
        CLEANUP_FREE char *other = sheet_words(printed, label.first, label.end);

        return strcmp(own, other) == 0;
}

static bool is_in_table(const struct sheet *sheet, size_t token)
{
        return sheet->lines[sheet_line_of(sheet, token)].table >= 0;
}

/* An answer begins with a capital or in quotes, what goes on with a label does not: "Imię i nazwisko uczestnika: ". */
static bool begins_answer(const struct sheet *sheet, size_t at)
{
        const struct token *token = &sheet->tokens[at];
        size_t i = 0;
        UChar32 c;

        if (token->kind == TOKEN_WORD)
                return word_is_capital(token->text, token->size);
        U8_NEXT_OR_FFFD(token->text, i, token->size, c);
        return u_hasBinaryProperty(c, UCHAR_QUOTATION_MARK);
}

/* In the same kind of place, with no colon behind it. */
static bool is_alike(
    const struct scan *scan, const struct label_match *match, const struct sheet *printed, struct span label)
{
        return is_in_table(&scan->sheet, match->start) == is_in_table(printed, label.first) &&
               !sheet_is_sign(printed, label.end - 1, ":") &&
               (label.end >= printed->token_count || !sheet_is_sign(printed, label.end, ":"));
}

void printed_cut_label(const struct scan *scan, struct label_match *match)
{
        const struct scan *printed = scan->printed;
        size_t shortest = match->after;

        if (printed == NULL || match->end != LABEL_END_COLON)
                return;
        for (size_t i = 0; i < printed->answers.count; i++) {
                const struct answer *answer = &printed->answers.items[i];
                size_t after;

                if (answer->field != match->field || answer->label.end == answer->label.first ||
                    !is_alike(scan, match, &printed->sheet, answer->label))
                        continue;
                after = words_end(scan, match, &printed->sheet, answer->label);
                if (after == match->after && is_said(scan, match, &printed->sheet, answer->label))
                        return; /* it is printed so as well */
                shortest = after < shortest ? after : shortest;
        }
        if (shortest == match->after || !begins_answer(&scan->sheet, shortest))
                return;
        match->after = shortest;
        match->end = LABEL_END_GAP;
        match->whole = false;
        match->confidence = match->confidence < CUT ? match->confidence : CUT;
}
