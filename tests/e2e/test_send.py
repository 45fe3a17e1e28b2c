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


class Scripted:
    """A plain SMTP server that answers each step as told: a reply, "" to cut the line, or None for an OK after
    `patience` seconds.
    A list gives one answer each time, its last one for ever."""

    def __init__(self, **steps):
        self.steps = {"greet": b"220 here", "ehlo": b"250 here", "mail": b"250 ok", "rcpt": b"250 ok",
                      "data": b"354 go", "dot": b"250 taken", **steps}
        self.seen, self.letters, self.connections = [], [], 0
        self.patience = 30
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()
        self.hang_up()

    def hang_up(self):
        for connection in self._open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _answer(self, connection, step):
        reply = self.steps[step]
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        if reply is None:
            time.sleep(self.patience)
            reply = b"250 late"
        if not reply:
            raise ConnectionError
        connection.sendall(reply + b"\r\n")
        if reply[:1] not in (b"2", b"3", b"4", b"5"):
            raise ConnectionError
        return reply[:1] in b"23"

    def _serve(self, connection):
        try:
            with connection, connection.makefile("rb") as lines:
                self._answer(connection, "greet")
                for line in lines:
                    self._line(connection, lines, line.rstrip(b"\r\n"))
        except OSError:
            pass

    def _line(self, connection, lines, line):
        self.seen.append(line)
        verb = line[:4].upper().decode("latin-1")
        if verb in ("EHLO", "MAIL", "RCPT"):
            self._answer(connection, verb.lower())
        elif verb == "DATA":
            if self._answer(connection, "data"):
                letter = b""
                while not letter.endswith(b"\r\n.\r\n"):
                    more = lines.readline()
                    if not more:
                        return
                    letter += more
                self.letters.append(letter)
                self._answer(connection, "dot")
        elif verb == "QUIT":
            connection.sendall(b"221 bye\r\n")
        else:
            connection.sendall(b"250 ok\r\n")


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
        server._line = lambda connection, lines, line: (
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


# --- what must not leave

@pytest.mark.parametrize("data", [b"", b"a: b\n\nlone\r\n", b"a: b\r\n\r\n.\n", b"a: b\r\n\r\nx\n.\nMAIL\r\n",
                                  b"a: b\r\n\r\nx\ry\r\n", b"a: b\r\n\r\nx\0y\r\n", b"a: b\r\n\r\nx\r"])
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
