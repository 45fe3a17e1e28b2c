# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers whose packages cannot be installed beside one another: unpacked into a folder of their own, with the
libraries they need, and run there as in a small system."""
import glob
import os
import re
import shutil
import socket
import subprocess
import threading

from . import proc

PLACES = ("/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/lib", "/usr/lib")


def unpack(packages, folder, names):
    """Those packages (files NAME_*.deb) into folder/usr, folder/etc ..."""
    for name in names:
        found = glob.glob(f"{packages}/{name}_*.deb")
        if not found:
            raise RuntimeError(f"{name} is not in {packages}: run \"make check-servers\"")
        subprocess.run(["dpkg", "-x", found[0], folder], check=True)


def _elf(path):
    if os.path.islink(path) or not os.path.isfile(path):
        return False
    with open(path, "rb") as f:
        return f.read(4) == b"\x7fELF"


def _needed(paths, own):
    """The libraries that these files want, by their path on this computer."""
    env = {"PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": ":".join(own)}
    found = set()
    for path in paths:
        done = subprocess.run(["ldd", path], capture_output=True, text=True, env=env, check=False)
        missing = re.findall(r"(\S+) => not found", done.stdout)
        if missing:
            raise RuntimeError(f"{path} needs {missing}: not in the packages and not on this computer")
        found |= set(re.findall(r"(/\S+) \(0x", done.stdout))
    return found


def add_libraries(folder, programs):
    """What those programs (paths inside folder) are linked with, from the folder itself or from this computer."""
    own = [os.path.dirname(p) for p in glob.glob(f"{folder}/usr/lib/**/*.so*", recursive=True)]
    own = sorted(set(own))
    for path in _needed([p for p in programs if _elf(p)], own):
        inside = path if path.startswith(folder + "/") else folder + path
        if not os.path.exists(inside):
            os.makedirs(os.path.dirname(inside), exist_ok=True)
            shutil.copy(path, inside)
    os.makedirs(f"{folder}/etc", exist_ok=True)
    places = [p[len(folder):] for p in own] + list(PLACES)
    with open(f"{folder}/etc/ld.so.conf", "w", encoding="ascii") as f:
        f.write("\n".join(places) + "\n")
    subprocess.run(["/sbin/ldconfig", "-r", folder], check=True)


def add_programs(folder, paths):
    """Programs of this computer, such as a shell."""
    for path in paths:
        target = folder + path
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(os.path.realpath(path), target)
    add_libraries(folder, [folder + path for path in paths])


def add_basics(folder, users):
    """A small system around them. users: name -> (uid, gid, home)."""
    for name in ("dev", "tmp", "run", "var/run", "etc", "root"):
        os.makedirs(f"{folder}/{name}", exist_ok=True)
    os.chmod(f"{folder}/tmp", 0o1777)
    open(f"{folder}/dev/null", "ab").close()
    os.chmod(f"{folder}/dev/null", 0o666)
    with open(f"{folder}/etc/passwd", "w", encoding="ascii") as f:
        for name, (uid, gid, home) in users.items():
            f.write(f"{name}:x:{uid}:{gid}::{home}:/bin/sh\n")
    with open(f"{folder}/etc/group", "w", encoding="ascii") as f:
        for name, (_, gid, _) in users.items():
            f.write(f"{name}:x:{gid}:\n")
    with open(f"{folder}/etc/hosts", "w", encoding="ascii") as f:
        f.write("127.0.0.1 localhost\n")
    with open(f"{folder}/etc/nsswitch.conf", "w", encoding="ascii") as f:
        f.write("passwd: files\ngroup: files\nhosts: files\nservices: files\n")
    with open(f"{folder}/etc/services", "w", encoding="ascii") as f:
        f.write("imap2 143/tcp imap\nimaps 993/tcp\n")
    for library in glob.glob("/lib/x86_64-linux-gnu/libnss_files*"):
        os.makedirs(f"{folder}/lib/x86_64-linux-gnu", exist_ok=True)
        shutil.copy(library, f"{folder}/lib/x86_64-linux-gnu/")


def command(folder, *arguments, env=None):
    """The command line that runs it in there; somebody who is not root plays root in a namespace of his own."""
    line = ["/usr/sbin/chroot", folder, "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
            *(f"{k}={v}" for k, v in (env or {}).items()), *arguments]
    return line if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--", *line]


def start(folder, *arguments, env=None, out=subprocess.DEVNULL, stdin=subprocess.DEVNULL):
    return proc.start(command(folder, *arguments, env=env), stdin=stdin, stdout=out, stderr=out)


def run(folder, *arguments, env=None):
    return subprocess.run(command(folder, *arguments, env=env), stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60, check=False)


def answer_at(path, answer):
    """A Unix socket at that path, open to all, each of whose connections answer(connection) gets in a thread of its
    own; close() it at the end."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    os.chmod(path, 0o777)
    listening.listen(50)

    def accept():
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listening
