/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The library is told which server, how safe the line must be, and who logs in. */
#pragma once

#include <curl/curl.h>

struct smtp_settings;

void setup_server(CURL *curl, const struct smtp_settings *settings); /* TLS and login */
/* The server's address, and what we call ourselves; from: the sender, or NULL. */
void setup_url(CURL *curl, const struct smtp_settings *settings, const char *from);
