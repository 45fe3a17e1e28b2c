/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every bound that is not configuration, in one place. Bytes unless said otherwise. */
#pragma once

enum {
        LIMIT_RECORD = 192 * 1024, /* one record between two programs; larger things travel as memfds */
        LIMIT_RECORD_DEPTH = 24,   /* nesting of its JSON */
        LIMIT_RECORD_FDS = 2,
        LIMIT_LETTER = 1024 * 1024, /* one letter, finished */
        LIMIT_TEMPLATE = 64 * 1024,
        LIMIT_CONFIG = 1024 * 1024, /* one configuration file */
        LIMIT_SECRET = 16 * 1024,   /* a password or token file */
        LIMIT_SUBJECT = 1000,
        LIMIT_ADDRESS = 254,           /* RFC 5321 4.5.3.1.3, with the erratum */
        LIMIT_MESSAGE_ID = 998,        /* RFC 5322 2.1.1: a line */
        LIMIT_REFERENCES = 100,        /* count */
        LIMIT_HEADERS = 200,           /* headers kept of one mail, count */
        LIMIT_HEADER_VALUE = 4 * 1024, /* one header's decoded value */
        LIMIT_FIELD_VALUE = 4 * 1024,  /* one field of a form */
        LIMIT_FIELDS = 64,             /* fields of a form, count */
        LIMIT_PEOPLE = 20,             /* people in one form, count */
        LIMIT_OWN_TEXT = 32 * 1024,    /* the writer's own words of a mail that are looked at */
        LIMIT_HEAD = 6 * 1024,         /* the start of its text as it stands, quoted or not */
        LIMIT_DIAGNOSTIC = 500,        /* what a server said, of a bounce */
        LIMIT_PARTS = 200,             /* MIME parts reported, count */
        LIMIT_EVENTS = 100,            /* events of one configuration, count */
        LIMIT_BATCH = 64,              /* messages in one commit, and in one reading child */
        LIMIT_IN_FLIGHT = 64,          /* messages asked for and not yet recorded */
        LIMIT_DOC_BLOCKS = 20000,      /* document model, counts */
        LIMIT_DOC_RUNS = 60000,
        LIMIT_DOC_TEXT = 2 * 1024 * 1024,
        LIMIT_PICTURES = 20, /* pictures of pages kept of one mail, count */
        LIMIT_PICTURES_SIZE = 6 * 1024 * 1024,
        LIMIT_PDF_PAGES = 20, /* pages of a PDF file that are read, count */
};
