# SPDX-License-Identifier: GPL-3.0-or-later
"""zapisy-send by itself, spoken to as zapisyd speaks to it, against a real server and a misbehaving one."""
import array
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time

import pytest

from harness import proc
from harness.badsmtp import ENDLESS, SILENCE, Scripted
from harness.zapisy import SANITIZER, program

ADD_SEALS, ALL_SEALS = 1033, 0xF
NO_LANDLOCK = "this kernel has no Landlock"
TO, FROM = "jan.kowalski@example.org", "agnieszka.szuba@rcwip.example"
BODY = (b"From: Agnieszka Szuba <agnieszka.szuba@rcwip.example>\r\nTo: jan.kowalski@example.org\r\n"
        b"Subject: test\r\nMessage-ID: <1@rcwip.example>\r\n\r\n.dot\r\n..two\r\n.\r\nend\r\n")


def sealed(data):
    fd = os.memfd_create("test", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.write(fd, data)
    fcntl.fcntl(fd, ADD_SEALS, ALL_SEALS)
    return fd


class Sender:
    """The program and its keeper's end of the socket."""

    def __init__(self, errors):
        self.socket, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for end in (self.socket, other):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        self.socket.settimeout(60)
        self.errors = open(errors, "w+", encoding="utf-8")
        environment = {**os.environ, "ALL_PROXY": "socks5://127.0.0.1:1", "smtp_proxy": "http://127.0.0.1:1"}
        self.process = subprocess.Popen([program("zapisy-send")], stdin=other, stderr=self.errors, env=environment)
        other.close()
        self.number = 0

    def tell(self, record, data=None):
        fds = [] if data is None else [sealed(data)]
        ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
        self.socket.sendmsg([json.dumps(record).encode()], ancillary)
        for fd in fds:
            os.close(fd)

    def hear(self):
        return json.loads(self.socket.recv(1 << 18))

    def open(self, port, tls="none", ca_file="", user="", password="", host="localhost", **more):
        assert self.hear()["program"] == "zapisy-send"
        self.tell({"op": "open", "host": host, "port": port, "tls": tls, "ca_file": ca_file, "user": user,
                   "auth": "password", **more}, password.encode())

    def post(self, to=TO, data=BODY, sender=FROM):
        self.number += 1
        self.tell({"op": "letter", "id": self.number, "from": sender, "to": [to]}, data)

    def fate(self):
        fate = self.hear()
        assert fate["op"] == "fate" and fate["id"] == self.number
        assert len(fate["detail"].encode()) <= 200 and "kowalski" not in fate["detail"]
        return fate

    def letter(self, **options):
        self.post(**options)
        return self.fate()

    def check(self):
        self.tell({"op": "check"})
        fate = self.hear()
        assert fate["op"] == "fate" and fate["id"] == 0
        return fate

    def said(self):
        self.errors.seek(0)
        return self.errors.read()

    def close(self):
        """The keeper's end closes: the program ends by itself."""
        self.socket.close()
        try:
            code = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        said = self.said()
        self.errors.close()
        assert not SANITIZER.search(said), said
        return code, said


@pytest.fixture
def sender(tmp_path):
    made = Sender(tmp_path / "stderr")
    yield made
    code, said = made.close()
    assert code == 0 and (not said or NO_LANDLOCK in said)


# --- a real server

def test_greets_with_its_version(sender):
    hello = sender.hear()
    shown = subprocess.run([program("zapisy-send"), "--version"], capture_output=True, text=True, check=True).stdout
    assert hello["op"] == "hello" and shown == f"zapisy-send {hello['version']}\n"


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_letters_over_tls_on_one_connection(sender, smtp, authority, tls):
    port = smtp.tls if tls == "implicit" else smtp.starttls
    sender.open(port, tls, authority.ca_file, smtp.user, smtp.password)
    for number in range(50):
        sender.post(data=BODY.replace(b"test", b"number %d" % number))
    for number in range(50):
        fate = sender.hear()
        assert (fate["id"], fate["fate"], fate["code"], fate["server"]) == (number + 1, "sent", 250, False)
    assert smtp.connections == 1
    assert len(smtp.messages) == 50
    for number, taken in enumerate(smtp.messages):
        assert taken.raw == BODY.replace(b"test", b"number %d" % number)
        assert taken.tls and taken.login == smtp.user and taken.sender == FROM and taken.recipients == [TO]


def test_check_logs_in_and_sends_nothing(sender, smtp, authority):
    sender.open(smtp.starttls, "starttls", authority.ca_file, smtp.user, smtp.password)
    assert sender.check()["fate"] == "sent"
    assert smtp.connections == 1 and not smtp.messages


def test_wrong_password(sender, smtp, authority):
    sender.open(smtp.tls, "implicit", authority.ca_file, smtp.user, "wrong")
    for fate in (sender.check(), sender.letter()):
        assert (fate["fate"], fate["server"]) == ("again", True)
        assert "user or password" in fate["detail"] and "535" in fate["detail"]
    assert not smtp.messages


@pytest.mark.parametrize("kind", ["self-signed", "wrong-host", "expired"])
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_bad_certificates(sender, authority, kind, tls):
    from harness.smtp import SmtpServer
    with SmtpServer(authority, cert=kind) as server:
        port = server.tls if tls == "implicit" else server.starttls
        sender.open(port, tls, authority.ca_file, server.user, server.password)
        for fate in (sender.check(), sender.letter()):
            assert (fate["fate"], fate["server"]) == ("again", True)
            assert "certificate is not valid" in fate["detail"]
        assert not server.messages


def test_unknown_authority_is_refused_by_the_systems_trust(sender, smtp):
    sender.open(smtp.tls, "implicit", "", smtp.user, smtp.password)
    assert "certificate is not valid" in sender.letter()["detail"]


def test_missing_ca_file(sender, smtp, tmp_path):
    sender.open(smtp.tls, "implicit", str(tmp_path / "nothing.pem"), smtp.user, smtp.password)
    fate = sender.check()
    assert (fate["fate"], fate["server"]) == ("again", True) and "ca_file" in fate["detail"]


def test_reads_no_file_that_it_was_not_opened_with(sender, smtp, authority, tmp_path):
    """A file put in the place of ca_file is another file: the kernel keeps it from us."""
    mine = tmp_path / "ca.pem"
    shutil.copy(authority.ca_file, mine)
    sender.open(smtp.tls, "implicit", str(mine), smtp.user, smtp.password)
    assert sender.check()["fate"] == "sent"
    shutil.copy(authority.ca_file, tmp_path / "new.pem")
    os.rename(tmp_path / "new.pem", mine)
    fate = sender.check()
    if NO_LANDLOCK in sender.said():
        assert fate["fate"] == "sent"
    else:
        assert (fate["fate"], fate["server"]) == ("again", True) and "ca_file" in fate["detail"]


def test_stripped_starttls(sender):
    with Scripted() as server:
        sender.open(server.port, "starttls", "", "user", "secret")
        for fate in (sender.check(), sender.letter()):
            assert (fate["fate"], fate["server"]) == ("again", True) and "STARTTLS" in fate["detail"]
        assert not [line for line in server.seen if line.startswith((b"AUTH", b"MAIL"))]


def test_no_login_offered(sender):
    with Scripted() as server:
        sender.open(server.port, user="user", password="secret")
        fate = sender.check()
        assert (fate["fate"], fate["server"]) == ("again", True) and "login" in fate["detail"]


def test_plain_text_only_to_this_machine(sender):
    sender.open(25, "none", host="mail.example.org", user="user", password="secret")
    fate = sender.letter()
    assert (fate["fate"], fate["server"]) == ("again", True) and "none" in fate["detail"]


@pytest.mark.parametrize("host", ["localhost/x", "a@localhost", "local host", "localhost?x", ""])
def test_host_that_is_no_name(sender, host):
    sender.open(25, "none", host=host)
    assert "host name" in sender.letter()["detail"]


def test_nobody_listens(sender):
    sender.open(proc.free_port())
    fate = sender.letter()
    assert (fate["fate"], fate["server"], fate["code"]) == ("again", True, 0)


# --- refusals

@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "dot"])
@pytest.mark.parametrize("code, fate_name, whole_server", [(451, "again", False), (550, "failed", False),
                                                           (421, "again", True)])
