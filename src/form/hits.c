/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/hits.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/mem.h"
#include "core/form.h"
#include "core/word.h"
#include "form/answer.h"
#include "form/chain.h"
#include "form/printed.h"
#include "form/section.h"
#include "form/stops.h"

enum { CONSENT_LINES = 8, MIDDLE_REACH = 8 };

#define BARE_TEXT_CONFIDENCE 0.9
#define REST_CONFIDENCE 0.75
#define CHECKED_CONFIDENCE 0.85

static void add_hit(struct hits *hits, const struct hit *hit)
{
        if (hits->count == hits->room) {
                hits->room = hits->room * 2 + 16;
                hits->items = xreallocarray(hits->items, hits->room, sizeof *hits->items);
        }
        hits->items[hits->count++] = *hit;
}

bool hits_is_checked(const struct scan *scan, size_t field)
{
        enum field_type type = scan->form->fields[field].type;

        return type != FIELD_NAME && type != FIELD_ORGANISATION && type != FIELD_TEXT;
}

static bool is_capital(const struct token *token)
{
        const int32_t size = (int32_t)token->size;
        int32_t at = 0;
        UChar32 c;

        U8_NEXT(token->text, at, size, c);
        return c > 0 && u_isupper(c);
}

/* "Nazwa firmy Spółdzielnia": behind a label to the letter a name begins. */
static bool is_answered(const struct scan *scan, size_t start, size_t end)
{
        struct label_match match;

        return label_find(scan->labels, &scan->sheet, start, end, LABEL_PREFIX, &match) &&
               match.after < end && is_capital(&scan->sheet.tokens[match.after]);
}

/* The end of the paragraph that begins in the line, as far as a program broke its lines. */
static size_t paragraph_end(const struct scan *scan, size_t line, size_t last)
{
        while (line + 1 < last && answer_is_wrapped(&scan->sheet, line, sheet_line_end(&scan->sheet, line)))
                line++;
        return sheet_line_end(&scan->sheet, line);
}

/* The line is a place to write on, or holds words that begin no label and have no number. */
static bool may_answer(const struct scan *scan, size_t line, size_t last)
{
        const struct sheet *sheet = &scan->sheet;
        size_t first = line < last ? sheet->lines[line].first : 0,
               end = line < last ? sheet_line_end(sheet, line) : 0;
        struct label_match match;
        bool numbered = false;

        if (first >= end || section_is_heading(&scan->sections, line) || stops_is_boilerplate(scan, line))
                return false;
        label_skip_number(sheet, first, end, &numbered);
        return !numbered && !label_is_foreign(sheet, first, end) &&
               !label_find(scan->labels, sheet, first, end, LABEL_STRONG, &match) &&
               !label_find(scan->labels, sheet, first, end, LABEL_PREFIX, &match);
}

/* Between other numbered lines: the answers stand in the labels' own lines. */
static bool is_dense(const struct scan *scan, size_t line, size_t next, size_t last)
{
        const struct sheet *sheet = &scan->sheet;
        bool above = false, below = false;

        if (line == 0 || next >= last)
                return false;
        label_skip_number(sheet, sheet->lines[line - 1].first, sheet_line_end(sheet, line - 1), &above);
        label_skip_number(sheet, sheet->lines[next].first, sheet_line_end(sheet, next), &below);
        return above && below;
}

/* "8. Informacja o potrzebach uczestnika wypoczynku", configured with fewer words: the rest of the paragraph is the label's
 * where the next line may answer it; else nobody knows. */
