/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/ditto.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/form.h"
#include "form/answer.h"

#define REPEATED 0.85 /* in the next row */
#define GUESSED 0.5

static bool is_one_of(const char *key, const char *const *all)
{
        for (; *all != NULL; all++)
                if (strcmp(key, *all) == 0)
                        return true;
        return false;
}

bool ditto_is(const char *key)
{
        static const char *const ditto[] = { "j w", "jw", "jak wyzej", "jak powyzej", "to samo", "tak samo",
                "ten sam", "ta sama", "idem", "ditto", "as above", "same as above", NULL };

        return is_one_of(key, ditto);
}

bool ditto_is_none(const char *key)
{
        static const char *const none[] = { "brak", "brak uwag", "nie dotyczy", "n d", "nd", "nie mam",
                "bez uwag", "none", "not applicable", "n a", NULL };

        return is_one_of(key, none);
}

/* The nearest answer above that says something to the same field, or NULL. */
static const struct answer *above(const struct scan *scan, const struct answer *answer)
{
        const struct answer *found = NULL;

        for (size_t i = 0; i < scan->answers.count; i++) {
                const struct answer *other = &scan->answers.items[i];

                if (other == answer || other->field != answer->field || other->value == NULL || other->weak ||
                    other->line > answer->line || ditto_is(other->raw) ||
                    (answer->person > 0 ? other->person >= answer->person : other->line == answer->line))
                        continue;
                if (found == NULL || other->person > found->person ||
                    (other->person == found->person && other->line >= found->line))
                        found = other;
        }
        return found;
}

static void repeat(const struct scan *scan, struct answer *answer, const struct answer *other)
{
        bool next = answer->person > 0 && other->person > 0 &&
                    scan->sheet.lines[answer->line].table == scan->sheet.lines[other->line].table;
        double most = next ? REPEATED : GUESSED;

        free(answer->value);
        answer->value = xstrdup(other->value);
        answer->confidence = other->confidence < most ? other->confidence : most;
}

void ditto_settle(struct scan *scan)
{
        for (size_t i = 0; i < scan->answers.count; i++) {
                struct answer *answer = &scan->answers.items[i];
                enum field_type type = scan->form->fields[answer->field].type;
                const struct answer *other;

                if (answer->raw == NULL || !ditto_is(answer->raw) || type == FIELD_CONSENT)
                        continue;
                other = type != FIELD_NAME ? above(scan, answer) : NULL;
                if (other != NULL)
                        repeat(scan, answer, other);
                else if (answer->confidence > GUESSED)
                        answer->confidence = GUESSED;
        }
}
