# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes and waiting: whatever is started here is waited for and stopped."""
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time


class Timeout(Exception):
    """Something that should have come did not come in time."""


def interrupt_once():
    """SIGINT and SIGTERM become one KeyboardInterrupt; what then cleans up is not interrupted again."""
    def strike(*_):
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, strike)


def wait_until(condition, seconds, what, every=0.02):
    """Calls condition() until it gives something true and returns that."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= end:
            raise Timeout(f"{what}: not within {seconds} s")
        time.sleep(every)


def free_port():
    """A loopback port that was free a moment ago."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def make_folder(prefix):
    """A temporary folder that servers under other accounts may pass through."""
    folder = tempfile.mkdtemp(prefix=prefix, dir=os.environ.get("ZAPISY_TEST_FOLDER", "/tmp"))
    os.chmod(folder, 0o755)
    return folder


def remove_folder(folder):
    """Again where a server's last child still wrote into it."""
    for _ in range(50):
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.exists(folder):
            return
        time.sleep(0.02)


def stop(process, seconds=10):
    """Ends a child started with start(): asks, waits, insists. Returns its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            kill_group(process)
    return process.wait()


def start(arguments, **options):
    """A child in a session of its own, so that its children can be ended with it. SIGINT ends it, also where the
    tests run in the background of a shell, which has it ignored."""
    return subprocess.Popen(arguments, start_new_session=True,
                            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), **options)


def kill_group(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def _parents():
    """pid -> parent for all processes that can be seen."""
    found = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as f:
                found[int(name)] = int(f.read().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
    return found


def descendants(pid):
    """All children of pid, their children included."""
    parents = _parents()
    found, fresh = [], {pid}
    while fresh:
        fresh = {child for child, parent in parents.items() if parent in fresh}
        found.extend(sorted(fresh))
    return found


def named_descendants(pid, name):
    """Those descendants of pid whose program is called name (as the kernel says it: the helpers let nobody but root
    look at their file)."""
    found = []
    for child in descendants(pid):
        try:
            with open(f"/proc/{child}/comm", encoding="utf-8", errors="replace") as f:
                if f.read().rstrip("\n") == name[:15]:
                    found.append(child)
        except OSError:
            continue
    return found


def _kib(path, key):
    with open(path, encoding="utf-8", errors="replace") as f:
        return sum(int(line.split()[1]) for line in f if line.startswith(key))


def proportional_kib(pids):
    """The proportional set size of all these processes, in KiB. Of those that only root may look into, the resident
    set, which is larger."""
    total = 0
    for pid in pids:
        try:
            total += _kib(f"/proc/{pid}/{'smaps_rollup' if os.access(f'/proc/{pid}/mem', os.R_OK) else 'status'}",
                          ("Pss:", "VmRSS:"))
        except OSError:
            continue
    return total
