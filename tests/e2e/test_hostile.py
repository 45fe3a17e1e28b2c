# SPDX-License-Identifier: GPL-3.0-or-later
"""Broken, hostile and unreadable mail: held or other, with a reason; the next one goes on."""
import io
import os
import signal
import threading
import time
import zipfile

import pytest

from harness import mails, proc
from harness.docx import docx, pack, paragraph

GOOD = "dobry@example.org"


def with_a_good_one_behind(site, raw, timeout=60):
    """The strange mail's row; the form behind it must be registered all the same."""
    site.deliver(raw, "2012-01-20 10:00")
    site.deliver(mails.form_mail(GOOD, mails.someone(9)), "2012-01-20 10:01")
    site.once(timeout=timeout)
    assert site.row(sender=GOOD)["status"] == "accepted", "the next mail goes on"
    assert site.letter(to=GOOD).outcome == "accepted"
    row = next(m for m in site.mail() if m["uid"] == 1)
    assert row["reason"]
    site.status()
    return row


def held(site, address="a@example.org"):
    """It keeps its time, has a place, was answered, and a person is told."""
    row = site.row(sender=address)
    assert (row["status"], row["counted_at"]) == ("held", "2012-01-20T10:00:00+01:00")
    assert row["place"] == "seat"
    assert site.letter(to=address).outcome == "held"
    assert [item["ref"] for item in site.review()] == [row["ref"]]


def test_a_scan_is_held_and_told(site):
    raw = mails.attached_mail("a@example.org", b"\xff\xd8\xff\xe0\x00\x10JFIF" + os.urandom(20000), "skan.jpg", "image/jpeg")
    row = with_a_good_one_behind(site, raw)
    assert (row["class"], row["outcome"]) == ("unreadable", "registered")
    held(site)


def test_a_picture_in_private_mail_is_nobodys_form(site):
    raw = mails.attached_mail("a@example.org", b"\xff\xd8\xff\xe0" + os.urandom(2000), "DSC0001.jpg", "image/jpeg",
                              subject="zdjęcia", text="patrz\r\n")
    row = with_a_good_one_behind(site, raw)
    assert (row["class"], row["outcome"]) == ("other", "ignored")


def bomb():
    """A .docx whose document unpacks to 200 MB of nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * (200 << 20))
    return out.getvalue()


def laughs():
    """Entities that grow to gigabytes."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    document = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "cha">{entities}]><d>&l9;</d>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", document)
    return out.getvalue()


def crowd():
    """More files than an archive may have."""
    out = io.BytesIO(docx(mails.form_rows(mails.person())))
    with zipfile.ZipFile(out, "a") as archive:
        for n in range(500):
            archive.writestr(f"word/media/{n}.txt", "x")
    return out.getvalue()