def test_refusals(sender, step, code, fate_name, whole_server):
    reply = b"%d-first line\r\n%d 5.1.1 <jan.kowalski@example.org> no" % (code, code)
    with Scripted(**{step: [reply, b"354 go" if step == "data" else b"250 ok"]}) as server:
        sender.open(server.port)
        fate = sender.letter()
        if (step, code) == ("mail", 550):  # the sender is the same for all letters: none of them fails by it
            fate_name, whole_server = "again", True
        assert (fate["fate"], fate["server"], fate["code"]) == (fate_name, whole_server, code)
        assert str(code) in fate["detail"]
        assert sender.letter()["fate"] == "sent"


def test_a_group_does_not_wait_for_a_server_that_does_not_answer(sender):
    """Each of its letters would wait for the same silence."""
    with Scripted(greet=None) as server:
        sender.open(server.port, answer_seconds=1)
        started = time.monotonic()
        for _ in range(6):
            sender.post()
        fates = [sender.hear() for _ in range(6)]
        assert [f["id"] for f in fates] == list(range(sender.number - 5, sender.number + 1))
        assert [(f["fate"], f["server"]) for f in fates] == [("again", True)] * 6
        assert server.connections == 1, f"{server.connections} connections, {time.monotonic() - started:.1f} s"


