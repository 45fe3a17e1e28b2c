/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/rtf_word.h"

#include <stdlib.h>
#include <string.h>

struct entry {
        const char *word;
        enum rtf_word meaning;
        unsigned character;
};

/* In the order of strcmp(). */
static const struct entry entries[] = {
        { "ansicpg", RTF_CODE_PAGE, 0 },
        { "b", RTF_BOLD, 0 },
        { "bin", RTF_BINARY, 0 },
        { "bullet", RTF_CHARACTER, 0x2022 },
        { "cell", RTF_CELL, 0 },
        { "cellx", RTF_CELL_EDGE, 0 },
        { "clmrg", RTF_CELL_MERGED, 0 },
        { "clvmrg", RTF_CELL_GOES_ON, 0 },
        { "colortbl", RTF_SKIP, 0 },
        { "deff", RTF_FONT_DEFAULT, 0 },
        { "deleted", RTF_DELETED, 0 },
        { "do", RTF_TEXT, 0 },
        { "dptxbxtext", RTF_ASIDE, 0 },
        { "emdash", RTF_CHARACTER, 0x2014 },
        { "emspace", RTF_CHARACTER, 0x2003 },
        { "endash", RTF_CHARACTER, 0x2013 },
        { "enspace", RTF_CHARACTER, 0x2002 },
        { "f", RTF_FONT, 0 },
        { "fcharset", RTF_FONT_CHARSET, 0 },
        { "ffdefres", RTF_FORM_DEFAULT, 0 },
        { "ffdeftext", RTF_FORM_STANDARD, 0 },
        { "ffl", RTF_FORM_ENTRY, 0 },
        { "ffname", RTF_FORM_NAME, 0 },
        { "ffres", RTF_FORM_CHOSEN, 0 },
        { "field", RTF_FIELD, 0 },
        { "fldinst", RTF_INSTRUCTION, 0 },
        { "fldrslt", RTF_RESULT, 0 },
        { "fonttbl", RTF_FONTS, 0 },
        { "footer", RTF_SKIP, 0 },
        { "footerf", RTF_SKIP, 0 },
        { "footerl", RTF_SKIP, 0 },
        { "footerr", RTF_SKIP, 0 },
        { "footnote", RTF_SKIP, 0 },
        { "formfield", RTF_FORM, 0 },
        { "header", RTF_SKIP, 0 },
        { "headerf", RTF_SKIP, 0 },
        { "headerl", RTF_SKIP, 0 },
        { "headerr", RTF_SKIP, 0 },
        { "info", RTF_SKIP, 0 },
        { "intbl", RTF_IN_TABLE, 0 },
        { "itap", RTF_DEPTH, 0 },
        { "ldblquote", RTF_CHARACTER, 0x201C },
        { "line", RTF_LINE, 0 },
        { "listtext", RTF_SKIP, 0 },
        { "lquote", RTF_CHARACTER, 0x2018 },
        { "ls", RTF_ITEM, 0 },
        { "nestcell", RTF_CELL, 0 },
        { "nestrow", RTF_ROW, 0 },
        { "nesttableprops", RTF_TEXT, 0 },
        { "nonesttables", RTF_SKIP, 0 },
        { "nonshppict", RTF_SKIP, 0 },
        { "objdata", RTF_SKIP, 0 },
        { "page", RTF_PARAGRAPH, 0 },
        { "par", RTF_PARAGRAPH, 0 },
        { "pard", RTF_PARAGRAPH_PLAIN, 0 },
        { "pict", RTF_SKIP, 0 },
        { "plain", RTF_PLAIN, 0 },
        { "pntext", RTF_SKIP, 0 },
        { "rdblquote", RTF_CHARACTER, 0x201D },
        { "revised", RTF_INSERTED, 0 },
        { "row", RTF_ROW, 0 },
        { "rquote", RTF_CHARACTER, 0x2019 },
        { "sect", RTF_PARAGRAPH, 0 },
        { "shpinst", RTF_TEXT, 0 },
        { "shprslt", RTF_SKIP, 0 },
        { "shptxt", RTF_ASIDE, 0 },
        { "sp", RTF_SKIP, 0 },
        { "strike", RTF_STRIKE, 0 },
        { "striked", RTF_STRIKE, 0 },
        { "stylesheet", RTF_SKIP, 0 },
        { "tab", RTF_TAB, 0 },
        { "tc", RTF_SKIP, 0 },
        { "trowd", RTF_ROW_BEGIN, 0 },
        { "u", RTF_UNICODE, 0 },
        { "uc", RTF_UNICODE_SKIP, 0 },
        { "ul", RTF_UNDERLINE, 0 },
        { "uld", RTF_UNDERLINE, 0 },
        { "uldash", RTF_UNDERLINE, 0 },
        { "uldashd", RTF_UNDERLINE, 0 },
        { "uldashdd", RTF_UNDERLINE, 0 },
        { "uldb", RTF_UNDERLINE, 0 },
        { "ulnone", RTF_UNDERLINE_OFF, 0 },
        { "ulth", RTF_UNDERLINE, 0 },
        { "ulw", RTF_UNDERLINE, 0 },
        { "ulwave", RTF_UNDERLINE, 0 },
        { "v", RTF_HIDDEN, 0 },
        { "xe", RTF_SKIP, 0 },
};

static int compare(const void *key, const void *entry)
{
        return strcmp(key, ((const struct entry *)entry)->word);
}

enum rtf_word rtf_word(const char *word, unsigned *ret_character)
{
        const struct entry *entry =
            bsearch(word, entries, sizeof entries / sizeof *entries, sizeof *entries, compare);

        if (!entry)
                return RTF_UNKNOWN;
        *ret_character = entry->character;
        return entry->meaning;
}
