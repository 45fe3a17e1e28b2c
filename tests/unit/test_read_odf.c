/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: read form core base */
/* OpenDocument texts and sheets to models. Most are written as one XML file, which is read by the same code. */
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
#include "read/odf_mend.h"
#include "read_world.h"
#include "zip_world.h"

#define URN "urn:oasis:names:tc:opendocument:xmlns:"
#define NAMESPACES                                                                                           \
        "xmlns:office='" URN "office:1.0' xmlns:text='" URN "text:1.0' xmlns:table='" URN                    \
        "table:1.0' xmlns:style='" URN "style:1.0' xmlns:fo='" URN "xsl-fo-compatible:1.0' xmlns:draw='" URN \
        "drawing:1.0' xmlns:form='" URN "form:1.0' xmlns:svg='" URN "svg-compatible:1.0' "                   \
        "xmlns:field='urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0' "                    \
        "xmlns:loext='urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0'"
#define STYLE(name, family, more) "<style:style style:name='" name "' style:family='" family "'" more
#define STYLES                                                                                                                                                                                                 \
        "<office:font-face-decls><style:font-face style:name='W2' svg:font-family=\"'Wingdings 2'\"/>"                                                                                                         \
        "</office:font-face-decls><office:styles>" STYLE("Struck", "text", "><style:text-properties style:text-line-through-style='solid'/>") "</style:style></office:styles><office:automatic-styles>" STYLE( \
            "T1", "text", " style:parent-style-name='Struck'><style:text-properties fo:font-weight='bold'/>") "</style:style>" STYLE("T2",                                                                     \
            "text",                                                                                                                                                                                            \
            "><style:text-properties style:text-underline-style='solid'/>") "</style:style>" STYLE("T3",                                                                                                       \
            "text", "><style:text-properties text:display='none'/>") "</style:style>" STYLE("T4", "text",                                                                                                      \
            "><style:text-properties style:font-name='Wingdings'/>") "</style:style>" STYLE("T5", "text",                                                                                                      \
            "><style:text-properties style:font-name='W2'/>") "</style:style>" STYLE("T6", "text",                                                                                                             \
            " style:parent-style-name='Struck'><style:text-properties "                                                                                                                                        \
            "style:text-line-through-style='none'/>") "</style:style>" STYLE("P1", "paragraph",                                                                                                                \
            "><style:text-properties fo:font-weight='700'/>") "</style:style>" STYLE("ce1", "table-cell",                                                                                                      \
            "><style:table-cell-properties fo:border='0.5pt solid #000000'/>") "</style:style>" STYLE("ce2",                                                                                                   \
            "table-cell",                                                                                                                                                                                      \
            "><style:text-properties style:text-line-through-style='solid'/>") "</style:style>" STYLE("ta1",                                                                                                   \
            "table", "><style:table-properties table:display='false'/>") "</style:style>"                                                                                                                      \
                                                                         "</office:automatic-styles>"

static void assert_model(const char *bytes, size_t size, const char *expected)
{
        struct document doc = { .name = xstrdup("f") };
        char *model;

        detect_read(bytes, size, NULL, &bounds_default, NULL, &doc);
        model = read_world_model(&doc);
        assert_string_equal(model, expected);
        free(model);
        document_free(&doc);
}

static void assert_flat(const char *kind, const char *body, const char *expected)
{
        char *text = xasprintf("<?xml version='1.0'?><office:document " NAMESPACES ">" STYLES
                               "<office:body><office:%s>%s</office:%s></office:body></office:document>",
            kind, body, kind);

        assert_model(text, strlen(text), expected);
        free(text);
}

static void assert_text(const char *body, const char *expected)
{
        assert_flat("text", body, expected);
}

static void assert_sheet(const char *rows, const char *expected)
{
        char *body = xasprintf("<table:table table:name='A'>%s</table:table>", rows);

        assert_flat("spreadsheet", body, expected);
        free(body);
}

/* ---- texts */

static void white_space_is_folded(void **state)
{
        (void)state;
        assert_text("<text:p>\n  Imię:  \n<text:span> Jan</text:span> <text:s text:c='2'/>x<text:tab/>y"
                    "<text:line-break/> z</text:p>",
            "p Imię: Jan   x{t:\t}y\nz\n");
        assert_text(
            "<text:h>A</text:h><text:list><text:list-item><text:p>b</text:p></text:list-item></text:list>",
            "p A\ni b\n");
}

