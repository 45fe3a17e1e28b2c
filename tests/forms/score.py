# SPDX-License-Identifier: GPL-3.0-or-later
"""How a reading is compared with the truth of a form.

Values are the same when they agree without case, outer punctuation, commas, line ends and repeated blanks;
telephones by their digits without +48, extensions apart; TAK and yes, NIE and no alike. An empty truth wants an
absent field. The places for date and signature are not compared.
"""
import re
import unicodedata

SURE = 0.8
SKIPPED = ("data", "podpis")
PHONES = ("telefon", "phone")
YES, NO = ("tak", "yes"), ("nie", "no")


def same_form(key, value):
    text = unicodedata.normalize("NFC", value).replace("\u00a0", " ")
    text = re.sub(r"[\s,]+", " ", text).strip(" .;").casefold()
    if key in PHONES:
        number, _, extension = re.sub(r";?\s*(wew|ext|w)[.=: ]*", "x", text).partition("x")
        digits = re.sub(r"\D", "", number)
        if len(digits) == 11 and digits.startswith("48"):
            digits = digits[2:]
        return f"{digits}x{extension}" if extension else digits
    return "tak" if text in YES else "nie" if text in NO else text


class Score:
    def __init__(self):
        self.right = self.asked = 0
        self.wrong = []  # surely wrong: the only thing that must never be
        self.lacking = []

    def add(self, name, truth, reading):
        fields = reading["people"][0]["fields"] if reading["people"] else {}
        for person in reading["people"][1:]:
            self.wrong.append((name, "a person too many", person["fields"], None))
        for key, want in truth.items():
            if key in SKIPPED:
                continue
            got = fields.get(key)
            self.asked += 1
            if same_form(key, got["value"] if got else "") == same_form(key, want):
                self.right += 1
            elif got and got["confidence"] >= SURE:
                self.wrong.append((name, key, got["value"], want))
            else:
                self.lacking.append((name, key, got and got["value"], want))

    @property
    def percent(self):
        return 100 * self.right / self.asked if self.asked else 0
