/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mail.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"

static void free_lists(struct mail *mail)
{
        size_t received = mail->received_count < LIMIT_REFERENCES ? mail->received_count : LIMIT_REFERENCES;

        for (size_t i = 0; i < mail->header_count; i++) {
                free(mail->headers[i].name);
                free(mail->headers[i].value);
        }
        free(mail->headers);
        for (size_t i = 0; mail->received && i < received; i++)
                free(mail->received[i].by);
        free(mail->received);
        for (size_t i = 0; i < mail->part_count; i++) {
                free(mail->parts[i].type);
                free(mail->parts[i].filename);
                free(mail->parts[i].inner);
        }
        free(mail->parts);
        for (size_t i = 0; i < mail->forward_count; i++) {
                free(mail->forwards[i].from);
                free(mail->forwards[i].from_name);
                free(mail->forwards[i].subject);
        }
        str_list_free(&mail->recipients);
        str_list_free(&mail->references);
        str_list_free(&mail->returned_ids);
        str_list_free(&mail->problems);
}

void mail_free(struct mail *mail)
{
        if (!mail)
                return;
        free_lists(mail);
        free(mail->message_id);
        free(mail->subject);
        free(mail->from);
        free(mail->from_name);
        free(mail->reply_to);
        free(mail->return_path);
        free(mail->content_type);
        free(mail->report_type);
        free(mail->text);
        free(mail->returned_recipient);
        free(mail->head);
        free(mail->returned_status);
        free(mail->returned_action);
        free(mail->returned_diagnostic);
        *mail = (struct mail){ 0 };
}

const char *mail_header(const struct mail *mail, const char *name)
{
        for (size_t i = 0; i < mail->header_count; i++)
                if (str_equal(mail->headers[i].name, name))
                        return mail->headers[i].value;
        return NULL;
}

void mail_add_forward(struct mail *mail, const struct mail_forward *forward)
{
        if (mail->forward_count == MAIL_FORWARDS)
                return;
        mail->forwards[mail->forward_count++] = (struct mail_forward){ .from = xstrdup(forward->from),
                .from_name = xstrdup(forward->from_name ? forward->from_name : ""),
                .subject = xstrdup(forward->subject ? forward->subject : ""),
                .date = forward->date };
}

size_t mail_header_count(const struct mail *mail, const char *name)
{
        size_t n = 0;

        for (size_t i = 0; i < mail->header_count; i++)
                n += str_equal(mail->headers[i].name, name);
        return n;
}
