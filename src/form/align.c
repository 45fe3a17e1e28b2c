/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/align.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/sheet.h"

enum { STEPS_MAX = 16 * 1000 * 1000 };

/* Points, in hundredths of a word. Words say more the longer they are; a match that goes on with the one before
 * it is worth more than two apart, so that words of an answer do not draw printed ones to them. Lines to write on
 * are deleted by those who write there. */
enum {
        WORD = 100,
        LETTER = 12,
        LETTERS_MAX = 8,
        SMALL = 40, /* a sign, a box, a line to write on */
        GOING_ON = 35,
        MISSING = -60, /* a printed word is not there */
        MISSING_LINE = -25,
        WRITTEN = -12, /* a word more */
};

enum { STEP_BOTH, STEP_BLANK, STEP_DOC };

/* Tokens as numbers that are equal when the tokens are alike. */
static uint32_t hash(const char *text, size_t size)
{
        uint32_t value = 2166136261U; /* FNV-1a */

        for (size_t i = 0; i < size; i++)
                value = (value ^ (unsigned char)text[i]) * 16777619U;
        return value;
}

static uint32_t code_of(const struct sheet *sheet, size_t index)
{
        const struct token *token = &sheet->tokens[index];
        const char *key = sheet_key(sheet, index);

        if (token->kind == TOKEN_WORD)
                return hash(key, strlen(key)) | 1U;
        if (token->kind == TOKEN_SIGN)
                return hash(token->text, token->size) & ~1U;
        return 2U * (uint32_t)token->kind;
}

static uint32_t *codes_of(const struct sheet *sheet)
{
        uint32_t *codes = xcalloc(sheet->token_count + 1, sizeof *codes);

        for (size_t i = 0; i < sheet->token_count; i++)
                codes[i] = code_of(sheet, i);
        return codes;
}

static int worth(const struct sheet *blank, size_t index)
{
        const struct token *token = &blank->tokens[index];
        size_t size;

        if (token->kind != TOKEN_WORD)
                return SMALL;
        size = strlen(sheet_key(blank, index));
        return WORD + LETTER * (int)(size < LETTERS_MAX ? size : LETTERS_MAX);
}

static int price(const struct sheet *blank, size_t index)
{
        enum token_kind kind = blank->tokens[index].kind;

        return kind == TOKEN_LEADER || kind == TOKEN_TAB ? MISSING_LINE : MISSING;
}

/* The best way to every pair of places; ways[] says how each was reached, row by row of the blank. */
static void fill(const struct sheet *blank, const struct sheet *doc, uint8_t *ways)
{
        const size_t columns = doc->token_count + 1;
        uint32_t *left = codes_of(blank), *right = codes_of(doc);
        int *above = xcalloc(columns, sizeof *above), *row = xcalloc(columns, sizeof *row);

        for (size_t j = 1; j < columns; j++) {
                above[j] = above[j - 1] + WRITTEN;
                ways[j] = STEP_DOC;
        }
        for (size_t i = 1; i <= blank->token_count; i++) {
                const int gain = worth(blank, i - 1), loss = price(blank, i - 1);
                uint8_t *way = ways + i * columns;
                const uint8_t *way_above = way - columns;
                int *swap;

                row[0] = above[0] + loss;
                way[0] = STEP_BLANK;
                for (size_t j = 1; j < columns; j++) {
                        int best = above[j] + loss, other = row[j - 1] + WRITTEN;

                        way[j] = STEP_BLANK;
                        if (other > best) {
                                best = other;
                                way[j] = STEP_DOC;
                        }
                        if (left[i - 1] == right[j - 1]) {
                                bool on = i > 1 && j > 1 && way_above[j - 1] == STEP_BOTH;

                                other = above[j - 1] + gain + (on ? GOING_ON : 0);
                                if (other >= best) {
                                        best = other;
                                        way[j] = STEP_BOTH;
                                }
                        }
                        row[j] = best;
                }
                swap = above;
                above = row;
                row = swap;
        }
        free(left);
        free(right);
        free(above);
        free(row);
}

static void trace(
    const struct sheet *blank, const struct sheet *doc, const uint8_t *ways, struct align *align)
{
        const size_t columns = doc->token_count + 1;
        size_t i = blank->token_count, j = doc->token_count;

        while (i > 0 || j > 0) {
                switch (ways[i * columns + j]) {
                case STEP_BOTH:
                        align->blank_of[--j] = --i;
                        align->doc_of[i] = j;
                        break;
                case STEP_BLANK:
                        align->doc_of[--i] = ALIGN_NONE;
                        break;
                default:
                        align->blank_of[--j] = ALIGN_NONE;
                }
        }
}

static void cover(const struct sheet *blank, struct align *align)
{
        size_t found = 0;

        for (size_t i = 0; i < blank->token_count; i++) {
                if (blank->tokens[i].kind != TOKEN_WORD)
                        continue;
                align->words++;
                found += align->doc_of[i] != ALIGN_NONE;
        }
        align->coverage = align->words > 0 ? (double)found / (double)align->words : 0;
}

bool align_init(struct align *ret_align, const struct sheet *blank, const struct sheet *doc)
{
        const size_t rows = blank->token_count + 1, columns = doc->token_count + 1;
        uint8_t *ways;

        if (rows > STEPS_MAX / columns)
                return false;
        ways = xcalloc(rows * columns, 1);
        *ret_align = (struct align){ .blank_of = xcalloc(columns, sizeof *ret_align->blank_of),
                .doc_of = xcalloc(rows, sizeof *ret_align->doc_of) };
        fill(blank, doc, ways);
        trace(blank, doc, ways, ret_align);
        free(ways);
        cover(blank, ret_align);
        return true;
}

void align_free(struct align *align)
{
        free(align->blank_of);
        free(align->doc_of);
        *align = (struct align){ 0 };
}
