# SPDX-License-Identifier: GPL-3.0-or-later
"""A forged sender cancels nobody, moves nobody and learns nothing about others."""
import pytest

from harness import mails

US = "mx.rcwip.pl"
VICTIM, ATTACKER = "ofiara@example.org", "wlamywacz@zly.example"
FIELDS = mails.someone(1, email=VICTIM)
CHANGED = mails.someone(1, email=VICTIM, organisation="Inna organizacja", phone="600 600 600")
FAIL = [("Authentication-Results", f"{US}; dmarc=fail header.from=example.org")]
REFUSED = FIELDS["organisation"], FIELDS["position"], "74 665 11 22", VICTIM


@pytest.fixture
def site(make_site):
    return make_site(settings={"mailbox": {"authserv_id": US}})


def registered(site, address=VICTIM, fields=FIELDS, more=()):
    site.deliver(mails.form_mail(address, fields, more=more), "2012-01-20 10:00")
    site.once("2012-01-20 10:30")
    return site.row(sender=address)


def attack(site, raw, when="2012-01-20 11:00", now="2012-01-20 11:30"):
    """The mail's row of mail --json, and the letters that left because of it."""
    before = len(site.letters())
    site.deliver(raw, when)
    site.once(now)
    return site.mail()[-1], site.letters()[before:]


def silent_about(letters, *words):
    for letter in letters:
        for word in words:
            assert word not in letter.words, f"{word} is told to {letter.to}:\n{letter.text}"


# --- whom to believe about DMARC

BELIEVED = [
    f"{US}; dmarc=fail header.from=example.org",
    f"{US} 1; spf=pass smtp.mailfrom=example.org;\r\n dkim=none; dmarc=fail (p=none dis=none) header.from=example.org",
    f"(our own) {US.upper()}; DMARC = fail",
    f"{US}; dmarc/1=fail reason=\"policy; see dmarc=pass\"",
]
NOT_BELIEVED = [
    "mx.inny.example; dmarc=fail", f"{US}.zly.example; dmarc=fail", f"{US}; dmarc=pass", f"{US}; dmarc=temperror",
    f"{US}; spf=fail; dkim=fail", f"mx.inny.example; dkim=pass (; {US}; dmarc=fail)", f"{US}; none",
]


@pytest.mark.parametrize("value", BELIEVED)
def test_our_own_servers_word_is_believed(site, value):
    row = registered(site, more=[("Authentication-Results", value)])
    assert (row["status"], row["place"]) == ("held", "none")


@pytest.mark.parametrize("value", NOT_BELIEVED)
def test_nobody_elses_word_is(site, value):
    row = registered(site, more=[("Authentication-Results", value)])
    assert row["status"] == "accepted"


def test_two_of_ours_are_one_too_many(site):
    for n, second in enumerate((f"{US}; dmarc=pass", f"\"{US}\"; dmarc=pass", f"{US}; dmarc=fail")):
        address = mails.address(n)
        row = registered(site, address, mails.someone(n), more=[*FAIL, ("Authentication-Results", second)])
        assert row["status"] == "accepted", "none of them is believed"


def test_a_foreign_one_beside_ours_changes_nothing(site):
    more = [*FAIL, ("Authentication-Results", "mx.inny.example; dmarc=pass")]
    assert registered(site, more=more)["status"] == "held"


# --- the form whose sender is not confirmed

def test_one_request_without_details(site):
    row = registered(site, more=FAIL)
    assert (row["status"], row["place"]) == ("held", "none")
    (letter,) = site.letters()
    assert (letter.to, letter.outcome) == (VICTIM, "question")
    silent_about([letter], FIELDS["name"], *REFUSED, "REZYGNACJA")
    for hour in (11, 12):
        mail, letters = attack(site, mails.form_mail(VICTIM, FIELDS, more=FAIL), f"2012-01-20 {hour}:00",
                               f"2012-01-20 {hour}:30")
        assert letters == [], "one request, and no copy of the form for whoever is forged"
        assert mail["outcome"] == "duplicate"
    mail, letters = attack(site, mails.form_mail(VICTIM, CHANGED, more=FAIL), "2012-01-20 13:00", "2012-01-20 13:30")
    assert (mail["outcome"], letters) == ("review", [])
    assert len(site.list()) == 1


