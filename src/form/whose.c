/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/whose.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/fold.h"
#include "core/form.h"
#include "form/answer.h"
#include "form/label.h"
#include "form/section.h"
#include "form/section_words.h"

#define CALLED 0.9
#define OTHERS 0.6 /* asked of another person only: perhaps meant for ours */

static enum field_type type_of(const struct scan *scan, const struct answer *answer)
{
        return scan->form->fields[answer->field].type;
}

static bool is_name(const struct scan *scan, const struct answer *answer)
{
        return type_of(scan, answer) == FIELD_NAME;
}

static bool is_in_labels(const struct field *field, const char *word)
{
        for (size_t i = 0; i < field->labels.count; i++)
                if (fold_contains(field->labels.items[i], word))
                        return true;
        return false;
}

/* "Telefon do osoby upoważnionej", "E-mail rodzica": the label itself says whose, though not as configured. */
static enum section_kind kind_of_label(const struct scan *scan, const struct answer *answer)
{
        const struct sheet *sheet = &scan->sheet;
        const struct line *line = &sheet->lines[sheet_line_of(sheet, answer->label.first)];
        const size_t end = answer->inside ? answer->label.end : line->first + line->count;
        bool person = false;

        for (size_t i = answer->label.first; i < end && !sheet_is_sign(sheet, i, ":"); i++) {
                const char *key = sheet_key(sheet, i);
                enum section_kind kind;

                person = person || section_word_is_person(key);
                kind = section_word_kind(key, person);
                if (kind == SECTION_PERSON && is_name(scan, answer))
                        return kind; /* "Imię i nazwisko uczestnika" */
                if (kind != SECTION_NONE)
                        return kind > SECTION_REPORTER &&
                                       !is_in_labels(&scan->form->fields[answer->field], key)
                                   ? kind
                                   : SECTION_NONE;
        }
        return SECTION_NONE;
}

static enum section_kind kind_of(const struct scan *scan, const struct answer *answer)
{
        enum section_kind kind = scan->sections.lines[answer->line].kind, own = SECTION_NONE;

        if (answer->person > 0 && (kind == SECTION_INSTITUTION || kind == SECTION_PAYER))
                return SECTION_PERSON; /* a list of people, whatever stands above it */
        if ((is_name(scan, answer) || type_of(scan, answer) == FIELD_PHONE ||
                type_of(scan, answer) == FIELD_EMAIL) &&
            answer->label.end > answer->label.first)
                own = kind_of_label(scan, answer);
        return own != SECTION_NONE ? own : kind;
}

/* Whether a name is asked in sections of the kind, above line end. */
static bool asks_name(const struct scan *scan, enum section_kind kind, size_t end)
{
        for (size_t i = 0; i < scan->answers.count; i++)
                if (is_name(scan, &scan->answers.items[i]) &&
                    kind_of(scan, &scan->answers.items[i]) == kind && scan->answers.items[i].line < end)
                        return true;
        return false;
}

static void rename_sections(struct scan *scan, enum section_kind from, enum section_kind to, size_t end)
{
        for (size_t line = 0; line < scan->sections.count && line < end; line++)
                if (scan->sections.lines[line].kind == from)
                        scan->sections.lines[line].kind = to;
}

/* Where nobody else is asked for, a heading may have been the training's title: "Asystent rodziny". */
static void forget_titles(struct scan *scan)
{
        for (size_t line = 0; line < scan->sections.count; line++) {
                struct section_line *own = &scan->sections.lines[line];

                if (!own->said && own->kind > SECTION_REPORTER && own->kind != SECTION_OFFICE)
                        own->kind = SECTION_NONE;
        }
}

/* Who sends the form is the participant, where nobody else is asked for; what stands above the form's title is the
 * organiser's head, where no name is asked there. */
static void settle_kinds(struct scan *scan)
{
        bool named = asks_name(scan, SECTION_NONE, SIZE_MAX) || asks_name(scan, SECTION_PERSON, SIZE_MAX);

        if (!asks_name(scan, SECTION_REPORTER, SIZE_MAX))
                rename_sections(scan, SECTION_REPORTER, SECTION_INSTITUTION, SIZE_MAX);
        else if (!named)
                rename_sections(scan, SECTION_REPORTER, SECTION_PERSON, SIZE_MAX);
        if (!named && !asks_name(scan, SECTION_PERSON, SIZE_MAX) &&
            !asks_name(scan, SECTION_INSTITUTION, SIZE_MAX))
                forget_titles(scan);
        if (!asks_name(scan, SECTION_NONE, scan->sections.title))
                rename_sections(scan, SECTION_NONE, SECTION_OFFICE, scan->sections.title);
}

