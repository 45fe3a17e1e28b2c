/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which answers are the participant's: the sections of the form decide. */
#pragma once

struct scan;

/* Takes away the answers of a guardian, a payer, a superior or the organiser where the participant is asked the same;
 * what only an institution or another person is asked stays, the latter as unsure. Sets the person of answers in
 * numbered sections. */
void whose_settle(struct scan *scan);
/* Below "Dane instytucji" the word "Nazwa" asks for the organisation: adds those answers. */
void whose_find_institution(struct scan *scan);
