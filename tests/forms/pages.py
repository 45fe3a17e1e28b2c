# SPDX-License-Identifier: GPL-3.0-or-later
"""PDF files drawn by hand, for what the forms here lack: Pdf() is a file of pages, each a list of drawing commands, with
fields and annotations. Everything stands in points from the page's upper left corner. Nothing is compressed, so that
the fuzzer can change it. forms() gives whole forms as (layout, applicant, bytes, truth); alone, "pages.py FOLDER"
writes them and some single pages there."""
import pathlib
import sys

from more import CONSENT, DIETS, LABELS, NOBODY, PEOPLE, SECTORS

POLISH = {"ą": "aogonek", "ć": "cacute", "ę": "eogonek", "ł": "lslash", "ń": "nacute", "ó": "oacute", "ś": "sacute",
          "ź": "zacute", "ż": "zdotaccent", "Ą": "Aogonek", "Ć": "Cacute", "Ę": "Eogonek", "Ł": "Lslash",
          "Ń": "Nacute", "Ó": "Oacute", "Ś": "Sacute", "Ź": "Zacute", "Ż": "Zdotaccent", "„": "quotedblbase",
          "”": "quotedblright", "–": "endash", "…": "ellipsis", "ﬁ": "fi"}
CODES = {sign: 128 + i for i, sign in enumerate(POLISH)}
WIDTH, HEIGHT = 595, 842
LETTER = 0.6  # of the size: Courier


def encoded(words):
    out = bytearray()
    for sign in words:
        code = CODES.get(sign, ord(sign))
        out += b"\\" + bytes([code]) if sign in "()\\" else bytes([code])
    return bytes(out)


def utf16(words):
    return b"<" + ("\ufeff" + words).encode("utf-16-be").hex().encode() + b">"


class Page:
    """Commands of one page. raw() takes PDF's own, with y upwards."""
    def __init__(self, width=WIDTH, height=HEIGHT, more=b""):
        self.width, self.height, self.more = width, height, more
        self.content, self.annots, self.images = [], [], []

    def raw(self, commands):
        self.content.append(commands.encode() if isinstance(commands, str) else commands)

    def text(self, x, y, words, size=10, font="F", mode=0):
        """y: the baseline. Returns where the text ends."""
        self.raw(b"BT %d Tr /%s %.2f Tf %.2f %.2f Td (%s) Tj ET" % (
            mode, font.encode(), size, x, self.height - y, encoded(words)))
        return x + LETTER * size * len(words)

    def line(self, x0, y0, x1, y1, width=0.5, dash=""):
        self.raw(f"q {width} w [{dash}] 0 d {x0} {self.height - y0} m {x1} {self.height - y1} l S Q")

    def box(self, x, y, width, height=None, how="S"):
        """how: S stroked, f filled; "lines": of four lines; "thin": of four filled rectangles."""
        height = width if height is None else height
        if how == "lines":
            for line in ((x, y, x + width, y), (x, y + height, x + width, y + height), (x, y, x, y + height),
                         (x + width, y, x + width, y + height)):
                self.line(*line)
        elif how == "thin":
            for x0, y0, w, h in ((x, y, width, 0.5), (x, y + height, width, 0.5), (x, y, 0.5, height),
                                 (x + width, y, 0.5, height)):
                self.raw(f"{x0} {self.height - y0 - h} {w} {h} re f")
        else:
            self.raw(f"{x} {self.height - y - height} {width} {height} re {how}")

    def ring(self, x, y, width, height, how="S"):
        """An ellipse of four curves."""
        k, rx, ry = 0.5523, width / 2, height / 2
        cx, cy = x + rx, self.height - y - ry
        self.raw(f"{cx + rx} {cy} m {cx + rx} {cy + k * ry} {cx + k * rx} {cy + ry} {cx} {cy + ry} c "
                 f"{cx - k * rx} {cy + ry} {cx - rx} {cy + k * ry} {cx - rx} {cy} c "
                 f"{cx - rx} {cy - k * ry} {cx - k * rx} {cy - ry} {cx} {cy - ry} c "
                 f"{cx + k * rx} {cy - ry} {cx + rx} {cy - k * ry} {cx + rx} {cy} c h {how}")

    def cross(self, x, y, size):
        self.line(x, y, x + size, y + size)
        self.line(x + size, y, x, y + size)

    def place(self, x0, y0, x1, y1):
        return b"/Rect[%.2f %.2f %.2f %.2f]" % (x0, self.height - y1, x1, self.height - y0)

    def quad(self, x0, y0, x1, y1):
        t, b = self.height - y0, self.height - y1
        return b"/QuadPoints[%.2f %.2f %.2f %.2f %.2f %.2f %.2f %.2f]" % (x0, t, x1, t, x0, b, x1, b)

    def annot(self, subtype, x0, y0, x1, y1, more=b"", flags=4):
        self.annots.append(b"/Type/Annot/Subtype/%s/F %d %s %s" % (
            subtype.encode(), flags, self.place(x0, y0, x1, y1), more))

    def note(self, x0, y0, x1, y1, words):
        self.annot("FreeText", x0, y0, x1, y1, b"/DA(/Helv 10 Tf)/Contents " + utf16(words))

    def markup(self, subtype, x0, y0, x1, y1):
        self.annot(subtype, x0, y0, x1, y1, self.quad(x0, y0, x1, y1))

    def field(self, name, x0, y0, x1, y1, value="", more=b""):
        value = b"/V " + utf16(value) if value else b""
        self.annot("Widget", x0, y0, x1, y1, b"/FT/Tx/T %s%s/DA(/Helv 10 Tf)%s" % (utf16(name), value, more))

    def check(self, name, x, y, size, on):
        state = b"/Yes" if on else b"/Off"
        self.annot("Widget", x, y, x + size, y + size, b"/FT/Btn/T %s/V%s/AS%s/AP<</N<</Yes 4 0 R/Off 4 0 R>>>>" % (
            utf16(name), state, state))

    def choice(self, name, x0, y0, x1, y1, options, chosen):
        value = b"/V " + utf16(chosen) if chosen else b""
        self.annot("Widget", x0, y0, x1, y1, b"/FT/Ch/Ff 131072/T %s/Opt[%s]%s/DA(/Helv 10 Tf)" % (
            utf16(name), b" ".join(map(utf16, options)), value))

    def picture(self, width, height, grey, x=0, y=0, w=None, h=None):
        """8 bits grey."""
        w, h = w or self.width, h or self.height
        self.images.append(b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceGray"
                           % (width, height) + b"|" + grey)
        self.raw(f"q {w} 0 0 {h} {x} {self.height - y - h} cm /I{len(self.images) - 1} Do Q")


