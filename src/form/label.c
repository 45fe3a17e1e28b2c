/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/label.h"

#include <string.h>

#include "core/document.h"
#include "core/form.h"
#include "core/sheet.h"
#include "core/word.h"
#include "form/hint.h"
#include "form/label_exact.h"
#include "form/label_words.h"

enum { WORDS_MAX = 16, WIDE_GAP = 3, USED_MAX = WORDS_MAX * 2 };

#define USUAL_FACTOR 0.97 /* a configured label wins over the usual words */
#define HEAD_BONUS 0.1
#define WORTH_A_LOOK 0.5

/* The score that makes a label, by what ends it. */
static const double enough[] = {
        [LABEL_END_COLON] = 0.68,
        [LABEL_END_GAP] = 0.75,
        [LABEL_END_DASH] = 0.8,
        [LABEL_END_TEXT] = 0.8,
        [LABEL_END_NONE] = 2, /* never */
};

/* ---- what may be a label: the words up to a sign, a gap or the end */

struct candidate {
        size_t words[WORDS_MAX], count;        /* outside brackets */
        size_t asides[WORDS_MAX], aside_count; /* inside */
        enum label_end end;
        size_t after;
        bool numeric; /* digits or @ outside brackets: an answer is among the words */
        bool struck;
        double weights[WORDS_MAX], weight; /* of the words outside brackets; of all of them */
};

static bool is_dash(const struct sheet *sheet, size_t i, size_t end)
{
        const struct token *token = &sheet->tokens[i];
        bool dash = sheet_is_sign(sheet, i, "-") ||
                    (token->kind == TOKEN_SIGN && token->size == 3 &&
                        (memcmp(token->text, "\u2013", 3) == 0 || memcmp(token->text, "\u2014", 3) == 0));

        return dash && token->gap > 0 && (i + 1 == end || sheet->tokens[i + 1].gap > 0);
}

static bool is_gap(const struct sheet *sheet, size_t i, size_t start)
{
        const struct token *token = &sheet->tokens[i];

        if (token->kind == TOKEN_TAB || token->kind == TOKEN_LEADER || token->kind == TOKEN_BOX)
                return true;
        return (i > start && token->gap >= WIDE_GAP) || (token->marks & RUN_FIELD);
}

/* "14:30" */
static bool is_clock(const struct sheet *sheet, size_t i, size_t start, size_t end)
{
        return i > start && i + 1 < end && strspn(sheet_key(sheet, i - 1), "0123456789") > 0 &&
               sheet->tokens[i + 1].gap == 0 && strspn(sheet_key(sheet, i + 1), "0123456789") > 0;
}

/* "nazwisko1", "Nazwisko 1:": the mark of a footnote is no number of an answer. */
static bool is_footnote(const struct sheet *sheet, size_t i, size_t words)
{
        const char *key = sheet_key(sheet, i);

        return label_word_is_footnoted(key) ||
               (words > 0 && strcspn(key, "0123456789") == 0 && key[1] == '\0' &&
                   i + 1 < sheet->token_count && sheet_is_sign(sheet, i + 1, ":"));
}

static bool add_word(struct candidate *candidate, const struct sheet *sheet, size_t i, bool aside)
{
        size_t *count = aside ? &candidate->aside_count : &candidate->count;
        bool footnote = !aside && is_footnote(sheet, i, *count);

        candidate->struck = candidate->struck || (sheet->tokens[i].marks & RUN_STRIKE);
        if (footnote && sheet_key(sheet, i)[1] == '\0')
                return true;
        if (!aside && !footnote && strpbrk(sheet_key(sheet, i), "0123456789") != NULL)
                candidate->numeric = true;
        if (*count == WORDS_MAX)
                return aside;
        if (!aside) {
                candidate->weights[*count] = label_word_is_small(sheet_key(sheet, i)) ? LABELS_SMALL : 1;
                candidate->weight += candidate->weights[*count];
        }
        (aside ? candidate->asides : candidate->words)[(*count)++] = i;
        return true;
}

