# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines without a mark that answer each of our letters, and floods: after a word or two it stays silent."""
import email.utils

import pytest

from harness import mails

ADDRESS = "osoba1@example.org"
FIELDS = mails.someone(1)


def answers(letter, text, proof=True, subject=None, more=()):
    """What a machine sends back, looking like a person."""
    marks = [("In-Reply-To", letter.message_id), ("References", letter.message_id)] if proof else []
    return mails.text_mail(ADDRESS, text.replace("\n", "\r\n"), subject=subject or "Re: " + letter.subject,
                           more=[*marks, *more])


def ping_pong(site, machine, turns=5, first=None):
    """Each letter of ours is answered by machine(letter); returns what we sent in all."""
    site.deliver(first or mails.form_mail(ADDRESS, FIELDS), "2012-01-20 09:00")
    seen = 0
    for turn in range(turns):
        site.once(f"2012-01-20 {10 + turn}:00")
        letters = site.letters(to=ADDRESS)
        if len(letters) == seen:
            break
        for letter in letters[seen:]:
            site.deliver(machine(letter), f"2012-01-20 {10 + turn}:30")
        seen = len(letters)
    return site.letters(to=ADDRESS)


def whole(letter):
    return "Dziękujemy za wiadomość.\n\n" + letter.text


def fields_only(letter):
    """The lines with what we read, and no sentence of ours."""
    lines = [l for l in letter.text.split("\n") if any(l.strip().startswith(w + ":") for w in mails.LABELS.values())]
    return "Odpowiedź:\n" + "\n".join(lines) + "\n"


MACHINES = {
    "words": lambda letter: answers(letter, "Dziękujemy za wiadomość, odpowiemy wkrótce.\n"),
    "words-without-proof": lambda letter: answers(letter, "Dziękujemy, odpowiemy wkrótce.\n", proof=False),
    "receipt": lambda letter: answers(letter, "Potwierdzam otrzymanie wiadomości.\n"),
    "whole": lambda letter: answers(letter, whole(letter)),
    "whole-without-proof": lambda letter: answers(letter, whole(letter), proof=False),
    "wrapped": lambda letter: answers(letter, "\n".join(
        l for p in whole(letter).split("\n") for l in ([p[i:i + 40] for i in range(0, len(p), 40)] or [""]))),
    "signature": lambda letter: answers(letter, "Odpowiemy wkrótce.\n\nTelefon: 601 602 603\nE-mail: biuro@example.org\n"),
    "attached": lambda letter: mails.headers(ADDRESS, subject="Re: " + letter.subject, more=[
        ("In-Reply-To", letter.message_id)]) + mails.multipart("mixed", [
            mails.body_part("W załączeniu.\r\n"), b"Content-Type: message/rfc822\r\n\r\n" + letter.raw]),
    "logo": lambda letter: mails.attached_mail(ADDRESS, b"\x89PNG\r\n\x1a\n" + bytes(300), "logo.png", "image/png",
                                               text="Odpowiemy.\r\n", subject="Re: " + letter.subject),
}


@pytest.mark.parametrize("machine", MACHINES)
def test_a_machine_without_a_mark_gets_one_letter(site, machine):
    sent = ping_pong(site, MACHINES[machine])
    assert len(sent) <= (2 if machine == "signature" else 1), f"{[l.outcome for l in sent]}"
    assert len(site.list()) == 1, "and it is nobody new"
    assert site.row(sender=ADDRESS)["status"] == "accepted"


@pytest.mark.parametrize("proof", [True, False])
def test_a_machine_that_sends_the_read_lines_back(site, proof):
    sent = ping_pong(site, lambda letter: answers(letter, fields_only(letter), proof=proof))
    assert len(sent) <= 2, f"{[l.outcome for l in sent]}"


@pytest.mark.parametrize("machine", ["whole", "lines", "lines-without-proof", "logo"])
def test_who_is_late_is_not_told_so_for_ever(site, machine):
    """A new claim each time, by the rule; the answers to it are bounded."""
    machines = {"whole": MACHINES["whole"], "logo": MACHINES["logo"],
                "lines": lambda letter: answers(letter, fields_only(letter)),
                "lines-without-proof": lambda letter: answers(letter, fields_only(letter), proof=False)}
    late = "2012-01-23 17:{:02d}"
    site.deliver(mails.form_mail(ADDRESS, FIELDS), late.format(0))
    seen = 0
    for turn in range(1, 9):
        site.once(late.format(2 * turn))
        letters = site.letters(to=ADDRESS)
        for letter in letters[seen:]:
            site.deliver(machines[machine](letter), late.format(2 * turn + 1))
        seen = len(letters)
    assert seen <= (1 if machine in ("whole", "logo") else 6), "the first and five a day"


