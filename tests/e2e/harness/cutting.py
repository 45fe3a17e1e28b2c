# SPDX-License-Identifier: GPL-3.0-or-later
"""A line to an IMAP server, in the clear, that breaks at a chosen moment."""
import contextlib
import socket
import threading


class Line:
    """Passes all on to that port. cut(tag_of): from then on, once a command whose line holds that word was
    sent, its tagged answer is not passed on but the connection is closed; `cuts` counts. hold: instead, the
    answer is kept back for ever, and `held` is set."""

    def __init__(self, port):
        self.server = port
        self.word, self.times, self.holds = b"", 0, False
        self.cuts, self.held, self.connections = 0, threading.Event(), 0
        self._sockets = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def cut(self, word, times=1):
        self.word, self.times, self.holds = word.encode(), times, False

    def hold(self, word):
        self.word, self.times, self.holds = word.encode(), 1, True

    def heal(self):
        self.times = 0

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                ours, _ = self._listener.accept()
                theirs = socket.create_connection(("127.0.0.1", self.server))
                self._sockets += [ours, theirs]
                self.connections += 1
                armed = []
                threading.Thread(target=self._up, args=(ours, theirs, armed), daemon=True).start()
                threading.Thread(target=self._down, args=(theirs, ours, armed), daemon=True).start()

    def _up(self, ours, theirs, armed):
        with contextlib.suppress(OSError):
            while data := ours.recv(65536):
                if self.times > 0:
                    for line in data.split(b"\r\n"):
                        if self.word in line:
                            armed.append(line.split(b" ")[0] + b" ")
                            self.times -= 1
                theirs.sendall(data)
        with contextlib.suppress(OSError):
            theirs.shutdown(socket.SHUT_RDWR)

    def _down(self, theirs, ours, armed):
        with contextlib.suppress(OSError):
            while data := theirs.recv(65536):
                if any(line.startswith(tag) for line in data.split(b"\r\n") for tag in armed):
                    self.cuts += 1
                    if self.holds:
                        self.held.set()
                        continue
                    break
                ours.sendall(data)
        with contextlib.suppress(OSError):
            ours.shutdown(socket.SHUT_RDWR)
