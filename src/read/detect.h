/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which format bytes are in, told by their content, and reading them. A further format is one file and one
 * row. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct bounds;
struct document;
struct pages_readers;

/* Reads a document; what cannot be read is a problem of it. charset: the label of its MIME part, or NULL. pages:
 * who reads PDF files and pictures, or NULL. False: it is one of these and nobody here reads them; nothing is
 * in the document then. */
bool detect_read(const char *bytes, size_t size, const char *charset, const struct bounds *bounds,
    const struct pages_readers *pages, struct document *doc);
/* Whether bytes look like a mail: a header line at the beginning. */
bool detect_is_mail(const char *bytes, size_t size);
/* The same, of a file that may as well be somebody's text: surer. */
bool detect_is_saved_mail(const char *bytes, size_t size);

/* By MIME type and file name, without looking inside: something that a form may be written in (also in a
 * format that only a person can read yet). */
bool detect_is_document(const char *type, const char *filename);
/* By its first bytes: an office document or PDF, whatever its type says. */
bool detect_is_document_head(const char *bytes, size_t size);
bool detect_is_picture_name(const char *type, const char *filename); /* a picture sent without its type */
