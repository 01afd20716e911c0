"""The archive that grouping reads and writes, as a protocol that `db.stories` implements, and its report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from core.model import Representatives, StoryLink, StoryText
    from pipeline.stories.blocking import Posting


@dataclass(frozen=True, slots=True)
class GroupReport:
    """The outcome of one grouping."""

    stories: tuple[int, ...]  # whose articles, representatives or wording may have changed
    moved: tuple[int, ...]  # articles that are now in another story than before
    links: int  # rows that were written


class PostingIndex(Protocol):
    """The index, with its writes."""

    def found(self, period: int, key: int) -> list[tuple[int, int]]:
        """Return a bounded number of articles under a key, latest first: (id, share of it that the key is)."""
        ...

    def post(self, rows: Iterable[Posting]) -> None:
        """Store rows; a newer share of one article replaces the older."""
        ...

    def clear(self) -> None:
        """Empty it."""
        ...


class Archive(Protocol):
    """The stored articles, links and stories, inside one transaction."""

    @property
    def index(self) -> PostingIndex:
        """Return the index that finds articles by what they say."""
        ...

    def texts(self, article_ids: Iterable[int]) -> dict[int, StoryText]:
        """Return article id → what the judge reads of it."""
        ...

    def all_texts(self) -> Iterator[StoryText]:
        """Yield every article, by day."""
        ...

    def stories_of(self, article_ids: Iterable[int]) -> dict[int, int]:
        """Return article id → story id."""
        ...

    def members(self, story_ids: Iterable[int]) -> dict[int, int]:
        """Return article id → story id, for all articles of some stories."""
        ...

    def editions(self, article_ids: Iterable[int]) -> list[tuple[int, int]]:
        """Return pairs of articles with one source and key, of which one is among the given."""
        ...

    def ties(self) -> Iterator[tuple[int, int]]:
        """Yield all pairs that are connected already: by story, by source and key, or by an editor's decision."""
        ...

    def links(self, pairs: Iterable[tuple[int, int]]) -> list[StoryLink]:
        """Return every link of some pairs, the lower id first in each, oldest first; without their evidence."""
        ...

    def links_of(self, article_id: int, most: int) -> list[StoryLink]:
        """Return the links of one article with the latest others, at most `most` on either side; without evidence."""
        ...

    def save_links(self, links: Sequence[StoryLink], reasons: Sequence[str]) -> None:
        """Append links, each with its reason."""
        ...

    def merged(self, story_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """Return story that was merged into one of the given, at once or through others → its representatives."""
        ...

    def revive(self, story_id: int) -> None:
        """Make a merged story one of its own again."""
        ...

    def new_story(self) -> int:
        """Create a story and return its id."""
        ...

    def move(self, stories: Mapping[int, int]) -> None:
        """Move articles (id → story id) into stories."""
        ...

    def merge(self, merged: Mapping[int, int]) -> None:
        """Mark emptied stories (id → id of the story that took their articles)."""
        ...

    def save_representatives(self, chosen: Mapping[int, Representatives]) -> None:
        """Store the representatives (story id → articles) of stories."""
        ...
