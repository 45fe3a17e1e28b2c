# SPDX-License-Identifier: GPL-3.0-or-later
"""Public bounces, complaints and automatic answers through the whole service, as they are and as if each answered
a letter of ours: not one letter is sent because of them, and nothing in the register changes."""
import base64
import datetime
import re

from harness import mails
from harness.reading import CORPORA

FOLDERS = ("flufl.bounce", "php-bounce-handler")
NONE_OF_THEM = ("LICENSE", "README.txt",
                "groupwise_03.txt",  # a person's answer that quotes an invitation
                "unsubscribe.txt")   # a log, no mail
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n" \
      b"trailer<</Root 1 0 R>>\n%%EOF\n"
MACHINES = ("bounce", "robot", "list")


def corpus():
    """Name and (header lines, body) of each."""
    found = {}
    for folder in FOLDERS:
        for path in sorted((CORPORA / folder).iterdir()):
            if path.is_file() and path.name not in NONE_OF_THEM:
                data = path.read_bytes().replace(b"\r\n", b"\n").lstrip()
                if data.startswith(b"From "):
                    data = data[data.index(b"\n") + 1:]
                header, _, body = data.partition(b"\n\n")
                found[path.name] = re.split(rb"\n(?![ \t])", header), body
    return found


def put(lines, body, **changes):
    """The mail with some header lines set anew, and CRLF."""
    names = {name.replace("_", "-").lower().encode() for name in changes}
    kept = [line for line in lines if line.partition(b":")[0].strip().lower() not in names]
    new = [f"{name.replace('_', '-')}: {value}".encode() for name, value in changes.items()]
    return b"\r\n".join(line.replace(b"\n", b"\r\n") for line in kept + new) + b"\r\n\r\n" + body.replace(b"\n", b"\r\n")


def value(lines, name):
    for line in lines:
        key, _, text = line.partition(b":")
        if key.strip().lower() == name:
            return text.strip()
    return b""


def with_document(lines, body, name, kind, content):
    """The mail as the first part of one that has a document as well."""
    inner = [line for line in lines if line.lower().startswith(b"content-")]
    outer = [line for line in lines if not line.lower().startswith((b"content-", b"mime-version"))]
    part = (f"\nContent-Type: {kind}; name=\"{name}\"\nContent-Transfer-Encoding: base64\n"
            f"Content-Disposition: attachment; filename=\"{name}\"\n\n").encode() + base64.encodebytes(content)
    return outer + [b"MIME-Version: 1.0", b'Content-Type: multipart/mixed; boundary="=_variant"'], \
        b"--=_variant\n" + b"\n".join(inner) + b"\n\n" + body + b"\n--=_variant" + part + b"\n--=_variant--\n"


def variants(lines, body, letter):
    """What the mail would be as an answer to that letter. Yields a word, the lines, the body, and changes."""
    subject = value(lines, b"subject").decode("latin-1")
    subject = re.sub(r"\s+", " ", subject).encode("ascii", "replace").decode()
    token = letter.cancel_link()[1]
    answer = {"In_Reply_To": letter.message_id, "References": letter.message_id}
    yield "as it is", lines, body, {}
    yield "an answer", lines, body, answer
    yield "our token", lines, body, {"Subject": f"{subject} {token}"}
    yield "the event", lines, body, {"Subject": f"{subject} {mails.encode_header(mails.SUBJECT)}", **answer}
    yield "a pdf", *with_document(lines, body, "ankieta.pdf", "application/pdf", PDF), \
        {"Subject": f"{subject} {mails.encode_header(mails.SUBJECT)}"}
    yield "a doc", *with_document(lines, body, "ankieta.doc", "application/msword", b"\xd0\xcf\x11\xe0" * 200), answer


def chosen(name, all_of_them):
    """Mostly one server wrote the numbered ones: two variants of each are enough."""
    return all_of_them if not name.endswith(".eml") else [all_of_them[0], all_of_them[1 + len(name) % 5]]


def standing(site):
    return [(row["ref"], row["status"], row["place"], row["fields"]) for row in site.list()]


def test_public_machines_get_no_letter(site):
    site.deliver(mails.form_mail("osoba1@example.org", mails.someone(1)), "2012-01-20 08:00")
    site.once("2012-01-20 08:30")
    letter = site.letter(outcome="accepted")
    before = standing(site)
    known, batch = {}, []
    start = datetime.datetime(2012, 1, 20, 9, 0)
    for name, (lines, body) in corpus().items():
        for word, new_lines, new_body, changes in chosen(name, list(variants(lines, body, letter))):
            identity = f"<v{len(known)}@corpus.example>"
            known[identity] = f"{name}, {word}"
            raw = put(new_lines, new_body, Message_ID=identity, **changes)
            batch.append((raw, (start + datetime.timedelta(seconds=len(known))).strftime("%Y-%m-%d %H:%M:%S")))
    assert len(known) > 800
    site.dovecot.append_many(site.user, batch)
    site.once("2012-01-20 16:00", timeout=600)
    rows = {row["message_id"]: row for row in site.mail()}
    wrong = [f"{known[identity]}: {rows[identity]['class']} {rows[identity]['outcome']}" for identity in known
             if identity not in rows or rows[identity]["class"] not in MACHINES]
    assert wrong == []
    assert [l.raw for l in site.letters() if l.outcome != "digest"] == [letter.raw]
    assert standing(site) == before, "no machine changes the register"


if not CORPORA.is_dir():  # other people's mails lie beside the project, they are no part of it
    del test_public_machines_get_no_letter
