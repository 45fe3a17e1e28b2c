/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/labels.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/fold.h"
#include "core/form.h"
#include "form/label_words.h"

enum { NUMBER_MAX = 3 };

#define NO_FIELD ((size_t)-1)

static void split_words(struct label *label, const char *key)
{
        while (*key != '\0') {
                size_t size = strcspn(key, " ");
                struct label_word *word;
                label->words = xreallocarray(label->words, label->word_count + 1, sizeof *label->words);
                word = &label->words[label->word_count++];
                word->key = xstrndup(key, size);
                word->weight = label_word_is_small(word->key) ? LABELS_SMALL : 1;
                label->weight += word->weight;
                key += size + (key[size] == ' ');
        }
}

/* The text without the small raised digits of footnotes, which are no part of a word where it is read either. */
static char *without_footnotes(const char *text)
{
        static const char *const raised[] = { "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
        char *copy = xstrdup(text);

        for (size_t i = 0; i < sizeof raised / sizeof raised[0]; i++)
                for (char *at = copy; (at = strstr(at, raised[i])) != NULL;)
                        memmove(at, at + strlen(raised[i]), strlen(at + strlen(raised[i])) + 1);
        return copy;
}

static void add_label(struct labels *labels, size_t field, enum label_part part, bool own, const char *text)
{
        CLEANUP_FREE char *plain = without_footnotes(text);
        CLEANUP_FREE char *key = fold_key(plain);
        struct label *label;

        if (*key == '\0')
                return;
        if (labels->count == labels->room) {
                labels->room = labels->room * 2 + 16;
                labels->items = xreallocarray(labels->items, labels->room, sizeof *labels->items);
        }
        label = &labels->items[labels->count++];
        *label = (struct label){ .field = field, .part = part, .own = own };
        split_words(label, key);
}

/* What follows "1.", "1.2.", "7a)", "A." at the text's beginning; the text itself when nothing but that, or no number,
 * stands there. */
static const char *past_number(const char *text)
{
        const char *at = text;

        for (;;) {
                size_t size = strspn(at, "0123456789");

                size += (at[size] >= 'a' && at[size] <= 'z') || (at[size] >= 'A' && at[size] <= 'Z');
                if (size == 0 || size > NUMBER_MAX || (at[size] != '.' && at[size] != ')'))
                        break;
                at += size + 1;
        }
        return *at == ' ' && fold_has_word(at) ? at : text;
}

static bool is_asked_elsewhere(const struct form *form, size_t field, const char *text)
{
        for (size_t i = 0; i < form->count; i++)
                for (size_t k = 0; k < form->fields[i].labels.count; k++)
                        if (i != field && fold_equal(past_number(form->fields[i].labels.items[k]), text))
                                return true;
        return false;
}

/* "1. Szkoła": the number may be missing, or stand in a cell of its own; unless it tells two fields apart. */
static void add_unnumbered(struct labels *labels)
{
        const struct form *form = labels->form;

        for (size_t i = 0; i < form->count; i++)
                for (size_t k = 0; k < form->fields[i].labels.count; k++) {
                        const char *text = form->fields[i].labels.items[k], *rest = past_number(text);

                        if (rest != text && !is_asked_elsewhere(form, i, rest))
                                add_label(labels, i, LABEL_WHOLE, true, rest);
                }
}

static size_t first_of_type(const struct form *form, enum field_type type)
{
        for (size_t i = 0; i < form->count; i++)
                if (form->fields[i].type == type)
                        return i;
        return NO_FIELD;
}

void labels_init(struct labels *ret_labels, const struct form *form)
{
        *ret_labels = (struct labels){ .form = form };
        for (size_t i = 0; i < form->count; i++)
                for (size_t k = 0; k < form->fields[i].labels.count; k++)
                        add_label(ret_labels, i, LABEL_WHOLE, true, form->fields[i].labels.items[k]);
        add_unnumbered(ret_labels);
        for (const struct label_usual *usual = label_usual; usual->words != NULL; usual++) {
                size_t field = first_of_type(form, usual->type);
                if (field != NO_FIELD)
                        add_label(ret_labels, field, usual->part, false, usual->words);
        }
}

void labels_free(struct labels *labels)
{
        for (size_t i = 0; i < labels->count; i++) {
                for (size_t k = 0; k < labels->items[i].word_count; k++)
                        free(labels->items[i].words[k].key);
                free(labels->items[i].words);
        }
        free(labels->items);
        *labels = (struct labels){ 0 };
}
