/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/enriched.h"

#include <stddef.h>
#include <string.h>

#include "base/str.h"

static bool is_command(const char *p, const char *name)
{
        size_t n = strlen(name);

        return str_starts_nocase(p, name) && p[n] == '>';
}

/* Behind the command at p, "<...". Parameters are not text; richtext has commands for line breaks and "<". */
static const char *command(const char *p, bool richtext, char **out)
{
        const char *name = p + 1, *end = strchr(p, '>');

        if (!richtext && *name == '<') {
                *(*out)++ = '<';
                return p + 2;
        }
        if (!end) {
                *(*out)++ = '<';
                return p + 1;
        }
        if (is_command(name, "param")) {
                const char *close = strcasestr(end, "</param>");

                return close ? close + 8 : end + 1;
        }
        if (richtext && is_command(name, "lt"))
                *(*out)++ = '<';
        if (richtext &&
            (is_command(name, "nl") || is_command(name, "paragraph") || is_command(name, "/paragraph")))
                *(*out)++ = '\n';
        return end + 1;
}

/* RFC 1896 "Line breaks": one alone is a blank, of n in a row n - 1 count. In richtext all are blanks. */
static const char *breaks(const char *p, bool richtext, char **out)
{
        size_t n = 0;

        for (;; n++) {
                if (p[0] == '\r' && p[1] == '\n')
                        p += 2;
                else if (*p == '\n' || *p == '\r')
                        p++;
                else
                        break;
        }
        if (richtext || n == 1)
                *(*out)++ = ' ';
        for (; !richtext && n > 1; n--)
                *(*out)++ = '\n';
        return p;
}

void enriched_to_plain(char *text, bool richtext)
{
        char *out = text;

        for (const char *p = text; *p;) {
                if (*p == '<')
                        p = command(p, richtext, &out);
                else if (*p == '\n' || *p == '\r')
                        p = breaks(p, richtext, &out);
                else
                        *out++ = *p++;
        }
        *out = 0;
}
