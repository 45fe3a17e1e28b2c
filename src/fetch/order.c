/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"
#include "fetch/words.h"

enum { HOST_MAX = 253, USER_MAX = 1024, FOLDER_NAME_MAX = 1024, PATH_NAME_MAX = 4096, MESSAGE_MB = 30 };

/* Members that may be absent. */
static int optional_integer(const json_t *json, const char *key, json_int_t min, json_int_t max,
    json_int_t absent, json_int_t *ret_number, struct err *err)
{
        *ret_number = absent;
        return json_object_get(json, key) ? wire_integer(json, key, min, max, ret_number, err) : 0;
}

static int optional_bool(const json_t *json, const char *key, bool *ret_bool, struct err *err)
{
        *ret_bool = false;
        return json_object_get(json, key) ? wire_bool(json, key, ret_bool, err) : 0;
}

static int copy_string(const json_t *json, const char *key, size_t max, char **ret_text, struct err *err)
{
        const char *text;

        if (wire_string(json, key, max, &text, err) < 0)
                return -1;
        *ret_text = xstrdup(text);
        return 0;
}

static int parse_tls(const json_t *json, enum login_tls *ret_tls, struct err *err)
{
        const char *text;

        if (wire_string(json, "tls", 16, &text, err) < 0)
                return -1;
        if (str_equal(text, "implicit"))
                *ret_tls = LOGIN_TLS_IMPLICIT;
        else if (str_equal(text, "starttls"))
                *ret_tls = LOGIN_TLS_STARTTLS;
        else if (str_equal(text, "none"))
                *ret_tls = LOGIN_TLS_NONE;
        else
                return err_set(err, ERR_INPUT, "a record without a good \"tls\"");
        return 0;
}

static int parse_mark(const json_t *json, struct order_open *open, struct err *err)
{
        const char *text;

        if (wire_string(json, "mark", FOLDER_NAME_MAX, &text, err) < 0)
                return -1;
        if (str_equal(text, "none"))
                open->mark = ORDER_MARK_NONE;
        else if (str_equal(text, "keyword"))
                open->mark = ORDER_MARK_KEYWORD;
        else if (str_starts(text, "move:") && text[strlen("move:")])
                open->mark = ORDER_MARK_MOVE;
        else
                return err_set(err, ERR_INPUT, "a record without a good \"mark\"");
        if (open->mark == ORDER_MARK_MOVE)
                open->move_to = xstrdup(text + strlen("move:"));
        return 0;
}

static int parse_numbers(const json_t *json, struct order_open *open, struct err *err)
{
        json_int_t port, poll, seconds, since, mb;

        if (wire_integer(json, "port", 1, 65535, &port, err) < 0 ||
            wire_integer(json, "poll_seconds", 1, 86400, &poll, err) < 0 ||
            optional_integer(json, "timeout_seconds", 1, 600, 0, &seconds, err) < 0 ||
            optional_integer(json, "since", INT64_MIN, INT64_MAX, INT64_MIN, &since, err) < 0 ||
            optional_integer(json, "message_mb", 1, 1024, MESSAGE_MB, &mb, err) < 0)
                return -1;
        open->port = (int)port;
        open->poll_seconds = (int)poll;
        open->seconds = (int)seconds;
        open->since = since;
        open->message_max = (size_t)mb * 1024 * 1024;
        return 0;
}

static int parse_open(const json_t *json, struct order_open *open, struct err *err)
{
        const char *auth;

        if (copy_string(json, "host", HOST_MAX, &open->host, err) < 0 ||
            copy_string(json, "user", USER_MAX, &open->user, err) < 0 ||
            copy_string(json, "ca_file", PATH_NAME_MAX, &open->ca_file, err) < 0 ||
            copy_string(json, "folder", FOLDER_NAME_MAX, &open->folder, err) < 0 ||
            wire_string(json, "auth", 16, &auth, err) < 0)
                return -1;
        open->token = str_equal(auth, "xoauth2");
        if (!open->token && !str_equal(auth, "password"))
                return err_set(err, ERR_PERM, "mailbox.auth = \"%.16s\" is not known", auth);
        if (parse_tls(json, &open->tls, err) < 0 || parse_mark(json, open, err) < 0 ||
            parse_numbers(json, open, err) < 0)
                return -1;
        if (optional_bool(json, "idle", &open->idle, err) < 0 ||
            optional_bool(json, "once", &open->once, err) < 0)
                return -1;
        if (json_object_get(json, "sent_folder") &&
            copy_string(json, "sent_folder", FOLDER_NAME_MAX, &open->sent_folder, err) < 0)
                return -1;
        return optional_bool(json, "check", &open->check, err);
}

