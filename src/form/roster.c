/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/roster.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "core/email.h"
#include "core/fold.h"
#include "core/form.h"
#include "core/phone.h"
#include "core/word.h"
#include "form/answer.h"
#include "form/fullname.h"
#include "form/section.h"
#include "form/stops.h"

enum { ENTRIES_MAX = 4 * LIMIT_PEOPLE, PARTS_MAX = 16, INTRODUCTION_WORDS = 14, BLANKS_MAX = 2 };

#define LISTED 0.85  /* a name in a list */
#define POSITION 0.7 /* what stands beside it */

/* ---- one entry of a list */

struct entry {
        char *name, *phone, *email, *rest; /* owned */
        bool clear;                        /* the e-mail */
        bool marked;                       /* numbered, with a bullet, or an item of a list */
        size_t line;
};

static void entry_free(struct entry *entry)
{
        free(entry->name);
        free(entry->phone);
        free(entry->email);
        free(entry->rest);
        *entry = (struct entry){ 0 };
}

/* Where the name ends: at a sign between parts, at digits, or at a word with "@" or an introduction ("tel"). */
static size_t name_size(const char *text)
{
        static const char *const between[] = { ",", ";", "(", ":", " - ", " \u2013 ", " \u2014 ", "\t",
                " tel", " kom", " e-mail", " email", " mail", " +" };
        size_t size = strlen(text), digits = strcspn(text, "0123456789");
        const char *sign = strchr(text, '@');

        size = digits < size ? digits : size;
        for (size_t i = 0; i < sizeof between / sizeof between[0]; i++) {
                const char *found = strstr(text, between[i]);
                if (found != NULL && (size_t)(found - text) < size)
                        size = (size_t)(found - text);
        }
        if (sign != NULL && (size_t)(sign - text) < size) {
                size = (size_t)(sign - text);
                while (size > 0 && text[size - 1] != ' ')
                        size--;
        }
        return size;
}

/* "e-mail:" before the address, which is a part of its own */
static bool is_introduction(const char *text)
{
        static const char *const words[] = { "e$", "mail", "email", "tel", "kom$", "adres$", "nr$", NULL };
        CLEANUP_FREE char *key = fold_key(text);

        key[strcspn(key, " ")] = '\0';
        return word_has_stem(key, words);
}

static void take_part(struct entry *entry, char *part)
{
        CLEANUP_FREE char *plain = fold_spaces(part + strspn(part, " .:-\t("));

        if (!fold_has_word(plain))
                return;
        if (strchr(plain, '@') != NULL && entry->email == NULL)
                entry->email = email_normalise(plain, &entry->clear);
        else if (strpbrk(plain, "0123456789") != NULL && entry->phone == NULL)
                entry->phone = phone_normalise(plain);
        else if (strpbrk(plain, "0123456789@") == NULL && entry->rest == NULL && !is_introduction(plain))
                entry->rest = xstrdup(plain);
}

/* Dashes between blanks part an entry, and the blank before an address: "600 100 200 jan@gmina.pl". */
static void split_entry(char *text)
{
        static const char *const dashes[] = { " - ", " \u2013 ", " \u2014 " };
        char *sign = strchr(text, '@');

        for (size_t i = 0; i < sizeof dashes / sizeof dashes[0]; i++)
                for (char *found = strstr(text, dashes[i]); found != NULL; found = strstr(found, dashes[i])) {
                        memset(found, ' ', strlen(dashes[i]));
                        *found = ';';
                }

        if (sign == NULL)
                return;
        while (sign > text && sign[-1] != ' ')
                sign--;
        if (sign > text)
                sign[-1] = ';';
}

/* "I. INFORMACJE OGÓLNE": people are numbered otherwise; and what the blank form has is nobody. */
static bool is_chapter(const struct scan *scan, size_t line)
{
        const struct line *own = &scan->sheet.lines[line];
        const char *key = own->count > 0 ? sheet_key(&scan->sheet, own->first) : "";

        return stops_is_boilerplate(scan, line) ||
               (*key != '\0' && strspn(key, "ivx") == strlen(key) && own->count > 1 &&
                   sheet_is_sign(&scan->sheet, own->first + 1, ".)"));
}

