/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ref.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { ALPHABET = sizeof REF_ALPHABET - 1, PREFIX_MAX = 8, UNBIASED = 256 / ALPHABET * ALPHABET };

/* Bytes from UNBIASED on would favour the first characters: they are passed over while there are bytes to
 * spare. */
static void fill(char *to, size_t length, const unsigned char *random, size_t random_size)
{
        size_t used = 0;

        for (size_t i = 0; i < length; i++) {
                while (used < random_size && random[used] >= UNBIASED && random_size - used > length - i)
                        used++;
                if (used >= random_size)
                        mem_die("too few random bytes for a reference");
                to[i] = REF_ALPHABET[random[used++] % ALPHABET];
        }
}

char *ref_make(const char *prefix, size_t length, const unsigned char *random, size_t random_size)
{
        char text[REF_LENGTH_MAX + 1] = "";

        fill(text, length > REF_LENGTH_MAX ? REF_LENGTH_MAX : length, random, random_size);
        return xasprintf("%s-%s", prefix, text);
}

char *ref_token(const unsigned char *random, size_t random_size)
{
        char text[REF_TOKEN_LENGTH + 1] = "";

        fill(text, REF_TOKEN_LENGTH, random, random_size);
        return xstrdup(text);
}

static char upper(char c)
{
        return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_word(char c)
{
        c = upper(c);
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_ref_char(char c)
{
        c = upper(c);
        return c && strchr(REF_ALPHABET, c);
}

/* Length of the hyphen at p: ASCII, or what word processors and phones make of it: U+2010 to U+2015, U+2212,
 * U+00AD. 0: none. */
static size_t hyphen(const char *p)
{
        const unsigned char *u = (const unsigned char *)p;

        if (*u == '-')
                return 1;
        if (u[0] == 0xc2 && u[1] == 0xad)
                return 2;
        if (u[0] == 0xe2 && u[1] == 0x80 && u[2] >= 0x90 && u[2] <= 0x95)
                return 3;
        return u[0] == 0xe2 && u[1] == 0x88 && u[2] == 0x92 ? 3 : 0;
}

static size_t run(const char *p, bool (*is)(char))
{
        size_t n = 0;

        while (is(p[n]))
                n++;
        return n;
}

/* "PREFIX-XXXX" at p, with nothing that would make its last part longer: bytes used, 0 when it is not there.
 */
static size_t match_ref(const char *p, char **ret_ref)
{
        size_t prefix = run(p, is_word), dash, code;
        char *ref;

        if (prefix < 1 || prefix > PREFIX_MAX || !(dash = hyphen(p + prefix)))
                return 0;
        code = run(p + prefix + dash, is_ref_char);
        if (code < REF_LENGTH || code > REF_LENGTH_MAX || is_word(p[prefix + dash + code]))
                return 0;
        ref = xasprintf("%.*s-%.*s", (int)prefix, p, (int)code, p + prefix + dash);
        for (char *c = ref; *c; c++)
                *c = upper(*c);
        *ret_ref = ref;
        return prefix + dash + code;
}

static int match_token(const char *p, char **ret_ref, char **ret_token)
{
        char *ref = NULL;
        size_t used = match_ref(p, &ref), dash;

        if (used && (dash = hyphen(p + used)) && run(p + used + dash, is_ref_char) == REF_TOKEN_LENGTH &&
            !is_word(p[used + dash + REF_TOKEN_LENGTH])) {
                char *token = xstrndup(p + used + dash, REF_TOKEN_LENGTH);

                for (char *c = token; *c; c++)
                        *c = upper(*c);
                *ret_ref = ref;
                *ret_token = token;
                return 0;
        }
        free(ref);
        return -1;
}

int ref_find_token(const char *text, char **ret_ref, char **ret_token)
{
        for (const char *p = text; p && *p; p++)
                if ((p == text || !is_word(p[-1])) && match_token(p, ret_ref, ret_token) == 0)
                        return 0;
        return -1;
}

static bool has_prefix(const char *ref, const char *prefix)
{
        size_t n = strlen(prefix);

        for (size_t i = 0; i < n; i++)
                if (ref[i] != upper(prefix[i]))
                        return false;
        return ref[n] == '-';
}

char *ref_find(const char *text, const char *prefix)
{
        for (const char *p = text; p && *p; p++) {
                char *ref = NULL;

                if ((p != text && is_word(p[-1])) || !match_ref(p, &ref))
                        continue;
                if (has_prefix(ref, prefix))
                        return ref;
                free(ref);
        }
        return NULL;
}
