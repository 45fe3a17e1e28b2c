/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/detect.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "read/bounds.h"
#include "read/charset.h"
#include "read/doc.h"
#include "read/docx.h"
#include "read/kind.h"
#include "read/mht.h"
#include "read/odf.h"
#include "read/ole.h"
#include "read/package.h"
#include "read/pages.h"
#include "read/rtf.h"
#include "read/words.h"
#include "read/xlsx.h"

#define BY_PERSON "a format that is read by a person"

enum { HEAD_SIZE = 16 * 1024 };

struct input {
        const char *bytes;
        size_t size;
        const char *charset;
        const struct bounds *bounds;
        enum package package;
};

static bool starts(const struct input *in, const char *magic, size_t size)
{
        return in->size >= size && !memcmp(in->bytes, magic, size);
}

static bool holds(const struct input *in, const char *part, size_t size)
{
        return memmem(in->bytes, in->size, part, size) != NULL;
}

/* ---- what it is */

static bool is_empty(const struct input *in)
{
        for (size_t i = 0; i < in->size; i++)
                if (!isspace((unsigned char)in->bytes[i]))
                        return false;
        return true;
}

static bool is_docx(const struct input *in)
{
        return in->package == PACKAGE_WORD;
}

static bool is_odf(const struct input *in)
{
        return in->package == PACKAGE_ODF;
}

static bool is_xlsx(const struct input *in)
{
        return in->package == PACKAGE_EXCEL;
}

static bool is_pages(const struct input *in)
{
        return in->package == PACKAGE_PAGES;
}

static bool is_archive(const struct input *in)
{
        return in->package == PACKAGE_ARCHIVE;
}

static bool is_flat_odf(const struct input *in)
{
        const struct input head = { .bytes = in->bytes, .size = in->size < 8192 ? in->size : 8192 };

        return holds(&head, "urn:oasis:names:tc:opendocument:xmlns:office:1.0", 48) &&
               (starts(in, "<?xml", 5) || starts(in, "\xEF\xBB\xBF<?xml", 8) ||
                   starts(in, "<office:document", 16));
}

static bool is_ole(const struct input *in)
{
        return ole_is(in->bytes, in->size);
}

static bool is_picture(const struct input *in)
{
        return starts(in, "\x89PNG", 4) || starts(in, "\xFF\xD8\xFF", 3) || starts(in, "GIF8", 4) ||
               starts(in, "II*\0", 4) || starts(in, "MM\0*", 4) || starts(in, "BM", 2) ||
               (starts(in, "RIFF", 4) && in->size > 12 && !memcmp(in->bytes + 8, "WEBP", 4)) ||
               (in->size > 12 && !memcmp(in->bytes + 4, "ftyp", 4));
}

/* Readers look for the header in the first 1024 bytes (ISO 32000-1, annex H.3). */
static bool is_pdf(const struct input *in)
{
        return memmem(in->bytes, in->size < 1024 ? in->size : 1024, "%PDF-", 5) != NULL;
}

static bool is_known(const struct input *in)
{
        return kind_of(in->bytes, in->size) != NULL;
}

static bool is_other(const struct input *in)
{
        return in->package == PACKAGE_OTHER || (starts(in, "<?xml", 5) && !holds(in, "<html", 5));
}

static bool has_line(const struct input *in, const char *line)
{
        const char *found = memmem(in->bytes, in->size, line, strlen(line));

        return found && (found == in->bytes || found[-1] == '\n');
}

/* OpenPGP armour (RFC 4880 6.2); CMS enveloped-data, by the object identifier near its beginning. */
static bool is_ciphertext(const struct input *in)
{
        static const char enveloped[] = "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03";
        size_t near = in->size < 64 ? in->size : 64;

        return has_line(in, "-----BEGIN PGP MESSAGE-----") ||
               (starts(in, "\x30", 1) && memmem(in->bytes, near, enveloped, sizeof enveloped - 1));
}

/* RFC 1741 */
static bool is_binhex(const struct input *in)
{
        return has_line(in, "(This file must be converted with BinHex");
}

static bool is_mht(const struct input *in)
{
        return mht_is(in->bytes, in->size, in->bounds);
}

static bool is_html(const struct input *in)
{
        char head[1024 + 1];
        size_t n = in->size < sizeof head - 1 ? in->size : sizeof head - 1;

        for (size_t i = 0; i < n; i++)
                head[i] = in->bytes[i] ? in->bytes[i] : ' ';
        head[n] = 0;
        return strcasestr(head, "<html") || strcasestr(head, "<!doctype html") || strcasestr(head, "<body") ||
               strcasestr(head, "<table");
}

/* Bytes 0 to 8 are in no text, but in every second place of UTF-16. */
static bool is_text(const struct input *in)
{
        size_t odd = 0, n = in->size < 64 * 1024 ? in->size : 64 * 1024;

        if (starts(in, "\xFF\xFE", 2) || starts(in, "\xFE\xFF", 2))
                return true;
        for (size_t i = 0; i < n; i++)
                odd += (unsigned char)in->bytes[i] < 9;
        return odd * 100 <= n;
}

