/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How characters and paragraphs of a Word 97-2003 document are formatted ([MS-DOC] 2.4.6, 2.6, 2.9.109 Grpprl):
 * pages of runs ("FKP") that hold lists of changes to single properties ("sprm"). Offsets into the file are not
 * believed: what points outside is taken as absent. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/grid.h"

enum { DOC_FONTS_MAX = 256 };

struct doc_bytes {
        const uint8_t *data;
        size_t size;
};
uint16_t doc_u16(const struct doc_bytes *bytes, size_t at); /* 0 beyond the end */
uint32_t doc_u32(const struct doc_bytes *bytes, size_t at);

struct doc_chars {
        unsigned marks; /* of enum document_mark */
        bool hidden, special, has_data;
        uint32_t data;     /* offset in the Data stream */
        unsigned symbol;   /* a character of the symbol font; 0: none */
        unsigned font;     /* of the text, or of the symbol */
        uint32_t from, to; /* file offsets [from, to) of the run */
};

struct doc_paragraph {
        int depth;     /* of tables around: 0 none */
        bool row_end;  /* the paragraph is a row's end and has no text */
        bool cell_end; /* of a table inside another: its mark ends a cell */
        bool item;     /* of a list */
        struct grid_row row;
        uint32_t from, to;
};

struct doc_format {
        struct doc_bytes word, table, data;     /* borrowed streams */
        unsigned char wingdings[DOC_FONTS_MAX]; /* by font number: 1 Wingdings, 2 Wingdings 2 */
};

void doc_format_init(
    struct doc_format *ret_format, struct doc_bytes word, struct doc_bytes table, struct doc_bytes data);
void doc_format_chars(const struct doc_format *format, uint32_t offset, struct doc_chars *ret_chars);
void doc_format_paragraph(
    const struct doc_format *format, uint32_t offset, struct doc_paragraph *ret_paragraph);

/* An older form field ([MS-DOC] 2.9.78 FFData) at an offset of the Data stream. */
struct doc_field {
        enum { DOC_FIELD_TEXT, DOC_FIELD_CHECK, DOC_FIELD_LIST } kind;
        bool checked;
        char name[256], standard[256], chosen[256]; /* UTF-8, cut where they are longer */
};
bool doc_field_read(const struct doc_format *format, uint32_t offset, struct doc_field *ret_field);
