/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "core/digest.h"
#include "core/event.h"
#include "core/zone.h"

static char title[] = "Model współpracy", zone[] = "Europe/Warsaw", id[] = "model";
static const struct event training = { .id = id,
        .title = title,
        .timezone = zone,
        .starts = 1327564800,
        .ends = 1327586400,
        .deadline = 1327330800,
        .seats = 30 };

static struct digest_data data_of(struct digest_event *event, const char *language)
{
        *event = (struct digest_event){ .event = &training, .seats_taken = 12, .waiting = 3 };
        event->count[STATUS_ACCEPTED] = 11;
        event->count[STATUS_HELD] = 1;
        return (struct digest_data){ .now = 1327300200,
                .since = ZONE_NO_TIME,
                .zone = zone,
                .language = language,
                .coordinator_name = "Agnieszka Szuba",
                .events = event,
                .event_count = 1 };
}

static void contains(const char *text, const char *part)
{
        if (!strstr(text, part))
                fail_msg("\"%s\" not in:\n%s", part, text);
}

static void polish(void **state)
{
        struct digest_line fresh[] = { { "model", "MW-7K3M", "Jan Kowalski,\nFundacja", "held", 1327300100 },
                { "model", "", "wiadomość bez formularza", "asks to sign up", ZONE_NO_TIME } };
        struct digest_event event;
        struct digest_data data = data_of(&event, "pl");
        char *v[LP_COUNT];

        (void)state;
        data.since = 1327213800;
        data.fresh = fresh;
        data.fresh_count = 2;
        data.fetched = 9;
        data.in_progress = 1;
        data.outcomes[OUTCOME_REGISTERED] = 5;
        data.outcomes[OUTCOME_IGNORED] = 3;
        digest_fill(&data, v);
        assert_string_equal(v[LP_DAY], "poniedziałek, 23 stycznia 2012");
        contains(v[LP_EVENTS],
            "Model współpracy (26 stycznia 2012, 9:00)\n  termin zgłoszeń: 23 stycznia 2012, 16:00\n"
            "  zajęte: 12, sala: 30 miejsc, na liście oczekujących: 3 osoby\n"
            "  przyjęte: 11, czeka na sprawdzenie: 1");
        assert_string_equal(v[LP_NEW],
            "(od: 22 stycznia 2012, 7:30)\n"
            "- 23 stycznia 2012, 7:28, MW-7K3M: Jan Kowalski, Fundacja (czeka na sprawdzenie)\n"
            "- wiadomość bez formularza (asks to sign up)");
        assert_string_equal(v[LP_WAITING_LIST], "brak");
        assert_string_equal(v[LP_ALARMS], "brak");
        contains(v[LP_BALANCE], "zarejestrowane: 5\n");
        contains(v[LP_BALANCE], "Razem: 9, odebrane: 9. Rachunek się zgadza.");
        assert_true(digest_balanced(&data));
        assert_null(v[LP_FIELDS]);
        letter_values_free(v);
}

static void gap(void **state)
{
        struct digest_event event;
        struct digest_data data = data_of(&event, "en");
        char *v[LP_COUNT];

        (void)state;
        data.fetched = 2;
        data.outcomes[OUTCOME_NOTED] = 1;
        assert_false(digest_balanced(&data));
        digest_fill(&data, v);
        contains(v[LP_BALANCE], "IT DOES NOT ADD UP");
        assert_string_equal(v[LP_NEW], "none");
        assert_string_equal(v[LP_DAY], "Monday, 23 January 2012");
        letter_values_free(v);
}

static void long_lists(void **state)
{
        static struct digest_line lines[DIGEST_LINES + 23];
        static char text[20000];
        struct digest_event event;
        struct digest_data data = data_of(&event, "pl");
        char *v[LP_COUNT];
        size_t count = 0;

        (void)state;
        memset(text, 'x', sizeof text - 1);
        text[299] = '\xc5';
        text[300] = '\x82';
        for (size_t i = 0; i < DIGEST_LINES + 23; i++)
                lines[i] = (struct digest_line){ "other", "MW-7K3M", text, "", 1327300100 };
        data.review = lines;
        data.review_count = DIGEST_LINES + 23;
        data.event_count = 0;
        digest_fill(&data, v);
        contains(v[LP_REVIEW], "... i jeszcze 23");
        for (const char *p = v[LP_REVIEW]; (p = strstr(p, "MW-7K3M")); p++)
                count++;
        assert_int_equal(count, DIGEST_LINES);
        assert_true(strlen(v[LP_REVIEW]) < 50000);
        assert_true(str_is_utf8(v[LP_REVIEW], strlen(v[LP_REVIEW])));
        assert_string_equal(v[LP_EVENTS], "");
        letter_values_free(v);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(polish), cmocka_unit_test(gap),
                cmocka_unit_test(long_lists) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
