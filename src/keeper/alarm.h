/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside src/keeper only: telling the coordinator now, not only in the next digest. */
#pragma once

#include <stdbool.h>

struct keeper;

/* word and about: core/notice.h. At most once a day each; it also stands in the next digest. by_letter: letters can
 * leave. false: the store could not be written; try again later. */
bool alarm_raise(struct keeper *keeper, const char *word, const char *about, bool by_letter);
