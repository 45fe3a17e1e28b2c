# SPDX-License-Identifier: GPL-3.0-or-later
"""zapisy-read alone: this side of its socket plays the keeper. Also by hand, as a program of the shell."""
import io
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import zipfile

import pytest

from harness import docx, mails, proc
from harness.fetching import RECORD
from harness.reading import CORPORA, PROGRAM, ROOT, TITLE, Reader, event, field, people


@pytest.fixture
def reader():
    with Reader() as running:
        running.send({"op": "event", "event": event()})
        yield running


def look(data, code=0):
    """By hand: the JSON that is printed."""
    with subprocess.Popen([PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        out, errors = running.communicate(data, timeout=300)
    assert running.returncode == code, errors
    assert (errors == b"") == (code == 0), errors
    return json.loads(out) if out else None


def model(data):
    """A document's blocks: ("kind", place, "text with marks")."""
    document = look(data)["document"]
    lines = []
    for block in document["blocks"]:
        place = (block["table"], block["row"], block["column"]) if "table" in block else ()
        span = (block.get("row_span", 1), block.get("column_span", 1))
        runs = "".join("{%s:%s}" % (" ".join(run["marks"] + ([run["name"]] if "name" in run else [])), run["text"])
                       if "marks" in run else run["text"] for run in block["runs"])
        lines.append((*place, *(span if span != (1, 1) else ()), runs))
    return lines, document["problems"]


# ---- greeting and protocol

def test_greets_and_ends_with_its_socket():
    with Reader() as reader:
        assert reader.hello["op"] == "hello" and reader.hello["program"] == "zapisy-read"


def test_an_answer_that_nobody_waits_for_is_no_trouble():
    with Reader() as reader:  # ends well, and says nothing
        reader.send({"op": "message", "id": 1}, b"From: a@firma.example\r\n\r\nimi\xc4\x99\r\n")


def test_a_foreign_record_ends_it():
    reader = Reader()
    reader.send({"op": "letter", "id": 1})
    assert reader.sock.recv(RECORD) == b""
    assert reader.process.wait(30) == 65
    assert b"not for the reader" in reader.process.communicate()[1]


def test_help_version_and_usage():
    assert "zapisy-read" in subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, check=True).stdout
    assert subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout.startswith(
        "zapisy-read ")
    assert subprocess.run([PROGRAM, "--nonsense"], capture_output=True, check=False).returncode == 64
    assert subprocess.run([PROGRAM, "/nonexistent"], capture_output=True, check=False).returncode == 75


# ---- messages

@pytest.mark.parametrize("charset,cte", [
    ("utf-8", "8bit"), ("utf-8", "quoted-printable"), ("utf-8", "base64"), ("iso-8859-2", "8bit"),
    ("iso-8859-2", "quoted-printable"), ("windows-1250", "8bit"), ("windows-1250", "base64")])
def test_inline_text(reader, charset, cte):
    fields = mails.person()
    answer = reader.message(mails.text_mail("a@example.org", mails.inline(fields), charset=charset, cte=cte))
    assert people(answer) == [mails.register(fields)]
    assert answer["mail"]["from"] == "a@example.org"
    assert answer["mail"]["subject"] == mails.SUBJECT
    assert answer["readings"][0]["mentions"] is False


@pytest.mark.parametrize("label,charset", [("us-ascii", "utf-8"), ("iso-8859-1", "utf-8"), ("utf-8", "windows-1250"),
                                           ("iso-8859-2", "windows-1250"), ("x-unknown", "windows-1250")])
def test_wrong_charset_labels(reader, label, charset):
    fields = mails.person()
    body = mails.body_part(mails.inline(fields), charset=charset).replace(charset.encode(), label.encode(), 1)
    assert people(reader.message(mails.headers("a@example.org") + body)) == [mails.register(fields)]


def test_no_charset_at_all(reader):
    fields = mails.person()
    for charset in ("utf-8", "windows-1250"):
        data = mails.headers("a@example.org") + b"\r\n" + mails.inline(fields).encode(charset)
        assert people(reader.message(data)) == [mails.register(fields)]


def test_flowed_and_outlook_and_alternative(reader):
    fields = mails.person()
    want = [mails.register(fields)]
    assert people(reader.message(mails.flowed_mail("a@example.org", mails.inline(fields)))) == want
    assert people(reader.message(mails.outlook_mail("a@example.org", fields))) == want
    assert people(reader.message(mails.alternative_mail("a@example.org", fields))) == want


def test_quoted_forms_are_not_the_writers_own(reader):
    form = "".join(f"> {line}\r\n" for line in mails.form_text(mails.person("Inna Osoba")).splitlines())
    own = mails.form_text(mails.person())
    answer = reader.message(mails.text_mail("a@example.org", own + "\r\nW dniu 2012-01-20 RCWIP pisze:\r\n" + form))
    assert [p["name"] for p in people(answer)] == ["Żaneta Gęślą-Jaźń"]
    assert "Inna" not in answer["mail"]["text"] and answer["mail"]["has_quote"]


def test_a_form_filled_inside_the_quote_is_found_when_there_is_no_other(reader):
    form = "".join(f"> {line}\r\n" for line in mails.form_text(mails.person()).splitlines())
    text = "Odpowiedzi poniżej.\r\n\r\nW dniu 2012-01-20 RCWIP pisze:\r\n" + form
    answer = reader.message(mails.text_mail("a@example.org", text))
    assert people(answer) == [mails.register(mails.person())]
    ours = text + "> Rezygnacja: MW-7K3M-23456789ABCDEFGH\r\n"
    assert people(reader.message(mails.text_mail("a@example.org", ours))) == []


def between(fields, top="W dniu 2012-01-20 RCWIP pisze:\r\n", dots=" ......", gap=""):
    """A quoted form with the answers of its applicant between the lines."""
    invitation = "> Szanowni Państwo,\r\n> tel. organizatora: 22 123 45 67, biuro@org.example\r\n>\r\n"
    return top + invitation + "".join(f"> {mails.LABELS[key]}:{dots}\r\n{gap}{value}\r\n{gap}"
                                      for key, value in fields.items())


def test_answers_between_the_lines_of_a_quoted_form_are_the_writers_own(reader):
    fields = mails.person()
    for text in (between(fields), between(fields, dots=""), between(fields, gap="\r\n"),
                 between(fields, "Dzień dobry, odpowiadam poniżej.\r\nW dniu 2012-01-20 RCWIP pisze:\r\n")):
        answer = reader.message(mails.text_mail("a@example.org", text))
        reading = answer["readings"][0]["reading"]
        assert people(answer) == [mails.register(fields)] and reading["form"] and reading["problems"] == []
        sure = {key: value["confidence"] for key, value in reading["people"][0]["fields"].items()}
        assert min(sure.values()) >= 0.8, sure


def test_what_is_quoted_is_no_answer_between_the_lines(reader):
    fields = mails.person(phone=None, email=None)
    text = between(fields) + "> Telefon: ......\r\n> Adres e-mail: ......\r\nJan\r\n"
    (one,) = people(reader.message(mails.text_mail("a@example.org", text)))
    assert "phone" not in one and "email" not in one
    ours = between(mails.person()) + "> Rezygnacja: MW-7K3M-23456789ABCDEFGH\r\n"
    assert people(reader.message(mails.text_mail("a@example.org", ours))) == []
    old = "".join(f"> {line}\r\n" for line in mails.form_text(mails.person()).splitlines())
    talk = "Dzień dobry,\r\n> Witam,\r\nczy moje zgłoszenie dotarło?\r\n" + old + "Dziękuję\r\n> koniec\r\nJan\r\n"
    reading = reader.message(mails.text_mail("a@example.org", talk))["readings"][0]["reading"]
    assert not reading["form"] or "quoted" in " ".join(reading["problems"])


def test_title_mentioned(reader):
    answer = reader.message(mails.text_mail("a@example.org", f"Szkolenie „{TITLE.upper()}”\r\n"))
    assert answer["readings"][0]["mentions"] is True


def test_an_attachment_by_its_number(reader):
    fields = mails.person()
    for layout in ("table", "lines"):
        mail = mails.docx_mail("a@example.org", fields, layout)
        parts = reader.message(mail)["mail"]["parts"]
        assert [(p["filename"], p["document"], p["picture"]) for p in parts] == [("ankieta.docx", True, False)]
        answer = reader.ask({"op": "document", "id": 3, "part": parts[0]["index"]}, mail)
        assert people(answer) == [mails.register(fields)] and answer["problems"] == []
        assert answer["readings"][0]["reading"]["people"][0]["fields"]["name"]["where"].startswith("ankieta.docx")


def test_a_blank_form_teaches(reader):
    rows = [(label, "") for label in mails.LABELS.values()]
    blank = docx.docx(rows)
    answer = reader.ask({"op": "blank", "event": "proba", "name": "ankieta.docx"}, blank)
    assert (answer["op"], answer["id"], answer["problems"]) == ("document", 0, [])
    assert answer["readings"][0]["reading"]["blank"] and "model" not in answer
    assert reader.document(blank)["readings"][0]["reading"]["blank"]
    assert people(reader.document(docx.docx(mails.form_rows(mails.person())))) == [mails.register(mails.person())]
    answer = reader.ask({"op": "blank", "event": "other", "name": "x"}, blank)
    assert answer["op"] == "failed"


def test_answers_come_for_every_question(reader):
    fields = mails.person()
    for number in range(150):
        data = mails.form_mail(mails.address(number)) if number % 10 else docx.docx(mails.form_rows(fields))
        question = {"op": "message", "id": number} if number % 10 else {
            "op": "document", "id": number, "part": -1, "name": "x.docx"}
        reader.send(question, data)
    answers = {a["id"]: a for a in (reader.receive() for _ in range(150))}
    assert sorted(answers) == list(range(150))
    assert all(a["op"] == ("message" if n % 10 else "document") for n, a in answers.items())
    assert all(people(a)[0]["name"] == fields["name"] for a in answers.values())


# ---- documents

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STRICT = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'


def run(text, properties=""):
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def para(*runs):
    return "<w:p>" + "".join(runs) + "</w:p>"


def cell(content, properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def table(*rows):
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def test_docx_marks():
    body = para(run("a"), run("b", "<w:b/>"), run("c", "<w:b w:val='0'/><w:u w:val='none'/>"),
                run("d", "<w:u w:val='single'/>"), run("e", "<w:dstrike/>"), run("f", "<w:vanish/>"),
                "<w:r><w:tab/><w:t>g</w:t><w:br/><w:t>h</w:t></w:r>")
    body += para("<w:del><w:r><w:delText>x</w:delText></w:r></w:del>", "<w:ins>" + run("y") + "</w:ins>",
                 "<w:hyperlink>" + run("z") + "</w:hyperlink>")
    body += "<w:p><w:pPr><w:numPr/></w:pPr>" + run("i") + "</w:p>"
    assert model(docx.pack(body)) == ([
        ("a{bold:b}c{underline:d}{strike:e}{tab:\t}g\nh",), ("{deleted:x}{inserted:y}z",), ("i",)], [])


def test_docx_strict_namespace_and_another_prefix():
    xml = f"<x:document {STRICT.replace('xmlns:w', 'xmlns:x')}><x:body><x:p><x:r><x:t>Jan</x:t></x:r></x:p>" \
          "</x:body></x:document>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("_rels/.rels", docx.RELATIONS.replace("word/document.xml", "/word/document2.xml"))
        archive.writestr("word/document2.xml", xml)
    assert model(out.getvalue()) == ([("Jan",)], [])


def test_docx_tables():
    body = table(cell(para(run("a")), "<w:vMerge w:val='restart'/>") + cell(para(run("b")), "<w:gridSpan w:val='2'/>"),
                 cell(para(), "<w:vMerge/>") + cell(para(run("c"))) + cell(table(cell(para(run("in")))) + para()))
    assert model(docx.pack(body)) == ([(0, 0, 0, 2, 1, "a"), (0, 0, 1, 1, 2, "b"), (0, 1, 1, "c"), (1, 0, 0, "in"),
                                       (0, 1, 2, "")], [])


def test_docx_controls():
    w14 = "xmlns:w14='http://schemas.microsoft.com/office/word/2010/wordml'"

    def control(properties, content):
        return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    def legacy(data, result=""):
        return (f"<w:r><w:fldChar w:fldCharType='begin'><w:ffData>{data}</w:ffData></w:fldChar></w:r>"
                f"<w:r><w:instrText>FORM</w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>{result}"
                "<w:r><w:fldChar w:fldCharType='end'/></w:r>")

    body = para(control("<w:tag w:val='n'/>", run("Jan")),
                control("<w:showingPlcHdr/>", run("Kliknij")),
                control(f"<w14:checkbox {w14}><w14:checked w14:val='1'/></w14:checkbox>", run("\u2612")))
    body += para(legacy("<w:name w:val='t'/><w:textInput/>", run("Ewa")),
                 legacy("<w:name w:val='c'/><w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox>"),
                 legacy("<w:name w:val='l'/><w:ddList><w:result w:val='1'/><w:listEntry w:val='x'/>"
                        "<w:listEntry w:val='y'/></w:ddList>"))
    body += para("<w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r>", run("tak "),
                 run("\u00a8", "<w:rFonts w:ascii='Wingdings'/>"), run("nie \uf0a8"))
    assert model(docx.pack(body))[0] == [
        ("{field n:Jan}{placeholder field:Kliknij}{box checked field:\u2612}",),
        ("{field t:Ewa}{box checked field c:\u2612}{field l:y}",),
        ("{box checked:\u2612}tak {box:\u2610}nie {box:\u2610}",)]


def test_docx_controls_around_rows_and_tables_are_no_answers():
    def control(content):
        return f"<w:sdt><w:sdtPr><w:id w:val='7'/></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    def cell(text):
        return f"<w:tc>{para(run(text))}</w:tc>"

    row = "<w:tr>" + cell("Funkcja") + control(cell("prezes")) + "</w:tr>"
    expected = [("Funkcja",), ("{field:prezes}",)]
    for body in (f"<w:tbl>{control(row)}</w:tbl>", control(f"<w:tbl>{row}</w:tbl>")):
        assert [block[-1:] for block in model(docx.pack(body))[0]] == expected


def test_docx_text_boxes_are_read_once():
    mc = "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"
    box = "<w:txbxContent>" + para(run("Jan")) + "</w:txbxContent>"
    body = para(run("a"), f"<w:r><mc:AlternateContent {mc}><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
                          f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>", run("b"))
    assert model(docx.pack(body)) == ([("ab",), ("Jan",)], [])


def test_docx_rings_make_a_choice_doubtful():
    """What is drawn around a word answers a choice, but only a person sees which."""
    mc = "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"
    ring = ("<w:drawing><wp:anchor xmlns:wp='wp'><wps:wsp xmlns:wps='wps'><wps:spPr><a:prstGeom xmlns:a='a' prst='ellipse'/>"
            "</wps:spPr>%s</wps:wsp></wp:anchor></w:drawing>")
    oval = "<w:pict><v:oval xmlns:v='v'/></w:pict>"
    told = ["a shape is drawn over the text: look which word it marks"]
    for drawn in (ring % "", oval, f"<mc:AlternateContent {mc}><mc:Choice>{ring % ''}</mc:Choice><mc:Fallback>{oval}"
                                   "</mc:Fallback></mc:AlternateContent>"):
        assert model(docx.pack(para(run("TAK / "), f"<w:r>{drawn}</w:r>", run("NIE")))) == (
            [("TAK / {box doubtful:\u2610}NIE",)], told), drawn
    words = "<wps:txbx xmlns:wps='wps'><w:txbxContent>" + para(run("x")) + "</w:txbxContent></wps:txbx>"
    picture = "<w:drawing><wp:inline xmlns:wp='wp'><pic:pic xmlns:pic='p'><pic:spPr><a:prstGeom xmlns:a='a' prst='rect'/>" \
              "</pic:spPr></pic:pic></wp:inline></w:drawing>"
    assert model(docx.pack(para(run("a"), f"<w:r>{ring % words}</w:r>"))) == ([("a",), ("x",)], [])
    assert model(docx.pack(para(run("a"), f"<w:r>{picture}</w:r>"))) == ([("a",)], [])


def test_docx_what_is_no_answer():
    body = para(run("a"), "<w:r><w:footnoteReference w:id='2'/></w:r><w:r><w:commentReference w:id='0'/></w:r>",
                "<w:r><w:ptab w:relativeTo='margin'/></w:r>", run("b"))
    body += table(cell(para(run("c")), "<w:cellDel w:id='1'/>") + cell(para(run("d"))),
                  "<w:trPr><w:del w:id='2'/></w:trPr>" + cell(para(run("e"))),
                  "<w:trPr><w:ins w:id='3'/></w:trPr>" + cell(para(run("f"))))
    body += "<w:altChunk/>"
    assert model(docx.pack(body)) == (
        [("a{tab:\t}b",), (0, 0, 0, "{deleted:c}"), (0, 0, 1, "d"), (0, 1, 0, "{deleted:e}"), (0, 2, 0, "f")],
        ["a part of the document is in another format, which is read by a person"])


def test_documents_that_a_person_must_read():
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16le")
    assert model(encrypted)[1] == ["the document is protected by a password"]
    assert model(b"\x00\x01\x02" * 100)[1] == ["a format that is read by a person"]
    for data in (b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n" + bytes(50)):
        assert model(data)[1] == ["a document of pages, which zapisy-pages reads"]
    assert model(encrypted[:512])[1] == ["the document is damaged"]
    assert model(b" \r\n")[1] == ["an empty file"]
    good = docx.docx(mails.form_rows(mails.person()))
    assert model(good[:len(good) // 2])[1] == ["the document is damaged"]
    assert model(docx.pack("<w:p>"))[1] == ["the document is damaged"]


def test_a_damaged_compound_file_is_told_of(reader):
    data = bytearray((pathlib.Path(__file__).parent.parent / "forms" / "table_a1.doc").read_bytes())
    folder = (int.from_bytes(data[48:52], "little") + 1) * 512  # [MS-CFB] 2.2: where its directory begins
    for entry in range(4):
        data[folder + 128 * entry + 66] = 0  # its kind
    answer = reader.document(bytes(data), "a.doc")
    assert answer["op"] == "document" and answer["problems"] == ["the document is damaged"], answer


def test_text_and_html_documents(reader):
    fields = mails.person()
    want = [mails.register(fields)]
    assert people(reader.document(mails.form_text(fields).encode("windows-1250"), "a.txt")) == want
    assert people(reader.document(mails.outlook_html(fields, "iso-8859-2").encode("iso-8859-2"), "a.html")) == want


# ---- harm

def zipped(**entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("_", "/", 1) + ".xml", content)
    return out.getvalue()


def test_zip_bomb():
    began = time.monotonic()
    bomb = zipped(word_document=b" " * (300 << 20))
    assert len(bomb) < 400_000
    assert model(bomb)[1] == ["the document unpacks to more than is read"]
    assert time.monotonic() - began < 60


def test_too_many_entries():
    entries = {f"word_x{i}": "" for i in range(300)}
    assert model(zipped(word_document="", **entries))[1] == ["an archive of more than 200 files"]


def test_billion_laughs():
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    xml = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "lol">{laughs}]>' \
          f"<w:document {W}><w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body></w:document>"
    external = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document {W}><w:body><w:p><w:r><w:t>&x;' \
               "</w:t></w:r></w:p></w:body></w:document>"
    for bad in (xml, external):
        lines, problems = model(zipped(word_document=bad))
        assert problems and "root:" not in str(lines) and "lol" not in str(lines)


def test_deep_documents(reader):
    deep = table(cell("x")).replace("x", "%s")
    body = "<w:p/>"
    for _ in range(3000):
        body = deep % body
    assert reader.document(docx.pack(body))["problems"]
    assert reader.document(b"<html>" + b"<div>" * 16000 + b"<table><tr><td>" * 3000)["op"] == "document"
    groups = b"From: a@example.org\r\nSubject: s\r\nTo: " + b"g:" * 16000 + b"\r\n\r\nx\r\n"
    assert reader.message(groups)["mail"]["problems"] == ["an address header that is too tangled to read"]


def slow_events(count=40):
    """Forms so long that a text of many lines keeps the reader busy for seconds, and a short one does not."""
    fields = [field(f"f{i}", "text", *(f"Etykieta numer {i} {j} pola" for j in range(20))) for i in range(60)]
    return [event(f"slow{i}", [field("name", "name", "Imię i nazwisko"), *fields]) for i in range(count)]


def heavy_mail():
    lines = "".join(f"Etykiety numery {i} polana dalej i {i} jeszcze dalej\r\n" for i in range(18000))
    return mails.text_mail("heavy@example.org", lines)


SHORT = mails.text_mail("short@example.org", "tak\r\n")


def test_one_that_overruns_does_not_cost_its_neighbours():
    with Reader(reader_cpu_seconds=3) as reader:
        for described in slow_events():
            reader.send({"op": "event", "event": described})
        for number in range(12):
            reader.send({"op": "message", "id": number}, heavy_mail() if number == 5 else SHORT)
        answers = {a["id"]: a for a in (reader.receive() for _ in range(12))}
    assert answers.pop(5) == {"op": "failed", "id": 5, "reason": "reading it took too long"}
    assert len(answers) == 11 and all(a["op"] == "message" for a in answers.values())


def test_one_that_crashes_does_not_cost_its_neighbours():
    with Reader(reader_cpu_seconds=60) as reader:
        for described in slow_events():
            reader.send({"op": "event", "event": described})
        for number in range(8):
            reader.send({"op": "message", "id": number}, heavy_mail() if number == 3 else SHORT)
        answers = {}
        for _ in range(3):
            answer = reader.receive()
            answers[answer["id"]] = answer
        for _ in range(2):  # in company, then alone
            time.sleep(0.5)
            victim, = proc.wait_until(reader.children, 30, "a reading child")
            os.kill(victim, signal.SIGABRT)
        while len(answers) < 8:
            answer = reader.receive()
            answers[answer["id"]] = answer
    failed = answers.pop(3)
    assert failed["op"] == "failed" and "broke off" in failed["reason"]
    assert all(a["op"] == "message" for a in answers.values())


def test_bytes_beyond_a_bound_fail_alone():
    with Reader(message_mb=1, document_mb=1) as reader:
        reader.send({"op": "message", "id": 1}, SHORT + b"x" * (1 << 20))
        reader.send({"op": "message", "id": 2}, SHORT)
        reader.send({"op": "document", "id": 3, "part": -1, "name": "x"}, b"x" * (2 << 20))
        answers = {a["id"]: a for a in (reader.receive() for _ in range(3))}
        assert [answers[i]["op"] for i in (1, 2, 3)] == ["failed", "message", "failed"]
        assert "larger than" in answers[1]["reason"]


def test_a_descriptor_that_is_no_sealed_memfd_fails(tmp_path):
    path = tmp_path / "mail"
    path.write_bytes(SHORT)
    with Reader() as reader, path.open("rb") as plain:
        socket.send_fds(reader.sock, [b'{"op":"message","id":1}'], [plain.fileno()])
        assert reader.receive()["op"] == "failed"
        reader.send({"op": "message", "id": 2})
        assert reader.receive()["op"] == "failed"


def test_its_children_die_with_it():
    reader = Reader(reader_cpu_seconds=60)
    for described in slow_events():
        reader.send({"op": "event", "event": described})
    reader.send({"op": "message", "id": 1}, heavy_mail())
    child, = proc.wait_until(reader.children, 30, "a reading child")
    reader.process.kill()
    reader.process.wait(30)
    proc.wait_until(lambda: not pathlib.Path(f"/proc/{child}").exists() or
                    "State:\tZ" in pathlib.Path(f"/proc/{child}/status").read_text(), 10, "the end of the child")
    reader.sock.close()
    reader.process.stderr.close()


# ---- the sandbox as it is shipped

def test_the_sandbox_without_sanitizers(tmp_path):
    """The sanitizers need some of what the sandbox forbids: the same test runs on a plain build too."""
    target = tmp_path / "plain/unit/test_read_sandbox"
    subprocess.run(["make", "-s", "-j2", f"BUILD={tmp_path}/plain", "SAN=", str(target)], cwd=ROOT, check=True,
                   env={k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")})
    done = subprocess.run([target], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "memory_is_bounded" in done.stdout + done.stderr


# ---- other people's mails

def corpus(pattern):
    return sorted(path for path in CORPORA.glob(pattern) if path.is_file())


def test_every_public_mail_is_read(reader):
    paths = corpus("*/**/*")
    assert len(paths) > 400
    for start in range(0, len(paths), 50):
        batch = paths[start:start + 50]
        for number, path in enumerate(batch):
            reader.send({"op": "message", "id": number}, path.read_bytes())
        for _ in batch:
            answer = reader.receive()
            assert answer["op"] == "message", (batch[answer["id"]], answer)
        for number, path in enumerate(batch[::10]):
            reader.send({"op": "document", "id": number, "part": -1, "name": path.name}, path.read_bytes())
        for _ in batch[::10]:
            answer = reader.receive()
            assert answer["op"] == "document", (batch[answer["id"] * 10], answer)


def test_own_words_in_public_replies(reader):
    """Most replies exactly as people trimmed them."""
    same = 0
    paths = corpus("email-reply-trimmer/emails/*.txt")
    for path in paths:
        mail = b"From: a@example.org\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + path.read_bytes()
        trimmed = (path.parents[1] / "trimmed" / path.name).read_text()
        text = reader.message(mail)["mail"]["text"]
        same += text.split() == trimmed.split()
    assert same >= 0.7 * len(paths), f"{same} of {len(paths)}"


def test_public_bounces_name_whom_they_did_not_reach(reader):
    checked = 0
    for path in corpus("flufl.bounce/*.txt"):
        data = path.read_bytes()
        named = re.findall(rb"(?im)^final-recipient: *rfc822; *<?([\w.+-]*\w@[\w.-]+)", data)
        if named and b"message/delivery-status" in data:
            recipient = reader.message(data)["mail"]["returned_recipient"]
            assert recipient.lower().encode() in [n.lower() for n in named], path
            checked += 1
    assert checked >= 10


if not CORPORA.is_dir():  # other people's mails lie beside the project, they are no part of it
    del test_every_public_mail_is_read, test_own_words_in_public_replies
    del test_public_bounces_name_whom_they_did_not_reach


# ---- cost

def test_memory_stays_flat():
    def resident():  # its own memory: what it shares with other readers depends on who else runs
        status = pathlib.Path(f"/proc/{reader.process.pid}/status").read_text()
        return int(re.search(r"RssAnon:\s*(\d+)", status)[1])

    def read_some():
        for number in range(100):
            reader.message(mails.form_mail(mails.address(number)), number)

    with Reader({"ASAN_OPTIONS": "quarantine_size_mb=1"}) as reader:
        read_some()
        before = resident()
        read_some()
        assert resident() < before + 4096, "the reader grows with every mail"