int order_open(const json_t *json, struct order_open *ret_open, struct err *err)
{
        struct order_open open = { 0 };

        if (parse_open(json, &open, err) < 0) {
                order_open_free(&open);
                return -1;
        }
        *ret_open = open;
        return 0;
}

void order_open_free(struct order_open *open)
{
        free(open->host);
        free(open->user);
        free(open->ca_file);
        free(open->folder);
        free(open->sent_folder);
        free(open->move_to);
        *open = (struct order_open){ 0 };
}

static int take_uids(const json_t *json, const char *key, size_t max, struct uids *ret_uids, struct err *err)
{
        const json_t *list = json_object_get(json, key);
        struct uids uids = { 0 };
        const json_t *item;
        size_t i;

        if (!json_is_array(list) || json_array_size(list) > max)
                return err_set(err, ERR_INPUT, "a record without a good \"%s\"", key);
        json_array_foreach(list, i, item)
        {
                if (!json_is_integer(item) || json_integer_value(item) < 1 ||
                    json_integer_value(item) > UINT32_MAX) {
                        uids_free(&uids);
                        return err_set(err, ERR_INPUT, "a record without a good \"%s\"", key);
                }
                uids_add(&uids, (uint32_t)json_integer_value(item));
        }
        uids_sort(&uids);
        *ret_uids = uids;
        return 0;
}

int order_scan(const json_t *json, struct order_scan *ret_scan, struct err *err)
{
        json_int_t uidvalidity, after, since;
        struct order_scan scan = { 0 };

        if (wire_integer(json, "uidvalidity", 0, UINT32_MAX, &uidvalidity, err) < 0 ||
            wire_integer(json, "after", 0, UINT32_MAX, &after, err) < 0 ||
            wire_integer(json, "since", INT64_MIN, INT64_MAX, &since, err) < 0 ||
            optional_bool(json, "one_by_one", &scan.one_by_one, err) < 0)
                return -1;
        if (json_object_get(json, "avoid") && take_uids(json, "avoid", ORDER_AVOID_MAX, &scan.avoid, err) < 0)
                return -1;
        scan.uidvalidity = (uint32_t)uidvalidity;
        scan.after = (uint32_t)after;
        scan.since = since;
        *ret_scan = scan;
        return 0;
}

void order_scan_free(struct order_scan *scan)
{
        uids_free(&scan->avoid);
        *scan = (struct order_scan){ 0 };
}

int order_credit(const json_t *json, int64_t *ret_messages, struct err *err)
{
        json_int_t messages;

        if (wire_integer(json, "messages", 0, ORDER_CREDIT_MAX, &messages, err) < 0)
                return -1;
        *ret_messages = messages;
        return 0;
}

int order_mark_uids(const json_t *json, struct order_mark_uids *ret_mark, struct err *err)
{
        struct order_mark_uids mark = { 0 };
        json_int_t uidvalidity;

        if (wire_integer(json, "uidvalidity", 1, UINT32_MAX, &uidvalidity, err) < 0 ||
            take_uids(json, "uids", ORDER_MARK_MAX, &mark.uids, err) < 0)
                return -1;
        mark.uidvalidity = (uint32_t)uidvalidity;
        *ret_mark = mark;
        return 0;
}

static int check_append(const struct order_append *append, struct err *err)
{
        if (words_check(append->folder, "mailbox.sent_folder", err) < 0)
                return -1;
        if (append->bytes < 0 || !*append->folder || !*append->message_id ||
            !words_are_ascii(append->message_id) || words_check(append->message_id, "a Message-ID", NULL) < 0)
                return err_set(err, ERR_INPUT, "an \"append\" that is not right");
        return 0;
}

int order_append(struct wire_record *record, struct order_append *ret_append, struct err *err)
{
        struct order_append append = { .bytes = wire_take_fd(record, 0) };
        const json_t *json = record->json;
        json_int_t id, date;

        if (wire_integer(json, "id", 1, INT64_MAX, &id, err) < 0 ||
            wire_integer(json, "internaldate", -(1LL << 40), 1LL << 40, &date, err) < 0 ||
            optional_bool(json, "search", &append.search, err) < 0 ||
            optional_bool(json, "unread", &append.unread, err) < 0 ||
            copy_string(json, "folder", FOLDER_NAME_MAX, &append.folder, err) < 0 ||
            copy_string(json, "message_id", LIMIT_MESSAGE_ID, &append.message_id, err) < 0 ||
            check_append(&append, err) < 0) {
                order_append_free(&append);
                return -1;
        }
        append.id = id;
        append.internaldate = date;
        *ret_append = append;
        return 0;
}

void order_append_free(struct order_append *append)
{
        free(append->folder);
        free(append->message_id);
        io_close(&append->bytes);
        *append = (struct order_append){ .bytes = -1 };
}
