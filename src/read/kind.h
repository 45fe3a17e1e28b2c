/* SPDX-License-Identifier: GPL-3.0-or-later */
/* File formats that are only known by name, so that a person is told what they got and may ask for something better. */
#pragma once

#include <stddef.h>

struct ole;

/* By the first bytes: words for a person, static; NULL for others. */
const char *kind_of(const char *bytes, size_t size);
/* A compound file that no form is read from. */
const char *kind_of_ole(const struct ole *ole);
