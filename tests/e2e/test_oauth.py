# SPDX-License-Identifier: GPL-3.0-or-later
"""Logging in with tokens: Dovecot's own oauth2, XOAUTH2 at the SMTP server, a token server that behaves or not."""
import contextlib
import json
import os
import re
import sqlite3
import time

import pytest

from harness import mails, proc
from harness.dovecot import Dovecot
from harness.letter import Letter
from harness.mails import COORDINATOR
from harness.tokens import CLIENT, SECRET, TokenServer
from harness.zapisy import SANITIZER, program

NOW = "2012-01-20 12:00"


@pytest.fixture(scope="module")
def given():
    with TokenServer() as server:
        yield server


@pytest.fixture(scope="module")
def taker(authority, given):
    """A Dovecot that asks the token server whose a token is."""
    with Dovecot(authority, introspection=given.url("introspect", "127.0.0.1")) as server:
        yield server


@pytest.fixture
def tokens(given):
    """The token server, as if it were new."""
    given.heal()
    given.life, given.rotate, given.interval, given.device_life, given.device_answers = 3600, True, 1, 900, []
    return given


class TokenSite:
    """A site that logs in by token to both servers, and its token file."""

    def __init__(self, site, tokens, smtp):
        self.site, self.tokens, self.user = site, tokens, site.user
        self.path = os.path.join(os.path.dirname(site.store), "token")
        smtp.token_server = tokens
        site.secret("oauth-secret", SECRET)
        by_token = {"auth": "xoauth2", "token_file": self.path, "user": site.user}
        site.set(mailbox=by_token, smtp=by_token,
                 oauth={"client_id": CLIENT, "client_secret_file": "oauth-secret", "token_url": tokens.url("token"),
                        "device_url": tokens.url("device"), "scope": "mail offline_access"})

    def write(self, life=3600, refresh=True, mode=0o600, age=None, **more):
        """What an earlier login left: an access token with so much life left."""
        now = int(time.time())
        content = {"access_token": self.tokens.new_access(self.user, life),
                   "obtained_at": now - (3600 - life if age is None else age), "expires_at": now + life, **more}
        if refresh:
            content["refresh_token"] = self.tokens.new_refresh(self.user)
        return self.put(content, mode)

    def put(self, content, mode=0o600):
        with open(self.path + ".beside", "w", encoding="utf-8") as f:
            f.write(content if isinstance(content, str) else json.dumps(content))
        os.chmod(self.path + ".beside", mode)
        os.rename(self.path + ".beside", self.path)
        return content

    def read(self):
        assert os.stat(self.path).st_mode & 0o7777 == 0o600
        with open(self.path, encoding="utf-8") as f:
            return json.load(f)

    def renewals(self):
        return self.tokens.asked("refresh_token", self.user)

    def alarms(self):
        return [l for l in self.site.smtp.letters() if l.to == COORDINATOR and "pomocy" in (l["Subject"] or "")]


@pytest.fixture
def by_token(make_site, taker, tokens, smtp):
    return TokenSite(make_site(imap=taker), tokens, smtp)


def answered(by_token, now=NOW, code=0):
    """A form comes and is answered; the log."""
    site = by_token.site
    site.deliver(mails.form_mail("osoba1@example.org"))
    log = site.once(now, code=code).err
    assert site.letter(to="osoba1@example.org").outcome == "accepted"
    assert {m.login for m in site.smtp.messages} == {by_token.user}
    return log


# --- logging in

def test_logs_in_to_both(by_token, taker):
    by_token.write()
    answered(by_token)
    assert by_token.renewals() == 0
    assert re.search(rf"user=<{by_token.user}>, method=XOAUTH2", taker.log())


def test_a_token_that_ran_out_is_renewed_first(by_token):
    before = by_token.write(life=-10)
    answered(by_token)
    after = by_token.read()
    assert by_token.renewals() == 1, "one renewal does for both servers"
    assert after["refresh_token"] != before["refresh_token"], "the new refresh token is kept"
    assert 3500 < after["expires_at"] - time.time() <= 3600
    assert sorted(os.listdir(os.path.dirname(by_token.path))) == ["token", "zapisy.db", "zapisy.db.lock"]


def test_a_server_that_does_not_rotate_refresh_tokens(by_token, tokens):
    tokens.rotate = False
    before = by_token.write(life=-10)
    answered(by_token)
    assert by_token.read()["refresh_token"] == before["refresh_token"]


