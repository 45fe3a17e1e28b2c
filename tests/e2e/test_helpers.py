# SPDX-License-Identifier: GPL-3.0-or-later
"""Helpers that break down, lie or are of another version: nothing is lost, and the keeper believes none of them."""
import contextlib
import os
import sqlite3

import pytest

from harness import mails
from harness.zapisy import rfc3339

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


def test_a_password_that_cannot_be_read_yet(site):
    """--once says that it must be tried again; the service looks for it again and finds it."""
    for name in ("imap-password", "smtp-password"):
        path = os.path.join(os.path.dirname(site.file), name)
        os.rename(path, path + ".away")
    site.deliver(mails.form_mail("a@example.org"))
    with site.service("2012-01-20 12:00") as service:
        service.wait_for(lambda: "smtp-password" in service.log() and "imap-password" in service.log(), "both errors")
        for name in ("imap-password", "smtp-password"):
            path = os.path.join(os.path.dirname(site.file), name)
            os.rename(path + ".away", path)
        service.wait_for(lambda: [l for l in site.letters() if l.to == "a@example.org"], "the letter", 60)


def test_once_without_a_password_is_to_be_tried_again(site):
    os.unlink(os.path.join(os.path.dirname(site.file), "imap-password"))
    site.keeper("--once").expect(75, 78)


def test_once_ends_where_somebody_else_holds_the_store(site):
    site.deliver(mails.form_mail("a@example.org"))
    site.once("2012-01-20 11:30")
    site.deliver(mails.form_mail("b@example.org"))
    with contextlib.closing(sqlite3.connect(site.store, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        site.keeper("--once", now="2012-01-20 12:00", timeout=120).expect(75)
        db.execute("ROLLBACK")
    site.once("2012-01-20 12:30")
    assert site.row(sender="b@example.org")["status"] == "accepted"


def test_once_ends_where_the_reader_does_not_start(site, broken):
    binary = broken("zapisy-read")
    with open(os.path.join(os.path.dirname(binary), "zapisy-read"), "w", encoding="ascii") as f:
        f.write("#!/bin/sh\nexit 3\n")
    site.deliver(mails.form_mail("a@example.org"))
    assert "zapisy-read ended with status 3" in once(site, binary).expect(75).err
    site.once("2012-01-20 13:00")
    assert site.row(sender="a@example.org")["status"] == "accepted"


def test_a_private_mail_that_kills_the_reader_is_not_kept_nor_marked(site, broken):
    """Nothing is known of it: a person is told to look at it in the mailbox, where it stays as it was."""
    site.deliver(mails.text_mail("przyjaciel@example.net", "Idziemy na obiad?", subject="Obiad"))
    once(site, broken("zapisy-read", "record['op'] == 'message' and sys.exit(3)")).expect(0, 75)
    assert len(site.review()) == 1 and list(site.flags().values()) == [set()]
    with contextlib.closing(sqlite3.connect(site.store)) as db:
        assert db.execute("SELECT count(*) FROM message_raw").fetchone() == (0,)
