/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Damaged documents through the reader, in one process, under the sanitizers.
 *
 *     mutate [-n COUNT] [-s SEED] [-k INDEX] NAME FILE...
 *
 * NAME is what the reader is told ("form.docx"; "mail.eml": the files are whole mails). Each of COUNT documents is one
 * of the files with a few changes: of its bytes, or, in an archive, of the parts inside, which are packed again so
 * that their checksums hold. What is found inside a document is read, too. Every document depends on SEED and its number alone; when one fails, its number is told,
 * and -k writes it to standard output. The file with "_blank." in its name is the event's blank form. */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "../unit/form_fixture.h"
#include "../unit/zip_world.h"
#include "base/buf.h"
#include "base/mem.h"
#include "page/pdf.h"
#include "page/scan.h"
#include "read/detect.h"
#include "read/finding.h"
#include "read/pages.h"

enum {
        FILES_MAX = 200,
        SIZE_MAX_SEED = 4 * 1024 * 1024,
        CHANGES_MAX = 6,
        SECONDS_MAX = 60,
        INSIDE_MAX = 20,
        ENTRIES_MAX = 60
};

struct file {
        char *bytes;
        size_t size;
        const char *path;
};

static struct file files[FILES_MAX];
static size_t file_count;
static const char *name;
static unsigned long current;
static uint64_t state;

/* ---- chance (splitmix64) */

static uint64_t chance(void)
{
        uint64_t z = (state += 0x9E3779B97F4A7C15U);

        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
}

static size_t below(size_t limit)
{
        return limit ? (size_t)(chance() % limit) : 0;
}

/* ---- changes; each takes bytes and returns others */

static void put(struct buf *out, const char *bytes, size_t size, size_t from, size_t to)
{
        if (from < to && to <= size)
                buf_add(out, bytes + from, to - from);
}

static void change_bytes(struct buf *out, const char *bytes, size_t size)
{
        static const unsigned char odd[] = { 0, 1, 0x7F, 0x80, 0xFF, '<', '>', '&', '"', ' ', '{', '}',
                '\\' };
        size_t times = 1 + below(4);

        buf_add(out, bytes, size);
        for (; size && times > 0; times--) {
                size_t at = below(size);

                if (below(2))
                        out->data[at] = (char)odd[below(sizeof odd)];
                else
                        out->data[at] = (char)(out->data[at] ^ (1 << below(8)));
        }
}

static void change_range(struct buf *out, const char *bytes, size_t size)
{
        size_t from = below(size), length = below(below(4) ? 40 : size - from);
        size_t to = from + length < size ? from + length : size, at = below(size);

        switch (below(4)) {
        case 0: /* left out */
                put(out, bytes, size, 0, from);
                put(out, bytes, size, to, size);
                break;
        case 1: /* cut off */
                put(out, bytes, size, 0, from);
                break;
        case 2: /* twice */
                put(out, bytes, size, 0, to);
                put(out, bytes, size, from, size);
                break;
        default: /* elsewhere too */
                put(out, bytes, size, 0, at);
                put(out, bytes, size, from, to);
                put(out, bytes, size, at, size);
        }
}

static void change_words(struct buf *out, const char *bytes, size_t size)
{
        static const char *const words[] = { "-1", "0", "65536", "4294967296", "99999999999999999999",
                "1e308", "true", "false", "", "\xEF\x83\xBE", "\xFF", "%s%n", "&#0;", "&#x1F600;", "&lt;",
                "]]>", "<!--", "<a>", "</a>", "<x:y/>", "\r\n\r\n", "=?utf-8?B?", "--b", "../../../x",
                "A1:XFD1048576", "_x0000_" };
        const char *word = words[below(sizeof words / sizeof words[0])];
        size_t at = below(size), end = at;
        bool digits = below(2);

        /* often in the place of a number or a value */
        while (digits && at < size && !(bytes[at] >= '0' && bytes[at] <= '9'))
                at++;
        for (end = at; digits && end < size && bytes[end] >= '0' && bytes[end] <= '9'; end++)
                ;
        put(out, bytes, size, 0, at);
        for (size_t times = below(20) ? 1 : 1 + below(400); times > 0; times--)
                buf_puts(out, word);
        put(out, bytes, size, end, size);
}

/* One element out, twice, or within itself; without knowing XML. */
static void change_element(struct buf *out, const char *bytes, size_t size)
{
        size_t from = below(size), to;

        while (from < size && bytes[from] != '<')
                from++;
        to = from + 1;
        for (size_t tags = 1 + below(below(3) ? 3 : 30); tags > 0 && to < size; to++)
                tags -= bytes[to] == '>';
        to = to < size ? to : size;
        put(out, bytes, size, 0, from);
        for (size_t times = below(3) ? below(3) : below(200); times > 0; times--)
                put(out, bytes, size, from, to);
        put(out, bytes, size, to, size);
}