static bool ends_at(
    const struct sheet *sheet, size_t i, size_t start, size_t end, struct candidate *candidate)
{
        candidate->after = i + 1;
        if (sheet_is_sign(sheet, i, "?=") ||
            (sheet_is_sign(sheet, i, ":") && !is_clock(sheet, i, start, end))) {
                candidate->end = LABEL_END_COLON;
                while (candidate->after < end && sheet_is_sign(sheet, candidate->after, ":*"))
                        candidate->after++;
                return true;
        }
        candidate->end = LABEL_END_DASH;
        return is_dash(sheet, i, end);
}

static struct candidate candidate_at(const struct sheet *sheet, size_t start, size_t end)
{
        struct candidate candidate = { .end = LABEL_END_TEXT, .after = end };
        int depth = 0;

        for (size_t i = start; i < end; i++) {
                if (is_gap(sheet, i, start)) {
                        candidate.end = LABEL_END_GAP;
                        candidate.after = i;
                        return candidate;
                }
                depth += sheet_is_sign(sheet, i, "([");
                if (depth > 0 && sheet_is_sign(sheet, i, ")]"))
                        depth--;
                candidate.numeric = candidate.numeric || (depth == 0 && sheet_is_sign(sheet, i, "@"));
                if (depth == 0 && sheet->tokens[i].kind == TOKEN_SIGN &&
                    ends_at(sheet, i, start, end, &candidate))
                        return candidate;
                if (sheet->tokens[i].kind == TOKEN_WORD && !add_word(&candidate, sheet, i, depth > 0)) {
                        candidate.end = LABEL_END_NONE;
                        candidate.after = i;
                        return candidate;
                }
        }
        candidate.end = LABEL_END_TEXT;
        candidate.after = end;
        return candidate;
}

/* ---- how well a label fits */

struct fit {
        double score;
        double worst; /* likeness of its worst word */
        bool head;    /* the label's first word is the first there */
        bool whole, harmless, changed;
        bool used[USED_MAX];
};

/* The unused word that is most like this one; asides are numbered after the others. */
static double best_word(const struct sheet *sheet, const struct candidate *candidate, const char *key,
    struct fit *fit, size_t *ret_index)
{
        double best = 0;

        for (size_t i = 0; i < candidate->count + candidate->aside_count; i++) {
                bool aside = i >= candidate->count;
                size_t token = aside ? candidate->asides[i - candidate->count] : candidate->words[i];
                double alike = fit->used[i] ? 0 : label_word_alike(key, sheet_key(sheet, token));
                if (alike > best) {
                        best = alike;
                        *ret_index = i;
                }
        }
        return best;
}

/* What the words mean that the label does not have. */
static void judge_rest(
    const struct sheet *sheet, const struct candidate *candidate, enum field_type type, struct fit *fit)
{
        fit->whole = fit->harmless = true;
        for (size_t i = 0; i < candidate->count + candidate->aside_count; i++) {
                bool aside = i >= candidate->count;
                const char *key =
                    sheet_key(sheet, aside ? candidate->asides[i - candidate->count] : candidate->words[i]);
                if (fit->used[i])
                        continue;
                fit->changed = fit->changed || (!aside && label_word_changes(key, type));
                if (aside || label_word_is_small(key))
                        continue;
                fit->whole = false;
                fit->harmless = fit->harmless && label_word_is_harmless(key);
        }
}

