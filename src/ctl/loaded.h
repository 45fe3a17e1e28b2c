/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The events as the keeper last loaded them, and how the files differ from that. */
#pragma once

#include <stdbool.h>

struct ctl;
struct err;

/* In a transaction. warn: says on stderr where the files differ. */
int loaded_read(struct ctl *ctl, bool warn, struct err *err);
void loaded_free(struct ctl *ctl);
