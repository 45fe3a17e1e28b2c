# SPDX-License-Identifier: GPL-3.0-or-later
"""MIME of every kind through zapisy-read, sandbox and all: what is wrapped is found, what is broken is told."""
import base64
import random

import pytest

from harness import mails, odd
from harness.docx import docx
from harness.reading import Reader, event, people

PERSON = mails.person()
WANT = [mails.register(PERSON)]
TEXT = mails.inline(PERSON)
FORM = docx(mails.form_rows(PERSON))
TOP = mails.headers("a@example.org")


@pytest.fixture(scope="module")
def reader():
    with Reader() as running:
        running.send({"op": "event", "event": event()})
        yield running


def raw(text, charset="utf-8"):
    """A mail of which every byte is given but the line ends."""
    return TOP + text.replace("\n", "\r\n").encode(charset)


def parts(answer):
    return [(p["type"], p["filename"], p["document"], p["picture"]) for p in answer["mail"]["parts"]]


def documents(reader, mail):
    """The people in each document of a mail, in order ("pages": it is for zapisy-pages), and the problems told."""
    found, problems = [], []
    for part in reader.message(mail)["mail"]["parts"]:
        if part["document"]:
            answer = reader.ask({"op": "document", "id": 5, "part": part["index"]}, mail)
            assert answer["op"] == "document", answer
            found.append("pages" if answer.get("pages") else people(answer))
            problems += answer["problems"]
    return found, problems


# ---- signed

@pytest.mark.parametrize("streamed", [False, True])
def test_opaque_smime_is_read_as_what_it_wraps(reader, streamed):
    answer = reader.message(TOP + odd.opaque(mails.body_part(TEXT), streamed=streamed))
    assert people(answer) == WANT
    assert answer["mail"]["problems"] == [] and parts(answer) == []
    assert answer["mail"]["text"].startswith("Dzień dobry")


@pytest.mark.parametrize("kind", ["application/x-pkcs7-mime; name=smime.p7m", "application/octet-stream"])
def test_opaque_smime_under_other_names(reader, kind):
    assert people(reader.message(TOP + odd.opaque(mails.body_part(TEXT, "windows-1250", "base64"), kind))) == WANT


def test_a_document_inside_an_opaque_signature(reader):
    inside = mails.multipart("mixed", [mails.body_part(mails.COVER), mails.attachment(FORM, "ankieta.docx")])
    assert documents(reader, TOP + odd.opaque(inside)) == ([WANT], [])


def test_detached_signatures_are_no_attachments(reader):
    pgp = b"Content-Type: application/pgp-signature; name=signature.asc\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n"
    for signature in (odd.base64_part("application/pkcs7-signature; name=smime.p7s", b"x" * 50),
                      odd.base64_part("application/x-pkcs7-signature; name=smime.p7s", b"x" * 50),
                      odd.base64_part("application/octet-stream; name=smime.p7s", b"x" * 50), pgp):
        answer = reader.message(TOP + mails.multipart("signed", [mails.body_part(TEXT), signature]))
        assert people(answer) == WANT
        assert [p[2:] for p in parts(answer)] == [(False, False)]


def test_clear_signed_text(reader):
    form = mails.form_text(mails.person(organisation="- Klub „Myślnik”"))
    answer = reader.message(mails.text_mail("a@example.org", odd.clear_signed("Dzień dobry\r\n-- nie podpis\r\n" + form)))
    text = answer["mail"]["text"]
    assert "PGP" not in text and "Hash" not in text and "iQEc" not in text
    assert "-- nie podpis" in text
    assert people(answer)[0]["name"] == PERSON["name"]


def test_what_is_encrypted_is_said_to_be(reader):
    pgp_mime = mails.multipart("encrypted", [b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n",
                                             b"Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\n" +
                                             odd.ENCRYPTED.encode()])
    for mail in (TOP + odd.enveloped(mails.body_part(TEXT)), TOP + pgp_mime,
                 mails.text_mail("a@example.org", odd.ENCRYPTED)):
        answer = reader.message(mail)
        assert answer["mail"]["problems"] == ["the mail is encrypted"]
        assert [p[2] for p in parts(answer)].count(True) == 1  # so that it is meant as a registration
        assert documents(reader, mail) == ([[]], ["the document is encrypted"])


