# SPDX-License-Identifier: GPL-3.0-or-later
"""Every format of this version, field by field, through IMAP and back out of list --json."""
import io
import json
import pathlib
import zipfile

import pytest

from harness import mails, msg, odd
from harness.docx import docx, pack, paragraph
from harness.zapisy import ROOT

PERSON = mails.person()


def registered(site, raw):
    """The fields of the only registration that this mail makes."""
    site.deliver(raw)
    site.once()
    rows = site.list()
    assert len(rows) == 1, f"{len(rows)} registrations; {site.mail()}"
    assert rows[0]["status"] == "accepted", f"{rows[0]}\n{site.review()}"
    return rows[0]["fields"]


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-2", "windows-1250"])
@pytest.mark.parametrize("cte", ["8bit", "quoted-printable", "base64"])
def test_plain_text(site, charset, cte):
    assert registered(site, mails.form_mail("a@example.org", PERSON, charset=charset, cte=cte)) == mails.register(PERSON)


def test_plain_text_with_long_lines_flowed(site):
    fields = mails.person(position="główny specjalista do spraw współpracy z organizacjami pozarządowymi "
                                   "oraz pełnomocnik prezydenta miasta do spraw rewitalizacji")
    assert registered(site, mails.flowed_mail("a@example.org", mails.inline(fields))) == mails.register(fields)


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-2", "windows-1250"])
@pytest.mark.parametrize("cte", ["quoted-printable", "base64"])
def test_outlook_html(site, charset, cte):
    assert registered(site, mails.outlook_mail("a@example.org", PERSON, charset, cte)) == mails.register(PERSON)


def test_alternative_text_and_html_are_one_form(site):
    assert registered(site, mails.alternative_mail("a@example.org", PERSON)) == mails.register(PERSON)
    assert len(site.letters()) == 1


@pytest.mark.parametrize("layout", ["table", "lines"])
def test_docx(site, layout):
    assert registered(site, mails.docx_mail("a@example.org", PERSON, layout)) == mails.register(PERSON)


def test_docx_under_a_useless_type_and_name(site):
    content = docx(mails.form_rows(PERSON))
    raw = mails.attached_mail("a@example.org", content, "zgloszenie", "application/octet-stream")
    assert registered(site, raw) == mails.register(PERSON)


def test_ampersands_and_entities(site):
    fields = mails.person(organisation='Fundacja "Razem" & Przyjaciele <Ślęża>')
    assert registered(site, mails.outlook_mail("a@example.org", fields)) == mails.register(fields)


def test_a_missing_charset_is_guessed(site):
    raw = mails.headers("a@example.org") + b"Content-Type: text/plain\r\n\r\n" + mails.inline(PERSON).encode("cp1250")
    assert registered(site, raw) == mails.register(PERSON)


def test_the_signature_is_no_answer(site):
    fields = mails.person(phone=None, position=None)
    text = mails.inline(fields) + "\r\n-- \r\nJan Inny\r\nStanowisko: prezes\r\nTelefon: 22 111 22 33\r\n"
    assert registered(site, mails.text_mail("a@example.org", text)) == mails.register(fields)


def test_the_quoted_invitation_is_no_answer(site):
    blank = "".join(f"> {label}: ........................\r\n" for label in mails.LABELS.values())
    text = mails.inline(PERSON) + "\r\nW dniu 2012-01-10 09:00, RCWIP pisze:\r\n" + blank
    assert registered(site, mails.text_mail("a@example.org", text)) == mails.register(PERSON)


def test_a_form_that_is_only_quoted_registers_nobody(site):
    quoted = "".join(f"> {line}\r\n" for line in mails.inline(PERSON).splitlines())
    site.deliver(mails.text_mail("a@example.org", "Czy to dotarło?\r\n\r\nW dniu 2012-01-10 Jan pisze:\r\n" + quoted,
                                 subject="Re: pytanie"))
    site.once()
    assert [r for r in site.list() if r["place"] == "seat"] == []


def test_labels_in_capitals_without_diacritics_and_with_dots(site):
    text = ("IMIE I NAZWISKO: Jan Wróbel\r\nORGANIZACJA / URZĄD : Urząd Miejski w Wałbrzychu\r\n"
            "sektor ....... JST\r\nTel. : 601 602 603\r\nADRES E-MAIL: Jan.Wrobel@UM.Example\r\n"
            f"{mails.CONSENT} - TAK\r\n")
    fields = registered(site, mails.text_mail("a@example.org", text))
    assert fields == {"name": "Jan Wróbel", "organisation": "Urząd Miejski w Wałbrzychu", "sector": "JST",
                      "phone": "+48601602603", "email": "Jan.Wrobel@um.example", "consent": "yes"}


