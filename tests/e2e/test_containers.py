# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents in documents through zapisy-read, sandbox and all: archives, saved mails, and what is told of the rest."""
import io
import random
import struct
import zipfile

import pytest

from harness import mails, msg, odd
from harness.docx import docx
from harness.reading import Reader, event, people

PERSON = mails.person()
WANT = [mails.register(PERSON)]
FORM = docx(mails.form_rows(PERSON))
TEXT = mails.inline(PERSON)
TOP = mails.headers("a@example.org")
OURS = "Przyjęliśmy zgłoszenie.\r\n\r\nREZYGNACJA MW-7K3M-ABCDEFGHJKMNPQRS\r\n\r\n"


@pytest.fixture(scope="module")
def reader():
    with Reader() as running:
        running.send({"op": "event", "event": event()})
        yield running


def zipped(*files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def inside(reader, content, path="", name="zalacznik"):
    """The answers about a document and all that is in it, by path."""
    answer = reader.ask({"op": "document", "id": 5, "part": -1, "inner": path, "name": name}, content)
    assert answer["op"] == "document", answer
    found = {path: answer}
    for one in answer.get("parts", []):
        found.update(inside(reader, content, one["inner"]))
    return found


def names(answer):
    return [p["filename"] for p in answer["parts"]]


def found_people(found):
    return [one for answer in found.values() for one in (people(answer) if answer["readings"] else [])]


def problems(found):
    return [one for answer in found.values() for one in answer["problems"]]


# ---- archives

@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_form_in_an_archive(reader, method):
    found = inside(reader, zipped(("zgłoszenia/", b""), ("zgłoszenia/Żółw.docx", FORM), ("skan.jpg", b"\xff\xd8\xff" * 9),
                                  method=method))
    assert names(found[""]) == ["zgłoszenia/Żółw.docx", "skan.jpg"]
    assert [p["picture"] for p in found[""]["parts"]] == [False, True]
    assert found[""]["readings"] == [] and people(found["0"]) == WANT
    assert problems({k: v for k, v in found.items() if k != "1"}) == []


def test_an_archive_attached_to_a_mail(reader):
    mail = TOP + mails.multipart("mixed", [mails.body_part(mails.COVER),
                                           mails.attachment(zipped(("a.docx", FORM)), "a.zip", "application/zip")])
    answer = reader.ask({"op": "document", "id": 5, "part": 1, "inner": "0"}, mail)
    assert people(answer) == WANT


def test_what_file_managers_leave_behind(reader):
    litter = [(name, b"x") for name in ("__MACOSX/._a.docx", ".DS_Store", "Thumbs.db", "f/desktop.ini", "f/~$a.docx",
                                        "f/._b.docx")]
    found = inside(reader, zipped(*litter, ("f/a.docx", FORM)))
    assert names(found[""]) == ["f/a.docx"] and found_people(found) == WANT and problems(found) == []
    assert inside(reader, zipped(*litter))[""]["problems"] == ["an archive without any file"]
    assert inside(reader, zipped())[""]["problems"] == ["an archive without any file"]


@pytest.mark.parametrize("charset", ["cp852", "cp1250", "utf-8"])
def test_names_of_old_archives(reader, charset):
    name = "zgłoszenie Żaneta Ślęzak ćwiczenia.docx"
    raw = zipped(("x" * len(name.encode(charset)), FORM)).replace(b"x" * len(name.encode(charset)), name.encode(charset))
    assert names(inside(reader, raw)[""]) == [name]


def encrypted(content):
    """The flag of encryption in both headers of each entry."""
    raw = bytearray(content)
    for signature, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        start = raw.find(signature)
        while start >= 0:
            raw[start + at] |= 1
            start = raw.find(signature, start + 4)
    return bytes(raw)


def test_an_archive_under_a_password(reader):
    found = inside(reader, encrypted(zipped(("a.txt", TEXT.encode()))))
    assert found[""]["problems"] == ["the archive is protected by a password"] and found[""]["parts"] == []


def test_archives_in_archives(reader):
    content = zipped(("a.docx", FORM))
    assert found_people(inside(reader, zipped(("b.zip", content), ("c.docx", FORM)))) == WANT + WANT
    for _ in range(4):
        content = zipped(("b.zip", content))
    found = inside(reader, content)
    assert "too many documents inside each other" in problems(found) and found_people(found) == []


def test_archives_that_unpack_to_more_than_is_read(reader):
    for bomb in (zipped(("a.txt", bytes(200 << 20))), zipped(*[(f"{i}.txt", bytes(1 << 20)) for i in range(60)])):
        found = reader.ask({"op": "document", "id": 5, "part": -1, "name": "a.zip"}, bomb)
        assert found["problems"] == ["the archive unpacks to more than is read"]
    many = reader.ask({"op": "document", "id": 5, "part": -1, "name": "a.zip"},
                      zipped(*[(f"{i}.txt", b"x") for i in range(300)]))
    assert many["problems"] == ["an archive that is damaged, or holds more files than are read"]


def test_damaged_archives(reader):
    whole = zipped(("a.txt", random.Random(1).randbytes(3000)), ("b.docx", FORM), method=zipfile.ZIP_STORED)
    for content in (whole[:2000], whole[:-30], b"PK\3\4" + b"x" * 100):
        answer = inside(reader, content)[""]
        assert answer["problems"] == ["an archive that is damaged, or holds more files than are read"], answer
    broken = bytearray(whole)
    broken[100] ^= 0xFF
    found = inside(reader, bytes(broken))
    assert found[""]["problems"] == ["a file in the archive is damaged"] and found_people(found) == WANT


def test_a_document_is_no_archive_whatever_is_packed_into_it(reader):
    found = inside(reader, FORM)
    assert list(found) == [""] and people(found[""]) == WANT
    holds_one = zipped(("word/document.xml.txt", b"x"), ("a.docx", FORM), method=zipfile.ZIP_STORED)
    assert found_people(inside(reader, holds_one)) == WANT


# ---- saved mails

def saved(text=TEXT, headers=b""):
    return headers + TOP + mails.body_part(text)


def test_a_saved_mail(reader):
    mail = TOP + mails.multipart("mixed", [mails.body_part(TEXT), mails.attachment(FORM, "ankieta Ż.docx")])
    found = inside(reader, mail)
    assert [(p["filename"], p["words"]) for p in found[""]["parts"]] == [("", True), ("ankieta Ż.docx", False)]
    assert people(found["0"]) == WANT and people(found["1"]) == WANT
    for wrapped in (zipped(("a.eml", mail)), odd.tnef([("a.eml", mail)])):
        assert found_people(inside(reader, wrapped)) == WANT + WANT


def test_a_mail_under_a_useless_type(reader):
    outer = TOP + mails.multipart("mixed", [mails.body_part(mails.COVER), mails.attachment(saved(), "Ankieta")])
    answer = reader.ask({"op": "document", "id": 5, "part": 1, "inner": "0"}, outer)
    assert people(answer) == WANT


def test_machines_and_our_letters_are_no_forms(reader):
    told = ["an automatic mail, or a letter of ours, in which no form is looked for"]
    for headers in (b"Auto-Submitted: auto-replied\r\n", b"X-Zapisy-Ref: MW-7K3M\r\n", b"Return-Path: <>\r\n"):
        found = inside(reader, saved(headers=headers))
        assert found_people(found) == [] and problems(found) == told, headers
    assert found_people(inside(reader, zipped(("a.eml", saved(OURS + TEXT))))) == []


def test_what_is_quoted_in_a_saved_mail_registers_nobody_for_sure(reader):
    quoted = "W dniu 2012-01-10 Jan pisze:\r\n" + "".join(f"> {line}\r\n" for line in TEXT.splitlines())
    (reading,) = inside(reader, saved("Czy to dotarło?\r\n\r\n" + quoted))["0"]["readings"]
    assert "quoted" in " ".join(reading["reading"]["problems"]) or not reading["reading"]["form"]


def test_a_text_that_only_looks_like_a_mail_is_a_text(reader):
    text = "Od: Jan\r\nTemat: zgłoszenie\r\n\r\n" + TEXT
    found = inside(reader, text.encode())
    assert list(found) == [""] and people(found[""]) == WANT


# ---- Outlook's

@pytest.mark.parametrize("unicode_text", [True, False])
def test_a_mail_saved_by_outlook(reader, unicode_text):
    content = msg.message(text=TEXT, attachments=[msg.attachment("zgłoszenie Żółw.docx", FORM, unicode_text=unicode_text)],
                          unicode_text=unicode_text)
    found = inside(reader, content)
    assert [(p["filename"], p["words"]) for p in found[""]["parts"]] == [("", True), ("zgłoszenie Żółw.docx", False)]
    assert people(found["0"]) == WANT and people(found["1"]) == WANT and problems(found) == []
    assert found_people(inside(reader, zipped(("a.msg", content)))) == WANT + WANT


def test_html_of_outlook(reader):
    html = mails.outlook_html(PERSON, "windows-1250")
    assert people(inside(reader, msg.message(text="patrz niżej", html=html))["0"]) == WANT


def rtf_tag(html, charset="cp1250"):
    return b"".join(b"\\'%02x" % b if b > 126 or b in b"\\{}" else bytes([b]) for b in html.encode(charset))


def test_html_inside_the_rich_text_of_outlook(reader):
    rtf = (b"{\\rtf1\\ansi\\ansicpg1250\\fromhtml1 \\deff0{\\fonttbl{\\f0\\fswiss\\fcharset238 Arial;}}"
           b"{\\*\\htmltag18 <html><body>}{\\*\\htmltag64 <table>}")
    for label, value in mails.form_rows(PERSON):
        rtf += (b"{\\*\\htmltag0 <tr><td>}\\htmlrtf {\\b\\htmlrtf0 " + rtf_tag(label) + b"\\htmlrtf\\par}\\htmlrtf0 "
                b"{\\*\\htmltag0 </td><td>}" + rtf_tag(str(value)) + b"{\\*\\htmltag0 </td></tr>}\\htmlrtf\\par\\htmlrtf0\r\n")
    rtf += b"{\\*\\htmltag58 </table></body></html>}}"
    for content in (msg.message(text="x", rtf=rtf), odd.tnef(rtf=msg.packed_rtf(rtf))):
        (found,) = people(inside(reader, content)["0"])
        assert found == WANT[0]


def test_rich_text_without_html(reader):
    rtf = b"{\\rtf1\\ansi\\ansicpg1250\\pard " + rtf_tag(TEXT).replace(b"\r\n", b"\\par\r\n") + b"}"
    assert found_people(inside(reader, msg.message(rtf=rtf))) == WANT


def test_a_mail_inside_a_mail_of_outlook(reader):
    content = msg.message_tree(text=TEXT, top=False)
    for _ in range(3):
        content = msg.message_tree(text="przesyłam", attachments=[msg.attached_mail(content)], top=False)
    content["__properties_version1.0"] = bytes(8) + content["__properties_version1.0"]
    assert found_people(inside(reader, msg.compound(content))) == WANT


def test_a_mail_of_outlook_is_a_forward(reader):
    content = msg.message(text=TEXT, sender=("Żaneta Łoś", "z.los@example.org"), subject="Moja ankieta Ż")
    mail = TOP + mails.multipart("mixed", [mails.body_part("Przesyłam."),
                                           mails.attachment(content, "Moja ankieta.msg", "application/vnd.ms-outlook")])
    answer = reader.message(mail)
    (forward,) = answer["mail"]["forwards"]
    assert (forward["from"], forward["from_name"], forward["subject"]) == ("z.los@example.org", "Żaneta Łoś",
                                                                           "Moja ankieta Ż")
    (part,) = answer["mail"]["parts"]
    assert part["words"] and people(reader.ask({"op": "document", "id": 5, "part": part["index"]}, mail)) == WANT


def test_headers_that_it_travelled_with(reader):
    headers = ("Microsoft Mail Internet Headers Version 2.0\r\nReceived: from a by b; Mon, 23 Jan 2012 10:00:00 +0100\r\n"
               "From: =?utf-8?Q?=C5=81o=C5=9B?= <los@example.org>\r\nAuto-Submitted: auto-replied\r\n"
               "Content-Type: multipart/mixed;\r\n boundary=x\r\n")
    found = inside(reader, msg.message(text=TEXT, headers=headers))
    assert found_people(found) == [] and "an automatic mail" in problems(found)[0]
    assert found_people(inside(reader, msg.message(text=TEXT, headers=headers.replace("Auto-", "X-")))) == WANT
    for kind in ("REPORT.IPM.Note.NDR", "IPM.Note.Rules.OofTemplate.Microsoft"):
        assert found_people(inside(reader, msg.message(text=TEXT, kind=kind))) == []


def test_damaged_mails_of_outlook(reader):
    whole = msg.message(text=TEXT, html="<p>" + TEXT, attachments=[msg.attachment("a.docx", FORM)])
    for size in (512, 1024, 3000, len(whole) - 600):
        assert inside(reader, whole[:size])[""]["op"] == "document"
    chance = random.Random(20120123)
    for number in range(150):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            content[chance.randrange(8, 3000 if number % 2 else len(content))] = chance.choice((0, 1, 127, 255))
        answer = reader.ask({"op": "document", "id": 5, "part": -1, "name": "a.msg"}, bytes(content))
        assert answer["op"] == "document", (number, answer)


# ---- pages of the web in one file

def test_a_page_in_one_file(reader):
    html = mails.outlook_html(PERSON, "windows-1250")
    for top in (b"", b"From: <Saved by Blink>\r\nSubject: =?utf-8?B?xbvDsw==?=\r\n"):
        mht = top + b"MIME-Version: 1.0\r\n" + mails.multipart(
            "related", [odd.base64_part("text/html; charset=windows-1250", html.encode("cp1250"),
                                        "Content-Location: file:///C:/ankieta.htm\r\n")])
        found = inside(reader, mht)
        assert list(found) == [""] and people(found[""]) == WANT


# ---- what is told by name

def ole(*streams):
    return msg.compound({name: b"x" * 5000 for name in streams})


@pytest.mark.parametrize("content, told", [
    (b"Rar!\x1a\x07\x00" + b"x" * 99, "a RAR archive, which is read by a person; ask for .zip"),
    (b"7z\xbc\xaf\x27\x1c" + b"x" * 99, "a 7-Zip archive, which is read by a person; ask for .zip"),
    (b"\x1f\x8b\x08" + b"x" * 99, "a gzip archive, which is read by a person; ask for .zip"),
    (b"MZ" + b"x" * 99, "a program (.exe), which is not opened"),
    (b"\xffWPC" + b"x" * 99, "a WordPerfect document, which is read by a person; ask for .docx or .pdf"),
    (zipped(("Index/Document.iwa", b"x"), ("preview.jpg", b"x")),
     "a Pages document, which is read by a person; ask for .docx or .pdf"),
    (ole("PowerPoint Document"), "slides (.ppt), which is read by a person; ask for .docx or .pdf"),
    (ole("MatOST", "CONTENTS"), "a Works document (.wps), which is read by a person; ask for .docx or .pdf"),
    (ole("EncryptedPackage", "EncryptionInfo"), "the document is protected by a password"),
    (ole("Workbook"), "an old Excel file (.xls), which is read by a person; ask for .xlsx"),
], ids=range(10))
def test_what_is_read_by_a_person_is_told_by_name(reader, content, told):
    assert problems(inside(reader, content)) == [told]
