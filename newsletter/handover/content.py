"""A sealed issue as a mailing service gets it. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.handover.campaign import BROWSER_VIEW, UNSUBSCRIBE, Campaign
from newsletter.render.formats import Placeholders, Renderer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.issue import Issue


def campaign_of(issue: Issue, key: str, templates: Mapping[str, str], *, has_browser_view: bool) -> Campaign:
    """Return the issue as a campaign with that key; it leads to the service's own view in the browser if that has one.

    `templates`: the editor's own that it was sealed with, by name.

    An issue with a page on the public site leads there instead.
    """
    places = Placeholders(UNSUBSCRIBE, BROWSER_VIEW if has_browser_view else "")
    renderer = Renderer(issue, templates=templates, placeholders=places)
    shown = renderer.page
    word = re.sub(r"[^a-z0-9]+", "-", issue.name.lower()).strip("-")
    return Campaign(
        key=key,
        name=f"{shown.name}: {issue.name}",
        slug=f"{word}-{key[:8]}".lstrip("-"),
        subject=shown.subject,
        preview=shown.preview,
        html=renderer.html().decode(),
        text=renderer.txt().decode(),
        notes=_notes(issue),
    )


def _notes(issue: Issue) -> tuple[str, ...]:
    if not issue.newsletter.site or issue.published_at:
        return ()
    return (f"it leads to a page that is not published yet: `visnyk digest --publish --issue {issue.name}`",)
