/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/table.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "ctl/text.h"

enum { GAP = 2 };

void table_column(struct table *table, const char *title)
{
        if (table->columns < TABLE_COLUMNS)
                table->titles[table->columns++] = title;
}

void table_column_elastic(struct table *table, const char *title)
{
        table_column(table, title);
        table->elastic[table->columns - 1] = true;
}

void table_column_spare(struct table *table, const char *title)
{
        table_column_elastic(table, title);
        table->spare[table->columns - 1] = true;
}

void table_column_right(struct table *table, const char *title)
{
        table_column(table, title);
        table->right[table->columns - 1] = true;
}

void table_cell(struct table *table, const char *text)
{
        str_list_add_take(&table->cells, text_line(text ? text : ""));
}

void table_cell_take(struct table *table, char *text)
{
        table_cell(table, text);
        free(text);
}

void table_number(struct table *table, int64_t number)
{
        str_list_add_take(&table->cells, xasprintf("%lld", (long long)number));
}

/* The table's width where no elastic column takes more than that. */
static size_t total_of(const struct table *table, const size_t *widths, size_t elastic_most)
{
        size_t total = 0;

        for (size_t i = 0; i < table->columns; i++)
                if (widths[i])
                        total +=
                            GAP + (table->elastic[i] && widths[i] > elastic_most ? elastic_most : widths[i]);
        return total - GAP;
}

/* A width of 0 means left out. */
static void leave_out(const struct table *table, size_t *widths, size_t width)
{
        for (size_t i = table->columns; i-- > 0 && total_of(table, widths, TABLE_READABLE) > width;)
                if (table->spare[i])
                        widths[i] = 0;
}

static void shrink(const struct table *table, size_t *widths, size_t width)
{
        size_t total = total_of(table, widths, SIZE_MAX);

        while (total > width) {
                size_t widest = TABLE_COLUMNS;

                for (size_t i = 0; i < table->columns; i++)
                        if (table->elastic[i] && widths[i] > TABLE_LEAST &&
                            (widest == TABLE_COLUMNS || widths[i] > widths[widest]))
                                widest = i;
                if (widest == TABLE_COLUMNS)
                        return;
                widths[widest]--;
                total--;
        }
}

static void measure(const struct table *table, size_t width, size_t *ret_widths)
{
        for (size_t i = 0; i < table->columns; i++)
                ret_widths[i] = text_width(table->titles[i]);
        for (size_t i = 0; i < table->cells.count; i++) {
                size_t cell = text_width(table->cells.items[i]), column = i % table->columns;

                if (cell > ret_widths[column])
                        ret_widths[column] = cell;
        }
        if (width) {
                leave_out(table, ret_widths, width);
                shrink(table, ret_widths, width);
        }
}

static void write_cell(const char *text, size_t width, bool right, bool last, struct buf *out)
{
        CLEANUP_FREE char *cut = text_cut(text, width);
        size_t room = width - text_width(cut);

        if (!width)
                return;
        for (size_t i = 0; right && i < room; i++)
                buf_putc(out, ' ');
        buf_puts(out, cut);
        for (size_t i = 0; !right && !last && i < room; i++)
                buf_putc(out, ' ');
        for (size_t i = 0; !last && i < GAP; i++)
                buf_putc(out, ' ');
}

/* A row ends with its last letter. */
static void end_row(const char *end, struct buf *out)
{
        while (out->size && buf_text(out)[out->size - 1] == ' ')
                buf_truncate(out, out->size - 1);
        buf_puts(out, end);
}

void table_write(const struct table *table, size_t width, bool bold, struct buf *out)
{
        size_t widths[TABLE_COLUMNS];

        measure(table, width, widths);
        buf_puts(out, bold ? "\033[1m" : "");
        for (size_t i = 0; i < table->columns; i++)
                write_cell(table->titles[i], widths[i], table->right[i], i + 1 == table->columns, out);
        end_row(bold ? "\033[0m\n" : "\n", out);
        for (size_t i = 0; i < table->cells.count; i++) {
                size_t column = i % table->columns;
                bool last = column + 1 == table->columns;

                write_cell(table->cells.items[i], widths[column], table->right[column], last, out);
                if (last)
                        end_row("\n", out);
        }
}

void table_free(struct table *table)
{
        str_list_free(&table->cells);
        *table = (struct table){ 0 };
}
