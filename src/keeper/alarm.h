/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside src/keeper only: telling the coordinator now, not only in the next digest. */
#pragma once

#include <stdbool.h>

struct keeper;

enum alarm_way {
        ALARM_NOTE,   /* for the next digest only: nothing else works */
        ALARM_INBOX,  /* letters cannot leave, but one can be put into her mailbox */
        ALARM_LETTER, /* by letter */
};

/* word and about: core/notice.h. By letter at most once a day each. false: the store could not be written; try again
 * later. */
bool alarm_raise(struct keeper *keeper, const char *word, const char *about, enum alarm_way way);
/* What became of the letter that was put into the mailbox; trouble: NULL when it is there. */
void alarm_put(struct keeper *keeper, const char *trouble);
