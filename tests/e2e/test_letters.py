# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters: headers, facts, calendar, language; one a mail."""
import email.utils
import re

import pytest

from harness import mails
from harness.dates import at

PRIVACY = "administratorem danych podanych w formularzu"


def answered(site, fields=None, when="2012-01-20 11:05", sender="a@example.org", **options):
    site.deliver(mails.form_mail(sender, fields or mails.person(), identity="<form@example.org>", **options), when)
    site.once(max(site.now, when))
    return site.letter(to=sender)


def test_headers(site):
    letter = answered(site)
    row = site.row(sender="a@example.org")
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["X-Auto-Response-Suppress"] == "All"
    assert letter["In-Reply-To"] == "<form@example.org>"
    assert "<form@example.org>" in letter["References"].split()
    assert letter["X-Zapisy-Ref"] == row["ref"]
    assert letter["X-Zapisy-Outcome"] == "accepted"
    assert letter["MIME-Version"] == "1.0"
    assert letter.to == "a@example.org"
    assert letter.sender == mails.COORDINATOR
    assert re.fullmatch(r"<[^<>@\s]{22,}@[^<>@\s]+>", letter.message_id), "128 random bits are a proof"
    assert email.utils.parsedate_to_datetime(letter["Date"]) is not None
    assert row["ref"] in letter.subject and "Model współpracy JST & NGO" in letter.subject


def test_references_go_on(site):
    letter = answered(site, more=[("References", "<a@example.org> <b@example.org>"), ("In-Reply-To", "<b@example.org>")])
    assert letter["References"].split() == ["<a@example.org>", "<b@example.org>", "<form@example.org>"]


def test_the_text_is_utf8_and_lines_are_short(site):
    letter = answered(site)
    assert letter.text_part().get_content_charset() == "utf-8"
    assert max(map(len, letter.raw.split(b"\r\n"))) <= 998
    assert b"\0" not in letter.raw
    assert "{{" not in letter.text and "}}" not in letter.text


def test_facts(site):
    fields = mails.person()
    letter = answered(site, fields)
    for fact in (site.row(sender="a@example.org")["ref"], "Model współpracy JST & NGO", "26 stycznia 2012", "9:00", "15:00",
                 "Wałbrzych, ul. Sienkiewicza 2/7", "materiały szkoleniowe", "przerwy kawowe", "ciepły posiłek",
                 "20 stycznia 2012", "11:05"):
        assert fact in letter.words, f"the letter must say {fact}:\n{letter.text}"
    for key in ("name", "organisation", "sector", "position", "email", "diet"):
        assert fields[key] in letter.words, f"the letter must repeat {key}:\n{letter.text}"
    assert "746651122" in re.sub(r"[ -]", "", letter.text)


def test_privacy_notice_in_the_first_letter_only(site):
    assert PRIVACY in answered(site).words
    site.deliver(mails.form_mail("a@example.org"), "2012-01-20 12:30")
    site.once("2012-01-20 13:00")
    second = site.letters(to="a@example.org")[1]
    assert second.outcome == "duplicate"
    assert PRIVACY not in second.words


def test_the_calendar_of_an_accepted_seat(site):
    letter = answered(site)
    assert letter.calendar_value("METHOD") == "PUBLISH"
    assert letter.calendar_value("DTSTART") == "20120126T080000Z"
    assert letter.calendar_value("DTEND") == "20120126T140000Z"
    assert "Model współpracy JST & NGO" in letter.calendar_value("SUMMARY")
    assert "Sienkiewicza 2/7" in letter.calendar_value("LOCATION")
    assert letter.calendar_value("UID")
    raw = next(p for p in letter.message.walk() if p.get_content_type() == "text/calendar").get_payload(decode=True)
    assert raw.count(b"\n") == raw.count(b"\r\n") and max(map(len, raw.split(b"\r\n"))) <= 75, "RFC 5545 3.1"


@pytest.mark.parametrize("outcome", ["late", "incomplete", "waitlisted", "refused", "held"])
def test_every_answer_but_accepted(make_site, outcome):
    """Its facts and headers; no calendar, since there is no seat."""
    event = {"waitlisted": {"seats": 1}, "refused": {"seats": 1, "waitlist": 0}}.get(outcome, {})
    site = make_site(event=event)
    when, fields = "2012-01-20 11:05", mails.person()
    if event:
        site.deliver(mails.form_mail("pierwszy@example.org", mails.someone(5)), "2012-01-20 09:00")
    if outcome == "late":
        when = "2012-01-24 11:05"
    if outcome == "incomplete":
        fields = mails.person(organisation=None)
    if outcome == "held":
        site.deliver(mails.attached_mail("a@example.org", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8, "ankieta.jpg",
                                         "image/jpeg", identity="<form@example.org>"), when)
        site.once()
        letter = site.letter(to="a@example.org")
    else:
        letter = answered(site, fields, when)
    assert letter.outcome == outcome
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["In-Reply-To"] == "<form@example.org>"
    assert letter.calendar is None
    assert letter.ref == site.row(sender="a@example.org")["ref"]
    for fact in (letter.ref, "Model współpracy JST & NGO", "26 stycznia 2012", f"{at(when).day} stycznia 2012", "11:05"):
        assert fact in letter.words, f"the letter must say {fact}:\n{letter.text}"
    assert PRIVACY in letter.words
    assert letter.cancel_link()


def test_the_waiting_letter_says_the_position(make_site):
    site = make_site(event={"seats": 1})
    for n in range(4):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n)), f"2012-01-20 10:0{n}")
    site.once()
    for n in range(1, 4):
        assert re.search(rf"(?<![\w-]){n}(?![\w-])", site.letter(to=mails.address(n)).words), "the position in words"


def test_one_letter_a_mail(site):
    site.deliver(mails.form_mail("biuro@example.org", [mails.someone(n) for n in range(5)]))
    site.once()
    assert len(site.list()) == 5
    letter, = site.letters()
    assert letter.outcome == "group"
    assert "Zgłoszenie wpłynęło: 20 stycznia 2012, 11:05:00" in letter.words


def test_english_where_the_event_says_so(site):
    site.set_event(language="en")
    letter = answered(site)
    assert "January" in letter.words and "stycznia" not in letter.words
    assert letter.outcome == "accepted"
    assert letter.cancel_link()[1].split()[0].isupper()


def test_a_form_cannot_write_our_headers(site):
    """Line ends and places in a value stay inside the text."""
    letter = answered(site, mails.person(diet="{{ref}} \x0b%s Bcc: ofiara@example.com"))
    assert letter["Bcc"] is None
    assert "{{ref}}" in letter.words, "filled in a single pass"


def test_a_strange_sender_gets_no_second_recipient(site, smtp):
    raw = mails.form_mail("a@example.org").replace(b"From: a@example.org", b"From: a@example.org, b@example.com")
    site.deliver(raw)
    site.once()
    assert all(len(m.recipients) == 1 for m in smtp.messages)
