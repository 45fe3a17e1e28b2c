/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/bounce.h"

#include <assert.h>
#include <string.h>

#include "base/str.h"
#include "core/mail.h"

static const char *const kinds[] = {
        [BOUNCE_PERMANENT] = "permanent",
        [BOUNCE_TEMPORARY] = "temporary",
        [BOUNCE_DELAY] = "delay",
        [BOUNCE_OTHER] = "other",
};
static_assert(sizeof kinds / sizeof *kinds == BOUNCE_KIND_COUNT, "a name for each kind");

const char *bounce_kind_name(enum bounce_kind kind)
{
        return kinds[kind];
}

static enum bounce_kind kind_of(const char *status)
{
        if (status[0] == '5')
                return str_starts(status, "5.2.2") ? BOUNCE_TEMPORARY : BOUNCE_PERMANENT;
        return status[0] == '4' ? BOUNCE_TEMPORARY : BOUNCE_OTHER;
}

void bounce_judge(const struct mail *mail, struct bounce *ret_bounce)
{
        struct bounce bounce = { .kind = BOUNCE_OTHER, .recipient = mail->returned_recipient };

        if (mail->returned_status && strlen(mail->returned_status) < sizeof bounce.status) {
                memcpy(bounce.status, mail->returned_status, strlen(mail->returned_status));
                bounce.kind = kind_of(bounce.status);
        }
        *ret_bounce = bounce;
}
