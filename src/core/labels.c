/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/labels.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/fold.h"
#include "core/form.h"
#include "core/label_words.h"

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

static void add_label(struct labels *labels, size_t field, enum label_part part, bool own, const char *text)
{
        CLEANUP_FREE char *key = fold_key(text);
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
