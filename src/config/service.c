/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zapisyd.conf. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "config/config.h"
#include "config/option.h"
#include "config/parts.h"
#include "core/address.h"
#include "core/schedule.h"
#include "core/zone.h"

struct draft { /* what the table fills; the last three are understood afterwards */
        struct config config;
        char *since;
        int mailbox_tls, smtp_tls;
};

/* Of each in a list too. */
static void check_host(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        if (*text == '\0' || strpbrk(text, " \t/@[]"))
                option_error(reader, setting, "\"%s\" is no name of a server", text);
}

static void check_auth(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        if (!str_equal(text, "xoauth2") && !str_equal(text, "password"))
                option_error(reader, setting, "auth must be one of password|xoauth2, in quotes");
}

static void check_mark(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        if (!str_equal(text, "keyword") && !str_equal(text, "none") &&
            (!str_starts(text, "move:") || str_is_empty(text + strlen("move:"))))
                option_error(reader, setting, "mark must be \"keyword\", \"none\" or \"move:FOLDER\"");
}

static void check_clock(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        int hour, minute;

        if (schedule_clock_parse(text, &hour, &minute) < 0)
                option_error(reader, setting, "digest_at must be a time of the day like \"07:30\"");
}

/* "Name <address>", or the address alone: 0, with owned strings. */
static int split_from(const char *from, char **ret_name, char **ret_address)
{
        const char *open = strchr(from, '<');
        size_t length = strlen(from);
        CLEANUP_FREE char *name = xstrndup(from, open ? (size_t)(open - from) : 0);
        CLEANUP_FREE char *inner = NULL;
        char *bare = str_trim(name);
        size_t size = strlen(bare);

        if (open && from[length - 1] != '>')
                return -1;
        inner = open ? xstrndup(open + 1, strlen(open) - 2) : xstrdup(from);
        *ret_address = address_normalise(str_trim(inner));
        if (!*ret_address)
                return -1;
        if (size >= 2 && bare[0] == '"' && bare[size - 1] == '"') {
                bare[size - 1] = '\0';
                bare = str_trim(bare + 1);
        }
        *ret_name = xstrdup(bare);
        return 0;
}

static void check_from(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        CLEANUP_FREE char *name = NULL;
        CLEANUP_FREE char *address = NULL;

        if (split_from(text, &name, &address) < 0)
                option_error(reader, setting, "from must be \"Name <name@example.org>\"");
}

/* A password that others may read is worth a word; whether it is there shows when it is needed. */
static void check_secret(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        CLEANUP_FREE char *path = *text == '/' ? xstrdup(text) : xasprintf("%s/%s", reader->folder, text);
        struct stat info;

        if (*text && stat(path, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 0004))
                option_warn(reader, setting, "%s can be read by everybody here: chmod 600 %s", path, path);
}

/* ---- the table */
#define AT(member) offsetof(struct draft, member)
#define TEXT(path_, member, default_, check_)                                                                \
        {                                                                                                    \
                .path = path_, .type = OPTION_TEXT, .offset = AT(member), .text = default_, .check = check_  \
        }
#define NEEDED(path_, member, check_)                                                                        \
        {                                                                                                    \
                .path = path_, .type = OPTION_TEXT, .offset = AT(member), .required = true, .check = check_  \
        }
#define FILE_(path_, member, default_, check_)                                                               \
        {                                                                                                    \
                .path = path_, .type = OPTION_PATH, .offset = AT(member), .text = default_, .check = check_  \
        }
#define WORD(path_, member, words_)                                                                          \
        {                                                                                                    \
                .path = path_, .type = OPTION_WORD, .offset = AT(member), .words = words_                    \
        }
#define INT(path_, member, default_, min_, max_)                                                             \
        {                                                                                                    \
                .path = path_, .type = OPTION_INT, .offset = AT(member), .number = default_, .min = min_,    \
                .max = max_                                                                                  \
        }
#define BOOL(path_, member, default_)                                                                        \
        {                                                                                                    \
                .path = path_, .type = OPTION_BOOL, .offset = AT(member), .number = default_                 \
        }

