/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/address.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/utf8.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"

static bool is_ascii_letter_or_digit(unsigned char c)
{
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* RFC 5322 3.2.3 atext; beyond ASCII every byte (RFC 6532 3.2), the characters are looked at elsewhere. */
static bool is_atext(unsigned char c)
{
        return c >= 0x80 || is_ascii_letter_or_digit(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* Atoms with single dots between them. */
static bool is_dotted(const char *text, size_t size, bool (*allowed)(unsigned char))
{
        bool after_dot = true;

        for (size_t i = 0; i < size; i++) {
                if (text[i] == '.') {
                        if (after_dot)
                                return false;
                        after_dot = true;
                } else if (allowed((unsigned char)text[i])) {
                        after_dot = false;
                } else {
                        return false;
                }
        }
        return !after_dot;
}

static bool is_domain_byte(unsigned char c)
{
        return c >= 0x80 || is_ascii_letter_or_digit(c) || c == '-' || c == '_';
}

/* RFC 5321 4.1.2: a sub-domain begins and ends with a letter or digit. */
static bool has_hyphen_at_edge(const char *domain)
{
        size_t size = strlen(domain);

        for (size_t i = 0; i < size; i++)
                if (domain[i] == '-' &&
                    (i == 0 || i + 1 == size || domain[i - 1] == '.' || domain[i + 1] == '.'))
                        return true;
        return false;
}

/* Invisible characters make two addresses look like one. */
static bool is_visible(const char *text, size_t size)
{
        int32_t i = 0, length = (int32_t)size;

        while (i < length) {
                UChar32 c;

                U8_NEXT(text, i, length, c);
                if (c < 0 || u_isUWhiteSpace(c) || u_iscntrl(c) || u_charType(c) == U_FORMAT_CHAR)
                        return false;
        }
        return true;
}

bool address_is_valid(const char *address)
{
        size_t size = address ? strnlen(address, LIMIT_ADDRESS + 1) : 0;
        const char *at = address ? strchr(address, '@') : NULL;

        if (!at || size > LIMIT_ADDRESS || !str_is_utf8(address, size) || !is_visible(address, size))
                return false;
        return is_dotted(address, (size_t)(at - address), is_atext) &&
               is_dotted(at + 1, strlen(at + 1), is_domain_byte) && !has_hyphen_at_edge(at + 1);
}

char *address_normalise(const char *address)
{
        char *copy;

        if (!address_is_valid(address))
                return NULL;
        copy = xstrdup(address);
        for (char *p = strchr(copy, '@'); *p; p++)
                if (*p >= 'A' && *p <= 'Z')
                        *p = (char)(*p - 'A' + 'a');
        return copy;
}

/* ASCII domains are left alone: older names break the rules for new ones (an underscore, say). Owned, or NULL. */
static char *ascii_domain(const char *domain)
{
        enum { LONGEST = 255 }; /* RFC 5321 4.5.3.1.2 */
        UIDNAInfo info = UIDNA_INFO_INITIALIZER;
        UErrorCode status = U_ZERO_ERROR;
        char name[LONGEST + 1];
        UIDNA *idna;
        int32_t size;
        size_t i = 0;

        while ((unsigned char)domain[i] && (unsigned char)domain[i] < 0x80)
                i++;
        if (!domain[i])
                return xstrdup(domain);
        idna = uidna_openUTS46(
            UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII,
            &status);
        size = uidna_nameToASCII_UTF8(idna, domain, -1, name, LONGEST, &info, &status);
        uidna_close(idna);
        return U_FAILURE(status) || info.errors || size <= 0 || size > LONGEST ? NULL
                                                                               : xstrndup(name, (size_t)size);
}

char *address_for_wire(const char *address)
{
        CLEANUP_FREE char *domain = address_is_valid(address) ? ascii_domain(address_domain(address)) : NULL;
        char *wire = NULL;

        if (domain)
                wire = xasprintf("%.*s@%s", (int)strcspn(address, "@"), address, domain);
        if (wire && !address_is_valid(wire)) {
                free(wire);
                wire = NULL;
        }
        return wire;
}

bool address_equal(const char *a, const char *b)
{
        return a && b && str_equal_nocase(a, b);
}

const char *address_domain(const char *address)
{
        const char *at = address ? strrchr(address, '@') : NULL;

        return at ? at + 1 : "";
}

char *address_registered(const char *from, const char *reply_to)
{
        if (!address_is_valid(from))
                return NULL;
        if (address_is_valid(reply_to) && str_equal_nocase(address_domain(from), address_domain(reply_to)))
                return address_normalise(reply_to);
        return address_normalise(from);
}

char *address_plus_tag(const char *address, const char *base)
{
        const char *at, *plus;
        char *start, *tag = NULL;

        if (!address_is_valid(address) || !address_is_valid(base))
                return NULL;
        at = strchr(address, '@');
        plus = address + strcspn(base, "@");
        if (plus >= at || *plus != '+' || plus + 1 == at)
                return NULL;
        start = xstrndup(address, (size_t)(plus - address));
        if (str_starts_nocase(base, start) && str_equal_nocase(at, strchr(base, '@')))
                tag = xstrndup(plus + 1, (size_t)(at - plus - 1));
        free(start);
        return tag;
}
