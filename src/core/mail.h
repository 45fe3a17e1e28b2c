/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of one mail, as the reader found it: facts, no judgement. Plain data; every string is owned
 * UTF-8. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct mail_header {
        char *name;  /* lower case */
        char *value; /* unfolded, decoded, at most LIMIT_HEADER_VALUE */
};

struct mail_received { /* topmost first (RFC 5321 4.4) */
        char *by;      /* host after "by", lower case, "" when absent */
        int64_t when;  /* ZONE_NO_TIME when unreadable */
};

struct mail_part {
        int index;      /* counted depth first from 0, as the reader numbers them when asked for one */
        char *type;     /* lower case "application/pdf" */
        char *filename; /* "" when none */
        int64_t size;   /* decoded bytes */
        bool document;  /* of a format that the reader reads as a document */
        bool picture;   /* a picture type, or a scan in a document's clothes */
        bool words;     /* a document, but no file: the text of an attached mail */
        char *inner; /* "" for the part itself; "2" what stands third in it (winmail.dat), "2.0" what is first
                           in that */
};

/* A mail that was sent on inside this one, attached or below a line "Forwarded message". What it says of
 * itself proves nothing; it is for a person to see. */
struct mail_forward {
        char *from;      /* normalised address; NULL when absent or unusable */
        char *from_name; /* "" */
        char *subject;   /* "" */
        int64_t date;    /* ZONE_NO_TIME */
};

enum { MAIL_FORWARDS = 5 };

struct mail {
        char *message_id; /* without <>; NULL when absent */
        int64_t date;     /* Date header; ZONE_NO_TIME */
        char *subject;    /* "" when absent */
        char *from;       /* first address of From, normalised; NULL when unusable */
        char *from_name;  /* "" */
        size_t from_count;
        char *reply_to;              /* first address or NULL */
        char *return_path;           /* NULL absent; "" the null path <> */
        struct str_list recipients;  /* To, Cc, Delivered-To, X-Original-To, (X-)Envelope-To: normalised */
        struct str_list references;  /* In-Reply-To first, then References: message ids without <> */
        struct mail_header *headers; /* all but Received, DKIM and ARC signatures, and those above; bounded */
        size_t header_count;
        struct mail_received *received;
        size_t received_count; /* all of them; only the first LIMIT_REFERENCES are in the array */
        char *content_type;    /* of the whole mail, lower case */
        char *
            report_type; /* parameter of multipart/report, or what a part of the mail (not of one attached) is:
                                    "delivery-status", "disposition-notification", "feedback-report"; "" none */
        struct mail_part *parts; /* leaf parts that are not the text read */
        size_t part_count;
        struct mail_forward forwards[MAIL_FORWARDS]; /* outermost first */
        size_t forward_count;
        char *text;     /* the writer's own words: without quoted text and signature */
        bool has_quote; /* something was put aside */
        char *head;     /* the start of the text as it stands, quotes included, at most LIMIT_HEAD; or NULL */
        struct str_list
            returned_ids; /* message ids found in returned parts (message/rfc822, text/rfc822-headers) */
        char *returned_recipient; /* Final-Recipient or Original-Recipient of a delivery status, or NULL */
        char *returned_status;    /* "5.1.1" of a delivery status, or NULL */
        char *returned_action;    /* its Action, lower case: "failed", "delayed" ..., or NULL */
        char
            *returned_diagnostic; /* its Diagnostic-Code without the type, or NULL; cut at LIMIT_DIAGNOSTIC */
        struct str_list problems; /* "encrypted", "more than 200 parts" ... for a person */
};

void mail_free(struct mail *mail); /* empties; the struct is the caller's */
const char *mail_header(
    const struct mail *mail, const char *name); /* the first of that lower-case name, or NULL */
void mail_add_forward(
    struct mail *mail, const struct mail_forward *forward); /* copies; dropped when there are too many */
size_t mail_header_count(const struct mail *mail, const char *name);
