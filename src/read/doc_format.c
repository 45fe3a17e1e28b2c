/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/doc_format.h"

#include <string.h>

#include "base/str.h"
#include "core/document.h"

enum {
        FIB_TABLES = 0x9A, /* [MS-DOC] 2.5.6: pairs of offset and size in the table stream */
        FIB_CHARS = 12,
        FIB_PARAGRAPHS = 13,
        FIB_FONTS = 15,
        PAGE = 512,
};

uint16_t doc_u16(const struct doc_bytes *bytes, size_t at)
{
        if (at > bytes->size || bytes->size - at < 2)
                return 0;
        return (uint16_t)(bytes->data[at] | bytes->data[at + 1] << 8);
}

uint32_t doc_u32(const struct doc_bytes *bytes, size_t at)
{
        return doc_u16(bytes, at) | (uint32_t)doc_u16(bytes, at + 2) << 16;
}

/* ---- lists of changes */

struct sprm {
        unsigned code;
        const uint8_t *operand;
        size_t size;
};

/* [MS-DOC] 2.6: the operand's size is in the code; two codes are exceptions (2.6.2, 2.6.3). */
static size_t operand_size(unsigned code, const uint8_t *operand, size_t left, size_t *ret_skip)
{
        static const unsigned char sizes[] = { 1, 1, 2, 4, 2, 2, 0, 3 };
        const struct doc_bytes bytes = { operand, left };

        *ret_skip = 0;
        if (code >> 13 != 6)
                return sizes[code >> 13];
        if (code == 0xD608 || code == 0xD606) { /* sprmTDefTable */
                *ret_skip = 2;
                return doc_u16(&bytes, 0) ? doc_u16(&bytes, 0) - 1u : 0;
        }
        *ret_skip = 1;
        return left ? operand[0] : 0;
}

/* Takes the next change; false at the end, or where the list makes no sense. */
static bool next_sprm(struct doc_bytes *list, struct sprm *ret_sprm)
{
        size_t skip, size;

        if (list->size < 3)
                return false;
        ret_sprm->code = doc_u16(list, 0);
        size = operand_size(ret_sprm->code, list->data + 2, list->size - 2, &skip);
        if (skip + size > list->size - 2)
                return false;
        ret_sprm->operand = list->data + 2 + skip;
        ret_sprm->size = size;
        list->data += 2 + skip + size;
        list->size -= 2 + skip + size;
        return true;
}

static unsigned number(const struct sprm *sprm)
{
        const struct doc_bytes bytes = { sprm->operand, sprm->size };

        return sprm->size >= 4   ? doc_u32(&bytes, 0)
               : sprm->size >= 2 ? doc_u16(&bytes, 0)
               : sprm->size      ? sprm->operand[0]
                                 : 0;
}

/* ---- pages of runs */

struct run {
        uint32_t from, to;
        struct doc_bytes changes;
};

static struct doc_bytes chars_changes(const struct doc_bytes *page, size_t at)
{
        size_t size = at < PAGE - 1 ? page->data[at] : 0;

        if (!at || at + 1 + size > PAGE - 1)
                return (struct doc_bytes){ 0 };
        return (struct doc_bytes){ page->data + at + 1, size };
}

/* [MS-DOC] 2.9.175 PapxInFkp: half the size, or zero and then half of it; a style number comes first. */
static struct doc_bytes paragraph_changes(const struct doc_bytes *page, size_t at)
{
        size_t start = at + 1, size;

        if (!at || at > PAGE - 2)
                return (struct doc_bytes){ 0 };
        size = page->data[at] ? 2u * page->data[at] - 1 : 2u * page->data[start++];
        if (size < 2 || start + size > PAGE)
                return (struct doc_bytes){ 0 };
        return (struct doc_bytes){ page->data + start + 2, size - 2 };
}

/* The number of the page that holds the offset (2.8.5, 2.8.6: a list of offsets, then one of page numbers). */
static bool find_page(const struct doc_format *format, int which, uint32_t offset, struct doc_bytes *ret_page)
{
        size_t list = doc_u32(&format->word, FIB_TABLES + 8 * (size_t)which);
        size_t size = doc_u32(&format->word, FIB_TABLES + 8 * (size_t)which + 4), low = 0, high, start;

        if (size < 12 || list > format->table.size || size > format->table.size - list)
                return false;
        high = (size - 4) / 8;
        start = high;
        while (low < high) {
                size_t middle = (low + high) / 2;

                if (doc_u32(&format->table, list + 4 * (middle + 1)) <= offset)
                        low = middle + 1;
                else
                        high = middle;
        }
        if (low == start)
                return false;
        start = PAGE * (size_t)(doc_u32(&format->table, list + 4 * (start + 1) + 4 * low) & 0x3FFFFF);
        if (start > format->word.size || format->word.size - start < PAGE)
                return false;
        *ret_page = (struct doc_bytes){ format->word.data + start, PAGE };
        return true;
}

