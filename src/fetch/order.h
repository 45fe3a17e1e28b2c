/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the keeper orders (core/record.h), checked: ERR_INPUT for a record that is not right. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fetch/login.h"
#include "fetch/uids.h"

struct err;
struct wire_record;

enum order_mark { ORDER_MARK_NONE, ORDER_MARK_KEYWORD, ORDER_MARK_MOVE };

struct order_open {
        char *host, *user, *ca_file, *folder; /* owned */
        char *move_to;                        /* with ORDER_MARK_MOVE; owned */
        int port, poll_seconds;
        int seconds; /* instead of all times of net.h; 0 for these */
        enum login_tls tls;
        enum order_mark mark;
        bool idle, once, check;
        char *sent_folder;  /* for a check: where copies of letters would go, or ""; owned */
        bool token;         /* auth "xoauth2" */
        int64_t since;      /* for a check */
        size_t message_max; /* bytes: "message_mb", 30 when absent */
};

struct order_scan {
        uint32_t uidvalidity, after;
        int64_t since;
        bool one_by_one;   /* each message with a command of its own */
        struct uids avoid; /* sorted; owned */
};

struct order_mark_uids {
        uint32_t uidvalidity;
        struct uids uids; /* sorted; owned */
};

struct order_append {
        int64_t id, internaldate;
        char *folder, *message_id; /* owned; the id without <>, safe in a quoted string */
        bool search;               /* it may be there already */
        bool unread;               /* for a person to notice; else a copy, read */
        int bytes;                 /* memfd; owned */
};

enum { ORDER_MARK_MAX = 10000, ORDER_AVOID_MAX = 1000, ORDER_CREDIT_MAX = 1000000 };

int order_open(const json_t *json, struct order_open *ret_open, struct err *err);
void order_open_free(struct order_open *open); /* empties */
int order_scan(const json_t *json, struct order_scan *ret_scan, struct err *err);
void order_scan_free(struct order_scan *scan); /* empties */
int order_credit(const json_t *json, int64_t *ret_messages, struct err *err);
int order_mark_uids(const json_t *json, struct order_mark_uids *ret_mark, struct err *err);
/* Takes the record's descriptor. */
int order_append(struct wire_record *record, struct order_append *ret_append, struct err *err);
void order_append_free(struct order_append *append); /* empties */
