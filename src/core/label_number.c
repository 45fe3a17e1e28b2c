/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/label.h"
#include "core/sheet.h"

size_t label_skip_number(const struct sheet *sheet, size_t start, size_t end, bool *ret_numbered)
{
        bool numbered = false;
        size_t at = start;

        while (at < end) {
                const char *key = sheet_key(sheet, at);
                size_t size = strlen(key);
                bool number = size > 0 && size <= 4 &&
                              (size == 1 || strspn(key, "0123456789") == size || strspn(key, "ivx") == size);
                if (number && at + 1 < end && sheet_is_sign(sheet, at + 1, ".)") &&
                    sheet->tokens[at + 1].gap == 0) {
                        numbered = true;
                        at += 2;
                } else if (sheet->tokens[at].kind == TOKEN_SIGN && !sheet_is_sign(sheet, at, "(\"'")) {
                        at++;
                } else if (sheet->tokens[at].kind == TOKEN_TAB) {
                        at++;
                } else {
                        break;
                }
        }
        if (ret_numbered != NULL)
                *ret_numbered = numbered;
        return at;
}
