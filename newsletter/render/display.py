"""Prepare an issue for the templates: languages in order, lines in words, as much as fits. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.issue import one_line, safe_url
from newsletter.render.captions import say, say_day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsletter.issue import Entry, Issue, Section, Story

LONGEST_LEAD = 400  # characters of a lead that are shown
MOST_LINKS = 6  # of one story
EVERYTHING = 1_000_000


@dataclass(frozen=True, slots=True)
class Extent:
    """Number of stories of a section that are displayed."""

    full: int = EVERYTHING  # stories with lead and links, at most as many as the issue says
    listed: int = EVERYTHING  # further stories, headline and link only


# From all of it to hardly anything; the first that fits is taken.
LADDER = (
    Extent(),
    *(Extent(listed=n) for n in (200, 100, 60, 40, 25, 15, 10, 5)),
    *(Extent(full=n, listed=5) for n in (10, 8, 6, 5, 4, 3, 2, 1)),
    *(Extent(full=1, listed=n) for n in (3, 1, 0)),
    Extent(full=0, listed=1),
    Extent(full=0, listed=0),
)


@dataclass(frozen=True, slots=True)
class DisplayedLink:
    """A link in words; `url` is empty when the address may not become a link."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class DisplayedStory:
    """One story."""

    number: int
    language: str  # of `head`
    head: str
    second_language: str
    second: str  # headline in the other language; may be empty
    lead_language: str
    lead: str
    facts: str  # date, places, who translated
    made: str  # that `head` is a machine's, or empty: for formats without facts
    links: tuple[DisplayedLink, ...]
    marks: tuple[str, ...]  # late, correction, withheld
    note: str
    note_label: str

    @property
    def url(self) -> str:
        """Return the best link."""
        return next((link.url for link in self.links if link.url), "")


@dataclass(frozen=True, slots=True)
class DisplayedSection:
    """One section."""

    name: str
    second: str  # the name in the other language; may be empty
    full: tuple[DisplayedStory, ...]
    listed: tuple[DisplayedStory, ...]
    more: str  # "… and 12 more", or empty


@dataclass(frozen=True, slots=True)
class DisplayedIssue:
    """The whole issue."""

    language: str
    name: str
    second: str
    issue: str
    day: str
    draft: str  # the word Draft, or empty
    intro: tuple[tuple[str, str], ...]  # language and text
    sections: tuple[DisplayedSection, ...]
    nothing: str  # the words when there is nothing
    made: str
    also: str


def displayed_stories(issue: Issue, languages: str) -> dict[int, DisplayedStory]:
    """Return the stories in words by id, in the order of languages (`en-uk`, `uk-en`, `en`)."""
    return {entry.story.story_id: displayed_story(entry, languages) for entry in issue.entries}


def displayed_issue(
    issue: Issue, languages: str, stories: Mapping[int, DisplayedStory], extent: Extent = LADDER[0]
) -> DisplayedIssue:
    """Return the issue in words, with its stories as `displayed_stories` gave them."""
    first, second = languages[:2], languages[3:]
    letter = issue.newsletter
    names = {"en": letter.name_en, "uk": letter.name_uk}
    intros = {"en": letter.intro_en, "uk": letter.intro_uk}
    return DisplayedIssue(
        language=first,
        name=names[first],
        second=names.get(second, ""),
        issue=issue.name,
        day=say_day(first, issue.day),
        draft="" if issue.sealed else say(first, "draft"),
        intro=tuple((code, intros[code]) for code in (first, second) if intros.get(code)),
        sections=tuple(_section(section, entries, languages, stories, extent) for section, entries in issue.sections()),
        nothing="" if issue.entries else say(first, "nothing"),
        made=say(first, "made"),
        also=say(first, "also"),
    )


