/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing out what is kept of a registration: its mail, and the pages of a scan beside what was read in them. */
#pragma once

struct ctl;
struct err;
struct story;

/* The mail as it came into file ("-": standard output). Of a scan also FILE-1.png, ..., and FILE.html. */
int keep_write(struct ctl *ctl, const struct story *story, const char *file, struct err *err);
