/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/sheet.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "core/fold.h"
#include "core/glyph.h"

enum {
        ROW_DIGITS_MAX = 2,
        ROWS_MIN = 3,
        DOTTED_ROWS_MIN = 2,
        WRAP_MIN = 60, /* programs that break lines in mail do it between these */
        WRAP_MAX = 100,
        NUMBER_MIN = 3,   /* digits */
        JOINED_MAX = 200, /* bytes of a word in pieces */
};

/* ---- building */

static const unsigned partial[] = { RUN_BOLD, RUN_UNDERLINE, RUN_STRIKE, RUN_INSERTED };

enum { PARTIAL = sizeof partial / sizeof *partial };

struct maker {
        struct sheet *sheet;
        unsigned gap;
        const char *open;           /* where the text of the last word ends, when its run ends there too */
        size_t size, with[PARTIAL]; /* of that word: bytes, and how many of them have each mark */
        const struct document_block *block;
        size_t block_index;
};

static void open_line(struct maker *maker)
{
        struct sheet *sheet = maker->sheet;
        struct line line = {
                .first = sheet->token_count, .table = -1, .row = -1, .column = -1, .row_span = 1
        };

        if (maker->block != NULL && maker->block->kind == DOCUMENT_CELL) {
                line.table = maker->block->table;
                line.row = maker->block->row;
                line.column = maker->block->column;
                line.row_span = maker->block->row_span;
        }
        line.block = maker->block_index;
        if (sheet->line_count == sheet->line_room) {
                sheet->line_room = sheet->line_room * 2 + 32;
                sheet->lines = xreallocarray(sheet->lines, sheet->line_room, sizeof *sheet->lines);
        }
        sheet->lines[sheet->line_count++] = line;
        maker->gap = 0;
        maker->open = NULL;
}

static size_t add_key(struct sheet *sheet, const char *text, size_t size)
{
        size_t at = sheet->keys.size, plain = 0;

        while (plain < size && (unsigned char)text[plain] < 0x80)
                plain++;
        if (plain == size) { /* what fold_key() would do, for the many words that need no table */
                for (size_t i = 0; i < size; i++)
                        buf_putc(&sheet->keys, (char)u_tolower(text[i]));
        } else {
                CLEANUP_FREE char *word = xstrndup(text, size);
                CLEANUP_FREE char *key = fold_key(word);
                buf_puts(&sheet->keys, key);
        }
        buf_putc(&sheet->keys, '\0');
        return at;
}

static struct token *add_token(
    struct maker *maker, enum token_kind kind, const char *text, size_t size, unsigned marks)
{
        struct sheet *sheet = maker->sheet;
        struct token *token;

        if (sheet->token_count == sheet->token_room) {
                sheet->token_room = sheet->token_room * 2 + 128;
                sheet->tokens = xreallocarray(sheet->tokens, sheet->token_room, sizeof *sheet->tokens);
        }
        token = &sheet->tokens[sheet->token_count++];
        *token =
            (struct token){ .kind = kind, .marks = marks, .gap = maker->gap, .text = text, .size = size };
        if (kind == TOKEN_WORD)
                token->key = add_key(sheet, text, size);
        maker->gap = 0;
        sheet->lines[sheet->line_count - 1].count++;
        return token;
}

/* "[x]", "[ ]", "( )", "(X)": its size in bytes, or 0. Letters other than those of a cross make it no box. */
static size_t bracket_box(const char *text, bool *ret_on)
{
        char close = *text == '[' ? ']' : *text == '(' ? ')' : '\0';
        const char *at = text + 1;

        if (close == '\0')
                return 0;
        while (*at == ' ')
                at++;
        *ret_on = *at != '\0' && strchr("xXvV+", *at) != NULL;
        if (*ret_on)
                at++;
        else if (strncmp(at, "\u2713", 3) == 0 || strncmp(at, "\u2714", 3) == 0)
                *ret_on = (at += 3) != NULL;
        while (*at == ' ')
                at++;
        if (*at != close || (close == ')' && !*ret_on && at == text + 1))
                return 0;
        return (size_t)(at + 1 - text);
}

static size_t run_of(const char *text, size_t size, size_t at, UChar32 wanted, size_t *ret_count)
{
        UChar32 c = wanted;
        size_t end = at, next = at;

        for (*ret_count = 0; next < size; end = next, ++*ret_count) {
                U8_NEXT_OR_FFFD(text, next, size, c);
                /* dots and ellipses are mixed by programs that "correct" what is typed */
                if (c != wanted &&
                    !((wanted == '.' || wanted == GLYPH_ELLIPSIS) && (c == '.' || c == GLYPH_ELLIPSIS)))
                        break;
        }
        return end - at;
}

