"""An editor's decisions about stories: split and join. Pure: what it reads and writes goes through the archive.

Both append rows decided by the editor, which every later grouping obeys, and regroup the articles at once.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.model import StoryLink
from pipeline.stories.archive import GroupReport
from pipeline.stories.clusters import pair
from pipeline.stories.explain import sentence
from pipeline.stories.grouping import MOST_TOGETHER, Grouping
from pipeline.stories.judge import DIFFERENT, SAME
from pipeline.stories.places import find_places

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.closed_sets import LinkVerdict
    from pipeline.stories.archive import Archive
    from pipeline.stories.features import Annotate


def split(archive: Archive, article_id: int, annotate: Annotate = find_places) -> GroupReport:
    """Take an article, with the other editions of its publication, out of its story for good.

    An article whose story holds nothing but its own editions is parted from those. Raises UsageError when there is
    no such article, or nothing to part it from.
    """
    story = archive.stories_of([article_id]).get(article_id)
    if story is None:
        raise UsageError(f"there is no article {article_id}")
    members = set(archive.members([story]))
    own = {article for two in archive.editions([article_id]) for article in two} | {article_id}
    leaving, staying = (own & members, members - own) if members - own else ({article_id}, members - {article_id})
    if not staying:
        raise UsageError(f"article {article_id} is alone in story {story}: there is nothing to split")
    _decide(archive, product(leaving, staying), DIFFERENT)
    return _grouped(archive, annotate, [leaving, staying])


def join(archive: Archive, first: int, second: int, annotate: Annotate = find_places) -> GroupReport:
    """Put the stories of two articles into one for good: every article of the one with every article of the other.

    So the decision holds for whole stories, and stays with the others when one article is split off later; of stories
    that together are too large for grouping only the first articles are joined with all. Raises UsageError when an
    article does not exist, or the two are of one story already.
    """
    stories = archive.stories_of([first, second])
    for article in (first, second):
        if article not in stories:
            raise UsageError(f"there is no article {article}")
    if stories[first] == stories[second]:
        raise UsageError(f"articles {first} and {second} are in one story already: story {stories[first]}")
    ours, theirs = (set(archive.members([stories[one]])) for one in (first, second))
    pairs = set(product(ours, theirs))
    if len(ours) + len(theirs) > MOST_TOGETHER:
        pairs = {two for two in pairs if min(ours) in two or min(theirs) in two}
    _decide(archive, pairs, SAME)
    return _grouped(archive, annotate, [ours | theirs])


def _grouped(archive: Archive, annotate: Annotate, groups: list[set[int]]) -> GroupReport:
    """Make the stories that an editor decided on, then group their articles anew unless they are too many for that."""
    grouping, articles = Grouping(archive, annotate), set[int]().union(*groups)
    division = grouping.settle([frozenset(members) for members in groups], {})
    stories = set(division.before.values()) | set(division.after.values())
    grouping.save_representatives(stories)
    after = grouping.group(articles if len(articles) <= MOST_TOGETHER else ())
    return GroupReport(
        tuple(sorted(stories.union(after.stories))), tuple(sorted(set(division.moves).union(after.moved))), after.links
    )


def _decide(archive: Archive, pairs: Iterable[tuple[int, int]], verdict: LinkVerdict) -> None:
    links = [StoryLink(*two, verdict, "editor", 1.0, {}, "editor") for two in sorted({pair(*two) for two in pairs})]
    archive.save_links(links, [sentence(link) for link in links])