def test_a_file_with_nothing_but_a_refresh_token(by_token, tokens):
    by_token.put({"refresh_token": tokens.new_refresh(by_token.user)})
    answered(by_token)


def test_what_the_server_refuses_is_renewed_once(by_token, tokens):
    """Valid by its date, revoked at the server."""
    by_token.write()
    tokens.revoke(by_token.user, refresh=False)
    answered(by_token)
    assert by_token.renewals() == 1


@pytest.mark.parametrize("says_why", [False, True])
def test_what_only_the_smtp_server_refuses(by_token, tokens, smtp, says_why):
    site = by_token.site
    smtp.says_why = says_why
    by_token.write()
    with site.service(NOW) as service:
        service.wait_for(lambda: site.status()["mailbox"]["state"] == "idle", "IDLE")
        tokens.revoke(by_token.user, refresh=False)
        site.deliver(mails.form_mail("osoba1@example.org"))
        service.wait_for(lambda: site.letters(to="osoba1@example.org"), "the letter")
    assert by_token.renewals() == 1


def test_a_server_that_refuses_every_token(by_token, tokens, taker):
    """One renewal, not one after another."""
    site = by_token.site
    site.set(mailbox={"user": "kto-inny"})
    by_token.write()
    site.once(NOW, code=75)
    assert by_token.renewals() == 1
    assert "refuses" in site.status()["token"]["detail"]
    assert len(by_token.alarms()) == 1


@pytest.mark.parametrize("life", [3600, -10])
def test_a_long_token(by_token, tokens, life):
    """Longer than an SMTP command, as Microsoft's are."""
    long = tokens.new_access(by_token.user) + "x" * 600
    tokens.access[long] = tokens.access.pop(long[:-600])
    by_token.write()
    by_token.put({**by_token.read(), "access_token": long})
    answered(by_token)


def test_oauthbearer_where_only_that_is_offered(make_site, authority, tokens, smtp):
    with Dovecot(authority, introspection=tokens.url("introspect", "127.0.0.1"), mechanisms="oauthbearer") as server:
        by_token = TokenSite(make_site(imap=server), tokens, smtp)
        by_token.write()
        answered(by_token)
        assert "method=OAUTHBEARER" in server.log()
        tokens.revoke(by_token.user, refresh=False)
        by_token.site.once("2012-01-20 13:00")
        assert by_token.renewals() == 1


def test_a_server_that_takes_no_tokens(make_site, dovecot, tokens, smtp):
    by_token = TokenSite(make_site(imap=dovecot), tokens, smtp)
    by_token.write()
    assert "takes no tokens" in by_token.site.once(NOW, code=75).err
    assert by_token.renewals() == 0


# --- ahead of its end

def test_renewed_ahead_of_its_end_while_it_runs(by_token, tokens):
    site = by_token.site
    tokens.life = 8
    by_token.write(life=8, age=0)
    with site.service(NOW) as service:
        service.wait_for(lambda: by_token.renewals() >= 2, "two renewals")
        tokens.life = 3600
        before = by_token.read()["access_token"]
        service.wait_for(lambda: by_token.read()["access_token"] != before, "a third one")
        site.deliver(mails.form_mail("osoba1@example.org"))
        service.wait_for(lambda: site.letters(to="osoba1@example.org"), "the letter")
        asked = by_token.renewals()
        assert "the token" not in site.status()["mailbox"]["detail"]
    assert by_token.renewals() == asked <= 4
    assert by_token.alarms() == []


def test_a_token_that_another_program_renewed_is_taken(by_token, tokens):
    site = by_token.site
    by_token.write(refresh=False)
    with site.service(NOW) as service:
        site.deliver(mails.form_mail("osoba1@example.org"))
        service.wait_for(lambda: site.letters(to="osoba1@example.org"), "the letter")
        tokens.revoke(by_token.user)
        by_token.write(refresh=False)
        site.deliver(mails.form_mail("osoba2@example.org", mails.someone(2)), "2012-01-20 11:30")
        taker = site.dovecot
        taker.doveadm("kick", site.user)
        service.wait_for(lambda: site.letters(to="osoba2@example.org"), "the second letter", 60)
    assert by_token.renewals() == 0


# --- the file

