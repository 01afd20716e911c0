"""Choice, section and order of the stories of the next issue. Pure: no database, no clock.

Eligible is every story of which no article was sent or dropped, whatever its date. Inside a section stories go by
importance: told by more sources first, then what a publisher marks as main news, then the newer one, then by
source and address: the same news give the same issue.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from newsletter.issue import CORRECTIONS, OTHER, Choice, Entry, Issue, Newsletter, Story

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Importance = tuple[int, bool, int, tuple[str, str]]


class IssueContext(NamedTuple):
    """Facts about the issue, beside its stories."""

    name: str
    moment: str  # UTC
    day: str  # in Kyiv
    last_sealed_day: str | None  # of the issue before, in Kyiv
    fixed: bool  # only stories that were taken are in the issue: the others wait in the bin
    digest_id: int = 0


def root(merged: Mapping[int, int], story_id: int) -> int:
    """Return the story that lives on for an id."""
    seen = {story_id}
    while (into := merged.get(story_id)) is not None and into not in seen:
        story_id = into
        seen.add(into)
    return story_id


def released(choice: Choice, day: str) -> Choice:
    """Return the decision as it is on `day` (Kyiv): of one to hold until then or before, nothing is left."""
    if choice.decision == "held" and choice.until and choice.until <= day:
        return replace(choice, decision=None, until="", reason="")
    return choice


def followed(choices: Mapping[int, Choice], merged: Mapping[int, int], now_in: Mapping[int, int]) -> dict[int, Choice]:
    """Return decisions by story that lives on, for those that have none of their own.

    One on a merged story holds for the other. What was dropped or held stays so when it is split off: `now_in` is the
    story of each article that was decided on.
    """
    found = {story_id: choice for story_id, choice in choices.items() if story_id not in merged}
    for story_id, choice in sorted(choices.items()):
        into = root(merged, story_id)
        found.setdefault(into, replace(choice, story_id=into))
    for _, choice in sorted(choices.items()):
        if choice.decision in ("dropped", "held"):
            for into in {now_in[article_id] for article_id in choice.articles if article_id in now_in}:
                found.setdefault(into, Choice(into, choice.decision, choice.until, choice.reason))
    return found


def build(
    stories: Iterable[Story], choices: Mapping[int, Choice], newsletter: Newsletter, given: IssueContext
) -> Issue:
    """Return the draft of an issue.

    In a section stories stand by the editor's numbers; those without one come after them, by importance.
    """
    found: dict[str, list[Story]] = {}
    for story in stories:
        found.setdefault(section_of(story, choices.get(story.story_id), newsletter), []).append(story)

    entries = [
        _entry(story, choices.get(story.story_id), section, given)
        for section in newsletter.in_order(found)
        for story in sorted(found[section], key=lambda one: place(one, choices.get(one.story_id), newsletter))
    ]
    sides: dict[str, list[Entry]] = {side: [] for side in ("issue", "bin", "held", "dropped")}
    for entry in entries:
        sides[_side(entry, given.fixed)].append(entry)
    return Issue(
        name=given.name,
        day=given.day,
        moment=given.moment,
        sealed=False,
        newsletter=newsletter,
        entries=tuple(numbered(sides["issue"], newsletter)),
        dropped=tuple(sides["dropped"]),
        waiting=len(sides["bin"]),
        bin=tuple(sides["bin"]),
        held=tuple(sides["held"]),
        digest_id=given.digest_id,
        fixed=given.fixed,
    )


def _side(entry: Entry, fixed: bool) -> str:
    if entry.decision in ("held", "dropped"):
        return entry.decision
    return "bin" if fixed and entry.decision is None else "issue"


def numbered(entries: Sequence[Entry], newsletter: Newsletter) -> list[Entry]:
    """Return the entries with their place in their section, and whether they are shown in full there."""
    counts: dict[str, int] = {}
    found = []
    for entry in entries:
        counts[entry.section] = place = counts.get(entry.section, 0) + 1
        found.append(replace(entry, position=place, in_full=place <= newsletter.most_in_full))
    return found


def section_of(story: Story, choice: Choice | None, newsletter: Newsletter) -> str:
    """Return the editor's section, else the first whose topics the story has; corrections stand apart."""
    if choice is not None and choice.section:
        return choice.section
    if story.correction is not None:
        return CORRECTIONS
    return next((section.id for section in newsletter.sections if story.topics & set(section.topics)), OTHER)


def place(story: Story, choice: Choice | None, newsletter: Newsletter) -> tuple[float, Importance]:
    """Return the sort key of a story in its section: the editor's number; without one it comes after those with one."""
    position = choice.position if choice else None
    return (float("inf") if position is None else position, importance(story, newsletter))


def importance(story: Story, newsletter: Newsletter) -> Importance:
    """Return a sort key that puts the more important story first.

    Of equals the source and the address decide, never the order in which the sites answered.
    """
    day = int((story.published_on or "0").replace("-", ""))
    first = min(((link.source_id, link.url) for link in story.links), default=("", ""))
    return (-story.sources, not story.tags & set(newsletter.main_tags), -day, first)


def _entry(story: Story, choice: Choice | None, section: str, given: IssueContext) -> Entry:
    if choice is not None and choice.title_uk is not None:
        story = replace(story, title_uk=choice.title_uk)
    if choice is not None and choice.lead_uk is not None:
        story = replace(story, lead_uk=choice.lead_uk)
    if choice is not None and choice.lead_en is not None:
        story = replace(story, lead_en=choice.lead_en, lead_en_by="editor" if choice.lead_en else "")
    if choice is not None and choice.title_en is not None:
        story = replace(
            story,
            title_en=choice.title_en,
            title_en_by="editor" if choice.title_en else "",
            withheld="" if choice.title_en else "editor",
        )
    late = bool(story.published_on and given.last_sealed_day and story.published_on < given.last_sealed_day)
    return Entry(
        story=story,
        section=section,
        position=0,
        late=late and story.correction is None,
        note=choice.note if choice else "",
        included=choice is None or choice.decision not in ("dropped", "held"),
        reason=choice.reason if choice else "",
        decision=choice.decision if choice else None,
        until=choice.until if choice else "",
        remark=choice.remark if choice else "",
    )
