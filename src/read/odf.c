/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/odf.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "core/document.h"
#include "read/archive.h"
#include "read/odf_table.h"
#include "read/odf_text.h"
#include "read/xml.h"

#define DAMAGED DOCUMENT_DAMAGED

/* ---- what is referred to by name */

static void add(xmlHashTablePtr table, const char *id, xmlNodePtr node)
{
        if (id)
                xmlHashUpdateEntry(table, (const xmlChar *)id, node, NULL);
}

static bool is_change(xmlNodePtr node)
{
        return odf_is(node, "text:insertion") || odf_is(node, "text:deletion");
}

static void index_changes(struct odf *o, xmlNodePtr changes)
{
        for (xmlNodePtr region = changes->children; region; region = region->next)
                for (xmlNodePtr kind = region->children; kind; kind = kind->next)
                        if (kind->type == XML_ELEMENT_NODE && is_change(kind))
                                add(o->changes, xml_value(region, "id"), kind);
}

static void index_controls(struct odf *o, xmlNodePtr parent)
{
        for (xmlNodePtr node = parent->children; node; node = node->next) {
                if (node->type != XML_ELEMENT_NODE)
                        continue;
                add(o->controls, xml_value(node, "id"), node);
                index_controls(o, node);
        }
}

/* Changes and forms stand at the beginning of a text, and of each sheet. */
static void index_all(struct odf *o, xmlNodePtr content)
{
        for (xmlNodePtr node = content->children; node; node = node->next) {
                if (odf_is(node, "text:tracked-changes"))
                        index_changes(o, node);
                else if (odf_is(node, "office:forms"))
                        index_controls(o, node);
                else if (odf_is(node, "table:table") && xml_child(node, "forms"))
                        index_controls(o, xml_child(node, "forms"));
        }
}

/* ---- the body */

static void sheets(struct odf *o, xmlNodePtr content)
{
        const struct odf_ways ways = { 0 };

        for (xmlNodePtr node = content->children; node; node = node->next)
                if (odf_is(node, "table:table"))
                        odf_sheet(o, node, &ways);
}

static void read_body(struct odf *o, xmlNodePtr body)
{
        xmlNodePtr text = xml_child(body, "text"), sheet = xml_child(body, "spreadsheet");
        const struct odf_ways ways = { 0 };

        if (text || sheet)
                index_all(o, text ? text : sheet);
        if (text)
                odf_blocks(o, text, &ways);
        else if (sheet)
                sheets(o, sheet);
        else if (body)
                document_problem(o->draft.doc, "a format that is read by a person");
        else
                document_problem(o->draft.doc, DAMAGED);
}

static void read_trees(xmlNodePtr styles, xmlNodePtr content, struct document *doc)
{
        struct odf *o = xcalloc(1, sizeof *o);

        o->styles = odf_styles_new();
        o->controls = xmlHashCreate(64);
        o->changes = xmlHashCreate(16);
        if (!o->controls || !o->changes)
                mem_die("controls");
        odf_styles_add(o->styles, styles, false);
        odf_styles_add(o->styles, content, true);
        draft_init(&o->draft, doc);
        read_body(o, xml_child(content, "body"));
        draft_free(&o->draft);
        odf_styles_free(o->styles);
        xmlHashFree(o->controls, NULL);
        xmlHashFree(o->changes, NULL);
        mem_cleanup_free(&o);
}

/* ---- the package (Part 2) */

/* Older manifests have a DTD, so they are not parsed. A package that is encrypted as a whole has an entry of
 * that name. */
static bool is_encrypted(struct archive *archive)
{
        struct buf manifest = { 0 };
        bool found = archive_has(archive, "encrypted-package");

        if (archive_read(archive, "META-INF/manifest.xml", &manifest, NULL) == 0)
                found = found || strstr(buf_text(&manifest), "encryption-data");
        buf_free(&manifest);
        return found;
}

static int read_package(struct archive *archive, struct document *doc, struct err *err)
{
        xmlDocPtr styles = NULL, content = NULL;

        if (is_encrypted(archive))
                return err_set(err, ERR_INPUT, DOCUMENT_PROTECTED);
        if (xml_read(archive, "content.xml", &content, err) < 0)
                return -1;
        if (xml_read(archive, "styles.xml", &styles, NULL) < 0)
                styles = NULL;
        if (archive_has(archive, "script-lc.xml"))
                document_problem(doc, "the document contains macros, which are not run");
        read_trees(xml_root(styles), xml_root(content), doc);
        xmlFreeDoc(styles);
        xmlFreeDoc(content);
        return 0;
}

void odf_read(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc)
{
        struct archive *archive = NULL;
        struct err err = { 0 };

        if (archive_open(bytes, size, bounds, &archive, &err) < 0 || read_package(archive, doc, &err) < 0)
                document_problem(doc, err.text);
        archive_close(archive);
}

void odf_read_flat(const char *bytes, size_t size, struct document *doc)
{
        xmlDocPtr tree = NULL;
        struct err err = { 0 };

        if (xml_parse(bytes, size, &tree, &err) < 0) {
                document_problem(doc, err.text);
                return;
        }
        read_trees(NULL, xml_root(tree), doc);
        xmlFreeDoc(tree);
}
