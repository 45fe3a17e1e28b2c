# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo runs to its end, fits a terminal, and leaves nothing behind however it ends."""
import os
import signal
import subprocess
import sys

import pytest

from demo_screen import ESCAPES, WIDTH, columns
from harness import proc
from harness.zapisy import program

DEMO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo.py")


@pytest.fixture
def temporary():
    """Where the demo makes its temporary folders; it must be empty again at the end."""
    folder = proc.make_folder("zd-demo-")
    yield folder
    left = os.listdir(folder)
    proc.remove_folder(folder)
    assert left == [], "it left temporary files"


def start(temporary):
    return proc.start([sys.executable, DEMO], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                      env={**os.environ, "ZAPISY_BIN": os.path.dirname(program("zapisyd")),
                           "ZAPISY_TEST_FOLDER": temporary})


def running(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def ended(process, seconds=300):
    """Its exit code and what it said; nothing of it runs any more."""
    children = proc.descendants(process.pid)
    try:
        out, err = process.communicate(timeout=seconds)
    finally:
        proc.kill_group(process)
    proc.wait_until(lambda: not any(running(pid) for pid in children), 5, "the end of all its processes")
    return process.returncode, out.decode(), err.decode()


def test_to_the_end(temporary):
    code, out, err = ended(start(temporary))
    assert code == 0, f"{out}\n{err}"
    assert not ESCAPES.search(out), "colours only on a terminal"
    assert [line for line in out.splitlines() if columns(line) > WIDTH] == []
    for word in ("accepted", "waitlisted", "incomplete", "held", "late", "cancelled", "untouched", "zapisyctl"):
        assert word in out, f"the demo must show {word}"


@pytest.mark.parametrize("number, delay", [(signal.SIGINT, 0.1), (signal.SIGINT, 0.9), (signal.SIGTERM, 0.5)])
def test_stopped_in_the_middle(temporary, number, delay):
    process = start(temporary)
    assert process.stdout.readline(), "it says what it is before anything else"
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(delay)
    process.send_signal(number)
    code, out, err = ended(process)
    assert (code, err) == (130, ""), f"{out}\n{err}"
