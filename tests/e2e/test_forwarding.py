# SPDX-License-Identifier: GPL-3.0-or-later
"""A colleague's form that somebody sends on: the person is the applicant, the answer goes to whoever sent it."""
import pytest

from harness import mails, odd
from harness.docx import docx

PERSON = mails.person()
OTHER = "biuro@example.org"
ORIGIN = "zaneta@sleza.example"
SCAN = mails.attachment(b"\xff\xd8\xff\xe0" + bytes(90000), "skan.jpg", "image/jpeg")
FORM = mails.attachment(docx(mails.form_rows(PERSON)), "ankieta.docx", mails.DOCX)
HEADER = {
    "gmail": "---------- Forwarded message ---------\r\nOd: Żaneta Ślęża <{0}>\r\nDate: pt., 20 sty 2012 o 10:00\r\n"
             "Subject: Ankieta\r\nTo: Biuro <biuro@example.org>\r\n\r\n\r\n",
    "outlook": "________________________________\r\nOd: Żaneta Ślęża [mailto:{0}]\r\nWysłano: 20 stycznia 2012 10:00\r\n"
               "Do: Biuro\r\nTemat: Ankieta\r\n\r\n",
    "original": "-----Original Message-----\r\nFrom: Żaneta Ślęża <{0}>\r\nSent: Friday, January 20, 2012 10:00 AM\r\n"
                "To: Biuro\r\nSubject: Ankieta\r\n\r\n",
    "thunderbird": "-------- Przekazana wiadomość --------\r\nTemat: \tAnkieta\r\nData: \tFri, 20 Jan 2012 10:00:00 +0100"
                   "\r\nNadawca: \tŻaneta Ślęża <{0}>\r\nAdresat: \tbiuro@example.org\r\n\r\n\r\n",
    "wp": "---- Wiadomość przekazana ----\r\nOd: Żaneta Ślęża <{0}>\r\nDo: biuro@example.org\r\nTemat: Ankieta\r\n\r\n",
}


def once(site, raw):
    site.deliver(raw)
    site.once()
    return site.mail()[-1]


def inner(*parts, sender=ORIGIN, **options):
    """The mail that is sent on."""
    top = mails.headers(sender, name="Żaneta Ślęża", date="2012-01-19 09:15", **options)
    return top + (mails.multipart("mixed", list(parts), "inner") if len(parts) > 1 else parts[0])


def attached(mail, sender=OTHER, text="Przesyłam zgłoszenie koleżanki.\r\n", subject="Fwd: zgłoszenie", **options):
    return mails.headers(sender, subject=subject, **options) + mails.multipart(
        "mixed", [mails.body_part(text), odd.message_part(mail, "Content-Disposition: attachment\r\n")])


def inline(kind, text, sender=OTHER, subject="PD: Ankieta", parts=(), **options):
    body = mails.body_part("Przekazuję zgłoszenie koleżanki.\r\nAnna Nowak\r\n\r\n" + HEADER[kind].format(ORIGIN) + text)
    top = mails.headers(sender, subject=subject, **options)
    return top + (mails.multipart("mixed", [body, *parts]) if parts else body)


def assert_registered(site, row):
    assert (row["class"], row["outcome"]) == ("form", "registered"), row
    assert ORIGIN in row["reason"] and "forwarded" in row["reason"]
    (person,) = site.list()
    assert person["fields"] == mails.register(PERSON) and person["status"] == "accepted"
    assert person["sender"] == OTHER and person["counted_at"].startswith("2012-01-20T11:05:00")
    (letter,) = site.letters()
    assert letter.to == OTHER and letter.outcome == "accepted"


FORMS = {
    "text": [mails.body_part(mails.inline(PERSON))],
    "docx": [mails.body_part(mails.COVER), FORM],
    "alternative": [mails.multipart("alternative", [
        mails.body_part(mails.inline(PERSON)), mails.body_part(mails.outlook_html(PERSON, "utf-8"), kind="html")], "alt")],
}


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_in_an_attached_mail(site, kind):
    assert_registered(site, once(site, attached(inner(*FORMS[kind]))))


def test_a_mail_in_a_mail_in_a_mail(site):
    middle = attached(inner(mails.body_part(mails.COVER), FORM), sender="posrednik@example.org").replace(
        b"Next_E2E", b"Next_Mid")
    assert_registered(site, once(site, attached(middle)))


def test_a_mail_attached_in_base64_and_as_a_file(site):
    mail = inner(mails.body_part(mails.inline(PERSON)))
    for part in (odd.base64_part("message/rfc822", mail), odd.base64_part("application/octet-stream; name=form.eml", mail)):
        raw = mails.headers(OTHER, subject="Fwd: zgłoszenie") + mails.multipart("mixed", [mails.body_part("Jak niżej\r\n"), part])
        row = once(site, raw)
        assert row["class"] == "form" and ORIGIN in row["reason"], row
    (person,) = site.list()
    assert person["fields"] == mails.register(PERSON)


@pytest.mark.parametrize("kind", HEADER)
def test_a_form_below_the_mark_of_a_forward(site, kind):
    assert_registered(site, once(site, inline(kind, mails.form_text(PERSON))))


