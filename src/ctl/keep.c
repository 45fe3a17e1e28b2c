/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/keep.h"

#include <stdlib.h>
#include <string.h>

#include "base/blobs.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "core/event.h"
#include "ctl/ctl.h"
#include "ctl/story.h"
#include "ctl/text.h"

enum { MODE = 0600, HTML_MAX = 1024 * 1024 };

/* ---- the pages beside the fields, for a browser */

static void put_escaped(struct buf *out, const char *text)
{
        for (; *text; text++) {
                if (*text == '<')
                        buf_puts(out, "&lt;");
                else if (*text == '&')
                        buf_puts(out, "&amp;");
                else if (*text == '"')
                        buf_puts(out, "&quot;");
                else
                        buf_putc(out, *text);
        }
}

static void put_field(struct buf *out, const struct field *field, const struct store_value *value)
{
        CLEANUP_FREE char *clean = value ? text_line(value->value) : NULL;

        buf_puts(out, "<tr><th>");
        put_escaped(out, field->labels.count ? field->labels.items[0] : field->key);
        buf_printf(out, "<br><small>%s</small></th><td>", field->key);
        put_escaped(out, clean ? clean : "");
        if (value)
                buf_printf(out, "</td><td>%.0f %%</td></tr>\n", value->confidence * 100);
        else
                buf_puts(out, "</td><td>not read</td></tr>\n");
}

static const struct store_value *value_of(const struct store_registration *r, const char *key)
{
        for (size_t i = 0; i < r->value_count; i++)
                if (strcmp(r->values[i].key, key) == 0)
                        return &r->values[i];
        return NULL;
}

static void put_fields(struct buf *out, const struct ctl *ctl, const struct store_registration *r)
{
        const struct event *event = registrar_event(&ctl->registrar, r->event);

        buf_puts(out, "<table>\n");
        for (size_t i = 0; event && i < event->form.count; i++)
                put_field(out, &event->form.fields[i], value_of(r, event->form.fields[i].key));
        buf_puts(out, "</table>\n");
}

static void put_page(
    struct buf *out, const struct ctl *ctl, const struct story *story, const char *name, size_t pages)
{
        const struct store_registration *r = &story->registration;

        buf_puts(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
        put_escaped(out, r->ref);
        buf_puts(out,
            "</title>\n<style>body{font:16px/1.4 sans-serif;margin:1rem;display:grid;"
            "grid-template-columns:3fr 2fr;gap:1.5rem}img{width:100%;border:1px solid #888}"
            "section{position:sticky;top:1rem;align-self:start}table{border-collapse:collapse;width:100%}"
            "th,td{border:1px solid #bbb;padding:.3rem .5rem;text-align:left;vertical-align:top;"
            "overflow-wrap:anywhere}small{font-weight:normal;color:#555}</style></head>\n<body><main>\n");
        for (size_t i = 1; i <= pages; i++) {
                buf_puts(out, "<img src=\"");
                put_escaped(out, name);
                buf_printf(out, "-%zu.png\" alt=\"page %zu\">\n", i, i);
        }
        buf_puts(out, "</main><section><h1>");
        put_escaped(out, r->ref);
        buf_printf(out,
            "</h1><p>What was recognised in the picture, to be compared with it. If all of it is right:<br>"
            "<code>zapisyctl accept %s</code><br>Else, with what is wrong or missing:<br><code>",
            r->ref);
        if (story->reviews.count)
                buf_printf(out, "zapisyctl resolve %lld", (long long)story->reviews.items[0].id);
        else
                buf_printf(out, "zapisyctl edit %s", r->ref);
        buf_puts(out, " key=value ...</code></p>\n");
        put_fields(out, ctl, r);
        buf_puts(out, "</section></body></html>\n");
}

/* ---- files */

static int write_file(struct ctl *ctl, const char *file, const void *bytes, size_t size, struct err *err)
{
        if (io_write_file(file, bytes, size, MODE, err) < 0)
                return -1;
        buf_printf(&ctl->out, "%s: %zu bytes\n", file, size);
        return 0;
}

static int write_pages(
    struct ctl *ctl, const struct story *story, const char *file, const struct blobs *pages, struct err *err)
{
        const char *slash = strrchr(file, '/');
        CLEANUP_FREE char *html = xasprintf("%s.html", file);
        struct buf page = BUF_INIT(HTML_MAX);
        int result = 0;

        for (size_t i = 0; i < pages->count && result == 0; i++) {
                CLEANUP_FREE char *name = xasprintf("%s-%zu.png", file, i + 1);

                result = write_file(ctl, name, pages->items[i].bytes, pages->items[i].size, err);
        }
        put_page(&page, ctl, story, slash ? slash + 1 : file, pages->count);
        if (result == 0)
                result = write_file(ctl, html, buf_text(&page), page.size, err);
        buf_free(&page);
        return result;
}

/* The mail that made it; where that one is gone, the newest about it. 0 when none is kept. */
static int find_mail(struct ctl *ctl, const struct story *story, int64_t *ret_message, char **ret_bytes,
    size_t *ret_size, struct err *err)
{
        int found = 0;

        *ret_message = story->registration.message;
        if (*ret_message)
                found = store_message_raw(ctl->store, *ret_message, ret_bytes, ret_size, err);
        for (size_t i = story->mails.count; i-- > 0 && found == 0;) {
                *ret_message = story->mails.items[i].id;
                found = store_message_raw(ctl->store, *ret_message, ret_bytes, ret_size, err);
        }
        return found;
}

int keep_write(struct ctl *ctl, const struct story *story, const char *file, struct err *err)
{
        struct blobs pages = { 0 };
        CLEANUP_FREE char *bytes = NULL;
        size_t size;
        int64_t message;
        int found = find_mail(ctl, story, &message, &bytes, &size, err), result;

        if (found < 0)
                return -1;
        if (!found)
                return err_set(err, ERR_INPUT, "no mail is kept for %s", story->registration.ref);
        if (strcmp(file, "-") == 0)
                return buf_add(&ctl->out, bytes, size);
        result = write_file(ctl, file, bytes, size, err);
        if (result == 0)
                result = store_picture_list(ctl->store, message, &pages, err);
        if (result == 0 && pages.count)
                result = write_pages(ctl, story, file, &pages, err);
        blobs_free(&pages);
        return result;
}
