#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads all forms with zapisy-read (in ZAPISY_BIN) and prints how many fields are right, a format and layout a line."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from reader import Reader, event  # noqa: E402
from score import Score  # noqa: E402

FOLDER = pathlib.Path(__file__).parent
LAYOUTS = ("table", "dots", "sdt", "legacy", "grid", "next", "ctl")
FORMATS = ("docx", "doc", "odt", "xlsx", "wrd.rtf", "rtf", "olk.html", "html", "txt")
APPLICANTS = ("a1", "a2", "a3")


def load(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def layouts(kind):
    """Those that there are in the format."""
    return [layout for layout in LAYOUTS if (FOLDER / f"{layout}_blank.{kind}").exists()]


def measure(reader, kind, layout, with_blank):
    """The score of one layout in one format, and the reading of its blank form."""
    truth, score = load("truth.json"), Score()
    blank = FOLDER / f"{layout}_blank.{kind}"
    reader.set_event(event(load("fields.json")), blank if with_blank else None)
    for applicant in APPLICANTS:
        path = FOLDER / f"{layout}_{applicant}.{kind}"
        score.add(path.name, truth[f"{layout}_{applicant}"], reader.document(path))
    return score, reader.document(blank)


def main():
    with Reader() as reader:
        for kind, layout in ((kind, layout) for kind in FORMATS for layout in layouts(kind)):
            score, _ = measure(reader, kind, layout, True)
            print(f"{kind:9} {layout:7} {score.right:3} of {score.asked} right, "
                  f"{len(score.wrong)} wrong but sure, {len(score.lacking)} not read")
            for name, key, got, want in score.wrong + score.lacking:
                print(f"    {name}: {key}: {got!r} for {want!r}")


if __name__ == "__main__":
    main()