def test_a_form_attached_to_what_is_forwarded_inline(site):
    assert_registered(site, once(site, inline("gmail", mails.COVER, parts=[FORM])))


def test_an_answer_that_quotes_a_form_is_no_forward(site):
    row = once(site, inline("original", mails.form_text(PERSON), subject="Re: Ankieta"))
    assert (row["class"], row["outcome"]) == ("request", "review")
    assert site.list() == [] and site.letters() == []


def test_the_attached_mail_proves_nothing(site):
    site.deliver(mails.form_mail(ORIGIN, PERSON))
    site.once()
    (letter,) = site.letters()
    (before,) = site.list()
    answer = mails.reply_mail(ORIGIN, letter, "Rezygnuję.")
    row = once(site, attached(answer, sender="ktos@example.net", subject="Fwd: Re: Ankieta"))
    assert row["outcome"] in ("ignored", "review")
    assert site.list() == [before] and len(site.letters()) == 1
    changed = mails.reply_mail(ORIGIN, letter, mails.form_text(mails.person(phone="601 555 018")))
    row = once(site, attached(changed, sender="ktos@example.net", subject="Fwd: Re: Ankieta"))
    assert site.list()[0] == {**before, "flags": site.list()[0]["flags"]}


def test_letters_of_ours_and_of_machines_register_nobody(site):
    site.deliver(mails.form_mail(ORIGIN, PERSON))
    site.once()
    (letter,) = site.letters()
    quoted = inline("gmail", letter.text.replace("\n", "\r\n"), subject="Fwd: potwierdzenie")
    robot = inner(mails.body_part(mails.inline(mails.person("Robot Robotowski"))), more=[("Auto-Submitted", "auto-replied")])
    bounced = inner(mails.multipart("report; report-type=delivery-status", [
        mails.body_part(mails.inline(mails.person("Zwrot Zwrotny"))),
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n"], "report"))
    for mail in (attached(letter.raw), quoted, attached(robot), attached(bounced)):
        once(site, mail)
    assert len(site.list()) == 1 and len(site.letters()) == 1, site.mail()


@pytest.mark.parametrize("part", [SCAN, FORM], ids=["scan", "docx"])
@pytest.mark.parametrize("how", ["attached", "inline"])
def test_what_the_coordinator_forwards_goes_to_review(site, part, how):
    if how == "attached":
        raw = attached(inner(mails.body_part(mails.COVER), part, subject=mails.SUBJECT), sender=mails.COORDINATOR)
    else:
        raw = inline("gmail", mails.COVER, sender=mails.COORDINATOR, subject="Fwd: " + mails.SUBJECT, parts=[part])
    row = once(site, raw)
    assert (row["class"], row["outcome"]) == ("unreadable" if part is SCAN else "form", "review")
    (item,) = site.review()
    assert item["kind"] == "forwarded" and ORIGIN in item["reason"]
    assert site.list() == [] and site.letters() == []


def test_a_form_that_the_coordinator_forwards_in_words(site):
    row = once(site, inline("gmail", mails.form_text(PERSON), sender=mails.COORDINATOR))
    assert (row["class"], row["outcome"]) == ("form", "review") and ORIGIN in row["reason"]
    assert site.list() == [] and site.letters() == []


def test_private_mail_that_the_coordinator_forwards_is_not_ours(site):
    row = once(site, attached(inner(mails.body_part("Obiad o 14?\r\n"), subject="Obiad"), sender=mails.COORDINATOR,
                              subject="Fwd: Obiad"))
    assert (row["class"], row["outcome"]) == ("other", "ignored") and "Obiad" not in row["reason"]


def test_an_invitation_that_is_sent_on_is_no_registration(site):
    row = once(site, attached(inner(mails.body_part("Zapraszamy na szkolenie.\r\n"), subject=mails.SUBJECT), subject="Fwd: x"))
    assert row["outcome"] == "ignored" and site.letters() == []


# ---- what bad input gets

UNREADABLE = {
    "encrypted": lambda: odd.enveloped(b"Content-Type: text/plain\r\n\r\nx\r\n"),
    "damaged": lambda: mails.attachment(docx(mails.form_rows(PERSON))[:-200], "ankieta.docx"),
    "BinHex": lambda: b"Content-Type: application/octet-stream; name=a.hqx\r\n\r\n(This file must be converted with "
                      b"BinHex 4.0)\r\n",
    "picture": lambda: mails.attachment(b"\xff\xd8\xff\xe0" + bytes(900), "skan"),
}


@pytest.mark.parametrize("reason", UNREADABLE)
def test_what_cannot_be_read_is_said(site, reason):
    part = UNREADABLE[reason]()
    row = once(site, mails.headers(OTHER) + mails.multipart("mixed", [mails.body_part(mails.COVER), part]))
    assert (row["class"], row["outcome"]) == ("unreadable", "registered")
    assert reason in row["reason"]
    (person,) = site.list()
    assert person["status"] == "held"
    (letter,) = site.letters()
    assert letter.to == OTHER and letter.outcome == "held"
