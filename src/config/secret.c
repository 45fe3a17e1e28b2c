/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "config/config.h"

/* What the file says, without its final newline. */
static int read_secret(const char *path, char **ret_secret, struct err *err)
{
        struct buf text = BUF_INIT(LIMIT_SECRET);
        size_t size;
        char *bytes;

        if (io_read_file(path, &text, err) < 0) {
                buf_free(&text);
                return err_prefix(err, "password");
        }
        bytes = buf_detach(&text, &size);
        if (!bytes)
                bytes = xstrdup("");
        if (size && bytes[size - 1] == '\n')
                bytes[--size] = '\0';
        if (size && bytes[size - 1] == '\r')
                bytes[--size] = '\0';
        if (size == 0 || strlen(bytes) != size || strpbrk(bytes, "\r\n")) {
                explicit_bzero(bytes, size);
                free(bytes);
                return err_set(err, ERR_PERM, "password: %s must hold the password, in one line", path);
        }
        *ret_secret = bytes;
        return 0;
}

int config_secret(
    const struct config_server *server, const char *credentials, char **ret_secret, struct err *err)
{
        const char *slash = strrchr(server->password_file, '/');
        const char *name = slash ? slash + 1 : server->password_file;

        if (*server->user == '\0') {
                *ret_secret = xstrdup("");
                return 0;
        }
        if (!str_is_empty(credentials)) {
                CLEANUP_FREE char *path = xasprintf("%s/%s", credentials, name);

                if (access(path, F_OK) == 0)
                        return read_secret(path, ret_secret, err);
        }
        if (access(server->password_file, F_OK) < 0 && errno == ENOENT)
                return err_set(err, ERR_PERM,
                    "password for %s: there is no file %s: write the password into it (chmod 600), or give it"
                    " to the service with LoadCredential=%s:...",
                    server->host, server->password_file, name);
        return read_secret(server->password_file, ret_secret, err);
}