@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_not_used(by_token, taker, mode):
    site = by_token.site
    by_token.write(mode=mode)
    site.deliver(mails.form_mail("osoba1@example.org"))
    log = site.once(NOW, code=75).err
    assert f"chmod 600 {by_token.path}" in log
    assert f"user=<{by_token.user}>, method=XOAUTH2" not in taker.log()
    assert "chmod 600" in site.status()["mailbox"]["detail"]
    assert "chmod 600" in site.keeper("--check").expect(75).out
    os.chmod(by_token.path, 0o600)
    site.once("2012-01-20 13:00")
    assert site.letter(to="osoba1@example.org").outcome == "accepted"


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"access_token": 1}', '{"access_token": "a\\r\\nLOGOUT"}',
                                     "x" * 100000])
def test_a_file_that_is_none(by_token, content):
    by_token.put(content)
    site = by_token.site
    assert by_token.path in site.once(NOW, code=75).err
    assert site.status()["mailbox"]["state"] == "error"


def test_no_file_yet(by_token):
    site = by_token.site
    assert "zapisyctl login" in site.once(NOW, code=75).err
    assert "zapisyctl login" in site.keeper("--check").expect(75).out


def test_check_changes_nothing(by_token, tokens):
    site = by_token.site
    before = by_token.write()
    out = site.keeper("--check").expect(0).out
    assert "mailbox: logged in" in out and "smtp: logged in" in out
    before = by_token.write(life=-10)
    assert "run out" in site.keeper("--check").expect(0).out
    assert by_token.read() == before and by_token.renewals() == 0
    by_token.write(life=-10, refresh=False)
    assert "zapisyctl login" in site.keeper("--check").expect(75).out


# --- renewing fails

def test_a_login_that_is_worth_nothing_any_more(by_token, tokens):
    """The token still works for a while: the alarm goes out with it, once."""
    site = by_token.site
    by_token.write(life=600)
    tokens.revoke(by_token.user, access=False)
    with site.service(NOW) as service:
        service.wait_for(by_token.alarms, "the alarm")
        service.wait_for(lambda: site.status()["token"]["state"] == "error", "the status")
        site.deliver(mails.form_mail("osoba1@example.org"))
        service.wait_for(lambda: site.letters(to="osoba1@example.org"), "letters still leave")
        assert "zapisyctl login mailbox" in by_token.alarms()[0].text
        assert "invalid_grant" in service.log()
        assert any(m.startswith("STATUS=Logging in: ") for m in service.messages)
        assert "invalid_grant" in site.ctl("status").out
        # An administrator logs in again: at once all is well.
        by_token.write()
        site.ctl("pause")
        service.wait_for(lambda: site.status()["token"]["state"] == "online", "the end of the trouble")
    site.once("2012-01-20 14:00", code=0)
    assert len(by_token.alarms()) == 1
    assert "zapisyctl login mailbox" in site.ctl("digest").out


def test_the_alarm_leaves_by_password_where_only_the_mailbox_wants_a_token(by_token, tokens, smtp):
    site = by_token.site
    site.set(smtp={"auth": "password", "user": smtp.user})
    by_token.write(life=-10)
    tokens.revoke(by_token.user)
    site.once(NOW, code=75)
    assert len(by_token.alarms()) == 1
    assert site.status()["mailbox"]["state"] == "error"
    site.once("2012-01-20 13:00", code=75)
    assert len(by_token.alarms()) == 1, "not again the same day"
    site.once("2012-01-21 13:00", code=75)
    assert len(by_token.alarms()) == 2


def test_the_alarm_is_put_into_the_mailbox_where_letters_cannot_leave(by_token, tokens, taker):
    """As where authenticated SMTP is switched off: IMAP takes the token, SMTP does not."""
    site = by_token.site
    site.set(smtp={"user": "nikt@example.org"})
    by_token.write()
    with site.service(NOW) as service:
        service.wait_for(lambda: taker.messages(site.user), "a mail", 60)
        (uid, raw), = taker.messages(site.user)
        assert "zapisyctl login" in Letter(raw).text and Letter(raw).to == COORDINATOR
        assert "\\Seen" not in taker.flags(site.user)[uid]
        service.wait_for(lambda: site.mail(), "it is seen")
        (seen,) = site.mail()
        assert (seen["class"], seen["outcome"]) == ("own", "ignored")
        (row,) = [l for l in site.outbox() if l["state"] == "sent"]
        assert "put into the mailbox" in row["last_error"]
    assert by_token.renewals() == 1 and site.smtp.messages == []