static void take_rest(const struct scan *scan, size_t line, size_t last, struct hit *hit)
{
        const struct sheet *sheet = &scan->sheet;
        const size_t after = hit->label.after, end = paragraph_end(scan, line, last);
        const struct span rest = { after, end };
        size_t next = sheet_line_of(sheet, end > 0 ? end - 1 : 0) + 1;
        bool valid = false;

        if (!hit->numbered || after >= end || sheet->tokens[after].kind != TOKEN_WORD ||
            !islower((unsigned char)*sheet->tokens[after].text) ||
            sheet->tokens[after - 1].kind != TOKEN_WORD || is_dense(scan, line, next, last) ||
            (hits_is_checked(scan, hit->label.field) &&
                answer_probe(scan, hit->label.field, &rest, 1, &valid) && valid))
                return;
        for (size_t i = after; i < end; i++)
                if (sheet->tokens[i].kind == TOKEN_LEADER || sheet->tokens[i].kind == TOKEN_TAB ||
                    sheet->tokens[i].kind == TOKEN_BOX || sheet_is_sign(sheet, i, ":@"))
                        return;
        hit->label.confidence =
            hit->label.confidence < REST_CONFIDENCE ? hit->label.confidence : REST_CONFIDENCE;
        if (!may_answer(scan, next, last))
                return;
        hit->label.after = end;
        if (hits_is_checked(scan, hit->label.field))
                hit->label.confidence = CHECKED_CONFIDENCE;
}

/* A label at the line's beginning; the text may go on in the next line when a program broke it. */
static bool find_at_start(const struct scan *scan, size_t line, size_t last, size_t start, struct hit *hit)
{
        const struct sheet *sheet = &scan->sheet;
        size_t end = sheet_line_end(sheet, line);
        struct label_match *match = &hit->label;

        if (label_find(scan->labels, sheet, start, end, LABEL_STRONG, match)) {
                printed_cut_label(scan, match);
                if (match->end == LABEL_END_COLON || match->whole ||
                    match->confidence >= BARE_TEXT_CONFIDENCE)
                        return true;
        }
        if (line + 1 < last && answer_is_wrapped(sheet, line, end) && !is_answered(scan, start, end) &&
            label_find(scan->labels, sheet, start, sheet_line_end(sheet, line + 1), LABEL_STRONG, match) &&
            match->end == LABEL_END_COLON)
                return true;
        hit->loose = label_find(scan->labels, sheet, start, end, LABEL_PREFIX, match);
        if (hit->loose)
                take_rest(scan, line, last, hit);
        return hit->loose;
}

/* "Telefon:505606707E-mail:", "tel.:505606707,e-mail:" */
static bool is_glued(const struct sheet *sheet, size_t token, size_t start)
{
        return token > start && (sheet_is_sign(sheet, token - 1, ",;/|") ||
                                    strspn(sheet_key(sheet, token - 1), "0123456789") > 0);
}

/* "Telefon: 600 100 200, e-mail: ..." and the second column of a line. In a sentence ("odesłać na adres:
 * ...") there are no labels: another must stand before. */
static void find_in_middle(
    const struct scan *scan, size_t line, size_t start, bool after_label, struct hits *hits)
{
        const struct sheet *sheet = &scan->sheet;
        size_t end = sheet_line_end(sheet, line);

        for (size_t i = start; i < end; i++) {
                const struct token *before = i > 0 ? &sheet->tokens[i - 1] : NULL;
                bool column = before != NULL && (before->kind == TOKEN_TAB || before->kind == TOKEN_LEADER ||
                                                    sheet->tokens[i].gap >= HITS_COLUMN_GAP ||
                                                    sheet_is_sign(sheet, i - 1, "|"));
                struct hit hit = { .line = line, .lead = sheet->lines[line].first, .middle = true };
                size_t reach = column || i + MIDDLE_REACH > end ? end : i + MIDDLE_REACH;
                if (sheet->tokens[i].kind != TOKEN_WORD ||
                    (!column && (!after_label || (sheet->tokens[i].gap == 0 && !is_glued(sheet, i, start)))))
                        continue;
                if (!label_find(scan->labels, sheet, i, reach, LABEL_STRONG, &hit.label))
                        continue;
                if (hit.label.end == LABEL_END_COLON
                        ? !column && !hit.label.whole
                        : !column || !hit.label.whole || hit.label.end == LABEL_END_DASH)
                        continue;
                add_hit(hits, &hit);
                after_label = true;
                i = hit.label.after - 1;
        }
}