static void styles_give_marks(void **state)
{
        (void)state;
        assert_text(
            "<text:p>TAK / <text:span text:style-name='T1'>NIE</text:span> "
            "<text:span text:style-name='T2'>u</text:span><text:span text:style-name='T3'>h</text:span>"
            "<text:span text:style-name='T6'>n</text:span></text:p>",
            "p TAK / {bs:NIE} {u:u}n\n");
        assert_text("<text:p text:style-name='P1'>a<text:span text:style-name='T2'>b</text:span></text:p>",
            "p {b:a}{bu:b}\n");
        assert_text(
            "<text:p><text:span text:style-name='T4'>o</text:span> NGO "
            "<text:span text:style-name='T4'>þ(</text:span>JST <text:span text:style-name='T5'>R£</text:span>"
            "\uF0FE</text:p>",
            "p {x:☐} NGO {xX:☒} JST {xX:☒}{x:☐}{xX:☒}\n");
}

static void notes_and_remarks_are_left_out(void **state)
{
        (void)state;
        assert_text("<text:p>a<text:note><text:note-body><text:p>n</text:p></text:note-body></text:note>"
                    "<office:annotation><text:p>r</text:p></office:annotation>b</text:p>"
                    "<text:section text:display='none'><text:p>h</text:p></text:section>"
                    "<text:section><text:p>s</text:p></text:section>",
            "p ab\np s\n");
}

static void text_boxes_come_once_and_behind(void **state)
{
        (void)state;
        assert_text(
            "<text:p>a<draw:frame><draw:text-box><text:p>x</text:p></draw:text-box></draw:frame>b</text:p>"
            "<draw:custom-shape><text:p>y</text:p></draw:custom-shape>",
            "p ab\np x\np y\n");
}

static void tracked_changes_are_marked(void **state)
{
        (void)state;
        assert_text(
            "<text:tracked-changes><text:changed-region xml:id='c1' text:id='c1'><text:deletion>"
            "<text:p>stary</text:p></text:deletion></text:changed-region>"
            "<text:changed-region text:id='c2'><text:insertion/></text:changed-region>"
            "</text:tracked-changes><text:p>a <text:change text:change-id='c1'/>"
            "<text:change-start text:change-id='c2'/>nowy<text:change-end text:change-id='c2'/> b</text:p>",
            "p a {D:stary}{I:nowy} b\n");
}

static void controls_tell_their_state(void **state)
{
        (void)state;
        assert_text(
            "<office:forms><form:form><form:text form:id='a' form:name='imie' form:current-value='Jan'/>"
            "<form:text form:id='b' form:value='woj. dolnośląskie'/>"
            "<form:checkbox form:id='c' form:current-state='checked' form:label='NGO'/>"
            "<form:checkbox form:id='d' form:state='unchecked'/>"
            "<form:radio form:id='e' form:current-selected='true'/>"
            "<form:listbox form:id='f'><form:option form:label='x'/>"
            "<form:option form:label='y' "
            "form:current-selected='true'/></form:listbox></form:form></office:forms>"
            "<text:p>A: <draw:control text:anchor-type='as-char' draw:control='a'/>"
            "<draw:control text:anchor-type='as-char' draw:control='b'/></text:p>"
            "<text:p><draw:control text:anchor-type='as-char' draw:control='c'/>"
            "<draw:control text:anchor-type='as-char' draw:control='d'/>JST "
            "<draw:control text:anchor-type='as-char' draw:control='e'/>"
            "<draw:control text:anchor-type='as-char' draw:control='f'/></text:p>",
            "p A: {F imie:Jan}{PF:woj. dolnośląskie}\np {xXF:☒} NGO {xF:☐}JST {xXF:☒}{F:y}\n");
}

static void floating_controls_are_not_guessed(void **state)
{
        (void)state;
        assert_text("<office:forms><form:form><form:checkbox form:id='a' form:current-state='checked'/>"
                    "<form:checkbox form:id='b'/><form:text form:id='c' form:current-value='Jan'/>"
                    "</form:form></office:forms><text:p><draw:control draw:control='a'/>Zgoda</text:p>"
                    "<text:p><draw:control draw:control='a'/><draw:control draw:control='b'/>tak nie</text:p>"
                    "<text:p><draw:control draw:control='c'/>Imię:</text:p>",
            "p {xXF:☒} Zgoda\np tak nie\np Imię: {F:Jan}\n! check boxes that belong to no words\n");
}

