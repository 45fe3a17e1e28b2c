/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/idle.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "fetch/imap.h"
#include "fetch/net.h"
#include "fetch/talk.h"
#include "fetch/words.h"

/* "* 3 EXISTS", "* 2 EXPUNGE", "* 1 FETCH": anything about messages is worth a look. */
static void note_news(const char *line, void *context)
{
        bool *news = context;

        if (str_contains_nocase(line, " EXISTS") || str_contains_nocase(line, " EXPUNGE") ||
            str_contains_nocase(line, " FETCH ") || str_contains_nocase(line, "UIDVALIDITY"))
                *news = true;
}

/* Waits for the server, the keeper or the end of the time; libetpan's and GnuTLS's buffers are looked into
 * first. */
static int wait_for_either(
    struct imap *imap, int keeper, int64_t end, enum idle_end *ret_end, struct err *err)
{
        struct pollfd p[2] = { { .fd = net_fd(imap->net), .events = POLLIN | POLLRDHUP },
                { .fd = keeper, .events = POLLIN | POLLRDHUP } };
        int64_t left = end - io_monotonic_ms();

        *ret_end = IDLE_NEWS;
        if (imap->stream->read_buffer_len || net_pending(imap->net))
                return 0;
        *ret_end = IDLE_TIME;
        if (left <= 0)
                return 0;
        if (poll(p, 2, (int)left) < 0)
                return errno == EINTR ? 0 : err_errno(err, ERR_TEMP, "poll");
        if (p[1].revents)
                *ret_end = IDLE_KEEPER;
        else if (p[0].revents)
                *ret_end = IDLE_NEWS;
        return 0;
}

/* The server ended it without our asking. */
static int ended_by_itself(const struct imap *imap, const char *line, struct err *err)
{
        return talk_is_answer(imap, line)
                   ? err_set(err, ERR_PERM, "the server ends waiting for mail (IDLE) by itself")
                   : talk_unexpected(line, "while waiting for mail (IDLE)", err);
}

/* Lines until something ends the idling. */
static int listen_for(struct imap *imap, int keeper, int seconds, enum idle_end *ret_end, struct err *err)
{
        int64_t end = io_monotonic_ms() + (int64_t)seconds * 1000;
        bool news = false;

        for (;;) {
                CLEANUP_FREE char *line = NULL;

                if (wait_for_either(imap, keeper, end, ret_end, err) < 0)
                        return -1;
                if (*ret_end == IDLE_KEEPER || (*ret_end == IDLE_TIME && io_monotonic_ms() >= end))
                        return 0;
                if (*ret_end == IDLE_TIME)
                        continue;
                net_expect(imap->net, NET_COMMAND, NET_SMALL);
                line = talk_line(imap, err);
                if (!line)
                        return err_prefix(err, "while waiting for mail (IDLE)");
                if (!str_starts(line, "* ") || str_starts_nocase(line, "* BYE"))
                        return ended_by_itself(imap, line, err);
                note_news(line, &news);
                if (news)
                        return 0;
        }
}

static int refused(const struct talk_answer *answer, struct err *err)
{
        CLEANUP_FREE char *shown = words_clean(answer->text, WORDS_SERVER_MAX);

        return err_set(err, ERR_PERM, "the server refuses to wait for mail (IDLE): %s", shown);
}

int idle_wait(struct imap *imap, int keeper, int seconds, enum idle_end *ret_end, struct err *err)
{
        struct talk_answer answer;
        enum idle_end end = IDLE_NEWS;
        bool news = false;

        if (talk_command(imap, "IDLE", note_news, &news, &answer, err) < 0)
                return err_prefix(err, "beginning to wait for mail (IDLE)");
        if (answer.kind != TALK_MORE)
                return refused(&answer, err);
        if (!news && listen_for(imap, keeper, seconds, &end, err) < 0)
                return -1;
        net_expect(imap->net, NET_COMMAND, NET_SMALL);
        if (net_send(imap->net, "DONE\r\n", 6, err) < 0 ||
            talk_answer(imap, note_news, &news, &answer, err) < 0)
                return err_prefix(err, "ending to wait for mail (IDLE)");
        if (answer.kind != TALK_OK)
                return refused(&answer, err);
        *ret_end = news ? IDLE_NEWS : end;
        return 0;
}
