"""Which stories stand in the next issue, in which section and order. Pure: no database, no clock.

Eligible is every story that was neither in a sealed issue nor dropped, whatever its date. Inside a section stories
go by importance: told by more sources first, then what a publisher marks as main news, then the newer one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pipeline.digest.model import CORRECTIONS, OTHER, Choice, Entry, Issue, Newsletter, Story

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Context(NamedTuple):
    """What the issue is made for, beside the stories."""

    name: str
    moment: str  # UTC
    day: str  # in Kyiv
    last_sealed_day: str | None  # of the issue before, in Kyiv
    fixed: bool  # an editor's list was taken in: stories that it does not name wait


def roots(merged: Mapping[int, int], story_ids: Iterable[int]) -> set[int]:
    """The stories that live on for the given ids. `merged`: id → what it was merged into."""
    return {root(merged, story_id) for story_id in story_ids}


def root(merged: Mapping[int, int], story_id: int) -> int:
    """The story that lives on for an id."""
    seen = {story_id}
    while (into := merged.get(story_id)) is not None and into not in seen:
        story_id = into
        seen.add(into)
    return story_id


def followed(choices: Mapping[int, Choice], merged: Mapping[int, int]) -> dict[int, Choice]:
    """The decisions by the stories that live on; of a merged story, for the other one unless that has its own."""
    found = {story_id: choice for story_id, choice in choices.items() if story_id not in merged}
    for story_id, choice in sorted(choices.items()):
        into = root(merged, story_id)
        found.setdefault(into, replace(choice, story_id=into))
    return found


def numbers_changed(before: str, after: str) -> bool:
    """Whether two leads, both there, differ in a number: a change of meaning, not of style."""
    return bool(before and after) and sorted(_NUMBER.findall(before)) != sorted(_NUMBER.findall(after))


def build(stories: Iterable[Story], choices: Mapping[int, Choice], newsletter: Newsletter, given: Context) -> Issue:
    """The draft of an issue."""
    all_stories = list(stories)
    shown = [story for story in all_stories if not given.fixed or story.story_id in choices]
    placed = _by_section(shown, choices, newsletter)
    entries = [
        _entry(story, choices.get(story.story_id), section, given)
        for section, members in placed
        for story in _ordered(members, choices, newsletter)
    ]
    return Issue(
        name=given.name,
        day=given.day,
        moment=given.moment,
        sealed=False,
        newsletter=newsletter,
        entries=tuple(numbered([entry for entry in entries if entry.included], newsletter)),
        dropped=tuple(entry for entry in entries if not entry.included),
        waiting=len(all_stories) - len(shown),
    )


def numbered(entries: Sequence[Entry], newsletter: Newsletter) -> list[Entry]:
    """The same entries with their place in their section, and whether they are shown in full there."""
    counts: dict[str, int] = {}
    found = []
    for entry in entries:
        counts[entry.section] = place = counts.get(entry.section, 0) + 1
        found.append(replace(entry, position=place, in_full=place <= newsletter.most_in_full))
    return found


def section_of(story: Story, choice: Choice | None, newsletter: Newsletter) -> str:
    """The editor's section, else the first whose topics the story has; corrections stand apart."""
    if choice is not None and choice.section:
        return choice.section
    if story.correction is not None:
        return CORRECTIONS
    return next((section.id for section in newsletter.sections if story.topics & set(section.topics)), OTHER)


def importance(story: Story, newsletter: Newsletter) -> tuple[int, bool, int, int]:
    """Sorts the more important story first."""
    day = int((story.published_on or "0").replace("-", ""))
    return (-story.sources, not story.tags & set(newsletter.main_tags), -day, -story.story_id)


def _ordered(stories: list[Story], choices: Mapping[int, Choice], newsletter: Newsletter) -> list[Story]:
    """By the editor's numbers; stories without one come after them, by importance."""

    def place(story: Story) -> tuple[float, tuple[int, bool, int, int]]:
        choice = choices.get(story.story_id)
        given = choice.position if choice is not None else None
        return (float("inf") if given is None else given, importance(story, newsletter))

    return sorted(stories, key=place)


def _by_section(
    stories: Iterable[Story], choices: Mapping[int, Choice], newsletter: Newsletter
) -> list[tuple[str, list[Story]]]:
    """In the order of the editor's file; sections that were typed into a draft come before the last two."""
    found: dict[str, list[Story]] = {}
    for story in stories:
        found.setdefault(section_of(story, choices.get(story.story_id), newsletter), []).append(story)
    known = [section.id for section in newsletter.sections]
    typed = sorted(set(found) - set(known))
    last = [section_id for section_id in known if section_id in (OTHER, CORRECTIONS)]
    order = [*(one for one in known if one not in last), *typed, *last]
    return [(section_id, found[section_id]) for section_id in order if section_id in found]


def _entry(story: Story, choice: Choice | None, section: str, given: Context) -> Entry:
    late = bool(story.published_on and given.last_sealed_day and story.published_on < given.last_sealed_day)
    return Entry(
        story=_reworded(story, choice),
        section=section,
        position=0,
        late=late and story.correction is None,
        note=choice.note if choice else "",
        included=choice.included if choice else True,
    )


def _reworded(story: Story, choice: Choice | None) -> Story:
    if choice is None:
        return story
    if choice.title_uk is not None:
        story = replace(story, title_uk=choice.title_uk)
    if choice.title_en is not None:
        by = "editor" if choice.title_en else ""
        story = replace(story, title_en=choice.title_en, title_en_by=by, withheld="" if by else "editor")
    return story
