"""A sealed issue as a mailing service gets it. Pure but for reading templates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.handover.campaign import BROWSER_VIEW, UNSUBSCRIBE, Campaign
from newsletter.render.formats import Placeholders, Renderer

if TYPE_CHECKING:
    from newsletter.issue import Issue


def campaign_of(issue: Issue, key: str) -> Campaign:
    """Return the issue as a campaign with that key."""
    renderer = Renderer(issue, placeholders=Placeholders(UNSUBSCRIBE, BROWSER_VIEW))
    shown = renderer.whole
    word = re.sub(r"[^a-z0-9]+", "-", issue.name.lower()).strip("-")
    return Campaign(
        key=key,
        name=f"{shown.name}: {issue.name}",
        slug=f"{word}-{key[:8]}".lstrip("-"),
        subject=shown.subject,
        preview=shown.preview,
        html=renderer.html().decode(),
        text=renderer.txt().decode(),
    )
