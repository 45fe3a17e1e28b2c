/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/scan_words.h"

#include <dlfcn.h>
#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>
#include <tesseract/capi.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "page/page.h"
#include "page/scan_address.h"
#include "page/scan_bold.h"
#include "page/scan_region.h"
#include "page/scan_sheet.h"

#ifndef TESSDATA
#define TESSDATA "/usr/share/tesseract-ocr/5/tessdata"
#endif

enum { LANGUAGE_MAX = 64 * 1024 * 1024 };

struct language {
        const char *name;
        struct io_map file;  /* empty: not there */
        TessBaseAPI *engine; /* NULL: not loaded */
};

static struct language polish = { .name = "pol" }, english = { .name = "eng" };
static bool missed;

/* ---- loading */

static void open_file(struct language *language)
{
        const char *folder = getenv("TESSDATA_PREFIX");
        CLEANUP_FREE char *path = xasprintf("%s/%s.traineddata", folder ? folder : TESSDATA, language->name);

        (void)io_map_file(path, LANGUAGE_MAX, &language->file, NULL);
}

void scan_words_open(void)
{
        open_file(&polish);
        open_file(&english);
}

/* Threads of tesseract do not survive the fork of a reading child: it gets none. */
static void forbid_threads(void)
{
        void (*set)(int levels);
        void *symbol = dlsym(RTLD_DEFAULT, "omp_set_max_active_levels");

        memcpy(&set, &symbol, sizeof set);
        if (symbol)
                set(0);
}

/* What an engine makes when it is first used it makes now, to be shared with the children. */
static void warm(TessBaseAPI *engine)
{
        PIX *pix = pixCreate(120, 60, 8);
        PIX *dark = pixCreate(8, 36, 8);

        pixSetAll(pix);
        pixRasterop(pix, 40, 12, 8, 36, PIX_SRC, dark, 0, 0);
        pixRasterop(pix, 60, 12, 8, 36, PIX_SRC, dark, 0, 0);
        TessBaseAPISetPageSegMode(engine, PSM_SINGLE_LINE);
        TessBaseAPISetImage2(engine, pix);
        TessBaseAPISetSourceResolution(engine, SCAN_DPI);
        TessBaseAPIRecognize(engine, NULL);
        TessBaseAPIClear(engine);
        pixDestroy(&pix);
        pixDestroy(&dark);
}

static void load(struct language *language)
{
        TessBaseAPI *engine = TessBaseAPICreate();

        /* The file is complete: no other one is looked for. */
        if (!language->file.size || TessBaseAPIInit5(engine, language->file.data, (int)language->file.size,
                                        language->name, OEM_LSTM_ONLY, NULL, 0, NULL, NULL, 0, 0)) {
                TessBaseAPIDelete(engine);
        } else {
                TessBaseAPISetVariable(engine, "debug_file", "/dev/null");
                TessBaseAPISetVariable(engine, "tessedit_do_invert", "0");
                warm(engine);
                language->engine = engine;
        }
        io_unmap(&language->file);
}

static void unload_one(struct language *language)
{
        if (language->engine)
                TessBaseAPIDelete(language->engine);
        language->engine = NULL;
}

/* Else tesseract complains at the end. */
static void unload(void)
{
        unload_one(&polish);
        unload_one(&english);
}

void scan_words_load(void)
{
        missed = false;
        if (polish.engine)
                return;
        forbid_threads();
        load(&polish);
        if (!polish.engine)
                return;
        load(&english);
        atexit(unload);
}

bool scan_words_are_ready(void)
{
        missed |= !polish.engine && polish.file.size;
        return polish.engine != NULL;
}

bool scan_words_are_missed(void)
{
        return missed;
}

/* ---- words */

struct found {
        char *text; /* owned */
        struct scan_place at;
        double confidence;
        bool bold;
};

enum { FOUND_MAX = 3000 };

struct reader {
        const struct scan_sheet *sheet;
        const struct scan_shapes *shapes;
        struct page *page;
        PIX *image;          /* what the Polish engine has been shown */
        PIX *in_english;     /* what the English one has */
        struct found *found; /* words of one region */
        size_t count;
};