@pytest.mark.parametrize("written, kept", [
    ("74 665 11 22 wew. 17", "+48746651122;ext=17"), ("+48 601-602-603", "+48601602603"),
    ("(74) 665 11 22", "+48746651122"), ("0048 601 602 603", "+48601602603")])
def test_telephones(site, written, kept):
    assert registered(site, mails.form_mail("a@example.org", mails.person(phone=written)))["phone"] == kept


@pytest.mark.parametrize("written, kept", [("organizacja pozarządowa", "NGO"), ("samorząd", "JST")])
def test_a_choice_becomes_its_value(site, written, kept):
    assert registered(site, mails.form_mail("a@example.org", mails.person(sector=written)))["sector"] == kept


# --- the reader alone

def read(site, *files):
    done = site.run("zapisyctl", "-c", site.file, "read", "--json", *map(str, files)).expect(0)
    return [json.loads(line) for line in done.out.splitlines()]


SAMPLE_FORMS = sorted(pathlib.Path(ROOT, "samples", "forms").glob("*.docx"))


@pytest.mark.parametrize("form", SAMPLE_FORMS, ids=lambda p: p.stem)
def test_read_sample_forms(site, form):
    expected = json.loads(form.with_suffix(".json").read_text(encoding="utf-8"))
    people = expected["people"] if isinstance(expected, dict) and "people" in expected else expected
    people = people if isinstance(people, list) else [people]
    (answer,) = read(site, form)
    assert answer["class"] == "form"
    found = [{k: v["value"] for k, v in p["fields"].items()} for p in answer["people"]]
    assert found == [p.get("fields", p) for p in people]
    assert all(v["confidence"] >= 0.8 for p in answer["people"] for v in p["fields"].values())


def test_read_says_where_and_how_sure(site, tmp_path):
    path = tmp_path / "zgloszenie.docx"
    path.write_bytes(docx(mails.form_rows(PERSON)))
    (answer,) = read(site, path)
    assert set(answer) >= {"file", "class", "event", "people", "problems"}
    assert (answer["file"], answer["class"], answer["event"]) == (str(path), "form", "model-wspolpracy")
    (person,) = answer["people"]
    assert person["missing"] == []
    name = person["fields"]["name"]
    assert set(name) >= {"value", "confidence", "where"}
    assert name["value"] == PERSON["name"]
    assert 0.8 <= name["confidence"] <= 1
    assert "table 1" in name["where"] and "row 1" in name["where"], name["where"]


