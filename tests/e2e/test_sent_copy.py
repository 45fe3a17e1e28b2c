# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of the letters in the coordinator's folder of sent mail: all of them, once, and never in a letter's way."""
import contextlib
import os
import pathlib
import signal

import pytest

from harness import mails, proc
from harness.badimap import BadImap
from harness.cutting import Line
from harness.dates import at
from harness.dovecot import Dovecot
from harness.letter import Letter

REFUSING = """\
mail_plugins = acl quota
protocol imap {
  mail_plugins = acl quota imap_acl imap_quota
}
plugin {
  acl = vfile
  quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:storage=30K
}
"""


@pytest.fixture(scope="module")
def strict(authority):
    """A Dovecot with access lists and a quota of 30 KB."""
    with Dovecot(authority, extra=REFUSING) as server:
        yield server


def copies(site, folder="Sent"):
    """The raw mails there, in their order."""
    return [raw for _, raw in site.dovecot.messages(site.user, folder)]


def has_folder(site, folder):
    with site.dovecot.connect(site.user) as imap:
        return any(f'"{folder}"'.encode() in line or line.endswith(b" " + folder.encode()) for line in imap.list()[1])


def sent(site):
    """What the SMTP server took."""
    return [m.raw for m in site.smtp.messages]


def states(site):
    return [letter["copy"] for letter in site.outbox()]


def forms(site, count, first=0, **options):
    for n in range(first, first + count):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n)), f"2012-01-20 10:{n:02d}", **options)


def in_clear(site, port):
    site.set(mailbox={"tls": "none", "port": port})


def refuse(site, rights="lrwst"):
    """The folder is there, and nothing may be put into it."""
    site.dovecot.create(site.user, "Sent")
    path = pathlib.Path(site.dovecot.folder, "mail", site.user, "Maildir", ".Sent", "dovecot-acl")
    path.write_text(f"owner {rights}\n", encoding="utf-8")
    os.chown(path, site.dovecot.uid, site.dovecot.gid)
    return path


# --- what is in the folder

def test_every_letter_with_its_bytes_its_flag_and_its_date(site):
    site.set_event(seats=2, waitlist=1, deadline="2012-01-21 16:00")
    forms(site, 4)  # accepted, accepted, waitlisted, refused
    site.deliver(mails.form_mail("e@example.org", mails.person(name="Ewa Bez-Zgody", consent=None)), "2012-01-20 10:20")
    site.deliver(mails.form_mail("f@example.org", mails.person(name="Filip Późny")), "2012-01-22 10:00")
    site.once("2012-01-22 12:00")
    to, subject = site.letter(mails.address(0)).cancel_link()
    site.deliver(mails.text_mail(mails.address(0), "", subject=subject, to=to), "2012-01-22 13:00")
    site.once("2012-01-23 08:00")
    site.add("fax", "2012-01-20 11:05", mails.person(name="Faks Papierowy", email="fax@example.org"))
    site.ctl("digest", "--send")
    site.once("2012-01-23 09:00")
    outcomes = {Letter(raw).outcome for raw in sent(site)}
    assert {"accepted", "waitlisted", "refused", "incomplete", "late", "cancelled", "digest"} <= outcomes, outcomes
    assert sorted(copies(site)) == sorted(sent(site))
    assert set(states(site)) == {"done"}
    assert set(map(frozenset, site.flags("Sent").values())) == {frozenset({"\\Seen"})}
    with site.dovecot.connect(site.user, "Sent", readonly=True) as imap:
        dates = [line.decode() for line in imap.uid("FETCH", "1:*", "(INTERNALDATE)")[1]]
    days = [line.split('"')[1] for line in dates]
    assert days[0].startswith("22-Jan-2012 11:00") and days[-1].startswith("23-Jan-2012 08:00"), days
    assert {letter["copy"] for letter in site.outbox()} == {"done"}


def test_the_service_copies_while_it_idles(site):
    with site.service() as service:
        for n in range(3):
            site.deliver(mails.form_mail(mails.address(n), mails.someone(n)))
            service.wait_for(lambda n=n: has_folder(site, "Sent") and len(copies(site)) > n, f"copy {n}")
        assert sorted(copies(site)) == sorted(sent(site))
        assert len(service.helpers("zapisy-fetch")) == 1
    assert "copy" not in service.log(), service.log()


