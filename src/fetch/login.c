/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/login.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "fetch/imap.h"
#include "fetch/net.h"
#include "fetch/talk.h"
#include "fetch/words.h"
#include "fetch/xoauth2.h"

int login_check(const struct login_account *account, struct err *err)
{
        if (!*account->user)
                return err_set(err, ERR_PERM, "mailbox.user is empty");
        if (strlen(account->password) != account->password_size)
                return err_set(err, ERR_PERM, "the mailbox password contains a NUL byte");
        if (!account->password_size)
                return err_set(err, ERR_PERM, "the mailbox password is empty; check mailbox.password_file");
        if (words_check(account->user, "mailbox.user", err) < 0)
                return -1;
        return words_check(account->password, "the mailbox password", err);
}

static int greeting(struct imap *imap, struct err *err)
{
        CLEANUP_FREE char *line = NULL;

        net_expect(imap->net, NET_GREETING, NET_SMALL);
        line = talk_line(imap, err);
        if (!line)
                return err_prefix(err, "no greeting");
        if (str_starts_nocase(line, "* PREAUTH"))
                return err_set(err, ERR_PERM,
                    "the server wants no login (PREAUTH): refused, since it cannot be trusted");
        if (!str_starts_nocase(line, "* OK"))
                return talk_unexpected(line, "as its greeting", err);
        return 0;
}

static int starttls(struct imap *imap, const char *host, struct err *err)
{
        struct talk_answer answer;

        if (talk_command(imap, "STARTTLS", NULL, NULL, &answer, err) < 0)
                return err_prefix(err, "beginning the encryption (STARTTLS)");
        if (answer.kind != TALK_OK) {
                CLEANUP_FREE char *shown = words_clean(answer.text, WORDS_SERVER_MAX);

                return err_set(err, ERR_PERM,
                    "the server does not encrypt after STARTTLS (%s); try mailbox.tls = \"implicit\" and "
                    "port 993",
                    shown);
        }
        /* RFC 9051 11.1: whatever came in the clear behind the answer is not the server's word. */
        if (imap->stream->read_buffer_len || net_arrived(imap->net))
                return err_set(
                    err, ERR_PERM, "bytes were put before the encryption: somebody may sit in between");
        return net_tls(imap->net, host, err);
}

static void note_capabilities(const char *line, void *context)
{
        words_capabilities(line, context);
}

static int capabilities(struct imap *imap, struct err *err)
{
        struct talk_answer answer;

        str_list_free(&imap->capabilities);
        if (talk_command(imap, "CAPABILITY", note_capabilities, &imap->capabilities, &answer, err) < 0)
                return err_prefix(err, "asking what the server can do");
        if (answer.kind != TALK_OK || (!imap_has(imap, "IMAP4REV1") && !imap_has(imap, "IMAP4REV2")))
                return err_set(
                    err, ERR_PERM, "this is no IMAP4rev1 server; check mailbox.host and mailbox.port");
        return 0;
}

static int send_login(
    struct imap *imap, const struct login_account *account, struct talk_answer *ret_answer, struct err *err)
{
        CLEANUP_FREE char *user = words_quote(account->user), *password = words_quote(account->password),
                          *command = xasprintf("LOGIN %s %s", user, password);
        int r = talk_command(imap, command, NULL, NULL, ret_answer, err);

        explicit_bzero(password, strlen(password));
        explicit_bzero(command, strlen(command));
        return r;
}

/* base64 of NUL user NUL password and the end of the line. Owned. */
static char *plain_line(const struct login_account *account, size_t *ret_size)
{
        size_t user = strlen(account->user), size = user + account->password_size + 2;
        char *message = xcalloc(1, size), *line;
        gnutls_datum_t in = { .data = (unsigned char *)message, .size = (unsigned int)size }, out;

        memcpy(message + 1, account->user, user);
        memcpy(message + user + 2, account->password, account->password_size);
        if (gnutls_base64_encode2(&in, &out) < 0)
                mem_die("out of memory");
        line = xmalloc(out.size + 3);
        memcpy(line, out.data, out.size);
        memcpy(line + out.size, "\r\n", 3);
        *ret_size = out.size + 2;
        explicit_bzero(message, size);
        explicit_bzero(out.data, out.size);
        gnutls_free(out.data);
        free(message);
        return line;
}

