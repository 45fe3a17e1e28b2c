/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/events.h"

#include <string.h>

#include "core/choice.h"
#include "core/document.h"
#include "core/instruction.h"
#include "core/sheet.h"
#include "core/word.h"
#include "core/wordings.h"

static void add_event(struct events *list, enum event_kind kind, int option, bool on, unsigned marks)
{
        size_t last = list->count - 1;

        if (list->count == EVENTS_MAX)
                return;
        /* "organizacja pozarządowa (NGO)" names one option twice */
        if (kind == EVENT_OPTION && list->count > 0 && list->items[last].kind == EVENT_OPTION &&
            list->items[last].option == option && !list->apart) {
                list->items[last].marks &= marks;
                return;
        }
        list->items[list->count].kind = kind;
        list->items[list->count].option = option;
        list->items[list->count].on = on;
        list->items[list->count].unclear = false;
        list->items[list->count].marks = marks;
        list->items[list->count].gap = list->gap;
        list->items[list->count].words = list->other_words;
        list->count++;
        list->apart = false;
        list->options += kind == EVENT_OPTION;
        list->boxes += kind == EVENT_BOX;
        list->crosses += kind == EVENT_CROSS;
}

static bool is_cross(const char *key)
{
        static const char *const crosses[] = { "x$", "v$", "xx$", NULL };

        return word_has_stem(key, crosses);
}

/* "xTAK", "NIEx": a cross typed right beside the option. */
static int option_of_crossed(const struct wordings *wordings, const char *key, bool *ret_lead)
{
        size_t size = strlen(key);

        for (size_t i = 0; i < wordings->count && size > 2; i++) {
                const char *word = wordings->items[i].key;

                *ret_lead = *key == 'x' && strcmp(key + 1, word) == 0;
                if (*ret_lead ||
                    (key[size - 1] == 'x' && strlen(word) == size - 1 && memcmp(key, word, size - 1) == 0))
                        return wordings->items[i].option;
        }
        return -1;
}

static void add_crossed(struct events *list, int option, unsigned marks, bool lead)
{
        if (lead)
                add_event(list, EVENT_CROSS, -1, true, 0);
        list->gap = lead ? 0 : list->gap;
        add_event(list, EVENT_OPTION, option, false, marks);
        list->gap = 0;
        if (!lead)
                add_event(list, EVENT_CROSS, -1, true, 0);
}

static void add_option(struct events *list, const struct sheet *sheet, int option, size_t at, size_t after)
{
        unsigned marks = ~0U;
        const char *key = sheet_key(sheet, at);

        for (size_t i = at; i < after; i++)
                if (sheet->tokens[i].kind == TOKEN_WORD)
                        marks &= sheet->tokens[i].marks;
        list->apart = list->apart || (list->last != NULL && strcmp(list->last, key) == 0);
        list->last = key;
        add_event(list, EVENT_OPTION, option, false, marks);
}

/* "nie wiem", "nie jestem pewna": no "nie". */
static bool is_doubt(const struct sheet *sheet, size_t token, size_t end)
{
        static const char *const no[] = { "nie$", NULL };
        static const char *const knowing[] = { "wiem$", "wiadomo$", "jestem$", "zdecydowa", "mam$", NULL };
        static const char *const sure[] = { "pewn", "zdecydowan", "pewnosci$", NULL };

        if (token + 1 >= end || !word_has_stem(sheet_key(sheet, token), no) ||
            !word_has_stem(sheet_key(sheet, token + 1), knowing))
                return false;
        if (strcmp(sheet_key(sheet, token + 1), "jestem") != 0 &&
            strcmp(sheet_key(sheet, token + 1), "mam") != 0)
                return true;
        return token + 2 < end && word_has_stem(sheet_key(sheet, token + 2), sure);
}

