/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/html_style.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "read/words.h"

static const struct {
        const char *name;
        enum html_element element;
} elements[] = {
        { "address", HTML_BLOCK },
        { "article", HTML_BLOCK },
        { "blockquote", HTML_BLOCK },
        { "body", HTML_BLOCK },
        { "br", HTML_BREAK },
        { "caption", HTML_BLOCK },
        { "center", HTML_BLOCK },
        { "dd", HTML_BLOCK },
        { "div", HTML_BLOCK },
        { "dl", HTML_BLOCK },
        { "dt", HTML_BLOCK },
        { "fieldset", HTML_BLOCK },
        { "footer", HTML_BLOCK },
        { "form", HTML_BLOCK },
        { "h1", HTML_BLOCK },
        { "h2", HTML_BLOCK },
        { "h3", HTML_BLOCK },
        { "h4", HTML_BLOCK },
        { "h5", HTML_BLOCK },
        { "h6", HTML_BLOCK },
        { "head", HTML_SKIPPED },
        { "header", HTML_BLOCK },
        { "hr", HTML_BLOCK },
        { "input", HTML_INPUT },
        { "legend", HTML_BLOCK },
        { "li", HTML_BLOCK },
        { "noscript", HTML_SKIPPED },
        { "ol", HTML_BLOCK },
        { "p", HTML_BLOCK },
        { "pre", HTML_PRE },
        { "script", HTML_SKIPPED },
        { "section", HTML_BLOCK },
        { "select", HTML_SELECT },
        { "style", HTML_SKIPPED },
        { "table", HTML_TABLE },
        { "td", HTML_CELL },
        { "template", HTML_SKIPPED },
        { "textarea", HTML_TEXTAREA },
        { "th", HTML_CELL },
        { "title", HTML_SKIPPED },
        { "tr", HTML_ROW },
        { "ul", HTML_BLOCK },
        { "xml", HTML_SKIPPED },
};

static const struct {
        const char *name;
        unsigned marks;
} marked[] = {
        { "b", RUN_BOLD },
        { "strong", RUN_BOLD },
        { "u", RUN_UNDERLINE },
        { "ins", RUN_UNDERLINE },
        { "s", RUN_STRIKE },
        { "strike", RUN_STRIKE },
        { "del", RUN_STRIKE },
};

enum html_element html_element_of(const char *name)
{
        for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++)
                if (!strcmp(elements[i].name, name))
                        return elements[i].element;
        return HTML_INLINE;
}

/* An attribute in lower case and without blanks and quotes; at most room - 1 bytes of it. */
static const char *squeezed(xmlNodePtr node, const char *name, char *room, size_t size)
{
        char *value = (char *)xmlGetProp(node, (const xmlChar *)name);
        size_t n = 0;

        for (const char *p = value ? value : ""; *p && n + 1 < size; p++)
                if (!isspace((unsigned char)*p) && *p != '"' && *p != '\'')
                        room[n++] = (char)tolower((unsigned char)*p);
        room[n] = 0;
        xmlFree(value);
        return room;
}

static enum html_font font_of(const char *family)
{
        return strstr(family, "wingdings2")  ? HTML_FONT_WINGDINGS2
               : strstr(family, "wingdings") ? HTML_FONT_WINGDINGS
                                             : HTML_FONT_TEXT;
}

static void css(const char *text, struct html_style *style)
{
        const char *family = strstr(text, "font-family:"), *weight = strstr(text, "font-weight:");

        if (strstr(text, "line-through"))
                style->marks |= RUN_STRIKE;
        if (strstr(text, "underline"))
                style->marks |= RUN_UNDERLINE;
        if (weight && (str_starts(weight + 12, "bold") || (weight[12] >= '6' && weight[12] <= '9')))
                style->marks |= RUN_BOLD;
        else if (weight)
                style->marks &= ~(unsigned)RUN_BOLD;
        if (family) {
                char name[64];
                size_t n = strcspn(family + 12, ";");

                n = n < sizeof name ? n : sizeof name - 1;
                memcpy(name, family + 12, n);
                name[n] = 0;
                style->font = font_of(name);
        }
}

