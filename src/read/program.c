/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/program.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/version.h"
#include "base/wire.h"
#include "core/record.h"
#include "read/finding.h"
#include "read/frame.h"
#include "read/pages.h"
#include "read/sandbox.h"
#include "read/serve.h"
#include "read/worker.h"

enum { LOOK_MAX = 64 * 1024 * 1024, EXIT_USAGE = 64, EXIT_INPUT = 65, EXIT_AGAIN = 75 };

static bool is_socket(int fd)
{
        struct stat st;

        return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* ---- by hand */

struct look {
        const struct finding_context *context;
        const struct buf *bytes;
        const char *name;
};

static int look_job(int out, void *arg)
{
        const struct look *look = arg;
        const struct pages_readers *pages = look->context->pages;
        json_t *json = finding_look(look->context, buf_text(look->bytes), look->bytes->size, look->name);
        int status = PAGES_NEED_WORDS;

        if (!pages || !pages->need_words())
                status = frame_write(out, json, LOOK_MAX) < 0;
        json_decref(json);
        return status;
}

static json_t *receive(int pipe, int64_t deadline)
{
        struct buf received = BUF_INIT(LOOK_MAX + 64 * 1024);
        char block[64 * 1024];
        json_t *json = NULL;
        int r = 0;

        while (r == 0) {
                struct pollfd waiting = { .fd = pipe, .events = POLLIN };
                int64_t left = deadline - io_monotonic_ms();
                ssize_t n;

                if (left <= 0 || poll(&waiting, 1, (int)left) == 0)
                        break;
                n = read(pipe, block, sizeof block);
                if (n < 0 && (errno == EAGAIN || errno == EINTR))
                        continue;
                if (n <= 0 || buf_add(&received, block, (size_t)n) < 0)
                        break;
                r = frame_take(&received, LOOK_MAX, &json, NULL);
        }
        buf_free(&received);
        return json;
}

/* 0 and what was read, NULL when it gave none, and how the child ended; -1 when there was none. */
static int look_once(
    const struct sandbox *sandbox, struct look *look, json_t **ret_json, int *ret_status, struct err *err)
{
        const struct sandbox_limits limits = { finding_cpu_seconds(look->context),
                look->context->bounds.reader_mb };
        const struct sandbox_job job = { NULL, look_job, look };
        int pipe;
        pid_t pid = sandbox_start(sandbox, &limits, &job, &pipe, err);

        if (pid < 0)
                return -1;
        *ret_json = receive(pipe, io_monotonic_ms() + (int64_t)limits.cpu_seconds * 4000);
        *ret_status = sandbox_end(pid, false);
        io_close(&pipe);
        return 0;
}

static int look_at(const struct sandbox *sandbox, struct look *look, struct err *err)
{
        json_t *json = NULL;
        int status, r = look_once(sandbox, look, &json, &status, err);

        if (r == 0 && !json && WIFEXITED(status) && WEXITSTATUS(status) == PAGES_NEED_WORDS) {
                look->context->pages->load_words();
                r = look_once(sandbox, look, &json, &status, err);
        }
        if (r < 0)
                return -1;
        if (!json) {
                const char *reason = sandbox_reason(status);

                return err_set(err, ERR_INPUT, "%s", reason ? reason : "what was read is more than fits");
        }
        json_dumpf(json, stdout, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
        putchar('\n');
        json_decref(json);
        return fflush(stdout) ? err_errno(err, ERR_TEMP, "cannot write") : 0;
}

static int by_hand(
    const char *path, const struct sandbox *sandbox, const struct finding_context *context, struct err *err)
{
        struct buf bytes = BUF_INIT((size_t)context->bounds.message_mb * 1024 * 1024);
        const char *name = path ? strrchr(path, '/') : NULL;
        struct look look = { context, &bytes, name ? name + 1 : path ? path : "" };
        int r = path ? io_read_file(path, &bytes, err) : io_read_fd(STDIN_FILENO, &bytes, err);

        if (r == 0)
                r = sandbox_lock_parent(sandbox, err);
        if (r == 0)
                r = look_at(sandbox, &look, err);
        buf_free(&bytes);
        return r;
}

/* ---- for the keeper */

static int for_keeper(
    const char *name, const struct sandbox *sandbox, struct finding_context *context, struct err *err)
{
        json_t *hello = record_hello(name);
        int r = wire_send(STDIN_FILENO, hello, NULL, 0, err);

        json_decref(hello);
        if (r == 0)
                r = sandbox_lock_parent(sandbox, err);
        if (r == 0)
                r = serve(STDIN_FILENO, sandbox, context, err);
        /* The keeper may end at any time, and waits for no answer then. */
        return wire_is_closed(STDIN_FILENO) ? 0 : r;
}

int program_main(const struct program *program, int argc, char **argv)
{
        struct finding_context context = { .bounds = bounds_default, .pages = program->pages };
        struct sandbox *sandbox = NULL;
        struct err err = { 0 };
        int r;

        if (argc == 2 && str_equal(argv[1], "--help"))
                return fputs(program->usage, stdout) < 0;
        if (argc == 2 && str_equal(argv[1], "--version"))
                return printf("%s %s\n", program->name, ZAPISY_VERSION) < 0;
        if (argc > 2 || (argc == 2 && argv[1][0] == '-' && argv[1][1])) {
                fputs(program->usage, stderr);
                return EXIT_USAGE;
        }
        finding_preload();
        if (program->pages)
                program->pages->preload();
        r = sandbox_new(&sandbox, &err);
        if (r == 0)
                r = argc == 1 && is_socket(STDIN_FILENO)
                        ? for_keeper(program->name, sandbox, &context, &err)
                        : by_hand(argc == 2 ? argv[1] : NULL, sandbox, &context, &err);
        if (r < 0)
                log_error("%s", err.text);
        sandbox_free(sandbox);
        finding_free(&context);
        return r == 0 ? 0 : err.class == ERR_INPUT ? EXIT_INPUT : EXIT_AGAIN;
}
