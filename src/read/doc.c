/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/doc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "read/bounds.h"
#include "read/doc_format.h"
#include "read/draft.h"
#include "read/grid.h"
#include "read/ole.h"

enum {
        MAGIC = 0xA5EC,
        WORD_97 = 0xC1,
        FIB_MIN = 0x1AA,
        FIB_TEXTS = 0x4C, /* sizes of the texts, one behind the other (2.5.4): main, footnotes ... */
        FIB_CLX = 0x9A + 8 * 33,
        TEXTS = 8,
        TEXT_MAIN = 0,
        TEXT_BOXES = 6,
        DEPTH_MAX = 8,
        FIELDS_MAX = 16,
};

/* Characters with a meaning of their own (2.4.1, 2.8.25). */
enum {
        OBJECT = 0x01,
        CELL = 0x07,
        LINE = 0x0B,
        PAGE = 0x0C,
        PARAGRAPH = 0x0D,
        FIELD_BEGIN = 0x13,
        FIELD_RESULT = 0x14,
        FIELD_END = 0x15,
        HYPHEN = 0x1E,
        SYMBOL = 0x28,
};

struct field {
        bool result; /* its instruction is over */
        bool is_form;
        struct doc_field form;
};

struct reader {
        struct draft draft;
        struct doc_format format;
        struct grid tables[DEPTH_MAX];
        int depth;
        struct field fields[FIELDS_MAX];
        size_t field_count, field_over; /* over: nested deeper than is kept */
        struct doc_chars chars;
        struct doc_paragraph paragraph;
        bool inside;           /* a paragraph has begun */
        unsigned high;         /* first half of a character beyond U+FFFF */
        uint32_t texts[TEXTS]; /* where each ends */
};

/* ---- paragraphs and tables */

static void leave_tables(struct reader *r, int depth)
{
        while (r->depth > depth) {
                draft_end(&r->draft);
                grid_end(&r->tables[--r->depth], r->draft.doc);
        }
}

static void begin_paragraph(struct reader *r)
{
        int depth = r->paragraph.depth < DEPTH_MAX ? r->paragraph.depth : DEPTH_MAX;
        struct draft_place place = draft_paragraph;

        leave_tables(r, depth);
        draft_end(&r->draft);
        while (r->depth < depth)
                grid_begin(&r->tables[r->depth++], r->draft.tables++, r->draft.doc);
        if (depth)
                place = grid_place(&r->tables[depth - 1]);
        else if (r->paragraph.item)
                place.kind = DOCUMENT_ITEM;
        draft_at(&r->draft, &place);
        r->inside = true;
}

static void end_paragraph(struct reader *r, unsigned mark)
{
        struct grid *table = r->depth ? &r->tables[r->depth - 1] : NULL;
        bool cell = mark == CELL || r->paragraph.cell_end;

        if (r->paragraph.row_end && table) {
                draft_end(&r->draft);
                grid_end_row(table, &r->paragraph.row, r->draft.doc);
        } else {
                draft_touch(&r->draft);
                draft_end(&r->draft);
                if (cell && table)
                        grid_end_cell(table);
        }
        r->inside = false;
}

/* ---- fields */

static struct field *field_of(struct reader *r)
{
        return r->field_count && !r->field_over ? &r->fields[r->field_count - 1] : NULL;
}

static void begin_field(struct reader *r)
{
        if (r->field_count < FIELDS_MAX)
                r->fields[r->field_count++] = (struct field){ 0 };
        else
                r->field_over++;
}

/* A list says what was chosen by its number; Word writes no text for it. */
static void end_field(struct reader *r)
{
        struct field *field = field_of(r);

        if (r->field_over) {
                r->field_over--;
                return;
        }
        if (!field)
                return;
        if (field->is_form && field->form.kind == DOC_FIELD_TEXT && *field->form.standard &&
            str_equal(buf_text(&r->draft.pending), field->form.standard))
                r->draft.marks |= RUN_PLACEHOLDER; /* as the blank has it */
        if (field->is_form && field->form.kind == DOC_FIELD_LIST)
                draft_text(&r->draft, field->form.chosen, strlen(field->form.chosen),
                    r->chars.marks | RUN_FIELD, field->form.name);
        r->field_count--;
}

