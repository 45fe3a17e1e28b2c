/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The configuration, read with libconfig from one option table. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "core/event.h"
#include "core/letter.h"

struct buf;

enum config_tls { CONFIG_TLS_IMPLICIT, CONFIG_TLS_STARTTLS, CONFIG_TLS_NONE };
const char *config_tls_name(enum config_tls tls); /* "implicit", "starttls", "none" */

struct config_server { /* mailbox and smtp have these in common */
        char *host, *ca_file, *user, *auth, *password_file, *token_file;
        int port;
        enum config_tls tls;
};

struct config_mailbox {
        struct config_server server;
        char *folder, *mark, *sent_folder, *authserv_id;
        int64_t since; /* ZONE_NO_TIME: the first start, remembered in the store */
        bool idle;
        int poll_seconds;
        struct str_list trusted_received_by;
};

struct config_smtp {
        struct config_server server;
        bool verp;
        char *from;         /* "Agnieszka Szuba <agnieszka.szuba@rcwip.pl>" */
        char *from_name;    /* "Agnieszka Szuba" */
        char *from_address; /* normalised */
};

/* Where tokens come from, for servers with auth = "xoauth2". What the provider gives is filled in. */
struct config_oauth {
        char *provider, *tenant; /* "", "google" or "microsoft" */
        char *client_id;         /* "": we renew nothing, another program keeps token_file fresh */
        char *client_secret_file, *token_url, *device_url, *auth_url, *scope, *ca_file;
};

struct config_limits {
        double confidence;
        int patience_seconds, answers_per_address_day, answers_per_hour, new_per_hour;
        int message_mb, mime_depth, mime_parts, header_kb, document_mb, unpack_ratio, archive_entries,
            ocr_pages, megapixels;
        int reader_cpu_seconds, ocr_cpu_seconds, reader_mb;
};

struct config {
        char *file; /* as it was given */
        int *lines; /* private: see config_line() */
        struct config_mailbox mailbox;
        struct config_smtp smtp;
        struct config_oauth oauth;
        char *coordinator_email, *digest_at, *timezone;
        int digest_hour, digest_minute;
        char *store_path, *events_dir, *letters_dir, *page_dir; /* absolute */
        struct config_limits limits;
        struct event *events;
        size_t event_count;
        struct letter_template *letters[2][LETTER_COUNT]; /* [0] pl, [1] en */
};

/* One thing that is wrong, or worth saying. */
struct config_problem {
        char *file;
        int line; /* 0: the whole file */
        char *text;
        bool warning;
};
struct config_problems {
        struct config_problem *items;
        size_t count;
};

/* Reads file, every event and every letter. All problems at once; -1 when one of them is an error
 * (*ret_config is then NULL). Problems are filled in either way and the caller's to free. Password files are
 * not read here. */
int config_load(const char *file, struct config **ret_config, struct config_problems *ret_problems);
/* As if every setting were left out: no servers, no event. */
struct config *config_plain(void);
void config_free(struct config *config);
void config_problems_free(struct config_problems *problems);
char *config_problem_text(const struct config_problem *problem); /* "FILE:LINE: text"; owned */

/* The line of a setting ("mailbox.port") in config->file, for problems that show only at work: a server that
 * is not there, a wrong folder. The line of its group, or 0, when the setting is left out. */
int config_line(const struct config *config, const char *path);

int config_language(const char *language); /* index into letters: 0 "pl", 1 "en"; -1 */
const struct event *config_event(const struct config *config, const char *id); /* or NULL */

/* The password of a server: from $CREDENTIALS_DIRECTORY/NAME first (credentials: that folder or NULL), then
 * password_file (relative paths start at the configuration's folder, made absolute at load). A final newline
 * is cut. NAME is the last part of password_file. Empty user: an empty secret. ERR_PERM in plain words.
 * ret_secret is the caller's to wipe and free.
 */
struct err;
int config_secret(
    const struct config_server *server, const char *credentials, char **ret_secret, struct err *err);
/* The client's secret at the token server, looked for likewise; "" where client_secret_file is empty. */
int config_client_secret(
    const struct config_oauth *oauth, const char *credentials, char **ret_secret, struct err *err);
/* It logs in with a token (config/token.h), not with a password. */
bool config_uses_token(const struct config_server *server);
