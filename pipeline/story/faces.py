"""Which article speaks for a story, in each language, and which day the story shows. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import StoryFace
from pipeline.story.titles import headline
from pipeline.story.words import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import StoryText

_NO_DAY = "9999"


def face(members: Sequence[StoryText]) -> StoryFace:
    """The face of a story of at least one article.

    The original publisher goes before re-posts, a full title before a cut one, then the earliest. The day is that
    of the Ukrainian face: a translation often comes days later, and the event is what readers look for.
    """
    ukrainian = _speaker([member for member in members if member.language == "uk"], members)
    english = _speaker([member for member in members if member.language == "en"], members)
    first = ukrainian or english
    days = [member.published_on for member in members if member.published_on]
    return StoryFace(
        ukrainian.article_id if ukrainian else None,
        english.article_id if english else None,
        (first.published_on if first else None) or min(days, default=None),
    )


def _speaker(editions: Sequence[StoryText], members: Sequence[StoryText]) -> StoryText | None:
    def order(text: StoryText) -> tuple[bool, bool, str, str, str]:
        cut = headline(text.title).cut
        return (_is_repost(text, members), cut, text.published_on or _NO_DAY, text.source_id, text.key)

    return min(editions, key=order, default=None)


def _is_repost(text: StoryText, members: Sequence[StoryText]) -> bool:
    """Whether the article itself names another publisher of the same story as its source."""
    label = fold(text.attribution).lower()
    return bool(label) and any(
        fold(other.publisher).lower() in label
        for other in members
        if other.source_id != text.source_id and other.publisher
    )
