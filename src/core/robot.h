/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside core/robot*.c only: what robot_judge() (core/triage.h) looks at, and its three questions. Texts are
 * as fold_key() leaves them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct mail;

struct robot_view {
        const struct mail *mail;
        char *subject;           /* without "Re:" and "Fwd:" */
        bool replied, forwarded; /* it had them */
        char *own;               /* the start of the writer's own words */
        char *head;              /* the start of the text, quotes included */
        char *from_name;
        char *from, *sender, *return_path; /* parts before the @, lower case; "" */
        bool greets;                       /* own begins as people begin a letter */
        bool asks;                         /* own has a question mark */
};

/* Each: why it is one, in words for the coordinator; NULL: it is not. */
const char *robot_bounce(const struct robot_view *view);
const char *robot_automatic(const struct robot_view *view);
/* A mark that offices put on people's mail too, and nothing else. */
const char *robot_marked(const struct robot_view *view);
const char *robot_list(const struct robot_view *view);

/* It says that something could not be delivered, in a mail system's way. */
bool robot_failure(const struct robot_view *view);
bool robot_tells_failure(const struct mail *mail);

/* The value of a header begins with one of the words (fold_key()). */
bool robot_header_is(const struct mail *mail, const char *name, const char *const *words);
/* One of the phrases begins within the first bytes of the text. */
bool robot_early(const char *text, const char *const *phrases, size_t within);
