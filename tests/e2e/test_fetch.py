# SPDX-License-Identifier: GPL-3.0-or-later
"""zapisy-fetch against a real Dovecot: what it hands over, and that it leaves the mailbox as it was."""
import contextlib
import datetime
import itertools
import os
import subprocess
import time

import pytest

from harness import fetching, proc
from harness.dates import at
from harness.dovecot import PASSWORD, Dovecot

KEYWORD = "$Zapisyd"
names = (f"fetch{n}" for n in itertools.count())


def mail(number, size=300):
    head = (f"From: osoba{number}@example.org\r\nTo: biuro@example.org\r\nSubject: proba {number}\r\n"
            f"Message-ID: <{number}@example.org>\r\n\r\n").encode()
    line = b"tresc listu, wiersz po wierszu, sto razy to samo..\r\n"
    body = line * (max(1, size - len(head)) // len(line) + 1)
    return head + body[:max(2, size - len(head) - 2)].rstrip(b"\r\n") + b"\r\n"


@pytest.fixture
def user(dovecot):
    name = next(names)
    dovecot.add_user(name)
    return name


@contextlib.contextmanager
def fetch_from(dovecot, account, password=PASSWORD, **members):
    with fetching.Fetch() as fetch:
        members = {"port": dovecot.tls, "ca_file": dovecot.authority.ca_file, "user": account, **members}
        fetch.open(password, **members)
        yield fetch


@pytest.fixture
def online(dovecot, user):
    """online(**members): a logged-in zapisy-fetch on the test's own mailbox."""
    with contextlib.ExitStack() as stack:
        yield lambda **members: stack.enter_context(fetch_from(dovecot, user, **members)).online()


# --- logging in

@pytest.mark.parametrize("tls", ["implicit", "starttls", "none"])
def test_logs_in(dovecot, user, tls):
    dovecot.append(user, mail(1), at("2012-01-20 10:00"))
    with fetch_from(dovecot, user, tls=tls, port=dovecot.tls if tls == "implicit" else dovecot.plain) as fetch:
        (message,) = fetch.online().all_messages()
        assert message["bytes"] == mail(1)
        assert (message["size"], message["whole"]) == (len(mail(1)), True)
        assert message["internaldate"] == at("2012-01-20 10:00").timestamp()
    assert dovecot.flags(user) == {message["uid"]: set()}


@pytest.mark.parametrize("kind", ["self-signed", "wrong-host", "expired"])
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_refuses_bad_certificates(authority, kind, tls):
    with Dovecot(authority, cert=kind) as server:
        with fetch_from(server, "probe", tls=tls, port=server.tls if tls == "implicit" else server.plain) as fetch:
            error = fetch.error()
        assert error["error"] == "perm" and "certificate" in error["detail"]


def test_refuses_an_authority_that_is_not_trusted(dovecot, user):
    with fetch_from(dovecot, user, ca_file="") as fetch:
        assert fetch.error()["error"] == "perm"


@pytest.mark.parametrize("password", ["inne", "in\r\nne", "a\0b", ""])
def test_refuses_wrong_passwords(dovecot, user, password):
    with fetch_from(dovecot, user, password) as fetch:
        error = fetch.error()
    assert error["error"] == "perm" and "password" in error["detail"]


def test_passwords_of_all_letters(dovecot):
    for user, password in (("polskie-haslo", "gęślą \"jaźń\" \\"), ("plain-user", "with \"quotes\" and \\ and {3}")):
        dovecot.add_user(user, password)
        with fetch_from(dovecot, user, password) as fetch:
            assert fetch.online().all_messages() == []


def test_says_what_is_wrong(dovecot, user):
    for members, kind, word in (
            ({"port": proc.free_port()}, "temp", "refused"), ({"host": "nie.istnieje.invalid"}, None, "not found"),
            ({"folder": "Nie ma"}, "perm", "folder"), ({"folder": "IN\r\nBOX"}, "perm", "folder"),
            ({"ca_file": "/nonexistent"}, "perm", "ca_file"), ({"auth": "xoauth2"}, "perm", "takes no tokens"),
            ({"user": ""}, "perm", "user"), ({"tls": "starttls", "port": dovecot.tls, "timeout_seconds": 1}, "temp", ""),
            ({"port": dovecot.plain}, "temp", "TLS"), ({"poll_seconds": "x"}, "temp", "poll_seconds")):
        with fetch_from(dovecot, user, **members) as fetch:
            error = fetch.error()
        assert kind in (None, error["error"]) and word in error["detail"], (members, error)


def test_check_changes_nothing(dovecot, user):
    dovecot.append_many(user, [(mail(n), at(f"2012-01-{n:02} 10:00")) for n in (11, 12, 13)])
    before = dovecot.flags(user)
    with fetch_from(dovecot, user, check=True, since=int(at("2012-01-12 10:00").timestamp())) as fetch:
        fetch.until("checked")
        assert (fetch.last["exists"], fetch.last["waiting"]) == (3, 2)
        assert fetch.receive() is None
    assert dovecot.flags(user) == before


# --- handing over

def test_order_is_internaldate_then_uid(dovecot, user, online):
    days = [20, 11, 20, 15, 11, 23]
    uids = dovecot.append_many(user, [(mail(n), at(f"2012-01-{day} 10:00")) for n, day in enumerate(days)])
    messages = online().all_messages()
    expected = sorted(zip(days, uids, range(len(days))))
    assert [m["uid"] for m in messages] == [uid for _, uid, _ in expected]
    assert [m["bytes"] for m in messages] == [mail(n) for _, _, n in expected]


def test_internaldate_has_its_zone(dovecot, user, online):
    zones = [(0, 0), (5, 30), (-3, -30), (0, -30), (13, 45), (-11, 0)]
    dates = [datetime.datetime(2012, 2, 29, 23, 59, 58 + n % 2,
                               tzinfo=datetime.timezone(datetime.timedelta(hours=h, minutes=m)))
             for n, (h, m) in enumerate(zones)]
    uids = dovecot.append_many(user, [(mail(n), date) for n, date in enumerate(dates)])
    messages = online().all_messages()
    assert {m["uid"]: m["internaldate"] for m in messages} == {u: d.timestamp() for u, d in zip(uids, dates)}


def test_credit_is_never_exceeded(dovecot, user, online):
    dovecot.append_many(user, [(mail(n), at("2012-01-20 10:00")) for n in range(150)])
    fetch = online()
    fetch.scan()
    fetch.quiet()
    seen = []
    for credit in (1, 2, 64, 70, 12):
        fetch.credit(credit)
        seen += [fetch.receive()["uid"] for _ in range(credit)]
        fetch.quiet(0.2)
    fetch.credit(100)
    rest = fetch.drained()
    assert len(seen) == 149 and len(rest) == 1 and len(set(seen) | {rest[0]["uid"]}) == 150
    assert fetch.last["upto"] == rest[0]["uid"] and fetch.last["uidvalidity"] == fetch.box["uidvalidity"]


def test_old_mail_with_headers_only(dovecot, user, online):
    dovecot.append_many(user, [(mail(n), at(f"2012-01-{n:02} 10:00")) for n in (8, 9, 10)])
    messages = online().all_messages(since=int(at("2012-01-09 10:00").timestamp()))
    assert [m["whole"] for m in messages] == [False, True, True]
    assert messages[0]["bytes"] == mail(8).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert messages[0]["size"] == len(mail(8))


def test_large_and_too_large_mail(dovecot, user, online):
    sizes = [500, 3_000_000, 900_000, 1_300_000, 1_048_577, 600]
    dovecot.append_many(user, [(mail(n, size), at(f"2012-01-{n + 10} 10:00")) for n, size in enumerate(sizes)])
    messages = online(message_mb=2).all_messages()
    assert [m["whole"] for m in messages] == [True, False, True, True, True, True]
    for n, message in enumerate(messages):
        whole = mail(n, sizes[n])
        assert message["size"] == len(whole)
        assert message["bytes"] == (whole if message["whole"] else whole.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")


def test_from_where_the_keeper_says(dovecot, user, online):
    uids = dovecot.append_many(user, [(mail(n), at("2012-01-20 10:00")) for n in range(5)])
    fetch = online()
    assert [m["uid"] for m in fetch.all_messages(after=uids[2])] == uids[3:]
    assert fetch.last["upto"] == uids[-1]
    assert fetch.all_messages(after=uids[-1]) == []
    assert fetch.last["upto"] == uids[-1]
    fetch.scan(after=uids[-1], uidvalidity=fetch.box["uidvalidity"] + 1)
    assert [m["uid"] for m in fetch.drained()] == uids


def test_a_message_that_vanishes_is_skipped(dovecot, user, online):
    uids = dovecot.append_many(user, [(mail(n), at("2012-01-20 10:00")) for n in range(6)])
    fetch = online()
    fetch.scan()
    fetch.credit(1)
    assert fetch.receive()["uid"] == uids[0]
    with dovecot.connect(user, "INBOX") as imap:
        imap.uid("STORE", f"{uids[2]},{uids[4]}", "+FLAGS", "(\\Deleted)")
        imap.expunge()
    fetch.credit(100)
    assert [m["uid"] for m in fetch.drained()] == [uids[1], uids[3], uids[5]]


def test_nothing_is_touched(dovecot, user, online):
    dovecot.append(user, mail(1), at("2012-01-20 10:00"))
    dovecot.append(user, mail(2), at("2012-01-20 10:00"), ["\\Seen", "\\Deleted", "Wazne"])
    before = dovecot.flags(user)
    fetch = online()
    fetch.all_messages()
    fetch.mark([m for m, flags in before.items() if not flags])
    fetch.until("marked")
    after = dovecot.flags(user)
    assert [after[uid] - before[uid] for uid in sorted(before)] == [{KEYWORD}, set()]
    assert after[max(before)] == {"\\Seen", "\\Deleted", "Wazne"}


# --- waiting for more

@pytest.mark.parametrize("idle", [True, False])
def test_new_mail_is_noticed(dovecot, user, online, idle):
    fetch = online(idle=idle)
    assert fetch.all_messages() == []
    fetch.until("state", state="idle" if idle else "polling")
    for n in range(3):
        uid = dovecot.append(user, mail(n), at("2012-01-20 10:00"))
        start = time.monotonic()
        (message,) = fetch.drained()
        assert message["uid"] == uid and fetch.last["upto"] == uid
        assert not idle or time.monotonic() - start < 5
    fetch.quiet()


def test_mail_that_comes_while_it_works_is_not_forgotten(dovecot, user, online):
    dovecot.append_many(user, [(mail(n), at("2012-01-20 10:00")) for n in range(100)])
    fetch = online()
    fetch.scan()
    fetch.credit(10)
    seen = [fetch.receive()["uid"] for _ in range(10)]
    late = dovecot.append_many(user, [(mail(n), at("2012-01-19 10:00")) for n in range(5)])
    fetch.credit(1000)
    seen += [m["uid"] for m in fetch.drained()]
    assert len(seen) == 100
    assert [m["uid"] for m in fetch.drained()] == late


def test_marks_and_credit_interrupt_idle(dovecot, user, online):
    uid = dovecot.append(user, mail(1), at("2012-01-20 10:00"))
    fetch = online()
    fetch.all_messages()
    fetch.until("state", state="idle")
    start = time.monotonic()
    for _ in range(20):
        fetch.mark([uid])
        fetch.until("marked")
    assert time.monotonic() - start < 10
    assert fetch.last["uids"] == [uid] and dovecot.flags(user) == {uid: {KEYWORD}}


def test_a_renumbered_mailbox(dovecot, user):
    dovecot.append_many(user, [(mail(n), at("2012-01-20 10:00")) for n in range(3)])
    with fetch_from(dovecot, user) as fetch:
        fetch.online().all_messages()
        old = fetch.box["uidvalidity"]
    new = dovecot.renumber(user)
    with fetch_from(dovecot, user) as fetch:
        assert fetch.online().box["uidvalidity"] == new
        fetch.mark([1], uidvalidity=old)
        fetch.until("unmarked")
        assert "renumbered" in fetch.last["detail"]
        fetch.scan(after=100000, uidvalidity=old)
        fetch.credit(10)
        assert {m["bytes"] for m in fetch.drained()} == {mail(n) for n in range(3)}
    assert all(not flags for flags in dovecot.flags(user).values())


def test_once_waits_for_marks_only(dovecot, user, online):
    uid = dovecot.append(user, mail(1), at("2012-01-20 10:00"))
    fetch = online(once=True)
    assert len(fetch.all_messages()) == 1
    dovecot.append(user, mail(2), at("2012-01-20 10:00"))
    fetch.quiet(1)
    fetch.mark([uid])
    fetch.until("marked")


@pytest.mark.parametrize("idle", [True, False])
def test_ends_when_the_keeper_closes(dovecot, user, online, idle):
    fetch = online(idle=idle, poll_seconds=600)
    fetch.all_messages()
    fetch.until("state", state="idle" if idle else "polling")
    start = time.monotonic()
    fetch.sock.close()
    assert fetch.process.wait(10) == 0 and time.monotonic() - start < 3


def test_a_server_that_goes_away(authority):
    with Dovecot(authority) as server, fetch_from(server, "probe") as fetch:
        fetch.online().all_messages()
        fetch.until("state", state="idle")
        server.stop()
        assert fetch.error()["error"] == "temp"


# --- moving

@pytest.mark.parametrize("folder", ["Zgłoszenia 2012", "a&b \"c\"", "Zwykly"])
def test_moves_only_what_is_named(dovecot, user, online, folder):
    name = {"Zgłoszenia 2012": "Zg&AUI-oszenia 2012", "a&b \"c\"": 'a&-b \\"c\\"'}.get(folder, folder)
    dovecot.create(user, name)
    uids = dovecot.append_many(user, [(mail(n), at("2012-01-20 10:00")) for n in range(3)])
    with dovecot.connect(user, "INBOX") as imap:
        imap.uid("STORE", str(uids[0]), "+FLAGS", "(\\Deleted)")
    fetch = online(mark=f"move:{folder}")
    fetch.all_messages()
    fetch.mark([uids[1]])
    fetch.until("marked")
    fetch.mark([uids[1]])
    fetch.until("marked")
    assert dovecot.uids(user) == [uids[0], uids[2]]
    assert [raw for _, raw in dovecot.messages(user, name)] == [mail(1)]


def test_a_folder_that_is_not_there_is_made(dovecot, user, online):
    uids = dovecot.append_many(user, [(mail(n), at("2012-01-20 10:00")) for n in range(2)])
    fetch = online(mark="move:Nie ma")
    fetch.mark(uids[:1])
    fetch.until("marked")
    with dovecot.connect(user) as imap:
        assert imap.lsub()[1] == [b'() "/" "Nie ma"'], "mail programs show it"
        assert imap.delete('"Nie ma"')[0] == "OK"
    fetch.mark(uids[1:])
    fetch.until("marked")
    assert [raw for _, raw in dovecot.messages(user, "Nie ma")] == [mail(1)] and dovecot.uids(user) == []


# --- by itself

def test_speed(dovecot, user, online):
    sent = dovecot.append_many(user, [(mail(n, 4096), at("2012-01-20 10:00")) for n in range(1000)])
    fetch = online()
    start = time.monotonic()
    fetch.scan()
    fetch.credit(64)
    got = []
    while len(got) < 1000:
        record = fetch.receive()
        assert record["op"] == "message"
        got.append(record["uid"])
        if len(got) % 32 == 0:
            fetch.credit(32)
    took = time.monotonic() - start
    fetch.drained()
    print(f"\nzapisy-fetch: 1000 messages of 4 KB in {took:.3f} s, {1000 / took:.0f} a second")
    assert got == sent


def test_alone_from_a_shell():
    run = [fetching.program()]
    assert subprocess.run([*run, "--version"], capture_output=True, check=True).stdout.startswith(b"zapisy-fetch ")
    assert b"zapisyd(8)" in subprocess.run([*run, "--help"], capture_output=True, check=True).stdout
    for arguments in ([], ["--junk"]):
        done = subprocess.run([*run, *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False)
        assert done.returncode == 64 and b"zapisyd" in done.stderr


def test_it_is_locked_in(dovecot, user, online):
    fetch = online()
    with open(f"/proc/{fetch.process.pid}/status", encoding="ascii") as f:
        status = f.read()
    assert "NoNewPrivs:\t1" in status
    fds = os.listdir(f"/proc/{fetch.process.pid}/fd")
    assert len(fds) < 12
