/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside src/keeper only: what is remembered of the mailbox's failures, so that the log says each thing once, a server
 * that fails at the same point again and again is treated another way, and one message that nobody can fetch does not
 * keep all later ones from being read. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct intake_line;

struct trouble {
        char *said; /* the last complaint; owned; NULL when all is well */
        int64_t said_at;
        char *marks_said; /* the same about marks */
        int64_t marks_said_at;
        int64_t online_at;     /* io_monotonic_ms(); 0: not yet */
        bool handed_over;      /* messages came in this pass */
        bool idling;           /* it was waiting with IDLE when last heard of */
        int idle_deaths;       /* connections in a row that ended soon after IDLE began */
        int mark_deaths;       /* that ended while marks were set */
        int64_t marks_hold_at; /* marks rest since then; 0: they do not */
        bool unmarkable;       /* this mailbox takes no marks */
};

void trouble_free(struct trouble *trouble);
/* fetch's "state". For an error: logged, and who is to blame is remembered in the store. */
void trouble_state(struct intake_line *line, const json_t *json);
void trouble_mailbox(struct intake_line *line, const json_t *json); /* it is open: can it take marks? */
void trouble_gone(struct intake_line *line);                        /* the connection or its program ended */
void trouble_well(struct intake_line *line);                        /* a pass was handed over whole */
/* Members of the "scan" record that follow from former failures. */
void trouble_scan(struct intake_line *line, uint32_t after, json_t *scan);
bool trouble_allows_idle(const struct intake_line *line);
bool trouble_allows_marks(struct intake_line *line);
void trouble_unmarked(struct intake_line *line, const char *detail); /* the server refused them */
