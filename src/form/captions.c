/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/captions.h"

#include <string.h>

#include "core/form.h"
#include "core/word.h"
#include "form/answer.h"
#include "form/label_words.h"
#include "form/stops.h"

enum { CAPTIONS_MAX = 8, COLUMN_GAP = 3, LINES_MAX = 4, BARE_MIN = 3 };

#define ABOVE_DOTS 0.75 /* the line over empty dots may be a heading */

/* The written-on pieces of a line, in order. */
static size_t pieces(const struct sheet *sheet, size_t line, struct span *ret_pieces)
{
        size_t count = 0, end = sheet_line_end(sheet, line);
        bool open = false;

        for (size_t i = sheet->lines[line].first; i < end; i++) {
                const struct token *token = &sheet->tokens[i];
                bool gap = token->kind == TOKEN_TAB || token->kind == TOKEN_LEADER || token->gap > COLUMN_GAP;
                if (gap)
                        open = false;
                if (token->kind == TOKEN_TAB || token->kind == TOKEN_LEADER)
                        continue;
                if (!open && count == CAPTIONS_MAX)
                        break;
                if (!open)
                        ret_pieces[count++].first = i;
                open = true;
                ret_pieces[count - 1].end = i + 1;
        }
        return count;
}

/* The same with the places that were left empty: dots between wide gaps, as empty pieces. */
static size_t places(const struct sheet *sheet, size_t line, struct span *ret_places)
{
        size_t count = 0, end = sheet_line_end(sheet, line);

        for (size_t i = sheet->lines[line].first; i < end; i++) {
                const struct token *token = &sheet->tokens[i];
                struct span *last = count > 0 ? &ret_places[count - 1] : NULL;

                if (token->kind == TOKEN_TAB)
                        continue;
                if (last == NULL || token->gap > COLUMN_GAP || sheet->tokens[i - 1].kind == TOKEN_TAB) {
                        if (count == CAPTIONS_MAX)
                                break;
                        last = &ret_places[count++];
                        *last = (struct span){ i, i };
                }
                if (token->kind == TOKEN_LEADER)
                        continue;
                if (last->end == last->first)
                        last->first = i;
                last->end = i + 1;
        }
        return count;
}

static bool has_leader(const struct sheet *sheet, size_t line)
{
        for (size_t i = sheet->lines[line].first; i < sheet_line_end(sheet, line); i++)
                if (sheet->tokens[i].kind == TOKEN_LEADER)
                        return true;
        return false;
}

static bool begins_with_leader(const struct sheet *sheet, size_t line)
{
        return sheet->lines[line].count > 0 && sheet->tokens[sheet->lines[line].first].kind == TOKEN_LEADER;
}

static const char *const stems[] = { "nizej$", "podpisan", "zglasz", "zatrudnion", "zamieszk", "legitym",
        "reprezent", "deklar", "oswiadcz", "urodzon", NULL };

/* Words printed before the dots: "Ja, niżej podpisana/y ......", "zatrudniona/y w ......". */
static bool is_intro(const struct scan *scan, const struct span *span)
{
        const struct sheet *sheet = &scan->sheet;

        for (size_t i = span->first; i < span->end; i++)
                if (sheet_is_sign(sheet, i, "/:") || word_has_stem(sheet_key(sheet, i), stems))
                        return true;
        return label_word_is_small(sheet_key(sheet, span->end - 1));
}

/* The pieces without the words printed before dots. ret_doubtful: the first may be such words and may be an answer. */
static size_t written_pieces(
    const struct scan *scan, size_t line, size_t wanted, struct span *ret_pieces, bool *ret_doubtful)
{
        const struct sheet *sheet = &scan->sheet;
        size_t count = pieces(sheet, line, ret_pieces), first = sheet->lines[line].first;
        bool before_dots = count > 0 && ret_pieces[0].first == first && has_leader(sheet, line);

        *ret_doubtful = false;
        if (!before_dots || begins_with_leader(sheet, line))
                return count;
        if (count == wanted + 1 || is_intro(scan, &ret_pieces[0])) {
                count--;
                memmove(ret_pieces, ret_pieces + 1, count * sizeof *ret_pieces);
        } else {
                *ret_doubtful = true;
        }
        return count;
}

/* ---- which lines are captions */

struct captions {
        struct span spans[CAPTIONS_MAX];
        struct label_match matches[CAPTIONS_MAX]; /* field LABEL_NONE: no field of ours, "(podpis)" */
        size_t count, known;
};

static bool in_brackets(const struct sheet *sheet, const struct span *span)
{
        return sheet_is_sign(sheet, span->first, "(");
}

/* Nothing but the label in the piece. */
static bool find_plain(const struct scan *scan, const struct span *span, struct label_match *ret_match)
{
        return label_find(scan->labels, &scan->sheet, span->first, span->end, LABEL_STRONG, ret_match) &&
               ret_match->whole && ret_match->end == LABEL_END_TEXT;
}

