/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/pdf_form.h"

#include <glib.h>
#include <math.h>
#include <poppler.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "page/page.h"

enum { VALUE_MAX = 16 * 1024, CHOICES_MAX = 1000, TURNED_MAX = 20 };

/* In points. */
#define SAME_PLACE 1.0

/* poppler counts these from the lower left corner. */
static struct page_rect place_of(const struct page *page, const PopplerRectangle *r)
{
        struct page_rect at = { r->x1 < r->x2 ? r->x1 : r->x2, page->height - (r->y1 > r->y2 ? r->y1 : r->y2),
                r->x1 < r->x2 ? r->x2 : r->x1, page->height - (r->y1 > r->y2 ? r->y2 : r->y1) };

        return at;
}

/* With one kind of line ends, without blanks at the end; NULL for nothing. Owned. */
static char *tidy(const char *text)
{
        char *copy, *to;

        if (!text || !g_utf8_validate(text, -1, NULL))
                return NULL;
        copy = to = xstrndup(text, VALUE_MAX);
        for (const char *from = copy; *from; from++)
                if (*from != '\r')
                        *to++ = *from;
                else if (from[1] != '\n')
                        *to++ = '\n';
        while (to > copy && g_ascii_isspace(to[-1]))
                to--;
        *to = '\0';
        return copy;
}

/* ---- fields */

static char *chosen(PopplerFormField *field)
{
        struct buf all = BUF_INIT(VALUE_MAX);
        int count = poppler_form_field_choice_get_n_items(field);
        char *typed = NULL;

        for (int i = 0; i < count && i < CHOICES_MAX; i++) {
                char *item;

                if (!poppler_form_field_choice_is_item_selected(field, i))
                        continue;
                item = poppler_form_field_choice_get_item(field, i);
                if (item)
                        buf_printf(&all, "%s%s", all.size ? "\n" : "", item);
                g_free(item);
        }
        if (all.size == 0 && poppler_form_field_choice_is_editable(field))
                typed = poppler_form_field_choice_get_text(field);
        if (typed)
                buf_puts(&all, typed);
        g_free(typed);
        buf_add(&all, "", 0);
        return buf_detach(&all, NULL);
}

static void add_value(struct page *page, const struct page_rect *at, const char *value, const char *name)
{
        struct page_control *control = page_add_control(page, PAGE_CONTROL_TEXT, *at);

        if (!control)
                return;
        control->text = tidy(value);
        control->name = tidy(name);
}

static void add_button(
    struct page *page, const struct page_rect *at, PopplerFormField *field, const char *name)
{
        struct page_control *control;

        if (poppler_form_field_button_get_button_type(field) == POPPLER_FORM_BUTTON_PUSH)
                return;
        control = page_add_control(page, PAGE_CONTROL_BOX, *at);
        if (!control)
                return;
        control->on = poppler_form_field_button_get_state(field);
        control->name = tidy(name);
}

static void add_field(struct page *page, const struct page_rect *at, PopplerFormField *field)
{
        char *name = poppler_form_field_get_name(field), *value = NULL;

        switch (poppler_form_field_get_field_type(field)) {
        case POPPLER_FORM_FIELD_TEXT:
                value = poppler_form_field_text_get_text(field);
                add_value(page, at, value, name);
                g_free(value);
                break;
        case POPPLER_FORM_FIELD_CHOICE:
                value = chosen(field);
                add_value(page, at, value, name);
                free(value);
                break;
        case POPPLER_FORM_FIELD_BUTTON:
                add_button(page, at, field, name);
                break;
        default:
                break;
        }
        g_free(name);
}

/* Where a place on the page is after so many quarter turns clockwise. */
static PopplerRectangle turned(const struct page *page, const PopplerRectangle *r, int turns)
{
        const PopplerRectangle all[] = { *r, { r->y1, page->height - r->x2, r->y2, page->height - r->x1 },
                { page->width - r->x2, page->height - r->y2, page->width - r->x1, page->height - r->y1 },
                { page->width - r->y2, r->x1, page->width - r->y1, r->x2 } };

        return all[turns];
}

static bool is_widget_at(GList *annots, const PopplerRectangle *r)
{
        for (GList *item = annots; item; item = item->next) {
                const PopplerAnnotMapping *mapping = item->data;

                if (fabs(mapping->area.x1 - r->x1) < SAME_PLACE &&
                    fabs(mapping->area.y1 - r->y1) < SAME_PLACE &&
                    fabs(mapping->area.x2 - r->x2) < SAME_PLACE &&
                    fabs(mapping->area.y2 - r->y2) < SAME_PLACE &&
                    poppler_annot_get_annot_type(mapping->annot) == POPPLER_ANNOT_WIDGET)
                        return true;
        }
        return false;
}

/* poppler turns the places of annotations with the page, but not those of fields, which are annotations too: how often
 * it is turned. */
static int turns_of(const struct page *page, GList *fields, GList *annots)
{
        for (int turns = 0; turns < 4; turns++) {
                bool all = true;
                int looked = 0;

                for (GList *item = fields; item && all && looked < TURNED_MAX; item = item->next, looked++) {
                        PopplerRectangle r =
                            turned(page, &((const PopplerFormFieldMapping *)item->data)->area, turns);

                        all = is_widget_at(annots, &r);
                }
                if (all)
                        return turns;
        }
        return 0;
}

