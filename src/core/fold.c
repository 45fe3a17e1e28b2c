/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/fold.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#include "base/buf.h"
#include "base/mem.h"

enum { REPLACEMENT = 0xFFFD, NO_LIMIT = 64 * 1024 * 1024, WORD_MAX = 64 };

/* ---- one code point at a time: no conversion to UTF-16 for the many short texts that are compared */

static const UNormalizer2 *decomposer(void)
{
        static const UNormalizer2 *nfkd;
        UErrorCode status = U_ZERO_ERROR;

        if (nfkd == NULL)
                nfkd = unorm2_getNFKDInstance(&status);
        return nfkd;
}

static void put_code_point(struct buf *out, UChar32 c)
{
        char bytes[U8_MAX_LENGTH];
        size_t size = 0;

        U8_APPEND_UNSAFE(bytes, size, c);
        buf_add(out, bytes, size);
}

/* Letters that Unicode does not take apart, though people do. NULL: not one of them. */
static const char *undecomposed(UChar32 c)
{
        switch (c) {
        case 0x141: /* Ł */
        case 0x142:
                return "l";
        case 0x110: /* Đ */
        case 0x111:
                return "d";
        case 0xD8: /* Ø */
        case 0xF8:
                return "o";
        case 0xDF: /* ß */
        case 0x1E9E:
                return "ss";
        case 0xC6: /* Æ */
        case 0xE6:
                return "ae";
        case 0x152: /* Œ */
        case 0x153:
                return "oe";
        case 0x131: /* ı */
                return "i";
        default:
                return NULL;
        }
}

/* A separator is remembered and written before the next letter, so that none leads or trails. */
struct folding {
        struct buf out;
        bool gap;
};

static void put_folded(struct folding *folding, UChar32 c)
{
        int8_t type = u_charType(c);

        if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || c == 0xAD || c == 0x200B || c == 0xFEFF)
                return;
        if (!u_isalnum(c) && type != U_COMBINING_SPACING_MARK) {
                folding->gap = true;
                return;
        }
        if (folding->gap && folding->out.size > 0)
                buf_putc(&folding->out, ' ');
        folding->gap = false;
        put_code_point(&folding->out, u_foldCase(c, U_FOLD_CASE_DEFAULT));
}

static void fold_code_point(struct folding *folding, UChar32 c)
{
        UChar parts[WORD_MAX];
        UErrorCode status = U_ZERO_ERROR;
        const char *by_hand = undecomposed(c);
        int32_t count, i = 0;

        for (; by_hand != NULL && *by_hand != '\0'; by_hand++)
                put_folded(folding, *by_hand);
        if (by_hand != NULL)
                return;
        count = unorm2_getDecomposition(decomposer(), c, parts, WORD_MAX, &status);
        if (count < 0 || U_FAILURE(status)) {
                put_folded(folding, c);
                return;
        }
        while (i < count) {
                U16_NEXT(parts, i, count, c);
                put_folded(folding, c);
        }
}

char *fold_key(const char *text)
{
        struct folding folding = { BUF_INIT(NO_LIMIT), false };
        size_t size = strlen(text), i = 0;
        UChar32 c;

        while (i < size) {
                unsigned char byte = (unsigned char)text[i];
                if (byte < 0x80) {
                        i++;
                        put_folded(&folding, byte);
                        continue;
                }
                U8_NEXT_OR_FFFD(text, i, size, c);
                fold_code_point(&folding, c);
        }
        buf_add(&folding.out, "", 0); /* so that there is something to hand over */
        return buf_detach(&folding.out, NULL);
}

bool fold_has_word(const char *text)
{
        size_t size = strlen(text), i = 0;
        UChar32 c;

        while (i < size) {
                U8_NEXT_OR_FFFD(text, i, size, c);
                if (c != REPLACEMENT && u_isalnum(c))
                        return true;
        }
        return false;
}

/* ---- normalisation */

static bool is_ascii(const char *text)
{
        for (; *text != '\0'; text++)
                if ((unsigned char)*text >= 0x80)
                        return false;
        return true;
}

static UChar *to_utf16(const char *text, int32_t *ret_count)
{
        size_t size = strlen(text);
        UErrorCode status = U_ZERO_ERROR;
        UChar *wide;

        if (size >= NO_LIMIT)
                mem_die("text beyond every bound");
        wide = xmalloc((size + 1) * sizeof *wide);
        u_strFromUTF8WithSub(
            wide, (int32_t)size + 1, ret_count, text, (int32_t)size, REPLACEMENT, NULL, &status);
        if (U_FAILURE(status))
                *ret_count = 0;
        return wide;
}

