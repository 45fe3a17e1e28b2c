/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/consent.h"

#include <string.h>

#include "core/document.h"
#include "core/form.h"
#include "core/instruction.h"
#include "core/word.h"
#include "form/answer.h"

enum { OFFSET_MAX = 9, SKIP_MAX = 4, LABEL_WORDS_MIN = 3 };

#define ENOUGH 0.62
#define PLENTY 0.75
#define SAME 0.02
#define TYPED 0.85  /* the sentence alone, in the applicant's own mail */
#define PRINTED 0.6 /* the sentence alone, as forms have it */
#define STRUCK 0.7  /* all of the sentence struck */

/* ---- finding the sentence */

static size_t next_word(const struct sheet *sheet, size_t at, size_t limit)
{
        while (at < limit && sheet->tokens[at].kind != TOKEN_WORD)
                at++;
        return at;
}

/* The label's words in order, a few words between them allowed; how much of the label is there. */
static double align(
    const struct sheet *sheet, const struct label *label, size_t start, size_t limit, size_t *ret_after)
{
        double found = 0;
        size_t at = start;

        for (size_t i = 0; i < label->word_count; i++) {
                size_t probe = next_word(sheet, at, limit);
                for (int skipped = 0; probe < limit && skipped < SKIP_MAX; skipped++) {
                        double alike = word_alike(label->words[i].key, sheet_key(sheet, probe));
                        if (alike > 0) {
                                found += alike * label->words[i].weight;
                                at = probe + 1;
                                break;
                        }
                        probe = next_word(sheet, probe + 1, limit);
                }
        }
        *ret_after = at;
        return found / label->weight;
}

/* The sentence may begin with the label's first or second word of weight ("Zgoda na przetwarzanie ..."), or with the
 * verb that says the same ("Zgadzam się na przetwarzanie ..."). */
static bool begins(const struct sheet *sheet, const struct label *label, size_t token)
{
        size_t tried = 0;

        if (strcmp(sheet_key(sheet, token), "zgadzam") == 0)
                return true;

        for (size_t i = 0; i < label->word_count && tried < 2; i++) {
                if (label->words[i].weight < 1)
                        continue;
                tried++;
                if (word_alike(label->words[i].key, sheet_key(sheet, token)) > 0)
                        return true;
        }
        return false;
}

static bool is_word(const struct sheet *sheet, size_t token, const char *word)
{
        return strcmp(sheet_key(sheet, token), word) == 0;
}

static size_t word_before(const struct sheet *sheet, size_t token, size_t start)
{
        while (token > start && sheet->tokens[token - 1].kind != TOKEN_WORD)
                token--;
        return token > start ? token - 1 : LABEL_NONE;
}

/* "☐ TAK ☒ NIE  Wyrażam zgodę": the "nie" is an option. */
static bool is_offered_before(const struct sheet *sheet, size_t token, size_t start)
{
        size_t before = word_before(sheet, token, start);

        return before != LABEL_NONE && (is_word(sheet, before, "tak") || is_word(sheet, before, "yes"));
}

static bool find_label(const struct scan *scan, const struct label *label, size_t start, size_t limit,
    struct consent_match *match)
{
        const struct sheet *sheet = &scan->sheet;
        size_t at = next_word(sheet, start, limit), after = at, before;

        for (int offset = 0; at < limit && offset < OFFSET_MAX; offset++) {
                double share = begins(sheet, label, at) ? align(sheet, label, at, limit, &after) : 0;
                if (share >= ENOUGH) {
                        before = word_before(sheet, at, start);
                        *match = (struct consent_match){ .field = label->field,
                                .start = at,
                                .after = after,
                                .share = share,
                                .confidence = share >= PLENTY ? 0.97 : 0.85,
                                .denied = before != LABEL_NONE && is_word(sheet, before, "nie") &&
                                          !is_offered_before(sheet, before, start) };
                        return true;
                }
                at = next_word(sheet, at + 1, limit);
        }
        return false;
}

static bool is_better(const struct consent_match *match, const struct label *label,
    const struct consent_match *best, const struct label *best_label)
{
        if (match->start != best->start && match->share >= PLENTY && best->share >= PLENTY)
                return match->start < best->start;
        if (match->share > best->share + SAME || match->share < best->share - SAME)
                return match->share > best->share;
        return label->weight > best_label->weight;
}

/* Several consents may be asked: the label that says most of the sentence is meant. */
bool consent_find(const struct scan *scan, size_t start, size_t limit, struct consent_match *ret_match)
{
        const struct label *best = NULL;

        for (size_t i = 0; i < scan->labels->count; i++) {
                const struct label *label = &scan->labels->items[i];
                struct consent_match match;
                if (scan->form->fields[label->field].type != FIELD_CONSENT ||
                    label->word_count < LABEL_WORDS_MIN || !find_label(scan, label, start, limit, &match))
                        continue;
                if (best != NULL && !is_better(&match, label, ret_match, best))
                        continue;
                best = label;
                *ret_match = match;
        }
        return best != NULL;
}

