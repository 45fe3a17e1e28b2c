/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "send/seen.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"

void seen_start(struct seen *seen)
{
        seen->stage = FATE_CONNECT;
        seen->answered = seen->over = seen->starttls = false;
        seen->code = seen->lines = 0;
        seen->reply[0] = '\0';
}

static bool says(const char *line, size_t size, const char *verb)
{
        return size >= 4 && strncmp(line, verb, 4) == 0;
}

static void new_greeting(struct seen *seen)
{
        seen->asked_offer = true;
        seen->login = seen->auth = seen->plain = seen->cram = seen->utf8 = false;
}

void seen_command(struct seen *seen, const char *line, size_t size)
{
        static const struct {
                const char *verb;
                enum fate_stage stage;
        } verbs[] = { { "MAIL", FATE_MAIL }, { "RCPT", FATE_RCPT }, { "DATA", FATE_DATA } };
        bool credentials = seen->answered && seen->code == 334; /* in base64, which may look like a command */

        if (credentials || says(line, size, "QUIT")) {
                seen->over |= !credentials;
                seen->answered &= !credentials;
                return;
        }
        seen->answered = seen->asked_offer = false;
        seen->lines = 0;
        if (says(line, size, "EHLO"))
                seen->tls = seen->starttls;
        seen->starttls = says(line, size, "STAR");
        if (says(line, size, "EHLO") || says(line, size, "HELO"))
                new_greeting(seen);
        if (says(line, size, "AUTH"))
                seen->login = true;
        for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
                if (says(line, size, verbs[i].verb))
                        seen->stage = verbs[i].stage;
}

/* RFC 4954 3; "AUTH=" is an old Outlook's spelling. */
static void saw_offer(struct seen *seen, const char *text, size_t size)
{
        CLEANUP_FREE char *line = xstrndup(text, size);
        char *rest = line;
        bool auth = str_starts_nocase(line, "AUTH ") || str_starts_nocase(line, "AUTH=");

        seen->utf8 |= str_equal_nocase(line, "SMTPUTF8");
        seen->auth |= auth;
        if (!auth)
                return;
        for (char *word; (word = strsep(&rest, " ="));) {
                seen->plain |= str_equal_nocase(word, "PLAIN") || str_equal_nocase(word, "LOGIN");
                seen->cram |= str_equal_nocase(word, "CRAM-MD5");
        }
}

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

static void saw_end(struct seen *seen, const char *line, size_t size)
{
        seen->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
        seen->answered = true;
        seen->lines = 0;
        size = size > 4 ? size - 4 : 0;
        if (size >= sizeof seen->reply)
                size = sizeof seen->reply - 1;
        if (size)
                memcpy(seen->reply, line + 4, size);
        seen->reply[size] = '\0';
}

/* RFC 5321 4.2.1: three digits, and a hyphen when more lines follow. The last line counts. */
void seen_reply(struct seen *seen, const char *line, size_t size)
{
        while (size && (line[size - 1] == '\n' || line[size - 1] == '\r'))
                size--;
        if (seen->over)
                return;
        seen->lines++;
        if (size < 3 || !is_digit(line[0]) || !is_digit(line[1]) || !is_digit(line[2]))
                return;
        if (seen->asked_offer && size > 4)
                saw_offer(seen, line + 4, size - 4);
        if (size == 3 || line[3] == ' ')
                saw_end(seen, line, size);
}

void seen_body(struct seen *seen, bool more)
{
        seen->stage = more ? FATE_BODY : FATE_DOT;
        if (!more)
                seen->answered = false;
}

bool seen_sent(const struct seen *seen)
{
        return seen->stage == FATE_DOT && seen->answered && seen->code / 100 == 2;
}
