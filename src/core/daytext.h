/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calendar days as people write them. */
#pragma once

/* "8 kwietnia 2019 r.", "12.04.2019", "12-04-2019", "9.IV.2019", "Gdynia, 12/4/2019", "2019-04-12" ->
 * "2019-04-12" (ISO 8601). The first day in the text; years 1900 to 2199, of two digits 1941 to 2040. Owned; NULL when there is none. */
char *daytext_normalise(const char *text);
