"""The representatives of a story: whose headline, lead and link it shows in each language, and its day. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model import Representatives
from pipeline.stories.source_labels import is_attributed_to
from pipeline.stories.titles import parse_headline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from core.model import StoryText
    from pipeline.stories.archive import Archive

_NO_DAY = "9999"


def save_representatives(
    archive: Archive,
    story_ids: Iterable[int],
    texts: Callable[[Iterable[int]], Mapping[int, StoryText]] | None = None,
) -> None:
    """Choose and store which articles represent each of some stories; `texts` reads articles, else the archive does."""
    members: dict[int, list[int]] = {}
    for article, story in archive.members(story_ids).items():
        members.setdefault(story, []).append(article)
    found = (texts or archive.texts)(article for articles in members.values() for article in articles)
    archive.save_representatives(
        {story: choose_representatives([found[one] for one in articles]) for story, articles in members.items()}
    )


def choose_representatives(members: Sequence[StoryText]) -> Representatives:
    """Choose the representatives of a story of at least one article.

    The headline is a full one before a cut one, the link the original publisher's before a re-post's; of equals the
    earliest goes first. The lead is that of the headline's article, or of the next that has one. The day is the
    earliest known: a translation often comes days later, and the event is what readers look for.
    """
    uk_title, uk_lead, uk_link = _representatives_in("uk", members)
    en_title, en_lead, en_link = _representatives_in("en", members)
    day = min((member.published_on for member in members if member.published_on), default=None)
    return Representatives(uk_title, en_title, day, uk_lead, en_lead, uk_link, en_link)


def _representatives_in(language: str, members: Sequence[StoryText]) -> tuple[int | None, int | None, int | None]:
    """Return the articles of headline, lead and link; None for a lead or link of the headline's article."""
    publishers = tuple({member.source_id: member for member in members}.values())
    editions = [_Edition(member, publishers) for member in members if member.language == language]
    if not editions:
        return None, None, None
    full_first = sorted(editions, key=lambda edition: (edition.cut, edition.repost, *edition.order))
    title = full_first[0].text
    lead = next((edition.text for edition in full_first if edition.text.lead.strip()), title)
    link = min(editions, key=lambda edition: (edition.repost, edition.cut, *edition.order)).text
    lead_id, link_id = (None if one is title else one.article_id for one in (lead, link))
    return title.article_id, lead_id, link_id


class _Edition:
    """An article among the others of its story, of which one of each source is given; what decides on its place."""

    def __init__(self, text: StoryText, members: Sequence[StoryText]) -> None:
        self.text = text
        self.cut = parse_headline(text.title).cut
        self.repost = any(is_attributed_to(text, other) for other in members)
        self.order = (text.published_on or _NO_DAY, text.source_id, text.key)
