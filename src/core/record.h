/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the programs say to each other, and the JSON of the things they say it about. Every *_from_json()
 * checks all it takes: types, lengths, counts, UTF-8, and for readings each value with field_is_normal(). A
 * record that fails is ERR_INPUT and means that the helper is broken.
 *
 * All records have "op". Instants are integers, seconds since the epoch. [fd] marks a sealed memfd in the
 * record.
 *
 * Every helper's socket is its descriptor 0. It greets first:
 *   {"op":"hello","program":"zapisy-read","version":"0.1.0"}
 *
 * keeper -> zapisy-fetch
 *   {"op":"open","host","port","tls":"implicit|starttls|none","ca_file","user","auth":"password|xoauth2","folder",
 *    "idle":bool,"poll_seconds","mark":"keyword|none|move:FOLDER","once":bool,"check":bool,"message_mb"}
 *   [fd password, or with xoauth2 the access token]
 *        log in and stay logged in; after an error it tells the state, ends, and is started again by the
 * keeper. once: no waiting for new mail. check: log in, select read-only, answer "checked", end.
 *        message_mb (absent: 30): what is larger comes with its headers only. "timeout_seconds" (tests, from the
 * keeper's environment ZAPISYD_IMAP_SECONDS): instead of all its times for one step, and between two looks.
 *   {"op":"scan","uidvalidity":N,"after":UID,"since":T,"one_by_one":bool,"avoid":[UID]}   tell what is new: messages with a UID greater than
 * "after" (all, when the mailbox has another UIDVALIDITY); those whose INTERNALDATE is before "since" with
 * headers only. Handed over in the order of (INTERNALDATE, UID), then one "drained". While idling later mail
 * starts a new pass by itself, ending with "drained" again.
 *        one_by_one, avoid (after a failure): each message with a command of its own until "drained", so that an
 * error can say which one it was; those to avoid are not asked for.
 *   {"op":"credit","messages":N}      that many messages more may be handed over
 *   {"op":"mark","uidvalidity":N,"uids":[...]}   mark as registration mail
 *   {"op":"append","id":N,"folder","message_id","internaldate","search":bool,"unread":bool} [fd letter]   put a copy of that
 * letter into the folder, read, with that date; at most 64 may wait. The folder is made when it is missing.
 * unread (absent: false): not marked as read. search: an earlier try may have succeeded: not when a mail with that Message-ID is there.
 * zapisy-fetch -> keeper
 *   {"op":"state","state":"connecting|online|idle|polling|error","detail":TEXT,"error":"temp|perm|token"}   error
 * before it ends; token: the server refused the access token. With "uidvalidity","uid" when that message was
 * being asked for by itself, and "marking":true when marks were being set
 *   {"op":"mailbox","uidvalidity","uidnext","exists","keywords":bool,"read_only":bool}     after login and at each change
 *   {"op":"message","uidvalidity","uid","internaldate","size","whole":bool} [fd bytes]   whole false: headers
 * only (old, or "too large": then "size" says the true size)
 *   {"op":"drained","uidvalidity","upto":UID}     nothing at or below that UID is outstanding
 *   {"op":"marked","uidvalidity","uids":[...]}, {"op":"unmarked","uidvalidity","uids":[...],"detail"}
 *   {"op":"appended","id"}, {"op":"unappended","id","detail","error":"temp|perm"}   one for each "append", in
 * order; those without one when fetch ends may have been appended
 *   {"op":"checked","exists","uidnext","waiting":N,"sent":"there|missing|unusable|","marks":TEXT}   N: messages at or after
 * "since"; sent: whether letters can be copied to "sent_folder" (open carries "since" and "sent_folder" for a
 * check); marks: what is in the way of marking registration mail, or ""
 *
 * keeper -> zapisy-read, zapisy-pages (the half of the reader for PDF files and pictures; it reads the rest, too)
 *   {"op":"limits",...the reader's keys of the configuration's limits...}
 *   {"op":"event","event":EVENT}              once an event, before the first question
 *   {"op":"blank","event":ID,"name","model":bool} [fd]     its blank form; answered like a document with "id":0 and
 *        "event". model (absent: false): with [fd], its document model as JSON (core/model.h)
 *   {"op":"model","event":ID} [fd]            such a model of an event's blank form; not answered
 *   {"op":"message","id":N} [fd bytes]        headers, structure, text and HTML bodies; no attachment is
 * opened
 *   {"op":"document","id":N,"part":K} [fd mail]           one attachment of a mail
 *        "inner":PATH with part: what is inside that part, "2" its third, "2.0" the first in that; as the answer
 *        about the part named it.
 *   {"op":"document","id":N,"part":-1,"name"} [fd bytes]  a document by itself
 *        With messages and documents, both absent unless a person looks on: "explain":true, the readings say why
 *        fields are absent or unsure; "model":true, the answer has "model":true and [fd], a JSON array of what was
 *        read (core/model.h), a mail's own words first, then what they forward and quote; then no "pictures".
 * zapisy-read, zapisy-pages -> keeper, in any order, one a question
 *   {"op":"message","id":N,"mail":MAIL,"readings":[{"event":ID,"reading":READING,"mentions":bool}, ... one an
 * event]}
 *   {"op":"document","id":N,"readings":[... likewise], "problems":[...]}
 *        and with "parts":[PART, ...] when the document is a container: what is in it, to be asked for by
 *        "inner"; the readings are then none.
 *        with "pages":true when it is a PDF file or a picture, for zapisy-pages to read; the readings are then none.
 *        with "pictures":[SIZE, ...] [fd] when text was recognised in pictures: its pages as PNG, one behind the other.
 *        mentions: the document or text contains the event's title
 *   {"op":"failed","id":N,"reason":TEXT}      the child died, overran its limits, or the bytes are beyond a
 * bound
 *
 * keeper -> zapisy-send
 *   {"op":"open","host","port","tls","ca_file","user","auth"} [fd password or token]   once: other settings want another
 *        process. "answer_seconds" (default and most: 600) may shorten the wait for each of the server's replies
 *   {"op":"check"}                            log in, no letter; answered by a fate with "id":0
 *   {"op":"letter","id":N,"from","to":[ADDRESS]} [fd bytes]
 *   {"op":"token"} [fd access token]          with auth xoauth2: for the logins from now on
 * zapisy-send -> keeper, in the order asked
 *   {"op":"fate","id":N,"fate":"sent|again|failed|uncertain","code":CODE,"detail":TEXT,"server":bool,"login":bool,
 *    "asked":bool,"made":bool}
 *        again: the server or the network refused for now. server true: the trouble is the connection or
 * login, not this letter (the keeper then pauses the whole outbox). login true: the server refused password or token.
 *        asked: MAIL was said, so the trouble may be this letter's. made false: its turn did not come, the letter
 * before it in the group had the same trouble.
 *
 * keeper or zapisyctl -> another zapisy-send, which then does no mail: tokens (RFC 6749, RFC 8628). All secrets
 * travel in the memfd, a JSON object of texts, never in the record.
 *   {"op":"authority","token_url","device_url","ca_file"}    once, first: it may reach nothing else
 *   {"op":"refresh","client_id"} [fd client_secret ("": none), refresh_token]
 *   {"op":"device","client_id","scope"} [fd client_secret]
 *   {"op":"poll","client_id"} [fd client_secret, device_code]
 *   {"op":"code","client_id","redirect"} [fd client_secret, code, verifier]
 * zapisy-send -> whoever asked, one a question
 *   {"op":"grant","fate":"given|pending|slower|denied|expired|again|refused|wrong","detail":TEXT,"expires_in":SECONDS}
 *   [fd access_token, refresh_token ("": the old one stays good)]
 *        to "device": with "user_code", "address", "interval" and [fd device_code]. Only "given" has a memfd and
 * "expires_in". core/grant.h says what each fate means.
 */
#pragma once

#include <jansson.h>

struct err;
struct event;
struct form;
struct mail;
struct reading;

json_t *record_hello(const char *program);
json_t *record_mail(const struct mail *mail);
/* The parts that an answer about a part tells of inside it (winmail.dat), as they stand in a mail's "parts". */
json_t *record_parts(const struct mail *mail);
/* Puts those of an answer into the mail's list, from place at on. Fewer where there would be too many. */
int record_parts_into(const json_t *answer, size_t at, struct mail *mail, struct err *err);
int record_mail_from_json(const json_t *json, struct mail *ret_mail, struct err *err);
/* Fields as an object {KEY:{"value","confidence","where"}} a person: PRODUCT.md 3, read --json, with
 * "missing". */
json_t *record_reading(const struct form *form, const struct reading *reading);
/* Adds what a person wants to know of it: "labels":{KEY:WHERE} and to each person "why":{KEY:TEXT}. */
void record_explain(const struct form *form, const struct reading *reading, json_t *json);
int record_reading_from_json(
    const json_t *json, const struct form *form, struct reading *ret_reading, struct err *err);
json_t *record_event(const struct event *event);
int record_event_from_json(const json_t *json, struct event *ret_event, struct err *err);
