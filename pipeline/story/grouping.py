"""Puts new and changed articles into stories. Pure: what it reads and writes goes through the archive."""

from __future__ import annotations

from collections import deque
from datetime import date
from typing import TYPE_CHECKING

from pipeline.model import StoryLink
from pipeline.story.archive import GroupReport
from pipeline.story.faces import face
from pipeline.story.groups import Decisions, Pair, pair, partition
from pipeline.story.keys import ALWAYS, Keys, candidates, keys_of
from pipeline.story.profile import profile
from pipeline.story.reasons import sentence
from pipeline.story.verdict import DIFFERENT, RELATED, SAME, judge_profiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.story.archive import Archive
    from pipeline.story.profile import Annotate, Profile
    from pipeline.story.verdict import Verdict

MOST_TOGETHER = 80  # articles looked at around one: groups are a third of it
MOST_RELATED, MOST_LOOKALIKES = 6, 3  # links kept of one article that do not merge it
_LOOKS_ALIKE = 0.5  # score from which a veto is worth a row: without it the two would have been taken for one
GROUP_METHODS = frozenset({"group_too_large", "group_too_loose", "group_vetoed", "kept_apart"})


class Grouping:
    """One run over some articles. Profiles and verdicts are worked out once."""

    def __init__(self, archive: Archive, annotate: Annotate) -> None:
        """`annotate` finds the places of a text."""
        self.archive, self.annotate = archive, annotate
        self.profiles: dict[int, Profile] = {}
        self.verdicts: dict[Pair, Verdict] = {}
        self.links_written = 0

    def group(self, article_ids: Iterable[int]) -> GroupReport:
        """Index, judge and settle the articles."""
        changed = sorted(set(article_ids))
        self.load(changed)
        changed = [article for article in changed if article in self.profiles]
        for article in changed:
            self.archive.index.post(postings(article, self.keys(article)))
        touched: set[int] = set()
        moved: set[int] = set()
        done: set[int] = set()
        for article in changed:
            if article not in done:
                around = self.around(article)
                done |= around
                stories, moves = self.settle(around)
                touched |= stories
                moved |= moves
        self.choose_faces(touched)
        return GroupReport(tuple(sorted(touched)), tuple(sorted(moved)), self.links_written)

    # looking

    def load(self, article_ids: Iterable[int]) -> None:
        """Reads articles that were not read yet."""
        missing = [article for article in article_ids if article not in self.profiles]
        for article, text in self.archive.texts(missing).items():
            self.profiles[article] = profile(text, self.annotate)

    def keys(self, article: int) -> Keys:
        """The keys of a loaded article."""
        known = self.profiles[article]
        seen = known.text.seen_on
        return keys_of(known, date.fromisoformat(seen).toordinal() if seen else None)

    def verdict(self, first: int, second: int) -> Verdict:
        """The verdict on two loaded articles, the lower id first."""
        two = pair(first, second)
        if two not in self.verdicts:
            self.verdicts[two] = judge_profiles(self.profiles[two[0]], self.profiles[two[1]])
        return self.verdicts[two]

    def around(self, article: int) -> set[int]:
        """The article, its story, and whatever is one story with any of them, step by step."""
        found, queue = {article}, deque([article])
        while queue and len(found) < MOST_TOGETHER:
            here = queue.popleft()
            for other in self.neighbours(here):
                if other not in found and len(found) < MOST_TOGETHER:
                    found.add(other)
                    queue.append(other)
        return found

    def neighbours(self, article: int) -> list[int]:
        """Articles of the same story, by decision so far or by judgement now."""
        linked = {
            link.other_id if link.article_id == article else link.article_id
            for link in self.archive.links([article])
            if link.verdict == SAME
        }
        story = self.archive.stories_of([article])
        mates = set(self.archive.members(story.values())) | {a for two in self.archive.editions([article]) for a in two}
        near = candidates(self.keys(article), self.archive.index, article)
        self.load([*near, *linked, *mates])
        judged = [self.noted(article, other) for other in near if other in self.profiles]
        self.note(article, judged)
        same = {other for other, verdict in judged if verdict.verdict == SAME}
        return sorted(((linked | mates) & self.profiles.keys() | same) - {article})

    def noted(self, article: int, other: int) -> tuple[int, Verdict]:
        """An article with the verdict on it."""
        two = pair(article, other)
        known = self.verdicts.get(two)
        return other, known or judge_profiles(self.profiles[two[0]], self.profiles[two[1]], thorough=False)

    # writing

    def note(self, article: int, judged: list[tuple[int, Verdict]]) -> None:
        """Stores the verdicts on one article's candidates that tell something, unless they stand there already."""
        same = [item for item in judged if item[1].verdict == SAME]
        related = [item for item in judged if item[1].verdict == RELATED]
        alike = [item for item in judged if item[1].verdict == DIFFERENT and item[1].score >= _LOOKS_ALIKE]
        kept = same + _best(related, MOST_RELATED) + _best(alike, MOST_LOOKALIKES)
        if kept:
            self.save([_link(pair(article, other), verdict) for other, verdict in kept])

    def save(self, links: list[StoryLink]) -> None:
        """Appends the links that say something new of their pair."""
        stored = latest(self.archive.links({link.article_id for link in links}), by_machine=True)
        fresh = {
            (link.article_id, link.other_id): link
            for link in links
            if _says(stored.get(pair(link.article_id, link.other_id))) != _says(link)
        }
        self.archive.save_links(list(fresh.values()), [sentence(link) for link in fresh.values()])
        self.links_written += len(fresh)

    def settle(self, articles: set[int]) -> tuple[set[int], set[int]]:
        """Divides some articles into stories and moves those that stand in another. Stories touched, articles moved."""
        rank = {article: _identity(self.profiles[article]) for article in articles}
        groups, refused = partition(sorted(articles), self.verdict, rank, self.decisions(articles))
        before = self.archive.stories_of(articles)
        after, emptied = self.assigned(groups, before)
        moves = {article: story for article, story in after.items() if before[article] != story}
        self.save(list(self.reasons(groups, moves, before, after, refused)))
        self.archive.move(moves)
        self.archive.merge(emptied)
        return set(before.values()) | set(after.values()), set(moves)

    def decisions(self, articles: set[int]) -> Decisions:
        """What editors decided, their latest word on each pair, and which articles are editions of one publication."""
        words = latest((link for link in self.archive.links(articles) if link.decided_by == "editor"), by_machine=False)
        together = {two for two, link in words.items() if link.verdict == SAME}
        apart = frozenset(two for two, link in words.items() if link.verdict == DIFFERENT)
        return Decisions(frozenset(together | set(self.archive.editions(articles))), apart)

    def assigned(self, groups: list[frozenset[int]], before: dict[int, int]) -> tuple[dict[int, int], dict[int, int]]:
        """Article → story, and emptied story → the story that took its articles.

        A story id stays with its first article; a group with several keeps the oldest; one with none gets a new id.
        """
        first: dict[int, int] = {}
        for article in sorted(before):
            first.setdefault(before[article], article)
        after: dict[int, int] = {}
        emptied: dict[int, int] = {}
        for members in groups:
            owned = sorted(story for story, article in first.items() if article in members)
            story = owned[0] if owned else self.archive.new_story()
            after.update(dict.fromkeys(members, story))
            emptied.update(dict.fromkeys(owned[1:], story))
        kept = {story for article, story in self.archive.members(emptied).items() if article not in after}
        return after, {story: into for story, into in emptied.items() if story not in kept}

    def reasons(
        self,
        groups: list[frozenset[int]],
        moves: dict[int, int],
        before: dict[int, int],
        after: dict[int, int],
        refused: dict[Pair, str],
    ) -> Iterator[StoryLink]:
        """Why articles are together, and why those that moved are no longer with the others."""
        for members in groups:
            ordered = sorted(members)
            for at, one in enumerate(ordered):
                for other in ordered[at + 1 :]:
                    if (verdict := self.verdict(one, other)).verdict == SAME:
                        yield _link((one, other), verdict)
        for article in sorted(moves):
            left = [a for a in before if before[a] == before[article] and after[a] != after[article]]
            for other in sorted(left)[:1]:
                two = pair(article, other)
                yield _separation(two, self.verdict(*two), refused.get(two, "group_too_loose"))

    def choose_faces(self, story_ids: Iterable[int]) -> None:
        """Stores which article speaks for each story."""
        members: dict[int, list[int]] = {}
        for article, story in self.archive.members(story_ids).items():
            members.setdefault(story, []).append(article)
        self.load(article for articles in members.values() for article in articles)
        texts = {story: [self.profiles[article].text for article in articles] for story, articles in members.items()}
        self.archive.save_faces({story: face(found) for story, found in texts.items()})


