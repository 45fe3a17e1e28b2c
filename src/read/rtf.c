/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/rtf.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "core/document.h"
#include "read/rtf_state.h"
#include "read/rtf_word.h"

enum { DEFAULT_PAGE = 1250 };

struct word { /* as it stands in the file */
        char name[32];
        bool has_value;
        int value;
};

/* ---- control words */

static void mark(struct rtf *r, unsigned bit, const struct word *word)
{
        if (word->has_value && !word->value)
                rtf_group(r)->marks &= ~bit;
        else
                rtf_group(r)->marks |= bit;
}

static void begin_result(struct rtf *r)
{
        enum rtf_field_kind kind = rtf_innermost(r) ? rtf_field_kind(rtf_innermost(r)) : RTF_FIELD_OTHER;

        rtf_group(r)->place =
            kind == RTF_FIELD_TEXT || kind == RTF_FIELD_OTHER ? RTF_PLACE_TEXT : RTF_PLACE_NOWHERE;
}

/* Words about the group itself, its fonts and fields. Returns false for all others. */
static bool group_word(struct rtf *r, enum rtf_word meaning, const struct word *word)
{
        struct rtf_field *inner = rtf_innermost(r);
        struct rtf_font *font = r->font_count ? &r->fonts[r->font_count - 1] : NULL;

        if (meaning == RTF_SKIP) {
                rtf_group(r)->place = RTF_PLACE_NOWHERE;
        } else if (meaning == RTF_ASIDE) {
                rtf_begin_aside(r);
        } else if (meaning == RTF_FONTS) {
                rtf_group(r)->place = RTF_PLACE_FONTS;
        } else if (meaning == RTF_FIELD) {
                rtf_begin_field(r);
        } else if (meaning == RTF_INSTRUCTION || meaning == RTF_FORM) {
                rtf_group(r)->place = RTF_PLACE_INSTRUCTION;
        } else if (meaning == RTF_RESULT) {
                begin_result(r);
        } else if (meaning == RTF_FORM_NAME) {
                rtf_group(r)->place = RTF_PLACE_NAME;
        } else if (meaning == RTF_FORM_STANDARD) {
                rtf_group(r)->place = RTF_PLACE_STANDARD;
        } else if (meaning == RTF_FORM_ENTRY) {
                rtf_group(r)->place = RTF_PLACE_ENTRY;
                if (inner && inner->entry_count < 25)
                        inner->entry_count++;
        } else if (meaning == RTF_FORM_CHOSEN && inner) {
                inner->chosen = word->value;
        } else if (meaning == RTF_FORM_DEFAULT && inner) {
                inner->standard_choice = word->value;
        } else if (meaning == RTF_CODE_PAGE) {
                r->page = word->value > 0 ? word->value : DEFAULT_PAGE;
        } else if (meaning == RTF_FONT_DEFAULT) {
                r->standard_font = word->value;
        } else if (meaning == RTF_FONT_CHARSET && font) {
                font->page = rtf_page_of(word->value);
        } else if (meaning == RTF_FONT && rtf_group(r)->place == RTF_PLACE_FONTS) {
                rtf_begin_font(r, word->value);
        } else {
                return meaning == RTF_TEXT;
        }
        return true;
}

static void character_word(struct rtf *r, enum rtf_word meaning, const struct word *word)
{
        struct rtf_group *own = rtf_group(r);

        if (meaning == RTF_FONT)
                own->font = word->value;
        else if (meaning == RTF_PLAIN)
                own->marks = 0, own->hidden = false, own->font = r->standard_font;
        else if (meaning == RTF_BOLD)
                mark(r, RUN_BOLD, word);
        else if (meaning == RTF_UNDERLINE)
                mark(r, RUN_UNDERLINE, word);
        else if (meaning == RTF_UNDERLINE_OFF)
                own->marks &= ~(unsigned)RUN_UNDERLINE;
        else if (meaning == RTF_STRIKE)
                mark(r, RUN_STRIKE, word);
        else if (meaning == RTF_DELETED)
                mark(r, RUN_DELETED, word);
        else if (meaning == RTF_INSERTED)
                mark(r, RUN_INSERTED, word);
        else if (meaning == RTF_HIDDEN)
                own->hidden = !word->has_value || word->value;
}

static void cell_edge(struct grid_row *row, int edge)
{
        if (row->cells < GRID_CELLS_MAX)
                row->edges[++row->cells] = edge;
}

static void cell_flag(bool flags[GRID_CELLS_MAX], const struct grid_row *row)
{
        if (row->cells < GRID_CELLS_MAX)
                flags[row->cells] = true;
}

static void text_word(struct rtf *r, enum rtf_word meaning, const struct word *word)
{
        struct rtf_group *own = rtf_group(r);

        if (meaning == RTF_PARAGRAPH) {
                rtf_end_paragraph(r);
        } else if (meaning == RTF_PARAGRAPH_PLAIN) {
                own->in_table = own->item = false;
                own->depth = 0;
        } else if (meaning == RTF_ITEM) {
                own->item = word->value > 0;
        } else if (meaning == RTF_IN_TABLE) {
                own->in_table = true;
        } else if (meaning == RTF_DEPTH) {
                own->depth = word->value;
                own->in_table = word->value > 0;
        } else if (meaning == RTF_ROW_BEGIN) {
                *rtf_row(r) = (struct grid_row){ 0 };
        } else if (meaning == RTF_CELL_EDGE) {
                cell_edge(rtf_row(r), word->value);
        } else if (meaning == RTF_CELL_MERGED) {
                cell_flag(rtf_row(r)->merged, rtf_row(r));
        } else if (meaning == RTF_CELL_GOES_ON) {
                cell_flag(rtf_row(r)->goes_on, rtf_row(r));
        } else if (meaning == RTF_CELL) {
                rtf_end_cell(r);
        } else if (meaning == RTF_ROW) {
                rtf_end_row(r);
        } else if (meaning == RTF_TAB) {
                rtf_tab(r);
        } else if (meaning == RTF_LINE) {
                rtf_line(r);
        } else {
                character_word(r, meaning, word);
        }
}