/* Labels without any sign in the line, in the place of the fewer that were found there. */
static void find_chain(const struct scan *scan, size_t line, size_t start, size_t before, struct hits *hits)
{
        struct label_match matches[CHAIN_MAX];
        size_t count = chain_find(scan, line, start, matches);

        if (count <= hits->count - before)
                return;
        hits->count = before;
        for (size_t i = 0; i < count; i++) {
                struct hit hit = { .label = matches[i],
                        .line = line,
                        .lead = scan->sheet.lines[line].first,
                        .middle = i > 0 };

                add_hit(hits, &hit);
        }
}

static size_t skip_box(const struct scan *scan, size_t start, size_t end)
{
        static const char *const crosses[] = { "x$", "v$", NULL };
        const struct sheet *sheet = &scan->sheet;

        if (start < end &&
            (sheet->tokens[start].kind == TOKEN_BOX || word_has_stem(sheet_key(sheet, start), crosses)))
                return label_skip_number(sheet, start + 1, end, NULL);
        return start;
}

size_t hits_sentence_limit(const struct sheet *sheet, size_t line, size_t last)
{
        size_t end = line;

        while (end < last && end < line + CONSENT_LINES && !sheet_line_is_blank(sheet, end))
                end++;
        return end > line ? sheet_line_end(sheet, end - 1) : sheet_line_end(sheet, line);
}

/* A line of the options that the label above offers ("organizacja pozarządowa") is no label ("Organizacja").
 */
static bool is_option(const struct scan *scan, const struct hits *hits, const struct hit *hit, size_t end)
{
        const struct hit *above = hits->count > 0 ? &hits->items[hits->count - 1] : NULL;
        struct span span = { hit->label.start, hit->label.start };
        bool valid;

        while (span.end < end && (scan->sheet.tokens[span.end].kind == TOKEN_WORD ||
                                     scan->sheet.tokens[span.end].kind == TOKEN_SIGN))
                span.end++;
        if (above == NULL || above->is_consent || hit->label.end == LABEL_END_COLON ||
            scan->form->fields[above->label.field].type != FIELD_CHOICE)
                return false;
        return answer_probe(scan, above->label.field, &span, 1, &valid) && valid;
}

void hits_find(const struct scan *scan, size_t first, size_t last, struct hits *ret_hits)
{
        const struct sheet *sheet = &scan->sheet;
        struct hits *hits = ret_hits;

        for (size_t line = first; line < last; line++) {
                struct hit hit = { .line = line, .lead = sheet->lines[line].first };
                size_t end = sheet_line_end(sheet, line), before = hits->count;
                size_t start = label_skip_number(sheet, hit.lead, end, &hit.numbered);
                const size_t own = line, own_start = start;
                if (section_is_heading(&scan->sections, line))
                        continue;
                if (consent_find(scan, skip_box(scan, start, end), hits_sentence_limit(sheet, line, last),
                        &hit.consent) &&
                    hit.consent.start < end) {
                        hit.is_consent = true;
                        add_hit(hits, &hit);
                        line = sheet_line_of(sheet, hit.consent.after - 1);
                        continue;
                }
                bool found =
                    find_at_start(scan, line, last, start, &hit) && !is_option(scan, hits, &hit, end);
                if (found) {
                        add_hit(hits, &hit);
                        if (hit.label.after > end) /* the label took the next line's beginning, or more */
                                line = sheet_line_of(sheet, hit.label.after - 1);
                        start = hit.label.after;
                } else {
                        start = start < end ? start + 1 : end;
                }
                find_in_middle(scan, line, start, found, hits);
                if (line == own)
                        find_chain(scan, line, own_start, before, hits);
        }
}

void hits_free(struct hits *hits)
{
        free(hits->items);
        *hits = (struct hits){ 0 };
}
