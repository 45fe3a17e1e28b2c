/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/hint.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/sheet.h"
#include "core/word.h"

enum { VERB_REACH = 4, PRINTED_WORDS_MIN = 3 };

static const char *const requests[] = { "prosze$", "prosimy$", NULL };
static const char *const verbs[] = { "podac$", "podani", "podaj$", "wpis", "wypeln", "wymien", "zaznacz",
        "uzupeln", "wskaz", "opis", "okresl", NULL };
static const char *const questions[] = { "jesli$", "jezeli$", "jak", "ktor", "ile$", "gdzie$", "kiedy$",
        "kto$", "czego$", "czy$", "dlaczego$", NULL };
static const char *const asides[] = { "prosz", "prosi", "wpis", "poda", "peln", "drukowan", "czyteln",
        "wypeln", "np$", NULL };

/* "Prosimy o podanie", "proszę wpisać" */
static bool is_request(const struct sheet *sheet, size_t first, size_t end)
{
        if (first >= end || !word_has_stem(sheet_key(sheet, first), requests))
                return false;
        for (size_t i = first + 1; i < end && i <= first + VERB_REACH; i++)
                if (word_has_stem(sheet_key(sheet, i), verbs))
                        return true;
        return false;
}

static bool is_sentence_end(const struct sheet *sheet, size_t i, size_t end)
{
        return sheet_is_sign(sheet, i, "?:") ||
               (sheet_is_sign(sheet, i, ".") && (i + 1 == end || sheet->tokens[i + 1].gap > 0));
}

/* Past the sentence that begins here; first: it does not end, or there are places to answer in it. */
static size_t past_sentence(const struct sheet *sheet, size_t first, size_t end, bool question)
{
        for (size_t i = first; i < end; i++) {
                if (sheet->tokens[i].kind != TOKEN_WORD && sheet->tokens[i].kind != TOKEN_SIGN)
                        return first;
                if (question && sheet_is_sign(sheet, i, "./"))
                        return first;
                if (is_sentence_end(sheet, i, end))
                        return i + 1;
        }
        return first;
}

size_t hint_past_question(
    const struct sheet *sheet, enum field_type type, bool asked, size_t after, size_t end)
{
        if (after >= end || sheet->tokens[after].kind != TOKEN_WORD)
                return after;
        if (asked && word_has_stem(sheet_key(sheet, after), questions))
                return past_sentence(sheet, after, end, true);
        if ((asked || type != FIELD_TEXT) && is_request(sheet, after, end))
                return past_sentence(sheet, after, end, false);
        return after;
}

/* ---- in the place of the answer */

/* Past "(...)" that tells how to answer; first: something else begins there. */
static size_t past_aside(const struct sheet *sheet, size_t first, size_t end)
{
        bool tells = false;

        if (!sheet_is_sign(sheet, first, "(["))
                return first;
        for (size_t i = first + 1; i < end; i++) {
                tells = tells || word_has_stem(sheet_key(sheet, i), asides);
                if (sheet_is_sign(sheet, i, ")]"))
                        return tells ? i + 1 : first;
                if (strpbrk(sheet_key(sheet, i), "0123456789") != NULL || sheet_is_sign(sheet, i, "@"))
                        return first;
        }
        return first;
}

static bool begins_lower(const struct sheet *sheet, size_t token)
{
        return sheet->tokens[token].size > 0 && *sheet->tokens[token].text >= 'a' &&
               *sheet->tokens[token].text <= 'z';
}

/* "np. 600 100 100", "pełna nazwa, np. Stowarzyszenie", "proszę wpisać drukowanymi" */
static bool is_instruction(const struct sheet *sheet, enum field_type type, const struct span *span)
{
        static const char *const example[] = { "np$", NULL };

        if (word_has_stem(sheet_key(sheet, span->first), example))
                return true;
        if (type == FIELD_TEXT)
                return false;
        for (size_t i = span->first; i < span->end && begins_lower(sheet, span->first); i++)
                if (word_has_stem(sheet_key(sheet, i), example))
                        return true;
        return is_request(sheet, span->first, span->end);
}

size_t hint_take_off(const struct sheet *sheet, enum field_type type, struct span *spans, size_t count)
{
        size_t skipped = 0;

        for (; skipped < count; skipped++) {
                struct span *span = &spans[skipped];

                while (span->first < span->end && sheet->tokens[span->first].kind == TOKEN_LEADER)
                        span->first++;
                if (span->first < span->end)
                        span->first = past_aside(sheet, span->first, span->end);
                if (span->first < span->end && !is_instruction(sheet, type, span))
                        break;
        }
        memmove(spans, spans + skipped, (count - skipped) * sizeof *spans);
        return count - skipped;
}

bool hint_is_printed(const char *key)
{
        size_t words = *key != '\0';

        for (const char *c = key; *c != '\0'; c++)
                words += *c == ' ';
        return words >= PRINTED_WORDS_MIN || str_starts(key, "np ");
}
