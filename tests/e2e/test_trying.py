# SPDX-License-Identifier: GPL-3.0-or-later
"""The coordinator tries her form before she sends the invitation: zapisyctl read, its reasons and its models."""
import json

import pytest

from harness import mails
from harness.docx import docx

PERSON = mails.person()
NOBODY = dict.fromkeys(PERSON, "")


def read(site, *arguments):
    return site.run("zapisyctl", "-c", site.file, "read", *map(str, arguments)).expect(0)


def read_json(site, *arguments):
    return [json.loads(line) for line in read(site, "--json", *arguments).out.splitlines()]


def written(path, rows):
    path.write_bytes(docx(rows))
    return path


def rows_without(person, *labels):
    return [row for row in mails.form_rows(person) if not any(label in str(row) for label in labels)]


def test_a_good_blank(site, tmp_path):
    blank = written(tmp_path / "ankieta.docx", mails.form_rows(NOBODY))
    out = read(site, blank).out
    assert "every label of the event was found" in out and "NO LABEL" not in out
    assert "ankieta.docx, table 1, row 1" in out
    (answer,) = read_json(site, blank)
    assert answer["class"] == "form" and answer["problems"] == ["blank"]
    assert all(answer["labels"].values()) and set(answer["labels"]) >= {"name", "organisation", "phone", "consent"}


def test_a_blank_whose_labels_the_event_does_not_know(site, tmp_path):
    blank = written(tmp_path / "ankieta.docx", rows_without(NOBODY, mails.LABELS["phone"], mails.LABELS["position"]))
    out = read(site, blank).out
    assert 'NO LABEL like "Telefon"' in out and "every label" not in out
    (answer,) = read_json(site, blank)
    assert [key for key, place in answer["labels"].items() if not place] == ["position", "phone"]


def test_why_a_field_is_not_there(site, tmp_path):
    form = written(tmp_path / "z.docx", rows_without(mails.person(phone="w recepcji", position=""), mails.LABELS["diet"]))
    (answer,) = read_json(site, form)
    (person,) = answer["people"]
    assert person["why"]["diet"] == "no label like it was found"
    assert person["why"]["phone"].startswith("cannot be understood as a telephone number: w recepcji (z.docx, table 1")
    assert "nothing behind it" in person["why"]["position"]
    assert "name" not in person["why"], "what is sure needs no reason"
    out = read(site, form).out
    assert "w recepcji" in out and "no label like it was found" in out


def test_why_a_field_is_unsure(site, tmp_path):
    form = written(tmp_path / "z.docx", [*mails.form_rows(PERSON), (mails.LABELS["phone"], "22 111 22 33")])
    (answer,) = read_json(site, form)
    why = answer["people"][0]["why"]["phone"]
    assert why.startswith("two different answers: ") and "+48221112233" in why
    assert "NOT SURE" in read(site, form).out


def test_the_model_of_a_document(site, tmp_path):
    form = written(tmp_path / "z.docx", mails.form_rows(PERSON))
    (answer,) = read_json(site, "--model", form)
    (model,) = answer["model"]
    assert model["name"] == "z.docx"
    cells = [block for block in model["blocks"] if block["kind"] == "cell"]
    assert cells[0]["table"] == 0 and cells[0]["row"] == 0
    assert any(run["text"] == PERSON["name"] for block in cells for run in block["runs"])
    assert "model" not in read_json(site, form)[0]
    out = read(site, "--model", form).out
    assert "table 1, row 1" in out and PERSON["name"] in out and "\033" not in out


def test_the_model_of_a_mail_and_its_document(site, tmp_path):
    mail = tmp_path / "m.eml"
    mail.write_bytes(mails.docx_mail("a@example.org", PERSON, "table"))
    (answer,) = read_json(site, "--model", mail)
    assert [bool(model["name"]) for model in answer["model"]] == [False, True], "its own words, then the document"
    assert "mail text" in read(site, "--model", mail).out


def test_a_large_model_is_not_cut(site, tmp_path):
    text = tmp_path / "long.txt"
    text.write_text("\n".join(f"wiersz {number} " + "słowo " * 10 for number in range(15000)), encoding="utf-8")
    (answer,) = read_json(site, "--model", text)
    assert len(answer["model"][0]["blocks"]) == 15000


def test_marks_are_shown(site, tmp_path):
    page = tmp_path / "z.html"
    page.write_text("<table><tr><td><b>Nocleg</b></td><td>TAK / <s>NIE</s> &#9746;</td></tr></table>"
                    "<p>" + "bardzo " * 100 + "</p>", encoding="utf-8")
    out = read(site, "--model", page).out
    assert "*Nocleg*" in out and "~NIE~" in out
    assert max(map(len, out.splitlines())) < 250, "long texts are cut"


def test_no_control_of_the_terminal_from_a_document(site, tmp_path):
    text = tmp_path / "z.txt"
    text.write_bytes(b"Imi\xc4\x99 i nazwisko: Jan\x1b[2J Kowalski\r\nTelefon: \x1b]0;x\x07\r\nInstytucja: U\r\n")
    assert "\x1b" not in read(site, "--model", text).out


def test_the_event_that_is_named(site, tmp_path):
    form = written(tmp_path / "z.docx", mails.form_rows(PERSON))
    (answer,) = [json.loads(line) for line in site.run(
        "zapisyctl", "-c", site.file, "-e", read_json(site, form)[0]["event"], "read",
        "--json", form).expect(0).out.splitlines()]
    assert len(answer["people"]) == 1
    wrong = site.run("zapisyctl", "-c", site.file, "-e", "nie-ma", "read", form)
    assert wrong.code == 1 and "nie-ma" in wrong.err


@pytest.mark.parametrize("arguments, word", [
    (["read"], "FILE"), (["read", "--modell", "x"], "--modell"), (["read", "--title", "x", "y"], "--title"),
    (["list", "--model"], "--model")])
def test_typed_wrongly(site, arguments, word):
    done = site.run("zapisyctl", "-c", site.file, *arguments)
    assert done.code == 64 and word in done.err and not done.out
