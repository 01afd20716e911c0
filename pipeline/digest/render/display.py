"""An issue as its readers see it, for the templates: languages in order, lines in words, as much as fits. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.digest.model import one_line, safe_url
from pipeline.digest.render.captions import say, say_day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pipeline.digest.model import Entry, Issue, Link, Section, Story

LONGEST_LEAD = 400  # characters of a lead that are shown
MOST_LINKS = 6  # of one story
EVERYTHING = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of each section is shown."""

    full: int = EVERYTHING  # stories with lead and links, at most as many as the issue says
    listed: int = EVERYTHING  # further stories, headline and link only


# From all of it to hardly anything; the first that fits is taken.
LADDER = (
    Limits(),
    *(Limits(listed=n) for n in (200, 100, 60, 40, 25, 15, 10, 5)),
    *(Limits(full=n, listed=5) for n in (10, 8, 6, 5, 4, 3, 2, 1)),
    *(Limits(full=1, listed=n) for n in (3, 1, 0)),
    Limits(full=0, listed=1),
    Limits(full=0, listed=0),
)


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A link in words; `url` is empty when the address may not become a link."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownStory:
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
    links: tuple[ShownLink, ...]
    marks: tuple[str, ...]  # late, correction, withheld
    note: str
    note_label: str

    @property
    def url(self) -> str:
        """The best link."""
        return next((link.url for link in self.links if link.url), "")


@dataclass(frozen=True, slots=True)
class ShownSection:
    """One section."""

    name: str
    second: str  # the name in the other language; may be empty
    full: tuple[ShownStory, ...]
    listed: tuple[ShownStory, ...]
    more: str  # "… and 12 more", or empty


@dataclass(frozen=True, slots=True)
class Shown:
    """The whole issue."""

    language: str
    name: str
    second: str
    issue: str
    day: str
    draft: str  # the word Draft, or empty
    intro: tuple[tuple[str, str], ...]  # language and text
    sections: tuple[ShownSection, ...]
    nothing: str  # the words when there is nothing
    made: str
    also: str


def tell(issue: Issue, languages: str) -> dict[int, ShownStory]:
    """Story id → the story in words, in the order of languages (`en-uk`, `uk-en`, `en`)."""
    return {entry.story.story_id: show_story(entry, languages) for entry in issue.entries}


def show(issue: Issue, languages: str, told: Mapping[int, ShownStory], limits: Limits = LADDER[0]) -> Shown:
    """The issue, with its stories as `tell` gave them."""
    first, second = languages[:2], languages[3:]
    letter = issue.newsletter
    names = {"en": letter.name_en, "uk": letter.name_uk}
    intros = {"en": letter.intro_en, "uk": letter.intro_uk}
    return Shown(
        language=first,
        name=names[first],
        second=names.get(second, ""),
        issue=issue.name,
        day=say_day(first, issue.day),
        draft="" if issue.sealed else say(first, "draft"),
        intro=tuple((code, intros[code]) for code in (first, second) if intros.get(code)),
        sections=tuple(_section(section, entries, languages, told, limits) for section, entries in issue.sections()),
        nothing="" if issue.entries else say(first, "nothing"),
        made=say(first, "made"),
        also=say(first, "also"),
    )


def fitting(issue: Issue, languages: str, told: Mapping[int, ShownStory], fits: Callable[[Shown], bool]) -> Shown:
    """As much of the issue as `fits`; the least, if nothing does."""
    low, high = 0, len(LADDER) - 1
    if fits(everything := show(issue, languages, told)):
        return everything
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(show(issue, languages, told, LADDER[middle])) else (middle, high)
    return show(issue, languages, told, LADDER[high])


def show_story(entry: Entry, languages: str) -> ShownStory:
    """One story in words."""
    story, first, second = entry.story, languages[:2], languages[3:]
    titles = {"en": one_line(story.title_en), "uk": one_line(story.title_uk)}
    order = [code for code in (first, second or {"en": "uk", "uk": "en"}[first]) if titles[code]]
    if not second:
        order = order[:1]
    language = order[0] if order else first
    other = order[1] if len(order) > 1 else ""
    lead_language, lead = _lead(story, first)
    return ShownStory(
        number=story.story_id,
        language=language,
        head=titles[language],
        second_language=other,
        second=titles.get(other, ""),
        lead_language=lead_language,
        lead=lead,
        facts=" · ".join(_facts(story, first)),
        made=say(first, "machine") if language == "en" and story.title_en_by == "machine" else "",
        links=tuple(_link(link, first) for link in _in_order(story.links, language)[:MOST_LINKS]),
        marks=tuple(_marks(entry, first)),
        note=one_line(entry.note),
        note_label=say(first, "note"),
    )


def _section(
    section: Section, entries: list[Entry], languages: str, told: Mapping[int, ShownStory], limits: Limits
) -> ShownSection:
    names = {"en": section.name_en, "uk": section.name_uk}
    name, second = names[languages[:2]], names.get(languages[3:], "")
    whole = [told[entry.story.story_id] for entry in entries if entry.in_full]
    rest = whole[limits.full :] + [told[entry.story.story_id] for entry in entries if not entry.in_full]
    left = len(rest) - len(rest[: limits.listed])
    return ShownSection(
        name=name,
        second="" if second == name else second,
        full=tuple(whole[: limits.full]),
        listed=tuple(rest[: limits.listed]),
        more=say(languages[:2], "more", n=left) if left else "",
    )


def _lead(story: Story, first: str) -> tuple[str, str]:
    leads = {"en": one_line(story.lead_en), "uk": one_line(story.lead_uk)}
    language = first if leads[first] else {"en": "uk", "uk": "en"}[first]
    text = leads[language]
    if len(text) > LONGEST_LEAD:
        text = f"{text[:LONGEST_LEAD].rsplit(' ', 1)[0]}…"
    return language, text


def _facts(story: Story, language: str) -> list[str]:
    places = [one_line(uk if language == "uk" else en) for uk, en in story.places]
    made = [say(language, story.title_en_by)] if story.title_en_by and story.title_uk else []
    if story.lead_en and story.lead_en_by == "machine" != story.title_en_by:
        made.append(say(language, "machine_lead"))
    date = say_day(language, story.published_on) if story.published_on else say(language, "no_date")
    return [date, *([", ".join(places[:3])] if places else []), *made]


def _in_order(links: Sequence[Link], language: str) -> list[Link]:
    """Where the headline that is shown can be read comes first."""
    return sorted(links, key=lambda link: link.language != language)


def _link(link: Link, language: str) -> ShownLink:
    day = f", {say_day(language, link.published_on)}" if link.published_on else ""
    return ShownLink(f"{one_line(link.source)} ({link.language}{day})", safe_url(link.url))


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
