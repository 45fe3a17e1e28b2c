# SPDX-License-Identifier: GPL-3.0-or-later
"""The same person again: duplicates, corrections, other people at the same address."""
from harness import mails

ADDRESS = "osoba1@example.org"
FIELDS = mails.someone(1)
CHANGED = mails.someone(1, diet="bezglutenowa", phone="601 602 603")


def registered(site, fields=FIELDS, address=ADDRESS, when="2012-01-20 10:00"):
    site.deliver(mails.form_mail(address, fields), when)
    site.once("2012-01-20 10:30")
    return site.row(sender=address)


def test_the_identical_form_is_a_duplicate(site):
    first = registered(site)
    site.deliver(mails.form_mail(ADDRESS, FIELDS, identity="<znowu@example.org>"), "2012-01-20 11:00")
    site.once()
    assert site.list() == [first]
    handled = site.handled("<znowu@example.org>")
    assert (handled["class"], handled["outcome"], handled["ref"]) == ("form", "duplicate", first["ref"])
    assert [l.outcome for l in site.letters()] == ["accepted", "duplicate"]
    assert site.letters()[1].ref == first["ref"]


def test_a_duplicate_is_answered_once(site):
    registered(site)
    for hour in (11, 12, 13):
        site.deliver(mails.form_mail(ADDRESS, FIELDS), f"2012-01-20 {hour}:00")
        site.once(f"2012-01-20 {hour}:30")
    assert [l.outcome for l in site.letters()] == ["accepted", "duplicate"]
    assert site.status()["balance"]["duplicate"] == 3


def test_a_duplicate_in_the_same_batch(site):
    for minute in (1, 2):
        site.deliver(mails.form_mail(ADDRESS, FIELDS), f"2012-01-20 10:0{minute}")
    site.once()
    assert [r["counted_at"] for r in site.list()] == ["2012-01-20T10:01:00+01:00"]


def test_the_name_is_compared_folded(site):
    registered(site, mails.person("Żaneta Gęślą-Jaźń"))
    site.deliver(mails.form_mail(ADDRESS, mails.person("ŻANETA  GĘŚLĄ-JAŹŃ")), "2012-01-20 11:00")
    site.once()
    assert len(site.list()) == 1


def test_the_surname_may_stand_first(site):
    registered(site, mails.person("Gęślą-Jaźń Żaneta"))
    site.deliver(mails.form_mail(ADDRESS, mails.person("Żaneta Gęślą-Jaźń")), "2012-01-20 11:00")
    site.deliver(mails.form_mail("inny@example.org", mails.person("Żaneta Gęślą-Jaźń")), "2012-01-20 11:05")
    site.once()
    assert [row["fields"]["name"] for row in site.list()] == ["Gęślą-Jaźń Żaneta", "Żaneta Gęślą-Jaźń"]
    assert all("possible-duplicate" in row["flags"] for row in site.list())


def test_a_correction_with_proof_updates(site):
    first = registered(site)
    raw = mails.reply_mail(ADDRESS, site.letter(), mails.inline(CHANGED), identity="<zmiana@example.org>")
    site.deliver(raw, "2012-01-20 11:00")
    site.once()
    (row,) = site.list()
    assert row["fields"] == mails.register(CHANGED)
    assert [row[k] for k in ("ref", "status", "counted_at")] == [first[k] for k in ("ref", "status", "counted_at")]
    handled = site.handled("<zmiana@example.org>")
    assert (handled["class"], handled["outcome"], handled["ref"]) == ("change", "updated", first["ref"])
    letter = site.letters()[1]
    assert letter.outcome == "updated"
    for value in ("wegetariańska", "bezglutenowa", "601602603"):
        assert value in letter.words.replace(" ", "") or value in letter.words, f"old and new: {value} is missing"


def test_a_correction_without_proof_goes_to_review(site):
    first = registered(site)
    site.deliver(mails.form_mail(ADDRESS, CHANGED, identity="<zmiana@example.org>"), "2012-01-20 11:00")
    site.once()
    assert site.row(ref=first["ref"])["fields"] == mails.register(FIELDS), "nothing is changed without proof"
    assert site.handled("<zmiana@example.org>")["outcome"] == "review"
    assert len(site.review()) == 1
    assert len([r for r in site.list() if r["place"] == "seat"]) == 1


def test_a_forged_reply_proves_nothing(site):
    """In-Reply-To with a Message-ID that is not ours."""
    first = registered(site)
    more = [("In-Reply-To", "<zgadnij@rcwip.pl>"), ("References", "<zgadnij@rcwip.pl>")]
    site.deliver(mails.form_mail(ADDRESS, CHANGED, subject="Re: Zgłoszenie przyjęte", more=more), "2012-01-20 11:00")
    site.once()
    assert site.row(ref=first["ref"])["fields"] == mails.register(FIELDS)


def test_another_name_at_the_same_address_is_another_person(site):
    registered(site)
    site.deliver(mails.form_mail(ADDRESS, mails.someone(2)), "2012-01-20 11:00")
    site.once()
    assert [(r["status"], r["fields"]["name"]) for r in site.list()] == [
        ("accepted", mails.someone(1)["name"]), ("accepted", mails.someone(2)["name"])]
    assert [l.outcome for l in site.letters()] == ["accepted", "accepted"]


def test_another_name_is_another_person_even_in_an_answer(site):
    registered(site)
    site.deliver(mails.reply_mail(ADDRESS, site.letter(), mails.inline(mails.someone(2))), "2012-01-20 11:00")
    site.once()
    assert [r["fields"]["name"] for r in site.list()] == [mails.someone(1)["name"], mails.someone(2)["name"]]


def test_the_same_name_at_another_address_is_kept_and_flagged(site):
    registered(site)
    site.deliver(mails.form_mail("dom@example.com", FIELDS), "2012-01-20 11:00")
    site.once()
    rows = site.list()
    assert [r["status"] for r in rows] == ["accepted", "accepted"]
    assert "possible-duplicate" in rows[0]["flags"] + rows[1]["flags"]
    assert "possible-duplicate" in site.row(sender="dom@example.com")["flags"]


def test_the_same_name_on_paper_is_kept_and_flagged(site):
    registered(site)
    row = site.add("fax", "2012-01-20 11:05", FIELDS)
    assert "possible-duplicate" in row["flags"]
    assert len(site.list()) == 2


def test_after_cancelling_a_new_form_is_a_new_claim(site):
    first = registered(site)
    site.ctl("cancel", first["ref"])
    site.deliver(mails.form_mail(ADDRESS, FIELDS), "2012-01-20 11:00")
    site.once()
    old, new = site.row(ref=first["ref"]), [r for r in site.list() if r["ref"] != first["ref"]]
    assert old["status"] == "cancelled"
    assert [(r["status"], r["counted_at"]) for r in new] == [("accepted", "2012-01-20T11:00:00+01:00")]


def test_the_address_answers_go_to(site):
    """Reply-To counts only in From's domain; the form's own e-mail is data."""
    site.deliver(mails.form_mail("a@example.org", mails.someone(1), more=[("Reply-To", "sekretariat@example.org")]))
    site.deliver(mails.form_mail("b@example.org", mails.someone(2), more=[("Reply-To", "ktos@example.com")]))
    site.once()
    assert {r["fields"]["name"]: r["sender"] for r in site.list()} == {
        mails.someone(1)["name"]: "sekretariat@example.org", mails.someone(2)["name"]: "b@example.org"}
    assert sorted(l.to for l in site.letters()) == ["b@example.org", "sekretariat@example.org"]
