# SPDX-License-Identifier: GPL-3.0-or-later
"""Postfix's smtp-sink: a mail server that takes letters as fast as anybody can send them."""
import os
import re
import shutil
import subprocess
import time
import smtplib

from harness import proc

PROGRAM = "smtp-sink"


class NoSink(Exception):
    """smtp-sink is not there and cannot be had."""


def find(tools):
    """(program, environment) of an installed smtp-sink, or of one unpacked below the folder tools:
    its package would install and start a mail server, which a bench must not do to anybody's machine."""
    installed = shutil.which(PROGRAM, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if installed:
        return installed, dict(os.environ)
    root = os.path.join(tools, "postfix")
    program = os.path.join(root, "usr", "sbin", PROGRAM)
    if not os.access(program, os.X_OK):
        _unpack(tools, root)
    library = os.path.join(root, "usr", "lib", "postfix")
    environment = {**os.environ, "LD_LIBRARY_PATH": library}
    if not os.access(program, os.X_OK):
        raise NoSink(f"the package postfix has no {PROGRAM}")
    needs = subprocess.run(["ldd", program], env=environment, capture_output=True, text=True, check=False).stdout
    if "not found" in needs:
        raise NoSink(f"{PROGRAM} lacks libraries:\n{needs}")
    return program, environment


def _unpack(tools, root):
    os.makedirs(tools, exist_ok=True)
    print(f"smtp-sink is not installed: unpacking it (only that) into {root} ...", flush=True)
    # Not as apt's own account: it may not write here.
    done = subprocess.run(["apt-get", "download", "-q", "-o", "APT::Sandbox::User=root", "postfix"], cwd=tools,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    packages = [os.path.join(tools, name) for name in sorted(os.listdir(tools))
                if name.startswith("postfix_") and name.endswith(".deb")]
    if done.returncode or not packages:
        raise NoSink(f"apt-get download postfix: {done.stderr.strip()}\nTry: apt-get update")
    subprocess.run(["dpkg", "-x", packages[-1], root], check=True)


class Sink:
    """A running smtp-sink; `port` is where it listens, all it takes goes into one file in folder."""

    def __init__(self, found, folder):
        self._program, self._environment = found
        self._folder = os.path.join(folder, "sink")
        self._file = os.path.join(self._folder, "letters")
        os.mkdir(self._folder)
        os.chmod(self._folder, 0o777)
        self.port = 0
        self._process = None

    def __enter__(self):
        own = ["-u", "nobody"] if os.geteuid() == 0 else []
        for _ in range(5):
            self.port = proc.free_port()
            self._process = proc.start([self._program, *own, "-D", self._file, f"127.0.0.1:{self.port}", "100"],
                                       env=self._environment, cwd=self._folder, stdin=subprocess.DEVNULL)
            if proc.wait_until(self._answers_or_ended, 10, "smtp-sink's greeting") == "ready":
                return self
        raise NoSink("smtp-sink does not start")

    def __exit__(self, *_):
        proc.stop(self._process)

    def _answers_or_ended(self):
        if self._process.poll() is not None:
            return "ended"
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=5):
                return "ready"
        except OSError:
            return None

    def recipients(self, expected):
        """Whom it took letters for, a name for each letter; waits a little for the last ones."""
        end = time.monotonic() + 5
        while True:
            with open(self._file, "rb") as f:
                found = re.findall(rb"^X-Rcpt-Args: <([^>]*)>", f.read(), re.M)
            if len(found) >= expected or time.monotonic() > end:
                return [name.decode() for name in found]
            time.sleep(0.1)
