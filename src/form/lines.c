/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/lines.h"

#include "core/form.h"
#include "core/word.h"
#include "form/answer.h"
#include "form/captions.h"
#include "form/consent.h"
#include "form/example.h"
#include "form/flat.h"
#include "form/hits.h"
#include "form/label.h"
#include "form/stops.h"

#define LOOSE_TEXT_CONFIDENCE 0.7
#define SIGNATURE_CONFIDENCE 0.7
#define LOST_CONFIDENCE 0.4
#define GUESSED_CONFIDENCE 0.75

size_t lines_count_labels(const struct scan *scan, size_t first, size_t end)
{
        struct hits hits = { 0 };
        size_t count = 0;

        hits_find(scan, first, end, &hits);
        for (size_t i = 0; i < hits.count; i++)
                count += !hits.items[i].is_consent && hits.items[i].label.end == LABEL_END_COLON &&
                         (i == 0 || hits.items[i].label.field != hits.items[0].label.field);
        hits_free(&hits);
        return count;
}

/* ---- believing them */

static size_t next_start(const struct scan *scan, const struct hits *hits, size_t index, size_t last)
{
        for (size_t i = index + 1; i < hits->count; i++)
                if (!hits->items[i].dropped)
                        return hits->items[i].middle ? hits->items[i].label.start : hits->items[i].lead;
        return last > 0 ? sheet_line_end(&scan->sheet, last - 1) : 0;
}

static size_t collect(const struct scan *scan, const struct hits *hits, size_t index, size_t last,
    struct span *ret_spans, struct stops_doubt *ret_doubt)
{
        const struct hit *hit = &hits->items[index];
        size_t limit = next_start(scan, hits, index, last);

        if (hit->label.after >= limit) {
                *ret_doubt = (struct stops_doubt){ 0 };
                return 0;
        }
        return stops_collect(
            scan, hit->label.field, hit->numbered, hit->label.after, limit, ret_spans, ret_doubt);
}

/* Names of people and organisations begin with a capital, a digit or a quotation mark. */
static bool begins_like_name(const struct scan *scan, size_t token)
{
        const struct token *t = token < scan->sheet.token_count ? &scan->sheet.tokens[token] : NULL;

        return t != NULL && t->size > 0 && !(*t->text >= 'a' && *t->text <= 'z');
}

static bool may_be_answer(const struct scan *scan, const struct hit *hit)
{
        static const char *const joining[] = { "i$", "oraz$", "lub$", "albo$", "and$", "or$", NULL };

        if (hit->label.after < scan->sheet.token_count &&
            word_has_stem(sheet_key(&scan->sheet, hit->label.after), joining))
                return false; /* "Stanowisko i adres prosimy ..." */
        return scan->form->fields[hit->label.field].type == FIELD_TEXT ||
               begins_like_name(scan, hit->label.after);
}

static bool ends_in_leader(const struct sheet *sheet, size_t line)
{
        size_t end = sheet_line_end(sheet, line);

        return end > sheet->lines[line].first && sheet->tokens[end - 1].kind == TOKEN_LEADER;
}

/* "Nazwa organizacji" to the letter opens no sentence, as "Telefon" may. */
static bool is_company(const struct hit *hit)
{
        return hit->sound || (!hit->is_consent && hit->label.words > 1);
}

/* A label without a sign is one when it is numbered, when its answer is of its kind, when an asterisk divides the two,
 * when dots to write on end its line ... */
static bool is_sound(const struct scan *scan, const struct hits *hits, size_t index, size_t last)
{
        const struct hit *hit = &hits->items[index];
        struct span spans[STOPS_SPANS_MAX];
        struct stops_doubt doubt;
        bool valid = false;
        size_t count;

        if (!hit->loose || hit->numbered)
                return true;
        if (hits_is_checked(scan, hit->label.field)) {
                count = collect(scan, hits, index, last, spans, &doubt);
                return answer_probe(scan, hit->label.field, spans, count, &valid) && valid;
        }
        if (hit->label.after < sheet_line_end(&scan->sheet, hit->line) &&
            sheet_is_sign(&scan->sheet, hit->label.after - 1, "*"))
                return true;
        return may_be_answer(scan, hit) && ends_in_leader(&scan->sheet, hit->line);
}

/* ... or when another label stands in the next line above or below. */
static bool has_company(const struct scan *scan, const struct hits *hits, size_t index)
{
        const struct hit *hit = &hits->items[index];

        if (hits_is_checked(scan, hit->label.field) || !may_be_answer(scan, hit))
                return false;
        for (size_t i = index > 0 ? index - 1 : 0; i < hits->count && i <= index + 1; i++)
                if (i != index && is_company(&hits->items[i]) && hits->items[i].line + 1 >= hit->line &&
                    hits->items[i].line <= hit->line + 1)
                        return true;
        return false;
}

