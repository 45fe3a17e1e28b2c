# SPDX-License-Identifier: GPL-3.0-or-later
"""The coordinator's word: zapisyctl's commands that change something, and those that explain."""
import os

import pytest

from harness import mails


def people(site, count, **event):
    """count people on a room as the event says; refs in order."""
    if event:
        site.set_event(**event)
    for n in range(count):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n)), f"2012-01-20 10:{n:02d}")
    site.once("2012-01-20 11:00")
    return [site.row(sender=mails.address(n))["ref"] for n in range(count)]


def statuses(site, refs):
    return [site.row(ref=ref)["status"] for ref in refs]


def after(site, now="2012-01-20 12:30"):
    """The letters that the last command made."""
    before = len(site.letters())
    site.once(now)
    return [(l.to, l.outcome) for l in site.letters()[before:]]


PAPER = {"name": "Zofia Sowa", "organisation": "Urząd Gminy Walim", "sector": "JST", "consent": "yes"}


@pytest.mark.parametrize("channel", ["fax", "in-person"])
def test_paper_forms_take_seats_too(site, channel):
    site.once()
    row = site.add(channel, "2012-01-20 11:05", PAPER)
    assert (row["status"], row["place"], row["channel"]) == ("accepted", "seat", channel)
    assert row["counted_at"] == "2012-01-20T11:05:00+01:00"
    assert row["fields"] == PAPER
    assert after(site) == [], "no address, no letter"


def test_paper_forms_with_an_address_are_answered(site):
    site.once()
    row = site.add("fax", "2012-01-20T10:05:00Z", {**PAPER, "email": "zofia@example.org"})
    assert row["counted_at"] == "2012-01-20T11:05:00+01:00"
    assert row["sender"] == "zofia@example.org"
    assert after(site) == [("zofia@example.org", "accepted")]
    assert site.letter()["In-Reply-To"] is None


def test_paper_forms_before_the_first_start(site):
    """The register is there once the configuration is."""
    site.once()
    late = site.add("in-person", "2012-01-23 16:00:01", PAPER)
    on_time = site.add("in-person", "2012-01-23 16:00", {**PAPER, "name": "Ewa Gil"})
    assert (late["status"], on_time["status"]) == ("late", "accepted")


def test_paper_and_mail_share_the_room(site):
    people(site, 2, seats=2)
    assert site.add("fax", "2012-01-20 09:00", PAPER)["status"] == "waitlisted", "an acceptance is a promise"


def test_a_paper_form_without_consent_is_incomplete(site):
    site.once()
    row = site.add("fax", "2012-01-20 11:05", {k: v for k, v in PAPER.items() if k != "consent"})
    assert row["status"] == "incomplete"


@pytest.mark.parametrize("operands", [["--channel", "sowa", "--received", "2012-01-20 11:05", "name=A B"],
                                      ["--channel", "fax", "--received", "wczoraj", "name=A B"],
                                      ["--channel", "fax", "name=A B"],
                                      ["--channel", "fax", "--received", "2012-01-20 11:05", "nie-ma=1"],
                                      ["--channel", "fax", "--received", "2012-01-20 11:05", "sector=XYZ", "name=A B"]])
def test_a_wrong_add_changes_nothing(site, operands):
    site.once()
    result = site.run("zapisyctl", "-c", site.file, "add", *operands)
    assert result.code != 0 and result.err, result
    assert site.list() == []


def test_cancel_promotes(site):
    refs = people(site, 3, seats=1)
    site.ctl("cancel", refs[0])
    assert statuses(site, refs) == ["cancelled", "accepted", "waitlisted"]
    assert sorted(after(site)) == [(mails.address(0), "cancelled"), (mails.address(1), "accepted")]


def test_quiet_sends_nothing_to_that_person(site):
    refs = people(site, 1)
    site.ctl("cancel", refs[0], "--quiet")
    assert after(site) == []