static bool read_captions(const struct scan *scan, size_t line, bool plain, struct captions *ret_captions)
{
        const struct sheet *sheet = &scan->sheet;

        *ret_captions = (struct captions){ 0 };
        ret_captions->count = pieces(sheet, line, ret_captions->spans);
        for (size_t i = 0; i < ret_captions->count; i++) {
                const struct span *span = &ret_captions->spans[i];
                struct label_match *match = &ret_captions->matches[i];
                bool found;

                if (!plain && !in_brackets(sheet, span))
                        return false;
                found = in_brackets(sheet, span)
                            ? label_find_caption(scan->labels, sheet, span->first, span->end, match)
                            : find_plain(scan, span, match);
                if (!found)
                        match->field = LABEL_NONE;
                ret_captions->known += found;
        }
        return ret_captions->known > 0;
}

bool captions_is_plain(const struct scan *scan, size_t line, size_t first)
{
        struct captions captions;

        return line > first && (scan->under > 0 || begins_with_leader(&scan->sheet, line - 1)) &&
               !has_leader(&scan->sheet, line) && read_captions(scan, line, true, &captions) &&
               !in_brackets(&scan->sheet, &captions.spans[0]);
}

/* A label alone in its line. */
static bool is_bare(const struct scan *scan, size_t line)
{
        struct span span = { scan->sheet.lines[line].first, sheet_line_end(&scan->sheet, line) };
        struct label_match match;

        return find_plain(scan, &span, &match);
}

/* Whether the line alone is a value for the field. */
static bool is_value(const struct scan *scan, size_t field, size_t line)
{
        struct span span = { scan->sheet.lines[line].first, sheet_line_end(&scan->sheet, line) };
        bool valid = false;

        return !is_bare(scan, line) && answer_probe(scan, field, &span, 1, &valid) && valid;
}

/* Whether the blank form has captions without brackets. */
static bool are_printed(const struct scan *scan)
{
        const struct scan *printed = scan->printed;

        for (size_t i = 0; printed != NULL && i < printed->answers.count; i++)
                if (printed->answers.items[i].under &&
                    !sheet_is_sign(&printed->sheet, printed->answers.items[i].label.first, "("))
                        return true;
        return false;
}

double captions_are_under(const struct scan *scan, size_t first, size_t last)
{
        size_t bare = 0, above = 0, below = 0;

        for (size_t line = first; line < last; line++) {
                struct span span = { scan->sheet.lines[line].first, sheet_line_end(&scan->sheet, line) };
                struct label_match match;
                enum field_type type;

                if (!find_plain(scan, &span, &match))
                        continue;
                bare++;
                type = scan->form->fields[match.field].type;
                if (type != FIELD_PHONE && type != FIELD_EMAIL && type != FIELD_DATE)
                        continue;
                above += line > first && is_value(scan, match.field, line - 1);
                below += line + 1 < last && is_value(scan, match.field, line + 1);
        }
        if (below > 0 || bare < BARE_MIN || above == 0)
                return 0;
        return above > 1 || are_printed(scan) ? 1 : ABOVE_DOTS;
}

static bool is_open(const struct scan *scan, size_t line, size_t last)
{
        return line < last && !sheet_line_is_blank(&scan->sheet, line) && !stops_is_boilerplate(scan, line);
}

bool captions_are_plain(const struct scan *scan, size_t first, size_t last)
{
        size_t found = 0, end = first;

        for (size_t line = first; line < last; line++) {
                if (captions_is_plain(scan, line, first)) {
                        found++;
                        end = line + 1;
                } else if (found == 0 && scan->under == 0 && is_bare(scan, line)) {
                        return false;
                }
        }
        if (scan->under > 0)
                return found > 0;
        if (found == 0 || (end < last && begins_with_leader(&scan->sheet, end)))
                return false;
        return found > 1 || !is_open(scan, end, last);
}

/* ---- their answers */

/* The line is empty dots, and what was written stands above them. */
static bool is_over_dots(const struct scan *scan, size_t line, size_t first, bool plain)
{
        struct captions captions;

        return line > first && sheet_line_is_blank(&scan->sheet, line) && has_leader(&scan->sheet, line) &&
               !sheet_line_is_blank(&scan->sheet, line - 1) && !stops_is_boilerplate(scan, line - 1) &&
               !label_is_foreign(
                   &scan->sheet, scan->sheet.lines[line - 1].first, sheet_line_end(&scan->sheet, line - 1)) &&
               !read_captions(scan, line - 1, plain, &captions);
}

/* Whether nothing but an answer can stand in the line: between captions, or in a form whose print is known. */
static bool is_surely_answer(const struct scan *scan, size_t line, size_t first, bool plain)
{
        struct captions captions;

        return scan->blank_line_count > 0 ||
               (line > first && read_captions(scan, line - 1, plain, &captions));
}

/* The line goes on with the paragraph of the one above, which the caption's is not. */
static bool is_in_paragraph(const struct sheet *sheet, size_t line, size_t under)
{
        return sheet->lines[line].table < 0 && sheet->lines[line].block == sheet->lines[line - 1].block &&
               under < sheet->line_count && sheet->lines[under].block != sheet->lines[line].block;
}

