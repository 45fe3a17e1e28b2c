# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds of formats that hold others, written when they are wanted: "seeds.py FOLDER"."""
import io
import pathlib
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

from harness import mails, msg, odd  # noqa: E402  (the path comes first)

FORMS = ROOT / "tests" / "forms"


def form(name):
    return (FORMS / name).read_bytes()


def zipped(*files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def rich_html(html):
    """HTML as Outlook keeps it in rich text."""
    words = "".join(f"\\u{ord(c)}?" if ord(c) > 126 else "\\" + c if c in "\\{}" else c for c in html)
    return b"{\\rtf1\\ansi\\ansicpg1250\\fromhtml1{\\fonttbl{\\f0\\fcharset238 A;}}{\\*\\htmltag0 " + words.encode() + b"}}"


def seeds():
    person = mails.person()
    text, html = mails.inline(person), mails.outlook_html(person, "windows-1250")
    mail = mails.form_mail("a@example.org", person)
    docx, txt = form("table_a1.docx"), form("dots_a1.txt")
    plain = msg.message(text=text, html=html, attachments=[msg.attachment("zgłoszenie Ż.docx", docx)])
    yield "plain.msg", plain
    yield "rich.msg", msg.message(rtf=rich_html(html), unicode_text=False, headers="Received: x\r\nFrom: a@example.org\r\n")
    yield "inside.msg", msg.message(text="x", attachments=[
        msg.attached_mail(msg.message_tree(text=text, attachments=[msg.attachment("a.txt", txt, "text/plain")], top=False))])
    yield "forms.zip", zipped(("zgłoszenia/", b""), ("zgłoszenia/a.docx", docx), ("b.txt", txt), ("c.html", html.encode("cp1250")))
    yield "mails.zip", zipped(("a.eml", mail), ("b.msg", plain), ("__MACOSX/x", b"y"))
    yield "zips.zip", zipped(("winmail.dat", odd.tnef([("a.docx", docx)])), ("b.zip", zipped(("c.rtf", form("dots_a1.wrd.rtf")))))


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in seeds():
        (folder / name).write_bytes(content)