static struct page_rect in_points(struct scan_place at)
{
        const double point = 72.0 / SCAN_DPI;

        return (struct page_rect){ at.x * point, at.y * point, (at.x + at.w) * point, (at.y + at.h) * point };
}

static int shared(int a, int a_size, int b, int b_size)
{
        int first = a > b ? a : b, end = a + a_size < b + b_size ? a + a_size : b + b_size;

        return end > first ? end - first : 0;
}

/* Most of the word's width is struck, through its middle. */
static bool is_struck(const struct scan_shapes *shapes, struct scan_place word)
{
        for (size_t i = 0; i < shapes->count; i++) {
                const struct scan_place at = shapes->items[i].at;
                int middle = at.y + at.h / 2;

                if (shapes->items[i].kind == SCAN_STRIKE && middle > word.y + word.h / 5 &&
                    middle < word.y + word.h * 9 / 10 && shared(at.x, at.w, word.x, word.w) * 4 > word.w * 3)
                        return true;
        }
        return false;
}

static bool has_letter(const char *text)
{
        for (; *text; text++)
                if ((*text >= '0' && *text <= '9') || (*text >= 'a' && *text <= 'z') ||
                    (*text >= 'A' && *text <= 'Z') || (unsigned char)*text >= 0x80)
                        return true;
        return false;
}

static bool is_garbage(const struct found *word)
{
        enum { HOPELESS = 15, DOUBTFUL = 40 };

        return word->confidence < HOPELESS || (word->confidence < DOUBTFUL && !has_letter(word->text)) ||
               word->at.h < 4;
}

static void add_piece(struct reader *reader, const char *text, size_t size, struct scan_place at, bool bold)
{
        struct page_word *added = page_add_word(reader->page, text, size, in_points(at));

        if (added && is_struck(reader->shapes, at))
                added->marks |= RUN_STRIKE;
        if (added && bold)
                added->marks |= RUN_BOLD;
}

/* "TAK/NIE" is one word to tesseract, of which half may be struck. */
static void add_word(struct reader *reader, const struct found *word)
{
        const size_t size = strlen(word->text);
        const char *slash = strchr(word->text, '/');
        size_t before = slash ? (size_t)(slash + 1 - word->text) : size;
        struct scan_place first = word->at, second = word->at;
        int bolder = 0;

        if (is_garbage(word))
                return;
        first.w =
            word->at.w * (int)str_characters(word->text, before) / (int)str_characters(word->text, size);
        second.x += first.w;
        second.w -= first.w;
        if (before > 1 && before < size)
                bolder = scan_bold_of(reader->sheet->ink, first, second);
        if (before > 1 && before < size &&
            (bolder || is_struck(reader->shapes, first) != is_struck(reader->shapes, second))) {
                add_piece(reader, word->text, before, first, bolder < 0);
                add_piece(reader, slash + 1, size - before, second, bolder > 0);
        } else {
                add_piece(reader, word->text, size, word->at, word->bold);
        }
}

static void show(TessBaseAPI *engine, PIX *image, TessPageSegMode mode)
{
        TessBaseAPISetImage2(engine, image);
        TessBaseAPISetSourceResolution(engine, SCAN_DPI);
        TessBaseAPISetPageSegMode(engine, mode);
}

/* ---- e-mail addresses: Polish has no "@" among its letters, English has */

/* A word that may be an address, or a part of one. */
static bool is_address_like(const char *text)
{
        size_t size;

        return strlen(text) > 4 && (scan_address_sign(text, &size) || scan_address_has_dot(text));
}

static char *read_in_english(struct reader *reader, struct scan_place at)
{
        enum { AROUND = 8 };
        char *text, *copy = NULL, *to;

        if (reader->in_english != reader->image)
                show(english.engine, reader->image, PSM_SINGLE_LINE);
        reader->in_english = reader->image;
        at = (struct scan_place){ at.x - AROUND, at.y - AROUND, at.w + 2 * AROUND, at.h + 2 * AROUND };
        TessBaseAPISetRectangle(english.engine, at.x < 0 ? 0 : at.x, at.y < 0 ? 0 : at.y, at.w, at.h);
        text = TessBaseAPIRecognize(english.engine, NULL) ? NULL : TessBaseAPIGetUTF8Text(english.engine);
        if (text)
                copy = to = xstrdup(text);
        for (const char *from = copy; from && *from; from++)
                if (*from != ' ' && *from != '\n')
                        *to++ = *from;
        if (copy)
                *to = '\0';
        TessDeleteText(text);
        return copy;
}

