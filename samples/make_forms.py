#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the blank registration form (conf/forms/ankieta.docx) and the filled
sample forms (samples/forms/*.docx, each with the fields to be read from it in a
.json beside it). The same input gives the same bytes.

    /usr/bin/python3 samples/make_forms.py
"""
import json
import os
import zipfile
from xml.sax.saxutils import escape

HERE = os.path.dirname(os.path.abspath(__file__))
BLANK = os.path.join(HERE, "..", "conf", "forms", "ankieta.docx")
FORMS = os.path.join(HERE, "forms")

OFF, ON = "☐", "☒"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

CONTENT_TYPES = HEAD + (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>")
RELS = HEAD + (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>")
DOCUMENT_RELS = HEAD + (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
    "</Relationships>")
CORE = HEAD + (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>Ankieta zgłoszeniowa</dc:title><dc:creator>RCWIP</dc:creator>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">2012-01-05T09:00:00Z</dcterms:created>'
    "</cp:coreProperties>")
STYLES = HEAD + (
    '<w:styles xmlns:w="%s"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Calibri" w:cs="Calibri"/>'
    '<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="pl-PL"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="108" w:type="dxa"/>'
    '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style></w:styles>') % W


def run(text, bold=False, italic=False, size=0, strike=False):
    """One run; tabs and line breaks in text become w:tab and w:br."""
    props = ""
    if any(box in text for box in (OFF, ON)):
        props += ('<w:rFonts w:ascii="MS Gothic" w:hAnsi="MS Gothic"'
                  ' w:eastAsia="MS Gothic" w:hint="eastAsia"/>')
    props += "<w:b/>" if bold else ""
    props += "<w:i/>" if italic else ""
    props += "<w:strike/>" if strike else ""
    props += '<w:sz w:val="%d"/>' % size if size else ""
    body = '<w:t xml:space="preserve">%s</w:t>' % escape(text)
    body = body.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    body = body.replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    return "<w:r>%s%s</w:r>" % ("<w:rPr>%s</w:rPr>" % props if props else "", body)


def runs(text, **marks):
    """As run(), with each box in a run of its own, as Word writes it."""
    out, plain = "", ""
    for char in text:
        if char in (OFF, ON):
            out += run(plain, **marks) if plain else ""
            out, plain = out + run(char, **marks), ""
        else:
            plain += char
    return out + (run(plain, **marks) if plain else "")


def para(content, align="", after=None, tabs=()):
    props = ""
    if tabs:
        props += "<w:tabs>%s</w:tabs>" % "".join(
            '<w:tab w:val="%s" w:pos="%d"/>' % tab for tab in tabs)
    if after is not None:
        props += '<w:spacing w:after="%d"/>' % after
    props += '<w:jc w:val="%s"/>' % align if align else ""
    return "<w:p>%s%s</w:p>" % ("<w:pPr>%s</w:pPr>" % props if props else "", content)


def cell(width, content, shade=False):
    return ('<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>%s<w:vAlign w:val="center"/></w:tcPr>%s</w:tc>'
            % (width, '<w:shd w:val="clear" w:color="auto" w:fill="EAEEF3"/>' if shade else "",
               content))


def table(rows):
    """rows of (label, finished runs of the answer)."""
    left, right = 3700, 5938
    line = "".join('<w:%s w:val="single" w:sz="4" w:space="0" w:color="7F7F7F"/>' % side
                   for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    out = ('<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:tblBorders>%s</w:tblBorders>'
           '<w:tblLayout w:type="fixed"/></w:tblPr>'
           '<w:tblGrid><w:gridCol w:w="%d"/><w:gridCol w:w="%d"/></w:tblGrid>'
           % (left + right, line, left, right))
    for label, answer in rows:
        out += ('<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="520"/></w:trPr>%s%s</w:tr>'
                % (cell(left, para(run(label, bold=True), after=0), shade=True),
                   cell(right, para(answer, after=0))))
    return out + "</w:tbl>"


HEADING = (
    para(run("Regionalne Centrum Wspierania Inicjatyw Pozarządowych", bold=True, size=24),
         "center", 240) +
    para(run("ANKIETA ZGŁOSZENIOWA", bold=True, size=36), "center", 60) +
    para(run("szkolenie „Model współpracy JST & NGO”", bold=True, size=28), "center", 200) +
    para(run("26 stycznia 2012 r. (czwartek), godz. 9:00–15:00\nWałbrzych, ul. Sienkiewicza 2/7"),
         "center", 200) +
    para(run("Zapewniamy materiały szkoleniowe, przerwy kawowe i ciepły posiłek. Liczba "
             "miejsc jest ograniczona, decyduje kolejność zgłoszeń. "
             "Jeden formularz dotyczy jednej osoby."), "both", 200))
ENDING = (
    para("", after=0) +
    para(run("Dane posłużą wyłącznie do organizacji i rozliczenia szkolenia.", italic=True,
             size=18), after=240) +
    para(run("Wypełniony formularz prosimy przesłać do 23 stycznia 2012 r. do godz. 16:00:",
             bold=True), after=60) +
    para(run("– pocztą elektroniczną na adres agnieszka.szuba@rcwip.pl,"), after=0) +
    para(run("– faksem na numer (74) 665 11 11"), after=0) +
    para(run("– albo złożyć osobiście w Biurze Regionalnym w Wałbrzychu."), after=700) +
    para(run("\t……………………………………\t……………………………………"), after=0,
         tabs=(("center", 2200), ("center", 7400))) +
    para(run("\tmiejscowość i data\tczytelny podpis", size=18), after=0,
         tabs=(("center", 2200), ("center", 7400))))

LABELS = (("name", "Imię i nazwisko"), ("organisation", "Nazwa organizacji"),
          ("sector", "Sektor"), ("position", "Stanowisko"), ("phone", "Telefon"),
          ("email", "E-mail"), ("diet", "Dieta"),
          ("consent", "Wyrażam zgodę na przetwarzanie moich danych osobowych"))
BOXES = {"sector": (("NGO", "NGO"), ("JST", "JST")), "consent": (("yes", "TAK"), ("no", "NIE"))}


def answer(key, written, chosen):
    """The answer's runs: ticked boxes for a choice, else what the applicant wrote."""
    if key in BOXES:
        text = "     ".join("%s %s" % (ON if value == chosen else OFF, word)
                            for value, word in BOXES[key])
        return runs(text)
    return run(written) if written else ""


def table_form(written, fields):
    rows = [(label, answer(key, written.get(key, ""), fields.get(key))) for key, label in LABELS]
    return HEADING + table(rows) + ENDING


def struck(key, label, chosen):
    """A choice answered by striking out what does not apply."""
    out = run(label + ": ", bold=True)
    for number, (value, word) in enumerate(BOXES[key]):
        out += run(" / ") if number else ""
        out += run(word, strike=value != chosen)
    return para(out)


def paragraph_form(written, fields):
    out = (para(run("ANKIETA ZGŁOSZENIOWA", bold=True, size=32), "center") +
           para(run("Model współpracy JST & NGO, Wałbrzych, 26.01.2012", bold=True), "center", 400))
    for key, label in LABELS:
        if key in BOXES:
            out += struck(key, label, fields.get(key))
        else:
            out += para(run(label + ": ", bold=True) + run(written.get(key, "……………………")))
    return out


def write(path, body):
    document = HEAD + ('<w:document xmlns:w="%s"><w:body>%s<w:sectPr>'
                       '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134"'
                       ' w:bottom="1134" w:left="1134" w:header="708" w:footer="708" w:gutter="0"/>'
                       "</w:sectPr></w:body></w:document>") % (W, body)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("[Content_Types].xml", CONTENT_TYPES), ("_rels/.rels", RELS),
                           ("word/document.xml", document),
                           ("word/_rels/document.xml.rels", DOCUMENT_RELS),
                           ("word/styles.xml", STYLES), ("docProps/core.xml", CORE)):
            info = zipfile.ZipInfo(name, (2012, 1, 5, 10, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, text.encode("utf-8"))


# name of the file, layout, what the applicant wrote where that differs from the
# value to be read, and the values
SAMPLES = (
    ("wojcik-tabela", table_form, {"phone": "74 842 10 55 wew. 17"},
     {"name": "Halina Wójcik", "organisation": "Urząd Gminy Brzozów Dolny",
      "sector": "JST", "position": "inspektor ds. promocji", "phone": "+48748421055;ext=17",
      "email": "h.wojcik@ug.brzozow-dolny.example", "consent": "yes"}),
    ("zielinski-akapity", paragraph_form, {"phone": "(0-74) 666 20 31", "email": "kontakt@Kuznica.example.org"},
     {"name": "Łukasz Zieliński", "organisation": "Fundacja „Kuźnica Społeczna”", "sector": "NGO",
      "position": "członek zarządu", "phone": "+48746662031", "email": "kontakt@kuznica.example.org",
      "diet": "bez glutenu", "consent": "yes"}),
    ("sowa-tabela", table_form, {"phone": "+48 601-555-018"},
     {"name": "Żaneta Sowa-Źrebiec", "organisation": "Stowarzyszenie Ścieżka",
      "sector": "NGO", "position": "koordynatorka wolontariatu", "phone": "+48601555018",
      "email": "zaneta.sowa@sciezka.example.org", "diet": "wegetariańska", "consent": "yes"}),
)


def main():
    write(BLANK, table_form({}, {}))
    for name, layout, odd, fields in SAMPLES:
        write(os.path.join(FORMS, name + ".docx"), layout({**fields, **odd}, fields))
        with open(os.path.join(FORMS, name + ".json"), "w", encoding="utf-8") as out:
            json.dump({"file": name + ".docx", "class": "form", "people": [fields]}, out,
                      ensure_ascii=False, indent=2)
            out.write("\n")


if __name__ == "__main__":
    main()
