# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: one Dovecot for all, a new user, SMTP server and site for each test."""
import os
import shutil
import sys

import pytest

sys.path.insert(0, os.path.dirname(__file__))

from harness.authority import Authority  # noqa: E402
from harness.dovecot import Dovecot  # noqa: E402
from harness.smtp import SmtpServer  # noqa: E402
from harness.zapisy import Site, program  # noqa: E402


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ca")
    return Authority(str(folder))


@pytest.fixture(scope="session")
def dovecot(authority):
    with Dovecot(authority) as server:
        yield server


@pytest.fixture
def smtp(authority):
    with SmtpServer(authority) as server:
        yield server


@pytest.fixture
def make_site(dovecot, smtp):
    """Sites with settings of their own: make_site(settings={...}, event={...}, imap=other_dovecot)."""
    sites = []

    def make(settings=None, event=None, imap=None, **options):
        sites.append(Site(imap or dovecot, smtp, settings, event, **options))
        return sites[-1]

    yield make
    for site in sites:
        site.close()


@pytest.fixture
def site(make_site):
    """The default event on an empty mailbox. Whatever the test did, its balance must hold at the end."""
    made = make_site()
    yield made
    if os.path.exists(made.store):
        made.status()


GREETING = '{"op":"hello","program":"%s","version":"%s"}'

BROKEN = """#!/usr/bin/python3
import json, socket, sys
keeper = socket.socket(fileno=0)
keeper.send(b'''%(greeting)s''')
while True:
    data, fds, _, _ = socket.recv_fds(keeper, 1 << 20, 4)
    if not data:
        sys.exit(0)
    record = json.loads(data)
    if record["op"] == "blank":
        keeper.send(b'{"op":"document","id":0,"readings":[],"problems":[]}')
    %(reaction)s
"""


@pytest.fixture
def broken(tmp_path):
    """The programs under test, one of them replaced by something broken."""
    def make(name, reaction="pass", version="0.1.0"):
        folder = tmp_path / "bin"
        shutil.copytree(os.path.dirname(program("zapisyd")), folder)
        path = folder / name
        path.unlink()
        path.write_text(BROKEN % {"greeting": GREETING % (name, version), "reaction": reaction})
        path.chmod(0o755)
        return str(folder / "zapisyd")
    return make
