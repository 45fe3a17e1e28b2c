# SPDX-License-Identifier: GPL-3.0-or-later
"""zapisy-fetch against servers that break their word: a clear end, nothing lost, nothing believed."""
import contextlib
import re
import time

import pytest

from harness import fetching
from harness.badimap import GREETING, BadImap

MAILS = {uid: f"Subject: {uid}\r\n\r\ntresc {uid}\r\n".encode() for uid in (3, 4, 7, 9)}


@contextlib.contextmanager
def fetch_from(server, **members):
    with fetching.Fetch() as fetch:
        members = {"port": server.port, "host": "localhost", "tls": "none", "timeout_seconds": 2, **members}
        fetch.open("tajne", **members)
        yield fetch


def error_of(server, seconds=15, **members):
    with fetch_from(server, **members) as fetch:
        return fetch.error(seconds)


def flood(connection):
    with contextlib.suppress(OSError):
        connection.sendall(b"* OK ")
        for _ in range(2000):
            connection.sendall(b"A" * 65536)


def drip(connection):
    with contextlib.suppress(OSError):
        for _ in range(200):
            connection.sendall(b"A")
            time.sleep(0.1)


def peak_mb(fetch):
    with open(f"/proc/{fetch.process.pid}/status", encoding="ascii") as f:
        return int(re.search(r"VmHWM:\s+(\d+)", f.read()).group(1)) // 1024


# --- before the login

@pytest.mark.parametrize("greeting, kind, word", [
    (b"* BYE not now\r\n", "temp", "not now"), (b"* PREAUTH welcome\r\n", "perm", "PREAUTH"),
    (b"220 smtp.example.org ESMTP\r\n", "temp", "greeting"), (b"", "temp", "in time"), (flood, "temp", "more than"),
    (drip, "temp", "in time"), (b"* OK {5}\r\n", "temp", "understood"), (b"* OK a\0b\r\n", "temp", "understood"),
    (b"* BYE \x1b[31mred\x07\xff" + b"x" * 400 + b"\r\n", "temp", "[31mred?xxx")])
def test_greetings(greeting, kind, word):
    with BadImap(greeting=greeting) as server:
        error = error_of(server)
        assert error["error"] == kind and word in error["detail"], error
        assert len(error["detail"]) < 250 and error["detail"].isprintable()
        assert not any("LOGIN" in command for command in server.commands)


@pytest.mark.parametrize("greeting", [b'* OK [BADCHARSET ("utf-8")] hello\r\n', b"* OK [ALERT] a\r\n", b"* OK\r\n"])
def test_greetings_that_are_odd_but_right(greeting):
    with BadImap(MAILS, greeting=greeting) as server, fetch_from(server) as fetch:
        assert len(fetch.online().all_messages()) == 4


@pytest.mark.parametrize("inject", [b"* CAPABILITY IMAP4rev1 AUTH=EVIL\r\n", b"x", b"* OK\r\n* OK\r\n"])
def test_words_injected_before_the_encryption(authority, inject):
    answers = {"STARTTLS": b"{tag} OK go\r\n" + inject}
    with BadImap(MAILS, answers=answers, context=authority.server_context()) as server:
        error = error_of(server, tls="starttls", ca_file=authority.ca_file)
        assert error["error"] == "perm" and "encryption" in error["detail"]
        assert not any("LOGIN" in command for command in server.commands)


@pytest.mark.parametrize("answer", [b"{tag} NO sorry\r\n", b"{tag} BAD what\r\n"])
def test_no_encryption_no_password(authority, answer):
    with BadImap(MAILS, answers={"STARTTLS": answer}) as server:
        error = error_of(server, tls="starttls", ca_file=authority.ca_file)
        assert error["error"] == "perm" and "STARTTLS" in error["detail"]
        assert server.commands == ["STARTTLS"]


def test_encryption_then_the_usual(authority):
    with BadImap(MAILS, context=authority.server_context()) as server:
        with fetch_from(server, tls="starttls", ca_file=authority.ca_file) as fetch:
            assert [m["bytes"] for m in fetch.online().all_messages()] == list(MAILS.values())


@pytest.mark.parametrize("answer, kind", [
    (b"{tag} NO [AUTHENTICATIONFAILED] no\r\n", "perm"), (b"{tag} NO [UNAVAILABLE] later\r\n", "temp"),
    (b"{tag} NO\r\n", "perm"), (b"* BYE too many\r\n", "temp"), (b'+ [BADCHARSET ("x")] go\r\n', "perm")])