static void control_word(struct rtf *r, const struct word *word)
{
        unsigned character = 0;
        enum rtf_word meaning = rtf_word(word->name, &character);
        bool optional = r->optional;

        r->optional = false;
        if (meaning == RTF_BINARY) {
                size_t left = (size_t)(r->end - r->at);

                r->at += word->value > 0 && (size_t)word->value < left ? (size_t)word->value
                         : word->value > 0                             ? left
                                                                       : 0;
                return;
        }
        if (rtf_group(r)->place == RTF_PLACE_NOWHERE)
                return;
        if (meaning == RTF_UNICODE) {
                rtf_unicode(r, word->value);
                return;
        }
        rtf_flush(r);
        if (meaning == RTF_UNICODE_SKIP)
                rtf_group(r)->after_unicode = word->value >= 0 && word->value < 16 ? word->value : 1;
        else if (meaning == RTF_CHARACTER)
                rtf_character(r, character);
        else if (meaning == RTF_UNKNOWN && optional)
                rtf_group(r)->place = RTF_PLACE_NOWHERE;
        else if (!group_word(r, meaning, word) && rtf_group(r)->place == RTF_PLACE_TEXT)
                text_word(r, meaning, word);
}

/* ---- the file */

static bool is_letter(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void read_word(struct rtf *r)
{
        enum { VALUE_MAX = 100000000 };
        struct word word = { .value = 0 };
        size_t size = 0;
        bool minus;

        while (r->at < r->end && is_letter(*r->at)) {
                if (size < sizeof word.name - 1)
                        word.name[size++] = *r->at;
                r->at++;
        }
        minus = r->at < r->end && *r->at == '-';
        r->at += minus;
        while (r->at < r->end && *r->at >= '0' && *r->at <= '9') {
                word.has_value = true;
                if (word.value < VALUE_MAX)
                        word.value = word.value * 10 + (*r->at - '0');
                r->at++;
        }
        word.value = minus ? -word.value : word.value;
        if (r->at < r->end && *r->at == ' ')
                r->at++;
        control_word(r, &word);
}

unsigned rtf_hex_digit(char c)
{
        return c >= '0' && c <= '9'   ? (unsigned)(c - '0')
               : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
               : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                      : 0;
}

/* Behind a backslash. */
static void read_control(struct rtf *r)
{
        char c;

        if (r->at == r->end)
                return;
        if (is_letter(*r->at)) {
                read_word(r);
                return;
        }
        c = *r->at++;
        if (c == '\'') {
                unsigned byte = 0;

                for (int i = 0; i < 2 && r->at < r->end; i++)
                        byte = byte * 16 + rtf_hex_digit(*r->at++);
                rtf_byte(r, (char)byte);
        } else if (c == '*') {
                r->optional = true;
        } else if (c == '~') {
                rtf_character(r, 0xA0);
        } else if (c == '_') {
                rtf_character(r, '-');
        } else if ((c == '\n' || c == '\r') && rtf_group(r)->place == RTF_PLACE_TEXT) {
                rtf_flush(r);
                rtf_end_paragraph(r);
        } else if (c == '\\' || c == '{' || c == '}') {
                rtf_byte(r, c);
        }
}

static bool begin_group(struct rtf *r)
{
        rtf_flush(r);
        r->skip = 0;
        r->optional = false;
        if (r->level + 1 == RTF_GROUPS_MAX)
                return false;
        r->groups[r->level + 1] = r->groups[r->level];
        r->groups[++r->level].aside = false;
        return true;
}

static void end_group(struct rtf *r)
{
        rtf_flush(r);
        r->skip = 0;
        r->optional = false;
        if (!r->level)
                return;
        if (rtf_group(r)->aside)
                rtf_end_aside(r);
        r->level--;
        while (rtf_innermost(r) && r->level < rtf_innermost(r)->level)
                rtf_end_field(r);
}

static bool read_all(struct rtf *r)
{
        while (r->at < r->end) {
                char c = *r->at++;

                if (c == '{' && !begin_group(r))
                        return false;
                if (c == '}')
                        end_group(r);
                else if (c == '\\')
                        read_control(r);
                else if (c != '{' && c != '\r' && c != '\n' && c != 0)
                        rtf_byte(r, c);
        }
        return true;
}

void rtf_read(const char *bytes, size_t size, struct document *doc)
{
        struct rtf *r = xcalloc(1, sizeof *r);

        r->at = bytes;
        r->end = bytes + size;
        r->page = DEFAULT_PAGE;
        r->groups[0].after_unicode = 1;
        r->bytes = (struct buf)BUF_INIT(LIMIT_DOC_TEXT);
        r->fields = xcalloc(RTF_FIELDS_MAX, sizeof *r->fields);
        draft_init(&r->draft, doc);
        if (!read_all(r))
                document_problem(doc, DOCUMENT_DAMAGED);
        rtf_flush(r);
        rtf_leave_tables(r, 0);
        draft_free(&r->draft);
        buf_free(&r->bytes);
        free(r->fields);
        free(r);
}
