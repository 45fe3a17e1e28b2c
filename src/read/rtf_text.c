/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "core/document.h"
#include "read/charset.h"
#include "read/rtf_state.h"

struct rtf_group *rtf_group(struct rtf *r)
{
        return &r->groups[r->level];
}

struct rtf_field *rtf_innermost(struct rtf *r)
{
        return r->field_count ? &r->fields[r->field_count - 1] : NULL;
}

/* ---- fonts */

static struct rtf_font *find_font(struct rtf *r, int number)
{
        for (int i = 0; i < r->font_count; i++)
                if (r->fonts[i].number == number)
                        return &r->fonts[i];
        return NULL;
}

void rtf_begin_font(struct rtf *r, int number)
{
        if (r->font_count < RTF_FONTS_MAX)
                r->fonts[r->font_count++] = (struct rtf_font){ .number = number };
        r->font_name_size = 0;
        r->font_name[0] = 0;
}

static void font_name(struct rtf *r, const char *text)
{
        struct rtf_font *font = r->font_count ? &r->fonts[r->font_count - 1] : NULL;

        rtf_field_add(r->font_name, sizeof r->font_name, &r->font_name_size, text);
        if (font && str_starts(r->font_name, "Wingdings"))
                font->wingdings = strchr(r->font_name, '2') ? 2 : 1;
}

/* The code page of \fcharset; 0: that of the document. */
int rtf_page_of(int charset)
{
        static const struct {
                int charset, page;
        } pages[] = { { 0, 1252 }, { 77, 10000 }, { 161, 1253 }, { 162, 1254 }, { 186, 1257 }, { 204, 1251 },
                { 238, 1250 }, { 255, 852 } };

        for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
                if (pages[i].charset == charset)
                        return pages[i].page;
        return 0;
}

static int current_page(struct rtf *r)
{
        const struct rtf_font *font = find_font(r, rtf_group(r)->font);

        return font && font->page ? font->page : r->page;
}

/* Owned. */
static char *decode(struct rtf *r, const char *bytes, size_t size)
{
        char label[32];
        int page = current_page(r);

        snprintf(label, sizeof label,
            page == 10000 ? "macintosh"
            : page == 852 ? "cp852"
                          : "windows-%d",
            page);
        return charset_to_utf8(bytes, size, label);
}

/* ---- paragraphs and tables */

void rtf_leave_tables(struct rtf *r, int depth)
{
        while (r->depth > depth) {
                draft_end(&r->draft);
                grid_end(&r->tables[--r->depth], r->draft.doc);
        }
}

static int depth_of(const struct rtf_group *group)
{
        int depth = group->floor + (!group->in_table ? 0 : group->depth > 1 ? group->depth : 1);

        return depth < RTF_TABLES_MAX ? depth : RTF_TABLES_MAX;
}

static void begin_paragraph(struct rtf *r)
{
        int depth = depth_of(rtf_group(r));
        struct draft_place place = draft_paragraph;

        if (r->inside)
                return;
        rtf_leave_tables(r, depth);
        draft_end(&r->draft);
        while (r->depth < depth)
                grid_begin(&r->tables[r->depth++], r->draft.tables++, r->draft.doc);
        if (depth)
                place = grid_place(&r->tables[depth - 1]);
        else if (rtf_group(r)->item)
                place.kind = DOCUMENT_ITEM;
        draft_at(&r->draft, &place);
        r->inside = true;
}

void rtf_end_paragraph(struct rtf *r)
{
        begin_paragraph(r);
        draft_touch(&r->draft);
        draft_end(&r->draft);
        r->inside = false;
}

void rtf_end_cell(struct rtf *r)
{
        rtf_group(r)->in_table = true;
        rtf_end_paragraph(r);
        if (r->depth)
                grid_end_cell(&r->tables[r->depth - 1]);
}

void rtf_end_row(struct rtf *r)
{
        int depth = depth_of(rtf_group(r));

        draft_end(&r->draft);
        r->inside = false;
        if (depth && depth <= r->depth)
                grid_end_row(&r->tables[depth - 1], &r->rows[depth - 1], r->draft.doc);
}

/* The row that is being described; its place in the table around is that of the paragraph. */
struct grid_row *rtf_row(struct rtf *r)
{
        int depth = depth_of(rtf_group(r));

        return &r->rows[depth ? depth - 1 : 0];
}

/* ---- text */

static unsigned field_marks(struct rtf *r, const char **ret_name)
{
        const struct rtf_field *inner = rtf_innermost(r);

        *ret_name = NULL;
        if (!inner || rtf_field_kind(inner) != RTF_FIELD_TEXT)
                return 0;
        *ret_name = inner->name;
        return RUN_FIELD;
}

static void write_text(struct rtf *r, const char *text)
{
        const char *name;
        unsigned marks = field_marks(r, &name) | rtf_group(r)->marks;

        if (rtf_group(r)->hidden || !*text)
                return;
        begin_paragraph(r);
        draft_text(&r->draft, text, strlen(text), marks, name);
}

void rtf_flush(struct rtf *r)
{
        char *text;

        if (!r->bytes.size)
                return;
        text = decode(r, r->bytes.data, r->bytes.size);
        buf_reset(&r->bytes);
        write_text(r, text);
        free(text);
}

