"""Prepare an issue for the templates: languages in order, lines in words, as much as fits. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.colours import for_dark
from newsletter.issue import FreeItem, one_line
from newsletter.markup import TextBlock, parse, to_lines
from newsletter.render.captions import say, say_day
from newsletter.render.displayed_story import LANGUAGES, DisplayedStory, displayed_item, displayed_story
from newsletter.render.footer import Addresses, DisplayedFooter, footer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsletter.issue import Entry, Issue, Section

EVERYTHING = 1_000_000
PREVIEW_LENGTH = 140  # characters that mail programs show beside the subject


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
class DisplayedText:
    """A text of the editors in one language."""

    language: str
    blocks: tuple[TextBlock, ...]


@dataclass(frozen=True, slots=True)
class DisplayedImage:
    """The picture of the issue."""

    url: str  # empty in a format that cannot show it
    width: int  # as displayed, pixels
    height: int
    alt: str
    language: str  # of `alt`


@dataclass(frozen=True, slots=True)
class DisplayedSection:
    """One section."""

    name: str
    second: str  # the name in the other language; may be empty
    full: tuple[DisplayedStory, ...]
    listed: tuple[DisplayedStory, ...]
    more: str  # "… and 12 more", or empty
    texts: tuple[DisplayedText, ...] = ()


@dataclass(frozen=True, slots=True)
class DisplayedIssue:
    """The whole issue."""

    language: str
    columns: bool  # two languages side by side
    name: str
    second: str
    issue: str
    day: str
    draft: str  # the word Draft, or empty
    subject: str
    preview: str  # what mail programs show beside the subject
    intro: tuple[tuple[str, str], ...]  # of the newsletter: language and text
    opening: tuple[DisplayedText, ...]  # of this issue
    closing: tuple[DisplayedText, ...]
    sections: tuple[DisplayedSection, ...]
    nothing: str  # the words when there is nothing
    made: str
    also: str
    page: str  # address on the public site, or empty
    page_label: str
    footer: DisplayedFooter
    logo: DisplayedImage | None
    image: DisplayedImage | None
    colours: Mapping[str, str]  # accent, link, and both for dark paper


Contents = dict[int, DisplayedStory]  # story_id → the story; of the editors' own: minus the item's id


def displayed_stories(issue: Issue, languages: str) -> Contents:
    """Return stories and items in words, in the order of languages (one of ORDERS)."""
    stories = {entry.story.story_id: displayed_story(entry, languages) for entry in issue.entries}
    return stories | {-item.item_id: displayed_item(item, languages) for item in issue.items}


def displayed_issue(
    issue: Issue, languages: str, stories: Contents, extent: Extent = LADDER[0], addresses: Addresses | None = None
) -> DisplayedIssue:
    """Return the issue in words, with its contents as `displayed_stories` gave them. `addresses`: what it leads to."""
    addresses = addresses or Addresses()
    first, second = LANGUAGES[languages]
    letter, brand = issue.newsletter, issue.newsletter.brand
    names = {"en": letter.name_en, "uk": letter.name_uk}
    intros = {"en": letter.intro_en, "uk": letter.intro_uk}
    day, draft = say_day(first, issue.day), "" if issue.sealed else say(first, "draft")
    opening = texts_of(issue, "intro", languages)
    subject = one_line(issue.texts.get("subject")) or one_line(f"{names[first]}: {issue.name}, {day}")
    sections = tuple(_section(issue, section, held, languages, stories, extent) for section, held in issue.contents())
    return DisplayedIssue(
        language=first,
        columns=languages == "columns",
        name=names[first],
        second=names.get(second, ""),
        issue=issue.name,
        day=day,
        draft=draft,
        subject=subject + (f" ({draft})" if draft else ""),
        preview=one_line(issue.texts.get("preview")) or preview_of(opening, sections),
        intro=tuple((code, intros[code]) for code in (first, second) if intros.get(code)),
        opening=opening,
        closing=texts_of(issue, "closing", languages),
        sections=sections,
        nothing="" if sections or opening else say(first, "nothing"),
        made=say(first, "made"),
        also=say(first, "also"),
        page=addresses.page,
        page_label=say(first, "page"),
        footer=footer_of(letter, first, second, addresses),
        logo=logo_of(issue, names[first], first, addresses),
        image=image_of(issue, languages, addresses),
        colours={
            "accent": brand.accent,
            "link": brand.link,
            "dark_accent": for_dark(brand.accent),
            "dark_link": for_dark(brand.link),
        },
    )


def fitting(show: Callable[[Extent], DisplayedIssue], fits: Callable[[DisplayedIssue], bool]) -> DisplayedIssue:
    """Return as much of the issue as `fits`; the least, if nothing does."""
    low, high = 0, len(LADDER) - 1
    if fits(everything := show(LADDER[0])):
        return everything
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(show(LADDER[middle])) else (middle, high)
    return show(LADDER[high])


def texts_of(issue: Issue, field: str, languages: str, of: str = "") -> tuple[DisplayedText, ...]:
    """Return a text of the issue, such as `intro`, in the languages in which there is one, in their order."""
    found = ((code, parse(issue.texts.get(f"{field}_{code}{of}", ""))) for code in LANGUAGES[languages] if code)
    return tuple(DisplayedText(code, blocks) for code, blocks in found if blocks)


def preview_of(opening: tuple[DisplayedText, ...], sections: tuple[DisplayedSection, ...]) -> str:
    """Return the beginning of the editors' text, else of the first headlines."""
    texts = [line for text in opening[:1] for line in to_lines(text.blocks)]
    heads = [story.head for section in sections for story in (*section.full, *section.listed)]
    text = one_line(" ".join(texts[:6]) or " · ".join(heads[:6]))
    return text if len(text) <= PREVIEW_LENGTH else f"{text[:PREVIEW_LENGTH].rsplit(' ', 1)[0]}…"