def test_when_nothing_works_any_more(by_token, tokens):
    site = by_token.site
    by_token.write(life=-10)
    tokens.revoke(by_token.user)
    log = site.once(NOW, code=75).err
    assert "invalid_grant" in log and "AADSTS70008" in log and "cannot be told by mail" in log
    assert site.status()["smtp"]["state"] == "error"
    by_token.write()
    site.deliver(mails.form_mail("osoba1@example.org"))
    site.once("2012-01-20 13:00")
    assert site.letter(to="osoba1@example.org").outcome == "accepted"
    assert by_token.alarms() == [], "what is over is not told late"


def test_a_wrong_client(by_token, tokens):
    site = by_token.site
    site.secret("oauth-secret", "nie-ta")
    by_token.write(life=-10)
    log = site.once(NOW, code=75).err
    assert "oauth.client_id" in log and "nie-ta" not in log
    os.remove(os.path.join(site.conf, "oauth-secret"))
    assert "oauth-secret" in site.once("2012-01-20 13:00", code=75).err


def test_trouble_that_passes(by_token, tokens):
    site = by_token.site
    by_token.write(life=-10)
    tokens.fault((503, {"error": "temporarily_unavailable"}), 2)
    with site.service(NOW) as service:
        site.deliver(mails.form_mail("osoba1@example.org"))
        service.wait_for(lambda: site.letters(to="osoba1@example.org"), "the letter", 60)
    assert by_token.renewals() == 3
    assert by_token.alarms() == []
    assert "in order again" in service.log()


def test_a_file_that_cannot_be_written(by_token, tokens):
    """The new tokens are used all the same, and kept as soon as that is possible."""
    site = by_token.site
    folder = os.path.join(site.folder, "tokens")
    os.mkdir(folder)
    by_token.path = os.path.join(folder, "token")
    site.set(mailbox={"token_file": by_token.path}, smtp={"token_file": by_token.path})
    before = by_token.write(life=8, age=0)
    with site.service(NOW) as service:
        service.wait_for(lambda: site.status()["mailbox"]["state"] == "idle", "IDLE")
        os.rename(folder, folder + "-away")
        service.wait_for(lambda: by_token.alarms() or site.dovecot.uids(site.user), "the alarm, whichever way")
        service.wait_for(lambda: by_token.renewals() == 1 and "cannot write" in service.log(), "the renewal")
        tokens.revoke(by_token.user, access=False, refresh=False)
        del tokens.access[before["access_token"]]
        site.deliver(mails.form_mail("osoba1@example.org"))
        service.wait_for(lambda: site.letters(to="osoba1@example.org"), "the letter")
        os.rename(folder + "-away", folder)
        site.ctl("resume")
        service.wait_for(lambda: by_token.read()["refresh_token"] in tokens.refresh, "the new tokens in the file")
        service.wait_for(lambda: site.status()["token"]["state"] == "online", "the end of the trouble")


# --- a hostile token server

def redirect(handler):
    handler.say(302, b"", Location=handler.server.redirect_to)


def huge(handler):
    handler.say(200, b'{"access_token":"' + b"a" * 200000 + b'"}')


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    with contextlib.suppress(OSError):
        while True:
            handler.wfile.write(b" " * 65536)