/* Names before the "@" that stand apart from it are part of the address. */
static bool is_near(const struct found *left, const struct found *right)
{
        enum { NEAR = 22 };

        return shared(left->at.y, left->at.h, right->at.y, right->at.h) * 2 > right->at.h &&
               right->at.x - (left->at.x + left->at.w) < NEAR && right->at.x > left->at.x;
}

static struct scan_place both(struct scan_place a, struct scan_place b)
{
        int right = a.x + a.w > b.x + b.w ? a.x + a.w : b.x + b.w;
        int bottom = a.y + a.h > b.y + b.h ? a.y + a.h : b.y + b.h;
        int left = a.x < b.x ? a.x : b.x, top = a.y < b.y ? a.y : b.y;

        return (struct scan_place){ left, top, right - left, bottom - top };
}

/* The words of found[] that are an address together: the sign often stands apart from what is on its one side. */
static void address_around(const struct reader *reader, size_t index, size_t *ret_first, size_t *ret_last)
{
        size_t first = index, last = index;

        while (first > 0 && is_near(&reader->found[first - 1], &reader->found[first]) &&
               (scan_address_has_sign(reader->found[first].text, false) ||
                   scan_address_has_sign(reader->found[first - 1].text, true)))
                first--;
        while (last + 1 < reader->count && is_near(&reader->found[last], &reader->found[last + 1]) &&
               (scan_address_has_sign(reader->found[last].text, true) ||
                   scan_address_has_sign(reader->found[last + 1].text, false)))
                last++;
        *ret_first = first;
        *ret_last = last;
}

/* Returns the last word that was looked at. */
static size_t mend_address(struct reader *reader, size_t index)
{
        enum { SEEN_TWICE = 60 };
        struct buf in_polish = BUF_INIT(LIMIT_DOC_TEXT);
        struct scan_place at = reader->found[index].at;
        char *in_english, *text;
        size_t first, last;

        address_around(reader, index, &first, &last);
        for (size_t i = first; i <= last; i++) {
                buf_puts(&in_polish, reader->found[i].text);
                at = both(at, reader->found[i].at);
        }
        in_english = english.engine ? read_in_english(reader, at) : NULL;
        text = scan_address_of(buf_text(&in_polish), in_english);
        for (size_t i = first; text && i <= last; i++)
                reader->found[i].text[0] = '\0';
        if (text) {
                free(reader->found[last].text);
                reader->found[last].text = text;
                reader->found[last].at = at;
                if (in_english && reader->found[last].confidence < SEEN_TWICE)
                        reader->found[last].confidence = SEEN_TWICE;
        }
        buf_free(&in_polish);
        free(in_english);
        return last;
}

/* ---- boxes of brackets: "[ ]", whose right one is easily taken for a bar */

static bool is_bar(const char *text)
{
        return text[0] && !text[1] && strchr("|lI1!", text[0]);
}

static void mend_brackets(struct reader *reader)
{
        for (size_t i = 0; i < reader->count; i++) {
                char *text = reader->found[i].text, *last = text + strlen(text) - 1;

                if (text[0] != '[')
                        continue;
                if (text[1] && last <= text + 2 && *last == '|')
                        *last = ']';
                else if (!text[1] && i + 1 < reader->count && is_bar(text = reader->found[i + 1].text))
                        text[0] = ']';
        }
}

/* ---- "TAK / NIE": one of them may be bold, which says as much as a strike through the other */