/* "jeśli tak, proszę podać ..." */
static bool is_condition(const struct sheet *sheet, size_t token, size_t first)
{
        static const char *const words[] = { "jesli$", "jezeli$", "gdy$", "gdyby$", "odpowiedzi$", "if$",
                NULL };

        while (token > first && sheet->tokens[token - 1].kind == TOKEN_SIGN)
                token--;
        return token > first && word_has_stem(sheet_key(sheet, token - 1), words);
}

/* "dr A. Buk": a letter of somebody's name is no option. */
static bool is_initial(const struct sheet *sheet, size_t at, size_t first, size_t end)
{
        return at > first && at + 2 < end && sheet_is_letter(sheet, at) &&
               sheet->tokens[at - 1].kind == TOKEN_WORD && sheet_is_sign(sheet, at + 1, ".") &&
               sheet->tokens[at + 1].gap == 0 && sheet->tokens[at + 2].kind == TOKEN_WORD;
}

static void collect_word(const struct wordings *wordings, bool choice, const struct sheet *sheet,
    size_t first, size_t *at, size_t end, struct events *list)
{
        static const char *const negations[] = { "nie$", "bez$", "oprocz$", "not$", "no$", NULL };
        const char *key = sheet_key(sheet, *at);
        size_t after = *at + 1;
        bool lead = false;
        int option;

        if (!is_cross(key) && is_initial(sheet, *at, first, end)) {
                list->other_words++;
        } else if (is_cross(key)) {
                add_event(list, EVENT_CROSS, -1, true, 0);
        } else if (is_doubt(sheet, *at, end)) {
                list->doubted = true;
                list->other_words += 2;
                after = *at + 2;
        } else if ((option = wordings_find(wordings, sheet, *at, end, &after)) >= 0 &&
                   is_condition(sheet, *at, first)) {
                list->other_words++;
        } else if (option >= 0) {
                add_option(list, sheet, option, *at, after);
        } else if ((option = option_of_crossed(wordings, key, &lead)) >= 0) {
                add_crossed(list, option, sheet->tokens[*at].marks, lead);
        } else if (!(sheet->tokens[*at].marks & RUN_STRIKE)) {
                list->other_words++;
                if (choice && word_has_stem(key, negations))
                        list->denied = true;
        }
        *at = after;
}

static void collect_box(const struct token *token, struct events *list)
{
        const bool doubtful = token->marks & RUN_DOUBTFUL, seen = token->marks & RUN_RECOGNISED;
        size_t count = list->count;

        add_event(list, EVENT_BOX, -1, token->on, 0);
        list->lost = list->lost || (doubtful && !seen);
        list->unclear = list->unclear || (doubtful && seen);
        if (list->count > count)
                list->items[count].unclear = doubtful && seen;
}

void events_collect(const struct wordings *wordings, bool choice, const struct sheet *sheet,
    const struct span *span, struct events *list)
{
        for (size_t i = span->first; i < span->end;) {
                const struct token *token = &sheet->tokens[i];
                size_t after = instruction_end(sheet, i, span->end);
                if (after > i) {
                        i = after;
                        continue;
                }
                list->gap = token->gap;
                if (token->kind == TOKEN_WORD) {
                        collect_word(wordings, choice, sheet, span->first, &i, span->end, list);
                        continue;
                }
                if (token->kind == TOKEN_BOX)
                        collect_box(token, list);
                else if (token->kind == TOKEN_SIGN && token->size == 2 &&
                         memcmp(token->text, "\u00d7", 2) == 0)
                        add_event(list, EVENT_CROSS, -1, true, 0);
                else if (token->kind == TOKEN_TAB || sheet_is_sign(sheet, i, "/,;|*"))
                        add_event(list, EVENT_SEPARATOR, -1, false, 0);
                list->slashes += sheet_is_sign(sheet, i, "/");
                list->apart = list->apart || sheet_is_sign(sheet, i, ")");
                i++;
        }
        add_event(list, EVENT_SEPARATOR, -1, false, 0);
}
