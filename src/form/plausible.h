/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far an answer looks like what its field asks for. */
#pragma once

struct field;
struct form;

/* 0..1: text is what stands there, value its written form (field_normalise()). */
double plausible_value(
    const struct form *form, const struct field *field, const char *text, const char *value);
