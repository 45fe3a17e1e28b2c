/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside src/registrar only: what a message needs between its first sight and its decision, as JSON in the
 * store. */
#pragma once

struct err;
struct intake;
struct registrar;

char *pending_json(const struct registrar *r, const struct intake *intake); /* owned */
/* uid, uidvalidity and internaldate are the message row's, not set here. Readings of events that are gone are
 * left out. */
int pending_parse(const struct registrar *r, const char *json, struct intake *ret_intake, struct err *err);