def test_logins(answer, kind):
    with BadImap(MAILS, answers={"LOGIN": answer}) as server:
        assert error_of(server)["error"] == kind


def test_login_disabled():
    with BadImap(MAILS, capabilities="IMAP4rev1 LOGINDISABLED") as server:
        error = error_of(server)
        assert error["error"] == "perm" and "LOGINDISABLED" in error["detail"]
        assert server.commands == ["CAPABILITY"]


def test_words_between_login_and_select():
    """What the server says too early belongs to nobody, and disturbs nobody."""
    late = b"* CAPABILITY IMAP4rev1 IDLE\r\n* OK [ALERT] quota\r\n* 5 EXI"
    seen = []

    def capability(tag, _command, _connection):
        seen.append(tag)
        usual = f"* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK done\r\n".encode()
        return usual + late if len(seen) == 2 else usual

    def select(tag, command, _connection):
        return b"STS\r\n" + server.usual(tag, command)

    with BadImap(MAILS, answers={"CAPABILITY": capability, "SELECT": select}) as server, fetch_from(server) as fetch:
        assert len(fetch.online().all_messages()) == 4


# --- the mailbox

@pytest.mark.parametrize("answer, kind", [
    (b"{tag} NO [NONEXISTENT] none\r\n", "perm"), (b"{tag} NO [UNAVAILABLE] later\r\n", "temp"),
    (b"* BYE bye\r\n", "temp"), (b"* 1 EXISTS\r\n{tag} OK no uidvalidity\r\n", "perm"), (b"\r\n\r\n", "temp"),
    (b"garbage\r\n", "temp"), (b"{tag} BAD what\r\n", "temp")])
def test_select(answer, kind):
    with BadImap(MAILS, answers={"SELECT": answer}) as server:
        assert error_of(server)["error"] == kind


def body(uid, raw, number=1):
    return f"* {number} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"


ODD = {
    "body before uid": lambda u, r: f"* 1 FETCH (BODY[] {{{len(r)}}}\r\n".encode() + r + f" UID {u})\r\n".encode(),
    "flags in between": lambda u, r: b"* 2 FETCH (FLAGS (\\Seen))\r\n" + body(u, r) + b"* 3 EXPUNGE\r\n",
    "twice": lambda u, r: body(u, r) + body(u, b"false"),
    "others first": lambda u, r: body(1000, b"false") + body(u, r),
    "zero first": lambda u, r: b"* 1 FETCH (BODY[] {5}\r\nfalse UID 0)\r\n" + body(u, r),
    "no uid first": lambda u, r: b"* 1 FETCH (BODY[] {5}\r\nfalse)\r\n" + body(u, r),
}


@pytest.mark.parametrize("odd", ODD)
def test_odd_but_complete_answers(odd):
    def answer(tag, command, _connection):
        return b"".join(ODD[odd](uid, MAILS[uid]) for uid in server.chosen(command.split()[2])) + b"{tag} OK done\r\n"

    bodies = {"UID FETCH 3:4,7,9 (UID BODY": answer, "UID FETCH 3 (UID BODY": answer, "UID FETCH 4 (UID BODY": answer}
    with BadImap(MAILS, answers=bodies) as server, fetch_from(server) as fetch:
        assert {m["uid"]: m["bytes"] for m in fetch.online().all_messages()} == MAILS


@pytest.mark.parametrize("first", [b"", b"{tag} NO later\r\n", b"* 1 FETCH (UID 4 BODY[] NIL)\r\n",
                                   b"* 1 FETCH (UID 4 FLAGS ())\r\n", body(3, MAILS[3]) + b"{tag} NO halfway\r\n"])
def test_what_is_missing_is_asked_for_again(first):
    """Of several at once little comes; each by itself does."""
    first = first if b"{tag}" in first else first + b"{tag} OK done\r\n"
    with BadImap(MAILS, answers={"UID FETCH 3:4,7,9 (UID BODY": first}) as server, fetch_from(server) as fetch:
        assert {m["uid"]: m["bytes"] for m in fetch.online().all_messages()} == MAILS


