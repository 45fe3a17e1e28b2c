/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/kind.h"

#include <string.h>

#include "read/ole.h"

#define BY_PERSON ", which is read by a person"
#define ASK_DOCX "; ask for .docx or .pdf"

const char *kind_of(const char *bytes, size_t size)
{
        static const struct {
                size_t at;
                const char *magic;
                size_t size;
                const char *words;
        } rows[] = {
                { 0, "Rar!\x1A\x07", 6, "a RAR archive" BY_PERSON "; ask for .zip" },
                { 0, "7z\xBC\xAF\x27\x1C", 6, "a 7-Zip archive" BY_PERSON "; ask for .zip" },
                { 0, "\x1F\x8B", 2, "a gzip archive" BY_PERSON "; ask for .zip" },
                { 0, "BZh", 3, "a bzip2 archive" BY_PERSON "; ask for .zip" },
                { 0,
                    "\xFD"
                    "7zXZ",
                    5, "an xz archive" BY_PERSON "; ask for .zip" },
                { 0, "MSCF", 4, "a cabinet archive (.cab)" BY_PERSON "; ask for .zip" },
                { 0, "\x60\xEA", 2, "an ARJ archive" BY_PERSON "; ask for .zip" },
                { 7, "**ACE**", 7, "an ACE archive" BY_PERSON "; ask for .zip" },
                { 257, "ustar", 5, "a tar archive" BY_PERSON "; ask for .zip" },
                { 2, "-lh", 3, "an LHA archive" BY_PERSON "; ask for .zip" },
                { 0, "PK\7\x08", 4, "a piece of an archive that was cut into several" BY_PERSON },
                { 0, "MZ", 2, "a program (.exe), which is not opened" },
                { 0,
                    "\x7F"
                    "ELF",
                    4, "a program, which is not opened" },
                { 0,
                    "\xFF"
                    "WPC",
                    4, "a WordPerfect document" BY_PERSON ASK_DOCX },
                { 0, "\x31\xBE\0\0", 4, "a Write document (.wri)" BY_PERSON ASK_DOCX },
                { 0, "\xDB\xA5\x2D\0", 4, "a document of Word 2" BY_PERSON ASK_DOCX },
                { 0, "\x9B\xA5\x21\0", 4, "a document of Word for Windows 1" BY_PERSON ASK_DOCX },
                { 0, "\x09\x00\x04\x00", 4, "an old Excel file (.xls)" BY_PERSON "; ask for .xlsx" },
                { 0, "\x09\x02\x06\x00", 4, "an old Excel file (.xls)" BY_PERSON "; ask for .xlsx" },
                { 0, "\x09\x04\x06\x00", 4, "an old Excel file (.xls)" BY_PERSON "; ask for .xlsx" },
                { 0, "\x09\x08", 2, "an old Excel file (.xls)" BY_PERSON "; ask for .xlsx" },
                { 0, "AT&TFORM", 8, "a DjVu document" BY_PERSON "; ask for .pdf" },
                { 0, "%!PS", 4, "a PostScript document" BY_PERSON "; ask for .pdf" },
                { 0, "ITSF", 4, "a help file (.chm)" BY_PERSON },
        };

        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
                if (size >= rows[i].at + rows[i].size &&
                    !memcmp(bytes + rows[i].at, rows[i].magic, rows[i].size))
                        return rows[i].words;
        return NULL;
}

const char *kind_of_ole(const struct ole *ole)
{
        static const struct {
                const char *stream, *words;
        } rows[] = {
                { "Workbook", "an old Excel file (.xls)" BY_PERSON "; ask for .xlsx" },
                { "Book", "an old Excel file (.xls)" BY_PERSON "; ask for .xlsx" },
                { "PowerPoint Document", "slides (.ppt)" BY_PERSON ASK_DOCX },
                { "PP40", "slides (.ppt)" BY_PERSON ASK_DOCX },
                { "Quill", "a Publisher document (.pub)" BY_PERSON ASK_DOCX },
                { "VisioDocument", "a Visio drawing (.vsd)" BY_PERSON ASK_DOCX },
                { "StarWriterDocument", "a StarOffice document (.sdw)" BY_PERSON ASK_DOCX },
                { "StarCalcDocument", "a StarOffice sheet (.sdc)" BY_PERSON "; ask for .xlsx" },
                { "MatOST", "a Works document (.wps)" BY_PERSON ASK_DOCX },
                { "CONTENTS", "a Works document (.wps)" BY_PERSON ASK_DOCX },
                { "NativeContent_MAIN", "a WordPerfect document" BY_PERSON ASK_DOCX },
                { "PerfectOffice_MAIN", "a WordPerfect document" BY_PERSON ASK_DOCX },
                { "HwpSummaryInformation", "a Hangul document (.hwp)" BY_PERSON ASK_DOCX },
        };

        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
                if (ole_has(ole, rows[i].stream))
                        return rows[i].words;
        return "a format that is read by a person";
}
