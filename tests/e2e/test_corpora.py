# SPDX-License-Identifier: GPL-3.0-or-later
"""Other people's mails, all of them: each part through the reader, and what it makes of the headers beside what Python's
email package makes of them. They lie beside the project and are no part of it."""
import email
import email.header
import email.utils

import pytest

from harness.reading import CORPORA, Reader, event

BATCH = 40
MAILS = [path for path in sorted(CORPORA.glob("*/**/*"))
         if path.is_file() and path.name != "LICENSE" and path.suffix != ".md" and "email-reply-trimmer" not in path.parts]

# Where the two differ, the reader is right; what it must say, and why Python says something else.
PIZZA = "Another PDF with 🎉 Unicode chars in it 🍿"
SUBJECTS = {
    "mikel-mail/attachment_emails/attachment_pdf.eml": PIZZA,  # raw UTF-8
    "mikel-mail/attachment_emails/attachment_pdf_lf.eml": PIZZA,
    "mikel-mail/attachment_emails/attachment_pdf_non_ascii.eml": PIZZA,
    "mikel-mail/attachment_emails/attachment_pdf_non_ascii_lf.eml": PIZZA,
    "mikel-mail/rfc6532/utf8_headers.eml": "Säying Hello",
    "mikel-mail/error_emails/bad_encoded_subject.eml": "TEST",  # a charset called "none"
    "mikel-mail/error_emails/invalid_subject_characters.eml":  # raw bytes: Polish is what is expected here
        "Formaçăo FrenetikPolis: Mega Campanha Final Verăo | Cursos de Setembro",
    "mikel-mail/error_emails/trademark_character_in_subject.eml": "GA.comô has a lead for you",
    "mikel-mail/plain_emails/raw_email_incorrect_header.eml": "Stop adware/spyware once and for all.",  # junk before it
    "mikel-mail/rfc2822/example13.eml": "Saying Hello",  # blanks before the colon
    "mime4j/intl.msg": "If you can read this you understand the example... so, cool!",  # no blank between words
}
SENDERS = {
    "flufl.bounce/simple_36.txt": None,  # a blank in the local part: nobody can be answered there
    "mikel-mail/plain_emails/mix_caps_content_type.eml": None,  # a name and an address without brackets
    "mikel-mail/plain_emails/raw_email_incorrect_header.eml": "xxx@xxx.xxx",
    "mikel-mail/plain_emails/raw_email_multiple_from.eml": "tim@powerupdev.com",
    "mikel-mail/rfc2822/example13.eml": "jdoe@machine.example",
    "mikel-mail/rfc6532/utf8_headers.eml": "jdöe@mächine.example",
}
# Only that they hold something readable: four are in tables that the reader does not carry, or cut in a letter; one is
# folded over an empty line.
UNCERTAIN = {"flufl.bounce/sina_01.txt", "mikel-mail/error_emails/content_transfer_encoding_empty.eml",
             "mikel-mail/error_emails/must_supply_encoding.eml", "mime4j/obsolete.msg"}
# What a bounce returns is no attachment; the others have names in no or an unknown character set.
FILES = {"flufl.bounce/dsn_17.txt", "flufl.bounce/simple_43.txt", "mikel-mail/attachment_emails/attachment_with_encoded_name.eml",
         "mikel-mail/plain_emails/raw_email8.eml", "mime4j/multi-2evil.msg"}


def name(path):
    return path.relative_to(CORPORA).as_posix()


def parsed(path):
    """By Python; some files have an empty line before the header, which the reader passes over too."""
    return email.message_from_bytes(path.read_bytes().lstrip())


def decoded(value):
    return " ".join(str(email.header.make_header(email.header.decode_header(value))).split()) if value else ""


def sender(message):
    found = [address for _, address in email.utils.getaddresses([str(message["from"] or "")]) if "@" in address]
    return found[0].lower() if found else None


def files(message):
    leaves = [part for part in message.walk() if not part.is_multipart()]
    return {decoded(part.get_filename()) for part in leaves
            if part.get_filename() and part.get_content_type() not in ("text/plain", "text/html")}


def ask_all(reader, questions):
    """Answers in the order of (question, bytes), some at a time: the reader answers each when it can."""
    answers = {}
    for start in range(0, len(questions), BATCH):
        batch = list(enumerate(questions))[start:start + BATCH]
        for number, (question, data) in batch:
            reader.send({**question, "id": number}, data)
        for _ in batch:
            answer = reader.receive()
            answers[answer["id"]] = answer
    return [answers[number] for number in range(len(questions))]


@pytest.fixture(scope="module")
def answers():
    """What the reader says of each mail, and of each document in it."""
    raw = [path.read_bytes() for path in MAILS]
    with Reader() as reader:
        reader.send({"op": "event", "event": event()})
        found = ask_all(reader, [({"op": "message"}, data) for data in raw])
        assert [(name(path), one) for path, one in zip(MAILS, found) if one["op"] != "message"] == []
        waiting = [(i, part) for i, one in enumerate(found) for part in one["mail"]["parts"] if part["document"]]
        while waiting:  # what is inside a document is asked for next
            inner = ask_all(reader, [({"op": "document", "part": part["index"], "inner": part["inner"]}, raw[i])
                                     for i, part in waiting])
            assert [(name(MAILS[i]), one) for (i, _), one in zip(waiting, inner) if one["op"] != "document"] == []
            for (i, _), one in zip(waiting, inner):
                found[i]["readings"] += one["readings"]
            waiting = [(i, part) for (i, _), one in zip(waiting, inner) for part in one.get("parts", []) if part["document"]]
    return {name(path): {**one["mail"], "forms": [r for r in one["readings"] if r["reading"]["form"]]}
            for path, one in zip(MAILS, found)}


def test_every_mail_and_every_part_is_read(answers):
    assert len(answers) > 350


def test_subjects(answers):
    for path in MAILS:
        said = answers[name(path)]["subject"]
        if name(path) in SUBJECTS:
            assert said == SUBJECTS[name(path)]
        elif name(path) in UNCERTAIN:
            assert said
        else:
            assert said == decoded(parsed(path)["subject"]), path


def test_senders(answers):
    for path in MAILS:
        said = answers[name(path)]["from"]
        wanted = SENDERS.get(name(path), sender(parsed(path)))
        assert (said.lower() if said else None) == wanted, path


def test_file_names(answers):
    for path in MAILS:
        if name(path) not in FILES:
            said = {part["filename"] for part in answers[name(path)]["parts"]}
            assert files(parsed(path)) <= said, path


def test_nothing_in_them_is_a_form(answers):
    """None of these people has signed up for anything."""
    assert [path for path, mail in answers.items() if mail["forms"]] == []


if not CORPORA.is_dir():
    print(f"{CORPORA} is absent: other people's mails are not read in this run")
    del test_every_mail_and_every_part_is_read, test_subjects, test_senders, test_file_names
    del test_nothing_in_them_is_a_form
