/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking zapisy-read one thing at a time and waiting for the answer (core/record.h). What it says is checked
 * like anything that comes in. */
#pragma once

#include <jansson.h>
#include <stddef.h>

#include "base/str.h"

struct config;
struct err;
struct intake;
struct reader;

/* Starts the program that stands beside this one, or in ../libexec/zapisyd; tells it the limits, the events
 * and their blank forms. */
int reader_open(const struct config *config, struct reader **ret_reader, struct err *err);
void reader_close(struct reader *reader); /* NULL is legal */
/* From now on also the models of what is read (core/model.h), as they are found, are put into the array, which is
 * borrowed; NULL: no more. They are JSON that has not been checked. */
void reader_collect(struct reader *reader, json_t *models);

/* What is found is added to answer (event: index into config->events) and to problems. 0; 1 when it could not
 * be read, which is said in problems; -1 when the reader itself is gone: close it and open another. */
int reader_message(struct reader *reader, const void *bytes, size_t size, struct intake *answer,
    struct str_list *problems, struct err *err);
struct mail;

/* Which document: part of the mail in bytes; -1: bytes are a document by itself, called name. inner: the path
 * inside it, "" for itself. When it is a container, what is in it is put into the parts of "into" from "at" on.
 */
struct reader_place {
        const char *name, *inner;
        int part;
        struct mail *into;
        size_t at;
};
int reader_document(struct reader *reader, const struct reader_place *place, const void *bytes, size_t size,
    struct intake *answer, struct str_list *problems, struct err *err);
