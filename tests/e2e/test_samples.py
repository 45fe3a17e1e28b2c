# SPDX-License-Identifier: GPL-3.0-or-later
"""Every mail of samples/ through real servers, compared with the .json beside it."""
import datetime

import pytest

from harness import samples
from harness.mails import LABELS
from harness.smtp import SmtpServer
from harness.zapisy import Site

NAMES = sorted(path.stem for path in samples.FOLDER.glob("*.eml"))


class Seen:
    """What was to be seen after the round of one sample."""

    def __init__(self, sample, raw, rows, mail, letters):
        self.sample, self.raw, self.rows, self.letters = sample, raw, rows, letters
        self.mail = next((m for m in mail if m["uid"] == sample.uid), None)

    @property
    def people(self):
        """The registrations this mail is about, in its order."""
        return [next(r for r in self.rows if r["ref"] == ref) for ref in self.mail["refs"]]


def play(site):
    """All rounds; returns a Seen for each sample by name."""
    every = samples.load()
    seen = {}
    for part in samples.rounds(every):
        mails = samples.deliver(site, part, every, site.letters())
        site.once(part[-1].when + datetime.timedelta(minutes=1))
        rows, mail, letters = site.list(), site.mail(), site.letters()
        for sample, (raw, _) in zip(part, mails):
            seen[sample.name] = Seen(sample, raw, rows, mail, letters)
    return seen


@pytest.fixture(scope="module")
def played(dovecot, authority):
    with SmtpServer(authority) as smtp, Site(dovecot, smtp) as site:
        yield site, play(site)


@pytest.mark.parametrize("name", NAMES)
def test_class_and_outcome(played, name):
    seen = played[1][name]
    assert seen.mail, "it is not in zapisyctl mail"
    expected = seen.sample.expected
    assert (seen.mail["class"], seen.mail["outcome"]) == (expected["class"], expected["outcome"]), seen.mail["reason"]


@pytest.mark.parametrize("name", NAMES)
def test_register(played, name):
    seen = played[1][name]
    expected = seen.sample.expected
    if "status" in expected or expected["outcome"] == "ignored":
        assert [r["status"] for r in seen.people] == seen.sample.statuses
    if expected["people"]:
        assert [r["fields"] for r in seen.people] == expected["people"]
    assert {flag for r in seen.people for flag in r["flags"]} == set(expected.get("flags", []))
    if expected["outcome"] in ("registered", "completed"):
        for row in seen.people:
            assert row["sender"] == seen.sample.sender[1].lower()
            assert datetime.datetime.fromisoformat(row["counted_at"]) == seen.sample.when


@pytest.mark.parametrize("name", NAMES)
def test_letter(played, name):
    seen = played[1][name]
    expected = seen.sample.expected
    letters = samples.letters_for(seen.sample, seen.letters)
    assert [l.outcome for l in letters] == ([expected["letter"]] if expected["letter"] else [])
    for letter in letters:
        assert letter.to == seen.sample.sender[1].lower()
        for key in expected.get("missing", []):
            assert LABELS[key] in letter.words, f"it must ask for {LABELS[key]}:\n{letter.text}"
        for person in expected["people"]:
            assert person["name"] in letter.words, f"it must name {person['name']}:\n{letter.text}"


def test_private_mail_is_untouched(played):
    site, seen = played
    flags, raw = site.flags(), dict(site.dovecot.messages(site.user))
    store = b"".join(site.store_files().values())
    for one in seen.values():
        uid = one.sample.uid
        assert raw[uid] == one.raw, f"{one.sample.name} changed"
        if one.sample.private:
            assert flags[uid] == set(), f"{one.sample.name} was marked: {flags[uid]}"
            assert site.letters(to=one.sample.sender[1]) == []
            for line in one.raw.split(b"\r\n\r\n", 1)[1].split(b"\r\n"):
                assert len(line) < 20 or line not in store, f"{one.sample.name} is in the store: {line!r}"


def test_registration_mail_is_marked_and_stays_unread(played):
    site, seen = played
    flags = site.flags()
    for one in seen.values():
        assert "\\Seen" not in flags[one.sample.uid], one.sample.name
        if one.sample.expected["outcome"] in ("registered", "updated", "completed", "cancelled"):
            assert flags[one.sample.uid], f"{one.sample.name} bears no keyword"


def test_nothing_else_was_written_and_everything_adds_up(played):
    site, seen = played
    wanted = {one.sample.message_id for one in seen.values() if one.sample.expected["letter"]}
    assert {l["In-Reply-To"] for l in site.letters()} == wanted
    assert site.status()["balance"]["fetched"] == len(NAMES)


def test_a_second_run_changes_nothing(played):
    site, _ = played
    before, count = site.list(), len(site.letters())
    site.once()
    assert (site.list(), len(site.letters())) == (before, count)
