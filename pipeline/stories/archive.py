"""What grouping asks of the database, and what it reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from core.model import Representatives, StoryLink, StoryText
    from pipeline.stories.blocking import Posting


@dataclass(frozen=True, slots=True)
class GroupReport:
    """What one grouping did."""

    stories: tuple[int, ...]  # whose articles, face or wording may have changed
    moved: tuple[int, ...]  # articles that are now in another story than before
    links: int  # rows that were written


class PostingIndex(Protocol):
    """The index, with its writes."""

    def found(self, period: int, key: int) -> list[tuple[int, int]]:
        """A bounded number of articles under a key, the latest first: (id, what share of it the key is)."""
        ...

    def post(self, rows: Iterable[Posting]) -> None:
        """Stores rows; a newer share of one article replaces the older."""
        ...

    def clear(self) -> None:
        """Empties it."""
        ...


class Archive(Protocol):
    """The stored articles, links and stories, inside one transaction."""

    @property
    def index(self) -> PostingIndex:
        """Where articles are found by what they say."""
        ...

    def texts(self, article_ids: Iterable[int]) -> dict[int, StoryText]:
        """Article id → what the judge reads of it."""
        ...

    def all_texts(self) -> Iterator[StoryText]:
        """Every article, by day."""
        ...

    def stories_of(self, article_ids: Iterable[int]) -> dict[int, int]:
        """Article id → story id."""
        ...

    def members(self, story_ids: Iterable[int]) -> dict[int, int]:
        """Article id → story id, for all articles of some stories."""
        ...

    def editions(self, article_ids: Iterable[int]) -> list[tuple[int, int]]:
        """Pairs of articles with one source and key, of which one is among the given."""
        ...

    def ties(self) -> Iterator[tuple[int, int]]:
        """All pairs that hang together already: of one story, of one source and key, or by an editor's word."""
        ...

    def links(self, article_ids: Iterable[int]) -> list[StoryLink]:
        """Every link that touches one of the articles, oldest first."""
        ...

    def save_links(self, links: Sequence[StoryLink], reasons: Sequence[str]) -> None:
        """Appends links, each with its reason."""
        ...

    def merged(self, story_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """Story that lives on in one of the given, at once or by way of others → the articles that spoke for it."""
        ...

    def revive(self, story_id: int) -> None:
        """A merged story is one of its own again."""
        ...

    def new_story(self) -> int:
        """A fresh story id."""
        ...

    def move(self, stories: Mapping[int, int]) -> None:
        """Article id → the story it goes to."""
        ...

    def merge(self, merged: Mapping[int, int]) -> None:
        """Emptied story → the story that took its articles."""
        ...

    def save_representatives(self, chosen: Mapping[int, Representatives]) -> None:
        """Store the representatives (story id → articles) of stories."""
        ...
