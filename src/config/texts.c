/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The letters' texts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "config/config.h"
#include "config/option.h"
#include "config/parts.h"
#include "core/letter.h"

static const char *const languages[2] = { "pl", "en" };

/* "line 7: no such place" becomes the problem's line and the rest. */
static void report(struct option_reader *reader, const char *file, const char *text)
{
        const char *rest = text;
        int line = 0;

        if (str_starts(text, "line ")) {
                char *end;
                long number = strtol(text + strlen("line "), &end, 10);

                if (number > 0 && number < LIMIT_TEMPLATE && str_starts(end, ": ")) {
                        line = (int)number;
                        rest = end + strlen(": ");
                }
        }
        option_problem(reader->problems, file, line, false, xstrdup(rest));
}

static void read_letter(struct option_reader *reader, struct config *config, int language, int kind)
{
        CLEANUP_FREE char *file = xasprintf("%s/%s/%s.txt", config->letters_dir, languages[language],
            letter_kind_name((enum letter_kind)kind));
        struct buf text = BUF_INIT(LIMIT_TEMPLATE);
        struct err err;

        if (io_read_file(file, &text, &err) < 0)
                report(reader, file, err.text);
        else if (!str_is_utf8(buf_text(&text), text.size))
                report(reader, file, "is not UTF-8");
        else if (letter_parse(buf_text(&text), &config->letters[language][kind], &err) < 0)
                report(reader, file, err.text);
        buf_free(&text);
}

void texts_read_all(struct option_reader *reader, struct config *config)
{
        bool used[2] = { true, false }; /* the coordinator's letters are in Polish */

        for (size_t i = 0; i < config->event_count; i++)
                used[config_language(config->events[i].language)] = true;
        for (int language = 0; language < 2; language++)
                for (int kind = 0; used[language] && kind < LETTER_COUNT; kind++)
                        read_letter(reader, config, language, kind);
}
