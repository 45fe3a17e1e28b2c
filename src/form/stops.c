/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/stops.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "core/fold.h"
#include "core/form.h"
#include "core/word.h"
#include "form/answer.h"
#include "form/hint.h"
#include "form/label.h"
#include "form/section.h"
#include "form/statement.h"

enum { PLACE_TOKENS = 4, FAR_GAP = 4, MORE_MAX = 2 };

static int compare(const void *a, const void *b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A line of the blank form; short ones ("TAK / NIE", "inny") may well be an answer too. */
static bool is_printed(const struct scan *scan, const char *key)
{
        if (strchr(key, ' ') == NULL || scan->blank_line_count == 0)
                return false;
        return bsearch(&key, scan->blank_lines, scan->blank_line_count, sizeof *scan->blank_lines, compare) !=
               NULL;
}

static const char *const greetings[] = { "pozdrawiam", "serdecznie pozdrawiam", "z powazaniem",
        "lacze wyrazy", "z wyrazami", "lacze pozdrowienia", "best regards", "kind regards", "wyslano z",
        "wyslane z", "sent from", NULL };
static const char *const boilerplate[] = { "dziekuj", "z gory dziekuj", "niepotrzebne skresl",
        "wlasciwe zaznacz", "wlasciwe podkresl", "wypelnion", "prosimy o ", "formularz prosimy",
        "ankiete prosimy", "zgloszenia prosimy", "zalacznik", "wplynelo", "klauzula", "administrator",
        "oswiadczam", "uwaga ", "termin nadsylania", NULL };

static bool begins_with(const char *key, const char *const *starts)
{
        for (; *starts != NULL; starts++)
                if (str_starts(key, *starts))
                        return true;
        return false;
}

bool stops_is_greeting(const struct scan *scan, size_t line)
{
        CLEANUP_FREE char *key =
            sheet_words(&scan->sheet, scan->sheet.lines[line].first, sheet_line_end(&scan->sheet, line));

        return begins_with(key, greetings);
}

/* "Piła, dnia ......... podpis": where and when the form is signed. */
static bool is_signing(const struct sheet *sheet, size_t line)
{
        static const char *const day[] = { "dnia$", "dn$", NULL };
        size_t first = sheet->lines[line].first, end = sheet_line_end(sheet, line);

        for (size_t i = first + 1; i + 1 < end && i <= first + PLACE_TOKENS; i++)
                if (sheet_is_sign(sheet, i, ",") && word_has_stem(sheet_key(sheet, i + 1), day))
                        return i + 2 == end || sheet->tokens[i + 2].kind != TOKEN_WORD ||
                               strspn(sheet_key(sheet, i + 2), "0123456789") > 0;
        return false;
}

bool stops_is_boilerplate(const struct scan *scan, size_t line)
{
        CLEANUP_FREE char *key =
            sheet_words(&scan->sheet, scan->sheet.lines[line].first, sheet_line_end(&scan->sheet, line));

        return begins_with(key, greetings) || begins_with(key, boilerplate) ||
               is_signing(&scan->sheet, line) || is_printed(scan, key);
}

static bool is_text(const struct scan *scan, size_t field)
{
        return scan->form->fields[field].type == FIELD_TEXT;
}

static bool is_choice(const struct scan *scan, size_t field)
{
        enum field_type type = scan->form->fields[field].type;

        return type == FIELD_CHOICE || type == FIELD_YESNO || type == FIELD_CONSENT;
}

/* The rest of a line up to what cannot belong to the answer: the other column, or what follows the dots. */
static size_t cut_line(const struct scan *scan, size_t field, size_t first, size_t end)
{
        static const char *const farewell[] = { "pozdrawiam", NULL };
        const struct sheet *sheet = &scan->sheet;
        bool content = false;

        if (is_choice(scan, field))
                return end;
        for (size_t i = first; i < end; i++) {
                const struct token *token = &sheet->tokens[i];
                if (content && sheet_is_sign(sheet, i - 1, ".!,;") &&
                    word_has_stem(sheet_key(sheet, i), farewell))
                        return i;
                if (content &&
                    (token->kind == TOKEN_TAB || token->kind == TOKEN_LEADER || token->gap > FAR_GAP))
                        return i;
                content = content || token->kind == TOKEN_WORD;
        }
        return end;
}

static bool has_lower(const struct sheet *sheet, size_t first, size_t end)
{
        for (size_t i = first; i < end; i++)
                for (size_t k = 0; k < sheet->tokens[i].size; k++)
                        if (sheet->tokens[i].text[k] >= 'a' && sheet->tokens[i].text[k] <= 'z')
                                return true;
        return false;
}

struct progress {
        size_t lines; /* of the answer so far */
        size_t above; /* the last of them */
        size_t start; /* the label's line */
        bool numbered;
        bool below;  /* the answer has begun in a line of its own */
        bool dotted; /* the last line ended in dots: the answer goes on where more dots begin */
};

static bool offers_option(const struct scan *scan, size_t field, size_t first, size_t end)
{
        struct span span = { first, end };
        bool valid;

        return answer_probe(scan, field, &span, 1, &valid) && valid;
}

/* A line pushed in under the answer above goes on with it. */
static bool is_aligned(const struct sheet *sheet, const struct progress *progress, size_t line)
{
        const struct token *own = &sheet->tokens[sheet->lines[line].first];
        const struct token *label = &sheet->tokens[sheet->lines[progress->start].first];

        return own->kind == TOKEN_WORD && sheet->lines[line].table < 0 && own->gap > label->gap + FAR_GAP;
}

/* What stands in the brackets below names it: "(stanowisko)". */
static bool is_above_caption(const struct sheet *sheet, size_t line)
{
        return line + 1 < sheet->line_count && sheet->lines[line + 1].count > 0 &&
               sheet_is_sign(sheet, sheet->lines[line + 1].first, "(");
}

/* "Data i podpis: ........": asked of whoever signs, or a place that nobody has written in yet. */
static bool is_next_place(const struct sheet *sheet, size_t first, size_t end)
{
        static const char *const signing[] = { "podpis", "pieczec", "pieczat", "pieczeci$", "signature",
                NULL };
        size_t i = first;

        if (!label_is_foreign(sheet, first, end))
                return false;
        for (; i < end && !sheet_is_sign(sheet, i, ":?="); i++)
                if (word_has_stem(sheet_key(sheet, i), signing))
                        return true;
        if (i + 1 == end)
                while (i > first && !sheet_is_sign(sheet, i, "("))
                        i--; /* "Posiłki (proszę wstawić X):" */
        return sheet_is_sign(sheet, i, "(") || (i + 1 < end && !sheet_has_content(sheet, i, end));
}

/* A line more of the paragraph that the answer fills, while its label stands in one of its own. */
static bool is_in_paragraph(const struct sheet *sheet, const struct progress *progress, size_t line)
{
        const struct line *own = &sheet->lines[line];

        return progress->lines > 0 && own->table < 0 && own->block == sheet->lines[progress->above].block &&
               own->block != sheet->lines[progress->start].block;
}

/* The name that was answered, below the last answer of a mail. */
static bool is_sender(const struct scan *scan, size_t line)
{
        CLEANUP_FREE char *key =
            sheet_words(&scan->sheet, scan->sheet.lines[line].first, sheet_line_end(&scan->sheet, line));

        for (size_t i = 0; i < scan->answers.count; i++) {
                const struct answer *answer = &scan->answers.items[i];

                if (scan->form->fields[answer->field].type == FIELD_NAME && answer->value != NULL &&
                    strcmp(answer->raw, key) == 0)
                        return true;
        }
        return false;
}

static bool is_same_cell(const struct sheet *sheet, size_t a, size_t b)
{
        const struct line *own = &sheet->lines[a], *other = &sheet->lines[b];

        return own->table >= 0 && own->table == other->table && own->row == other->row &&
               own->column == other->column;
}

/* A line more in the remarks' own cell. */
static bool is_in_remarks(const struct scan *scan, size_t field, const struct progress *progress, size_t line)
{
        const struct sheet *sheet = &scan->sheet;

        return answer_is_remarks(scan, field) && is_same_cell(sheet, progress->start, line) &&
               (progress->start == 0 || !is_same_cell(sheet, progress->start - 1, line));
}

/* Whether the line, which begins no label of ours, ends the answer. */
static bool ends_answer(const struct scan *scan, size_t field, const struct progress *progress, size_t line)
{
        const struct sheet *sheet = &scan->sheet;
        size_t first = sheet->lines[line].first, end = sheet_line_end(sheet, line);
        bool have = progress->lines > 0, numbered = false;
        size_t words = label_skip_number(sheet, first, end, &numbered);

        if (is_choice(scan, field) && offers_option(scan, field, first, end))
                return false; /* "A. Mediacje" looks like a heading, too */
        if (sheet_is_sign(sheet, first, "*") || section_is_heading(&scan->sections, line))
                return true;
        if (have && progress->dotted && !is_choice(scan, field))
                return sheet->tokens[first].kind != TOKEN_LEADER || is_above_caption(sheet, line);
        if (is_choice(scan, field)) /* the blank form prints the options too */
                return have || stops_is_boilerplate(scan, line);
        if (stops_is_boilerplate(scan, line) || statement_is(sheet, line) || (have && is_sender(scan, line)))
                return true;
        if (have && numbered && progress->numbered)
                return true;
        if (label_is_foreign(sheet, words, end) &&
            !(is_text(scan, field) && is_in_paragraph(sheet, progress, line)) &&
            !is_in_remarks(scan, field, progress, line) && (have || !is_text(scan, field)))
                return true;
        if (!have)
                return is_next_place(sheet, words, end);
        if (answer_is_wrapped(sheet, progress->above, first))
                return false;
        if (scan->form->fields[field].type == FIELD_ORGANISATION && is_aligned(sheet, progress, line))
                return false;
        return !is_text(scan, field) || (end - first >= 2 && !has_lower(sheet, first, end));
}

/* One character a line, as in the line above: boxes to write in of which only the text was left. */
static bool is_letter_more(const struct sheet *sheet, size_t above, size_t line)
{
        const struct line *a = &sheet->lines[above], *b = &sheet->lines[line];

        return above + 1 == line && a->table < 0 && b->table < 0 && a->count == 1 && b->count == 1 &&
               sheet_is_letter(sheet, a->first) && sheet_is_letter(sheet, b->first);
}

static bool is_bold(const struct sheet *sheet, size_t first, size_t end)
{
        for (size_t i = first; i < end; i++)
                if (sheet->tokens[i].kind == TOKEN_WORD && !(sheet->tokens[i].marks & RUN_BOLD))
                        return false;
        return true;
}

static bool has_digit(const struct sheet *sheet, size_t first, size_t end)
{
        for (size_t i = first; i < end; i++)
                if (strpbrk(sheet_key(sheet, i), "0123456789") != NULL)
                        return true;
        return false;
}

/* A line of words that is no heading, label or remark. */
static bool is_plain(const struct scan *scan, size_t line)
{
        const struct sheet *sheet = &scan->sheet;
        size_t first = sheet->lines[line].first, end = sheet_line_end(sheet, line);

        while (first < end && sheet->tokens[first].kind == TOKEN_TAB)
                first++;
        return first < end && sheet->tokens[first].kind == TOKEN_WORD &&
               !sheet_is_sign(sheet, end - 1, ":") &&
               (has_lower(sheet, first, end) || has_digit(sheet, first, end)) &&
               !is_bold(sheet, first, end) && !sheet->lines[line].number &&
               !section_is_heading(&scan->sections, line) &&
               label_skip_number(sheet, first, end, NULL) == first && !label_is_foreign(sheet, first, end) &&
               !stops_is_boilerplate(scan, line) && !statement_is(sheet, line);
}

/* A tabulator before or behind its words draws the line to write on. */
static bool is_tabbed(const struct sheet *sheet, size_t line)
{
        const struct line *l = &sheet->lines[line];

        return l->count > 0 && (sheet->tokens[l->first].kind == TOKEN_TAB ||
                                   sheet->tokens[l->first + l->count - 1].kind == TOKEN_TAB);
}

/* Few lines of words between an organisation's name and the next label: the rest of a long name and its address, most
 * likely. */
static bool may_go_on(
    const struct scan *scan, size_t field, const struct progress *progress, size_t line, size_t limit)
{
        const struct sheet *sheet = &scan->sheet;
        size_t last = line;

        if (scan->form->fields[field].type != FIELD_ORGANISATION || progress->lines == 0 ||
            (progress->dotted && !is_tabbed(sheet, line)) || limit >= sheet->token_count)
                return false;
        while (last < sheet->line_count && last <= line + MORE_MAX && sheet_line_end(sheet, last) <= limit &&
               sheet->lines[last].count > 0 && is_plain(scan, last))
                last++;
        return last > line && last <= line + MORE_MAX && last < sheet->line_count &&
               sheet_line_end(sheet, last - 1) + 1 >= limit;
}

static bool ends_sentence(const struct sheet *sheet, size_t end)
{
        return end > 0 && sheet_is_sign(sheet, end - 1, ".!");
}

/* "Lubię teatr.", and in the next line "Interesuje mnie: drama."; "Telefon: dzwonić po 16", and then "E-mail: odbieram
 * rzadko": more of it, or another question of the form. */
static bool may_be_more(const struct scan *scan, size_t field, const struct progress *progress, size_t line,
    const struct span *above)
{
        const struct sheet *sheet = &scan->sheet;

        return is_text(scan, field) && progress->lines > 0 && line == progress->above + 1 &&
               label_is_foreign(sheet, sheet->lines[line].first, sheet_line_end(sheet, line)) &&
               (label_is_foreign(sheet, above->first, above->end) ||
                   (ends_sentence(sheet, above->end) && ends_sentence(sheet, sheet_line_end(sheet, line))));
}

static bool begins_small(const struct sheet *sheet, size_t line)
{
        const struct token *token = &sheet->tokens[sheet->lines[line].first];

        return token->kind == TOKEN_WORD && *token->text >= 'a' && *token->text <= 'z' &&
               strcmp(sheet_key(sheet, sheet->lines[line].first), "www") != 0;
}

/* The answers so far stand beside their labels, none below. */
static bool are_beside(const struct scan *scan)
{
        const struct sheet *sheet = &scan->sheet;
        bool beside = false;

        for (size_t i = 0; i < scan->answers.count; i++) {
                const struct answer *answer = &scan->answers.items[i];

                if (answer->value == NULL || answer->text.end == answer->text.first ||
                    answer->label.end == answer->label.first || answer_is_choice(scan, answer->field))
                        continue;
                if (sheet_line_of(sheet, answer->text.first) != sheet_line_of(sheet, answer->label.first))
                        return false;
                beside = true;
        }
        return beside;
}

/* Below the last label nothing tells whether a paragraph is the answer, or a part of the answer that began beside it, or
 * printed. */
static bool may_be_print(const struct scan *scan, size_t field, const struct progress *progress, size_t line,
    const struct span *above, size_t limit)
{
        const struct sheet *sheet = &scan->sheet;
        const struct line *own = &sheet->lines[line];
        const bool begun = progress->lines > 0;
        const size_t before = begun ? progress->above : progress->start;

        if (!is_text(scan, field) || own->table >= 0 || line == before || own->count == 0 ||
            (begun ? progress->below : !are_beside(scan)) || statement_is_personal(sheet, line) ||
            (limit < sheet->token_count && sheet->lines[sheet_line_of(sheet, limit)].table < 0))
                return false;
        return own->block != sheet->lines[before].block && !answer_is_wrapped(sheet, before, own->first) &&
               !begins_small(sheet, line) && !(begun && sheet_is_sign(sheet, above->end - 1, ",:-"));
}

/* "Zajęcia do wyboru:" where an answer should be: the next question, perhaps. */
static bool may_be_question(
    const struct scan *scan, size_t field, const struct progress *progress, size_t line)
{
        const struct sheet *sheet = &scan->sheet;
        const size_t end = sheet_line_end(sheet, line);

        return is_text(scan, field) && progress->lines == 0 && line != progress->start &&
               sheet->lines[line].table < 0 && end > 0 && sheet_is_sign(sheet, end - 1, ":") &&
               label_is_foreign(sheet, sheet->lines[line].first, end);
}

/* An e-mail or telephone broken over two lines goes on when it is not whole yet, a name when it is broken at its hyphen. */
static bool wants_more(const struct scan *scan, size_t field, const struct span *spans, size_t count)
{
        enum field_type type = scan->form->fields[field].type;
        const size_t last = count > 0 ? spans[count - 1].end - 1 : 0;
        bool valid;

        if (type == FIELD_NAME && last > 0 && sheet_is_sign(&scan->sheet, last, "-"))
                return scan->sheet.tokens[last].gap == 0 && scan->sheet.tokens[last - 1].kind == TOKEN_WORD;

        return (type == FIELD_EMAIL || type == FIELD_PHONE) &&
               answer_probe(scan, field, spans, count, &valid) && !valid;
}

/* Struck text is no answer, but a struck option says something. */
static bool has_answer(const struct scan *scan, size_t field, size_t first, size_t end)
{
        if (!is_choice(scan, field))
                return sheet_has_content(&scan->sheet, first, end);
        for (size_t i = first; i < end; i++)
                if (scan->sheet.tokens[i].kind == TOKEN_WORD || scan->sheet.tokens[i].kind == TOKEN_BOX)
                        return true;
        return false;
}

/* Nothing but an instruction or an example. */
static bool is_hint(const struct scan *scan, size_t field, size_t first, size_t end)
{
        struct span span = { first, end };

        return hint_take_off(&scan->sheet, scan->form->fields[field].type, &span, 1) == 0;
}

size_t stops_collect(const struct scan *scan, size_t field, bool numbered, size_t first, size_t limit,
    struct span *ret_spans, struct stops_doubt *ret_doubt)
{
        const struct sheet *sheet = &scan->sheet;
        struct progress progress = { .numbered = numbered };
        size_t start_line = sheet_line_of(sheet, first > 0 ? first - 1 : 0), blanks = 0;
        bool skipped = false; /* the example */

        *ret_doubt = (struct stops_doubt){ 0 };
        progress.start = start_line;
        for (size_t line = start_line; line < sheet->line_count && progress.lines < STOPS_SPANS_MAX; line++) {
                size_t begin = line == start_line ? first : sheet->lines[line].first;
                size_t end = sheet_line_end(sheet, line) < limit ? sheet_line_end(sheet, line) : limit;
                if ((begin >= limit && sheet->lines[line].count > 0) ||
                    (line != start_line && sheet->lines[line].number))
                        break;
                if (begin > end)
                        continue;
                end = cut_line(scan, field, begin, end);
                if (!has_answer(scan, field, begin, end)) {
                        blanks += line != start_line;
                        if (line != start_line && (progress.lines > 0 || blanks > 1))
                                break;
                        continue;
                }
                if (progress.lines == 0 && !is_choice(scan, field) && is_hint(scan, field, begin, end))
                        continue;
                if (scan->exampled && !skipped && line != start_line) {
                        skipped = ret_doubt->guessed = true;
                        continue;
                }
                if (line != start_line &&
                    !(progress.lines > 0 && is_letter_more(sheet, progress.above, line)) &&
                    !wants_more(scan, field, ret_spans, progress.lines) &&
                    ends_answer(scan, field, &progress, line)) {
                        ret_doubt->guessed = may_be_more(scan, field, &progress, line,
                            &ret_spans[progress.lines > 0 ? progress.lines - 1 : 0]);
                        if (!may_go_on(scan, field, &progress, line, limit))
                                break;
                        ret_doubt->guessed = true;
                }
                ret_doubt->guessed = ret_doubt->guessed || may_be_question(scan, field, &progress, line) ||
                                     may_be_print(scan, field, &progress, line,
                                         &ret_spans[progress.lines > 0 ? progress.lines - 1 : 0], limit);
                ret_doubt->late = ret_doubt->late || (progress.lines == 0 && blanks > 0);
                ret_spans[progress.lines++] = (struct span){ begin, end };
                progress.below = progress.below || (progress.lines == 1 && line != start_line);
                progress.above = line;
                progress.dotted = end < sheet_line_end(sheet, line);
                if (end < limit && !is_choice(scan, field) &&
                    sheet_has_content(sheet, end, sheet_line_end(sheet, line)))
                        break;
        }
        return progress.lines;
}
