/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

int io_read_fd(int fd, struct buf *out, struct err *err)
{
        char block[16 * 1024];
        ssize_t n;

        for (;;) {
                n = read(fd, block, sizeof block);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return err_errno(err, ERR_TEMP, "cannot read");
                if (n == 0)
                        return 0;
                if (buf_add(out, block, (size_t)n) < 0)
                        return err_set(err, ERR_INPUT, "larger than the %zu bytes allowed", out->max);
        }
}

int io_read_file(const char *path, struct buf *out, struct err *err)
{
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        int r;

        if (fd < 0)
                return err_errno(err, ERR_PERM, "cannot open %s", path);
        r = io_read_fd(fd, out, err);
        if (r < 0)
                err_prefix(err, "%s", path);
        close(fd);
        return r;
}

int io_write_fd(int fd, const void *bytes, size_t size, struct err *err)
{
        const char *p = bytes;

        while (size) {
                ssize_t n = write(fd, p, size);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return err_errno(err, ERR_TEMP, "cannot write");
                p += n;
                size -= (size_t)n;
        }
        return 0;
}

int io_write_file(const char *path, const void *bytes, size_t size, unsigned int mode, struct err *err)
{
        CLEANUP_FREE char *beside = xasprintf("%s.new-%ld", path, (long)getpid());
        int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
        int r;

        if (fd < 0)
                return err_errno(err, ERR_PERM, "cannot write %s", path);
        r = io_write_fd(fd, bytes, size, err);
        if (r == 0 && fsync(fd) < 0)
                r = err_errno(err, ERR_TEMP, "cannot write %s", path);
        close(fd);
        if (r == 0 && rename(beside, path) < 0)
                r = err_errno(err, ERR_PERM, "cannot write %s", path);
        if (r < 0)
                unlink(beside);
        return r;
}

int io_memfd(const char *name, const void *bytes, size_t size, struct err *err)
{
        int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

        if (fd < 0)
                return err_errno(err, ERR_TEMP, "memfd_create");
        if (io_write_fd(fd, bytes, size, err) < 0 || lseek(fd, 0, SEEK_SET) < 0 ||
            fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0) {
                err_errno(err, ERR_TEMP, "cannot fill a memfd");
                close(fd);
                return -1;
        }
        return fd;
}

static int map(int fd, size_t max, struct io_map *ret_map, struct err *err)
{
        struct stat st;
        void *data;

        if (fstat(fd, &st) < 0)
                return err_errno(err, ERR_TEMP, "fstat");
        if ((uintmax_t)st.st_size > max)
                return err_set(err, ERR_INPUT, "larger than the %zu bytes allowed", max);
        if (st.st_size == 0) {
                *ret_map = (struct io_map){ .data = "", .size = 0 };
                return 0;
        }
        data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (data == MAP_FAILED)
                return err_errno(err, ERR_TEMP, "mmap");
        *ret_map = (struct io_map){ .data = data, .size = (size_t)st.st_size };
        return 0;
}

int io_map_memfd(int fd, size_t max, struct io_map *ret_map, struct err *err)
{
        int seals = fcntl(fd, F_GET_SEALS);

        if (seals < 0 || (seals & (F_SEAL_WRITE | F_SEAL_SHRINK)) != (F_SEAL_WRITE | F_SEAL_SHRINK))
                return err_set(err, ERR_BUG, "a descriptor that is not a sealed memfd");
        return map(fd, max, ret_map, err);
}

int io_map_file(const char *path, size_t max, struct io_map *ret_map, struct err *err)
{
        int fd = open(path, O_RDONLY | O_CLOEXEC), r;

        if (fd < 0)
                return err_errno(err, ERR_TEMP, "cannot open %s", path);
        r = map(fd, max, ret_map, err);
        io_close(&fd);
        return r;
}

void io_unmap(struct io_map *map)
{
        if (map->size)
                munmap((void *)(uintptr_t)map->data, map->size);
        *map = (struct io_map){ 0 };
}

void io_close(int *fd)
{
        if (*fd >= 0)
                close(*fd);
        *fd = -1;
}

int64_t io_monotonic_ms(void)
{
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void io_random(void *bytes, size_t size)
{
        char *p = bytes;

        while (size) {
                ssize_t n = getrandom(p, size, 0);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        mem_die("getrandom failed");
                p += n;
                size -= (size_t)n;
        }
}