static struct fit fit_label(const struct sheet *sheet, const struct candidate *candidate,
    const struct label *label, enum field_type type)
{
        struct fit fit = { .worst = 1 };
        double found = 0, covered = 0;

        for (size_t i = 0; i < label->word_count; i++) {
                size_t at = 0;
                double alike = best_word(sheet, candidate, label->words[i].key, &fit, &at);
                if (alike == 0)
                        continue;
                fit.used[at] = true;
                fit.worst = alike < fit.worst ? alike : fit.worst;
                found += label->words[i].weight * alike * (at >= candidate->count ? 0.9 : 1);
                fit.head = fit.head || (i == 0 && at == 0);
        }
        for (size_t i = 0; i < candidate->count && found > 0; i++)
                covered += fit.used[i] ? candidate->weights[i] : 0;
        fit.score = found > 0 && candidate->weight > 0
                        ? found / label->weight * (0.6 + 0.4 * covered / candidate->weight)
                        : 0;
        fit.score += fit.head && fit.score > 0.5 ? HEAD_BONUS : 0;
        fit.score = fit.score > 1 ? 1 : fit.score;
        fit.score *= label->own ? 1 : USUAL_FACTOR;
        if (fit.score >= WORTH_A_LOOK)
                judge_rest(sheet, candidate, type, &fit);
        return fit;
}

static double confidence_of(const struct fit *fit, enum field_type type, double margin)
{
        bool checked = type != FIELD_NAME && type != FIELD_ORGANISATION && type != FIELD_TEXT;
        double confidence = fit->whole ? 0.97 : fit->harmless ? 0.95 : checked ? 0.85 : 0.75;

        if (fit->worst <= WORD_MISSPELT)
                confidence -= 0.1;
        if (margin < 0.04 && !fit->whole)
                confidence -= 0.2;
        return confidence;
}

/* "Formularz proszę odesłać na adres e-mail:" is a sentence that ends like a label. */
static bool is_acceptable(const struct candidate *candidate, const struct fit *fit)
{
        if (!fit->head && !fit->harmless)
                return false;
        return fit->score >= enough[candidate->end] && (candidate->end != LABEL_END_DASH || fit->whole);
}

/* What the label can reach at best among so many words: for most lines of prose not enough. */
static bool may_fit(const struct candidate *candidate, const struct label *label)
{
        double share = label->weight < candidate->weight ? label->weight / candidate->weight : 1;

        return 0.6 + 0.4 * share + HEAD_BONUS >= enough[candidate->end];
}

/* A configured "Telefon/e-mail" of the one asks for the other as well, when all words of its label are among those. */
static bool asks_both(const struct label *first, enum field_type first_type, const struct label *label,
    enum field_type type, const struct fit *fit)
{
        size_t found = 0;

        for (size_t i = 0; i < USED_MAX; i++)
                found += fit->used[i];
        return first->own && found == label->word_count && found < first->word_count &&
               fit->worst >= WORD_INFLECTED &&
               ((first_type == FIELD_PHONE && type == FIELD_EMAIL) ||
                   (first_type == FIELD_EMAIL && type == FIELD_PHONE));
}

/* "Telefon, e-mail": the second of two fields whose values cannot be taken for one another. */
static size_t second_field(const struct labels *labels, const struct sheet *sheet,
    const struct candidate *candidate, const struct label *first, const struct fit *first_fit)
{
        for (size_t i = 0; i < labels->count; i++) {
                const struct label *label = &labels->items[i];
                enum field_type type = labels->form->fields[label->field].type;
                struct fit fit;
                bool apart = true;
                if (label->field == first->field || (type != FIELD_PHONE && type != FIELD_EMAIL))
                        continue;
                fit = fit_label(sheet, candidate, label, type);
                for (size_t k = 0; k < candidate->count; k++)
                        apart = apart && !(fit.used[k] && first_fit->used[k]);
                if (apart && fit.score >= 0.6 * USUAL_FACTOR && fit.worst >= WORD_INFLECTED)
                        return label->field;
                if (label->own && first->own && fit.whole && fit.score >= first_fit->score)
                        return label->field; /* configured for both */
                if (asks_both(first, labels->form->fields[first->field].type, label, type, &fit))
                        return label->field;
        }
        return LABEL_NONE;
}

