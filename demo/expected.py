"""Articles that a perfect collector has stored after each day. Pure: made from the replica's publications alone."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo.pages.rss import FEEDS
from demo.publications import Edition, Post, posts
from demo.scenario import CHALLENGE, DAYS, KYIV, SITES, failure_of
from language.letters import APOSTROPHES, QUOTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

STATES = {CHALLENGE: "blocked", None: "ok"}  # a site that is down: unreachable
_NOT_READ = "/uk/feed/"  # of EU NEIGHBOURS east only the English feed is one of our listings

Identity = tuple[str, str, str]  # source, key, language


@dataclass(frozen=True, slots=True)
class ExpectedArticle:
    """One article as it should be stored."""

    title: str
    day: str | None  # the calendar day in Kyiv on which it was published; None: the source gives no right date


def stored(day: int) -> dict[Identity, ExpectedArticle]:
    """Return everything that should be in the database after day 1 or day 2."""
    found: dict[Identity, ExpectedArticle] = {}
    for now in DAYS[:day]:
        for source in SITES:
            found |= read(source, now)
    return found


def read(source: str, now: datetime) -> dict[Identity, ExpectedArticle]:
    """Return what one reading of `source` at `now` gives; nothing while the site fails."""
    if failure_of(source, now):
        return {}
    return {
        (source, post.key, language): _wanted(post, edition)
        for post, language, edition in _listed(source, now)
        if post.kept
    }


def state(source: str, day: int) -> str:
    """Return the `source_runs.state` that the day should end with."""
    return STATES.get(failure_of(source, DAYS[day - 1]), "unreachable")


def new(source: str, day: int) -> int:
    """Return how many articles of `source` the day should add."""
    return len(_of(source, stored(day))) - (len(_of(source, stored(day - 1))) if day > 1 else 0)


def edited(day: int = 2) -> set[Identity]:
    """Return the articles whose headline was changed since the day before, quotation marks and the like apart."""
    before, after = stored(day - 1), stored(day)
    return {key for key in before if plain(before[key].title) != plain(after[key].title)}


def plain(title: str) -> str:
    """Return a title without what makes no new version: quotation marks, apostrophes, spaces, invisible letters."""
    kept = (letter for letter in unicodedata.normalize("NFC", title) if letter not in QUOTES + APOSTROPHES + "\u200b")
    return " ".join("".join(kept).split())


def _of(source: str, found: Mapping[Identity, ExpectedArticle]) -> set[Identity]:
    return {identity for identity in found if identity[0] == source}


def _listed(source: str, now: datetime) -> Iterator[tuple[Post, str, Edition]]:
    found = posts(source, now)
    feeds = [feed for (of, path, _), feed in FEEDS.items() if of == source and path != _NOT_READ]
    if not feeds:  # lists with pages: everything can be reached
        yield from ((post, language, edition) for post in found for language, edition in post.editions.items())
    for feed in feeds:
        for post in feed.shown(found):
            yield post, feed.language, post.editions[feed.language]


def _wanted(post: Post, edition: Edition) -> ExpectedArticle:
    day = edition.published.astimezone(KYIV).date().isoformat() if post.dated else None
    title = unicodedata.normalize("NFC", edition.title).replace("\u200b", "")
    return ExpectedArticle(" ".join(title.split()), day)
