# SPDX-License-Identifier: GPL-3.0-or-later
"""PDF files: forms in layouts of our own, and single pages with what real ones do, through zapisy-pages."""
import json
import os
import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "forms"))

import pages  # noqa: E402
from reader import ROOT, Reader, event  # noqa: E402
from score import Score  # noqa: E402
from table import FOLDER  # noqa: E402

PROGRAM = pathlib.Path(os.environ.get("ZAPISY_BIN") or ROOT / "build" / "bin") / "zapisy-pages"
FIELDS = json.loads((FOLDER / "fields.json").read_text(encoding="utf-8"))
SIGNS = {"bold": "b", "underline": "u", "strike": "s", "box": "x", "checked": "X", "field": "F", "tab": "t", "doubtful": "?",
         "recognised": "r"}


def look(data):
    """What zapisy-pages sees, in its locked child: a line for each block, the problems after "!"."""
    done = subprocess.run([str(PROGRAM)], input=data, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    document = json.loads(done.stdout)["document"]
    lines = []
    for block in document["blocks"]:
        text = ""
        for run in block.get("runs", []):
            marks = "".join(SIGNS[mark] for mark in run.get("marks", []))
            text += "\t" if "t" in marks else f"{{{marks}:{run['text']}}}" if marks else run["text"]
        place = ""
        if block["kind"] == "cell":
            place = f"[{block['table']} {block['row']} {block['column']}] "
        lines.append(place + text)
    return [line for line in lines if line] + ["! " + problem for problem in document["problems"]]


def drawn(draw, *args, **named):
    pdf = pages.Pdf()
    page = pdf.page(*args, **named)
    draw(page)
    return look(pdf.bytes())


def test_layouts(tmp_path):
    both = Score(), Score()
    with Reader(twin=True) as reader:
        for layout, applicant, content, truth in pages.forms():
            path = tmp_path / f"{layout}_{applicant}.pdf"
            path.write_bytes(content)
            if applicant == "blank":
                reader.set_event(event(FIELDS), path)
                for reading in reader.documents(path):
                    assert reading["blank"] and not reading["people"], f"{path.name} is read as {reading}"
            else:
                for score, reading in zip(both, reader.documents(path)):
                    score.add(path.name, truth, reading)
    for score in both:
        assert not score.wrong, "wrong but sure: " + "; ".join(map(str, score.wrong))
        assert score.percent >= 99, f"{score.right} of {score.asked} right, not {score.lacking}"


# ---- single pages

def test_marks():
    def draw(page):
        page.text(50, 50, "TAK", 10)
        page.line(50, 47, 68, 47)
        page.text(80, 50, "NIE", 10, "B")
        page.text(50, 70, "jedno", 10)
        page.line(50, 71, 80, 71)
        page.text(110, 70, "drugie", 10)
        page.markup("StrikeOut", 110, 61, 146, 73)
        page.text(50, 90, "TAK/NIE", 10)
        page.line(74, 87, 92, 87)
    assert drawn(draw) == ["{s:TAK} {b:NIE}", "{u:jedno}\t{s:drugie}", "TAK/{s:NIE}"]


def test_what_is_ringed_is_for_a_person():
    def ring(page):
        page.text(50, 50, "TAK", 10)
        page.text(74, 50, "/", 10)
        page.text(86, 50, "NIE", 10)
        page.ring(46, 39, 26, 15)

    def ink(page):
        page.text(50, 50, "TAK", 10)
        page.text(74, 50, "NIE", 10)
        page.annot("Ink", 47, 38, 70, 54, b"/InkList[[50 800 60 790]]")
    assert drawn(ring) == ["{xX?:☒}{?:TAK} / NIE"]
    assert drawn(ink) == ["{xX?:☒}{?:TAK} NIE"]


def test_boxes():
    def draw(page):
        for i, paint in enumerate((pages.crossed, pages.typed, pages.hooked, pages.dingbat, pages.wingding,
                                   pages.round_button)):
            for k, on in enumerate((True, False)):
                paint(page, 50 + 40 * k, 50 + 20 * i, on)
                page.text(62 + 40 * k, 58 + 20 * i, "ab", 9)
    assert drawn(draw) == ["{xX:☒} ab\t{x:☐} ab"] * 6


def test_cells_for_letters_are_no_boxes():
    def draw(page):
        page.text(50, 60, "Imię", 10)
        for i, letter in enumerate("JAN "):
            page.box(100 + 14 * i, 50, 14)
            page.text(104 + 14 * i, 61, letter, 9)
    assert drawn(draw) == ["[0 0 0] Imię", "[0 0 1] J", "[0 0 2] A", "[0 0 3] N", "[0 0 4] "]


def test_labels_outside_of_frames():
    def draw(page):
        for y, label, words in ((50, "Imię", "Jan"), (80, "Adres", "Kraków")):
            page.text(50, y + 12, label, 9)
            page.box(120, y, 150, 18)
            page.text(124, y + 12, words, 9)
        page.text(300, 62, "Uwagi", 9)
        page.box(350, 50, 150, 48)
        page.text(354, 62, "jeden", 9)
        page.text(354, 74, "dwa", 9)
    assert drawn(draw) == ["[0 0 0] Imię", "[0 0 1] Jan", "[1 0 0] Uwagi", "[1 0 1] jeden", "[1 0 1] dwa",
                           "[2 0 0] Adres", "[2 0 1] Kraków"]


def test_merged_and_open_cells():
    def draw(page):
        for y in (50, 70, 90, 110):
            page.line(50, y, 350, y)  # no sides
        page.line(150, 70, 150, 110)
        page.line(250, 90, 250, 110)
        for x, y, words in ((54, 63, "Razem"), (54, 83, "Imię"), (160, 83, "Jan"), (54, 103, "a"), (160, 103, "b"),
                            (260, 103, "c")):
            page.text(x, y, words, 9)
    assert drawn(draw) == ["[0 0 0] Razem", "[0 1 0] Imię", "[0 1 1] Jan", "[0 2 0] a", "[0 2 1] b", "[0 2 2] c"]


def test_text_typed_over_dots_stands_where_it_begins():
    def draw(page):
        page.text(50, 50, "Telefon: " + "." * 20 + " E-mail: " + "." * 20, 10)
        page.text(110, 49, "600100200", 10)
        page.text(50, 80, "Uwagi: " + "." * 40, 10)
        page.note(100, 70, 300, 82, "bez glutenu")
    assert drawn(draw)[0].startswith("Telefon: 600100200")
    assert [line.replace("....", "").split() for line in drawn(draw) if line] == [
        ["Telefon:", "600100200", "E-mail:"], ["Uwagi:", "{F:bez", "glutenu}"]]


def test_a_control_of_several_lines_stands_beside_its_label():
    def draw(page):
        page.text(50, 98, "Uwagi:", 10)
        page.field("u", 100, 50, 400, 100, "jeden\ndwa")
        page.text(50, 130, "Telefon:", 10)
        page.field("t", 110, 120, 200, 134)
        page.text(210, 130, "E-mail:", 10)
        page.field("e", 260, 120, 400, 134, "a@b.pl")
    assert drawn(draw) == ["Uwagi:\t{F:jeden\ndwa}", "Telefon: \t E-mail: {F:a@b.pl}"]


@pytest.mark.parametrize("more", [b"/CropBox[40 300 555 842]", b"/MediaBox[-20 -10 575 832]"])
def test_a_page_that_is_cut(more):
    def draw(page):
        page.box(50, 50, 100, 20)
        page.box(150, 50, 100, 20)
        page.text(54, 62, "Imię", 9)
        page.field("i", 155, 52, 240, 68, "Jan")
        page.text(54, 100, "Adres" + "." * 20, 9)
        page.note(120, 90, 240, 102, "Kraków")
    assert drawn(draw, more=more)[:2] == ["[0 0 0] Imię", "[0 0 1] {F:Jan}"]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_that_is_turned(angle):
    def draw(page):
        turn = {90: f"0 1 -1 0 {pages.WIDTH} 0", 180: f"-1 0 0 -1 {pages.WIDTH} {pages.HEIGHT}",
                270: f"0 -1 1 0 0 {pages.HEIGHT}"}[angle]
        height = pages.WIDTH if angle != 180 else pages.HEIGHT
        page.raw(f"q {turn} cm")
        real, page.height = page.height, height
        page.box(50, 50, 100, 20)
        page.box(150, 50, 100, 20)
        page.text(54, 62, "Imię", 9)
        page.raw("Q")
        # the field, as the page has it before it is turned
        x0, y0, x1, y1 = 155, height - 68, 240, height - 52
        page.height = 0
        if angle == 90:
            x0, y0, x1, y1 = pages.WIDTH - y1, x0, pages.WIDTH - y0, x1
        elif angle == 180:
            x0, y0, x1, y1 = pages.WIDTH - x1, pages.HEIGHT - y1, pages.WIDTH - x0, pages.HEIGHT - y0
        else:
            x0, y0, x1, y1 = y0, pages.HEIGHT - x1, y1, pages.HEIGHT - x0
        page.field("i", x0, -y1, x1, -y0, "Jan")
        page.height = real
    assert drawn(draw, more=b"/Rotate %d" % angle) == ["[0 0 0] Imię", "[0 0 1] {F:Jan}"]


def test_a_table_goes_on_over_the_page():
    pdf = pages.Pdf()
    for number in (1, 2):
        page = pdf.page()
        page.text(50, 30, "Stowarzyszenie Dobra Gmina", 8)
        y = 700 if number == 1 else 60
        for i in range(3):
            page.box(50, y + 20 * i, 100, 20)
            page.box(150, y + 20 * i, 200, 20)
            page.text(54, y + 13 + 20 * i, f"l{number}{i}", 9)
            page.text(154, y + 13 + 20 * i, f"w{number}{i}", 9)
        page.text(270, 820, f"Strona {number} z 2", 8)
    lines = look(pdf.bytes())
    assert lines[0] == "Stowarzyszenie Dobra Gmina" and "Strona" not in "".join(lines)
    assert lines[1:] == [f"[0 {row} {column}] {'lw'[column]}{row // 3 + 1}{row % 3}" for row in range(6)
                         for column in range(2)]


def test_a_word_too_long_for_its_cell():
    def draw(page):
        page.box(50, 50, 100, 40)
        page.box(150, 50, 100, 40)
        page.text(54, 60, "E-mail", 9)
        page.text(154, 60, "jan.kowalski@bard", 9)
        page.text(154, 72, "zodluga.example", 9)
    assert drawn(draw) == ["[0 0 0] E-mail", "[0 0 1] jan.kowalski@bardzodluga.example"]


def test_hidden_text_over_a_picture_is_never_sure():
    def draw(page, mode):
        page.picture(60, 84, bytes(60 * 84))
        page.text(50, 50, "Jan Kowalski", 10, mode=mode)
    assert "{r:Jan Kowalski}" in drawn(lambda page: draw(page, 3))


def test_text_under_a_picture_is_never_sure():
    def draw(page):
        page.text(50, 50, "Jan Kowalski", 10)
        page.picture(60, 84, bytes(60 * 84))
    assert "{r:Jan Kowalski}" in drawn(draw)


def test_what_is_printed_over_other_words_is_never_sure():
    def draw(page):
        page.text(50, 50, "Instytucja:", 10)
        page.text(180, 50, "Urząd Gminy w Dobrej", 10)
        page.text(180, 51, "Starostwo Powiatowe", 10)
    assert all("{?:" in line for line in drawn(draw))


def test_a_column_without_lines():
    def draw(page):
        page.text(50, 50, "Instytucja:", 10)
        page.text(250, 50, "Starostwo Powiatowe w Dobrej, Wydział", 10)
        page.text(250, 62, "Oświaty i Zdrowia", 10)
        page.text(50, 76, "Uwagi i oczekiwania wobec", 10)
        page.text(250, 76, "jeden", 10)
        page.text(50, 88, "szkolenia:", 10)
        page.text(250, 88, "dwa", 10)
    assert drawn(draw) == ["Instytucja:\tStarostwo Powiatowe w Dobrej, Wydział Oświaty i Zdrowia",
                           "{?:Uwagi i oczekiwania wobec}\t{?:jeden}", "{?:szkolenia:}\t{?:dwa}"]


# ---- files that are not read

def test_password():
    plain = pages.Pdf()
    plain.page().text(50, 50, "tajne", 10)
    data = plain.bytes().replace(b"trailer<<", b"trailer<</ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>"
                                 % (b"41" * 32, b"42" * 32))
    assert look(data) == ["! the document is protected by a password"]


@pytest.mark.parametrize("data", [b"%PDF-1.4\n", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj trailer<</Root 1 0 R>>",
                                  b"%PDF-1.7\n" + bytes(5000)])
def test_damaged(data):
    assert look(data) == ["! the document is damaged"]


def test_xfa():
    def draw(page):
        page.text(50, 50, "Please wait...", 10)
        page.text(50, 70, "If this message is not eventually replaced, upgrade to Adobe Reader", 10)
    lines = drawn(draw)
    assert len(lines) == 1 and lines[0].startswith("! an XFA form")


def test_too_many_pages():
    pdf = pages.Pdf()
    for number in range(25):
        pdf.page().text(50, 50, f"p{chr(97 + number)}", 10)
    lines = look(pdf.bytes())
    assert len(lines) == 21 and lines[-1] == "! more pages than are read"


@pytest.mark.parametrize("crowd", ["words", "lines", "boxes", "rings", "fields"])
def test_a_crowded_page_is_read(crowd):
    def draw(page):
        for i in range(7000 if crowd == "words" else 4000):
            x, y = 20 + i % 150 * 3.7, 20 + i // 150 * 8
            if crowd == "words":
                page.text(x, y, "ab.", 2)
            elif crowd == "lines":
                page.line(x, y, x + 30, y)
                page.line(x, y, x, y + 30)
            elif crowd == "boxes":
                page.box(x, y, 6)
            elif crowd == "rings":
                page.ring(x, y, 20, 12)
            else:
                page.field("a", x, y, x + 40, y + 10, "b")
    assert not [line for line in drawn(draw) if "too long" in line], "it is read within the reader's own bounds"
