# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom it never answers, and how much it sends at most."""
import pytest

from harness import mails
from harness.letter import Letter

NEWSLETTER = [("List-Unsubscribe", "<mailto:wypisz@example.com>"), ("List-Id", "Nowiny <nowiny.example.com>")]

ROBOTS = {
    "auto-replied": [("Auto-Submitted", "auto-replied")],
    "auto-generated": [("Auto-Submitted", "auto-generated")],
    "x-autoreply": [("X-Autoreply", "yes")],
    "apple": [("X-Apple-Action", "VACATION/3")],
    "bulk": [("Precedence", "bulk")],
    "junk": [("Precedence", "junk")],
    "auto_reply": [("Precedence", "auto_reply")],
    "hundred-received": [("Received", f"from a by b{n}.example.net; Fri, 20 Jan 2012 10:00:00 +0100") for n in range(100)],
}
LISTS = {
    "list-id": [("List-Id", "<nowiny.example.com>")],
    "list-unsubscribe": NEWSLETTER,
    "list-post": [("List-Post", "<mailto:nowiny@example.com>")],
    "precedence": [("Precedence", "list")],
}
LIST_SENDERS = ["MAILER-DAEMON@example.com", "owner-nowiny@example.com", "nowiny-request@example.com",
                "listserv@example.com"]


def handle(site, raw):
    """The one mail, handled: its mail --json row."""
    site.deliver(raw)
    site.once()
    (row,) = site.mail()
    return row


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_robot_is_ignored(site, kind):
    row = handle(site, mails.text_mail("robot@example.com", "Jestem poza biurem.\r\n", more=ROBOTS[kind]))
    assert (row["class"], row["outcome"]) == ("robot", "ignored")
    assert site.letters() == []


@pytest.mark.parametrize("subject", ["Automatyczna odpowiedź: Ankieta zgłoszeniowa", "Odpowiedź automatyczna: Re",
                                     "Out of Office: model współpracy", "Autoreply: model współpracy"])
def test_vacation_subjects(site, subject):
    row = handle(site, mails.text_mail("jan@example.com", "Jestem na urlopie do 30 stycznia.\r\n", subject=subject))
    assert (row["class"], row["outcome"]) == ("robot", "ignored")
    assert site.letters() == []


@pytest.mark.parametrize("kind", [k for k in ROBOTS if k != "hundred-received"])
def test_a_form_from_a_robot_is_reviewed_never_answered(site, kind):
    row = handle(site, mails.form_mail("robot@example.com", more=ROBOTS[kind]))
    assert (row["class"], row["outcome"]) == ("robot", "review")
    assert site.letters() == []
    assert len(site.review()) == 1, "a suppressed answer never drops a form"
    assert [r for r in site.list() if r["place"] == "seat"] == []


def test_a_hundred_received_lines_are_a_loop(site):
    row = handle(site, mails.form_mail("robot@example.com", more=ROBOTS["hundred-received"]))
    assert (row["class"], row["outcome"]) == ("robot", "ignored")


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_is_ignored_and_its_form_reviewed(site, kind):
    site.deliver(mails.text_mail("nowiny@example.com", "Nowości stycznia.\r\n", more=LISTS[kind]))
    site.deliver(mails.form_mail("jan@example.com", more=LISTS[kind]))
    site.once()
    news, form = site.mail()
    assert (news["class"], news["outcome"]) == ("list", "ignored")
    assert (form["class"], form["outcome"]) == ("list", "review")
    assert site.letters() == []


@pytest.mark.parametrize("sender", LIST_SENDERS)
def test_list_servers_are_not_answered(site, sender):
    row = handle(site, mails.text_mail(sender, "You are subscribed.\r\n"))
    assert row["class"] in ("list", "bounce") and row["outcome"] in ("ignored", "noted")
    assert site.letters() == []


def test_x_auto_response_suppress_alone_is_a_person(site):
    row = handle(site, mails.form_mail("a@example.org", more=[("X-Auto-Response-Suppress", "All")]))
    assert (row["class"], row["outcome"]) == ("form", "registered")
    assert site.letter().outcome == "accepted"


def test_auto_submitted_no_is_a_person(site):
    row = handle(site, mails.form_mail("a@example.org", more=[("Auto-Submitted", "no")]))
    assert (row["class"], row["outcome"]) == ("form", "registered")


def test_a_person_who_writes_of_a_holiday_is_a_person(site):
    fields = mails.person(position="kierownik (do 20.01 na urlopie, zastępuje Jan Sowa)")
    row = handle(site, mails.form_mail("a@example.org", fields))
    assert (row["class"], row["outcome"]) == ("form", "registered")


def test_a_null_return_path_is_a_bounce(site):
    row = handle(site, mails.text_mail("ktos@example.com", "cokolwiek\r\n", more=[("Return-Path", "<>")]))
    assert (row["class"], row["outcome"]) == ("bounce", "noted")
    assert site.letters() == []


def test_a_bounce_of_our_letter_cancels_nobody(site):
    site.deliver(mails.form_mail("a@example.org"), "2012-01-20 10:00")
    site.once("2012-01-20 10:30")
    row = site.row(sender="a@example.org")
    site.deliver(mails.bounce(site.letter(), "a@example.org"), "2012-01-20 11:00")
    site.once()
    after = site.row(sender="a@example.org")
    assert (after["status"], after["place"]) == ("accepted", "seat")
    bounce = site.mail()[-1]
    assert (bounce["class"], bounce["outcome"], bounce["ref"]) == ("bounce", "noted", row["ref"])
    assert len(site.letters()) == 1


