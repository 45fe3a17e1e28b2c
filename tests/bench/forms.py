# SPDX-License-Identifier: GPL-3.0-or-later
"""Inline forms of 4 KB, each from somebody else."""
from harness import mails

SIZE = 4096
FIRST = ("Anna", "Błażej", "Celina", "Dawid", "Elżbieta", "Feliks", "Grażyna", "Hubert", "Iwona", "Józef", "Kinga",
         "Łukasz", "Małgorzata", "Norbert", "Olga", "Paweł", "Renata", "Sławomir", "Teresa", "Żaneta")
LAST = ("Wróbel", "Sikora", "Kaczmarek", "Gołąb", "Szpak", "Dudek", "Czyż", "Sowa", "Żuraw", "Bocian")
WAYS = (("utf-8", "8bit"), ("iso-8859-2", "quoted-printable"), ("windows-1250", "base64"))
COVER = ("Dzień dobry,\r\n\r\nw imieniu naszej organizacji przesyłam zgłoszenie na szkolenie w Wałbrzychu. "
         "Bardzo proszę o potwierdzenie\r\nprzyjęcia. Z góry dziękuję za odpowiedź i za przygotowanie spotkania.\r\n\r\n")
SIGNATURE = "\r\nZ poważaniem\r\n{name}\r\n\r\n-- \r\n{organisation}\r\nul. Główna 1, 58-300 Wałbrzych\r\n"
FOOTER = ("Treść tej wiadomości jest poufna i przeznaczona wyłącznie dla jej adresata. Jeżeli nie są\r\n"
          "Państwo jej adresatem, prosimy o usunięcie wiadomości i powiadomienie nadawcy o pomyłce.\r\n")


def address(number):
    return f"osoba{number}@biuro{number % 50}.example"


def person(number):
    last = LAST[number // 20 % 10] + ("-" + LAST[number // 200 % 10] if number >= 200 else "")
    return mails.person(f"{FIRST[number % 20]} {last}", organisation=f"Stowarzyszenie Łączka nr {number}",
                        sector=("NGO", "JST")[number % 2], position="koordynator projektów",
                        phone=f"74 6{number // 1000}{number // 100 % 10} {number // 10 % 10}{number % 10} 22",
                        email=address(number), diet="bez orzechów" if number % 3 else None)


def mail(number):
    """The raw mail of that number: a form, a covering text, and a footer as offices have it."""
    fields, (charset, cte) = person(number), WAYS[number % len(WAYS)]
    text = mails.inline(fields, before=COVER,
                        after=SIGNATURE.format(name=fields["name"], organisation=fields["organisation"]))
    raw = b""
    while len(raw) < SIZE:
        raw = mails.text_mail(address(number), text, charset=charset, cte=cte, identity=f"<bench.{number}@biuro.example>")
        text += FOOTER
    return raw