bool html_style_apply(xmlNodePtr node, struct html_style *style)
{
        char room[1024];
        const char *text;

        for (size_t i = 0; i < sizeof marked / sizeof marked[0]; i++)
                if (!strcmp(marked[i].name, (const char *)node->name))
                        style->marks |= marked[i].marks;
        if (!node->properties)
                return false;
        if (xmlHasProp(node, (const xmlChar *)"hidden"))
                return true;
        if (!strcmp((const char *)node->name, "font") && xmlHasProp(node, (const xmlChar *)"face"))
                style->font = font_of(squeezed(node, "face", room, sizeof room));
        text = squeezed(node, "style", room, sizeof room);
        if (strstr(text, "display:none") || strstr(text, "mso-hide:all") || strstr(text, "visibility:hidden"))
                return true;
        css(text, style);
        return false;
}

static bool has_any(const char *text, const char *const *words)
{
        for (; *words; words++)
                if (strstr(text, *words))
                        return true;
        return false;
}

bool html_is_quoted(xmlNodePtr node, bool *rest)
{
        static const char *const rests[] = { "divrplyfwdmsg", "appendonsend",
                "mail-editor-reference-message-container", "ms-outlook-mobile-reference-message", NULL };
        static const char *const holders[] = { "gmail_quote", "gmail_attr", "gmail_signature", "yahoo_quoted",
                "protonmail_quote", "moz-cite-prefix", "moz-signature", "moz-forward-container",
                "olk_src_body_section", "zmail_extra", "tutanota_quote", NULL };
        char id[200], class[200], style[400];

        if (!node->properties)
                return false;
        squeezed(node, "id", id, sizeof id);
        squeezed(node, "class", class, sizeof class);
        if (has_any(id, rests) || has_any(class, rests)) {
                *rest = true;
                return true;
        }
        if (has_any(class, holders) || has_any(id, holders) || !strcmp(id, "signature") ||
            !strcmp(id, "x_signature"))
                return true;
        if (strcmp((const char *)node->name, "blockquote") != 0)
                return false;
        return xmlHasProp(node, (const xmlChar *)"cite") || strstr(class, "quote") ||
               !strcmp(squeezed(node, "type", id, sizeof id), "cite") ||
               strstr(squeezed(node, "style", style, sizeof style), "border-left");
}

char *html_charset(const char *bytes, size_t size)
{
        char head[2048 + 1];
        const char *p;
        size_t n = size < sizeof head - 1 ? size : sizeof head - 1;

        for (size_t i = 0; i < n; i++)
                head[i] = bytes[i] ? (char)tolower((unsigned char)bytes[i]) : ' ';
        head[n] = 0;
        p = strstr(head, "charset=");
        if (!p)
                return NULL;
        p += strlen("charset=");
        p += strspn(p, "\"' ");
        return xstrndup(p, strcspn(p, "\"'; >/\r\n"));
}

bool html_says_more(const char *html)
{
        static const char *const signs[] = { "<table", "<s>", "<s ", "<strike", "<del", "line-through", "<u>",
                "underline", "<input", "<select", "<textarea", "wingdings", NULL };

        for (size_t i = 0; signs[i]; i++)
                if (strcasestr(html, signs[i]))
                        return true;
        return false;
}

size_t html_text_size(const char *html)
{
        size_t size = 0;

        while (*html) {
                const char *end = NULL;

                if (*html != '<') {
                        size += (unsigned char)*html++ > ' ';
                        continue;
                }
                if (str_starts_nocase(html, "<style"))
                        end = strcasestr(html, "</style");
                else if (str_starts(html, "<!--"))
                        end = strstr(html, "-->");
                end = strchr(end ? end : html, '>');
                if (!end)
                        break;
                html = end + 1;
        }
        return size;
}
