"""Grouping: puts new and changed articles into stories. Pure: what it reads and writes goes through the archive."""

from __future__ import annotations

from collections import deque
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from pipeline.stories.archive import GroupReport
from pipeline.stories.blocking import ALWAYS, BlockingKeys, Posting, blocking_keys, candidates
from pipeline.stories.clusters import MOST_MEMBERS, Connections, Decisions, pair, partition
from pipeline.stories.explain import sentence
from pipeline.stories.features import read_features
from pipeline.stories.judge import DIFFERENT, RELATED, SAME, is_worth_a_row
from pipeline.stories.link_rows import (
    GROUP_METHODS,
    REFUSALS,
    THROUGH_OTHERS,
    Division,
    StandingRows,
    latest,
    link_of,
    rows_to_write,
    statement_of,
)
from pipeline.stories.places import find_places
from pipeline.stories.representatives import save_representatives
from pipeline.stories.verdicts import Verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from core.model import StoryLink, StoryText
    from pipeline.stories.archive import Archive
    from pipeline.stories.clusters import Pair
    from pipeline.stories.features import Annotate, Features
    from pipeline.stories.judge import Verdict

# Articles that are looked at together, and that are divided together where there are more: beyond the first number
# the order of arrival may tell. Whoever is alike there makes full stories, so two of these are a piece.
MOST_TOGETHER, MOST_DIVIDED = 3 * MOST_MEMBERS, 2 * MOST_MEMBERS
MOST_LINKED = 200  # rows read of what one article was compared with before, on either side
MOST_RELATED, MOST_LOOKALIKES = 6, 3  # links kept of one article that do not merge it


def group(archive: Archive, article_ids: Iterable[int], annotate: Annotate = find_places) -> GroupReport:
    """Put new and changed articles into stories and store why. Run it inside one transaction."""
    return Grouping(archive, annotate).group(article_ids)