def test_no_folder_no_copies(make_site):
    site = make_site(settings={"mailbox": {"sent_folder": ""}})
    forms(site, 1)
    site.once("2012-01-20 12:00")
    assert len(site.letters()) == 1 and set(states(site)) == {None}
    assert not has_folder(site, "Sent")
    site.set(mailbox={"sent_folder": "Sent"})
    forms(site, 1, first=1)
    site.once("2012-01-20 12:00")
    assert len(copies(site)) == 1, "what went out without a folder is not copied later"


@pytest.mark.parametrize("name, encoded", [("Wysłane", "Wys&AUI-ane"), ("Praca/Wysłane & ważne", "Praca/Wys&AUI-ane &- wa&AXw-ne")])
def test_folders_with_polish_letters(make_site, name, encoded):
    site = make_site(settings={"mailbox": {"sent_folder": name, "mark": "none"}})
    forms(site, 2)
    site.once("2012-01-20 12:00")
    assert sorted(copies(site, encoded)) == sorted(sent(site))
    assert set(map(frozenset, site.flags().values())) == {frozenset()}, "mark = none: her mails stay as they were"


def test_copies_in_the_watched_folder_are_our_own(make_site):
    site = make_site(settings={"mailbox": {"sent_folder": "INBOX"}})
    forms(site, 2)
    site.once("2012-01-20 12:00")
    site.once("2012-01-20 12:10")
    rows = site.mail()
    ours = [(r["class"], r["outcome"]) for r in rows if r["class"] != "form"]
    assert ours == [("own", "ignored")] * len(sent(site)) and len(rows) == 2 + len(sent(site))
    assert len(site.letters()) == 2, "nobody is answered for a copy"
    assert len(copies(site, "INBOX")) == 2 + len(sent(site))


def test_an_uncertain_letter_has_no_copy_before_it_is_sent(site):
    forms(site, 1)
    site.smtp.drop_after_dot(recipient=mails.address(0))
    site.keeper("--once", now="2012-01-20 10:30").expect(0, 75)
    (letter,) = [l for l in site.outbox() if l["kind"] != "digest"]
    assert (letter["state"], letter["copy"]) == ("uncertain", None)
    site.once("2012-01-20 11:00")
    assert sum(mails.address(0).encode() in raw for raw in copies(site)) == 1


# --- trouble with the folder is no trouble for letters

