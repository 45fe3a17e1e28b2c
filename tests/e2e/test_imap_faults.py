# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole zapisyd in front of a real Dovecot, with one step of IMAP going wrong: nothing is lost, nothing is
answered twice, and one line in the log says what happened."""
import re
import sqlite3

import pytest

from harness import mails
from harness.badproxy import BadProxy

KEYWORD = "$Zapisyd"
WORDS = {"cut": "closed the connection|broke", "lost": "closed the connection|broke", "half": "closed the connection|broke",
         "bye": "going down for maintenance|closed the connection", "silence": "in time|took too long",
         "stall": "in time|took too long", "garbage": "understood|%%% what is this|in time",
         "no": "not now", "refused": "not done here", "bad": "no such thing|understand|no IMAP4rev1 server"}
AWAY = ["cut", "bye", "silence", "garbage"]


@pytest.fixture
def proxy(dovecot):
    with BadProxy(dovecot.plain) as server:
        yield server


@pytest.fixture
def site(make_site, proxy):
    return faulty_site(make_site, proxy)


def faulty_site(make_site, proxy, flags=("\\Deleted",), **mailbox):
    site = make_site(settings={"mailbox": {"tls": "none", "port": proxy.port, "sent_folder": "", **mailbox}})
    site.extra_environment["ZAPISYD_IMAP_SECONDS"] = "1"
    site.deliver(mails.text_mail("mama@example.com", "obiad?\r\n", subject="obiad"), "2012-01-20 09:30", flags)
    return site


def deliver_form(site, number):
    return site.deliver(mails.form_mail(mails.address(number), mails.someone(number)), f"2012-01-20 10:{number:02}")


def complaints(log):
    """The lines of warnings and errors."""
    return [line for line in log.splitlines() if re.match(r"<[0-4]>", line)]


def all_is_well(site, forms):
    """Each form registered once, answered once."""
    people = sorted(mails.address(n) for n in range(forms))
    assert sorted(r["sender"] for r in site.list()) == people
    assert sorted(l.to for l in site.letters()) == people
    balance = site.status()["balance"]
    assert (balance["registered"], balance["in_progress"]) == (forms, 0)
    assert site.review() == []


def goes_wrong_once(site, proxy, step, kind, nth=1, code=75):
    proxy.plan(step, kind, nth)
    proxy.struck.clear()
    result = site.keeper("--once").expect(code)
    assert proxy.struck == [(step, kind)], f"{proxy.commands}\n{result}"
    said = complaints(result.err)
    assert len(said) == 1 and re.search(WORDS[kind], said[0]), f"{step} {kind}: {result}"


# --- steps before a decision: an attempt each, one after the other, the mailbox growing meanwhile

STEPS = [("greeting", 1, AWAY), ("CAPABILITY", 1, AWAY + ["bad"]), ("LOGIN", 1, AWAY + ["no", "half"]),
         ("CAPABILITY", 2, AWAY), ("SELECT", 1, AWAY + ["no", "bad", "half", "stall"]),
         ("SEARCH", 1, AWAY + ["no", "bad", "half"]), ("list", 1, AWAY + ["half", "stall"]),
         ("body", 1, AWAY + ["half", "stall"])]


@pytest.mark.parametrize("step, nth, kinds", STEPS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_step_that_goes_wrong(site, proxy, step, nth, kinds):
    for number, kind in enumerate(kinds):
        deliver_form(site, number)
        goes_wrong_once(site, proxy, step, kind, nth)
    site.once()
    all_is_well(site, len(kinds))
    assert sum(KEYWORD in flags for flags in site.flags().values()) == len(kinds)


def test_a_service_takes_up_its_work_again(site, proxy):
    """At each step of a running service: what came meanwhile is answered as soon as the server is well."""
    with site.service(NOW) as service:
        for number, (step, kind) in enumerate(SERVICE):
            proxy.plan(step, kind, nth=0)
            deliver_form(site, number)
            service.wait_for(lambda n=number: len(proxy.struck) == n + 1, f"{step} {kind}", 60)
            service.wait_for(lambda n=number: len(complaints(service.log())) == n + 1, f"a line of {step} {kind}", 60)
            service.wait_for(lambda n=number: len(site.letters()) == n + 1, f"the letter in spite of {step} {kind}", 60)
        said = complaints(service.log())
    assert len(said) == len(SERVICE), said
    for (step, kind), line in zip(SERVICE, said):
        assert re.search(WORDS[kind], line), f"{step} {kind}: {line}"
    all_is_well(site, len(SERVICE))


SERVICE = [("IDLE", kind) for kind in AWAY] + [("idling", kind) for kind in ("cut", "bye", "silence")] + [
    ("DONE", kind) for kind in ("cut", "bye", "silence", "lost")] + [("SEARCH", "cut"), ("body", "half")]
NOW = "2012-01-20 12:00"


@pytest.mark.parametrize("kind", ["refused", "bad"])
def test_idle_refused_is_polling(make_site, proxy, kind):
    site = faulty_site(make_site, proxy, poll_seconds=1)
    proxy.plan("IDLE", kind, nth=0, times=1000)
    with site.service(NOW) as service:
        service.wait_for(lambda: site.json("status")["mailbox"]["state"] == "polling", "polling")
        for number in range(2):
            deliver_form(site, number)
            service.wait_for(lambda n=number: len(site.letters()) == n + 1, "the letter")
        assert proxy.struck == [("IDLE", kind)], "it is not asked again"
        said = [line for line in service.log().splitlines() if "IDLE" in line]
        assert len(said) == 1 and re.search(WORDS[kind], said[0]) and "every 1 seconds" in said[0]
        assert complaints(service.log()) == []
    all_is_well(site, 2)


def test_a_server_without_idle_is_polled(make_site, dovecot):
    with BadProxy(dovecot.plain, without=["IDLE"]) as proxy:
        site = faulty_site(make_site, proxy, poll_seconds=1)
        with site.service(NOW) as service:
            service.wait_for(lambda: site.json("status")["mailbox"]["state"] == "polling", "polling")
            deliver_form(site, 0)
            service.wait_for(lambda: len(site.letters()) == 1, "the letter")
        assert "IDLE" not in proxy.commands and "NOOP" in proxy.commands
        all_is_well(site, 1)


def test_a_server_that_idles_and_never_tells(make_site, dovecot):
    """Each renewal is a look of its own."""
    with BadProxy(dovecot.plain, rewrite=lambda line: b"" if b" EXISTS" in line and mute else line) as proxy:
        mute = False
        site = faulty_site(make_site, proxy)
        with site.service(NOW) as service:
            service.wait_for(lambda: proxy.commands.count("IDLE") >= 1, "IDLE")
            mute = True
            for number in range(2):
                deliver_form(site, number)
                service.wait_for(lambda n=number: len(site.letters()) == n + 1, "the letter")
            assert proxy.commands.count("IDLE") >= 3
            assert complaints(service.log()) == []
        all_is_well(site, 2)


def test_the_connection_is_kept_alive_and_ended_with_good_manners(site, proxy):
    with site.service(NOW) as service:
        service.wait_for(lambda: "IDLE" in proxy.commands, "IDLE")
        with open("/proc/net/tcp", encoding="ascii") as f:
            timers = [fields[5] for fields in map(str.split, f) if fields[2].endswith(f":{proxy.port:04X}") and
                      fields[3] == "01"]
        assert timers and any(t.startswith("02:") and int(t[3:], 16) <= 6100 for t in timers), timers
    assert "LOGOUT" in proxy.commands


# --- marking, with every way that a server may leave us

FOLDER = "Zgłoszenia"
WAYS = {"move": [], "uidplus": ["MOVE"], "neither": ["MOVE", "UIDPLUS"]}
SPOILED = {"move": [("MOVE", k) for k in ("cut", "bye", "silence", "garbage", "lost")],
           "uidplus": [("COPY", "cut"), ("COPY", "lost"), ("STORE", "cut"), ("STORE", "lost"), ("EXPUNGE", "cut"),
                       ("EXPUNGE", "lost"), ("COPY", "silence")],
           "neither": [("CREATE", "lost"), ("COPY", "lost"), ("STORE", "lost"), ("SEARCH", "cut"), ("EXPUNGE", "cut"),
                       ("EXPUNGE", "lost")]}
# Searches come before the marks, too: the pass's own, and the look into the folder.
NTH = {"SEARCH": 3}


@pytest.mark.parametrize("way, flags", [("move", ["\\Deleted"]), ("uidplus", ["\\Deleted"]), ("neither", ["\\Deleted"]),
                                        ("neither", ["\\Flagged"])])
def test_moving_that_goes_wrong_makes_no_second_copy(make_site, dovecot, way, flags):
    with BadProxy(dovecot.plain, without=WAYS[way]) as proxy:
        site = faulty_site(make_site, proxy, flags, mark=f"move:{FOLDER}")
        (private, _), = before = dovecot.messages(site.user)
        forms = []
        stays = way == "neither" and flags == ["\\Deleted"]
        for step, kind in SPOILED[way]:
            if stays and step == "EXPUNGE":
                continue
            deliver_form(site, len(forms))
            forms.append(dovecot.messages(site.user)[-1][1])
            goes_wrong_once(site, proxy, step, kind, nth=NTH.get(step, 1))
            site.once()
        all_is_well(site, len(forms))
        assert sorted(raw for _, raw in dovecot.messages(site.user, "Zg&AUI-oszenia")) == sorted(forms)
        left = site.flags()
        assert left.pop(private) == set(flags), "her own mail"
        if stays:  # EXPUNGE would take hers as well: ours is only marked
            assert len(left) == len(forms) and all("\\Deleted" in f for f in left.values())
        else:
            assert dovecot.messages(site.user) == before


@pytest.mark.parametrize("step, kind, move", [
    ("STORE", "refused", False), ("STORE", "bad", False), ("MOVE", "refused", True), ("COPY", "refused", True),
    ("CREATE", "refused", True)])
def test_a_refused_mark_is_said_once_and_let_be(make_site, dovecot, step, kind, move):
    with BadProxy(dovecot.plain, without=["MOVE"] if step == "COPY" else []) as proxy:
        site = faulty_site(make_site, proxy, **({"mark": f"move:{FOLDER}"} if move else {}))
        before = dovecot.uids(site.user)
        with site.service(NOW) as service:
            proxy.plan(step, kind, nth=0, times=1000)
            for number in range(3):
                deliver_form(site, number)
                service.wait_for(lambda n=number: len(site.letters()) == n + 1, "the letter")
            service.wait_for(lambda: proxy.commands[-1] == "IDLE", "rest")
            said = complaints(service.log())
            assert len(said) == 1 and re.search(WORDS[kind], said[0]), said
        all_is_well(site, 3)
        assert len(dovecot.uids(site.user)) == len(before) + 3


def test_keywords_that_are_not_kept(make_site, dovecot):
    """PERMANENTFLAGS without our keyword and without \\*: nothing is even tried, and --check says so."""
    def honest(line):
        return re.sub(rb"\[PERMANENTFLAGS \([^)]*\)\]", b"[PERMANENTFLAGS (\\\\Seen \\\\Deleted)]", line)

    with BadProxy(dovecot.plain, rewrite=honest) as proxy:
        site = faulty_site(make_site, proxy)
        assert "keyword" in site.keeper("--check").expect(0).out
        with site.service(NOW) as service:
            for number in range(3):
                deliver_form(site, number)
                service.wait_for(lambda n=number: len(site.letters()) == n + 1, "the letter")
            said = complaints(service.log())
            assert len(said) == 1 and "keyword" in said[0], said
        assert not any(command.startswith("UID STORE") for command in proxy.commands)
        all_is_well(site, 3)


def test_a_mailbox_that_can_only_be_read(make_site, dovecot):
    with BadProxy(dovecot.plain, rewrite=lambda line: line.replace(b"[READ-WRITE]", b"[READ-ONLY]")) as proxy:
        site = faulty_site(make_site, proxy)
        deliver_form(site, 0)
        assert "only be read" in site.keeper("--check").expect(0).out
        assert "only be read" in complaints(site.once().err)[0]
        assert not any(command.startswith("UID STORE") for command in proxy.commands)
        all_is_well(site, 1)


# --- numbers, and messages that nobody can have

def test_other_numbers_in_the_middle_of_a_session(site, proxy):
    """Dovecot's own list of numbers is lost while we wait: nobody is answered twice, the marks are set again."""
    with site.service(NOW) as service:
        for number in range(2):
            deliver_form(site, number)
            service.wait_for(lambda n=number: len(site.letters()) == n + 1, "the letter")
        service.wait_for(lambda: sum(KEYWORD in f for f in site.flags().values()) == 2, "the marks")
        site.dovecot.renumber(site.user)
        with site.dovecot.connect(site.user, "INBOX") as imap:
            imap.uid("STORE", "1:*", "-FLAGS", f"({KEYWORD})")
        proxy.cut_all()
        deliver_form(site, 2)
        service.wait_for(lambda: len(site.letters()) == 3, "the letter", 60)
        service.wait_for(lambda: sum(KEYWORD in f for f in site.flags().values()) == 3, "the marks again", 60)
    all_is_well(site, 3)