class Pdf:
    def __init__(self):
        self.pages = []

    def page(self, *args, **named):
        self.pages.append(Page(*args, **named))
        return self.pages[-1]

    def bytes(self):
        objects = [b"", b"", b"", b"<</Length 0/Type/XObject/Subtype/Form/BBox[0 0 1 1]>>stream\n\nendstream"]

        def add(content):
            objects.append(content)
            return len(objects)

        differences = b" ".join(b"/" + name.encode() for name in POLISH.values())
        fonts = b"".join(b"/%s %d 0 R" % (key, add(
            b"<</Type/Font/Subtype/Type1/BaseFont/%s/FirstChar 32/LastChar 255/Widths[%s]/Encoding<</Type/Encoding"
            b"/BaseEncoding/WinAnsiEncoding/Differences[128 %s]>>>>" % (name, b"600 " * 224, differences)))
            for key, name in ((b"F", b"Courier"), (b"B", b"Courier-Bold")))
        fonts += b"/Z %d 0 R" % add(b"<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>")
        fonts += b"/W %d 0 R" % add(b"<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+Wingdings-Regular/FirstChar 32"
                                    b"/LastChar 255/Widths[%s]/Encoding/WinAnsiEncoding>>" % (b"890 " * 224))
        kids, fields = [], []
        for page in self.pages:
            content = b"\n".join(page.content)
            stream = add(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
            images = b"".join(b"/I%d %d 0 R" % (i, add(b"<<%s/Length %d>>stream\n%s\nendstream" % (
                image.split(b"|", 1)[0], len(image.split(b"|", 1)[1]), image.split(b"|", 1)[1])))
                for i, image in enumerate(page.images))
            annots = [add(b"<<" + annot + b">>") for annot in page.annots]
            fields += [n for n, annot in zip(annots, page.annots) if b"/Widget" in annot]
            kids.append(add(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]%s/Resources<</Font<<%s>>/XObject<<%s>>>>"
                            b"/Contents %d 0 R/Annots[%s]>>" % (
                                page.width, page.height, page.more, fonts, images, stream,
                                b" ".join(b"%d 0 R" % n for n in annots))))
        objects[0] = (b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%s]/DA(/Helv 10 Tf)/DR<</Font<</Helv 3 0 R>>>>>>>>"
                      % b" ".join(b"%d 0 R" % n for n in fields))
        objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % n for n in kids))
        objects[2] = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
        out, places = bytearray(b"%PDF-1.6\n"), []
        for number, content in enumerate(objects, 1):
            places.append(len(out))
            out += b"%d 0 obj %s endobj\n" % (number, content)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
        return bytes(out)