def test_a_full_room_needs_an_extra_seat(site):
    refs = people(site, 3, seats=1)
    refused = site.run("zapisyctl", "-c", site.file, "accept", refs[2])
    assert refused.code != 0 and refused.err
    assert statuses(site, refs) == ["accepted", "waitlisted", "waitlisted"]
    site.ctl("accept", refs[2], "--extra-seat")
    assert statuses(site, refs) == ["accepted", "waitlisted", "accepted"]
    assert after(site) == [(mails.address(2), "accepted")]
    site.ctl("cancel", refs[0])
    assert statuses(site, refs)[1] == "waitlisted" or site.event()["accepted"] <= 2


def test_accept_a_late_one_when_there_is_room(site):
    site.deliver(mails.form_mail("a@example.org"), "2012-01-24 10:00")
    site.once("2012-01-24 11:00")
    ref = site.row(sender="a@example.org")["ref"]
    site.ctl("accept", ref)
    assert statuses(site, [ref]) == ["accepted"]
    assert after(site, "2012-01-24 12:00") == [("a@example.org", "accepted")]


def test_waitlist(site):
    refs = people(site, 1)
    site.ctl("waitlist", refs[0])
    row = site.row(ref=refs[0])
    assert row["status"] in ("waitlisted", "accepted"), "with seats free it may move up at once"


def test_edit(site):
    refs = people(site, 1)
    site.ctl("edit", refs[0], "diet=bez orzechów", "phone=601 602 603")
    row = site.row(ref=refs[0])
    assert (row["fields"]["diet"], row["fields"]["phone"]) == ("bez orzechów", "+48601602603")
    assert after(site) == [(mails.address(0), "updated")]


@pytest.mark.parametrize("command", [["show"], ["why"], ["cancel"], ["accept"], ["waitlist"], ["edit"]])
def test_an_unknown_ref(site, command):
    site.once()
    more = ["diet=x"] if command == ["edit"] else []
    result = site.run("zapisyctl", "-c", site.file, *command, "MW-ZZZZ", *more)
    assert result.code not in (0, 64, 78) and "MW-ZZZZ" in result.err, result


def test_options_before_and_after_operands(site):
    (ref,) = people(site, 1)
    assert site.ctl("show", "--json", ref).json() == site.ctl("show", ref, "--json").json()


def test_refs_may_be_typed_in_small_letters(site):
    (ref,) = people(site, 1)
    assert ref in site.ctl("show", ref.lower()).out


def test_show_and_why(site):
    fields = mails.someone(1)
    site.deliver(mails.form_mail("a@example.org", fields, date="2012-01-20 08:15",
                                 more=[("Received", "from a by b.example.org with ESMTP; Fri, 20 Jan 2012 09:45:00 +0100")]),
                 "2012-01-20 10:05")
    site.once("2012-01-20 11:00")
    ref = site.row(sender="a@example.org")["ref"]
    shown = site.ctl("show", ref).out
    for value in (fields["name"], fields["organisation"], "a@example.org"):
        assert value in shown, f"show must say {value}:\n{shown}"
    history = site.ctl("why", ref).out
    for time in ("08:15", "09:45", "10:05", "11:00"):
        assert time in history, f"why must tell all times, {time} too:\n{history}"


def test_show_gives_the_mail_and_the_letter(site, tmp_path):
    raw = mails.form_mail("a@example.org")
    site.deliver(raw)
    site.once()
    ref = site.row(sender="a@example.org")["ref"]
    kept = tmp_path / "mail.eml"
    site.ctl("show", ref, "--raw", str(kept))
    assert kept.read_bytes() == raw
    assert "Zgłoszenie przyjęte" in site.ctl("show", ref, "--letter").out


def test_list_by_status_and_as_csv(site):
    refs = people(site, 3, seats=2)
    assert [r["ref"] for r in site.list("--status", "waitlisted")] == refs[2:]
    lines = site.ctl("list", "--csv").out.splitlines()
    assert len(lines) == 4 and all(ref in line for ref, line in zip(refs, lines[1:]))


