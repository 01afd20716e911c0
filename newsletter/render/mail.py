"""Render an issue as a mail: plain text and HTML side by side, headers that nothing from outside can add to. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from newsletter.issue import one_line

if TYPE_CHECKING:
    from newsletter.issue import Issue
    from newsletter.render.display import DisplayedIssue


def message(issue: Issue, shown: DisplayedIssue, text: str, html: str) -> bytes:
    """Return the mail, without a recipient: the editor's mail program opens it as something to be sent (X-Unsent)."""
    letter = issue.newsletter
    mail = EmailMessage(policy=SMTP.clone(raise_on_defect=True))
    draft = f" ({shown.draft})" if shown.draft else ""
    mail["Subject"] = one_line(f"{shown.name}: {shown.issue}, {shown.day}{draft}")
    mail["From"] = Address(display_name=one_line(letter.sender), addr_spec=letter.sender_address)
    mail["Date"] = format_datetime(datetime.fromisoformat(issue.moment))
    mail["Message-ID"] = f"<{_digest(issue, '')}@{letter.sender_address.rpartition('@')[2]}>"
    mail["X-Unsent"] = "1"
    mail.set_content(text, cte="base64")
    mail.add_alternative(html, subtype="html", cte="base64")
    mail.set_boundary(f"visnyk-{_digest(issue, 'boundary')}")
    return mail.as_bytes()


def _digest(issue: Issue, what: str) -> str:
    parts = (issue.newsletter.name_en, issue.name, issue.moment, what)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
