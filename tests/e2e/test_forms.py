# SPDX-License-Identifier: GPL-3.0-or-later
"""The reader against forms whose answers are known: tests/forms."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "forms"))

import more  # noqa: E402
from reader import Reader, event  # noqa: E402
from score import Score  # noqa: E402
from table import layouts, load, measure  # noqa: E402

# Right fields in percent. Text has lost the strikes that decide "TAK / NIE", LibreOffice's HTML some of them, its RTF
# the boxes.
LEAST = {
    "docx": 99.5,
    "doc": 98.5,
    "odt": 99.5,
    "xlsx": 99.5,
    "wrd.rtf": 99.5,
    "rtf": 92,
    "olk.html": 99.5,
    "html": 95,
    "txt": 88,
}


@pytest.fixture(scope="module")
def reader():
    with Reader() as started:
        yield started


@pytest.mark.parametrize("with_blank", [True, False], ids=["blank known", "labels only"])
@pytest.mark.parametrize("kind", LEAST)
def test_forms(reader, kind, with_blank):
    right = asked = 0
    for layout in layouts(kind):
        score, blank = measure(reader, kind, layout, with_blank)
        assert blank["blank"] and not blank["people"], f"{layout}_blank.{kind} is read as {blank}"
        assert not score.wrong, "wrong but sure: " + "; ".join(map(str, score.wrong))
        right += score.right
        asked += score.asked
    assert 100 * right / asked >= LEAST[kind], f"{right} of {asked} right"


@pytest.mark.parametrize("with_blank", [True, False], ids=["blank known", "labels only"])
@pytest.mark.parametrize("kind", more.WRITERS)
def test_further_layouts(reader, tmp_path, kind, with_blank):
    score = Score()
    for layout, applicant, content, truth in more.forms(kind):
        path = tmp_path / f"{layout}_{applicant}.{kind}"
        path.write_bytes(content)
        if applicant == "blank":
            reader.set_event(event(load("fields.json")), path if with_blank else None)
            reading = reader.document(path)
            assert reading["blank"] and not reading["people"], f"{path.name} is read as {reading}"
        else:
            score.add(path.name, truth, reader.document(path))
    assert not score.wrong, "wrong but sure: " + "; ".join(map(str, score.wrong))
    assert score.percent >= 99, f"{score.right} of {score.asked} right, not {score.lacking}"
