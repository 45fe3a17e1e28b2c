/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: read form core base */
/* Excel workbooks to models, and the numbers in them as a person sees them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "read/bounds.h"
#include "read/detect.h"
#include "read/number.h"
#include "read_world.h"
#include "zip_world.h"

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define DOC "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define LINK(id, type, target) "<Relationship Id='" id "' Type='" DOC "/" type "' Target='" target "'/>"
#define LINKS(list) "<Relationships>" list "</Relationships>"
#define BOOK(sheets) "<workbook xmlns='" MAIN "' xmlns:r='" DOC "'><sheets>" sheets "</sheets></workbook>"
#define SHEET(rows) "<worksheet xmlns='" MAIN "'><sheetData>" rows "</sheetData></worksheet>"

struct book {
        struct zip_world zip;
};

static void begin(struct book *book, const char *sheets)
{
        *book = (struct book){ .zip = ZIP_WORLD_INIT };
        zip_world_text(&book->zip, "_rels/.rels", LINKS(LINK("r1", "officeDocument", "xl/workbook.xml")));
        zip_world_text(&book->zip, "xl/workbook.xml", sheets);
        zip_world_text(&book->zip, "xl/_rels/workbook.xml.rels",
            LINKS(LINK("r1", "worksheet", "worksheets/sheet1.xml")
                    LINK("r2", "worksheet", "/xl/worksheets/sheet2.xml")
                        LINK("r3", "sharedStrings", "sharedStrings.xml") LINK("r4", "styles", "styles.xml")));
        zip_world_text(&book->zip, "xl/styles.xml",
            "<styleSheet xmlns='" MAIN
            "'><numFmts><numFmt numFmtId='164' formatCode='000\\-000\\-000'/></numFmts>"
            "<fonts><font/><font><strike/><b val='0'/></font><font><name val='Wingdings'/></font></fonts>"
            "<borders><border/><border><left style='thin'/></border></borders><cellXfs><xf/>"
            "<xf fontId='1'/><xf borderId='1'/><xf numFmtId='164'/><xf numFmtId='14'/><xf fontId='2'/>"
            "<xf><extLst><ext><xfComplement i='0'/></ext></extLst></xf></cellXfs></styleSheet>");
        zip_world_text(&book->zip, "xl/sharedStrings.xml",
            "<sst xmlns='" MAIN "'><si><t>Imię</t></si><si><r><t xml:space='preserve'>TAK / </t></r>"
            "<r><rPr><strike/><u/></rPr><t>NIE</t></r><rPh><t>x</t></rPh></si><si><t>a_x000D_\nb_x005F_</t></"
            "si></sst>");
}

static void assert_book(struct book *book, const char *expected)
{
        struct document doc = { .name = xstrdup("f") };
        char *model;

        zip_world_end(&book->zip);
        detect_read(buf_text(&book->zip.bytes), book->zip.bytes.size, NULL, &bounds_default, NULL, &doc);
        model = read_world_model(&doc);
        assert_string_equal(model, expected);
        free(model);
        document_free(&doc);
        zip_world_free(&book->zip);
}

static void assert_sheet(const char *sheet, const char *expected)
{
        struct book book;

        begin(&book, BOOK("<sheet name='A' r:id='r1'/>"));
        zip_world_text(&book.zip, "xl/worksheets/sheet1.xml", sheet);
        assert_book(&book, expected);
}

#define ROW(cells) SHEET("<row r='1'>" cells "</row>")

static void strings_keep_their_marks(void **state)
{
        (void)state;
        assert_sheet(ROW("<c r='A1' t='s'><v>0</v></c><c r='C1' t='s'><v>1</v></c><c t='s'><v>2</v></c>"),
            "[0 0 0]Imię\n[0 0 2]TAK / {us:NIE}\n[0 0 3]a\nb_\n");
        assert_sheet(ROW("<c r='A1' t='inlineStr'><is><t>w</t></is></c><c r='B1' s='1' t='str'><v>x</v></c>"
                         "<c r='C1' s='5' t='str'><v>oþ</v></c><c r='D1' t='e'><v>#N/A</v></c>"),
            "[0 0 0]w\n[0 0 1]{s:x}\n[0 0 2]{x:☐}{xX:☒}\n[0 0 3]\n");
        assert_sheet(ROW("<c r='A1' t='s'><v>99</v></c>"), "[0 0 0]\n");
}

static void values_are_as_a_person_sees_them(void **state)
{
        (void)state;
        assert_sheet(ROW("<c r='A1'><v>501222333</v></c><c r='B1' s='3'><v>5.01222333E8</v></c>"
                         "<c r='C1' s='4'><v>43567</v></c><c r='D1' t='d'><v>2019-04-12T00:00:00</v></c>"),
            "[0 0 0]501222333\n[0 0 1]501-222-333\n[0 0 2]12.04.2019\n[0 0 3]12.04.2019\n");
        assert_sheet(ROW("<c r='A1' t='b'><v>1</v></c><c r='B1' t='b'><f>A1=1</f><v>1</v></c>"
                         "<c r='C1' s='6' t='b'><v>0</v></c>"),
            "[0 0 0]{xX:☒}\n[0 0 1]\n[0 0 2]{x:☐}\n");
}

static void empty_cells_wait_where_there_is_a_border(void **state)
{
        (void)state;
        assert_sheet("<worksheet xmlns='" MAIN "'><cols><col min='4' max='4' hidden='1'/></cols><sheetData>"
                     "<row r='2'><c r='A2' t='str'><v>a</v></c><c r='B2'/><c r='C2' s='2'/>"
                     "<c r='D2' t='str'><v>h</v></c></row><row r='3' hidden='1'><c r='A3'><v>1</v></c></row>"
                     "<row><c><v>2</v></c><c/><c/></row></sheetData>"
                     "<mergeCells><mergeCell ref='B4:C5'/><mergeCell ref='bad'/></mergeCells></worksheet>",
            "[0 1 0]a\n[0 1 2]\n[0 3 0]2\n[0 3 1 2x2]\n");
}

static void hidden_sheets_are_left_out(void **state)
{
        struct book book;

        (void)state;
        begin(&book, BOOK("<sheet name='L' state='hidden' r:id='r1'/><sheet name='A' r:id='r2'/>"));
        zip_world_text(&book.zip, "xl/worksheets/sheet1.xml", ROW("<c r='A1'><v>1</v></c>"));
        zip_world_text(&book.zip, "xl/worksheets/sheet2.xml", ROW("<c r='A1'><v>2</v></c>"));
        zip_world_text(&book.zip, "xl/vbaProject.bin", "x");
        assert_book(&book, "[0 0 0]2\n! the document contains macros, which are not run\n");
}

#define SHAPE(id, type, anchor, more, words)                                                                 \
        "<v:shape id='_x0000_s" id "'><v:textbox><div>" words                                                \
        "<br></div></v:textbox><x:ClientData ObjectType='" type "'><x:Anchor>" anchor "</x:Anchor>" more     \
        "</x:ClientData></v:shape>"

static void controls_stand_in_their_cells(void **state)
{
        struct book book;

        (void)state;
        begin(&book, BOOK("<sheet name='A' r:id='r1'/>"));
        zip_world_text(&book.zip, "xl/worksheets/sheet1.xml",
            "<worksheet xmlns='" MAIN "' xmlns:r='" DOC "'><sheetData>"
            "<row r='1'><c r='A1' t='str'><v>Sektor</v></c><c r='D1' t='b'><v>1</v></c></row>"
            "<row r='9'><c r='A9' t='str'><v>standardowa</v></c></row><row r='10'><c r='A10' t='str'>"
            "<v>wegańska</v></c></row></sheetData>"
            "<controls><control shapeId='1027' r:id='c1'/></controls></worksheet>");
        zip_world_text(&book.zip, "xl/worksheets/_rels/sheet1.xml.rels",
            LINKS(LINK("v1", "vmlDrawing", "../drawings/vml1.vml")
                    LINK("c1", "ctrlProp", "../ctrlProps/c1.xml")));
        zip_world_text(&book.zip, "xl/ctrlProps/c1.xml",
            "<formControlPr objectType='CheckBox' checked='Checked' fmlaLink='$D$1'/>");
        zip_world_text(&book.zip, "xl/drawings/vml1.vml",
            "<xml xmlns:v='urn:v' xmlns:x='urn:x'>" SHAPE(
                "1025", "Checkbox", "1, 40, 0, 2, 2, 10, 0, 18", "<x:Checked>0</x:Checked>", "JST")
                SHAPE("1026", "Checkbox", "1, 5, 0, 2, 1, 30, 0, 18", "<x:Checked>1</x:Checked>", "NGO")
                    SHAPE("1027", "Radio", "0, 60, 1, 15, 2, 5, 2, 19", "", "") SHAPE("1028", "Drop",
                        "2, 1, 0, 1, 3, 1, 1, 1", "<x:FmlaRange>$A$9:$A$10</x:FmlaRange><x:Sel>2</x:Sel>", "")
                        SHAPE("1029", "Note", "2, 1, 0, 1, 3, 1, 1, 1", "", "komentarz") "</xml>");
        assert_book(&book, "[0 0 0]Sektor\n[0 0 1]{xXF:☒} NGO {xF:☐} JST \n[0 0 2]{F:wegańska}\n[0 0 3]\n"
                           "[0 2 1]{xXF:☒}\n[0 8 0]standardowa\n[0 9 0]wegańska\n");
}

static void strict_workbooks_and_damaged_ones(void **state)
{
        struct zip_world zip = ZIP_WORLD_INIT;
        struct book book = { .zip = ZIP_WORLD_INIT };

        (void)state;
#define STRICT "http://purl.oclc.org/ooxml/"
        zip_world_text(&book.zip, "_rels/.rels",
            "<Relationships><Relationship Id='a' Type='" STRICT
            "officeDocument/relationships/officeDocument' Target='xl/workbook.xml'/></Relationships>");
        zip_world_text(&book.zip, "xl/workbook.xml",
            "<workbook xmlns='" STRICT "spreadsheetml/main' xmlns:r='" STRICT
            "officeDocument/relationships'><sheets><sheet r:id='a'/></sheets></workbook>");
        zip_world_text(&book.zip, "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id='a' Type='" STRICT
            "officeDocument/relationships/worksheet' Target='s.xml'/></Relationships>");
        zip_world_text(&book.zip, "xl/s.xml",
            "<worksheet xmlns='" STRICT
            "spreadsheetml/main'><sheetData><row><c><v>7</v></c></row></sheetData>"
            "</worksheet>");
        assert_book(&book, "[0 0 0]7\n");
        begin(&book, BOOK("<sheet name='A' r:id='r9'/>"));
        assert_book(&book, "! the document is damaged\n");
        begin(&book, "<workbook");
        assert_book(&book, "! the document is damaged\n");
        zip_world_text(&zip, "xl/workbook.bin", "");
        zip_world_text(&zip, "xl/worksheets/sheet1.bin", "");
        zip_world_text(&zip, "_rels/.rels", LINKS(LINK("r1", "officeDocument", "xl/workbook.bin")));
        book.zip = zip;
        assert_book(&book, "! a format that is read by a person\n");
}

static void shown(double number, const char *format, const char *expected)
{
        struct buf out = BUF_INIT(1024);

        number_format(number, format, false, &out);
        assert_string_equal(buf_text(&out), expected);
        buf_free(&out);
}

static void numbers(void **state)
{
        (void)state;
        shown(501222333, "General", "501222333");
        shown(48501222333, "GENERAL", "48501222333");
        shown(0.1, "General", "0,1");
        shown(-2.5, "General", "-2,5");
        shown(1e20, "General", "1e+20");
        shown(158610000, "000000000", "158610000");
        shown(58610000, "000000000", "058610000");
        shown(501222333, "### ### ###", "501 222 333");
        shown(158610000, "[<=9999999]###\\-##\\-##;\\(##\\)\\ ###\\-##\\-##", "(15) 861-00-00");
        shown(8610000, "[<=9999999]###\\-##\\-##;\\(##\\)\\ ###\\-##\\-##", "861-00-00");
        shown(501222333, "\"+48 \"000\" \"000\" \"000", "+48 501 222 333");
        shown(1234.5, "#,##0.00\\ \"zł\"", "1 234,50 zł");
        shown(1234567, "#,##0", "1 234 567");
        shown(-5, "0;(0)", "(5)");
        shown(-5, "0", "-5");
        shown(0, "0;-0;\"brak\"", "brak");
        shown(1, "\"TAK\";;\"NIE\"", "TAK");
        shown(3, ";;;", "");
        shown(0.5, "0%", "50%");
        shown(12, "@", "12");
        shown(43567, "dd.mm.yyyy", "12.04.2019");
        shown(43567, "[$-415]d\\ mmmm\\ yyyy;@", "12.04.2019");
        shown(43567.6666667, "yyyy-mm-dd hh:mm", "12.04.2019 16:00");
        shown(0.5, "h:mm", "12:00");
        shown(1, "yyyy-mm-dd", "01.01.1900");
        shown(61, "yyyy-mm-dd", "01.03.1900");
        shown(1e300, "yyyy", "1e+300");
        shown(1, "", "1");
        assert_string_equal(number_builtin(14), "dd.mm.yyyy");
        assert_string_equal(number_builtin(-1), "General");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(strings_keep_their_marks),
                cmocka_unit_test(values_are_as_a_person_sees_them),
                cmocka_unit_test(empty_cells_wait_where_there_is_a_border),
                cmocka_unit_test(hidden_sheets_are_left_out),
                cmocka_unit_test(controls_stand_in_their_cells),
                cmocka_unit_test(strict_workbooks_and_damaged_ones),
                cmocka_unit_test(numbers),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