def test_real_server_refuses_one_recipient(sender, smtp, authority):
    smtp.fault("recipient", "550 5.1.1 unknown", recipient=TO)
    sender.open(smtp.tls, "implicit", authority.ca_file, smtp.user, smtp.password)
    assert sender.letter()["fate"] == "failed"
    assert sender.letter(to="ewa@example.org")["fate"] == "sent"


def test_login_wanted(sender):
    with Scripted(mail=b"530 5.7.0 Authentication required") as server:
        sender.open(server.port)
        fate = sender.letter()
        assert (fate["fate"], fate["server"]) == ("again", True) and "login" in fate["detail"]


@pytest.mark.parametrize("greeting", [b"554 no service", b"421 busy", b"", b"HTTP/1.1 400 Bad Request"])
def test_bad_greetings(sender, greeting):
    with Scripted(greet=greeting) as server:
        sender.open(server.port)
        fate = sender.letter()
        assert (fate["fate"], fate["server"]) == ("again", True)


# --- lines that break

@pytest.mark.parametrize("step", ["ehlo", "mail", "rcpt", "data"])
def test_cut_before_the_text_is_again(sender, step):
    with Scripted(**{step: [b"", b"354 go" if step == "data" else b"250 ok"]}) as server:
        sender.open(server.port)
        fate = sender.letter()
        assert (fate["fate"], fate["server"]) == ("again", True)
        assert sender.letter()["fate"] == "sent"


def test_cut_in_the_middle_of_a_long_text_is_again(sender):
    with Scripted() as server:
        server._line = lambda connection, lines, line, _: (
            connection.sendall(b"354 go\r\n" if line == b"DATA" else b"250 ok\r\n"),
            line == b"DATA" and connection.shutdown(socket.SHUT_RDWR))
        sender.open(server.port)
        fate = sender.letter(data=BODY + b"a long line of text\r\n" * 40000)
        assert (fate["fate"], fate["server"]) == ("again", True)


@pytest.mark.parametrize("kept", [True, False])
def test_cut_after_the_dot_is_uncertain(sender, smtp, authority, kept):
    smtp.drop_after_dot(keep=kept)
    sender.open(smtp.tls, "implicit", authority.ca_file, smtp.user, smtp.password)
    fate = sender.letter()
    assert (fate["fate"], fate["server"]) == ("uncertain", False)
    assert sender.letter()["fate"] == "sent"
    assert len(smtp.letters()) == 1


