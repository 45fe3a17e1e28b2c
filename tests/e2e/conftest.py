# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: one Dovecot for all, a new user, SMTP server and site for each test."""
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(__file__))

from harness.authority import Authority  # noqa: E402
from harness.dovecot import Dovecot  # noqa: E402
from harness.smtp import SmtpServer  # noqa: E402
from harness.zapisy import Site  # noqa: E402


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
