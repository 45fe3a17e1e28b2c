/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/section.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/document.h"
#include "core/form.h"
#include "core/sheet.h"
#include "form/label.h"
#include "form/look.h"
#include "form/section_words.h"

enum {
        HEADING_WORDS = 9,
        PLAIN_WORDS = 5,
        TITLE_WORDS = 12,
        SIDES_MAX = 8,
        OFFICE_LINES = 6,
        OFFICE_WORDS = 2,
        ROW_LINES = 64
};

/* ---- where it stands */

static bool same_row(const struct sheet *sheet, size_t a, size_t b)
{
        return sheet->lines[a].table == sheet->lines[b].table && sheet->lines[a].row == sheet->lines[b].row;
}

/* The lines of the row, as far as they are near: [first, last). */
static void row_of(const struct sheet *sheet, size_t line, size_t *ret_first, size_t *ret_last)
{
        size_t first = line, last = line;

        while (first > 0 && line - first < ROW_LINES && same_row(sheet, first - 1, line))
                first--;
        while (last < sheet->line_count && last - line < ROW_LINES && same_row(sheet, last, line))
                last++;
        *ret_first = first;
        *ret_last = last;
}

/* How many cells of the row hold something. */
static size_t row_cells(const struct sheet *sheet, size_t line)
{
        size_t first, last, cells = 0;
        int column = -1;

        for (row_of(sheet, line, &first, &last); first < last; first++) {
                if (sheet_line_is_blank(sheet, first) || sheet->lines[first].column == column)
                        continue;
                column = sheet->lines[first].column;
                cells++;
        }
        return cells;
}

/* Whether the table has more than one column near the line. */
static bool is_wide(const struct sheet *sheet, size_t line)
{
        enum { NEAR = 24 };
        int table = sheet->lines[line].table;
        size_t from = line > NEAR ? line - NEAR : 0;

        for (size_t i = from; i < sheet->line_count && i < line + NEAR; i++)
                if (sheet->lines[i].table == table && sheet->lines[i].column > 0)
                        return true;
        return false;
}

static bool is_first_in_cell(const struct sheet *sheet, size_t line)
{
        const struct line *own = &sheet->lines[line], *above = line > 0 ? own - 1 : NULL;

        return above == NULL || above->table != own->table || above->row != own->row ||
               above->column != own->column;
}

/* An answer may look like a heading below its label: "Stanowisko:", "Dyrektor". */
static bool is_below_label(const struct sheet *sheet, const struct labels *labels, size_t line)
{
        struct label_match match;
        size_t above = line, first, end;

        while (above > 0 && sheet_line_is_blank(sheet, above - 1))
                above--;
        if (above-- == 0 || sheet->lines[above].table != sheet->lines[line].table)
                return false;
        end = sheet->lines[above].first + sheet->lines[above].count;
        first = label_skip_number(sheet, sheet->lines[above].first, end, NULL);
        return label_find(labels, sheet, first, end, LABEL_STRONG, &match) &&
               !sheet_has_content(sheet, match.after, end);
}

static bool is_label(const struct sheet *sheet, const struct labels *labels, const struct look *look)
{
        struct label_match match;

        return label_find(labels, sheet, look->start, look->end, LABEL_STRONG, &match) && match.whole;
}

/* "Instytucja", and in the next line "Nazwa instytucji: ...": the first is a heading. */
static bool is_asked_below(
    const struct sheet *sheet, const struct labels *labels, size_t line, const struct look *look)
{
        struct label_match own, below;
        struct look next;

        if (line + 1 >= sheet->line_count)
                return false;
        next = look_at(sheet, line + 1);
        return label_find(labels, sheet, look->start, look->end, LABEL_STRONG, &own) &&
               label_find(labels, sheet, next.start, next.end, LABEL_STRONG, &below) &&
               own.field == below.field;
}

/* "Powiatowy Urząd Pracy", "Zakład Gospodarki Komunalnej" is an institution, "Zakład pracy" the heading of one. */
static bool is_called_so(const struct sheet *sheet, const struct look *look)
{
        const char *first = sheet_key(sheet, look->start);

        bool dressed = look->bold || look->capitals || look->counted || look->colon;

        if (section_word_kind(first, false) != SECTION_INSTITUTION || (!dressed && look->kinds < look->words))
                return true;
        return look->words > 2 && section_word_is_proper(first);
}

