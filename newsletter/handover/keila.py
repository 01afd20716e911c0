"""Drafts of campaigns at Keila, by its API v1 (docs/decisions/handover.md has what it says and where)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsletter.handover.campaign import Campaign, RemoteCampaign, in_html, in_text

if TYPE_CHECKING:
    from newsletter.handover.json_api import JsonApi

_UNSUBSCRIBE = "{{ unsubscribe_link }}"
_OURS = "visnyk"  # in the campaign's own data


@dataclass(frozen=True, slots=True)
class KeilaSettings:
    """Settings of a table [handover.keila]; ids are Keila's own."""

    sender_id: str = ""
    segment_id: str = ""  # empty: all contacts, as an editor can still change there
    project_id: str = ""  # for the link to the campaign alone


class Keila:
    """One project of Keila. Nothing there is unique, so after a broken-off attempt a moment is waited."""

    name, has_browser_view, settle_seconds = "keila", False, 10.0  # a public page only where a person allows it

    def __init__(self, api: JsonApi, settings: KeilaSettings) -> None:
        """`api` speaks to its root; the key that it uses belongs to one project."""
        self._api, self._settings = api, settings

    def find(self, key: str) -> RemoteCampaign | None:
        """Return the campaign that has the key in its data. Keila lists all campaigns at once."""
        data = self._api.get("/api/v1/campaigns")
        campaigns = data.get("data") if isinstance(data, dict) else None
        if not isinstance(campaigns, list):
            raise self._api.unusable("a list of campaigns was expected")
        found = [one for one in campaigns if isinstance(one, dict) and _key_in(one.get("data")) == key]
        return self._remote(found[0]) if found else None

    def create(self, campaign: Campaign) -> RemoteCampaign:
        """Make a draft; Keila sends only by another request. It makes the plain text itself, of the HTML."""
        given = self._settings
        data: dict[str, object] = {
            "subject": in_text(campaign.subject),
            "preview_text": in_text(campaign.preview),
            "settings": {"type": "html"},
            "html_body": in_html(campaign.html, _UNSUBSCRIBE),
            "data": {_OURS: campaign.key},
        }
        ids = {"sender_id": given.sender_id, "segment_id": given.segment_id}
        answer = self._api.post("/api/v1/campaigns", {"data": data | {name: one for name, one in ids.items() if one}})
        made = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(made, dict):
            raise self._api.unusable("it is not Keila's")
        return self._remote(made)

    def _remote(self, data: dict[str, Any]) -> RemoteCampaign:
        number, project = data.get("id"), self._settings.project_id
        if not isinstance(number, str) or not number:
            raise self._api.unusable("the campaign has no id")
        url = f"{self._api.url}/projects/{project}/campaigns/{self._api.clean(number)}" if project else self._api.url
        is_draft = not data.get("sent_at") and not data.get("scheduled_for")
        notes = () if is_draft else ("it was sent or scheduled there",)
        return RemoteCampaign(self._api.clean(number), url, is_draft, notes)


def _key_in(data: object) -> object:
    return data.get(_OURS) if isinstance(data, dict) else None