/* "Stanowisko / funkcja": two labels of one field, and nothing else. */
static bool is_said_twice(const struct labels *labels, const struct sheet *sheet,
    const struct candidate *candidate, const struct label *first, const struct fit *first_fit)
{
        for (size_t i = 0; i < labels->count; i++) {
                const struct label *label = &labels->items[i];
                bool all = label != first && label->field == first->field && label->own;
                struct fit fit = fit_label(sheet, candidate, label, labels->form->fields[label->field].type);
                for (size_t k = 0; k < candidate->count; k++)
                        all = all && (fit.used[k] || first_fit->used[k]);
                if (all)
                        return true;
        }
        return false;
}

static bool find_words(const struct labels *labels, const struct sheet *sheet, size_t start,
    const struct candidate *candidate, struct label_match *ret_match)
{
        const struct label *best = NULL;
        struct fit best_fit = { 0 };
        double second = 0;
        enum field_type type;

        if (candidate->count == 0 || candidate->struck)
                return false;
        for (size_t i = 0; i < labels->count; i++) {
                const struct label *label = &labels->items[i];
                struct fit fit;
                if (!may_fit(candidate, label))
                        continue;
                fit = fit_label(sheet, candidate, label, labels->form->fields[label->field].type);
                if (best == NULL || fit.score > best_fit.score) {
                        if (best != NULL && best->field != label->field)
                                second = best_fit.score;
                        best = label;
                        best_fit = fit;
                } else if (label->field != best->field && fit.score > second) {
                        second = fit.score;
                }
        }
        if (best == NULL || !is_acceptable(candidate, &best_fit) || (candidate->numeric && !best_fit.whole))
                return false; /* an answer is among the words, unless the label has the same numbers */
        type = labels->form->fields[best->field].type;
        best_fit.whole = best_fit.whole || is_said_twice(labels, sheet, candidate, best, &best_fit);
        *ret_match = (struct label_match){ .field = best->field,
                .part = best->part,
                .end = candidate->end,
                .start = start,
                .after = candidate->after,
                .words = best->word_count,
                .whole = best_fit.whole,
                .single = candidate->count == 1,
                .confidence = confidence_of(&best_fit, type, best_fit.score - second),
                .also = second_field(labels, sheet, candidate, best, &best_fit) };
        return !(best_fit.changed && ret_match->also == LABEL_NONE);
}

/* "Kontakt (telefon, e-mail):" asks for what is in the brackets. */
static bool find_contact(const struct labels *labels, const struct sheet *sheet, size_t start,
    const struct candidate *candidate, struct label_match *ret_match)
{
        static const char *const contact[] = { "kontakt", "dane$", "contact", NULL };
        struct candidate aside = { .count = candidate->aside_count,
                .end = candidate->end,
                .after = candidate->after,
                .struck = candidate->struck };
        struct label_match match;
        enum field_type type;

        for (size_t i = 0; i < candidate->count; i++)
                if (!word_has_stem(sheet_key(sheet, candidate->words[i]), contact))
                        return false;
        for (size_t i = 0; i < aside.count; i++) {
                aside.words[i] = candidate->asides[i];
                aside.weights[i] = label_word_is_small(sheet_key(sheet, aside.words[i])) ? LABELS_SMALL : 1;
                aside.weight += aside.weights[i];
        }
        if (aside.count == 0 || !find_words(labels, sheet, start, &aside, &match))
                return false;
        type = labels->form->fields[match.field].type;
        if (type != FIELD_PHONE && type != FIELD_EMAIL)
                return false;
        *ret_match = match;
        return true;
}

static bool find_strong(const struct labels *labels, const struct sheet *sheet, size_t start,
    const struct candidate *candidate, struct label_match *ret_match)
{
        return find_words(labels, sheet, start, candidate, ret_match) ||
               find_contact(labels, sheet, start, candidate, ret_match);
}

/* ---- a label to the letter, and the answer after it */