# ---- whole forms

ORDER = ("imie_nazwisko", "organizacja", "stanowisko", "adres", "telefon", "email", "uwagi")


def title(page):
    page.text(150, 40, "FORMULARZ ZGŁOSZENIOWY", 12, "B")
    page.text(60, 58, "na szkolenie „Dostęp do informacji publicznej w praktyce samorządu”", 10)


def options(page, x, y, choices, chosen, draw):
    """Boxes with words after them; draw(page, x, y, on) draws a box of ten points."""
    for value, words in choices:
        draw(page, x, y - 8, value == chosen)
        x = page.text(x + 14, y, words, 9) + 12


def crossed(page, x, y, on):
    page.box(x, y, 9)
    if on:
        page.cross(x + 1, y + 1, 7)


def typed(page, x, y, on):
    page.box(x, y, 9, how="lines")
    if on:
        page.text(x + 2, y + 8, "x", 9)


def hooked(page, x, y, on):
    page.box(x, y, 9, how="thin")
    if on:
        page.raw(f"1 w {x + 1} {page.height - y - 4} m {x + 4} {page.height - y - 8} l {x + 11} {page.height - y + 2} l S")


def dingbat(page, x, y, on):
    page.text(x, y + 8, "\x38" if on else "o", 9, "Z")  # a cross, a shadowed box
    if on:
        page.box(x - 1, y - 1, 10)


def wingding(page, x, y, on):
    page.text(x, y + 8, "\xfe" if on else "\xa8", 9, "W")


def round_button(page, x, y, on):
    page.ring(x, y, 9, 9)
    if on:
        page.ring(x + 2, y + 2, 5, 5, "f")


def struck(page, x, y, chosen, how="line"):
    end = page.text(x, y, "TAK", 10)
    start = page.text(end + 6, y, "/", 10) + 6
    last = page.text(start, y, "NIE", 10)
    page.text(last, y, "*", 10)
    wrong = {"TAK": (start, last), "NIE": (x, end)}.get(chosen)
    if wrong and how == "line":
        page.line(wrong[0] - 1, y - 3, wrong[1] + 1, y - 3, 0.8)
    elif wrong and how == "annot":
        page.markup("StrikeOut", wrong[0], y - 9, wrong[1], y + 3)
    elif wrong and how == "slant":
        page.line(wrong[0] - 1, y - 1, wrong[1] + 1, y - 5, 1.2)


def ruled(p, draw, border="S", strike="line"):
    """Two columns."""
    pdf = Pdf()
    page = pdf.page()
    title(page)
    y = 80
    rows = [(key, LABELS[key]) for key in ORDER] + [("sektor", "Sektor"), ("dieta", "Dieta"), ("nocleg", "Nocleg")]
    for key, label in rows:
        page.box(50, y, 150, 24, border)
        page.box(200, y, 350, 24, border)
        page.text(54, y + 15, label, 9)
        if key == "sektor":
            options(page, 205, y + 15, (("NGO", "NGO"), ("JST", "JST"), ("inny", "inny")), p[key], draw)
        elif key == "dieta":
            options(page, 205, y + 15, DIETS, p[key], draw)
        elif key == "nocleg":
            struck(page, 205, y + 15, p[key], strike)
        else:
            page.text(205, y + 15, p[key], 9)
        y += 24
    draw(page, 50, y + 12, p["zgoda"] == "TAK")
    page.text(66, y + 20, CONSENT, 8)
    return pdf


