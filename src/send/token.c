/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "send/token.h"

#include <curl/curl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/confine.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"
#include "core/grant.h"
#include "core/token.h"
#include "send/post.h"
#include "send/verdict.h"

enum { URL_MAX = 2000, SECRETS_MAX = 4 * TOKEN_MAX, FIELDS_MAX = 8 };

struct token_server {
        char *token_url, *device_url, *ca_file;
};

/* What is posted, and where. */
struct question {
        const char *url;
        struct post_field fields[FIELDS_MAX];
        size_t count;
};

bool token_is_record(const char *op)
{
        return str_equal(op, "authority") || str_equal(op, "refresh") || str_equal(op, "device") ||
               str_equal(op, "poll") || str_equal(op, "code");
}

/* ---- answering */
static int answer(int keeper, const struct grant *grant, struct err *err)
{
        char *secrets = NULL;
        json_t *json = grant_record(grant, &secrets);
        int fd = secrets ? io_memfd("grant", secrets, strlen(secrets), err) : -1;
        int r = secrets && fd < 0 ? -1 : wire_send(keeper, json, &fd, fd >= 0, err);

        if (secrets)
                explicit_bzero(secrets, strlen(secrets));
        free(secrets);
        json_decref(json);
        io_close(&fd);
        return r;
}

static int answer_plain(int keeper, const struct err *why, struct err *err)
{
        struct grant grant = { .fate = why->class == ERR_TEMP ? GRANT_AGAIN : GRANT_WRONG };

        snprintf(grant.detail, sizeof grant.detail, "%.*s", GRANT_DETAIL, why->text);
        return answer(keeper, &grant, err);
}

/* ---- authority */

/* Before the first connection. */
static int shut_in(const struct token_server *server, struct err *err)
{
        const char *const paths[] = { *server->ca_file ? server->ca_file : NULL, NULL };
        uint16_t ports[3] = { 0 };
        const struct confine_reach reach = {
                .names = true, .certificates = true, .paths = paths, .ports = ports
        };

        if (post_port(server->token_url, &ports[0], err) < 0 ||
            (*server->device_url && post_port(server->device_url, &ports[1], err) < 0))
                return -1;
        return confine_to(&reach, err) < 0 ? -1 : 0;
}

static int take_authority(struct token_server **server, const json_t *json, struct err *err)
{
        const char *token_url, *device_url, *ca_file;
        struct token_server *made;

        if (*server)
                return err_set(err, ERR_INPUT, "a second \"authority\"");
        if (wire_string(json, "token_url", URL_MAX, &token_url, err) < 0 ||
            wire_string(json, "device_url", URL_MAX, &device_url, err) < 0 ||
            wire_string(json, "ca_file", 4095, &ca_file, err) < 0)
                return -1;
        if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
                return err_set(err, ERR_BUG, "libcurl does not start");
        made = xcalloc(1, sizeof *made);
        made->token_url = xstrdup(token_url);
        made->device_url = xstrdup(device_url);
        made->ca_file = xstrdup(ca_file);
        *server = made;
        return shut_in(made, err);
}

void token_server_free(struct token_server *server)
{
        if (!server)
                return;
        free(server->token_url);
        free(server->device_url);
        free(server->ca_file);
        free(server);
        curl_global_cleanup();
}

/* ---- questions */
static void add(struct question *question, const char *name, const char *value)
{
        question->fields[question->count++] = (struct post_field){ name, value };
}

/* A member of the record or of its secrets, under that name. */
static int add_from(
    struct question *question, const json_t *json, const char *key, const char *name, struct err *err)
{
        const char *value;

        if (wire_string(json, key, TOKEN_MAX, &value, err) < 0)
                return -1;
        add(question, name, value);
        return 0;
}

static int fill(const struct token_server *server, const json_t *json, const json_t *secrets,
    struct question *question, struct err *err)
{
        const char *op = wire_op(json), *secret;

        question->url = str_equal(op, "device") ? server->device_url : server->token_url;
        if (add_from(question, json, "client_id", "client_id", err) < 0 ||
            wire_string(secrets, "client_secret", TOKEN_MAX, &secret, err) < 0)
                return -1;
        if (*secret)
                add(question, "client_secret", secret); /* RFC 6749 2.3.1 */
        if (str_equal(op, "device"))
                return add_from(question, json, "scope", "scope", err);
        if (str_equal(op, "refresh")) {
                add(question, "grant_type", "refresh_token");
                return add_from(question, secrets, "refresh_token", "refresh_token", err);
        }
        if (str_equal(op, "poll")) {
                add(question, "grant_type", "urn:ietf:params:oauth:grant-type:device_code");
                return add_from(question, secrets, "device_code", "device_code", err);
        }
        add(question, "grant_type", "authorization_code");
        if (add_from(question, json, "redirect", "redirect_uri", err) < 0 ||
            add_from(question, secrets, "code", "code", err) < 0)
                return -1;
        return add_from(question, secrets, "verifier", "code_verifier", err);
}

static int ask(
    int keeper, const struct token_server *server, const struct question *question, struct err *err)
{
        struct post_answer got;
        struct grant grant;
        struct err why;
        int r;

        if (post_form(question->url, server->ca_file, question->fields, question->count, &got, &why) < 0)
                return answer_plain(keeper, &why, err);
        grant = question->url == server->device_url ? verdict_on_device(got.status, got.body, got.size)
                                                    : verdict_on_tokens(got.status, got.body, got.size);
        post_free(&got);
        r = answer(keeper, &grant, err);
        grant_free(&grant);
        return r;
}

int token_record(int keeper, struct token_server **server, struct wire_record *record, struct err *err)
{
        struct question question = { 0 };
        struct io_map map;
        json_t *secrets;
        int r;

        if (str_equal(wire_op(record->json), "authority"))
                return take_authority(server, record->json, err);
        if (!*server || record->fds[0] < 0)
                return err_set(
                    err, ERR_INPUT, "a question about tokens without a token server or its secrets");
        if (io_map_memfd(record->fds[0], SECRETS_MAX, &map, err) < 0)
                return -1;
        secrets = json_loadb(map.data, map.size, 0, NULL);
        io_unmap(&map);
        r = fill(*server, record->json, secrets, &question, err);
        if (r == 0)
                r = ask(keeper, *server, &question, err);
        json_decref(secrets);
        return r;
}
