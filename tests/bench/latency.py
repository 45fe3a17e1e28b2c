# SPDX-License-Identifier: GPL-3.0-or-later
"""How soon a form is answered: mails one by one into a mailbox that zapisyd idles on, each time from the moment
it is put there to its letter at the SMTP server. A plain client idles on the same mailbox beside it: what it
has to wait is the server's own delay (Dovecot 2.3 waits half a second for more news before it tells any). And
how often the service wakes while nothing happens."""
import os
import queue
import random
import re
import socket
import statistics
import threading
import time

import forms
import watch
from harness import proc
from harness.dates import at, imap_date
from harness.zapisy import Site

NOW = "2012-01-22 12:00"
PATIENCE = 60
QUIET = 30


class Receiver:
    """An SMTP server in the clear that knows when it took each letter: recipient -> monotonic seconds."""

    user, password = "", ""

    def __init__(self):
        self.taken, self.connections = {}, 0
        self._news = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.tls = self.starttls = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 ready\r\n")
            people = []
            while line := lines.readline():
                verb = line[:4].upper()
                if verb == b"EHLO":
                    connection.sendall(b"250-here\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 10000000\r\n")
                    continue
                if verb == b"RCPT":
                    people.append(re.search(rb"<([^>]*)>", line).group(1).decode())
                if verb == b"DATA":
                    connection.sendall(b"354 go on\r\n")
                    while lines.readline() not in (b".\r\n", b""):
                        pass
                    self._note(people)
                    people = []
                connection.sendall(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")

    def _note(self, people):
        with self._news:
            self.taken.update((name, time.monotonic()) for name in people)
            self._news.notify_all()

    def wait_for(self, name):
        with self._news:
            if not self._news.wait_for(lambda: name in self.taken, PATIENCE):
                raise proc.Timeout(f"no letter to {name} within {PATIENCE} s")
            return self.taken[name]


class Listener:
    """A plain client in IDLE: when it is told of the n-th mail. renew() begins a new IDLE, as zapisyd has one
    after each mail: else the server, which saves news up for half a second, would tell it of the marks and
    copies of the mail before, and of the new one by the way."""

    def __init__(self, dovecot, user):
        self.heard = {}
        self._answers = queue.Queue()
        self._socket = socket.create_connection(("127.0.0.1", dovecot.plain))
        self._lines = self._socket.makefile("rb")
        self._until(b"* OK")
        for command in (f'LOGIN "{user}" "{dovecot.password(user)}"', "EXAMINE INBOX"):
            self._socket.sendall(f"a {command}\r\n".encode())
            self._until(b"a OK")
        self._socket.sendall(b"a IDLE\r\n")
        self._until(b"+")
        threading.Thread(target=self._listen, daemon=True).start()

    def renew(self):
        for command in (b"DONE\r\n", b"a IDLE\r\n"):
            self._socket.sendall(command)
            self._answers.get(timeout=PATIENCE)

    def _until(self, start):
        while not (line := self._lines.readline()).startswith(start):
            if not line or line.startswith((b"a NO", b"a BAD")):
                raise OSError(f"the plain client: {line!r}")

    def _listen(self):
        while line := self._lines.readline():
            if found := re.match(rb"\* (\d+) EXISTS", line):
                self.heard.setdefault(int(found.group(1)), time.monotonic())
            elif line.startswith((b"a OK", b"+")):
                self._answers.put(line)

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def wakes(pid):
    """How often the service's processes were woken so far."""
    count = 0
    for one in watch.family(pid):
        for task in os.listdir(f"/proc/{one}/task"):
            with open(f"/proc/{one}/task/{task}/status", encoding="ascii") as f:
                count += sum(int(n) for n in re.findall(r"ctxt_switches:\s+(\d+)", f.read()))
    return count


def one_by_one(dovecot, site, receiver, listener, count):
    """(whole, server's, ours) for each mail, in seconds."""
    chance, found = random.Random(1), []
    with dovecot.connect(site.user) as imap:
        for number in range(count):
            raw, when = forms.mail(number), imap_date(at("2012-01-20 08:00"))
            listener.renew()
            start = time.monotonic()
            imap.append("INBOX", "()", when, raw)
            answered = receiver.wait_for(forms.address(number))
            proc.wait_until(lambda n=number: n + 1 in listener.heard, PATIENCE, "the server's word of new mail", 0.005)
            heard = listener.heard[number + 1]
            found.append((answered - start, heard - start, answered - heard))
            # Marks and copies are made, and all is still; then at no fixed time after the last mail.
            time.sleep(0.3 + 0.3 * chance.random())
    return found


def measure(dovecot, count):
    """Prints the table; raises when a mail is not answered."""
    print(f"\n{count} forms one by one, waited for with IDLE, copies of the letters to Sent", flush=True)
    with Receiver() as receiver, Site(dovecot, receiver, {"smtp": {"tls": "none", "port": receiver.port}}, {"seats": 2000, "reminders": ()}) as site:
        with site.service(NOW) as service:
            service.wait_for(lambda: site.status()["mailbox"].get("state") == "idle", "an idle mailbox")
            listener = Listener(dovecot, site.user)
            found = one_by_one(dovecot, site, receiver, listener, count)
            listener.close()
            time.sleep(2)
            before = wakes(service.process.pid)
            time.sleep(QUIET)
            idle = (wakes(service.process.pid) - before) / QUIET
            programs = len(watch.family(service.process.pid))
    report(found, receiver.connections, idle, programs)


def report(found, connections, idle, programs):
    def row(what, values):
        values = sorted(values)
        worst = values[max(0, -(-len(values) * 99 // 100) - 1)]
        print(f"  {what:<46}{statistics.median(values) * 1000:8.0f} ms{worst * 1000:10.0f} ms")

    print(f"  {'':<46}{'median':>11}{'99th':>13}")
    row("mail put into the mailbox, letter accepted", [f[0] for f in found])
    row("of it until the server tells a plain client", [f[1] for f in found])
    row("the rest: zapisyd", [f[2] for f in found])
    print(f"  SMTP connections: {connections}; idle: {programs} processes wake {idle:.2f} times a second, all together")