static void judge_loose(const struct scan *scan, struct hits *hits, size_t last)
{
        for (size_t i = 0; i < hits->count; i++)
                hits->items[i].sound = is_sound(scan, hits, i, last);
        for (size_t i = 0; i < hits->count; i++) /* company spreads down, then up */
                hits->items[i].sound = hits->items[i].sound || has_company(scan, hits, i);
        for (size_t i = hits->count; i-- > 0;)
                hits->items[i].sound = hits->items[i].sound || has_company(scan, hits, i);
        for (size_t i = 0; i < hits->count; i++) {
                struct hit *hit = &hits->items[i];

                hit->dropped = hit->dropped || !hit->sound;
                if (hit->loose && !hit->numbered && !hits_is_checked(scan, hit->label.field))
                        hit->label.confidence = LOOSE_TEXT_CONFIDENCE;
        }
}

/* By the person whose answers these are: not before the last name. */
static bool was_answered(const struct scan *scan, size_t field)
{
        for (size_t i = scan->answers.count; i > 0; i--) {
                const struct answer *answer = &scan->answers.items[i - 1];
                if (answer->field == field && answer->value != NULL)
                        return true;
                if (scan->form->fields[answer->field].type == FIELD_NAME)
                        break;
        }
        return false;
}

/* Asked above, and nothing was answered at all: what stands in a signature below is of whoever sent the form out. */
static bool was_left_empty(const struct scan *scan, size_t field)
{
        bool asked = false;

        for (size_t i = 0; i < scan->answers.count; i++) {
                if (scan->answers.items[i].value != NULL && !scan->answers.items[i].weak)
                        return false;
                asked = asked || scan->answers.items[i].field == field;
        }
        return asked;
}

/* "Uwagi: fakturę proszę na adres e-mail: ..." */
static bool is_in_sentence(const struct scan *scan, const struct hit *before, const struct hit *hit)
{
        const struct sheet *sheet = &scan->sheet;
        const size_t start = hit->label.start;

        return hit->middle && sheet_has_content(sheet, before->label.after, start) &&
               sheet->tokens[start].gap < HITS_COLUMN_GAP && sheet->tokens[start - 1].kind == TOKEN_WORD;
}

/* "Uwagi: fakturę proszę na GOK, e-mail: ...", or the label in the remarks' own cell. */
static bool is_in_remarks(const struct scan *scan, const struct hit *before, const struct hit *hit)
{
        const struct sheet *sheet = &scan->sheet;
        const struct line *own = &sheet->lines[hit->line], *above = &sheet->lines[before->line];
        const size_t start = hit->label.start;

        if (!answer_is_remarks(scan, before->label.field) || !was_answered(scan, hit->label.field))
                return false;
        if (hit->middle)
                return sheet_has_content(sheet, before->label.after, start) &&
                       sheet->tokens[start].gap < HITS_COLUMN_GAP &&
                       (sheet->tokens[start - 1].kind == TOKEN_WORD ||
                           sheet_is_sign(sheet, start - 1, ",;("));
        return own->table >= 0 && own->table == above->table && own->row == above->row &&
               own->column == above->column;
}

/* A label inside an answer: "Uwagi: Telefon: proszę dzwonić po 15". */
static bool is_inside_answer(
    const struct scan *scan, const struct hits *hits, size_t index, size_t last, size_t previous)
{
        const struct hit *hit = &hits->items[index];
        const struct hit *before = &hits->items[previous];
        struct span spans[STOPS_SPANS_MAX];
        struct stops_doubt doubt;
        bool valid = false, filled, after_text;
        size_t count;

        if (before->is_consent || hit->is_consent)
                return false;
        after_text = scan->form->fields[before->label.field].type == FIELD_TEXT;
        count = collect(scan, hits, index, last, spans, &doubt);
        filled = answer_probe(scan, hit->label.field, spans, count, &valid);
        if (filled && is_in_remarks(scan, before, hit))
                return true;
        if (after_text && filled && is_in_sentence(scan, before, hit) && was_answered(scan, hit->label.field))
                return true;
        if (hits_is_checked(scan, hit->label.field))
                return filled && !valid && after_text &&
                       (hit->middle || before->label.after >= hit->lead ||
                           was_answered(scan, hit->label.field) ||
                           !sheet_has_content(&scan->sheet, before->label.after, hit->lead));
        return after_text && !hit->numbered && before->line + 1 >= hit->line && filled &&
               was_answered(scan, hit->label.field) &&
               scan->form->fields[hit->label.field].type == FIELD_TEXT &&
               !sheet_has_content(&scan->sheet, before->label.after, hit->lead);
}

/* ---- all together */

