#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The measure for zapisyd's speed: the same job as a capable person writes it in Python in an afternoon.

It fetches all waiting mails with one command, reads the form with regular expressions, decides by the
time of arrival and the free seats, writes to SQLite with a commit a mail (as safe as zapisyd's: WAL and
synchronous=FULL), answers each applicant over one connection and marks the mails. It shuns no shortcut
that an honest script may take: no sandbox, no letter kept for another try, no calendar entry.

plain.py IMAP_PORT CA_FILE USER PASSWORD_FILE SMTP_PORT DATABASE
"""
import datetime
import email
import email.message
import email.policy
import email.utils
import imaplib
import re
import smtplib
import sqlite3
import ssl
import sys

SEATS = 2000
WARSAW = datetime.timezone(datetime.timedelta(hours=1))
DEADLINE = datetime.datetime(2012, 1, 23, 16, 0, tzinfo=WARSAW)
SENDER = "Agnieszka Szuba <agnieszka.szuba@rcwip.pl>"
LABELS = {
    "name": "Imię i nazwisko", "organisation": "Nazwa organizacji", "sector": "Sektor", "position": "Stanowisko",
    "phone": "Telefon", "email": "E-mail", "diet": "Dieta",
    "consent": "Wyrażam zgodę na przetwarzanie moich danych osobowych",
}
PATTERNS = {key: re.compile(rf"^\s*{re.escape(label)}\s*:[ \t]*(\S.*?)\s*$", re.M | re.I)
            for key, label in LABELS.items()}
REQUIRED = ("name", "organisation", "consent")
SCHEMA = """
CREATE TABLE message (uid INTEGER PRIMARY KEY, message_id TEXT, arrived TEXT, raw BLOB);
CREATE TABLE registration (id INTEGER PRIMARY KEY, uid INTEGER REFERENCES message, status TEXT, address TEXT,
  name TEXT, organisation TEXT, sector TEXT, position TEXT, phone TEXT, email TEXT, diet TEXT, consent TEXT);
CREATE INDEX by_person ON registration (name, address);
"""
LETTER = """\
Szanowni Państwo,

{opening}

Numer zgłoszenia: MW-{number:04}
Osoba zgłoszona: {name}
Zgłoszenie wpłynęło: {arrived}

Szkolenie: Model współpracy JST & NGO
Termin:    26 stycznia 2012, godz. 9:00-15:00
Miejsce:   Wałbrzych, ul. Sienkiewicza 2/7
Zapewniamy: materiały szkoleniowe, przerwy kawowe, ciepły posiłek

Z formularza odczytaliśmy:
{fields}

Z poważaniem
Agnieszka Szuba
"""
OPENINGS = {
    "accepted": "dziękujemy za zgłoszenie. Zostało przyjęte i miejsce na szkoleniu jest zapewnione.",
    "late": "dziękujemy za zgłoszenie. Niestety wpłynęło po terminie.",
    "incomplete": "dziękujemy za zgłoszenie. Brakuje w nim danych.",
    "refused": "dziękujemy za zgłoszenie. Niestety nie ma już wolnych miejsc.",
}


def fetch(port, ca_file, user, password):
    """The logged-in connection, and (uid, arrived, raw) for each mail."""
    imap = imaplib.IMAP4_SSL("localhost", port, ssl_context=ssl.create_default_context(cafile=ca_file))
    imap.login(user, password)
    imap.select("INBOX")
    found = []
    for item in imap.uid("FETCH", "1:*", "(UID INTERNALDATE BODY.PEEK[])")[1]:
        if isinstance(item, tuple):
            uid = int(re.search(rb"UID (\d+)", item[0]).group(1))
            date = re.search(rb'INTERNALDATE "([^"]+)"', item[0]).group(1).decode().strip()
            found.append((uid, datetime.datetime.strptime(date, "%d-%b-%Y %H:%M:%S %z"), item[1]))
    return imap, sorted(found, key=lambda mail: (mail[1], mail[0]))


def read(message):
    """The form's fields in the mail's text."""
    text = message.get_body(("plain",)).get_content()
    text = re.split(r"^-- $", text, maxsplit=1, flags=re.M)[0]
    fields = {}
    for key, pattern in PATTERNS.items():
        found = pattern.search(text)
        if found:
            fields[key] = found.group(1)
    if "phone" in fields:
        digits = re.sub(r"\D", "", fields["phone"])
        fields["phone"] = "+48" + digits if len(digits) == 9 else "+" + digits
    if "consent" in fields:
        fields["consent"] = "yes" if fields["consent"].upper().startswith("TAK") else "no"
    return fields


def decide(fields, arrived, taken):
    if arrived > DEADLINE:
        return "late"
    if any(key not in fields for key in REQUIRED) or fields["consent"] != "yes":
        return "incomplete"
    return "accepted" if taken < SEATS else "refused"


def record(db, uid, arrived, raw, message, fields):
    """One transaction; returns the registration's number and status, or None for one that is known."""
    address = message["From"].addresses[0].addr_spec
    with db:
        known = db.execute("SELECT 1 FROM registration WHERE name = ? AND address = ?", (fields["name"], address))
        if known.fetchone():
            return None
        taken = db.execute("SELECT count(*) FROM registration WHERE status = 'accepted'").fetchone()[0]
        status = decide(fields, arrived, taken)
        db.execute("INSERT INTO message VALUES (?, ?, ?, ?)", (uid, message["Message-ID"], arrived.isoformat(), raw))
        row = db.execute("INSERT INTO registration (uid, status, address, name, organisation, sector, position, phone,"
                         " email, diet, consent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                         (uid, status, address, *(fields.get(key) for key in LABELS)))
        return row.lastrowid, status


def answer(smtp, message, number, status, arrived, fields):
    letter = email.message.EmailMessage()
    letter["From"] = SENDER
    letter["To"] = message["From"].addresses[0].addr_spec
    letter["Subject"] = f"Zgłoszenie MW-{number:04}: Model współpracy JST & NGO"
    letter["Date"] = email.utils.localtime()
    letter["Message-ID"] = email.utils.make_msgid(domain="rcwip.pl")
    letter["In-Reply-To"] = letter["References"] = message["Message-ID"]
    letter["Auto-Submitted"] = "auto-replied"
    letter["X-Auto-Response-Suppress"] = "All"
    letter.set_content(LETTER.format(opening=OPENINGS[status], number=number, name=fields["name"],
                                     arrived=arrived.astimezone(WARSAW).strftime("%d.%m.%Y %H:%M:%S"),
                                     fields="\n".join(f"{LABELS[key]}: {value}" for key, value in fields.items())))
    smtp.send_message(letter)


def main(imap_port, ca_file, user, password_file, smtp_port, database):
    with open(password_file, encoding="utf-8") as f:
        imap, waiting = fetch(int(imap_port), ca_file, user, f.read().strip())
    db = sqlite3.connect(database)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.executescript(SCHEMA)
    handled = []
    with smtplib.SMTP("localhost", int(smtp_port)) as smtp:
        for uid, arrived, raw in waiting:
            message = email.message_from_bytes(raw, policy=email.policy.default)
            fields = read(message)
            if "name" not in fields or len(fields) < 3:
                continue
            made = record(db, uid, arrived, raw, message, fields)
            handled.append(str(uid))
            if made:
                answer(smtp, message, *made, arrived, fields)
    if handled:
        imap.uid("STORE", ",".join(handled), "+FLAGS.SILENT", "(ZapisyRegistered)")
    imap.logout()
    db.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
