# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy in front of a real IMAP server that lets one step go wrong, and is honest before and after."""
import contextlib
import re
import select
import socket
import threading

STEPS = {
    "CAPABILITY": r"CAPABILITY", "LOGIN": r"LOGIN |AUTHENTICATE", "SELECT": r"SELECT |EXAMINE ",
    "SEARCH": r"UID SEARCH", "list": r"UID FETCH .*INTERNALDATE", "body": r"UID FETCH .*BODY", "IDLE": r"IDLE",
    "NOOP": r"NOOP", "STORE": r"UID STORE", "COPY": r"UID COPY", "MOVE": r"UID MOVE", "EXPUNGE": r"(UID )?EXPUNGE",
    "APPEND": r"APPEND", "CREATE": r"CREATE", "LOGOUT": r"LOGOUT",
}
LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")
TEXTS = {"bye": b"* BYE going down for maintenance\r\n", "garbage": b"\xff\xfe(((( %%% what is this\r\n",
         "no": b"{tag} NO [UNAVAILABLE] not now\r\n", "refused": b"{tag} NO that is not done here\r\n",
         "bad": b"{tag} BAD no such thing\r\n"}


class Wire:
    """Lines and literals of one direction."""

    def __init__(self, sock):
        self.sock, self.buffer = sock, b""

    def _more(self):
        data = self.sock.recv(65536)
        if not data:
            raise OSError("closed")
        self.buffer += data

    def line(self):
        while b"\n" not in self.buffer:
            self._more()
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line + b"\n"

    def exactly(self, size):
        while len(self.buffer) < size:
            self._more()
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def response(self):
        """A whole line, the literals in it included."""
        whole = self.line()
        while found := LITERAL.search(whole):
            whole += self.exactly(int(found.group(1)))
            whole += self.line()
        return whole


class BadProxy:
    """plan(step, kind, nth=1, times=1): the nth time in a connection that this step comes (0:
    whenever). Kinds:
    cut, bye, no, refused, bad, garbage, silence: instead of the server, which never hears of it;
    lost: the server does it, the answer is swallowed and the line cut; half, stall: half of the answer, then a cut
    or silence. Steps: those of STEPS, "greeting", "idling" (after the "+") and "DONE". `without`: capabilities that
    are hidden. `struck` is what happened, `commands` what came."""

    def __init__(self, port, without=(), rewrite=None):
        self.upstream, self.without = port, [word.encode() for word in without]
        self.rewrite = rewrite or (lambda line: line)
        self.commands, self.struck, self.plans = [], [], []
        self.greeted = 0
        self.sockets = []
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut_all()

    def plan(self, step, kind, nth=1, times=1):
        with self.lock:
            self.plans.append({"step": step, "kind": kind, "nth": nth, "times": times})

    def heal(self):
        with self.lock:
            self.plans.clear()

    def cut_all(self):
        for sock in list(self.sockets):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _strikes(self, step, count):
        with self.lock:
            for plan in self.plans:
                if plan["step"] == step and plan["nth"] in (0, count) and plan["times"] > 0:
                    plan["times"] -= 1
                    self.struck.append((step, plan["kind"]))
                    return plan["kind"]
        return None

    def _serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._quietly, args=(client,), daemon=True).start()

    def _quietly(self, client):
        server = None
        self.sockets.append(client)
        try:
            server = socket.create_connection(("127.0.0.1", self.upstream), 30)
            self.sockets.append(server)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _Talk(self, client, server).run()
        except (OSError, ValueError):
            pass
        finally:
            for sock in (client, server):
                if sock:
                    self.sockets.remove(sock)
                    sock.close()


class _Talk:
    """One connection. One thread: commands are answered one by one, only idling waits on both sides."""

    def __init__(self, proxy, client, server):
        self.proxy, self.client = proxy, client
        self.down, self.up = Wire(server), Wire(client)
        self.counts = {}

    def _count(self, step):
        self.counts[step] = self.counts.get(step, 0) + 1
        return self.counts[step]

    def _silence(self):
        """Until the other side has had enough."""
        while self.client.recv(65536):
            pass
        raise OSError("silence ended")

    def _pass(self, data):
        for word in self.proxy.without:
            data = re.sub(rb" " + re.escape(word) + rb"(?=[ \r\]])", b"", data) if b"CAPABILITY" in data else data
        self.client.sendall(self.proxy.rewrite(data))

    def _instead(self, kind, tag):
        if kind == "cut":
            raise OSError("cut")
        if kind == "silence":
            self._silence()
        self.client.sendall(TEXTS[kind].replace(b"{tag}", tag))
        if kind == "bye":
            raise OSError("bye")
        if kind == "garbage":
            self._silence()

    def _answer(self, tag):
        """All lines up to the tagged one, or the one with "+"."""
        lines = []
        while True:
            lines.append(self.down.response())
            if lines[-1].startswith((tag + b" ", b"+")):
                return lines

    def run(self):
        kind = self.proxy._strikes("greeting", 1)
        if kind:
            self._instead(kind, b"*")
        self._pass(self.down.line())
        while True:
            self._command()

    def _command(self):
        line = self.up.line()
        tag, _, command = line.rstrip(b"\r\n").partition(b" ")
        text = command.decode("utf-8", "replace")
        self.proxy.commands.append(text)
        kind = None
        for step, pattern in STEPS.items():
            if re.match(pattern, text, re.IGNORECASE):
                kind = kind or self.proxy._strikes(step, self._count(step))
        if kind and kind not in ("lost", "half", "stall"):
            self._instead(kind, tag)
            return
        self.down.sock.sendall(line)
        while found := LITERAL.search(line):
            self._pass(self.down.line())
            line = self.up.exactly(int(found.group(1))) + self.up.line()
            self.down.sock.sendall(line)
        if text.upper() == "IDLE" and not kind:
            self._idle(tag)
            return
        lines = self._answer(tag)
        if kind == "lost":
            raise OSError("lost")
        if kind:
            whole = b"".join(lines)
            self._pass(whole[:len(whole) // 2])
            if kind == "stall":
                self._silence()
            raise OSError("half")
        for answer in lines:
            self._pass(answer)

    def _idle(self, tag):
        first = self.down.line()
        while not first.startswith((b"+", tag)):
            self._pass(first)
            first = self.down.line()
        self._pass(first)
        if not first.startswith(b"+"):
            return
        kind = self.proxy._strikes("idling", self._count("idling"))
        if kind:
            self._instead(kind, tag)
        while True:
            while b"\n" in self.down.buffer:
                self._pass(self.down.line())
            if not self.up.buffer:
                ready, _, _ = select.select([self.up.sock, self.down.sock], [], [], 60)
                if self.down.sock in ready:
                    self._pass(self.down.line())
                if self.up.sock not in ready:
                    continue
            done = self.up.line()
            kind = self.proxy._strikes("DONE", self._count("DONE"))
            if kind and kind not in ("lost", "half", "stall"):
                self._instead(kind, tag)
                if kind in ("no", "refused", "bad"):
                    self.down.sock.sendall(done)
                    self._answer(tag)
                return
            self.down.sock.sendall(done)
            lines = self._answer(tag)
            if kind:
                raise OSError("lost")
            for answer in lines:
                self._pass(answer)
            return
