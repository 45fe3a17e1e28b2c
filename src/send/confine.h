/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program shuts itself in: whoever takes it over through the server's answers can neither read the store
 * or other programs' secrets, nor write or run anything, nor connect elsewhere. */
#pragma once

#include <stdbool.h>

struct err;

/* At the start: no new privileges, no core, not readable by other processes, bounds on memory and
 * descriptors. */
int confine_process(struct err *err);
/* Before the first connection: of the file system only what names and certificates need, and ca_file ("" for
 * none), to be read; TCP only to this port and to name servers, where the kernel can (Landlock ABI 4). 1:
 * done. 0: the kernel has no Landlock. */
int confine_files(const char *ca_file, int port, struct err *err);
/* The name servers' file or ca_file has been replaced since by another (DHCP and renewals do so), which this
 * process may not read: it should end and be started again. */
bool confine_is_outdated(void);
