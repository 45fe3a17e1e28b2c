# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail comes in; what is not a registration stays as it was."""
import pytest

from harness import mails
from harness.dates import at
from harness.dovecot import Dovecot

KEYWORD = "$Zapisyd"


@pytest.mark.parametrize("imap_tls", ["implicit", "starttls"])
@pytest.mark.parametrize("smtp_tls", ["implicit", "starttls"])
def test_a_form_is_registered_and_answered(make_site, smtp, imap_tls, smtp_tls):
    site = make_site(imap_tls=imap_tls, smtp_tls=smtp_tls)
    fields = mails.someone(1)
    site.deliver(mails.form_mail("osoba1@example.org", fields, identity="<pierwszy@example.org>"))
    site.once()
    row = site.row(sender="osoba1@example.org")
    assert (row["status"], row["place"], row["channel"]) == ("accepted", "seat", "email")
    assert row["fields"] == mails.register(fields)
    assert (row["counted_at"], row["on_time"]) == ("2012-01-20T11:05:00+01:00", True)
    assert (row["event"], row["message_id"]) == ("model-wspolpracy", "<pierwszy@example.org>")
    letter = site.letter(to="osoba1@example.org")
    assert (letter.outcome, letter.ref) == ("accepted", row["ref"])
    (taken,) = [m for m in smtp.messages if m.letter.ref]
    assert (taken.tls, taken.login) == (True, smtp.user), "the letter must go over TLS, with a login"
    site.status()


def test_sdbox_and_another_folder(authority, make_site):
    with Dovecot(authority, store="sdbox") as other:
        site = make_site(settings={"mailbox": {"folder": "Szkolenia"}}, imap=other)
        other.create(site.user, "Szkolenia")
        site.deliver(mails.form_mail("a@example.org"), folder="Szkolenia")
        site.deliver(mails.form_mail("b@example.org"))
        site.once()
        assert [r["sender"] for r in site.list()] == ["a@example.org"]


def private_mails():
    """Her own mail, with the flags it has."""
    return [
        (mails.text_mail("mama@example.com", "Cześć,\r\nwpadniesz w niedzielę na obiad?\r\n", subject="obiad"), []),
        (mails.text_mail("bank@example.com", "Wyciąg w załączniku.\r\n", subject="Wyciąg 01/2012"), ["\\Seen"]),
        (mails.text_mail("szef@example.com", "Proszę o raport.\r\n", subject="raport"), ["\\Flagged", "$label1"]),
        (mails.attached_mail("jan@example.com", b"\xff\xd8\xff\xe0 zdjecie", "urlop.jpg", "image/jpeg",
                             text="zdjęcia z urlopu\r\n", subject="zdjęcia"), ["\\Answered", "\\Seen"]),
    ]


def test_private_mail_stays_as_it_was(site):
    for raw, flags in private_mails():
        site.deliver(raw, "2012-01-19 08:00", flags)
    before = site.flags()
    form = site.deliver(mails.form_mail("osoba1@example.org"))
    content = site.dovecot.messages(site.user)
    site.once()
    after = site.flags()
    assert {uid: after[uid] for uid in before} == before, "flags and keywords of private mail"
    assert site.dovecot.messages(site.user) == content
    assert "\\Seen" not in after[form], "reading must not set \\Seen on a registration either"
    rows = [m for m in site.mail() if m["uid"] in before]
    assert [(m["class"], m["outcome"]) for m in rows] == [("other", "ignored")] * 4
    assert [l.to for l in site.letters()] == ["osoba1@example.org"]


def test_nothing_of_private_mail_is_stored(site):
    site.deliver(mails.text_mail("mama@example.com", "tajemnica-rodzinna\r\n", subject="temat-prywatny"))
    site.deliver(mails.form_mail("osoba1@example.org"))
    result = site.once()
    stored = b"".join(site.store_files().values())
    for secret in ("tajemnica-rodzinna", "temat-prywatny", "mama@example.com"):
        assert secret.encode() not in stored, f"{secret} of a private mail is in the store"
        assert secret not in result.err, f"{secret} is in the log"


def test_only_registration_mail_gets_the_keyword(site):
    private = site.deliver(mails.text_mail("mama@example.com", "Cześć\r\n", subject="obiad"))
    form = site.deliver(mails.form_mail("osoba1@example.org"))
    site.once()
    assert site.flags() == {private: set(), form: {KEYWORD}}


def test_mark_none_marks_nothing(make_site):
    site = make_site(settings={"mailbox": {"mark": "none"}})
    uid = site.deliver(mails.form_mail("osoba1@example.org"))
    site.once()
    assert site.row(sender="osoba1@example.org")["status"] == "accepted"
    assert site.flags() == {uid: set()}


def test_mail_older_than_since_is_never_answered(site):
    old = site.deliver(mails.form_mail("dawny@example.org"), "2012-01-08 23:59:59")
    site.deliver(mails.form_mail("nowy@example.org"), "2012-01-09 00:00:00")
    site.once()
    assert [r["sender"] for r in site.list()] == ["nowy@example.org"]
    assert [l.to for l in site.letters()] == ["nowy@example.org"]
    row = next(m for m in site.mail() if m["uid"] == old)
    assert (row["class"], row["outcome"]) == ("old", "ignored")
    assert site.flags()[old] == set()


