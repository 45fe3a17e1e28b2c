#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads forms whose answers are known with the programs in ZAPISY_BIN and prints how much of them is right: a layout a
line, a format a column. Operands: further folders (corpus.py says what is in them). -v: what was not read, too."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from corpus import Corpus  # noqa: E402
from reader import ROOT, Reader  # noqa: E402
from score import Score  # noqa: E402

FOLDER = pathlib.Path(__file__).parent
ORDER = ("docx", "doc", "odt", "xlsx", "ods", "wrd.rtf", "rtf", "olk.html", "html", "txt", "eml", "pdf")


class Figures(Score):
    """A score with what else is measured."""

    def __init__(self):
        super().__init__()
        self.from_blanks, self.unknown_blanks, self.seconds, self.peak_mb = [], [], [], 0

    def add_blank(self, name, reading):
        if not reading["blank"]:
            self.unknown_blanks.append(name)
        self.from_blanks += [(name, key, value["value"]) for person in reading["people"]
                             for key, value in person["fields"].items()]

    def __iadd__(self, other):
        super().__iadd__(other)
        self.from_blanks += other.from_blanks
        self.unknown_blanks += other.unknown_blanks
        self.seconds += other.seconds
        self.peak_mb = max(self.peak_mb, other.peak_mb)
        return self


def timed(reader, path, figures):
    start = time.perf_counter()
    readings = reader.documents(path)
    figures.seconds.append(time.perf_counter() - start)
    return readings


def measure(reader, corpus, layout, kind):
    """What one layout in one format gives: figures with the blank form known, and those of the reader's twin."""
    both, forms = [Figures() for _ in range(1 + reader.twin)], corpus.of(layout, kind)
    reader.set_event(corpus.event(forms[0].path), corpus.blank(layout, kind))
    for form in forms:
        for figures, reading in zip(both, timed(reader, form.path, both[0])):
            figures.add(form.path.name, corpus.truth[form.name], reading, corpus.accept.get(form.name))
    blank = corpus.blanks.get((layout, kind))
    if blank:
        for figures, reading in zip(both, timed(reader, blank, both[0])):
            figures.add_blank(blank.name, reading)
    return both


def measure_kind(corpus, kind, twin=False):
    """All layouts that there are in one format."""
    with Reader(twin) as reader:
        found = {layout: measure(reader, corpus, layout, kind) for layout in corpus.layouts if corpus.of(layout, kind)}
    for both in found.values():
        both[0].peak_mb = reader.peak_mb
    return found


def all_of(corpus):
    return {(layout, kind): figures for kind in corpus.kinds
            for layout, (figures,) in measure_kind(corpus, kind).items()}


def samples():
    """Those of samples/ that are forms, through zapisyctl and the default event, as a coordinator reads them."""
    program = pathlib.Path(os.environ.get("ZAPISY_BIN") or ROOT / "build" / "bin") / "zapisyctl"
    found = {}
    for path in sorted((ROOT / "samples").glob("*/*.json")):
        known = json.loads(path.read_text(encoding="utf-8"))
        file = next(other for other in path.parent.glob(f"{path.stem}.*") if other != path)
        if known.get("class") != "form" or not known.get("people"):
            continue
        start = time.perf_counter()
        done = subprocess.run([program, "-c", ROOT / "conf" / "zapisyd.conf", "read", "--json", file],
                              capture_output=True, check=True)
        figures = found.setdefault(("samples", file.suffix[1:]), Figures())
        figures.seconds.append(time.perf_counter() - start)
        figures.add(file.name, [person.get("fields", person) for person in known["people"]], json.loads(done.stdout))
    return found


# ---- telling

def in_order(kinds):
    return sorted(kinds, key=lambda kind: (ORDER.index(kind) if kind in ORDER else len(ORDER), kind))


def print_line(head, cells):
    print(f"{head:16}" + "".join(f"{cell:>10}" for cell in cells))


def total(found, kind):
    figures = Figures()
    for (_, other), part in found.items():
        if other == kind:
            figures += part
    return figures


def print_table(title, found):
    kinds = in_order({kind for _, kind in found})
    totals = [total(found, kind) for kind in kinds]
    print(f"\n{title}: fields right, in percent")
    print_line("", kinds)
    for layout in dict.fromkeys(layout for layout, _ in found):
        print_line(layout, [f"{found[layout, kind].percent:.1f}" if (layout, kind) in found else "" for kind in kinds])
    print_line("all", [f"{figures.percent:.1f}" for figures in totals])
    print_line("of fields", [figures.asked for figures in totals])
    print_line("wrong but sure", [len(figures.wrong) for figures in totals])
    print_line("from blanks", [len(figures.from_blanks) for figures in totals])
    print_line("ms a document", [f"{1000 * statistics.median(figures.seconds):.1f}" for figures in totals])
    print_line("MB at most", [f"{figures.peak_mb:.0f}" if figures.peak_mb else "" for figures in totals])
    return totals


def print_faults(totals, all_of_them):
    for figures in totals:
        for name, key, got, want in figures.wrong:
            print(f"    WRONG BUT SURE  {name}: {key}: {got!r} for {want!r}")
        for name, key, got in figures.from_blanks:
            print(f"    FROM A BLANK    {name}: {key}: {got!r}")
        for name in figures.unknown_blanks:
            print(f"    not known as a blank form: {name}")
        for name, key, got, want in figures.lacking if all_of_them else ():
            print(f"    not read        {name}: {key}: {got!r} for {want!r}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("-v", "--verbose", action="store_true", help="also what was not read")
    arguments.add_argument("folder", nargs="*", help="further folders of forms")
    chosen = arguments.parse_args()
    for title, found in [("tests/forms", all_of(Corpus(FOLDER))), ("samples (through zapisyctl)", samples())] + [
            (folder, all_of(Corpus(folder))) for folder in chosen.folder]:
        print_faults(print_table(title, found), chosen.verbose)


if __name__ == "__main__":
    main()
