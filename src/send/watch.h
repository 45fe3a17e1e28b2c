/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that others replace by a new one while we run (DHCP, renewed certificates): is it still the same? */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct watch {
        const char *path; /* borrowed */
        dev_t device;
        ino_t inode;
};

struct watch watch_file(const char *path); /* which need not be there */
/* Another file, none where one was, or one where none was. */
bool watch_is_outdated(const struct watch *watch);
