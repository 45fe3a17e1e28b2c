/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/report.h"

#include <jansson.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/version.h"
#include "base/wire.h"
#include "fetch/imap.h"
#include "fetch/uids.h"
#include "fetch/words.h"

enum { DETAIL_MAX = 500 };

/* Takes the JSON. */
static int send_take(int keeper, json_t *json, int fd, struct err *err)
{
        int r;

        if (!json)
                return err_set(err, ERR_BUG, "a record that cannot be written");
        r = wire_send(keeper, json, &fd, fd >= 0 ? 1 : 0, err);
        json_decref(json);
        return r;
}

/* Written here and not with core/record: that one knows forms and events, and all that they need. */
int report_hello(int keeper, struct err *err)
{
        return send_take(keeper,
            json_pack("{s:s,s:s,s:s}", "op", "hello", "program", "zapisy-fetch", "version", ZAPISY_VERSION),
            -1, err);
}

int report_state(int keeper, const char *state, const char *detail, struct err *err)
{
        CLEANUP_FREE char *shown = words_clean(detail, DETAIL_MAX);

        return send_take(
            keeper, json_pack("{s:s,s:s,s:s}", "op", "state", "state", state, "detail", shown), -1, err);
}

/* The keeper knows two kinds of trouble: what may pass by itself, and what needs a person. */
int report_error(
    int keeper, const struct err *why, uint32_t uidvalidity, const struct imap *imap, struct err *err)
{
        CLEANUP_FREE char *shown = words_clean(why->text, DETAIL_MAX);
        json_t *json = json_pack("{s:s,s:s,s:s,s:s,s:b}", "op", "state", "state", "error", "detail", shown,
            "error", why->class == ERR_PERM ? "perm" : "temp", "marking", imap && imap->marking);

        if (json && imap && imap->in_hand) {
                json_object_set_new(json, "uidvalidity", json_integer(uidvalidity));
                json_object_set_new(json, "uid", json_integer(imap->in_hand));
        }
        return send_take(keeper, json, -1, err);
}

int report_token_refused(int keeper, const struct err *why, struct err *err)
{
        CLEANUP_FREE char *shown = words_clean(why->text, DETAIL_MAX);

        return send_take(keeper,
            json_pack(
                "{s:s,s:s,s:s,s:s}", "op", "state", "state", "error", "detail", shown, "error", "token"),
            -1, err);
}

int report_mailbox(int keeper, const struct imap_box *box, struct err *err)
{
        return send_take(keeper,
            json_pack("{s:s,s:I,s:I,s:I,s:b,s:b}", "op", "mailbox", "uidvalidity",
                (json_int_t)box->uidvalidity, "uidnext", (json_int_t)box->uidnext, "exists",
                (json_int_t)box->exists, "keywords", box->keywords, "read_only", box->read_only),
            -1, err);
}

int report_message(int keeper, const struct report_message *m, struct err *err)
{
        return send_take(keeper,
            json_pack("{s:s,s:I,s:I,s:I,s:I,s:b}", "op", "message", "uidvalidity", (json_int_t)m->uidvalidity,
                "uid", (json_int_t)m->uid, "internaldate", (json_int_t)m->internaldate, "size",
                (json_int_t)m->size, "whole", m->whole),
            m->fd, err);
}

int report_drained(int keeper, uint32_t uidvalidity, uint32_t upto, struct err *err)
{
        return send_take(keeper,
            json_pack("{s:s,s:I,s:I}", "op", "drained", "uidvalidity", (json_int_t)uidvalidity, "upto",
                (json_int_t)upto),
            -1, err);
}

int report_marked(
    int keeper, uint32_t uidvalidity, const struct uids *uids, const struct err *why, struct err *err)
{
        json_t *list = json_array();
        json_t *json;

        for (size_t i = 0; i < uids->count; i++)
                json_array_append_new(list, json_integer(uids->items[i]));
        json = json_pack("{s:s,s:I,s:o}", "op", why ? "unmarked" : "marked", "uidvalidity",
            (json_int_t)uidvalidity, "uids", list);
        if (json && why) {
                CLEANUP_FREE char *shown = words_clean(why->text, DETAIL_MAX);

                json_object_set_new(json, "detail", json_string(shown));
        }
        return send_take(keeper, json, -1, err);
}

int report_appended(int keeper, int64_t id, const struct err *why, struct err *err)
{
        json_t *json = json_pack("{s:s,s:I}", "op", why ? "unappended" : "appended", "id", (json_int_t)id);

        if (json && why) {
                CLEANUP_FREE char *shown = words_clean(why->text, DETAIL_MAX);

                json_object_set_new(json, "detail", json_string(shown));
                json_object_set_new(json, "error", json_string(why->class == ERR_PERM ? "perm" : "temp"));
        }
        return send_take(keeper, json, -1, err);
}

int report_checked(int keeper, const struct report_checked *c, struct err *err)
{
        return send_take(keeper,
            json_pack("{s:s,s:I,s:I,s:I,s:s,s:s}", "op", "checked", "exists", (json_int_t)c->box->exists,
                "uidnext", (json_int_t)c->box->uidnext, "waiting", (json_int_t)c->waiting, "sent", c->sent,
                "marks", c->marks),
            -1, err);
}
