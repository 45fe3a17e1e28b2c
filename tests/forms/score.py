# SPDX-License-Identifier: GPL-3.0-or-later
"""How a reading is compared with the truth of a form.

Values are the same when they agree without case, outer punctuation, commas, line ends and repeated blanks;
telephones by their digits without +48, extensions apart; TAK and yes, NIE and no alike. An empty truth wants an
absent field; of some fields other values are as good (accept). The places for date and signature are not compared.
Several people: a list of truths, in the order of the form; a person too many is wrong.
"""
import re
import unicodedata

SURE = 0.8
SKIPPED = ("data", "podpis")
PHONES = ("telefon", "phone", "mobile", "komorka")
YES, NO = ("tak", "yes", "true"), ("nie", "no", "false")


def same_form(key, value):
    text = unicodedata.normalize("NFC", str(value)).replace("\u00a0", " ")
    text = re.sub(r"[\s,]+", " ", text).strip(" .;").casefold()
    if key in PHONES:
        number, _, extension = re.sub(r";?\s*(wew|ext|w)[.=: ]*", "x", text).partition("x")
        digits = re.sub(r"\D", "", number)
        if len(digits) == 11 and digits.startswith("48"):
            digits = digits[2:]
        extension = re.sub(r"\D", "", extension)
        return f"{digits}x{extension}" if extension else digits
    return "tak" if text in YES else "nie" if text in NO else text


def as_list(value):
    return value if isinstance(value, list) else [value]


class Score:
    def __init__(self):
        self.right = self.asked = 0
        self.wrong = []  # surely wrong: the only thing that must never be
        self.lacking = []

    def add(self, name, truth, reading, accept=None):
        """accept: {key: value or values as good as the truth's}, or a list of such, one a person."""
        truths, people = as_list(truth), reading["people"]
        accepts = accept if isinstance(accept, list) else [accept] * len(truths)
        for i, one in enumerate(truths):
            self.add_person(name, one, people[i]["fields"] if i < len(people) else {}, accepts[i] or {})
        for person in people[len(truths):]:
            self.asked += 1
            self.wrong.append((name, "a person too many", {k: v["value"] for k, v in person["fields"].items()}, None))

    def add_person(self, name, truth, fields, accept):
        for key, want in truth.items():
            if key in SKIPPED:
                continue
            got = fields.get(key)
            good = {same_form(key, value) for value in [want, *as_list(accept.get(key, []))]}
            self.asked += 1
            if same_form(key, got["value"] if got else "") in good:
                self.right += 1
            elif got and got["confidence"] >= SURE:
                self.wrong.append((name, key, got["value"], want))
            else:
                self.lacking.append((name, key, got and got["value"], want))

    def __iadd__(self, other):
        self.right += other.right
        self.asked += other.asked
        self.wrong += other.wrong
        self.lacking += other.lacking
        return self

    @property
    def percent(self):
        return 100 * self.right / self.asked if self.asked else 0
