/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/choice.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/document.h"
#include "core/events.h"
#include "core/fold.h"
#include "core/form.h"
#include "core/sheet.h"
#include "core/wordings.h"

enum { PREFIX_MIN = 4 };

#define SURE 0.97
#define FAIR 0.85
#define DOUBTFUL 0.7
#define UNCLEAR 0.5 /* a box that is perhaps ticked */
#define CONTRADICTORY 0.4

/* ---- judging */

/* A set of options as bits; configured options beyond the 32nd are never chosen by mark. */
static unsigned bit(int option)
{
        return option >= 0 && option < 32 ? 1U << option : 0;
}

static int lowest(unsigned set)
{
        for (int i = 0; i < 32; i++)
                if (set & (1U << i))
                        return i;
        return -1;
}

static bool is_single(unsigned set)
{
        return set != 0 && (set & (set - 1)) == 0;
}

static bool is_mark(const struct events *list, size_t i)
{
        return list->items[i].kind == EVENT_BOX || list->items[i].kind == EVENT_CROSS;
}

/* Whether boxes stand before their options: told by which of the two comes first. */
static bool marks_lead(const struct events *list)
{
        for (size_t i = 0; i < list->count; i++) {
                if (list->items[i].kind == EVENT_OPTION)
                        return false;
                if (is_mark(list, i))
                        return true;
        }
        return true;
}

/* "☐ A x ☐ B": behind an option, and before the next one's own empty box. */
static bool is_between(const struct events *list, size_t mark)
{
        return list->items[mark].on && mark > 0 && mark + 1 < list->count &&
               list->items[mark - 1].kind == EVENT_OPTION && list->items[mark + 1].kind == EVENT_BOX &&
               !list->items[mark + 1].on;
}

/* The options with a ticked box or a cross where a box belongs. */
static unsigned ticked_by_box(const struct events *list)
{
        bool lead = marks_lead(list), on = false;
        unsigned set = 0;
        int option = -1;

        for (size_t i = 0; i < list->count; i++) {
                if (is_mark(list, i)) {
                        if ((!lead && list->items[i].on) || is_between(list, i))
                                set |= bit(option);
                        on = list->items[i].on || (on && i > 0 && is_mark(list, i - 1));
                } else if (list->items[i].kind == EVENT_OPTION) {
                        option = list->items[i].option;
                        if (lead && on)
                                set |= bit(option);
                        on = false;
                }
        }
        return set;
}

/* "TAK X   NIE": a cross between two options belongs to the nearer one; to both when that cannot be told. */
static unsigned nearest(const struct events *list, size_t cross)
{
        unsigned before = list->items[cross].gap, behind;

        if (cross == 0 || cross + 1 >= list->count || list->items[cross - 1].kind != EVENT_OPTION ||
            list->items[cross + 1].kind != EVENT_OPTION)
                return ticked_by_box(list);
        behind = list->items[cross + 1].gap;
        return (before <= behind ? bit(list->items[cross - 1].option) : 0) |
               (behind <= before ? bit(list->items[cross + 1].option) : 0);
}

/* Crosses without boxes belong to the option of their group: "TAK x / NIE", or a line each. */
static unsigned ticked_by_cross(const struct events *list)
{
        unsigned set = 0, group = 0;
        bool cross = false;
        size_t at = 0;

        for (size_t i = 0; i < list->count; i++) {
                if (list->items[i].kind == EVENT_OPTION)
                        group |= bit(list->items[i].option);
                if (list->items[i].kind == EVENT_CROSS)
                        at = i;
                cross = cross || list->items[i].kind == EVENT_CROSS;
                if (list->items[i].kind != EVENT_SEPARATOR)
                        continue;
                if (cross && !is_single(group) && group != 0)
                        return list->crosses == 1 ? nearest(list, at) : ticked_by_box(list);
                if (cross)
                        set |= group;
                group = 0;
                cross = false;
        }
        return set;
}

/* Options of which some occurrence has (or, with wanted 0, lacks) the mark. */
static unsigned with_mark(const struct events *list, unsigned mark, unsigned wanted)
{
        unsigned set = 0;

        for (size_t i = 0; i < list->count; i++)
                if (list->items[i].kind == EVENT_OPTION && (list->items[i].marks & mark) == wanted)
                        set |= bit(list->items[i].option);
        return set;
}

/* Options that are struck where they are last named ("A / B / C (zakreślić): ~A~ ~B~ C"), or those that are not. */
static unsigned last_named(const struct events *list, bool struck)
{
        unsigned set = 0, seen = 0;

        for (size_t i = list->count; i-- > 0;) {
                unsigned option = bit(list->items[i].option);

                if (list->items[i].kind != EVENT_OPTION || (seen & option))
                        continue;
                seen |= option;
                if (((list->items[i].marks & RUN_STRIKE) != 0) == struck)
                        set |= option;
        }
        return set;
}