@pytest.mark.parametrize("answer", [b"{tag} OK done\r\n", b"{tag} NO never\r\n", b"{tag} BAD what\r\n"])
@pytest.mark.parametrize("what", ["UID BODY", "UID INTERNALDATE"])
def test_what_never_comes_is_an_error_and_not_skipped(answer, what):
    def only_4_fails(tag, command, _connection):
        found = [uid for uid in server.chosen(command.split()[2]) if uid != 4]
        return b"".join(server.item(uid, what) for uid in found) + answer

    with BadImap(MAILS, answers={f"UID FETCH {s} ({what}": only_4_fails for s in ("3:4,7,9", "4", "3:9", "4:4")},
                 ) as server, fetch_from(server) as fetch:
        fetch.online()
        fetch.scan()
        fetch.credit(100)
        error = fetch.error()
        assert error["error"] == "temp" and "UID 4" in error["detail"]


@pytest.mark.parametrize("date", ["31-Feb-2012 10:00:00 +0100", " 1-Jan-2012 10:00:00 +9999"])
def test_a_date_that_is_none(date):
    def answer(tag, command, _connection):
        return "".join(f'* 1 FETCH (UID {uid} INTERNALDATE "{date}" RFC822.SIZE 5)\r\n'
                       for uid in server.chosen(command.split()[2])).encode() + b"{tag} OK done\r\n"

    with BadImap(MAILS, answers={"UID FETCH": answer}) as server, fetch_from(server) as fetch:
        fetch.online().scan()
        assert fetch.error()["error"] == "temp"


def test_a_message_larger_than_said():
    mails = {3: MAILS[3], 5: b"Subject: big\r\n\r\n" + b"x" * 1_500_000, 8: MAILS[7]}

    def lie(tag, command, _connection):
        return re.sub(rb"RFC822.SIZE 15\d+", b"RFC822.SIZE 1000000", server.usual(tag, command))

    with BadImap(mails, answers={"UID FETCH 3:8 (UID INTERNALDATE": lie}) as server:
        with fetch_from(server, message_mb=1) as fetch:
            got = fetch.online().all_messages()
    assert [(m["uid"], m["whole"]) for m in got] == [(3, True), (5, False), (8, True)]
    assert got[1]["bytes"] == b"Subject: big\r\n\r\n" and got[1]["size"] == len(mails[5])


def test_huge_headers_are_cut():
    raw = b"Subject: x\r\nX: " + b"y" * 3_000_000 + b"\r\n\r\nz"
    with BadImap({3: raw}) as server, fetch_from(server) as fetch:
        (message,) = fetch.online().all_messages(since=1 << 40)
    assert message["bytes"] == raw[:256 * 1024] and message["size"] == len(raw)


@pytest.mark.parametrize("command", ["UID SEARCH", "UID FETCH 3:9 (UID INTERNALDATE", "UID FETCH 3:4,7,9 (UID BODY"])
@pytest.mark.parametrize("fault", ["silence", "bye", "close", "flood", "spam", "huge literal", "cut", "garbage"])
def test_faults_in_the_middle(command, fault):
    def answer(_tag, _command, connection):
        if fault == "silence":
            time.sleep(6)
        if fault == "flood":
            flood(connection)
        if fault == "spam":
            with contextlib.suppress(OSError):
                for _ in range(20000):
                    connection.sendall(b"* OK spam spam spam spam spam\r\n" * 100)
        if fault in ("close", "silence"):
            raise OSError
        if fault == "cut":
            connection.sendall(b"* 1 FETCH (UID 3 BODY[] {100000}\r\n" + b"x" * 5000)
            raise OSError
        if fault == "huge literal":
            connection.sendall(b"* 1 FETCH (UID 3 BODY[] {4294967295}\r\n")
            flood(connection)
        return {"bye": b"* BYE restarting\r\n"}.get(fault, b"* garbage (((\r\n")

    with BadImap(MAILS, answers={command: answer}) as server, fetch_from(server) as fetch:
        fetch.online().scan()
        fetch.credit(100)
        while (record := fetch.receive(90)) and record.get("state") != "error":  # 4 GB take a sanitizer long
            assert record["op"] != "message"
        assert record["error"] == "temp", record