static const struct option options[] = {
        NEEDED("mailbox.host", config.mailbox.server.host, check_host),
        INT("mailbox.port", config.mailbox.server.port, 993, 1, 65535),
        WORD("mailbox.tls", mailbox_tls, "implicit|starttls|none"),
        FILE_("mailbox.ca_file", config.mailbox.server.ca_file, "", option_check_file),
        NEEDED("mailbox.user", config.mailbox.server.user, NULL),
        TEXT("mailbox.auth", config.mailbox.server.auth, "password", check_auth),
        FILE_("mailbox.password_file", config.mailbox.server.password_file, "imap-password", check_secret),
        FILE_("mailbox.token_file", config.mailbox.server.token_file, "", NULL),
        TEXT("mailbox.folder", config.mailbox.folder, "INBOX", option_check_filled),
        TEXT("mailbox.since", since, "", NULL),
        BOOL("mailbox.idle", config.mailbox.idle, true),
        INT("mailbox.poll_seconds", config.mailbox.poll_seconds, 60, 1, 86400),
        TEXT("mailbox.mark", config.mailbox.mark, "keyword", check_mark),
        TEXT("mailbox.sent_folder", config.mailbox.sent_folder, "Sent", NULL),
        { .path = "mailbox.trusted_received_by",
            .type = OPTION_TEXTS,
            .offset = AT(config.mailbox.trusted_received_by),
            .check = check_host },
        TEXT("mailbox.authserv_id", config.mailbox.authserv_id, "", NULL),
        NEEDED("smtp.host", config.smtp.server.host, check_host),
        INT("smtp.port", config.smtp.server.port, 587, 1, 65535),
        WORD("smtp.tls", smtp_tls, "starttls|implicit|none"),
        FILE_("smtp.ca_file", config.smtp.server.ca_file, "", option_check_file),
        NEEDED("smtp.user", config.smtp.server.user, NULL),
        TEXT("smtp.auth", config.smtp.server.auth, "password", check_auth),
        FILE_("smtp.password_file", config.smtp.server.password_file, "smtp-password", check_secret),
        FILE_("smtp.token_file", config.smtp.server.token_file, "", NULL),
        BOOL("smtp.verp", config.smtp.verp, false),
        NEEDED("smtp.from", config.smtp.from, check_from),
        TEXT("oauth.provider", config.oauth.provider, "", oauth_check_provider),
        TEXT("oauth.tenant", config.oauth.tenant, "organizations", NULL),
        TEXT("oauth.client_id", config.oauth.client_id, "", NULL),
        FILE_("oauth.client_secret_file", config.oauth.client_secret_file, "", check_secret),
        TEXT("oauth.token_url", config.oauth.token_url, "", oauth_check_url),
        TEXT("oauth.device_url", config.oauth.device_url, "", oauth_check_url),
        TEXT("oauth.auth_url", config.oauth.auth_url, "", oauth_check_url),
        TEXT("oauth.scope", config.oauth.scope, "", NULL),
        FILE_("oauth.ca_file", config.oauth.ca_file, "", option_check_file),
        { .path = "coordinator.email",
            .type = OPTION_TEXT,
            .offset = AT(config.coordinator_email),
            .required = true,
            .check = option_check_email },
        TEXT("coordinator.digest_at", config.digest_at, "07:30", check_clock),
        TEXT("coordinator.timezone", config.timezone, "Europe/Warsaw", option_check_zone),
        FILE_("store.path", config.store_path, "/var/lib/zapisyd/zapisy.db", option_check_filled),
        FILE_("events_dir", config.events_dir, "events", option_check_filled),
        FILE_("letters_dir", config.letters_dir, "letters", option_check_filled),
        FILE_("page_dir", config.page_dir, "", NULL),
        { .path = "limits.confidence",
            .type = OPTION_REAL,
            .offset = AT(config.limits.confidence),
            .number = 0.8,
            .min = 0,
            .max = 1 },
        INT("limits.patience_seconds", config.limits.patience_seconds, 2, 0, 600),
        INT("limits.answers_per_address_day", config.limits.answers_per_address_day, 5, 0, 100000),
        INT("limits.answers_per_hour", config.limits.answers_per_hour, 200, 0, 1000000),
        INT("limits.new_per_hour", config.limits.new_per_hour, 2000, 1, 1000000),
        INT("limits.message_mb", config.limits.message_mb, 30, 1, 200),
        INT("limits.mime_depth", config.limits.mime_depth, 20, 1, 100),
        INT("limits.mime_parts", config.limits.mime_parts, 200, 1, 10000),
        INT("limits.header_kb", config.limits.header_kb, 256, 1, 16384),
        INT("limits.document_mb", config.limits.document_mb, 20, 1, 200),
        INT("limits.unpack_ratio", config.limits.unpack_ratio, 100, 1, 10000),
        INT("limits.archive_entries", config.limits.archive_entries, 200, 1, 100000),
        INT("limits.ocr_pages", config.limits.ocr_pages, 10, 0, 1000),
        INT("limits.megapixels", config.limits.megapixels, 40, 1, 1000),
        INT("limits.reader_cpu_seconds", config.limits.reader_cpu_seconds, 5, 1, 600),
        INT("limits.ocr_cpu_seconds", config.limits.ocr_cpu_seconds, 30, 1, 3600),
        INT("limits.reader_mb", config.limits.reader_mb, 256, 32, 16384),
};
enum { OPTIONS = sizeof options / sizeof options[0] };

