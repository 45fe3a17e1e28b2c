# SPDX-License-Identifier: GPL-3.0-or-later
"""Mails as people write them, byte by byte, so that nothing is tidied on the way."""
import base64
import email.header
import html
import itertools
import quopri
import textwrap

from .dates import mail_date
from .docx import docx

COORDINATOR = "agnieszka.szuba@rcwip.pl"
SUBJECT = "Ankieta zgłoszeniowa - Model współpracy JST & NGO"
CONSENT = "Wyrażam zgodę na przetwarzanie moich danych osobowych"

LABELS = {
    "name": "Imię i nazwisko", "organisation": "Nazwa organizacji", "sector": "Sektor",
    "position": "Stanowisko", "phone": "Telefon", "email": "E-mail", "diet": "Dieta", "consent": CONSENT,
}

_numbers = itertools.count(1)


def person(name="Żaneta Gęślą-Jaźń", **changes):
    """What one applicant writes, KEY: words; None takes a field away."""
    fields = {"name": name, "organisation": "Stowarzyszenie Łączy nas Ślęża", "sector": "NGO",
              "position": "koordynatorka projektów", "phone": "74 665 11 22",
              "email": "zgloszenia@sleza.example",
              "diet": "wegetariańska", "consent": "TAK"}
    fields.update(changes)
    return {key: value for key, value in fields.items() if value is not None}


FIRST = ("Anna", "Błażej", "Celina", "Dawid", "Elżbieta", "Feliks", "Grażyna", "Hubert", "Iwona", "Józef")
LAST = ("Wróbel", "Sikora", "Kaczmarek", "Gołąb", "Szpak", "Dudek", "Czyż", "Sowa", "Żuraw", "Bocian")


def someone(number, **changes):
    """One of a hundred different people."""
    name = f"{FIRST[number % 10]} {LAST[number // 10 % 10]}"
    return person(name, **{"email": address(number), **changes})


def address(number):
    return f"osoba{number}@example.org"


def register(fields):
    """The same as it should stand in the register."""
    expected = dict(fields)
    if "phone" in expected:
        digits = "".join(c for c in expected["phone"] if c.isdigit())
        expected["phone"] = "+" + digits if expected["phone"].startswith("+") else "+48" + digits
    if "consent" in expected:
        expected["consent"] = {"TAK": "yes", "NIE": "no"}[expected["consent"]]
    return expected


def form_text(fields):
    return "".join(f"{LABELS[key]}: {value}\r\n" for key, value in fields.items())


def form_rows(fields):
    return [(LABELS[key], value) for key, value in fields.items()]


def inline(fields, before="Dzień dobry,\r\nprzesyłam zgłoszenie na szkolenie.\r\n\r\n",
           after="\r\nPozdrawiam\r\n"):
    """A mail's text with a form in it; fields: one person or a list of them."""
    people = fields if isinstance(fields, list) else [fields]
    return before + "\r\n".join(form_text(f) for f in people) + after


def encode_header(text):
    try:
        text.encode("ascii")
        return text
    except UnicodeEncodeError:
        return email.header.Header(text, "utf-8", maxlinelen=70).encode(linesep="\r\n")


def message_id(domain="example.org"):
    return f"<m{next(_numbers)}.e2e@{domain}>"


def headers(sender, subject=SUBJECT, to=COORDINATOR, date="2012-01-20 10:00", identity=None, name="", more=()):
    """The header lines common to all; more: (NAME, VALUE) pairs, put first as servers do."""
    own = f"{encode_header(name)} <{sender}>" if name else sender
    lines = [*more, ("From", own), ("To", to), ("Subject", encode_header(subject)), ("Date", mail_date(date)),
             ("Message-ID", identity or message_id()), ("MIME-Version", "1.0")]
    return "".join(f"{key}: {value}\r\n" for key, value in lines).encode("utf-8")


def body_part(text, charset="utf-8", cte="8bit", kind="plain", parameters=""):
    """One text part: its headers, an empty line, its encoded content."""
    content = text.encode(charset)
    if cte == "quoted-printable":
        content = quopri.encodestring(content.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    elif cte == "base64":
        content = base64.encodebytes(content).replace(b"\n", b"\r\n")
    top = f"Content-Type: text/{kind}; charset={charset}{parameters}\r\nContent-Transfer-Encoding: {cte}\r\n\r\n"
    return top.encode() + content


def text_mail(sender, text, charset="utf-8", cte="8bit", **options):
    return headers(sender, **options) + body_part(text, charset, cte)


def form_mail(sender, fields=None, **options):
    """The everyday case: a form typed into the mail."""
    return text_mail(sender, inline(fields or person()), **options)


def flowed_mail(sender, text, width=60, **options):
    """RFC 3676: long lines broken after a space, signature mark and quoting left alone."""
    lines = []
    for line in text.split("\r\n"):
        pieces = textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]
        lines += [piece + " " for piece in pieces[:-1]] + [pieces[-1]]
    flowed = "\r\n".join(" " + l if l.startswith((" ", "From ")) else l for l in lines)
    return headers(sender, **options) + body_part(flowed, cte="quoted-printable", parameters="; format=flowed")


