/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/chain.h"

#include <stdbool.h>

#include "core/form.h"
#include "form/answer.h"
#include "form/hits.h"
#include "form/label_words.h"

enum { CHAIN_MIN = 3, WORDS_MAX = 10 };

#define ONCE 0.85
#define AGAIN 0.7 /* a label's words stand there twice: the second may be an answer's */

struct chain {
        struct label_match *matches;
        size_t count;
        bool again;
};

/* Past "Adres:", which is no field of the form. */
static size_t past_foreign(const struct sheet *sheet, size_t start, size_t end)
{
        bool foreign = start + 1 < end && sheet->tokens[start].kind == TOKEN_WORD &&
                       sheet_is_sign(sheet, start + 1, ":");

        return foreign ? start + 2 : start;
}

static bool is_known(const struct chain *chain, size_t field)
{
        for (size_t i = 0; i < chain->count; i++)
                if (chain->matches[i].field == field)
                        return true;
        return false;
}

static void collect(const struct scan *scan, size_t start, size_t end, struct chain *chain)
{
        const struct sheet *sheet = &scan->sheet;

        for (size_t i = start; i < end && chain->count < CHAIN_MAX; i++) {
                struct label_match match;

                if (i > start && sheet->tokens[i].gap == 0 && sheet->tokens[i - 1].kind != TOKEN_LEADER)
                        continue;
                if (!label_find(scan->labels, sheet, i, end, LABEL_PREFIX, &match)) {
                        if (chain->count == 0)
                                return;
                        continue;
                }
                if (sheet_is_sign(sheet, match.after - 1, ":"))
                        return; /* others know how to read these */
                if (is_known(chain, match.field)) {
                        chain->again = true;
                        continue;
                }
                chain->matches[chain->count++] = match;
                i = match.after - 1;
        }
}

/* Something stands, or is to be written, between a label and the next; what can be told from other words is of its
 * kind. ret_told: so it is, and a telephone or the like is asked. */
static bool is_answered(const struct scan *scan, const struct label_match *match, size_t end, bool *ret_told)
{
        const struct sheet *sheet = &scan->sheet;
        struct span span = { match->after, end };
        size_t words = 0, small = 0, leaders = 0;
        bool valid = false, filled;

        for (size_t i = span.first; i < end; i++) {
                leaders += sheet->tokens[i].kind == TOKEN_LEADER || sheet->tokens[i].kind == TOKEN_TAB;
                words += sheet->tokens[i].kind == TOKEN_WORD;
                small += sheet->tokens[i].kind == TOKEN_WORD && label_word_is_small(sheet_key(sheet, i));
        }
        if (words == 0) {
                *ret_told = leaders > 0 && hits_is_checked(scan, match->field);
                return leaders > 0;
        }
        filled = answer_probe(scan, match->field, &span, 1, &valid);
        *ret_told = hits_is_checked(scan, match->field) && filled && valid;
        return words > small && words <= WORDS_MAX && (*ret_told || !hits_is_checked(scan, match->field));
}

static bool is_contact(const struct scan *scan, size_t field)
{
        enum field_type type = scan->form->fields[field].type;

        return type == FIELD_PHONE || type == FIELD_EMAIL;
}

size_t chain_find(const struct scan *scan, size_t line, size_t start, struct label_match *ret_matches)
{
        const struct sheet *sheet = &scan->sheet;
        const size_t end = sheet->lines[line].first + sheet->lines[line].count;
        struct chain chain = { .matches = ret_matches };
        size_t told = 0;

        collect(scan, past_foreign(sheet, start, end), end, &chain);
        for (size_t i = 0; i < chain.count; i++) {
                bool sure = false;

                if (answer_is_choice(scan, ret_matches[i].field) ||
                    !is_answered(
                        scan, &ret_matches[i], i + 1 < chain.count ? ret_matches[i + 1].start : end, &sure))
                        return 0;
                told += sure;
                ret_matches[i].confidence = chain.again ? AGAIN : ONCE;
        }
        if (chain.count < 2 || is_contact(scan, ret_matches[0].field))
                return 0; /* they may be the organiser's */
        return chain.count >= CHAIN_MIN || told > 0 ? chain.count : 0;
}