/* A heading that says whose: by its dress, or by so few words that nothing else is said. */
static bool is_known(
    const struct sheet *sheet, const struct labels *labels, size_t line, const struct look *look, bool alone)
{
        bool dressed = look->bold || look->colon || look->data || look->capitals || look->counted || alone ||
                       (look->lead && look->kind == SECTION_OFFICE);

        if (look->kind == SECTION_NONE || look->words > HEADING_WORDS || look->label || look->open ||
            (look->kind == SECTION_INSTITUTION && !look->data && is_called_so(sheet, look)))
                return false;
        if (!dressed &&
            (look->words > PLAIN_WORDS || !look->upper || sheet_is_sign(sheet, look->end - 1, ".,;")))
                return false;
        if (look->kind != SECTION_OFFICE && is_label(sheet, labels, look) &&
            !(look->data || look->counted || alone || is_asked_below(sheet, labels, line, look)))
                return false;
        return look->data || look->counted || alone || look->kind == SECTION_OFFICE ||
               (look->kind == SECTION_PERSON && look->ordinal > 0) ||
               (look->colon && look->kind > SECTION_REPORTER) || !is_below_label(sheet, labels, line);
}

/* Any other heading ends the section above it: numbered ones surely, capitals and bold type where nothing is said
 * that could be an answer. */
static bool is_other(
    const struct sheet *sheet, const struct labels *labels, size_t line, const struct look *look, bool alone)
{
        struct label_match match;

        if (look->words == 0 || look->words > HEADING_WORDS || look->open || look->colon ||
            is_label(sheet, labels, look))
                return false;
        if (look->counted)
                return true;
        if (look->digits || !(look->bold || (look->capitals && look->words > 1)) ||
            label_find(labels, sheet, look->start, look->end, LABEL_PREFIX, &match))
                return false;
        return alone || !is_below_label(sheet, labels, line);
}

/* ---- what an organiser prints for himself */

/* "Formularz należy odesłać na adres: ..." */
static bool is_sending(const struct sheet *sheet, const struct labels *labels, const struct look *look)
{
        struct label_match match;
        bool sending = false;

        for (size_t i = look->start; i < look->end && !sheet_is_sign(sheet, i, ":"); i++)
                sending = sending || section_word_is_sending(sheet_key(sheet, i));
        return sending && look->words >= OFFICE_WORDS &&
               !label_find(labels, sheet, look->start, look->end, LABEL_STRONG, &match);
}

/* The lines below go on with it while they hold his telephone and address only. */
static bool goes_on(const struct sheet *sheet, const struct labels *labels, size_t line)
{
        struct label_match match;
        struct look look = look_at(sheet, line);
        enum field_type type;

        if (sheet_line_is_blank(sheet, line))
                return false;
        if (!label_find(labels, sheet, look.start, look.end, LABEL_STRONG, &match) &&
            !label_find(labels, sheet, look.start, look.end, LABEL_PREFIX, &match))
                return !look.label;
        type = labels->form->fields[match.field].type;
        return type == FIELD_EMAIL || type == FIELD_PHONE;
}

static void mark_office(
    struct sections *sections, const struct sheet *sheet, const struct labels *labels, size_t line)
{
        size_t last = line + 1;

        while (last < sheet->line_count && last < line + OFFICE_LINES &&
               sheet->lines[last].table == sheet->lines[line].table && goes_on(sheet, labels, last))
                last++;
        for (; line < last; line++)
                sections->lines[line].kind = SECTION_OFFICE;
}

/* ---- line by line */

struct walk {
        struct sections *sections;
        const struct sheet *sheet;
        const struct labels *labels;
        enum section_kind kind;
        bool said;
        int person;
        int table, row, until; /* until: rows beside a cell over several of them */
        enum section_kind row_kind;
        bool row_only;
        struct {
                int column;
                enum section_kind kind;
        } sides[SIDES_MAX]; /* "Uczestnik" and "Pracodawca" side by side */
        size_t side_count;
        bool titled;
};