/* The end of the word that begins at text[at]. "505606707E-mail": what is glued to a number is another word. */
static size_t word_end(const char *text, size_t size, size_t at)
{
        size_t end = at, next = at, digits = 0;

        while (next < size) {
                UChar32 c;
                U8_NEXT_OR_FFFD(text, next, size, c);
                if (!glyph_is_in_word(c) || (digits >= NUMBER_MIN && u_isalpha(c)))
                        break;
                digits = u_isdigit(c) && (digits > 0 || end == at) ? digits + 1 : 0;
                end = next;
        }
        return end;
}

/* Most letters have a combining stroke (U+0335 to U+0338): how people strike where there is no such button. */
static bool is_struck_over(const char *text, size_t size)
{
        size_t letters = 0, strokes = 0;

        for (size_t at = 0; at < size;) {
                UChar32 c;
                U8_NEXT_OR_FFFD(text, at, size, c);
                letters += u_isalnum(c) != 0;
                strokes += c >= 0x335 && c <= 0x338;
        }
        return strokes > 0 && 2 * strokes >= letters;
}

/* Takes what begins at text[at] and is no blank; returns its size. */
static size_t take_token(struct maker *maker, const char *text, size_t size, size_t at, unsigned marks)
{
        size_t next = at, end, count, needed;
        bool on = false;
        UChar32 c;

        U8_NEXT_OR_FFFD(text, next, size, c);
        if (glyph_is_in_word(c)) {
                end = word_end(text, size, at);
                if (is_struck_over(text + at, end - at))
                        marks |= RUN_STRIKE;
                add_token(maker, TOKEN_WORD, text + at, end - at, marks);
                return end - at;
        }
        end = glyph_is_ticked(c) || glyph_is_unticked(c) ? next - at : bracket_box(text + at, &on);
        if (end > 0) {
                add_token(maker, TOKEN_BOX, text + at, end, marks)->on = on || glyph_is_ticked(c);
                return end;
        }
        needed = glyph_leader(c);
        end = needed > 0 ? run_of(text, size, at, c, &count) : 0;
        if (needed > 0 && count >= needed) {
                add_token(maker, TOKEN_LEADER, text + at, end, marks);
                return end;
        }
        add_token(maker, TOKEN_SIGN, text + at, next - at, marks);
        return next - at;
}

static void count_marks(struct maker *maker, size_t size, unsigned marks)
{
        maker->size += size;
        for (size_t i = 0; i < PARTIAL; i++)
                maker->with[i] += marks & partial[i] ? size : 0;
}

/* Notes the word that ends where its run ends: the next run may go on with it. */
static void leave_open(struct maker *maker, const char *end)
{
        const struct sheet *sheet = maker->sheet;
        const struct line *line = &sheet->lines[sheet->line_count - 1];
        const struct token *last = line->count > 0 ? &sheet->tokens[sheet->token_count - 1] : NULL;
        bool whole = maker->open == NULL;

        if (last == NULL || last->kind != TOKEN_WORD || maker->gap > 0 ||
            (whole && last->text + last->size != end)) {
                maker->open = NULL;
                return;
        }
        maker->open = end;
        if (!whole)
                return;
        maker->size = 0;
        memset(maker->with, 0, sizeof maker->with);
        count_marks(maker, last->size, last->marks);
}

/* "nazwiskoEwa", "Telefon601": a bold label, and the answer without a blank. */
static bool ends_label(const char *text, size_t size, UChar32 next)
{
        int32_t at = (int32_t)size;
        UChar32 c;

        U8_PREV_OR_FFFD(text, 0, at, c);
        return (u_islower(c) && u_isupper(next)) || (u_isalpha(c) && u_isdigit(next));
}

/* Programs break words into runs wherever somebody changed a letter. Returns the size of the word's rest that begins
 * the run. */
static size_t join(struct maker *maker, const char *text, size_t size, unsigned marks)
{
        struct sheet *sheet = maker->sheet;
        struct token *token;
        size_t next = 0, end;
        UChar32 c;
        char *word;

        if (maker->open == NULL || size == 0)
                return 0;
        token = &sheet->tokens[sheet->token_count - 1];
        U8_NEXT_OR_FFFD(text, next, size, c);
        end = word_end(text, size, 0);
        if (!glyph_is_in_word(c) || ((token->marks ^ marks) & RUN_FIELD) || token->size + end > JOINED_MAX ||
            (u_isalpha(c) && strspn(sheet->keys.data + token->key, "0123456789") >= NUMBER_MIN) ||
            ends_label(token->text, token->size, c))
                return 0;
        word = xasprintf("%.*s%.*s", (int)token->size, token->text, (int)end, text);
        count_marks(maker, end, marks);
        token->text = word;
        token->size = strlen(word);
        token->key = add_key(sheet, word, token->size);
        token->marks |= marks;
        for (size_t i = 0; i < PARTIAL; i++)
                if (2 * maker->with[i] < maker->size)
                        token->marks &= ~partial[i];
        str_list_add_take(&sheet->joined, word);
        sheet->lines[sheet->line_count - 1].width += str_characters(text, end);
        return end;
}

