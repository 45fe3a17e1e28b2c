/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/opc.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "read/archive.h"
#include "read/xml.h"

enum { LINKS_MAX = 1000 };

/* "xl/worksheets/sheet1.xml" and "../styles.xml" give "xl/styles.xml". */
static char *resolve(const char *part, const char *target)
{
        const char *slash = strrchr(part, '/');
        size_t folder = slash ? (size_t)(slash - part) : 0;

        if (*target == '/')
                return xstrdup(target + 1);
        while (str_starts(target, "../")) {
                target += 3;
                while (folder > 0 && part[--folder] != '/')
                        ;
        }
        return folder ? xasprintf("%.*s/%s", (int)folder, part, target) : xstrdup(target);
}

static char *links_name(const char *part)
{
        const char *slash = strrchr(part, '/');

        return slash ? xasprintf("%.*s/_rels/%s.rels", (int)(slash - part), part, slash + 1)
                     : xasprintf("_rels/%s.rels", part);
}

static void add(struct opc_links *links, const char *part, xmlNodePtr node)
{
        const char *id = xml_value(node, "Id"), *type = xml_value(node, "Type");
        const char *target = xml_value(node, "Target");

        if (!id || !type || !target || links->count == LINKS_MAX)
                return;
        links->items = xreallocarray(links->items, links->count + 1, sizeof *links->items);
        links->items[links->count++] = (struct opc_link){ xstrdup(id), xstrdup(type), resolve(part, target) };
}

void opc_links_read(struct archive *archive, const char *part, struct opc_links *ret_links)
{
        CLEANUP_FREE char *name = links_name(part);
        xmlDocPtr tree = NULL;

        *ret_links = (struct opc_links){ 0 };
        if (xml_read(archive, name, &tree, NULL) < 0)
                return;
        for (xmlNodePtr node = xml_root(tree) ? xml_root(tree)->children : NULL; node; node = node->next)
                if (xml_is(node, "Relationship") && !xml_value_is(node, "TargetMode", "External"))
                        add(ret_links, part, node);
        xmlFreeDoc(tree);
}

void opc_links_free(struct opc_links *links)
{
        for (size_t i = 0; i < links->count; i++) {
                free(links->items[i].id);
                free(links->items[i].type);
                free(links->items[i].target);
        }
        free(links->items);
        *links = (struct opc_links){ 0 };
}

const char *opc_by_id(const struct opc_links *links, const char *id)
{
        for (size_t i = 0; id && i < links->count; i++)
                if (!strcmp(links->items[i].id, id))
                        return links->items[i].target;
        return NULL;
}

const char *opc_by_type(const struct opc_links *links, const char *end)
{
        for (size_t i = 0; i < links->count; i++) {
                size_t size = strlen(links->items[i].type), n = strlen(end);

                if (size >= n && str_equal_nocase(links->items[i].type + size - n, end))
                        return links->items[i].target;
        }
        return NULL;
}

char *opc_main_part(struct archive *archive, const char *otherwise)
{
        struct opc_links links;
        const char *found;
        char *name;

        opc_links_read(archive, "", &links);
        found = opc_by_type(&links, "/relationships/officeDocument");
        name = xstrdup(found ? found : otherwise);
        opc_links_free(&links);
        return name;
}

void opc_note_macros(struct archive *archive, struct document *doc)
{
        if (archive_has(archive, "vbaProject.bin"))
                document_problem(doc, "the document contains macros, which are not run");
}
