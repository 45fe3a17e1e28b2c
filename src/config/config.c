/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "config/option.h"
#include "config/parts.h"

const char *config_tls_name(enum config_tls tls)
{
        static const char *const names[] = { [CONFIG_TLS_IMPLICIT] = "implicit",
                [CONFIG_TLS_STARTTLS] = "starttls",
                [CONFIG_TLS_NONE] = "none" };

        return names[tls];
}

int config_language(const char *language)
{
        if (str_equal(language, "pl"))
                return 0;
        return str_equal(language, "en") ? 1 : -1;
}

int config_line(const struct config *config, const char *path)
{
        return service_line(config, path);
}

bool config_uses_token(const struct config_server *server)
{
        return str_equal(server->auth, "xoauth2");
}

const struct event *config_event(const struct config *config, const char *id)
{
        for (size_t i = 0; i < config->event_count; i++)
                if (str_equal(config->events[i].id, id))
                        return &config->events[i];
        return NULL;
}

/* ---- the end of it */
static void free_server(struct config_server *server)
{
        free(server->host);
        free(server->ca_file);
        free(server->user);
        free(server->auth);
        free(server->password_file);
        free(server->token_file);
}

static void free_mail(struct config *config)
{
        free_server(&config->mailbox.server);
        free(config->mailbox.folder);
        free(config->mailbox.mark);
        free(config->mailbox.sent_folder);
        free(config->mailbox.authserv_id);
        str_list_free(&config->mailbox.trusted_received_by);
        free_server(&config->smtp.server);
        oauth_free(&config->oauth);
        free(config->smtp.from);
        free(config->smtp.from_name);
        free(config->smtp.from_address);
}

void config_free(struct config *config)
{
        if (!config)
                return;
        free_mail(config);
        free(config->file);
        free(config->lines);
        free(config->coordinator_email);
        free(config->digest_at);
        free(config->timezone);
        free(config->store_path);
        free(config->events_dir);
        free(config->letters_dir);
        free(config->page_dir);
        for (size_t i = 0; i < config->event_count; i++)
                event_free(&config->events[i]);
        free(config->events);
        for (int language = 0; language < 2; language++)
                for (int kind = 0; kind < LETTER_COUNT; kind++)
                        letter_template_free(config->letters[language][kind]);
        free(config);
}

void config_problems_free(struct config_problems *problems)
{
        for (size_t i = 0; i < problems->count; i++) {
                free(problems->items[i].file);
                free(problems->items[i].text);
        }
        free(problems->items);
        *problems = (struct config_problems){ 0 };
}

char *config_problem_text(const struct config_problem *problem)
{
        const char *kind = problem->warning ? "warning: " : "";

        if (problem->line == 0)
                return xasprintf("%s: %s%s", problem->file, kind, problem->text);
        return xasprintf("%s:%d: %s%s", problem->file, problem->line, kind, problem->text);
}

/* ---- reading */
/* By line within a file; files stay in the order of reading. */
static void sort(struct config_problems *problems)
{
        for (size_t i = 1; i < problems->count; i++) {
                struct config_problem moving = problems->items[i];
                size_t j = i;

                for (; j > 0 && str_equal(problems->items[j - 1].file, moving.file) &&
                       problems->items[j - 1].line > moving.line;
                     j--)
                        problems->items[j] = problems->items[j - 1];
                problems->items[j] = moving;
        }
}

static bool any_error(const struct config_problems *problems)
{
        for (size_t i = 0; i < problems->count; i++)
                if (!problems->items[i].warning)
                        return true;
        return false;
}

static char *folder_of(const char *file)
{
        CLEANUP_FREE char *folder = xstrdup(file);
        char *slash = strrchr(folder, '/');
        CLEANUP_FREE char *real = NULL;

        if (slash)
                slash[slash == folder] = '\0';
        real = realpath(slash ? folder : ".", NULL);
        return xstrdup(real ? real : folder);
}

struct config *config_plain(void)
{
        struct config *config = xcalloc(1, sizeof *config);

        config->file = xstrdup("");
        service_plain(config);
        return config;
}

int config_load(const char *file, struct config **ret_config, struct config_problems *ret_problems)
{
        struct config_problems problems = { 0 };
        CLEANUP_FREE char *folder = folder_of(file);
        struct option_reader reader = { .problems = &problems, .file = file, .folder = folder };
        struct config *config = xcalloc(1, sizeof *config);
        bool wrong;

        config->file = xstrdup(file);
        if (service_read(&reader, config) == 0) {
                training_read_all(&reader, config);
                texts_read_all(&reader, config);
        }
        sort(&problems);
        wrong = any_error(&problems);
        *ret_problems = problems;
        if (wrong) {
                config_free(config);
                config = NULL;
        }
        *ret_config = config;
        return wrong ? -1 : 0;
}
