/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document model as JSON: how a child hands a blank form to its parent, and what a person looks at.
 *   {"name","problems":[...],"blocks":[{"kind":"paragraph|item|cell","table","row","column","row_span",
 *    "column_span","runs":[{"text","marks":[MARK...],"name"}]}]}    what is empty or usual is left out */
#pragma once

#include <jansson.h>

struct document;
struct err;

json_t *model_json(const struct document *doc);
/* Checks everything; ERR_INPUT. document_free() is the caller's. */
int model_from_json(const json_t *json, struct document *ret_doc, struct err *err);
