/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/respell.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/document.h"
#include "core/fold.h"
#include "core/sheet.h"
#include "form/align.h"
#include "form/answer.h"

enum {
        SPAN_MOST = 3, /* tokens on either side that are one word on the other: "Datai", "Pan/Pani" */
        KEY_MOST = 96, /* bytes */
        PAIRS_MOST = 10000,
};

#define EMPTY_BOX "\u2610"

/* Bytes of a run that give way to others. */
struct edit {
        size_t run, at, size;
        char *text; /* owned */
        bool box;   /* a box of which nobody knows whether it is ticked comes before the text */
};

struct respell {
        const struct document *doc;
        struct sheet sheet, printed; /* of the document and of the blank */
        struct align align;
        struct edit *edits; /* in the order of the document */
        size_t count, room;
        size_t last_run; /* where the last one was */
};

/* ---- how alike */

/* The words of some tokens of one line without what is between them; false: there are none, or too many. */
static bool key_of(const struct sheet *sheet, struct span span, char ret_key[KEY_MOST])
{
        size_t size = 0;

        for (size_t i = span.first; i < span.end; i++) {
                const char *key = sheet_key(sheet, i);
                size_t more = strlen(key);

                if (size + more >= KEY_MOST || sheet->tokens[i].kind == TOKEN_BOX ||
                    sheet->tokens[i].kind == TOKEN_LEADER || sheet->tokens[i].kind == TOKEN_TAB)
                        return false;
                memcpy(ret_key + size, key, more);
                size += more;
        }
        ret_key[size] = '\0';
        return size > 0;
}

/* How many letters may be wrong: in a short word among known neighbours on both sides most of them. */
static size_t allowed(size_t letters, bool between)
{
        enum { SHORT = 4, LONG = 9 };

        if (between)
                return letters <= SHORT ? (letters + 1) / 2 : letters / 3;
        return letters < SHORT ? 0 : letters < LONG ? (letters - 1) / 3 : letters / 4;
}

static bool has_digit(const char *key)
{
        return strpbrk(key, "0123456789") != NULL;
}

enum { STRANGE = 101 };

/* Wrong letters in a hundred. */
static size_t strangeness(const char *printed, const char *key, bool between)
{
        size_t size = strlen(printed), other = strlen(key), most, wrong;

        if (has_digit(printed) || has_digit(key))
                return STRANGE;
        most = allowed(between || size < other ? size : other, between);
        wrong = fold_distance(printed, key, most);
        return wrong > most ? STRANGE : wrong * 100 / size;
}

/* ---- what is to be changed */

/* Where tokens of one run lie in it. False: they are of several, or joined. */
static bool find_run(struct respell *me, struct span span, struct edit *edit)
{
        const struct token *first = &me->sheet.tokens[span.first], *last = &me->sheet.tokens[span.end - 1];
        const uintptr_t start = (uintptr_t)first->text, end = (uintptr_t)last->text + last->size;

        for (size_t i = me->last_run; i < me->doc->run_count; i++) {
                const uintptr_t text = (uintptr_t)me->doc->runs[i].text;

                if (start < text || end > text + strlen(me->doc->runs[i].text) || end <= start)
                        continue;
                *edit = (struct edit){ .run = i, .at = start - text, .size = end - start };
                me->last_run = i;
                return true;
        }
        return false;
}

/* The tokens as the blank writes them. */
static void write_printed(const struct sheet *sheet, struct span span, struct buf *out)
{
        for (size_t i = span.first; i < span.end; i++) {
                if (i > span.first && sheet->tokens[i].gap > 0)
                        buf_putc(out, ' ');
                buf_add(out, sheet->tokens[i].text, sheet->tokens[i].size);
        }
}

/* Takes the text of the edit. */
static void add_edit(struct respell *me, const struct edit *edit)
{
        if (me->count == me->room) {
                me->room = me->room * 2 + 16;
                me->edits = xreallocarray(me->edits, me->room, sizeof *me->edits);
        }
        me->edits[me->count++] = *edit;
}

static void change(struct respell *me, struct span printed, struct span written, bool crossed)
{
        struct buf text = BUF_INIT(LIMIT_DOC_TEXT);
        struct edit edit;

        if (!find_run(me, written, &edit))
                return;
        buf_puts(&text, crossed ? "X " : "");
        write_printed(&me->printed, printed, &text);
        edit.text = buf_detach(&text, NULL);
        add_edit(me, &edit);
}

/* ---- boxes: their frames are easily taken for letters, and nothing is left of some */

/* What may be left of a frame. */
static bool is_rubble(const struct respell *me, size_t token)
{
        return me->align.blank_of[token] == ALIGN_NONE && sheet_is_sign(&me->sheet, token, "|[](){}_-");
}

static bool is_cross(const struct respell *me, size_t token)
{
        return strcmp(sheet_key(&me->sheet, token), "x") == 0;
}

