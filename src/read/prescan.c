/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/prescan.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "read/bounds.h"

enum {
        DEPTH_MAX = 128,  /* levels, whatever the configuration allows */
        TANGLE_MAX = 500, /* colons and parentheses in one address header */
        HEADER_VALUE_MAX = 64 * 1024,
};

struct slice {
        const char *data;
        size_t size;
};

struct scan {
        const struct bounds *bounds;
        struct prescan *result;
        struct slice
            open[DEPTH_MAX]; /* boundaries; size 0: a message, or a multipart whose boundary is not seen */
        size_t depth, parts;
        bool in_header;
        struct slice type; /* the Content-Type of the header being read, with its continuation lines */
        const char *field; /* where the header field being read begins */
};

/* The line at text, without its end. Lone CR does not end a line. */
static struct slice line_at(const char *text, const char *end, const char **ret_next)
{
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        size_t size = (size_t)((newline ? newline : end) - text);

        *ret_next = newline ? newline + 1 : end;
        if (size && text[size - 1] == '\r')
                size--;
        return (struct slice){ text, size };
}

static bool is_field(const char *text, size_t size, const char *name)
{
        size_t n = strlen(name);

        if (size <= n || strncasecmp(text, name, n) != 0)
                return false;
        while (n < size && (text[n] == ' ' || text[n] == '\t'))
                n++;
        return n < size && text[n] == ':';
}

static bool is_address_field(const char *text, size_t size)
{
        static const char *const names[] = { "From", "To", "Cc", "Bcc", "Reply-To", "Sender", "Return-Path",
                "Resent-From", "Resent-To", "Resent-Cc", "Resent-Bcc", "Resent-Sender", "Resent-Reply-To",
                "Disposition-Notification-To", "Delivered-To", "X-Original-To" };

        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
                if (is_field(text, size, names[i]))
                        return true;
        return false;
}

static bool is_tangled(const char *field, size_t size)
{
        size_t count = 0;

        if (!is_address_field(field, size))
                return false;
        for (size_t i = 0; i < size; i++)
                count += field[i] == ':' || field[i] == '(';
        return count > TANGLE_MAX || size > HEADER_VALUE_MAX;
}

/* The value of the boundary parameter (RFC 2046 5.1.1); size 0 when there is none or it is encoded. */
static struct slice boundary_of(struct slice type)
{
        static const char name[] = "boundary";
        const char *end = type.data + type.size;

        for (const char *p = type.data; p + sizeof name < end; p++) {
                const char *from = p + sizeof name - 1;
                char stop = 0;

                if (strncasecmp(p, name, sizeof name - 1) != 0)
                        continue;
                while (from < end && isspace((unsigned char)*from))
                        from++;
                if (from >= end || *from++ != '=')
                        continue;
                while (from < end && isspace((unsigned char)*from))
                        from++;
                if (from < end && *from == '"')
                        stop = *from++;
                p = from;
                while (
                    p < end && *p != '\n' && (stop ? *p != stop : *p != ';' && !isspace((unsigned char)*p)))
                        p++;
                return (struct slice){ from, (size_t)(p - from) };
        }
        return (struct slice){ 0 };
}

static bool type_starts(struct slice type, const char *prefix)
{
        size_t n = strlen(prefix), at = 0;

        while (at < type.size && type.data[at] != ':')
                at++;
        at++;
        while (at < type.size && isspace((unsigned char)type.data[at]))
                at++;
        return type.size >= at + n && !strncasecmp(type.data + at, prefix, n);
}

static void push(struct scan *scan, struct slice boundary)
{
        if (scan->depth >= (size_t)scan->bounds->mime_depth || scan->depth >= DEPTH_MAX) {
                scan->result->deep = true;
                return;
        }
        scan->open[scan->depth++] = boundary;
}

static void header_ends(struct scan *scan)
{
        static const char *const messages[] = { "message/rfc822", "message/rfc2822", "message/global",
                "message/news" };

        scan->in_header = false;
        if (type_starts(scan->type, "multipart/"))
                push(scan, boundary_of(scan->type));
        for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
                if (type_starts(scan->type, messages[i])) {
                        push(scan, (struct slice){ 0 });
                        scan->in_header = true;
                        break;
                }
        }
        scan->type = (struct slice){ 0 };
}

static void field_ends(struct scan *scan, const char *end)
{
        if (!scan->field)
                return;
        if (is_tangled(scan->field, (size_t)(end - scan->field)))
                scan->result->tangled = true;
        if (is_field(scan->field, (size_t)(end - scan->field), "Content-Type"))
                scan->type = (struct slice){ scan->field, (size_t)(end - scan->field) };
        scan->field = NULL;
}

/* "--boundary" of an open multipart ends the inner ones and begins a part; "--boundary--" ends its own too.
 */
static bool is_boundary(struct scan *scan, struct slice line)
{
        if (line.size < 3 || line.data[0] != '-' || line.data[1] != '-')
                return false;
        for (size_t i = scan->depth; i-- > 0;) {
                const struct slice *open = &scan->open[i];
                size_t rest = 2 + open->size;

                if (!open->size || line.size < rest || memcmp(line.data + 2, open->data, open->size) != 0)
                        continue;
                scan->in_header = !(line.size >= rest + 2 && !memcmp(line.data + rest, "--", 2));
                scan->depth = scan->in_header ? i + 1 : i;
                scan->parts += scan->in_header;
                scan->result->many |= scan->parts > (size_t)scan->bounds->mime_parts;
                return true;
        }
        return false;
}

void prescan(const char *bytes, size_t size, const struct bounds *bounds, struct prescan *ret_scan)
{
        struct scan scan = { .bounds = bounds, .result = ret_scan, .in_header = true };
        const char *end = bytes + size, *next;
        size_t header_max = (size_t)bounds->header_kb * 1024;

        *ret_scan = (struct prescan){ 0 };
        for (const char *p = bytes; p < end && !ret_scan->deep && !ret_scan->many; p = next) {
                struct slice line = line_at(p, end, &next);
                bool continued = scan.in_header && line.size && (*p == ' ' || *p == '\t');

                if (scan.in_header && !continued)
                        field_ends(&scan, p);
                if (is_boundary(&scan, line))
                        continue;
                if (scan.in_header && !line.size) {
                        if (!ret_scan->header_size)
                                ret_scan->header_size = (size_t)(next - bytes);
                        header_ends(&scan);
                } else if (scan.in_header && !continued) {
                        scan.field = p;
                }
                if (!ret_scan->header_size && (size_t)(next - bytes) > header_max) {
                        ret_scan->header_size = header_max;
                        ret_scan->header_large = true;
                        return;
                }
        }
        if (scan.in_header)
                field_ends(&scan, end);
        if (!ret_scan->header_size)
                ret_scan->header_size = size;
}

void prescan_header(
    const char *bytes, const struct prescan *scan, const struct bounds *bounds, struct buf *out)
{
        const char *end = bytes + scan->header_size, *next;
        const char *limit = bytes + (size_t)bounds->header_kb * 1024;

        if (end > limit)
                end = limit;
        for (const char *p = bytes; p < end; p = next) {
                const char *after;

                line_at(p, end, &next);
                while (next < end && (*next == ' ' || *next == '\t')) {
                        line_at(next, end, &after);
                        next = after;
                }
                if (!is_tangled(p, (size_t)(next - p)))
                        buf_add(out, p, (size_t)(next - p));
        }
        buf_puts(out, "\r\n");
}
