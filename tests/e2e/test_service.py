# SPDX-License-Identifier: GPL-3.0-or-later
"""The service: ready, prompt, reloaded, stopped, killed at any moment."""
import contextlib
import os
import signal
import sqlite3
import time

from harness import mails, proc

NOW = "2012-01-20 12:00"


def arrives(service, site, count=1, seconds=30):
    service.wait_for(lambda: len(site.letters()) >= count, f"{count} letters", seconds)


def test_a_new_form_is_answered_at_once(site):
    site.deliver(mails.form_mail("a@example.org", mails.someone(1)), "2012-01-20 11:00")
    with site.service(NOW) as service:
        arrives(service, site, 1)
        site.deliver(mails.form_mail("b@example.org", mails.someone(2)), "2012-01-20 11:59")
        start = time.monotonic()
        arrives(service, site, 2, seconds=20)
        assert time.monotonic() - start < 10, "IDLE tells at once"
        assert [l.to for l in site.letters()] == ["a@example.org", "b@example.org"]
        assert site.status()["balance"]["registered"] == 2
    assert len(site.letters()) == 2


def test_polling_where_idle_is_off(make_site):
    site = make_site(settings={"mailbox": {"idle": False, "poll_seconds": 1}})
    with site.service(NOW) as service:
        site.deliver(mails.form_mail("a@example.org"))
        arrives(service, site)


def test_ready_without_servers_and_working_once_they_are_there(make_site, smtp):
    site = make_site()
    smtp.stop()
    with site.service(NOW) as service:
        site.deliver(mails.form_mail("a@example.org"))
        service.wait_for(lambda: len(site.list()) == 1, "the registration")
        smtp.start()
        arrives(service, site)


def test_zapisyctl_is_heard_at_once(site):
    site.set_event(seats=1)
    for n in range(2):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n)), f"2012-01-20 10:0{n}")
    with site.service(NOW) as service:
        arrives(service, site, 2)
        site.ctl("cancel", site.row(sender=mails.address(0))["ref"])
        arrives(service, site, 4)
    assert [r["status"] for r in site.list()] == ["cancelled", "accepted"]


def test_reload_takes_the_new_seats(site):
    site.set_event(seats=1)
    for n in range(2):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n)), f"2012-01-20 10:0{n}")
    with site.service(NOW) as service:
        arrives(service, site, 2)
        site.set_event(seats=2)
        service.reload()
        arrives(service, site, 3)
        assert site.letters()[-1].to == mails.address(1)
    assert site.event()["accepted"] == 2


def test_reload_of_a_wrong_file_keeps_the_old_one(site):
    with site.service(NOW) as service:
        site.set_event(seats=-5)
        service.reload()
        service.wait_for(lambda: "model-wspolpracy.conf:" in service.log(), "the error in the log")
        site.deliver(mails.form_mail("a@example.org"))
        arrives(service, site)
        site.set_event()
    assert site.event()["seats"] == 30


def test_the_watchdog_and_stopping_are_told(site):
    site.extra_environment["WATCHDOG_USEC"] = "2000000"
    with site.service(NOW) as service:
        service.wait_for(lambda: service.messages.count("WATCHDOG=1") >= 2, "WATCHDOG=1 twice", 10)
    assert "STOPPING=1" in service.messages


def test_helpers_come_back(site):
    with site.service(NOW) as service:
        for helper in ("zapisy-read", "zapisy-fetch", "zapisy-send"):
            for pid in service.helpers(helper):
                os.kill(pid, signal.SIGKILL)
        site.deliver(mails.form_mail("a@example.org"))
        arrives(service, site, 1, seconds=60)
    assert site.row(sender="a@example.org")["status"] == "accepted"


def test_a_lost_imap_connection_is_taken_up_again(site):
    with site.service(NOW) as service:
        site.deliver(mails.form_mail("a@example.org", mails.someone(1)))
        arrives(service, site)
        site.dovecot.doveadm("kick", site.user)
        site.deliver(mails.form_mail("b@example.org", mails.someone(2)))
        arrives(service, site, 2, seconds=60)