static void object(struct reader *r)
{
        struct field *field = field_of(r);

        if (!field || field->is_form || !r->chars.has_data ||
            !doc_field_read(&r->format, r->chars.data, &field->form))
                return;
        field->is_form = true;
        if (field->form.kind == DOC_FIELD_CHECK)
                draft_box(&r->draft, field->form.checked, r->chars.marks | RUN_FIELD, field->form.name);
}

/* ---- characters */

static void put(struct reader *r, unsigned c, unsigned marks, const char *name)
{
        char text[5];
        size_t size = str_utf8_of(c, text);

        draft_text(&r->draft, text, size, marks, name);
}

/* Whether the text of a form's field is what the blank has: nothing was filled in. */
static unsigned field_marks(const struct field *field, const char **ret_name)
{
        *ret_name = NULL;
        if (!field || !field->result || !field->is_form || field->form.kind != DOC_FIELD_TEXT)
                return 0;
        *ret_name = field->form.name;
        return RUN_FIELD;
}

static void text(struct reader *r, unsigned c)
{
        const struct field *field = field_of(r);
        unsigned symbol = r->chars.symbol ? r->chars.symbol : c, marks;
        int font = r->chars.font < DOC_FONTS_MAX ? r->format.wingdings[r->chars.font] : 0, box = -1;
        const char *name;

        if (r->chars.hidden ||
            (field && (!field->result || (field->is_form && field->form.kind != DOC_FIELD_TEXT))))
                return;
        marks = r->chars.marks | field_marks(field, &name);
        if (font && symbol > ' ')
                box = draft_wingdings(symbol, font == 2);
        else if (symbol >= 0xF020 && symbol <= 0xF0FF)
                box = draft_wingdings(symbol, false);
        if (box >= 0)
                draft_box(&r->draft, box == 1, marks, name);
        else if (c == '\t')
                draft_tab(&r->draft, marks);
        else if (r->chars.symbol || c != SYMBOL || !r->chars.special)
                put(r, r->chars.symbol ? r->chars.symbol : c, marks, name);
}

static void character(struct reader *r, unsigned c)
{
        switch (c) {
        case FIELD_BEGIN:
                begin_field(r);
                return;
        case FIELD_RESULT:
                if (field_of(r))
                        field_of(r)->result = true;
                return;
        case FIELD_END:
                end_field(r);
                return;
        case OBJECT:
                object(r);
                return;
        case LINE:
                text(r, '\n');
                return;
        case HYPHEN:
                text(r, '-');
                return;
        default:
                break;
        }
        if (c >= 0xD800 && c < 0xDC00) {
                r->high = c;
        } else if (c >= 0xDC00 && c < 0xE000) {
                text(r, r->high ? 0x10000 + ((r->high - 0xD800) << 10) + (c - 0xDC00) : 0xFFFD);
                r->high = 0;
        } else if (c >= ' ' || c == '\t') {
                text(r, c);
        }
}

static unsigned from_1252(unsigned char byte)
{
        static const uint16_t letters[32] = { 0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021,
                0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D,
                0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E, 0x178 };

        return byte >= 0x80 && byte < 0xA0 ? letters[byte - 0x80] : byte;
}

/* ---- the text, piece by piece (2.8.35 Plc Pcd) */

static bool is_read(const struct reader *r, uint32_t position)
{
        return position < r->texts[TEXT_MAIN] ||
               (position >= r->texts[TEXT_BOXES - 1] && position < r->texts[TEXT_BOXES]);
}

static void at_offset(struct reader *r, uint32_t offset)
{
        if (offset < r->chars.from || offset >= r->chars.to)
                doc_format_chars(&r->format, offset, &r->chars);
        if (!r->inside) {
                if (offset < r->paragraph.from || offset >= r->paragraph.to)
                        doc_format_paragraph(&r->format, offset, &r->paragraph);
                begin_paragraph(r);
        }
}

