/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Authentication-Results (RFC 8601 2.2): our own server's, and only when it is the only one under that name,
 * since a sender can write as many as he likes. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/mail.h"
#include "core/triage.h"

/* The authserv-id may be quoted: what stands in it is kept, but cannot end it. */
static char of_id(char c)
{
        return strchr(" \t;", c) ? '_' : c;
}

/* Comments and quoted strings may hold anything: both become blanks, but for a quoted authserv-id. Owned, lower
 * case. */
static char *bare(const char *value)
{
        char *text = xstrdup(value), *to = text;
        int depth = 0;
        bool quoted = false, first = true; /* first: nothing but blanks so far, or inside the quoted id */

        for (const char *p = value; *p; p++) {
                char c = *p;

                if (c == '\\' && (depth || quoted) && p[1]) {
                        p++;
                        c = ' ';
                } else if (c == '"' && !depth) {
                        first = first && !quoted;
                        quoted = !quoted;
                        c = ' ';
                } else if (quoted) {
                        c = first ? of_id(c) : ' ';
                } else if (c == '(') {
                        depth++;
                        c = ' ';
                } else if (c == ')' && depth) {
                        depth--;
                        c = ' ';
                } else if (depth) {
                        c = ' ';
                }
                first = first && (quoted || c == ' ' || c == '\t');
                *to++ = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        }
        *to = 0;
        return text;
}

/* authserv-id, optionally followed by a version, ends at the first semicolon. */
static bool is_ours(const char *text, const char *authserv_id)
{
        size_t size;

        text += strspn(text, " \t");
        size = strcspn(text, " \t;");
        return size == strlen(authserv_id) && str_starts_nocase(text, authserv_id);
}

/* "dmarc=fail", "dmarc / 1 = fail" (RFC 8601 2.2) as a result of its own, not "dmarc=failover" nor "x-dmarc=fail". */
static bool says_fail(const char *text)
{
        for (const char *p = strchr(text, ';'); p; p = strchr(p, ';')) {
                p += 1 + strspn(p + 1, " \t");
                if (!str_starts(p, "dmarc"))
                        continue;
                p += strlen("dmarc");
                p += strspn(p, " \t");
                if (*p == '/') {
                        p += 1 + strspn(p + 1, " \t");
                        p += strspn(p, "0123456789");
                        p += strspn(p, " \t");
                }
                if (*p != '=')
                        continue;
                p += 1 + strspn(p + 1, " \t");
                if (str_starts(p, "fail") && (!p[4] || strchr(" \t;", p[4])))
                        return true;
        }
        return false;
}

bool robot_dmarc_failed(const struct mail *mail, const char *authserv_id)
{
        size_t ours = 0;
        bool failed = false;

        if (str_is_empty(authserv_id))
                return false;
        for (size_t i = 0; i < mail->header_count; i++) {
                char *text;

                if (!str_equal(mail->headers[i].name, "authentication-results"))
                        continue;
                text = bare(mail->headers[i].value);
                if (is_ours(text, authserv_id)) {
                        ours++;
                        failed = says_fail(text);
                }
                free(text);
        }
        return ours == 1 && failed;
}
