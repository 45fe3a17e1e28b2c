/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of files that make up a configuration, one source file each. */
#pragma once

#include <libconfig.h>
#include <stdbool.h>

struct config;
struct config_oauth;
struct config_server;
struct form;
struct option_reader;

/* zapisyd.conf (service.c). -1: it could not be parsed, and nothing is filled. */
int service_read(struct option_reader *reader, struct config *config);
void service_plain(struct config *config); /* all defaults */
int service_line(const struct config *config, const char *path);

/* Logging in with tokens (oauth.c): what the provider gives, and what more than one setting must say. */
void oauth_understand(struct option_reader *reader, config_setting_t *root, struct config *config);
void oauth_free(struct config_oauth *oauth);
void oauth_check_provider(struct option_reader *reader, const config_setting_t *setting, const char *text);
void oauth_check_url(
    struct option_reader *reader, const config_setting_t *setting, const char *text); /* or empty */
bool host_is_loopback(const char *host);

/* events_dir (training.c); wants what service_read() filled. */
void training_read_all(struct option_reader *reader, struct config *config);

/* form.fields of one event (fields.c): NULL when it is left out. ret_form is filled with what could be read.
 */
void fields_read(struct option_reader *reader, config_setting_t *fields, struct form *ret_form);

/* letters_dir, in the languages that are used (texts.c). */
void texts_read_all(struct option_reader *reader, struct config *config);
