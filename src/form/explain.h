/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For a person who tries a form: where its labels were found, and why a field is absent or unsure. Told after the
 * fact, from what a document was found to hold. */
#pragma once

struct reading;
struct scan;

/* Fills "labels" of the reading, and "why" of its people's values. */
void explain_reading(const struct scan *scan, struct reading *reading);
