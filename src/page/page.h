/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page as whoever looked at it saw it, in a PDF or in a picture: words, drawn lines, boxes and controls, each
 * with its place. What comes after (page/layout.h) knows neither. Places are in points (1/72 inch) from the page's
 * upper left corner, y downwards. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct page_rect {
        double x0, y0, x1, y1; /* x0 <= x1, y0 <= y1 */
};

struct page_word {
        char *text; /* owned; UTF-8 in NFC, without blanks */
        struct page_rect at;
        double *
            edges; /* owned; left side of each character (code point) and the right side of the last, or NULL:
                           all equally wide */
        unsigned marks; /* of enum document_mark, as far as the source itself says */
};

/* A thin stroke, horizontal or vertical: a ruling line of a table, an underline, a line through words. */
struct page_rule {
        struct page_rect at;
};

/* A small square that was drawn to be ticked. */
struct page_box {
        struct page_rect at;
        bool on;
        bool doubtful; /* its state is a guess */
};

enum page_control_kind {
        PAGE_CONTROL_TEXT, /* a field with its value, which may be empty */
        PAGE_CONTROL_BOX,  /* a check box or radio button */
        PAGE_CONTROL_NOTE, /* text laid over the page later (FreeText, typewriter) */
};

struct page_control {
        enum page_control_kind kind;
        struct page_rect at;
        char *text; /* owned; '\n' between lines; NULL: none */
        char *name; /* owned; NULL: none */
        bool on;
};

struct page {
        double width, height;
        bool doubtful; /* recognised in a picture: nothing on it is sure */
        struct page_word *words;
        size_t word_count, word_room;
        struct page_rule *rules;
        size_t rule_count, rule_room;
        struct page_box *boxes;
        size_t box_count, box_room;
        struct page_control *controls;
        size_t control_count, control_room;
        struct page_rect *scrawls; /* drawn around or over words by hand or to look like it: a ring, ink */
        size_t scrawl_count, scrawl_room;
};

/* Each adds one at the end, beyond PAGE_THINGS none (NULL). What it returns is valid until the next of its kind. */
enum { PAGE_THINGS = 20000 };
struct page_word *page_add_word(struct page *page, const char *text, size_t size, struct page_rect at);
struct page_rule *page_add_rule(struct page *page, struct page_rect at);
struct page_box *page_add_box(struct page *page, struct page_rect at, bool on);
struct page_control *page_add_control(struct page *page, enum page_control_kind kind, struct page_rect at);
struct page_rect *page_add_scrawl(struct page *page, struct page_rect at);
void page_take_controls(struct page *page, struct page *from); /* page has none yet; from loses them */
void page_free(struct page *page);                             /* empties */
