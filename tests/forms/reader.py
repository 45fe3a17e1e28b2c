# SPDX-License-Identifier: GPL-3.0-or-later
"""zapisy-read asked as the keeper asks it: records over a SEQPACKET socket, documents as sealed memfds."""

import fcntl
import json
import os
import pathlib
import socket
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECORD = 192 * 1024
TWIN = "twin"
INTACT = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


def event(fields, ident="proba", title="Dostęp do informacji publicznej w praktyce samorządu"):
    """An event as the keeper sends it, with the fields of a form and everything else plain."""
    return {
        "id": ident, "ref_prefix": "PR", "title": title, "language": "pl", "timezone": "Europe/Warsaw",
        "place": "Kraków", "provides": [], "starts": 1557817200, "ends": 1557925200, "deadline": 1556661540,
        "promote_until": 1557817200, "seats": 30, "waitlist": -1, "late_waitlist": False,
        "incomplete_keeps_time": False, "per_organisation": 0, "quotas": [], "quota_release": "",
        "promotion": "automatic", "offer_hours": 24, "together": False, "substitution": True, "reminders": [],
        "requests_answer": False, "match_subject": [], "match_address": "", "blank_form": "",
        "privacy_notice": "", "retain_days": 60,
        "form": [{"required": False, "options": [], **field} for field in fields],
    }


class Program:
    """One of the reader's two halves."""

    def __init__(self, name):
        program = pathlib.Path(os.environ.get("ZAPISY_BIN") or ROOT / "build" / "bin") / name
        self.sock, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.sock.settimeout(120)
        self.process = subprocess.Popen([str(program)], stdin=theirs.fileno())
        theirs.close()
        self.peak_kb = 0
        self.hello = self.receive()

    def close(self):
        """Also tells how much memory it or one of its children had at most."""
        self.sock.close()
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.peak_kb = usage.ru_maxrss

    def receive(self):
        data = self.sock.recv(RECORD)
        if not data:
            raise EOFError("the reader has gone")
        return json.loads(data)

    def send(self, record, data=None):
        packet = json.dumps(record).encode()
        if data is None:
            self.sock.send(packet)
            return
        fd = os.memfd_create("form", os.MFD_ALLOW_SEALING | os.MFD_CLOEXEC)
        try:
            with open(fd, "wb", closefd=False) as file:
                file.write(data)
            fcntl.fcntl(fd, fcntl.F_ADD_SEALS, INTACT)
            socket.send_fds(self.sock, [packet], [fd])
        finally:
            os.close(fd)


class Reader:
    """zapisy-read, and zapisy-pages for what it leaves to that. With a twin everything is read for a second event too,
    which is the same but has no blank form."""

    def __init__(self, twin=False):
        self.twin = twin
        self.plain = Program("zapisy-read")
        self.pages = None
        self.described = self.blank = None

    def close(self):
        for program in filter(None, (self.plain, self.pages)):
            program.close()

    @property
    def peak_mb(self):
        """Once it is closed."""
        return max(program.peak_kb for program in (self.plain, self.pages) if program) / 1024

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def set_event(self, described, blank=None):
        """blank: the path of the blank form."""
        self.described, self.blank = described, blank
        self.tell(self.plain)
        if self.pages:
            self.tell(self.pages)

    def tell(self, program):
        program.send({"op": "event", "event": self.described})
        if self.twin:
            program.send({"op": "event", "event": {**self.described, "id": TWIN}})
        if self.blank:
            program.send({"op": "blank", "event": self.described["id"], "name": self.blank.name},
                         self.blank.read_bytes())
            answer = program.receive()
            assert answer["id"] == 0 and (answer["op"] == "document" or program is self.plain), answer

    def ask(self, program, path):
        program.send({"op": "document", "id": 1, "part": -1, "name": path.name}, path.read_bytes())
        answer = program.receive()
        assert answer["op"] == "document", answer
        return answer

    def document(self, path):
        """The reading of one document for the event that was set."""
        return self.documents(path)[0]

    def documents(self, path):
        """The same, and the one for its twin, if there is one."""
        answer = self.ask(self.plain, path)
        if answer.get("pages"):
            if not self.pages:
                self.pages = Program("zapisy-pages")
                self.tell(self.pages)
            answer = self.ask(self.pages, path)
        events = [self.described["id"], TWIN][:1 + self.twin]
        if not answer["readings"]:
            return [{"people": [], "blank": False, "form": False, "problems": answer["problems"]}] * len(events)
        found = {r["event"]: r["reading"] for r in answer["readings"]}
        return [found[event] for event in events]

    def message(self, data):
        self.plain.send({"op": "message", "id": 1}, data)
        return self.plain.receive()