def _section(
    issue: Issue, section: Section, held: list[Entry | FreeItem], languages: str, stories: Contents, extent: Extent
) -> DisplayedSection:
    first, second = LANGUAGES[languages]
    names = {"en": section.name_en, "uk": section.name_uk}
    name, other = names[first], names.get(second, "")
    full: list[DisplayedStory] = []
    rest: list[DisplayedStory] = []
    room = extent.full
    for one in held:
        if isinstance(one, FreeItem):  # the editors' own stays whole as long as anything does
            (full if extent.full else rest).append(stories[-one.item_id])
        elif one.in_full and room:
            full.append(stories[one.story.story_id])
            room -= 1
        else:
            rest.append(stories[one.story.story_id])
    left = len(rest) - len(rest[: extent.listed])
    return DisplayedSection(
        name=name,
        second="" if other == name else other,
        full=tuple(full),
        listed=tuple(rest[: extent.listed]),
        more=say(first, "more", n=left) if left else "",
        texts=texts_of(issue, "section_text", languages, f":{section.id}"),
    )


def logo_of(issue: Issue, name: str, language: str, addresses: Addresses) -> DisplayedImage | None:
    """Return the logo as displayed, or None where the format has no place for it."""
    logo = issue.newsletter.brand.picture()
    if logo is None or not addresses.logo:
        return None
    height = min(logo.height, 64)
    return DisplayedImage(addresses.logo, max(1, logo.width * height // logo.height), height, name, language)


def image_of(issue: Issue, languages: str, addresses: Addresses) -> DisplayedImage | None:
    """Return the picture as displayed, with its words in the best language, or None where it has no place."""
    if issue.image is None or not addresses.image:
        return None
    width = min(issue.image.width, 608)
    alts = {code: one_line(issue.texts.get(f"image_alt_{code}")) for code in ("en", "uk")}
    first = LANGUAGES[languages][0]
    language = first if alts[first] else next((code for code in alts if alts[code]), first)
    height = max(1, issue.image.height * width // issue.image.width)
    return DisplayedImage(addresses.image, width, height, alts[language], language)