def test_one_event_of_two(site):
    site.add_event("wolontariat", ref_prefix="WO", title="Wolontariat", match={"subject": ("wolontariat",), "address": ""},
                   blank_form="")
    site.deliver(mails.form_mail("a@example.org", mails.someone(1), subject="wolontariat"))
    site.deliver(mails.form_mail("b@example.org", mails.someone(2)))
    site.once()
    assert [r["sender"] for r in site.json("list", event="wolontariat")] == ["a@example.org"]
    assert len(site.list()) == 2


def test_tables_for_people(site):
    refs = people(site, 3, seats=1)
    table = site.ctl("list").out
    assert all(ref in table for ref in refs) and "{" not in table
    assert "model-wspolpracy" in site.ctl("status").out
    assert mails.address(0) in site.ctl("outbox").out
    assert site.ctl("mail").out and site.ctl("review").code == 0


# --- review

def unreadable(site):
    site.deliver(mails.attached_mail("a@example.org", b"\xff\xd8\xff\xe0" + b"skan" * 600, "ankieta.jpg", "image/jpeg"))
    site.once()
    (item,) = site.review()
    return item


def test_resolving_an_unreadable_form(site):
    item = unreadable(site)
    site.ctl("resolve", str(item["id"]), *[f"{k}={v}" for k, v in PAPER.items()])
    assert site.review() == []
    row = site.row(sender="a@example.org")
    assert (row["status"], row["place"]) == ("accepted", "seat")
    assert row["counted_at"] == "2012-01-20T11:05:00+01:00", "it keeps its time"
    assert {k: row["fields"].get(k) for k in PAPER} == PAPER
    assert after(site, "2012-01-20 13:00") == [("a@example.org", "accepted")]


def test_an_acceptance_stays_when_a_later_question_is_settled(site):
    """More people than seats, as the coordinator wished: settling a question about one of them takes nothing back."""
    refs = people(site, 2, seats=1)
    site.ctl("accept", refs[1], "--extra-seat")
    after(site)
    site.deliver(mails.form_mail(mails.address(1), mails.someone(1, phone="74 111 22 33")), "2012-01-20 13:00")
    site.once("2012-01-20 13:30")
    (item,) = site.review()
    site.ctl("resolve", str(item["id"]), "phone=74 111 22 33")
    row = site.row(ref=refs[1])
    assert (row["status"], row["place"], row["fields"]["phone"]) == ("accepted", "seat", "+48741112233")
    assert after(site, "2012-01-20 14:00") == [(mails.address(1), "updated")]
    assert site.review() == []


def test_dismissing(site):
    item = unreadable(site)
    site.ctl("resolve", str(item["id"]), "--dismiss")
    assert site.review() == []
    assert [r for r in site.list() if r["place"] != "none"] == []


def test_an_unknown_review_item(site):
    site.once()
    result = site.run("zapisyctl", "-c", site.file, "resolve", "4711", "--dismiss")
    assert result.code not in (0, 64, 78) and "4711" in result.err


def test_a_robots_form_can_be_taken_in(site):
    fields = mails.someone(3)
    site.deliver(mails.form_mail("biuro@example.org", fields, more=[("Precedence", "bulk")]))
    site.once()
    (item,) = site.review()
    site.ctl("resolve", str(item["id"]), *[f"{k}={v}" for k, v in fields.items() if k != "consent"], "consent=yes")
    assert [r["status"] for r in site.list()] == ["accepted"]


def test_a_relative_path_to_the_same_files_is_no_difference(site):
    site.once()
    relative = os.path.relpath(site.file, site.folder)
    assert site.run("zapisyctl", "-c", relative, "status").expect(0).err == ""


def test_the_files_differ_from_what_is_loaded(site):
    """zapisyctl decides by the event as loaded, and says that the file says something else."""
    people(site, 2, seats=1)
    site.set_event(seats=2)
    result = site.ctl("status")
    assert "model-wspolpracy" in result.err, f"a warning is due:\n{result}"
    assert site.event()["seats"] == 1
    site.once("2012-01-20 12:00")
    assert (site.event()["seats"], site.event()["accepted"]) == (2, 2), "loading it gives the new seat away"