def test_a_signature_that_is_damaged(reader):
    damaged = odd.base64_part("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", b"\x30\x80" + b"x" * 90)
    answer = reader.message(TOP + damaged)
    assert answer["mail"]["problems"] == ["a signed or attached mail that cannot be taken apart"]


def test_signatures_in_signatures_end(reader):
    entity = mails.body_part(TEXT)
    for _ in range(12):
        entity = odd.opaque(entity)
    answer = reader.message(TOP + entity)
    assert people(answer) == [] and [p[2] for p in parts(answer)] == [True]


# ---- uuencode

def test_uuencoded_files_in_a_text(reader):
    text = mails.COVER.encode() + odd.uuencoded(FORM, "zgłoszenie Ż.docx".encode().decode("utf-8")) + \
        b"\r\n" + odd.uuencoded(b"\xff\xd8\xff" * 30, "skan.jpg", "0600") + "Pozdrawiam, Żaneta\r\n".encode()
    mail = TOP + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text
    answer = reader.message(mail)
    assert parts(answer) == [("application/octet-stream", "zgłoszenie Ż.docx", True, False),
                             ("application/octet-stream", "skan.jpg", True, True)]
    assert "begin" not in answer["mail"]["text"] and "Pozdrawiam, Żaneta" in answer["mail"]["text"]
    found, problems = documents(reader, mail)
    assert found == [WANT, "pages"] and problems == []