def test_several_people_are_one_request_too(site):
    people = [mails.someone(n) for n in range(3)]
    site.deliver(mails.form_mail(VICTIM, people, more=FAIL), "2012-01-20 10:00")
    site.once("2012-01-20 10:30")
    (letter,) = site.letters()
    assert letter.outcome == "question"
    silent_about([letter], *(p["name"] for p in people))
    assert [(r["status"], r["place"]) for r in site.list()] == [("held", "none")] * 3
    attack(site, mails.reply_mail(VICTIM, letter, "POTWIERDZAM"))
    assert [r["status"] for r in site.list()] == ["accepted"] * 3
    assert [l.outcome for l in site.letters()] == ["question", "group"]


@pytest.mark.parametrize("when", ["2012-01-23 18:00", "2012-01-26 12:00"])
def test_a_late_form_tells_no_details_either(site, when):
    site.deliver(mails.form_mail(VICTIM, FIELDS, more=FAIL), when)
    site.once("2012-01-26 12:30")
    silent_about(site.letters(), FIELDS["name"], *REFUSED)


@pytest.mark.parametrize("words", ["POTWIERDZAM", "Dzień dobry,\r\n\r\npotwierdzam zgłoszenie.\r\nPozdrawiam",
                                   "Tak, potwierdzam."])
def test_confirming(site, words):
    row = registered(site, more=FAIL)
    other = mails.someone(2)
    registered(site, "inny@example.net", other)
    mail, letters = attack(site, mails.reply_mail(VICTIM, site.letters()[0], words))
    assert (mail["class"], mail["outcome"], mail["ref"]) == ("confirm", "confirmed", row["ref"])
    after = site.row(ref=row["ref"])
    assert (after["status"], after["place"], after["counted_at"]) == ("accepted", "seat", row["counted_at"])
    assert [(l.to, l.outcome) for l in letters] == [(VICTIM, "accepted")]
    assert site.review() == []
    assert site.status()["balance"]["confirmed"] == 1


def test_confirming_after_the_deadline_counts_the_form(site):
    row = registered(site, more=FAIL)
    attack(site, mails.reply_mail(VICTIM, site.letter(), "POTWIERDZAM"), "2012-01-24 11:00", "2012-01-24 11:30")
    assert site.row(ref=row["ref"])["status"] == "accepted"


@pytest.mark.parametrize("words", ["Potwierdzam otrzymanie wiadomości.", "Dziękuję, potwierdzam odbiór.",
                                   "Nie wysyłałem niczego, proszę nie pisać.", "Confirmation of receipt"])
def test_words_that_confirm_nothing(site, words):
    row = registered(site, more=FAIL)
    _, letters = attack(site, mails.reply_mail(VICTIM, site.letter(), words))
    assert site.row(ref=row["ref"])["status"] == "held" and letters == []


def test_confirming_without_proof(site):
    row = registered(site, more=FAIL)
    forged = mails.text_mail(VICTIM, "POTWIERDZAM\r\n", subject="Re: " + site.letter().subject)
    mail, letters = attack(site, forged)
    assert site.row(ref=row["ref"])["status"] == "held" and letters == []
    assert mail["outcome"] != "confirmed"


def test_an_autoresponder_confirms_nothing(site):
    row = registered(site, more=FAIL)
    letter = site.letter()
    more = [("In-Reply-To", letter.message_id), ("Auto-Submitted", "auto-replied")]
    attack(site, mails.text_mail(VICTIM, "POTWIERDZAM\r\n", more=more))
    attack(site, mails.text_mail(VICTIM, letter.text.replace("\n", "\r\n"), more=more[:1]), "2012-01-20 12:00",
           "2012-01-20 12:30")
    assert site.row(ref=row["ref"])["status"] == "held"
    assert len(site.letters()) == 1