static bool find_run(const struct doc_format *format, int which, uint32_t offset, struct run *ret_run)
{
        const size_t entry = which == FIB_PARAGRAPHS ? 13 : 1;
        struct doc_bytes page;
        size_t count, i = 0, at;

        if (!find_page(format, which, offset, &page))
                return false;
        count = page.data[PAGE - 1];
        if (4 * (count + 1) + count * entry > PAGE - 1)
                return false;
        while (i < count && doc_u32(&page, 4 * (i + 1)) <= offset)
                i++;
        if (i == count || doc_u32(&page, 4 * i) > offset)
                return false;
        at = 2u * page.data[4 * (count + 1) + i * entry];
        *ret_run = (struct run){ doc_u32(&page, 4 * i), doc_u32(&page, 4 * (i + 1)),
                which == FIB_PARAGRAPHS ? paragraph_changes(&page, at) : chars_changes(&page, at) };
        return true;
}

/* ---- characters */

static void set(struct doc_chars *chars, unsigned mark, unsigned value)
{
        if (value == 1 || value == 0x81) /* on, or the opposite of the style, which has it off */
                chars->marks |= mark;
        else
                chars->marks &= ~mark;
}

static void change_chars(struct doc_chars *chars, const struct sprm *sprm)
{
        unsigned value = number(sprm);

        switch (sprm->code) {
        case 0x0800: /* sprmCFRMarkDel */
                set(chars, RUN_DELETED, value);
                break;
        case 0x0801: /* sprmCFRMarkIns */
                set(chars, RUN_INSERTED, value);
                break;
        case 0x0835: /* sprmCFBold */
                set(chars, RUN_BOLD, value);
                break;
        case 0x0837: /* sprmCFStrike */
        case 0x2A53: /* sprmCFDStrike */
                if (value || sprm->code == 0x0837)
                        set(chars, RUN_STRIKE, value);
                break;
        case 0x2A3E: /* sprmCKul */
                set(chars, RUN_UNDERLINE, value ? 1 : 0);
                break;
        case 0x083C: /* sprmCFVanish */
                chars->hidden = value == 1 || value == 0x81;
                break;
        case 0x0855: /* sprmCFSpec */
                chars->special = value == 1;
                break;
        case 0x6A03: /* sprmCPicLocation */
                chars->data = value;
                chars->has_data = true;
                break;
        case 0x4A4F: /* sprmCRgFtc0 */
                chars->font = value;
                break;
        case 0x6A09: /* sprmCSymbol: font, character */
                chars->font = value & 0xFFFF;
                chars->symbol = value >> 16;
                break;
        default:
                break;
        }
}

void doc_format_chars(const struct doc_format *format, uint32_t offset, struct doc_chars *ret_chars)
{
        struct run run = { offset, offset + 1, { 0 } };
        struct sprm sprm;

        find_run(format, FIB_CHARS, offset, &run);
        *ret_chars = (struct doc_chars){ .from = run.from, .to = run.to };
        while (next_sprm(&run.changes, &sprm))
                change_chars(ret_chars, &sprm);
}

/* ---- paragraphs */

/* [MS-DOC] 2.9.321 TDefTableOperand */
static void read_row(const struct sprm *sprm, struct grid_row *row)
{
        enum { CELL = 20 }; /* [MS-DOC] 2.9.318 TC80 */
        const struct doc_bytes bytes = { sprm->operand, sprm->size };
        size_t cells = sprm->size ? sprm->operand[0] : 0;

        *row = (struct grid_row){ 0 };
        if (cells > GRID_CELLS_MAX || sprm->size < 1 + 2 * (cells + 1))
                return;
        row->cells = (int)cells;
        for (size_t i = 0; i <= cells; i++)
                row->edges[i] = (int16_t)doc_u16(&bytes, 1 + 2 * i);
        for (size_t i = 0; i < cells; i++) {
                unsigned flags = doc_u16(&bytes, 1 + 2 * (cells + 1) + CELL * i);

                row->merged[i] = (flags & 3) == 2;
                row->goes_on[i] = (flags & 0x60) == 0x20;
        }
}

static void change_paragraph(struct doc_paragraph *paragraph, const struct sprm *sprm)
{
        unsigned value = number(sprm);

        switch (sprm->code) {
        case 0x2416: /* sprmPFInTable */
                if (value && !paragraph->depth)
                        paragraph->depth = 1;
                break;
        case 0x6649: /* sprmPItap */
                if (value < 16)
                        paragraph->depth = (int)value;
                break;
        case 0x2417: /* sprmPFTtp */
        case 0x244C: /* sprmPFInnerTtp */
                paragraph->row_end = paragraph->row_end || value == 1;
                break;
        case 0x244B: /* sprmPFInnerTableCell */
                paragraph->cell_end = value == 1;
                break;
        case 0x460B: /* sprmPIlfo */
                paragraph->item = value != 0;
                break;
        case 0xD608:
                read_row(sprm, &paragraph->row);
                break;
        default:
                break;
        }
}

