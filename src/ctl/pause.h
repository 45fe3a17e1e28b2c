/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holding all letters, and letting them go: in a transaction. "zapisyctl outbox pause" says the same. */
#pragma once

struct ctl;
struct err;

int pause_letters(struct ctl *ctl, struct err *err);
int pause_resume(struct ctl *ctl, struct err *err);
