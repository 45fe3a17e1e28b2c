/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside src/keeper only: a zapisy-send that lives for one question to the token server. The keeper itself never
 * talks to the network. */
#pragma once

#include <stdbool.h>
#include <systemd/sd-event.h>

struct asker;
struct config_oauth;
struct grant;

/* answered: once for each question, perhaps before asker_refresh() returns; a program that dies or stays silent
 * is GRANT_AGAIN. The grant is borrowed. unfit: helper.h. */
struct asker *asker_new(sd_event *loop, void (*answered)(void *owner, struct grant *grant),
    void (*unfit)(void *owner), void *owner);
void asker_free(struct asker *asker); /* NULL is legal; a question under way is given up */
/* One at a time. */
void asker_refresh(struct asker *asker, const struct config_oauth *oauth, const char *client_secret,
    const char *refresh_token);
bool asker_is_busy(const struct asker *asker);
