# SPDX-License-Identifier: GPL-3.0-or-later
"""zapisyctl learn: what it proposes from a blank form is an event, and filled copies are read with it."""
import json
import pathlib
import shutil
import sys

import pytest

from harness.zapisy import ROOT

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "forms"))

import more  # noqa: E402
import libconf  # noqa: E402
from corpus import Corpus  # noqa: E402
from reader import Reader, event  # noqa: E402
from score import Score  # noqa: E402
from table import FOLDER  # noqa: E402

CORPUS = Corpus(FOLDER)
FLOORS = CORPUS.load("floors.json", {})["learned"]
KEYS = {"name": "imie_nazwisko", "organisation": "organizacja", "sector": "sektor", "position": "stanowisko",
        "address": "adres", "phone": "telefon", "email": "email", "diet": "dieta", "accommodation": "nocleg",
        "remarks": "uwagi", "consent": "zgoda"}
# What a choice is called in the register follows the form's own words.
SECTORS = {value: [words] for value, words in more.SECTORS}


class Folder:
    """A configuration whose only event is what was learned."""

    def __init__(self, site, path, reader):
        self.site, self.path, self.reader = site, path, reader
        shutil.copytree(ROOT / "conf", path)
        self.event = path / "events" / "model-wspolpracy.conf"
        (path / "forms").mkdir(exist_ok=True)

    def learn(self, blank):
        shutil.copy(blank, self.path / "forms" / blank.name)
        text = self.site.run("zapisyctl", "learn", "--title", "Dostęp do informacji", blank).expect(0).out
        self.event.write_text(text, encoding="utf-8")
        return text

    def read(self, *files):
        done = self.site.run("zapisyctl", "-c", self.path / "zapisyd.conf", "read", "--json", *files).expect(0)
        return [json.loads(line) for line in done.out.splitlines()]

    def score(self, blank, filled):
        """filled: [(path, truth)]"""
        score = Score()
        assert "does not find" not in self.learn(blank), f"{blank.name}: the reader does not find what was learned"
        self.reader.set_event(event(libconf.load(self.event)["form"]["fields"]), blank)
        reading = self.reader.document(blank)
        assert reading["blank"] and not reading["people"], f"{blank.name} is read as {reading}"
        for path, truth in filled:
            people = [{"fields": {KEYS.get(k, k): v for k, v in person["fields"].items()}}
                      for person in self.reader.document(path)["people"]]
            score.add(path.name, truth, {"people": people}, {"sektor": SECTORS.get(truth["sektor"], [])})
        return score


@pytest.fixture
def folder(site, tmp_path):
    with Reader() as reader:
        yield Folder(site, tmp_path / "conf", reader)


@pytest.mark.parametrize("kind", sorted({kind for _, kind in CORPUS.blanks}))
def test_copies_are_read_with_what_was_learned(folder, kind):
    score = Score()
    blanks = [(layout, path) for (layout, other), path in sorted(CORPUS.blanks.items()) if other == kind]
    # Formats differ in how they are read, which test_forms is for; what is learned is the same.
    for layout, blank in blanks if kind == "docx" else blanks[::3]:
        score += folder.score(blank, [(form.path, CORPUS.truth[form.name]) for form in CORPUS.of(layout, kind)])
    assert not score.wrong, score.wrong
    assert score.percent >= FLOORS.get(kind, FLOORS["others"]), f"{score.right} of {score.asked}: {score.lacking}"


@pytest.mark.parametrize("kind", more.WRITERS)
def test_further_layouts(folder, tmp_path, kind):
    score, forms = Score(), {}
    for layout, applicant, content, truth in more.forms(kind):
        path = tmp_path / f"{layout}_{applicant}.{kind}"
        path.write_bytes(content)
        forms.setdefault(layout, []).append((path, truth))
    for (blank, _), *filled in forms.values():
        score += folder.score(blank, filled)
    assert not score.wrong, score.wrong
    assert score.percent >= FLOORS["further layouts"], f"{score.right} of {score.asked}: {score.lacking}"


def test_it_needs_no_configuration(site, tmp_path):
    out = site.run("zapisyctl", "-c", tmp_path / "none.conf", "learn", FOLDER / "table_blank.docx").expect(0).out
    assert 'key = "name"; type = "name"; required = true;' in out and '"Imię i nazwisko"' in out
    assert 'blank_form = "forms/table_blank.docx";' in out and "// check" in out
    assert "podpis" not in out and "dobragmina" not in out, "signatures and the organiser's data are no questions"


def test_the_whole_file_of_an_event(folder):
    text = folder.learn(FOLDER / "dots_blank.odt")
    assert 'title = "Dostęp do informacji";' in text and 'id = "dostep-do-informacji"' in text
    blank, answer = folder.read(FOLDER / "dots_blank.odt", FOLDER / "dots_a1.odt")
    assert blank["problems"] == ["blank"] and all(blank["labels"].values())
    assert answer["event"] == "dostep-do-informacji" and len(answer["people"]) == 1


def test_a_mail_with_the_form(folder, tmp_path):
    from harness import mails
    mail = tmp_path / "zaproszenie.eml"
    mail.write_bytes(mails.attached_mail("a@example.org", (FOLDER / "table_blank.docx").read_bytes(), "ankieta.docx"))
    assert '"Imię i nazwisko"' in folder.site.run("zapisyctl", "learn", mail).expect(0).out


def test_words_that_libconfig_would_take_for_its_own(folder, tmp_path):
    blank = tmp_path / "b.txt"
    blank.write_text('Imię i nazwisko: ......\nNazwa "skrócona" \\ firmy: ......\nTelefon // komórka: .....\n',
                     encoding="utf-8")
    folder.learn(blank)
    (answer,) = folder.read(blank)
    assert len(answer["labels"]) == 3


@pytest.mark.parametrize("name, content, word", [
    ("list.txt", "Szanowni Państwo, zapraszamy.\n".encode(), "no question"), ("nic.docx", b"", "no question"),
    ("zepsuty.docx", b"PK\x03\x04 damaged", "no question")])
def test_nothing_to_learn(site, tmp_path, name, content, word):
    path = tmp_path / name
    path.write_bytes(content)
    done = site.run("zapisyctl", "learn", path)
    assert done.code == 1 and word in done.err and not done.out, done


def test_a_file_that_is_not_there(site, tmp_path):
    done = site.run("zapisyctl", "learn", tmp_path / "nie-ma.docx")
    assert done.code not in (0, 64, 78) and "nie-ma.docx" in done.err and not done.out


@pytest.mark.parametrize("arguments", [
    ["learn"], ["learn", "a.docx", "b.docx"], ["learn", "--title"], ["learn", "--title", "...", "a.docx"],
    ["learn", "--model", "a.docx"], ["learn", "--json", "a.docx"]])
def test_typed_wrongly(site, arguments):
    done = site.run("zapisyctl", *arguments)
    assert done.code == 64 and done.err and not done.out, done
