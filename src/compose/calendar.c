/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose/calendar.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/version.h"
#include "compose/compose.h"
#include "core/address.h"
#include "core/zone.h"

enum { FOLD = 75 }; /* octets of a line without CRLF (RFC 5545 3.1) */

const char *calendar_method(const struct calendar_event *event)
{
        return event->cancelled ? "CANCEL" : "PUBLISH";
}

/* A content line, folded: continuations begin with a blank, and no UTF-8 character is cut. */
static void line(struct buf *out, const char *text)
{
        size_t size = strlen(text), room = FOLD;

        while (size > room) {
                size_t n = room;

                while (n > 1 && ((unsigned char)text[n] & 0xc0) == 0x80)
                        n--;
                buf_add(out, text, n);
                buf_puts(out, "\r\n ");
                text += n;
                size -= n;
                room = FOLD - 1;
        }
        buf_add(out, text, size);
        buf_puts(out, "\r\n");
}

static void property(struct buf *out, const char *name, const char *value)
{
        CLEANUP_FREE char *text = xasprintf("%s:%s", name, value);

        line(out, text);
}

/* TEXT of RFC 5545 3.3.11. */
static void text_property(struct buf *out, const char *name, const char *value)
{
        struct buf escaped = BUF_INIT(2 * LIMIT_TEMPLATE);

        for (const char *p = value; *p; p++) {
                if (*p == '\n') {
                        buf_puts(&escaped, "\\n");
                        continue;
                }
                if (strchr("\\;,", *p))
                        buf_putc(&escaped, '\\');
                buf_putc(&escaped, *p);
        }
        property(out, name, buf_text(&escaped));
        buf_free(&escaped);
}

static void time_property(struct buf *out, const char *name, int64_t instant)
{
        CLEANUP_FREE char *text = zone_ical(instant);

        property(out, name, text);
}

/* The name goes into a quoted parameter, where a quote has no escape (RFC 5545 3.2): an apostrophe instead.
 */
static void organiser(struct buf *out, const char *from, const char *address)
{
        CLEANUP_FREE char *name = compose_name(from), *text = NULL;

        for (char *p = name; p && *p; p++)
                if (*p == '"')
                        *p = '\'';
        text = name ? xasprintf("ORGANIZER;CN=\"%s\":mailto:%s", name, address)
                    : xasprintf("ORGANIZER:mailto:%s", address);
        line(out, text);
}

static void event_lines(struct buf *out, const struct calendar_event *event, const char *address)
{
        CLEANUP_FREE char *uid = xasprintf("%s.%s@%s", event->ref, event->event_id, address_domain(address));
        CLEANUP_FREE char *sequence = xasprintf("%d", event->sequence);

        line(out, "BEGIN:VEVENT");
        text_property(out, "UID", uid);
        time_property(out, "DTSTAMP", event->stamp);
        property(out, "SEQUENCE", sequence);
        time_property(out, "DTSTART", event->starts);
        time_property(out, "DTEND", event->ends);
        organiser(out, event->organiser, address);
        text_property(out, "SUMMARY", event->summary);
        text_property(out, "LOCATION", event->location);
        if (event->description)
                text_property(out, "DESCRIPTION", event->description);
        property(out, "STATUS", event->cancelled ? "CANCELLED" : "CONFIRMED");
        property(out, "TRANSP", event->cancelled ? "TRANSPARENT" : "OPAQUE");
        line(out, "END:VEVENT");
}

static int check_text(const char *what, const char *text, bool lines, struct err *err)
{
        if (!text)
                return err_set(err, ERR_BUG, "a calendar entry without %s", what);
        if (strlen(text) > LIMIT_TEMPLATE || !str_is_utf8(text, strlen(text)))
                return err_set(err, ERR_INPUT, "a calendar entry whose %s is not UTF-8 or too long", what);
        for (const unsigned char *p = (const unsigned char *)text; *p; p++)
                if ((*p < 0x20 && !(lines && (*p == '\n' || *p == '\t'))) || *p == 0x7f)
                        return err_set(err, ERR_INPUT, "a control character in a calendar entry's %s", what);
        return 0;
}

static int check(const struct calendar_event *event, struct err *err)
{
        if (check_text("reference", event->ref, false, err) < 0 ||
            check_text("event", event->event_id, false, err) < 0 ||
            check_text("organiser", event->organiser, false, err) < 0 ||
            check_text("summary", event->summary, true, err) < 0 ||
            check_text("location", event->location, true, err) < 0)
                return -1;
        return event->description ? check_text("description", event->description, true, err) : 0;
}

int calendar_text(const struct calendar_event *event, char **ret_text, struct err *err)
{
        struct buf out = BUF_INIT(LIMIT_LETTER);
        CLEANUP_FREE char *address = NULL;

        if (check(event, err) < 0)
                return -1;
        address = compose_address(event->organiser);
        if (!address)
                return err_set(err, ERR_INPUT, "a calendar entry without a valid organiser");
        line(&out, "BEGIN:VCALENDAR");
        line(&out, "VERSION:2.0");
        line(&out, "PRODID:-//zapisyd//zapisyd " ZAPISY_VERSION "//PL");
        line(&out, "CALSCALE:GREGORIAN");
        property(&out, "METHOD", calendar_method(event));
        event_lines(&out, event, address);
        line(&out, "END:VCALENDAR");
        *ret_text = buf_detach(&out, NULL);
        return 0;
}
