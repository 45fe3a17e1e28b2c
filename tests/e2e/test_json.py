# SPDX-License-Identifier: GPL-3.0-or-later
"""The shapes that scripts rely on, name by name."""
import json

import pytest

from harness import mails
from harness.zapisy import OUTCOMES

LIST = {"ref": str, "event": str, "status": str, "place": str, "position": (int, type(None)), "channel": str,
        "counted_at": str, "on_time": bool, "sender": str, "fields": dict, "message_id": str, "flags": list}
MAIL = {"uid": int, "uidvalidity": int, "message_id": str, "class": str, "outcome": str, "ref": (str, type(None)),
        "refs": list, "counted_at": str, "reason": str}
OUTBOX = {"id": int, "kind": str, "to": str, "ref": (str, type(None)), "outcome": str, "state": str, "attempts": int,
          "last_error": (str, type(None)), "message_id": str}
EVENT = {"id": str, "seats": int, "accepted": int, "held": int, "offered": int, "waitlisted": int, "incomplete": int,
         "late": int, "refused": int, "cancelled": int, "deadline": str}
STATES = ("queued", "sending", "sent", "failed", "uncertain", "on-hold")
CLASSES = ("form", "completion", "change", "cancel", "confirm", "command", "request", "reply", "unreadable", "robot",
           "bounce", "list", "own", "old", "other")


def has(row, shape):
    for name, kind in shape.items():
        assert name in row, f"{name} is missing in {row}"
        assert isinstance(row[name], kind), f"{name} is {row[name]!r}"
        assert not (kind is int and isinstance(row[name], bool)), f"{name} is a bool"


@pytest.fixture
def busy(site):
    """One of everything."""
    site.set_event(seats=1)
    site.deliver(mails.form_mail("a@example.org", mails.someone(1), identity="<a@example.org>"), "2012-01-20 09:00")
    site.deliver(mails.form_mail("b@example.org", mails.someone(2)), "2012-01-20 09:01")
    site.deliver(mails.form_mail("c@example.org", mails.person(consent=None)), "2012-01-20 09:02")
    site.deliver(mails.form_mail("d@example.org", mails.someone(4), more=[("Precedence", "bulk")]), "2012-01-20 09:03")
    site.deliver(mails.text_mail("mama@example.com", "Cześć\r\n", subject="obiad"), "2012-01-20 09:04")
    site.once()
    return site


def test_the_programs_that_look_leak_nothing(busy):
    for command in ("list", "mail", "outbox", "review", "status"):
        busy.json(command, leaks=True)
    busy.json("show", busy.list()[0]["ref"], leaks=True)


def test_list(busy):
    rows = busy.list()
    for row in rows:
        has(row, LIST)
        assert row["place"] in ("seat", "waiting", "none")
    assert {(r["status"], r["place"], r["position"]) for r in rows} == {
        ("accepted", "seat", None), ("waitlisted", "waiting", 1), ("incomplete", "none", None)}


def test_mail(busy):
    rows = busy.mail()
    assert len(rows) == 5
    for row in rows:
        if row["class"] == "other":
            has(row, {k: v for k, v in MAIL.items() if k in ("uid", "uidvalidity", "class", "outcome", "refs", "reason")})
            assert (row["ref"], row["refs"]) == (None, [])
        else:
            has(row, MAIL)
        assert row["class"] in CLASSES and row["outcome"] in OUTCOMES
        assert row["reason"], "each outcome has a reason"
    assert [r["uid"] for r in rows] == sorted(r["uid"] for r in rows), "in order of first sight"
    first = busy.handled("<a@example.org>")
    assert (first["counted_at"], first["refs"]) == ("2012-01-20T09:00:00+01:00", [first["ref"]])


def test_outbox(busy):
    rows = [l for l in busy.outbox() if l["kind"] != "digest"]
    assert len(rows) == 3
    for row in rows:
        has(row, OUTBOX)
        assert row["state"] == "sent"


def test_status(busy):
    status = busy.status()
    (event,) = status["events"]
    has(event, EVENT)
    assert event["deadline"] == "2012-01-23T16:00:00+01:00"
    assert {k: event[k] for k in ("seats", "accepted", "waitlisted", "incomplete", "held", "refused")} == {
        "seats": 1, "accepted": 1, "waitlisted": 1, "incomplete": 1, "held": 0, "refused": 0}
    assert {k: v for k, v in status["balance"].items() if v} == {
        "fetched": 5, "registered": 3, "review": 1, "ignored": 1, "balanced": True}
    assert set(OUTCOMES) <= set(status["balance"])
    assert set(STATES) <= set(status["outbox"])
    assert status["outbox"]["sent"] >= 3
    assert isinstance(status["mailbox"], dict) and status["mailbox"]["state"]


def test_review(busy):
    (item,) = busy.review()
    assert isinstance(item["id"], int) and item["event"] == "model-wspolpracy"


def test_an_empty_register(site):
    site.once()
    assert (site.list(), site.mail(), site.review()) == ([], [], [])
    assert site.status()["balance"]["fetched"] == 0


def test_json_is_utf8_and_nothing_else(busy):
    out = busy.ctl("list", "--json").out
    assert json.loads(out) and "Błażej" in out, "letters stand as they are"
