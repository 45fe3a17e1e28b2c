# SPDX-License-Identifier: GPL-3.0-or-later
"""samples/mails, and the way they reach a mailbox: in rounds, since some of them answer letters of ours."""
import email
import email.policy
import json
import re

from .dates import at
from .zapisy import ROOT

FOLDER = ROOT / "samples" / "mails"
PLACE = re.compile(rb"\{\{(\w+)\}\}")
ENCODINGS = ("utf-8", "windows-1250")


class Sample:
    """One mail of the folder and what stands in its .json."""

    def __init__(self, path):
        self.name = path.stem
        self.template = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        self.expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        self.when = at(self.expected["internaldate"])
        self.message = email.message_from_bytes(self.template, policy=email.policy.default)
        self.message_id = self.message["Message-ID"].strip()
        self.uid = None

    def __repr__(self):
        return f"<sample {self.name}>"

    @property
    def answers(self):
        return self.expected.get("answers")

    @property
    def private(self):
        return self.expected["private"]

    @property
    def statuses(self):
        """Those of its registrations, always as a list."""
        status = self.expected.get("status") or []
        return status if isinstance(status, list) else [status]

    @property
    def sender(self):
        """(name, address) as a mail program shows them."""
        first = self.message["From"].addresses[0]
        return first.display_name, first.addr_spec

    @property
    def subject(self):
        """Raw 8-bit subjects are what old mail programs wrote: windows-1250."""
        line = re.search(rb"^Subject: *(.*(?:\r\n[ \t].*)*)", self.template, re.M | re.I).group(1)
        if line.isascii():
            return str(self.message["Subject"])
        return next(text for text in map(lambda e: _decoded(line, e), ENCODINGS) if text is not None)

    def filled(self, letter=None):
        """Its bytes, the places filled from the letter it answers."""
        values = places(letter) if letter else {}
        return PLACE.sub(lambda found: values[found.group(1).decode()], self.template)


def _decoded(raw, encoding):
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def places(letter):
    """What a mail program takes from a letter when it is answered or its link is followed."""
    subject = re.search(rb"^Subject: *(.*(?:\r?\n[ \t].*)*)", letter.raw, re.M | re.I).group(1)
    found = {"letter_message_id": letter.message_id.encode(), "letter_subject": re.sub(rb"\r?\n", b"", subject).strip()}
    token = re.search(r"^\s*REZYGNACJA (\S+)\s*$", letter.text, re.M)
    if token:
        found["token"] = token.group(1).encode()
    return found


def load():
    """All samples in the order of arrival."""
    found = [Sample(path) for path in sorted(FOLDER.glob("*.eml"))]
    assert found, f"no samples in {FOLDER}"
    return found


def rounds(samples):
    """Cut where a mail answers a letter that the same round would have to bring first."""
    parts = [[]]
    for sample in samples:
        if sample.answers in [earlier.name for earlier in parts[-1]]:
            parts.append([])
        parts[-1].append(sample)
    return parts


def letters_for(sample, letters):
    """Those of the letters that answer this mail."""
    return [letter for letter in letters if letter["In-Reply-To"] == sample.message_id]


def deliver(site, part, samples, letters):
    """One round arrives in the site's mailbox. letters: all that applicants have received by now."""
    by_name = {sample.name: sample for sample in samples}
    mails = []
    for sample in part:
        answered = letters_for(by_name[sample.answers], letters) if sample.answers else [None]
        assert answered, f"{sample.name} answers the letter to {sample.answers}, and none has arrived"
        mails.append((sample.filled(answered[0]), sample.when))
    for sample, uid in zip(part, site.dovecot.append_many(site.user, mails)):
        sample.uid = uid
    return mails
