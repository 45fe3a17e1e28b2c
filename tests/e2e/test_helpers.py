# SPDX-License-Identifier: GPL-3.0-or-later
"""Helpers that break down, lie or are of another version: nothing is lost, and the keeper believes none of them."""
import os
import shutil

import pytest

from harness import mails
from harness.zapisy import program, rfc3339

GREETING = '{"op":"hello","program":"%s","version":"%s"}'

BROKEN = """#!/usr/bin/python3
import json, socket, sys
keeper = socket.socket(fileno=0)
keeper.send(b'''%(greeting)s''')
while True:
    data, fds, _, _ = socket.recv_fds(keeper, 1 << 20, 4)
    if not data:
        sys.exit(0)
    record = json.loads(data)
    %(reaction)s
"""


@pytest.fixture
def broken(tmp_path):
    """The programs under test, one of them replaced by something broken."""
    def make(name, reaction="pass", version="0.1.0"):
        folder = tmp_path / "bin"
        shutil.copytree(os.path.dirname(program("zapisyd")), folder)
        path = folder / name
        path.unlink()
        path.write_text(BROKEN % {"greeting": GREETING % (name, version), "reaction": reaction})
        path.chmod(0o755)
        return str(folder / "zapisyd")
    return make


def once(site, binary, now="2012-01-20 12:00"):
    site.now = now
    return site.run("zapisyd", "-c", site.file, "--now", rfc3339(now), "--once", binary=binary, timeout=60)


def test_a_helper_of_another_version(site, broken):
    result = once(site, broken("zapisy-send", version="9.9")).expect(75)
    assert "zapisy-send" in result.err and "restart" in result.err


def test_a_mail_that_always_kills_the_reader_goes_to_a_person(site, broken):
    binary = broken("zapisy-read", "record['op'] == 'message' and sys.exit(3)")
    site.deliver(mails.form_mail("a@example.org"))
    once(site, binary).expect(0, 75)
    (row,) = site.mail()
    assert (row["class"], row["outcome"]) == ("unreadable", "review") and row["reason"]
    assert len(site.review()) == 1
    site.deliver(mails.form_mail("b@example.org"), "2012-01-20 12:30")
    site.once("2012-01-20 13:00")
    assert site.row(sender="b@example.org")["status"] == "accepted"


LIES = [
    # people that no form has, values that no reader writes
    {"op": "message", "mail": {}, "readings": []},
    {"op": "message", "mail": {"message_id": "x" * 100_000}, "readings": []},
    {"op": "message", "mail": None, "readings": [{"event": "none", "reading": {}, "mentions": True}]},
    {"op": "document", "readings": []},
    {"op": "message", "mail": {"subject": "\ud83d\ude00", "from": "a@example.org\r\nRCPT TO:<b@example.org>"}, "readings": []},
]


@pytest.mark.parametrize("lie", range(len(LIES)))
def test_a_lying_reader_registers_nobody(site, broken, lie):
    binary = broken("zapisy-read", f"record['op'] == 'message' and keeper.send(json.dumps({{**{LIES[lie]!r}, "
                                   "'id': record['id']}).encode())")
    site.deliver(mails.form_mail("a@example.org"))
    once(site, binary).expect(0, 75)
    assert site.list() == []
    assert [m["outcome"] for m in site.mail()] in (["review"], ["ignored"])
    assert [l for l in site.letters() if l.outcome != "digest"] == []


def test_a_sender_that_dies_leaves_no_letter_in_doubt_unsaid(site, broken):
    binary = broken("zapisy-send", "record['op'] == 'letter' and sys.exit(3)")
    site.deliver(mails.form_mail("a@example.org"))
    once(site, binary).expect(75)
    letters = [l for l in site.outbox() if l["kind"] == "accepted"]
    assert [l["state"] for l in letters] in (["uncertain"], ["queued"])
    site.once("2012-01-20 13:00")
    assert [l.to for l in site.letters() if l.outcome == "accepted"] == ["a@example.org"]


def test_a_fetch_that_hands_over_no_sealed_bytes(site, broken):
    binary = broken("zapisy-fetch", """record['op'] == 'open' and keeper.send(
        b'{"op":"mailbox","uidvalidity":1,"uidnext":2,"exists":1,"keywords":true}') and keeper.send(
        b'{"op":"message","uidvalidity":1,"uid":1,"internaldate":1326973500,"size":9,"whole":true}')""")
    result = once(site, binary).expect(75)
    assert "zapisy-fetch" in result.err
    assert site.list() == [] and site.mail() == []
