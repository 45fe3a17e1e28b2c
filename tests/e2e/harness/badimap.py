# SPDX-License-Identifier: GPL-3.0-or-later
"""An IMAP server of one's own that misbehaves on request. In the clear, unless told to encrypt."""
import socket
import threading

GREETING = b"* OK ready\r\n"
CAPABILITIES = "IMAP4rev1 IDLE UIDPLUS MOVE"
DATE = ' 1-Jan-2012 10:00:00 +0100'


class BadImap:
    """One mailbox, `mails`: uid -> bytes. `answers` maps the beginning of a command (upper case, "UID FETCH 3 (UID
    BODY") to bytes, or to a function(tag, command, connection) that returns bytes or None for the usual answer;
    b"{tag}" in it becomes the tag. `commands` is what came."""

    def __init__(self, mails=None, greeting=GREETING, answers=None, context=None, capabilities=CAPABILITIES):
        self.mails = mails or {}
        self.greeting, self.answers, self.context = greeting, answers or {}, context
        self.capabilities = capabilities
        self.commands = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.connections = []
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        for connection in self.connections:
            connection.close()

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self._quietly, args=(connection,), daemon=True).start()

    def _quietly(self, connection):
        try:
            if callable(self.greeting):
                self.greeting(connection)
            else:
                connection.sendall(self.greeting)
            self._talk(connection)
        except (OSError, ValueError):
            pass
        finally:
            connection.close()

    def _talk(self, connection):
        lines = connection.makefile("rb")
        idling = ""
        while line := lines.readline():
            line = line.decode("utf-8").rstrip("\r\n")
            if line == "DONE":
                connection.sendall(f"{idling} OK done\r\n".encode())
                continue
            tag, _, command = line.partition(" ")
            self.commands.append(command)
            answer = self._answer(tag, command, connection)
            if command == "IDLE":
                idling = tag
            if answer is None:
                return
            connection.sendall(answer)
            if command == "STARTTLS" and self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
                self.connections.append(connection)
                lines = connection.makefile("rb")

    def _answer(self, tag, command, connection):
        for start, answer in self.answers.items():
            if command.upper().startswith(start):
                answer = answer(tag, command, connection) if callable(answer) else answer
                if answer is not None:
                    return answer.replace(b"{tag}", tag.encode())
        return self.usual(tag, command)

    def usual(self, tag, command):
        verb = command.upper()
        done = f"{tag} OK done\r\n".encode()
        if verb == "CAPABILITY":
            return f"* CAPABILITY {self.capabilities}\r\n".encode() + done
        if verb.startswith(("SELECT", "EXAMINE")):
            return (f"* {len(self.mails)} EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n"
                    f"* OK [UIDNEXT {max(self.mails, default=0) + 1}] x\r\n"
                    "* OK [PERMANENTFLAGS (\\Seen \\*)] x\r\n").encode() + done
        if verb.startswith("UID SEARCH"):
            return self._search(verb.split()[-1]) + done
        if verb.startswith("UID FETCH"):
            return self._fetch(*command.split(" ", 3)[2:]) + done
        if verb == "IDLE":
            return b"+ idling\r\n"
        return done

    def chosen(self, text):
        found = set()
        for part in text.split(","):
            first, _, last = part.partition(":")
            top = max(self.mails, default=0)
            ends = sorted(top if end == "*" else int(end) for end in (first, last or first))
            found |= {uid for uid in self.mails if ends[0] <= uid <= ends[1]}
        return sorted(found)

    def _search(self, text):
        return ("* SEARCH" + "".join(f" {uid}" for uid in self.chosen(text)) + "\r\n").encode()

    def _fetch(self, text, what):
        return b"".join(self.item(uid, what) for uid in self.chosen(text))

    def item(self, uid, what):
        raw, number = self.mails[uid], sorted(self.mails).index(uid) + 1
        if "BODY" not in what:
            return f'* {number} FETCH (UID {uid} INTERNALDATE "{DATE}" RFC822.SIZE {len(raw)})\r\n'.encode()
        section = "BODY[HEADER]" if "HEADER" in what else "BODY[]"
        if "HEADER" in what:
            raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        return f"* {number} FETCH (UID {uid} {section} {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
