# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Courier IMAP 5 of one's own: couriertcpd, imaplogin and imapd. Only the question whether a password is right
is answered here, in the place of authdaemond."""
import contextlib
import imaplib
import os
import pathlib
import subprocess

from . import chroot, proc
from .imapserver import PASSWORD, ImapServer

PACKAGES = ["courier-imap", "courier-base", "courier-authlib", "libcourier-unicode4", "libgamin0", "libidn12"]
SETTINGS = {
    "IMAP_CAPABILITY": "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE SORT QUOTA IDLE", "IMAP_KEYWORDS": "1", "IMAP_ACL": "1",
    "IMAP_IDLE_TIMEOUT": "2", "IMAP_MAILBOX_SANITY_CHECK": "1", "IMAP_CHECK_ALL_FOLDERS": "0", "IMAP_USELOCKS": "0",
    "IMAP_OBSOLETE_CLIENT": "0", "IMAP_ENHANCEDIDLE": "0", "IMAP_TRASHFOLDERNAME": "Trash", "IMAP_TLS_REQUIRED": "0",
    "IMAP_EMPTYTRASH": "Trash:7", "IMAP_MOVE_EXPUNGE_TO_TRASH": "0", "HEADERFROM": "X-IMAP-Sender",
    "IMAP_SHAREDINDEXFILE": "/etc/courier/shared/index", "TLS_CERTFILE": "/etc/both.pem", "TLS_VERIFYPEER": "NONE",
    "TLS_DHPARAMS": "", "COURIERTLS": "/usr/bin/couriertls", "IMAP_PROXY": "0", "IMAP_STARTTLS": "YES",
}


class Courier(ImapServer):
    """All folders stand below "INBOX."."""

    prefix, delimiter = "INBOX.", "."

    def __init__(self, authority, packages, **settings):
        super().__init__()
        self.authority, self.packages, self.settings = authority, packages, {**SETTINGS, **settings}
        self.host = "localhost"
        self.folder = proc.make_folder("zd-courier-")
        self.root = f"{self.folder}/root"
        self.processes = []
        self.plain, self.tls = proc.free_port(), proc.free_port()
        self.uid = 65534 if os.geteuid() == 0 else 0

    def __enter__(self):
        try:
            self._build()
            self.add_user("probe")
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        if getattr(self, "_auth", None):
            self._auth.close()
        proc.remove_folder(self.folder)

    def _build(self):
        os.makedirs(self.root)
        chroot.unpack(self.packages, self.root, PACKAGES)
        chroot.add_programs(self.root, ["/usr/bin/env", "/bin/sh"])
        chroot.add_libraries(self.root, [self.root + path for path in (
            "/usr/sbin/couriertcpd", "/usr/bin/imapd", "/usr/bin/couriertls", "/usr/lib/courier/courier/imaplogin")])
        chroot.add_basics(self.root, {"root": (0, 0, "/root"), "courier": (self.uid, self.uid, "/mail")})
        os.makedirs(f"{self.root}/mail")
        os.makedirs(f"{self.root}/run/courier/authdaemon")
        pem = "".join(pathlib.Path(p).read_text(encoding="ascii")
                      for p in (self.authority.cert("good"), self.authority.key("good")))
        pathlib.Path(f"{self.root}/etc/both.pem").write_text(pem, encoding="ascii")
        self._auth = chroot.answer_at(f"{self.root}/run/courier/authdaemon/socket", self._answer_one)

    def _answer_one(self, connection):
        """authdaemond's protocol: "AUTH n" and n bytes of lines (service, kind, user, password), or "PRE . service
        user"; answered by what is known of the account, and a dot."""
        with connection, connection.makefile("rb") as stream, contextlib.suppress(OSError, ValueError, IndexError):
            words = stream.readline().decode().split()
            while words and words[0] not in ("AUTH", "PRE"):  # what is known of the connection
                words = stream.readline().decode().split()
            if words[0] == "AUTH":
                lines = stream.read(int(words[1])).decode().split("\n")
                user, good = lines[2], self._users.get(lines[2]) == lines[3]
            else:
                user = words[-1]
                good = user in self._users
            connection.sendall(self._account(user).encode() if good else b"FAIL\n")

    def _account(self, user):
        return (f"UID={self.uid}\nGID={self.uid}\nHOME=/mail/{user}\nADDRESS={user}\n"
                f"NAME={user}\nMAILDIR=/mail/{user}/Maildir\n.\n")

    def start(self):
        imapd = ["/usr/lib/courier/courier/imaplogin", "/usr/bin/imapd", "Maildir"]
        for port, front in ((self.plain, []), (self.tls, ["/usr/bin/couriertls", "-server", "-tcpd"])):
            env = {**self.settings, "IMAP_TLS": "1" if front else "0"}
            with open(f"{self.folder}/log", "ab") as out:
                self.processes.append(chroot.start(
                    self.root, "/usr/sbin/couriertcpd", "-address=127.0.0.1", "-maxprocs=40", "-maxperip=40",
                    "-nodnslookup", "-noidentlookup", str(port), *front, *imapd, env=env, out=out))
        proc.wait_until(self._answers, 30, "Courier's first login")

    def stop(self):
        for process in self.processes:
            proc.kill_group(process)
        self.processes.clear()

    def log(self):
        return pathlib.Path(f"{self.folder}/log").read_text(encoding="utf-8", errors="replace")

    def _answers(self):
        if any(p.poll() is not None for p in self.processes):
            raise RuntimeError("Courier does not start:\n" + self.log())
        try:
            with self.connect("probe"):
                return True
        except (OSError, imaplib.IMAP4.error):
            return False

    def add_user(self, user, password=PASSWORD):
        self._users[user] = password
        home = f"{self.root}/mail/{user}"
        for name in ("cur", "new", "tmp"):
            os.makedirs(f"{home}/Maildir/{name}")
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", f"{self.uid}:{self.uid}", home], check=True)
