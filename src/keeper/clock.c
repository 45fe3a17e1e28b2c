/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <time.h>

#include "keeper/keeper.h"

int64_t clock_now(const struct clock *clock)
{
        return (int64_t)time(NULL) + clock->offset;
}