def test_silence(sender):
    with Scripted(dot=[None, b"250 ok"], rcpt=[b"250 ok", None, b"250 ok"]) as server:
        sender.open(server.port, answer_seconds=1)
        fate = sender.letter()
        assert fate["fate"] == "uncertain" and "in time" in fate["detail"]
        fate = sender.letter()
        assert (fate["fate"], fate["server"]) == ("again", True)
        assert sender.letter()["fate"] == "sent"


def test_a_connection_closed_while_resting_is_opened_again(sender):
    with Scripted() as server:
        sender.open(server.port)
        assert sender.letter()["fate"] == "sent"
        server.hang_up()
        time.sleep(0.1)
        assert sender.letter()["fate"] == "sent"
        server.steps["mail"] = [b"421 too long idle", b"250 ok"]
        assert sender.letter()["fate"] == "sent"
        assert len(server.letters) == 3


def test_a_late_answer_is_not_taken_for_the_next_letter(sender):
    with Scripted(dot=[None, b"550 no"]) as server:
        server.patience = 1.5
        sender.open(server.port, answer_seconds=1)
        assert sender.letter()["fate"] == "uncertain"
        assert sender.letter()["fate"] == "failed"
        assert server.connections == 2


# --- logins

LOGIN = b"250-here\r\n250 AUTH %s"


def test_a_letter_does_not_go_without_the_login_that_is_wanted(sender):
    with Scripted() as server:
        sender.open(server.port, user="user", password="secret")
        fate = sender.letter()
        assert (fate["fate"], fate["server"], fate["asked"]) == ("again", True, False) and "login" in fate["detail"]
        assert not [line for line in server.seen if line.startswith((b"MAIL", b"AUTH"))]
        assert sender.letter()["fate"] == "again" and not server.letters


def test_a_login_of_no_known_kind(sender):
    with Scripted(ehlo=LOGIN % b"GSSAPI NTLM") as server:
        sender.open(server.port, user="user", password="secret")
        fate = sender.letter()
        assert (fate["fate"], fate["server"]) == ("again", True) and "kind of login" in fate["detail"]
        assert not [line for line in server.seen if line.startswith((b"AUTH", b"MAIL"))]


@pytest.mark.parametrize("offered, used", [(b"CRAM-MD5 PLAIN", b"AUTH PLAIN"), (b"LOGIN", b"AUTH LOGIN"),
                                           (b"DIGEST-MD5 CRAM-MD5 GSSAPI", b"AUTH CRAM-MD5"),
                                           (b"PLAIN LOGIN CRAM-MD5 XOAUTH2", b"AUTH PLAIN")])
def test_kinds_of_login(sender, offered, used):
    """CRAM-MD5 only where there is no other: many servers offer it and cannot check it."""
    steps = {"auth": b"235 in"}
    if used != b"AUTH PLAIN":
        steps["auth"] = b"334 VXNlcm5hbWU6" if used == b"AUTH LOGIN" else b"334 PDEyM0BoZXJlPg=="
    with Scripted(ehlo=LOGIN % offered, **steps) as server:
        server.steps["dxnl"] = b"334 UGFzc3dvcmQ6" if used == b"AUTH LOGIN" else b"235 in"  # the user, in base64
        server.steps["c2vj"] = b"235 in"
        sender.open(server.port, user="user", password="secret")
        assert [sender.letter()["fate"] for _ in range(2)] == ["sent", "sent"]
        logins = [line for line in server.seen if line.startswith(b"AUTH")]
        assert len(logins) == 1 and logins[0].startswith(used)


@pytest.mark.parametrize("reply, words", [(b"454 4.7.0 try later", "cannot check"), (b"535 5.7.8 no", "user or password"),
                                          (b"", "broke")])
def test_a_login_that_fails_is_no_letters_fault(sender, reply, words):
    with Scripted(ehlo=LOGIN % b"PLAIN", auth=reply) as server:
        sender.open(server.port, user="user", password="secret")
        fate = sender.letter()
        assert (fate["fate"], fate["server"], fate["asked"]) == ("again", True, False) and words in fate["detail"]