static bool is_anything(const struct input *in)
{
        (void)in;
        return true;
}

/* ---- reading it */

static void read_docx(const struct input *in, const struct bounds *bounds, struct document *doc)
{
        docx_read(in->bytes, in->size, bounds, doc);
}

static void read_odf(const struct input *in, const struct bounds *bounds, struct document *doc)
{
        odf_read(in->bytes, in->size, bounds, doc);
}

static void read_flat_odf(const struct input *in, const struct bounds *bounds, struct document *doc)
{
        (void)bounds;
        odf_read_flat(in->bytes, in->size, doc);
}

static void read_xlsx(const struct input *in, const struct bounds *bounds, struct document *doc)
{
        xlsx_read(in->bytes, in->size, bounds, doc);
}

static void read_html(const struct input *in, const struct bounds *bounds, struct document *doc)
{
        CLEANUP_FREE char *declared = in->charset ? NULL : html_charset(in->bytes, in->size);
        CLEANUP_FREE char *text = charset_to_utf8(in->bytes, in->size, in->charset ? in->charset : declared);

        (void)bounds;
        html_read_document(text, doc);
}

static void read_mht(const struct input *in, const struct bounds *bounds, struct document *doc)
{
        mht_read(in->bytes, in->size, bounds, doc);
}

static void read_text(const struct input *in, const struct bounds *bounds, struct document *doc)
{
        size_t size = in->size < LIMIT_DOC_TEXT ? in->size : LIMIT_DOC_TEXT;
        CLEANUP_FREE char *text = charset_to_utf8(in->bytes, size, in->charset);

        (void)bounds;
        if (size < in->size)
                document_problem(doc, "a text that is too long to be read whole");
        text_read_document(text, doc);
}

static void read_known(const struct input *in, const struct bounds *bounds, struct document *doc)
{
        (void)bounds;
        document_problem(doc, kind_of(in->bytes, in->size));
}

static void read_rtf(const struct input *in, const struct bounds *bounds, struct document *doc)
{
        (void)bounds;
        rtf_read(in->bytes, in->size, doc);
}

static bool is_rtf(const struct input *in)
{
        return starts(in, "{\\rtf", 5);
}

