/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pick.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/zone.h"

/* Years 1 to 9999: what can be shown. */
static const int64_t instant_min = -62135596800, instant_max = 253402300799;

struct pick pick_open(const json_t *object, struct err *err)
{
        struct pick pick = { .object = object, .err = err };

        if (!json_is_object(object)) {
                err_set(err, ERR_INPUT, "not a JSON object");
                pick.failed = true;
        }
        return pick;
}

struct pick pick_below(struct pick *parent, const json_t *object)
{
        if (parent->failed)
                return (struct pick){ .failed = true };
        return pick_open(object, parent->err);
}

void pick_close(struct pick *parent, const struct pick *child)
{
        parent->failed = parent->failed || child->failed;
}

void pick_fail(struct pick *pick, const char *key)
{
        if (!pick->failed)
                err_set(pick->err, ERR_INPUT, "a record without a good \"%s\"", key);
        pick->failed = true;
}

static const json_t *member(struct pick *pick, const char *key)
{
        return pick->failed ? NULL : json_object_get(pick->object, key);
}

char *pick_item(struct pick *pick, const json_t *item, const char *key, size_t max)
{
        const char *text = json_string_value(item);
        size_t size = json_string_length(item);

        if (pick->failed || !text || size > max || !str_is_utf8(text, size)) {
                pick_fail(pick, key);
                return NULL;
        }
        return xstrndup(text, size);
}

char *pick_text(struct pick *pick, const char *key, size_t max)
{
        return pick_item(pick, member(pick, key), key, max);
}

char *pick_text_or_null(struct pick *pick, const char *key, size_t max)
{
        const json_t *json = member(pick, key);

        return json_is_null(json) ? NULL : pick_item(pick, json, key, max);
}

char *pick_text_if_there(struct pick *pick, const char *key, size_t max)
{
        return member(pick, key) ? pick_text_or_null(pick, key, max) : NULL;
}

int64_t pick_integer(struct pick *pick, const char *key, int64_t min, int64_t max)
{
        const json_t *json = member(pick, key);

        if (!json_is_integer(json) || json_integer_value(json) < min || json_integer_value(json) > max) {
                pick_fail(pick, key);
                return 0;
        }
        return json_integer_value(json);
}

int64_t pick_instant(struct pick *pick, const char *key)
{
        if (json_is_null(member(pick, key)))
                return ZONE_NO_TIME;
        return pick_integer(pick, key, instant_min, instant_max);
}

double pick_share(struct pick *pick, const char *key)
{
        const json_t *json = member(pick, key);
        double share = json_number_value(json);

        if (!json_is_number(json) || !(share >= 0.0 && share <= 1.0)) {
                pick_fail(pick, key);
                return 0.0;
        }
        return share;
}

bool pick_bool(struct pick *pick, const char *key)
{
        const json_t *json = member(pick, key);

        if (!json_is_boolean(json))
                pick_fail(pick, key);
        return json_is_true(json);
}

const json_t *pick_array(struct pick *pick, const char *key, size_t max_count)
{
        const json_t *json = member(pick, key);

        if (!json_is_array(json) || json_array_size(json) > max_count) {
                pick_fail(pick, key);
                return NULL;
        }
        return json;
}

const json_t *pick_object(struct pick *pick, const char *key, size_t max_count)
{
        const json_t *json = member(pick, key);

        if (!json_is_object(json) || json_object_size(json) > max_count) {
                pick_fail(pick, key);
                return NULL;
        }
        return json;
}

void pick_list(
    struct pick *pick, const char *key, size_t max_count, size_t max_item, struct str_list *ret_list)
{
        const json_t *array = pick_array(pick, key, max_count), *item;
        size_t i;

        json_array_foreach(array, i, item)
        {
                char *text = pick_item(pick, item, key, max_item);

                if (!text)
                        return;
                str_list_add_take(ret_list, text);
        }
}

/* ---- */

json_t *put_cut(const char *text, size_t max)
{
        size_t size = strnlen(text, max + 1);
        json_t *json;

        if (size > max)
                for (size = max; size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80;)
                        size--;
        json = json_stringn(text, size);
        return json ? json : json_string("");
}

void put_text(json_t *object, const char *key, const char *text, size_t max)
{
        json_object_set_new(object, key, text ? put_cut(text, max) : json_null());
}

void put_instant(json_t *object, const char *key, int64_t instant)
{
        json_object_set_new(object, key,
            instant >= instant_min && instant <= instant_max ? json_integer(instant) : json_null());
}

void put_list(json_t *object, const char *key, const struct str_list *list, size_t max_count, size_t max_item,
    size_t budget)
{
        json_t *array = json_array();

        for (size_t i = 0; i < list->count && json_array_size(array) < max_count; i++) {
                size_t size = strlen(list->items[i]) + 4;

                if (size > max_item + 4)
                        size = max_item + 4;
                if (size > budget)
                        break;
                budget -= size;
                json_array_append_new(array, put_cut(list->items[i], max_item));
        }
        json_object_set_new(object, key, array);
}
