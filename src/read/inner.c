/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/inner.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/mail.h"
#include "core/triage.h"
#include "read/header.h"
#include "read/leaf.h"

static void note(struct mail *mail, const struct mail *inner)
{
        const struct mail_forward forward = { .from = inner->from,
                .from_name = inner->from_name,
                .subject = inner->subject,
                .date = inner->date };

        mail_add_forward(mail, &forward);
}

static bool is_a_machines(const struct mail *inner)
{
        const char *why;
        enum robot_kind kind = robot_judge(inner, &why);

        return kind == ROBOT_BOUNCE || kind == ROBOT_LOOP || kind == ROBOT_AUTOMATIC;
}

bool inner_mail_counts(const struct mail *inner)
{
        return !mail_header(inner, "x-zapisy-ref") && !is_a_machines(inner);
}

bool inner_counts(GMimeMessage *message, bool returned, struct mail *mail)
{
        struct mail inner = { 0 };
        GMimeObject *top = g_mime_message_get_mime_part(message);
        bool counts;

        if (returned)
                return false;
        header_read(message, &inner);
        inner.content_type = top ? leaf_type(top) : xstrdup("text/plain");
        counts = inner_mail_counts(&inner);
        if (counts && mail)
                note(mail, &inner);
        mail_free(&inner);
        return counts;
}