def test_read_names_what_is_missing(site, tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(docx(mails.form_rows(mails.person(organisation=None, consent=None))))
    (answer,) = read(site, path)
    assert sorted(answer["people"][0]["missing"]) == ["consent", "organisation"]


def test_read_a_blank_form_gives_nobody(site):
    (answer,) = read(site, ROOT / "conf" / "forms" / "ankieta.docx")
    assert (answer["class"], answer["people"]) == ("form", [])
    assert "blank" in answer["problems"]


def test_read_keeps_the_order_and_knows_what_is_nothing(site, tmp_path):
    letter = tmp_path / "list.docx"
    letter.write_bytes(pack(paragraph("Szanowni Państwo, przesyłam raport za rok 2011.")))
    broken = tmp_path / "zepsuty.docx"
    broken.write_bytes(docx(mails.form_rows(PERSON))[:700])
    mail = tmp_path / "mail.eml"
    mail.write_bytes(mails.form_mail("a@example.org", PERSON))
    answers = read(site, letter, broken, mail)
    assert [(a["file"], a["class"]) for a in answers] == [
        (str(letter), "other"), (str(broken), "unreadable"), (str(mail), "form")]
    assert answers[1]["problems"], "an unreadable file says why"


def test_read_needs_no_server_and_no_store(site, tmp_path):
    path = tmp_path / "mail.eml"
    path.write_bytes(mails.form_mail("a@example.org", PERSON))
    site.set(mailbox={"port": 1}, smtp={"port": 1}, store={"path": "/nonexistent/zapisy.db"})
    (answer,) = read(site, path)
    assert len(answer["people"]) == 1
    assert site.store_files() == {}


# ---- wrapped in other things

def test_a_form_in_winmail(site):
    content = odd.tnef([("zgłoszenie Ż.docx", docx(mails.form_rows(PERSON)))], html="<p>Przesyłam ankietę.</p>")
    raw = mails.attached_mail("a@example.org", content, "winmail.dat", "application/ms-tnef")
    assert registered(site, raw) == mails.register(PERSON)
    path = pathlib.Path(site.folder) / "winmail.dat"
    path.write_bytes(content)
    (found,) = read(site, path)
    assert [{k: v["value"] for k, v in p["fields"].items()} for p in found["people"]] == [mails.register(PERSON)]


def test_a_form_inside_a_signature(site):
    raw = mails.headers("a@example.org") + odd.opaque(mails.multipart("mixed", [
        mails.body_part(mails.COVER), mails.attachment(docx(mails.form_rows(PERSON)), "ankieta.docx")]))
    assert registered(site, raw) == mails.register(PERSON)


def test_a_form_uuencoded(site):
    raw = mails.headers("a@example.org") + b"\r\n" + mails.COVER.encode() + \
        odd.uuencoded(docx(mails.form_rows(PERSON)), "ankieta.docx")
    assert registered(site, raw) == mails.register(PERSON)


def zipped(*files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def test_forms_in_an_archive(site):
    """Two people of one office, and an invitation that is no form."""
    other = mails.person(name="Żółw Łukasz", email="zolw@example.org", phone="601 602 604")
    content = zipped(("zgłoszenia/a.docx", docx(mails.form_rows(PERSON))), ("zgłoszenia/b.docx", docx(mails.form_rows(other))),
                     ("zaproszenie.txt", "Zapraszamy na szkolenie.".encode()), ("__MACOSX/._a.docx", b"x"))
    site.deliver(mails.attached_mail("a@example.org", content, "zgłoszenia.zip", "application/zip"))
    site.once()
    assert [r["fields"] for r in site.list()] == [mails.register(PERSON), mails.register(other)]
    path = pathlib.Path(site.folder) / "zgloszenia.zip"
    path.write_bytes(content)
    (found,) = read(site, path)
    assert len(found["people"]) == 2 and found["class"] == "form"


def test_the_sender_of_an_archive_under_a_password_is_told(site):
    content = bytearray(zipped(("zgłoszenie.docx", docx(mails.form_rows(PERSON)))))
    content[6] |= 1
    content[content.find(b"PK\1\2") + 8] |= 1
    site.deliver(mails.attached_mail("a@example.org", bytes(content), "zgłoszenie.zip", "application/zip"))
    site.once()
    (row,) = site.list()
    assert row["status"] == "held"
    (item,) = site.review()
    assert item["reason"] == "its document is protected by a password; the archive is protected by a password"
    letter = site.letter(outcome="held")
    assert "jest jednak zabezpieczony hasłem" in letter.text and "bez hasła" in letter.text


def test_the_sender_of_a_damaged_document_is_told(site):
    whole = docx(mails.form_rows(PERSON))
    site.deliver(mails.attached_mail("a@example.org", whole[:len(whole) // 2], "zgłoszenie.docx"))
    site.once()
    (row,) = site.list()
    assert row["status"] == "held" and site.review()[0]["reason"].startswith("its document is damaged")
    assert "jest jednak uszkodzony" in site.letter(outcome="held").text


def test_a_mail_saved_by_outlook(site):
    content = msg.message(text="W załączeniu ankieta.", sender=("Jan Wróbel", "jan@example.org"),
                          attachments=[msg.attachment("zgłoszenie Ż.docx", docx(mails.form_rows(PERSON)))])
    raw = mails.attached_mail("a@example.org", content, "Ankieta zgłoszeniowa.msg", "application/vnd.ms-outlook")
    assert registered(site, raw) == mails.register(PERSON)
    path = pathlib.Path(site.folder) / "ankieta.msg"
    path.write_bytes(content)
    (found,) = read(site, path)
    assert [{k: v["value"] for k, v in p["fields"].items()} for p in found["people"]] == [mails.register(PERSON)]


@pytest.mark.parametrize("files", [
    [("ankieta.docx", docx(mails.form_rows(PERSON))), ("ankieta-2.docx", docx(mails.form_rows(PERSON), "lines"))],
    [("ankieta.docx", docx(mails.form_rows(PERSON))), ("ankieta.txt", mails.inline(PERSON).encode("cp1250"))],
    [("program.txt", "Program szkolenia: 9:00 otwarcie".encode()), ("ankieta.docx", docx(mails.form_rows(PERSON)))],
    [("a.eml", mails.form_mail("b@example.org", PERSON)), ("a.zip", zipped(("a.docx", docx(mails.form_rows(PERSON)))))]])
def test_the_same_form_twice_is_one_person(site, files):
    parts = [mails.body_part(mails.COVER)] + [mails.attachment(content, name) for name, content in files]
    assert registered(site, mails.headers("a@example.org") + mails.multipart("mixed", parts)) == mails.register(PERSON)
