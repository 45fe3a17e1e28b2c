/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/archive.h"

#include <stdlib.h>
#include <zip.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "core/document.h"
#include "read/bounds.h"

#define DAMAGED DOCUMENT_DAMAGED

/* Small archives of tables reach any ratio: below this size none is asked for. */
enum { UNPACK_FREE = 4 * 1024 * 1024 };

struct archive {
        zip_t *zip;
        size_t left; /* bytes that may still be unpacked */
};

static size_t budget(size_t size, const struct bounds *bounds)
{
        size_t most = (size_t)bounds->document_mb * 1024 * 1024;
        size_t ratio =
            size > most / (size_t)bounds->unpack_ratio ? most : size * (size_t)bounds->unpack_ratio;

        if (ratio < UNPACK_FREE)
                ratio = UNPACK_FREE;
        return ratio < most ? ratio : most;
}

int archive_open(const char *bytes, size_t size, const struct bounds *bounds, struct archive **ret_archive,
    struct err *err)
{
        zip_error_t why;
        zip_source_t *source = zip_source_buffer_create(bytes, size, 0, &why);
        zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
        struct archive *archive;

        if (!zip) {
                zip_source_free(source);
                return err_set(err, ERR_INPUT, DAMAGED);
        }
        if (zip_get_num_entries(zip, 0) > bounds->archive_entries) {
                zip_discard(zip);
                return err_set(err, ERR_INPUT, "an archive of more than %d files", bounds->archive_entries);
        }
        archive = xcalloc(1, sizeof *archive);
        archive->zip = zip;
        archive->left = budget(size, bounds);
        *ret_archive = archive;
        return 0;
}

void archive_close(struct archive *archive)
{
        if (!archive)
                return;
        zip_discard(archive->zip);
        free(archive);
}

static enum archive_result unpack(zip_file_t *file, size_t max, struct buf *out)
{
        char block[16 * 1024];
        zip_int64_t n;

        *out = (struct buf)BUF_INIT(max);
        while ((n = zip_fread(file, block, sizeof block)) > 0)
                if (buf_add(out, block, (size_t)n) < 0)
                        return ARCHIVE_LARGE;
        return n < 0 ? ARCHIVE_DAMAGED : ARCHIVE_READ;
}

static enum archive_result why_closed(struct archive *archive)
{
        const int code = zip_error_code_zip(zip_get_error(archive->zip));

        return code == ZIP_ER_COMPNOTSUPP || code == ZIP_ER_ENCRNOTSUPP ? ARCHIVE_UNKNOWN : ARCHIVE_DAMAGED;
}

size_t archive_count(const struct archive *archive)
{
        const zip_int64_t count = zip_get_num_entries(archive->zip, 0);

        return count > 0 ? (size_t)count : 0;
}

const char *archive_raw_name(struct archive *archive, size_t index)
{
        const char *name = zip_get_name(archive->zip, index, ZIP_FL_ENC_RAW);

        return name ? name : "";
}

enum archive_result archive_read_at(struct archive *archive, size_t index, struct buf *ret_bytes)
{
        enum archive_result result;
        struct buf bytes = { 0 };
        zip_stat_t stat;
        zip_file_t *file;

        if (zip_stat_index(archive->zip, index, 0, &stat) < 0)
                return ARCHIVE_DAMAGED;
        if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE)
                return ARCHIVE_PROTECTED;
        file = zip_fopen_index(archive->zip, index, 0);
        if (!file)
                return why_closed(archive);
        /* What the directory says of the size is not believed: reading stops at the budget. */
        result = unpack(file, archive->left, &bytes);
        zip_fclose(file);
        if (result != ARCHIVE_READ) {
                buf_free(&bytes);
                return result;
        }
        archive->left -= bytes.size;
        *ret_bytes = bytes;
        return result;
}

int archive_read(struct archive *archive, const char *name, struct buf *ret_bytes, struct err *err)
{
        const zip_int64_t index = zip_name_locate(archive->zip, name, 0);

        switch (index < 0 ? ARCHIVE_DAMAGED : archive_read_at(archive, (size_t)index, ret_bytes)) {
        case ARCHIVE_READ:
                return 0;
        case ARCHIVE_PROTECTED:
                return err_set(err, ERR_INPUT, DOCUMENT_PROTECTED);
        case ARCHIVE_LARGE:
                return err_set(err, ERR_INPUT, "the document unpacks to more than is read");
        case ARCHIVE_DAMAGED:
        case ARCHIVE_UNKNOWN:
                break;
        }
        return err_set(err, ERR_INPUT, DAMAGED);
}

bool archive_has(struct archive *archive, const char *name)
{
        return zip_name_locate(archive->zip, name, ZIP_FL_NODIR | ZIP_FL_NOCASE) >= 0;
}

bool archive_has_path(struct archive *archive, const char *path)
{
        return zip_name_locate(archive->zip, path, ZIP_FL_NOCASE) >= 0;
}
