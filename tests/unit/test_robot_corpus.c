/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: read form core base */
/* Every bounce, complaint and automatic answer of the public corpora is known for what it is, and no person's
 * mail is taken for one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the above first */
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "core/bounce.h"
#include "core/mail.h"
#include "core/record.h"
#include "read/bounds.h"
#include "read/finding.h"
#include "robot_corpus.h"

static const char corpora[] = "../shared/corpora";
static struct finding_context used;

static bool is_there(void)
{
        DIR *dir = opendir(corpora);

        if (!dir) {
                print_message("%s is absent: no mail was judged\n", corpora);
                return false;
        }
        closedir(dir);
        return true;
}

static char *read_file(const char *path, size_t *ret_size)
{
        FILE *file = fopen(path, "rb");
        struct buf bytes = BUF_INIT(32 << 20);
        char piece[4096];
        size_t size;

        assert_non_null(file);
        while ((size = fread(piece, 1, sizeof piece, file)) > 0)
                buf_add(&bytes, piece, size);
        fclose(file);
        *ret_size = bytes.size;
        return bytes.data ? buf_detach(&bytes, NULL) : xstrdup("");
}

/* As the keeper gets it: through the reader's record. */
static void take_mail(const char *path, struct mail *ret_mail)
{
        size_t size;
        char *bytes = read_file(path, &size);
        json_t *json = finding_message(&used, 1, 0, bytes, size);
        struct err err = { 0 };

        if (record_mail_from_json(json_object_get(json, "mail"), ret_mail, &err) < 0)
                fail_msg("%s: %s", path, err.text);
        json_decref(json);
        free(bytes);
}

static void check(const struct expected *expected, const struct mail *mail)
{
        const char *why = "";
        enum robot_kind kind = robot_judge(mail, &why);
        struct bounce bounce;
        CLEANUP_FREE char *told = NULL;

        if (kind != expected->kind)
                fail_msg("%s is %d, not %d: %s", expected->file, (int)kind, (int)expected->kind, why);
        if (!expected->bounce)
                return;
        bounce_judge(mail, &bounce);
        told = xasprintf("%s%s%s", bounce_kind_name(bounce.kind), *bounce.status ? " " : "", bounce.status);
        if (strcmp(told, expected->bounce) != 0)
                fail_msg("%s is \"%s\", not \"%s\"", expected->file, told, expected->bounce);
}

static void known_machines(void **state)
{
        (void)state;
        for (size_t i = 0; is_there() && i < sizeof machines / sizeof *machines; i++) {
                CLEANUP_FREE char *path = xasprintf("%s/%s", corpora, machines[i].file);
                struct mail mail;

                take_mail(path, &mail);
                check(&machines[i], &mail);
                mail_free(&mail);
        }
}

static const struct expected *exception(const char *file)
{
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
                if (strcmp(others[i].file, file) == 0)
                        return &others[i];
        return NULL;
}

static size_t people_in(const char *folder)
{
        CLEANUP_FREE char *path = xasprintf("%s/%s", corpora, folder);
        DIR *dir = opendir(path);
        struct dirent *entry;
        size_t count = 0;

        assert_non_null(dir);
        while ((entry = readdir(dir))) {
                CLEANUP_FREE char *file = xasprintf("%s/%s", folder, entry->d_name);
                CLEANUP_FREE char *whole = xasprintf("%s/%s", corpora, file);
                const struct expected person = { file, ROBOT_NO, NULL }, *other = exception(file);
                struct mail mail;

                if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
                        count += people_in(file);
                if (entry->d_type != DT_REG)
                        continue;
                take_mail(whole, &mail);
                check(other ? other : &person, &mail);
                mail_free(&mail);
                count++;
        }
        closedir(dir);
        return count;
}

static void people(void **state)
{
        (void)state;
        if (!is_there())
                return;
        assert_true(people_in("mikel-mail") > 90);
        assert_true(people_in("email-reply-trimmer/emails") > 50);
        assert_true(people_in("mime4j") > 70);
}

static int setup(void **state)
{
        (void)state;
        used.bounds = bounds_default;
        finding_preload();
        return 0;
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(known_machines), cmocka_unit_test(people) };

        return cmocka_run_group_tests(tests, setup, NULL);
}
