# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes back: matched to its letter, shown with the telephone number, and never a seat lost by it."""
import pytest

from harness import mails

ADDRESS = "osoba1@example.org"
FIELDS = mails.someone(1)
VERP = {"smtp": {"verp": True}}


def registered(site, address=ADDRESS, fields=FIELDS):
    site.deliver(mails.form_mail(address, fields), "2012-01-20 10:00")
    site.once("2012-01-20 10:30")
    return site.row(sender=address)


def come_back(site, raw, when="2012-01-20 11:00", now="2012-01-20 11:30"):
    """A bounce arrives; returns its row of mail --json. No letter may leave because of it."""
    before = len(site.letters())
    site.deliver(raw, when)
    site.once(now)
    assert len(site.letters()) == before, "a bounce is never answered"
    return site.mail()[-1]


def report(recipient, status="5.1.1", to=mails.COORDINATOR, original=b"Content-Type: text/plain\r\n\r\n...\r\n",
           action="failed", more=()):
    """A delivery report with whatever is said to be returned."""
    status_part = ("Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
                   f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n").encode()
    top = mails.headers("MAILER-DAEMON@mx.example.net", subject="Undelivered Mail Returned to Sender", to=to,
                        more=[("Return-Path", "<>"), *more])
    note = mails.body_part("Your message could not be delivered.\r\n")
    return top + mails.multipart("report; report-type=delivery-status", [note, status_part, original])


def digest_of(site, now="2012-01-21 07:31"):
    site.once(now)
    return [l for l in site.smtp.letters() if l.outcome == "digest"][-1]


def section(digest, title):
    """The lines of the digest under one heading."""
    lines = digest.text.split(title, 1)[1].splitlines()[1:]
    return "\n".join(lines[:lines.index("")] if "" in lines else lines)


def undeliverable(site, **which):
    row = site.row(**which)
    shown = site.json("show", row["ref"])
    assert ("undeliverable" in row["flags"]) == (shown["undeliverable_since"] is not None)
    return "undeliverable" in row["flags"]


def test_a_permanent_failure_is_told_with_the_telephone_number(site):
    site.once("2012-01-20 07:45")
    row = registered(site)
    mail = come_back(site, mails.bounce(site.letter(), ADDRESS))
    letter = next(l for l in site.outbox() if l["ref"] == row["ref"])
    after = site.row(sender=ADDRESS)
    assert (after["status"], after["place"]) == ("accepted", "seat"), "a seat is never cancelled by a bounce"
    assert "undeliverable" in after["flags"]
    assert (mail["class"], mail["outcome"], mail["ref"]) == ("bounce", "noted", row["ref"])
    assert mail["reason"].startswith(f"letter {letter['id']} returned: permanent, 5.1.1")
    bounced = letter["bounced"]
    assert (bounced["kind"], bounced["status"], bounced["evidence"]) == ("permanent", "5.1.1", "message-id")
    assert bounced["at"] == "2012-01-20T11:00:00+01:00"
    shown = site.ctl("show", row["ref"]).out
    assert "2012-01-20 11:00" in shown.split("undeliverable", 1)[1].splitlines()[0]
    assert "+48746651122" in shown.split("undeliverable", 1)[1].splitlines()[0]
    assert f"letter {letter['id']} returned: permanent, 5.1.1" in site.ctl("why", row["ref"]).out
    digest = digest_of(site)
    for title in ("Alarmy:", "Listy, których nie udało się doręczyć:"):
        for word in (row["ref"], FIELDS["name"], "+48746651122"):
            assert word in section(digest, title), f"{word} is not under {title}\n{digest.text}"


def test_the_alarm_stands_in_the_log_at_once(site):
    row = registered(site)
    site.deliver(mails.bounce(site.letter(), ADDRESS), "2012-01-20 11:00")
    log = site.once("2012-01-20 11:30").err
    assert f"alarm: undeliverable {row['ref']}" in log
    assert ADDRESS not in log and "Sikora" not in log
    assert "alarm" not in site.once("2012-01-20 11:45").err, "once is enough"


def test_the_same_bounce_twice_is_one_alarm(site):
    site.once("2012-01-20 07:45")
    row = registered(site)
    for hour in (11, 13):
        come_back(site, mails.bounce(site.letter(), ADDRESS), f"2012-01-20 {hour}:00", f"2012-01-20 {hour}:30")
    assert site.json("show", row["ref"])["undeliverable_since"] == "2012-01-20T11:00:00+01:00"
    assert section(digest_of(site), "Alarmy:").count(row["ref"]) == 1


@pytest.mark.parametrize("status, action, kind", [("4.4.7", "failed", "temporary"), ("4.2.2", "failed", "temporary")])
def test_what_is_not_for_ever_is_noted(site, status, action, kind):
    site.once("2012-01-20 07:45")
    row = registered(site)
    come_back(site, mails.bounce(site.letter(), ADDRESS, status=status, action=action))
    assert not undeliverable(site, ref=row["ref"])
    letter = next(l for l in site.outbox() if l["ref"] == row["ref"])
    assert (letter["bounced"]["kind"], letter["bounced"]["status"]) == (kind, status)
    assert f"returned: {kind}, {status}" in site.ctl("why", row["ref"]).out
    digest = digest_of(site)
    doubts = section(digest, "Listy, których nie udało się doręczyć:")
    assert (row["ref"] in doubts) == (kind == "temporary"), digest.text
    assert row["ref"] not in section(digest, "Alarmy:")


def test_headers_alone_match_too(site):
    row = registered(site)
    returned = b"Content-Type: text/rfc822-headers\r\n\r\n" + site.letter().raw.split(b"\r\n\r\n")[0] + b"\r\n"
    come_back(site, report(ADDRESS, original=returned))
    assert undeliverable(site, ref=row["ref"])


def test_a_bounce_that_answers_our_letter(site):
    """No returned part at all: In-Reply-To has 128 random bits of ours."""
    row = registered(site)
    come_back(site, report("kto@inny.example", more=[("In-Reply-To", site.letter().message_id)]))
    assert undeliverable(site, ref=row["ref"])
    assert site.outbox()[0]["bounced"]["evidence"] == "reference"


# --- VERP

def envelope(site, address=ADDRESS):
    return next(m.sender for m in site.smtp.messages if address in m.recipients)


def test_without_verp_the_envelope_sender_is_from(site):
    registered(site)
    assert envelope(site) == mails.COORDINATOR


@pytest.mark.parametrize("header", ["To", "Delivered-To", "X-Original-To", "Envelope-To"])
def test_a_verp_address_says_which_letter(make_site, header):
    site = make_site(settings=VERP)
    row = registered(site)
    registered(site, "osoba2@example.org", mails.someone(2))
    sender = envelope(site)
    local, domain = mails.COORDINATOR.split("@")
    assert sender.startswith(local + "+b-") and sender.endswith("@" + domain) and len(sender.split("@")[0]) <= 64
    assert sender != envelope(site, "osoba2@example.org"), "a sender for each letter"
    assert site.letter(to=ADDRESS).sender == mails.COORDINATOR, "what people see and answer to stays"
    raw = report("gdzies@indziej.example", to=sender.upper().replace("@RCWIP.PL", "@rcwip.pl")) if header == "To" \
        else report("gdzies@indziej.example", more=[(header, sender)])
    mail = come_back(site, raw)
    assert mail["ref"] == row["ref"]
    assert undeliverable(site, ref=row["ref"]) and not undeliverable(site, sender="osoba2@example.org")
    assert next(l for l in site.outbox() if l["ref"] == row["ref"])["bounced"]["evidence"] == "verp"


def test_a_guessed_verp_address_does_nothing(make_site):
    site = make_site(settings=VERP)
    row = registered(site)
    sender = envelope(site)
    last = "0" if not sender.split("@")[0].endswith("0") else "1"
    wrong = sender.split("@")[0][:-1] + last + "@rcwip.pl"
    come_back(site, report("x@y.example", to=wrong))
    come_back(site, report("x@y.example", to=sender.replace("-1-", "-2-", 1)), "2012-01-20 12:00", "2012-01-20 12:30")
    assert not undeliverable(site, ref=row["ref"])
    assert [m["ref"] for m in site.mail()[1:]] == [None, None]


def test_a_verp_address_proves_nothing_but_a_bounce(make_site):
    """The recipient's mail servers know it; it must not change or cancel anything."""
    site = make_site(settings=VERP)
    row = registered(site)
    sender, changed = envelope(site), mails.someone(1, diet="bezglutenowa")
    for hour, raw in ((11, mails.form_mail(ADDRESS, changed, to=sender)),
                      (12, mails.text_mail(ADDRESS, "Rezygnuję.\r\n", subject="Re: szkolenie", to=sender)),
                      (13, mails.text_mail(ADDRESS, "Dziękujemy za wiadomość, odpowiemy wkrótce.\r\n", to=sender))):
        site.deliver(raw, f"2012-01-20 {hour}:00")
        site.once(f"2012-01-20 {hour}:30")
    assert site.row(ref=row["ref"]) == row
    assert [(m["class"], m["outcome"]) for m in site.mail()[1:]] == [
        ("robot", "review"), ("robot", "ignored"), ("robot", "ignored")], "only machines write to it"
    assert len(site.letters()) == 1


# --- forged, and other people

def test_a_bounce_with_nothing_of_ours_is_only_a_maybe(site):
    site.once("2012-01-20 07:45")
    row = registered(site)
    mail = come_back(site, report(ADDRESS))
    assert not undeliverable(site, ref=row["ref"]), "anybody can write that an address does not exist"
    assert mail["ref"] == row["ref"] and "no proof" in mail["reason"]
    assert "perhaps letter" in site.ctl("why", row["ref"]).out
    digest = digest_of(site)
    assert row["ref"] in section(digest, "Listy, których nie udało się doręczyć:")
    assert "być może" in digest.text
    assert row["ref"] not in section(digest, "Alarmy:")


def test_a_bounce_about_a_stranger_matches_nobody(site):
    registered(site)
    mail = come_back(site, report("obcy@example.com"))
    assert (mail["class"], mail["outcome"], mail["ref"]) == ("bounce", "noted", None)


def test_an_old_letter_is_not_matched_by_its_address(site):
    row = registered(site)
    mail = come_back(site, report(ADDRESS), "2012-02-20 11:00", "2012-02-20 11:30")
    assert mail["ref"] is None
    assert "letter" not in site.ctl("why", row["ref"]).out.split("History")[1].split("Letters")[0].replace(
        "letter queued", "")


def test_all_at_one_address_are_told_of(site):
    """An office's address is no good: none of the colleagues can be reached there."""
    for n in (1, 2):
        site.deliver(mails.form_mail("biuro@example.org", mails.someone(n)), f"2012-01-20 10:0{n}")
    site.deliver(mails.form_mail("inny@example.org", mails.someone(3)), "2012-01-20 10:03")
    site.once("2012-01-20 10:30")
    come_back(site, mails.bounce(site.letters(to="biuro@example.org")[0], "biuro@example.org"))
    assert [("undeliverable" in r["flags"]) for r in site.list()] == [True, True, False]


def test_a_letter_to_a_group_is_about_all_of_it(site):
    site.deliver(mails.form_mail("biuro@example.org", [mails.someone(1), mails.someone(2)]), "2012-01-20 10:00")
    site.once("2012-01-20 10:30")
    assert site.letter().outcome == "group"
    mail = come_back(site, mails.bounce(site.letter(), "biuro@example.org"))
    assert sorted(mail["refs"]) == sorted(r["ref"] for r in site.list())
    assert [("undeliverable" in r["flags"]) for r in site.list()] == [True, True]


def test_a_digest_that_comes_back_is_an_alarm_and_no_loop(site):
    site.once("2012-01-20 07:45")
    digest = site.smtp.letters()[-1]
    assert digest.outcome == "digest"
    site.deliver(mails.bounce(digest, mails.COORDINATOR), "2012-01-20 08:00")
    assert "alarm: digest" in site.once("2012-01-20 08:30").err
    assert len(site.smtp.letters()) == 1
    assert "coordinator.email" in section(digest_of(site), "Alarmy:")
    assert len(site.smtp.letters()) == 2, "the next one a day later, as always"


# --- lifted again

def bounced(site):
    row = registered(site)
    come_back(site, mails.bounce(site.letter(), ADDRESS))
    assert undeliverable(site, ref=row["ref"])
    return row


def test_who_writes_with_proof_is_reachable_again(site):
    row = bounced(site)
    site.deliver(mails.reply_mail(ADDRESS, site.letter(), "Dziękuję, już działa."), "2012-01-20 12:00")
    site.once("2012-01-20 12:30")
    assert not undeliverable(site, ref=row["ref"])
    assert "reachable again" in site.ctl("why", row["ref"]).out


def test_without_proof_or_from_elsewhere_nobody_is_reachable_again(site):
    row = bounced(site)
    site.deliver(mails.text_mail(ADDRESS, "Dziękuję, już działa.\r\n"), "2012-01-20 12:00")
    site.deliver(mails.reply_mail("gdzies@indziej.example", site.letter(), "Dziękuję, już działa."), "2012-01-20 12:10")
    robot = mails.text_mail(ADDRESS, "Jestem na urlopie.\r\n", more=[("In-Reply-To", site.letter().message_id),
                                                                   ("Auto-Submitted", "auto-replied")])
    site.deliver(robot, "2012-01-20 12:20")
    site.once("2012-01-20 12:30")
    assert undeliverable(site, ref=row["ref"])


def test_a_mail_from_before_the_bounce_lifts_nothing(site):
    row = registered(site)
    site.deliver(mails.bounce(site.letter(), ADDRESS), "2012-01-20 12:00")
    site.deliver(mails.reply_mail(ADDRESS, site.letter(), "Dziękuję."), "2012-01-20 11:00")
    site.once("2012-01-20 12:30")
    assert undeliverable(site, ref=row["ref"])


def test_another_address_from_the_coordinator(site):
    """She telephoned: letters go to the new address from now on."""
    row = bounced(site)
    site.ctl("edit", row["ref"], "email=nowy@example.org")
    site.once("2012-01-20 12:30")
    assert not undeliverable(site, ref=row["ref"])
    assert site.row(ref=row["ref"])["sender"] == "nowy@example.org"
    assert [l.outcome for l in site.letters(to="nowy@example.org")] == ["updated"]


def test_an_edited_email_of_a_reachable_person_stays_data(site):
    row = registered(site)
    site.ctl("edit", row["ref"], "email=nowy@example.org")
    assert site.row(ref=row["ref"])["sender"] == ADDRESS


def test_an_edited_email_on_paper_is_where_letters_go(site):
    site.once()
    row = site.add("fax", "2012-01-20 11:05", mails.someone(3))
    assert row["sender"] == mails.address(3)
    site.ctl("edit", row["ref"], "email=nowy@example.org")
    assert site.row(ref=row["ref"])["sender"] == "nowy@example.org"


def test_retrying_what_came_back(site):
    row = bounced(site)
    letter = next(l for l in site.outbox() if l["ref"] == row["ref"])
    site.ctl("outbox", "retry", str(letter["id"]))
    site.once("2012-01-20 12:30")
    assert len(site.letters()) == 2 and site.letters()[0].raw == site.letters()[1].raw
    assert not undeliverable(site, ref=row["ref"])
    assert next(l for l in site.outbox() if l["ref"] == row["ref"])["bounced"] is None
    come_back(site, mails.bounce(site.letters()[0], ADDRESS), "2012-01-20 13:00", "2012-01-20 13:30")
    assert undeliverable(site, ref=row["ref"]), "and it comes back again"


def test_refused_by_our_own_server(site):
    site.once("2012-01-20 07:45")
    site.smtp.fault("recipient", "550 5.1.1 no such user", recipient=ADDRESS)
    row = registered(site)
    assert undeliverable(site, ref=row["ref"])
    assert row["ref"] in section(digest_of(site), "Alarmy:")
    letter = next(l for l in site.outbox() if l["ref"] == row["ref"])
    assert (letter["state"], letter["bounced"]) == ("failed", None)
    site.ctl("outbox", "retry", str(letter["id"]))
    site.once("2012-01-21 12:30")
    assert not undeliverable(site, ref=row["ref"])


def test_another_letter_that_left_says_nothing(site):
    """Our own server takes everything: that it took a second letter does not make the address good."""
    row = bounced(site)
    site.smtp.fault("recipient", "450 4.2.0 greylisted", recipient=ADDRESS)
    site.ctl("edit", row["ref"], "diet=bezglutenowa")
    site.once("2012-01-20 12:30", code=75)
    site.once("2012-01-20 13:30")
    assert len(site.letters()) == 2
    assert undeliverable(site, ref=row["ref"])