def test_an_old_server_without_ehlo(sender):
    with Scripted(ehlo=b"502 what") as server:
        sender.open(server.port)
        assert sender.letter()["fate"] == "sent"
        assert [line[:4] for line in server.seen[:3]] == [b"EHLO", b"HELO", b"MAIL"]


@pytest.mark.parametrize("reply", [b"454 not now", b"501 no", b"220 go\r\n250 and more", b""])
def test_starttls_that_goes_wrong(sender, reply):
    """With something said before TLS, as an attacker would."""
    with Scripted(ehlo=b"250-here\r\n250 STARTTLS", starttls=reply) as server:
        sender.open(server.port, "starttls", "", "user", "secret")
        fate = sender.letter()
        assert (fate["fate"], fate["server"]) == ("again", True)
        assert not [line for line in server.seen if line.startswith((b"AUTH", b"MAIL"))]


# --- servers that never come to an end

@pytest.mark.parametrize("step", ["greet", "ehlo", "rcpt", "dot"])
def test_endless_answers(sender, step):
    with Scripted(**{step: ENDLESS}) as server:
        sender.open(server.port)
        started = time.monotonic()
        fate = sender.letter()
        assert fate["fate"] == ("uncertain" if step == "dot" else "again")
        assert time.monotonic() - started < 30, "it listened for long"


def test_answers_that_come_byte_by_byte(sender):
    with Scripted() as server:
        server.slowly = 0.01
        sender.open(server.port)
        assert [sender.letter()["fate"] for _ in range(2)] == ["sent", "sent"]


def test_no_answer_to_quit_holds_up_nothing(sender):
    with Scripted(quit=SILENCE, rcpt=[b"550 no", b"250 ok"]) as server:
        sender.open(server.port)
        started = time.monotonic()
        assert sender.letter()["fate"] == "failed"
        assert sender.letter()["fate"] == "sent"
        sender.socket.shutdown(socket.SHUT_RDWR)
        assert sender.process.wait(20) == 0
        assert time.monotonic() - started < 15
        assert server.seen.count(b"QUIT") >= 1


def test_a_second_answer_to_one_question_confuses_no_letter(sender):
    """The next letter's answers would be shifted by one."""
    with Scripted(dot=[b"250 taken\r\n250 and again", b"250 taken"]) as server:
        sender.open(server.port)
        for _ in range(3):
            assert sender.letter()["fate"] == "sent"
        assert len(server.letters) == 3


# --- addresses beyond ASCII

def test_domains_go_as_a_labels(sender):
    with Scripted() as server:
        sender.open(server.port)
        assert sender.letter(to="jan@gmina-łódź.example")["fate"] == "sent"
        assert server.taken[0].recipients == ["jan@xn--gmina-d-q0a42esr.example"]


@pytest.mark.parametrize("offered", [b"250 here", b"250-here\r\n250-8BITMIME\r\n250 SMTPUTF8"])
def test_local_parts_beyond_ascii(sender, offered):
    with Scripted(ehlo=offered) as server:
        sender.open(server.port)
        for first in (True, False):  # also on a connection that is there already
            fate = sender.letter(to="żółw@example.org")
            if b"SMTPUTF8" in offered:
                assert fate["fate"] == "sent" and "żółw@example.org".encode() in b"".join(server.seen)
            else:
                assert (fate["fate"], fate["server"]) == ("failed", False) and "SMTPUTF8" in fate["detail"]
                assert not [line for line in server.seen if line.startswith((b"RCPT \xc5", b"RCPT TO:<\xc5"))]
            if first:
                assert sender.letter()["fate"] == "sent"


# --- what must not leave

