# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a program to its end and seeing what it cost: wall time, CPU time, memory of its whole family."""
import os
import subprocess
import threading
import time

from harness import proc

EVERY = 0.05


class Cost:
    """seconds: wall; cpu: seconds of the program and of all children it waited for; peak_kib: the
    largest sum of proportional set sizes that was seen; programs: how many ran at that moment."""

    def __init__(self):
        self.seconds = self.cpu = 0.0
        self.peak_kib = self.programs = 0


def family(pid):
    """pid and all below it, without looking through the whole of /proc."""
    found, fresh = [], [pid]
    while fresh:
        one = fresh.pop()
        found.append(one)
        try:
            for task in os.listdir(f"/proc/{one}/task"):
                with open(f"/proc/{one}/task/{task}/children", encoding="ascii") as f:
                    fresh.extend(int(child) for child in f.read().split())
        except OSError:
            continue
    return found


def _sample(pid, cost, ended):
    while not ended.wait(EVERY):
        members = family(pid)
        kib = proc.proportional_kib(members)
        if kib > cost.peak_kib:
            cost.peak_kib, cost.programs = kib, len(members)


def run(arguments, log, limit=300, **options):
    """Returns (exit code, Cost); what the program says goes to the file log."""
    cost, ended = Cost(), threading.Event()
    with open(log, "wb") as out:
        start = time.monotonic()
        process = proc.start(arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=out, **options)
        killer = threading.Timer(limit, proc.kill_group, [process])
        killer.start()
        sampler = threading.Thread(target=_sample, args=(process.pid, cost, ended))
        sampler.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
            cost.seconds = time.monotonic() - start
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            ended.set()
            killer.cancel()
            sampler.join()
            if process.returncode is None:
                proc.kill_group(process)
    cost.cpu = usage.ru_utime + usage.ru_stime
    return process.returncode, cost
