/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/odf_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "core/document.h"
#include "read/number.h"
#include "read/odf_text.h"
#include "read/xml.h"

static void put(struct odf *o, const char *text, const struct odf_ways *ways)
{
        draft_text(&o->draft, text, strlen(text), ways->marks | ways->look.marks, NULL);
}

/* "2019-04-12", "2019-04-12T16:00:00" */
static bool put_date(struct odf *o, const char *value, const struct odf_ways *ways)
{
        int year, month, day, used = 0;
        char text[32];

        if (sscanf(value, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 || used != 10 || month < 1 ||
            month > 12 || day < 1 || day > 31)
                return false;
        snprintf(text, sizeof text, "%02d.%02d.%04d", day, month, year);
        put(o, text, ways);
        return true;
}

/* A column that is too narrow shows "###", a general format "5,01E+008". */
static bool is_cut(const char *shown)
{
        return strchr(shown, '#') || strstr(shown, "E+");
}

static bool put_number(struct odf *o, const char *value, const char *shown, const struct odf_ways *ways)
{
        struct buf out = BUF_INIT(LIMIT_FIELD_VALUE);
        char *end;
        double number = strtod(value, &end);
        bool cut = end != value && is_cut(shown);

        if (cut) {
                number_plain(number, &out);
                put(o, buf_text(&out), ways);
        }
        buf_free(&out);
        return cut;
}

bool odf_value(struct odf *o, xmlNodePtr cell, const struct odf_ways *ways)
{
        const char *type = xml_value(cell, "value-type"), *value = xml_value(cell, "value");
        const char *truth = xml_value(cell, "boolean-value"), *date = xml_value(cell, "date-value");
        xmlNodePtr paragraph = xml_child(cell, "p");
        char *shown;
        bool done = false;

        if (ways->look.hidden)
                return true;
        if (str_equal(type, "boolean") && truth) {
                draft_box(&o->draft, !strcmp(truth, "true"), ways->marks | ways->look.marks, NULL);
                return true;
        }
        if (!type || !paragraph)
                return false;
        shown = xml_text(paragraph);
        if (shown && !strcmp(type, "float") && value)
                done = put_number(o, value, shown, ways);
        else if (shown && !strcmp(type, "date") && date)
                done = put_date(o, date, ways);
        xmlFree(shown);
        return done;
}