static void add_fields(PopplerPage *source, GList *annots, struct page *page)
{
        GList *list = poppler_page_get_form_field_mapping(source);
        int turns = turns_of(page, list, annots);

        for (GList *item = list; item; item = item->next) {
                const PopplerFormFieldMapping *mapping = item->data;
                PopplerRectangle r = turned(page, &mapping->area, turns);
                struct page_rect at = place_of(page, &r);

                add_field(page, &at, mapping->field);
        }
        poppler_page_free_form_field_mapping(list);
}

/* ---- annotations */

static void add_note(struct page *page, const struct page_rect *at, PopplerAnnot *annot)
{
        char *contents = poppler_annot_get_contents(annot);
        char *text = tidy(contents);
        struct page_control *control =
            !str_is_empty(text) ? page_add_control(page, PAGE_CONTROL_NOTE, *at) : NULL;

        if (control)
                control->text = text;
        else
                free(text);
        g_free(contents);
}

/* In points. */
#define NEAR 6.0

/* The share of a word's height where its strike or underline would be drawn. */
#define THROUGH 0.55
#define UNDER 0.95

static void add_stroke(struct page *page, const struct page_rect *at, double share)
{
        double y = at->y0 + share * (at->y1 - at->y0);

        page_add_rule(page, (struct page_rect){ at->x0, y, at->x1, y });
}

static struct page_rect around(const struct page *page, const PopplerQuadrilateral *q)
{
        PopplerRectangle r = { fmin(fmin(q->p1.x, q->p2.x), fmin(q->p3.x, q->p4.x)),
                fmin(fmin(q->p1.y, q->p2.y), fmin(q->p3.y, q->p4.y)),
                fmax(fmax(q->p1.x, q->p2.x), fmax(q->p3.x, q->p4.x)),
                fmax(fmax(q->p1.y, q->p2.y), fmax(q->p3.y, q->p4.y)) };

        return place_of(page, &r);
}

static void add_marked(struct page *page, const struct page_rect *at, double share)
{
        if (share > 0)
                add_stroke(page, at, share);
        else
                page_add_scrawl(page, *at);
}

static bool is_within(const struct page_rect *r, const struct page_rect *outer)
{
        return r->x0 >= outer->x0 - NEAR && r->x1 <= outer->x1 + NEAR && r->y0 >= outer->y0 - NEAR &&
               r->y1 <= outer->y1 + NEAR;
}

/* poppler does not turn the four-cornered places with the page: then all of the annotation's stands for them. */
static void add_markup(struct page *page, const struct page_rect *at, PopplerAnnot *annot, double share)
{
        GArray *quads = poppler_annot_text_markup_get_quadrilaterals(POPPLER_ANNOT_TEXT_MARKUP(annot));
        bool found = quads && quads->len > 0;

        for (guint i = 0; quads && i < quads->len; i++) {
                struct page_rect r = around(page, &g_array_index(quads, PopplerQuadrilateral, i));

                found = found && is_within(&r, at);
        }
        for (guint i = 0; found && i < quads->len; i++) {
                struct page_rect r = around(page, &g_array_index(quads, PopplerQuadrilateral, i));

                add_marked(page, &r, share);
        }
        if (!found)
                add_marked(page, at, share);
        if (quads)
                g_array_unref(quads);
}

/* A line laid over words: flat ones strike or underline, others are for a person to understand. */
static void add_line(struct page *page, const struct page_rect *at)
{
        double width = at->x1 - at->x0, height = at->y1 - at->y0;

        if (height < width / 3 && height < 14)
                add_stroke(page, at, 0.5);
        else
                page_add_scrawl(page, *at);
}

static void add_annot(struct page *page, const struct page_rect *at, PopplerAnnot *annot)
{
        if (poppler_annot_get_flags(annot) & (POPPLER_ANNOT_FLAG_HIDDEN | POPPLER_ANNOT_FLAG_NO_VIEW))
                return;
        switch (poppler_annot_get_annot_type(annot)) {
        case POPPLER_ANNOT_FREE_TEXT:
                add_note(page, at, annot);
                break;
        case POPPLER_ANNOT_STRIKE_OUT:
                add_markup(page, at, annot, THROUGH);
                break;
        case POPPLER_ANNOT_UNDERLINE:
        case POPPLER_ANNOT_SQUIGGLY:
                add_markup(page, at, annot, UNDER);
                break;
        case POPPLER_ANNOT_HIGHLIGHT:
                add_markup(page, at, annot, 0);
                break;
        case POPPLER_ANNOT_LINE:
                add_line(page, at);
                break;
        case POPPLER_ANNOT_CIRCLE:
        case POPPLER_ANNOT_SQUARE:
        case POPPLER_ANNOT_INK:
        case POPPLER_ANNOT_POLYGON:
        case POPPLER_ANNOT_POLY_LINE:
                page_add_scrawl(page, *at);
                break;
        default:
                break;
        }
}

void pdf_form(PopplerPage *source, struct page *page)
{
        GList *annots = poppler_page_get_annot_mapping(source);

        add_fields(source, annots, page);
        for (GList *item = annots; item; item = item->next) {
                const PopplerAnnotMapping *mapping = item->data;
                struct page_rect at = place_of(page, &mapping->area);

                add_annot(page, &at, mapping->annot);
        }
        poppler_page_free_annot_mapping(annots);
}
