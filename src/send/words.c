/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "send/words.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "send/fate.h"

enum { SERVERS_TEXT = 500, SHORTEST_LOCAL_PART = 3 };

/* Blanks for control characters; question marks for bytes that make it no UTF-8. Owned. */
static char *readable(const char *text)
{
        char *copy = xstrndup(text, SERVERS_TEXT);
        bool utf8 = str_is_utf8(copy, strlen(copy));

        for (unsigned char *p = (unsigned char *)copy; *p; p++) {
                if (*p < 0x20 || *p == 0x7f)
                        *p = ' ';
                else if (*p >= 0x80 && !utf8)
                        *p = '?';
        }
        return copy;
}

/* An address in any spelling that is used in replies: plain, in angles, in a link to an explanation. */
static bool names_somebody(const char *word, const char *const *hide, size_t hide_count)
{
        if (strchr(word, '@') || str_contains_nocase(word, "%40"))
                return true;
        for (size_t i = 0; i < hide_count; i++) {
                CLEANUP_FREE char *local = xstrndup(hide[i], strcspn(hide[i], "@"));

                if (strlen(local) >= SHORTEST_LOCAL_PART && str_contains_nocase(word, local))
                        return true;
        }
        return false;
}

static void add_servers(struct buf *out, const char *servers, const char *const *hide, size_t hide_count)
{
        CLEANUP_FREE char *text = readable(servers);
        char *rest = text;

        for (char *word; (word = strsep(&rest, " "));) {
                if (!*word)
                        continue;
                buf_putc(out, ' ');
                buf_puts(out, names_somebody(word, hide, hide_count) ? "..." : word);
        }
}

/* Cuts at a character's beginning. */
static void copy_bounded(char *detail, const char *text)
{
        size_t size = strlen(text);

        if (size > FATE_DETAIL)
                size = FATE_DETAIL;
        while (size && ((unsigned char)text[size] & 0xc0) == 0x80)
                size--;
        memcpy(detail, text, size);
        detail[size] = '\0';
}

void words_detail(
    char *detail, const char *ours, int code, const char *servers, const char *const *hide, size_t hide_count)
{
        struct buf more = BUF_INIT(4 * SERVERS_TEXT);
        CLEANUP_FREE char *text = NULL;

        if (code)
                buf_printf(&more, " %d", code);
        add_servers(&more, servers, hide, hide_count);
        text = more.size ? xasprintf("%s (%s)", ours, buf_text(&more) + 1) : xstrdup(ours);
        copy_bounded(detail, text);
        buf_free(&more);
}
