#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast zapisyd is, beside a plain Python script that does the same, in one run on this machine.

1,000 inline forms of 4 KB wait in Dovecot; each side registers and answers all of them, over the same TLS
to the same Dovecot and in the clear to the same smtp-sink. The sides take turns, each time with a fresh
mailbox, store and sink. Every run is checked: all registered, all answered. It judges nothing by time.
At the end the service gets forms one by one: see latency.py."""
import argparse
import datetime
import os
import sqlite3
import statistics
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))

try:
    import forms
    import latency
    import sink
    import watch
    from harness import proc
    from harness.authority import Authority
    from harness.dates import at
    from harness.dovecot import Dovecot
    from harness.mails import COORDINATOR
    from harness.zapisy import Site, program
except ImportError as missing:
    sys.exit(f"The bench needs Debian's packages for Python ({missing}).\nRun: make deps")

HERE = os.path.dirname(os.path.abspath(__file__))
BOUND_MB = 80
NOW = "2012-01-22T12:00:00+01:00"
MANY = 100000


class NotDone(Exception):
    """A side did not do its work."""


class Clear:
    """What a Site wants to know of an SMTP server, for a sink without TLS and login."""
    user, password = "", ""

    def __init__(self, port):
        self.tls = self.starttls = port


def check(holds, what, log):
    if not holds:
        with open(log, encoding="utf-8", errors="replace") as f:
            raise NotDone(f"{what}\n{f.read()[-4000:]}")


def fill(dovecot, user, raws):
    """All forms wait in that mailbox, a second apart."""
    start = at("2012-01-20 08:00")
    dovecot.append_many(user, [(raw, start + datetime.timedelta(seconds=n)) for n, raw in enumerate(raws)])


def answered(letters, count, log):
    people = [name for name in letters if name != COORDINATOR]
    check(sorted(people) == sorted(forms.address(n) for n in range(count)),
          f"{len(people)} letters to {len(set(people))} people, expected one to each of {count}", log)


def zapisyd(dovecot, raws, port, receive):
    """One run of zapisyd --once on a mailbox of its own."""
    settings = {"mailbox": {"sent_folder": ""}, "smtp": {"tls": "none", "port": port},
                "limits": {"new_per_hour": MANY, "answers_per_hour": MANY, "answers_per_address_day": MANY}}
    with Site(dovecot, Clear(port), settings, {"seats": 2000, "reminders": ()}) as site:
        fill(dovecot, site.user, raws)
        log = os.path.join(site.folder, "run.log")
        code, cost = watch.run([program("zapisyd"), "-c", site.file, "--now", NOW, "--once"], log,
                               env=site.environment, cwd=site.folder)
        check(code == 0, f"zapisyd ended with {code}", log)
        rows = site.list()
        check(len(rows) == len(raws) and all(r["status"] == "accepted" for r in rows),
              f"{len(rows)} registrations, expected {len(raws)}, all accepted", log)
        for row in rows:
            number = int(row["message_id"].split(".")[1].split("@")[0])
            check(row["fields"] == site_fields(number), f"{row['ref']} was read wrongly: {row['fields']}", log)
        answered(receive(len(raws)), len(raws), log)
        return cost


def site_fields(number):
    """A form's fields as the register must have them."""
    fields = forms.person(number)
    fields["phone"] = "+48" + "".join(c for c in fields["phone"] if c.isdigit())
    fields["consent"] = "yes"
    return fields


def plain(dovecot, raws, port, receive):
    """One run of plain.py on a mailbox of its own."""
    folder = proc.make_folder("zd-plain-")
    try:
        user = os.path.basename(folder)
        dovecot.add_user(user)
        fill(dovecot, user, raws)
        secret, database, log = (os.path.join(folder, name) for name in ("password", "register.db", "run.log"))
        with open(secret, "w", encoding="utf-8") as f:
            f.write(dovecot.password(user))
        code, cost = watch.run([sys.executable, os.path.join(HERE, "plain.py"), str(dovecot.tls),
                                dovecot.authority.ca_file, user, secret, str(port), database], log)
        check(code == 0, f"plain.py ended with {code}", log)
        db = sqlite3.connect(database)
        rows = db.execute("SELECT count(*) FROM registration WHERE status = 'accepted'").fetchone()[0]
        db.close()
        check(rows == len(raws), f"{rows} registrations, expected {len(raws)}, all accepted", log)
        answered(receive(len(raws)), len(raws), log)
        return cost
    finally:
        proc.remove_folder(folder)