/* limit: where the sentence and its answer end. */
static void add_consent(struct scan *scan, const struct hit *hit, size_t limit)
{
        const struct sheet *sheet = &scan->sheet;
        struct consent_match match = hit->consent;
        const size_t line = sheet_line_of(sheet, limit > 0 ? limit - 1 : 0);
        const struct span last = { sheet->lines[line].first, limit };

        if (flat_is_lost(scan, match.field, &last, 1, sheet_line_of(sheet, match.after - 1)))
                match.confidence = LOST_CONFIDENCE;
        consent_add(scan, &match, hit->lead, limit, NULL, 0, false);
}

static void add_hit_answer(struct scan *scan, const struct hits *hits, size_t index, size_t last)
{
        const struct hit *hit = &hits->items[index];
        struct label_match match = hit->label;
        struct span spans[STOPS_SPANS_MAX];
        struct stops_doubt doubt;
        size_t count;

        if (hit->is_consent) {
                size_t limit = hits_sentence_limit(&scan->sheet, hit->line, last);
                size_t next = next_start(scan, hits, index, last), line;
                if (next < limit && next > hit->consent.after)
                        limit = next;
                line = sheet_line_of(&scan->sheet, limit > 0 ? limit - 1 : 0) + 1;
                while (line < last && sheet_line_is_blank(&scan->sheet, line))
                        line++; /* "TAK / NIE" after an empty line */
                if (line < last && limit < next &&
                    consent_is_choice_only(scan, hit->consent.field, scan->sheet.lines[line].first,
                        sheet_line_end(&scan->sheet, line)))
                        limit = sheet_line_end(&scan->sheet, line);
                add_consent(scan, hit, limit);
                return;
        }
        if (scan->form->fields[match.field].type == FIELD_NAME)
                scan->signature = false;
        if (scan->signature && (was_answered(scan, match.field) || was_left_empty(scan, match.field)))
                return;
        if (scan->signature && match.confidence > SIGNATURE_CONFIDENCE)
                match.confidence = SIGNATURE_CONFIDENCE;
        count = collect(scan, hits, index, last, spans, &doubt);
        if (flat_is_lost(scan, match.field, spans, count, hit->line) && match.confidence > LOST_CONFIDENCE)
                match.confidence = LOST_CONFIDENCE;
        if (doubt.guessed && match.confidence > GUESSED_CONFIDENCE)
                match.confidence = GUESSED_CONFIDENCE;
        if (doubt.late)
                match.confidence -= 0.1 + 0.15 * (scan->form->fields[match.field].type == FIELD_TEXT);
        answer_add(scan, &match, spans, count, hit->line, 0);
}

static void find_greeting(struct scan *scan, const struct hits *hits, size_t index, size_t from, size_t last)
{
        size_t until = index < hits->count ? hits->items[index].line : last;

        for (size_t line = from; line < until; line++)
                scan->signature = scan->signature || stops_is_greeting(scan, line);
}

/* Labels that are captions have their answers above them. */
static void drop_captions(const struct scan *scan, struct hits *hits, size_t first)
{
        for (size_t i = 0; i < hits->count; i++)
                hits->items[i].dropped = captions_is_plain(scan, hits->items[i].line, first);
}

/* Labels in a sentence stand behind their answers, and what looks like labels there belongs to the sentence. */
static void scan_sentences(struct scan *scan, struct hits *hits, size_t first, size_t end)
{
        for (size_t line = first; line < end; line++) {
                if (!captions_scan_sentence(scan, line))
                        continue;
                for (size_t i = 0; i < hits->count; i++)
                        hits->items[i].dropped = hits->items[i].dropped || hits->items[i].line == line;
        }
}

void lines_scan(struct scan *scan, size_t first, size_t end)
{
        struct hits hits = { 0 };
        size_t from = first;
        bool plain;

        scan->exampled = example_is_headed(scan, first, end);
        scan->under = captions_are_under(scan, first, end);
        plain = captions_are_plain(scan, first, end);

        hits_find(scan, first, end, &hits);
        if (plain)
                drop_captions(scan, &hits, first);
        judge_loose(scan, &hits, end);
        scan_sentences(scan, &hits, first, end);
        captions_scan(scan, first, end, plain);
        for (size_t i = 0; i < hits.count; i++) {
                if (hits.items[i].dropped)
                        continue;
                find_greeting(scan, &hits, i, from, end);
                from = hits.items[i].line + 1;
                for (size_t k = i + 1; k < hits.count; k++) {
                        if (hits.items[k].dropped)
                                continue;
                        hits.items[k].dropped = is_inside_answer(scan, &hits, k, end, i);
                        if (!hits.items[k].dropped)
                                break;
                }
                add_hit_answer(scan, &hits, i, end);
        }
        find_greeting(scan, &hits, hits.count, from, end);
        hits_free(&hits);
}
