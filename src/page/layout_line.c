/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/layout_line.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "read/draft.h"

enum { LOOK_BACK = 4, OVERLAPS_MAX = 300 };

/* In points, and shares of a piece's height. */
#define NEAR 3.2
#define NEAR_SHARE 0.45
#define SAME_SHARE 0.15
#define OVERLAP_SHARE 0.3
#define FIELD_LINE 16.0 /* a control of several lines stands where its first line is */
#define TAB_GAP 12.0
#define TAB_SHARE 1.2
#define BLANK_SHARE 0.1
#define LEADER_GAP 9.0
#define LEADER_MIN 12.0

static double height_of(const struct piece *piece)
{
        double height = piece->at.y1 - piece->at.y0;

        return piece->kind == PIECE_FIELD && height > FIELD_LINE ? FIELD_LINE : height;
}

static double middle_of(const struct piece *piece)
{
        return piece->at.y0 + height_of(piece) / 2;
}

/* ---- making */

static int by_middle(const void *a, const void *b)
{
        double one = middle_of(a), other = middle_of(b);

        if (one < other || one > other)
                return one < other ? -1 : 1;
        one = ((const struct piece *)a)->at.x0;
        other = ((const struct piece *)b)->at.x0;
        return one < other ? -1 : one > other;
}

static int by_left(const void *a, const void *b)
{
        double one = ((const struct piece *)a)->at.x0, other = ((const struct piece *)b)->at.x0;

        return one < other ? -1 : one > other;
}

static int by_line(const void *a, const void *b)
{
        double one = ((const struct line_of_pieces *)a)->middle,
               other = ((const struct line_of_pieces *)b)->middle;

        return one < other ? -1 : one > other;
}

static struct line_of_pieces *add_line(struct lines_of_pieces *lines, const struct piece *piece)
{
        if (lines->count == lines->room) {
                lines->room = lines->room * 2 + 16;
                lines->items = xreallocarray(lines->items, lines->room, sizeof *lines->items);
        }
        lines->items[lines->count] = (struct line_of_pieces){ .at = piece->at, .middle = middle_of(piece) };
        return &lines->items[lines->count++];
}

static void widen(struct page_rect *r, const struct page_rect *with)
{
        r->x0 = with->x0 < r->x0 ? with->x0 : r->x0;
        r->y0 = with->y0 < r->y0 ? with->y0 : r->y0;
        r->x1 = with->x1 > r->x1 ? with->x1 : r->x1;
        r->y1 = with->y1 > r->y1 ? with->y1 : r->y1;
}

/* Whether the place of the piece in the line is taken: then it belongs to another line that is close by. */
static bool is_taken(const struct line_of_pieces *line, const struct piece *piece)
{
        size_t count = line->pieces.count < OVERLAPS_MAX ? line->pieces.count : OVERLAPS_MAX;

        if (piece->kind == PIECE_LEADER ||
            fabs(line->middle - middle_of(piece)) < SAME_SHARE * height_of(piece))
                return false;
        for (size_t i = 0; i < count; i++) {
                const struct piece *other = &line->pieces.items[i];
                double from = fmax(other->at.x0, piece->at.x0), to = fmin(other->at.x1, piece->at.x1);
                double width = fmin(other->at.x1 - other->at.x0, piece->at.x1 - piece->at.x0);

                if (other->kind == piece->kind && to - from > OVERLAP_SHARE * width)
                        return true;
        }
        return false;
}

static void place(struct lines_of_pieces *lines, const struct piece *piece)
{
        double middle = middle_of(piece), near = NEAR_SHARE * height_of(piece);
        struct line_of_pieces *line = NULL;
        size_t n;

        near = near > NEAR ? near : NEAR;
        for (size_t i = lines->count; i > 0 && i + LOOK_BACK > lines->count && !line; i--)
                if (middle - lines->items[i - 1].middle < near && !is_taken(&lines->items[i - 1], piece))
                        line = &lines->items[i - 1];
        if (!line)
                line = add_line(lines, piece);
        pieces_add(&line->pieces, piece);
        n = line->pieces.count;
        line->middle += (middle - line->middle) / (double)n;
        widen(&line->at, &piece->at);
}

