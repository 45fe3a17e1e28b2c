# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder of forms whose answers are known: files LAYOUT_APPLICANT.EXT, also in folders below, applicant "blank" for
the form as it is sent out; truth.json: LAYOUT_APPLICANT to its fields, or to a list of people; accept.json, if it is
there: the same to other values that are as good; the event beside the files or above them: fields.json (the list of
its fields) or event.conf."""
import functools
import json
import pathlib

import libconf
from reader import event

# Where a format has no blank of its own, the blank in another serves.
BLANKS = ("docx", "odt", "doc", "xlsx", "pdf")


class Form:
    def __init__(self, path):
        self.path = path
        self.name, _, self.kind = path.name.partition(".")
        self.layout, _, self.applicant = self.name.rpartition("_")


class Corpus:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.truth = self.load("truth.json", {})
        self.accept = self.load("accept.json", {})
        paths = sorted(path for path in self.folder.rglob("*_*.*") if path.is_file())
        forms = [form for form in map(Form, paths) if form.name in self.truth or form.applicant == "blank"]
        self.filled = [form for form in forms if form.applicant != "blank"]
        self.blanks = {(form.layout, form.kind): form.path for form in forms if form.applicant == "blank"}

    def load(self, name, otherwise):
        path = self.folder / name
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else otherwise

    @property
    def kinds(self):
        return sorted({form.kind for form in self.filled})

    @property
    def layouts(self):
        return list(dict.fromkeys(name.rpartition("_")[0] for name in self.truth))

    def of(self, layout, kind):
        return [form for form in self.filled if (form.layout, form.kind) == (layout, kind)]

    def blank(self, layout, kind):
        """"dots_ft" was made from the blank of "dots"."""
        for name in (layout, layout.partition("_")[0]):
            for other in (kind, *BLANKS):
                if (name, other) in self.blanks:
                    return self.blanks[name, other]
        return None

    def event(self, path):
        for folder in path.parents:
            if (folder / "fields.json").exists() or (folder / "event.conf").exists():
                return described(folder)
            if folder == self.folder:
                break
        raise FileNotFoundError(f"no event for {path}")


@functools.cache
def described(folder):
    if (folder / "fields.json").exists():
        return event(json.loads((folder / "fields.json").read_text(encoding="utf-8")))
    conf = libconf.load(folder / "event.conf")
    return event(conf["form"]["fields"], conf["id"], conf["title"])