def test_proof_weighs_more_than_dmarc(site):
    """Somebody whose own domain is set up badly answers our letter."""
    row = registered(site)
    raw = mails.reply_mail(VICTIM, site.letter(), mails.inline(mails.someone(1, email=VICTIM, diet="bezglutenowa")))
    _, letters = attack(site, FAIL[0][0].encode() + b": " + FAIL[0][1].encode() + b"\r\n" + raw)
    assert site.row(ref=row["ref"])["fields"]["diet"] == "bezglutenowa"
    assert [(l.to, l.outcome) for l in letters] == [(VICTIM, "updated")]


# --- somebody registered is forged

@pytest.mark.parametrize("more", [FAIL, []], ids=["dmarc-fail", "no-dmarc"])
def test_a_forged_change_changes_nothing(site, more):
    row = registered(site)
    mail, letters = attack(site, mails.form_mail(VICTIM, CHANGED, more=more))
    assert site.list() == [row]
    assert (mail["outcome"], letters) == ("review", [])


def test_a_forged_completion_of_an_incomplete_form(site):
    """With DMARC failing nobody completes, or spoils, somebody else's form."""
    row = registered(site, fields=mails.someone(1, email=VICTIM, organisation=None))
    assert row["status"] == "incomplete"
    mail, letters = attack(site, mails.form_mail(VICTIM, CHANGED, more=FAIL))
    assert site.list() == [row]
    assert (mail["outcome"], letters) == ("review", [])


@pytest.mark.parametrize("subject, text", [
    ("Rezygnacja - model współpracy", "Rezygnuję z udziału.\r\n"),
    ("Re: Potwierdzenie", "Rezygnuję.\r\n"),
    ("REZYGNACJA {ref}", ""),
    ("REZYGNACJA {ref}-AAAABBBBCCCCDDDD", ""),
])
@pytest.mark.parametrize("sender", [VICTIM, ATTACKER])
def test_a_forged_cancellation_cancels_nobody(site, sender, subject, text):
    row = registered(site)
    _, letters = attack(site, mails.text_mail(sender, text, subject=subject.format(ref=row["ref"]), more=FAIL))
    assert site.list() == [row]
    assert all(l.to == VICTIM for l in letters) and len(letters) <= 1
    again, letters = attack(site, mails.text_mail(sender, text, subject=subject.format(ref=row["ref"])),
                            "2012-01-20 12:00", "2012-01-20 12:30")
    assert site.list() == [row]
    assert all(l.to == VICTIM for l in letters), "nobody else hears of it"


def test_a_question_is_asked_once_a_day(site):
    registered(site)
    for n in range(12):
        site.deliver(mails.text_mail(VICTIM, "Rezygnuję.\r\n", subject="Rezygnacja - model współpracy"),
                     f"2012-01-20 11:{n:02d}")
    site.once("2012-01-20 12:00")
    assert [l.outcome for l in site.letters()].count("question") == 1


def test_another_persons_token_moves_only_its_own(site):
    """The attacker is registered too: his own proof opens nobody else's registration."""
    row = registered(site)
    registered(site, ATTACKER, mails.someone(2))
    own = site.letters(to=ATTACKER)[0]
    site.deliver(mails.reply_mail(ATTACKER, own, mails.inline([CHANGED, mails.someone(2)])), "2012-01-20 11:00")
    site.deliver(mails.reply_mail(VICTIM, own, mails.inline(CHANGED)), "2012-01-20 11:10")
    site.once("2012-01-20 11:30")
    assert site.row(ref=row["ref"])["fields"] == row["fields"]
    silent_about(site.letters(to=ATTACKER), row["ref"])
    assert [l for l in site.letters(to=VICTIM)[1:] if "Inna organizacja" in l.words] == []


