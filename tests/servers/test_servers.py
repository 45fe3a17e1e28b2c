# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole zapisyd on each of these servers: what a coordinator's mailbox there needs."""
import pytest

from harness import mails

KEYWORD = "$Zapisyd"
NOW = "2012-01-20 12:00"
FOLDER, ENCODED = "Zgłoszenia", "Zg&AUI-oszenia"


def mailbox(**settings):
    return {"settings": {"mailbox": settings}}


def form(number):
    return mails.form_mail(mails.address(number), mails.someone(number))


def complaints(log):
    return [line for line in log.splitlines() if line[:3] in ("<0>", "<1>", "<2>", "<3>", "<4>")]


@pytest.mark.parametrize("imap_tls", ["implicit", "starttls"])
def test_a_form_is_registered_answered_and_marked(make_site, server, imap_tls):
    site = make_site(imap_tls=imap_tls)
    private = site.deliver(mails.text_mail("mama@example.com", "obiad?\r\n", subject="obiad"), flags=["\\Flagged"])
    uid = site.deliver(form(1))
    assert "all is well" in site.keeper("--check").expect(0).out
    log = site.once().err
    assert site.letter(to=mails.address(1)).outcome == "accepted"
    assert site.flags() == {private: {"\\Flagged"}, uid: {KEYWORD}}
    assert complaints(log) == []
    site.once("2012-01-20 13:00")
    assert len(site.letters()) == 1
    copies = [raw for _, raw in server.messages(site.user, server.name("Sent"))]
    assert sorted(copies) == sorted(m.raw for m in site.smtp.messages), "copies of the letters"
    site.status()


def test_new_mail_is_noticed(make_site):
    site = make_site(**mailbox(poll_seconds=1))
    with site.service(NOW) as service:
        for number in range(3):
            site.deliver(form(number))
            service.wait_for(lambda n=number: len(site.letters()) == n + 1, "the letter", 60)
        assert complaints(service.log()) == []
    assert len(site.list()) == 3


def test_a_server_that_is_started_anew(make_site, server):
    site = make_site(**mailbox(poll_seconds=1))
    with site.service(NOW) as service:
        site.deliver(form(0))
        service.wait_for(lambda: len(site.letters()) == 1, "the letter", 60)
        server.stop()
        service.wait_for(lambda: complaints(service.log()), "a line in the log")
        server.start()
        site.deliver(form(1))
        service.wait_for(lambda: len(site.letters()) == 2, "the letter", 90)
    assert len(site.list()) == 2


@pytest.mark.parametrize("exists", [True, False])
def test_registration_mail_is_moved(make_site, server, exists):
    site = make_site(**mailbox(mark=f"move:{FOLDER}"))
    if exists:
        server.create(site.user, server.name(ENCODED))
    hers = site.deliver(mails.text_mail("mama@example.com", "obiad?\r\n", subject="obiad"), flags=["\\Deleted"])
    for number in range(3):
        site.deliver(form(number), f"2012-01-20 10:0{number}")
    assert complaints(site.once().err) == []
    moved = [raw for _, raw in server.messages(site.user, server.name(ENCODED))]
    assert len(moved) == len(set(moved)) == 3
    left = site.flags()
    assert left.pop(hers) == {"\\Deleted"}
    assert all("\\Deleted" in flags for flags in left.values())
    site.once("2012-01-20 13:00")
    assert (len(site.list()), len(site.letters())) == (3, 3)
    assert len(server.messages(site.user, server.name(ENCODED))) == 3



def test_folders_as_a_person_writes_them(make_site, server):
    site = make_site(**mailbox(folder=f"Szkolenia/{FOLDER}"))
    folder = server.name("Szkolenia" + server.delimiter + ENCODED)
    server.create(site.user, server.name("Szkolenia"))
    server.create(site.user, folder)
    site.deliver(form(1), folder=folder)
    site.deliver(form(2))
    site.once()
    assert [row["sender"] for row in site.list()] == [mails.address(1)]


def test_a_renumbered_folder(make_site, server):
    site = make_site(**mailbox(folder="Formularze"))
    folder = server.name("Formularze")
    server.create(site.user, folder)
    for number in range(3):
        site.deliver(form(number), f"2012-01-20 10:0{number}", folder=folder)
    site.once()
    before, numbers = site.list(), server.uidvalidity(site.user, folder)
    server.renew(site.user, folder)
    assert server.uidvalidity(site.user, folder) != numbers
    site.deliver(form(7), "2012-01-20 11:50", folder=folder)
    site.once("2012-01-20 13:00")
    assert site.list()[:3] == before and len(site.list()) == 4
    assert sorted(l.to for l in site.letters()) == [mails.address(n) for n in (0, 1, 2, 7)]
    assert all(KEYWORD in flags for flags in site.flags(folder).values()), "the marks stand on the new numbers"
    site.status()


def test_mail_without_a_body_and_odd_mail(make_site, server):
    site = make_site()
    for raw in (b"\r\n", b"Subject: x\r\n\r\n", b"X: " + b"y" * 70_000 + b"\r\n\r\n"):
        site.deliver(raw)
    site.deliver(form(1))
    site.once()
    assert site.status()["balance"]["fetched"] == 4
    assert len(site.letters()) == 1