HOSTILE = {
    "garbage": ((200, b"\x00\xff\xfe<html>"), "cannot be understood"),
    "empty": ((200, b""), "cannot be understood"),
    "control-characters": ((200, {"access_token": "a\r\nX: y"}), "cannot be understood"),
    "nested": ((200, b"[" * 60000), "cannot be understood"),
    "not-json-error": ((400, b"no"), "status 400"),
    "huge": (huge, "too large"),
    "endless": (endless, "too large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_token_server(by_token, tokens, name):
    fault, words = HOSTILE[name]
    before = by_token.write(life=-10)
    tokens.fault(fault, times=100)  # however often it is asked
    log = by_token.site.once(NOW, code=75).err
    tokens.heal()
    assert words in log and not SANITIZER.search(log)
    assert by_token.read() == before, "the refresh token is kept"
    answered(by_token, "2012-01-20 13:00")


def test_a_redirection_is_not_followed(by_token, tokens):
    by_token.write(life=-10)
    seen = []
    with TokenServer() as other:
        other._token = lambda handler, form: (seen.append(form), handler.say(500, {}))
        tokens._server.redirect_to = other.url("token")
        tokens.fault(redirect, times=100)
        assert "redirection" in by_token.site.once(NOW, code=75).err
    assert seen == []


@pytest.mark.parametrize("cert", ["good", "self-signed", "wrong-host", "expired"])
def test_the_certificate_of_the_token_server(by_token, authority, cert):
    site = by_token.site
    with TokenServer(authority, cert) as server:
        server.refresh = by_token.tokens.refresh
        server.access = by_token.tokens.access
        site.set(oauth={"token_url": server.url("token"), "ca_file": authority.ca_file})
        by_token.write(life=-10)
        log = site.once(NOW, code=0 if cert == "good" else 75).err
        assert len(server.requests) == (cert == "good")
        assert cert == "good" or "certificate" in log


def test_an_authority_of_the_system_only(by_token, authority):
    site = by_token.site
    with TokenServer(authority) as server:
        site.set(oauth={"token_url": server.url("token")})
        by_token.write(life=-10)
        assert "certificate" in site.once(NOW, code=75).err
        assert server.requests == []


# --- secrets

def lines_of_processes(pid):
    found = b""
    for child in [pid, *proc.descendants(pid)]:
        for name in ("cmdline", "environ"):
            with contextlib.suppress(OSError), open(f"/proc/{child}/{name}", "rb") as f:
                found += f.read()
    return found


def test_no_token_is_seen_anywhere(by_token, tokens):
    site = by_token.site
    by_token.write(life=5, age=0)
    seen = b""
    with site.service(NOW) as service:
        site.deliver(mails.form_mail("osoba1@example.org"))
        end = time.monotonic() + 60
        while not (by_token.renewals() and site.letters()) and time.monotonic() < end:
            seen += lines_of_processes(service.process.pid)
        tokens.revoke(by_token.user)
        tokens.fault((400, {"error": "invalid_grant", "error_description": by_token.read()["refresh_token"]}))
        site.dovecot.doveadm("kick", site.user)
        service.wait_for(lambda: site.status()["token"]["state"] == "error", "the trouble", 60)
        seen += service.log().encode() + "".join(service.messages).encode() + site.ctl("status").out.encode()
    with contextlib.closing(sqlite3.connect(site.store)) as db:
        seen += "\n".join(db.iterdump()).encode()
    for name in os.listdir(os.path.dirname(site.store)):
        if name != "token":
            with open(os.path.join(os.path.dirname(site.store), name), "rb") as f:
                seen += f.read()
    for secret in [*tokens.given, SECRET]:
        assert secret.encode() not in seen


# --- zapisyctl login

def login(by_token, *arguments, lines="", timeout=60):
    """The command with something typed; its result."""
    site = by_token.site
    process = proc.start([program("zapisyctl"), "-c", site.file, "login", *arguments], stdin=-1, stdout=-1, stderr=-1,
                         env=site.environment, cwd=site.folder)
    try:
        out, err = process.communicate(lines.encode(), timeout)
    finally:
        proc.kill_group(process)
    assert not SANITIZER.search(err.decode()), err.decode()
    return process.returncode, out.decode(), err.decode()


def test_device_login(by_token, tokens):
    tokens.device_answers = ["authorization_pending", "slow_down", f"user:{by_token.user}"]
    start = time.monotonic()
    code, out, err = login(by_token)
    assert code == 0, err
    assert "https://login.example.org/device" in out and "WDJB-MJHT" in out and by_token.user in out
    assert time.monotonic() - start > 1 + 1 + 6, "slow_down means five seconds more"
    assert not any(secret in out + err for secret in tokens.given)
    assert tokens.requests[-4]["scope"] == "mail offline_access"
    answered(by_token)


@pytest.mark.parametrize("answer, code, words", [
    ("access_denied", 1, "denied"), ("expired_token", 75, "run it again"), ("invalid_client", 78, "oauth.client_id"),
    ("invalid_scope", 78, "oauth.scope")])
def test_device_login_that_fails(by_token, tokens, answer, code, words):
    before = by_token.write()
    tokens.device_answers = ["authorization_pending", answer]
    result = login(by_token)
    assert (result[0], words in result[2]) == (code, True), result
    assert by_token.read() == before


def test_device_login_that_nobody_answers(by_token, tokens):
    tokens.device_life = 3
    code, _, err = login(by_token)
    assert code == 75 and "expired" in err


def test_device_login_with_a_token_server_in_trouble(by_token, tokens):
    tokens.device_answers = [f"user:{by_token.user}"]
    tokens.fault((503, b"busy"))
    code, _, err = login(by_token)
    assert code == 0 and "trying again" in err


def test_login_without_a_refresh_token(by_token, tokens):
    tokens.device_answers = [f"user:{by_token.user}"]
    tokens.fault(lambda handler: handler.say(200, {"access_token": "only", "expires_in": 5}))
    code, _, err = login(by_token)
    assert code == 78 and "offline_access" in err
    assert not os.path.exists(by_token.path)


def test_a_login_that_is_stopped_changes_nothing(by_token, tokens):
    site = by_token.site
    before = by_token.write()
    process = proc.start([program("zapisyctl"), "-c", site.file, "login"], stdin=-1, stdout=-1, stderr=-1,
                         env=site.environment, cwd=site.folder)
    try:
        assert process.stdout.readline()
        asked = len(tokens.requests)
        proc.wait_until(lambda: len(tokens.requests) > asked, 30, "a question")
        children = proc.descendants(process.pid)
        process.send_signal(2)
        assert process.wait(20) == -2
        proc.wait_until(lambda: not any(c in proc.descendants(1) for c in children), 20, "the end of zapisy-send")
    finally:
        proc.kill_group(process)
        process.stdin.close(), process.stdout.close(), process.stderr.close()
    assert by_token.read() == before and os.listdir(os.path.dirname(by_token.path)) == ["token"]


def by_code(by_token, tokens, paste):
    """The command without a device address: what it shows is answered with what paste(address) gives."""
    site = by_token.site
    site.set(oauth={"device_url": "", "auth_url": "https://accounts.example.org/auth?hl=pl"})
    process = proc.start([program("zapisyctl"), "-c", site.file, "login", "mailbox"], stdin=-1, stdout=-1, stderr=-1,
                         env=site.environment, cwd=site.folder)
    try:
        line = b""
        while not line.startswith(b"https://"):
            line = process.stdout.readline()
            assert line, process.stderr.read().decode()
        out, err = process.communicate(paste(line.decode().strip()).encode() + b"\n", 60)
    finally:
        proc.kill_group(process)
    return process.returncode, out.decode(), err.decode()


def test_login_by_a_pasted_address(by_token, tokens):
    code, out, err = by_code(by_token, tokens, lambda address: tokens.agree(address, by_token.user))
    assert code == 0, out + err
    answered(by_token)


@pytest.mark.parametrize("paste, words", [
    (lambda a: "", "no address"), (lambda a: "http://127.0.0.1:8025/?code=x&state=other", "another login"),
    (lambda a: "http://127.0.0.1:8025/?error=access_denied", "not given"), (lambda a: "zly kod", "no address"),
    (lambda a: "http://127.0.0.1:8025/?state=" + re.search("state=([0-9a-f]+)", a).group(1), "no code")])
def test_what_is_pasted_wrongly(by_token, tokens, paste, words):
    code, _, err = by_code(by_token, tokens, paste)
    assert code == 1 and words in err
    assert not os.path.exists(by_token.path)


def test_a_code_of_somebody_else(by_token, tokens):
    code, _, err = by_code(by_token, tokens, lambda address: "4/0Aforeign")
    assert code == 1 and "invalid_grant" in err


def test_a_running_service_takes_the_login_at_once(by_token, tokens):
    site = by_token.site
    tokens.device_answers = [f"user:{by_token.user}"]
    with site.service(NOW) as service:
        service.wait_for(lambda: site.status()["mailbox"]["state"] == "error", "no token yet")
        site.deliver(mails.form_mail("osoba1@example.org"))
        assert login(by_token)[0] == 0
        service.wait_for(lambda: site.letters(to="osoba1@example.org"), "the letter", 20)
        assert site.status()["token"]["state"] == "online"


def test_login_where_none_is_needed(site):
    for operand in ([], ["mailbox"], ["smtp"]):
        assert '"xoauth2"' in site.ctl("login", *operand, code=1).err
    assert "mailbox or smtp" in site.ctl("login", "fax", code=64).err
    site.set(mailbox={"auth": "xoauth2", "token_file": "/var/lib/zapisyd/token"})
    assert "oauth.client_id" in site.ctl("login", code=78).err
