/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line about a letter's fate for the coordinator: our words, then the server's, made harmless. */
#pragma once

#include <stddef.h>

/* Writes "OURS (CODE SERVER'S)" into detail, at most FATE_DETAIL bytes. Of the server's text control
 * characters and what is not UTF-8 go, and every word with an address, or with the local part of one of hide,
 * becomes "...". */
void words_detail(char *detail, const char *ours, int code, const char *servers, const char *const *hide,
    size_t hide_count);
