/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/model.h"

#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/wire.h"
#include "core/document.h"

enum { GRID_MAX = 1000 * 1000, NAME_MAX_SIZE = 4096, PROBLEM_MAX = 200 };

static const char *const kinds[] = {
        [DOCUMENT_PARAGRAPH] = "paragraph", [DOCUMENT_ITEM] = "item", [DOCUMENT_CELL] = "cell"
};
static const char *const marks[] = { "bold", "underline", "strike", "deleted", "inserted", "placeholder",
        "box", "checked", "field", "tab", "doubtful", "recognised" };
enum { KINDS = sizeof kinds / sizeof kinds[0], MARKS = sizeof marks / sizeof marks[0] };
_Static_assert(1 << (MARKS - 1) == RUN_RECOGNISED, "a name for each mark");

static json_t *run_json(const struct document_run *run)
{
        json_t *json = json_object();

        json_object_set_new(json, "text", json_string(run->text));
        if (run->marks) {
                json_t *names = json_array();

                for (size_t i = 0; i < MARKS; i++)
                        if (run->marks & 1u << i)
                                json_array_append_new(names, json_string(marks[i]));
                json_object_set_new(json, "marks", names);
        }
        if (run->name)
                json_object_set_new(json, "name", json_string(run->name));
        return json;
}

static json_t *block_json(const struct document *doc, const struct document_block *block)
{
        json_t *json = json_object(), *runs = json_array();

        json_object_set_new(json, "kind", json_string(kinds[block->kind]));
        if (block->table >= 0) {
                json_object_set_new(json, "table", json_integer(block->table));
                json_object_set_new(json, "row", json_integer(block->row));
                json_object_set_new(json, "column", json_integer(block->column));
        }
        if (block->row_span != 1 || block->column_span != 1) {
                json_object_set_new(json, "row_span", json_integer(block->row_span));
                json_object_set_new(json, "column_span", json_integer(block->column_span));
        }
        for (size_t i = 0; i < block->run_count; i++)
                json_array_append_new(runs, run_json(&doc->runs[block->first_run + i]));
        json_object_set_new(json, "runs", runs);
        return json;
}

json_t *model_json(const struct document *doc)
{
        json_t *json = json_object(), *problems = json_array(), *blocks = json_array();

        json_object_set_new(json, "name", json_string(doc->name ? doc->name : ""));
        for (size_t i = 0; i < doc->problems.count; i++)
                json_array_append_new(problems, json_string(doc->problems.items[i]));
        for (size_t i = 0; i < doc->block_count; i++)
                json_array_append_new(blocks, block_json(doc, &doc->blocks[i]));
        json_object_set_new(json, "problems", problems);
        json_object_set_new(json, "blocks", blocks);
        return json;
}

/* ---- */

static int name_index(const json_t *json, const char *const *names, size_t count)
{
        for (size_t i = 0; i < count; i++)
                if (str_equal(json_string_value(json), names[i]))
                        return (int)i;
        return -1;
}

static int optional(const json_t *json, const char *key, int min, int otherwise, struct err *err)
{
        json_int_t number = otherwise;

        if (json_object_get(json, key) && wire_integer(json, key, min, GRID_MAX, &number, err) < 0)
                return min - 1;
        return (int)number;
}

static int take_run(const json_t *json, struct document *doc, struct err *err)
{
        const char *text, *name = NULL;
        json_t *mark;
        size_t i;
        unsigned set = 0;

        if (wire_string(json, "text", LIMIT_DOC_TEXT, &text, err) < 0)
                return -1;
        if (json_object_get(json, "name") && wire_string(json, "name", NAME_MAX_SIZE, &name, err) < 0)
                return -1;
        json_array_foreach(json_object_get(json, "marks"), i, mark)
        {
                int bit = name_index(mark, marks, MARKS);

                if (bit < 0)
                        return err_set(err, ERR_INPUT, "a document model with an unknown mark");
                set |= 1u << bit;
        }
        if (document_add(doc, text, strlen(text), set, name) < 0)
                return err_set(err, ERR_INPUT, "a document model beyond its bounds");
        return 0;
}

static int take_block(const json_t *json, struct document *doc, struct err *err)
{
        int kind = name_index(json_object_get(json, "kind"), kinds, KINDS);
        int table = optional(json, "table", 0, -1, err), row = optional(json, "row", 0, -1, err);
        int column = optional(json, "column", 0, -1, err);
        int row_span = optional(json, "row_span", 1, 1, err),
            column_span = optional(json, "column_span", 1, 1, err);
        json_t *runs = json_object_get(json, "runs"), *run;
        size_t i;

        if (kind < 0 || row_span < 1 || column_span < 1 || !json_is_array(runs) ||
            (kind == DOCUMENT_CELL) != (table >= 0 && row >= 0 && column >= 0) ||
            document_open(doc, (enum document_kind)kind, table, row, column) < 0)
                return err_set(err, ERR_INPUT, "a document model with a bad block");
        document_span(doc, row_span, column_span);
        json_array_foreach(runs, i, run)
        {
                if (take_run(run, doc, err) < 0)
                        return -1;
        }
        return 0;
}

int model_from_json(const json_t *json, struct document *ret_doc, struct err *err)
{
        struct document doc = { 0 };
        json_t *blocks = json_object_get(json, "blocks"), *item;
        const char *name;
        size_t i;

        if (wire_string(json, "name", NAME_MAX_SIZE, &name, err) < 0)
                return -1;
        if (!json_is_array(blocks))
                return err_set(err, ERR_INPUT, "a document model without blocks");
        doc.name = xstrdup(name);
        json_array_foreach(json_object_get(json, "problems"), i, item)
        {
                if (json_is_string(item) && json_string_length(item) <= PROBLEM_MAX)
                        document_problem(&doc, json_string_value(item));
        }
        json_array_foreach(blocks, i, item)
        {
                if (take_block(item, &doc, err) < 0) {
                        document_free(&doc);
                        return -1;
                }
        }
        *ret_doc = doc;
        return 0;
}