/* ---- leaders: what is written on them stands in their place */

struct extent {
        double from, to;
};

static int by_from(const void *a, const void *b)
{
        const struct extent *one = a, *other = b;

        return one->from < other->from ? -1 : one->from > other->from;
}

static size_t join_extents(struct extent *extents, size_t count, double gap)
{
        size_t kept = 0;

        if (count)
                qsort(extents, count, sizeof *extents, by_from);
        for (size_t i = 0; i < count; i++) {
                if (kept && extents[i].from <= extents[kept - 1].to + gap) {
                        if (extents[i].to > extents[kept - 1].to)
                                extents[kept - 1].to = extents[i].to;
                } else {
                        extents[kept++] = extents[i];
                }
        }
        return kept;
}

static size_t extents_of(const struct pieces *pieces, bool leaders, struct extent **ret_extents)
{
        size_t count = 0;

        *ret_extents = xreallocarray(NULL, pieces->count + 1, sizeof **ret_extents);
        for (size_t i = 0; i < pieces->count; i++)
                if ((pieces->items[i].kind == PIECE_LEADER) == leaders)
                        (*ret_extents)[count++] =
                            (struct extent){ pieces->items[i].at.x0, pieces->items[i].at.x1 };
        return join_extents(*ret_extents, count, leaders ? LEADER_GAP : 0);
}

static void add_leader(struct line_of_pieces *line, double from, double to)
{
        const struct piece piece = {
                .kind = PIECE_LEADER, .at = { from, line->at.y0, to, line->at.y1 }, .text = "....", .size = 4
        };

        if (to - from >= LEADER_MIN)
                pieces_add(&line->pieces, &piece);
}

static void cut_leaders(struct line_of_pieces *line)
{
        struct extent *leaders, *words;
        size_t leader_count = extents_of(&line->pieces, true, &leaders);
        size_t word_count = extents_of(&line->pieces, false, &words), kept = 0, w = 0;

        for (size_t i = 0; i < line->pieces.count; i++)
                if (line->pieces.items[i].kind != PIECE_LEADER ||
                    line->pieces.items[i].at.x1 - line->pieces.items[i].at.x0 < LEADER_MIN)
                        line->pieces.items[kept++] = line->pieces.items[i];
        line->pieces.count = kept;
        for (size_t i = 0; i < leader_count; i++) {
                double from = leaders[i].from;

                while (w < word_count && words[w].to <= from)
                        w++;
                for (; w < word_count && words[w].from < leaders[i].to; w++) {
                        add_leader(line, from, words[w].from);
                        from = words[w].to;
                        if (words[w].to >= leaders[i].to)
                                break;
                }
                add_leader(line, from, leaders[i].to);
        }
        free(leaders);
        free(words);
}

static bool has_leader(const struct pieces *pieces)
{
        for (size_t i = 0; i < pieces->count; i++)
                if (pieces->items[i].kind == PIECE_LEADER)
                        return true;
        return false;
}

static bool is_tall(const struct piece *piece)
{
        return piece->kind == PIECE_FIELD && piece->at.y1 - piece->at.y0 > 1.3 * FIELD_LINE;
}

/* The first line that has something left of a control of several lines: its label, which may stand at any height. */
static struct line_of_pieces *beside(struct lines_of_pieces *lines, const struct piece *field)
{
        struct line_of_pieces *found = NULL;

        for (size_t i = 0; i < lines->count; i++) {
                struct line_of_pieces *line = &lines->items[i];

                if (line->middle > field->at.y0 && line->middle < field->at.y1 &&
                    line->at.x0 < field->at.x0 && (!found || line->middle < found->middle))
                        found = line;
        }
        return found;
}

