/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where an answer in running text ends. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/choice.h"

struct scan;

enum { STOPS_SPANS_MAX = 64 };

struct stops_doubt {
        bool late;    /* the answer stands after an empty line, so it may be something else */
        bool guessed; /* nothing tells whether its last line is a part of it */
};

/* The lines of the answer that begins at token first and cannot reach past limit; at most STOPS_SPANS_MAX. */
size_t stops_collect(const struct scan *scan, size_t field, bool numbered, size_t first, size_t limit,
    struct span *ret_spans, struct stops_doubt *ret_doubt);
/* Whether the line says what people and forms say after the answers: greetings, footnotes, addresses to send
 * to. */
bool stops_is_boilerplate(const struct scan *scan, size_t line);
/* Whether the line is the "Pozdrawiam" before a signature. */
bool stops_is_greeting(const struct scan *scan, size_t line);
