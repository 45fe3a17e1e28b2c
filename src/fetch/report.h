/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the keeper is told (core/record.h). All fail with ERR_TEMP when the keeper is gone. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct imap;
struct imap_box;
struct uids;

struct report_message {
        uint32_t uidvalidity, uid;
        int64_t internaldate;
        size_t size;
        bool whole;
        int fd; /* sealed memfd; borrowed */
};

struct report_checked {
        const struct imap_box *box;
        size_t waiting;
        const char *sent;  /* core/record.h */
        const char *marks; /* what is in the way of marks, or "" */
};

int report_hello(int keeper, struct err *err);
int report_state(int keeper, const char *state, const char *detail, struct err *err);
/* The state "error", and what was being done then. imap: NULL before there is a connection. */
int report_error(
    int keeper, const struct err *why, uint32_t uidvalidity, const struct imap *imap, struct err *err);
int report_token_refused(
    int keeper, const struct err *why, struct err *err); /* the state "error", its kind "token" */
int report_mailbox(int keeper, const struct imap_box *box, struct err *err);
int report_message(int keeper, const struct report_message *message, struct err *err);
int report_drained(int keeper, uint32_t uidvalidity, uint32_t upto, struct err *err);
/* why: NULL when they are marked. */
int report_marked(
    int keeper, uint32_t uidvalidity, const struct uids *uids, const struct err *why, struct err *err);
/* why: NULL when it is in the folder. */
int report_appended(int keeper, int64_t id, const struct err *why, struct err *err);
/* sent: "there", "missing", "unusable", or "" when nobody asked for the folder of sent mail. */
int report_checked(int keeper, const struct report_checked *checked, struct err *err);
