/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/ticked.h"

#include <stdbool.h>

#include "core/choice.h"
#include "core/sheet.h"

size_t ticked_boxes(const struct sheet *sheet, const struct span *spans, size_t count)
{
        size_t boxes = 0;

        for (size_t i = 0; i < count; i++)
                for (size_t k = spans[i].first; k < spans[i].end; k++)
                        boxes += sheet->tokens[k].kind == TOKEN_BOX;
        return boxes;
}

static bool begins_with_box(const struct sheet *sheet, const struct span *span)
{
        for (size_t k = span->first; k < span->end; k++)
                if (sheet->tokens[k].kind == TOKEN_BOX || sheet->tokens[k].kind == TOKEN_WORD)
                        return sheet->tokens[k].kind == TOKEN_BOX;
        return false;
}

static size_t add_piece(struct span *pieces, size_t count, size_t first, size_t end)
{
        if (first < end && count < TICKED_MAX)
                pieces[count++] = (struct span){ first, end };
        return count;
}

size_t ticked_pieces(
    const struct sheet *sheet, const struct span *spans, size_t count, struct span *ret_pieces)
{
        const bool behind = begins_with_box(sheet, &spans[0]);
        size_t found = 0;
        bool on = false;

        for (size_t i = 0; i < count; i++) {
                size_t first = spans[i].first;

                for (size_t k = first; k < spans[i].end; k++) {
                        if (sheet->tokens[k].kind != TOKEN_BOX)
                                continue;
                        if (behind ? on : sheet->tokens[k].on)
                                found = add_piece(ret_pieces, found, first, k);
                        on = sheet->tokens[k].on;
                        first = k + 1;
                }
                if (behind && on)
                        found = add_piece(ret_pieces, found, first, spans[i].end);
        }
        return found;
}
