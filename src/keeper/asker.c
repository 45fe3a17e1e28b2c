/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keeper/asker.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"
#include "config/config.h"
#include "core/grant.h"
#include "core/token.h"
#include "keeper/helper.h"

/* Longer than zapisy-send itself waits for the server. */
enum { PATIENCE_SECONDS = 60 };

struct asker {
        sd_event *loop;
        struct helper *helper;
        sd_event_source *guard;
        void (*answered)(void *owner, struct grant *grant);
        void (*unfit)(void *owner);
        void *owner;
        json_t *authority, *question; /* owned; of the question under way */
        int secrets;
};

static void forget(struct asker *asker)
{
        json_decref(asker->authority);
        json_decref(asker->question);
        asker->authority = asker->question = NULL;
        io_close(&asker->secrets);
        asker->guard = sd_event_source_disable_unref(asker->guard);
}

/* The program ends with its one question. */
static void finish(struct asker *asker, struct grant *grant)
{
        if (!asker->question)
                return;
        helper_stop(asker->helper);
        forget(asker);
        asker->answered(asker->owner, grant);
}

static void give_up(struct asker *asker, const char *why)
{
        struct grant grant = { .fate = GRANT_AGAIN };

        snprintf(grant.detail, sizeof grant.detail, "%.*s", GRANT_DETAIL, why);
        finish(asker, &grant);
}

/* ---- what the program says */
static void on_ready(void *owner)
{
        struct asker *asker = owner;

        helper_send(asker->helper, json_incref(asker->authority), -1);
        helper_send(asker->helper, json_incref(asker->question), asker->secrets);
}

static int read_grant(struct wire_record *record, struct grant *ret_grant, struct err *err)
{
        struct io_map map = { .data = "" };
        int r;

        if (!str_equal(wire_op(record->json), "grant"))
                return err_set(err, ERR_INPUT, "an answer that makes no sense");
        if (record->fds[0] >= 0 && io_map_memfd(record->fds[0], 4 * TOKEN_MAX, &map, err) < 0)
                return -1;
        r = grant_from_record(record->json, map.data, map.size, ret_grant, err);
        io_unmap(&map);
        return r;
}

static void on_record(void *owner, struct wire_record *record)
{
        struct asker *asker = owner;
        struct grant grant;
        struct err err;

        if (read_grant(record, &grant, &err) < 0) {
                give_up(asker, err.text);
                return;
        }
        finish(asker, &grant);
        grant_free(&grant);
}

static void on_gone(void *owner)
{
        give_up(owner, "the program that asks for tokens ended");
}

static int on_silence(sd_event_source *source, uint64_t usec, void *data)
{
        (void)source, (void)usec;
        give_up(data, "the program that asks for tokens does not answer");
        return 0;
}

static void on_unfit(void *owner)
{
        struct asker *asker = owner;

        asker->unfit(asker->owner);
}

/* ---- asking */
static int secrets_memfd(const char *client_secret, const char *refresh_token, struct err *err)
{
        json_t *json =
            json_pack("{s:s, s:s}", "client_secret", client_secret, "refresh_token", refresh_token);
        char *text = json_dumps(json, JSON_COMPACT);
        int fd;

        json_decref(json);
        if (!text)
                return err_set(err, ERR_PERM, "the client's secret is not UTF-8");
        fd = io_memfd("secrets", text, strlen(text), err);
        explicit_bzero(text, strlen(text));
        free(text);
        return fd;
}

void asker_refresh(struct asker *asker, const struct config_oauth *oauth, const char *client_secret,
    const char *refresh_token)
{
        struct err err;

        asker->authority = json_pack("{s:s, s:s, s:s, s:s}", "op", "authority", "token_url", oauth->token_url,
            "device_url", "", "ca_file", oauth->ca_file);
        asker->question = json_pack("{s:s, s:s}", "op", "refresh", "client_id", oauth->client_id);
        asker->secrets = secrets_memfd(client_secret, refresh_token, &err);
        if (asker->secrets < 0 || helper_start(asker->helper, &err) < 0) {
                give_up(asker, err.text);
                return;
        }
        sd_event_add_time_relative(
            asker->loop, &asker->guard, CLOCK_MONOTONIC, PATIENCE_SECONDS * 1000000ULL, 0, on_silence, asker);
}

bool asker_is_busy(const struct asker *asker)
{
        return asker->question != NULL;
}

struct asker *asker_new(sd_event *loop, void (*answered)(void *owner, struct grant *grant),
    void (*unfit)(void *owner), void *owner)
{
        static const struct helper_calls calls = {
                .ready = on_ready, .record = on_record, .gone = on_gone, .unfit = on_unfit
        };
        struct asker *asker = xcalloc(1, sizeof *asker);

        *asker = (struct asker){
                .loop = loop, .answered = answered, .unfit = unfit, .owner = owner, .secrets = -1
        };
        asker->helper = helper_new(loop, "zapisy-send", PATIENCE_SECONDS, &calls, asker);
        return asker;
}

void asker_free(struct asker *asker)
{
        if (!asker)
                return;
        helper_free(asker->helper);
        forget(asker);
        free(asker);
}