def test_a_message_that_nobody_can_fetch_is_left_to_a_person(make_site, dovecot):
    """Those behind it are read; it is said once."""
    poison = []

    class Poisoned(BadProxy):
        def _strikes(self, step, count):
            command = self.commands[-1] if self.commands else ""
            if step == "body" and poison and re.match(rf"UID FETCH ({poison[0]}|\d+:\d+|\d+,\S+) ", command):
                return "cut"
            return None

    with Poisoned(dovecot.plain) as proxy:
        site = faulty_site(make_site, proxy)
        poison.append(deliver_form(site, 5))
        for number in range(3):
            site.deliver(mails.form_mail(mails.address(number), mails.someone(number)), f"2012-01-20 10:1{number}")
        runs = [site.keeper("--once").expect(0, 75) for _ in range(12)]
        assert runs[-1].code == 0
        assert sum("left to a person" in run.err for run in runs) == 1
        assert sorted(r["sender"] for r in site.list()) == [mails.address(n) for n in range(3)]
        (item,) = site.review()
        assert item["kind"] == "unreadable" and "does not hand this message over" in item["reason"]
        row, = [m for m in site.mail() if m["uid"] == poison[0]]
        assert (row["class"], row["outcome"]) == ("unreadable", "review")
        site.status()


def test_a_message_that_cannot_be_recorded_is_left_to_a_person(site):
    deliver_form(site, 0)
    site.once()
    with sqlite3.connect(site.store) as store:
        store.execute("CREATE TRIGGER broken BEFORE INSERT ON message WHEN new.message_id = 'zly@example.org'"
                      " BEGIN SELECT RAISE(ABORT, 'broken on purpose'); END")
    site.deliver(mails.form_mail(mails.address(8), mails.someone(8), identity="<zly@example.org>"))
    deliver_form(site, 1)
    said = complaints(site.once("2012-01-20 13:00").err)
    assert len(said) == 1 and "could not be recorded" in said[0]
    assert [item["kind"] for item in site.review()] == ["unreadable"]
    assert sorted(l.to for l in site.letters()) == [mails.address(0), mails.address(1)]
    assert complaints(site.once("2012-01-20 14:00").err) == []
    site.status()