static void inputs_and_placeholders(void **state)
{
        (void)state;
        assert_text("<text:p><text:placeholder>wpisz</text:placeholder>"
                    "<text:text-input text:description='imię'>imię</text:text-input>"
                    "<text:text-input text:description='imię'>Jan</text:text-input>"
                    "<text:drop-down><text:label text:value='a'/>"
                    "<text:label text:value='b' text:current-selected='true'/>b</text:drop-down></text:p>",
            "p {P:wpisz}{PF:imię}{F:Janb}\n");
        assert_text(
            "<text:p><loext:content-control loext:showing-place-holder='true'>Kliknij"
            "</loext:content-control><loext:content-control loext:tag='imie'>Jan</loext:content-control>"
            "<loext:content-control loext:checkbox='true' loext:checked='true'>x</loext:content-control>"
            "<loext:content-control loext:checkbox='true'>☐</loext:content-control></text:p>",
            "p {PF:Kliknij}{F imie:Jan}{xXF:☒}{xF:☐}\n");
}

static void field_marks_of_word(void **state)
{
        (void)state;
        assert_text(
            "<text:p><field:fieldmark-start text:name='T1' field:type='x.FORMTEXT'/>"
            "<text:span text:style-name='T2'>Jan</text:span><field:fieldmark-end/> "
            "<field:fieldmark field:type='x.FORMCHECKBOX'><field:param field:name='Checkbox_Checked' "
            "field:value='true'/></field:fieldmark><field:fieldmark field:type='x.FORMCHECKBOX'/>"
            "<field:fieldmark field:type='x.FORMDROPDOWN'><field:param field:name='Dropdown_ListEntry' "
            "field:value='a'/><field:param field:name='Dropdown_ListEntry' field:value='b'/>"
            "<field:param field:name='Dropdown_Selected' field:value='1'/></field:fieldmark></text:p>",
            "p {uF T1:Jan} {xXF:☒}{xF:☐}{F:b}\n");
}

static void lost_line_breaks_are_found(void **state)
{
        (void)state;
        char *text = odf_mend("Os. Źródlane 7 m. 366-300 Międzyrzecz", 1);
        assert_string_equal(text, "Os. Źródlane 7 m. 3\n66-300 Międzyrzecz");
        free(text);
        assert_null(odf_mend("Kraków ul. Długa", 1));
        assert_null(odf_mend("tel. 600-100-200", 1));
        assert_text("<text:p><text:line-break/><text:text-input>a.B</text:text-input></text:p>"
                    "<text:p><text:line-break/><text:text-input>ab</text:text-input></text:p>",
            "p \n{F:a.\nB}\np \n{F?:ab}\n");
}

/* ---- tables */

#define CELL(text) "<table:table-cell><text:p>" text "</text:p></table:table-cell>"

static void tables_have_places(void **state)
{
        (void)state;
        assert_text("<table:table><table:table-header-rows><table:table-row>" CELL("a") CELL(
                        "b") "</table:table-row></table:table-header-rows><table:table-row>"
                             "<table:table-cell table:number-columns-spanned='2' "
                             "table:number-rows-spanned='2'><text:p>c</text:p><text:p>d</text:p>"
                             "</table:table-cell><table:covered-table-cell/></table:table-row></table:table>",
            "[0 0 0]a\n[0 0 1]b\n[0 1 0 2x2]c\n[0 1 0 2x2]d\n");
        assert_text(
            "<table:table><table:table-row><table:table-cell table:number-columns-repeated='3'/>" CELL(
                "x") "</table:table-row></table:table><text:p>e</text:p>",
            "[0 0 0]\n[0 0 1]\n[0 0 2]\n[0 0 3]x\np e\n");
        assert_text(
            "<table:table><table:table-row><table:table-cell><table:table><table:table-row>" CELL(
                "in") "</table:table-row></table:table><text:p>out</text:p></table:table-cell>" CELL("n") "</"
                                                                                                          "ta"
                                                                                                          "bl"
                                                                                                          "e:"
                                                                                                          "ta"
                                                                                                          "bl"
                                                                                                          "e-"
                                                                                                          "ro"
                                                                                                          "w>"
                                                                                                          "</"
                                                                                                          "ta"
                                                                                                          "bl"
                                                                                                          "e:"
                                                                                                          "ta"
                                                                                                          "bl"
                                                                                                          "e"
                                                                                                          ">",
            "[1 0 0]in\n[0 0 0]out\n[0 0 1]n\n");
}

