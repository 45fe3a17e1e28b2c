#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watch zapisyd do its whole job: real IMAP and SMTP servers, the mails of samples/, two weeks in a minute."""
import datetime
import os
import sys

try:
    from demo_screen import ESCAPES, block, cut, explain, pad, paint, say, step, title
    from demo_world import World
    from harness import mails, proc, samples
    from harness.dates import WARSAW, at
    from harness.zapisy import OUTCOMES, program
except ImportError as missing:
    sys.exit(f"The demo needs Debian's packages for Python ({missing}).\nRun: make deps")
except KeyboardInterrupt:
    sys.exit(130)

SEATS = 24  # not the 30 of conf/, so that the room fills up while one watches
LINK = "10-gmail-alternative"  # who follows the cancel link in her letter
LAST = "38-ostatnia-sekunda"  # who came in the last second and finds the room full
ASKS = ("12-niepelny", "14-uzupelnienie")

WORDS = {  # class -> what is said of a mail that makes no registration
    "old": "from before 9 January: never answered",
    "other": "private: left exactly as it was",
    "list": "a mailing list: left as it was",
    "robot": "an automatic reply: never answered",
    "bounce": "a letter came back: noted at",
    "own": "our own digest: known, ignored",
    "request": "asks for the form: a person looks",
}
KINDS = {"accepted": "good", "waitlisted": "wait", "held": "wait", "incomplete": "wait", "late": "bad",
         "refused": "bad", "cancelled": "bad"}


class Wrong(Exception):
    """Something came out otherwise than it must."""


def check(holds, what):
    if not holds:
        raise Wrong(what)


def day(when):
    return f"{when.astimezone(WARSAW):%d %b %H:%M}"


# --- the parts of the story


def opening(world):
    say("zapisyd: a mailbox full of registration forms becomes a register, answered.", "bold")
    say()
    explain(f"""The training "Model współpracy JST & NGO" takes place on 26 January 2012 in Wałbrzych.
            Forms are taken until 23 January, 16:00. The room has {SEATS} seats (so few that it fills up here).
            Forms arrive in the coordinator's own mailbox, between her private mail. You will see two weeks
            of it pass, on real mail servers that run on this machine for a moment and are gone afterwards.""")
    title(1, "Starting")
    with step("Dovecot: a real IMAP server with everybody's mailboxes"):
        world.start_imap()
    with step("A real SMTP server that brings letters to them"):
        world.start_smtp()
    world.set_up(SEATS)
    with step("zapisyd --check: configuration, both logins, the store"):
        world.site.keeper("--check", now="2012-01-09 08:00").expect(0)


def became(sample, row, rows):
    """(words, colour) for what a mail has become."""
    if row["class"] in WORDS and row["outcome"] in ("ignored", "noted", "review"):
        return " ".join([WORDS[row["class"]], *row["refs"]]), "quiet"
    people = [next(r for r in rows if r["ref"] == ref) for ref in row["refs"]]
    if not people:
        return f"{row['class']}: {row['outcome']}", None
    status = people[0]["status"]
    told = f"{status} {' '.join(r['ref'] for r in people)}"
    if people[0]["position"]:
        told += f", number {people[0]['position']}"
    verb = {"registered": row["class"], "completed": "completed", "updated": "correction", "cancelled": "",
            "duplicate": "the same again"}.get(row["outcome"], row["outcome"])
    if row["class"] == "unreadable":
        verb = "a scan"
    return (f"{verb} → {told}" if verb else told), KINDS.get(status)


def one_round(world, part, every, changed):
    """A round of mails arrives and is handled; one line for each says what it became."""
    site = world.site
    with step(f"{len(part)} mails arrive, from {day(part[0].when)} to {day(part[-1].when)}"):
        site.now = part[-1].when
        world.raw.update((s.uid, raw) for s, (raw, _) in zip(part, samples.deliver(site, part, every, world.letters())))
    before = len(world.smtp.messages)
    with step("zapisyd reads, decides, records and answers them"):
        world.once(part[-1].when + datetime.timedelta(minutes=1))
    rows, handled = site.list(), {row["uid"]: row for row in site.mail()}
    say()
    for sample in part:
        row = handled.get(sample.uid)
        check(row, f"the mail {sample.name} was not handled")
        words, kind = became(sample, row, rows)
        name, address = sample.sender
        say(f"  {day(sample.when)}  {pad(name or address, 24)}  {paint(words, kind)}")
        if (row["class"], row["outcome"]) != (sample.expected["class"], sample.expected["outcome"]):
            changed.append(f"{sample.name}: {row['class']}, {row['outcome']} ({row['reason']})")
    say()
    say(f"  Letters sent: {len(world.smtp.messages) - before}")