@contextlib.contextmanager
def refused(make_site, strict, kind):
    site = make_site(imap=strict)
    if kind == "acl":
        path = refuse(site)
        yield site, lambda: path.write_text("owner lrwstipekxa\n", encoding="utf-8")
    else:
        ballast = b"Subject: x\r\n\r\n" + b"x" * 70 + b"\r\n"
        ballast += (b"x" * 70 + b"\r\n") * ((30 * 1024 - 5000 - len(ballast)) // 72)
        uid = site.dovecot.append(site.user, ballast, at("2012-01-01 10:00"))

        def free():
            with site.dovecot.connect(site.user, "INBOX") as imap:
                imap.uid("STORE", str(uid), "+FLAGS", "(\\Deleted)")
                imap.expunge()
        yield site, free


@pytest.mark.parametrize("kind", ["acl", "quota"])
def test_a_folder_that_refuses(make_site, strict, kind):
    with refused(make_site, strict, kind) as (site, allow):
        forms(site, 3)
        done = site.once("2012-01-20 12:00")
        assert len(site.letters()) == 3, "letters go on"
        assert done.err.count("no copy") == 1, done
        before = states(site)
        assert "due" in before and (kind == "quota" or set(before) == {"due"})
        allow()
        site.once("2012-01-20 12:30")
        site.once("2012-01-20 13:00")
        assert set(states(site)) == {"done"}
        assert sorted(copies(site)) == sorted(sent(site)), "each once"


def test_a_folder_that_refuses_for_ever_is_given_up(make_site, strict):
    site = make_site(imap=strict)
    refuse(site)
    forms(site, 1)
    log = "".join(site.once(f"2012-01-20 {time}").err for time in
                  ("12:00", "12:00:30", "12:02", "12:10", "13:00", "16:00", "21:00", "23:00"))
    assert set(states(site)) == {"failed"}
    assert all(log.count(f"letter {letter['id']} has no copy in the folder Sent, and will get none") == 1
               for letter in site.outbox()), log
    assert site.status()["outbox"]["sent"] == len(sent(site))


def test_a_service_goes_on_without_the_folder(make_site, strict):
    site = make_site(imap=strict)
    refuse(site)
    with site.service() as service:
        for n in range(4):
            site.deliver(mails.form_mail(mails.address(n), mails.someone(n)))
            service.wait_for(lambda n=n: len(site.letters()) > n, f"letter {n}")
        service.wait_for(lambda: "no copy" in service.log(), "a line in the log")
        assert service.log().count("no copy") == 1
        assert len(service.helpers("zapisy-fetch")) == 1
        assert set(states(site)) <= {"due"}


def test_check_says_what_is_wrong_with_the_folder(make_site, strict):
    site = make_site(imap=strict)
    said = site.keeper("--check").expect(0)
    assert "Sent" in said.out and "will be made" in said.out
    assert not has_folder(site, "Sent"), "it changes nothing"
    refuse(site)
    said = site.keeper("--check").expect(75)
    line = next(l for l in said.out.splitlines() if "sent_folder" in l)
    assert line.startswith(site.file + ":") and "cannot be written" in line, said
    site.set(mailbox={"sent_folder": ""})
    assert "Sent" not in site.keeper("--check").expect(0).out


# --- each letter once, whatever breaks

def test_the_line_breaks_in_the_middle(site):
    with Line(site.dovecot.plain) as line:
        in_clear(site, line.port)
        line.cut("APPEND")
        forms(site, 3)
        site.keeper("--once", now="2012-01-20 12:00").expect(0, 75)
        assert line.cuts == 1 and len(site.letters()) == 3
        assert "due" in states(site)
        site.once("2012-01-20 12:10")
    assert sorted(copies(site)) == sorted(sent(site)), "each once, the one in the middle too"
    assert set(states(site)) == {"done"}


@pytest.mark.parametrize("victim", ["zapisyd", "zapisy-fetch"])
def test_a_death_in_the_middle(site, victim):
    with Line(site.dovecot.plain) as line:
        in_clear(site, line.port)
        line.hold("APPEND")
        forms(site, 2)
        service = site.service("2012-01-20 12:00")
        service.wait_for(line.held.is_set, "the server's answer to APPEND")
        if victim == "zapisyd":
            service.kill()
        else:
            os.kill(service.helpers("zapisy-fetch")[0], signal.SIGKILL)
            service.wait_for(lambda: len(site.letters()) == 2, "both letters")
            service.stop()
        for now in ("2012-01-20 12:30", "2012-01-20 13:00"):
            site.keeper("--once", now=now).expect(0, 75)
    assert set(states(site)) == {"done"}
    assert sorted(copies(site)) == sorted(set(sent(site))), "each once"


def test_a_server_that_breaks_at_each_copy_is_left_alone(make_site):
    """Letters must not suffer: the mailbox is still read, and copies rest."""
    site = make_site()
    with Line(site.dovecot.plain) as line:
        in_clear(site, line.port)
        line.cut("APPEND", times=1000)
        with site.service() as service:
            for n in range(5):
                site.deliver(mails.form_mail(mails.address(n), mails.someone(n)))
                service.wait_for(lambda n=n: len(site.letters()) > n, f"letter {n}")
            assert line.cuts <= 2 and line.connections <= 4, (line.cuts, line.connections)


def test_due_copies_wait_for_a_server_that_is_away(site):
    site.once("2012-01-20 09:00")
    site.add("fax", "2012-01-20 10:05", mails.person(email="fax@example.org"))
    with BadImap(greeting=b"* BYE closed today\r\n") as server:
        working = site.settings["mailbox"]["port"]
        in_clear(site, server.port)
        site.keeper("--once", now="2012-01-20 12:00").expect(75)
        assert len(site.letters()) == 1 and states(site)[-1] == "due"
        site.set(mailbox={"tls": "implicit", "port": working})
    site.once("2012-01-20 12:05")
    assert set(states(site)) == {"done"}
    assert sorted(copies(site)) == sorted(sent(site))
