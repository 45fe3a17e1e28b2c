# SPDX-License-Identifier: GPL-3.0-or-later
"""zapisy-fetch alone: this side of its socket plays the keeper."""
import fcntl
import json
import os
import socket
import subprocess
import time

from . import proc

RECORD = 192 * 1024


def program():
    folder = os.environ.get("ZAPISY_BIN") or os.path.join(os.path.dirname(__file__), "../../../build/bin")
    return os.path.join(os.path.abspath(folder), "zapisy-fetch")


def memfd(data):
    fd = os.memfd_create("test", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.write(fd, data)
    os.lseek(fd, 0, os.SEEK_SET)
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL)
    return fd


class Fetch:
    """A running zapisy-fetch. Records are dicts; a message has its "bytes"."""

    def __init__(self):
        self.sock, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for end in (self.sock, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * RECORD)
        self.process = subprocess.Popen([program()], stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        theirs.close()
        self.waiting = []
        assert self.receive()["op"] == "hello"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            noise = self.process.stderr.read().decode(errors="replace")
            self.process.stderr.close()
        assert self.process.returncode == 0 and not noise, noise

    def send(self, record, *fds):
        socket.send_fds(self.sock, [json.dumps(record).encode()], list(fds))

    def receive(self, seconds=20):
        """The next record; None when the helper has ended."""
        self.sock.settimeout(seconds)
        try:
            try:
                data, fds, flags, _ = socket.recv_fds(self.sock, RECORD, 4)
            except ConnectionResetError:  # it ended without reading all of ours; its last words stand behind that
                data, fds, flags, _ = socket.recv_fds(self.sock, RECORD, 4)
        except TimeoutError:
            raise proc.Timeout(f"no record within {seconds} s") from None
        assert not flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC)
        if not data:
            return None
        record = json.loads(data)
        for fd in fds:
            seals = fcntl.fcntl(fd, fcntl.F_GET_SEALS)
            assert seals & fcntl.F_SEAL_WRITE and seals & fcntl.F_SEAL_SHRINK
            with os.fdopen(fd, "rb") as f:
                record["bytes"] = f.read()
        return record

    def until(self, op, seconds=20, **members):
        """Records up to and with the first of that op (and members); that one is also in self.last."""
        found, end = [], time.monotonic() + seconds
        while True:
            record = self.receive(max(0.01, end - time.monotonic()))
            assert record is not None, f"it ended before {op}: {found}"
            found.append(record)
            if record["op"] == op and all(record.get(k) == v for k, v in members.items()):
                self.last = record
                return found
            assert record.get("state") != "error" or op == "state", record

    def error(self, seconds=30):
        """Waits for its end; the state that said why."""
        last, end = None, time.monotonic() + seconds
        while (record := self.receive(max(0.01, end - time.monotonic()))) is not None:
            last = record
        assert last and last["op"] == "state" and last["state"] == "error", last
        assert self.process.wait(10) == 0
        return last

    def quiet(self, seconds=0.4):
        """Nothing comes."""
        try:
            record = self.receive(seconds)
        except proc.Timeout:
            return
        raise AssertionError(record)

    def open(self, password, **members):
        record = {"op": "open", "host": "localhost", "port": 0, "tls": "implicit", "ca_file": "", "user": "probe",
                  "auth": "password", "folder": "INBOX", "idle": True, "poll_seconds": 1, "mark": "keyword",
                  "once": False, "check": False, **members}
        fd = memfd(password if isinstance(password, bytes) else password.encode())
        self.send(record, fd)
        os.close(fd)

    def scan(self, after=0, since=0, uidvalidity=None):
        self.send({"op": "scan", "uidvalidity": self.box["uidvalidity"] if uidvalidity is None else uidvalidity,
                   "after": after, "since": since})

    def credit(self, messages):
        self.send({"op": "credit", "messages": messages})

    def mark(self, uids, uidvalidity=None):
        self.send({"op": "mark", "uidvalidity": uidvalidity or self.box["uidvalidity"], "uids": uids})

    def append(self, number, letter, message_id, when, folder="Sent", search=False, **members):
        fd = memfd(letter)
        self.send({"op": "append", "id": number, "folder": folder, "message_id": message_id, "internaldate": when,
                   "search": search, **members}, fd)
        os.close(fd)

    def online(self):
        self.until("mailbox")
        self.box = self.last
        self.until("state", state="online")
        return self

    def drained(self, seconds=60):
        """The messages up to the next "drained"."""
        return [r for r in self.until("drained", seconds) if r["op"] == "message"]

    def all_messages(self, since=0, after=0):
        self.scan(after, since)
        self.credit(100000)
        return self.drained()
