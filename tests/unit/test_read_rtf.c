/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: read form core base */
/* Rich text to models: characters, marks, tables, fields, and what does not belong to the text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "read/charset.h"
#include "read/rtf.h"
#include "read_world.h"

static void expect(const char *body, const char *wanted)
{
        CLEANUP_FREE char *text = xasprintf("{\\rtf1\\ansi\\ansicpg1250\\deff0{\\fonttbl{\\f0\\fcharset238 "
                                            "Arial;}{\\f1\\fcharset204 Arial Cyr;}"
                                            "{\\f2\\fcharset2 Wingdings;}{\\f3\\fcharset2 Wingdings 2;}}%s}",
            body);
        struct document doc = { 0 };
        char *model;

        charset_preload();
        rtf_read(text, strlen(text), &doc);
        model = read_world_model(&doc);
        assert_string_equal(model, wanted);
        free(model);
        document_free(&doc);
}

static void test_characters(void **state)
{
        (void)state;
        expect("\\pard Imi\\'ea i nazwisko:\\par", "p Imię i nazwisko:\n");
        expect("\\pard Imi\\u281\\'3f i \\u380 ?ona\\par", "p Imię i żona\n");
        expect("\\uc2\\u322\\'b3x\\uc0 \\u243 d\\uc1\\u378\\'9f\\par", "p łódź\n");
        expect("{\\f1\\'c4\\'e0} \\'9c\\par", "p Да ś\n");
        expect("\\u-10179?\\u-8704? \\ldblquote a\\rdblquote\\emdash\\~b\\_c\\-d\\line e\\tab f\\par",
            "p 😀 “a”—\u00a0"
            "b-cd\ne{t:\t}f\n");
        expect("a\\{b\\}\\\\c\r\nd\\par", "p a{b}\\cd\n");
        expect("a{\\*\\unknown b{\\b c}}{\\pict 0102}{\\header x\\par}{\\footnote y}\\bin3 {}\\d\\par",
            "p ad\n");
}

static void test_marks(void **state)
{
        (void)state;
        expect("{\\b TAK}/{\\strike NIE}{\\striked1 x}{\\ul y\\ulnone z}{\\deleted q}{\\v w}\\par",
            "p {b:TAK}/{s:NIEx}{u:y}z{D:q}\n");
        expect("\\b a\\b0 b\\strike c\\plain d\\par", "p {b:a}b{s:c}d\n");
        expect("{\\f2\\u61694?}{\\f2\\'a8}\\f3\\'52\\f0\\'fe \\u9746?\\par", "p {xX:☒}{x:☐}{xX:☒}ţ ☒\n");
}

static void test_tables(void **state)
{
        (void)state;
        expect("\\trowd\\cellx1000\\cellx3000\\pard\\intbl a\\cell b\\par "
               "c\\cell\\row\\trowd\\cellx3000\\pard\\intbl "
               "d\\cell\\row\\pard e\\par",
            "[0 0 0]a\n[0 0 1]b\n[0 0 1]c\n[0 1 0 1x2]d\np e\n");
        expect("\\trowd\\cellx1000\\cellx3000\\pard\\intbl a\\cell b\\cell\\row"
               "\\trowd\\clvmrg\\cellx1000\\cellx3000\\pard\\intbl\\cell c\\cell\\row\\pard e\\par",
            "[0 0 0 2x1]a\n[0 0 1]b\n[0 1 1]c\np e\n");
        expect("\\trowd\\cellx3000\\pard\\intbl a\\par\\pard\\intbl\\itap2 b\\nestcell c\\nestcell"
               "{\\*\\nesttableprops\\trowd\\cellx500\\cellx900\\nestrow}\\pard\\intbl d\\cell\\row\\pard "
               "e\\par",
            "[0 0 0]a\n[1 0 0]b\n[1 0 1]c\n[0 0 0]d\np e\n");
}

static void test_fields(void **state)
{
        (void)state;
        expect("{\\field{\\*\\fldinst {FORMTEXT }{{\\*\\formfield{\\fftype0{\\*\\ffname Imie}{\\*\\ffdeftext "
               "tu}}}}}"
               "{\\fldrslt Jan}}{\\field{\\*\\fldinst {FORMTEXT }{{\\*\\formfield{\\fftype0{\\*\\ffname B}"
               "{\\*\\ffdeftext tu}}}}}{\\fldrslt tu}}\\par",
            "p {F Imie:Jan}{PF B:tu}\n");
        expect("{\\field{\\*\\fldinst {FORMCHECKBOX }{\\*\\formfield{\\fftype1\\ffres1{\\*\\ffname "
               "A}\\ffdefres0}}}"
               "{\\fldrslt }}{\\field{\\*\\fldinst {FORMCHECKBOX "
               "}{\\*\\formfield{\\fftype1\\ffres25\\ffdefres0}}}}"
               "{\\field{\\*\\fldinst { FORMCHECKBOX }}{\\fldrslt {}}}\\par",
            "p {xXF A:☒}{xF:☐}{xF?:☐}\n");
        expect("{\\field{\\*\\fldinst {FORMDROPDOWN }{\\*\\formfield{\\fftype2\\ffres1{\\*\\ffname L}"
               "{\\*\\ffl raz}{\\*\\ffl dwa}}}}{\\fldrslt x}}\\par",
            "p {F L:dwa}\n");
        expect("{\\field{\\*\\fldinst SYMBOL 254 \\\\f \"Wingdings\"}{\\fldrslt x}}"
               "{\\field{\\*\\fldinst HYPERLINK \"mailto:a@b\"}{\\fldrslt a@b}}\\par",
            "p {xX:☒}a@b\n");
}

static void test_text_box(void **state)
{
        (void)state;
        expect("\\pard a{\\shp{\\*\\shpinst{\\sp{\\sn x}{\\sv 1}}{\\shptxt \\pard in\\par}}{\\shprslt "
               "in}}b\\par",
            "p a\np in\np b\n");
        expect("\\trowd\\cellx3000\\pard\\intbl a{\\shp{\\*\\shpinst{\\shptxt \\pard "
               "in\\par}}}\\cell\\row\\pard e\\par",
            "[0 0 0]a\n[0 0 0]in\n[0 0 0]\np e\n");
}

static void test_damaged(void **state)
{
        static const char *const bodies[] = { "}}}}a\\par", "\\pard\\intbl a",
                "\\cell\\row\\nestrow\\nestcell", "{\\field{\\*\\fldinst FORMDROPDOWN", "\\u", "\\'",
                "\\bin99999999 a", "\\trowd\\row\\cellx", "\\itap99\\cell",
                "{\\shp{\\*\\shpinst{\\shptxt \\intbl\\itap3 a\\cell" };

        (void)state;
        for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
                CLEANUP_FREE char *text = xasprintf("{\\rtf1 %s", bodies[i]);
                struct document doc = { 0 };

                rtf_read(text, strlen(text), &doc);
                document_free(&doc);
        }
        struct document deep = { 0 };
        CLEANUP_FREE char *open = xcalloc(1, 5001);

        memset(open, '{', 5000);
        rtf_read(open, 5000, &deep);
        assert_string_equal(deep.problems.items[0], "the document is damaged");
        document_free(&deep);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_characters),
                cmocka_unit_test(test_marks),
                cmocka_unit_test(test_tables),
                cmocka_unit_test(test_fields),
                cmocka_unit_test(test_text_box),
                cmocka_unit_test(test_damaged),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
