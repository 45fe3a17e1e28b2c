/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside zapisyctl read only: one file that was read, and telling about it. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/str.h"
#include "ctl/glance.h"
#include "registrar/registrar.h"

struct ctl;

/* One file on its way. */
struct attempt {
        const char *file;
        struct intake answer;
        struct str_list problems;
        struct glance glance;
        json_t *models; /* an array, or NULL: not asked for */
        bool failed;    /* it could not be read, or only in part */
};

void read_say_json(struct ctl *ctl, const struct attempt *a);
void read_say_text(struct ctl *ctl, const struct attempt *a);