/* ---- what needs more than one setting */
static void check_server(struct option_reader *reader, config_setting_t *root, const char *group,
    const struct config_server *server)
{
        CLEANUP_FREE char *path = xasprintf("%s.tls", group);
        CLEANUP_FREE char *files = xasprintf("%s.password_file", group);

        if (server->tls == CONFIG_TLS_NONE && !host_is_loopback(server->host))
                option_error(reader, config_setting_lookup(root, path),
                    "%s: \"none\" is for this computer only (localhost): the password would travel readable",
                    path);
        if (*server->user && !config_uses_token(server) && *server->password_file == '\0')
                option_error(reader, config_setting_lookup(root, files),
                    "%s must not be empty where there is a user", files);
}

static void read_since(struct option_reader *reader, config_setting_t *root, struct draft *draft)
{
        const config_setting_t *setting = config_setting_lookup(root, "mailbox.since");
        struct err err;

        draft->config.mailbox.since = ZONE_NO_TIME;
        if (*draft->since && zone_exists(draft->config.timezone) &&
            zone_parse(draft->since, draft->config.timezone, &draft->config.mailbox.since, &err) < 0)
                option_error(reader, setting, "since: %s", err.text);
}

static void understand(struct option_reader *reader, config_setting_t *root, struct draft *draft)
{
        /* The first word is the default: it is another one for sending. */
        static const enum config_tls smtp_tls[] = { CONFIG_TLS_STARTTLS, CONFIG_TLS_IMPLICIT,
                CONFIG_TLS_NONE };
        struct config *config = &draft->config;
        char *email = address_normalise(config->coordinator_email);

        config->mailbox.server.tls = (enum config_tls)draft->mailbox_tls;
        config->smtp.server.tls = smtp_tls[draft->smtp_tls];
        check_server(reader, root, "mailbox", &config->mailbox.server);
        check_server(reader, root, "smtp", &config->smtp.server);
        oauth_understand(reader, root, config);
        split_from(config->smtp.from, &config->smtp.from_name, &config->smtp.from_address);
        if (email) {
                free(config->coordinator_email);
                config->coordinator_email = email;
        }
        if (schedule_clock_parse(config->digest_at, &config->digest_hour, &config->digest_minute) < 0)
                config->digest_hour = config->digest_minute = 0;
        read_since(reader, root, draft);
}

int service_read(struct option_reader *reader, struct config *config)
{
        struct draft draft = { .config = *config };
        config_t parsed;

        if (!option_parse(reader, &parsed))
                return -1;
        draft.config.lines = xcalloc(OPTIONS, sizeof *draft.config.lines);
        option_read(reader, config_root_setting(&parsed), "", options, OPTIONS, &draft, draft.config.lines);
        understand(reader, config_root_setting(&parsed), &draft);
        config_destroy(&parsed);
        free(draft.since);
        *config = draft.config;
        return 0;
}

void service_plain(struct config *config)
{
        struct config_problems ignored = { 0 };
        struct option_reader reader = { .problems = &ignored, .file = "", .folder = "" };
        struct draft draft = { .config = *config };
        config_t empty;

        config_init(&empty);
        draft.config.lines = xcalloc(OPTIONS, sizeof *draft.config.lines);
        option_read(&reader, config_root_setting(&empty), "", options, OPTIONS, &draft, draft.config.lines);
        config_destroy(&empty);
        config_problems_free(&ignored);
        free(draft.since);
        *config = draft.config;
}

int service_line(const struct config *config, const char *path)
{
        for (size_t i = 0; i < OPTIONS; i++)
                if (str_equal(options[i].path, path))
                        return config->lines[i];
        return 0;
}
