# SPDX-License-Identifier: GPL-3.0-or-later
"""Real servers, sites and mails for the end-to-end tests, the demo and the bench."""
