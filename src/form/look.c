/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/look.h"

#include <string.h>

#include "core/document.h"
#include "core/sheet.h"
#include "form/label.h"
#include "form/section_words.h"

enum { OFFICE_WORDS = 3 };

static bool is_upper(const struct token *token)
{
        for (size_t i = 0; i < token->size; i++)
                if (token->text[i] >= 'a' && token->text[i] <= 'z')
                        return false;
        return true;
}

/* "II.", "A.": numbers of sections; those of questions and lists are arabic or small. */
static bool is_counted(const struct sheet *sheet, size_t first, size_t start)
{
        static const char roman[] = "ivx";
        const char *key = first < start ? sheet_key(sheet, first) : "";

        return *key != '\0' && is_upper(&sheet->tokens[first]) &&
               (strspn(key, roman) == strlen(key) || (key[1] == '\0' && *key >= 'a'));
}

void look_add_word(const struct sheet *sheet, size_t token, struct look *look)
{
        const char *key = sheet_key(sheet, token);
        enum section_kind kind;

        look->words++;
        look->bold = look->bold && (sheet->tokens[token].marks & (RUN_BOLD | RUN_UNDERLINE));
        look->capitals = look->capitals && is_upper(&sheet->tokens[token]);
        look->digits = look->digits || strpbrk(key, "0123456789") != NULL;
        look->label = look->label || section_word_is_label(key);
        look->training = look->training || section_word_is_training(key);
        look->title = look->title || section_word_is_title(key);
        look->ordinal = look->ordinal > 0 ? look->ordinal : section_word_ordinal(key);
        kind = section_word_kind(key, look->person);
        look->kinds += kind != SECTION_NONE;
        if (look->kind == SECTION_NONE || (look->kind == SECTION_INSTITUTION && kind == SECTION_PAYER) ||
            kind == SECTION_OFFICE)
                look->kind = kind;
}

static bool begins_office(const struct sheet *sheet, const struct look *look)
{
        const char *first = sheet_key(sheet, look->start);
        enum section_kind kind = section_word_kind(first, true);

        return look->data || kind == SECTION_OFFICE || kind == SECTION_CONTACT ||
               section_word_is_for_office(first);
}

struct look look_at(const struct sheet *sheet, size_t line)
{
        size_t first = sheet->lines[line].first, end = first + sheet->lines[line].count;
        struct look look = { .bold = true, .capitals = true, .end = end };

        look.start = label_skip_number(sheet, first, end, NULL);
        look.counted = is_counted(sheet, first, look.start);
        look.numbered = look.start > first;
        for (size_t i = look.start; i < end; i++)
                look.person = look.person || section_word_is_person(sheet_key(sheet, i));
        for (size_t i = look.start; i < end; i++) {
                const struct token *token = &sheet->tokens[i];
                if (token->kind == TOKEN_WORD)
                        look_add_word(sheet, i, &look);
                else if (token->kind != TOKEN_SIGN || (sheet_is_sign(sheet, i, ":@?") && i + 1 < end))
                        look.open = true;
        }
        look.upper = look.start < end && sheet->tokens[look.start].size > 0 &&
                     !(*sheet->tokens[look.start].text >= 'a' && *sheet->tokens[look.start].text <= 'z');
        look.lead = look.start < end && section_word_is_person(sheet_key(sheet, look.start));
        look.colon = end > look.start && sheet_is_sign(sheet, end - 1, ":");
        look.data = look.words > 0 && (strcmp(sheet_key(sheet, look.start), "dane") == 0 ||
                                          strcmp(sheet_key(sheet, look.start), "informacje") == 0);
        if (look.training && !look.data && !look.lead &&
            (look.kind == SECTION_CONTACT || look.kind == SECTION_GUARDIAN))
                look.kind = SECTION_NONE; /* "Szkolenie dla dyrektorów" */
        if (look.kind == SECTION_OFFICE && !look.person && !begins_office(sheet, &look))
                look.kind = SECTION_NONE; /* "Znam regulamin organizatora" */
        if (look.kind == SECTION_NONE && look.words <= OFFICE_WORDS && look.start < end &&
            strcmp(sheet_key(sheet, look.start), "biuro") == 0 && look.training)
                look.kind = SECTION_OFFICE; /* "Biuro projektu" */
        if (look.person && look.kind == SECTION_NONE && look.ordinal > 0)
                look.kind = SECTION_PERSON; /* "Osoba nr 3" */
        return look;
}
