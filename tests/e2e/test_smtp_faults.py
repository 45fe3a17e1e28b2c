# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of zapisyd with an SMTP server that fails at every step: nothing is lost, nothing is answered twice, and
one line in the log says what happened."""
import datetime
import os
import re
import shutil
import signal

import pytest

from harness import mails, proc
from harness.badsmtp import CUT, ENDLESS, SILENCE, UNTAKEN, Scripted
from harness.dates import rfc3339
from harness.zapisy import program

ADDRESS = "osoba1@example.org"
ARRIVED, FIRST = "2012-01-20 10:00", "2012-01-20 10:30"
LINE = re.compile(r"\bletters? (?:wait|\d+)")

RELAY = """#!/usr/bin/python3
# The real program behind it, with less patience; while HOLD is there, no good news passes.
import json, os, select, socket, subprocess, sys
keeper, hold = socket.socket(fileno=0), os.environ["TEST_HOLD"]
mine, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
real = subprocess.Popen([%(real)r], stdin=other)
other.close()
for end in (keeper, mine):
    end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
while True:
    for source in select.select([keeper, mine], [], [])[0]:
        data, fds, _, _ = socket.recv_fds(source, 1 << 20, 4)
        if not data:
            mine.close()
            sys.exit(real.wait())
        record = json.loads(data)
        if record["op"] == "open":
            data = json.dumps({**record, "answer_seconds": 1}).encode()
        if record.get("fate") == "sent" and os.path.exists(hold):
            open(hold + "-held", "w").close()
            continue
        socket.send_fds(mine if source is keeper else keeper, [data], fds)
        for fd in fds:
            os.close(fd)
"""


@pytest.fixture(scope="session")
def relayed(tmp_path_factory):
    """The programs under test with the relay before zapisy-send; zapisyd's path."""
    folder = tmp_path_factory.mktemp("relayed")
    for name in ("zapisyd", "zapisy-fetch", "zapisy-read", "zapisy-send"):
        shutil.copy(program(name), folder / (name if name != "zapisy-send" else "real-send"))
    relay = folder / "zapisy-send"
    relay.write_text(RELAY % {"real": str(folder / "real-send")})
    relay.chmod(0o755)
    return str(folder / "zapisyd")


class Place:
    """A site, its scripted server, and a zapisyd whose sender waits a second for each answer."""

    def __init__(self, make_site, binary, server, smtp=None, **options):
        self.server, self.binary = server, binary
        there = {"host": "127.0.0.1", "port": server.port, "tls": "none", "user": "", "ca_file": "", **(smtp or {})}
        self.site = make_site(settings={"smtp": there, "coordinator": {"digest_at": "23:59"}}, **options)
        self.hold = os.path.join(self.site.folder, "hold")
        self.site.extra_environment["TEST_HOLD"] = self.hold

    def once(self, now, *codes):
        self.site.now = now
        line = ("-c", self.site.file, "--now", rfc3339(now), "--once")
        return self.site.run("zapisyd", *line, binary=self.binary).expect(*(codes or (0, 75)))

    def deliver(self, number=1):
        self.site.deliver(mails.form_mail(mails.address(number), mails.someone(number)), ARRIVED)

    def letter(self, to=ADDRESS):
        (letter,) = [one for one in self.site.outbox() if one["to"] == to]
        return letter

    def copies(self, to=ADDRESS):
        """All texts for that address whose final dot arrived and that were not refused."""
        return [t.raw for t in self.server.taken if to in t.recipients
                and not (isinstance(t.answer, bytes) and t.answer[:1] in (b"4", b"5"))]


@pytest.fixture
def place(make_site, relayed):
    """place(step=fault, ...) with the server's steps; smtp= and event= as for a site."""
    servers = []

    def make(smtp=None, event=None, **steps):
        servers.append(Scripted(**steps).__enter__())
        servers[-1].patience = 4
        return Place(make_site, relayed, servers[-1], smtp, **({"event": event} if event else {}))

    yield make
    for server in servers:
        server.__exit__()