def test_history_begins_with_the_first_start_by_default(make_site):
    site = make_site(settings={"mailbox": {"since": ""}})
    site.deliver(mails.form_mail("dawny@example.org"), "2012-01-20 11:00")
    site.once("2012-01-20 12:00")
    site.deliver(mails.form_mail("nowy@example.org"), "2012-01-20 13:00")
    site.once("2012-01-20 14:00")
    assert [r["sender"] for r in site.list()] == ["nowy@example.org"]


def test_the_same_mail_is_handled_once(site):
    site.deliver(mails.form_mail("osoba1@example.org"))
    for hour in (12, 13, 14):
        site.once(f"2012-01-20 {hour}:00")
    assert len(site.list()) == 1
    assert len(site.letters()) == 1


def test_nothing_is_repeated_after_renumbering(site):
    site.set_event(seats=2, waitlist=1)
    for n in range(5):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n)), f"2012-01-20 10:0{n}")
    site.deliver(mails.text_mail("mama@example.com", "Cześć\r\n", subject="obiad"))
    site.once()
    before, letters = site.list(), len(site.letters())
    site.dovecot.renumber(site.user)
    site.once("2012-01-20 13:00")
    assert site.list() == before
    assert len(site.letters()) == letters == 5
    site.deliver(mails.form_mail("nowy@example.org", mails.someone(77)), "2012-01-20 13:30")
    site.once("2012-01-20 14:00")
    assert site.letter(to="nowy@example.org").outcome == "refused", "mail after the renumbering is still handled"
    site.status()


def test_a_mail_moved_away_and_back_is_not_answered_again(site):
    uid = site.deliver(mails.form_mail("osoba1@example.org"))
    site.dovecot.create(site.user, "Inne")
    site.once()
    for source, target in (("INBOX", "Inne"), ("Inne", "INBOX")):
        with site.dovecot.connect(site.user, source) as imap:
            assert imap.uid("MOVE", "1:*", target)[0] == "OK"
    assert site.dovecot.uids(site.user) != [uid]
    site.once("2012-01-20 13:00")
    assert (len(site.list()), len(site.letters())) == (1, 1)
    site.status()


def test_the_same_bytes_delivered_twice_make_one_registration(site):
    raw = mails.form_mail("osoba1@example.org")
    site.deliver(raw, "2012-01-20 10:00")
    site.once("2012-01-20 11:00")
    site.deliver(raw, "2012-01-20 11:30")
    site.once("2012-01-20 12:00")
    assert len(site.list()) == 1
    site.status()


def test_a_large_mailbox(site):
    raws = [(mails.text_mail("lista@example.com", f"Wiadomość {n}\r\n", subject=f"sprawa {n}"), at("2012-01-19 09:00"))
            for n in range(400)]
    site.dovecot.append_many(site.user, raws)
    site.deliver(mails.form_mail("osoba1@example.org"))
    site.once()
    status = site.status()
    assert status["balance"]["fetched"] == 401
    assert status["balance"]["registered"] == 1
    assert [l.to for l in site.letters()] == ["osoba1@example.org"]


@pytest.mark.parametrize("forms", [13, 22])
def test_an_office_sends_a_document_for_each_of_its_people(site, forms):
    """All are registered; where there are more than a mail may have, a person is told."""
    documents = [mails.attachment(mails.docx(mails.form_rows(mails.someone(n))), f"ankieta-{n}.docx", mails.DOCX)
                 for n in range(forms)]
    site.deliver(mails.headers("urzad@example.org") + mails.multipart("mixed", [mails.body_part("Zgłoszenia."), *documents]))
    site.once()
    assert len(site.list()) == min(forms, 20)
    assert len(site.review()) == (forms > 20)
    assert [(l.to, l.outcome) for l in site.letters() if l.outcome != "digest"] == [("urzad@example.org", "group")]


def test_one_form_names_several(site):
    """Who has nothing but a name in the list is registered too."""
    text = ("Nazwa organizacji: Gmina Lubin\r\nZgłaszam następujące osoby:\r\n1. Jan Kowalski, tel. 600 100 200\r\n"
            "2. Anna Nowak\r\n")
    site.deliver(mails.text_mail("urzad@example.org", text))
    site.once()
    assert {row["fields"]["name"]: row["fields"].get("phone") for row in site.list()} == {
        "Jan Kowalski": "+48600100200", "Anna Nowak": None}
    assert {row["fields"]["organisation"] for row in site.list()} == {"Gmina Lubin"}
    assert [l.outcome for l in site.letters() if l.outcome != "digest"] == ["group"]


def test_more_people_in_a_form_than_are_read(site):
    rows = "".join(f"{n}. Jan Ko{chr(97 + n)}, tel. 600 100 2{n:02}\r\n" for n in range(22))
    site.deliver(mails.text_mail("urzad@example.org", f"Nazwa organizacji: Gmina Lubin\r\nUczestnicy:\r\n{rows}"))
    site.once()
    assert len(site.list()) == 20
    assert any("more than 20 people" in item["reason"] for item in site.review())


def test_the_address_in_the_form_is_one_letter_off(site):
    """Perhaps the form's, perhaps not: it holds nobody, but a person sees it."""
    site.deliver(mails.form_mail("jan.lis@example.org", mails.someone(1, email="jan.lsi@example.org")))
    site.once()
    (row,) = site.list()
    assert (row["status"], row["fields"]["email"]) == ("accepted", "jan.lsi@example.org")
    assert any("email" in item["reason"] for item in site.review())