static bool read_entry(const struct scan *scan, size_t line, struct entry *ret_entry)
{
        const struct sheet *sheet = &scan->sheet;
        size_t first = sheet->lines[line].first, end = first + sheet->lines[line].count, start;
        struct buf out = BUF_INIT(LIMIT_FIELD_VALUE * 2);
        char *save = NULL;
        bool numbered;
        size_t size;

        start = label_skip_number(sheet, first, end, &numbered);
        *ret_entry = (struct entry){ .line = line,
                .marked = numbered || start > first ||
                          sheet->document->blocks[sheet->lines[line].block].kind == DOCUMENT_ITEM };
        sheet_text(sheet, start, end, &out);
        CLEANUP_FREE char *text = xstrdup(buf_text(&out));
        buf_free(&out);
        size = name_size(text);
        if (is_chapter(scan, line))
                return false;
        CLEANUP_FREE char *name = xstrndup(text, size);
        CLEANUP_FREE char *folded = fold_spaces(name);
        if (!fullname_is(folded))
                return false;
        ret_entry->name = xstrdup(folded);
        split_entry(text + size);
        for (char *part = strtok_r(text + size, ",;()", &save); part != NULL;
             part = strtok_r(NULL, ",;()", &save))
                take_part(ret_entry, part);
        return true;
}

/* ---- adding them */

static size_t field_of(const struct form *form, enum field_type type)
{
        for (size_t i = 0; i < form->count; i++)
                if (form->fields[i].type == type)
                        return i;
        return LABEL_NONE;
}

/* What the form calls "Stanowisko" or "Funkcja". */
static size_t position_of(const struct form *form)
{
        for (size_t i = 0; i < form->count; i++)
                for (size_t k = 0; form->fields[i].type == FIELD_TEXT && k < form->fields[i].labels.count;
                     k++) {
                        CLEANUP_FREE char *key = fold_key(form->fields[i].labels.items[k]);
                        if (strstr(key, "stanowisk") != NULL || strstr(key, "funkcj") != NULL ||
                            strstr(key, "position") != NULL)
                                return i;
                }
        return LABEL_NONE;
}

static void add(struct scan *scan, size_t field, const char *text, double confidence, size_t line)
{
        struct answer answer = {
                .field = field, .confidence = confidence, .line = line, .person = scan->people
        };

        if (field == LABEL_NONE || text == NULL ||
            field_normalise(&scan->form->fields[field], text, &answer.value) < 0)
                return;
        answer.raw = fold_key(text);
        answer_append_take(scan, &answer);
}

static void add_entry(struct scan *scan, const struct entry *entry)
{
        const struct form *form = scan->form;

        scan->people++;
        add(scan, field_of(form, FIELD_NAME), entry->name, LISTED, entry->line);
        add(scan, field_of(form, FIELD_PHONE), entry->phone, LISTED, entry->line);
        add(scan, field_of(form, FIELD_EMAIL), entry->email, entry->clear ? LISTED : POSITION, entry->line);
        add(scan, position_of(form), entry->rest, POSITION, entry->line);
}

void roster_forget(struct scan *scan, size_t first, size_t end, size_t field)
{
        struct answers *answers = &scan->answers;
        size_t kept = 0;

        for (size_t i = 0; i < answers->count; i++) {
                if (answers->items[i].line >= first && answers->items[i].line < end &&
                    (field == LABEL_NONE || answers->items[i].field == field)) {
                        free(answers->items[i].raw);
                        free(answers->items[i].value);
                } else {
                        answers->items[kept++] = answers->items[i];
                }
        }
        answers->count = kept;
}

/* ---- lists of lines */

static bool is_ours(const struct scan *scan, size_t line)
{
        enum section_kind kind = scan->sections.lines[line].kind;

        return kind == SECTION_NONE || kind == SECTION_PERSON;
}

/* A cell at the left, and a numbered line beside it. */
static bool is_beside_list(const struct sheet *sheet, size_t line)
{
        const struct line *own = &sheet->lines[line], *next = own + 1;
        bool numbered;

        if (own->table < 0 || own->column != 0 || line + 1 >= sheet->line_count ||
            next->table != own->table || next->row != own->row || next->column == 0)
                return false;
        label_skip_number(sheet, next->first, next->first + next->count, &numbered);
        return numbered;
}