/* Whether the label's words stand one after another; the first token after them is stored. */
static bool stands_at(
    const struct sheet *sheet, const struct label *label, size_t start, size_t end, size_t *ret_after)
{
        size_t at = start;

        for (size_t i = 0; i < label->word_count; i++, at++) {
                while (i > 0 && at < end && sheet_is_sign(sheet, at, "-/.,"))
                        at++;
                if (at >= end || strcmp(label->words[i].key, sheet_key(sheet, at)) != 0)
                        return false;
        }
        *ret_after = at;
        return true;
}

/* "Nocleg z 14 na 15 maja: TAK / NIE": where options are offered, all up to the colon is the question. */
static size_t past_question(const struct labels *labels, const struct sheet *sheet, const struct label *label,
    size_t after, size_t end)
{
        enum field_type type = labels->form->fields[label->field].type;
        struct candidate rest = candidate_at(sheet, after, end);

        if ((type == FIELD_CHOICE || type == FIELD_YESNO) && rest.end == LABEL_END_COLON)
                return rest.after;
        return after;
}

static bool find_prefix(const struct labels *labels, const struct sheet *sheet, size_t start, size_t end,
    struct label_match *ret_match)
{
        const struct label *best = NULL;
        size_t after = start, at;

        for (size_t i = 0; i < labels->count; i++) {
                const struct label *label = &labels->items[i];
                if (label->part == LABEL_WHOLE && stands_at(sheet, label, start, end, &at) && at < end &&
                    (best == NULL || label->word_count > best->word_count)) {
                        best = label;
                        after = at;
                }
        }
        if (best == NULL || (after < end && sheet_is_sign(sheet, after, ",;/")))
                return false;
        while (after < end && sheet_is_sign(sheet, after, ".:-*"))
                after++;
        after = past_question(labels, sheet, best, after, end);
        *ret_match = (struct label_match){ .field = best->field,
                .end = LABEL_END_NONE,
                .start = start,
                .after = after,
                .words = best->word_count,
                .single = best->word_count == 1,
                .confidence = best->own ? 0.9 : 0.85,
                .also = LABEL_NONE };
        return true;
}

bool label_find(const struct labels *labels, const struct sheet *sheet, size_t start, size_t end,
    enum label_search search, struct label_match *ret_match)
{
        struct candidate candidate;
        struct label_match exact;

        if (start >= end || sheet->tokens[start].kind != TOKEN_WORD)
                return false;
        if (search == LABEL_PREFIX)
                return find_prefix(labels, sheet, start, end, ret_match);
        candidate = candidate_at(sheet, start, end);
        if (!find_strong(labels, sheet, start, &candidate, ret_match))
                return label_exact(labels, sheet, start, end, ret_match);
        if (label_exact(labels, sheet, start, end, &exact) &&
            (exact.words > ret_match->words ||
                (exact.words == ret_match->words && exact.after > ret_match->after))) {
                *ret_match = exact;
                return true;
        }
        if (ret_match->end == LABEL_END_COLON)
                ret_match->after = hint_past_question(sheet, labels->form->fields[ret_match->field].type,
                    sheet_is_sign(sheet, candidate.after - 1, "?"), ret_match->after, end);
        return true;
}

bool label_find_caption(const struct labels *labels, const struct sheet *sheet, size_t start, size_t end,
    struct label_match *ret_match)
{
        struct candidate candidate;

        if (start >= end || !sheet_is_sign(sheet, start, "("))
                return false;
        while (end > start && !sheet_is_sign(sheet, end - 1, ")"))
                end--;
        candidate = candidate_at(sheet, start + 1, end > start ? end - 1 : start);
        return candidate.end == LABEL_END_TEXT && find_strong(labels, sheet, start, &candidate, ret_match);
}

bool label_is_foreign(const struct sheet *sheet, size_t start, size_t end)
{
        struct candidate candidate;

        if (start >= end || sheet->tokens[start].kind != TOKEN_WORD)
                return false;
        candidate = candidate_at(sheet, start, end);
        return candidate.end == LABEL_END_COLON && candidate.count > 0 && candidate.count <= 7 &&
               !candidate.numeric;
}
