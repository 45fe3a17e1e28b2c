# SPDX-License-Identifier: GPL-3.0-or-later
"""A site: one configuration, one store, one mailbox, and the programs run on it."""
import contextlib
import glob
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import threading

from . import config, proc
from .dates import rfc3339
from .mails import COORDINATOR

ROOT = pathlib.Path(__file__).resolve().parents[3]
EVENT = "model-wspolpracy"
OUTCOMES = ("registered", "updated", "completed", "cancelled", "confirmed", "duplicate", "review", "noted", "ignored")
SANITIZER = re.compile(r"AddressSanitizer|LeakSanitizer|UndefinedBehaviorSanitizer|runtime error:")


def program(name):
    """The path of a built program."""
    folder = os.environ.get("ZAPISY_BIN") or str(ROOT / "build" / "bin")
    return os.path.join(os.path.abspath(folder), name)


def no_leaks(environment):
    """ASAN_OPTIONS of an environment, without looking for leaks."""
    return ":".join(filter(None, [environment.get("ASAN_OPTIONS"), "detect_leaks=0"]))


class Result:
    """A finished program."""

    def __init__(self, arguments, code, out, err):
        self.arguments, self.code, self.out, self.err = arguments, code, out, err

    def __repr__(self):
        return f"{' '.join(self.arguments)}\nexit {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"

    def json(self):
        return json.loads(self.out)

    def expect(self, *codes):
        assert not SANITIZER.search(self.err), f"a sanitizer's report:\n{self}"
        assert self.code in codes, f"exit {self.code}, expected {' or '.join(map(str, codes))}:\n{self}"
        return self