static char *to_utf8(const UChar *wide, int32_t count)
{
        UErrorCode status = U_ZERO_ERROR;
        size_t room = (size_t)count * 3 + 1;
        char *text = xmalloc(room);
        int32_t size = 0;

        u_strToUTF8WithSub(text, (int32_t)room, &size, wide, count, REPLACEMENT, NULL, &status);
        text[U_FAILURE(status) ? 0 : size] = '\0';
        return text;
}

char *fold_nfc(const char *text)
{
        UErrorCode status = U_ZERO_ERROR;
        const UNormalizer2 *nfc;
        UChar *wide, *composed;
        int32_t count, room;
        char *result;

        if (is_ascii(text))
                return xstrdup(text);
        nfc = unorm2_getNFCInstance(&status);
        wide = to_utf16(text, &count);
        room = count * 3 + 16; /* NFC never grows more than threefold: UAX 15, table of expansion factors */
        composed = xmalloc((size_t)room * sizeof *composed);
        count = unorm2_normalize(nfc, wide, count, composed, room, &status);
        result = U_FAILURE(status) ? xstrdup("") : to_utf8(composed, count);
        free(composed);
        free(wide);
        return result;
}

static bool is_invisible(UChar32 c)
{
        return c == 0xAD || c == 0x200B || c == 0x200C || c == 0x200D || c == 0x2060 || c == 0xFEFF;
}

/* Writes what waits before a visible character: line ends win over blanks, and nothing is written at the
 * start. */
static void put_waiting(struct buf *out, size_t *lines, bool *blank)
{
        if (out->size > 0 && *lines > 0)
                for (size_t i = 0; i < *lines; i++)
                        buf_putc(out, '\n');
        else if (out->size > 0 && *blank)
                buf_putc(out, ' ');
        *lines = 0;
        *blank = false;
}

/* Composing comes last: with the invisible characters gone, a letter and its mark may stand together. */
char *fold_spaces(const char *text)
{
        struct buf out = BUF_INIT(NO_LIMIT);
        size_t size = strlen(text), i = 0, lines = 0;
        bool blank = false;
        char *result;
        UChar32 c;

        while (i < size) {
                U8_NEXT_OR_FFFD(text, i, size, c);
                if (c == '\n' || c == 0x2028 || c == 0x2029) {
                        lines += lines < 2;
                } else if (is_invisible(c)) {
                        continue;
                } else if (u_isUWhiteSpace(c) || u_iscntrl(c)) {
                        blank = true;
                } else {
                        put_waiting(&out, &lines, &blank);
                        put_code_point(&out, c);
                }
        }
        result = fold_nfc(buf_text(&out));
        buf_free(&out);
        return result;
}

/* ---- comparing */

bool fold_equal(const char *a, const char *b)
{
        CLEANUP_FREE char *key_a = fold_key(a);
        CLEANUP_FREE char *key_b = fold_key(b);

        return strcmp(key_a, key_b) == 0;
}

bool fold_contains(const char *text, const char *phrase)
{
        CLEANUP_FREE char *key = fold_key(text);
        CLEANUP_FREE char *words = fold_key(phrase);
        size_t length = strlen(words);
        const char *at = key;

        if (length == 0)
                return false;
        while ((at = strstr(at, words)) != NULL) {
                if ((at == key || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
                        return true;
                at++;
        }
        return false;
}

/* Optimal string alignment, three rows at a time. */
size_t fold_distance(const char *a, const char *b, size_t max)
{
        size_t rows[3][WORD_MAX + 1], size_a = strlen(a), size_b = strlen(b);
        size_t *before = rows[0], *above = rows[1], *row = rows[2];

        if (size_a > WORD_MAX || size_b > WORD_MAX || size_a > size_b + max || size_b > size_a + max)
                return strcmp(a, b) == 0 ? 0 : max + 1;
        for (size_t j = 0; j <= size_b; j++)
                above[j] = j;
        for (size_t i = 1; i <= size_a; i++) {
                row[0] = i;
                for (size_t j = 1; j <= size_b; j++) {
                        size_t cost = above[j - 1] + (a[i - 1] != b[j - 1]);
                        if (cost > above[j] + 1)
                                cost = above[j] + 1;
                        if (cost > row[j - 1] + 1)
                                cost = row[j - 1] + 1;
                        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                            cost > before[j - 2] + 1)
                                cost = before[j - 2] + 1;
                        row[j] = cost;
                }
                size_t *recycled = before;
                before = above;
                above = row;
                row = recycled;
        }
        return above[size_b] > max ? max + 1 : above[size_b];
}