DOCUMENTS = {
    "cut": lambda: docx(mails.form_rows(mails.person()))[:900],
    "not-xml": lambda: pack("<w:p><w:r></w:p>"),
    "noise": lambda: b"PK\x03\x04" + os.urandom(5000),
    "empty": lambda: b"",
    "bomb": bomb,
    "laughs": laughs,
    "crowd": crowd,
    "binary-doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(5000),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_bad_document_is_held(site, kind):
    with_a_good_one_behind(site, mails.attached_mail("a@example.org", DOCUMENTS[kind](), "ankieta.docx"))
    held(site)


def test_a_blank_form_registers_nobody(site):
    with open(os.path.join(site.conf, "forms", "ankieta.docx"), "rb") as f:
        raw = mails.attached_mail("a@example.org", f.read(), "ankieta.docx")
    with_a_good_one_behind(site, raw)
    assert [r for r in site.list() if r["sender"] == "a@example.org" and r["place"] == "seat"
            and r["status"] == "accepted"] == []
    letter = site.letter(to="a@example.org")
    assert letter.outcome == "held"
    assert "formularz przyszedł jednak pusty" in " ".join(letter.text.lower().split())
    assert site.row(sender="a@example.org")["fields"] == {}


def nested(depth):
    part = mails.body_part("dno\r\n")
    for n in range(depth):
        part = mails.multipart("mixed", [part], boundary=f"b{n}")
    return part


MAILS = {
    "empty": lambda: b"\r\n",
    "no-headers": lambda: b"\r\ntylko tresc\r\n",
    "headers-only": lambda: mails.headers("x@example.com", subject="nic"),
    "no-from": lambda: b"Subject: bez nadawcy\r\nMessage-ID: <1@x>\r\n\r\ntresc\r\n",
    "bad-from": lambda: mails.headers("x@example.com").replace(b"From: x@example.com", b"From: <<<@@@>>>") + b"\r\nx\r\n",
    "nul-bytes": lambda: mails.headers("x@example.com", subject="zera") + b"\r\n" + b"\x01\x02\xff\xfe" * 500 + b"\r\n",
    "deep": lambda: mails.headers("x@example.com", subject="glebia") + nested(100),
    "many-parts": lambda: mails.headers("x@example.com", subject="tlum") + mails.multipart(
        "mixed", [mails.body_part("x\r\n") for _ in range(1000)]),
    "no-boundary": lambda: mails.headers("x@example.com") + b"Content-Type: multipart/mixed\r\n\r\ntresc\r\n",
    "bad-base64": lambda: mails.headers("x@example.com", subject="b64")
        + b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!====\r\n",
    "long-header": lambda: mails.headers("x@example.com", more=[("X-Long", "a" * 400_000)]) + b"\r\nx\r\n",
    "many-headers": lambda: mails.headers("x@example.com", more=[(f"X-{n}", "a" * 60) for n in range(5000)]) + b"\r\nx\r\n",
    "unknown-charset": lambda: mails.headers("x@example.com", subject="cs")
        + b"Content-Type: text/plain; charset=klingon-1\r\n\r\n\xb1\xe6\xea\r\n",
    "bad-date": lambda: mails.headers("x@example.com").replace(b"Date: ", b"Date: jutro ") + b"\r\nx\r\n",
}


@pytest.mark.parametrize("kind", MAILS)
def test_a_broken_mail_does_not_stop_the_next(site, kind):
    row = with_a_good_one_behind(site, MAILS[kind]())
    assert row["outcome"] in ("ignored", "review", "registered", "noted")
    assert [r["sender"] for r in site.list() if r["status"] == "accepted"] == [GOOD]


def test_a_mail_over_the_limit_is_held_if_meant_as_a_registration(make_site):
    site = make_site(settings={"limits": {"message_mb": 1}})
    raw = mails.attached_mail("a@example.org", os.urandom(2 << 20), "ankieta.docx")
    with_a_good_one_behind(site, raw)
    held(site)


def test_a_large_private_mail_is_left_alone(make_site):
    site = make_site(settings={"limits": {"message_mb": 1}})
    raw = mails.attached_mail("x@example.com", os.urandom(2 << 20), "film.avi", "video/avi", subject="film", text="patrz\r\n")
    row = with_a_good_one_behind(site, raw)
    assert (row["class"], row["outcome"]) == ("other", "ignored")


def test_a_document_that_takes_too_long_costs_only_itself(make_site):
    """More text than the reader's second of CPU and its memory allow."""
    site = make_site(settings={"limits": {"reader_cpu_seconds": 1, "reader_mb": 64}})
    cells = "".join(paragraph(f"{n:x} " * 40) for n in range(60_000))
    with_a_good_one_behind(site, mails.attached_mail("a@example.org", pack(cells), "ankieta.docx"), timeout=120)
    row = next(m for m in site.mail() if m["uid"] == 1)
    assert (row["class"], row["outcome"]) in (("unreadable", "registered"), ("form", "registered"))


def kill_readers(pid, stop, killed):
    """Those that have something in hand: a child reads it for them."""
    while not stop.is_set():
        for child in [c for c in proc.named_descendants(pid, "zapisy-read") if proc.descendants(c)]:
            try:
                os.kill(child, signal.SIGKILL)
                killed.append(child)
            except ProcessLookupError:
                pass
        time.sleep(0.01)


def test_a_reader_killed_again_and_again_costs_one_message(site):
    """Whoever kills the reader while it has this message: it is held, and the service goes on."""
    cells = "".join(paragraph(f"{n:x} " * 20) for n in range(20_000))
    with site.service("2012-01-20 12:00") as service:
        stop, killed = threading.Event(), []
        killer = threading.Thread(target=kill_readers, args=(service.process.pid, stop, killed))
        killer.start()
        try:
            site.deliver(mails.attached_mail("a@example.org", pack(cells), "ankieta.docx"), "2012-01-20 10:00")
            service.wait_for(lambda: len(site.mail()) == 1 and site.mail()[0]["outcome"], "the message's outcome", 60)
        finally:
            stop.set()
            killer.join()
        assert killed
        site.deliver(mails.form_mail(GOOD, mails.someone(9)), "2012-01-20 10:01")
        service.wait_for(lambda: site.letters(to=GOOD), "the next answer", 60)
        (item,) = site.review()
        assert [r["status"] for r in site.list() if r["ref"] == item["ref"]] in ([], ["held"]), "a person looks"
    assert site.row(sender=GOOD)["status"] == "accepted"


def test_held_seats_are_bounded(make_site):
    """At most two a sender, and a fifth of the room; beyond that it keeps its time only."""
    site = make_site(event={"seats": 20})
    for n in range(4):
        site.deliver(mails.attached_mail("a@example.org", b"\xff\xd8\xff\xe0" + os.urandom(500), f"ankieta{n}.jpg",
                                         "image/jpeg"), f"2012-01-20 10:0{n}")
    for n in range(5):
        site.deliver(mails.attached_mail(mails.address(n), b"\xff\xd8\xff\xe0" + os.urandom(500), "ankieta.jpg",
                                         "image/jpeg"), f"2012-01-20 10:1{n}")
    site.once()
    rows = site.list()
    assert [r["status"] for r in rows] == ["held"] * 9
    assert len([r for r in rows if r["sender"] == "a@example.org" and r["place"] == "seat"]) == 2
    assert len([r for r in rows if r["place"] == "seat"]) == 4