/* The beginning of one, the end of another. */
static void change_end(struct buf *out, const char *bytes, size_t size)
{
        const struct file *other = &files[below(file_count)];

        put(out, bytes, size, 0, below(size));
        put(out, other->bytes, other->size, below(other->size), other->size);
}

static void mutate(const char *bytes, size_t size, size_t changes, struct buf *out)
{
        static void (*const ways[])(struct buf * out, const char *bytes, size_t size) = { change_bytes,
                change_bytes, change_range, change_words, change_words, change_element, change_element,
                change_end };
        struct buf now = BUF_INIT(2 * SIZE_MAX_SEED);

        buf_add(&now, bytes, size);
        for (; changes > 0; changes--) {
                struct buf next = BUF_INIT(2 * SIZE_MAX_SEED);

                ways[below(sizeof ways / sizeof ways[0])](&next, buf_text(&now), now.size);
                buf_free(&now);
                now = next;
        }
        buf_add(out, buf_text(&now), now.size);
        buf_free(&now);
}

/* ---- archives */

static void unpack(zip_t *zip, zip_uint64_t index, struct buf *out)
{
        zip_file_t *file = zip_fopen_index(zip, index, 0);
        char block[4096];
        zip_int64_t n;

        while (file && (n = zip_fread(file, block, sizeof block)) > 0)
                if (buf_add(out, block, (size_t)n) < 0)
                        break;
        if (file)
                zip_fclose(file);
}

static bool is_text(const char *part)
{
        return strstr(part, ".xml") || strstr(part, ".rels") || strstr(part, ".vml") || strstr(name, ".zip");
}

/* One part in two is left alone, so that a change deep inside is reached. */
static void repack(zip_t *zip, struct zip_world *made)
{
        zip_int64_t count = zip_get_num_entries(zip, 0);
        size_t chosen = below(3);

        for (zip_int64_t i = 0; i < count && i < ENTRIES_MAX; i++) {
                const char *part = zip_get_name(zip, (zip_uint64_t)i, ZIP_FL_ENC_GUESS);
                struct buf bytes = BUF_INIT(SIZE_MAX_SEED), changed = BUF_INIT(4 * SIZE_MAX_SEED);
                bool content = part && (strstr(part, "content.xml") || strstr(part, "document.xml") ||
                                           strstr(part, "sheet") || strstr(part, "sharedStrings") ||
                                           strstr(name, ".zip"));

                if (!part)
                        continue;
                unpack(zip, (zip_uint64_t)i, &bytes);
                if (is_text(part) && (content ? below(4) != 0 : chosen == 0 && below(3) == 0)) {
                        mutate(buf_text(&bytes), bytes.size, 1 + below(CHANGES_MAX), &changed);
                        zip_world_add(made, part, buf_text(&changed), changed.size);
                } else if (is_text(part) || bytes.size < 64) {
                        zip_world_add(made, part, buf_text(&bytes), bytes.size);
                }
                buf_free(&bytes);
                buf_free(&changed);
        }
        zip_world_end(made);
}

static bool make_archive(const struct file *file, struct buf *out)
{
        struct zip_world made = ZIP_WORLD_INIT;
        zip_error_t why;
        zip_source_t *source = zip_source_buffer_create(file->bytes, file->size, 0, &why);
        zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;

        if (!zip) {
                zip_source_free(source);
                return false;
        }
        repack(zip, &made);
        buf_add(out, buf_text(&made.bytes), made.bytes.size);
        zip_world_free(&made);
        zip_discard(zip);
        return true;
}

/* ---- one document after another */

static void make(uint64_t seed, unsigned long index, struct buf *out)
{
        const struct file *file;
        bool archive;

        current = index;
        state = seed * 0x100000001B3U + index;
        file = &files[below(file_count)];
        archive = file->size > 4 && !memcmp(file->bytes, "PK\3\4", 4) && below(5) != 0;
        if (!archive || !make_archive(file, out))
                mutate(file->bytes, file->size, 1 + below(CHANGES_MAX), out);
}

/* What a person who looks on asks for, too. */
static const unsigned wish = FINDING_EXPLAIN | FINDING_MODEL;

/* What is inside each document, too. */
static void read_parts(const struct finding_context *context, const char *bytes, size_t size,
    const json_t *parts, bool mail, size_t *left)
{
        const json_t *part;
        size_t i;

        json_array_foreach(parts, i, part)
        {
                const int index = (int)json_integer_value(json_object_get(part, "index"));
                const char *inner = json_string_value(json_object_get(part, "inner"));
                json_t *answer;

                if (!json_is_true(json_object_get(part, "document")) || !*left)
                        continue;
                --*left;
                answer = finding_document(context, 1, wish, bytes, size, mail ? index : -1, inner, name);
                read_parts(context, bytes, size, json_object_get(answer, "parts"), mail, left);
                json_decref(answer);
        }
}

