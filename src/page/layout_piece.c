/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/layout_piece.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/utf8.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "page/layout_mark.h"
#include "page/layout_stroke.h"

enum {
        LOOKS_MAX = 20000000,
        SCRAWLS_MAX = 300,
        DOTS_MIN = 4,  /* so many are no end of a sentence */
        LINES_MIN = 2, /* underscores */
        CROSS_MAX = 2, /* characters of what somebody puts into a box */
};

/* In points. */
#define WRITING_LINE 25.0 /* a stroke so long is one to write on */
#define WRITING_HEIGHT 11.0
#define LARGEST_BOX 26.0
#define BESIDE 1.5 /* a cross may stand so far beside its box */

struct maker {
        const struct page *page;
        const struct marking *marking;
        struct pieces *out;
        struct page_box *boxes; /* a copy that learns what is in them, sorted from above */
        size_t box_count;
        size_t looks;
};

struct piece *pieces_add(struct pieces *pieces, const struct piece *piece)
{
        if (pieces->count == pieces->room) {
                pieces->room = pieces->room * 2 + 64;
                pieces->items = xreallocarray(pieces->items, pieces->room, sizeof *pieces->items);
        }
        pieces->items[pieces->count] = *piece;
        return &pieces->items[pieces->count++];
}

void pieces_free(struct pieces *pieces)
{
        free(pieces->items);
        *pieces = (struct pieces){ 0 };
}

/* ---- characters */

enum sort { SORT_TEXT, SORT_DOT, SORT_LINE, SORT_BOX_OFF, SORT_BOX_ON };

static enum sort sort_of(UChar32 c)
{
        switch (c) {
        case '.':
        case 0x2025:
        case 0x2026:
                return SORT_DOT;
        case '_':
                return SORT_LINE;
        case 0x2610:
        case 0x25A1:
        case 0x25A2:
        case 0x25FB:
        case 0x274F:
        case 0x2750:
        case 0x2751:
        case 0x2752:
        case 0xF06F:
        case 0xF070:
        case 0xF071:
        case 0xF072:
        case 0xF0A3:
        case 0xF0A8:
                return SORT_BOX_OFF;
        case 0x2611:
        case 0x2612:
        case 0x22A0:
        case 0xF052:
        case 0xF053:
        case 0xF0FD:
        case 0xF0FE:
                return SORT_BOX_ON;
        default:
                return SORT_TEXT;
        }
}

/* What people put into boxes: a cross, a tick, a filled square. */
static bool is_cross(const char *text)
{
        static const char *const crosses[] = { "x", "X", "v", "V", "+", "\u00d7", "\u2713", "\u2714",
                "\u2715", "\u2716", "\u2717", "\u2718", "\u2611", "\u2612", "\u25a0", "\u25cf", "\u2022",
                "xx", "XX", "\u221a", "\uf0fc", "\uf0fb", "\uf078", NULL };

        for (size_t i = 0; crosses[i]; i++)
                if (strcmp(text, crosses[i]) == 0)
                        return true;
        return false;
}

/* ---- boxes */

static bool contains(const struct page_rect *r, double x, double y, double beside)
{
        return x >= r->x0 - beside && x <= r->x1 + beside && y >= r->y0 - beside && y <= r->y1 + beside;
}

static int by_top(const void *a, const void *b)
{
        double one = ((const struct page_box *)a)->at.y0, other = ((const struct page_box *)b)->at.y0;

        return one < other ? -1 : one > other;
}

/* The drawn box around a point, or NULL. */
static struct page_box *box_around(struct maker *m, double x, double y)
{
        size_t low = 0, high = m->box_count;

        while (low < high) {
                size_t half = low + (high - low) / 2;

                if (m->boxes[half].at.y0 < y - LARGEST_BOX)
                        low = half + 1;
                else
                        high = half;
        }
        for (; low < m->box_count && m->boxes[low].at.y0 <= y + BESIDE && ++m->looks < LOOKS_MAX; low++)
                if (contains(&m->boxes[low].at, x, y, BESIDE))
                        return &m->boxes[low];
        return NULL;
}

/* Whether the text is a mark in a drawn box, which then is ticked. */
static bool ticks_box(struct maker *m, const char *text, const struct page_rect *at)
{
        struct page_box *box;

        if (str_characters(text, strlen(text)) > CROSS_MAX)
                return false;
        box = box_around(m, (at->x0 + at->x1) / 2, (at->y0 + at->y1) / 2);
        if (!box)
                return false;
        if (is_cross(text)) {
                box->on = true;
                return true;
        }
        return false;
}

static void add_box_piece(struct maker *m, const struct page_box *box, const char *name, unsigned marks)
{
        const struct piece piece = { .kind = PIECE_BOX,
                .at = box->at,
                .name = name,
                .marks = marks | (box->doubtful ? RUN_DOUBTFUL : 0u),
                .on = box->on };

        pieces_add(m->out, &piece);
}

/* ---- words */

struct letter {
        enum sort sort;
        unsigned marks;
        size_t from, to; /* bytes */
        double x0, x1;
};

static struct letter letter_at(const struct maker *m, size_t index, size_t *at, size_t number, size_t count)
{
        const struct page_word *word = &m->page->words[index];
        size_t size = strlen(word->text);
        struct letter letter = { .from = *at };
        double width = (word->at.x1 - word->at.x0) / (double)count;
        UChar32 c;

