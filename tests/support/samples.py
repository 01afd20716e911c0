"""A source and items of our own invention, for tests that need one."""

from __future__ import annotations

from datetime import UTC, datetime

from core.model import IdentityRule, Item, Listing, Source

NOW = datetime(2026, 2, 5, 15, 30, tzinfo=UTC)
PORTAL = Source(
    id="portal",
    name="Portal",
    homepage="https://portal.example/",
    publisher="Portal",
    language="uk",
    kind="html",
    listings=(Listing("https://portal.example/news"),),
    identity=IdentityRule(
        paths=(r"/(?:en/)?news/(?P<key>\d+)(?:\.amp)?/?",),
        canonical={"uk": "https://portal.example/news/{key}", "en": "https://portal.example/en/news/{key}"},
    ),
    hosts=("portal.example", "www.portal.example", "old.example"),
    expected_every_hours=48,
)


def item(**changes: object) -> Item:
    base: dict[str, object] = {"url": "https://portal.example/news/7", "title": "Громади отримали субвенцію"}
    return Item(**(base | changes))  # type: ignore[arg-type]