static int send_plain(
    struct imap *imap, const struct login_account *account, struct talk_answer *ret_answer, struct err *err)
{
        CLEANUP_FREE char *line = NULL;
        size_t size;
        int r;

        if (talk_command(imap, "AUTHENTICATE PLAIN", NULL, NULL, ret_answer, err) < 0)
                return -1;
        if (ret_answer->kind != TALK_MORE)
                return 0;
        line = plain_line(account, &size);
        r = net_send(imap->net, line, size, err);
        explicit_bzero(line, size);
        return r < 0 ? r : talk_answer(imap, NULL, NULL, ret_answer, err);
}

/* RFC 5530: whether the answer speaks of the server's state and not of the password. */
static enum err_class class_of(const char *text)
{
        return str_starts_nocase(text, "[UNAVAILABLE]") || str_starts_nocase(text, "[INUSE]") ||
                       str_starts_nocase(text, "[LIMIT]") || str_starts_nocase(text, "[SERVERBUG]")
                   ? ERR_TEMP
                   : ERR_PERM;
}

static int use_token(struct imap *imap, struct login_account *account, struct err *err)
{
        CLEANUP_FREE char *shown = NULL;
        struct talk_answer answer;

        if (xoauth2_send(imap, account, &answer, err) < 0)
                return -1;
        if (answer.kind == TALK_OK)
                return 0;
        shown = words_clean(answer.text, WORDS_SERVER_MAX);
        if (class_of(answer.text) == ERR_TEMP)
                return err_set(err, ERR_TEMP, "the server cannot log in now: %s", shown);
        account->token_refused = true;
        return err_set(err, ERR_PERM, "the server refuses the token: check mailbox.user (%s)", shown);
}

static int use_password(struct imap *imap, const struct login_account *account, struct err *err)
{
        bool ascii = words_are_ascii(account->user) && words_are_ascii(account->password);
        bool plain = imap_has(imap, "AUTH=PLAIN"), quoted = ascii && !imap_has(imap, "LOGINDISABLED");
        CLEANUP_FREE char *shown = NULL;
        struct talk_answer answer;
        int r;

        if (!quoted && !plain)
                return err_set(err, ERR_PERM, "the server takes no password of this kind%s",
                    ascii ? " (LOGINDISABLED without AUTH=PLAIN)" : ": it has letters beyond ASCII");
        r = quoted ? send_login(imap, account, &answer, err) : send_plain(imap, account, &answer, err);
        if (r < 0)
                return err_prefix(err, "logging in");
        if (answer.kind == TALK_OK)
                return 0;
        shown = words_clean(answer.text, WORDS_SERVER_MAX);
        if (class_of(answer.text) == ERR_TEMP)
                return err_set(err, ERR_TEMP, "the server cannot log in now: %s", shown);
        return err_set(
            err, ERR_PERM, "the server refuses the login: check mailbox.user and its password (%s)", shown);
}

int login_open(struct imap *imap, struct login_account *account, struct err *err)
{
        int r = account->tls == LOGIN_TLS_IMPLICIT ? net_tls(imap->net, account->host, err) : 0;

        if (r == 0)
                r = greeting(imap, err);
        if (r == 0 && account->tls == LOGIN_TLS_STARTTLS)
                r = starttls(imap, account->host, err);
        if (r == 0)
                r = capabilities(imap, err);
        if (r == 0)
                r = account->token ? use_token(imap, account, err) : use_password(imap, account, err);
        explicit_bzero(account->password, account->password_size);
        if (r == 0)
                r = capabilities(imap, err); /* others than before (RFC 9051 6.2.1) */
        return r == 0 ? imap_start(imap, err) : -1;
}