def test_our_own_letters_are_never_answered(site):
    site.deliver(mails.form_mail("a@example.org"), "2012-01-20 10:00")
    site.once("2012-01-20 10:30")
    site.deliver(site.letter().raw, "2012-01-20 11:00")
    site.once()
    own = site.mail()[-1]
    assert (own["class"], own["outcome"]) == ("own", "ignored")
    assert len(site.letters()) == 1


def test_our_letter_in_an_answer_does_not_hide_a_person(site):
    """A foreign mail that claims our X-Zapisy-Ref is not ours: that ref is not in our outbox."""
    row = handle(site, mails.form_mail("a@example.org", more=[("X-Zapisy-Ref", "MW-ZZZZ")]))
    assert row["outcome"] in ("registered", "review")


def test_two_services_writing_to_each_other_stop(make_site):
    """Each gets the other's letters as if a person had sent them."""
    one, two = make_site(), make_site()
    one.deliver(mails.form_mail(mails.COORDINATOR), "2012-01-20 10:00")
    for turn in range(4):
        for here, there in ((one, two), (two, one)):
            known = len(here.smtp.messages)
            here.once(f"2012-01-20 1{turn}:30")
            for taken in here.smtp.messages[known:]:
                if taken.letter.outcome != "digest":
                    there.deliver(taken.raw, f"2012-01-20 1{turn}:45")
    assert len(one.smtp.letters()) - len([l for l in one.smtp.letters() if l.outcome == "digest"]) <= 2


def test_a_request_without_a_form_is_reviewed(site):
    row = handle(site, mails.text_mail("a@example.org", "Dzień dobry,\r\nchciałbym zapisać się na szkolenie.\r\n",
                                       subject="model współpracy"))
    assert (row["class"], row["outcome"]) == ("request", "review")
    assert site.letters() == []
    assert len(site.review()) == 1


def test_a_forged_sender_is_asked_and_takes_no_seat(make_site):
    site = make_site(settings={"mailbox": {"authserv_id": "mx.rcwip.pl"}})
    fail = [("Authentication-Results", "mx.rcwip.pl; dmarc=fail header.from=example.org")]
    fake = [("Authentication-Results", "mx.inny.example; dmarc=fail header.from=example.org")]
    site.deliver(mails.form_mail("a@example.org", mails.someone(1), more=fail, identity="<f@example.org>"))
    site.deliver(mails.form_mail("b@example.org", mails.someone(2), more=fake))
    site.once()
    forged = site.row(sender="a@example.org")
    assert (forged["status"], forged["place"]) == ("held", "none")
    letter = site.letter(to="a@example.org")
    for value in (mails.someone(1)["name"], mails.someone(1)["organisation"]):
        assert value not in letter.words, "a confirmation request tells no details"
    assert site.row(sender="b@example.org")["status"] == "accepted", "only our own server is believed"


# --- caps

def duplicates(site, people, when):
    for n in range(people):
        site.deliver(mails.form_mail("biuro@example.org", mails.someone(n)), when)


def states(site):
    return sorted(l["state"] for l in site.outbox() if l["kind"] != "digest")


def test_answers_to_one_address_are_bounded(make_site):
    site = make_site(settings={"limits": {"answers_per_address_day": 1}})
    duplicates(site, 3, "2012-01-20 09:00")
    site.once("2012-01-20 09:30")
    assert [l.outcome for l in site.letters()] == ["accepted"] * 3, "first answers are free"
    duplicates(site, 3, "2012-01-20 10:00")
    site.once("2012-01-20 10:30")
    assert [l.outcome for l in site.letters()] == ["accepted"] * 3 + ["duplicate"]
    assert states(site) == ["on-hold", "on-hold"] + ["sent"] * 4
    site.once("2012-01-20 11:00")
    assert len(site.letters()) == 4, "they stay on hold while the window is full"
    held = next(l for l in site.outbox() if l["state"] == "on-hold")
    site.ctl("outbox", "retry", str(held["id"]))
    site.once("2012-01-20 11:30")
    assert len(site.letters()) == 5, "the coordinator may let one go"
    site.once("2012-01-21 12:00")
    assert len(site.letters()) == 6, "the next day allows one more"


def test_answers_in_an_hour_are_bounded(make_site):
    site = make_site(settings={"limits": {"answers_per_hour": 2}})
    for hour in (9, 10):
        for n in range(4):
            site.deliver(mails.form_mail(mails.address(n), mails.someone(n)), f"2012-01-20 {hour:02d}:00")
        site.once(f"2012-01-20 {hour:02d}:30")
    assert [l.outcome for l in site.letters()].count("duplicate") == 2
    site.once("2012-01-20 11:45")
    assert [l.outcome for l in site.letters()].count("duplicate") == 4


def test_new_registrations_in_an_hour_are_bounded(make_site):
    site = make_site(settings={"limits": {"new_per_hour": 2}})
    for n in range(3):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n)), f"2012-01-20 10:0{n}")
    site.once("2012-01-20 10:30")
    assert [r["status"] for r in site.list()] == ["accepted"] * 3, "registrations are never bounded"
    assert len(site.letters()) == 2
    assert "on-hold" in states(site)
    site.once("2012-01-20 11:45")
    assert len(site.letters()) == 3


def test_letters_are_letters(site):
    """The harness's own view of a letter agrees with the SMTP server's."""
    site.deliver(mails.form_mail("a@example.org"))
    site.once()
    (taken,) = [m for m in site.smtp.messages if m.letter.ref]
    assert Letter(taken.raw).to == taken.recipients[0]
    assert taken.raw.count(b"\n") == taken.raw.count(b"\r\n"), "only CRLF line ends leave"