def after(text, seconds):
    """That local time so many seconds later."""
    moment = datetime.datetime.strptime(text + ":00" if text.count(":") == 1 else text, "%Y-%m-%d %H:%M:%S")
    return (moment + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")


def wait_of(letter, since):
    """Seconds from that local time to its next attempt; None when it does not go by itself."""
    if letter["next_at"] is None:
        return None
    return round((datetime.datetime.fromisoformat(letter["next_at"])
                  - datetime.datetime.fromisoformat(rfc3339(since))).total_seconds())


def one_line(run, words):
    said = [line for line in run.err.splitlines() if LINE.search(line)]
    assert len(said) == 1, f"not one line about it:\n{run}"
    assert words in said[0], said[0]
    assert "@" not in said[0], "an address in the log"


# --- each step, each kind of fault

SERVER = [  # nothing was asked about the letter: it keeps its turn
    ("greeting 554", {"greet": b"554 5.7.1 go away"}, "554"),
    ("greeting 421", {"greet": b"421 4.3.2 busy"}, "421"),
    ("greeting garbage", {"greet": b"HTTP/1.1 400 Bad Request"}, "broke"),
    ("greeting of 8 bits", {"greet": b"\xff\xfe\x80\x00\x1b[2J"}, "broke"),
    ("greeting cut", {"greet": CUT}, "broke"),
    ("greeting never", {"greet": SILENCE}, "does not answer"),
    ("greeting endless", {"greet": ENDLESS}, "without end"),
    ("ehlo refused twice", {"ehlo": b"502 what", "helo": b"554 no"}, "554"),
    ("ehlo cut", {"ehlo": CUT}, "broke"),
    ("ehlo never", {"ehlo": SILENCE}, "does not answer"),
]

ASKED = [  # the connection or the sender is the trouble, after MAIL was said
    ("sender refused", {"mail": b"553 5.7.1 not your address"}, "sender"),
    ("mail 421", {"mail": b"421 closing"}, "421"),
    ("mail cut", {"mail": CUT}, "broke"),
    ("mail never", {"mail": SILENCE}, "does not answer"),
    ("rcpt cut", {"rcpt": CUT}, "broke"),
    ("rcpt never", {"rcpt": SILENCE}, "does not answer"),
    ("rcpt 421", {"rcpt": b"421 4.3.2 shutting down"}, "421"),
    ("rcpt about us", {"rcpt": b"554 5.7.1 <osoba1@example.org>: Relay access denied"}, "no mail from us"),
    ("data cut", {"data": CUT}, "broke"),
    ("data out of step", {"data": b"250 ok"}, "broke"),
    ("dot 421", {"dot": b"421 4.3.2 disk"}, "421"),
]

LATER = [  # the letter is refused for now
    ("mail 451", {"mail": b"451 4.3.0 later"}, "451"),
    ("rcpt 450", {"rcpt": b"450 4.2.1 <osoba1@example.org> busy"}, "450 4.2.1 ... busy"),
    ("rcpt 451", {"rcpt": b"451 4.7.1 greylisted"}, "greylisted"),
    ("rcpt 452", {"rcpt": b"452-4.2.2 full\r\n452 4.2.2 very full"}, "very full"),
    ("data 451", {"data": b"451 4.3.5 later"}, "451"),
    ("dot 452", {"dot": b"452 4.3.1 no room"}, "452"),
    ("dot 451 of 8 bits", {"dot": b"451 p\xf3\xbcniej \x1b[31m"}, "451 p??niej [31m"),
]

NEVER = [  # the letter is refused
    ("rcpt 550", {"rcpt": b"550 5.1.1 no such user"}, "550 5.1.1"),
    ("rcpt 551", {"rcpt": b"551 5.1.6 moved to <x@example.org>"}, "551"),
    ("rcpt 553", {"rcpt": b"553 5.1.3 odd"}, "553"),
    ("data 554", {"data": b"554 5.5.1 no valid recipients"}, "554"),
    ("dot 550", {"dot": b"550 5.7.1 looks like spam"}, "spam"),
    ("dot 552", {"dot": b"552 5.3.4 too big"}, "552"),
]

UNCERTAIN = [  # it left, and no answer came
    ("dot cut", {"dot": CUT}, "broke", 2),
    ("dot cut, not taken", {"dot": UNTAKEN}, "broke", 1),
    ("dot never", {"dot": SILENCE}, "in time", 2),
    ("dot garbage", {"dot": b"what?"}, "broke", 2),
    ("dot half an answer", {"dot": b"250-taken"}, "the letter went out", 2),
]


def ids(faults):
    return [fault[0] for fault in faults]


def struck(place, steps, **options):
    """One form, one attempt at its letter with that fault. The steps heal by themselves."""
    here = place(**{step: [fault, b"354 go" if step == "data" else b"220 here" if step == "greet" else b"250 ok"]
                    for step, fault in steps.items()}, **options)
    here.deliver()
    return here, here.once(FIRST)


def sent_in_the_end(here, now, copies=1):
    here.once(now, 0)
    letter = here.letter()
    assert (letter["state"], letter["last_error"], letter["next_at"]) == ("sent", None, None)
    assert len(here.copies()) == copies and len(set(here.copies())) == 1
    assert len([t for t in here.server.accepted if ADDRESS in t.recipients]) == 1


@pytest.mark.parametrize("name, steps, words", SERVER, ids=ids(SERVER))
def test_trouble_before_the_letter(place, name, steps, words):
    here, run = struck(place, steps)
    letter = here.letter()
    assert (run.code, letter["state"], letter["attempts"]) == (75, "queued", 1)
    assert words in letter["last_error"] and -2 <= wait_of(letter, FIRST) <= 30
    one_line(run, words)
    sent_in_the_end(here, after(FIRST, 40))


@pytest.mark.parametrize("name, steps, words", ASKED + LATER, ids=ids(ASKED + LATER))
def test_refused_for_now(place, name, steps, words):
    here, run = struck(place, steps)
    letter = here.letter()
    assert (run.code, letter["state"], letter["attempts"]) == (75, "queued", 1)
    assert words in letter["last_error"] and 60 <= wait_of(letter, FIRST) <= 90
    one_line(run, words)
    assert not here.server.accepted
    sent_in_the_end(here, after(FIRST, 100))


@pytest.mark.parametrize("name, steps, words", NEVER, ids=ids(NEVER))
def test_refused(place, name, steps, words):
    here, run = struck(place, steps)
    letter = here.letter()
    assert (run.code, letter["state"], letter["attempts"], letter["next_at"]) == (0, "failed", 1, None)
    assert words in letter["last_error"]
    one_line(run, words)
    assert not here.server.accepted
    assert here.site.row(sender=ADDRESS)["status"] == "accepted", "a seat is not lost by a letter"
    digest = here.site.ctl("digest").out
    assert "proszę zatelefonować" in digest and "tel. +48746651122" in digest, digest


@pytest.mark.parametrize("name, steps, words, copies", UNCERTAIN, ids=ids(UNCERTAIN))
def test_no_answer_to_the_final_dot(place, name, steps, words, copies):
    here, run = struck(place, steps)
    letter = here.letter()
    assert (run.code, letter["state"], letter["attempts"]) == (75, "uncertain", 1)
    assert words in letter["last_error"] and 900 <= wait_of(letter, FIRST) <= 930
    one_line(run, words)
    sent_in_the_end(here, after(FIRST, 940), copies)
    assert here.site.review() == []


# --- the way to the server

def test_nobody_listens(place):
    here, run = struck(place, {}, smtp={"port": proc.free_port()})
    letter = here.letter()
    assert (run.code, letter["state"], letter["attempts"]) == (75, "queued", 1)
    one_line(run, "no connection")
    here.site.set(smtp={"port": here.server.port})
    sent_in_the_end(here, after(FIRST, 40))


@pytest.mark.parametrize("tls, words", [("implicit", "the mail server"), ("starttls", "STARTTLS")])
def test_no_tls_no_letter(place, tls, words):
    """What answers speaks in the open: a wrong port, or somebody between us and the server."""
    here, run = struck(place, {"auth": b"235 in"}, smtp={"tls": tls, "user": "somebody"})
    assert (run.code, here.letter()["state"]) == (75, "queued")
    one_line(run, words)
    assert not [line for line in here.server.seen if line.startswith((b"AUTH", b"MAIL"))]


@pytest.mark.parametrize("auth, words", [(b"454 4.7.0 later", "cannot check"), (b"535 5.7.8 no", "user or password"),
                                         (CUT, "broke"), (SILENCE, "does not answer"), ("none", "offer a login")])
def test_logins_that_fail(place, auth, words):
    ehlo = b"250 here" if auth == "none" else b"250-here\r\n250 AUTH PLAIN LOGIN"
    here, run = struck(place, {} if auth == "none" else {"auth": auth}, smtp={"user": "somebody"}, ehlo=ehlo)
    letter = here.letter()
    assert (run.code, letter["state"], letter["attempts"]) == (75, "queued", 1)
    one_line(run, words)
    if auth == b"535 5.7.8 no":
        assert "letters wait 60 s" in run.err, "a wrong password is not tried every second"
    here.server.steps.update(ehlo=b"250-here\r\n250 AUTH PLAIN LOGIN", auth=b"235 in")
    sent_in_the_end(here, after(FIRST, 40))


# --- many letters

def test_who_is_refused_does_not_hold_up_the_others(place):
    """Even where the refusal looks as if it were about us."""
    here = place(rcpt=lambda line: b"554 5.7.1 Client host rejected" if b"osoba0" in line else b"250 ok")
    for number in range(4):
        here.deliver(number)
    here.once(FIRST, 75)
    here.once(after(FIRST, 5), 0)
    others = [t.recipients[0] for t in here.server.accepted]
    assert sorted(others) == [mails.address(n) for n in (1, 2, 3)]
    assert here.letter(mails.address(0))["attempts"] == 1


def test_a_server_that_never_answers_makes_two_letters_uncertain_not_all(place):
    here = place(dot=UNTAKEN)
    for number in range(5):
        here.deliver(number)
    here.once(FIRST, 75)
    states = [(letter["state"], letter["attempts"]) for letter in here.site.outbox()]
    assert sorted(states) == [("queued", 0)] * 3 + [("uncertain", 1)] * 2


def test_an_hour_without_a_server_is_told(place):
    here, _ = struck(place, {}, smtp={"port": proc.free_port()})
    here.once(after(FIRST, 3000), 75)
    assert "serwer pocztowy" not in here.site.ctl("digest").out
    here.once(after(FIRST, 3700), 75)
    assert "serwer pocztowy od ponad godziny" in here.site.ctl("digest").out
    here.site.set(smtp={"port": here.server.port})
    sent_in_the_end(here, after(FIRST, 3800))


# --- when again

def test_the_waits_to_the_minute(place):
    here = place(rcpt=b"450 4.2.1 busy")
    here.deliver()
    now, waits = FIRST, []
    for attempt in range(1, 7):
        if attempt in (2, 3):
            here.once(after(now, -31))  # its clock goes on while it starts
            assert here.letter()["attempts"] == attempt - 1, "too early"
        here.once(now, 75)
        letter = here.letter()
        assert (letter["state"], letter["attempts"]) == ("queued", attempt)
        waits.append(wait_of(letter, now))
        now = after(now, waits[-1] + 1)
    for wait, wanted in zip(waits, (60, 300, 1800, 7200, 7200, 7200)):
        assert wanted <= wait <= wanted + 25, waits
    last = after(FIRST, 5 * 24 * 3600)
    here.once(after(last, -600), 75)
    assert 575 <= wait_of(here.letter(), after(last, -600)) <= 625, "the last attempt is at the end of the five days"
    here.once(after(last, 60), 0)
    letter = here.letter()
    assert (letter["state"], letter["attempts"]) == ("failed", 8) and "450" in letter["last_error"]
    assert "proszę zatelefonować" in here.site.ctl("digest").out


def test_a_promotion_is_given_up_when_the_training_begins(place):
    here = place(event={"seats": 1, "waitlist": 5})
    here.deliver(0)
    here.once("2012-01-20 10:30", 0)
    here.site.deliver(mails.form_mail(ADDRESS, mails.someone(1)), "2012-01-20 11:00")
    here.once("2012-01-20 11:30", 0)
    here.server.steps["rcpt"] = b"450 4.2.1 busy"
    here.site.now = "2012-01-26 08:58"
    here.site.ctl("cancel", here.site.row(sender=mails.address(0))["ref"], "--quiet")
    here.once("2012-01-26 08:58", 75)
    promotion = here.site.outbox()[-1]
    assert (promotion["kind"], promotion["state"], promotion["attempts"]) == ("promoted", "queued", 1)
    here.once("2012-01-26 08:59:40", 75)
    assert here.site.outbox()[-1]["next_at"] == "2012-01-26T09:00:00+01:00"
    asked = len(here.server.seen)
    here.once("2012-01-26 09:00:01", 0)
    promotion = here.site.outbox()[-1]
    assert (promotion["state"], promotion["attempts"]) == ("failed", 2) and "began" in promotion["last_error"]
    assert len(here.server.seen) == asked, "nothing is sent any more"
    assert "proszę zatelefonować" in here.site.ctl("digest").out


# --- ends at the worst moment: the server has taken the letter, the register does not know yet

def taken_unknown(here, now, end):
    """The service sends, the good news is held back, and end(service) strikes."""
    open(here.hold, "w", encoding="ascii").close()
    with here.site.service(now, binary=here.binary) as service:
        service.wait_for(lambda: os.path.exists(here.hold + "-held"), "the letter to be taken")
        end(service)
        os.unlink(here.hold)
        os.unlink(here.hold + "-held")
        if service.process.poll() is None:
            service.wait_for(lambda: here.letter()["state"] == "uncertain", "the letter to be uncertain")


def kill_service(service):
    service.kill()
    service.process.wait(20)
    service.stop = lambda *_: None


def kill_sender(service):
    os.kill(service.helpers("zapisy-send")[0], signal.SIGKILL)


@pytest.mark.parametrize("end", [kill_service, kill_sender])
def test_killed_before_the_fate_was_written_down(place, end):
    here = place()
    here.deliver()
    taken_unknown(here, FIRST, end)
    run = here.once(after(FIRST, 60))
    if end is kill_service:
        assert len([line for line in run.err.splitlines() if "may have arrived" in line]) == 1, run
    letter = here.letter()
    assert (letter["state"], letter["attempts"]) == ("uncertain", 1)
    here.once(after(FIRST, 880))
    assert len(here.copies()) == 1, "not before a quarter of an hour"
    second = after(FIRST, 1200)
    taken_unknown(here, second, end)
    here.once(after(second, 1200), 0)
    here.once(after(second, 24 * 3600), 0)
    assert len(here.copies()) == 2 and len(set(here.copies())) == 1, "once more, byte for byte, and no third time"
    letter = here.letter()
    assert (letter["state"], letter["attempts"], letter["next_at"]) == ("uncertain", 2, None)
    (item,) = here.site.review()
    assert item["kind"] == "letter" and item["ref"] == letter["ref"]
    assert "nie wiadomo, czy list dotyczący" in here.site.ctl("digest").out
    assert "ask the person" in here.site.ctl("outbox").out
    here.site.ctl("outbox", "drop", str(letter["id"]))
    assert here.site.review() == [] and here.letter()["last_error"] == "dropped by the coordinator"


def test_the_waits_survive_a_restart(place):
    here = place(rcpt=b"450 4.2.1 busy")
    here.deliver()
    with here.site.service(FIRST, binary=here.binary) as service:
        service.wait_for(lambda: [one for one in here.site.outbox() if one["attempts"]], "the first attempt")
        kill_service(service)
    next_at = here.letter()["next_at"]
    with here.site.service(after(FIRST, 20), binary=here.binary):
        assert (here.letter()["next_at"], here.letter()["attempts"]) == (next_at, 1)


# --- her own hand

def test_retry_begins_anew(place):
    here = place(dot=[CUT, CUT, b"450 4.2.1 busy", b"250 taken"])
    here.deliver()
    here.once(FIRST)
    here.once(after(FIRST, 1000))
    letter = here.letter()
    assert letter["state"] == "uncertain" and len(here.site.review()) == 1
    here.site.ctl("outbox", "retry", str(letter["id"]))
    assert here.site.review() == []
    here.once(after(FIRST, 1100), 75)
    assert 60 <= wait_of(here.letter(), after(FIRST, 1100)) <= 90, "the waits begin anew"
    here.once(after(FIRST, 1200), 0)
    assert here.letter()["state"] == "sent"
    said = here.site.ctl("outbox", "retry", str(letter["id"]), code=1).err
    assert "has been sent already" in said
    assert "no letter 99" in here.site.ctl("outbox", "drop", "99", code=1).err


def test_paused_letters_wait_and_lose_no_patience(place):
    here = place(rcpt=[b"450 4.2.1 busy", b"250 ok"])
    here.site.now = ARRIVED
    here.once(ARRIVED, 0)
    here.site.ctl("pause")
    here.deliver()
    here.once(FIRST)
    assert here.letter()["attempts"] == 0 and "paused" in here.site.ctl("outbox").out
    week = after(FIRST, 7 * 24 * 3600)
    here.site.now = week
    here.site.ctl("resume")
    here.once(week, 75)
    assert here.letter()["state"] == "queued", "five days of trying, not of waiting"
    sent_in_the_end(here, after(week, 100))
