/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: config core base */
/* Run from the project's folder: its conf/ is what the cases start from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "config/config.h"
#include "config/token.h"

static char folder[64];

static int new_folder(void **state)
{
        CLEANUP_FREE char *forms = realpath("conf/forms", NULL), *here = NULL;

        (void)state;
        snprintf(folder, sizeof folder, "/tmp/test-oauth-XXXXXX");
        if (!mkdtemp(folder))
                return -1;
        here = xasprintf("%s/forms", folder);
        return symlink(forms, here);
}

static int end_folder(void **state)
{
        CLEANUP_FREE char *command = xasprintf("rm -rf %s", folder);

        (void)state;
        return system(command);
}

static char *in_folder(const char *name)
{
        return xasprintf("%s/%s", folder, name);
}

static void write_text(const char *path, const char *text, unsigned int mode)
{
        struct err err;

        if (io_write_file(path, text, strlen(text), mode, &err) < 0 || chmod(path, (mode_t)mode) < 0)
                fail_msg("%s", err.text);
}

/* ---- the configuration */
static char *all_problems(const struct config_problems *problems)
{
        struct buf text = BUF_INIT(64 * 1024);

        buf_puts(&text, "");
        for (size_t i = 0; i < problems->count; i++)
                buf_printf(&text, "%s\n", problems->items[i].text);
        return buf_detach(&text, NULL);
}

static int load(const char *mailbox, const char *oauth, struct config **ret_config, char **ret_problems)
{
        CLEANUP_FREE char *file = in_folder("zapisyd.conf");
        CLEANUP_FREE char *here = realpath("conf", NULL);
        CLEANUP_FREE char *text =
            xasprintf("mailbox : { host = \"localhost\"; user = \"me\"; %s };\n"
                      "smtp : { host = \"localhost\"; user = \"me\"; from = \"me@example.org\"; };\n"
                      "coordinator : { email = \"me@example.org\"; };\n"
                      "events_dir = \"%s/events\"; letters_dir = \"%s/letters\";\noauth : { %s };\n",
                mailbox, here, here, oauth);
        struct config_problems problems;
        int r;

        write_text(file, text, 0600);
        r = config_load(file, ret_config, &problems);
        *ret_problems = all_problems(&problems);
        config_problems_free(&problems);
        return r;
}

static const char with_token[] = "auth = \"xoauth2\"; token_file = \"/var/lib/zapisyd/token\";";

static struct config *good(const char *mailbox, const char *oauth)
{
        CLEANUP_FREE char *problems = NULL;
        struct config *config;

        if (load(mailbox, oauth, &config, &problems) < 0)
                fail_msg("%s", problems);
        return config;
}

static void test_providers_fill_in_what_they_give(void **state)
{
        struct config *config = good(
            with_token, "provider = \"microsoft\"; client_id = \"c\"; tenant = \"rcwip.onmicrosoft.com\";");

        (void)state;
        assert_true(config_uses_token(&config->mailbox.server));
        assert_false(config_uses_token(&config->smtp.server));
        assert_string_equal(config->oauth.token_url,
            "https://login.microsoftonline.com/rcwip.onmicrosoft.com/oauth2/v2.0/token");
        assert_string_equal(config->oauth.device_url,
            "https://login.microsoftonline.com/rcwip.onmicrosoft.com/oauth2/v2.0/devicecode");
        assert_string_equal(config->oauth.scope, "https://outlook.office.com/IMAP.AccessAsUser.All "
                                                 "https://outlook.office.com/SMTP.Send offline_access");
        config_free(config);
        config = good(with_token, "provider = \"google\"; client_id = \"c\"; scope = \"mine\";");
        assert_string_equal(config->oauth.token_url, "https://oauth2.googleapis.com/token");
        assert_string_equal(config->oauth.device_url, "");
        assert_string_equal(config->oauth.scope, "mine");
        config_free(config);
}

