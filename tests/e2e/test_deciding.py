# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a form: deadline, seats, waiting list, what is missing, which event."""
import pytest

from harness import mails
from harness.docx import docx


def deliver_people(site, count, start=0):
    """count people, a minute apart; returns their addresses in order."""
    for n in range(start, start + count):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n)), f"2012-01-20 10:{n:02d}")
    return [mails.address(n) for n in range(start, start + count)]


def standing(site):
    return {r["sender"]: (r["status"], r["place"], r["position"]) for r in site.list()}


def test_the_deadline_counts_to_the_second(site):
    site.deliver(mails.form_mail("rowno@example.org", mails.someone(1)), "2012-01-23 16:00:00")
    site.deliver(mails.form_mail("po@example.org", mails.someone(2)), "2012-01-23 16:00:01")
    site.once("2012-01-23 17:00")
    on_time, late = site.row(sender="rowno@example.org"), site.row(sender="po@example.org")
    assert (on_time["status"], on_time["on_time"]) == ("accepted", True)
    assert (late["status"], late["place"], late["on_time"]) == ("late", "none", False)
    assert late["counted_at"] == "2012-01-23T16:00:01+01:00"
    assert site.letter(to="po@example.org").outcome == "late"


def test_the_date_header_does_not_count(site):
    site.deliver(mails.form_mail("spryciarz@example.org", date="2012-01-23 15:00"), "2012-01-23 16:00:01")
    site.deliver(mails.form_mail("rzetelny@example.org", mails.someone(2), date="2012-01-24 09:00"),
                 "2012-01-23 15:59:00")
    site.once("2012-01-24 10:00")
    assert {k: v[0] for k, v in standing(site).items()} == {
        "spryciarz@example.org": "late", "rzetelny@example.org": "accepted"}


def test_the_time_of_reading_does_not_count(site):
    site.deliver(mails.form_mail("rzetelny@example.org"), "2012-01-23 15:59:59")
    site.once("2012-01-25 10:00")
    assert site.row(sender="rzetelny@example.org")["status"] == "accepted"


def test_late_may_wait_behind_all_others(make_site):
    site = make_site(event={"late": "waitlist", "seats": 1})
    site.deliver(mails.form_mail("pozny@example.org", mails.someone(3)), "2012-01-23 16:00:01")
    site.deliver(mails.form_mail("a@example.org", mails.someone(1)), "2012-01-23 15:00")
    site.deliver(mails.form_mail("b@example.org", mails.someone(2)), "2012-01-23 15:30")
    site.once("2012-01-23 17:00")
    assert standing(site) == {"a@example.org": ("accepted", "seat", None), "b@example.org": ("waitlisted", "waiting", 1),
                              "pozny@example.org": ("waitlisted", "waiting", 2)}


def test_after_the_end_a_person_looks_and_no_letter_goes(site):
    site.deliver(mails.form_mail("spozniony@example.org"), "2012-01-26 15:00:01")
    site.once("2012-01-26 18:00")
    assert site.letters() == []
    assert [m["outcome"] for m in site.mail()] == ["review"]
    assert len(site.review()) == 1


def test_a_trusted_received_line_counts(make_site):
    site = make_site(settings={"mailbox": {"trusted_received_by": ["mx.rcwip.pl"]}})
    received = [("Received", "from mail.example.org by mx.rcwip.pl with ESMTPS; Mon, 23 Jan 2012 15:55:00 +0100")]
    forged = [("Received", "from a by mx.example.org with ESMTP; Mon, 23 Jan 2012 15:55:00 +0100")]
    site.deliver(mails.form_mail("a@example.org", mails.someone(1), more=received), "2012-01-23 16:03:00")
    site.deliver(mails.form_mail("b@example.org", mails.someone(2), more=forged), "2012-01-23 16:03:00")
    site.deliver(mails.form_mail("c@example.org", mails.someone(3), more=received), "2012-01-23 16:06:00")
    site.once("2012-01-23 17:00")
    assert site.row(sender="a@example.org")["status"] == "accepted"
    assert site.row(sender="a@example.org")["counted_at"] == "2012-01-23T15:55:00+01:00"
    assert site.row(sender="b@example.org")["status"] == "late", "a line that our hosts did not write proves nothing"
    assert site.row(sender="c@example.org")["status"] == "held", "eleven minutes apart and deciding: a person looks"


