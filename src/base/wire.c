/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"

int wire_pair(int ret_ends[2], struct err *err)
{
        int ends[2], size = 4 * LIMIT_RECORD;

        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
                return err_errno(err, ERR_TEMP, "socketpair");
        for (int i = 0; i < 2; i++)
                (void)setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
        if (fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0) {
                err_errno(err, ERR_TEMP, "fcntl");
                close(ends[0]);
                close(ends[1]);
                return -1;
        }
        memcpy(ret_ends, ends, sizeof ends);
        return 0;
}

union control {
        struct cmsghdr header;
        char space[CMSG_SPACE(LIMIT_RECORD_FDS * sizeof(int))];
};

static void attach(struct msghdr *message, union control *control, const int *fds, size_t fd_count)
{
        struct cmsghdr *c;

        memset(control, 0, sizeof *control);
        message->msg_control = control->space;
        message->msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
        c = CMSG_FIRSTHDR(message);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(fd_count * sizeof(int));
        memcpy(CMSG_DATA(c), fds, fd_count * sizeof(int));
}

int wire_send_text(int sock, const char *text, size_t size, const int *fds, size_t fd_count, struct err *err)
{
        struct iovec part = { .iov_base = (char *)(uintptr_t)text, .iov_len = size };
        struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
        union control control;
        ssize_t n;

        if (size > LIMIT_RECORD || fd_count > LIMIT_RECORD_FDS) {
                errno = EMSGSIZE;
                return err_set(err, ERR_BUG, "a record that is too large");
        }
        if (fd_count)
                attach(&message, &control, fds, fd_count);
        do
                n = sendmsg(sock, &message, MSG_NOSIGNAL);
        while (n < 0 && errno == EINTR);
        return n < 0 ? err_errno(err, ERR_TEMP, "cannot send a record") : 0;
}

int wire_send(int sock, const json_t *json, const int *fds, size_t fd_count, struct err *err)
{
        char *text = json_dumps(json, JSON_COMPACT);
        int r, why;

        if (!text) {
                errno = EINVAL;
                return err_set(err, ERR_BUG, "a record that is not JSON");
        }
        r = wire_send_text(sock, text, strlen(text), fds, fd_count, err);
        why = errno;
        free(text);
        errno = why;
        return r;
}

/* Every descriptor that came is taken or closed. */
static int collect(struct msghdr *message, int *fds)
{
        size_t kept = 0;
        int r = 0;

        for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
                size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

                if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
                        continue;
                for (size_t i = 0; i < count; i++) {
                        int fd;

                        memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
                        if (kept < LIMIT_RECORD_FDS) {
                                fds[kept++] = fd;
                        } else {
                                close(fd);
                                r = -1;
                        }
                }
        }
        return r;
}

static size_t depth_of(const json_t *json, size_t limit)
{
        const char *key;
        json_t *child;
        size_t index, deepest = 0;

        if (!limit)
                return 1;
        json_object_foreach((json_t *)(uintptr_t)json, key, child)
        {
                size_t d = depth_of(child, limit - 1);
                deepest = d > deepest ? d : deepest;
        }
        json_array_foreach(json, index, child)
        {
                size_t d = depth_of(child, limit - 1);
                deepest = d > deepest ? d : deepest;
        }
        return deepest + 1;
}

static int parse(const char *bytes, size_t size, struct wire_record *record, struct err *err)
{
        json_error_t why;

        record->json = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &why);
        if (!json_is_object(record->json))
                return err_set(err, ERR_INPUT, "a record that is not a JSON object");
        if (depth_of(record->json, LIMIT_RECORD_DEPTH) > LIMIT_RECORD_DEPTH)
                return err_set(err, ERR_INPUT, "a record that nests too deep");
        return 0;
}

int wire_receive(int sock, struct wire_record *ret_record, struct err *err)
{
        struct wire_record record = { .json = NULL, .fds = { -1, -1 } };
        char *bytes = xmalloc(LIMIT_RECORD);
        struct iovec part = { .iov_base = bytes, .iov_len = LIMIT_RECORD };
        union control control;
        struct msghdr message = { .msg_iov = &part,
                .msg_iovlen = 1,
                .msg_control = control.space,
                .msg_controllen = sizeof control.space };
        int resets = 0, r;
        ssize_t n;

        /* An end that left something of ours unread is reported once, before its last words. */
        do
                n = recvmsg(sock, &message, MSG_CMSG_CLOEXEC);
        while (n < 0 && (errno == EINTR || (errno == ECONNRESET && resets++ == 0)));
        if (n <= 0) {
                free(bytes);
                return n == 0 || errno == ECONNRESET ? 0
                                                     : err_errno(err, ERR_TEMP, "cannot receive a record");
        }
        r = collect(&message, record.fds);
        if (r < 0 || message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
                errno = EMSGSIZE;
                r = err_set(err, ERR_INPUT, "a record that was cut off");
        } else {
                r = parse(bytes, (size_t)n, &record, err);
                errno = r < 0 ? EPROTO : 0;
        }
        free(bytes);
        if (r < 0) {
                wire_free(&record);
                return -1;
        }
        *ret_record = record;
        return 1;
}

bool wire_is_closed(int sock)
{
        struct pollfd peer = { .fd = sock };

        return poll(&peer, 1, 0) == 1 && (peer.revents & POLLHUP);
}

void wire_free(struct wire_record *record)
{
        json_decref(record->json);
        record->json = NULL;
        for (size_t i = 0; i < LIMIT_RECORD_FDS; i++)
                io_close(&record->fds[i]);
}

int wire_take_fd(struct wire_record *record, size_t index)
{
        int fd = record->fds[index];

        record->fds[index] = -1;
        return fd;
}

int wire_string(const json_t *object, const char *key, size_t max, const char **ret_text, struct err *err)
{
        json_t *member = json_object_get(object, key);

        if (!json_is_string(member) || json_string_length(member) > max ||
            strlen(json_string_value(member)) != json_string_length(member))
                return err_set(err, ERR_INPUT, "a record without a good \"%s\"", key);
        *ret_text = json_string_value(member);
        return 0;
}

int wire_integer(const json_t *object, const char *key, json_int_t min, json_int_t max,
    json_int_t *ret_number, struct err *err)
{
        json_t *member = json_object_get(object, key);

        if (!json_is_integer(member) || json_integer_value(member) < min || json_integer_value(member) > max)
                return err_set(err, ERR_INPUT, "a record without a good \"%s\"", key);
        *ret_number = json_integer_value(member);
        return 0;
}

int wire_bool(const json_t *object, const char *key, bool *ret_bool, struct err *err)
{
        json_t *member = json_object_get(object, key);

        if (!json_is_boolean(member))
                return err_set(err, ERR_INPUT, "a record without a good \"%s\"", key);
        *ret_bool = json_is_true(member);
        return 0;
}

const char *wire_op(const json_t *object)
{
        const char *op = json_string_value(json_object_get(object, "op"));

        return op ? op : "";
}
