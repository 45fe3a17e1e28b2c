# SPDX-License-Identifier: GPL-3.0-or-later
"""zapisy-read alone: this side of its socket plays the keeper."""
import json
import os
import pathlib
import socket
import subprocess

from . import mails
from .fetching import RECORD, memfd

ROOT = pathlib.Path(__file__).resolve().parents[3]
CORPORA = ROOT.parent / "shared" / "corpora"
BIN = pathlib.Path(os.environ.get("ZAPISY_BIN") or ROOT / "build/bin").resolve()
PROGRAM = BIN / "zapisy-read"
TITLE = "Model współpracy JST & NGO"


def field(key, kind, *labels, required=False, options=()):
    return {"key": key, "type": kind, "required": required, "labels": list(labels), "options": list(options)}


FIELDS = [
    field("name", "name", "Imię i nazwisko", required=True),
    field("organisation", "organisation", "Nazwa organizacji", "Instytucja", required=True),
    field("sector", "choice", "Sektor", options=[{"value": "NGO", "labels": ["NGO", "organizacja pozarządowa"]},
                                                 {"value": "JST", "labels": ["JST", "samorząd"]}]),
    field("position", "text", "Stanowisko"), field("phone", "phone", "Telefon"),
    field("email", "email", "E-mail", "Adres e-mail"), field("diet", "text", "Dieta"),
    field("consent", "consent", mails.CONSENT, required=True)]


def event(ident="proba", fields=None, title=TITLE):
    return {
        "id": ident, "ref_prefix": "PR", "title": title, "language": "pl", "timezone": "Europe/Warsaw",
        "place": "Wałbrzych", "provides": [], "starts": 1327564800, "ends": 1327586400, "deadline": 1327330800,
        "promote_until": 1327564800, "seats": 30, "waitlist": 20, "late_waitlist": False,
        "incomplete_keeps_time": False, "per_organisation": 0, "quotas": [], "quota_release": "",
        "promotion": "automatic", "offer_hours": 24, "together": False, "substitution": True, "reminders": [],
        "requests_answer": False, "match_subject": [], "match_address": "", "blank_form": "", "privacy_notice": "",
        "retain_days": 60, "form": fields or FIELDS}


class Reader:
    """A running zapisy-read."""

    def __init__(self, environment=None, **limits):
        self.sock, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for end in (self.sock, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * RECORD)
        self.sock.settimeout(120)
        self.process = subprocess.Popen([PROGRAM], stdin=theirs, stderr=subprocess.PIPE,
                                        env={**os.environ, **(environment or {})})
        theirs.close()
        self.hello = self.receive()
        if limits:
            self.send({"op": "limits", **limits})

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.sock.close()
        errors = self.process.communicate(timeout=60)[1].decode()
        if kind is None:
            assert (self.process.returncode, errors) == (0, "")

    def send(self, record, data=None):
        fds = [] if data is None else [memfd(data)]
        try:
            socket.send_fds(self.sock, [json.dumps(record).encode()], fds)
        finally:
            for fd in fds:
                os.close(fd)

    def receive(self):
        data = self.sock.recv(RECORD)
        assert data, "zapisy-read has gone"
        return json.loads(data)

    def ask(self, record, data):
        self.send(record, data)
        return self.receive()

    def message(self, data, number=1):
        answer = self.ask({"op": "message", "id": number}, data)
        assert (answer["op"], answer["id"]) == ("message", number), answer
        return answer

    def document(self, data, name="x"):
        answer = self.ask({"op": "document", "id": 7, "part": -1, "name": name}, data)
        assert (answer["op"], answer["id"]) == ("document", 7), answer
        return answer

    def children(self):
        return [int(pid) for pid in
                pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()]


def people(answer, index=0):
    reading = answer["readings"][index]["reading"]
    return [{key: value["value"] for key, value in person["fields"].items()} for person in reading["people"]]
