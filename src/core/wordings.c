/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/wordings.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/fold.h"
#include "core/form.h"
#include "core/sheet.h"
#include "core/word.h"

enum { WORD_ROOM = 64 };

static const char *const yes_words[] = { "yes", "tak", "true", "potrzebuję", "chcę", "wyrażam zgodę",
        "wyrażam", "zgadzam się", "zgoda", "poproszę", "t", NULL };
static const char *const no_words[] = { "no", "nie", "false", "nie potrzebuję", "nie chcę",
        "nie wyrażam zgody", "nie wyrażam", "nie zgadzam się", "brak zgody", "odmawiam", "n", NULL };

size_t wordings_options(const struct field *field)
{
        return field->type == FIELD_CHOICE ? field->option_count : 2;
}

/* The option's value (index 0) and its labels; NULL after the last. */
const char *wordings_text(const struct field *field, size_t option, size_t index)
{
        const struct field_option *configured;

        if (field->type != FIELD_CHOICE)
                return option == 0 ? yes_words[index] : no_words[index];
        configured = &field->options[option];
        if (index == 0)
                return configured->value;
        return index - 1 < configured->labels.count ? configured->labels.items[index - 1] : NULL;
}

struct wordings wordings_of(const struct field *field)
{
        struct wordings wordings = { 0 };
        const char *words;

        for (size_t i = 0; i < wordings_options(field); i++) {
                for (size_t k = 0; (words = wordings_text(field, i, k)) != NULL; k++) {
                        if (wordings.count == wordings.room) {
                                wordings.room = wordings.room * 2 + 16;
                                wordings.items =
                                    xreallocarray(wordings.items, wordings.room, sizeof *wordings.items);
                        }
                        wordings.items[wordings.count++] = (struct wording){ (int)i, fold_key(words) };
                }
        }
        return wordings;
}

void wordings_free(struct wordings *wordings)
{
        for (size_t i = 0; i < wordings->count; i++)
                free(wordings->items[i].key);
        free(wordings->items);
}

/* Takes the next word of a folded wording; false at its end or when the word is too long to matter. */
static bool next_word(const char **key, char ret_word[WORD_ROOM])
{
        size_t size = strcspn(*key, " ");

        if (size == 0 || size >= WORD_ROOM)
                return false;
        memcpy(ret_word, *key, size);
        ret_word[size] = '\0';
        *key += size + ((*key)[size] == ' ');
        return true;
}

/* Whether the wording stands at the token, signs between its words aside: how many words count, 0 if it does
 * not. */
static double wording_at(
    const struct sheet *sheet, size_t token, size_t end, const char *key, size_t *ret_end)
{
        double worst = 1;
        size_t words = 0, at = token;
        char word[WORD_ROOM];

        for (; next_word(&key, word); words++) {
                double alike;
                while (words > 0 && at < end && sheet->tokens[at].kind == TOKEN_SIGN)
                        at++;
                alike = at < end && sheet->tokens[at].kind == TOKEN_WORD
                            ? word_alike(word, sheet_key(sheet, at))
                            : 0;
                if (alike == 0)
                        return 0;
                worst = alike < worst ? alike : worst;
                at++;
        }
        *ret_end = at;
        return *key == '\0' ? (double)words * worst : 0;
}

/* The option that begins at the token, the longest wording first; -1: none. */
int wordings_find(
    const struct wordings *wordings, const struct sheet *sheet, size_t token, size_t end, size_t *ret_end)
{
        double best = 0;
        int found = -1;

        for (size_t i = 0; i < wordings->count; i++) {
                size_t after = token;
                double words = wording_at(sheet, token, end, wordings->items[i].key, &after);
                if (words > best) {
                        best = words;
                        found = wordings->items[i].option;
                        *ret_end = after;
                }
        }
        return found;
}