@pytest.mark.parametrize("data", [b"", b"a: b\n\nlone\r\n", b"a: b\r\n\r\n.\n", b"a: b\r\n\r\nx\n.\nMAIL\r\n",
                                  b"a: b\r\n\r\nx\ry\r\n", b"a: b\r\n\r\nx\0y\r\n", b"a: b\r\n\r\nx\r", b"a: b\r\n\r\n" + b"x" * 999 + b"\r\n",
                                  "a: ż\r\n".encode()])
def test_bad_line_ends_never_leave(sender, data):
    with Scripted() as server:
        sender.open(server.port)
        fate = sender.letter(data=data)
        assert (fate["fate"], fate["server"], fate["code"]) == ("failed", False, 0)
        assert server.connections == 0


@pytest.mark.parametrize("address", ["a@b>\r\nRCPT TO:<c@d", "a@example.org\r\nDATA", "", "nobody", "a b@example.org",
                                     "<a@example.org>", "a@example.org,b@example.org", "a@example.org> SIZE=1"])
def test_bad_addresses_never_leave(sender, address):
    with Scripted() as server:
        sender.open(server.port)
        assert sender.letter(to=address)["fate"] == "failed"
        assert sender.letter(sender=address)["fate"] == "failed"
        assert server.connections == 0


def test_dots_are_doubled(sender):
    with Scripted() as server:
        sender.open(server.port)
        assert sender.letter(data=b".first: x\r\n\r\n.dot\r\n..two\r\n.\r\n")["fate"] == "sent"
        assert server.letters == [b"..first: x\r\n\r\n..dot\r\n...two\r\n..\r\n.\r\n"]


def test_a_letter_without_bytes_or_open(sender):
    sender.hear()
    sender.number = 7
    sender.tell({"op": "letter", "id": 7, "from": FROM, "to": [TO]})
    fate = sender.fate()
    assert (fate["fate"], fate["server"]) == ("again", True)
    with Scripted() as server:
        sender.tell({"op": "open", "host": "localhost", "port": server.port, "tls": "none", "ca_file": "",
                     "user": "", "auth": "password"})
        sender.tell({"op": "letter", "id": 7, "from": FROM, "to": [TO]})
        assert sender.fate()["fate"] == "failed"
        assert server.connections == 0


# --- the program

@pytest.mark.parametrize("record", [{"op": "what"}, {"op": "letter"}, {"no": "op"}, [], {"op": "open"}])
def test_broken_records_end_it(tmp_path, record):
    broken = Sender(tmp_path / "stderr")
    broken.hear()
    broken.tell(record)
    assert broken.process.wait(20) == 76
    assert "zapisy-send" in broken.close()[1]


def test_finishes_the_letter_in_hand_when_asked_to_end(tmp_path, smtp, authority):
    smtp.delay(0.5)
    busy = Sender(tmp_path / "stderr")
    busy.open(smtp.tls, "implicit", authority.ca_file, smtp.user, smtp.password)
    busy.post()
    proc.wait_until(lambda: smtp.connections, 10, "a connection")
    time.sleep(0.1)
    busy.process.send_signal(signal.SIGTERM)
    assert busy.fate()["fate"] == "sent"
    assert busy.close()[0] == 0


def test_usage():
    for arguments, stdin in (([], subprocess.DEVNULL), (["--what"], subprocess.DEVNULL), (["x"], subprocess.DEVNULL)):
        run = subprocess.run([program("zapisy-send"), *arguments], stdin=stdin, capture_output=True, text=True)
        assert run.returncode == 64 and run.stderr
    run = subprocess.run([program("zapisy-send"), "--help"], capture_output=True, text=True)
    assert run.returncode == 0 and "Usage" in run.stdout


def test_is_shut_in(sender, smtp, authority):
    sender.open(smtp.tls, "implicit", authority.ca_file, smtp.user, smtp.password)
    assert sender.check()["fate"] == "sent"
    with open(f"/proc/{sender.process.pid}/status", encoding="ascii") as f:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)
    assert status["NoNewPrivs"] == "1"
    with open(f"/proc/{sender.process.pid}/limits", encoding="ascii") as f:
        assert [line.split()[4] for line in f if line.startswith("Max core file size")] == ["0"]
