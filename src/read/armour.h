/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenPGP's text armour (RFC 4880 6.2, 7): signatures that stand in the text itself. Nothing is verified. */
#pragma once

#include <stdbool.h>

/* Takes the frame of a clear-signed text off, in place: what was signed stays, without its dash escapes. What
 * stands before and after it stays too. */
void armour_clear(char *text);
/* A line "-----BEGIN PGP MESSAGE-----": what follows only its receiver can open. */
bool armour_is_encrypted(const char *text);
