# SPDX-License-Identifier: GPL-3.0-or-later
"""Cancelling by the letter's mailto:, and what does not cancel."""
import pytest

from harness import mails


def full_room(site, people=3):
    """One seat and a waiting list; returns the addresses in order."""
    site.set_event(seats=1)
    for n in range(people):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n)), f"2012-01-20 10:0{n}")
    site.once("2012-01-20 10:30")
    return [mails.address(n) for n in range(people)]


def cancelling_mail(site, address, **options):
    """The mail that the mailto: of the letter to that address makes."""
    to, subject = site.letters(to=address)[0].cancel_link()
    return mails.text_mail(address, "", subject=subject, to=to, **options)


def state(site):
    return {r["sender"]: (r["status"], r["position"]) for r in site.list()}


def test_the_mailto_names_ref_and_token(site):
    address, *_ = full_room(site, 1)
    to, subject = site.letter(to=address).cancel_link()
    assert to == mails.COORDINATOR
    word, _, token = subject.partition(" ")
    assert word == "REZYGNACJA"
    ref = site.row(sender=address)["ref"]
    assert token.startswith(ref + "-") and len(token) > len(ref) + 8, f"a guessable token: {token}"


def test_the_mailto_cancels_and_the_next_moves_up(site, smtp):
    a, b, c = full_room(site)
    site.deliver(cancelling_mail(site, a, identity="<rezygnuje@example.org>"), "2012-01-20 11:00")
    before = len(smtp.messages)
    site.once()
    assert state(site) == {a: ("cancelled", None), b: ("accepted", None), c: ("waitlisted", 1)}
    ref = {r["sender"]: r["ref"] for r in site.list()}
    new = [m.letter for m in smtp.messages[before:] if m.letter.outcome != "digest"]
    assert sorted((l.to, l.outcome, l.ref) for l in new) == [(a, "cancelled", ref[a]), (b, "accepted", ref[b])]
    handled = site.handled("<rezygnuje@example.org>")
    assert (handled["class"], handled["outcome"], handled["ref"]) == ("cancel", "cancelled", ref[a])
    assert site.status()["balance"]["cancelled"] == 1
    assert site.event()["cancelled"] == 1


def test_the_letters_of_a_promotion(site):
    a, b, _ = full_room(site)
    invitation = site.letters(to=a)[0]
    site.deliver(cancelling_mail(site, a, identity="<rezygnuje@example.org>"), "2012-01-20 11:00")
    site.once()
    farewell, promotion = site.letters(to=a)[1], site.letters(to=b)[1]
    assert farewell["In-Reply-To"] == "<rezygnuje@example.org>"
    assert farewell["Auto-Submitted"] == "auto-replied"
    assert farewell.calendar_value("METHOD") == "CANCEL"
    assert farewell.calendar_value("UID") == invitation.calendar_value("UID")
    assert promotion["Auto-Submitted"] == "auto-generated"
    assert promotion["In-Reply-To"] is None or promotion["In-Reply-To"] != "<rezygnuje@example.org>"
    assert promotion.calendar_value("METHOD") == "PUBLISH"


def test_the_mailto_works_from_another_address(site):
    """The token is the proof; the confirmation goes to the registered address."""
    a, *_ = full_room(site, 1)
    to, subject = site.letter(to=a).cancel_link()
    site.deliver(mails.text_mail("prywatny@example.com", "", subject=subject, to=to), "2012-01-20 11:00")
    site.once()
    assert state(site)[a][0] == "cancelled"
    assert [l.outcome for l in site.letters(to=a)] == ["accepted", "cancelled"]
    assert site.letters(to="prywatny@example.com") == []


def test_a_subject_changed_by_a_mail_program(site):
    a, *_ = full_room(site, 1)
    to, subject = site.letter(to=a).cancel_link()
    site.deliver(mails.text_mail(a, "Pozdrawiam\r\n", subject="Odp: " + subject.lower(), to=to), "2012-01-20 11:00")
    site.once()
    assert state(site)[a][0] == "cancelled"


