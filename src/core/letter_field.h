/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields of a form as people read them in letters. */
#pragma once

struct buf;
struct event;
struct person;

/* The first label, without a colon at its end; owned. */
char *letter_field_label(const struct event *event, const char *key);
/* Value of that key, NULL when absent (also without a person); borrowed. */
const char *letter_field_value(const struct event *event, const struct person *person, const char *key);
const char *letter_field_name(
    const struct event *event, const struct person *person); /* the person's name, or "" */
void letter_field_add(
    struct buf *out, const char *indent, const char *label, const char *text); /* one "Label: text\n" */
void letter_field_add_all(
    struct buf *out, const char *indent, const struct event *event, const struct person *person);
