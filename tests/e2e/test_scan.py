# SPDX-License-Identifier: GPL-3.0-or-later
"""Faxed pages through zapisy-pages: what of their words and marks is seen, and what is said when nothing can be."""
import json
import os
import pathlib
import subprocess

from test_pdf import PROGRAM, SIGNS
from corpus import Corpus
from reader import Program, event
from table import FOLDER


def look(name, **environment):
    done = subprocess.run([str(PROGRAM), str(FOLDER / "scans" / name)], capture_output=True, timeout=300,
                          env={**os.environ, **environment})
    assert done.returncode == 0, done.stderr.decode()
    document = json.loads(done.stdout)["document"]
    lines = ["".join("".join(SIGNS[m] for m in run.get("marks", []) if m == "strike") + run["text"] + "|"
                     for run in block.get("runs", [])) for block in document["blocks"]]
    return lines, document["problems"]


def test_a_word_alone_in_its_cell():
    """Without the "NIE" above it, a cross would be a yes."""
    lines, _ = look("columns.tif")
    at = lines.index("Pytanie|")
    assert lines[at:at + 3] == ["Pytanie|", "TAK|", "NIE|"], lines
    assert sum(line.lower() == "x|" for line in lines) == 3, lines


def test_half_of_a_word_is_struck():
    lines, _ = look("half.tif")
    assert lines[-1] == "TAK/|sNIE|", lines


def test_no_languages_are_told(tmp_path):
    lines, problems = look("half.tif", TESSDATA_PREFIX=str(tmp_path))
    assert not lines and problems == ["text recognition is not installed on this machine, a person reads it"]


def test_recognition_is_loaded_by_the_first_picture():
    def waiting():  # its files lie open, unread
        return "pol.traineddata" in pathlib.Path(f"/proc/{pages.process.pid}/maps").read_text()

    def words(name):
        pages.send({"op": "document", "id": 1, "part": -1, "name": name},
                   (FOLDER / name).read_bytes())
        answer = pages.receive()
        assert answer["op"] == "document" and answer["readings"], answer
        return answer

    pages = Program("zapisy-pages")
    pages.send({"op": "event", "event": event(Corpus(FOLDER).load("fields.json", []))})
    assert words("dots_a1.pdf") and waiting(), "a PDF of text needs none"
    first = words("scans/grid_a1.fax196.tif")
    assert not waiting()
    assert words("scans/grid_a1.fax196.tif") == first and first["readings"][0]["reading"]["people"]
    pages.close()
    assert pages.process.returncode == 0
