"""The two sides of the desk: what could stand in the next issue, filtered and counted, and what was taken. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from core.clock import kyiv_day
from language.scripts import mixed_words
from newsletter import choose
from newsletter.fields import key, letters
from newsletter.issue import Choice, safe_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from newsletter.issue import Entry, Issue, Story

PAGE = 50  # rows
LOOKS = {
    "withheld": "no English is shown",
    "unsure": "the machine was unsure of its English",
    "retitled": "the headline changed since it was worded here",
    "scripts": "letters of two scripts in one word",
    "undated": "no date",
    "unlinked": "no link",
    "correction": "corrects an earlier issue",
}
OF_ENGLISH = ("withheld", "unsure")  # an approval or a wording settles them; a remark of an editor settles the others
CHANGES = {"new": "new", "retitled": "retitled", "english": "English came", "regrouped": "regrouped"}
LANGUAGES = {
    "publisher": "English by the publisher",
    "editor": "English by an editor",
    "machine": "English by the machine",
    "none": "without English",
    "english": "in English only",
}
Dimension = Literal["topic", "oblast", "source", "language", "changed"]


@dataclass(frozen=True, slots=True)
class Noticed:
    """Facts that are known of a story beside the draft."""

    first_seen_at: str = ""
    oblasts: tuple[str, ...] = ()  # English names
    state: str = ""  # of the machine's English of its headline
    objections: tuple[str, ...] = ()  # of the checks: `rule: details`
    score: float | None = None
    unsure: bool = False  # the score is far below the others
    retitled: bool = False  # the published headline changed after an editor worded it
    approved: str = ""  # the machine's English that an editor approved
    changes: frozenset[str] = frozenset()  # since the issue before; keys of CHANGES


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One story on one side of the desk."""

    key: str
    entry: Entry
    choice: Choice
    noticed: Noticed
    looks: tuple[str, ...]  # keys of LOOKS
    faded: bool = False

    @property
    def story(self) -> Story:
        """Return the story itself."""
        return self.entry.story

    @property
    def title(self) -> str:
        """Return the headline by which an editor knows it."""
        return self.story.title_uk or self.story.title_en

    @property
    def english(self) -> str:
        """Return the machine's English that may be approved, shown or withheld; empty where a person wrote it."""
        return self.story.title_en if self.story.title_en_by == "machine" else self.story.suggestion

    @property
    def english_mark(self) -> str:
        """Return what tells that English from another: a page that is old does not approve what it never showed."""
        return letters(self.english)

    @property
    def decision(self) -> str:
        """Return the decision as a form has it."""
        return self.choice.decision or ""

    @property
    def language(self) -> str:
        """Return who made the English, as a key of LANGUAGES."""
        if not self.story.title_uk:
            return "english"
        return self.story.title_en_by or "none"

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the names of the sources, each once."""
        return tuple(dict.fromkeys(link.source for link in self.story.links))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of the bin, as an address has them. Empty: all."""

    q: str = ""
    topic: str = ""
    oblast: str = ""
    source: str = ""
    language: str = ""
    changed: str = ""
    look: bool = False
    faded: bool = False
    page: int = 1
    through: bool = False  # all pages up to that one
    found: frozenset[int] | None = None  # stories that hold what was searched; None: nothing was


@dataclass(frozen=True, slots=True)
class Sides:
    """Everything that the desk shows of one draft, in order."""

    bin: tuple[DeskRow, ...]
    issue: tuple[DeskRow, ...]
    dropped: tuple[DeskRow, ...]
    held: tuple[DeskRow, ...]
    everything: bool  # the choice is open, so sealing would take all of the bin too

    def rows(self) -> tuple[DeskRow, ...]:
        """Return all of them."""
        return (*self.issue, *self.bin, *self.held, *self.dropped)

    def counts(self) -> dict[str, int]:
        """Return the numbers that stand on top of the desk."""
        waiting = [row for row in self.bin if not row.faded]
        return {
            "bin": len(waiting),
            "faded": len(self.bin) - len(waiting),
            "issue": len(self.issue),
            "dropped": len(self.dropped),
            "held": len(self.held),
            "look_issue": sum(bool(row.looks) for row in self.issue),
            "look_bin": sum(bool(row.looks) for row in waiting),
        }


