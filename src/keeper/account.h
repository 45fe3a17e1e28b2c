/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside src/keeper/tokens.c and account.c only: one token file, what is in it, and what is wrong with it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "core/token.h"

struct asker;
struct keeper;
struct tokens;

enum { SIDE_MAILBOX, SIDE_SMTP, SIDES };

struct stamp { /* of a file, to see that it is another one */
        dev_t device;
        ino_t inode;
        struct timespec changed;
};

struct side {
        bool used;
        bool forced;  /* its refusal made us renew the token before its time: not twice in a row */
        bool refused; /* it refuses even that one */
};

enum trouble { TROUBLE_NONE, TROUBLE_TEMPORARY, TROUBLE_PERMANENT };

struct account {
        struct tokens *tokens;
        char *path;
        struct side sides[SIDES];
        struct token token; /* access NULL: none yet */
        struct stamp stamp; /* of the file that it came from or went to */
        bool unsaved;       /* the file is older than what we have */
        bool unreadable;    /* the file was no good when it was last looked at */
        bool renew_now;     /* whatever its time */
        enum trouble trouble;
        const char *alarm;   /* what to tell the coordinator: a word of core/notice.h */
        bool noted, alarmed; /* it stands in the next digest; a letter is on its way */
        char why[256];
        int64_t failing_since, retry_at; /* real clock */
        int failures;                    /* in a row */
        sd_event_source *timer;
};

struct tokens {
        struct keeper *keeper;
        struct asker *asker;
        struct account *asking; /* the one whose question is under way */
        struct account accounts[SIDES];
        size_t count;
        bool reload_wanted;
};

int64_t account_now(void);                               /* the real clock */
const char *account_name(const struct account *account); /* what to say to zapisyctl login */
bool account_can_renew(const struct account *account);

/* Logs, tells zapisyctl status and the service manager, and alarms the coordinator when it is time for that. alarm: a
 * word of core/notice.h. */
void account_in_trouble(struct account *account, enum trouble trouble, const char *alarm, const char *why);
void account_is_well(struct account *account);
void account_alarm_if_due(struct account *account);

/* Takes what stands in the file when it is another one than before. Whether there is something new. */
bool account_read(struct account *account);
bool account_write(struct account *account);
