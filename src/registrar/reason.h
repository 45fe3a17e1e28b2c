/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside src/registrar only: the one line that zapisyctl mail and review tell of a mail that is kept. */
#pragma once

struct intake;

/* What became of it and why, what of it could not be read, and whose mail it sends on. The caller's. */
char *reason_of(const struct intake *intake, const char *verdict);