/* Text that is none of the document's. */
static void note(struct rtf *r, const char *text)
{
        struct rtf_field *inner = rtf_innermost(r);

        if (rtf_group(r)->place == RTF_PLACE_FONTS)
                font_name(r, text);
        if (!inner)
                return;
        if (rtf_group(r)->place == RTF_PLACE_INSTRUCTION)
                rtf_field_add(inner->instruction, sizeof inner->instruction, &inner->instruction_size, text);
        else if (rtf_group(r)->place == RTF_PLACE_NAME)
                rtf_field_add(inner->name, sizeof inner->name, &inner->name_size, text);
        else if (rtf_group(r)->place == RTF_PLACE_STANDARD)
                rtf_field_add(inner->standard, sizeof inner->standard, &inner->standard_size, text);
        else if (rtf_group(r)->place == RTF_PLACE_ENTRY && inner->entry_count)
                rtf_field_add(inner->entries[inner->entry_count - 1].text, sizeof inner->entries[0].text,
                    &inner->entries[inner->entry_count - 1].size, text);
}

/* Whether the code is a box to tick in the group's font; it is written then. */
static bool write_box(struct rtf *r, unsigned code)
{
        const struct rtf_font *font = find_font(r, rtf_group(r)->font);
        int which = font ? font->wingdings : 0, box = -1;
        const char *name;
        unsigned marks = field_marks(r, &name) | rtf_group(r)->marks;

        if (code > ' ' && (which || (code >= 0xF020 && code <= 0xF0FF)))
                box = draft_wingdings(code, which == 2);
        if (box < 0 || rtf_group(r)->hidden)
                return false;
        rtf_flush(r);
        begin_paragraph(r);
        draft_box(&r->draft, box == 1, marks, name);
        return true;
}

void rtf_character(struct rtf *r, unsigned c)
{
        char text[5];

        if (!c || rtf_group(r)->place == RTF_PLACE_NOWHERE)
                return;
        str_utf8_of(c, text);
        if (rtf_group(r)->place != RTF_PLACE_TEXT) {
                note(r, text);
        } else if (!write_box(r, c)) {
                rtf_flush(r);
                write_text(r, text);
        }
}

void rtf_byte(struct rtf *r, char byte)
{
        char *text;

        if (r->skip) {
                r->skip--;
                return;
        }
        if (rtf_group(r)->place == RTF_PLACE_NOWHERE)
                return;
        if (rtf_group(r)->place == RTF_PLACE_TEXT) {
                if (!write_box(r, (unsigned char)byte) && buf_putc(&r->bytes, byte) < 0)
                        rtf_flush(r);
                return;
        }
        text = decode(r, &byte, 1);
        note(r, text);
        free(text);
}

/* \u holds 16 bits, as a signed number. */
void rtf_unicode(struct rtf *r, int value)
{
        unsigned c = (unsigned)(value < 0 ? value + 65536 : value);

        r->skip = rtf_group(r)->after_unicode;
        if (c >= 0xD800 && c < 0xDC00) {
                r->high = c;
                return;
        }
        if (c >= 0xDC00 && c < 0xE000)
                c = r->high ? 0x10000 + ((r->high - 0xD800) << 10) + (c - 0xDC00) : 0xFFFD;
        r->high = 0;
        if (c <= 0x10FFFF)
                rtf_character(r, c);
}

/* ---- fields */

void rtf_begin_field(struct rtf *r)
{
        if (r->field_count < RTF_FIELDS_MAX)
                rtf_field_init(&r->fields[r->field_count++], r->level);
}

static void say_symbol(struct rtf *r, const struct rtf_field *inner, unsigned marks)
{
        int font, box = -1;
        unsigned code = rtf_field_symbol(inner, &font);
        char text[5];

        if (font)
                box = draft_wingdings(code, font == 2);
        str_utf8_of(code ? code : ' ', text);
        if (box >= 0)
                draft_box(&r->draft, box == 1, marks, NULL);
        else if (!font)
                draft_text(&r->draft, text, strlen(text), marks, NULL);
}

/* What was chosen or ticked; the text of the result is only how it looks. */
void rtf_end_field(struct rtf *r)
{
        const struct rtf_field *inner = rtf_innermost(r);
        unsigned marks = rtf_group(r)->marks;
        enum rtf_field_kind kind = rtf_field_kind(inner);

        if (kind == RTF_FIELD_TEXT && *inner->name && *inner->standard &&
            str_equal(buf_text(&r->draft.pending), inner->standard))
                r->draft.marks |=
                    RUN_PLACEHOLDER; /* as the blank has it; LibreOffice repeats answers, unnamed */
        if (kind != RTF_FIELD_TEXT && kind != RTF_FIELD_OTHER && rtf_group(r)->place == RTF_PLACE_TEXT &&
            !rtf_group(r)->hidden) {
                begin_paragraph(r);
                if (kind == RTF_FIELD_CHECK)
                        draft_box(&r->draft, rtf_field_checked(inner),
                            marks | RUN_FIELD | (rtf_field_is_lost(inner) ? RUN_DOUBTFUL : 0u), inner->name);
                else if (kind == RTF_FIELD_LIST)
                        draft_text(&r->draft, rtf_field_choice(inner), strlen(rtf_field_choice(inner)),
                            marks | RUN_FIELD, inner->name);
                else
                        say_symbol(r, inner, marks);
        }
        r->field_count--;
}

void rtf_begin_aside(struct rtf *r)
{
        draft_end(&r->draft);
        r->inside = false;
        rtf_group(r)->aside = true;
        rtf_group(r)->floor = r->depth;
        rtf_group(r)->in_table = false;
        rtf_group(r)->place = RTF_PLACE_TEXT;
}

void rtf_end_aside(struct rtf *r)
{
        rtf_leave_tables(r, rtf_group(r)->floor);
        draft_end(&r->draft);
        r->inside = false;
}

void rtf_tab(struct rtf *r)
{
        if (rtf_group(r)->hidden)
                return;
        begin_paragraph(r);
        draft_tab(&r->draft, rtf_group(r)->marks);
}

void rtf_line(struct rtf *r)
{
        write_text(r, "\n");
}