/* "Uczestnicy:", "Zgłaszam następujące osoby:", a heading that speaks of participants, a name's label alone. */
static bool introduces(const struct scan *scan, size_t line)
{
        static const char *const people[] = { "uczestni", "osob", "zglasz", "zglosz", "pracowni",
                "participant", "lista$", "nazwisk", NULL };
        const struct sheet *sheet = &scan->sheet;
        size_t first = sheet->lines[line].first, end = first + sheet->lines[line].count, words = 0;
        bool said = false;

        if (!is_ours(scan, line))
                return false;
        for (size_t i = first; i < end; i++) {
                words += sheet->tokens[i].kind == TOKEN_WORD;
                said = said || word_has_stem(sheet_key(sheet, i), people);
        }
        return said && words <= INTRODUCTION_WORDS &&
               (section_is_heading(&scan->sections, line) || sheet_is_sign(sheet, end - 1, ":") ||
                   is_beside_list(sheet, line));
}

/* "3. ..........": an entry that nobody filled in. */
static bool is_empty_entry(const struct scan *scan, size_t line)
{
        const struct sheet *sheet = &scan->sheet;
        size_t first = sheet->lines[line].first, end = first + sheet->lines[line].count;
        bool numbered;
        size_t start = label_skip_number(sheet, first, end, &numbered);

        return !sheet_has_content(sheet, start, end);
}

/* Names without a number are believed when there are several, or with a telephone or an address. */
static bool is_list(const struct entry *entries, size_t count)
{
        bool all = count > 0;

        for (size_t i = 0; i < count; i++)
                all = all && (entries[i].marked || entries[i].phone != NULL || entries[i].email != NULL ||
                                 count > 1);
        return all;
}

/* Whether a name was read outside of lines [first, end): then a list is of others. */
static bool is_named(const struct scan *scan, size_t first, size_t end)
{
        for (size_t i = 0; i < scan->answers.count; i++) {
                const struct answer *answer = &scan->answers.items[i];
                if (scan->form->fields[answer->field].type == FIELD_NAME && answer->value != NULL &&
                    is_ours(scan, answer->line) && (answer->line < first || answer->line >= end))
                        return true;
        }
        return false;
}

/* Its people were read already, by the labels in their lines. */
static bool is_read(const struct scan *scan, size_t line)
{
        for (size_t i = 0; i < scan->answers.count; i++)
                if (scan->answers.items[i].person > 0 && scan->answers.items[i].line == line)
                        return true;
        return false;
}

static size_t read_list(struct scan *scan, size_t line)
{
        struct entry entries[ENTRIES_MAX];
        size_t count = 0, blanks = 0, last = line + 1, end = last;

        while (last < scan->sheet.line_count && count < ENTRIES_MAX && blanks <= BLANKS_MAX &&
               scan->sheet.lines[last].table == scan->sheet.lines[line].table) {
                if (is_read(scan, last))
                        break;
                if (is_empty_entry(scan, last)) {
                        blanks +=
                            sheet_line_is_blank(&scan->sheet, last) && scan->sheet.lines[last].count == 0;
                } else if (read_entry(scan, last, &entries[count])) {
                        count++;
                        blanks = 0;
                        end = last + 1;
                } else {
                        break;
                }
                last++;
        }
        if (is_list(entries, count) && !is_named(scan, line, end)) {
                roster_forget(scan, line, end, LABEL_NONE);
                for (size_t i = 0; i < count; i++)
                        add_entry(scan, &entries[i]);
        } else {
                end = line + 1;
        }
        for (size_t i = 0; i < count; i++)
                entry_free(&entries[i]);
        return end;
}

/* ---- several names in one answer */

static size_t cut(char *text, char *ret_parts[PARTS_MAX])
{
        static const char *const words[] = { " i ", " oraz ", " and ", " & " };
        char *save = NULL;
        size_t count = 0;

        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                for (char *found = strstr(text, words[i]); found != NULL; found = strstr(found, words[i])) {
                        memset(found, ' ', strlen(words[i]));
                        *found = '\n';
                }
        for (char *part = strtok_r(text, "\n,;", &save); part != NULL && count < PARTS_MAX;
             part = strtok_r(NULL, "\n,;", &save)) {
                part += strspn(part, " \t");
                size_t digits = strspn(part, "0123456789");
                if (digits > 0 && (part[digits] == '.' || part[digits] == ')'))
                        part += digits + 1;
                part += strspn(part, " -\u2022\t");
                if (fold_has_word(part))
                        ret_parts[count++] = part;
        }
        return count;
}

