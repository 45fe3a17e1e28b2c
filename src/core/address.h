/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail addresses (RFC 5321 4.1.2 Mailbox, without quoted local parts and address literals) and whom to
 * answer. */
#pragma once

#include <stdbool.h>

/* Whether it may be handed to an SMTP library: one @, dot-atom or UTF-8 local part, a domain of at least one
 * label, no blanks, controls, CR or LF, at most LIMIT_ADDRESS bytes. */
bool address_is_valid(const char *address);
/* Lower-case domain (the local part as it is). Owned; NULL when not valid. */
char *address_normalise(const char *address);
/* As it goes to a mail server: the domain in A-labels (RFC 5890; UTS 46), the local part as it is. Owned; NULL
 * when not valid, or when the domain is no name of a host. */
char *address_for_wire(const char *address);
bool address_equal(
    const char *a, const char *b); /* domain and local part without ASCII case; NULL equals nothing */
const char *address_domain(const char *address); /* borrowed: after the @, or "" */
/* Where letters go (PRODUCT.md 1 "registered address"): Reply-To only when in From's domain, else From.
 * Owned, or NULL. */
char *address_registered(const char *from, const char *reply_to);
/* "agnieszka.szuba+mw-7k3m-...@rcwip.pl" against "agnieszka.szuba@rcwip.pl": the tag after the +, owned, or
 * NULL. */
char *address_plus_tag(const char *address, const char *base);