static void piece(struct reader *r, uint32_t from, uint32_t to, uint32_t place)
{
        bool narrow = place & 0x40000000;
        uint32_t start = narrow ? (place & 0x3FFFFFFF) / 2 : place & 0x3FFFFFFF, width = narrow ? 1 : 2;

        r->chars.to = r->paragraph.to = 0; /* nothing known of these offsets */
        for (uint32_t i = from; i < to; i++) {
                uint64_t offset = start + (uint64_t)width * (i - from);
                unsigned c;

                if (offset + width > r->format.word.size)
                        return;
                if (!is_read(r, i))
                        continue;
                at_offset(r, (uint32_t)offset);
                c = narrow ? from_1252(r->format.word.data[offset]) : doc_u16(&r->format.word, offset);
                if (c == PARAGRAPH || c == CELL || c == PAGE)
                        end_paragraph(r, c);
                else
                        character(r, c);
        }
}

/* [MS-DOC] 2.9.38 Clx: formatting for pieces, then the pieces. */
static bool pieces(struct reader *r)
{
        const struct doc_bytes *table = &r->format.table;
        size_t at = doc_u32(&r->format.word, FIB_CLX), end = at + doc_u32(&r->format.word, FIB_CLX + 4);
        size_t size, count;

        if (end > table->size)
                return false;
        while (at + 3 <= end && table->data[at] == 1)
                at += 3u + doc_u16(table, at + 1);
        if (at + 5 > end || table->data[at] != 2)
                return false;
        size = doc_u32(table, at + 1);
        at += 5;
        if (size < 16 || size > end - at)
                return false;
        count = (size - 4) / 12;
        for (size_t i = 0; i < count; i++) {
                uint32_t from = doc_u32(table, at + 4 * i), to = doc_u32(table, at + 4 * (i + 1));

                if (to < from)
                        return false;
                piece(r, from, to, doc_u32(table, at + 4 * (count + 1) + 8 * i + 2));
        }
        return true;
}

static void read_texts(struct reader *r)
{
        uint32_t end = 0;

        for (int i = 0; i < TEXTS; i++) {
                uint32_t size = doc_u32(&r->format.word, FIB_TEXTS + 4 * (size_t)i);

                end = size > UINT32_MAX - end ? UINT32_MAX : end + size;
                r->texts[i] = end;
        }
}

/* Why it is not read here; NULL: it can be. */
static const char *obstacle(const struct doc_bytes *word)
{
        if (word->size < FIB_MIN || doc_u16(word, 0) != MAGIC)
                return DOCUMENT_DAMAGED;
        if (doc_u16(word, 0x0A) & 0x0100)
                return DOCUMENT_PROTECTED;
        if (doc_u16(word, 2) < WORD_97)
                return "a document of a Word older than 97, which is read by a person";
        return NULL;
}

static struct doc_bytes bytes_of(const struct buf *buf)
{
        return (struct doc_bytes){ (const uint8_t *)buf_text(buf), buf->size };
}

static void read_streams(
    struct document *doc, const struct buf *word, const struct buf *table, const struct buf *data)
{
        struct reader *r = xcalloc(1, sizeof *r);

        draft_init(&r->draft, doc);
        doc_format_init(&r->format, bytes_of(word), bytes_of(table), bytes_of(data));
        read_texts(r);
        if (!pieces(r))
                document_problem(doc, DOCUMENT_DAMAGED);
        leave_tables(r, 0);
        draft_free(&r->draft);
        free(r);
}

void doc_read(const struct ole *ole, const struct bounds *bounds, struct document *doc)
{
        const size_t max = (size_t)bounds->document_mb * 1024 * 1024;
        struct buf word = { 0 }, table = { 0 }, data = { 0 };
        const char *problem = DOCUMENT_DAMAGED;
        struct doc_bytes head;

        if (ole_read(ole, "WordDocument", max, &word) < 0)
                goto out;
        head = bytes_of(&word);
        problem = obstacle(&head);
        if (problem)
                goto out;
        if (ole_read(ole, doc_u16(&head, 0x0A) & 0x0200 ? "1Table" : "0Table", max, &table) < 0) {
                problem = DOCUMENT_DAMAGED;
                goto out;
        }
        if (ole_has(ole, "Data"))
                (void)ole_read(ole, "Data", max, &data); /* without it only form fields are missing */
        if (ole_has(ole, "Macros"))
                document_problem(doc, "the document contains macros, which are not run");
        read_streams(doc, &word, &table, &data);
out:
        if (problem)
                document_problem(doc, problem);
        buf_free(&word);
        buf_free(&table);
        buf_free(&data);
}
