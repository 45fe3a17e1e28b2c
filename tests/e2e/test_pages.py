# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents that are pages: they go to zapisy-pages, and nobody loses a seat to how long that takes."""
import os
import pathlib
import re

from harness import mails
from harness.zapisy import rfc3339

FORMS = pathlib.Path(__file__).resolve().parents[1] / "forms"

PDF = b"%PDF-1.4\n%%EOF\n"
SLOW = """if record['op'] == 'document':
        import time
        time.sleep(1.5)
        keeper.send(json.dumps({'op': 'failed', 'id': record['id'], 'reason': 'nothing to be read'}).encode())"""


def pdf_mail(sender, **options):
    return mails.attached_mail(sender, PDF, "ankieta.pdf", "application/pdf", **options)


def once(site, binary):
    return site.run("zapisyd", "-c", site.file, "--now", rfc3339(site.now), "--once", binary=binary).expect(0)


def in_order(site):
    """To whom letters were written, first to last."""
    return [letter["to"] for letter in sorted(site.outbox(), key=lambda l: l["id"]) if letter["kind"] != "digest"]


def rush(site, count=2):
    """A document that takes long comes first."""
    site.deliver(pdf_mail("slow@example.org"), "2012-01-20 11:00")
    for i in range(1, count):
        site.deliver(mails.form_mail(mails.address(i), mails.someone(i)), f"2012-01-20 11:0{i}")


def test_a_slow_document_keeps_nobody_waiting_while_there_are_seats(make_site, broken):
    site = make_site(event={"seats": 30})
    rush(site)
    once(site, broken("zapisy-pages", SLOW))
    assert in_order(site) == [mails.address(1), "slow@example.org"]
    assert [site.row(sender=who)["status"] for who in in_order(site)] == ["accepted", "held"]


def test_nobody_overtakes_a_slow_document_when_seats_are_few(make_site, broken):
    site = make_site(event={"seats": 1})
    rush(site, 3)
    once(site, broken("zapisy-pages", SLOW))
    assert in_order(site) == ["slow@example.org", mails.address(1), mails.address(2)]
    assert [site.row(sender=who)["status"] for who in in_order(site)] == ["held", "waitlisted", "waitlisted"]
    assert site.row(sender="slow@example.org")["place"] == "seat"


def test_what_came_before_a_slow_document_does_not_wait(make_site, broken):
    site = make_site(event={"seats": 1})
    site.deliver(mails.form_mail(mails.address(7), mails.someone(7)), "2012-01-20 10:00")
    rush(site)
    once(site, broken("zapisy-pages", SLOW))
    assert in_order(site) == [mails.address(7), "slow@example.org", mails.address(1)]


def test_a_person_does_not_overtake_themselves(make_site, broken):
    site = make_site(event={"seats": 30})
    site.deliver(pdf_mail(mails.address(1)), "2012-01-20 11:00")
    site.deliver(mails.form_mail(mails.address(1), mails.someone(1)), "2012-01-20 11:05")
    once(site, broken("zapisy-pages", SLOW))
    assert [site.row(status=status)["counted_at"][11:16] for status in ("held", "accepted")] == ["11:00", "11:05"]
    assert [l["kind"] for l in sorted(site.outbox(), key=lambda l: l["id"])][:2] == ["held", "accepted"]


READS = """if record['op'] == 'event':
        event = record['event']
    if record['op'] == 'document':
        import time
        time.sleep(5)
        value = lambda text: {'value': text, 'confidence': 1.0, 'where': 'ankieta.pdf, table 1, row 1'}
        people = [{'fields': {'name': value(name), 'organisation': value('Fundacja Wolno'), 'consent': value('yes')},
                   'missing': []} for name in ('Powolna Osoba', 'Druga Osoba')]
        reading = {'form': True, 'blank': False, 'people': people, 'problems': []}
        keeper.send(json.dumps({'op': 'document', 'id': record['id'], 'problems': [], 'readings': [
            {'event': event['id'], 'reading': reading, 'mentions': False}]}).encode())"""


