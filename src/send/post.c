/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "send/post.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

enum { CONNECT_SECONDS = 20, FORM_MAX = 64 * 1024 };

/* Of fixed size, so that no secret is left behind by growing. */
struct room {
        char *data;
        size_t size, max;
};

static void room_open(struct room *room, size_t max)
{
        *room = (struct room){ .data = xcalloc(1, max + 1), .max = max };
}

static void room_close(struct room *room)
{
        explicit_bzero(room->data, room->max);
        free(room->data);
        *room = (struct room){ 0 };
}

static int room_add(struct room *room, const char *bytes, size_t size)
{
        if (size > room->max - room->size)
                return -1;
        memcpy(room->data + room->size, bytes, size);
        room->size += size;
        return 0;
}

/* ---- addresses */
static bool is_loopback(const char *host)
{
        struct in_addr address;

        return str_equal_nocase(host, "localhost") || str_equal(host, "[::1]") ||
               (inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}

static int read_url(CURLU *url, const char *text, uint16_t *ret_port, struct err *err)
{
        char *scheme = NULL, *host = NULL, *port = NULL, *user = NULL;
        int64_t number;
        int r = -1;

        if (curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK ||
            curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
            curl_url_get(url, CURLUPART_HOST, &host, 0) != CURLUE_OK ||
            curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) != CURLUE_OK ||
            curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_OK ||
            str_to_int(port, 1, 65535, &number) < 0)
                err_set(err, ERR_PERM, "the token server's address is none");
        else if (!str_equal(scheme, "https") && !(str_equal(scheme, "http") && is_loopback(host)))
                err_set(err, ERR_PERM, "the token server's address must begin with https://");
        else
                r = 0;
        if (r == 0)
                *ret_port = (uint16_t)number;
        curl_free(scheme);
        curl_free(host);
        curl_free(port);
        curl_free(user);
        return r;
}

int post_port(const char *url, uint16_t *ret_port, struct err *err)
{
        CURLU *parts = curl_url();
        int r;

        if (!parts)
                mem_die("out of memory");
        r = read_url(parts, url, ret_port, err);
        curl_url_cleanup(parts);
        return r;
}

/* ---- one request */
static size_t on_answer(char *data, size_t one, size_t count, void *context)
{
        return room_add(context, data, one * count) < 0 ? 0 : one * count;
}

static int add_field(CURL *curl, struct room *form, const struct post_field *field)
{
        char *value = curl_easy_escape(curl, field->value, (int)strlen(field->value));
        int r;

        if (!value)
                mem_die("out of memory");
        r = (form->size && room_add(form, "&", 1) < 0) ||
                    room_add(form, field->name, strlen(field->name)) < 0 || room_add(form, "=", 1) < 0 ||
                    room_add(form, value, strlen(value)) < 0
                ? -1
                : 0;
        explicit_bzero(value, strlen(value));
        curl_free(value);
        return r;
}

static void set_up(CURL *curl, const char *url, const char *ca_file, struct room *form, struct room *answer)
{
        curl_easy_setopt(curl, CURLOPT_URL, url);
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http");
        curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* none, whatever the environment says */
        curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
        curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
        curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)POST_SECONDS);
        curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
        if (*ca_file) {
                curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
                curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
        }
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form->data);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)form->size);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_answer);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
}

static int failed(CURLcode result, struct err *err)
{
        static const struct {
                CURLcode code;
                const char *words;
        } rows[] = {
                { CURLE_COULDNT_RESOLVE_HOST, "the token server's name is not known" },
                { CURLE_COULDNT_CONNECT, "no connection to the token server" },
                { CURLE_SSL_CONNECT_ERROR, "no TLS with the token server" },
                { CURLE_PEER_FAILED_VERIFICATION, "the token server's certificate is not valid for it" },
                { CURLE_SSL_ISSUER_ERROR, "the token server's certificate is not valid for it" },
                { CURLE_SSL_CACERT_BADFILE,
                    "the file of trusted certificates (oauth.ca_file) cannot be read" },
                { CURLE_OPERATION_TIMEDOUT, "the token server does not answer in time" },
                { CURLE_WRITE_ERROR, "the token server's answer is too large" },
        };

        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
                if (rows[i].code == result)
                        return err_set(err, ERR_TEMP, "%s", rows[i].words);
        return err_set(err, ERR_TEMP, "the connection to the token server broke");
}

static int perform(CURL *curl, const char *url, const char *ca_file, struct room *form, struct room *answer,
    long *ret_status, struct err *err)
{
        CURLcode result;

        set_up(curl, url, ca_file, form, answer);
        result = curl_easy_perform(curl);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, ret_status);
        return result == CURLE_OK ? 0 : failed(result, err);
}

int post_form(const char *url, const char *ca_file, const struct post_field *fields, size_t count,
    struct post_answer *ret_answer, struct err *err)
{
        CURL *curl = curl_easy_init();
        struct room form, answer;
        uint16_t port;
        long status = 0;
        int r;

        if (!curl)
                mem_die("out of memory");
        room_open(&form, FORM_MAX);
        room_open(&answer, POST_ANSWER_MAX);
        r = post_port(url, &port, err);
        for (size_t i = 0; r == 0 && i < count; i++)
                if (add_field(curl, &form, &fields[i]) < 0)
                        r = err_set(err, ERR_PERM, "more to tell the token server than it takes");
        if (r == 0)
                r = perform(curl, url, ca_file, &form, &answer, &status, err);
        curl_easy_cleanup(curl);
        room_close(&form);
        if (r < 0) {
                room_close(&answer);
                return -1;
        }
        *ret_answer = (struct post_answer){ .status = (int)status, .body = answer.data, .size = answer.size };
        return 0;
}

void post_free(struct post_answer *answer)
{
        if (answer->body)
                explicit_bzero(answer->body, answer->size);
        free(answer->body);
        *answer = (struct post_answer){ 0 };
}
