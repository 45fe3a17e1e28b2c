# SPDX-License-Identifier: GPL-3.0-or-later
"""zapisy-fetch puts copies of letters into a folder: against a real Dovecot, and against servers that refuse."""
import contextlib
import itertools
import re

import pytest

from harness import fetching
from harness.badimap import CAPABILITIES, BadImap
from harness.dates import at
from harness.dovecot import PASSWORD

WHEN = int(at("2012-01-05 09:08:07").timestamp())
names = (f"append{n}" for n in itertools.count())


def letter(number, size=400):
    head = (f"From: biuro@example.org\r\nTo: osoba{number}@example.org\r\nSubject: =?utf-8?q?Zg=C5=82oszenie?=\r\n"
            f"Message-ID: <list.{number}@example.org>\r\n\r\n").encode()
    return head + ("Zażółć gęślą jaźń.\r\n".encode() * (size // 30 + 1))


def identity(number):
    return f"list.{number}@example.org"


@pytest.fixture
def user(dovecot):
    name = next(names)
    dovecot.add_user(name)
    return name


@pytest.fixture
def online(dovecot, user):
    with contextlib.ExitStack() as stack:
        def make(port=dovecot.tls, **members):
            fetch = stack.enter_context(fetching.Fetch())
            fetch.open(PASSWORD, **{"port": port, "ca_file": dovecot.authority.ca_file, "user": user, **members})
            return fetch.online()
        yield make


def in_clear(server):
    return {"port": server.port, "tls": "none", "timeout_seconds": 5}


def appended(fetch, *numbers):
    for number in numbers:
        fetch.until("appended", id=number)


# --- against Dovecot

def test_exact_bytes_read_and_dated(dovecot, user, online):
    fetch = online()
    for number in range(1, 4):
        fetch.append(number, letter(number, 400 * 50 ** (number - 1)), identity(number), WHEN)
    appended(fetch, 1, 2, 3)
    assert [raw for _, raw in dovecot.messages(user, "Sent")] == [letter(n, 400 * 50 ** (n - 1)) for n in (1, 2, 3)]
    assert set(map(frozenset, dovecot.flags(user, "Sent").values())) == {frozenset({"\\Seen"})}
    with dovecot.connect(user, "Sent", readonly=True) as imap:
        dates = imap.uid("FETCH", "1:*", "(INTERNALDATE)")[1]
    assert len(dates) == 3 and all(b'"05-Jan-2012 08:08:07 +0000"' in line for line in dates), dates


def test_a_folder_is_made_once_and_subscribed(dovecot, user, online):
    fetch = online()
    fetch.append(1, letter(1), identity(1), WHEN, folder="Wysłane & <łąka>")
    fetch.append(2, letter(2), identity(2), WHEN, folder="Wysłane & <łąka>")
    appended(fetch, 1, 2)
    with dovecot.connect(user) as imap:
        listed, subscribed = imap.list()[1], imap.lsub()[1]
    name = '"Wys&AUI-ane &- <&AUIBBQ-ka>"'.encode()
    assert sum(name in line for line in listed) == 1 and sum(name in line for line in subscribed) == 1, listed
    assert len(dovecot.messages(user, "Wys&AUI-ane &- <&AUIBBQ-ka>")) == 2


def test_a_folder_that_went_away_is_made_again(dovecot, user, online):
    fetch = online()
    fetch.append(1, letter(1), identity(1), WHEN)
    appended(fetch, 1)
    with dovecot.connect(user) as imap:
        imap.delete("Sent")
    fetch.append(2, letter(2), identity(2), WHEN)
    appended(fetch, 2)
    assert [raw for _, raw in dovecot.messages(user, "Sent")] == [letter(2)]


def test_what_is_there_already_is_not_put_there_twice(dovecot, user, online):
    fetch = online()
    fetch.append(1, letter(1), identity(1), WHEN)
    fetch.append(1, letter(1), identity(1), WHEN, search=True)
    fetch.append(11, letter(11), identity(11), WHEN, search=True)
    appended(fetch, 1, 1, 11)
    assert [raw for _, raw in dovecot.messages(user, "Sent")] == [letter(1), letter(11)]


@pytest.mark.parametrize("search", [False, True])
@pytest.mark.parametrize("idle", [False, True])
def test_mail_that_comes_meanwhile_is_not_missed(dovecot, user, online, idle, search):
    fetch = online(idle=idle, poll_seconds=600)
    fetch.scan()
    fetch.credit(100)
    fetch.drained()
    fetch.until("state", state="idle" if idle else "polling")
    for number in range(1, 9):
        uid = dovecot.append(user, letter(number + 100), at("2012-01-20 10:00"))
        fetch.append(number, letter(number), identity(number), WHEN, search=search)
        seen = []
        while not {"appended", "drained"} <= {r["op"] for r in seen}:
            seen.append(fetch.receive())
        assert [r["uid"] for r in seen if r["op"] == "message"] == [uid], seen
    assert len(dovecot.messages(user, "Sent")) == 8


def test_new_mail_waits_its_turn_and_none_is_lost(dovecot, user, online):
    """Looking for a copy selects another folder in the middle of handing over."""
    dovecot.append_many(user, [(letter(n), at("2012-01-20 10:00")) for n in range(100, 120)])
    fetch = online()
    fetch.scan()
    seen = []
    for number in range(1, 21):
        fetch.append(number, letter(number), identity(number), WHEN, search=True)
        fetch.until("appended", id=number)
        fetch.credit(1)
        seen.append(fetch.until("message")[-1]["uid"])
    assert len(set(seen)) == 20
    fetch.until("drained")


def test_read_only_otherwise(dovecot, user, online):
    fetch = online(mark="none")
    fetch.append(1, letter(1), identity(1), WHEN)
    appended(fetch, 1)
    assert [raw for _, raw in dovecot.messages(user, "Sent")] == [letter(1)]


# --- against servers that are hard to please

def conversation(*steps, **options):
    """A server with these answers; what it is sent as a literal is read away."""
    return BadImap(answers=dict(steps), **options)


def takes_literals(taken):
    """Answers "+" and takes the literal; the letters go to that list."""
    def reply(_tag, command, connection):
        size = int(re.search(r"\{(\d+)\}$", command).group(1))
        connection.sendall(b"+ go on\r\n")
        data = b""
        while len(data) < size + 2:
            data += connection.recv(65536)
        assert data.endswith(b"\r\n")
        taken.append(data[:-2])
        return b"* 5 EXISTS\r\n{tag} OK [APPENDUID 7 9] done\r\n"
    return reply


def listed(*folders):
    def reply(tag, command, _connection):
        wanted = command.split(" ")[-1].strip('"')
        lines = "".join(f'* LIST (\\HasNoChildren) "." "{name}"\r\n' for name in folders if name == wanted)
        return f"{lines}{tag} OK done\r\n".encode()
    return reply


def test_waits_for_the_plus(online):
    taken = []
    with conversation(("LIST", listed("Sent")), ("APPEND", takes_literals(taken))) as server:
        fetch = online(**in_clear(server))
        fetch.append(1, letter(1, 200000), identity(1), WHEN)
        appended(fetch, 1)
        (command,) = [c for c in server.commands if c.startswith("APPEND")]
        assert command == f'APPEND "Sent" (\\Seen) " 5-Jan-2012 08:08:07 +0000" {{{len(letter(1, 200000))}}}'
        assert taken == [letter(1, 200000)]


def test_a_prefix_of_all_folders(online):
    answers = (("LIST", listed("INBOX.Sent")), ("NAMESPACE", b'* NAMESPACE (("INBOX." ".")) NIL NIL\r\n{tag} OK x\r\n'),
               ("APPEND", b"{tag} NO [OVERQUOTA] full\r\n"))
    with conversation(*answers, capabilities=CAPABILITIES + " NAMESPACE") as server:
        fetch = online(**in_clear(server))
        fetch.append(1, letter(1), identity(1), WHEN)
        assert fetch.until("unappended")[-1]["error"] == "temp"
        assert 'APPEND "INBOX.Sent"' in "\n".join(server.commands)
        assert not [c for c in server.commands if c.startswith("CREATE")]


def test_a_missing_folder_below_the_prefix(online):
    answers = (("LIST", listed()), ("NAMESPACE", b'* NAMESPACE (("INBOX." ".")) NIL NIL\r\n{tag} OK x\r\n'),
               ("APPEND", b"{tag} NO no\r\n"))
    with conversation(*answers, capabilities=CAPABILITIES + " NAMESPACE") as server:
        fetch = online(**in_clear(server))
        fetch.append(1, letter(1), identity(1), WHEN)
        assert fetch.until("unappended")[-1]["error"] == "perm"
        made = [c.replace('"', "") for c in server.commands if c.startswith(("CREATE", "SUBSCRIBE"))]
        assert made == ["CREATE INBOX.Sent", "SUBSCRIBE INBOX.Sent"]


REFUSALS = {
    "append": (("LIST", listed("Sent")), ("APPEND", b"{tag} NO not here\r\n")),
    "bad": (("LIST", listed("Sent")), ("APPEND", b"{tag} BAD what\r\n")),
    "create": (("LIST", listed()), ("CREATE", b"{tag} NO not here\r\n")),
    "noselect": (("LIST", b'* LIST (\\Noselect) "/" "Sent"\r\n{tag} OK x\r\n'),),
    "list": (("LIST", b"{tag} NO no\r\n"), ("APPEND", b"{tag} NO no\r\n")),
    "forever": (("LIST", listed("Sent")), ("APPEND", b"{tag} NO [TRYCREATE] make it\r\n")),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refusal_is_told_and_the_work_goes_on(online, kind):
    mails = {3: b"Subject: a\r\n\r\nb\r\n"}
    with conversation(*REFUSALS[kind], mails=mails) as server:
        fetch = online(**in_clear(server))
        fetch.append(1, letter(1), identity(1), WHEN)
        told = fetch.until("unappended")[-1]
        assert (told["id"], told["error"]) == (1, "perm") and told["detail"], told
        assert len(fetch.all_messages()) == 1


@pytest.mark.parametrize("said", [b"* BYE full\r\n", b"", b"+ more\r\n", b"rubbish\r\n"])
def test_a_broken_append_is_an_end_that_says_why(online, said):
    def reply(_tag, _command, connection):
        connection.sendall(said)
        connection.shutdown(2)
        return b""
    with conversation(("LIST", listed("Sent")), ("APPEND", reply)) as server:
        fetch = online(**in_clear(server))
        fetch.append(1, letter(1), identity(1), WHEN)
        assert fetch.error()["error"] == "temp"


def test_a_server_that_never_answers_is_not_waited_for(online):
    with conversation(("LIST", listed("Sent")), ("APPEND", b"")) as server:
        fetch = online(**{**in_clear(server), "timeout_seconds": 1})
        fetch.append(1, letter(1), identity(1), WHEN)
        error = fetch.error()
        assert error["error"] == "temp" and "time" in error["detail"]


@pytest.mark.parametrize("members", [{"folder": "Se\r\nnt"}, {"message_id": "a\r\nb"}, {"message_id": "ż"}, {"folder": ""},
                                     {"internaldate": "x"}, {"id": 0}])
def test_orders_that_make_no_sense(online, members):
    fetch = online()
    fetch.append(**{"number": 1, "letter": letter(1), "message_id": identity(1), "when": WHEN, **members})
    fetch.error()