class Site:
    """folder/conf holds a copy of the project's conf/ with this site's zapisyd.conf.
    settings: laid over the defaults; event: changes to the default event's top-level settings."""

    def __init__(self, dovecot, smtp, settings=None, event=None, imap_tls="implicit", smtp_tls="starttls"):
        self.folder = proc.make_folder("zd-site-")
        self.conf = os.path.join(self.folder, "conf")
        self.file = os.path.join(self.conf, "zapisyd.conf")
        self.store = os.path.join(self.folder, "state", "zapisy.db")
        self.dovecot, self.smtp = dovecot, smtp
        self.user = os.path.basename(self.folder)
        self.now = "2012-01-20 12:00"
        self.extra_environment = {}
        self._services = []
        dovecot.add_user(self.user)
        os.mkdir(os.path.dirname(self.store), 0o700)
        shutil.copytree(ROOT / "conf", self.conf)
        self.event_file = os.path.join(self.conf, "events", EVENT + ".conf")
        self._event_text = pathlib.Path(self.event_file).read_text(encoding="utf-8")
        self.secret("imap-password", dovecot.password(self.user))
        self.secret("smtp-password", smtp.password)
        self.settings = config.merged(self._defaults(imap_tls, smtp_tls), settings or {})
        self.write()
        self.set_event(**(event or {}))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for service in self._services:
            service.end()
        proc.remove_folder(self.folder)

    # --- its configuration

    def _defaults(self, imap_tls, smtp_tls):
        ca_file = self.dovecot.authority.ca_file
        return {
            "mailbox": {"host": "localhost", "port": self.dovecot.tls if imap_tls == "implicit" else self.dovecot.plain,
                        "tls": imap_tls, "ca_file": ca_file, "user": self.user, "auth": "password",
                        "password_file": "imap-password", "folder": "INBOX", "since": "2012-01-09",
                        "idle": True, "poll_seconds": 60, "mark": "keyword", "sent_folder": "Sent"},
            "smtp": {"host": "localhost", "port": self.smtp.tls if smtp_tls == "implicit" else self.smtp.starttls,
                     "tls": smtp_tls, "ca_file": ca_file, "user": self.smtp.user, "auth": "password",
                     "password_file": "smtp-password", "from": f"Agnieszka Szuba <{COORDINATOR}>"},
            "coordinator": {"email": COORDINATOR, "digest_at": "07:30", "timezone": "Europe/Warsaw"},
            "store": {"path": self.store},
            "events_dir": "events",
            "letters_dir": "letters",
            "limits": {"patience_seconds": 60},  # a busy machine decides nothing
        }

    def write(self):
        with open(self.file, "w", encoding="utf-8") as f:
            f.write(config.document(self.settings))

    def set(self, **changes):
        """Changes zapisyd.conf: set(mailbox={"port": 1})."""
        self.settings = config.merged(self.settings, changes)
        self.write()

    def set_event(self, **changes):
        """Changes the default event, always from the project's own file."""
        with open(self.event_file, "w", encoding="utf-8") as f:
            f.write(config.override(self._event_text, changes))

    def add_event(self, identity, **changes):
        """A further event, made from the default one."""
        text = config.override(self._event_text, {"id": identity, **changes})
        with open(os.path.join(self.conf, "events", identity + ".conf"), "w", encoding="utf-8") as f:
            f.write(text)

    def secret(self, name, content):
        path = os.path.join(self.conf, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as f:
            f.write(content + "\n")
        os.chmod(path, 0o600)

    # --- its mailbox

    def deliver(self, raw, when="2012-01-20 11:05", flags=(), folder="INBOX"):
        """A mail arrives at that instant; returns its UID."""
        return self.dovecot.append(self.user, raw, when, flags, folder)

    def flags(self, folder="INBOX"):
        return self.dovecot.flags(self.user, folder)

    # --- its programs

    @property
    def environment(self):
        """A bare environment in a far zone: no decision may hang on the machine's own."""
        kept = {k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS") or k == "LLVM_PROFILE_FILE"}
        return {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", "TZ": "Pacific/Auckland",
                "HOME": self.folder, **kept, **self.extra_environment}

    def run(self, name, *arguments, timeout=60, binary=None, leaks=True):
        """Runs a program to its end; its children are gone when this returns. leaks: they are looked for."""
        line = [binary or program(name), *arguments]
        environment = self.environment
        if not leaks:
            environment["ASAN_OPTIONS"] = no_leaks(environment)
        process = proc.start(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             env=environment, cwd=self.folder)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired as error:
            proc.kill_group(process)
            out, err = process.communicate()
            raise AssertionError(f"{' '.join(line)} did not end within {timeout} s\n"
                                 f"{err.decode(errors='replace')}") from error
        finally:
            proc.kill_group(process)
        return Result(line, process.returncode, out.decode(), err.decode(errors="replace"))

    def keeper(self, *arguments, now=None, timeout=60):
        """zapisyd with these options at that instant, to its end."""
        self.now = now or self.now
        return self.run("zapisyd", "-c", self.file, "--now", rfc3339(self.now), *arguments, timeout=timeout)

    def once(self, now=None, code=0, timeout=60):
        return self.keeper("--once", now=now, timeout=timeout).expect(code)

    def ctl(self, *arguments, code=0, event=None, leaks=True):
        """zapisyctl at the site's present instant."""
        which = ["-e", event] if event else []
        return self.run("zapisyctl", "-c", self.file, *which, "--now", rfc3339(self.now), *arguments,
                        leaks=leaks).expect(code)

    def service(self, now=None, **options):
        """The running service, ready; use it as a context manager."""
        self.now = now or self.now
        service = Service(self, rfc3339(self.now), **options)
        self._services.append(service)
        return service

    # --- what came of it

    def json(self, *arguments, leaks=False, **options):
        return self.ctl(*arguments, "--json", leaks=leaks, **options).json()

    def list(self, *arguments):
        return self.json("list", *arguments)

    def mail(self):
        return self.json("mail")

    def outbox(self):
        return self.json("outbox")

    def review(self):
        return self.json("review")

    def status(self):
        """status --json; its balance is checked each time."""
        status = self.json("status")
        balance = status["balance"]
        parts = {name: balance[name] for name in OUTCOMES + ("in_progress",)}
        assert balance["fetched"] == sum(parts.values()), f"fetched is not the sum of the outcomes: {balance}"
        assert balance["balanced"] is True, f"not balanced: {balance}"
        return status

    def event(self, identity=EVENT):
        return next(e for e in self.status()["events"] if e["id"] == identity)

    def row(self, **wanted):
        """The one registration with this ref, sender or name."""
        rows = [r for r in self.list() if all(
            (r["fields"].get(k) if k in r["fields"] else r.get(k)) == v for k, v in wanted.items())]
        assert len(rows) == 1, f"{len(rows)} registrations with {wanted}: {self.list()}"
        return rows[0]

    def handled(self, identity):
        """The mail --json row of that Message-ID."""
        rows = [m for m in self.mail() if m["message_id"] == identity]
        assert len(rows) == 1, f"{len(rows)} rows for {identity}: {self.mail()}"
        return rows[0]

    def letters(self, to=None, outcome=None):
        """Letters that arrived, without the digests."""
        return [l for l in self.smtp.letters() if (l.outcome != "digest" if outcome is None else l.outcome == outcome)
                and (to is None or l.to == to)]

    def letter(self, to=None, outcome=None):
        """The one letter to that address."""
        found = self.letters(to, outcome)
        assert len(found) == 1, f"{len(found)} letters to {to}: {found}"
        return found[0]

    def add(self, channel, received, fields, *more):
        """zapisyctl add; returns the new registration."""
        before = {r["ref"] for r in self.list()}
        self.ctl("add", "--channel", channel, "--received", received, *more,
                 *[f"{k}={v}" for k, v in fields.items()])
        new = [r for r in self.list() if r["ref"] not in before]
        assert len(new) == 1, f"add made {len(new)} registrations"
        return new[0]

    def store_files(self):
        """name -> content of all files around the store, for comparing before and after."""
        return {p: pathlib.Path(p).read_bytes() for p in sorted(glob.glob(os.path.dirname(self.store) + "/*"))
                if os.path.isfile(p)}


class Service:
    """zapisyd as systemd runs it: in the foreground, telling NOTIFY_SOCKET."""

    def __init__(self, site, now=None, ready=True, binary=None):
        self.site = site
        self.messages = []
        self.log_file = os.path.join(site.folder, f"service-{len(site._services)}.log")
        path = os.path.join(site.folder, f"notify-{len(site._services)}")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(path)
        line = [binary or program("zapisyd"), "-c", site.file, *(["--now", now] if now else [])]
        with open(self.log_file, "wb") as log:
            self.process = proc.start(line, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                      env={**site.environment, "NOTIFY_SOCKET": path}, cwd=site.folder)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        if ready:
            self.wait_for(lambda: self.told("READY=1"), "READY=1")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def _listen(self):
        with contextlib.suppress(OSError):
            while True:
                text = self._socket.recv(4096)
                if not text:
                    return
                self.messages.extend(text.decode(errors="replace").splitlines())

    def told(self, line):
        return line in self.messages

    def log(self):
        with open(self.log_file, encoding="utf-8", errors="replace") as f:
            return f.read()

    def wait_for(self, condition, what, seconds=30):
        def ended_or_met():
            if condition():
                return "met"
            return "ended" if self.process.poll() is not None else None

        try:
            outcome = proc.wait_until(ended_or_met, seconds, what)
        except proc.Timeout as error:
            raise AssertionError(f"{error}\n{self.log()}") from error
        assert outcome == "met" or condition(), f"zapisyd ended ({self.process.returncode}) before: {what}\n{self.log()}"

    def reload(self):
        """SIGHUP, and the end of the reload as systemd sees it where it is told."""
        self.process.send_signal(signal.SIGHUP)

    def helpers(self, name):
        return proc.named_descendants(self.process.pid, name)

    def memory_kib(self):
        return proc.proportional_kib([self.process.pid, *proc.descendants(self.process.pid)])

    def stop(self, code=0, seconds=20):
        """SIGTERM; the exit code and the sanitizers are checked, and that nobody is left behind."""
        children = proc.descendants(self.process.pid)
        ended = proc.stop(self.process, seconds)
        left = [c for c in children if os.path.exists(f"/proc/{c}") and c in proc.descendants(1)]
        self.end()
        assert not SANITIZER.search(self.log()), f"a sanitizer's report:\n{self.log()}"
        assert ended == code, f"the service ended with {ended}:\n{self.log()}"
        assert not left, f"processes {left} outlived the service:\n{self.log()}"

    def kill(self):
        """As a power cut does it: no warning, nobody left."""
        proc.kill_group(self.process)

    def end(self):
        proc.kill_group(self.process)
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