static void test_what_cannot_be(void **state)
{
        static const struct {
                const char *mailbox, *oauth, *says;
        } rows[] = {
                { "auth = \"xoauth2\";", "", "needs mailbox.token_file" },
                { "auth = \"token\";", "", "auth must be one of" },
                { "", "provider = \"yahoo\";", "provider must be" },
                { "", "tenant = \"a/b\";", "tenant must be" },
                { "", "client_id = \"c\";", "where tokens come from" },
                { "", "token_url = \"http://example.org/token\";", "must begin with https://" },
                { "", "token_url = \"http://127.0.0.1.example.org/\";", "must begin with https://" },
                { "", "device_url = \"https://a b\";", "no address" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                CLEANUP_FREE char *problems = NULL;
                struct config *config;

                if (load(rows[i].mailbox, rows[i].oauth, &config, &problems) == 0 ||
                    !strstr(problems, rows[i].says))
                        fail_msg("row %zu: %s", i, problems);
        }
}

/* ---- the file */
static const char tokens[] = "{\"access_token\":\"a\",\"refresh_token\":\"r\",\"expires_at\":5}";

static void expect_refused(const char *path, const char *says)
{
        struct token token;
        struct err err;

        assert_int_equal(config_token_read(path, &token, &err), -1);
        assert_int_equal(err.class, ERR_PERM);
        if (!strstr(err.text, says))
                fail_msg("%s", err.text);
}

static void test_only_its_owner_may_read_it(void **state)
{
        static const unsigned int wide[] = { 0640, 0604, 0660, 0644, 0610, 0601 };
        CLEANUP_FREE char *path = in_folder("token");
        struct token token;
        struct err err;

        (void)state;
        expect_refused(path, "run \"zapisyctl login\"");
        for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
                write_text(path, tokens, wide[i]);
                expect_refused(path, "chmod 600");
        }
        write_text(path, tokens, 0600);
        assert_int_equal(config_token_read(path, &token, &err), 0);
        assert_string_equal(token.refresh, "r");
        token_free(&token);
        write_text(path, "{}", 0600);
        expect_refused(path, "no token file");
        expect_refused(folder, "");
        unlink(path);
        assert_int_equal(mkfifo(path, 0600), 0);
        expect_refused(path, "is no file");
}

static void test_written_whole_and_private(void **state)
{
        CLEANUP_FREE char *path = in_folder("written"), *missing = in_folder("nowhere/token");
        struct token token = { .access = xstrdup("a2"), .refresh = xstrdup("r2"), .expires_at = 77 }, got;
        struct stat info;
        struct err err;
        mode_t old = umask(0);

        (void)state;
        for (int i = 0; i < 2; i++) {
                assert_int_equal(config_token_write(path, &token, &err), 0);
                assert_int_equal(stat(path, &info), 0);
                assert_int_equal(info.st_mode & 07777, 0600);
                assert_int_equal(config_token_read(path, &got, &err), 0);
                assert_string_equal(got.access, "a2");
                assert_int_equal(got.expires_at, 77);
                token_free(&got);
        }
        umask(old);
        assert_int_equal(config_token_write(missing, &token, &err), -1);
        assert_non_null(strstr(err.text, "cannot write"));
        assert_int_equal(config_token_check(missing, path, &err), -1);
        assert_non_null(strstr(err.text, "there is no folder"));
        assert_int_equal(config_token_check(path, path, &err), 0);
        if (geteuid() == 0) {
                assert_int_equal(chown(folder, 12345, 12345), 0);
                assert_int_equal(config_token_write(path, &token, &err), 0);
                assert_int_equal(stat(path, &info), 0);
                assert_int_equal(info.st_uid, 12345);
                assert_int_equal(config_token_check(path, "/etc/passwd", &err), -1);
                assert_non_null(strstr(err.text, "does not belong to it"));
                assert_int_equal(chown(folder, 0, 0), 0);
        }
        token_free(&token);
}

static void test_the_clients_secret(void **state)
{
        CLEANUP_FREE char *path = in_folder("secret"), *other = in_folder("credentials");
        CLEANUP_FREE char *credential = in_folder("credentials/secret");
        struct config_oauth oauth = { .client_secret_file = (char *)(uintptr_t) "" };
        char *secret = NULL;
        struct err err;

        (void)state;
        assert_int_equal(config_client_secret(&oauth, NULL, &secret, &err), 0);
        assert_string_equal(secret, "");
        free(secret);
        oauth.client_secret_file = path;
        assert_int_equal(config_client_secret(&oauth, NULL, &secret, &err), -1);
        write_text(path, "s1\n", 0600);
        assert_int_equal(config_client_secret(&oauth, other, &secret, &err), 0);
        assert_string_equal(secret, "s1");
        free(secret);
        assert_int_equal(mkdir(other, 0700), 0);
        write_text(credential, "s2", 0600);
        assert_int_equal(config_client_secret(&oauth, other, &secret, &err), 0);
        assert_string_equal(secret, "s2");
        free(secret);
        write_text(credential, "\n", 0600); /* of the unit, where there is no file */
        assert_int_equal(config_client_secret(&oauth, other, &secret, &err), 0);
        assert_string_equal(secret, "s1");
        free(secret);
}

int main(void)
{
        const struct CMUnitTest cases[] = {
                cmocka_unit_test(test_providers_fill_in_what_they_give),
                cmocka_unit_test(test_what_cannot_be),
                cmocka_unit_test(test_only_its_owner_may_read_it),
                cmocka_unit_test(test_written_whole_and_private),
                cmocka_unit_test(test_the_clients_secret),
        };

        return cmocka_run_group_tests(cases, new_folder, end_folder);
}