enum { TALL_MAX = 200 };

static void place_tall(struct lines_of_pieces *lines, const struct piece *field, size_t tall)
{
        struct line_of_pieces *line = tall <= TALL_MAX ? beside(lines, field) : NULL;

        if (!line)
                line = add_line(lines, field);
        pieces_add(&line->pieces, field);
        if (field->at.x1 > line->at.x1)
                line->at.x1 = field->at.x1;
}

static void place_all(struct lines_of_pieces *lines, struct piece *sorted, size_t count)
{
        size_t tall = 0;

        if (count)
                qsort(sorted, count, sizeof *sorted, by_middle);
        for (size_t i = 0; i < count; i++)
                if (!is_tall(&sorted[i]))
                        place(lines, &sorted[i]);
        for (size_t i = 0; i < count; i++)
                if (is_tall(&sorted[i]))
                        place_tall(lines, &sorted[i], ++tall);
}

void lines_make(const struct piece *pieces, size_t count, struct lines_of_pieces *ret_lines)
{
        struct lines_of_pieces lines = { 0 };
        struct piece *sorted = xreallocarray(NULL, count + 1, sizeof *sorted);

        if (count)
                memcpy(sorted, pieces, count * sizeof *sorted);
        place_all(&lines, sorted, count);
        free(sorted);
        for (size_t i = 0; i < lines.count; i++) {
                struct line_of_pieces *line = &lines.items[i];

                if (has_leader(&line->pieces))
                        cut_leaders(line);
                if (line->pieces.count)
                        qsort(line->pieces.items, line->pieces.count, sizeof *line->pieces.items, by_left);
        }
        if (lines.count)
                qsort(lines.items, lines.count, sizeof *lines.items, by_line);
        *ret_lines = lines;
}

void lines_release(struct lines_of_pieces *lines)
{
        for (size_t i = 0; i < lines->count; i++)
                pieces_free(&lines->items[i].pieces);
        free(lines->items);
        *lines = (struct lines_of_pieces){ 0 };
}

/* ---- writing */

static bool is_tab(double gap, double height)
{
        return gap > TAB_GAP && gap > TAB_SHARE * height;
}

static void write_gap(
    const struct piece *before, const struct piece *piece, double end, unsigned marks, struct draft *draft)
{
        double one = height_of(before), other = height_of(piece), height = one < other ? one : other;
        double gap = piece->at.x0 - end;
        unsigned both = before->marks & piece->marks & (RUN_BOLD | RUN_UNDERLINE | RUN_STRIKE);

        if (is_tab(gap, height))
                draft_tab(draft, 0);
        else if (gap > BLANK_SHARE * height || (!piece->glue && piece->kind != PIECE_TEXT) ||
                 before->kind == PIECE_FIELD)
                draft_text(draft, " ", 1, marks | both, NULL);
}

static void write_piece(const struct piece *piece, unsigned marks, struct draft *draft)
{
        marks |= piece->marks;
        if (piece->kind == PIECE_BOX)
                draft_box(draft, piece->on, marks, piece->name);
        else if (piece->kind == PIECE_FIELD && piece->size == 0)
                draft_tab(draft, 0);
        else
                draft_text(draft, piece->text, piece->size, marks, piece->name);
}

void line_write(const struct line_of_pieces *line, unsigned marks, struct draft *draft)
{
        double end = 0;

        for (size_t i = 0; i < line->pieces.count; i++) {
                const struct piece *piece = &line->pieces.items[i];

                if (i > 0)
                        write_gap(&line->pieces.items[i - 1], piece, end, marks, draft);
                write_piece(piece, marks, draft);
                if (piece->at.x1 > end || i == 0)
                        end = piece->at.x1;
        }
}

bool line_is_spread(const struct line_of_pieces *line)
{
        double end = 0;

        for (size_t i = 0; i < line->pieces.count; i++) {
                const struct piece *piece = &line->pieces.items[i];

                if (i > 0 && is_tab(piece->at.x0 - end, height_of(piece)))
                        return true;
                if (piece->at.x1 > end || i == 0)
                        end = piece->at.x1;
        }
        return false;
}

