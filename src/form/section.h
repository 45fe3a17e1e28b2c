/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sections of a form: whose data a line asks for. Read from headings ("II. DANE DO FAKTURY", "Uczestnik 2") in
 * paragraphs, merged table rows and cells beside several rows, and from what an organiser prints for himself. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct labels;
struct sheet;

enum section_kind {
        SECTION_NONE, /* no heading says whose */
        SECTION_PERSON,
        SECTION_INSTITUTION,
        SECTION_REPORTER, /* who sends the form: the participant where no other is asked for */
        SECTION_CONTACT,  /* another person: to talk to, a superior, an assistant, a proxy */
        SECTION_PAYER,
        SECTION_GUARDIAN,
        SECTION_OFFICE, /* the organiser's own address, printed */
};

struct section_line {
        enum section_kind kind;
        bool heading;
        bool
            said; /* in so many words: "Dane opiekuna", "Osoba do kontaktu"; "Asystent" may be a title as well */
        int person; /* of headings that number people or come again: which, from 1; else 0 */
};

struct sections {
        struct section_line *lines; /* one a line of the sheet */
        size_t count;
        int people;
        size_t title; /* line of "Formularz zgłoszeniowy"; 0 when there is none or nothing above it */
};

void sections_init(struct sections *ret_sections, const struct sheet *sheet, const struct labels *labels);
void sections_free(struct sections *sections);
/* Whether the line is a heading, at which an answer above it ends. */
bool section_is_heading(const struct sections *sections, size_t line);
