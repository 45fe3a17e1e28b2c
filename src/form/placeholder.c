/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/placeholder.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/fold.h"
#include "core/form.h"

struct phrases {
        const char *const *starts, *const *whole; /* each up to NULL */
};

static bool is_one_of(const char *key, const struct phrases *phrases)
{
        for (const char *const *whole = phrases->whole; *whole != NULL; whole++)
                if (strcmp(key, *whole) == 0)
                        return true;
        for (const char *const *start = phrases->starts; *start != NULL; start++)
                if (str_starts(key, *start))
                        return true;
        return false;
}

/* What word processors show in an empty control, and makers of forms write there. */
static bool is_prompt(const char *key)
{
        static const char *const starts[] = { "kliknij", "wybierz element", "wybierz z listy", "wybierz date",
                "click or tap", "click here", "choose an item", "choose a", "enter text", "wpisz tekst",
                "tu wpisz", "wpisz tu", "wprowadz tekst", "np ", "n p ", "e g ", "dd mm rrrr", "rrrr mm dd",
                "dd mm yyyy", "xxx", NULL };
        static const char *const whole[] = { "prosze wpisac", "prosze podac", "prosze uzupelnic",
                "prosze wypelnic", "prosze wybrac", "wpisz", "wpisac", "uzupelnij", "uzupelnic", "wypelnij",
                "podaj", NULL };

        return is_one_of(key, &(struct phrases){ starts, whole });
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

/* What stands in the column of names below the people. */
static bool is_nobody(const char *key)
{
        static const char *const starts[] = { "razem", "ogolem", "lacznie", "podpis", "lista rezerwowa",
                "data i podpis", "liczba ", "miejsce na podpis", NULL };
        static const char *const whole[] = { "wakat", "vacat", "suma", "suma osob", "rezerwa", "rezerwowi",
                "rezerwowy", "rezerwowa", NULL };

        return is_one_of(key, &(struct phrases){ starts, whole }) ||
               strspn(key, "0123456789 ") == strlen(key);
}

bool placeholder_is(const struct field *field, const char *text)
{
        CLEANUP_FREE char *key = fold_key(text);

        if (is_prompt(key) || is_hint(text) || (field->type == FIELD_NAME && is_nobody(key)))
                return true;
        for (size_t i = 0; i < field->labels.count; i++) {
                CLEANUP_FREE char *label = fold_key(field->labels.items[i]);
                if (strcmp(label, key) == 0)
                        return true;
        }
        return false;
}

/* The bytes of the text that are the prompt; a line's end is as good as a blank. */
static size_t prompt_size(const char *text, const char *prompt)
{
        size_t size = 0;

        for (; prompt[size] != '\0'; size++)
                if (text[size] != prompt[size] && !(text[size] == '\n' && prompt[size] == ' ') &&
                    !(size == 0 && (text[0] | 0x20) == (prompt[0] | 0x20)))
                        return 0;
        return size + (text[size] == '.');
}

void placeholder_take_off(char *text)
{
        static const char *const prompts[] = { "Kliknij lub naciśnij tutaj, aby wprowadzić tekst",
                "Kliknij lub naciśnij, aby wprowadzić tekst", "Kliknij tutaj, aby wprowadzić tekst",
                "Kliknij, aby wprowadzić tekst", "Kliknij lub naciśnij, aby wprowadzić datę",
                "Kliknij tutaj, aby wprowadzić datę", "Wybierz element", "Click or tap here to enter text",
                "Click here to enter text", "Click or tap to enter a date", "Choose an item" };

        for (size_t i = 0; i < sizeof prompts / sizeof prompts[0]; i++) {
                size_t size = strlen(text), front = prompt_size(text, prompts[i]), back;

                if (front == size)
                        return;
                if (front > 0)
                        memmove(text, text + front, size - front + 1);
                size -= front;
                for (back = strlen(prompts[i]) + 1; back >= strlen(prompts[i]); back--)
                        if (size > back && strchr(" \n", text[size - back - 1]) != NULL &&
                            prompt_size(text + size - back, prompts[i]) == back)
                                text[size -= back] = '\0';
                while (size > 0 && strchr(" \n", text[size - 1]) != NULL)
                        text[--size] = '\0';
                front = strspn(text, " \n");
                memmove(text, text + front, size - front + 1);
        }
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
