# SPDX-License-Identifier: GPL-3.0-or-later
"""What an administrator gets: an installation that works from where it stands, and a hardened unit."""
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def install(dest):
    """The programs under test, as they are: nothing is built here."""
    build = pathlib.Path(os.environ.get("ZAPISY_BIN", ROOT / "build/bin")).parent
    subprocess.run(["make", "--no-print-directory", "-C", str(ROOT), f"BUILD={build}", "install-files", f"DESTDIR={dest}",
                    "PREFIX=/usr", "SYSCONFDIR=/etc"], check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """An installation in a folder of its own."""
    dest = tmp_path_factory.mktemp("dest")
    install(dest)
    return dest


@pytest.fixture(scope="module")
def unit(installed):
    path = installed / "usr/lib/systemd/system/zapisyd.service"
    text = path.read_text()
    assert "@" not in text.replace("@system-service", "").replace("@privileged", "").replace("@resources", "")
    return path


def test_everything_is_in_its_place(installed):
    for name in ("usr/sbin/zapisyd", "usr/bin/zapisyctl", "usr/libexec/zapisyd/zapisy-fetch",
                 "usr/libexec/zapisyd/zapisy-read", "usr/libexec/zapisyd/zapisy-send", "etc/zapisyd/zapisyd.conf",
                 "etc/zapisyd/events/model-wspolpracy.conf", "etc/zapisyd/letters/pl/accepted.txt",
                 "etc/zapisyd/forms/ankieta.docx", "usr/share/man/man8/zapisyd.8", "usr/share/man/man1/zapisyctl.1",
                 "usr/share/man/man5/zapisyd.conf.5", "usr/lib/sysusers.d/zapisyd.conf"):
        assert (installed / name).is_file(), name


def test_a_second_installation_keeps_what_was_edited(installed):
    conf = installed / "etc/zapisyd/zapisyd.conf"
    conf.write_text(conf.read_text() + "// mine\n")
    install(installed)
    assert conf.read_text().endswith("// mine\n")


def test_the_installed_programs_find_their_helpers(installed):
    """zapisyctl read starts zapisy-read from ../libexec."""
    form = ROOT / "conf/forms/ankieta.docx"
    run = subprocess.run([installed / "usr/bin/zapisyctl", "-c", ROOT / "conf/zapisyd.conf", "read", "--json", form],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert '"blank"' in run.stdout


def test_the_unit_is_hardened(unit):
    """An exposure of 1.5 or better; the threshold is in tenths."""
    run = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=15", unit],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-300:] + run.stderr


def test_the_unit_lets_helpers_shut_themselves_in(unit):
    text = unit.read_text()
    for call in ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "seccomp"):
        assert call in text
    for line in ("Type=notify", "WatchdogSec=", "StateDirectory=zapisyd", "LoadCredential=imap-password:",
                 "LoadCredential=smtp-password:", "ExecReload="):
        assert line in text