def correspondence(world, every):
    """One applicant's whole exchange, then the first lines of other letters."""
    by_name = {sample.name: sample for sample in every}
    explain("""One applicant from the first mail to the seat. His own words are marked │, what zapisyd wrote to
            him, in the coordinator's name, is marked ┃ and was taken from his mailbox.""")
    say()
    for name in ASKS:
        sample = by_name[name]
        own = [line for line in mail_text(sample).splitlines() if not line.startswith((">", "W dniu"))]
        say(f"  {sample.sender[0]} writes, {day(sample.when)}:", "bold")
        block(own, most=8)
        say()
        letter = letter_for(world, sample)
        show(letter, f"zapisyd answers {letter.to}:", 14)
        say()
    say("  To others:", "bold")
    for letter in world.letters():
        if letter.outcome in ("held", "late", "waitlisted", "updated", "duplicate", "group"):
            say(f"  {paint('┃', 'ours')} {pad(letter.outcome, 10)} {pad(letter.to, 32)} {cut(letter.subject, 32)}")


def show(letter, heading, most):
    say(f"  {heading}", "bold")
    block([f"Subject: {letter.subject}", "", *letter.text.splitlines()], "┃", "ours", most)


def letter_for(world, sample):
    found = samples.letters_for(sample, world.letters())
    check(len(found) == 1, f"{len(found)} letters answer {sample.name}")
    return found[0]


def mail_text(sample):
    return sample.message.get_body(("plain",)).get_content().strip()


def cancelling(world, every):
    """A click on the link in a letter; the seat goes to the first who waits."""
    by_name = {sample.name: sample for sample in every}
    leaving, waiting = by_name[LINK], by_name[LAST]
    letter = letter_for(world, leaving)
    to, subject = letter.cancel_link()
    when = at("2012-01-23 18:20")
    explain(f"""The room is full and {waiting.sender[0]} waits. At 18:20 {leaving.sender[0]} follows the cancel link
            of her letter. It makes a mail with the subject "{subject}".""")
    world.site.deliver(mails.text_mail(leaving.sender[1], "Niestety nie przyjadę.\r\n", subject=subject, to=to), when)
    with step("zapisyd --once"):
        world.once(when + datetime.timedelta(seconds=1))
    moved = world.site.row(sender=waiting.sender[1])
    gone = world.site.row(sender=leaving.sender[1])
    check(gone["status"] == "cancelled", f"{gone['ref']} is {gone['status']} after its cancellation")
    check(moved["status"] == "accepted", f"{moved['ref']} did not get the seat that became free")
    say()
    say(f"  {pad(leaving.sender[0], 26)}  {gone['ref']} {paint('cancelled', 'bad')}, seat free")
    say(f"  {pad(waiting.sender[0], 26)}  {moved['ref']} {paint('accepted', 'good')}, in the same transaction")
    say()
    show(world.site.letters(to=waiting.sender[1])[-1], f"zapisyd writes to {waiting.sender[1]}:", 8)


def table(world, *arguments):
    """What a zapisyctl command prints."""
    say("  $ zapisyctl " + " ".join(arguments), "bold")
    for line in ESCAPES.sub("", world.terminal(*arguments)).rstrip().splitlines():
        say(line)


def review(world):
    """What zapisyctl review holds, its reasons in full."""
    items = world.site.review()
    check(items, "nothing waits for a person, though a scan and a request have come")
    for item in items:
        say(f"  {paint(str(item['id']), 'wait')}  {item['ref'] or 'no number'}, {item['sender']}")
        explain(item["reason"], indent="     ")
    say()
    explain("The coordinator sees this list in her digest and with \"zapisyctl review\"; \"zapisyctl resolve\" ends it.")