/* The blank has a box before this word. Where the document has none, it is there all the same. */
static void mend_box(struct respell *me, size_t printed, size_t written)
{
        enum { RUBBLE_MOST = 3 };
        struct span span = { written, written };
        struct edit edit;

        if (printed == 0 || me->printed.tokens[printed - 1].kind != TOKEN_BOX)
                return;
        while (span.first > 0 && written - span.first < RUBBLE_MOST && is_rubble(me, span.first - 1) &&
               sheet_line_of(&me->sheet, span.first - 1) == sheet_line_of(&me->sheet, written))
                span.first--;
        if (span.first > 0 &&
            (me->sheet.tokens[span.first - 1].kind == TOKEN_BOX || is_cross(me, span.first - 1)))
                return;
        if (span.first == span.end || !find_run(me, span, &edit)) {
                if (!find_run(me, (struct span){ written, written + 1 }, &edit))
                        return;
                edit.size = 0;
        }
        edit.box = true;
        edit.text = xstrdup("");
        add_edit(me, &edit);
}

/* ---- between two words that both have */

struct gap {
        struct span printed, written;
        bool between; /* there is a single word on either side */
};

static bool stands_in_one_line(const struct sheet *sheet, struct span span)
{
        return sheet_line_of(sheet, span.first) == sheet_line_of(sheet, span.end - 1);
}

/* The tokens from this one on that are most like a printed word; end 0: none are. */
static struct span most_alike(const struct respell *me, const struct gap *gap, struct span printed,
    size_t from, size_t *ret_strangeness)
{
        struct span best = { 0, 0 };
        char wanted[KEY_MOST], key[KEY_MOST];

        *ret_strangeness = STRANGE;
        if (!key_of(&me->printed, printed, wanted))
                return best;
        for (size_t first = from; first < gap->written.end; first++)
                for (size_t end = first + 1; end <= gap->written.end && end <= first + SPAN_MOST; end++) {
                        const struct span span = { first, end };
                        size_t now;

                        if (me->sheet.tokens[first].kind != TOKEN_WORD ||
                            me->sheet.tokens[end - 1].kind != TOKEN_WORD || !key_of(&me->sheet, span, key) ||
                            !stands_in_one_line(&me->sheet, span))
                                continue;
                        if (end == first + 1 && printed.end == printed.first + 1 && strcmp(wanted, key) == 0)
                                continue; /* another word, since it was not laid beside this one */
                        now = strangeness(wanted, key, gap->between);
                        if (now < *ret_strangeness) {
                                *ret_strangeness = now;
                                best = span;
                        }
                }
        return best;
}

/* "Xorganizacja": a cross that ran into its option stays. */
static bool is_crossed(const struct respell *me, struct span printed, struct span written)
{
        char wanted[KEY_MOST], key[KEY_MOST];

        return key_of(&me->printed, printed, wanted) && key_of(&me->sheet, written, key) && key[0] == 'x' &&
               strcmp(key + 1, wanted) == 0;
}

/* "Telefon,", "6 Tel": what ends a label or its number. */
static void mend_sign(struct respell *me, size_t printed, size_t written)
{
        const size_t sign = printed + 1, next = written + 1;
        struct span span = { next, next + 1 };
        struct edit edit;
        bool other;

        if (sign >= me->printed.token_count || me->printed.tokens[printed].kind != TOKEN_WORD ||
            !sheet_is_sign(&me->printed, sign, ":.)") || me->printed.tokens[sign].gap > 0 ||
            me->align.doc_of[sign] != ALIGN_NONE)
                return;
        other = next < me->sheet.token_count && me->sheet.tokens[next].kind == TOKEN_SIGN &&
                me->sheet.tokens[next].gap == 0;
        if (other && (me->align.blank_of[next] != ALIGN_NONE || sheet_is_sign(&me->sheet, next, "(/:?@")))
                return;
        if (!other)
                span = (struct span){ written, written + 1 };
        if (!find_run(me, span, &edit))
                return;
        if (!other) {
                edit.at += edit.size;
                edit.size = 0;
        }
        edit.text = xstrndup(me->printed.tokens[sign].text, me->printed.tokens[sign].size);
        add_edit(me, &edit);
}

static void mend_gap(struct respell *me, const struct gap *gap)
{
        size_t from = gap->written.first;

        for (size_t i = gap->printed.first; i < gap->printed.end && from < gap->written.end;) {
                struct span printed = { i, i + 1 }, best = { 0, 0 };
                size_t least = STRANGE;

                for (size_t end = i + 1; end <= gap->printed.end && end <= i + SPAN_MOST; end++) {
                        const struct span span = { i, end };
                        size_t strange;
                        struct span found;

                        if (me->printed.tokens[i].kind != TOKEN_WORD ||
                            me->printed.tokens[end - 1].kind != TOKEN_WORD ||
                            !stands_in_one_line(&me->printed, span))
                                continue;
                        found = most_alike(me, gap, span, from, &strange);
                        if (strange < least) {
                                least = strange;
                                best = found;
                                printed = span;
                        }
                }
                if (least < STRANGE) {
                        if (!is_crossed(me, printed, best))
                                mend_box(me, printed.first, best.first);
                        change(me, printed, best, is_crossed(me, printed, best));
                        mend_sign(me, printed.end - 1, best.end - 1);
                        from = best.end;
                }
                i = printed.end;
        }
}

