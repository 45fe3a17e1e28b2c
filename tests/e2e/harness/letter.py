# SPDX-License-Identifier: GPL-3.0-or-later
"""A letter of ours as an applicant's mail program sees it."""
import email
import email.policy
import re
import urllib.parse


class Letter:
    def __init__(self, raw):
        self.raw = raw
        self.message = email.message_from_bytes(raw, policy=email.policy.default)

    def __repr__(self):
        return f"<letter to {self.to}: {self.outcome} {self.ref}: {self.subject}>"

    def __getitem__(self, header):
        """A header's unfolded text, or None; a header twice is an error."""
        values = self.message.get_all(header, [])
        assert len(values) <= 1, f"{header} stands {len(values)} times"
        return re.sub(r"\s+", " ", str(values[0])).strip() if values else None

    @property
    def to(self):
        return self.message["To"].addresses[0].addr_spec

    @property
    def sender(self):
        return self.message["From"].addresses[0].addr_spec

    @property
    def subject(self):
        return self["Subject"]

    @property
    def ref(self):
        return self["X-Zapisy-Ref"]

    @property
    def outcome(self):
        return self["X-Zapisy-Outcome"]

    @property
    def message_id(self):
        return self["Message-ID"]

    def text_part(self):
        parts = [p for p in self.message.walk() if p.get_content_type() == "text/plain"
                 and p.get_content_disposition() != "attachment"]
        assert len(parts) == 1, f"{len(parts)} plain-text parts"
        return parts[0]

    @property
    def text(self):
        return self.text_part().get_content().replace("\r\n", "\n")

    @property
    def words(self):
        """The text with all white space folded, for comparing across line ends."""
        return re.sub(r"\s+", " ", self.text)

    @property
    def calendar(self):
        """The .ics part's unfolded text, or None."""
        parts = [p for p in self.message.walk() if p.get_content_type() == "text/calendar"]
        assert len(parts) <= 1, f"{len(parts)} calendars"
        if not parts:
            return None
        content = parts[0].get_payload(decode=True).decode("utf-8")
        return content.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "")

    def calendar_value(self, name):
        """The value of the calendar's only line of that name."""
        lines = re.findall(rf"^{name}(?:;[^:\n]*)?:(.*)$", self.calendar or "", re.M)
        assert len(lines) == 1, f"{name} stands {len(lines)} times in the calendar"
        return lines[0]

    def cancel_links(self):
        """(address, subject) of each mailto: the letter offers for cancelling."""
        links = []
        for link in re.findall(r"mailto:([^\s<>\"]+)", self.text):
            address, _, query = link.partition("?")
            links.append((urllib.parse.unquote(address), urllib.parse.parse_qs(query)["subject"][0]))
        return links

    def cancel_link(self):
        links = self.cancel_links()
        assert len(links) == 1, f"{len(links)} mailto: links in the letter:\n{self.text}"
        return links[0]
