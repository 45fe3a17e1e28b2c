/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/token.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/mem.h"

static char *folder_of(const char *path)
{
        const char *slash = strrchr(path, '/');

        if (!slash)
                return xstrdup(".");
        return slash == path ? xstrdup("/") : xstrndup(path, (size_t)(slash - path));
}

/* ---- reading */
static int check_mode(int fd, const char *path, struct err *err)
{
        struct stat info;

        if (fstat(fd, &info) < 0)
                return err_errno(err, ERR_TEMP, "%s", path);
        if (!S_ISREG(info.st_mode))
                return err_set(err, ERR_PERM, "%s is no file", path);
        if (info.st_mode & 077)
                return err_set(err, ERR_PERM,
                    "%s is open to other accounts (mode %04o) and is not used: chmod 600 %s", path,
                    (unsigned int)(info.st_mode & 07777), path);
        return 0;
}

static int read_open(int fd, const char *path, struct token *ret_token, struct err *err)
{
        struct buf text = BUF_INIT(LIMIT_SECRET + TOKEN_MAX);
        int r = check_mode(fd, path, err);

        if (r == 0 && io_read_fd(fd, &text, err) < 0)
                r = err_prefix(err, "%s", path);
        if (r == 0 && token_parse(buf_text(&text), text.size, ret_token, err) < 0) {
                err_prefix(err, "%s is no token file", path);
                err->class = ERR_PERM;
                r = -1;
        }
        if (text.size)
                explicit_bzero(text.data, text.size);
        buf_free(&text);
        return r;
}

int config_token_read(const char *path, struct token *ret_token, struct err *err)
{
        /* Not blocking: it may be a pipe. */
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), r;

        if (fd < 0 && errno == ENOENT)
                return err_set(err, ERR_PERM, "there is no token file %s yet: run \"zapisyctl login\"", path);
        if (fd < 0)
                return err_errno(err, ERR_PERM, "cannot open %s", path);
        r = read_open(fd, path, ret_token, err);
        close(fd);
        return r;
}

/* ---- writing */
static int fill(int fd, const char *folder, const char *text, struct err *err)
{
        struct stat owner;

        if (fchmod(fd, 0600) < 0)
                return err_errno(err, ERR_PERM, "chmod");
        if (geteuid() == 0 && (stat(folder, &owner) < 0 || fchown(fd, owner.st_uid, owner.st_gid) < 0))
                return err_errno(err, ERR_PERM, "chown");
        if (io_write_fd(fd, text, strlen(text), err) < 0)
                return -1;
        return fsync(fd) < 0 ? err_errno(err, ERR_TEMP, "fsync") : 0;
}

/* The name is on the disk, too. Some file systems cannot do that for folders. */
static void sync_folder(const char *folder)
{
        int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        if (fd >= 0)
                (void)fsync(fd);
        io_close(&fd);
}

int config_token_write(const char *path, const struct token *token, struct err *err)
{
        CLEANUP_FREE char *folder = folder_of(path), *beside = xasprintf("%s.XXXXXX", path);
        char *text;
        int fd = mkostemp(beside, O_CLOEXEC), r;

        if (fd < 0)
                return err_errno(err, ERR_PERM, "cannot write %s", path);
        text = token_text(token);
        r = fill(fd, folder, text, err);
        explicit_bzero(text, strlen(text));
        free(text);
        close(fd);
        if (r < 0)
                err_prefix(err, "cannot write %s", path);
        else if (rename(beside, path) < 0)
                r = err_errno(err, ERR_PERM, "cannot write %s", path);
        if (r < 0)
                unlink(beside);
        else
                sync_folder(folder);
        return r;
}

/* ---- can it be written */
static char *name_of(uid_t uid)
{
        const struct passwd *entry = getpwuid(uid);

        return entry ? xstrdup(entry->pw_name) : xasprintf("#%lu", (unsigned long)uid);
}

int config_token_check(const char *path, const char *beside, struct err *err)
{
        CLEANUP_FREE char *folder = folder_of(path), *home = folder_of(beside), *name = NULL;
        struct stat info, service;
        bool known = stat(home, &service) == 0;

        if (stat(folder, &info) < 0 || !S_ISDIR(info.st_mode))
                return err_set(err, ERR_PERM, "there is no folder %s for the token file", folder);
        if (known && info.st_uid != service.st_uid)
                return err_set(err, ERR_PERM,
                    "the service cannot renew %s: its folder does not belong to it; put it beside the "
                    "register,"
                    " into %s",
                    path, home);
        if (geteuid() == 0)
                return 0;
        if (access(folder, W_OK | X_OK) < 0)
                return err_errno(err, ERR_PERM, "%s cannot be written", path);
        if (info.st_uid != geteuid()) {
                name = name_of(info.st_uid);
                return err_set(err, ERR_PERM,
                    "%s must belong to the account of the service: say \"sudo -u %s zapisyctl login\", or do "
                    "it as root",
                    path, name);
        }
        return 0;
}
