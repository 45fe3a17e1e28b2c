/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/wrap.h"

#include <gnutls/gnutls.h>
#include <gnutls/pkcs7.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "read/bounds.h"
#include "read/detect.h"
#include "read/header.h"
#include "read/outlook.h"
#include "read/prescan.h"

enum {
        OID_NEAR = 64,      /* the content type of a CMS object stands among its first bytes */
        BOUNDARY_MAX = 200, /* RFC 2046 5.1.1 allows 70 */
};

static bool ends(const char *text, const char *end)
{
        size_t size = strlen(text), n = strlen(end);

        return size > n && str_equal_nocase(text + size - n, end);
}

/* ---- S/MIME */

static bool is_smime(const char *type, const char *filename)
{
        return str_equal(type, "application/pkcs7-mime") || str_equal(type, "application/x-pkcs7-mime") ||
               ends(filename, ".p7m");
}

/* 1.2.840.113549.1.7.3 envelopedData, and 1.2.840.113549.1.9.16.1.23 authEnvelopedData (RFC 5652, 5083). */
static bool is_enveloped(const char *bytes, size_t size)
{
        static const char enveloped[] = "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03",
                          authenticated[] = "\x06\x0B\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x17";
        size_t near = size < OID_NEAR ? size : OID_NEAR;

        return memmem(bytes, near, enveloped, sizeof enveloped - 1) ||
               memmem(bytes, near, authenticated, sizeof authenticated - 1);
}

/* Nothing is verified: the sender is believed neither more nor less than without a signature. */
static int embedded(const char *bytes, size_t size, struct buf *ret_inner)
{
        const gnutls_datum_t in = { (unsigned char *)(uintptr_t)bytes, (unsigned)size };
        gnutls_datum_t data = { 0 };
        gnutls_pkcs7_t pkcs7 = NULL;
        int r = -1;

        if (gnutls_pkcs7_init(&pkcs7) < 0)
                return -1;
        if (gnutls_pkcs7_import(pkcs7, &in, GNUTLS_X509_FMT_DER) < 0) {
                gnutls_pkcs7_deinit(pkcs7);
                if (gnutls_pkcs7_init(&pkcs7) < 0)
                        return -1;
                if (gnutls_pkcs7_import(pkcs7, &in, GNUTLS_X509_FMT_PEM) < 0)
                        goto out;
        }
        if (gnutls_pkcs7_get_embedded_data(pkcs7, 0, &data) >= 0 && data.size)
                r = buf_add(ret_inner, data.data, data.size);
out:
        gnutls_free(data.data);
        gnutls_pkcs7_deinit(pkcs7);
        return r;
}

/* ---- which it is */

static bool is_message(const char *type, const char *filename)
{
        return str_equal(type, "message/rfc822") || str_equal(type, "message/rfc2822") ||
               str_equal(type, "message/global") || str_equal(type, "message/news") || ends(filename, ".eml");
}

static bool is_outlook(const char *type, const char *filename)
{
        return str_equal(type, "application/vnd.ms-outlook") || str_equal(type, "application/x-msg") ||
               ends(filename, ".msg");
}

bool wrap_is_candidate(const char *type, const char *filename)
{
        return is_smime(type, filename) || is_message(type, filename) || is_outlook(type, filename);
}

enum wrap_kind wrap_kind(const char *type, const char *filename, const char *bytes, size_t size,
    const struct bounds *bounds, struct buf *ret_inner)
{
        if (is_outlook(type, filename) && outlook_is(bytes, size))
                return outlook_to_mail(bytes, size, bounds, ret_inner) == 0 ? WRAP_OUTLOOK : WRAP_DAMAGED;
        if (is_message(type, filename))
                return detect_is_mail(bytes, size) ? WRAP_MESSAGE : WRAP_NONE;
        if (!is_smime(type, filename))
                return WRAP_NONE;
        if (is_enveloped(bytes, size))
                return WRAP_ENCRYPTED;
        return embedded(bytes, size, ret_inner) == 0 ? WRAP_SIGNED : WRAP_DAMAGED;
}

/* ---- what is inside */

static GMimeParser *parser_of(const char *bytes, size_t size, const struct bounds *bounds)
{
        struct prescan scan;
        GMimeStream *stream;
        GMimeParser *parser;

        prescan(bytes, size, bounds, &scan);
        if (!size || scan.deep || scan.many || scan.header_large || scan.tangled)
                return NULL;
        stream = g_mime_stream_mem_new_with_buffer(bytes, size);
        parser = g_mime_parser_new_with_stream(stream);
        g_mime_parser_set_persist_stream(parser, FALSE);
        g_object_unref(stream);
        return parser;
}

GMimeObject *wrap_parse_entity(const char *bytes, size_t size, const struct bounds *bounds)
{
        GMimeParser *parser = parser_of(bytes, size, bounds);
        GMimeObject *object = parser ? g_mime_parser_construct_part(parser, header_options()) : NULL;

        if (parser)
                g_object_unref(parser);
        return object;
}

GMimeMessage *wrap_parse_message(const char *bytes, size_t size, const struct bounds *bounds)
{
        GMimeParser *parser = parser_of(bytes, size, bounds);
        GMimeMessage *message = parser ? g_mime_parser_construct_message(parser, header_options()) : NULL;

        if (parser)
                g_object_unref(parser);
        return message;
}

/* The first line that begins with two hyphens and says more. */
static const char *first_boundary(const char *text, size_t *ret_size)
{
        while (*text) {
                size_t size = strcspn(text, "\r\n");

                if (size > 2 && size <= BOUNDARY_MAX && text[0] == '-' && text[1] == '-' &&
                    !memchr(text, '"', size) && strspn(text, "- ") < size) {
                        *ret_size = size - 2;
                        return text + 2;
                }
                text += size;
                text += strspn(text, "\r\n");
        }
        return NULL;
}

GMimeObject *wrap_parse_unbounded(const char *prologue, const struct bounds *bounds)
{
        size_t size, whole = strlen(prologue);
        const char *boundary = first_boundary(prologue, &size);
        struct buf entity = BUF_INIT(whole + BOUNDARY_MAX + 100);
        GMimeObject *object;

        if (!boundary)
                return NULL;
        buf_printf(&entity, "Content-Type: multipart/mixed; boundary=\"%.*s\"\r\n\r\n", (int)size, boundary);
        buf_add(&entity, prologue, whole);
        object = wrap_parse_entity(buf_text(&entity), entity.size, bounds);
        buf_free(&entity);
        return object;
}
