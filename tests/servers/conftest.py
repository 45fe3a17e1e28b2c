# SPDX-License-Identifier: GPL-3.0-or-later
"""Other IMAP servers than Dovecot, unpacked from their Debian packages ("make check-servers")."""
import os
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "e2e"))

from harness.authority import Authority  # noqa: E402
from harness.courier import Courier  # noqa: E402
from harness.cyrus import Cyrus  # noqa: E402
from harness.smtp import SmtpServer  # noqa: E402
from harness.zapisy import Site  # noqa: E402

KINDS = {"cyrus": lambda authority, packages: Cyrus(authority, packages),
         "cyrus with INBOX. before all names": lambda authority, packages: Cyrus(authority, packages, alt=False),
         "courier": lambda authority, packages: Courier(authority, packages),
         "courier without IDLE": lambda authority, packages: Courier(
             authority, packages, IMAP_CAPABILITY="IMAP4rev1 CHILDREN NAMESPACE")}


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(str(tmp_path_factory.mktemp("ca")))


@pytest.fixture(scope="session", params=KINDS, ids=lambda kind: kind.replace(" ", "-"))
def server(request, authority):
    with KINDS[request.param](authority, os.environ["ZAPISY_SERVER_PACKAGES"]) as running:
        yield running


@pytest.fixture
def smtp(authority):
    with SmtpServer(authority) as running:
        yield running


@pytest.fixture
def make_site(server, smtp):
    sites = []

    def make(**options):
        sites.append(Site(server, smtp, **options))
        return sites[-1]

    yield make
    for site in sites:
        site.close()
