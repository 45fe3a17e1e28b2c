# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Cyrus IMAP 3.6 of one's own."""
import contextlib
import imaplib
import os
import pathlib
import shutil
import struct
import subprocess

from . import chroot, proc
from .imapserver import PASSWORD, ImapServer, done

PACKAGES = ["cyrus-imapd", "cyrus-common", "libclamav12", "libzephyr4", "libwrap0", "libical3", "libxapian30", "libpq5",
            "libldap-2.5-0"]
ADMIN = "cyrus"

IMAPD = """\
configdirectory: /var/lib/cyrus
proc_path: /run/cyrus/proc
mboxname_lockpath: /run/cyrus/lock
idlesocket: /run/cyrus/socket/idle
notifysocket: /run/cyrus/socket/notify
defaultpartition: default
partition-default: /var/spool/cyrus/mail
admins: {admin}
altnamespace: {alt}
unixhierarchysep: {alt}
allowplaintext: yes
sasl_mech_list: PLAIN
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: /run/saslauthd/mux
tls_server_cert: /etc/cert.pem
tls_server_key: /etc/key.pem
tls_session_timeout: 0
servername: localhost
virtdomains: off
sievedir: /var/spool/sieve
hashimapspool: no
"""

CYRUS = """\
START {{
  recover cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -r"
  {idled}
}}
SERVICES {{
  imap cmd="/usr/lib/cyrus/bin/imapd -t 30" listen="127.0.0.1:{plain}" prefork=0 maxchild=50
  imaps cmd="/usr/lib/cyrus/bin/imapd -s -t 30" listen="127.0.0.1:{tls}" prefork=0 maxchild=50
}}
EVENTS {{
}}
"""


class Cyrus(ImapServer):
    """alt: False for the classic names, "INBOX.Folder"."""

    def __init__(self, authority, packages, alt=True):
        super().__init__()
        self.authority, self.packages, self.alt = authority, packages, alt
        if not alt:
            self.prefix, self.delimiter = "INBOX.", "."
        self.host = "localhost"
        self.folder = proc.make_folder("zd-cyrus-")
        self.root = f"{self.folder}/root"
        self.process = None
        self.plain, self.tls = proc.free_port(), proc.free_port()
        self._users = {ADMIN: PASSWORD}

    def __enter__(self):
        try:
            self._build()
            self.start()
            self.add_user("probe")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process:
            proc.kill_group(self.process)
        if getattr(self, "_auth", None):
            self._auth.close()
        proc.remove_folder(self.folder)

    def _build(self):
        os.makedirs(self.root)
        chroot.unpack(self.packages, self.root, PACKAGES)
        bins = f"{self.root}/usr/lib/cyrus/bin"
        chroot.add_programs(self.root, ["/usr/bin/env", "/bin/sh"])
        chroot.add_libraries(self.root, [f"{bins}/{name}" for name in ("master", "imapd", "idled", "ctl_cyrusdb")])
        uid = 0 if os.geteuid() else 65534
        chroot.add_basics(self.root, {"root": (0, 0, "/root"), "cyrus": (uid, uid, "/var/lib/cyrus")})
        if uid == 0:
            pathlib.Path(f"{self.root}/etc/passwd").write_text("cyrus:x:0:0::/var/lib/cyrus:/bin/sh\n", encoding="ascii")
        for name in ("var/lib/cyrus", "var/spool/cyrus/mail", "var/spool/sieve", "run/cyrus/socket", "run/cyrus/proc",
                     "run/cyrus/lock", "run/saslauthd"):
            os.makedirs(f"{self.root}/{name}", exist_ok=True)
        for name in ("user", "quota", "db", "log", "msg", "ptclient", "socket", "rpm", "proc", "lock", "backup"):
            os.makedirs(f"{self.root}/var/lib/cyrus/{name}", exist_ok=True)
        shutil.copy(self.authority.cert("good"), f"{self.root}/etc/cert.pem")
        shutil.copy(self.authority.key("good"), f"{self.root}/etc/key.pem")
        pathlib.Path(f"{self.root}/etc/imapd.conf").write_text(
            IMAPD.format(admin=ADMIN, alt="yes" if self.alt else "no"), encoding="ascii")
        pathlib.Path(f"{self.root}/etc/cyrus.conf").write_text(
            CYRUS.format(plain=self.plain, tls=self.tls, idled='idled cmd="/usr/lib/cyrus/bin/idled"'), encoding="ascii")
        if os.geteuid() == 0:
            for place in ("var", "run", "etc"):
                subprocess.run(["chown", "-R", f"{uid}:{uid}", f"{self.root}/{place}"], check=True)
        shutil.copytree("/usr/share/zoneinfo", f"{self.root}/usr/share/zoneinfo", symlinks=True,
                        ignore=shutil.ignore_patterns("right", "posix"))
        self._auth = chroot.answer_at(f"{self.root}/run/saslauthd/mux", self._answer_one)

    def _answer_one(self, connection):
        """saslauthd's protocol: four counted strings (login, password, service, realm), and a counted answer."""
        with connection, connection.makefile("rb") as stream, contextlib.suppress(OSError, struct.error):
            words = [stream.read(struct.unpack("!H", stream.read(2))[0]).decode() for _ in range(4)]
            answer = b"OK" if self._users.get(words[0]) == words[1] else b"NO"
            connection.sendall(struct.pack("!H", len(answer)) + answer)

    def start(self):
        with open(f"{self.folder}/log", "ab") as out:
            self.process = chroot.start(self.root, "/usr/lib/cyrus/bin/master", "-D", out=out)
        proc.wait_until(self._answers, 60, "Cyrus's first login")

    def stop(self):
        proc.kill_group(self.process)
        self.process = None

    def log(self):
        return pathlib.Path(f"{self.folder}/log").read_text(encoding="utf-8", errors="replace")

    def _answers(self):
        if self.process.poll() is not None:
            raise RuntimeError("Cyrus does not start:\n" + self.log())
        try:
            with self.connect(ADMIN):
                return True
        except (OSError, imaplib.IMAP4.error):
            return False

    def add_user(self, user, password=PASSWORD):
        self._users[user] = password
        with self.connect(ADMIN) as imap:
            done(imap.create(f"user{'/' if self.alt else '.'}{user}"))