/* ---- its answer */

static bool is_choice_word(const char *key)
{
        static const char *const words[] = { "tak$", "nie$", "yes$", "no$", "x$", "v$", NULL };

        return word_has_stem(key, words);
}

/* Where the boxes, crosses, "TAK" and "NIE" at the end of the tokens begin. */
static size_t tail_start(const struct sheet *sheet, size_t first, size_t end)
{
        size_t at = end;

        while (at > first) {
                size_t opened = instruction_start(sheet, at - 1, first);

                if (opened < at - 1)
                        at = opened;
                else if (sheet->tokens[at - 1].kind != TOKEN_WORD || is_choice_word(sheet_key(sheet, at - 1)))
                        at--;
                else
                        break;
        }
        while (at < end && sheet->tokens[at].kind == TOKEN_SIGN && instruction_end(sheet, at, end) == at)
                at++;
        return at;
}

bool consent_is_choice_only(const struct scan *scan, size_t field, size_t first, size_t end)
{
        const struct span span = { first, end };

        return sheet_has_content(&scan->sheet, first, end) &&
               (tail_start(&scan->sheet, first, end) <= first + 1 ||
                   choice_is_options(&scan->form->fields[field], &scan->sheet, &span));
}

struct opinions {
        struct choice choice; /* so far */
        bool contradicted;
};

static void ask_all(
    const struct scan *scan, size_t field, const struct span *spans, size_t count, struct opinions *opinions)
{
        struct choice choice;

        choice_read(&scan->form->fields[field], &scan->sheet, spans, count, &choice);
        opinions->choice.offered = opinions->choice.offered || choice.offered;
        if (choice.value == NULL)
                return;
        if (opinions->choice.value == NULL || (opinions->choice.weak && !choice.weak)) {
                choice.offered = true;
                opinions->choice = choice;
        } else if (!choice.weak && strcmp(choice.value, opinions->choice.value) != 0) {
                opinions->contradicted = true;
        }
}

static bool has_box(const struct sheet *sheet, struct span span)
{
        for (size_t i = span.first; i < span.end; i++)
                if (sheet->tokens[i].kind == TOKEN_BOX || is_choice_word(sheet_key(sheet, i)))
                        return true;
        return false;
}

/* The box right before the sentence, or where its line begins ("☐ Oświadczam, że wyrażam …"). */
static struct span leading(const struct sheet *sheet, size_t lead, size_t start)
{
        struct span span = { start, start };

        while (span.first > lead && (sheet->tokens[span.first - 1].kind != TOKEN_WORD ||
                                        is_choice_word(sheet_key(sheet, span.first - 1))))
                span.first--;
        if (has_box(sheet, span) || span.first == lead)
                return span;
        span = (struct span){ lead, lead };
        while (span.end < start &&
               (sheet->tokens[span.end].kind != TOKEN_WORD || is_choice_word(sheet_key(sheet, span.end))))
                span.end++;
        return span;
}

static void ask(const struct scan *scan, size_t field, struct span span, struct opinions *opinions)
{
        if (span.first < span.end)
                ask_all(scan, field, &span, 1, opinions);
}

static bool is_answer(const struct sheet *sheet, size_t token)
{
        return sheet->tokens[token].kind != TOKEN_WORD || is_choice_word(sheet_key(sheet, token));
}

/* "…danych osobowych: tak, w celu …", "… (wstawić X): x", "…: TAK / NIE", with all that belongs to it. */
static struct span right_after(const struct sheet *sheet, size_t after, size_t limit)
{
        struct span span = { after, after };

        while (span.first < limit) {
                size_t next = instruction_end(sheet, span.first, limit);

                if (next == span.first && !sheet_is_sign(sheet, span.first, ":-=,"))
                        break;
                span.first = next > span.first ? next : span.first + 1;
        }
        span.end = span.first;
        if (span.first == after || span.first >= limit || !is_choice_word(sheet_key(sheet, span.first)))
                return span;
        while (span.end < limit && is_answer(sheet, span.end))
                span.end++;
        if (span.end < limit &&
            sheet->tokens[span.end - 1].kind == TOKEN_WORD) /* "tak proszę": words go on */
                span.end = span.first;
        return span;
}

/* What stands behind the last dash, colon or full stop. */
static struct span last_words(const struct sheet *sheet, size_t first, size_t end)
{
        struct span span;