def sides(
    issue: Issue, digest_id: int, choices: Mapping[int, Choice], noticed: Mapping[int, Noticed], day: str
) -> Sides:
    """Return the rows of both sides. `day`: of Kyiv, by which what nobody decided fades."""

    def row(entry: Entry) -> DeskRow:
        story_id = entry.story.story_id
        choice, known = choices.get(story_id) or Choice(story_id), noticed.get(story_id) or Noticed()
        faded = choice.decision is None and is_faded(entry.story, known, issue.newsletter.fade_days, day)
        return DeskRow(key(digest_id, story_id), entry, choice, known, looks(entry.story, choice, known), faded)

    included = [row(entry) for entry in issue.entries]
    undecided = [*(one for one in included if one.decision != "taken"), *map(row, issue.bin)]
    taken = tuple(one for one in included if one.decision == "taken")
    return Sides(
        bin=tuple(sorted(undecided, key=lambda one: choose.importance(one.story, issue.newsletter))),
        issue=taken,
        dropped=tuple(map(row, issue.dropped)),
        held=tuple(map(row, issue.held)),
        everything=len(taken) < len(included) or not (taken or issue.bin),
    )


def is_faded(story: Story, noticed: Noticed, fade_days: int, day: str) -> bool:
    """Return True for a story that has been in the bin for more than `fade_days`, by its day and its arrival."""
    arrived = kyiv_day(noticed.first_seen_at) if noticed.first_seen_at else ""
    newest = max(story.published_on or "", arrived)
    return bool(newest) and newest < (date.fromisoformat(day) - timedelta(days=fade_days)).isoformat()


def looks(story: Story, choice: Choice, noticed: Noticed) -> tuple[str, ...]:
    """Return why a person should look at a story, as keys of LOOKS."""
    approved = bool(noticed.approved) and noticed.approved == story.title_en
    is_machine = story.title_en_by == "machine" and not approved
    titles = (story.title_uk, story.title_en)
    found = {
        "withheld": not story.title_en and story.withheld != "editor",
        "unsure": is_machine and noticed.unsure,
        "retitled": noticed.retitled,
        "scripts": any(map(mixed_words, titles)),
        "undated": not story.published_on,
        "unlinked": not any(safe_url(link.url) for link in story.links),
        "correction": story.correction is not None,
    }
    return tuple(name for name, holds in found.items() if holds and (name in OF_ENGLISH or not choice.remark))


_VALUES: dict[Dimension, Callable[[DeskRow], Iterable[str]]] = {
    "topic": lambda row: row.story.topics,
    "oblast": lambda row: row.noticed.oblasts,
    "source": lambda row: {link.source_id for link in row.story.links},
    "language": lambda row: (row.language,),
    "changed": lambda row: row.noticed.changes,
}


def chosen(rows: Iterable[DeskRow], wanted: Wanted) -> list[DeskRow]:
    """Return the rows that the filters let through."""
    return [
        row
        for row in rows
        if (wanted.faded or not row.faded)
        and (not wanted.look or row.looks)
        and (wanted.found is None or row.story.story_id in wanted.found)
        and all(not (asked := getattr(wanted, name)) or asked in values(row) for name, values in _VALUES.items())
    ]


def tally(rows: Sequence[DeskRow], wanted: Wanted) -> dict[str, Counter[str]]:
    """Count for each filter how many rows each of its values would show, with the other filters as they are."""
    without: dict[Dimension, Wanted] = {
        "topic": replace(wanted, topic=""),
        "oblast": replace(wanted, oblast=""),
        "source": replace(wanted, source=""),
        "language": replace(wanted, language=""),
        "changed": replace(wanted, changed=""),
    }
    return {
        name: Counter(value for row in chosen(rows, others) for value in _VALUES[name](row))
        for name, others in without.items()
    }


def page_of(rows: Sequence[DeskRow], page: int, *, through: bool = False) -> tuple[list[DeskRow], int]:
    """Return the rows of one page, and how many pages there are; a page beyond the last is the last.

    With `through` the rows of the pages before it come with it.
    """
    pages = max(1, -(-len(rows) // PAGE))
    first = (min(max(page, 1), pages) - 1) * PAGE
    return list(rows[0 if through else first : first + PAGE]), pages
