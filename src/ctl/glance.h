/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file is made of, at first glance, and what would become of what was read in it. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "core/triage.h"

struct config;
struct intake;
struct person;

/* Whether the bytes begin as mail does: lines of a header, one of them known (RFC 5322 2.2), perhaps after an
 * mbox line. */
bool glance_is_mail(const char *bytes, size_t size);

struct glance {
        enum mail_class class;
        int event; /* index into config->events, -1 none or a tie */
        bool blank;
        const struct person **people; /* owned array of what the intake owns */
        size_t people_count;
};

/* By the decision table, as if nothing had been registered yet. A document alone: answer->mail is NULL. name:
 * the file's. only: the event that somebody chose, or -1. */
void glance_judge(const struct config *config, const struct intake *answer, const char *name, bool failed,
    int only, struct glance *ret_glance);
void glance_free(struct glance *glance);