def fitting(
    issue: Issue, languages: str, stories: Mapping[int, DisplayedStory], fits: Callable[[DisplayedIssue], bool]
) -> DisplayedIssue:
    """Return as much of the issue as `fits`; the least, if nothing does."""
    low, high = 0, len(LADDER) - 1
    if fits(everything := displayed_issue(issue, languages, stories)):
        return everything
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (
            (low, middle) if fits(displayed_issue(issue, languages, stories, LADDER[middle])) else (middle, high)
        )
    return displayed_issue(issue, languages, stories, LADDER[high])


def displayed_story(entry: Entry, languages: str) -> DisplayedStory:
    """Return one story in words."""
    story, first, second = entry.story, languages[:2], languages[3:]
    titles = {"en": one_line(story.title_en), "uk": one_line(story.title_uk)}
    order = [code for code in (first, second or {"en": "uk", "uk": "en"}[first]) if titles[code]]
    if not second:
        order = order[:1]
    language = order[0] if order else first
    other = order[1] if len(order) > 1 else ""
    leads = {"en": one_line(story.lead_en), "uk": one_line(story.lead_uk)}
    lead_language = first if leads[first] else {"en": "uk", "uk": "en"}[first]
    lead = leads[lead_language]
    readable_first = sorted(story.links, key=lambda link: link.language != language)
    links = []
    for link in readable_first[:MOST_LINKS]:
        day = f", {say_day(first, link.published_on)}" if link.published_on else ""
        links.append(DisplayedLink(f"{one_line(link.source)} ({link.language}{day})", safe_url(link.url)))
    return DisplayedStory(
        number=story.story_id,
        language=language,
        head=titles[language],
        second_language=other,
        second=titles.get(other, ""),
        lead_language=lead_language,
        lead=lead if len(lead) <= LONGEST_LEAD else f"{lead[:LONGEST_LEAD].rsplit(' ', 1)[0]}…",
        facts=" · ".join(_facts(story, first)),
        made=say(first, "machine") if language == "en" and story.title_en_by == "machine" else "",
        links=tuple(links),
        marks=tuple(_marks(entry, first)),
        note=one_line(entry.note),
        note_label=say(first, "note"),
    )


def _section(
    section: Section, entries: list[Entry], languages: str, stories: Mapping[int, DisplayedStory], extent: Extent
) -> DisplayedSection:
    names = {"en": section.name_en, "uk": section.name_uk}
    name, second = names[languages[:2]], names.get(languages[3:], "")
    whole = [stories[entry.story.story_id] for entry in entries if entry.in_full]
    rest = whole[extent.full :] + [stories[entry.story.story_id] for entry in entries if not entry.in_full]
    left = len(rest) - len(rest[: extent.listed])
    return DisplayedSection(
        name=name,
        second="" if second == name else second,
        full=tuple(whole[: extent.full]),
        listed=tuple(rest[: extent.listed]),
        more=say(languages[:2], "more", n=left) if left else "",
    )


def _facts(story: Story, language: str) -> list[str]:
    places = [one_line(uk if language == "uk" else en) for uk, en in story.places]
    made = [say(language, story.title_en_by)] if story.title_en_by and story.title_uk else []
    if story.lead_en and story.lead_en_by == "machine" != story.title_en_by:
        made.append(say(language, "machine_lead"))
    date = say_day(language, story.published_on) if story.published_on else say(language, "no_date")
    return [date, *([", ".join(places[:3])] if places else []), *made]


def _marks(entry: Entry, language: str) -> list[str]:
    story, found = entry.story, []
    if entry.late:
        found.append(say(language, "late"))
    if was := story.correction:
        earlier = {"en": was.was_en or was.was_uk, "uk": was.was_uk or was.was_en}[language]
        key = "corrects" if earlier else "corrects_plain"
        found.append(say(language, key, issue=was.issue, was=one_line(earlier)))
    if not story.title_en and story.title_uk:
        known = story.withheld in ("failed", "flagged", "editor")
        found.append(say(language, f"withheld_{story.withheld}" if known else "withheld"))
    return found
