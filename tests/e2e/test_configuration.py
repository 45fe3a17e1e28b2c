# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration errors, usage errors, --check, and who may run."""
import os
import re

import pytest

from harness import config, mails
from harness.zapisy import ROOT

HOWS = [["--once"], ["--check"], []]


def line_of(path, text):
    with open(path, encoding="utf-8") as f:
        return next(n for n, line in enumerate(f, 1) if text in line)


def change_file(path, old, new):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    assert old in text, f"{old} is not in {path}"
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new, 1))


def add_line(path, line):
    with open(path, "a", encoding="utf-8") as f:
        f.write(line + "\n")


def names_line(result, path, text):
    expected = f"{os.path.basename(path)}:{line_of(path, text)}"
    assert re.search(re.escape(expected) + r"\b", result.err), f"{expected} is not named:\n{result.err}"


@pytest.mark.parametrize("how", HOWS, ids=["once", "check", "service"])
def test_all_errors_at_once_with_file_and_line(site, how):
    add_line(site.file, "nieznany_klucz = 1;")
    add_line(site.file, "page_dir = 7;")
    change_file(site.event_file, "seats = 30", 'seats = "trzydzieści"')
    change_file(site.event_file, 'late = "refuse"', 'late = "moze"')
    change_file(site.event_file, 'deadline = "2012-01-23 16:00"', 'deadline = "2012-02-30 16:00"')
    result = site.keeper(*how, timeout=30).expect(78)
    for path, words in [(site.file, "nieznany_klucz"), (site.file, "page_dir = 7"), (site.event_file, "trzydzieści"),
                        (site.event_file, '"moze"'), (site.event_file, "2012-02-30")]:
        names_line(result, path, words)
    assert site.store_files() == {}, "nothing is started"


def test_a_syntax_error_names_its_line(site):
    add_line(site.file, "limits : { confidence = ; };")
    names_line(site.keeper("--once").expect(78), site.file, "confidence = ;")


@pytest.mark.parametrize("old, new", [
    ("seats = 30", "seats = -5"), ('timezone = "Europe/Warsaw"', 'timezone = "Europa/Warszawa"'),
    ('starts = "2012-01-26 09:00"', 'starts = "2012-01-26 16:00"'), ('language = "pl"', 'language = "xx"'),
    ('key = "organisation"; type', 'key = "name"; type'), ('type = "choice"', 'type = "wybor"'),
    ('deadline = "2012-01-23 16:00"', 'deadline = "2012-10-28 02:30"'),
    ('deadline = "2012-01-23 16:00"', 'deadline = "2012-03-25 02:30"')])
def test_impossible_values_in_an_event(site, old, new):
    change_file(site.event_file, old, new)
    result = site.keeper("--once").expect(78)
    assert re.search(r"model-wspolpracy\.conf:\d+", result.err), result.err


@pytest.mark.parametrize("group, key, value", [
    ("mailbox", "port", 70000), ("mailbox", "tls", "moze"), ("mailbox", "mark", "flaga"), ("mailbox", "since", "wczoraj"),
    ("coordinator", "digest_at", "25:00"), ("coordinator", "timezone", "Mars/Base"), ("limits", "confidence", 1.5),
    ("smtp", "from", "nikt"), ("smtp", "port", "dwa")])
def test_impossible_values(site, group, key, value):
    site.set(**{group: {key: value}})
    names_line(site.keeper("--once").expect(78), site.file, f"{key} = {config.libconfig(value)}")


def test_a_missing_configuration(site):
    os.remove(site.file)
    assert "zapisyd.conf" in site.keeper("--once").expect(78).err


def test_an_unknown_place_in_a_letter(site):
    path = os.path.join(site.conf, "letters", "pl", "accepted.txt")
    add_line(path, "{{nie_ma_takiego}}")
    result = site.keeper("--once").expect(78)
    names_line(result, path, "nie_ma_takiego")
    assert "nie_ma_takiego" in result.err


def test_two_events_with_one_id_or_prefix(site):
    site.add_event("drugi")
    assert re.search(r"\.conf:\d+", site.keeper("--once").expect(78).err), "one ref_prefix for two events"


