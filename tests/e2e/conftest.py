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
from harness.zapisy import Site, no_leaks, program  # noqa: E402


# The files that take longest come first, so that no worker is left alone with one at the end.
LONGEST = ("test_forms.py", "test_imap_faults.py", "test_smtp_faults.py", "test_pdf.py", "test_learning.py", "test_oauth.py",
           "test_bounces.py", "test_coordinator.py", "test_loops.py", "test_trust.py", "test_servers.py")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.fixture(scope="session")
def tests_begun():
    return set()


@pytest.fixture(autouse=True)
def leaks(request, tests_begun, monkeypatch):
    """To look for leaks takes a short program as long as all else that it does: only a test's first case does it."""
    test = request.node.nodeid.partition("[")[0]
    if test in tests_begun:
        monkeypatch.setenv("ASAN_OPTIONS", no_leaks(os.environ))
    tests_begun.add(test)


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
