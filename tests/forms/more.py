# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms in layouts that the files here lack, written as odt, ods and xlsx when they are wanted: forms(kind) gives
(layout, applicant, bytes, truth), with applicant "blank" for the form as it is sent out. Everyone is fictitious.

A form is a list of paragraphs and tables; a cell or paragraph is a list of (text, mark) with mark in "", "strike",
"bold", "underline", "wingdings". Alone, "more.py FOLDER" writes them all there."""
import io
import pathlib
import sys
import zipfile
from xml.sax.saxutils import escape

PEOPLE = {
    "b1": {"imie_nazwisko": "Bożena Łoś-Żółkiewska", "organizacja": "Fundacja „Dom nad Wartą”", "sektor": "NGO",
           "stanowisko": "koordynatorka projektów", "adres": "ul. Ćwiartki 3/4 m. 5, 61-001 Poznań",
           "telefon": "601 702 803", "email": "b.los@dom-nad-warta.example", "dieta": "wegańska", "nocleg": "TAK",
           "uwagi": "Przyjadę z psem przewodnikiem.", "zgoda": "TAK"},
    "b2": {"imie_nazwisko": "Stanisław Ząb", "organizacja": "Gmina Święta Lipka", "sektor": "JST",
           "stanowisko": "sekretarz gminy", "adres": "Święta Lipka 29, 11-440 Reszel", "telefon": "897551481",
           "email": "sekretarz@swieta-lipka.example.pl", "dieta": "standardowa", "nocleg": "NIE", "uwagi": "",
           "zgoda": "TAK"},
    "b3": {"imie_nazwisko": "Ewa Anna Gżegżółka", "organizacja": "Biblioteka Publiczna w Śremie", "sektor": "JST",
           "stanowisko": "", "adres": "", "telefon": "612830700", "email": "egz@biblioteka-srem.example",
           "dieta": "", "nocleg": "TAK", "uwagi": "Nocleg proszę z wieczora.", "zgoda": "TAK"},
}
NOBODY = dict.fromkeys(PEOPLE["b1"], "")
LABELS = {"imie_nazwisko": "Imię i nazwisko", "organizacja": "Nazwa instytucji", "stanowisko": "Stanowisko",
          "adres": "Adres do korespondencji", "telefon": "Telefon kontaktowy", "email": "E-mail",
          "uwagi": "Dodatkowe uwagi"}
CONSENT = "Wyrażam zgodę na przetwarzanie moich danych osobowych w celu organizacji szkolenia (RODO)."
SECTORS = (("NGO", "organizacja pozarządowa"), ("JST", "jednostka samorządu terytorialnego"), ("inny", "inny"))
DIETS = tuple((word, word) for word in ("standardowa", "wegetariańska", "wegańska", "bezglutenowa"))


def text(words, mark=""):
    return [(words, mark)]


def boxes(options, chosen, on="☒", off="☐", mark="", after=False):
    runs = []
    for value, words in options:
        box = (on if value == chosen else off, mark)
        runs += [(f"{words} ", ""), box, ("   ", "")] if after else [box, (f" {words}   ", "")]
    return runs


def struck(chosen, words=("TAK", "NIE"), mark="strike"):
    first, second = words
    wrong = {"TAK": second, "NIE": first}.get(chosen)
    marked = {"strike": lambda w: w == wrong, "bold": lambda w: bool(chosen) and w != wrong,
              "underline": lambda w: bool(chosen) and w != wrong}[mark]
    return [(first, mark if marked(first) else ""), (" / ", ""), (second, mark if marked(second) else ""), ("*", "")]


def title():
    return [text("FORMULARZ ZGŁOSZENIOWY"), text("na szkolenie „Dostęp do informacji publicznej w praktyce samorządu”")]


def numbered(p):
    """Three columns: number, label, answer."""
    rows = [[text("Lp."), text("Pytanie"), text("Odpowiedź")]]
    for key in ("imie_nazwisko", "organizacja"):
        rows.append([text(f"{len(rows)}."), text(LABELS[key]), text(p[key])])
    rows.append([text(f"{len(rows)}."), text("Rodzaj instytucji (właściwe zaznaczyć)"), boxes(SECTORS, p["sektor"])])
    for key in ("stanowisko", "adres", "telefon", "email"):
        rows.append([text(f"{len(rows)}."), text(LABELS[key]), text(p[key])])
    rows.append([text(f"{len(rows)}."), text("Nocleg"), struck(p["nocleg"])])
    rows.append([text(f"{len(rows)}."), text("Preferencje żywieniowe"), boxes(DIETS, p["dieta"])])
    rows.append([text(f"{len(rows)}."), text(LABELS["uwagi"]), text(p["uwagi"])])
    rows.append([text(f"{len(rows)}."), text(CONSENT), struck(p["zgoda"])])
    return [*title(), rows, text("* niepotrzebne skreślić")]


def under(p):
    """The label under the line that is written on."""
    def pair(one, other):
        return [[text(p[one]), text(p[other])], [text(f"({LABELS[one].lower()})"), text(f"({LABELS[other].lower()})")]]
    return [*title(), pair("imie_nazwisko", "organizacja"), pair("stanowisko", "adres"), pair("telefon", "email"),
            text("Sektor:"), boxes(SECTORS, p["sektor"]), [("Nocleg: ", ""), *struck(p["nocleg"], mark="underline")],
            [("Dieta: ", ""), *boxes(DIETS, p["dieta"])], [("Uwagi: ", ""), (p["uwagi"], "")],
            [*boxes([("TAK", "")], p["zgoda"]), (CONSENT, "")]]


def wingdings(p):
    """Boxes of the Wingdings font, labels in bold, four columns."""
    rows = [
        [text("Imię i nazwisko:", "bold"), text(p["imie_nazwisko"]), text("Telefon:", "bold"), text(p["telefon"])],
        [text("Instytucja:", "bold"), text(p["organizacja"]), text("E-mail:", "bold"), text(p["email"])],
        [text("Stanowisko:", "bold"), text(p["stanowisko"]), text("Adres:", "bold"), text(p["adres"])],
        [text("Sektor:", "bold"), boxes(SECTORS, p["sektor"], "þ", "o", "wingdings"), text("Dieta:", "bold"),
         boxes(DIETS, p["dieta"], "ý", "¨", "wingdings")],
        [text("Nocleg:", "bold"), boxes((("TAK", "tak"), ("NIE", "nie")), p["nocleg"], "x", "q", "wingdings"),
         text("Uwagi:", "bold"), text(p["uwagi"])]]
    return [*title(), rows, [*boxes([("TAK", "")], p["zgoda"], "þ", "o", "wingdings"), (CONSENT, "")]]


def letters(p):
    """One character a cell."""
    def row(key, width):
        return [text(LABELS[key]), *(text(c) for c in p[key].upper().ljust(width))]
    return [*title(), [row("imie_nazwisko", 24)], [row("telefon", 12)], [
        [text(LABELS["organizacja"]), text(p["organizacja"])], [text(LABELS["email"]), text(p["email"])],
        [text(LABELS["stanowisko"]), text(p["stanowisko"])], [text(LABELS["adres"]), text(p["adres"])],
        [text("Typ instytucji"), boxes(SECTORS, p["sektor"], after=True)], [text("Nocleg"), struck(p["nocleg"], mark="bold")],
        [text("Wyżywienie"), boxes(DIETS, p["dieta"], "[x]", "[ ]")], [text("Uwagi"), text(p["uwagi"])]],
        text(CONSENT), struck(p["zgoda"])]


def below(p):
    """The answer in the row under its label."""
    rows = []
    for one, other in (("imie_nazwisko", "organizacja"), ("stanowisko", "telefon"), ("email", "adres")):
        rows += [[text(LABELS[one]), text(LABELS[other])], [text(p[one]), text(p[other])]]
    return [*title(), rows, [[text("Sektor"), boxes(SECTORS, p["sektor"])], [text("Dieta"), boxes(DIETS, p["dieta"])],
                             [text("Czy potrzebuje Pan/Pani noclegu?"), boxes((("TAK", "TAK"), ("NIE", "NIE")), p["nocleg"])],
                             [text("Uwagi"), text(p["uwagi"])]],
            [(CONSENT + " ", ""), *boxes((("TAK", "TAK"), ("NIE", "NIE")), p["zgoda"])]]


LAYOUTS = {"numbered": numbered, "under": under, "wingdings": wingdings, "letters": letters, "below": below}


# ---- OpenDocument

URN = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = " ".join(f'xmlns:{prefix}="{URN}{name}:1.0"' for prefix, name in (
    ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("fo", "xsl-fo-compatible")))
ODF_STYLES = "".join(
    f'<style:style style:name="{name}" style:family="text"><style:text-properties {look}/></style:style>' for name, look in (
        ("strike", 'style:text-line-through-style="solid"'), ("bold", 'fo:font-weight="bold"'),
        ("underline", 'style:text-underline-style="solid"'), ("wingdings", 'fo:font-family="Wingdings"'))) + (
    '<style:style style:name="cell" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000"/>'
    "</style:style>")


def odf_text(words):
    out = ""
    for word in words.split(" "):
        out += "<text:s/>" + escape(word)
    return out[len("<text:s/>"):]


def odf_paragraph(runs):
    return "<text:p>" + "".join(
        f'<text:span text:style-name="{mark}">{odf_text(words)}</text:span>' if mark else odf_text(words)
        for words, mark in runs) + "</text:p>"


def odf_rows(rows):
    return "".join("<table:table-row>" + "".join(
        '<table:table-cell table:style-name="cell">' + odf_paragraph(cell) + "</table:table-cell>" for cell in row)
        + "</table:table-row>" for row in rows)


def packed(parts, stored=()):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content,
                             zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def odf(kind, body):
    mime = "application/vnd.oasis.opendocument." + kind
    content = (f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES} office:version="1.3">'
               f"<office:automatic-styles>{ODF_STYLES}</office:automatic-styles><office:body><office:{kind}>{body}"
               f"</office:{kind}></office:body></office:document-content>")
    return packed({"mimetype": mime, "content.xml": content, "META-INF/manifest.xml": (
        f'<manifest:manifest xmlns:manifest="{URN}manifest:1.0"><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{mime}"/></manifest:manifest>')}, stored=("mimetype",))


def is_table(part):
    return isinstance(part[0], list)


def odt(form):
    return odf("text", "".join(
        f"<table:table>{odf_rows(part)}</table:table>" if is_table(part) else odf_paragraph(part) for part in form))


def sheet_rows(form):
    """Everything on one grid: a paragraph is a row of one cell."""
    rows = []
    for part in form:
        rows += part if is_table(part) else [[part]]
    return rows


def ods(form):
    return odf("spreadsheet", f'<table:table table:name="Arkusz1">{odf_rows(sheet_rows(form))}</table:table>')


# ---- Excel

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FONTS = {"": 0, "strike": 1, "bold": 2, "underline": 3, "wingdings": 4}
LOOKS = {"strike": "<strike/>", "bold": "<b/>", "underline": "<u/>", "wingdings": ""}


def links(*targets):
    return "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>" + "".join(
        f"<Relationship Id='r{i}' Type='{LINK}/{kind}' Target='{target}'/>" for i, (kind, target) in enumerate(targets, 1)
    ) + "</Relationships>"


def column(index):
    return column(index // 26 - 1) + chr(65 + index % 26) if index > 25 else chr(65 + index)


def xlsx_cell(name, runs, bordered):
    style = 1 if bordered else 0
    words = "".join(w for w, _ in runs)
    if len(runs) == 1 and words.isdigit() and len(words) > 6:  # Excel makes a number of it
        return f"<c r='{name}' s='{style}'><v>{words}</v></c>"
    if not words:
        return f"<c r='{name}' s='{style}'/>"
    rich = "".join(
        "<r>" + (f"<rPr>{LOOKS[mark]}<rFont val='{'Wingdings' if mark == 'wingdings' else 'Calibri'}'/></rPr>" if mark else "")
        + f"<t xml:space='preserve'>{escape(w)}</t></r>" for w, mark in runs)
    return f"<c r='{name}' s='{style}' t='inlineStr'><is>{rich}</is></c>"


def xlsx(form, bordered=True):
    rows = "".join(f"<row r='{r}'>" + "".join(
        xlsx_cell(f"{column(c)}{r}", cell, bordered and len(row) > 1) for c, cell in enumerate(row)) + "</row>"
        for r, row in enumerate(sheet_rows(form), 1))
    return packed({
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "_rels/.rels": links(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f"<workbook xmlns='{MAIN}' xmlns:r='{LINK}'><sheets><sheet name='A' sheetId='1' r:id='r1'/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels": links(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")),
        "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{MAIN}'><sheetData>{rows}</sheetData></worksheet>",
        "xl/styles.xml": f"<styleSheet xmlns='{MAIN}'><fonts><font><name val='Calibri'/></font></fonts><borders><border/>"
                         "<border><left style='thin'/></border></borders><cellXfs><xf/><xf borderId='1'/></cellXfs></styleSheet>"})


def plain_xlsx(form):
    """Without borders: the empty cells are not in the file."""
    return xlsx([part if not is_table(part) else [[cell for cell in row] for row in part] for part in form], False)


WRITERS = {"odt": odt, "ods": ods, "xlsx": xlsx, "plain.xlsx": plain_xlsx}


def forms(kind):
    for layout, make in LAYOUTS.items():
        yield layout, "blank", WRITERS[kind](make(NOBODY)), {}
        for applicant, person in PEOPLE.items():
            yield layout, applicant, WRITERS[kind](make(person)), person


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for extension in WRITERS:
        for name, who, content, _ in forms(extension):
            (folder / f"{name}_{who}.{extension}").write_bytes(content)