void doc_format_paragraph(
    const struct doc_format *format, uint32_t offset, struct doc_paragraph *ret_paragraph)
{
        struct run run = { offset, offset + 1, { 0 } };
        bool elsewhere = false;
        struct sprm sprm;

        find_run(format, FIB_PARAGRAPHS, offset, &run);
        *ret_paragraph = (struct doc_paragraph){ .from = run.from, .to = run.to };
        while (next_sprm(&run.changes, &sprm)) {
                change_paragraph(ret_paragraph, &sprm);
                if (sprm.code == 0x6646 && !elsewhere) { /* sprmPHugePapx: the list goes on in Data */
                        size_t at = number(&sprm), size = doc_u16(&format->data, at);

                        if (at + 2 + size <= format->data.size)
                                run.changes = (struct doc_bytes){ format->data.data + at + 2, size };
                        elsewhere = true; /* once: a list must not lead to itself */
                }
        }
}

/* ---- fonts and fields */

/* Cut to its room; UTF-16 to UTF-8. Beyond the end of the stream there are zeros, which end the text. */
static void take_text(const struct doc_bytes *bytes, size_t at, size_t count, char *text, size_t room)
{
        size_t size = 0;

        for (size_t i = 0; i < count && size + 4 < room; i++) {
                unsigned c = doc_u16(bytes, at + 2 * i);
                char letter[5];
                size_t more;

                if (!c)
                        break;
                more = str_utf8_of(c, letter);
                memcpy(text + size, letter, more);
                size += more;
        }
        text[size] = 0;
}

/* [MS-DOC] 2.9.286: a count, then fonts (2.9.84), whose names begin 39 bytes in. */
static void read_fonts(struct doc_format *format)
{
        const struct doc_bytes *table = &format->table;
        size_t at = doc_u32(&format->word, FIB_TABLES + 8 * FIB_FONTS), count = doc_u16(table, at);

        at += 4;
        for (size_t i = 0; i < count && i < DOC_FONTS_MAX && at < table->size; i++) {
                char name[64];

                take_text(table, at + 1 + 39, 20, name, sizeof name);
                if (!strncmp(name, "Wingdings", 9))
                        format->wingdings[i] = strchr(name, '2') ? 2 : 1;
                at += 1u + table->data[at];
        }
}

void doc_format_init(
    struct doc_format *ret_format, struct doc_bytes word, struct doc_bytes table, struct doc_bytes data)
{
        *ret_format = (struct doc_format){ .word = word, .table = table, .data = data };
        read_fonts(ret_format);
}

/* Past a counted text and its end; no further than the stream. */
static size_t past_text(const struct doc_bytes *data, size_t at)
{
        return at + 2 + 2 * (size_t)doc_u16(data, at) + 2;
}

/* The entry of a list ([MS-DOC] 2.9.78 hsttbDropList), behind five texts. */
static void read_entry(const struct doc_bytes *data, size_t at, unsigned chosen, struct doc_field *field)
{
        size_t count;

        for (int i = 0; i < 5; i++)
                at = past_text(data, at);
        count = doc_u16(data, at + 2);
        at += 6;
        for (unsigned i = 0; i < count && i < 25; i++) {
                size_t size = doc_u16(data, at);

                if (i == chosen)
                        take_text(data, at + 2, size, field->chosen, sizeof field->chosen);
                at += 2 + 2 * size;
        }
}

bool doc_field_read(const struct doc_format *format, uint32_t offset, struct doc_field *ret_field)
{
        enum { BY_DEFAULT = 25 };
        const struct doc_bytes *data = &format->data;
        size_t at = (size_t)offset + doc_u16(data, (size_t)offset + 4);
        unsigned bits = doc_u16(data, at + 4), result = bits >> 2 & 31;

        if (doc_u32(data, at) != 0xFFFFFFFF || (bits & 3) > 2)
                return false;
        *ret_field = (struct doc_field){ .kind = bits & 3 };
        at += 10;
        take_text(data, at + 2, doc_u16(data, at), ret_field->name, sizeof ret_field->name);
        at = past_text(data, at);
        if (ret_field->kind == DOC_FIELD_TEXT) {
                take_text(data, at + 2, doc_u16(data, at), ret_field->standard, sizeof ret_field->standard);
                return true;
        }
        if (result == BY_DEFAULT)
                result = doc_u16(data, at);
        ret_field->checked = ret_field->kind == DOC_FIELD_CHECK && result == 1;
        if (ret_field->kind == DOC_FIELD_LIST)
                read_entry(data, at + 2, result, ret_field);
        return true;
}
