/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the configuration anew while the service runs: a wrong one is reported and the old one kept. */
#pragma once

struct config;
struct err;
struct keeper;

/* Loads and logs every problem with file:line; -1 when it cannot be used. */
int reload_config(const char *file, struct config **ret_config);
void reload(struct keeper *keeper);
/* Makes it the configuration in use, its events those of the store; takes ownership when it succeeds
 * (keeper.c). */
int keeper_adopt(struct keeper *keeper, struct config *config, struct err *err);
