"""Render an issue as a mail: plain text and HTML side by side, headers that nothing from outside can add to. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from newsletter.issue import one_line, safe_url

if TYPE_CHECKING:
    from newsletter.issue import Issue, Newsletter
    from newsletter.render.display import DisplayedIssue


def header_text(text: str) -> str:
    """Return a text as it may stand in a header: in one line, and nothing in it is an encoded word.

    Python's email package decodes an encoded word in a value that is set, line breaks and all.
    """
    return one_line(text).replace("=?", "= ?")


def unsubscribe_by_mail(letter: Newsletter) -> str:
    """Return the address by which a reader leaves when no service does it."""
    return f"mailto:{letter.sender_address}?subject=unsubscribe"


def content_id(issue: Issue, name: str) -> str:
    """Return the id of a picture within the mail, without its brackets."""
    return f"{name}.{_digest(issue, name)}@{issue.newsletter.sender_address.rpartition('@')[2]}"


def message(issue: Issue, shown: DisplayedIssue, text: str, html: str) -> bytes:
    """Return the mail, without a recipient: the editor's mail program opens it as something to be sent (X-Unsent)."""
    letter = issue.newsletter
    domain = letter.sender_address.rpartition("@")[2]
    mail = EmailMessage(policy=SMTP.clone(raise_on_defect=True))
    mail["Subject"] = header_text(shown.subject)
    mail["From"] = Address(display_name=header_text(letter.sender), addr_spec=letter.sender_address)
    mail["Date"] = format_datetime(datetime.fromisoformat(issue.moment))
    mail["Message-ID"] = f"<{_digest(issue, '')}@{domain}>"
    mail["List-Id"] = f"<{letter.id}.{domain}>"
    for name, value in unsubscribe_headers(letter, shown.footer.unsubscribe).items():
        mail[name] = value
    mail["X-Unsent"] = "1"
    mail.set_content(text, cte="base64")
    mail.add_alternative(html, subtype="html", cte="base64")
    mail.set_boundary(f"visnyk-{_digest(issue, 'boundary')}")
    pictures = {
        name: picture
        for name, picture, displayed in (
            ("logo", letter.brand.picture(), shown.logo),
            ("image", issue.image, shown.image),
        )
        if picture is not None and displayed is not None
    }
    if pictures:
        body = list(mail.iter_parts())[1]
        assert isinstance(body, EmailMessage)
        for name, picture in pictures.items():
            body.add_related(picture.content, "image", picture.kind, cid=f"<{content_id(issue, name)}>")
        body.set_boundary(f"visnyk-{_digest(issue, 'related')}")
    return mail.as_bytes()


def unsubscribe_headers(letter: Newsletter, address: str) -> dict[str, str]:
    """Return the headers by which a mail program unsubscribes; in one click where an https address is given."""
    by_mail = f"<{unsubscribe_by_mail(letter)}>"
    if not address.startswith("https://") or safe_url(address) != address or ".invalid/" in address:
        return {"List-Unsubscribe": by_mail}
    return {
        "List-Unsubscribe": f"<{address}>, {by_mail}",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _digest(issue: Issue, what: str) -> str:
    parts = (issue.newsletter.name_en, issue.name, issue.moment, what)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