def test_who_waits_too_long_for_a_slow_document_is_decided_behind_it(make_site, broken):
    """It gets its place unread, and is judged when it has been read; a second person in it queues then."""
    site = make_site({"limits": {"patience_seconds": 1}}, event={"seats": 2, "waitlist": 20})
    site.deliver(pdf_mail("slow@example.org"), "2012-01-20 11:00")
    for i in (1, 2):
        site.deliver(mails.form_mail(mails.address(i), mails.someone(i)), f"2012-01-20 11:0{i}")
    once(site, broken("zapisy-pages", READS))
    letters = [(l["to"], l["kind"]) for l in sorted(site.outbox(), key=lambda l: l["id"]) if l["kind"] != "digest"]
    assert letters == [("slow@example.org", "held"), (mails.address(1), "accepted"), (mails.address(2), "waitlisted"),
                       ("slow@example.org", "accepted"), ("slow@example.org", "waitlisted")]
    rows = {row["fields"]["name"]: (row["status"], row["place"]) for row in site.list()}
    assert rows["Powolna Osoba"] == ("accepted", "seat") and rows["Druga Osoba"] == ("waitlisted", "waiting")
    assert site.review() == []
    (mail,) = [m for m in site.mail() if len(m["refs"]) == 2]
    assert mail["class"] == "form"


def test_private_mail_holds_nobody_up_for_long(make_site, broken):
    site = make_site({"limits": {"patience_seconds": 1}}, event={"seats": 1})
    private = mails.attached_mail("znajoma@example.net", PDF, "przepis.pdf", "application/pdf", subject="Przepis na pierogi")
    site.deliver(private, "2012-01-20 11:00")
    site.deliver(mails.form_mail(mails.address(1), mails.someone(1)), "2012-01-20 11:01")
    once(site, broken("zapisy-pages", SLOW.replace("1.5", "5")))
    assert site.row(sender=mails.address(1))["status"] == "accepted"
    assert [m["class"] for m in site.mail()] == ["form", "other"], "in the order of first sight"


def test_without_the_program_a_person_reads_them(make_site, broken):
    site = make_site()
    binary = broken("zapisy-pages")
    os.unlink(os.path.join(os.path.dirname(binary), "zapisy-pages"))
    site.deliver(pdf_mail("a@example.org"))
    site.deliver(mails.form_mail("b@example.org"))
    once(site, binary)
    assert site.row(sender="a@example.org")["status"] == "held"
    assert site.row(sender="b@example.org")["status"] == "accepted"
    assert any("cannot be read on this machine" in mail["reason"] for mail in site.mail()), site.mail()


def test_a_program_that_does_not_start_holds_nobody_up(make_site, broken):
    site = make_site()
    binary = broken("zapisy-pages")
    with open(os.path.join(os.path.dirname(binary), "zapisy-pages"), "w", encoding="ascii") as f:
        f.write("#!/bin/sh\nexit 3\n")
    site.deliver(pdf_mail("a@example.org"))
    once(site, binary)
    assert site.row(sender="a@example.org")["status"] == "held"


def test_pictures_are_looked_at_only_where_no_form_is(make_site, broken, tmp_path):
    """Beside a form they are logos and photographs."""
    site = make_site()
    asked = tmp_path / "asked"
    binary = broken("zapisy-pages", f"""if record['op'] == 'document':
        open({str(asked)!r}, 'a').write('x')
        keeper.send(json.dumps({{'op': 'document', 'id': record['id'], 'readings': [], 'problems': []}}).encode())""")
    picture = mails.attachment(b"\x89PNG\r\n\x1a\n" + bytes(100_000), "skan.png", "image/png")
    for sender, parts in (("a@example.org", [mails.body_part(mails.inline(mails.someone(1))), picture]),
                          ("b@example.org", [mails.body_part("W załączeniu zgłoszenie."), picture])):
        site.deliver(mails.headers(sender) + mails.multipart("mixed", parts))
    once(site, binary)
    assert asked.read_text() == "x"
    assert site.row(sender="a@example.org")["status"] == "accepted"
    assert site.row(sender="b@example.org")["status"] == "held"


