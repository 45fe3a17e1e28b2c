/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk over a mail's parts, depth first. Every leaf has a number, also those inside what is only wrapped:
 * an opaque S/MIME signature, a mail in base64, files uuencoded in a text. Two walks over the same bytes
 * number alike. */
#pragma once

#include <gmime/gmime.h>
#include <stdbool.h>

struct bounds;
struct mime_mail;
struct mime_part;

/* Fills the bodies, parts, forwards and returned ids of the mail. bounce: by its header it is one, so that a mail
 * inside it came back. */
void tree_read(GMimeMessage *message, const struct bounds *bounds, bool bounce, struct mime_mail *mail);
/* Fills ret_part when there is a leaf of that number: its type is then not NULL. */
void tree_take(
    GMimeMessage *message, const struct bounds *bounds, bool bounce, int wanted, struct mime_part *ret_part);
