/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program shuts itself in, step by step, as its needs shrink (prctl(2), landlock(7), setrlimit(2)). Where
 * the kernel has no Landlock the steps still say so in their result; everything else failing is an error. */
#pragma once

struct err;

/* At the start: no new privileges, not dumpable, no core, no children, bounded memory and descriptors. */
int lock_process(struct err *err);
/* When the trusted certificates are read: from the file system only what resolving a name needs. Nothing can
 * be written or run. */
int lock_to_names(struct err *err);
/* When connected, before the first byte of the server: no file at all. */
int lock_all(struct err *err);