@pytest.mark.parametrize("proof", [True, False])
def test_a_cancelled_person_is_not_registered_by_an_echo(site, proof):
    site.deliver(mails.form_mail(ADDRESS, FIELDS), "2012-01-20 09:00")
    site.once("2012-01-20 09:30")
    site.ctl("cancel", site.row(sender=ADDRESS)["ref"])
    site.once("2012-01-20 10:00")
    farewell = site.letters(to=ADDRESS)[-1]
    site.deliver(answers(farewell, whole(farewell), proof=proof), "2012-01-20 10:30")
    site.once("2012-01-20 11:00")
    assert [r["status"] for r in site.list()] == ["cancelled"]
    assert len(site.letters(to=ADDRESS)) == 2


def test_a_person_above_an_unmarked_quote_is_read_by_a_person(site):
    site.deliver(mails.form_mail(ADDRESS, FIELDS), "2012-01-20 09:00")
    site.once("2012-01-20 09:30")
    letter = site.letter()
    site.deliver(answers(letter, "Dieta: bezglutenowa\n\n" + letter.text), "2012-01-20 10:00")
    site.once("2012-01-20 10:30")
    mail = site.mail()[-1]
    assert (mail["class"], mail["outcome"]) == ("reply", "review")
    assert len(site.review()) == 1


def test_a_group_letter_sent_back(site):
    sent = ping_pong(site, MACHINES["whole"], first=mails.form_mail(ADDRESS, [mails.someone(1), mails.someone(2)]))
    assert [l.outcome for l in sent] == ["group"]
    assert len(site.list()) == 2


def test_changing_one_registration_without_end(site):
    """Answers with proof are free, up to what no person does."""
    site.deliver(mails.form_mail(ADDRESS, FIELDS), "2012-01-20 09:00")
    site.once("2012-01-20 09:30")
    first = site.letter()
    for n in range(14):
        site.deliver(answers(first, f"Dieta: dieta numer {n}\n"), f"2012-01-20 10:{n:02d}")
    log = site.once("2012-01-20 10:30").err
    ref = site.row(sender=ADDRESS)["ref"]
    assert len(site.letters(to=ADDRESS)) == 10
    assert f"alarm: loop {ref}" in log
    assert site.row(ref=ref)["fields"]["diet"] == "dieta numer 13", "no change is lost"
    assert sorted(l["state"] for l in site.outbox() if l["kind"] == "updated").count("on-hold") == 5
    assert ref in site.ctl("digest").out.split("zapisyctl outbox):")[1]
    site.once("2012-01-21 10:45")
    assert len(site.letters(to=ADDRESS)) == 15


def test_a_flood_of_forged_senders(make_site):
    """300 forms whose senders are not confirmed: no place, no details, and the hour's bound."""
    site = make_site(settings={"mailbox": {"authserv_id": "mx.rcwip.pl"}, "limits": {"answers_per_hour": 50}})
    fail = [("Authentication-Results", "mx.rcwip.pl; dmarc=fail header.from=example.org")]
    for n in range(300):
        fields = mails.someone(n % 100, position=f"stanowisko {n}")
        site.deliver(mails.form_mail(f"o{n}@example{n}.org", fields, more=fail), "2012-01-20 10:00")
    site.once("2012-01-20 10:30", timeout=180)
    assert len(site.letters()) == 50
    assert [r["place"] for r in site.list()] == ["none"] * 300
    states = [l["state"] for l in site.outbox() if l["kind"] == "confirm"]
    assert states.count("on-hold") == 250
    site.once("2012-01-20 11:45", timeout=180)
    assert len(site.letters()) == 100, "the next hour's"


def test_a_flood_of_new_people_waits_and_is_an_alarm(make_site):
    site = make_site(settings={"limits": {"new_per_hour": 20}})
    site.once("2012-01-20 07:45")
    for n in range(60):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n)), f"2012-01-20 10:{n:02d}")
    log = site.once("2012-01-20 11:00", timeout=180).err
    assert len(site.letters()) == 20
    assert log.count("alarm: flood") == 1
    assert len(site.list()) == 60, "registrations are never bounded"
    digest = site.ctl("digest").out
    assert "new_per_hour" in digest.split("Alarmy:")[1].split("\n\n")[0]
    held = [l for l in site.outbox() if l["state"] == "on-hold"]
    assert len(held) == 40
    on_hold = digest.split("zapisyctl outbox):")[1].split("\n\n")[0]
    assert all(l["to"] in on_hold for l in held)
    site.ctl("outbox", "retry", str(held[-1]["id"]))
    site.once("2012-01-20 11:10")
    assert site.letters(to=held[-1]["to"]), "the coordinator may let one go"
    site.once("2012-01-20 12:15")
    assert len(site.letters()) == 41


def test_the_same_form_from_one_address_without_end(site):
    for n in range(30):
        site.deliver(mails.form_mail(ADDRESS, FIELDS), f"2012-01-20 10:{n:02d}")
    site.once("2012-01-20 11:00")
    assert [l.outcome for l in site.letters()] == ["accepted", "duplicate"]


def test_letters_are_dated_by_us(site):
    """A forged Date of the mail answered is nowhere in ours."""
    site.deliver(mails.form_mail(ADDRESS, FIELDS, date="2030-01-01 10:00"), "2012-01-20 10:00")
    site.once("2012-01-20 10:30")
    assert email.utils.parsedate_to_datetime(site.letter()["Date"]).year == 2012