def test_the_projects_own_configuration_is_right(site):
    """Nothing but its servers and its passwords keeps it from working."""
    conf = str(ROOT / "conf" / "zapisyd.conf")
    result = site.run("zapisyctl", "-c", conf, "read", "--json", str(ROOT / "conf" / "forms" / "ankieta.docx"))
    assert result.code == 0, result


@pytest.mark.parametrize("program, arguments", [
    ("zapisyd", ["--nonsens"]), ("zapisyd", ["--now", "wczoraj"]), ("zapisyd", ["--once", "operand"]), ("zapisyd", ["-c"]),
    ("zapisyctl", []), ("zapisyctl", ["nonsens"]), ("zapisyctl", ["show"]), ("zapisyctl", ["list", "--nonsens"]),
    ("zapisyctl", ["--now", "wczoraj", "status"]), ("zapisyctl", ["outbox", "nonsens", "1"])])
def test_wrong_usage(site, program, arguments):
    result = site.run(program, *arguments)
    assert result.code == 64 and result.err and not result.out, result


@pytest.mark.parametrize("program", ["zapisyd", "zapisyctl"])
@pytest.mark.parametrize("option", ["--version", "--help"])
def test_help_and_version(site, program, option):
    result = site.run(program, option).expect(0)
    assert program in result.out and not result.err


# --- --check

def test_check_is_content(site):
    site.deliver(mails.form_mail("a@example.org"))
    uid = site.deliver(mails.form_mail("dawny@example.org"), "2012-01-02 10:00")
    before = site.flags()
    result = site.keeper("--check").expect(0)
    assert re.search(r"\b1\b", result.out + result.err), f"how many mails it would take:\n{result}"
    assert site.flags() == before and uid in before
    assert site.store_files() == {}
    assert site.smtp.messages == []


def test_check_changes_nothing_in_a_register(site):
    site.deliver(mails.form_mail("a@example.org"))
    site.once()
    site.deliver(mails.form_mail("b@example.org", mails.someone(2)), "2012-01-20 12:30")
    before, flags, sent = site.list(), site.flags(), len(site.smtp.messages)
    site.keeper("--check", now="2012-01-20 13:00").expect(0)
    assert (site.list(), site.flags(), len(site.smtp.messages)) == (before, flags, sent)


@pytest.mark.parametrize("where, change", [
    ("mailbox", {"mailbox": {"port": 1}}), ("smtp", {"smtp": {"port": 1}}), ("folder", {"mailbox": {"folder": "Nie ma"}})])
def test_check_says_what_is_wrong(site, where, change):
    site.set(**change)
    result = site.keeper("--check")
    assert result.code in (75, 78), result
    assert re.search(r"zapisyd\.conf:\d+", result.out + result.err), f"{where}: where is it?\n{result}"


def test_check_says_all_that_is_wrong(site):
    site.secret("imap-password", "zle")
    site.secret("smtp-password", "zle")
    result = site.keeper("--check")
    said = (result.out + result.err).lower()
    assert result.code in (75, 78)
    assert "mailbox " in said and "smtp " in said, result
    assert len(re.findall(r"zapisyd\.conf:\d+: ", said)) == 2, result
    assert "zle" not in said


# --- who may run

def test_a_second_keeper_gives_way(site):
    with site.service():
        result = site.once(code=75)
        assert result.err


def test_nobody_else_may_read_the_register(site):
    site.deliver(mails.form_mail("a@example.org"))
    site.once()
    for path in site.store_files():
        assert os.stat(path).st_mode & 0o077 == 0, f"{path} can be read by others"


def test_credentials_of_systemd_come_first(site):
    folder = os.path.join(site.folder, "credentials")
    os.mkdir(folder)
    for name in ("imap-password", "smtp-password"):
        os.rename(os.path.join(site.conf, name), os.path.join(folder, name))
    site.extra_environment["CREDENTIALS_DIRECTORY"] = folder
    site.deliver(mails.form_mail("a@example.org"))
    site.once()
    assert site.letter().outcome == "accepted"