/* Where the printed options end: all of them, each once, and again as often as no other words stand among them. */
static size_t printed_end(const struct events *list, unsigned all)
{
        unsigned left = all;
        size_t end = 0, words = 0;

        for (size_t i = 0; i < list->count; i++) {
                if (list->items[i].kind != EVENT_OPTION)
                        continue;
                if (left == all)
                        words = list->items[i].words;
                if (end > 0 && list->items[i].words > words)
                        break;
                if (!(left & bit(list->items[i].option)))
                        break;
                left &= ~bit(list->items[i].option);
                if (left != 0)
                        continue;
                end = i + 1;
                left = all;
        }
        return end;
}

/* What is said after the printed options: "TAK / NIE  tak, poproszę". -1: nothing, or more than one of them. */
static int option_after(const struct events *list, unsigned printed)
{
        int option = -1;
        size_t from = printed_end(list, printed);

        for (size_t i = from; i < list->count && from > 0; i++) {
                if (list->items[i].kind != EVENT_OPTION)
                        continue;
                if (option >= 0 && option != list->items[i].option)
                        return -1;
                option = list->items[i].option;
        }
        return option;
}

/* Nothing after the printed options. */
static bool is_only_printed(const struct events *list, unsigned printed)
{
        size_t end = printed_end(list, printed);

        for (size_t i = end; i < list->count; i++)
                if (list->items[i].kind == EVENT_OPTION)
                        return false;
        return end > 0;
}

static int first_option(const struct events *list)
{
        for (size_t i = 0; i < list->count; i++)
                if (list->items[i].kind == EVENT_OPTION)
                        return list->items[i].option;
        return -1;
}

static size_t size_of(unsigned set)
{
        size_t count = 0;

        for (; set != 0; set &= set - 1)
                count++;
        return count;
}

struct verdict {
        int option;
        double confidence;
};

static struct verdict by_ticks(const struct events *list)
{
        unsigned set = list->boxes > 0 ? ticked_by_box(list) : ticked_by_cross(list);

        return (struct verdict){ lowest(set), is_single(set) ? SURE : CONTRADICTORY };
}

/* Struck, underlined, bold: a mark that some options have and others lack. */
static struct verdict by_marks(const struct events *list)
{
        static const unsigned emphasis[] = { RUN_UNDERLINE, RUN_BOLD };
        unsigned all = with_mark(list, 0, 0), live = last_named(list, false);

        if (live != 0 && last_named(list, true) != 0 && (is_single(live) || size_of(live) < size_of(all)))
                return (struct verdict){ lowest(live), is_single(live) ? SURE : CONTRADICTORY };
        for (size_t i = 0; i < 2; i++) {
                unsigned set = with_mark(list, emphasis[i], emphasis[i]);
                if (is_single(set) && set != all)
                        return (struct verdict){ lowest(set), 0.9 };
        }
        return (struct verdict){ -1, 0 };
}

/* Of all options this one was struck, not the others. */
static bool is_struck_only(const struct events *list, int option)
{
        unsigned struck = with_mark(list, RUN_STRIKE, RUN_STRIKE);

        return (struck & bit(option)) && struck != with_mark(list, 0, 0);
}

/* Written: alone, after the printed options once more, or somewhere in a sentence. */
static struct verdict by_words(const struct field *field, const struct events *list)
{
        unsigned all = with_mark(list, 0, 0);
        bool printed = size_of(all) == wordings_options(field) && size_of(all) > 1;

        if (all == 0 || with_mark(list, RUN_STRIKE, 0) == 0)
                return (struct verdict){ -1, 0 };
        if (is_single(all))
                return (struct verdict){ lowest(all), list->denied || list->doubted ? CONTRADICTORY
                                                      : list->other_words == 0      ? SURE
                                                      : list->other_words <= 6      ? FAIR
                                                                                    : DOUBTFUL };
        if (list->doubted)
                return (struct verdict){ -1, 0 };
        if (printed && option_after(list, all) >= 0)
                return (struct verdict){ option_after(list, all),
                        is_struck_only(list, option_after(list, all)) ? CONTRADICTORY : FAIR };
        if (printed && is_only_printed(list, all) &&
            (list->other_words == 0 || list->slashes > 0 || field->type == FIELD_CHOICE))
                return (struct verdict){ -1, 0 };
        return list->other_words > 0 ? (struct verdict){ first_option(list), CONTRADICTORY }
                                     : (struct verdict){ -1, 0 };
}