def test_the_same_name_elsewhere_learns_nothing(site):
    row = registered(site)
    copy = mails.someone(1, email=ATTACKER, organisation="Nie wiem", phone="600 600 600", position="szpieg")
    mail, letters = attack(site, mails.form_mail(ATTACKER, copy))
    assert [(l.to, l.outcome) for l in letters] == [(ATTACKER, "accepted")]
    silent_about(letters, row["ref"], VICTIM, "74 665 11 22", FIELDS["organisation"], "powtórz", "już mamy")
    assert site.row(ref=row["ref"])["fields"] == row["fields"]
    plain = attack(site, mails.form_mail("trzeci@inny.example", mails.someone(7)), "2012-01-20 12:00",
                   "2012-01-20 12:30")[1][0]

    def shape(letter):
        return [line.split(":")[0] for line in letter.text.splitlines()]
    assert len(shape(plain)) == len(shape(letters[0])), "the letter looks as any other"


def test_a_form_with_somebody_elses_email(site):
    """The form's e-mail is data: no letter goes there."""
    row = registered(site)
    _, letters = attack(site, mails.form_mail(ATTACKER, mails.someone(3, email=VICTIM)))
    assert [l.to for l in letters] == [ATTACKER]
    assert site.row(ref=row["ref"])["sender"] == VICTIM


def test_a_reply_to_in_another_domain(site):
    """The forged From is a victim's, answers are to go to the attacker."""
    registered(site)
    more = [("Reply-To", ATTACKER)]
    for n, raw in enumerate((mails.form_mail(VICTIM, FIELDS, more=more), mails.form_mail(VICTIM, CHANGED, more=more),
                             mails.text_mail(VICTIM, "Rezygnuję.\r\n", subject="Rezygnacja", more=more))):
        attack(site, raw, f"2012-01-20 1{n + 1}:00", f"2012-01-20 1{n + 1}:30")
    assert {l.to for l in site.letters()} == {VICTIM}


def test_a_forwarded_group_letter_tells_the_one_who_got_it(site):
    """A colleague answers a letter that was not sent to her: her own form is hers, the others' go to their address."""
    site.deliver(mails.form_mail(VICTIM, [mails.someone(1), mails.someone(2)]), "2012-01-20 10:00")
    site.once("2012-01-20 10:30")
    both = [mails.someone(1, diet="bezglutenowa"), mails.someone(5)]
    _, letters = attack(site, mails.reply_mail("kolezanka@example.com", site.letter(), mails.inline(both)))
    assert sorted((l.to, l.outcome) for l in letters) == [("kolezanka@example.com", "accepted"), (VICTIM, "updated")]
    silent_about([l for l in letters if l.to != VICTIM], mails.someone(1)["name"], "bezglutenowa")


def test_a_stranger_learns_nothing_of_who_is_registered(site):
    """Refs can be guessed; what comes of it never reaches the one who guessed."""
    row = registered(site)
    for n, raw in enumerate((
            mails.text_mail(ATTACKER, "Czy Anna Wróbel jest zapisana?\r\n", subject=f"model współpracy {row['ref']}"),
            mails.text_mail(ATTACKER, "Dieta: bezglutenowa\r\nTelefon: 600 600 600\r\n", subject=f"Re: ({row['ref']})"),
            mails.attached_mail(ATTACKER, b"%PDF-1.4 nic", "skan.pdf", "application/pdf", subject=f"Re: {row['ref']}"))):
        attack(site, raw, f"2012-01-20 1{n + 1}:00", f"2012-01-20 1{n + 1}:30")
    silent_about(site.letters(to=ATTACKER), row["ref"], FIELDS["name"], VICTIM)
    assert site.row(ref=row["ref"]) == row


def test_a_header_in_a_field_stays_in_the_field(site):
    fields = mails.someone(1, organisation="Fundacja\u2028Bcc: x@zly.example", position="a\u0085To: y@zly.example")
    site.deliver(mails.form_mail(VICTIM, fields), "2012-01-20 10:00")
    site.once("2012-01-20 10:30")
    for taken in site.smtp.messages:
        assert taken.recipients in ([VICTIM], [mails.COORDINATOR])
        assert b"\nBcc:" not in taken.raw.split(b"\r\n\r\n")[0]