/* How near a section is to the participant: of several that ask the same, the nearest counts. */
static int distance(const struct scan *scan, const struct answer *answer)
{
        static const int distances[] = { [SECTION_PERSON] = 0,
                [SECTION_NONE] = 1,
                [SECTION_INSTITUTION] = 2,
                [SECTION_REPORTER] = 3,
                [SECTION_CONTACT] = 4,
                [SECTION_PAYER] = 5,
                [SECTION_GUARDIAN] = 6,
                [SECTION_OFFICE] = 7 };
        enum section_kind kind = kind_of(scan, answer);

        if (answer->person > 0 && kind == SECTION_NONE)
                return 0;
        if (type_of(scan, answer) == FIELD_ORGANISATION && kind == SECTION_PAYER)
                return 3; /* whom the invoice is for may be whose the participant is */
        return distances[kind];
}

/* What describes whoever it is asked of: never the participant, when it is another's. */
static bool is_personal(const struct scan *scan, const struct answer *answer)
{
        static const char *const asked[] = { "stanowisko", "funkcja", "adres", "position", "address", NULL };
        const struct field *field = &scan->form->fields[answer->field];

        if (field->type == FIELD_PHONE || field->type == FIELD_EMAIL)
                return kind_of(scan, answer) == SECTION_PAYER;
        if (field->type == FIELD_DATE)
                return true;
        for (size_t i = 0; field->type == FIELD_TEXT && asked[i] != NULL; i++)
                if (is_in_labels(field, asked[i]))
                        return true;
        return false;
}

static size_t count_words(const char *text)
{
        CLEANUP_FREE char *key = fold_key(text);
        size_t words = *key != '\0';

        for (const char *c = key; *c != '\0'; c++)
                words += *c == ' ';
        return words;
}

/* What is asked for the invoice only, in the words of the form's field ("NIP", "Adres"); one that is called "Adres
 * do korespondencji" as well is the participant's. */
static bool is_invoiced(const struct scan *scan, const struct answer *answer)
{
        const struct field *field = &scan->form->fields[answer->field];
        size_t words = 0;

        if (kind_of(scan, answer) != SECTION_PAYER || field->type != FIELD_TEXT ||
            (answer->value != NULL && answer->confidence < CALLED))
                return false;
        for (size_t i = answer->label.first; i < answer->label.end; i++)
                words += scan->sheet.tokens[i].kind == TOKEN_WORD;
        for (size_t i = 0; i < field->labels.count; i++)
                if (count_words(field->labels.items[i]) > words)
                        return false;
        return true;
}

static bool belongs(const struct scan *scan, const struct answer *answer, const int *nearest)
{
        int own = distance(scan, answer);

        if (kind_of(scan, answer) == SECTION_OFFICE)
                return false;
        if (answer_is_choice(scan, answer->field))
                return true; /* asked after another section, without a heading of its own */
        if (is_name(scan, answer))
                return own <= 1 || own == nearest[answer->field];
        if (own > 2 && is_personal(scan, answer) && !is_invoiced(scan, answer))
                return false;
        return own <= 1 ? nearest[answer->field] == own || answer->value == NULL || own == 0
                        : own == nearest[answer->field];
}

static void remove_others(struct scan *scan)
{
        struct answers *answers = &scan->answers;
        int *nearest = xcalloc(scan->form->count + 1, sizeof *nearest);
        size_t kept = 0;

        for (size_t i = 0; i < scan->form->count; i++)
                nearest[i] = (int)SECTION_OFFICE;
        for (size_t i = 0; i < answers->count; i++) {
                const struct answer *answer = &answers->items[i];
                int own = distance(scan, answer);
                if (own == 0 && answer->value == NULL)
                        own = 1; /* an empty place does not outdo what stands elsewhere for all */
                if (own < nearest[answer->field])
                        nearest[answer->field] = own;
        }
        for (size_t i = 0; i < answers->count; i++) {
                struct answer *answer = &answers->items[i];
                if (!belongs(scan, answer, nearest)) {
                        free(answer->raw);
                        free(answer->value);
                        continue;
                }
                answer->others |= distance(scan, answer) > 2 && !answer_is_choice(scan, answer->field) &&
                                  !is_invoiced(scan, answer);
                if (answer->others && answer->confidence > OTHERS)
                        answer->confidence = OTHERS;
                answers->items[kept++] = *answer;
        }
        answers->count = kept;
        free(nearest);
}

/* ---- numbered sections */

enum { SEVERAL = -1 };

/* Which person's section asks each field: 0 none, SEVERAL. What only the last asks is asked of all, behind them. */
static int *who_asks(const struct scan *scan)
{
        int *askers = xcalloc(scan->form->count + 1, sizeof *askers);

        for (size_t i = 0; i < scan->answers.count; i++) {
                const struct answer *answer = &scan->answers.items[i];
                int person = scan->sections.lines[answer->line].person, *asker = &askers[answer->field];
                if (person > 0)
                        *asker = *asker == 0 || *asker == person ? person : SEVERAL;
        }
        return askers;
}