/* Beside a box that is clearly ticked, those that perhaps are, are not. */
static void settle(struct events *list)
{
        bool clear = false;

        for (size_t i = 0; i < list->count; i++)
                clear = clear || (is_mark(list, i) && list->items[i].on && !list->items[i].unclear);
        for (size_t i = 0; i < list->count && clear; i++)
                list->items[i].on = list->items[i].on && !list->items[i].unclear;
}

static struct choice single_box(const struct events *list)
{
        bool on = list->crosses > 0;

        for (size_t i = 0; i < list->count; i++)
                on = on || (list->items[i].kind == EVENT_BOX && list->items[i].on);
        if (list->unclear && !on)
                return (struct choice){ .offered = true };
        return (struct choice){ .value = on ? "yes" : "no",
                .confidence = list->unclear ? UNCLEAR
                              : on          ? SURE
                                            : 0.9,
                .weak = !on,
                .offered = true };
}

static void judge(const struct field *field, struct events *list, struct choice *choice)
{
        struct verdict verdict = { -1, 0 };

        choice->offered = list->options > 0 || list->boxes > 0;
        if (list->lost)
                return;
        settle(list);
        if (list->options == 0 && list->boxes <= 1 && list->crosses <= 1 && list->boxes + list->crosses > 0 &&
            field->type != FIELD_CHOICE) { /* "☐ x": beside the box */
                *choice = single_box(list);
                return;
        }
        if (list->boxes + list->crosses > 0)
                verdict = by_ticks(list);
        if (verdict.option < 0)
                verdict = by_marks(list);
        if (verdict.option < 0 && list->boxes == 0)
                verdict = by_words(field, list);
        else if (verdict.option < 0 && list->crosses == 0 && field->type != FIELD_CHOICE &&
                 list->other_words == 0) /* "[ ] TAK  [ ] NIE  - tak" */
                verdict = (struct verdict){ option_after(list, with_mark(list, 0, 0)), FAIR };
        if (verdict.option < 0)
                return;
        choice->value = wordings_text(field, (size_t)verdict.option, 0);
        choice->confidence = list->unclear && verdict.confidence > UNCLEAR ? UNCLEAR : verdict.confidence;
}

void choice_read(const struct field *field, const struct sheet *sheet, const struct span *spans, size_t count,
    struct choice *ret_choice)
{
        struct events *list = xcalloc(1, sizeof *list);
        struct wordings wordings = wordings_of(field);

        *ret_choice = (struct choice){ 0 };
        for (size_t i = 0; i < count; i++)
                events_collect(&wordings, field->type == FIELD_CHOICE, sheet, &spans[i], list);
        wordings_free(&wordings);
        judge(field, list, ret_choice);
        free(list);
}

bool choice_is_options(const struct field *field, const struct sheet *sheet, const struct span *span)
{
        struct events *list = xcalloc(1, sizeof *list);
        struct wordings wordings = wordings_of(field);
        bool options;

        events_collect(&wordings, false, sheet, span, list);
        options = list->options > 0 && list->other_words == 0 && list->count < EVENTS_MAX;
        wordings_free(&wordings);
        free(list);
        return options;
}

/* ---- without marks */

/* "wege" for the only option that begins so. */
static const char *by_prefix(const struct field *field, const char *key)
{
        struct wordings wordings = wordings_of(field);
        int found = -1;
        bool single = strlen(key) >= PREFIX_MIN;

        for (size_t i = 0; i < wordings.count && single; i++) {
                if (strncmp(wordings.items[i].key, key, strlen(key)) != 0)
                        continue;
                single = found < 0 || found == wordings.items[i].option;
                found = wordings.items[i].option;
        }
        wordings_free(&wordings);
        return single && found >= 0 ? wordings_text(field, (size_t)found, 0) : NULL;
}

static const char *by_reading(const struct field *field, const char *raw)
{
        struct sheet sheet;
        struct choice choice;
        struct span span = { 0 };

        sheet_init_text(&sheet, raw);
        span.end = sheet.token_count;
        choice_read(field, &sheet, &span, 1, &choice);
        sheet_free(&sheet);
        return choice.confidence >= DOUBTFUL && !choice.weak ? choice.value : NULL;
}

char *choice_normalise(const struct field *field, const char *raw)
{
        CLEANUP_FREE char *key = fold_key(raw);
        const char *value = NULL;

        for (size_t i = 0; i < wordings_options(field) && value == NULL; i++)
                if (strcmp(wordings_text(field, i, 0), raw) == 0)
                        value = wordings_text(field, i, 0);
        if (value == NULL)
                value = by_reading(field, raw);
        if (value == NULL)
                value = by_prefix(field, key);
        return value != NULL ? xstrdup(value) : NULL;
}
