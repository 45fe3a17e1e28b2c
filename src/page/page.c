/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/page.h"

#include <stdlib.h>

#include "base/mem.h"

/* Grows *items when it is full; false when there are enough. */
static bool has_room(void **items, size_t count, size_t *room, size_t size)
{
        if (count >= PAGE_THINGS)
                return false;
        if (count == *room) {
                *room = *room * 2 + 32;
                *items = xreallocarray(*items, *room, size);
        }
        return true;
}

#define HAS_ROOM(items, count, room) has_room((void **)&(items), count, &(room), sizeof *(items))

struct page_word *page_add_word(struct page *page, const char *text, size_t size, struct page_rect at)
{
        if (!HAS_ROOM(page->words, page->word_count, page->word_room))
                return NULL;
        page->words[page->word_count] = (struct page_word){ .text = xstrndup(text, size), .at = at };
        return &page->words[page->word_count++];
}

struct page_rule *page_add_rule(struct page *page, struct page_rect at)
{
        if (!HAS_ROOM(page->rules, page->rule_count, page->rule_room))
                return NULL;
        page->rules[page->rule_count] = (struct page_rule){ .at = at };
        return &page->rules[page->rule_count++];
}

struct page_box *page_add_box(struct page *page, struct page_rect at, bool on)
{
        if (!HAS_ROOM(page->boxes, page->box_count, page->box_room))
                return NULL;
        page->boxes[page->box_count] = (struct page_box){ .at = at, .on = on };
        return &page->boxes[page->box_count++];
}

struct page_control *page_add_control(struct page *page, enum page_control_kind kind, struct page_rect at)
{
        if (!HAS_ROOM(page->controls, page->control_count, page->control_room))
                return NULL;
        page->controls[page->control_count] = (struct page_control){ .kind = kind, .at = at };
        return &page->controls[page->control_count++];
}

struct page_rect *page_add_scrawl(struct page *page, struct page_rect at)
{
        if (!HAS_ROOM(page->scrawls, page->scrawl_count, page->scrawl_room))
                return NULL;
        page->scrawls[page->scrawl_count] = at;
        return &page->scrawls[page->scrawl_count++];
}

void page_take_controls(struct page *page, struct page *from)
{
        page->controls = from->controls;
        page->control_count = from->control_count;
        page->control_room = from->control_room;
        from->controls = NULL;
        from->control_count = from->control_room = 0;
}

void page_free(struct page *page)
{
        for (size_t i = 0; i < page->word_count; i++) {
                free(page->words[i].text);
                free(page->words[i].edges);
        }
        for (size_t i = 0; i < page->control_count; i++) {
                free(page->controls[i].text);
                free(page->controls[i].name);
        }
        free(page->words);
        free(page->rules);
        free(page->boxes);
        free(page->controls);
        free(page->scrawls);
        *page = (struct page){ 0 };
}
