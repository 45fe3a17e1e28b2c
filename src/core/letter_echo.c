/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A letter of ours that comes back without quote marks would be read as a form, since it lists what was read. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/fold.h"
#include "core/letter.h"
#include "core/letter_template.h"
#include "core/phrase.h"

enum { SENTENCE = 30 }; /* bytes, folded: shorter ones anybody may write */

static bool stands_in(struct buf *words, const char *folded)
{
        CLEANUP_FREE char *key = fold_key(words->data ? buf_text(words) : "");
        const char *phrases[] = { key, NULL };

        buf_truncate(words, 0);
        return strlen(key) >= SENTENCE && phrase_in(folded, phrases);
}

/* A sentence is what stands between places and empty lines, over line ends. */
size_t letter_sentences_in(const struct letter_template *template, const char *folded)
{
        struct buf words = BUF_INIT(LIMIT_TEMPLATE + 1);
        size_t found = 0;

        for (size_t i = 1; i < template->count; i++) {
                const struct letter_line *line = &template->lines[i];

                for (size_t k = 0; k < line->count; k++) {
                        const struct letter_piece *piece = &line->pieces[k];

                        buf_puts(&words, piece->text);
                        if (piece->place >= 0 || (line->count == 1 && !*piece->text))
                                found += stands_in(&words, folded);
                }
                buf_putc(&words, '\n');
        }
        found += stands_in(&words, folded);
        buf_free(&words);
        return found;
}
