/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the RTF reader only: what its parts share. rtf.c takes the file apart into groups and words, rtf_text.c
 * makes text, paragraphs, tables and fields of them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "read/draft.h"
#include "read/grid.h"
#include "read/rtf_field.h"

enum { RTF_GROUPS_MAX = 200, RTF_FIELDS_MAX = 8, RTF_FONTS_MAX = 512, RTF_TABLES_MAX = 8 };

/* What becomes of the text of a group. */
enum rtf_place {
        RTF_PLACE_TEXT,
        RTF_PLACE_NOWHERE,
        RTF_PLACE_FONTS,
        RTF_PLACE_INSTRUCTION,
        RTF_PLACE_NAME,
        RTF_PLACE_STANDARD,
        RTF_PLACE_ENTRY
};

struct rtf_group {
        enum rtf_place place;
        unsigned marks;
        bool hidden, item, in_table;
        bool aside;        /* a text box begins here */
        int font, depth;   /* depth: of tables, as the text says */
        int floor;         /* tables around the text box */
        int after_unicode; /* characters that stand for it in older programs */
};

struct rtf_font {
        int number, page; /* page 0: not said */
        int wingdings;    /* 1 Wingdings, 2 Wingdings 2 */
};

struct rtf {
        const char *at, *end;
        struct draft draft;
        struct rtf_group groups[RTF_GROUPS_MAX];
        int level;
        bool optional; /* "\*": the group may be left out when its word is not known */
        int skip;      /* characters that only repeat the last \u */
        unsigned high; /* first half of a character beyond U+FFFF */
        int page, standard_font;
        struct rtf_font fonts[RTF_FONTS_MAX];
        int font_count;
        char font_name[32];
        size_t font_name_size;
        struct buf bytes; /* in the page of the font */
        struct rtf_field *fields;
        int field_count;
        struct grid tables[RTF_TABLES_MAX];
        struct grid_row rows[RTF_TABLES_MAX];
        int depth;
        bool inside; /* a paragraph has begun */
};

struct rtf_group *rtf_group(struct rtf *r);
struct rtf_field *rtf_innermost(struct rtf *r); /* field, or NULL */

unsigned rtf_hex_digit(char c); /* 0 for what is none */

/* ---- rtf_text.c */
void rtf_byte(struct rtf *r, char byte); /* in the page of the font */
void rtf_character(struct rtf *r, unsigned c);
void rtf_unicode(struct rtf *r, int value); /* of \u: 16 bits, signed */
void rtf_flush(struct rtf *r);              /* before marks, fonts or groups change */
void rtf_tab(struct rtf *r);
void rtf_line(struct rtf *r);
void rtf_begin_font(struct rtf *r, int number);
int rtf_page_of(int charset); /* the code page of \fcharset; 0: that of the document */
void rtf_begin_field(struct rtf *r);
void rtf_end_field(struct rtf *r);
void rtf_begin_aside(struct rtf *r); /* a text box */
void rtf_end_aside(struct rtf *r);
void rtf_end_paragraph(struct rtf *r);
void rtf_end_cell(struct rtf *r);
void rtf_end_row(struct rtf *r);
struct grid_row *rtf_row(struct rtf *r); /* the one that is being described */
void rtf_leave_tables(struct rtf *r, int depth);