static void read_one(const struct finding_context *context, const struct buf *bytes)
{
        size_t size = bytes->size, left = INSIDE_MAX;
        char *copy = xmalloc(size ? size : 1); /* to the byte, so that reading past the end is seen */
        bool mail = strstr(name, ".eml") != NULL;
        json_t *answer;

        memcpy(copy, buf_text(bytes), size);
        alarm(SECONDS_MAX);
        answer = mail ? finding_message(context, 1, wish, copy, size)
                      : finding_document(context, 1, wish, copy, size, -1, "", name);
        if (!answer)
                abort();
        read_parts(context, copy, size,
            json_object_get(mail ? json_object_get(answer, "mail") : answer, "parts"), mail, &left);
        alarm(0);
        json_decref(answer);
        free(copy);
}

static void tell(void)
{
        char text[200];
        int size = snprintf(
            text, sizeof text, "%s: mutation %lu failed; \"-k %lu\" writes it\n", name, current, current);

        if (write(STDERR_FILENO, text, (size_t)size) < 0)
                return;
}

static void ended(int number)
{
        (void)number;
        tell();
        _exit(1);
}

/* Of the sanitizers' runtime, where there is one. */
extern void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

/* libytnef forgets what a damaged winmail.dat names twice; the reader's child ends after one document. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);
const char *__lsan_default_suppressions(void)
{
        return "leak:libytnef\n";
}

const char *__lsan_default_options(void)
{
        return "print_suppressions=0";
}

static bool load(const char *path)
{
        FILE *file = fopen(path, "rb");
        struct file *to = &files[file_count];

        if (!file || file_count == FILES_MAX)
                return false;
        to->bytes = xmalloc(SIZE_MAX_SEED);
        to->size = fread(to->bytes, 1, SIZE_MAX_SEED, file);
        to->path = path;
        fclose(file);
        file_count++;
        return to->size > 0;
}

static void preload(void)
{
        pdf_preload();
        scan_preload();
        scan_load_words();
}

static const struct pages_readers pages = { pdf_read, scan_read, preload, scan_needs_words, scan_load_words };

static void begin(struct finding_context *context)
{
        struct event event = { .id = xstrdup("e"), .title = xstrdup("Szkolenie"), .form = fixture_form() };

        *context = (struct finding_context){ .bounds = bounds_default, .pages = &pages };
        finding_preload();
        pages.preload();
        finding_add_event_take(context, &event);
        for (size_t i = 0; i < file_count; i++) {
                struct document *blank = &context->events[0].blank;

                if (!strstr(files[i].path, "_blank.") || context->events[0].has_blank)
                        continue;
                detect_read(files[i].bytes, files[i].size, NULL, &context->bounds, context->pages, blank);
                context->events[0].has_blank = true;
        }
}

static int run(uint64_t seed, unsigned long count)
{
        struct finding_context context;

        begin(&context);
        if (__sanitizer_set_death_callback)
                __sanitizer_set_death_callback(tell);
        signal(SIGALRM, ended);
        signal(SIGABRT, ended);
        for (unsigned long i = 0; i < count; i++) {
                struct buf bytes = BUF_INIT(16 * SIZE_MAX_SEED);

                make(seed, i, &bytes);
                read_one(&context, &bytes);
                buf_free(&bytes);
        }
        finding_free(&context);
        for (size_t i = 0; i < file_count; i++)
                free(files[i].bytes);
        printf("%s: %lu mutated, none failed\n", name, count);
        return 0;
}

static int write_one(uint64_t seed, unsigned long index)
{
        struct buf bytes = BUF_INIT(16 * SIZE_MAX_SEED);
        size_t written;

        make(seed, index, &bytes);
        written = fwrite(buf_text(&bytes), 1, bytes.size, stdout);
        return written == bytes.size ? 0 : 1;
}

int main(int argc, char **argv)
{
        unsigned long count = 1500;
        uint64_t seed = 2012;
        long only = -1;
        int option;

        while ((option = getopt(argc, argv, "n:s:k:")) != -1) {
                if (option == 'n')
                        count = strtoul(optarg, NULL, 10);
                else if (option == 's')
                        seed = strtoul(optarg, NULL, 10);
                else if (option == 'k')
                        only = strtol(optarg, NULL, 10);
                else
                        return 64;
        }
        if (optind + 1 >= argc) {
                fprintf(stderr, "usage: mutate [-n COUNT] [-s SEED] [-k INDEX] NAME FILE...\n");
                return 64;
        }
        name = argv[optind];
        for (int i = optind + 1; i < argc; i++)
                if (!load(argv[i])) {
                        fprintf(stderr, "cannot read %s\n", argv[i]);
                        return 1;
                }
        return only >= 0 ? write_one(seed, (unsigned long)only) : run(seed, count);
}