/* "Dane organizatora", "Wypełnia organizator", a row of that alone. */
static bool is_office_part(const struct walk *walk, size_t line, const struct look *look)
{
        return look->data || look->lead || section_word_is_for_office(sheet_key(walk->sheet, look->start)) ||
               (walk->sheet->lines[line].table >= 0 && !look->open);
}

static bool asks_name(const struct walk *walk, size_t line)
{
        struct look look = look_at(walk->sheet, line);
        struct label_match match;

        return label_find(walk->labels, walk->sheet, look.start, look.end, LABEL_STRONG, &match) &&
               walk->labels->form->fields[match.field].type == FIELD_NAME;
}

/* The first name that is asked is the participant's, whatever the organiser printed above without a heading below. */
static bool ends_office(const struct walk *walk, size_t line)
{
        if (walk->kind != SECTION_OFFICE || !asks_name(walk, line))
                return false;
        while (line > 0)
                if (asks_name(walk, --line))
                        return false;
        return true;
}

static void begin_section(struct walk *walk, size_t line, const struct look *look)
{
        struct section_line *own = &walk->sections->lines[line];

        /* What the organiser prints of himself ends where other things are asked (see mark_office()), unless he
         * calls it so: then with the next heading or the table. */
        walk->kind =
            look->kind == SECTION_OFFICE && !is_office_part(walk, line, look) ? SECTION_NONE : look->kind;
        own->kind = look->kind;
        walk->said = look->data || look->lead;
        walk->side_count = 0;
        own->said = walk->said;
        own->heading = look->kind != SECTION_NONE || look->counted || (look->bold && look->numbered);
        walk->person = 0;
        if (look->kind == SECTION_PERSON && !look->title && look->ordinal > 0)
                walk->person = ++walk->sections->people;
}

static void begin_other(struct walk *walk, size_t line, const struct look *look)
{
        const struct look nobody = {
                .counted = look->counted, .bold = look->bold, .numbered = look->numbered
        };

        begin_section(walk, line, &nobody);
}

/* A heading beside other cells holds for its row, or for the rows that its cell spans. */
static void begin_row(struct walk *walk, size_t line, const struct look *look)
{
        const struct line *own = &walk->sheet->lines[line];

        walk->row_only = true;
        walk->row_kind = look->kind;
        walk->until = own->row + (own->row_span > 1 ? own->row_span : 1);
}

static bool begin_side(struct walk *walk, size_t line, const struct look *look)
{
        const struct line *own = &walk->sheet->lines[line];

        if (walk->side_count > 0 && walk->row != own->row)
                walk->side_count = 0;
        if (walk->side_count == SIDES_MAX)
                return false;
        walk->row = own->row;
        walk->sides[walk->side_count].column = own->column;
        walk->sides[walk->side_count++].kind = look->kind;
        return true;
}

/* All cells of the row that hold something are headings. */
static bool is_heading_row(const struct walk *walk, size_t line)
{
        const struct sheet *sheet = walk->sheet;
        size_t first, last;

        for (row_of(sheet, line, &first, &last); first < last; first++) {
                struct look look = look_at(sheet, first);
                if (!sheet_line_is_blank(sheet, first) && !is_known(sheet, walk->labels, first, &look, true))
                        return false;
        }
        return true;
}

static void walk_cell(struct walk *walk, size_t line, const struct look *look)
{
        const struct sheet *sheet = walk->sheet;
        const struct line *own = &sheet->lines[line];
        size_t cells;
        bool alone;

        if (!is_first_in_cell(sheet, line) || look->words == 0 || look->words > HEADING_WORDS)
                return;
        cells = row_cells(sheet, line);
        alone = cells == 1 && own->column == 0 && is_wide(sheet, line);
        if (cells == 1) {
                if (is_known(sheet, walk->labels, line, look, alone))
                        begin_section(walk, line, look);
                else if (is_other(sheet, walk->labels, line, look, alone))
                        begin_other(walk, line, look);
                return;
        }
        if (own->row_span <= 1 && cells <= SIDES_MAX && is_heading_row(walk, line)) {
                begin_side(walk, line, look);
                walk->sections->lines[line].heading = true;
        } else if (own->column == 0 && is_known(sheet, walk->labels, line, look, true) &&
                   (own->row_span > 1 || look->kind > SECTION_INSTITUTION)) {
                begin_row(walk, line, look);
        }
}

