/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "send/fate.h"

#include <stdio.h>

#include "base/str.h"
#include "send/words.h"

const char *fate_name(enum fate_kind kind)
{
        static const char *const names[] = {
                [FATE_SENT] = "sent",
                [FATE_AGAIN] = "again",
                [FATE_FAILED] = "failed",
                [FATE_UNCERTAIN] = "uncertain",
        };

        return names[kind];
}

/* A login is missing or refused (RFC 4954 6, RFC 4952): every other letter would hear the same. */
static bool is_login_code(int code)
{
        return code == 530 || code == 534 || code == 535 || code == 538;
}

/* Refusals of MAIL are about the sender, who is the same for all letters, but for these: too large (RFC 1870 6),
 * and addresses that the server does not take after all (RFC 6531 3.5). */
static bool is_about_sender(const struct fate_facts *facts)
{
        const char *reply = facts->reply;

        return facts->stage == FATE_MAIL && facts->code != 552 && !str_starts_nocase(reply, "5.3.4") &&
               !str_starts_nocase(reply, "5.2.3") && !str_starts_nocase(reply, "5.6.7");
}

/* Postfix and others keep what they have against us, not the recipient, until RCPT. */
static bool is_about_us(const struct fate_facts *facts)
{
        static const char *const words[] = { "relay access denied", "relay not permitted", "unable to relay",
                "relaying denied", "sender address rejected", "client host", "helo command rejected" };

        if (facts->stage != FATE_RCPT)
                return false;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
                if (str_contains_nocase(facts->reply, words[i]))
                        return true;
        return false;
}

static enum fate_kind judge_kind(const struct fate_facts *facts)
{
        int class = facts->answered ? facts->code / 100 : 0;

        if (facts->trouble == FATE_FINE)
                return FATE_SENT;
        if (facts->stage == FATE_CONNECT)
                return FATE_AGAIN;
        if (facts->stage == FATE_DOT) {
                if (class == 2)
                        return FATE_SENT;
                /* The dot itself could not be written: the server cannot have taken the letter. */
                if (class == 4 || (class != 5 && facts->trouble == FATE_WRITE))
                        return FATE_AGAIN;
                return class == 5 ? FATE_FAILED : FATE_UNCERTAIN;
        }
        if (class != 5 || is_login_code(facts->code) || is_about_sender(facts) || is_about_us(facts))
                return FATE_AGAIN;
        return FATE_FAILED;
}

/* 421: the server closes for everybody. Without an answer the connection is gone. */
static bool judge_server(const struct fate_facts *facts, enum fate_kind kind)
{
        if (kind != FATE_AGAIN)
                return false;
        if (facts->stage == FATE_CONNECT || !facts->answered || facts->code == 421)
                return true;
        return facts->code / 100 != 4;
}

static const char *connect_words(enum fate_trouble trouble)
{
        static const char *const words[] = {
                [FATE_FINE] = "",
                [FATE_UNRESOLVED] = "the mail server's name is not known",
                [FATE_UNCONNECTED] = "no connection to the mail server",
                [FATE_NO_STARTTLS] = "the mail server does not offer STARTTLS",
                [FATE_NO_TLS] = "no TLS with the mail server",
                [FATE_CERTIFICATE] = "the mail server's certificate is not valid for it",
                [FATE_NO_CA] = "the file of trusted certificates (ca_file) cannot be read",
                [FATE_LOGIN] = "the mail server refused user or password",
                [FATE_TIMEOUT] = "the mail server does not answer",
                [FATE_NOT_SMTP] = "what answers there does not speak SMTP as it should",
                [FATE_WRITE] = "the connection to the mail server broke",
                [FATE_OTHER] = "the connection to the mail server broke",
        };

        return words[trouble];
}

static const char *refusal_words(const struct fate_facts *facts)
{
        static const char *const words[] = {
                [FATE_CONNECT] = "the mail server takes no mail from here",
                [FATE_MAIL] = "the mail server refused the sender",
                [FATE_RCPT] = "the mail server refused the recipient",
                [FATE_DATA] = "the mail server refused the letter before its text",
                [FATE_BODY] = "the mail server refused the letter",
                [FATE_DOT] = "the mail server refused the letter",
        };

        if (is_login_code(facts->code))
                return "the mail server wants a login";
        return is_about_us(facts) ? "the mail server takes no mail from us" : words[facts->stage];
}

static const char *lost_words(const struct fate_facts *facts)
{
        bool late = facts->trouble == FATE_TIMEOUT;

        if (facts->stage == FATE_DOT && facts->trouble != FATE_WRITE)
                return late ? "the letter went out, the mail server did not answer in time"
                            : "the letter went out, then the connection broke before the answer";
        return late ? "the mail server does not answer" : "the connection to the mail server broke";
}

static void describe(const struct fate_facts *facts, struct fate *fate)
{
        bool refusal = facts->answered && facts->code >= 400;
        bool tls = facts->trouble >= FATE_NO_TLS && facts->trouble <= FATE_NO_CA;

        if (fate->kind == FATE_SENT)
                words_detail(fate->detail, "accepted", facts->code, "", NULL, 0);
        else if (facts->trouble == FATE_LOGIN && refusal && facts->code / 100 == 4)
                words_detail(fate->detail, "the mail server cannot check the login now", facts->code,
                    facts->reply, facts->hide, facts->hide_count);
        else if (facts->trouble == FATE_LOGIN || tls || (facts->stage == FATE_CONNECT && !refusal))
                words_detail(fate->detail, connect_words(facts->trouble), refusal ? facts->code : 0,
                    refusal ? facts->reply
                    : tls   ? facts->why
                            : "",
                    facts->hide, facts->hide_count);
        else if (refusal)
                words_detail(fate->detail, refusal_words(facts), facts->code, facts->reply, facts->hide,
                    facts->hide_count);
        else
                words_detail(fate->detail, lost_words(facts), 0, "", NULL, 0);
}

/* 334: what a server says of a token before it refuses it; the library goes no further. */
static bool is_login_refusal(const struct fate_facts *facts)
{
        return facts->stage == FATE_CONNECT && facts->trouble == FATE_LOGIN &&
               (facts->code == 334 || facts->code / 100 == 5);
}

struct fate fate_judge(const struct fate_facts *facts)
{
        struct fate fate = { .kind = judge_kind(facts), .code = facts->code };

        fate.server = judge_server(facts, fate.kind);
        fate.asked = facts->stage >= FATE_MAIL;
        fate.login = is_login_refusal(facts);
        describe(facts, &fate);
        return fate;
}

struct fate fate_plain(enum fate_kind kind, bool server, const char *text)
{
        struct fate fate = { .kind = kind, .server = server, .asked = kind == FATE_FAILED };

        words_detail(fate.detail, text, 0, "", NULL, 0);
        return fate;
}