def postings(article: int, keys: Keys) -> Iterator[tuple[int, int, int]]:
    """The rows of one article in the index."""
    yield from ((keys.period, key, article) for key, _ in keys.words)
    yield from ((ALWAYS, key, article) for key in keys.lasting)


def latest(links: Iterable[StoryLink], *, by_machine: bool) -> dict[Pair, StoryLink]:
    """The last link of each pair; of the machine's, without those that only speak of groups."""
    return {
        pair(link.article_id, link.other_id): link
        for link in links
        if not by_machine or (link.decided_by == "machine" and link.method not in GROUP_METHODS)
    }


def _best(judged: list[tuple[int, Verdict]], most: int) -> list[tuple[int, Verdict]]:
    return sorted(judged, key=lambda item: (-item[1].score, item[0]))[:most]


def _link(two: Pair, verdict: Verdict) -> StoryLink:
    return StoryLink(*two, verdict.verdict, verdict.method, verdict.score, verdict.evidence)


def _separation(two: Pair, verdict: Verdict, refused: str) -> StoryLink:
    """Why two articles that shared a story no longer do."""
    if verdict.verdict == SAME:
        return StoryLink(*two, RELATED, refused, verdict.score, verdict.evidence)
    return _link(two, verdict)


def _says(link: StoryLink | None) -> tuple[str, str] | None:
    return (link.verdict, link.method) if link else None


def _identity(known: Profile) -> tuple[str, str, str]:
    return (known.text.source_id, known.text.key, known.text.language)
