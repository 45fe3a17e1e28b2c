/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/xoauth2.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "fetch/imap.h"
#include "fetch/login.h"
#include "fetch/net.h"
#include "fetch/talk.h"

/* RFC 5801 4: a user's name as it stands in a GS2 header. Owned. */
static char *saslname(const char *user)
{
        struct buf out = BUF_INIT(LIMIT_SECRET);

        buf_puts(&out, "");
        for (; *user; user++)
                if (*user == ',')
                        buf_puts(&out, "=2C");
                else if (*user == '=')
                        buf_puts(&out, "=3D");
                else
                        buf_putc(&out, *user);
        return buf_detach(&out, NULL);
}

static void wipe_free(char *text)
{
        explicit_bzero(text, strlen(text));
        free(text);
}

/* In base64. Owned. */
static char *response(const struct login_account *account, bool bearer)
{
        CLEANUP_FREE char *name = saslname(account->user);
        char *message =
            bearer ? xasprintf("n,a=%s,\001host=%s\001auth=Bearer %s\001\001", name, account->host,
                         account->password)
                   : xasprintf("user=%s\001auth=Bearer %s\001\001", account->user, account->password);
        gnutls_datum_t in = { .data = (unsigned char *)message, .size = (unsigned int)strlen(message) }, out;
        char *text;

        if (gnutls_base64_encode2(&in, &out) < 0)
                mem_die("out of memory");
        text = xstrndup((const char *)out.data, out.size);
        explicit_bzero(out.data, out.size);
        gnutls_free(out.data);
        wipe_free(message);
        return text;
}

static int send_line(struct imap *imap, const char *text, struct talk_answer *ret_answer, struct err *err)
{
        char *line = xasprintf("%s\r\n", text);
        int r = net_send(imap->net, line, strlen(line), err);

        wipe_free(line);
        return r < 0 ? r : talk_answer(imap, NULL, NULL, ret_answer, err);
}

int xoauth2_send(
    struct imap *imap, const struct login_account *account, struct talk_answer *ret_answer, struct err *err)
{
        bool bearer = !imap_has(imap, "AUTH=XOAUTH2"), at_once = imap_has(imap, "SASL-IR");
        const char *mechanism = bearer ? "OAUTHBEARER" : "XOAUTH2";
        char *token, *command;
        int r;

        if (bearer && !imap_has(imap, "AUTH=OAUTHBEARER"))
                return err_set(err, ERR_PERM,
                    "the server takes no tokens (neither AUTH=XOAUTH2 nor AUTH=OAUTHBEARER); mailbox.auth = "
                    "\"password\" may do");
        token = response(account, bearer);
        command = xasprintf("AUTHENTICATE %s%s%s", mechanism, at_once ? " " : "", at_once ? token : "");
        r = talk_command(imap, command, NULL, NULL, ret_answer, err);
        if (r == 0 && !at_once && ret_answer->kind == TALK_MORE)
                r = send_line(imap, token, ret_answer, err);
        /* Refused: the server says why, and waits for an empty answer (RFC 7628 3.2.3: a ^A) before its NO. */
        if (r == 0 && ret_answer->kind == TALK_MORE)
                r = send_line(imap, bearer ? "AQ==" : "", ret_answer, err);
        wipe_free(command);
        wipe_free(token);
        return r;
}