def test_a_full_room_waits_and_then_refuses(make_site):
    site = make_site(event={"seats": 2, "waitlist": 2})
    a, b, c, d, e = deliver_people(site, 5)
    site.once()
    assert standing(site) == {a: ("accepted", "seat", None), b: ("accepted", "seat", None),
                              c: ("waitlisted", "waiting", 1), d: ("waitlisted", "waiting", 2),
                              e: ("refused", "none", None)}
    assert {l.to: l.outcome for l in site.letters()} == {
        a: "accepted", b: "accepted", c: "waitlisted", d: "waitlisted", e: "refused"}
    event = site.event()
    assert (event["seats"], event["accepted"], event["waitlisted"], event["refused"]) == (2, 2, 2, 1)


def test_an_endless_waiting_list(make_site):
    site = make_site(event={"seats": 1, "waitlist": -1})
    deliver_people(site, 30)
    site.once()
    assert [r["position"] for r in sorted(site.list(), key=lambda r: r["counted_at"])] == [None, *range(1, 30)]


def test_order_is_by_arrival_not_by_uid(make_site):
    site = make_site(event={"seats": 1})
    site.deliver(mails.form_mail("drugi@example.org", mails.someone(1)), "2012-01-20 10:00:01")
    site.deliver(mails.form_mail("pierwszy@example.org", mails.someone(2)), "2012-01-20 10:00:00")
    site.once()
    assert {k: v[0] for k, v in standing(site).items()} == {
        "pierwszy@example.org": "accepted", "drugi@example.org": "waitlisted"}


def test_one_instant_is_settled_by_uid(make_site):
    site = make_site(event={"seats": 1})
    for name in ("a", "b", "c"):
        site.deliver(mails.form_mail(f"{name}@example.org", mails.someone(ord(name))), "2012-01-20 10:00:00")
    site.once()
    assert standing(site) == {"a@example.org": ("accepted", "seat", None), "b@example.org": ("waitlisted", "waiting", 1),
                              "c@example.org": ("waitlisted", "waiting", 2)}


def test_a_slow_document_keeps_its_turn(make_site):
    site = make_site(event={"seats": 1})
    site.deliver(mails.docx_mail("dokument@example.org", mails.someone(1)), "2012-01-20 10:00:00")
    site.deliver(mails.form_mail("tekst@example.org", mails.someone(2)), "2012-01-20 10:00:01")
    site.once()
    assert standing(site)["dokument@example.org"][0] == "accepted"
    assert standing(site)["tekst@example.org"][0] == "waitlisted"


@pytest.mark.parametrize("missing", [["organisation"], ["consent"], ["organisation", "consent"]])
def test_a_missing_required_field(site, missing):
    fields = mails.person(**dict.fromkeys(missing))
    site.deliver(mails.form_mail("a@example.org", fields))
    site.once()
    row = site.row(sender="a@example.org")
    assert (row["status"], row["place"], row["position"]) == ("incomplete", "none", None)
    assert row["fields"] == mails.register(fields), "a field not answered is absent"
    letter = site.letter(to="a@example.org")
    assert letter.outcome == "incomplete"
    for key in missing:
        assert mails.LABELS[key] in letter.words, f"the letter must ask for {mails.LABELS[key]}"
    assert PRESENT <= set(letter.words.split()), "and repeat what was read"
    assert site.event()["incomplete"] == 1


PRESENT = {"Żaneta", "Gęślą-Jaźń", "wegetariańska"}


