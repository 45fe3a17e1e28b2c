/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Phrases by which machines are known, by meaning. Lists end with NULL; all as fold_key() leaves text. */
#pragma once

extern const char *const robot_words_greetings[];
extern const char *const robot_words_bounce_subjects[];
extern const char *const robot_words_bounce_subject_parts[];
extern const char *const robot_words_bounce_formulas[];
extern const char *const robot_words_bounce_texts[];
extern const char *const robot_words_returned_rules[];
extern const char *const robot_words_receipt_subjects[];
extern const char *const robot_words_receipt_texts[];
extern const char *const robot_words_complaint_subjects[];
extern const char *const robot_words_complaint_texts[];
extern const char *const robot_words_auto_subjects[];
extern const char *const robot_words_auto_subject_ends[];
extern const char *const robot_words_auto_subject_parts[];
extern const char *const robot_words_auto_formulas[];
extern const char *const robot_words_away[];
extern const char *const robot_words_back[];
extern const char *const robot_words_instead[];
extern const char *const robot_words_later[];
extern const char *const robot_words_thanks[];
extern const char *const robot_words_received[];
extern const char *const robot_words_soon[];
extern const char *const robot_words_challenge[];
