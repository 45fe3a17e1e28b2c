/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/layout_mark.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/document.h"
#include "page/layout_stroke.h"
#include "page/page.h"

/* Looks of a stroke at a word, all together: a page on which more are needed is drawn to do harm. */
enum { LOOKS_MAX = 20000000, HITS_MAX = 100000, HITS_OF_WORD_MAX = 32 };

/* Shares of a word's height, from its top: where a stroke goes through it, and where it runs under it. */
#define STRIKE_TOP 0.28
#define STRIKE_BOTTOM 0.78
#define UNDER_BOTTOM 1.2
/* As much of the stroke must be at words. */
#define COVERED 0.6
/* Blanks between words count as theirs. */
#define BLANK 0.4
#define TALLEST 72.0
#define REACH 0.7

struct hit {
        size_t word;
        double from, to;
        unsigned mark;
};

struct marking {
        const struct page *page;
        struct strokes *strokes;
        size_t *order; /* words by their middle */
        size_t count;
        struct hit *hits; /* sorted by word when marking_sort() was called */
        size_t hit_count, hit_room;
        size_t looks;
};

static double middle_of(const struct page_word *word)
{
        return (word->at.y0 + word->at.y1) / 2;
}

static int by_middle(const void *a, const void *b, void *page)
{
        const struct page_word *words = ((const struct page *)page)->words;
        double one = middle_of(&words[*(const size_t *)a]), other = middle_of(&words[*(const size_t *)b]);

        return one < other ? -1 : one > other;
}

struct marking *marking_new(const struct page *page, struct strokes *horizontal)
{
        struct marking *m = xcalloc(1, sizeof *m);

        m->page = page;
        m->strokes = horizontal;
        m->order = xreallocarray(NULL, page->word_count + 1, sizeof *m->order);
        for (size_t i = 0; i < page->word_count; i++)
                if (page->words[i].at.y1 - page->words[i].at.y0 <= TALLEST)
                        m->order[m->count++] = i;
        if (m->count)
                qsort_r(m->order, m->count, sizeof *m->order, by_middle, (void *)(size_t)page);
        return m;
}

void marking_free(struct marking *m)
{
        if (!m)
                return;
        free(m->order);
        free(m->hits);
        free(m);
}

static size_t words_from(const struct marking *m, double middle)
{
        size_t low = 0, high = m->count;

        while (low < high) {
                size_t half = low + (high - low) / 2;

                if (middle_of(&m->page->words[m->order[half]]) < middle)
                        low = half + 1;
                else
                        high = half;
        }
        return low;
}

static void add_hit(struct marking *m, size_t word, const struct stroke *stroke, unsigned mark)
{
        if (m->hit_count == HITS_MAX)
                return;
        if (m->hit_count == m->hit_room) {
                m->hit_room = m->hit_room * 2 + 32;
                m->hits = xreallocarray(m->hits, m->hit_room, sizeof *m->hits);
        }
        m->hits[m->hit_count++] = (struct hit){ word, stroke->from - REACH, stroke->to + REACH, mark };
}

static double overlap(const struct page_word *word, const struct stroke *stroke)
{
        double end = word->at.x1 + BLANK * (word->at.y1 - word->at.y0);
        double from = word->at.x0 > stroke->from ? word->at.x0 : stroke->from;
        double to = end < stroke->to ? end : stroke->to;

        return to > from ? to - from : 0;
}

/* Dots and lines to write on are neither struck nor underlined. */
static bool is_leader(const struct page_word *word)
{
        return word->text[0] != '\0' && word->text[strspn(word->text, "._")] == '\0';
}

/* The words that the stroke goes through (or under), if they are most of its length. */
static void look(struct marking *m, struct stroke *stroke, double top, double bottom, unsigned mark)
{
        size_t first_hit = m->hit_count;
        double covered = 0;

        for (size_t i = words_from(m, stroke->at - TALLEST); i < m->count; i++) {
                const struct page_word *word = &m->page->words[m->order[i]];
                double height = word->at.y1 - word->at.y0, down = (stroke->at - word->at.y0) / height, width;

                if (middle_of(word) > stroke->at + TALLEST || ++m->looks > LOOKS_MAX)
                        break;
                if (height <= 0 || !(down > top && down <= bottom))
                        continue;
                width = overlap(word, stroke);
                if (width <= REACH)
                        continue;
                covered += width;
                if (!is_leader(word)) /* but a stroke may go through dots and what was written behind them */
                        add_hit(m, m->order[i], stroke, mark);
        }
        if (m->hit_count > first_hit && covered >= COVERED * (stroke->to - stroke->from))
                stroke->taken = true;
        else
                m->hit_count = first_hit;
}

static void look_all(struct marking *m, double top, double bottom, unsigned mark)
{
        for (size_t i = 0; i < m->strokes->count; i++)
                if (!m->strokes->items[i].taken)
                        look(m, &m->strokes->items[i], top, bottom, mark);
}

void marking_strikes(struct marking *m)
{
        look_all(m, STRIKE_TOP, STRIKE_BOTTOM, RUN_STRIKE);
}

static int by_word(const void *a, const void *b)
{
        const struct hit *one = a, *other = b;

        return one->word < other->word ? -1 : one->word > other->word;
}

void marking_underlines(struct marking *m)
{
        look_all(m, STRIKE_BOTTOM, UNDER_BOTTOM, RUN_UNDERLINE);
        if (m->hit_count)
                qsort(m->hits, m->hit_count, sizeof *m->hits, by_word);
}

static size_t first_hit(const struct marking *m, size_t word)
{
        size_t low = 0, high = m->hit_count;

        while (low < high) {
                size_t half = low + (high - low) / 2;

                if (m->hits[half].word < word)
                        low = half + 1;
                else
                        high = half;
        }
        return low;
}

unsigned marking_at(const struct marking *m, size_t word, double x)
{
        size_t first = first_hit(m, word), end = first + HITS_OF_WORD_MAX;
        unsigned marks = 0;

        for (size_t i = first; i < m->hit_count && i < end && m->hits[i].word == word; i++)
                if (x >= m->hits[i].from && x <= m->hits[i].to)
                        marks |= m->hits[i].mark;
        return marks;
}