static size_t words_of(const struct sheet *sheet, struct span span)
{
        size_t count = 0;

        for (size_t i = span.first; i < span.end; i++)
                count += sheet->tokens[i].kind == TOKEN_WORD;
        return count;
}

static void mend(struct respell *me)
{
        struct gap gap = { { 0, 0 }, { 0, 0 }, false };

        for (size_t i = 0; i <= me->sheet.token_count; i++) {
                size_t printed = i < me->sheet.token_count ? me->align.blank_of[i] : me->printed.token_count;

                if (printed == ALIGN_NONE)
                        continue;
                gap.printed.end = printed;
                gap.written.end = i;
                gap.between = gap.printed.first > 0 && words_of(&me->printed, gap.printed) == 1 &&
                              words_of(&me->sheet, gap.written) == 1;
                if (gap.written.first > 0 && gap.printed.first < gap.printed.end)
                        mend_sign(me, gap.printed.first - 1, gap.written.first - 1);
                if ((gap.printed.end - gap.printed.first) * (gap.written.end - gap.written.first) <
                    PAIRS_MOST)
                        mend_gap(me, &gap);
                if (i < me->sheet.token_count && me->sheet.tokens[i].kind == TOKEN_WORD)
                        mend_box(me, printed, i);
                gap.printed.first = printed + 1;
                gap.written.first = i + 1;
        }
}

/* ---- the copy */

static int by_place(const void *a, const void *b)
{
        const struct edit *one = a, *other = b;

        if (one->run != other->run)
                return one->run < other->run ? -1 : 1;
        if (one->at != other->at)
                return one->at < other->at ? -1 : 1;
        return other->box - one->box;
}

static void flush(struct document *out, struct buf *text, const struct document_run *run)
{
        if (text->size > 0)
                document_add(out, buf_text(text), text->size, run->marks, run->name);
        buf_reset(text);
}

/* A run with its edits; next goes past them. */
static void copy_run(const struct respell *me, size_t index, size_t *next, struct document *out)
{
        struct buf text = BUF_INIT(2 * LIMIT_DOC_TEXT);
        const struct document_run *run = &me->doc->runs[index];
        size_t at = 0;

        for (; *next < me->count && me->edits[*next].run == index; ++*next) {
                const struct edit *edit = &me->edits[*next];

                if (edit->at < at)
                        continue;
                buf_add(&text, run->text + at, edit->at - at);
                if (edit->box) {
                        flush(out, &text, run);
                        document_add(
                            out, EMPTY_BOX, strlen(EMPTY_BOX), RUN_BOX | RUN_DOUBTFUL | RUN_RECOGNISED, NULL);
                }
                buf_puts(&text, edit->text);
                at = edit->at + edit->size;
        }
        if (at == 0)
                document_add(out, run->text, strlen(run->text), run->marks, run->name);
        else
                buf_puts(&text, run->text + at);
        flush(out, &text, run);
        buf_free(&text);
}

static void copy_mended(struct respell *me, struct document *ret_document)
{
        size_t next = 0;

        *ret_document = (struct document){ .name = me->doc->name ? xstrdup(me->doc->name) : NULL };
        qsort(me->edits, me->count, sizeof *me->edits, by_place);
        for (size_t i = 0; i < me->doc->block_count; i++) {
                const struct document_block *block = &me->doc->blocks[i];

                document_open(ret_document, block->kind, block->table, block->row, block->column);
                document_span(ret_document, block->row_span, block->column_span);
                for (size_t k = block->first_run; k < block->first_run + block->run_count; k++)
                        copy_run(me, k, &next, ret_document);
        }
}

bool respell_document(const struct document *doc, const struct document *blank, struct document *ret_document)
{
        struct respell me = { .doc = doc };
        bool found = false;

        sheet_init(&me.sheet, doc);
        sheet_init(&me.printed, blank);
        if (align_init(&me.align, &me.printed, &me.sheet)) {
                mend(&me);
                align_free(&me.align);
        }
        if (me.count > 0) {
                copy_mended(&me, ret_document);
                found = true;
        }
        for (size_t i = 0; i < me.count; i++)
                free(me.edits[i].text);
        free(me.edits);
        sheet_free(&me.sheet);
        sheet_free(&me.printed);
        return found;
}
