/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telephone numbers as people write them, in E.164 (ITU-T E.164, RFC 3966 for ";ext="). */
#pragma once

/* "74 665 11 11 wew. 17" -> "+48746651111;ext=17". Nine digits are Polish; "0 74 665 11 11" and "0048..."
 * too. Of several numbers the first. Owned; NULL when there is no whole number. */
char *phone_normalise(const char *text);
