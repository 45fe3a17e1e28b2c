/* SPDX-License-Identifier: GPL-3.0-or-later */
/* System call filters (seccomp(2)), made with libseccomp beforehand and loaded as they are. */
#pragma once

#include <linux/filter.h>

struct err;

struct sandbox_filter {
        struct sock_filter *code; /* owned */
        unsigned short length;
};

int sandbox_filter_child(struct sandbox_filter *ret_filter, struct err *err);
int sandbox_filter_parent(struct sandbox_filter *ret_filter, struct err *err);
void sandbox_filter_free(struct sandbox_filter *filter);
/* no_new_privs must be set. 0, or -1 with errno. */
int sandbox_filter_load(const struct sandbox_filter *filter);
