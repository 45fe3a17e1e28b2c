# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that are away, wrong or dishonest: said clearly, nothing lost, mended later."""
import pytest

from harness import mails
from harness.authority import Authority
from harness.dovecot import Dovecot
from harness.smtp import SmtpServer

BAD = ["self-signed", "wrong-host", "expired"]


def works_afterwards(site, now="2012-01-20 13:00"):
    site.once(now)
    assert site.row(sender="osoba1@example.org")["status"] == "accepted"
    assert site.letter(to="osoba1@example.org").outcome == "accepted"
    return site.status()["mailbox"]


@pytest.fixture
def dovecot_of(authority):
    """A Dovecot of its own for this test."""
    servers = []

    def make(cert="good"):
        servers.append(Dovecot(authority, cert))
        servers[-1].start()
        return servers[-1]

    yield make
    for server in servers:
        server.close()


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("cert", BAD)
def test_a_bad_imap_certificate_gets_no_password(make_site, dovecot_of, cert, tls):
    server = dovecot_of(cert)
    site = make_site(imap=server, imap_tls=tls)
    site.deliver(mails.form_mail("osoba1@example.org"))
    logins = server.log().count(f"user=<{site.user}>")
    result = site.once(code=75)
    assert server.log().count(f"user=<{site.user}>") == logins, "it must not log in there"
    assert "certificat" in result.err.lower(), f"the log must say why:\n{result.err}"
    bad = site.status()["mailbox"]
    assert site.list() == []
    server.stop()
    server.cert = "good"
    server.start()
    good = works_afterwards(site)
    assert bad["state"] != good["state"], f"status must tell the two apart: {bad} {good}"


def test_an_unknown_authority_is_refused(make_site, tmp_path):
    site = make_site(settings={"mailbox": {"ca_file": ""}})
    site.deliver(mails.form_mail("osoba1@example.org"))
    site.once(code=75)
    site.set(mailbox={"ca_file": Authority(str(tmp_path)).ca_file})
    site.once(code=75)
    site.set(mailbox={"ca_file": site.dovecot.authority.ca_file})
    works_afterwards(site)


def test_a_wrong_imap_password(make_site):
    site = make_site()
    site.deliver(mails.form_mail("osoba1@example.org"))
    site.secret("imap-password", "nie-to-haslo")
    result = site.once(code=75)
    assert "nie-to-haslo" not in result.err
    bad = site.status()["mailbox"]
    site.secret("imap-password", site.dovecot.password(site.user))
    assert works_afterwards(site)["state"] != bad["state"]


def test_the_imap_server_is_away(make_site, dovecot_of):
    server = dovecot_of()
    site = make_site(imap=server)
    site.deliver(mails.form_mail("osoba1@example.org"))
    server.stop()
    site.once(code=75)
    bad = site.status()["mailbox"]
    server.start()
    assert works_afterwards(site)["state"] != bad["state"]


def test_a_folder_that_is_not_there(make_site):
    site = make_site(settings={"mailbox": {"folder": "Nie ma"}})
    result = site.once(code=75)
    assert "Nie ma" in result.err, f"the log must name the folder:\n{result.err}"


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("cert", BAD)
def test_a_bad_smtp_certificate_gets_no_letter(make_site, smtp, cert, tls):
    site = make_site(smtp_tls=tls)
    site.deliver(mails.form_mail("osoba1@example.org"))
    smtp.stop()
    smtp.cert = cert
    smtp.start()
    site.once(code=75)
    assert smtp.messages == []
    assert site.row(sender="osoba1@example.org")["status"] == "accepted", "the register does not wait for SMTP"
    (letter,) = [l for l in site.outbox() if l["kind"] != "digest"]
    assert letter["state"] == "queued", "the server is at fault, not the letter"
    assert letter["last_error"]
    smtp.stop()
    smtp.cert = "good"
    smtp.start()
    works_afterwards(site)


def test_a_wrong_smtp_password(make_site, smtp):
    site = make_site()
    site.deliver(mails.form_mail("osoba1@example.org"))
    site.secret("smtp-password", "nie-to-haslo")
    result = site.once(code=75)
    assert "nie-to-haslo" not in result.err
    assert smtp.messages == []
    site.secret("smtp-password", smtp.password)
    works_afterwards(site)


def test_the_smtp_server_is_away(make_site, smtp):
    site = make_site()
    site.deliver(mails.form_mail("osoba1@example.org"))
    smtp.stop()
    site.once(code=75)
    row = site.row(sender="osoba1@example.org")
    smtp.start()
    works_afterwards(site)
    assert site.row(sender="osoba1@example.org") == row


def test_starttls_is_never_given_up_for_plain(make_site, authority):
    """A server that does not offer STARTTLS gets no letter."""
    with SmtpServer(authority) as plain:
        plain.without_starttls()
        site = make_site()
        site.set(smtp={"port": plain.starttls})
        site.deliver(mails.form_mail("osoba1@example.org"))
        site.once(code=75)
        assert plain.messages == []


def test_plain_imap_is_for_loopback(make_site):
    site = make_site(imap_tls="none")
    site.deliver(mails.form_mail("osoba1@example.org"))
    works_afterwards(site)
    site.set(mailbox={"host": "imap.example.org"})
    site.keeper("--once").expect(78)