static void add_text(struct maker *maker, const char *text, unsigned marks)
{
        size_t size = strlen(text), at = join(maker, text, size, marks);

        if (at < size)
                maker->open = NULL;
        while (at < size) {
                size_t next = at;
                UChar32 c;
                U8_NEXT_OR_FFFD(text, next, size, c);
                maker->sheet->lines[maker->sheet->line_count - 1].width++;
                if (c == '\n') {
                        open_line(maker);
                } else if (c == '\t') {
                        add_token(maker, TOKEN_TAB, text + at, 1, marks);
                } else if (glyph_is_blank(c)) {
                        maker->gap++;
                } else {
                        next = at + take_token(maker, text, size, at, marks);
                        maker->sheet->lines[maker->sheet->line_count - 1].width +=
                            str_characters(text + at, next - at) - 1;
                }
                at = next;
        }
        if (size > 0)
                leave_open(maker, text + size);
}

static void add_run(struct maker *maker, const struct document_run *run)
{
        if (run->marks & (RUN_DELETED | RUN_PLACEHOLDER))
                return;
        if (run->marks & RUN_BOX)
                maker->open = NULL;
        if (run->marks & RUN_BOX)
                add_token(maker, TOKEN_BOX, run->text, strlen(run->text), run->marks)->on =
                    (run->marks & RUN_CHECKED) != 0;
        else
                add_text(maker, run->text, run->marks);
}

static void find_wrap(struct sheet *sheet)
{
        size_t widest = 0;

        for (size_t i = 0; i < sheet->line_count; i++)
                if (sheet->lines[i].table < 0 && sheet->lines[i].width > widest)
                        widest = sheet->lines[i].width;
        sheet->wrap = widest >= WRAP_MIN && widest <= WRAP_MAX ? widest : 0;
}

/* The number that is all of a line of text, with its dot or without; -1: something else. */
static int bare_number(const struct sheet *sheet, size_t line, bool *ret_dot)
{
        const struct line *l = &sheet->lines[line];
        const char *key = l->count > 0 ? sheet_key(sheet, l->first) : "";
        size_t size = strlen(key);
        int64_t number;

        *ret_dot = l->count == 2 && sheet_is_sign(sheet, l->first + 1, ".)");
        if (l->table >= 0 || (l->count != 1 && !*ret_dot) || size > ROW_DIGITS_MAX ||
            str_to_int(key, 0, INT32_MAX, &number) < 0)
                return -1;
        return (int)number;
}

/* What is asked in the row begins in the next line. */
static bool begins_row(const struct sheet *sheet, size_t line)
{
        const struct line *next = line + 1 < sheet->line_count ? &sheet->lines[line + 1] : NULL;

        return next != NULL && next->count > 0 && sheet->tokens[next->first].kind == TOKEN_WORD &&
               strpbrk(sheet_key(sheet, next->first), "0123456789") == NULL;
}

/* "1.", "2.", "3." on lines of their own: the rows of a table of which only the text was left. */
static void find_numbers(struct sheet *sheet)
{
        size_t *found = xcalloc(sheet->line_count + 1, sizeof *found), count = 0;
        bool dot, dotted = true;

        for (size_t line = 0; line < sheet->line_count; line++)
                if (bare_number(sheet, line, &dot) == (int)count + 1 && begins_row(sheet, line)) {
                        found[count++] = line;
                        dotted = dotted && dot;
                }
        for (size_t i = 0; i < count && count >= (dotted ? DOTTED_ROWS_MIN : ROWS_MIN); i++)
                sheet->lines[found[i]].number = true;
        free(found);
}

void sheet_init(struct sheet *ret_sheet, const struct document *document)
{
        struct maker maker = { .sheet = ret_sheet };

        *ret_sheet = (struct sheet){ .document = document, .keys = BUF_INIT(8 * LIMIT_DOC_TEXT) };
        for (size_t i = 0; i < document->block_count; i++) {
                const struct document_block *block = &document->blocks[i];
                maker.block = block;
                maker.block_index = i;
                open_line(&maker);
                for (size_t k = 0; k < block->run_count; k++)
                        add_run(&maker, &document->runs[block->first_run + k]);
        }
        find_wrap(ret_sheet);
        find_numbers(ret_sheet);
}

void sheet_init_text(struct sheet *ret_sheet, const char *text)
{
        struct maker maker = { .sheet = ret_sheet };

        *ret_sheet = (struct sheet){ .keys = BUF_INIT(8 * LIMIT_DOC_TEXT) };
        open_line(&maker);
        add_text(&maker, text, 0);
}

void sheet_free(struct sheet *sheet)
{
        free(sheet->tokens);
        free(sheet->lines);
        buf_free(&sheet->keys);
        str_list_free(&sheet->joined);
        *sheet = (struct sheet){ 0 };
}