class Grouping:
    """One run over some articles. Features, neighbours and verdicts are worked out once."""

    def __init__(self, archive: Archive, annotate: Annotate) -> None:
        """`annotate` finds the places of a text."""
        self.archive, self.annotate = archive, annotate
        self.features: dict[int, Features] = {}
        self.verdicts = Verdicts(self.features)
        self.near: dict[int, list[int]] = {}  # article → its neighbours
        self.fixed: set[int] = set()  # articles of stories that only an editor changes, because they are too large
        self.links_written = 0

    def group(self, article_ids: Iterable[int]) -> GroupReport:
        """Index and judge the articles, and divide them into stories."""
        changed = sorted(set(article_ids))
        self.load(changed)
        changed = [article for article in changed if article in self.features]
        for article in changed:
            self.archive.index.post(postings(article, self.keys(article)))
        touched: set[int] = set()
        moved: set[int] = set()
        for articles in self.pieces(changed):
            stories, moves = self.divide(articles)
            touched |= stories
            moved |= moves
        self.save_representatives(touched)
        return GroupReport(tuple(sorted(touched)), tuple(sorted(moved)), self.links_written)

    # reading

    def load(self, article_ids: Iterable[int]) -> None:
        """Read the features of articles that were not read yet."""
        missing = [article for article in article_ids if article not in self.features]
        for article, text in self.archive.texts(missing).items():
            self.features[article] = read_features(text, self.annotate)

    def keys(self, article: int) -> BlockingKeys:
        """Return the blocking keys of a loaded article."""
        known = self.features[article]
        seen = known.text.seen_on
        return blocking_keys(known, date.fromisoformat(seen).toordinal() if seen else None)

    def pieces(self, changed: Iterable[int]) -> Iterator[set[int]]:
        """Yield what is to be divided together: all that is one story with some articles, step by step.

        Of more than `MOST_TOGETHER` only parts are divided: whole stories that hold a changed article or are not full.
        """
        connections, cut = Connections(), set[int]()
        for article in changed:
            connections.unite(article, article)
            if len(self.reached(article, connections)) > MOST_TOGETHER:
                cut.add(article)
        for articles in connections.groups():
            if len(articles) <= MOST_TOGETHER and cut.isdisjoint(articles):
                yield articles - self.fixed
            else:
                yield from self.parts(articles, set(changed))

    def reached(self, article: int, connections: Connections) -> set[int]:
        """Connect an article with its neighbours, these with theirs, until they are too many; return all."""
        found, queue = {article}, deque([article])
        while queue and len(found) <= MOST_TOGETHER:
            one = queue.popleft()
            was_here = one in self.near
            for other in self.neighbours(one):
                connections.unite(one, other)
                if other not in found and not was_here:
                    found.add(other)
                    queue.append(other)
        return found

    def parts(self, articles: set[int], changed: set[int]) -> Iterator[set[int]]:
        """Yield stories of articles that are too many, by age, as many together as may be divided at once."""
        stories: dict[int, set[int]] = {}
        for article, story in self.archive.members(self.archive.stories_of(articles).values()).items():
            stories.setdefault(story, set()).add(article)
        part: set[int] = set()
        for members in sorted(stories.values(), key=min):
            if len(members) >= MOST_MEMBERS and (members.isdisjoint(changed) or len(members) > MOST_TOGETHER):
                continue
            if part and len(part) + len(members) > MOST_DIVIDED:
                if not part.isdisjoint(changed):
                    yield part
                part = set()
            part = part | members
        if not part.isdisjoint(changed):
            yield part

    def neighbours(self, article: int) -> list[int]:
        """Return articles of the same story, by decision so far or by judgement now, and store new verdicts.

        Decisions are the rows that say, or once said, that two articles are one story by themselves or by an editor.
        """
        if article not in self.near:
            self.near[article] = self.read_neighbours(article)
        return self.near[article]

    def read_neighbours(self, article: int) -> list[int]:
        """Return what `neighbours` does; of an article in a story that is too large nothing."""
        mates = set(self.archive.members(self.archive.stories_of([article]).values()))
        if len(mates) > MOST_TOGETHER:
            self.fixed |= mates
            return []
        mates |= {one for two in self.archive.editions([article]) for one in two}
        linked = {
            either
            for link in self.archive.links_of(article, MOST_LINKED)
            if link.method in REFUSALS or (link.verdict == SAME and link.method != THROUGH_OTHERS)
            for either in (link.article_id, link.other_id)
        }
        near = candidates(self.keys(article), self.archive.index, article)
        self.load([*near, *linked, *mates])
        judged = self.judged(article, (other for other in near if other in self.features))
        self.save_unmerged(article, judged)
        same = {other for other, verdict in judged if verdict.verdict == SAME}
        return sorted(((linked | mates) & self.features.keys() | same) - {article})

    def judged(self, article: int, others: Iterable[int]) -> list[tuple[int, Verdict]]:
        """Return loaded articles with the verdicts on them and one article; not thorough where none is known."""
        return [(other, self.verdicts.quick(article, other)) for other in others]

    # writing

    def save_unmerged(self, article: int, judged: list[tuple[int, Verdict]]) -> None:
        """Store the verdicts on one article's candidates that tell something and do not merge it.

        Those that do are stored when it is known whether the two are one story in the end.
        """
        telling = [item for item in judged if is_worth_a_row(item[1])]
        related = [item for item in telling if item[1].verdict == RELATED]
        alike = [item for item in telling if item[1].verdict == DIFFERENT]
        kept = _best(related, MOST_RELATED) + _best(alike, MOST_LOOKALIKES)
        if kept:
            self.save([link_of(pair(article, other), verdict) for other, verdict in kept])

    def save(self, links: list[StoryLink]) -> None:
        """Append the links that say something new of their pair, where no editor has decided."""
        stored = self.archive.links({pair(link.article_id, link.other_id) for link in links})
        of_two = latest((link for link in stored if link.method not in GROUP_METHODS), "machine")
        by_editor = latest(stored, "editor")
        fresh = {
            two: link
            for link in links
            if (two := pair(link.article_id, link.other_id)) not in by_editor
            and statement_of(of_two.get(two)) != statement_of(link)
        }
        self.append(list(fresh.values()))

    def append(self, links: list[StoryLink]) -> None:
        """Store links, each with its reason."""
        self.archive.save_links(links, [sentence(link) for link in links])
        self.links_written += len(links)

    def divide(self, articles: set[int]) -> tuple[set[int], set[int]]:
        """Divide some articles into stories and move those that stand in another. Stories touched, articles moved."""
        standing = StandingRows.of(self.archive.links(combinations(sorted(articles), 2)))
        by_editor = standing.by_editor.items()
        decisions = Decisions(
            joined=frozenset(two for two, link in by_editor if link.verdict == SAME),
            apart=frozenset(two for two, link in by_editor if link.verdict == DIFFERENT),
            editions=frozenset(self.archive.editions(articles)),
        )
        self.load(articles)
        texts = {article: self.features[article].text for article in articles}
        rank = {article: (text.source_id, text.key, text.language) for article, text in texts.items()}
        groups, refused = partition(sorted(articles), self.verdicts.thorough, rank, decisions)
        division = self.settle(groups, refused)
        self.append(rows_to_write(division, standing, self.verdicts.thorough))
        return set(division.before.values()) | set(division.after.values()), set(division.moves)

    def settle(self, groups: Sequence[frozenset[int]], refused: Mapping[Pair, str]) -> Division:
        """Make a story of each group, of whole stories together. `refused` pairs say why they are not one."""
        before = self.archive.stories_of(article for members in groups for article in members)
        after, emptied = self.assigned(groups, before)
        division = Division(before, after, refused)
        self.save_representatives(emptied)  # by them an emptied story is known again
        self.archive.move(division.moves)
        self.archive.merge(emptied)
        # A merged story leads to where the article that represented it went.
        merged = self.archive.merged({before[article] for article in division.moves})
        led = {story: after[one] for story, chosen in merged.items() for one in chosen[:1] if one in after}
        self.archive.merge(led)
        return division

    def assigned(
        self, groups: Sequence[frozenset[int]], before: dict[int, int]
    ) -> tuple[dict[int, int], dict[int, int]]:
        """Return article → story, and emptied story → the story that took its articles.

        A story id stays with its first article; a group with several keeps the oldest; one with none gets back the
        id under which its articles were once a story of their own, or a new one.
        """
        first: dict[int, int] = {}
        for article in sorted(before):
            first.setdefault(before[article], article)
        after: dict[int, int] = {}
        emptied: dict[int, int] = {}
        for members in groups:
            owned = sorted(story for story, article in first.items() if article in members)
            story = owned[0] if owned else self.own_story(members, before)
            after.update(dict.fromkeys(members, story))
            emptied.update(dict.fromkeys(owned[1:], story))
        kept = {story for article, story in self.archive.members(emptied).items() if article not in after}
        return after, {story: into for story, into in emptied.items() if story not in kept}

    def own_story(self, members: frozenset[int], before: dict[int, int]) -> int:
        """Revive the oldest merged story that one of the articles represented, or make a new one; return its id."""
        merged = self.archive.merged({before[article] for article in members})
        once = min((story for story, chosen in merged.items() if not members.isdisjoint(chosen)), default=None)
        if once is None:
            return self.archive.new_story()
        self.archive.revive(once)
        return once

    def save_representatives(self, story_ids: Iterable[int]) -> None:
        """Store which articles represent each story."""
        save_representatives(self.archive, story_ids, self.texts)

    def texts(self, article_ids: Iterable[int]) -> dict[int, StoryText]:
        """Return what the judge reads of articles."""
        ids = list(article_ids)
        missing = self.archive.texts(article for article in ids if article not in self.features)
        return missing | {article: self.features[article].text for article in ids if article in self.features}


def postings(article: int, keys: BlockingKeys) -> Iterator[Posting]:
    """Yield the rows of one article in the index."""
    yield from (Posting(keys.period, word.key, article, word.share) for word in keys.words)
    yield from (Posting(ALWAYS, key, article, 0) for key in keys.lasting)


def _best(judged: list[tuple[int, Verdict]], most: int) -> list[tuple[int, Verdict]]:
    return sorted(judged, key=lambda item: (-item[1].score, item[0]))[:most]
