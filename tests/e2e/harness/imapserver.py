# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests do with any IMAP server's mailboxes, over IMAP."""
import contextlib
import imaplib
import re
import time

from .dates import imap_date

PASSWORD = "tajne-haslo-do-poczty"


class ImapServer:
    """Subclasses have the port `plain` and fill `_users`."""

    prefix, delimiter = "", "/"

    def __init__(self):
        self._users = {}

    def name(self, folder):
        """A folder's name on this server (in modified UTF-7)."""
        return self.prefix + folder

    def has_user(self, user):
        return user in self._users

    def password(self, user):
        return self._users[user]

    @contextlib.contextmanager
    def connect(self, user, folder=None, readonly=False):
        """A logged-in imaplib connection, a folder selected on request."""
        imap = imaplib.IMAP4("127.0.0.1", self.plain, timeout=30)
        try:
            imap.login(user, self._users[user])
            if folder:
                done(imap.select(f'"{folder}"', readonly))
            yield imap
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                imap.logout()

    def append(self, user, raw, when, flags=(), folder="INBOX"):
        """Puts a message there with this INTERNALDATE (an aware datetime); returns its UID."""
        return self.append_many(user, [(raw, when)], flags, folder)[0]

    def append_many(self, user, mails, flags=(), folder="INBOX"):
        uids = []
        with self.connect(user) as imap:
            for raw, when in mails:
                answer = done(imap.append(f'"{folder}"', f"({' '.join(flags)})", imap_date(when), raw))
                found = re.search(rb"APPENDUID \d+ (\d+)", answer[0])
                uids.append(int(found.group(1)) if found else None)
            if None in uids:  # a server without UIDPLUS
                done(imap.select(f'"{folder}"', readonly=True))
                last = int(done(imap.uid("SEARCH", "*"))[0])
                uids = list(range(last - len(mails) + 1, last + 1))
        return uids

    def create(self, user, folder):
        with self.connect(user) as imap:
            done(imap.create(f'"{folder}"'))

    def flags(self, user, folder="INBOX"):
        """uid -> set of flags and keywords, without \\Recent."""
        with self.connect(user, folder, readonly=True) as imap:
            found = {}
            for line in done(imap.uid("FETCH", "1:*", "(FLAGS)")):
                if line:
                    uid = int(re.search(rb"UID (\d+)", line).group(1))
                    names = re.search(rb"FLAGS \(([^)]*)\)", line).group(1).decode("ascii").split()
                    found[uid] = set(names) - {"\\Recent"}
            return found

    def uids(self, user, folder="INBOX"):
        return sorted(self.flags(user, folder))

    def messages(self, user, folder="INBOX"):
        """The raw messages there by UID."""
        with self.connect(user, folder, readonly=True) as imap:
            return [(int(re.search(rb"UID (\d+)", item[0]).group(1)), item[1])
                    for item in done(imap.uid("FETCH", "1:*", "(BODY.PEEK[])")) if isinstance(item, tuple)]

    def renew(self, user, folder):
        """The folder is made anew with the same mails: other numbers, no keywords."""
        with self.connect(user, folder) as imap:
            kept = [(item[1], '"' + re.search(rb'INTERNALDATE "([^"]+)"', item[0]).group(1).decode() + '"')
                    for item in done(imap.uid("FETCH", "1:*", "(INTERNALDATE BODY.PEEK[])")) if isinstance(item, tuple)]
            done(imap.close())
            done(imap.delete(f'"{folder}"'))
            time.sleep(1.1)  # its number is the second in which it was made
            done(imap.create(f'"{folder}"'))
            for raw, when in kept:
                done(imap.append(f'"{folder}"', "()", when, raw))

    def uidvalidity(self, user, folder="INBOX"):
        with self.connect(user) as imap:
            answer = done(imap.status(f'"{folder}"', "(UIDVALIDITY)"))[0]
            return int(re.search(rb"UIDVALIDITY (\d+)", answer).group(1))


def done(answer):
    status, data = answer
    if status != "OK":
        raise RuntimeError(f"IMAP: {status} {data}")
    return data
