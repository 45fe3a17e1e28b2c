/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a Word document may be filled in with: content controls and the older form fields. */
#pragma once

#include <libxml/tree.h>
#include <stdbool.h>

/* A content control (17.5.2) by its w:sdtPr, which may be NULL. */
char *docx_control_name(xmlNodePtr properties); /* tag, else alias; xmlFree() is the caller's; NULL */
int docx_control_box(xmlNodePtr properties);    /* a check box: 0 or 1; -1 something else */

/* A form field (17.16.5.20 FORMTEXT and its kin), from w:fldChar begin to end. */
struct docx_field {
        enum { DOCX_FIELD_NONE, DOCX_FIELD_TEXT, DOCX_FIELD_CHECK, DOCX_FIELD_LIST } kind;
        char *name, *default_text;
        bool checked;
        bool result;       /* behind "separate": text is what was filled in */
        xmlNodePtr chosen; /* the list entry, borrowed */
};

struct docx_field docx_field_of(xmlNodePtr data); /* of w:ffData, which may be NULL */
void docx_field_free(struct docx_field *field);   /* empties */