static void sheets_are_tables(void **state)
{
        (void)state;
        assert_sheet("<table:table-row>" CELL(
                         "a") "<table:table-cell table:style-name='ce1'/>"
                              "<table:table-cell table:number-columns-repeated='1020'/></table:table-row>"
                              "<table:table-row table:number-rows-repeated='1048575'>"
                              "<table:table-cell table:number-columns-repeated='1024'/></table:table-row>",
            "[0 0 0]a\n[0 0 1]\n");
        assert_sheet("<table:table-column table:default-cell-style-name='ce2'/>"
                     "<table:table-column table:visibility='collapse'/>"
                     "<table:table-row>" CELL("a")
                         CELL("b") "</table:table-row>"
                                   "<table:table-row table:visibility='filter'>" CELL(
                                       "c") "</table:table-row>"
                                            "<table:table-row>" CELL("d") "</table:table-row>",
            "[0 0 0]{s:a}\n[0 2 0]{s:d}\n");
        assert_flat("spreadsheet",
            "<table:table table:style-name='ta1'><table:table-row>" CELL(
                "h") "</table:table-row></table:table>"
                     "<table:table><table:table-row>" CELL("v") "</table:table-row></table:table>",
            "[0 0 0]v\n");
}

static void values_of_cells(void **state)
{
        (void)state;
        assert_sheet(
            "<table:table-row><table:table-cell office:value-type='boolean' office:boolean-value='true'>"
            "<text:p>PRAWDA</text:p></table:table-cell>"
            "<table:table-cell office:value-type='float' office:value='501222333'><text:p>5,01E+008"
            "</text:p></table:table-cell>"
            "<table:table-cell office:value-type='float' office:value='501222333'><text:p>501 222 333"
            "</text:p></table:table-cell>"
            "<table:table-cell office:value-type='date' office:date-value='2019-04-12'><text:p>12 kwi"
            "</text:p></table:table-cell></table:table-row>",
            "[0 0 0]{xX:☒}\n[0 0 1]501222333\n[0 0 2]501 222 333\n[0 0 3]12.04.2019\n");
}

/* ---- packages */

static void assert_package(const char *manifest, const char *content, const char *expected)
{
        struct zip_world zip = ZIP_WORLD_INIT;

        zip_world_text(&zip, "mimetype", "application/vnd.oasis.opendocument.text");
        zip_world_text(&zip, "META-INF/manifest.xml", manifest);
        if (content)
                zip_world_text(&zip, "content.xml", content);
        zip_world_end(&zip);
        assert_model(buf_text(&zip.bytes), zip.bytes.size, expected);
        zip_world_free(&zip);
}

static void packages(void **state)
{
        (void)state;
#define CONTENT(body)                                                                                        \
        "<office:document-content " NAMESPACES "><office:body>" body                                         \
        "</office:body></office:document-content>"
        assert_package("", CONTENT("<office:text><text:p>a</text:p></office:text>"), "p a\n");
        assert_package("<!DOCTYPE x><manifest:encryption-data/>", CONTENT("<office:text/>"),
            "! the document is protected by a password\n");
        assert_package("", NULL, "! the document is damaged\n");
        assert_package("", "<office:document-content", "! the document is damaged\n");
        assert_package("", CONTENT("<office:presentation/>"), "! a format that is read by a person\n");
        assert_package("",
            "<!DOCTYPE a [<!ENTITY e 'x'>]>" CONTENT("<office:text><text:p>&e;</text:p></office:text>"),
            "! the document is not as office programs write it\n");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(white_space_is_folded),
                cmocka_unit_test(styles_give_marks),
                cmocka_unit_test(notes_and_remarks_are_left_out),
                cmocka_unit_test(text_boxes_come_once_and_behind),
                cmocka_unit_test(tracked_changes_are_marked),
                cmocka_unit_test(controls_tell_their_state),
                cmocka_unit_test(floating_controls_are_not_guessed),
                cmocka_unit_test(inputs_and_placeholders),
                cmocka_unit_test(field_marks_of_word),
                cmocka_unit_test(lost_line_breaks_are_found),
                cmocka_unit_test(tables_have_places),
                cmocka_unit_test(sheets_are_tables),
                cmocka_unit_test(values_of_cells),
                cmocka_unit_test(packages),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
