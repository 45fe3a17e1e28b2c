/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Phrases by which the reason of a bounce is known. Lists end with NULL; all as fold_key() leaves text. */
#pragma once

extern const char *const bounce_words_unknown[];
extern const char *const bounce_words_disabled[];
extern const char *const bounce_words_full[];
extern const char *const bounce_words_large[];
extern const char *const bounce_words_host[];
extern const char *const bounce_words_loop[];
extern const char *const bounce_words_slow[];
extern const char *const bounce_words_refused[];
extern const char *const bounce_words_delay[];
extern const char *const bounce_words_final[];