/* Older office formats, and newer ones under a password ([MS-OFFCRYPTO] 2.3), share one kind of file. */
static void read_ole(const struct input *in, const struct bounds *bounds, struct document *doc)
{
        /* As a damaged file has it, whose streams are not to be listed: UTF-16LE. */
        static const char encrypted[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
        struct ole *ole = ole_open(in->bytes, in->size);

        if (ole ? ole_has(ole, "EncryptedPackage") : holds(in, encrypted, sizeof encrypted))
                document_problem(doc, DOCUMENT_PROTECTED);
        else if (!ole)
                document_problem(doc, DOCUMENT_DAMAGED);
        else if (ole_has(ole, "WordDocument"))
                doc_read(ole, bounds, doc);
        else
                document_problem(doc, kind_of_ole(ole));
        ole_close(ole);
}

enum pages { PAGES_NONE, PAGES_PDF, PAGES_PICTURE };

/* The first row that fits. A format is read, or its problem told; pages are read by others. */
static const struct {
        bool (*is)(const struct input *in);
        void (*read)(const struct input *in, const struct bounds *bounds, struct document *doc);
        const char *problem;
        enum pages pages;
} formats[] = {
        { is_empty, NULL, "an empty file", PAGES_NONE },
        { is_pdf, NULL, NULL, PAGES_PDF },
        { is_docx, read_docx, NULL, PAGES_NONE },
        { is_odf, read_odf, NULL, PAGES_NONE },
        { is_xlsx, read_xlsx, NULL, PAGES_NONE },
        { is_flat_odf, read_flat_odf, NULL, PAGES_NONE },
        { is_ole, read_ole, NULL, PAGES_NONE },
        { is_rtf, read_rtf, NULL, PAGES_NONE },
        { is_ciphertext, NULL, "the document is encrypted", PAGES_NONE },
        { is_binhex, NULL, "a file in BinHex, which is read by a person", PAGES_NONE },
        { is_picture, NULL, NULL, PAGES_PICTURE },
        { is_pages, NULL, "a Pages document, which is read by a person; ask for .docx or .pdf", PAGES_NONE },
        { is_archive, NULL, "an archive of files", PAGES_NONE },
        { is_known, read_known, NULL, PAGES_NONE },
        { is_other, NULL, BY_PERSON, PAGES_NONE },
        { is_mht, read_mht, NULL, PAGES_NONE },
        { is_html, read_html, NULL, PAGES_NONE },
        { is_text, read_text, NULL, PAGES_NONE },
        { is_anything, NULL, BY_PERSON, PAGES_NONE },
};

static void read_pages(const struct input *in, enum pages kind, const struct bounds *bounds,
    const struct pages_readers *readers, struct document *doc)
{
        (kind == PAGES_PDF ? readers->pdf : readers->picture)(in->bytes, in->size, bounds, doc);
}

bool detect_read(const char *bytes, size_t size, const char *charset, const struct bounds *bounds,
    const struct pages_readers *pages, struct document *doc)
{
        struct input in = { .bytes = bytes, .size = size, .charset = charset, .bounds = bounds };
        size_t i = 0;

        if (size > (size_t)bounds->document_mb * 1024 * 1024) {
                document_problem(doc, "the document is larger than is read");
                return true;
        }
        in.package = package_of(bytes, size, bounds);
        while (!formats[i].is(&in))
                i++;
        if (formats[i].pages && !pages)
                return false;
        if (formats[i].pages)
                read_pages(&in, formats[i].pages, bounds, pages, doc);
        else if (formats[i].read)
                formats[i].read(&in, bounds, doc);
        else
                document_problem(doc, formats[i].problem);
        return true;
}

/* Whether a line begins with that name and colon. */
static bool has_field(const char *head, const char *name)
{
        const char *found = strcasestr(head, name);

        while (found && found != head && found[-1] != '\n')
                found = strcasestr(found + 1, name);
        return found != NULL;
}

static bool begins_with_field(const char *bytes, size_t size)
{
        size_t n = 0;

        while (n < size && n < 80 && (isalnum((unsigned char)bytes[n]) || bytes[n] == '-'))
                n++;
        return n && n < size && bytes[n] == ':';
}

/* Mail that was kept in files begins with a line "From jan@example.org Mon Jan ..." */
static bool is_mbox(const char *bytes, size_t size)
{
        return size > 5 && !memcmp(bytes, "From ", 5);
}

bool detect_is_mail(const char *bytes, size_t size)
{
        /* A form may begin "Telefon: ..." too: a mail has a header that only mails have. */
        static const char *const marks[] = { "received:", "message-id:", "mime-version:", "from:",
                "return-path:", "delivered-to:", "content-type:" };

        if (is_mbox(bytes, size))
                return true;
        if (!begins_with_field(bytes, size))
                return false;
        CLEANUP_FREE char *head = xstrndup(bytes, size < HEAD_SIZE ? size : HEAD_SIZE);
        for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
                if (has_field(head, marks[i]))
                        return true;
        return false;
}

/* Up to the first empty line. */
static char *header_of(const char *bytes, size_t size)
{
        char *head = xstrndup(bytes, size < HEAD_SIZE ? size : HEAD_SIZE);
        char *unix_end = strstr(head, "\n\n"), *end = strstr(head, "\n\r\n");

        if (end && (!unix_end || end < unix_end))
                *end = 0;
        else if (unix_end)
                *unix_end = 0;
        return head;
}

bool detect_is_saved_mail(const char *bytes, size_t size)
{
        static const char *const marks[] = { "received:", "message-id:", "mime-version:", "from:", "to:",
                "return-path:", "delivered-to:", "content-type:", "subject:", "date:" };
        size_t found = 0;

        if (!detect_is_mail(bytes, size) || (is_mbox(bytes, size) && !memchr(bytes, '\n', size)))
                return false;
        CLEANUP_FREE char *head = header_of(bytes, size);
        for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
                found += has_field(head, marks[i]);
        return found >= 3;
}

/* ---- by name */

static bool ends_any(const char *filename, const char *const *ends)
{
        size_t size = strlen(filename);

        for (; *ends; ends++) {
                size_t n = strlen(*ends);

                if (size > n && str_equal_nocase(filename + size - n, *ends))
                        return true;
        }
        return false;
}

bool detect_is_document(const char *type, const char *filename)
{
        /* An application type may hide any document: what it is, its content says. */
        static const char *const never[] = { "application/pgp-", "application/pkcs7-sig",
                "application/x-pkcs7-sig", "application/ics", "application/json", "application/applefile",
                NULL };
        static const char *const types[] = { "application/", "text/html", "text/plain", "text/rtf",
                "text/richtext", "text/enriched", "message/partial", NULL };
        static const char *const ends[] = { ".docx", ".docm", ".dotx", ".doc", ".dot", ".odt", ".ott", ".rtf",
                ".pdf", ".xls", ".xlsx", ".ods", ".html", ".htm", ".txt", ".zip", ".pages", ".wpd", NULL };

        static const char *const signatures[] = { ".p7s", ".sig", ".ics", ".vcf", NULL };

        if (ends_any(filename, signatures))
                return false;
        for (size_t i = 0; never[i]; i++)
                if (str_starts(type, never[i]))
                        return false;
        if (ends_any(filename, ends))
                return true;
        if (str_starts(type, "image/"))
                return false;
        for (size_t i = 0; types[i]; i++)
                if (str_starts(type, types[i]))
                        return true;
        return str_equal_nocase(filename, "winmail.dat");
}

bool detect_is_document_head(const char *bytes, size_t size)
{
        const struct input in = { .bytes = bytes, .size = size };

        return starts(&in, "PK\3\4", 4) || is_ole(&in) || starts(&in, "%PDF", 4) || starts(&in, "{\\rtf", 5);
}

bool detect_is_picture_name(const char *type, const char *filename)
{
        static const char *const ends[] = { ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".gif", ".bmp", ".heic",
                ".webp", NULL };

        return !str_starts(type, "image/") && ends_any(filename, ends);
}
