# SPDX-License-Identifier: GPL-3.0-or-later
"""The test servers do what the other tests rely on."""
import contextlib
import imaplib
import smtplib
import ssl
import time

import pytest

from harness import config, mails
from harness.authority import KINDS
from harness.dates import at
from harness.dovecot import Dovecot
from harness.letter import Letter

MAIL = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: proba\r\nMessage-ID: <1@example.org>\r\n\r\nTresc\r\n"


def test_imap_login_over_tls_and_starttls(dovecot, authority):
    context = authority.client_context()
    with imaplib.IMAP4_SSL("localhost", dovecot.tls, ssl_context=context) as imap:
        assert imap.login("probe", dovecot.password("probe"))[0] == "OK"
    with imaplib.IMAP4("localhost", dovecot.plain) as imap:
        imap.starttls(context)
        assert imap.login("probe", dovecot.password("probe"))[0] == "OK"


def test_imap_refuses_a_wrong_password(dovecot):
    with imaplib.IMAP4("localhost", dovecot.plain) as imap, pytest.raises(imaplib.IMAP4.error):
        imap.login("probe", "inne")


def test_append_keeps_date_flags_and_bytes(dovecot):
    dovecot.add_user("append")
    uid = dovecot.append("append", MAIL, at("2012-01-23 16:00:01"), ["\\Seen", "Wazne"])
    with dovecot.connect("append", "INBOX", readonly=True) as imap:
        answer = imap.uid("FETCH", str(uid), "(INTERNALDATE)")[1][0]
    assert time.mktime(imaplib.Internaldate2tuple(answer)) == at("2012-01-23 16:00:01").timestamp()
    assert dovecot.flags("append") == {uid: {"\\Seen", "Wazne"}}
    assert dovecot.messages("append") == [(uid, MAIL)]


@pytest.mark.parametrize("store", ["maildir", "sdbox"])
def test_renumbering_keeps_the_mails(authority, store):
    with Dovecot(authority, store=store) as server:
        dates = [at("2012-01-20 10:00"), at("2012-01-20 11:00")]
        uids = server.append_many("probe", [(MAIL, dates[0]), (MAIL.replace(b"1@", b"2@"), dates[1])], ["\\Flagged"])
        before = server.uidvalidity("probe")
        assert server.renumber("probe") != before
        assert server.uidvalidity("probe") != before
        assert set(server.uids("probe")).isdisjoint(uids)
        assert [raw for _, raw in server.messages("probe")] == [MAIL.replace(b"1@", b"2@"), MAIL]
        assert set(map(frozenset, server.flags("probe").values())) == {frozenset({"\\Flagged"})}


def test_a_stopped_server_comes_back_with_its_mail(authority):
    with Dovecot(authority) as server:
        uid = server.append("probe", MAIL, at("2012-01-20 10:00"))
        ports = server.plain, server.tls
        server.stop()
        with pytest.raises(OSError):
            imaplib.IMAP4("127.0.0.1", server.plain, timeout=5)
        server.start()
        assert (server.plain, server.tls) == ports
        assert server.uids("probe") == [uid]


@pytest.mark.parametrize("kind", KINDS)
def test_certificates(authority, kind):
    with Dovecot(authority, cert=kind) as server:
        refused = contextlib.nullcontext() if kind == "good" else pytest.raises(ssl.SSLCertVerificationError)
        with refused:
            imaplib.IMAP4_SSL("localhost", server.tls, ssl_context=authority.client_context()).logout()


def send(smtp, authority, recipient="b@example.org", password=None, implicit=False):
    context = authority.client_context()
    if implicit:
        client = smtplib.SMTP_SSL("localhost", smtp.tls, context=context, timeout=20)
    else:
        client = smtplib.SMTP("localhost", smtp.starttls, timeout=20)
    with client:
        if not implicit:
            client.starttls(context=context)
        client.login(smtp.user, password or smtp.password)
        return client.sendmail("a@example.org", [recipient], MAIL)


@pytest.mark.parametrize("implicit", [True, False])
def test_smtp_takes_mail_over_tls_with_a_login(smtp, authority, implicit):
    send(smtp, authority, implicit=implicit)
    (taken,) = smtp.messages
    assert (taken.sender, taken.recipients, taken.raw) == ("a@example.org", ["b@example.org"], MAIL)
    assert (taken.tls, taken.login) == (True, smtp.user)


def test_smtp_takes_nothing_without_tls_or_login(smtp, authority):
    with smtplib.SMTP("localhost", smtp.starttls) as client, pytest.raises(smtplib.SMTPException):
        client.sendmail("a@example.org", ["b@example.org"], MAIL)
    with pytest.raises(smtplib.SMTPAuthenticationError):
        send(smtp, authority, password="inne")
    assert smtp.messages == []


def test_smtp_faults(smtp, authority):
    smtp.fault("recipient", "450 4.2.0 later", recipient="b@example.org")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(smtp, authority)
    smtp.fault("data", "554 5.7.1 no")
    with pytest.raises(smtplib.SMTPDataError):
        send(smtp, authority)
    smtp.fault("login", "454 4.7.0 later", times=2)  # smtplib tries PLAIN, then LOGIN
    with pytest.raises(smtplib.SMTPException):
        send(smtp, authority)
    assert smtp.messages == []
    smtp.drop_after_dot()
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError, ssl.SSLError)):
        send(smtp, authority)
    assert [m.dropped for m in smtp.messages] == [True]
    send(smtp, authority)
    assert [m.dropped for m in smtp.messages] == [True, False]


def test_smtp_hands_over_to_mailboxes(smtp, authority, dovecot):
    dovecot.add_user("b@example.org")
    smtp.deliver = lambda recipient, raw: dovecot.append(recipient, raw, at("2012-01-20 10:00"))
    send(smtp, authority)
    assert [raw for _, raw in dovecot.messages("b@example.org")] == [MAIL]


def test_smtp_comes_back_on_its_ports(smtp, authority):
    port = smtp.starttls
    smtp.stop()
    with pytest.raises(OSError):
        smtplib.SMTP("localhost", port, timeout=5)
    smtp.start()
    assert smtp.starttls == port
    send(smtp, authority)


def test_event_settings_are_changed_in_place():
    text = 'id = "a"; seats = 30; // seats = 1;\nmatch : { subject = ( "x; y" ); seats = 2; };\n'
    changed = config.override(text, {"seats": 5, "match": {"subject": ("z",)}, "late": "waitlist"})
    assert changed == ('id = "a"; seats = 5; // seats = 1;\nmatch = { subject = ( "z" ); };\nlate = "waitlist";\n')


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-2", "windows-1250"])
@pytest.mark.parametrize("cte", ["8bit", "quoted-printable", "base64"])
def test_mails_keep_their_text(charset, cte):
    letter = Letter(mails.form_mail("a@example.org", charset=charset, cte=cte))
    assert mails.form_text(mails.person()).replace("\r\n", "\n") in letter.text


def test_flowed_mail_keeps_its_lines():
    letter = Letter(mails.flowed_mail("a@example.org", mails.inline(mails.person())))
    assert mails.form_text(mails.person()).replace("\r\n", "\n") in letter.text.replace(" \n", " ")
