/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/placeholder.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/fold.h"
#include "core/form.h"

/* What word processors show in an empty control, and makers of forms write there. */
static bool is_prompt(const char *key)
{
        static const char *const starts[] = { "kliknij", "wybierz element", "wybierz z listy", "wybierz date",
                "click or tap", "click here", "choose an item", "choose a", "enter text", "wpisz tekst",
                "tu wpisz", "wpisz tu", "wprowadz tekst", "np ", "n p ", "e g ", "dd mm rrrr", "rrrr mm dd",
                "dd mm yyyy", "xxx" };
        static const char *const whole[] = { "prosze wpisac", "prosze podac", "prosze uzupelnic",
                "prosze wypelnic", "prosze wybrac", "wpisz", "wpisac", "uzupelnij", "uzupelnic", "wypelnij",
                "podaj" };

        for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
                if (strcmp(key, whole[i]) == 0)
                        return true;
        for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
                if (str_starts(key, starts[i]))
                        return true;
        return false;
}

/* "(pełna nazwa)": a hint to the end, without anything that a person would have had to know. */
static bool is_hint(const char *text)
{
        static const char open[] = "([{<", close[] = ")]}>";
        size_t size = strlen(text);
        const char *sign = *text != '\0' ? strchr(open, *text) : NULL;

        return sign != NULL && size > 1 && strchr(text, close[sign - open]) == text + size - 1 &&
               strpbrk(text, "0123456789@") == NULL;
}

bool placeholder_is(const struct field *field, const char *text)
{
        CLEANUP_FREE char *key = fold_key(text);

        if (is_prompt(key) || is_hint(text))
                return true;
        for (size_t i = 0; i < field->labels.count; i++) {
                CLEANUP_FREE char *label = fold_key(field->labels.items[i]);
                if (strcmp(label, key) == 0)
                        return true;
        }
        return false;
}

const char *placeholder_past_address(const char *text)
{
        static const char *const words[] = { "Pan(i)", "Pan(ni)", "Pani", "Pan", "p." };
        const char *at = text;
        bool printed = false, addressed = false;

        for (;;) {
                size_t size = strspn(at, " /*"), i = 0;

                printed = printed || strcspn(at, "/*") < size;
                at += size;
                while (
                    i < sizeof words / sizeof words[0] && (strncasecmp(at, words[i], strlen(words[i])) != 0 ||
                                                              strchr(" /*", at[strlen(words[i])]) == NULL))
                        i++;
                if (i == sizeof words / sizeof words[0])
                        return printed && addressed ? at : text;
                printed = printed || strchr(words[i], '(') != NULL;
                addressed = true;
                at += strlen(words[i]);
        }
}
