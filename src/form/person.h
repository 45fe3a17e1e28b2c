/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From answers in document order to people: whose answer is whose, which is believed when there are two. */
#pragma once

struct scan;
struct reading;

/* Fills people, form and blank of the reading (empty before). Sorts the scan's answers. */
void person_assemble(struct scan *scan, struct reading *reading);
