"""Publications of the replica's sites at a given moment. Pure but for reading demo/data once.

What happens in the demo is written by hand in demo/data/*.json; demo/everyday.py adds the everyday news.

A row of demo/data/*.json is one publication, in the words of the people who wrote the demo:
`source`, `key`, `at` (Kyiv time), `uk` and `en` as [title, lead], `en_at` when the English came later, and
optionally `slug`, `tags` [[slug, Ukrainian, English]], `oblasts`, `from` (the publisher's own source label),
`link` (the address as the feed prints it), `date` (a wrong or odd date, printed instead of the right one),
`undated` (so that no right date can be had), `kept: false` (a good collector leaves it out), `more` (keys of
its teasers), `list` (lines of its body) and `edits` [{`at`, `uk`, `en`}].
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo import everyday
from demo.scenario import KYIV

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA = Path(__file__).parent / "data"

ADDRESSES: Mapping[str, str] = {
    "decentralization": "/news/{key}",
    "hromady": "/{slug}/",
    "cities4cities": "/{slug}/",
    "auc": "/novyna/{key}",
    "kmu": "/news/{key}",
    "komsamovr": "/news/main_news/{key}.html",
    "prostir": "/?{key}",
    "euneighbourseast": "/{key}/",
}


@dataclass(frozen=True, slots=True)
class Edition:
    """One language's wording, and when it was published."""

    title: str
    lead: str
    published: datetime  # aware, Kyiv


@dataclass(frozen=True, slots=True)
class Post:
    """One publication as it stands at one moment."""

    source: str
    key: str  # as identity knows it: id, slug, post id, `grants=slug`
    address: str  # path and query on the site's canonical host
    editions: Mapping[str, Edition]  # uk, en: only those already published
    link: str = ""  # printed instead of the address
    odd_date: str | None = None  # printed instead of the date; empty: no date is printed
    dated: bool = True  # False: whoever reads only this site cannot know the date
    kept: bool = True  # False: off topic or not news, a good collector leaves it out
    tags: tuple[tuple[str, str, str], ...] = ()
    oblasts: tuple[str, ...] = ()
    attribution: str = ""
    more: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()

    @property
    def first(self) -> Edition:
        """Return the edition that came first, which is the original."""
        return min(self.editions.values(), key=lambda edition: edition.published)

    def shown(self, language: str) -> Edition:
        """Return the wording under the address of `language`: the other one where there is no translation."""
        return self.editions.get(language) or self.first


@lru_cache(maxsize=64)
def posts(source: str, now: datetime) -> tuple[Post, ...]:
    """Return what `source` has published by `now`, newest first."""
    visible = [post for row in _rows() if row["source"] == source and (post := _as_of(row, now))]
    return tuple(sorted(visible, key=lambda post: (post.first.published, post.key), reverse=True))


def changed_at(source: str, now: datetime) -> datetime:
    """Return when anything of `source` last changed by `now`, for Last-Modified."""
    moments = [
        moment(text)
        for row in _rows()
        if row["source"] == source
        for text in (row["at"], row.get("en_at", row["at"]), *(edit["at"] for edit in row.get("edits", ())))
    ]
    return max((at for at in moments if at <= now), default=now)


def moment(text: str) -> datetime:
    """Read `2026-01-29 14:20`, Kyiv time."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=KYIV)


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, Any], ...]:
    written = [row for path in sorted(DATA.glob("*.json")) for row in json.loads(path.read_text(encoding="utf-8"))]
    return (*written, *everyday.rows())


def _as_of(row: dict[str, Any], now: datetime) -> Post | None:
    editions: dict[str, Edition] = {
        language: edition
        for language in ("uk", "en")
        if language in row and (edition := _edition(row, language)).published <= now
    }
    if not editions:
        return None
    return Post(
        source=row["source"],
        key=row["key"],
        address=ADDRESSES[row["source"]].format(key=row["key"], slug=row.get("slug", "")),
        editions=_edited(editions, row, now),
        link=row.get("link", ""),
        odd_date=row.get("date"),
        dated=not row.get("undated", False),
        kept=row.get("kept", True),
        tags=tuple((tag[0], tag[1], tag[2]) for tag in row.get("tags", ())),
        oblasts=tuple(row.get("oblasts", ())),
        attribution=row.get("from", ""),
        more=tuple(row.get("more", ())),
        lines=tuple(row.get("list", ())),
    )


def _edition(row: dict[str, Any], language: str) -> Edition:
    title, lead = row[language]
    return Edition(title, lead, moment(row["en_at"] if language == "en" and "en_at" in row else row["at"]))


def _edited(editions: dict[str, Edition], row: dict[str, Any], now: datetime) -> dict[str, Edition]:
    for edit in row.get("edits", ()):
        if moment(edit["at"]) <= now:
            editions |= {
                language: Edition(edit[language][0], edit[language][1], editions[language].published)
                for language in editions
                if language in edit
            }
    return editions
