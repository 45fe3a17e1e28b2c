/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a child found, on its way to whoever asked (core/record.h). The child is not believed: what is too large for a
 * record, or not what it says, becomes a failure of that question. */
#pragma once

struct err;
struct finding_context;
struct question;
struct worker_answer;

/* Large things travel beside the record: pictures, models. The model of a blank form also stays in the context, for
 * the children to come. -1: the socket is broken. */
int answer_send(int sock, const struct finding_context *context, const struct question *question,
    const struct worker_answer *answer, struct err *err);
int answer_failed(int sock, const struct question *question, const char *reason, struct err *err);
