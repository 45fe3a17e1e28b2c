/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registrar/reason.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/mail.h"
#include "core/zone.h"
#include "registrar/registrar.h"

enum { REASON_MAX = 2000, PROBLEMS_TOLD = 3 };

static void add_problems(const struct str_list *problems, struct buf *out)
{
        for (size_t i = 0; i < problems->count && i < PROBLEMS_TOLD; i++)
                buf_printf(out, "; %s", problems->items[i]);
}

/* The sender who wrote it first: the last of the chain. */
static void add_origin(const struct mail *mail, struct buf *out)
{
        const struct mail_forward *origin = &mail->forwards[mail->forward_count - 1];

        buf_puts(out, "; forwarded, originally from ");
        if (!str_is_empty(origin->from_name))
                buf_printf(out, "%s ", origin->from_name);
        if (origin->from)
                buf_printf(out, "<%s>", origin->from);
        else if (str_is_empty(origin->from_name))
                buf_puts(out, "an unknown sender");
        if (origin->date != ZONE_NO_TIME) {
                CLEANUP_FREE char *when = zone_rfc3339(origin->date, "UTC");

                buf_printf(out, ", written %s", when);
        }
        if (!str_is_empty(origin->subject))
                buf_printf(out, ", subject \"%s\"", origin->subject);
}

char *reason_of(const struct intake *intake, const char *verdict)
{
        const struct mail *mail = intake->mail;
        struct buf out = BUF_INIT(REASON_MAX);

        buf_puts(&out, verdict);
        if (intake->failure)
                buf_printf(&out, "; %s", intake->failure);
        if (mail)
                add_problems(&mail->problems, &out);
        add_problems(&intake->problems, &out);
        if (mail && mail->forward_count)
                add_origin(mail, &out);
        return buf_detach(&out, NULL);
}