static char *text_of(const struct scan *scan, const struct span *span)
{
        const struct sheet *sheet = &scan->sheet;
        struct buf out = BUF_INIT(LIMIT_FIELD_VALUE * 4);
        size_t at = span->first;

        while (at < span->end) {
                size_t line = sheet_line_of(sheet, at),
                       end = sheet->lines[line].first + sheet->lines[line].count;
                end = end < span->end ? end : span->end;
                sheet_text(sheet, at, end, &out);
                buf_putc(&out, '\n');
                if (end <= at)
                        break;
                at = end;
        }
        buf_puts(&out, "");
        return buf_detach(&out, NULL);
}

/* All parts are names: a person each. */
static void split_answer(struct scan *scan, size_t index)
{
        struct span span = scan->answers.items[index].text;
        size_t line = scan->answers.items[index].line, count;
        CLEANUP_FREE char *text = text_of(scan, &span);
        char *parts[PARTS_MAX];

        count = cut(text, parts);
        if (count < 2)
                return;
        for (size_t i = 0; i < count; i++)
                if (!fullname_is(parts[i]))
                        return;
        roster_forget(scan, line, line + 1, field_of(scan->form, FIELD_NAME));
        for (size_t i = 0; i < count; i++) {
                scan->people++;
                add(scan, field_of(scan->form, FIELD_NAME), parts[i], LISTED, line);
        }
}

/* "Uczestnik: Jan Kowalski", where no name is asked otherwise. */
static void read_inline(struct scan *scan, size_t line)
{
        static const char *const people[] = { "uczestni", "kandydat", "participant", NULL };
        const struct sheet *sheet = &scan->sheet;
        size_t first = sheet->lines[line].first, end = first + sheet->lines[line].count;
        size_t at = label_skip_number(sheet, first, end, NULL), count;
        char *parts[PARTS_MAX];

        if (at + 2 >= end || !word_has_stem(sheet_key(sheet, at), people) ||
            !sheet_is_sign(sheet, at + 1, ":") || !is_ours(scan, line))
                return;
        CLEANUP_FREE char *text = text_of(scan, &(struct span){ at + 2, end });
        count = cut(text, parts);
        for (size_t i = 0; i < count; i++)
                if (!fullname_is(parts[i]))
                        return;
        for (size_t i = 0; i < count; i++) {
                scan->people += count > 1;
                add(scan, field_of(scan->form, FIELD_NAME), parts[i], LISTED, line);
                if (count == 1)
                        scan->answers.items[scan->answers.count - 1].person = 0;
        }
}

static bool asks_name(const struct scan *scan)
{
        for (size_t i = 0; i < scan->answers.count; i++)
                if (scan->form->fields[scan->answers.items[i].field].type == FIELD_NAME)
                        return true;
        return false;
}

static void split_names(struct scan *scan)
{
        size_t only = LABEL_NONE, names = 0;

        for (size_t i = 0; i < scan->answers.count; i++) {
                const struct answer *answer = &scan->answers.items[i];
                if (scan->form->fields[answer->field].type != FIELD_NAME || answer->value == NULL ||
                    !is_ours(scan, answer->line))
                        continue;
                names++;
                only = i;
        }
        if (names == 1 && scan->answers.items[only].person == 0 &&
            scan->answers.items[only].part == LABEL_WHOLE)
                split_answer(scan, only);
}

void roster_scan(struct scan *scan)
{
        if (field_of(scan->form, FIELD_NAME) == LABEL_NONE)
                return;
        for (size_t line = 0; line + 1 < scan->sheet.line_count;)
                line = introduces(scan, line) ? read_list(scan, line) : line + 1;
        for (size_t line = 0; line < scan->sheet.line_count && !asks_name(scan); line++)
                read_inline(scan, line);
        split_names(scan);
}
