# SPDX-License-Identifier: GPL-3.0-or-later
"""Instants of the tests: always January 2012, never today."""
import datetime
import email.utils
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def at(text):
    """An instant from "2012-01-20 11:05[:30][+01:00]", Warsaw time where no offset is given."""
    when = text if isinstance(text, datetime.datetime) else datetime.datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=WARSAW)


def rfc3339(when):
    return at(when).isoformat(timespec="seconds")


def imap_date(when):
    """As APPEND wants it; month names do not depend on the locale."""
    when = at(when)
    return f'"{when.day:2d}-{MONTHS[when.month - 1]}-{when.year} {when:%H:%M:%S %z}"'


def mail_date(when):
    return email.utils.format_datetime(at(when))
