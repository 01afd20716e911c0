"""Drafts of emails at Buttondown, by its API v1 (docs/decisions/handover.md has what it says and where)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsletter.handover.campaign import Campaign, RemoteCampaign, in_html, in_text

if TYPE_CHECKING:
    from newsletter.handover.json_api import JsonApi

VERSION = "2026-04-01"  # since which a draft is the default and sending must be confirmed; before, it sent at once
_UNSUBSCRIBE, _BROWSER_VIEW = "{{ unsubscribe_url }}", "{{ email_url }}"
_AS_HTML = "<!-- buttondown-editor-mode: fancy -->"
_OURS = "visnyk"  # in the email's metadata
_MOST_PAGES = 100
_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ButtondownSettings:
    """Settings of a table [handover.buttondown]."""

    template: str = ""  # empty: that of the newsletter


class Buttondown:
    """Buttondown. It refuses a second email with the same slug, so a late answer makes no second one."""

    name, has_browser_view, settle_seconds = "buttondown", True, 0.0

    def __init__(self, api: JsonApi, settings: ButtondownSettings) -> None:
        """`api` speaks to the root of the API, above /v1, and sends the version with every request."""
        self._api, self._settings = api, settings

    def find(self, key: str) -> RemoteCampaign | None:
        """Return the email that has the key in its metadata; the newest are asked for first."""
        for page in range(1, _MOST_PAGES + 1):
            answer = self._api.get("/v1/emails", {"ordering": "-creation_date", "page": page})
            results = answer.get("results") if isinstance(answer, dict) else None
            if not isinstance(results, list):
                raise self._api.unusable("a list of emails was expected")
            found = [one for one in results if isinstance(one, dict) and (one.get("metadata") or {}).get(_OURS) == key]
            if found:
                return self._remote(found[0])
            if not answer.get("next") or not results:
                break
        return None

    def create(self, campaign: Campaign) -> RemoteCampaign:
        """Make a draft: its status is said, since an older version of the API would send without it."""
        inner = _BODY.search(campaign.html)
        html = in_html(inner[1] if inner else campaign.html, _UNSUBSCRIBE, _BROWSER_VIEW)
        body: dict[str, object] = {
            "subject": in_text(campaign.subject),
            "body": _AS_HTML + html,
            "status": "draft",
            "email_type": "public",
            "description": in_text(campaign.preview),
            "slug": campaign.slug,
            "metadata": {_OURS: campaign.key},
        }
        body |= {"template": self._settings.template} if self._settings.template else {}
        made = self._api.post("/v1/emails", body)
        if not isinstance(made, dict):
            raise self._api.unusable("it is not Buttondown's")
        return self._remote(made)

    def _remote(self, data: dict[str, Any]) -> RemoteCampaign:
        number = data.get("id")
        if not isinstance(number, str) or not number:
            raise self._api.unusable("the email has no id")
        number, status = self._api.clean(number), data.get("status")
        notes = () if status == "draft" else (f"its status there is {self._api.clean(status)}",)
        return RemoteCampaign(number, f"https://buttondown.com/emails/{number}", status == "draft", notes)