        while (end > first && sheet->tokens[end - 1].kind != TOKEN_WORD)
                end--;
        span = (struct span){ end, end };
        while (span.first > first && !(sheet->tokens[span.first - 1].kind == TOKEN_SIGN &&
                                         !sheet_is_sign(sheet, span.first - 1, "/,()*")))
                span.first--;
        return span;
}

/* The end of the whole sentence, then of each of its lines. */
static void ask_behind(
    const struct scan *scan, const struct consent_match *match, size_t limit, struct opinions *opinions)
{
        const struct sheet *sheet = &scan->sheet;
        struct span span = { tail_start(sheet, match->after, limit), limit };
        struct span words = last_words(sheet, match->after, limit);

        if (words.first < span.first && choice_is_options(&scan->form->fields[match->field], sheet, &words))
                span = words;
        ask(scan, match->field, span, opinions);
        for (size_t line = sheet_line_of(sheet, match->after - 1);
             !opinions->choice.offered && line < sheet->line_count; line++) {
                size_t end = sheet->lines[line].first + sheet->lines[line].count;
                size_t first =
                    sheet->lines[line].first > match->after ? sheet->lines[line].first : match->after;
                if (end > limit || first >= end)
                        break;
                ask(scan, match->field, (struct span){ tail_start(sheet, first, end), end }, opinions);
        }
}

/* "wyrażam" of "wyrażam / nie wyrażam": the same word as at token "no", and not denied. */
static size_t find_affirmed(const struct sheet *sheet, size_t no, size_t first, size_t end)
{
        for (size_t i = first; i < end; i++) {
                size_t before = i > first ? word_before(sheet, i, first) : LABEL_NONE;

                if (i != no && sheet->tokens[i].kind == TOKEN_WORD &&
                    word_alike(sheet_key(sheet, no), sheet_key(sheet, i)) > 0 &&
                    (before == LABEL_NONE || !is_word(sheet, before, "nie")))
                        return i;
        }
        return LABEL_NONE;
}

/* The two wordings with the boxes and crosses around them. */
static struct span around(const struct sheet *sheet, size_t a, size_t b, size_t first, size_t end)
{
        struct span span = { a < b ? a : b, (a < b ? b : a) + 1 };

        if (span.first > first && is_word(sheet, span.first - 1, "nie"))
                span.first--;
        while (span.first > first && is_answer(sheet, span.first - 1) &&
               !sheet_is_sign(sheet, span.first - 1, ",.:;"))
                span.first--;
        while (span.end < end && is_answer(sheet, span.end))
                span.end++;
        return span;
}

/* "Wyrażam / nie wyrażam* zgody": the one that is not struck, or that is marked. */
static bool ask_wording(
    const struct scan *scan, const struct consent_match *match, size_t lead, struct opinions *opinions)
{
        const struct sheet *sheet = &scan->sheet;
        size_t yes = LABEL_NONE, no = LABEL_NONE;

        for (size_t i = lead; i + 1 < match->after && yes == LABEL_NONE; i++) {
                if (!is_word(sheet, i, "nie") || sheet->tokens[i + 1].kind != TOKEN_WORD ||
                    is_choice_word(sheet_key(sheet, i + 1)))
                        continue;
                no = i + 1;
                yes = find_affirmed(sheet, no, lead, match->after);
        }
        if (yes == LABEL_NONE)
                return false;
        bool no_yes = sheet->tokens[yes].marks & RUN_STRIKE;
        bool no_no = (sheet->tokens[no - 1].marks & RUN_STRIKE) && (sheet->tokens[no].marks & RUN_STRIKE);
        opinions->choice.offered = opinions->choice.worded = true;
        if (no_yes != no_no) {
                opinions->choice.value = no_no ? "yes" : "no";
                opinions->choice.confidence = 0.95;
        } else if (!no_yes) {
                ask(scan, match->field, around(sheet, yes, no, lead, match->after), opinions);
                opinions->choice.worded = true;
        }
        return true;
}

/* How much a sentence without any box or option says (PRODUCT.md 2: a wrong yes is worse than a question).
 * Where a form prints it just so, nobody can tell whether the applicant meant it; a refusal is printed by none, and who
 * takes "/ nie wyrażam" out of the sentence has chosen. */
static double bare_confidence(const struct scan *scan, size_t field, bool denied)
{
        const struct document *document = scan->sheet.document;
        bool typed = document != NULL && (document->name == NULL || *document->name == '\0');
        bool chosen = false;

        for (size_t i = 0; scan->blank != NULL && i < scan->blank->count; i++) {
                const struct answer *printed = &scan->blank->items[i];
                if (printed->field == field && printed->bare)
                        return PRINTED;
                chosen = chosen || (printed->field == field && printed->worded);
        }
        return typed || denied || chosen ? TYPED : PRINTED;
}