static bool several_named(const struct scan *scan)
{
        int first = 0;

        for (size_t i = 0; i < scan->answers.count; i++) {
                const struct answer *answer = &scan->answers.items[i];
                int person = scan->sections.lines[answer->line].person;
                if (person == 0 || !is_name(scan, answer) || answer->value == NULL)
                        continue;
                if (first > 0 && person != first)
                        return true;
                first = person;
        }
        return false;
}

static void number_people(struct scan *scan)
{
        if (!several_named(scan))
                return;
        int *askers = who_asks(scan), last = scan->sections.people;
        for (size_t i = 0; i < scan->answers.count; i++) {
                struct answer *answer = &scan->answers.items[i];
                int person = scan->sections.lines[answer->line].person;
                if (answer->person == 0 && person > 0 && !(last > 1 && askers[answer->field] == last))
                        answer->person = scan->people + person;
        }
        free(askers);
        scan->people += scan->sections.people;
}

/* ---- "Nazwa" */

static bool is_called_name(const struct sheet *sheet, size_t first, size_t end)
{
        static const char *const names[] = { "nazwa", "pelna nazwa", "nazwa pelna", "dokladna nazwa", "name",
                NULL };
        CLEANUP_FREE char *key = sheet_words(sheet, first, end);

        for (size_t i = 0; names[i] != NULL; i++)
                if (strcmp(names[i], key) == 0)
                        return true;
        return false;
}

/* The line's answer: behind its colon or dots, else in the next cell of its row. */
static size_t behind(const struct sheet *sheet, size_t line, size_t after, struct span *ret_span)
{
        const struct line *own = &sheet->lines[line], *next = own + 1;
        size_t end = own->first + own->count;

        *ret_span = (struct span){ after, end };
        if (after < end && sheet_has_content(sheet, after, end))
                return 1;
        if (own->table < 0 || line + 1 >= sheet->line_count || next->table != own->table ||
            next->row != own->row || next->column == own->column)
                return 0;
        *ret_span = (struct span){ next->first, next->first + next->count };
        return sheet_has_content(sheet, ret_span->first, ret_span->end);
}

void whose_find_institution(struct scan *scan)
{
        const struct sheet *sheet = &scan->sheet;
        size_t field = LABEL_NONE;

        for (size_t i = 0; i < scan->form->count && field == LABEL_NONE; i++)
                if (scan->form->fields[i].type == FIELD_ORGANISATION)
                        field = i;
        for (size_t line = 0; line < sheet->line_count && field != LABEL_NONE; line++) {
                size_t first = sheet->lines[line].first, end = first + sheet->lines[line].count, after;
                enum section_kind kind = scan->sections.lines[line].kind;
                struct span span;

                if (kind != SECTION_INSTITUTION && kind != SECTION_PAYER)
                        continue;
                first = label_skip_number(sheet, first, end, NULL);
                for (after = first; after < end && sheet->tokens[after].kind == TOKEN_WORD;)
                        after++;
                if (!is_called_name(sheet, first, after))
                        continue;
                struct label_match match = { .field = field,
                        .end = LABEL_END_COLON,
                        .start = first,
                        .after = after,
                        .confidence = CALLED,
                        .also = LABEL_NONE };
                size_t count = behind(sheet, line, after, &span);
                answer_add(scan, &match, &span, count, line, 0);
        }
}

/* ---- a letterhead */

static bool is_contact(const struct scan *scan, const struct answer *answer)
{
        return type_of(scan, answer) == FIELD_PHONE || type_of(scan, answer) == FIELD_EMAIL;
}

/* "tel.: ..., e-mail: ..." in one line, below an address and above everything that the form asks: perhaps the
 * organiser's. */
static void doubt_letterhead(struct scan *scan)
{
        size_t first = SIZE_MAX;

        for (size_t i = 0; i < scan->answers.count; i++)
                if (!is_contact(scan, &scan->answers.items[i]) && scan->answers.items[i].line < first)
                        first = scan->answers.items[i].line;
        for (size_t i = 0; i < scan->answers.count; i++)
                for (size_t k = 0; k < scan->answers.count; k++) {
                        struct answer *answer = &scan->answers.items[i];

                        if (k == i || answer->line >= first || answer->line == 0 ||
                            !is_contact(scan, answer) || scan->answers.items[k].line != answer->line ||
                            answer->confidence <= OTHERS || scan->sheet.lines[answer->line].table >= 0)
                                continue;
                        answer->confidence = OTHERS;
                        answer->others = true;
                }
}

void whose_settle(struct scan *scan)
{
        doubt_letterhead(scan);
        settle_kinds(scan);
        number_people(scan);
        remove_others(scan);
}
