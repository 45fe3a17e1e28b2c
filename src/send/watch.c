/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "send/watch.h"

#include <sys/stat.h>

struct watch watch_file(const char *path)
{
        struct stat st;

        if (stat(path, &st) < 0)
                return (struct watch){ .path = path };
        return (struct watch){ path, st.st_dev, st.st_ino };
}

bool watch_is_outdated(const struct watch *watch)
{
        struct watch now = watch_file(watch->path);

        return now.device != watch->device || now.inode != watch->inode;
}
