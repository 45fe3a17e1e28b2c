/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/talk.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "fetch/imap.h"
#include "fetch/net.h"
#include "fetch/words.h"

/* "{12}" or "{12+}" at the end. */
static bool ends_in_literal(const char *line, size_t size)
{
        const char *p;

        while (size && (line[size - 1] == '\n' || line[size - 1] == '\r'))
                size--;
        if (!size || line[size - 1] != '}')
                return false;
        p = line + size - 2;
        if (p >= line && *p == '+')
                p--;
        while (p >= line && isdigit((unsigned char)*p))
                p--;
        return p >= line && *p == '{';
}

char *talk_line(struct imap *imap, struct err *err)
{
        MMAPString *buffer = mmap_string_new("");
        const char *line;
        char *copy = NULL;

        if (!buffer)
                mem_die("out of memory");
        line = mailstream_read_line(imap->stream, buffer);
        if (!line || !*line)
                net_why(imap->net, err);
        else if (strlen(line) != buffer->len || ends_in_literal(line, buffer->len))
                err_set(err, ERR_TEMP, "the server's answer cannot be understood");
        else
                copy = xstrdup(line);
        mmap_string_free(buffer);
        return copy;
}

int talk_send(struct imap *imap, const char *command, struct err *err)
{
        CLEANUP_FREE char *line = xasprintf("z%u %s\r\n", ++imap->tags, command);
        size_t size = strlen(line);
        int r = net_send(imap->net, line, size, err);

        explicit_bzero(line, size); /* it may be the LOGIN */
        return r;
}

int talk_unexpected(const char *line, const char *when, struct err *err)
{
        CLEANUP_FREE char *shown = words_clean(line, WORDS_SERVER_MAX);

        return err_set(err, ERR_TEMP, "%s the server says: %s", when, shown);
}

static int parse_tagged(const char *text, struct talk_answer *ret_answer, struct err *err)
{
        static const char *const words[] = { [TALK_OK] = "OK", [TALK_NO] = "NO", [TALK_BAD] = "BAD" };

        for (unsigned int i = 0; i < sizeof words / sizeof *words; i++) {
                size_t n = strlen(words[i]);

                if (!str_starts_nocase(text, words[i]) || !strchr(" \r\n", text[n]))
                        continue;
                ret_answer->kind = i;
                snprintf(ret_answer->text, sizeof ret_answer->text, "%s", text + n + (text[n] == ' '));
                return 0;
        }
        return talk_unexpected(text, "instead of an answer", err);
}

bool talk_is_answer(const struct imap *imap, const char *line)
{
        char tag[16];

        snprintf(tag, sizeof tag, "z%u ", imap->tags);
        return str_starts(line, tag);
}

int talk_answer(struct imap *imap, void (*seen)(const char *line, void *context), void *context,
    struct talk_answer *ret_answer, struct err *err)
{
        for (;;) {
                CLEANUP_FREE char *line = talk_line(imap, err);

                if (!line)
                        return -1;
                if (talk_is_answer(imap, line))
                        return parse_tagged(strchr(line, ' ') + 1, ret_answer, err);
                if (*line == '+') {
                        ret_answer->kind = TALK_MORE;
                        snprintf(ret_answer->text, sizeof ret_answer->text, "%s", line + 1);
                        return 0;
                }
                if (!str_starts(line, "* ") || str_starts_nocase(line, "* BYE"))
                        return talk_unexpected(line, "instead of an answer", err);
                if (seen)
                        seen(line, context);
        }
}

int talk_command(struct imap *imap, const char *command, void (*seen)(const char *line, void *context),
    void *context, struct talk_answer *ret_answer, struct err *err)
{
        net_expect(imap->net, NET_COMMAND, NET_SMALL);
        if (talk_send(imap, command, err) < 0)
                return -1;
        return talk_answer(imap, seen, context, ret_answer, err);
}
