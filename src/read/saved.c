/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/saved.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "read/bounds.h"
#include "read/container.h"
#include "read/detect.h"
#include "read/inner.h"
#include "read/mht.h"
#include "read/mime.h"
#include "read/outlook.h"

bool saved_is(const char *bytes, size_t size, const struct bounds *bounds)
{
        return outlook_is(bytes, size) || (detect_is_saved_mail(bytes, size) && !mht_is(bytes, size, bounds));
}

static void add_bodies(const struct mime_mail *mail, const struct bounds *bounds, struct container *container)
{
        for (size_t i = 0; i < mail->body_count; i++) {
                const struct mime_body *body = &mail->bodies[i];
                struct container_entry *entry =
                    container_add(container, bounds, "", body->text, strlen(body->text));

                if (!entry)
                        return;
                entry->charset = xstrdup("utf-8");
                entry->words = true;
                entry->html = body->html;
                entry->flowed = body->flowed;
                entry->delsp = body->delsp;
        }
}

static void add_part(
    const struct buf *raw, int index, const struct bounds *bounds, struct container *container)
{
        struct container_entry *entry;
        struct mime_part part;

        if (mime_take_part(buf_text(raw), raw->size, bounds, index, &part, NULL) < 0)
                return;
        entry = container_add(container, bounds, part.filename, buf_text(&part.bytes), part.bytes.size);
        if (entry) {
                entry->charset = xstrdup(part.charset);
                entry->words = part.words;
                entry->html = part.html;
                entry->flowed = part.flowed;
                entry->delsp = part.delsp;
        }
        mime_part_free(&part);
}

static void add_all(const struct buf *raw, const struct bounds *bounds, struct container *container)
{
        struct mime_mail mail;

        mime_read(buf_text(raw), raw->size, bounds, &mail);
        for (size_t i = 0; i < mail.mail.problems.count; i++)
                container_problem(container, mail.mail.problems.items[i]);
        if (inner_mail_counts(&mail.mail)) {
                add_bodies(&mail, bounds, container);
                for (size_t i = 0; i < mail.mail.part_count; i++)
                        if (mail.mail.parts[i].document || mail.mail.parts[i].picture)
                                add_part(raw, mail.mail.parts[i].index, bounds, container);
        } else {
                container_problem(
                    container, "an automatic mail, or a letter of ours, in which no form is looked for");
        }
        mime_free(&mail);
}

void saved_open(const char *bytes, size_t size, const struct bounds *bounds, struct container *container)
{
        struct buf raw = BUF_INIT((size_t)bounds->message_mb * 1024 * 1024 + 1);
        int r =
            outlook_is(bytes, size) ? outlook_to_mail(bytes, size, bounds, &raw) : buf_add(&raw, bytes, size);

        if (r == 0)
                add_all(&raw, bounds, container);
        else
                container_problem(container, "a saved mail that is damaged or too large");
        buf_free(&raw);
}
