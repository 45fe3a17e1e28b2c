/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/fold.h"
#include "core/letter.h"

static const char letter[] = "Subject: Zgłoszenie {{ref}}\n"
                             "\n"
                             "Szanowni Państwo,\n"
                             "\n"
                             "dziękujemy za zgłoszenie. Zostało przyjęte, a miejsce\n"
                             "na szkoleniu jest zapewnione.\n"
                             "\n"
                             "Numer: {{ref}}\n"
                             "{{fields}}\n"
                             "\n"
                             "Jeżeli coś odczytaliśmy błędnie, prosimy odpowiedzieć.\n";

static size_t found_in(const char *text)
{
        CLEANUP_FREE char *folded = fold_key(text);
        struct letter_template *template = NULL;
        struct err err;
        size_t found;

        assert_int_equal(letter_parse(letter, &template, &err), 0);
        found = letter_sentences_in(template, folded);
        letter_template_free(template);
        return found;
}

static void sentences(void **state)
{
        (void)state;
        assert_int_equal(found_in(""), 0);
        assert_int_equal(found_in("Szanowni Państwo,\n\nNumer: MW-7K3M\nTelefon: 601 602 603\n"), 0);
        assert_int_equal(found_in("Dziękujemy za zgłoszenie. Odpowiemy."), 0);
        assert_int_equal(found_in("Jeżeli coś odczytaliśmy błędnie, prosimy odpowiedzieć.\nTelefon: 1\n"), 1);
        /* Lines broken elsewhere, and other marks in front. */
        assert_int_equal(
            found_in("| dziękujemy za zgłoszenie. Zostało\n| przyjęte, a miejsce na szkoleniu jest\n"
                     "| zapewnione.\nJEŻELI coś odczytaliśmy\nbłędnie, prosimy odpowiedzieć"),
            LETTER_SENT_BACK);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(sentences) };

        return cmocka_run_group_tests_name("letter_echo", tests, NULL, NULL);
}
