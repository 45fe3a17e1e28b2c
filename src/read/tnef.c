/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/tnef.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ytnef.h>

#include "base/mem.h"
#include "base/str.h"
#include "read/bounds.h"
#include "read/container.h"
#include "read/packed_rtf.h"
#include "read/rtf_html.h"

enum { GUID_SIZE = 16 };

/* The library prints its complaints. Standard output is the child's pipe to its parent: they go nowhere. */
static FILE *nowhere;

void tnef_preload(void)
{
        if (!nowhere)
                nowhere = fopen("/dev/null", "we");
}

static bool has_signature(const void *bytes, size_t size)
{
        return size >= 6 && !memcmp(bytes, "\x78\x9F\x3E\x22", 4);
}

bool tnef_is(const char *bytes, size_t size, const struct bounds *bounds)
{
        (void)bounds;
        return has_signature(bytes, size);
}

static const variableLength *property(MAPIProps *properties, unsigned type, unsigned id)
{
        const variableLength *found = MAPIFindProperty(properties, PROP_TAG(type, id));

        return found != MAPI_UNDEFINED && found->data && found->size > 0 ? found : NULL;
}

/* A text property; the library makes UTF-8 of Unicode ones. The caller's; NULL when there is none. */
static char *text_of(MAPIProps *properties, unsigned id)
{
        const variableLength *found = property(properties, PT_UNICODE, id);

        if (!found)
                found = property(properties, PT_STRING8, id);
        return found ? xstrndup((const char *)found->data, (size_t)found->size) : NULL;
}

/* ---- the text */

static void add_rtf(const variableLength *packed, const struct bounds *bounds, struct container *container)
{
        struct buf rtf = BUF_INIT((size_t)bounds->document_mb * 1024 * 1024);
        bool fine = packed_rtf_open(packed->data, (size_t)packed->size, &rtf) == 0;
        CLEANUP_FREE char *html = fine ? rtf_html(buf_text(&rtf), rtf.size) : NULL;

        if (html)
                container_add(container, bounds, "winmail.html", html, strlen(html));
        else if (fine)
                container_add(container, bounds, "winmail.rtf", buf_text(&rtf), rtf.size);
        buf_free(&rtf);
}

static void add_text(TNEFStruct *tnef, const struct bounds *bounds, struct container *container)
{
        MAPIProps *properties = &tnef->MapiProperties;
        const variableLength *html = property(properties, PT_BINARY, PR_BODY_HTML),
                             *rtf = property(properties, PT_BINARY, PR_RTF_COMPRESSED);
        CLEANUP_FREE char *plain = text_of(properties, PR_BODY);

        if (html)
                container_add(container, bounds, "winmail.html", html->data, (size_t)html->size);
        else if (!str_is_empty(plain))
                container_add(container, bounds, "winmail.txt", plain, strlen(plain));
        else if (rtf)
                add_rtf(rtf, bounds, container);
        else if (tnef->body.data && tnef->body.size > 0)
                container_add(container, bounds, "winmail.txt", tnef->body.data,
                    strnlen((const char *)tnef->body.data, (size_t)tnef->body.size));
}

/* ---- attachments */

static char *name_of(Attachment *attachment)
{
        char *name = text_of(&attachment->MAPI, PR_ATTACH_LONG_FILENAME);

        if (!name)
                name = text_of(&attachment->MAPI, PR_ATTACH_FILENAME);
        if (!name)
                name = text_of(&attachment->MAPI, PR_DISPLAY_NAME);
        if (!name && attachment->Title.data && attachment->Title.size > 0)
                name = xstrndup((const char *)attachment->Title.data, (size_t)attachment->Title.size);
        return name ? name : xstrdup("");
}

/* A mail attached to the mail is a TNEF of its own behind the identifier of its interface. */
static void add_object(const variableLength *object, const struct bounds *bounds, struct container *container)
{
        const unsigned char *bytes = object->data + GUID_SIZE;

        if (object->size > GUID_SIZE && has_signature(bytes, (size_t)object->size - GUID_SIZE))
                container_add(container, bounds, "winmail.dat", bytes, (size_t)object->size - GUID_SIZE);
}

static void add_attachments(TNEFStruct *tnef, const struct bounds *bounds, struct container *container)
{
        for (Attachment *a = tnef->starting_attach.next; a; a = a->next) {
                const variableLength *object = property(&a->MAPI, PT_OBJECT, PR_ATTACH_DATA_OBJ);
                const variableLength *data = property(&a->MAPI, PT_BINARY, PR_ATTACH_DATA_OBJ);
                CLEANUP_FREE char *name = name_of(a);

                if (object)
                        add_object(object, bounds, container);
                else if (a->FileData.data && a->FileData.size > 0)
                        container_add(container, bounds, name, a->FileData.data, (size_t)a->FileData.size);
                else if (data)
                        container_add(container, bounds, name, data->data, (size_t)data->size);
        }
}

void tnef_open(const char *bytes, size_t size, const struct bounds *bounds, struct container *container)
{
        TNEFStruct tnef;
        FILE *out = stdout;
        int r;

        tnef_preload();
        memset(&tnef, 0, sizeof tnef);
        TNEFInitialize(&tnef);
        if (nowhere)
                stdout = nowhere;
        r = TNEFParseMemory((BYTE *)(uintptr_t)bytes, size < LONG_MAX ? (long)size : 0, &tnef);
        add_text(&tnef, bounds, container);
        add_attachments(&tnef, bounds, container);
        if (r < 0 || !container->count)
                str_list_add(&container->problems, "a damaged or empty winmail.dat");
        TNEFFree(&tnef);
        stdout = out;
}
