/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sentences that letters and the digest say, in Polish and English. */
#pragma once

#include <stdbool.h>

#include "core/decide.h"
#include "core/zone.h"

struct letter_about;

/* The one of the two that the language ("pl", else English) asks for. */
const char *letter_words(const char *language, const char *polish, const char *english)
    __attribute__((format_arg(2), format_arg(3)));

extern const struct zone_plural letter_words_people[2], letter_words_seats[2]; /* [0] pl, [1] en */
char *letter_words_count(int64_t n, const struct zone_plural words[2], const char *language);

const char *letter_words_status(enum status status, const char *language); /* "przyjęte": of a registration */
/* All owned; "" where there is nothing to say. */
char *letter_words_state(const struct letter_about *about);
char *letter_words_reason(const struct letter_about *about);
char *letter_words_completion(const struct letter_about *about);