SIDES = {"zapisyd": zapisyd, "plain.py": plain}


def one(name, dovecot, raws, found):
    folder = proc.make_folder("zd-sink-")
    try:
        with sink.Sink(found, folder) as receiver:
            return SIDES[name](dovecot, raws, receiver.port, receiver.recipients)
    finally:
        proc.remove_folder(folder)


def measure(dovecot, raws, rounds, found):
    """name -> its costs, the sides taking turns."""
    costs = {name: [] for name in SIDES}
    for number in range(1, rounds + 1):
        for name in SIDES:
            print(f"  round {number} of {rounds}, {name:<8} ... ", end="", flush=True)
            costs[name].append(one(name, dovecot, raws, found))
            last = costs[name][-1]
            print(f"{last.seconds:6.2f} s, {len(raws) / last.seconds:6.0f} mails/s, all registered and answered",
                  flush=True)
    return costs


def report(costs, count):
    ours, theirs = (costs[name] for name in SIDES)

    def row(what, value, unit, better=None):
        a, b = (statistics.median(map(value, side)) for side in (ours, theirs))
        ratio = "" if better is None else f"{(b / a if better == 'less' else a / b):8.2f} x"
        print(f"  {what:<34}{a:>10.2f}{b:>12.2f} {unit:<8}{ratio}")

    print(f"\n  {'median of ' + str(len(ours)):<34}{'zapisyd':>10}{'plain.py':>12} {'':<8}{'ratio':>10}")
    row("wall time", lambda c: c.seconds, "s", "less")
    row("mails registered and answered", lambda c: count / c.seconds, "a s", "more")
    row("CPU time, all its programs", lambda c: c.cpu, "s", "less")
    row("peak PSS, all its programs", lambda c: c.peak_kib / 1024, "MiB")
    pairs = " ".join(f"{b.seconds / a.seconds:.2f}" for a, b in zip(ours, theirs))
    peak = max(ours, key=lambda c: c.peak_kib)
    print(f"\n  plain.py's time against zapisyd's, round by round: {pairs}")
    print(f"  zapisyd's largest peak: {peak.peak_kib / 1024:.1f} MiB in {peak.programs} processes, "
          f"bound: {BOUND_MB} MB ({BOUND_MB * 1e6 / 2**20:.1f} MiB)")
    print(f"  (memory looked at every {watch.EVERY * 1000:.0f} ms; CPU time without Dovecot and the sink)")


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--mails", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=3, help="0: only how soon a single form is answered")
    options.add_argument("--single", type=int, default=200, help="forms that come one by one; 0: none")
    chosen = options.parse_args()
    proc.interrupt_once()
    tools = os.path.join(os.path.dirname(os.path.dirname(program("zapisyd"))), "tools")
    folder = proc.make_folder("zd-ca-")
    try:
        found = sink.find(tools) if chosen.rounds else None
        raws = [forms.mail(number) for number in range(chosen.mails)]
        print(f"{len(raws)} forms of {sum(map(len, raws)) // len(raws)} bytes, IMAP over TLS, {os.cpu_count()} cores, "
              f"{chosen.rounds} rounds, the sides taking turns", flush=True)
        with Dovecot(Authority(folder)) as dovecot:
            if chosen.rounds:
                report(measure(dovecot, raws, chosen.rounds, found), len(raws))
            if chosen.single:
                latency.measure(dovecot, chosen.single)
    except KeyboardInterrupt:
        return "\nStopped."
    except (NotDone, sink.NoSink, AssertionError, OSError, RuntimeError, proc.Timeout) as error:
        return f"\nThe bench could not be done: {error}"
    finally:
        proc.remove_folder(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