def test_cancelling_twice_is_answered_without_harm(site):
    a, b, c = full_room(site)
    for hour in (11, 12):
        site.deliver(cancelling_mail(site, a), f"2012-01-20 {hour}:00")
        site.once(f"2012-01-20 {hour}:30")
    assert state(site) == {a: ("cancelled", None), b: ("accepted", None), c: ("waitlisted", 1)}


def test_a_cancelled_waiting_place_moves_the_others(site):
    a, b, c = full_room(site)
    site.deliver(cancelling_mail(site, b), "2012-01-20 11:00")
    site.once()
    assert state(site) == {a: ("accepted", None), b: ("cancelled", None), c: ("waitlisted", 1)}


def test_nobody_is_promoted_after_the_start(site):
    a, b, _ = full_room(site)
    site.deliver(cancelling_mail(site, a), "2012-01-26 09:30")
    site.once("2012-01-26 09:45")
    assert state(site)[a][0] == "cancelled"
    assert state(site)[b][0] == "waitlisted"


@pytest.mark.parametrize("damage", ["ref-only", "last-letter", "another-ref"])
def test_a_wrong_token_changes_nothing(site, damage):
    a, b, c = full_room(site)
    before = state(site)
    to, subject = site.letters(to=a)[0].cancel_link()
    refs = {r["sender"]: r["ref"] for r in site.list()}
    wrong = {"ref-only": f"REZYGNACJA {refs[a]}",
             "last-letter": subject[:-1] + ("x" if subject[-1].lower() != "x" else "y"),
             "another-ref": subject.replace(refs[a], refs[b])}[damage]
    site.deliver(mails.text_mail("obcy@example.com", "", subject=wrong, to=to), "2012-01-20 11:00")
    site.once()
    if damage == "another-ref":
        assert state(site)[b] == before[b], "a token is for one registration only"
    else:
        assert state(site) == before
    assert site.letters(to="obcy@example.com") == []


def test_a_token_quoted_in_a_body_is_no_proof(site):
    a, b, c = full_room(site)
    before = state(site)
    _, subject = site.letters(to=a)[0].cancel_link()
    site.deliver(mails.text_mail("obcy@example.com", f"> {subject}\r\n\r\n{subject}\r\n", subject="Fwd: szkolenie"),
                 "2012-01-20 11:00")
    site.once()
    assert state(site) == before


def test_a_ref_in_the_subject_asks_the_registered_address(site):
    address, = full_room(site, 1)
    ref = site.row(sender=address)["ref"]
    site.deliver(mails.text_mail("z-domu@example.net", "", subject=f"Rezygnacja {ref}"))
    site.once()
    assert state(site) == {address: ("accepted", None)}
    assert site.letters()[-1].outcome == "question" and site.letters()[-1].to == address


def test_cancelling_in_words_without_proof_asks_the_registered_address(site):
    a, *_ = full_room(site)
    before = state(site)
    site.deliver(mails.text_mail(a, "Rezygnuję z udziału w szkoleniu.\r\n", subject="Rezygnacja - model współpracy",
                                 identity="<slowa@example.org>"), "2012-01-20 11:00")
    site.once()
    assert state(site) == before
    assert site.handled("<slowa@example.org>")["outcome"] == "review"
    assert [l.outcome for l in site.letters(to=a)] == ["accepted", "question"]


def test_an_answer_that_begins_with_a_cancel_word_is_never_lost(site):
    """It cancels, or a person sees it; it never counts for nothing."""
    a, *_ = full_room(site)
    letter = site.letters(to=a)[0]
    site.deliver(mails.reply_mail(a, letter, "Rezygnuję z udziału.", identity="<slowa@example.org>"), "2012-01-20 11:00")
    site.once()
    assert site.handled("<slowa@example.org>")["outcome"] in ("cancelled", "review")


def test_a_thank_you_is_not_answered(site):
    a, *_ = full_room(site, 1)
    letter = site.letter(to=a)
    site.deliver(mails.reply_mail(a, letter, "Dziękuję bardzo, do zobaczenia!", identity="<dzieki@example.org>"),
                 "2012-01-20 11:00")
    site.once()
    handled = site.handled("<dzieki@example.org>")
    assert handled["class"] == "reply"
    assert handled["outcome"] in ("ignored", "noted", "review")
    assert len(site.letters()) == 1
    assert state(site)[a][0] == "accepted"
