# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's world: a Dovecot with everybody's mailboxes, an SMTP server that fills them, one site."""
import contextlib
import fcntl
import os
import pathlib
import pty
import shutil
import struct
import subprocess
import termios

from harness import proc
from harness.authority import Authority
from harness.dates import at
from harness.dovecot import Dovecot
from harness.letter import Letter
from harness.mails import COORDINATOR
from harness.smtp import SmtpServer
from harness.zapisy import Site, program


class World:
    """Use it as a context manager: nothing runs and no temporary file is left when it closes."""

    def __init__(self):
        self._stack = contextlib.ExitStack()
        self.log = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stack.close()

    def start_imap(self):
        folder = proc.make_folder("zd-ca-")
        self._stack.callback(proc.remove_folder, folder)
        self.authority = Authority(folder)
        self.dovecot = self._stack.enter_context(Dovecot(self.authority))

    def start_smtp(self):
        self.smtp = self._stack.enter_context(SmtpServer(self.authority, deliver=self._bring))

    def set_up(self, seats):
        self.site = self._stack.enter_context(Site(self.dovecot, self.smtp, event={"seats": seats}))

    def _bring(self, recipient, raw):
        """The mail server puts a letter where its recipient reads it."""
        user = recipient.lower()
        if user == COORDINATOR:
            user = self.site.user
        else:
            self.dovecot.add_user(user)
        self.dovecot.append(user, raw, at(self.site.now))

    def once(self, now):
        """zapisyd --once at that instant. Time out long before a viewer would."""
        self.log += self.site.once(now, timeout=40).err

    def terminal(self, *arguments, width=80):
        """What zapisyctl shows on a terminal of that width."""
        line = [program("zapisyctl"), "-c", self.site.file, *arguments]
        try:
            ours, theirs = pty.openpty()
        except OSError:  # a container without terminals: the same without one
            return self.site.ctl(*arguments).out
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 25, width, 0, 0))
        process = proc.start(line, stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE,
                             env={**self.site.environment, "TERM": "dumb"}, cwd=self.site.folder)
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # EIO is how a terminal's other side ends
            while piece := os.read(ours, 65536):
                shown += piece
        os.close(ours)
        error = process.stderr.read().decode(errors="replace")
        process.stderr.close()
        if process.wait():
            raise RuntimeError(f"{' '.join(line)}: exit {process.returncode}\n{error}")
        return shown.decode().replace("\r\n", "\n")

    def letters(self):
        """All letters of ours as they lie in the mailboxes of those they were written to."""
        people = {m.recipients[0].lower() for m in self.smtp.messages} - {COORDINATOR}
        found = [Letter(raw) for user in sorted(people) for _, raw in self.dovecot.messages(user)]
        order = {m.letter.message_id: i for i, m in enumerate(self.smtp.messages)}
        return sorted(found, key=lambda letter: order[letter.message_id])

    def digests(self):
        """Those in the coordinator's own mailbox."""
        found = [Letter(raw) for _, raw in self.dovecot.messages(self.site.user)]
        return [letter for letter in found if letter.outcome == "digest"]

    def keep(self):
        """Leaves register, configuration and letters beside the programs, in demo/; returns that folder."""
        folder = pathlib.Path(program("zapisyd")).parent.parent / "demo"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.site.conf, folder / "conf")
        shutil.copytree(os.path.dirname(self.site.store), folder / "state",
                        ignore=lambda at_, names: [n for n in names if not os.path.isfile(os.path.join(at_, n))])
        shutil.copy(self.authority.ca_file, folder / "conf" / "ca.pem")
        self.site.file = str(folder / "conf" / "zapisyd.conf")
        self.site.set(mailbox={"ca_file": "ca.pem"}, smtp={"ca_file": "ca.pem"}, store={"path": "../state/zapisy.db"})
        (folder / "letters").mkdir()
        for number, letter in enumerate(self.letters() + self.digests(), 1):
            (folder / "letters" / f"{number:02}-{letter.outcome}.eml").write_bytes(letter.raw)
        (folder / "zapisyd.log").write_text(self.log, encoding="utf-8")
        return folder