static void walk_paragraph(struct walk *walk, size_t line, const struct look *look)
{
        const struct sheet *sheet = walk->sheet;
        struct look before = { .person = look->person };

        if (is_known(sheet, walk->labels, line, look, false)) {
                begin_section(walk, line, look);
        } else if (is_other(sheet, walk->labels, line, look, false)) {
                begin_other(walk, line, look);
        } else { /* "Osoba do kontaktu: Ewa Nowak, tel. ..." */
                for (size_t i = look->start; i < look->end && !sheet_is_sign(sheet, i, ":"); i++)
                        if (sheet->tokens[i].kind == TOKEN_WORD)
                                look_add_word(sheet, i, &before);
                if (before.words <= HEADING_WORDS && before.words < look->words && !before.label &&
                    before.kind > SECTION_INSTITUTION)
                        walk->sections->lines[line].kind = before.kind;
        }
}

static void settle_line(const struct walk *walk, size_t line)
{
        const struct line *own = &walk->sheet->lines[line];
        struct section_line *ret = &walk->sections->lines[line];

        ret->person = walk->person;
        ret->said = walk->said || walk->row_only || walk->side_count > 0 || ret->kind != SECTION_NONE;
        if (ret->kind != SECTION_NONE)
                return;
        ret->kind = walk->row_only ? walk->row_kind : walk->kind;
        for (size_t i = 0; i < walk->side_count && own->table >= 0; i++)
                if (own->column >= walk->sides[i].column)
                        ret->kind = walk->sides[i].kind;
}

/* "Formularz zgłoszeniowy". "Proszę o potwierdzenie zgłoszenia." is an answer: it stands beside or below a label. */
static bool is_title(const struct walk *walk, size_t line, const struct look *look)
{
        const struct line *own = &walk->sheet->lines[line];

        return !walk->titled && look->words <= TITLE_WORDS && !look->open &&
               (own->table < 0 || row_cells(walk->sheet, line) == 1) &&
               !is_below_label(walk->sheet, walk->labels, line);
}

static void walk_line(struct walk *walk, size_t line)
{
        const struct line *own = &walk->sheet->lines[line];
        struct look look = look_at(walk->sheet, line);

        if (own->table != walk->table) {
                walk->side_count = 0;
                walk->row_only = false;
                if (walk->kind == SECTION_OFFICE && walk->table >= 0)
                        walk->kind = SECTION_NONE;
                walk->table = own->table;
        }
        if (ends_office(walk, line))
                walk->kind = SECTION_NONE;
        if (walk->row_only && own->row == walk->until && own->column == 0 &&
            sheet_line_is_blank(walk->sheet, line))
                walk->until++; /* an empty cell below goes on with the one above */
        walk->row_only = walk->row_only && own->row < walk->until;
        if (look.title && is_title(walk, line, &look)) {
                walk->titled = true;
                walk->sections->title = line;
                walk->kind = SECTION_NONE;
        }
        if (own->table >= 0)
                walk_cell(walk, line, &look);
        else
                walk_paragraph(walk, line, &look);
        settle_line(walk, line);
}

void sections_init(struct sections *ret_sections, const struct sheet *sheet, const struct labels *labels)
{
        struct walk walk = { .sections = ret_sections, .sheet = sheet, .labels = labels, .table = -1 };

        *ret_sections = (struct sections){ .count = sheet->line_count };
        ret_sections->lines = xcalloc(sheet->line_count + 1, sizeof *ret_sections->lines);
        for (size_t line = 0; line < sheet->line_count; line++)
                walk_line(&walk, line);
        for (size_t line = 0; line < sheet->line_count; line++) {
                struct look look = look_at(sheet, line);
                if (is_sending(sheet, labels, &look) ||
                    (ret_sections->lines[line].kind == SECTION_OFFICE &&
                        (line == 0 || ret_sections->lines[line - 1].kind != SECTION_OFFICE)))
                        mark_office(ret_sections, sheet, labels, line);
        }
}

void sections_free(struct sections *sections)
{
        free(sections->lines);
        *sections = (struct sections){ 0 };
}

bool section_is_heading(const struct sections *sections, size_t line)
{
        return line < sections->count && sections->lines[line].heading;
}
