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


class Reader:
    def __init__(self, program=None):
        program = program or pathlib.Path(os.environ.get("ZAPISY_BIN") or ROOT / "build" / "bin") / "zapisy-read"
        self.sock, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.sock.settimeout(30)
        self.process = subprocess.Popen([str(program)], stdin=theirs.fileno())
        theirs.close()
        self.hello = self.receive()

    def close(self):
        self.sock.close()
        self.process.wait(30)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def receive(self):
        data = self.sock.recv(RECORD)
        if not data:
            raise EOFError("zapisy-read has gone")
        return json.loads(data)

    def send(self, record, data=None):
        packet = json.dumps(record).encode()
        if data is None:
            self.sock.send(packet)
            return
        fd = os.memfd_create("form", os.MFD_ALLOW_SEALING | os.MFD_CLOEXEC)
        try:
            os.write(fd, data)
            fcntl.fcntl(fd, fcntl.F_ADD_SEALS, INTACT)
            socket.send_fds(self.sock, [packet], [fd])
        finally:
            os.close(fd)

    def set_event(self, described, blank=None):
        """blank: the path of the blank form."""
        self.send({"op": "event", "event": described})
        if blank:
            self.send({"op": "blank", "event": described["id"], "name": blank.name}, blank.read_bytes())
            answer = self.receive()
            assert answer["op"] == "document" and answer["id"] == 0, answer

    def document(self, path):
        """The reading of one document for the event that was set."""
        self.send({"op": "document", "id": 1, "part": -1, "name": path.name}, path.read_bytes())
        answer = self.receive()
        assert answer["op"] == "document", answer
        return answer["readings"][0]["reading"]

    def message(self, data):
        self.send({"op": "message", "id": 1}, data)
        return self.receive()
