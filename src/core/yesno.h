/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Yes and no in words that are no option: "oczywiście", "nie wiem". */
#pragma once

#include <stdbool.h>

enum yesno_word {
        YESNO_OTHER,
        YESNO_YES,
        YESNO_NO,
        YESNO_UNKNOWN /* neither, though it begins with "nie" */
};

/* What the whole answer says; YESNO_OTHER: none of the phrases known here. consent: "nie dotyczy" answers a question,
 * but refuses no consent. */
enum yesno_word yesno_read(const char *text, bool consent);