def dotted(p):
    """Dots to write on; what is typed lies over them, as notes."""
    pdf = Pdf()
    page = pdf.page()
    title(page)
    y = 90
    for key in ORDER:
        end = page.text(50, y, LABELS[key] + ": ", 10)
        page.text(end, y, "." * int((540 - end) / 6), 10)
        if p[key]:
            page.note(end + 8, y - 11, 540, y + 2, p[key])
        y += 22
    page.text(50, y, "Sektor:", 10)
    options(page, 110, y, SECTORS[:1] + (("JST", "JST"), ("inny", "inny")), None, crossed)
    return pdf, page, y


def typed_over(p):
    pdf, page, y = dotted(p)
    x = 110
    for value, words in SECTORS[:1] + (("JST", "JST"), ("inny", "inny")):
        if value == p["sektor"]:
            page.note(x + 1, y - 9, x + 10, y + 3, "X")
        x += 14 + LETTER * 9 * len(words) + 12
    page.text(50, y + 22, "Nocleg: ", 10)
    struck(page, 110, y + 22, p["nocleg"], "annot")
    page.text(50, y + 44, "Dieta: ", 10)
    options(page, 110, y + 44, DIETS, p["dieta"], crossed)
    crossed(page, 50, y + 58, p["zgoda"] == "TAK")
    page.text(66, y + 66, CONSENT, 8)
    return pdf


def written_lines(p):
    """Drawn lines to write on, the text above them as a part of the page."""
    pdf = Pdf()
    page = pdf.page()
    title(page)
    y = 90
    for key in ORDER:
        end = page.text(50, y, LABELS[key] + ":", 10)
        page.line(end + 6, y + 2, 540, y + 2)
        page.text(end + 12, y, p[key], 10)
        y += 24
    for label, key, choices in (("Sektor:", "sektor", (("NGO", "NGO"), ("JST", "JST"), ("inny", "inny"))),
                                ("Dieta:", "dieta", DIETS)):
        page.text(50, y, label, 10)
        options(page, 110, y, choices, p[key], round_button)
        y += 24
    page.text(50, y, "Nocleg:", 10)
    struck(page, 110, y, p["nocleg"], "slant")
    round_button(page, 50, y + 16, p["zgoda"] == "TAK")
    page.text(66, y + 24, CONSENT, 8)
    return pdf


def fields(p):
    """Form fields in a table without lines between the columns."""
    pdf = Pdf()
    page = pdf.page()
    title(page)
    y = 80
    for key in ORDER:
        page.line(50, y, 550, y)
        page.text(54, y + 15, LABELS[key], 9)
        page.field(key, 200, y + 3, 540, y + 21, p[key])
        y += 24
    page.line(50, y, 550, y)
    page.text(54, y + 15, "Sektor", 9)
    x = 200
    for value, words in (("NGO", "NGO"), ("JST", "JST"), ("inny", "inny")):
        page.check("sektor " + value, x, y + 5, 10, value == p["sektor"])
        x = page.text(x + 14, y + 14, words, 9) + 14
    page.text(54, y + 39, "Dieta", 9)
    page.choice("dieta", 200, y + 27, 400, y + 45, [words for _, words in DIETS], p["dieta"])
    page.text(54, y + 63, "Nocleg", 9)
    page.check("n1", 200, y + 54, 10, p["nocleg"] == "TAK")
    page.text(214, y + 63, "TAK", 9)
    page.check("n2", 250, y + 54, 10, p["nocleg"] == "NIE")
    page.text(264, y + 63, "NIE", 9)
    page.check("zgoda", 50, y + 80, 10, p["zgoda"] == "TAK")
    page.text(66, y + 88, CONSENT, 8)
    return pdf


LAYOUTS = {
    "crossed": lambda p: ruled(p, crossed), "typed": lambda p: ruled(p, typed, "lines", "annot"),
    "hooked": lambda p: ruled(p, hooked, "thin", "slant"), "wingding": lambda p: ruled(p, wingding, "thin"),
    "round": lambda p: ruled(p, round_button), "over": typed_over, "written": written_lines, "fields": fields,
}


def forms():
    for layout, make in LAYOUTS.items():
        yield layout, "blank", make(NOBODY).bytes(), {}
        for applicant, person in PEOPLE.items():
            yield layout, applicant, make(person).bytes(), person


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, who, made, _ in forms():
        (folder / f"{name}_{who}.pdf").write_bytes(made)
