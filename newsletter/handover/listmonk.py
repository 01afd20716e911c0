"""Drafts of campaigns at listmonk, by its API (docs/decisions/handover.md has what it says and where)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsletter.handover.campaign import Campaign, RemoteCampaign, in_html, in_text

if TYPE_CHECKING:
    from newsletter.handover.json_api import JsonApi

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_UNSUBSCRIBE, _BROWSER_VIEW = "{{ UnsubscribeURL }}", "{{ MessageURL }}"
_PER_PAGE, _MOST_PAGES = 20, 100


@dataclass(frozen=True, slots=True)
class ListmonkSettings:
    """Settings of a table [handover.listmonk]."""

    lists: tuple[int, ...]
    template_id: int | None = None
    from_email: str = ""  # empty: the sender in listmonk's own settings


class Listmonk:
    """One listmonk. It refuses a second campaign with the same `archive_slug`, so a late answer makes no second one."""

    name, has_browser_view, settle_seconds = "listmonk", True, 0.0

    def __init__(self, api: JsonApi, settings: ListmonkSettings) -> None:
        """`api` speaks to its root."""
        self._api, self._settings = api, settings

    def find(self, key: str) -> RemoteCampaign | None:
        """Return the campaign with the tag of that key."""
        query: dict[str, object] = {"tag": _tag(key), "tags": _tag(key), "no_body": "true", "per_page": _PER_PAGE}
        for page in range(1, _MOST_PAGES + 1):
            results = self._data(self._api.get("/api/campaigns", query | {"page": page})).get("results")
            if not isinstance(results, list):
                raise self._api.unusable("a list of campaigns was expected")
            found = [one for one in results if isinstance(one, dict) and _tag(key) in (one.get("tags") or [])]
            if found:
                return self._remote(found[0])
            if len(results) < _PER_PAGE:
                break
        return None

    def create(self, campaign: Campaign) -> RemoteCampaign:
        """Make a draft; listmonk makes nothing else unless it is told to."""
        given = self._settings
        body: dict[str, object] = {
            "name": campaign.name,
            "subject": in_text(campaign.subject),
            "lists": list(given.lists),
            "type": "regular",
            "content_type": "html",
            "body": _with_comments(in_html(campaign.html, _UNSUBSCRIBE, _BROWSER_VIEW)),
            "altbody": in_text(campaign.text, _UNSUBSCRIBE, _BROWSER_VIEW),
            "messenger": "email",
            "tags": ["visnyk", _tag(campaign.key)],
            "archive_slug": campaign.slug,
        }
        body |= {"template_id": given.template_id} if given.template_id else {}
        body |= {"from_email": given.from_email} if given.from_email else {}
        return self._remote(self._data(self._api.post("/api/campaigns", body)), given.lists)

    def _data(self, answer: Any) -> dict[str, Any]:
        data = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(data, dict):
            raise self._api.unusable("it is not listmonk's")
        return data

    def _remote(self, data: dict[str, Any], asked: tuple[int, ...] = ()) -> RemoteCampaign:
        number = data.get("id")
        if not isinstance(number, int):
            raise self._api.unusable("the campaign has no id")
        lists = {one.get("id") for one in data.get("lists") or [] if isinstance(one, dict)}
        notes = [f"listmonk knows no list {one}" for one in asked if one not in lists]
        is_draft = data.get("status") == "draft"
        notes += [] if is_draft else [f"its status there is {self._api.clean(data.get('status'))}"]
        return RemoteCampaign(str(number), f"{self._api.url}/admin/campaigns/{number}", is_draft, tuple(notes))


def _tag(key: str) -> str:
    return f"visnyk-{key}"


def _with_comments(html: str) -> str:
    """Return HTML whose comments (some are for Outlook) outlive Go's templates, which drop what is not said `Safe`."""
    return _COMMENT.sub(lambda found: f"{{{{ Safe {json.dumps(found[0], ensure_ascii=False)} }}}}", html)
