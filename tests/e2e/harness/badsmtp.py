# SPDX-License-Identifier: GPL-3.0-or-later
"""A plain SMTP server that answers each step as it is told to, however wrong."""
import dataclasses
import socket
import threading
import time

CUT = b""  # the line is cut instead of an answer
SILENCE = None  # an OK, after `patience` seconds
ENDLESS = object()  # lines of an answer that never ends
HALF = object()  # of the text is read, then the line is cut
UNTAKEN = object()  # after the final dot: the text is not kept, the line is cut


@dataclasses.dataclass
class Taken:
    """One letter whose final dot arrived; answer: what was said to it."""
    raw: bytes
    sender: str
    recipients: list
    answer: object


class Scripted:
    """steps: greet, ehlo, helo, auth, mail, rcpt, data, dot, rset, quit, starttls: a reply, CUT, SILENCE or ENDLESS;
    `dot` and `data` also HALF and UNTAKEN. A list gives one answer each time, its last one for ever. A function gets
    the line and gives the answer."""

    def __init__(self, **steps):
        self.steps = {"greet": b"220 here", "ehlo": b"250 here", "helo": b"250 here", "auth": b"235 in",
                      "starttls": b"220 go", "mail": b"250 ok", "rcpt": b"250 ok", "data": b"354 go",
                      "dot": b"250 taken", "rset": b"250 ok", "quit": b"221 bye", "noop": b"250 ok", **steps}
        self.seen, self.letters, self.taken, self.connections = [], [], [], 0
        self.patience = 30
        self.slowly = 0  # seconds between the bytes of each answer
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

    @property
    def accepted(self):
        """The letters that it answered for with a whole 2xx."""
        return [t for t in self.taken if isinstance(t.answer, bytes) and t.answer[:1] == b"2" and t.answer[3:4] != b"-"]

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _next(self, step, line):
        reply = self.steps[step]
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        return reply(line) if callable(reply) else reply

    def _say(self, connection, reply):
        """Returns whether the step went through."""
        if reply is SILENCE:
            time.sleep(self.patience)
            reply = b"250 late"
        if reply is ENDLESS:
            while True:
                connection.sendall(b"250-and on\r\n" * 50)
        if reply in (CUT, UNTAKEN, HALF):
            raise ConnectionError
        reply += b"" if reply.endswith(b"\n") else b"\r\n"
        if self.slowly:
            for byte in reply:
                connection.sendall(bytes([byte]))
                time.sleep(self.slowly)
        else:
            connection.sendall(reply)
        if not reply[:3].isdigit():
            raise ConnectionError
        return reply[:1] in b"23"

    def _serve(self, connection):
        envelope = {"sender": "", "recipients": []}
        try:
            with connection, connection.makefile("rb") as lines:
                self._say(connection, self._next("greet", b""))
                for line in lines:
                    self._line(connection, lines, line.rstrip(b"\r\n"), envelope)
        except OSError:
            pass

    def _line(self, connection, lines, line, envelope):
        self.seen.append(line)
        verb = line[:4].upper().decode("latin-1").lower()
        verb = "starttls" if line.upper() == b"STARTTLS" else verb
        if verb == "data":
            self._text(connection, lines, line, envelope)
        elif verb == "quit":
            self._say(connection, self._next("quit", line))
            raise ConnectionError
        elif verb in self.steps:
            address = line[line.find(b"<") + 1:line.find(b">")].decode("latin-1")
            if self._say(connection, self._next(verb, line)) and verb == "rcpt":
                envelope["recipients"].append(address)
            if verb == "mail":
                envelope.update(sender=address, recipients=[])
        else:
            connection.sendall(b"250 ok\r\n")

    def _text(self, connection, lines, line, envelope):
        reply = self._next("data", line)
        if not self._say(connection, b"354 go" if reply is HALF else reply):
            return
        text = b""
        while not text.endswith(b"\r\n.\r\n"):
            more = lines.readline()
            if not more or (reply is HALF and len(text) > 200):
                raise ConnectionError
            text += more
        answer = self._next("dot", line)
        if answer is not UNTAKEN:
            self.letters.append(text)
            self.taken.append(Taken(text, envelope["sender"], list(envelope["recipients"]), answer))
        self._say(connection, answer)
