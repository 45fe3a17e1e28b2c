/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/yesno.h"

#include <stddef.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/fold.h"

static bool begins(const char *key, const char *phrase)
{
        size_t size = 0;

        while (phrase[size] != '\0' && phrase[size] == key[size])
                size++;
        return phrase[size] == '\0' && (key[size] == '\0' || key[size] == ' ');
}

static bool one_begins(const char *key, const char *const *phrases)
{
        for (; *phrases != NULL; phrases++)
                if (begins(key, *phrases))
                        return true;
        return false;
}

enum yesno_word yesno_read(const char *text, bool consent)
{
        static const char *const unknown[] = { "nie wiem", "jeszcze nie wiem", "nie jestem pewn",
                "nie jestem pewna", "nie jestem pewny", "nie jestem pewien", "nie zdecydowal", "moze",
                "byc moze", "trudno powiedziec", "tak lub nie", "do ustalenia", "i do not know",
                "i don t know", "maybe", "not sure", NULL };
        static const char *const yes[] = { "oczywiscie", "jak najbardziej", "akceptuje", "zgoda", "i agree",
                "i consent", "i accept", "jasne", "pewnie", "owszem", "of course", "sure", NULL };
        static const char *const no[] = { "nie akceptuje", "oczywiscie nie", "oczywiscie ze nie",
                "i do not agree", "i don t agree", "i do not consent", "i disagree", NULL };
        static const char *const void_phrases[] = { "nie dotyczy", "n d", "not applicable", "n a", NULL };
        CLEANUP_FREE char *key = fold_key(text);

        if (one_begins(key, unknown) || (consent && one_begins(key, void_phrases)))
                return YESNO_UNKNOWN;
        if (one_begins(key, no))
                return YESNO_NO;
        if (one_begins(key, void_phrases))
                return YESNO_NO;
        if (one_begins(key, yes) && !fold_contains(key, "nie") && !fold_contains(key, "no"))
                return YESNO_YES;
        return YESNO_OTHER;
}
