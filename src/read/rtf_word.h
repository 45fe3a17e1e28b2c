/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control words of RTF that a form's text depends on. */
#pragma once

enum rtf_word {
        RTF_UNKNOWN, /* in a group that says it may be left out, so is the group */
        /* what the group is */
        RTF_SKIP,  /* no text of the document */
        RTF_TEXT,  /* text, though the group might be left out */
        RTF_ASIDE, /* a text box */
        RTF_FONTS,
        RTF_FIELD,
        RTF_INSTRUCTION,
        RTF_RESULT,
        RTF_FORM,
        RTF_FORM_NAME,
        RTF_FORM_STANDARD,
        RTF_FORM_ENTRY,
        /* numbers of a form field */
        RTF_FORM_CHOSEN,
        RTF_FORM_DEFAULT,
        /* characters */
        RTF_UNICODE,
        RTF_UNICODE_SKIP,
        RTF_CODE_PAGE,
        RTF_FONT,
        RTF_FONT_DEFAULT,
        RTF_FONT_CHARSET,
        RTF_CHARACTER, /* one that has a name */
        RTF_TAB,
        RTF_LINE,
        /* marks */
        RTF_PLAIN,
        RTF_BOLD,
        RTF_UNDERLINE,
        RTF_UNDERLINE_OFF,
        RTF_STRIKE,
        RTF_DELETED,
        RTF_INSERTED,
        RTF_HIDDEN,
        /* paragraphs and tables */
        RTF_PARAGRAPH,
        RTF_PARAGRAPH_PLAIN,
        RTF_ITEM,
        RTF_IN_TABLE,
        RTF_DEPTH,
        RTF_ROW_BEGIN,
        RTF_CELL_EDGE,
        RTF_CELL_MERGED,
        RTF_CELL_GOES_ON,
        RTF_CELL,
        RTF_ROW,
        RTF_BINARY,
};

/* ret_character: of RTF_CHARACTER. */
enum rtf_word rtf_word(const char *word, unsigned *ret_character);