/* The words around a slash that stands after the first, before the second, or by itself. False: there is none. */
static bool find_pair(struct reader *reader, size_t index, struct found **ret_left, struct found **ret_right)
{
        struct found *left = &reader->found[index], *right = left + 1;
        const size_t size = strlen(left->text);

        if (index > 0 && strcmp(left->text, "/") == 0)
                left--;
        else if (!(size > 1 && left->text[size - 1] == '/') && !(right->text[0] == '/' && right->text[1]))
                return false;
        *ret_left = left;
        *ret_right = right;
        if (strpbrk(left->text, "0123456789") || strpbrk(right->text, "0123456789"))
                return false;
        return shared(left->at.y, left->at.h, right->at.y, right->at.h) * 2 > right->at.h;
}

static void mark_bold(struct reader *reader)
{
        for (size_t i = 0; i + 1 < reader->count; i++) {
                struct found *left, *right;
                int bolder;

                if (!find_pair(reader, i, &left, &right))
                        continue;
                bolder = scan_bold_of(reader->sheet->ink, left->at, right->at);
                left->bold |= bolder < 0;
                right->bold |= bolder > 0;
        }
}

/* ---- regions */

static void take_word(struct reader *reader, TessResultIterator *results)
{
        const TessPageIterator *place = TessResultIteratorGetPageIteratorConst(results);
        int left = 0, top = 0, right = 0, bottom = 0;
        char *text = TessResultIteratorGetUTF8Text(results, RIL_WORD);

        if (text && reader->count < FOUND_MAX) {
                TessPageIteratorBoundingBox(place, RIL_WORD, &left, &top, &right, &bottom);
                reader->found[reader->count++] = (struct found){ .text = xstrdup(text),
                        .at = { left, top, right - left, bottom - top },
                        .confidence = TessResultIteratorConfidence(results, RIL_WORD) };
        }
        TessDeleteText(text);
}

static void recognise(struct reader *reader, struct scan_place at)
{
        TessResultIterator *results = NULL;

        TessBaseAPISetRectangle(polish.engine, at.x, at.y, at.w, at.h);
        if (TessBaseAPIRecognize(polish.engine, NULL) == 0)
                results = TessBaseAPIGetIterator(polish.engine);
        if (!results)
                return;
        do
                take_word(reader, results);
        while (TessResultIteratorNext(results, RIL_WORD));
        TessResultIteratorDelete(results);
}

static bool has_words(const struct reader *reader)
{
        for (size_t i = 0; i < reader->count; i++)
                if (!is_garbage(&reader->found[i]))
                        return true;
        return false;
}

static void forget(struct reader *reader)
{
        for (size_t i = 0; i < reader->count; i++)
                free(reader->found[i].text);
        reader->count = 0;
}

static void read_region(struct reader *reader, struct scan_place at)
{
        enum { LINE = 90 };

        forget(reader);
        recognise(reader, at);
        if (!has_words(reader) && at.h < LINE) { /* letters of a word alone are often thought to be none */
                forget(reader);
                TessBaseAPISetPageSegMode(polish.engine, PSM_RAW_LINE);
                recognise(reader, at);
                TessBaseAPISetPageSegMode(polish.engine, PSM_SINGLE_BLOCK);
        }
        for (size_t i = 0; i < reader->count; i++)
                if (is_address_like(reader->found[i].text))
                        i = mend_address(reader, i);
        mend_brackets(reader);
        mark_bold(reader);
        for (size_t i = 0; i < reader->count; i++)
                if (reader->found[i].text[0])
                        add_word(reader, &reader->found[i]);
        forget(reader);
}

void scan_words_read(const struct scan_sheet *sheet, const struct scan_shapes *shapes, struct page *page)
{
        struct reader reader = { sheet, shapes, page, NULL, NULL, xcalloc(FOUND_MAX, sizeof *reader.found),
                0 };
        struct scan_regions regions;

        scan_regions_find(sheet, shapes, &regions);
        for (size_t i = 0; i < regions.count; i++) {
                PIX *image = i < regions.cells ? sheet->grey : regions.rest;

                if (reader.image != image)
                        show(polish.engine, image, PSM_SINGLE_BLOCK);
                reader.image = image;
                read_region(&reader, regions.items[i]);
        }
        TessBaseAPIClear(polish.engine);
        if (english.engine)
                TessBaseAPIClear(english.engine);
        scan_regions_free(&regions);
        free(reader.found);
}