/* Whether the piece begins a word. */
static bool begins_word(const struct line_of_pieces *line, size_t index)
{
        const struct piece *piece = &line->pieces.items[index];

        return index == 0 || (!piece->glue && piece->at.x0 - line->pieces.items[index - 1].at.x1 >
                                                  BLANK_SHARE * height_of(piece));
}

/* The width of the line's first word, and of its letters on average. */
static double first_width(const struct line_of_pieces *line, double *ret_letter)
{
        size_t end = 0, letters = 0;
        double width;

        for (; end < line->pieces.count && (end == 0 || !begins_word(line, end)); end++)
                letters += str_characters(line->pieces.items[end].text, line->pieces.items[end].size);
        width = end > 0 ? line->pieces.items[end - 1].at.x1 - line->pieces.items[0].at.x0 : 0;
        *ret_letter = letters > 0 ? width / (double)letters : width;
        return width;
}

bool line_has_colon(const struct line_of_pieces *line)
{
        for (size_t i = 0; i < line->pieces.count; i++)
                if (memchr(line->pieces.items[i].text ? line->pieces.items[i].text : "", ':',
                        line->pieces.items[i].text ? line->pieces.items[i].size : 0))
                        return true;
        return false;
}

/* Sorted from left to right: words that lie on one another were squeezed into too small a place. */
bool line_is_overprinted(const struct line_of_pieces *line)
{
        const struct piece *before = NULL;

        for (size_t i = 0; i < line->pieces.count; i++) {
                const struct piece *piece = &line->pieces.items[i];

                if (piece->kind != PIECE_TEXT)
                        continue;
                if (before &&
                    before->at.x1 - piece->at.x0 >
                        OVERLAP_SHARE * fmin(before->at.x1 - before->at.x0, piece->at.x1 - piece->at.x0))
                        return true;
                if (!before || piece->at.x1 > before->at.x1)
                        before = piece;
        }
        return false;
}

double line_first_text(const struct line_of_pieces *line)
{
        for (size_t i = 0; i < line->pieces.count; i++)
                if (line->pieces.items[i].kind == PIECE_TEXT)
                        return line->pieces.items[i].at.x0;
        return -1;
}

double line_last_column(const struct line_of_pieces *line)
{
        double end = 0, column = -1;

        for (size_t i = 0; i < line->pieces.count; i++) {
                const struct piece *piece = &line->pieces.items[i];

                if (i > 0 && is_tab(piece->at.x0 - end, height_of(piece)))
                        column = piece->at.x0;
                if (piece->at.x1 > end || i == 0)
                        end = piece->at.x1;
        }
        return column;
}

double line_first_width(const struct line_of_pieces *line)
{
        double letter;

        return first_width(line, &letter);
}

static bool is_broken_at_sign(const struct piece *last)
{
        return last->size > 1 && strchr("-/@", last->text[last->size - 1]);
}

bool line_is_word(const struct line_of_pieces *line)
{
        for (size_t i = 1; i < line->pieces.count; i++)
                if (begins_word(line, i))
                        return false;
        return line->pieces.count > 0;
}

bool line_breaks_word(
    const struct line_of_pieces *line, const struct line_of_pieces *next, double left, double right)
{
        const struct piece *first, *last;
        double width, letter;

        if (line->pieces.count == 0 || next->pieces.count == 0)
                return false;
        first = &next->pieces.items[0];
        last = &line->pieces.items[line->pieces.count - 1];
        if (first->kind != PIECE_TEXT || last->kind != PIECE_TEXT)
                return false;
        if (is_broken_at_sign(last))
                return true;
        width = first_width(next, &letter);
        return line_is_word(line) && last->at.x1 + letter > right &&
               last->at.x1 - line->pieces.items[0].at.x0 + width > right - left;
}
