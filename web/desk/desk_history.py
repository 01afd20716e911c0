"""Words for the changes of a draft, as the desk shows them. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from newsletter.fields import FIXED, IMAGE, STATE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.changes import Change
    from web.desk.desk_view import View

FIELDS = {
    "decision": "decision", "until": "held until", "reason": "reason", "section": "section", "position": "place",
    "title_uk": "Ukrainian headline", "title_en": "English headline", "lead_uk": "Ukrainian lead",
    "lead_en": "English lead", "note": "note", "remark": "remark", "approved": "approval of the machine’s English",
    "name": "name of the issue", "subject": "subject", "preview": "preview text", "intro_uk": "Ukrainian intro",
    "intro_en": "English intro", "closing_uk": "Ukrainian closing", "closing_en": "English closing",
    "image_alt_uk": "Ukrainian text of the image", "image_alt_en": "English text of the image",
    "section_text_uk": "Ukrainian text of a section", "section_text_en": "English text of a section",
    "text_uk": "Ukrainian text", "text_en": "English text", "url": "link", "removed": "item removed",
    "image": "image", "state": "state of the issue", "fixed": "only what was taken is in the issue",
}  # fmt: skip


def words_of(field: str) -> str:
    """Return what a field is called on the page."""
    return FIELDS.get(field.partition(":")[0], field)


def shown_changes(changes: Iterable[Change], view: View, seen: int, editor: str) -> list[dict[str, Any]]:
    """Return changes for the templates, newest first; new are those of others after the change `seen`."""
    listed = list(changes)
    together = Counter(change.bulk for change in listed)
    last = {change.bulk: change.id for change in listed}
    return [
        {
            "id": change.id,
            "key": view.key_of(change.story_id, None),
            "about": view.title_of(change.story_id),
            "field": words_of(change.field),
            "was": _shown(change.field, change.was),
            "became": _shown(change.field, change.became),
            "undone": change.field not in (IMAGE, STATE),
            "together": together[change.bulk] if last[change.bulk] == change.id else 1,
            "by": change.by,
            "at": change.at,
            "via": change.via,
            "is_new": change.id > seen and change.by != editor,
        }
        for change in reversed(listed)
    ]


def _shown(field: str, value: str) -> str:
    """Return a value as a person reads it: a picture's letters and the moment of a first choice say nothing."""
    if field == IMAGE and value:
        return "an image"
    return "" if field == FIXED else value