        U8_NEXT_OR_FFFD(word->text, *at, size, c);
        letter.to = *at;
        letter.x0 = word->edges ? word->edges[number] : word->at.x0 + width * (double)number;
        letter.x1 = word->edges ? word->edges[number + 1] : letter.x0 + width;
        letter.sort = sort_of(c);
        letter.marks = word->marks | marking_at(m->marking, index, (letter.x0 + letter.x1) / 2);
        return letter;
}

static bool same_piece(const struct letter *one, const struct letter *other)
{
        return one->sort == other->sort && one->sort < SORT_BOX_OFF &&
               (one->sort != SORT_TEXT || one->marks == other->marks);
}

static void add_letters(
    struct maker *m, const struct page_word *word, const struct letter *letters, size_t count)
{
        const struct letter *first = &letters[0], *last = &letters[count - 1];
        struct piece piece = { .at = { first->x0, word->at.y0, last->x1, word->at.y1 },
                .text = word->text + first->from,
                .size = last->to - first->from,
                .marks = first->marks,
                .glue = first->from > 0 };
        bool box = first->sort >= SORT_BOX_OFF;
        bool leader = (first->sort == SORT_DOT &&
                          (count >= DOTS_MIN || last->to - first->from == strlen(word->text))) ||
                      (first->sort == SORT_LINE && count >= LINES_MIN);

        piece.kind = box ? PIECE_BOX : leader ? PIECE_LEADER : PIECE_TEXT;
        piece.on = first->sort == SORT_BOX_ON;
        pieces_add(m->out, &piece);
}

/* A piece for what is alike in a word. */
static void add_word(struct maker *m, size_t index)
{
        const struct page_word *word = &m->page->words[index];
        size_t count = str_characters(word->text, strlen(word->text)), at = 0, first = 0;
        struct letter *letters;

        if (count == 0 || ticks_box(m, word->text, &word->at))
                return;
        letters = xreallocarray(NULL, count, sizeof *letters);
        for (size_t i = 0; i < count; i++)
                letters[i] = letter_at(m, index, &at, i, count);
        for (size_t i = 1; i <= count; i++)
                if (i == count || !same_piece(&letters[first], &letters[i])) {
                        add_letters(m, word, letters + first, i - first);
                        first = i;
                }
        free(letters);
}

/* ---- the rest */

static void add_control(struct maker *m, const struct page_control *control)
{
        const struct page_box box = { .at = control->at, .on = control->on };
        struct piece piece = { .kind = PIECE_FIELD,
                .at = control->at,
                .text = control->text ? control->text : "",
                .name = control->name,
                .marks = RUN_FIELD };

        if (control->kind == PAGE_CONTROL_BOX) {
                add_box_piece(m, &box, control->name, RUN_FIELD);
                return;
        }
        if (control->kind == PAGE_CONTROL_NOTE && ticks_box(m, piece.text, &control->at))
                return;
        piece.size = strlen(piece.text);
        pieces_add(m->out, &piece);
}

static void add_writing_lines(struct maker *m, const struct strokes *strokes)
{
        for (size_t i = 0; i < strokes->count; i++) {
                const struct stroke *s = &strokes->items[i];
                const struct piece piece = { .kind = PIECE_LEADER,
                        .at = { s->from, s->at - WRITING_HEIGHT, s->to, s->at },
                        .text = "" };

                if (!s->taken && s->to - s->from >= WRITING_LINE)
                        pieces_add(m->out, &piece);
        }
}

/* What is ringed or scrawled on was perhaps chosen: a person is asked. */
static void add_scrawls(struct maker *m)
{
        size_t count = m->page->scrawl_count < SCRAWLS_MAX ? m->page->scrawl_count : SCRAWLS_MAX;

        for (size_t i = 0; i < count; i++) {
                const struct page_rect *r = &m->page->scrawls[i];
                size_t first = (size_t)-1;

                for (size_t k = 0; k < m->out->count; k++) {
                        struct piece *piece = &m->out->items[k];
                        double x = (piece->at.x0 + piece->at.x1) / 2, y = (piece->at.y0 + piece->at.y1) / 2;

                        if (!contains(r, x, y, 0) || piece->kind == PIECE_LEADER)
                                continue;
                        piece->marks |= RUN_DOUBTFUL;
                        piece->on = true;
                        if (first == (size_t)-1 || piece->kind == PIECE_BOX)
                                first = k;
                }
                if (first != (size_t)-1 && m->out->items[first].kind == PIECE_TEXT) {
                        const struct page_rect *at = &m->out->items[first].at;
                        const struct page_box ring = { { at->x0 - 0.2, at->y0, at->x0 - 0.1, at->y1 }, true,
                                true };

                        add_box_piece(m, &ring, NULL, 0);
                }
        }
}

void pieces_make(const struct page *page, const struct marking *marking, const struct strokes *horizontal,
    struct pieces *ret_pieces)
{
        struct maker m = { .page = page, .marking = marking, .out = ret_pieces };

        *ret_pieces = (struct pieces){ 0 };
        m.boxes = xreallocarray(NULL, page->box_count + 1, sizeof *m.boxes);
        if (page->box_count)
                memcpy(m.boxes, page->boxes, page->box_count * sizeof *m.boxes);
        m.box_count = page->box_count;
        if (m.box_count)
                qsort(m.boxes, m.box_count, sizeof *m.boxes, by_top);
        for (size_t i = 0; i < page->word_count; i++)
                add_word(&m, i);
        for (size_t i = 0; i < page->control_count; i++)
                add_control(&m, &page->controls[i]);
        for (size_t i = 0; i < m.box_count; i++)
                add_box_piece(&m, &m.boxes[i], NULL, 0);
        add_writing_lines(&m, horizontal);
        add_scrawls(&m);
        free(m.boxes);
}