def private_mail(world, every):
    """Looks at each private mail again, byte by byte."""
    private = [sample for sample in every if sample.private]
    flags, now = world.site.flags(), dict(world.dovecot.messages(world.site.user))
    store = b"".join(world.site.store_files().values())
    for sample in private:
        told = f"{sample.name} ({sample.sender[0]})"
        check(now[sample.uid] == world.raw[sample.uid], f"{told} is not the same bytes any more")
        check(not flags[sample.uid], f"{told} was marked {flags[sample.uid]}")
        check(not world.site.letters(to=sample.sender[1]), f"{told} was answered")
        body = world.raw[sample.uid].split(b"\r\n\r\n", 1)[1].split(b"\r\n")
        check(not [line for line in body if len(line) >= 20 and line in store], f"{told} is in the register")
        say(f"  {pad(sample.sender[0], 30)}  {pad(sample.subject, 28)}  {paint('untouched', 'good')}")
    say()
    explain(f"""Compared just now: the bytes are the same, none is marked as seen or otherwise, nobody got an answer,
            and none of their lines is in the store ({len(store) // 1024} kB searched).""")


def digest(world):
    world.once("2012-01-24 07:30:30")
    found = world.digests()
    check(found, "no digest arrived in the coordinator's mailbox")
    show(found[-1], "In the coordinator's mailbox, 24 January, 07:30:", 60)


def balance(world):
    numbers = world.site.status()["balance"]
    parts = [(name, numbers[name]) for name in (*OUTCOMES, "in_progress") if numbers[name]]
    explain(f"{numbers['fetched']} mails seen = " + " + ".join(f"{n} {name}" for name, n in parts))
    say()
    explain("No mail was lost and none was counted twice: every one has exactly one outcome.")


def closing(world):
    folder = str(world.keep())
    shown = min(folder, os.path.relpath(folder), key=len)
    ctl = f"{os.path.relpath(program('zapisyctl'), folder)} -c conf/zapisyd.conf"
    ref = world.site.row(sender="edward.pozniak@poczta.example")["ref"]
    explain("The register, its configuration and every letter stay there until the next demo or \"make clean\":")
    say()
    for command in (f"cd {shown}", f"{ctl} list", f"{ctl} why {ref}", f"{ctl} mail", "less letters/*.eml"):
        say(f"    {command}")
    say()
    explain("The mails and what each of them is there for: samples/README.md. Nothing keeps running.")


def story(world):
    every, changed = samples.load(), []
    world.raw = {}
    opening(world)
    for number, part in enumerate(samples.rounds(every), 2):
        first, last = (sample.when.astimezone(WARSAW).day for sample in (part[0], part[-1]))
        title(number, f"{first} to {last} January")
        one_round(world, part, every, changed)
    check(not changed, "these mails came out otherwise than their .json says:\n    " + "\n    ".join(changed))
    title(5, "What applicants received")
    correspondence(world, every)
    title(6, "Somebody cancels, somebody moves up")
    cancelling(world, every)
    title(7, "The register")
    table(world, "list")
    title(8, "What needs a person")
    review(world)
    title(9, "The coordinator's private mail")
    private_mail(world, every)
    title(10, "The digest of the next morning")
    digest(world)
    title(11, "Everything adds up")
    balance(world)
    title(12, "To look further")
    closing(world)


def main():
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    proc.interrupt_once()
    if not os.access(program("zapisyd"), os.X_OK):
        return f"There is no {program('zapisyd')}.\nRun: make"
    folder = None
    try:
        folder = os.environ["ZAPISY_TEST_FOLDER"] = proc.make_folder("zd-demo-")
        with World() as world:
            story(world)
    except KeyboardInterrupt:
        say("\nStopped. The servers are stopped, nothing is left behind.")
        return 130
    except Wrong as error:
        return f"\nThe demo went wrong: {error}\nThis is a fault of zapisyd; please report it with this output."
    except (AssertionError, OSError, RuntimeError, proc.Timeout) as error:
        return (f"\nThe demo went wrong: {error}\n"
                "Is dovecot-imapd installed (make deps)? Is there room in /tmp? Otherwise please report it.")
    finally:
        if folder:
            proc.remove_folder(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