@pytest.mark.parametrize("start", [b"* 1 FETCH (UID 3 BODY[] {4000000000}\r\n", b"* OK ", b""])
def test_a_flood_costs_little_memory(start):
    def answer(_tag, _command, connection):
        connection.sendall(start)
        more = b"y" * 65536 if start else b"* OK spam\r\n" * 1000 + b"* 1 FETCH (FLAGS (x))\r\n" * 1000
        while True:
            with contextlib.suppress(FileNotFoundError, AttributeError):
                peaks.append(peak_mb(fetch))
            connection.sendall(more)

    peaks = []
    with BadImap(MAILS, answers={"UID FETCH 3:4,7,9 (UID BODY": answer}) as server, fetch_from(server) as fetch:
        fetch.online().scan()
        fetch.credit(100)
        fetch.until("state", state="error")
    assert peaks and max(peaks) - peaks[0] < 60


@pytest.mark.parametrize("command", ["SELECT", "UID SEARCH", "UID FETCH 3:9 (UID INTERNALDATE"])
@pytest.mark.parametrize("line", [b'* OK [BADCHARSET ("utf-8")] x\r\n', b'{tag} NO [BADCHARSET ("utf-8")] x\r\n',
                                  b"* OK [BADCHARSET] x\r\n", b"* 7 FETCH (FLAGS (\\Seen $X))\r\n",
                                  b"* OK [ALERT] x\r\n", b"* NO x\r\n", b"* BAD x\r\n", b"* SEARCH\r\n",
                                  b"* ESEARCH (TAG \"x\") UID\r\n", b"* VANISHED 41\r\n"])
def test_odd_lines(command, line):
    """Known to have felled libetpan elsewhere."""
    def answer(tag, asked, _connection):
        return line if line.startswith(b"{tag}") else line + server.usual(tag, asked)

    with BadImap(MAILS, answers={command: answer}) as server, fetch_from(server) as fetch:
        fetch.scan(uidvalidity=7)
        fetch.credit(100)
        while (record := fetch.receive()) and record.get("state") not in ("error", "idle"):
            pass
        assert record


# --- idling and marking

@pytest.mark.parametrize("plus", [b"+ idling\r\n* 5 EXISTS\r\n", b"* 5 EXISTS\r\n+ idling\r\n",
                                  b'+ [BADCHARSET ("x")] go\r\n* 5 EXISTS\r\n'])
def test_news_together_with_the_plus(plus):
    mails, idled = dict(MAILS), []

    def idle(_tag, _command, _connection):
        idled.append(1)
        if len(idled) > 1:
            return None
        server.mails[20] = b"Subject: new\r\n\r\n"
        return plus

    with BadImap(mails, answers={"IDLE": idle}) as server, fetch_from(server, timeout_seconds=5) as fetch:
        assert len(fetch.online().all_messages()) == 4
        assert [m["uid"] for m in fetch.drained()] == [20]


@pytest.mark.parametrize("answer", [b"{tag} NO idle\r\n", b"{tag} BAD what\r\n", b"+ go\r\n{tag} OK done\r\n"])
def test_idle_that_is_not_done_is_polling(answer):
    with BadImap(dict(MAILS), answers={"IDLE": answer}) as server, fetch_from(server) as fetch:
        fetch.online().all_messages()
        fetch.until("state", state="polling")
        assert "IDLE" in fetch.last["detail"]
        server.mails[20] = b"Subject: new\r\n\r\n"
        assert [m["uid"] for m in fetch.drained()] == [20]
        assert server.commands.count("IDLE") == 1


@pytest.mark.parametrize("answer", [b"* BYE\r\n", b"+ go\r\n* BYE shutdown\r\n", b"+ go\r\nx\r\n"])
def test_idle_that_goes_wrong(answer):
    with BadImap(MAILS, answers={"IDLE": answer}) as server, fetch_from(server) as fetch:
        fetch.online().all_messages()
        assert fetch.error()["error"] == "temp"


def test_a_server_without_new_keywords():
    def select(tag, command, _connection):
        return server.usual(tag, command).replace(b" \\*", b"")

    with BadImap(MAILS, answers={"SELECT": select}) as server, fetch_from(server) as fetch:
        fetch.until("mailbox")
        assert fetch.last["keywords"] is False
        fetch.box = fetch.last
        fetch.mark([3, 4])
        fetch.until("unmarked")
        assert fetch.last["uids"] == [3, 4] and "keywords" in fetch.last["detail"]
        assert len(fetch.all_messages()) == 4
        assert not any("STORE" in command for command in server.commands)


FLAGGED = "UID STORE 3:4 +FLAGS.SILENT (\\Deleted)"


