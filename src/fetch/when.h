/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INTERNALDATE to an instant (RFC 9051 2.3.3, date-time in its section 9). */
#pragma once

#include <stdint.h>

/* As the server wrote it: month 1 to 12, zone the four digits as a signed number ("+0130" is 130). A leap
 * second is the second after it. */
struct when {
        int year, month, day, hour, minute, second, zone;
};

/* 0, or -1 when a part is out of its range. Seconds since the epoch, UTC. */
int when_instant(const struct when *when, int64_t *ret_instant);