def test_killed_at_any_moment_nothing_is_lost_or_answered_twice(site):
    """kill -9 in the middle of a backlog, again and again; at the end each has one answer."""
    site.set_event(seats=20, waitlist=40)
    for n in range(60):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n)), f"2012-01-20 10:{n:02d}")
    for delay in (0.0, 0.05, 0.1, 0.2, 0.4):
        service = site.service(NOW)
        time.sleep(delay)
        service.kill()
    site.keeper("--once", now="2012-01-20 13:00").expect(0, 75)
    site.once("2012-01-20 14:00")
    rows = sorted(site.list(), key=lambda r: r["counted_at"])
    assert [r["sender"] for r in rows] == [mails.address(n) for n in range(60)]
    assert [r["status"] for r in rows] == ["accepted"] * 20 + ["waitlisted"] * 40
    assert [r["position"] for r in rows[20:]] == list(range(1, 41))
    for n in range(60):
        copies = {m.raw for m in site.smtp.messages if mails.address(n) in m.recipients}
        assert len(copies) == 1, f"{mails.address(n)} got {len(copies)} different letters"
    site.status()


def test_sigterm_leaves_nobody(site):
    with site.service(NOW) as service:
        pids = [service.process.pid, *proc.descendants(service.process.pid)]
        assert {"zapisy-fetch", "zapisy-read", "zapisy-send"} <= {
            name for name in ("zapisy-fetch", "zapisy-read", "zapisy-send") if service.helpers(name)}
    proc.wait_until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids), 5, "the end of all processes")


def test_the_digest_comes_by_itself(site):
    site.once("2012-01-19 22:00")
    site.once("2012-01-20 12:00")
    before = len([l for l in site.smtp.letters() if l.outcome == "digest"])
    with site.service("2012-01-21 07:29:57") as service:
        service.wait_for(lambda: len([l for l in site.smtp.letters() if l.outcome == "digest"]) == before + 1, "the digest")


def test_no_names_in_the_log(site):
    fields = mails.person()
    with site.service(NOW) as service:
        site.deliver(mails.form_mail("poufny@example.org", fields, subject="Model współpracy: TAJNE-SŁOWO"))
        arrives(service, site)
    for secret in (fields["name"], fields["organisation"], "poufny@example.org", "TAJNE"):
        assert secret not in service.log(), f"{secret} is in the log"


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        times = f.read().rpartition(")")[2].split()[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def test_a_slow_mail_leaves_the_processor_alone(site, broken):
    """One mail has been read, the reader is still at the next one: the keeper waits, it does not look again and again."""
    binary = broken("zapisy-read", "record['op'] == 'message' and len(data) and globals().setdefault('first', record['id'])"
                    " == record['id'] and keeper.send(json.dumps({'op': 'failed', 'id': record['id'], 'reason': 'x'}).encode())")
    for n in range(2):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n)))
    with site.service(NOW, binary=binary) as service:
        time.sleep(2)
        before = cpu_seconds(service.process.pid)
        time.sleep(2)
        assert cpu_seconds(service.process.pid) - before < 0.3


def test_what_was_written_without_a_word_is_noticed(site):
    site.set_event(seats=1)
    for n in range(2):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n)), f"2012-01-20 10:0{n}")
    with site.service(NOW) as service:
        arrives(service, site, 2)
        os.unlink(site.store + ".poke")
        site.ctl("cancel", site.row(sender=mails.address(0))["ref"])
        arrives(service, site, 4)


def test_mail_that_came_alone_moves_the_scan_mark(site):
    """Also after the first pass, and also where nothing waits for a decision."""
    def mark():
        with contextlib.closing(sqlite3.connect(f"file:{site.store}?mode=ro", uri=True)) as db:
            return db.execute("SELECT max(uid) FROM scan").fetchone()[0]

    with site.service(NOW) as service:
        for _ in range(3):
            uid = site.deliver(mails.text_mail("przyjaciel@example.net", "Cześć, idziemy na obiad?", subject="Obiad"))
            service.wait_for(lambda: mark() == uid, "the scan mark")
