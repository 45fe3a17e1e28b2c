/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/package.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "read/archive.h"
#include "read/opc.h"

/* A local file header (APPNOTE.TXT 4.3.7): the name's size at 26, the name at 30. */
enum { NAME_SIZE_AT = 26, NAME_AT = 30 };

static bool holds(const char *bytes, size_t size, const char *part)
{
        return memmem(bytes, size, part, strlen(part)) != NULL;
}

static bool is_zip(const char *bytes, size_t size)
{
        return size >= 4 && (!memcmp(bytes, "PK\3\4", 4) || !memcmp(bytes, "PK\5\6", 4) ||
                                !memcmp(bytes, "PK00", 4)); /* in one piece, though written for several */
}

/* ---- archives whose directory cannot be read */

static bool first_is(const char *bytes, size_t size, const char *name)
{
        size_t n;

        if (size < NAME_AT)
                return false;
        n = (unsigned char)bytes[NAME_SIZE_AT] | (size_t)(unsigned char)bytes[NAME_SIZE_AT + 1] << 8;
        return n >= strlen(name) && size - NAME_AT >= strlen(name) &&
               !memcmp(bytes + NAME_AT, name, strlen(name));
}

static bool looks_opc(const char *bytes, size_t size)
{
        return first_is(bytes, size, "[Content_Types].xml") || first_is(bytes, size, "_rels/") ||
               first_is(bytes, size, "docProps/") || first_is(bytes, size, "word/") ||
               first_is(bytes, size, "xl/");
}

static enum package guess(const char *bytes, size_t size)
{
        if (first_is(bytes, size, "mimetype") || first_is(bytes, size, "content.xml"))
                return holds(bytes, size, "application/vnd.oasis.opendocument.") ||
                               holds(bytes, size, "content.xml")
                           ? PACKAGE_ODF
                           : PACKAGE_OTHER;
        if (!looks_opc(bytes, size))
                return PACKAGE_ARCHIVE;
        if (holds(bytes, size, "xl/work"))
                return PACKAGE_EXCEL;
        return holds(bytes, size, "ppt/") ? PACKAGE_OTHER : PACKAGE_WORD;
}

/* ---- others */

static bool part_holds(struct archive *archive, const char *part, const char *words)
{
        struct buf bytes = { 0 };
        bool found =
            archive_read(archive, part, &bytes, NULL) == 0 && holds(buf_text(&bytes), bytes.size, words);

        buf_free(&bytes);
        return found;
}

static bool is_odf(struct archive *archive)
{
        return part_holds(archive, "mimetype", "application/vnd.oasis.opendocument.") ||
               (archive_has_path(archive, "content.xml") &&
                   archive_has_path(archive, "META-INF/manifest.xml"));
}

static bool any_starts(struct archive *archive, const char *folder)
{
        for (size_t i = 0; i < archive_count(archive); i++)
                if (str_starts_nocase(archive_raw_name(archive, i), folder))
                        return true;
        return false;
}

/* The main part has whatever name its program likes: then the types tell (ECMA-376 Part 2, 10.1.2), or what is in
 * it. */
static enum package by_types(struct archive *archive)
{
        static const char types[] = "[Content_Types].xml";
        CLEANUP_FREE char *part = NULL;

        if (!archive_has_path(archive, types) && !archive_has_path(archive, "_rels/.rels"))
                return PACKAGE_ARCHIVE;
        if (part_holds(archive, types, "sheet.binary."))
                return PACKAGE_OTHER;
        part = opc_main_part(archive, "");
        if (part_holds(archive, types, "wordprocessingml.document.main") ||
            part_holds(archive, part, "wordprocessingml") || any_starts(archive, "word/"))
                return PACKAGE_WORD;
        return part_holds(archive, types, "spreadsheetml.sheet.main") ||
                       part_holds(archive, part, "spreadsheetml") || any_starts(archive, "xl/")
                   ? PACKAGE_EXCEL
                   : PACKAGE_OTHER;
}

static enum package by_names(struct archive *archive)
{
        if (archive_has_path(archive, "word/document.xml"))
                return PACKAGE_WORD;
        if (archive_has_path(archive, "xl/workbook.xml") ||
            archive_has_path(archive, "xl/worksheets/sheet1.xml"))
                return PACKAGE_EXCEL;
        if (is_odf(archive))
                return PACKAGE_ODF;
        if (archive_has_path(archive, "Index/Document.iwa") || archive_has_path(archive, "Index.zip") ||
            archive_has_path(archive, "index.apxl") || archive_has_path(archive, "QuickLook/Preview.pdf"))
                return PACKAGE_PAGES;
        if (part_holds(archive, "mimetype", "application/epub"))
                return PACKAGE_OTHER;
        return by_types(archive);
}

enum package package_of(const char *bytes, size_t size, const struct bounds *bounds)
{
        struct archive *archive;
        enum package package;

        if (!is_zip(bytes, size))
                return PACKAGE_NONE;
        if (archive_open(bytes, size, bounds, &archive, NULL) < 0)
                return guess(bytes, size);
        package = by_names(archive);
        archive_close(archive);
        return package;
}
