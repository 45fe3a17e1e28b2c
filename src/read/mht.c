/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/mht.h"

#include "base/str.h"
#include "core/document.h"
#include "read/detect.h"
#include "read/mime.h"
#include "read/words.h"

/* "From: <Saved by Blink>" is no address. */
static bool is_page(const struct mail *mail)
{
        return !mail->from && !mail->message_id && !mail->received_count &&
               (str_equal(mail->content_type, "multipart/related") ||
                   str_equal(mail->content_type, "text/html"));
}

bool mht_is(const char *bytes, size_t size, const struct bounds *bounds)
{
        struct mime_mail mail;
        bool is;

        if (!detect_is_mail(bytes, size))
                return false;
        mime_read(bytes, size, bounds, &mail);
        is = is_page(&mail.mail);
        mime_free(&mail);
        return is;
}

void mht_read(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc)
{
        struct mime_mail mail;
        size_t i = 0;

        mime_read(bytes, size, bounds, &mail);
        while (i < mail.body_count && !mail.bodies[i].html)
                i++;
        if (i < mail.body_count)
                html_read_document(mail.bodies[i].text, doc);
        else
                document_problem(doc, DOCUMENT_DAMAGED);
        mime_free(&mail);
}
