/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of files that make up a configuration, one source file each. */
#pragma once

#include <libconfig.h>

struct config;
struct form;
struct option_reader;

/* zapisyd.conf (service.c). -1: it could not be parsed, and nothing is filled. */
int service_read(struct option_reader *reader, struct config *config);
int service_line(const struct config *config, const char *path);

/* events_dir (training.c); wants what service_read() filled. */
void training_read_all(struct option_reader *reader, struct config *config);

/* form.fields of one event (fields.c): NULL when it is left out. ret_form is filled with what could be read.
 */
void fields_read(struct option_reader *reader, config_setting_t *fields, struct form *ret_form);

/* letters_dir, in the languages that are used (texts.c). */
void texts_read_all(struct option_reader *reader, struct config *config);