@pytest.mark.parametrize("capabilities, deleted, expected", [
    ("IMAP4rev1 MOVE", "", ["UID MOVE 3:4 Done"]), ("IMAP4rev1 UIDPLUS", "", [FLAGGED, "UID EXPUNGE 3:4"]),
    ("IMAP4rev1", "3 4", [FLAGGED, "UID SEARCH DELETED", "EXPUNGE"]), ("IMAP4rev1", "3 4 9", [FLAGGED, "UID SEARCH DELETED"])])
def test_ways_to_move(capabilities, deleted, expected):
    """The folder here has the same mails as the mailbox: they are not copied twice, and not removed with hers."""
    answers = {"UID SEARCH DELETED": f"* SEARCH {deleted}\r\n{{tag}} OK done\r\n".encode()}
    with BadImap(MAILS, capabilities=capabilities, answers=answers) as server:
        with fetch_from(server, mark="move:Done") as fetch:
            fetch.online().mark([4, 3])
            fetch.until("marked")
            assert server.commands[-len(expected):] == expected
            assert not any(command.startswith("UID COPY") for command in server.commands)


@pytest.mark.parametrize("select", [b"* 4 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n{tag} OK [READ-WRITE] done\r\n",
                                    b"* 4 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [PERMANENTFLAGS ($Zapisyd)] x\r\n{tag} OK x\r\n"])
def test_a_mailbox_without_uidnext_and_other_words(select):
    with BadImap(MAILS, answers={"SELECT": select}) as server, fetch_from(server) as fetch:
        fetch.online()
        assert fetch.last["state"] == "online" and fetch.box["keywords"] is True
        assert len(fetch.all_messages()) == 4


def test_empty_and_missing_bodies():
    """An empty message is one, whether its body comes as "", as NIL or as an empty literal."""
    bodies = {3: b'""', 4: b"NIL", 7: b"{0}\r\n"}

    def answer(_tag, command, _connection):
        return b"".join(f"* 1 FETCH (UID {uid} BODY[] ".encode() + bodies[uid] + b")\r\n"
                        for uid in server.chosen(command.split()[2])) + b"{tag} OK done\r\n"

    with BadImap({uid: b"" for uid in bodies}, answers={f"UID FETCH {s} (UID BODY": answer for s in ("3:4", "3", "4", "7")}
                 ) as server, fetch_from(server) as fetch:
        assert {m["uid"]: m["bytes"] for m in fetch.online().all_messages()} == {uid: b"" for uid in bodies}


def test_a_message_to_avoid_holds_nobody_up():
    def only_4_fails(_tag, command, _connection):
        if 4 in server.chosen(command.split()[2]):
            raise OSError
        return None

    with BadImap(MAILS, answers={"UID FETCH": only_4_fails}) as server:
        with fetch_from(server) as fetch:
            fetch.online().send({"op": "scan", "uidvalidity": 7, "after": 0, "since": 0, "one_by_one": True})
            fetch.credit(100)
            error = fetch.error()
            assert (error["uidvalidity"], error["uid"]) == (7, 4)
        with fetch_from(server) as fetch:
            fetch.online().send({"op": "scan", "uidvalidity": 7, "after": 0, "since": 0, "one_by_one": True, "avoid": [4]})
            fetch.credit(100)
            assert [m["uid"] for m in fetch.drained()] == [3, 7, 9]
            assert fetch.last["upto"] == 9


def test_a_server_that_is_slow_to_greet_is_waited_for():
    def slow(connection):
        time.sleep(1)
        connection.sendall(GREETING)

    with BadImap(MAILS, greeting=slow) as server, fetch_from(server) as fetch:
        assert len(fetch.online().all_messages()) == 4


def test_the_keeper_may_leave_at_any_moment():
    with BadImap(MAILS, answers={"UID SEARCH": lambda *_: time.sleep(8) or b""}) as server:
        with fetch_from(server, timeout_seconds=30) as fetch:
            fetch.online().scan()
            time.sleep(0.3)
            start = time.monotonic()
            fetch.sock.close()
            assert fetch.process.wait(10) == 0 and time.monotonic() - start < 3


def test_a_server_that_repeats_its_news_for_ever():
    def search(tag, command, _connection):
        return b"* 4 EXISTS\r\n" + server.usual(tag, command)

    with BadImap(MAILS, answers={"UID SEARCH": search}) as server, fetch_from(server) as fetch:
        assert len(fetch.online().all_messages()) == 4
        fetch.until("state", state="idle")
        fetch.quiet()
        assert server.commands.count("IDLE") == 1 and len(server.commands) < 20