def test_what_only_looks_like_uuencode(reader):
    for text in ("begin 644 a.txt\r\nto nie jest plik, tylko zdanie małymi literami\r\n",
                 "begin now\r\nend\r\n", "begin 644 x\r\n"):
        answer = reader.message(mails.text_mail("a@example.org", text + TEXT))
        assert people(answer) == WANT and parts(answer) == []
    broken = odd.uuencoded(FORM, "a.docx")
    broken = broken[:len(broken) // 2]
    assert documents(reader, TOP + b"\r\n" + broken) == ([[]], ["the document is damaged"])


def test_uuencode_as_transfer_encoding(reader):
    part = b"Content-Type: application/msword; name=a.docx\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n"
    mail = TOP + mails.multipart("mixed", [mails.body_part(mails.COVER), part + odd.uuencoded(FORM, "a.docx")])
    assert documents(reader, mail) == ([WANT], [])


# ---- winmail.dat

def winmail(content, text=mails.COVER):
    return TOP + mails.multipart("mixed", [mails.body_part(text), mails.attachment(content, "winmail.dat",
                                                                                 "application/ms-tnef")])


def inside(reader, mail, part=1, path=""):
    """The answers about a part and all that is in it, by path."""
    answer = reader.ask({"op": "document", "id": 5, "part": part, "inner": path}, mail)
    assert answer["op"] == "document", answer
    found = {path: answer}
    for one in answer.get("parts", []):
        found.update(inside(reader, mail, one["index"], one["inner"]))
    return found


@pytest.mark.parametrize("unicode_names", [True, False])
def test_files_in_winmail(reader, unicode_names):
    name = "zgłoszenie Żaneta Ślęża.docx"
    mail = winmail(odd.tnef([(name, FORM), ("skan.jpg", b"\xff\xd8\xff" * 9)], unicode_names=unicode_names))
    assert [p[1:3] for p in parts(reader.message(mail))] == [("winmail.dat", True)]
    found = inside(reader, mail)
    assert [(p["filename"], p["inner"], p["picture"]) for p in found[""]["parts"]] == [(name, "0", False),
                                                                                     ("skan.jpg", "1", True)]
    assert found[""]["readings"] == [] and people(found["0"]) == WANT
    assert found["0"]["readings"][0]["reading"]["people"][0]["fields"]["name"]["where"].startswith(name)
    assert found["1"]["pages"] is True


def test_the_text_of_winmail(reader):
    for content in (odd.tnef(html=mails.outlook_html(PERSON, "windows-1250")), odd.tnef(text=mails.form_text(PERSON))):
        found = inside(reader, winmail(content))
        assert people(found["0"]) == WANT


def test_winmail_in_winmail(reader):
    content = odd.tnef([("ankieta.docx", FORM)])
    assert people(inside(reader, winmail(odd.tnef(embedded=content)))["0.0"]) == WANT
    for _ in range(4):
        content = odd.tnef(embedded=content)
    found = inside(reader, winmail(content))
    assert found["0.0.0"]["problems"] == ["too many documents inside each other"] and len(found) == 4


def test_a_damaged_winmail(reader):
    whole = odd.tnef([("ankieta.docx", FORM)])
    for content in (whole[:6], whole[:60], b"\x78\x9f\x3e\x22" + b"\xff" * 500):
        assert inside(reader, winmail(content))[""]["problems"] == ["a damaged or empty winmail.dat"]
    cut = inside(reader, winmail(whole[:-40]))
    assert cut[""]["problems"] == ["a damaged or empty winmail.dat"]
    for path in ("7", "0.0", "0.0.0.0.0", "x", "99999999999999999999"):
        answer = reader.ask({"op": "document", "id": 5, "part": 1, "inner": path}, winmail(whole))
        assert answer["problems"] == ["no such document inside this one"] and answer["readings"] == []


def test_winmail_with_thousands_of_files(reader):
    found = reader.ask({"op": "document", "id": 5, "part": 1}, winmail(odd.tnef([("a.txt", b"x")] * 3000)))
    assert "more inside one attachment than is read" in found["problems"] and len(found["parts"]) <= 200


def test_mutated_winmail(reader):
    """No byte of it can stop the reader: each is answered, and the child ends by itself."""
    chance = random.Random(20120123)
    whole = odd.tnef([("zgłoszenie.docx", FORM)], html=mails.outlook_html(PERSON, "windows-1250"))
    for number in range(150):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            content[chance.randrange(4, 400 if number % 2 else len(content))] = chance.choice((0, 1, 127, 255,
                                                                                             chance.randrange(256)))
        answer = reader.ask({"op": "document", "id": 5, "part": -1, "name": "winmail.dat"}, bytes(content))
        assert answer["op"] == "document", (number, answer)


# ---- broken and old structures

def test_content_types_without_a_subtype(reader):
    for kind in ("text", "text/", "", ";;=", "TEXT/PLAIN; charset=", "text/plain charset=utf-8", "text/foo"):
        assert people(reader.message(raw(f"Content-Type: {kind}\n\n{TEXT}"))) == WANT, kind


def test_boundaries_that_are_missing(reader):
    inside = "--XX\nContent-Type: text/plain; charset=utf-8\n\n" + TEXT
    for top, end in (("multipart/mixed", "--XX--\n"), ("multipart/mixed; boundary=YY", "--XX--\n"),
                     ("multipart/mixed; boundary=XX", ""), ("multipart/mixed; boundary=XX", "--XX\n")):
        answer = reader.message(raw(f"Content-Type: {top}\n\n{inside}{end}"))
        assert people(answer) == WANT, top
    form = base64.b64encode(FORM).decode()
    mail = raw(f"Content-Type: multipart/mixed\n\n{inside}--XX\nContent-Type: application/msword; name=a.docx\n"
               f"Content-Transfer-Encoding: base64\n\n{form}\n--XX--\n")
    assert documents(reader, mail) == ([WANT], [])


def test_empty_multiparts(reader):
    empty = "Content-Type: multipart/alternative; boundary=B\n\n--B--\n"
    mail = raw(f"Content-Type: multipart/mixed; boundary=A\n\n--A\n{empty}--A\nContent-Type: text/plain; "
               f"charset=utf-8\n\n{TEXT}--A\n{empty}--A--\n")
    assert people(reader.message(mail)) == WANT


def test_transfer_encodings_that_are_broken(reader):
    b64 = base64.b64encode(TEXT.encode()).decode()
    junk = "\n!! ".join(b64[i:i + 60] for i in range(0, len(b64), 60))
    head = "Content-Type: text/plain; charset=utf-8\n"
    assert people(reader.message(raw(f"{head}Content-Transfer-Encoding: base64\n\n{junk}\n"))) == WANT
    assert people(reader.message(raw(f"{head}Content-Transfer-Encoding: x-foo\n\n{TEXT}"))) == WANT
    half = TEXT.replace("ę", "=C4=99").replace("ł", "=c5=82") + "100=% =ZZ ="
    answer = reader.message(raw(f"{head}Content-Transfer-Encoding: quoted-printable\n\n{half}"))
    assert people(answer)[0]["name"] == PERSON["name"]


def test_duplicate_headers(reader):
    mail = b"Subject: inny\r\nFrom: b@example.org\r\n" + mails.form_mail("a@example.org", PERSON)
    answer = reader.message(mail)
    assert (answer["mail"]["from"], answer["mail"]["subject"]) == ("b@example.org", "inny")
    assert people(answer) == WANT


@pytest.mark.parametrize("label,charset", [
    ("windows-1250", "cp1250"), ("CP-1250", "cp1250"), ("x-cp1250", "cp1250"), ("iso-8859-2", "cp1250"),
    ("windows-1250", "iso-8859-2"), ("iso-8859-16", "iso-8859-16"), ("unknown-8bit", "cp1250"),
    ("us-ascii", "iso-8859-2"), ("\"iso-8859-2\"", "iso-8859-2"), ("'utf-8'", "utf-8"), ("utf8", "utf-8"),
    ("x-mac-ce", "mac_latin2"), ("cp852", "cp852"), ("utf-7", "utf-7"), ("utf-16", "utf-16"), ("utf-16", "utf-16-be"),
    ("utf-16le", "utf-16-le"), ("iso-8859-1", "utf-8-sig"), ("gb2312", "gb18030"), ("koi8-r", "utf-8")])
def test_charsets(reader, label, charset):
    body = base64.b64encode(TEXT.encode(charset)).decode()
    mail = raw(f"Content-Type: text/plain; charset={label}\nContent-Transfer-Encoding: base64\n\n{body}\n")
    assert people(reader.message(mail)) == WANT


def test_other_scripts(reader):
    for label, charset, text in (("koi8-r", "koi8-r", "Привет"), ("koi8-u", "koi8-u", "Київ"), ("gb2312", "gbk", "镕基"),
                                 ("iso-2022-jp", "iso2022_jp", "日本語"), ("shift_jis", "shift_jis", "日本語"),
                                 ("euc-kr", "euc-kr", "한국어"), ("big5", "big5", "繁體")):
        body = base64.b64encode(text.encode(charset)).decode()
        word = f"=?{label}?B?{body}?="
        mail = (f"From: a@example.org\r\nSubject: {word}\r\nContent-Type: text/plain; charset={label}\r\n"
                f"Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n").encode()
        answer = reader.message(mail)["mail"]
        assert (answer["text"].strip(), answer["subject"]) == (text, text), label


# ---- alternatives

def alternative(*texts):
    return TOP + mails.multipart("alternative", [mails.body_part(t, kind=k) for k, t in texts])


def test_a_plain_part_that_is_an_excuse(reader):
    page = mails.outlook_html(PERSON, "utf-8").replace("table", "div").replace("<tr", "<p").replace("<td", "<span")
    page = "<p>" + "</p><p>".join(f"{label}: {value}" for label, value in mails.form_rows(PERSON)) + "</p>" + "<br>" * 9
    for excuse in ("This is an HTML mail. Your mail program cannot show it.\r\n", "\r\n", " "):
        padded = page + "<p>" + "Dziękujemy za zaproszenie i możliwość zgłoszenia udziału. " * 6 + "</p>"
        assert people(reader.message(alternative(("plain", excuse), ("html", padded)))) == WANT


def test_alternatives_are_read_once(reader):
    two = mails.inline([PERSON, mails.person("Jan Inny")])
    page = "<p>" + two.replace("\r\n", "<br>") + "</p>"
    for mail in (alternative(("plain", two), ("html", page)), alternative(("html", page), ("plain", two))):
        assert [p["name"] for p in people(reader.message(mail))] == [PERSON["name"], "Jan Inny"]


def test_a_document_inside_an_alternative(reader):
    mail = TOP + mails.multipart("alternative", [
        mails.body_part("W załączeniu ankieta\r\n"),
        mails.multipart("mixed", [mails.body_part("<p>W załączeniu ankieta</p>", kind="html"),
                                  mails.attachment(FORM, "ankieta.docx")], "in")])
    assert documents(reader, mail) == ([WANT], [])


def test_enriched_and_rich_text(reader):
    enriched = "<fontfamily><param>Arial</param><bold>" + mails.form_text(PERSON).replace("\r\n", "\r\n\r\n") + \
        "</bold></fontfamily>\r\n\r\n<< nic\r\n"
    answer = reader.message(TOP + mails.body_part(enriched, kind="enriched"))
    assert people(answer) == WANT and "< nic" in answer["mail"]["text"]
    rich = "<bold>" + mails.form_text(PERSON).replace("\r\n", "<nl>\r\n") + "</bold><lt>x<nl>"
    answer = reader.message(TOP + mails.body_part(rich, kind="richtext"))
    assert people(answer) == WANT and "<x" in answer["mail"]["text"]


# ---- parts of every kind

def test_text_after_and_around_attachments(reader):
    picture = mails.attachment(b"\x89PNG\r\n\x1a\n" + bytes(70000), "x.png", "image/png").replace(b"attachment;",
                                                                                                 b"inline;")
    pieces = mails.form_text(PERSON).split("\r\n")
    first, second = "\r\n".join(pieces[:3]) + "\r\n", "\r\n".join(pieces[3:])
    mail = TOP + mails.multipart("mixed", [mails.body_part(first), picture, mails.body_part(second)])
    assert people(reader.message(mail)) == WANT
    mail = TOP + mails.multipart("mixed", [mails.attachment(b"%PDF-1.4", "a.pdf"), mails.body_part(TEXT)])
    answer = reader.message(mail)
    assert people(answer) == WANT and [p[1:3] for p in parts(answer)] == [("a.pdf", True)]


def test_text_files_are_documents(reader):
    for kind, name, content in (("text/plain", "ankieta.txt", mails.form_text(PERSON).encode("cp1250")),
                                ("text/html", "ankieta.html", mails.outlook_html(PERSON, "utf-8").encode())):
        mail = TOP + mails.multipart("mixed", [mails.body_part(mails.COVER), mails.attachment(content, name, kind)])
        assert documents(reader, mail) == ([WANT], [])
        inline = mail.replace(b"Content-Disposition: attachment", b"Content-Disposition: inline")
        assert documents(reader, inline) == ([WANT], [])


def test_types_that_lie(reader):
    for kind, name in (("image/jpeg", "skan"), ("image/jpeg", "ankieta.docx"), ("audio/x-wav", "ankieta"),
                       ("application/octet-stream", ""), ("x-unknown", "ankieta.DOCX"), ("video/mp4", "a.docx")):
        mail = TOP + mails.multipart("mixed", [mails.body_part(mails.COVER), mails.attachment(FORM, name, kind)])
        assert documents(reader, mail) == ([WANT], []), (kind, name)


def test_parts_that_are_no_documents(reader):
    others = [b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
              b"Content-Type: text/x-vcard; name=jan.vcf\r\n\r\nBEGIN:VCARD\r\nTEL:22 111 22 33\r\nEND:VCARD\r\n",
              b"Content-Type: text/directory; name=jan.vcf\r\n\r\nBEGIN:VCARD\r\nEND:VCARD\r\n",
              b"Content-Type: application/octet-stream; name=jan.vcf\r\n\r\nBEGIN:VCARD\r\nEND:VCARD\r\n"]
    answer = reader.message(TOP + mails.multipart("mixed", [mails.body_part(TEXT), *others]))
    assert people(answer) == WANT and [p[2:] for p in parts(answer)] == [(False, False)] * 4
    assert "VCARD" not in answer["mail"]["text"]


def test_the_fork_of_a_macintosh(reader):
    fork = odd.base64_part("application/applefile; name=\"%ankieta.docx\"", b"\0\5\x16\7" + bytes(60))
    double = mails.multipart("appledouble", [fork, mails.attachment(FORM, "ankieta.docx")], "double")
    mail = TOP + mails.multipart("mixed", [mails.body_part(mails.COVER), double])
    assert documents(reader, mail) == ([WANT], [])
    binhex = b"Content-Type: application/mac-binhex40; name=a.hqx\r\n\r\n(This file must be converted with BinHex 4.0)\r\n"
    mail = TOP + mails.multipart("mixed", [mails.body_part(mails.COVER), binhex + b"\r\n:\"3fCDR*!`0\"5!\r\n"])
    assert documents(reader, mail) == ([[]], ["a file in BinHex, which is read by a person"])


def test_pieces_and_references_are_told(reader):
    piece = raw("Content-Type: message/partial; number=1; total=3; id=x\n\nFrom: a@example.org\n\n" + TEXT)
    assert reader.message(piece)["mail"]["problems"] == ["a piece of a mail that was sent in pieces (message/partial)"]
    mail = raw("Content-Type: message/external-body; access-type=URL; URL=\"http://x.example/\"\n\nContent-Type: x/y\n\n")
    assert "external-body" in reader.message(mail)["mail"]["problems"][0]


def test_file_names_of_every_kind(reader):
    name = "zgłoszenie Żaneta Ślęża.docx"
    quoted = "".join(f"%{b:02X}" for b in name.encode())
    middle = quoted.index("%C5%BB")
    word = base64.b64encode(name.encode()).decode()
    split = [base64.b64encode(name.encode()[i:i + 15]).decode() for i in range(0, 31, 15)]
    for disposition in (
            f"filename*=utf-8''{quoted}", f"filename*=UTF-8'pl'{quoted}; filename=\"zgloszenie.docx\"",
            f"filename*0*=utf-8''{quoted[:middle]};\r\n filename*1*={quoted[middle:]}",
            f"filename=\"=?utf-8?B?{word}?=\"", f"filename==?utf-8?B?{word}?=",
            "filename=\"" + "\r\n ".join(f"=?utf-8?B?{s}?=" for s in split) + "\"",
            f"filename=\"{name}\"",
            "filename=\"=?iso-8859-2?Q?zg=B3oszenie_=AFaneta_=A6l=EA=BFa.docx?=\""):
        part = f"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; {disposition}\r\n\r\nx"
        mail = TOP + mails.multipart("mixed", [mails.body_part(mails.COVER), part.encode()])
        assert [p[1] for p in parts(reader.message(mail))] == [name], disposition
    raw_8bit = f"Content-Type: x/y; name=\"{name}\"\r\n\r\nx".encode("cp1250")
    assert [p[1] for p in parts(reader.message(TOP + mails.multipart("mixed", [raw_8bit])))] == [name]


def test_encoded_words_of_every_kind(reader):
    text = "Zgłoszenie: Gęślą Jaźń"
    data = text.encode()
    b64 = base64.b64encode(data).decode()
    half = (base64.b64encode(data[:4]).decode(), base64.b64encode(data[4:]).decode())
    for subject in (f"=?utf-8?B?{b64}?=", f"=?UTF-8*pl?B?{b64}?=", f"=?utf-8?B?{half[0]}?=\r\n =?utf-8?B?{half[1]}?=",
                    "=?iso-8859-2?Q?Zg=B3oszenie=3A?=\r\n\t=?iso-8859-2?q?_G=EA=B6l=B1_Ja=BC=F1?=",
                    "=?windows-1250?Q?Zg=B3oszenie:?= =?utf-8?Q?_G=C4=99=C5=9Bl?=\r\n =?utf-8?Q?=C4=85_Ja=C5=BA=C5=84?=",
                    f"=?utf-8?B?{b64.rstrip('=')}?=", "Zg=?utf-8?Q?=C5=82?=oszenie: =?utf-8?Q?G=C4=99=C5=9Bl=C4=85 Ja=C5=BA=C5=84?="):
        mail = f"From: a@example.org\r\nSubject: {subject}\r\n\r\nx\r\n".encode()
        assert reader.message(mail)["mail"]["subject"] == text, subject
    for charset in ("utf-8", "cp1250", "iso-8859-2"):
        mail = b"From: " + "Żaneta Ślęża <a@example.org>".encode(charset) + b"\r\nSubject: " + text.encode(charset) + \
            b"\r\n\r\nx\r\n"
        answer = reader.message(mail)["mail"]
        assert (answer["subject"], answer["from_name"]) == (text, "Żaneta Ślęża"), charset


def test_more_parts_than_are_counted_once_opened(reader):
    with Reader(mime_parts=20) as small:
        text = b"".join(odd.uuencoded(b"x", f"{i}.txt") for i in range(15))
        inside = mails.multipart("mixed", [b"Content-Type: text/plain\r\n\r\n" + text] * 3)
        answer = small.message(TOP + inside)
        assert answer["mail"]["problems"] == ["more than 20 parts"]