/* "Wyrażam zgodę …:" and "… (wstawić X)" wait for a word, and so do dots on the sentence's last line. */
static bool waits(const struct sheet *sheet, const struct consent_match *match, size_t limit)
{
        const struct line *line = &sheet->lines[sheet_line_of(sheet, match->after - 1)];
        size_t end = line->first + line->count < limit ? line->first + line->count : limit;

        if (end > match->after && sheet->tokens[end - 1].kind == TOKEN_LEADER)
                return true;
        end = limit;
        while (end > match->after &&
               (sheet->tokens[end - 1].kind == TOKEN_LEADER || sheet->tokens[end - 1].kind == TOKEN_TAB))
                end--;
        return (end > match->after && sheet_is_sign(sheet, end - 1, ":")) ||
               instruction_is_in(sheet, match->after, limit);
}

/* All of the sentence, as far as it is the label: a refusal, most likely. */
static bool is_struck(const struct sheet *sheet, const struct consent_match *match)
{
        for (size_t i = match->start; i < match->after; i++)
                if (sheet->tokens[i].kind == TOKEN_WORD && !(sheet->tokens[i].marks & RUN_STRIKE))
                        return false;
        return match->after > match->start;
}

/* Whether the blank form has this word right before the sentence too. */
static bool is_printed_before(const struct scan *scan, size_t field, const char *word)
{
        const struct scan *printed = scan->printed;

        for (size_t i = 0; i < printed->answers.count; i++) {
                const struct answer *answer = &printed->answers.items[i];
                size_t line = sheet_line_of(&printed->sheet, answer->label.first);

                for (size_t k = printed->sheet.lines[line].first;
                     answer->field == field && k < answer->label.first; k++)
                        if (is_word(&printed->sheet, k, word))
                                return true;
        }
        return false;
}

/* "☐ TAK Wyrażam zgodę": typed beside the box, or printed there for it to be ticked. */
static void ask_typed(
    const struct scan *scan, const struct consent_match *match, struct span span, struct opinions *opinions)
{
        const struct sheet *sheet = &scan->sheet;
        size_t words = 0, boxes = 0;

        for (size_t i = span.first; i < span.end; i++) {
                if (sheet->tokens[i].kind == TOKEN_WORD && !is_word(sheet, i, "tak"))
                        return;
                words += sheet->tokens[i].kind == TOKEN_WORD;
                boxes += sheet->tokens[i].kind == TOKEN_BOX;
        }
        if (words != 1 || boxes != 1 || opinions->choice.value != NULL ||
            (scan->printed != NULL && is_printed_before(scan, match->field, "tak")))
                return;
        opinions->choice.value = "yes";
        opinions->choice.confidence = scan->printed != NULL ? TYPED : PRINTED;
}

void consent_add(struct scan *scan, const struct consent_match *match, size_t lead, size_t limit,
    const struct span *beside, size_t count, bool place)
{
        struct opinions opinions = { 0 };
        const struct span label = { match->start, match->after };
        size_t lead_end = match->start;
        double confidence;
        bool bare;

        while (match->denied && lead_end > lead && !is_word(&scan->sheet, lead_end, "nie"))
                lead_end--;
        if (!ask_wording(scan, match, lead, &opinions)) {
                ask(scan, match->field, leading(&scan->sheet, lead, lead_end), &opinions);
                ask_typed(scan, match, leading(&scan->sheet, lead, lead_end), &opinions);
                ask(scan, match->field, right_after(&scan->sheet, match->after, limit), &opinions);
                if (count > 0)
                        ask_all(scan, match->field, beside, count, &opinions);
                if (!opinions.choice.offered)
                        ask_behind(scan, match, limit, &opinions);
        }
        if (place || waits(&scan->sheet, match, limit))
                opinions.choice.offered = true;
        bare = !opinions.choice.offered && opinions.choice.value == NULL;
        if (match->denied && opinions.choice.weak) /* a box beside "nie wyrażam" left empty says nothing */
                return;
        if (bare && is_struck(&scan->sheet, match))
                opinions.choice =
                    (struct choice){ .value = "no", .confidence = match->denied ? TYPED : STRUCK };
        else if (bare)
                opinions.choice = (struct choice){ .value = "yes",
                        .confidence = bare_confidence(scan, match->field, match->denied) };
        if (match->denied && opinions.choice.value != NULL)
                opinions.choice.value = strcmp(opinions.choice.value, "yes") == 0 ? "no" : "yes";
        confidence = opinions.contradicted ? 0.4 : opinions.choice.confidence;
        answer_add_choice(scan, match->field, &opinions.choice,
            confidence < match->confidence ? confidence : match->confidence, bare, &label);
}
