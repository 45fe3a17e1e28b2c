/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

/* From the credentials' folder first; who: for whom, in words. */
static int find_secret(
    const char *file, const char *credentials, const char *who, char **ret_secret, struct err *err)
{
        const char *slash = strrchr(file, '/');
        const char *name = slash ? slash + 1 : file;
        struct stat info;

        if (!str_is_empty(credentials)) {
                CLEANUP_FREE char *path = xasprintf("%s/%s", credentials, name);

                /* An empty line is the unit's way to say that there is none. */
                if (stat(path, &info) == 0 && info.st_size > 1)
                        return read_secret(path, ret_secret, err);
        }
        if (access(file, F_OK) < 0 && errno == ENOENT)
                return err_set(err, ERR_PERM,
                    "password for %s: there is no file %s: write the password into it (chmod 600), or give it"
                    " to the service with LoadCredential=%s:...",
                    who, file, name);
        return read_secret(file, ret_secret, err);
}

int config_secret(
    const struct config_server *server, const char *credentials, char **ret_secret, struct err *err)
{
        if (*server->user == '\0') {
                *ret_secret = xstrdup("");
                return 0;
        }
        return find_secret(server->password_file, credentials, server->host, ret_secret, err);
}

int config_client_secret(
    const struct config_oauth *oauth, const char *credentials, char **ret_secret, struct err *err)
{
        if (*oauth->client_secret_file == '\0') {
                *ret_secret = xstrdup("");
                return 0;
        }
        return find_secret(
            oauth->client_secret_file, credentials, "the client of the token server", ret_secret, err);
}