def outlook_html(fields, charset):
    """A form's table as Outlook's Word engine writes it."""
    rows = "".join(
        f"<tr style='mso-yfti-irow:{i}'><td width=236 valign=top style='width:177.0pt;border:solid windowtext 1.0pt;"
        f"padding:0cm 5.4pt 0cm 5.4pt'><p class=MsoNormal><b><span style='font-size:11.0pt;font-family:\"Calibri\",sans-serif'>"
        f"{html.escape(label)}<o:p></o:p></span></b></p></td>\r\n<td width=378 valign=top style='width:283.5pt;"
        f"padding:0cm 5.4pt 0cm 5.4pt'><p class=MsoNormal><span style='font-size:11.0pt'>{html.escape(value)}"
        f"<o:p></o:p></span></p></td></tr>\r\n" for i, (label, value) in enumerate(form_rows(fields)))
    return (
        '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">\r\n<head>'
        f'<meta http-equiv=Content-Type content="text/html; charset={charset}">'
        "<meta name=Generator content=\"Microsoft Word 14 (filtered medium)\"><style><!--\r\n"
        "@font-face {font-family:Calibri;}\r\np.MsoNormal {margin:0cm; font-size:11.0pt;}\r\n--></style>"
        "<!--[if gte mso 9]><xml><o:shapedefaults v:ext=\"edit\" spidmax=\"1026\" /></xml><![endif]--></head>\r\n"
        "<body lang=PL link=blue vlink=purple><div class=WordSection1><p class=MsoNormal>Dzień dobry,<o:p></o:p></p>"
        "<p class=MsoNormal>zgłaszam się na szkolenie.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>\r\n"
        f"<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse'>\r\n{rows}"
        "</table><p class=MsoNormal>Pozdrawiam<o:p></o:p></p></div></body></html>\r\n")


def outlook_mail(sender, fields, charset="iso-8859-2", cte="quoted-printable", **options):
    return headers(sender, **options) + body_part(outlook_html(fields, charset), charset, cte, kind="html")


def multipart(kind, parts, boundary="----=_Next_E2E_0001"):
    """parts: bytes with their own headers."""
    lines = [f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n'.encode()]
    lines += [f"--{boundary}\r\n".encode() + part + b"\r\n" for part in parts]
    return b"".join(lines) + f"--{boundary}--\r\n".encode()


def attachment(content, name, kind="application/octet-stream"):
    top = (f'Content-Type: {kind}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
           f'Content-Disposition: attachment; filename="{name}"\r\n\r\n')
    return top.encode() + base64.encodebytes(content).replace(b"\n", b"\r\n")


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
COVER = "Dzień dobry,\r\nw załączeniu przesyłam ankietę.\r\nPozdrawiam\r\n"


def attached_mail(sender, content, name="ankieta.docx", kind=DOCX, text=COVER, **options):
    return headers(sender, **options) + multipart("mixed", [body_part(text), attachment(content, name, kind)])


def docx_mail(sender, fields, layout="table", **options):
    """A form filled in Word and attached. layout: table or lines."""
    return attached_mail(sender, docx(form_rows(fields), layout), **options)


def alternative_mail(sender, fields, **options):
    """Text and HTML of the same form: to be read once."""
    return headers(sender, **options) + multipart("alternative", [
        body_part(inline(fields), cte="base64"),
        body_part(outlook_html(fields, "utf-8"), cte="quoted-printable", kind="html")])


def reply_mail(sender, letter, text, subject=None, **options):
    """An answer to a letter of ours: In-Reply-To and References, and the letter quoted below."""
    quoted = "".join(f"> {line}\r\n" for line in letter.text.splitlines())
    more = [("In-Reply-To", letter.message_id), ("References", letter.message_id)]
    return text_mail(sender, f"{text}\r\n\r\nW dniu 2012-01-20 12:00, RCWIP pisze:\r\n{quoted}",
                     subject=subject or "Re: " + letter.subject, more=more, **options)


def bounce(letter, recipient, status="5.1.1", action="failed"):
    """A delivery report with our letter's headers in it."""
    returned = b"Content-Type: message/rfc822\r\n\r\n" + letter.raw
    report = ("Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
              f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
              "Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n").encode()
    top = headers("MAILER-DAEMON@mx.example.net", subject="Undelivered Mail Returned to Sender",
                  more=[("Return-Path", "<>"), ("Auto-Submitted", "auto-replied")])
    note = body_part("This is the mail system at host mx.example.net.\r\n\r\nYour message could not be delivered.\r\n")
    return top + multipart("report; report-type=delivery-status", [note, report, returned])