# ---- the real program

def test_a_scan_waits_for_a_person_with_its_pages(site, tmp_path):
    """What was recognised stands in the register, none of it sure; the pages are kept as pictures beside it."""
    scan = (FORMS / "scans" / "table_a1.fax196.tif").read_bytes()
    site.deliver(mails.attached_mail("skan@example.org", scan, "skan.tif", "image/tiff", text="W zalaczeniu."))
    site.once(timeout=120)
    row = site.row(sender="skan@example.org")
    assert (row["status"], row["place"]) == ("held", "seat")
    assert row["fields"]["name"] == "Grzegorz Brzęczyszczykiewicz"
    shown = site.json("show", row["ref"])
    assert max(value["confidence"] for value in shown["values"].values()) < 0.8
    assert site.letter(to="skan@example.org").outcome == "held"
    target = tmp_path / "scan.eml"
    site.ctl("show", row["ref"], "--raw", str(target))
    page = (tmp_path / "scan.eml-1.png").read_bytes()
    assert page.startswith(b"\x89PNG") and len(page) > 10_000
    html = (tmp_path / "scan.eml.html").read_text(encoding="utf-8")
    assert 'src="scan.eml-1.png"' in html and "Brzęczyszczykiewicz" in html
    assert re.search(r"zapisyctl resolve \d+", html)
    assert not list(tmp_path.glob("*-2.png"))


def test_a_pdf_form_is_read_like_any_other(make_site):
    """Also where the event's blank form is a PDF file, which a Word document is laid beside."""
    site = make_site()
    blank = os.path.join(site.conf, "events", "forms", "ankieta.pdf")
    os.makedirs(os.path.dirname(blank), exist_ok=True)
    pathlib.Path(blank).write_bytes((FORMS / "table_blank.pdf").read_bytes())
    site.set_event(blank_form=blank)
    site.deliver(mails.attached_mail("a@example.org", (FORMS / "table_a1.pdf").read_bytes(), "a.pdf", "application/pdf"))
    site.deliver(mails.attached_mail("b@example.org", (FORMS / "table_a2.docx").read_bytes(), "b.docx", mails.DOCX))
    site.deliver(mails.attached_mail("c@example.org", (FORMS / "table_blank.docx").read_bytes(), "c.docx", mails.DOCX))
    site.once(timeout=120)
    assert site.row(sender="a@example.org")["fields"]["name"] == "Grzegorz Brzęczyszczykiewicz"
    assert site.row(sender="b@example.org")["fields"]["name"] == "Żaneta Śliwińska-Gęś"
    assert [site.row(sender=f"{who}@example.org")["status"] for who in "ab"] == ["accepted", "accepted"]
    assert site.row(sender="c@example.org")["fields"] == {}, "a blank form is no registration"
    out = site.ctl("read", "--json", str(FORMS / "table_a2.docx"), str(FORMS / "table_blank.docx")).out
    assert "Żaneta" in out and '"blank"' in out


def test_the_program_runs_only_while_there_is_work(make_site):
    site = make_site()
    with site.service() as service:
        site.deliver(mails.form_mail("a@example.org"))
        service.wait_for(lambda: site.letters(to="a@example.org"), "the letter")
        assert not service.helpers("zapisy-pages")
        site.deliver(mails.attached_mail("b@example.org", (FORMS / "table_a1.pdf").read_bytes(), "a.pdf", "application/pdf"))
        service.wait_for(lambda: site.letters(to="b@example.org"), "the letter", 60)
        assert service.helpers("zapisy-pages")
