# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a letter when the SMTP server says later, no, or nothing."""
from harness import mails

ADDRESS = "osoba1@example.org"


def one_form(site):
    site.deliver(mails.form_mail(ADDRESS, mails.someone(1)), "2012-01-20 10:00")


def outbox(site):
    """The one letter that is no digest."""
    (letter,) = [l for l in site.outbox() if l["kind"] != "digest"]
    return letter


def test_sent(site):
    one_form(site)
    site.once("2012-01-20 10:30")
    letter = outbox(site)
    assert (letter["state"], letter["attempts"], letter["to"]) == ("sent", 1, ADDRESS)
    assert letter["message_id"] == site.letter().message_id
    assert (letter["ref"], letter["outcome"]) == (site.list()[0]["ref"], "accepted")


def test_later_is_tried_again_after_a_while(site, smtp):
    one_form(site)
    smtp.fault("recipient", "450 4.2.1 mailbox busy", recipient=ADDRESS)
    site.once("2012-01-20 10:30", code=75)
    first = outbox(site)
    assert (first["state"], first["attempts"]) == ("queued", 1)
    assert "450" in first["last_error"] or "4.2.1" in first["last_error"], first
    assert site.keeper("--once", now="2012-01-20 10:30:20").code in (0, 75)
    assert outbox(site)["attempts"] == 1, "not at once: it backs off"
    site.once("2012-01-20 11:30")
    second = outbox(site)
    assert (second["state"], second["attempts"]) == ("sent", 2)
    assert second["message_id"] == first["message_id"] == site.letter().message_id


def test_the_wait_grows(site, smtp):
    one_form(site)
    smtp.fault("data", "451 4.3.0 later", times=3, recipient=ADDRESS)
    tries = []
    for minute in range(0, 50, 2):
        site.keeper("--once", now=f"2012-01-20 10:{minute:02d}").expect(0, 75)
        tries.append(outbox(site)["attempts"])
    waits = [tries.index(n + 1) - tries.index(n) for n in range(1, max(tries))]
    assert max(tries) >= 3 and waits == sorted(waits) and waits[0] < waits[-1], f"attempts every two minutes: {tries}"


def test_no_is_no(site, smtp):
    one_form(site)
    smtp.fault("recipient", "550 5.1.1 no such user", recipient=ADDRESS)
    site.once("2012-01-20 10:30")
    letter = outbox(site)
    assert (letter["state"], letter["attempts"]) == ("failed", 1)
    assert "550" in letter["last_error"] or "5.1.1" in letter["last_error"]
    site.once("2012-01-20 12:00")
    assert outbox(site)["attempts"] == 1
    assert site.row(sender=ADDRESS)["status"] == "accepted", "a seat is not lost by a letter"
    assert site.status()["outbox"]["failed"] == 1


def test_one_letter_in_trouble_does_not_stop_the_others(site, smtp):
    for n in range(4):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n)), f"2012-01-20 10:0{n}")
    smtp.fault("recipient", "550 5.1.1 no such user", recipient=mails.address(0))
    smtp.fault("recipient", "450 4.2.1 busy", recipient=mails.address(2))
    site.once("2012-01-20 10:30", code=75)
    assert sorted(l.to for l in site.letters()) == [mails.address(1), mails.address(3)]


def copies(smtp):
    """All that was taken for the applicant, cut lines included."""
    return [m.raw for m in smtp.messages if ADDRESS in m.recipients]


def test_silence_after_the_dot_is_uncertain_and_repeated_once(site, smtp):
    one_form(site)
    smtp.drop_after_dot(recipient=ADDRESS)
    site.keeper("--once", now="2012-01-20 10:30").expect(0, 75)
    assert outbox(site)["state"] == "uncertain"
    site.keeper("--once", now="2012-01-20 10:40").expect(0, 75)
    assert len(copies(smtp)) == 1, "not before a quarter of an hour"
    site.once("2012-01-20 10:46")
    assert outbox(site)["state"] == "sent"
    first, second = copies(smtp)
    assert first == second, "byte for byte the same"


def test_silence_twice_is_for_a_person(site, smtp):
    one_form(site)
    smtp.drop_after_dot(times=5, recipient=ADDRESS)
    for now in ("2012-01-20 10:30", "2012-01-20 11:30", "2012-01-20 12:30", "2012-01-21 12:30"):
        site.keeper("--once", now=now).expect(0, 75)
    assert len(copies(smtp)) == 2
    assert outbox(site)["state"] == "uncertain"
    smtp.heal()
    site.ctl("outbox", "retry", str(outbox(site)["id"]))
    site.once("2012-01-21 13:00")
    assert outbox(site)["state"] == "sent"
    assert len(set(copies(smtp))) == 1


def test_one_connection_for_many_letters(site, smtp):
    for n in range(20):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n)), f"2012-01-20 10:{n:02d}")
    site.once("2012-01-20 10:30")
    assert len(site.letters()) == 20
    assert smtp.connections <= 3, f"{smtp.connections} connections"


def test_drop_and_pause(site):
    site.once("2012-01-20 09:00")
    site.ctl("pause")
    one_form(site)
    site.deliver(mails.form_mail("b@example.org", mails.someone(2)), "2012-01-20 10:10")
    site.keeper("--once", now="2012-01-20 10:30").expect(0, 75)
    assert site.letters() == [], "paused: nothing leaves"
    assert len(site.list()) == 2, "but all is registered"
    unwanted = next(l for l in site.outbox() if l["to"] == "b@example.org")
    site.ctl("outbox", "drop", str(unwanted["id"]))
    site.ctl("resume")
    site.once("2012-01-20 11:00")
    assert [l.to for l in site.letters()] == [ADDRESS]


def test_retry_of_a_failed_letter(site, smtp):
    one_form(site)
    smtp.fault("recipient", "550 5.1.1 no such user", recipient=ADDRESS)
    site.once("2012-01-20 10:30")
    site.ctl("outbox", "retry", str(outbox(site)["id"]))
    site.once("2012-01-20 10:35")
    assert outbox(site)["state"] == "sent"
    assert site.letter().to == ADDRESS
