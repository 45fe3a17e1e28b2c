# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Dovecot 2.3 of one's own: its folder, its ports, its users."""
import contextlib
import grp
import imaplib
import os
import pwd
import re
import subprocess

from . import proc
from .imapserver import PASSWORD, ImapServer, done

CONFIG = """\
base_dir = {run}
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login {mechanisms}
auth_failure_delay = 0
mail_location = {location}
mail_fsync = never
mail_max_userip_connections = 0
{accounts}
{tokens}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users/%u
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  service_count = 0
  client_limit = 500
  {login_chroot}
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service imap {{
  service_count = 100
}}
service anvil {{
  {anvil_chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  {anvil_chroot}
}}
{extra}
"""


TOKENS = """\
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
"""

OAUTH2 = """\
introspection_url = {url}
introspection_mode = post
username_attribute = username
active_attribute = active
active_value = true
"""


def _accounts():
    """Settings and (uid, gid) for the mail: root hands it to an unprivileged account,
    anybody else runs all of it as himself."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        return "", nobody.pw_uid, nobody.pw_gid
    user, group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
    own = (f"default_internal_user = {user}\ndefault_internal_group = {group}\n"
           f"default_login_user = {user}\nfirst_valid_uid = {os.geteuid()}\n"
           f"first_valid_gid = {os.getegid()}\n")
    return own, os.geteuid(), os.getegid()


class Dovecot(ImapServer):
    """Ports: `tls` (implicit TLS) and `plain` (plain text, offers STARTTLS).
    `folder` is made and removed here; use it as a context manager. extra: more lines of configuration."""

    def __init__(self, authority, cert="good", store="maildir", extra="", introspection=None,
                 mechanisms="xoauth2 oauthbearer"):
        """introspection: the address where it asks whose a token is; then it takes tokens too."""
        self.introspection, self.mechanisms = introspection, mechanisms if introspection else ""
        self.folder = proc.make_folder("zd-imap-")
        self.authority, self.cert, self.store = authority, cert, store
        self.host = "localhost"
        self.extra = extra
        self.process = None
        self.plain = self.tls = 0
        super().__init__()
        accounts, self.uid, self.gid = _accounts()
        self._accounts = accounts
        os.mkdir(f"{self.folder}/users")
        os.mkdir(f"{self.folder}/mail")
        os.chown(f"{self.folder}/mail", self.uid, self.gid)
        self.add_user("probe")

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """For good: nobody needs its files any more, and a SIGTERM while it starts gets lost."""
        if self.process:
            proc.kill_group(self.process)
            self.process = None
        proc.remove_folder(self.folder)

    # --- its life

    def start(self):
        """Starts it and returns when a login is answered. Keeps its ports after a stop()."""
        for attempt in range(5):
            if not self.plain or attempt:
                self.plain, self.tls = proc.free_port(), proc.free_port()
            self._write_config()
            with open(f"{self.folder}/dovecot.out", "ab") as out:
                self.process = proc.start([self._program("dovecot"), "-F", "-c", self.config],
                                          stdin=subprocess.DEVNULL, stdout=out, stderr=out)
            if proc.wait_until(self._answers_or_ended, 30, "Dovecot's first login") == "ready":
                return
        raise RuntimeError("Dovecot does not start:\n" + self.log())

    def stop(self):
        if self.process:
            proc.stop(self.process)
            proc.kill_group(self.process)
            self.process = None

    def log(self):
        text = ""
        for name in ("dovecot.out", "dovecot.log"):
            with contextlib.suppress(OSError), open(f"{self.folder}/{name}", encoding="utf-8") as f:
                text += f.read()
        return text

    @property
    def config(self):
        return f"{self.folder}/dovecot.conf"

    def _answers_or_ended(self):
        if self.process.poll() is not None:
            return "ended"
        try:
            with self.connect("probe"):
                return "ready"
        except (OSError, imaplib.IMAP4.error):
            return None

    @staticmethod
    def _program(name):
        for folder in ("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"):
            if os.access(f"{folder}/{name}", os.X_OK):
                return f"{folder}/{name}"
        raise RuntimeError(f"{name} is not installed (Debian: dovecot-imapd)")

    def _write_config(self):
        root = os.geteuid() == 0
        location = {"maildir": "maildir:~/Maildir", "sdbox": "sdbox:~/sdbox"}[self.store]
        tokens = TOKENS.format(folder=self.folder) if self.introspection else ""
        if self.introspection:
            with open(f"{self.folder}/oauth2.conf", "w", encoding="utf-8") as f:
                f.write(OAUTH2.format(url=self.introspection))
        text = CONFIG.format(tokens=tokens, mechanisms=self.mechanisms,
                             folder=self.folder, run=f"{self.folder}/run", location=location,
                             cert=self.authority.cert(self.cert), key=self.authority.key(self.cert),
                             accounts=self._accounts, extra=self.extra, uid=self.uid, gid=self.gid, plain=self.plain, tls=self.tls,
                             login_chroot="" if root else "chroot =", anvil_chroot="" if root else "chroot =")
        with open(self.config, "w", encoding="utf-8") as f:
            f.write(text)

    # --- its users and their mail

    def add_user(self, user, password=PASSWORD):
        if user not in self._users:
            self._users[user] = password
            # A file each: Dovecot looks at most once a second whether a known file has changed.
            with open(f"{self.folder}/users/{user}", "w", encoding="utf-8") as f:
                f.write(f"{user}:{password}\n")

    def renumber(self, user, folder="INBOX", reverse=True):
        """The same mails under a new UIDVALIDITY and new UIDs, as after a server's rebuild."""
        before = self.uidvalidity(user, folder)
        with self.connect(user, folder) as imap:
            kept = []
            for item in done(imap.uid("FETCH", "1:*", "(FLAGS INTERNALDATE BODY.PEEK[])")):
                if isinstance(item, tuple):
                    flags = [f.decode() for f in imaplib.ParseFlags(item[0]) if f != b"\\Recent"]
                    kept.append((item[1], '"' + re.search(rb'INTERNALDATE "([^"]+)"', item[0]).group(1).decode() + '"',
                                 flags))
            done(imap.uid("STORE", "1:*", "+FLAGS", "(\\Deleted)"))
            done(imap.expunge())
            for raw, when, flags in reversed(kept) if reverse else kept:
                done(imap.append(f'"{folder}"', f"({' '.join(flags)})", when, raw))
        self.doveadm("mailbox", "update", "-u", user, "--uid-validity", str(before + 1000), folder)
        after = self.uidvalidity(user, folder)
        assert after != before, "the server did not take a new UIDVALIDITY"
        return after

    def doveadm(self, *arguments):
        done = subprocess.run([self._program("doveadm"), "-c", self.config, *arguments],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            raise RuntimeError(f"doveadm {' '.join(arguments)}: {done.stderr}")
        return done.stdout
