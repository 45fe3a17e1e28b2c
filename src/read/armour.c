/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/armour.h"

#include <stddef.h>
#include <string.h>

#include "base/str.h"

enum armour_state { OUTSIDE, IN_HEADER, IN_TEXT, IN_SIGNATURE };

static const char *next_line(const char *line)
{
        line += strcspn(line, "\r\n");
        if (*line == '\r')
                line++;
        return *line == '\n' ? line + 1 : line;
}

static bool is_empty(const char *line)
{
        size_t blanks = strspn(line, " \t");

        return !line[blanks] || line[blanks] == '\r' || line[blanks] == '\n';
}

/* Whether the line stays; *state as the next line finds it. */
static bool stays(const char *line, enum armour_state *state)
{
        switch (*state) {
        case OUTSIDE:
                if (!str_starts(line, "-----BEGIN PGP SIGNED MESSAGE-----"))
                        return true;
                *state = IN_HEADER;
                return false;
        case IN_HEADER:
                if (is_empty(line))
                        *state = IN_TEXT;
                return false;
        case IN_TEXT:
                if (!str_starts(line, "-----BEGIN PGP SIGNATURE-----"))
                        return true;
                *state = IN_SIGNATURE;
                return false;
        default:
                if (str_starts(line, "-----END PGP SIGNATURE-----"))
                        *state = OUTSIDE;
                return false;
        }
}

void armour_clear(char *text)
{
        enum armour_state state = OUTSIDE;
        char *out = text;

        for (const char *line = text, *next; *line; line = next) {
                const char *from = line;

                next = next_line(line);
                if (!stays(line, &state))
                        continue;
                if (state == IN_TEXT && str_starts(line, "- "))
                        from += 2;
                memmove(out, from, (size_t)(next - from));
                out += next - from;
        }
        *out = 0;
}

bool armour_is_encrypted(const char *text)
{
        for (const char *line = text; *line; line = next_line(line))
                if (str_starts(line, "-----BEGIN PGP MESSAGE-----"))
                        return true;
        return false;
}
