# SPDX-License-Identifier: GPL-3.0-or-later
"""The digest: once a date at the coordinator's hour, with all that she must know."""
import pytest

from harness import mails


def digests(site):
    return [l for l in site.smtp.letters() if l.outcome == "digest"]


def sent_by(site, now):
    """How many digests this run sends."""
    before = len(digests(site))
    site.once(now)
    return len(digests(site)) - before


def test_exactly_one_a_date(site):
    sent_by(site, "2012-01-19 22:00")
    assert [sent_by(site, f"2012-01-20 {t}") for t in ("07:29:30", "07:30", "07:31", "12:00", "23:59")] == [0, 1, 0, 0, 0]
    assert [sent_by(site, f"2012-01-21 {t}") for t in ("00:01", "07:29", "08:00", "08:01")] == [0, 0, 1, 0]


def test_the_hour_is_the_coordinators(make_site):
    site = make_site(settings={"coordinator": {"timezone": "Europe/London"}})
    sent_by(site, "2012-01-19 22:00")
    assert sent_by(site, "2012-01-20 08:29") == 0
    assert sent_by(site, "2012-01-20 08:30") == 1


@pytest.mark.parametrize("date, times", [
    ("2012-10-28", ["01:59", "02:30:00+02:00", "02:59:00+02:00", "02:30:00+01:00", "03:30"]),
    ("2012-03-25", ["01:59", "03:00", "03:30", "04:00"])])
def test_one_a_date_when_clocks_change(make_site, date, times):
    """02:30 comes twice in October and not at all in March."""
    site = make_site(settings={"coordinator": {"digest_at": "02:30"}})
    sent_by(site, "2012-03-24 22:00" if "03" in date[:7] else "2012-10-27 22:00")
    assert sum(sent_by(site, f"{date} {t}") for t in times) == 1


def test_a_digest_missed_by_days_comes_once(site):
    sent_by(site, "2012-01-15 22:00")
    assert sent_by(site, "2012-01-20 12:00") == 1


def test_a_digest_that_cannot_leave_is_not_doubled(site, smtp):
    sent_by(site, "2012-01-19 22:00")
    smtp.stop()
    site.once("2012-01-20 07:31", code=75)
    smtp.start()
    site.once("2012-01-20 09:00")
    site.once("2012-01-20 12:00")
    assert len(digests(site)) - sum("19 stycznia" in d.subject for d in digests(site)) == 1


def test_what_it_says(make_site):
    site = make_site(event={"seats": 1})
    sent_by(site, "2012-01-20 07:31")
    for n in range(2):
        site.deliver(mails.form_mail(mails.address(n), mails.someone(n)), f"2012-01-20 10:0{n}")
    site.deliver(mails.form_mail("robot@example.com", mails.someone(5), more=[("Auto-Submitted", "auto-replied")]),
                 "2012-01-20 10:30")
    site.deliver(mails.text_mail("mama@example.com", "Cześć\r\n", subject="obiad"), "2012-01-20 11:00")
    site.smtp.fault("recipient", "550 5.1.1 no such user", recipient=mails.address(1))
    site.once("2012-01-20 12:00")
    site.once("2012-01-21 07:31")
    digest = digests(site)[-1]
    assert (digest.to, digest["Auto-Submitted"]) == (mails.COORDINATOR, "auto-generated")
    assert digest["X-Auto-Response-Suppress"] == "All"
    for row in site.list():
        if row["status"] in ("accepted", "waitlisted"):
            assert row["ref"] in digest.words, f"{row['ref']} is new:\n{digest.text}"
    assert "Model współpracy JST & NGO" in digest.words
    assert mails.address(1) in digest.words or site.row(sender=mails.address(1))["ref"] in digest.words
    assert "mama@example.com" not in digest.words and "obiad" not in digest.words
    balance = site.status()["balance"]
    assert balance["fetched"] == 4 and "4" in digest.words


def test_zapisyctl_shows_it_and_sends_nothing(site, smtp):
    sent_by(site, "2012-01-20 07:31")
    site.deliver(mails.form_mail("a@example.org"), "2012-01-20 10:00")
    site.once("2012-01-20 12:00")
    count = len(smtp.messages)
    assert site.row(sender="a@example.org")["ref"] in site.ctl("digest").out
    site.once("2012-01-20 12:30")
    assert len(smtp.messages) == count


def test_zapisyctl_sends_it_on_request(site):
    sent_by(site, "2012-01-19 22:00")
    sent_by(site, "2012-01-20 08:00")
    before = len(digests(site))
    site.ctl("digest", "--send")
    site.once("2012-01-20 12:30")
    assert len(digests(site)) == before + 1
