"""Sealed issues as rows, for the tests of what the public sees of them."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from language.letters import text_hash
from newsletter.settings import as_json, read_newsletter
from tests.support.newsroom import NOON, Newsroom, rows

if TYPE_CHECKING:
    from collections.abc import Mapping

BULLETIN = read_newsletter()
WEEKLY = replace(BULLETIN, id="weekly", name_uk="Тижневик", name_en="Weekly", site="https://news.example/visnyk")
# One red pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


@dataclass
class IssueRows:
    """Writes issues into a room; each entry needs a story that is there."""

    room: Newsroom
    names: dict[str, int] = field(default_factory=dict)

    def issue(
        self,
        name: str,
        *entries: Mapping[str, Any],
        newsletter: Any = BULLETIN,
        sealed_at: str | None = NOON,
        published_at: str | None = NOON,
        texts: Mapping[str, str] | None = None,
        items: tuple[Mapping[str, Any], ...] = (),
        image: bytes = b"",
    ) -> int:
        """Write one issue. Without `sealed_at` it is a draft, without `published_at` only editors may see it."""
        settings = json.dumps(as_json(newsletter), ensure_ascii=False) if sealed_at else None
        number = rows(self.room.db, "digests", name=name, newsletter=newsletter.id, sealed_at=sealed_at,
                      published_at=sealed_at and published_at, started_at=NOON, settings=settings)  # fmt: skip
        self.names[name] = number
        for place, entry in enumerate(entries, 1):
            rows(self.room.db, "digest_entries", digest_id=number, position=place, **self._entry(entry))
        for name_of_text, text in (texts or {}).items():
            rows(self.room.db, "digest_texts", digest_id=number, field=name_of_text, text=text)
        for item in items:
            rows(self.room.db, "digest_items", digest_id=number, **{"section": "other"} | dict(item))
        if image:
            rows(self.room.db, "digest_images", digest_id=number, kind="png", width=1, height=1, content=image)
        return number

    def _entry(self, given: Mapping[str, Any]) -> dict[str, Any]:
        title = given.get("title_uk") or ""
        published = given.get("published_uk", title)  # as the publisher had it
        lists = {name: json.dumps(given[name], ensure_ascii=False) for name in ("links", "places") if name in given}
        corrected = {"correction_of": self.names[given["correction_of"]]} if "correction_of" in given else {}
        kept = {name: value for name, value in given.items() if name != "published_uk"}
        return {"section": "other", "title_hash": text_hash(published), **kept, **lists, **corrected}


def link(url: str, language: str = "uk", source: str = "Портал", day: str | None = "2026-02-20") -> list[Any]:
    """A link of an entry as it is stored."""
    return ["portal", source, url, language, day, "Portal"]
