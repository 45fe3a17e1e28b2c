/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The row "list": mailing lists, newsletters, and the programs that run them. */
#include <string.h>

#include "base/str.h"
#include "core/mail.h"
#include "core/robot.h"

static bool ends(const char *text, const char *end)
{
        size_t size = strlen(text), wanted = strlen(end);

        return size >= wanted && str_equal(text + size - wanted, end);
}

static bool is_list_sender(const char *local)
{
        return str_starts(local, "mailer-daemon") || str_starts(local, "owner-") || ends(local, "-owner") ||
               ends(local, "-request") || ends(local, "-bounces") || str_starts(local, "listserv") ||
               str_starts(local, "listproc") || str_starts(local, "majordomo") ||
               str_starts(local, "mailman") || str_starts(local, "sympa");
}

/* RFC 2369, RFC 2919, and what list programs wrote before and beside them. */
static bool is_list_header(const char *name)
{
        static const char *const names[] = { "mailing-list", "x-mailing-list", "x-mailinglist",
                "x-mailman-version", "x-beenthere", "x-listname", "x-listserver", "x-listprocessor-version",
                "x-ml-name", "x-sympa-to", "x-yahoogroups", "x-google-group-id", "x-ezmlm-id", "x-mlserver",
                "x-mlname", "x-ml-info", "x-majordomo" };

        if (str_starts(name, "list-") || str_starts(name, "x-list-"))
                return true;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
                if (str_equal(name, names[i]))
                        return true;
        return false;
}

const char *robot_list(const struct robot_view *view)
{
        static const char *const list[] = { "list", NULL };
        const struct mail *mail = view->mail;

        for (size_t i = 0; i < mail->header_count; i++)
                if (is_list_header(mail->headers[i].name))
                        return "headers of a mailing list";
        if (robot_header_is(mail, "precedence", list) || robot_header_is(mail, "x-precedence", list))
                return "Precedence of a mailing list";
        if (is_list_sender(view->from) || is_list_sender(view->return_path) || is_list_sender(view->sender))
                return "the sender is a mail or list program";
        return NULL;
}
