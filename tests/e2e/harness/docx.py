# SPDX-License-Identifier: GPL-3.0-or-later
"""Word documents of one's own making (Transitional OOXML), by zipfile."""
import io
import zipfile
from xml.sax.saxutils import escape

TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/word/document.xml" \
ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""

RELATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
<Relationship Id="rId1" \
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" \
Target="word/document.xml"/></Relationships>"""

DOCUMENT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}\
<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>"""


def _run(text, marks=""):
    properties = f"<w:rPr>{marks}</w:rPr>" if marks else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(text, marks=""):
    """Split in two runs, as Word does wherever the cursor has been."""
    middle = len(text) // 2
    return f"<w:p>{_run(text[:middle], marks)}{_run(text[middle:], marks)}</w:p>"


def table(rows):
    def cell(text, marks=""):
        return f'<w:tc><w:tcPr><w:tcW w:w="4600" w:type="dxa"/></w:tcPr>{paragraph(text, marks)}</w:tc>'

    lines = "".join(f"<w:tr>{cell(label, '<w:b/>')}{cell(value)}</w:tr>" for label, value in rows)
    return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>{lines}</w:tbl>'


def pack(body):
    """The finished .docx around a document body."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONS)
        archive.writestr("word/document.xml", DOCUMENT.format(body=body))
    return out.getvalue()


def docx(rows, layout="table", title="Ankieta zgłoszeniowa"):
    """rows: (label, value) pairs; layout: table, or lines ("label: value" paragraphs)."""
    if layout == "table":
        return pack(paragraph(title, "<w:b/>") + table(rows) + paragraph(""))
    assert layout == "lines", layout
    return pack(paragraph(title) + "".join(paragraph(f"{label}: {value}") for label, value in rows))
