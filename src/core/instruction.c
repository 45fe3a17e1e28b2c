/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/instruction.h"

#include "core/sheet.h"
#include "core/word.h"

enum { BRACKET_MAX = 24 };

static bool says_how(const struct sheet *sheet, size_t token)
{
        static const char *const verbs[] = { "wstaw", "zaznacz", "postaw", "wpisac$", "wpisz$", "wpisywac",
                "skresl", "przekresl", "zakresl", "podkresl", "otoczyc", "wybrac$", "wybierz$", "niepotrzebn",
                "wlasciw", "tick$", "mark$", "delete$", "circle$", "underline$", "choose$", NULL };

        return word_has_stem(sheet_key(sheet, token), verbs);
}

/* What may follow a verb without brackets: "wpisać TAK lub NIE", "wstawić znak X". */
static bool is_object(const struct sheet *sheet, size_t token)
{
        static const char *const words[] = { "tak$", "nie$", "lub$", "albo$", "x$", "znak$", "krzyzyk$",
                "yes$", "no$", "or$", NULL };

        return word_has_stem(sheet_key(sheet, token), words);
}

static bool is_verb_of_writing(const struct sheet *sheet, size_t token)
{
        static const char *const verbs[] = { "wpisac$", "wpisz$", "wstawic$", "wstaw$", "postawic$",
                "zaznaczyc$", NULL };

        return word_has_stem(sheet_key(sheet, token), verbs);
}

/* "proszę wpisać TAK lub NIE": both must be named, or a sign; "wpisać TAK" may be an answer. */
static size_t end_of_words(const struct sheet *sheet, size_t token, size_t end)
{
        static const char *const both[] = { "lub$", "albo$", "or$", "znak$", "krzyzyk$", NULL };
        static const char *const cross[] = { "x$", NULL };
        size_t at = token + 1, after = token;
        bool sound = false, joined = at < end && word_has_stem(sheet_key(sheet, at), cross);

        for (; at < end && at < token + 8 && (is_object(sheet, at) || sheet_is_sign(sheet, at, "/\""));
             at++) {
                bool links = word_has_stem(sheet_key(sheet, at), both) || sheet_is_sign(sheet, at, "/");

                if (joined && !links && sheet->tokens[at].kind == TOKEN_WORD)
                        return at + 1;
                sound = sound || links;
                joined = links;
                after = at + 1;
        }
        return sound ? after : token;
}

size_t instruction_end(const struct sheet *sheet, size_t token, size_t end)
{
        bool found = false;

        if (is_verb_of_writing(sheet, token))
                return end_of_words(sheet, token, end);
        if (!sheet_is_sign(sheet, token, "(["))
                return token;
        for (size_t i = token + 1; i < end && i < token + BRACKET_MAX; i++) {
                found = found || says_how(sheet, i);
                if (sheet_is_sign(sheet, i, "(["))
                        return token;
                if (sheet_is_sign(sheet, i, ")]"))
                        return found ? i + 1 : token;
        }
        return token;
}

size_t instruction_start(const struct sheet *sheet, size_t token, size_t first)
{
        if (!sheet_is_sign(sheet, token, ")]"))
                return token;
        for (size_t i = token; i > first && i + BRACKET_MAX > token; i--)
                if (sheet_is_sign(sheet, i - 1, "(["))
                        return instruction_end(sheet, i - 1, token + 1) == token + 1 ? i - 1 : token;
        return token;
}

bool instruction_is_in(const struct sheet *sheet, size_t first, size_t end)
{
        for (size_t i = first; i < end; i++)
                if (instruction_end(sheet, i, end) > i)
                        return true;
        return false;
}