def test_a_copy_of_the_blank_without_a_name_is_incomplete(make_site, tmp_path):
    blank = tmp_path / "blank.docx"
    blank.write_bytes(docx([(label, "") for label in mails.LABELS.values()]))
    site = make_site(event={"blank_form": str(blank)})
    rows = [(label, mails.person().get(key, "") if key != "name" else "") for key, label in mails.LABELS.items()]
    site.deliver(mails.attached_mail("a@example.org", docx(rows)))
    site.once()
    row = site.row(sender="a@example.org")
    assert row["status"] == "incomplete", f"{row}\n{site.mail()}"
    assert mails.LABELS["name"] in site.letter().words


def test_an_optional_field_missing_holds_nobody(site):
    fields = mails.person(sector=None, position=None, phone=None, email=None, diet=None)
    site.deliver(mails.form_mail("a@example.org", fields))
    site.once()
    row = site.row(sender="a@example.org")
    assert (row["status"], row["fields"]) == ("accepted", mails.register(fields))


def test_consent_refused(site):
    site.deliver(mails.form_mail("a@example.org", mails.person(consent="NIE")))
    site.once()
    assert (site.row(sender="a@example.org")["status"], site.letter().outcome) == ("incomplete", "incomplete")


def test_missing_lines_in_an_answer_complete_it(site):
    site.deliver(mails.form_mail("a@example.org", mails.person(organisation=None)), "2012-01-20 10:00")
    site.once("2012-01-20 11:00")
    first = site.row(sender="a@example.org")
    answer = mails.reply_mail("a@example.org", site.letter(), "Nazwa organizacji: Fundacja Brama", identity="<uzup@example.org>")
    site.deliver(answer, "2012-01-20 12:00")
    site.once("2012-01-20 12:30")
    row = site.row(ref=first["ref"])
    assert (row["status"], row["fields"]["organisation"]) == ("accepted", "Fundacja Brama")
    assert row["fields"]["name"] == first["fields"]["name"]
    assert row["counted_at"] == "2012-01-20T12:00:00+01:00", "the completing mail's time counts"
    handled = site.handled("<uzup@example.org>")
    assert (handled["class"], handled["outcome"], handled["ref"]) == ("completion", "completed", first["ref"])
    assert [l.outcome for l in site.letters()] == ["incomplete", "accepted"]
    assert len(site.list()) == 1


def test_a_whole_new_form_completes_it(site):
    site.deliver(mails.form_mail("a@example.org", mails.person(consent=None)), "2012-01-20 10:00")
    site.once("2012-01-20 11:00")
    site.deliver(mails.form_mail("a@example.org", mails.person()), "2012-01-20 12:00")
    site.once("2012-01-20 12:30")
    (row,) = site.list()
    assert (row["status"], row["counted_at"]) == ("accepted", "2012-01-20T12:00:00+01:00")


def test_completion_may_keep_the_first_time(make_site):
    site = make_site(event={"incomplete_keeps_time": True})
    site.deliver(mails.form_mail("a@example.org", mails.person(consent=None)), "2012-01-20 10:00")
    site.once("2012-01-20 11:00")
    site.deliver(mails.form_mail("a@example.org", mails.person()), "2012-01-20 12:00")
    site.once("2012-01-20 12:30")
    assert site.list()[0]["counted_at"] == "2012-01-20T10:00:00+01:00"


def test_completion_after_the_deadline_is_late(site):
    site.deliver(mails.form_mail("a@example.org", mails.person(consent=None)), "2012-01-23 15:00")
    site.once("2012-01-23 15:30")
    site.deliver(mails.form_mail("a@example.org", mails.person()), "2012-01-23 16:00:01")
    site.once("2012-01-23 17:00")
    assert "accepted" not in [r["status"] for r in site.list()]


