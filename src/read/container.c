/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/container.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "read/bounds.h"
#include "read/charset.h"
#include "read/saved.h"
#include "read/tnef.h"
#include "read/zipfile.h"

enum { NAME_MAX_SIZE = 255 };

static const struct {
        bool (*is)(const char *bytes, size_t size, const struct bounds *bounds);
        void (*open)(
            const char *bytes, size_t size, const struct bounds *bounds, struct container *container);
} formats[] = {
        { tnef_is, tnef_open },
        { zipfile_is, zipfile_open },
        { saved_is, saved_open },
};

bool container_open(
    const char *bytes, size_t size, const struct bounds *bounds, struct container *ret_container)
{
        *ret_container = (struct container){ 0 };
        for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
                if (formats[i].is(bytes, size, bounds)) {
                        formats[i].open(bytes, size, bounds, ret_container);
                        return true;
                }
        return false;
}

void container_problem(struct container *container, const char *text)
{
        if (!str_list_has(&container->problems, text))
                str_list_add(&container->problems, text);
}

struct container_entry *container_add(struct container *container, const struct bounds *bounds,
    const char *name, const void *bytes, size_t size)
{
        struct container_entry *entry;
        char *valid = charset_to_utf8(name, strnlen(name, NAME_MAX_SIZE), NULL);

        if (container->count >= (size_t)bounds->archive_entries ||
            size > (size_t)bounds->document_mb * 1024 * 1024) {
                container_problem(container, "more inside one attachment than is read");
                free(valid);
                return NULL;
        }
        container->items = xreallocarray(container->items, container->count + 1, sizeof *container->items);
        entry = &container->items[container->count++];
        *entry = (struct container_entry){ .name = valid, .bytes = BUF_INIT(size + 1) };
        buf_add(&entry->bytes, bytes, size);
        return entry;
}

void container_free(struct container *container)
{
        for (size_t i = 0; i < container->count; i++) {
                free(container->items[i].name);
                free(container->items[i].charset);
                buf_free(&container->items[i].bytes);
        }
        free(container->items);
        str_list_free(&container->problems);
        *container = (struct container){ 0 };
}