/* A caption may stand under several lines to write on. */
static size_t lines_above(const struct scan *scan, size_t line, size_t first, struct span *ret_spans)
{
        const struct sheet *sheet = &scan->sheet;
        struct span found[CAPTIONS_MAX], lines[LINES_MAX];
        const size_t under = line + 1;
        size_t count = 0;

        while (count < LINES_MAX && pieces(sheet, line, found) == 1) {
                lines[count++] = found[0];
                if (line == first ||
                    !(is_in_paragraph(sheet, line, under) ||
                        (begins_with_leader(sheet, line) && begins_with_leader(sheet, line - 1))))
                        break;
                line--;
        }
        for (size_t i = 0; i < count; i++)
                ret_spans[i] = lines[count - 1 - i];
        return count;
}

/* Nothing is written between this caption and the one above. */
static bool is_taken(const struct scan *scan, size_t line, bool plain)
{
        struct captions captions;

        return plain && scan->under > 0 &&
               ((scan->sheet.lines[line].count > 0 &&
                    sheet_is_sign(&scan->sheet, scan->sheet.lines[line].first, "(")) ||
                   read_captions(scan, line, plain, &captions));
}

static void add_captions(struct scan *scan, size_t line, size_t first, bool plain)
{
        struct span above[CAPTIONS_MAX], lines[LINES_MAX];
        struct captions captions;
        size_t values, count, from = line - 1;
        double most = 1;
        bool doubtful = false;

        if (plain && !captions_is_plain(scan, line, first))
                plain = false;
        if (!read_captions(scan, line, plain, &captions))
                return;
        if (is_over_dots(scan, from, first, plain)) {
                from--;
                most = is_surely_answer(scan, from, first, plain) ? 1 : ABOVE_DOTS;
        }
        if (plain && from + 1 == line && !begins_with_leader(&scan->sheet, from) && most > scan->under)
                most = scan->under;
        values =
            is_taken(scan, from, plain) ? 0 : written_pieces(scan, from, captions.count, above, &doubtful);
        if (captions.count > 1 && values < captions.count && has_leader(&scan->sheet, from)) {
                values = places(&scan->sheet, from, above);
                doubtful = false;
        }
        if (doubtful && most > ABOVE_DOTS)
                most = ABOVE_DOTS;
        count = captions.count == 1 && values > 0 ? lines_above(scan, from, first, lines) : 0;
        for (size_t i = 0; i < captions.count; i++) {
                struct label_match *match = &captions.matches[i];

                if (match->field == LABEL_NONE)
                        continue;
                match->under = true;
                match->confidence = match->confidence < most ? match->confidence : most;
                if (count > 1)
                        answer_add(scan, match, lines, count, line, 0);
                else
                        answer_add(scan, match, &above[i], values == captions.count, line, 0);
        }
}

void captions_scan(struct scan *scan, size_t first, size_t last, bool plain)
{
        for (size_t line = first + 1; line < last; line++)
                add_captions(scan, line, first, plain);
}

/* ---- in a sentence: "Ja, niżej podpisany/a ...... (imię i nazwisko), reprezentujący/a ...... (nazwa instytucji)" */

/* What is written behind the sentence's own words. False: there are none of these, or it is no sentence. */
static bool written_behind(const struct sheet *sheet, size_t first, size_t end, struct span *ret_span)
{
        static const char *const own[] = { "podpisan", "zglaszam", "zatrudnion", "zamieszkal", "legitymuj",
                "reprezentuj", NULL };
        size_t start = end;

        for (size_t i = first; i < end; i++) {
                if (sheet->tokens[i].kind == TOKEN_TAB)
                        return false;
                if (word_has_stem(sheet_key(sheet, i), own))
                        start = i + 1;
        }
        if (start == end)
                return false;
        while (start < end &&
               (sheet->tokens[start].kind != TOKEN_WORD || label_word_is_small(sheet_key(sheet, start)) ||
                   sheet_key(sheet, start)[1] == '\0'))
                start++;
        while (end > start &&
               (sheet->tokens[end - 1].kind == TOKEN_LEADER || sheet_is_sign(sheet, end - 1, ",")))
                end--;
        *ret_span = (struct span){ start, end };
        return true;
}

bool captions_scan_sentence(struct scan *scan, size_t line)
{
        const struct sheet *sheet = &scan->sheet;
        size_t from = sheet->lines[line].first, end = sheet_line_end(sheet, line);
        bool found = false;

        for (size_t i = from; i < end; i++) {
                struct label_match match;
                struct span span;
                size_t close = i + 1;

                if (!sheet_is_sign(sheet, i, "("))
                        continue;
                while (close < end && !sheet_is_sign(sheet, close, ")"))
                        close++;
                if (close == end)
                        break;
                if (label_find_caption(scan->labels, sheet, i, close + 1, &match) &&
                    written_behind(sheet, from, i, &span)) {
                        match.start = i;
                        match.after = close + 1;
                        match.inside = true;
                        answer_add(
                            scan, &match, &span, sheet_has_content(sheet, span.first, span.end), line, 0);
                        found = true;
                        from = close + 1;
                }
                i = close;
        }
        return found;
}