def test_two_people_in_one_mail(site):
    people = [mails.someone(1), mails.someone(2)]
    site.deliver(mails.form_mail("biuro@example.org", people, identity="<dwoje@example.org>"))
    site.once()
    rows = site.list()
    assert [r["fields"] for r in rows] == [mails.register(p) for p in people]
    assert [r["status"] for r in rows] == ["accepted", "accepted"]
    letter = site.letter(to="biuro@example.org")
    assert letter.outcome == "group"
    for row in rows:
        assert row["ref"] in letter.words and row["fields"]["name"] in letter.words
    assert len(letter.cancel_links()) == 2, "each of them may be cancelled"
    handled = site.handled("<dwoje@example.org>")
    assert (handled["outcome"], sorted(handled["refs"])) == ("registered", sorted(r["ref"] for r in rows))
    assert site.status()["balance"]["registered"] == 1, "the balance counts mails"


def test_two_people_for_one_seat(make_site):
    site = make_site(event={"seats": 1})
    site.deliver(mails.form_mail("biuro@example.org", [mails.someone(1), mails.someone(2)]))
    site.once()
    assert [(r["status"], r["position"]) for r in site.list()] == [("accepted", None), ("waitlisted", 1)]


def test_quotas(make_site):
    quotas = ({"field": "sector", "value": "NGO", "seats": 1}, {"field": "sector", "value": "JST", "seats": 1})
    site = make_site(event={"seats": 2, "quotas": quotas})
    for n, sector in enumerate(["NGO", "NGO", "JST"]):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n, sector=sector)), f"2012-01-20 10:0{n}")
    site.once()
    assert [standing(site)[mails.address(n)][0] for n in range(3)] == ["accepted", "waitlisted", "accepted"]


def test_seats_for_one_organisation(make_site):
    site = make_site(event={"per_organisation": 1})
    for n, name in enumerate(["Fundacja Brama", "FUNDACJA  BRAMA", "Fundacja Most"]):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n, organisation=name)), f"2012-01-20 10:0{n}")
    site.once()
    assert [standing(site)[mails.address(n)][0] for n in range(3)] == ["accepted", "waitlisted", "accepted"]


# --- which event

def two_events(site):
    site.add_event("wolontariat", ref_prefix="WO", title="Wolontariat w samorządzie",
                   match={"subject": ("wolontariat",), "address": "zapisy+wo@rcwip.pl"}, blank_form="")


def test_the_subject_names_the_event(site):
    two_events(site)
    site.deliver(mails.form_mail("a@example.org", mails.someone(1), subject="Wolontariat - zgłoszenie"))
    site.deliver(mails.form_mail("b@example.org", mails.someone(2), subject="model WSPÓŁPRACY: zgłoszenie"))
    site.deliver(mails.form_mail("c@example.org", mails.someone(3), subject="Zgłoszenie", to="zapisy+wo@rcwip.pl"))
    site.once()
    assert {r["sender"]: r["event"] for r in site.list()} == {
        "a@example.org": "wolontariat", "b@example.org": "model-wspolpracy", "c@example.org": "wolontariat"}
    assert site.row(sender="a@example.org")["ref"].startswith("WO-")


def test_no_guess_between_two_events(site):
    two_events(site)
    site.deliver(mails.form_mail("a@example.org", mails.someone(1), subject="Zgłoszenie"))
    site.once()
    assert [r for r in site.list() if r["place"] == "seat"] == []
    assert [m["outcome"] for m in site.mail()] == ["review"]
    (item,) = site.review()
    assert item["event"] is None


def test_the_only_open_event_takes_a_form_without_a_subject(site):
    site.deliver(mails.form_mail("a@example.org", subject="Zgłoszenie"))
    site.once()
    assert site.row(sender="a@example.org")["status"] == "accepted"


def test_refs_can_be_read_out(make_site):
    site = make_site(event={"seats": 60})
    deliver_people(site, 50)
    site.once()
    refs = [r["ref"] for r in site.list()]
    assert len(set(refs)) == 50
    for ref in refs:
        prefix, code = ref.split("-")
        assert prefix == "MW" and len(code) >= 4
        assert not set(code) & set("0O1IL"), f"{ref} has letters that sound or look alike"
