/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One form posted to a token server over HTTPS (RFC 9110, RFC 6749 4): the certificate and host name are verified,
 * redirections are not followed, no proxy is asked, answer and time are bounded. Plain HTTP goes to this computer
 * only. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct err;

enum { POST_SECONDS = 30, POST_ANSWER_MAX = 64 * 1024 };

struct post_answer {
        int status;
        char *body; /* owned, NUL-terminated; a secret */
        size_t size;
};

struct post_field {
        const char *name, *value; /* borrowed; as they are, they are encoded here */
};

/* The port that an address leads to. ERR_PERM: one that is not to be used. */
int post_port(const char *url, uint16_t *ret_port, struct err *err);
/* ca_file "": the system's authorities. ERR_TEMP, in plain words, when there was no whole answer. */
int post_form(const char *url, const char *ca_file, const struct post_field *fields, size_t count,
    struct post_answer *ret_answer, struct err *err);
void post_free(struct post_answer *answer); /* wipes and empties */
