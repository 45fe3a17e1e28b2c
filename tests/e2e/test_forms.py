# SPDX-License-Identifier: GPL-3.0-or-later
"""The reader against forms whose answers are known: tests/forms."""
import functools
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "forms"))

import more  # noqa: E402
from corpus import Corpus  # noqa: E402
from reader import Reader, event  # noqa: E402
from score import Score  # noqa: E402
from table import FOLDER, Figures, measure_kind  # noqa: E402

CORPUS = Corpus(FOLDER)
# Right fields in percent, a format a number; raise them when the reader has become better.
FLOORS = CORPUS.load("floors.json", {})
FIELDS = CORPUS.load("fields.json", [])


@pytest.fixture(scope="module")
def reader():
    with Reader(twin=True) as started:
        yield started


@functools.cache
def measured(kind):
    return list(measure_kind(CORPUS, kind, twin=True).values())


def test_every_format_has_its_floor():
    assert set(CORPUS.kinds) == set(FLOORS["forms"]) and set(more.WRITERS) == set(FLOORS["further layouts"])


@pytest.mark.parametrize("twin", [0, 1], ids=["blank known", "labels only"])
@pytest.mark.parametrize("kind", CORPUS.kinds)
def test_forms(kind, twin):
    figures = Figures()
    for both in measured(kind):
        figures += both[twin]
    assert not figures.from_blanks, f"values from blank forms: {figures.from_blanks}"
    assert not figures.unknown_blanks, f"blank forms that are not known as such: {figures.unknown_blanks}"
    assert not figures.wrong, "wrong but sure: " + "; ".join(map(str, figures.wrong))
    assert figures.percent >= FLOORS["forms"][kind], f"{figures.right} of {figures.asked} right: {figures.lacking}"


@pytest.mark.parametrize("kind", more.WRITERS)
def test_further_layouts(reader, tmp_path, kind):
    both = Score(), Score()
    for layout, applicant, content, truth in more.forms(kind):
        path = tmp_path / f"{layout}_{applicant}.{kind}"
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
        assert score.percent >= FLOORS["further layouts"][kind], f"{score.right} of {score.asked}, not {score.lacking}"


def test_how_forms_are_compared():
    """As shared by whoever judges a reading."""
    def scored(truth, *people, **more_of_it):
        score = Score()
        people = [{"fields": {k: {"value": v, "confidence": c} for k, (v, c) in p.items()}} for p in people]
        score.add("x", truth, {"people": people}, **more_of_it)
        return score.right, score.asked, len(score.wrong), len(score.lacking)

    assert scored({"telefon": "600 100 200"}, {"telefon": ("+48600100200", 1)}) == (1, 1, 0, 0)
    assert scored({"telefon": "15 861 00 00 wew. 17"}, {"telefon": ("+48158610000;ext=17", 1)}) == (1, 1, 0, 0)
    assert scored({"a": "Łódź, ul. X\n5", "b": "", "data": "x"}, {"a": ("łódź ul. X 5", 1)}) == (2, 2, 0, 0)
    assert scored({"a": "x"}, {"a": ("y", 0.8)}) == (0, 1, 1, 0)
    assert scored({"a": "x"}, {"a": ("y", 0.7)}) == (0, 1, 0, 1)
    assert scored({"a": "x"}, {"a": ("z", 1)}, accept={"a": ["y", "z"]}) == (1, 1, 0, 0)
    assert scored([{"a": "x"}, {"a": "y"}], {"a": ("x", 1)}, {"a": ("y", 1)}) == (2, 2, 0, 0)
    assert scored([{"a": "x"}], {"a": ("x", 1)}, {"a": ("y", 1)}) == (1, 2, 1, 0), "a person too many"
    assert scored([{"a": "x"}, {"a": "y"}], {"a": ("x", 1)}) == (1, 2, 0, 1), "a person too few"
