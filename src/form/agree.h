/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second reader of forms: the document is laid beside the event's blank form, and what was written between
 * the printed words is an answer to the label before it. Where it agrees with the reader of labels the answer is
 * surer, where it contradicts it a person is asked, and where labels fail it answers by itself. */
#pragma once

struct scan;

/* Changes and adds answers of the document's scan; printed is the scan of the blank form. Does nothing when the
 * document is no filled copy of the blank. */
void agree_with_blank(struct scan *scan, const struct scan *printed);
