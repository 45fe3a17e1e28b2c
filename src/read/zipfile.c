/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/zipfile.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "read/archive.h"
#include "read/bounds.h"
#include "read/charset.h"
#include "read/container.h"
#include "read/package.h"

enum { NAME_MAX_RAW = 1024 };

/* ---- names */

/* Bytes of the Polish letters in each code page. */
static const char cp852[] = "\xA5\x86\xA9\x88\xE4\xA2\x98\xAB\xBE\xA4\x8F\xA8\x9D\xE3\xE0\x97\x8D\xBD",
                  cp1250[] = "\xB9\xE6\xEA\xB3\xF1\xF3\x9C\x9F\xBF\xA5\xC6\xCA\xA3\xD1\xD3\x8C\x8F\xAF";

/* How many of the bytes above ASCII are letters, and -1 for one that is none. */
static int fit(const char *raw, const char *letters)
{
        int points = 0;

        for (; *raw; raw++)
                if ((unsigned char)*raw >= 0x80)
                        points += strchr(letters, *raw) ? 1 : -1;
        return points;
}

/* Without a mark of UTF-8 the archive's own rule is the OEM code page (APPNOTE.TXT D.1), but some programs write
 * the other one. */
char *zipfile_name(const char *raw)
{
        size_t size = strnlen(raw, NAME_MAX_RAW);
        char *name;

        if (str_is_utf8(raw, size))
                name = xstrndup(raw, size);
        else
                name = charset_to_utf8(raw, size, fit(raw, cp1250) > fit(raw, cp852) ? "cp1250" : "cp852");
        for (char *p = name; *p; p++)
                if (*p == '\\')
                        *p = '/';
        return name;
}

/* ---- what is nobody's file */

static bool is_folder(const char *name)
{
        return !*name || name[strlen(name) - 1] == '/';
}

/* "._ankieta.docx" is written by Macs beside each file, "~$ankieta.docx" by Word while one is open. */
static bool is_litter(const char *name)
{
        static const char *const names[] = { ".DS_Store", "Thumbs.db", "desktop.ini", NULL };
        const char *slash = strrchr(name, '/'), *last = slash ? slash + 1 : name;

        if (str_starts(name, "__MACOSX/") || strstr(name, "/__MACOSX/") || str_starts(last, "._") ||
            str_starts(last, "~$"))
                return true;
        for (size_t i = 0; names[i]; i++)
                if (str_equal_nocase(last, names[i]))
                        return true;
        return false;
}

/* ---- the archive */

bool zipfile_is(const char *bytes, size_t size, const struct bounds *bounds)
{
        return package_of(bytes, size, bounds) == PACKAGE_ARCHIVE;
}

static const char *problem_of(enum archive_result result)
{
        switch (result) {
        case ARCHIVE_PROTECTED:
                return DOCUMENT_ARCHIVE_PROTECTED;
        case ARCHIVE_UNKNOWN:
                return "a file in the archive is packed in a way that is not read";
        case ARCHIVE_LARGE:
                return "the archive unpacks to more than is read";
        case ARCHIVE_READ:
        case ARCHIVE_DAMAGED:
                break;
        }
        return "a file in the archive is damaged";
}

static void add(struct archive *archive, size_t index, const char *name, const struct bounds *bounds,
    struct container *container)
{
        struct buf bytes = { 0 };
        enum archive_result result = archive_read_at(archive, index, &bytes);

        if (result == ARCHIVE_READ)
                container_add(container, bounds, name, buf_text(&bytes), bytes.size);
        else
                container_problem(container, problem_of(result));
        buf_free(&bytes);
}

void zipfile_open(const char *bytes, size_t size, const struct bounds *bounds, struct container *container)
{
        struct archive *archive;

        if (archive_open(bytes, size, bounds, &archive, NULL) < 0) {
                container_problem(container, "an archive that is damaged, or holds more files than are read");
                return;
        }
        for (size_t i = 0; i < archive_count(archive); i++) {
                CLEANUP_FREE char *name = zipfile_name(archive_raw_name(archive, i));

                if (!is_folder(name) && !is_litter(name))
                        add(archive, i, name, bounds, container);
        }
        if (!container->count && !container->problems.count)
                container_problem(container, "an archive without any file");
        archive_close(archive);
}
