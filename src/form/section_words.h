/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of headings. All are as fold_key() leaves text. */
#pragma once

#include <stdbool.h>

#include "form/section.h"

/* What one word of a heading says; SECTION_NONE: nothing. person: whether the heading speaks of a person ("osoba
 * do kontaktu", not "dane kontaktowe"). */
enum section_kind section_word_kind(const char *word, bool person);
bool section_word_is_person(const char *word);
bool section_word_is_label(const char *word);      /* "imię", "adres": what is asked, not a heading */
bool section_word_is_title(const char *word);      /* "formularz", "karta" */
bool section_word_is_sending(const char *word);    /* "odesłać", "przyjmujemy" */
bool section_word_is_training(const char *word);   /* "szkolenie", "dla": a title speaks of whom it is for */
bool section_word_is_proper(const char *word);     /* "urząd": begins the names of institutions too */
bool section_word_is_for_office(const char *word); /* "wypełnia", "część": before "organizator" */
int section_word_ordinal(const char *word);        /* "2", "II", "drugiego"; 0: none */
