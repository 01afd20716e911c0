"""Data of the newsletter in the order of travel: Newsletter, Story, Choice, Entry, FreeItem, Issue. Pure."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, get_args
from urllib.parse import quote, urlsplit

from core.closed_sets import LanguageOrder, Publishing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.closed_sets import Decision, EnglishBy
    from newsletter.pictures import Picture


OTHER, CORRECTIONS = "other", "corrections"
ORDERS = get_args(LanguageOrder)
PUBLISHING = get_args(Publishing)

# What XML 1.0 forbids, the C1 controls, and halves of characters: no format can hold them all.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ADDRESS = "!#$%&*+,/:;=?@~-._"  # what may stand in an address as it is; the rest is percent-encoded


def plain(text: str | None) -> str:
    """Return the text without characters that some format cannot hold; line breaks are `\\n`."""
    return _UNWRITABLE.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n"))


def stories(number: int) -> str:
    """Return `1 story`, `2 stories`."""
    return f"{number} {'story' if number == 1 else 'stories'}"


def one_line(text: str | None) -> str:
    """Return the `plain` text with every run of white space as one space."""
    return " ".join(plain(text).split())


@lru_cache(maxsize=8192)
def safe_url(url: str) -> str:
    """Return the address if it may become a link (absolute http(s), no password, no blanks), else an empty string."""
    if not url.isprintable() or any(letter.isspace() for letter in url):
        return ""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode() if parts.netloc else ""
        port = f":{parts.port}" if parts.port is not None else ""  # a ValueError beyond 65535
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme.lower() not in ("http", "https") or not re.fullmatch(r"[a-z0-9._-]+", host) or "@" in parts.netloc:
        return ""
    rest = url.split("://", 1)[1][len(parts.netloc) :]
    return f"{parts.scheme.lower()}://{host}{port}{quote(rest, safe=_ADDRESS)}"


def address_of(name: str, site: str = "") -> str:
    """Return the address of an issue's page; `site` is that of the website, empty within it."""
    return f"{site}/issues/{quote(name)}"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the issue, as the editor's file names it."""

    id: str
    name_uk: str
    name_en: str
    topics: tuple[str, ...] = ()  # topics.id; a story goes to the first section that has one of its topics


@dataclass(frozen=True, slots=True)
class Filter:
    """The stories that a newsletter is about: one of each list that is not empty must be theirs."""

    oblasts: tuple[str, ...] = ()  # names in either language
    topics: tuple[str, ...] = ()  # topics.id
    sources: tuple[str, ...] = ()  # sources.id
    tags: tuple[str, ...] = ()  # as publishers write them


@dataclass(frozen=True, slots=True)
class Brand:
    """The look of the newsletter, and the texts at its foot."""

    logo: str = ""  # PNG or JPEG as base64, so that a sealed issue has its own; empty: none
    accent: str = "#2b6a4d"  # of headings' lines; `#rrggbb`
    link: str = "#1f5f8b"
    footer_uk: str = ""  # why its readers get it, Markdown; empty: in our words
    footer_en: str = ""
    address: str = ""  # postal; lines are kept
    contact: str = ""  # an e-mail or http(s) address

    def picture(self) -> Picture | None:
        """Return the logo as a picture."""
        from newsletter.pictures import MOST_LOGO_BYTES, picture_from

        return picture_from(base64.b64decode(self.logo), MOST_LOGO_BYTES) if self.logo else None


@dataclass(frozen=True, slots=True)
class Newsletter:
    """Settings from the editor's file."""

    name_uk: str
    name_en: str
    intro_uk: str
    intro_en: str
    sender: str  # "Name <address>"; both parts checked when the file is read
    sender_address: str
    languages: LanguageOrder
    most_in_full: int  # stories of a section that are shown in full; the rest is listed
    main_tags: tuple[str, ...]  # tags by which publishers mark their main news
    sections: tuple[Section, ...]  # in the order of the issue; OTHER and CORRECTIONS are always among them
    id: str = "bulletin"  # each newsletter of a database has its own, and with it its own drafts and what it sent
    publish: Publishing = "by hand"
    fade_days: int = 21  # an undecided story that is older is shown at the desk only when asked for
    site: str = ""  # address of the public site, without a slash at its end; empty: there is none
    filter: Filter = Filter()
    brand: Brand = Brand()

    def section(self, section_id: str) -> Section:
        """Return the section with that id; one that an editor typed into a file is its own name."""
        found = next((section for section in self.sections if section.id == section_id), None)
        return found or Section(section_id, section_id, section_id)

    def in_order(self, section_ids: Iterable[str]) -> list[str]:
        """Return sections in the order of an issue; those that were typed into a draft come before the last two."""
        named = [section.id for section in self.sections]
        last = [one for one in named if one in (OTHER, CORRECTIONS)]
        given = set(section_ids)
        order = [*(one for one in named if one not in last), *sorted(given.difference(named)), *last]
        return [one for one in order if one in given]


@dataclass(frozen=True, slots=True)
class Link:
    """One article of the story: where it can be read."""

    source_id: str
    source: str  # its name
    url: str
    language: str
    published_on: str | None
    source_en: str = ""  # its name in English text; empty: the same


@dataclass(frozen=True, slots=True)
class Correction:
    """Wordings that were sent and differ now for the reader, and the issue that had them. Empty: no difference."""

    digest_id: int
    issue: str  # its name
    was_uk: str
    was_en: str
    marks: tuple[str, ...] = ()  # the changes that it tells
    was_lead_uk: str = ""
    was_lead_en: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A story as it could stand in the next issue."""

    story_id: int
    title_uk: str  # empty: no Ukrainian article
    title_en: str  # empty: none that may be shown
    title_en_by: EnglishBy | Literal[""]  # empty: there is no English
    withheld: str = ""  # why there is no English: flagged, failed, due, stale
    suggestion: str = ""  # the machine's English that is withheld
    lead_uk: str = ""
    lead_en: str = ""
    lead_en_by: EnglishBy | Literal[""] = ""
    published_on: str | None = None
    links: tuple[Link, ...] = ()
    places: tuple[tuple[str, str], ...] = ()  # Ukrainian and English name
    topics: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    article_id: int | None = None  # whose headline it is
    title_hash: str = ""
    english_id: int | None = None  # whose English it is, if the publisher's
    english_hash: str = ""
    correction: Correction | None = None
    published_uk: str = ""  # the Ukrainian headline as published, whatever an editor made of it
    articles: tuple[int, ...] = ()  # articles.id, all that report it
    lead_ids: tuple[int | None, int | None] = (None, None)  # whose leads they are: Ukrainian, the publisher's English
    lead_hashes: tuple[str, str] = ("", "")  # of these leads as published
    approved: bool = False  # an editor checked the machine's English headline, and it is shown

    @property
    def english_by(self) -> str:
        """Return the caption that tells who made the English headline; empty: there is none."""
        return "approved" if self.approved and self.title_en_by == "machine" else self.title_en_by

    @property
    def sources(self) -> int:
        """Count the sources that report it."""
        return len({link.source_id for link in self.links})


@dataclass(frozen=True, slots=True)
class Choice:
    """Decisions of the editors about a story of the draft; None where the rule decides."""

    story_id: int
    decision: Decision | None = None
    until: str = ""  # of one that is held: a day in Kyiv, or empty for the next issue
    reason: str = ""  # why it was dropped or is held
    section: str | None = None
    position: int | None = None
    title_uk: str | None = None
    title_en: str | None = None
    lead_uk: str | None = None
    lead_en: str | None = None
    note: str = ""  # for the readers, Markdown
    remark: str = ""  # for the editors
    articles: tuple[int, ...] = ()  # of the story when it was decided on


@dataclass(frozen=True, slots=True)
class Entry:
    """A story in its place in the issue."""

    story: Story
    section: str
    position: int  # in the section, from 1
    in_full: bool = True
    late: bool = False
    note: str = ""
    included: bool = True  # in the issue or in the bin; not held, not dropped
    reason: str = ""  # of one that was dropped or is held
    decision: Decision | None = None
    until: str = ""  # of one that is held: a day in Kyiv, or empty for the next issue
    remark: str = ""  # for the editors


@dataclass(frozen=True, slots=True)
class FreeItem:
    """An item of the editor's own among the stories of a section."""

    item_id: int
    section: str
    position: int | None = None  # in the section, from 1, stories and items counted; None: after them
    title_uk: str = ""
    title_en: str = ""
    text_uk: str = ""  # Markdown
    text_en: str = ""
    url: str = ""

    @property
    def is_filled(self) -> bool:
        """Tell whether there is anything to show: one that was just made is empty."""
        return any((self.title_uk, self.title_en, self.text_uk, self.text_en, self.url))


def put_items(found: dict[str, list[Any]], items: Iterable[tuple[FreeItem, Any]]) -> None:
    """Put items into sections (id → what stands there), each at its place; those without one come last.

    With each item is given what stands for it.
    """
    for item, shown in sorted(items, key=lambda one: (one[0].position is None, one[0].position or 0, one[0].item_id)):
        held = found.setdefault(item.section, [])
        held.insert(len(held) if item.position is None else item.position - 1, shown)


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue: what every format is made from."""

    name: str
    day: str  # the calendar day in Kyiv of sealing; of the draft, on which it was begun
    moment: str  # the same as UTC time
    sealed: bool
    newsletter: Newsletter
    entries: tuple[Entry, ...]  # in the order of the issue
    dropped: tuple[Entry, ...] = ()  # only in a draft, as are `bin` and `held`
    waiting: int = 0  # stories in the bin: they wait for a decision or for the next issue
    bin: tuple[Entry, ...] = ()  # undecided; empty as long as whatever is due is in the issue
    held: tuple[Entry, ...] = ()
    digest_id: int = 0  # digests.id
    fixed: bool = False  # only what was taken is in the issue
    published_at: str = ""  # since when the public may see it; empty: not yet
    texts: Mapping[str, str] = field(default_factory=dict)  # of this issue: subject, preview, intro_uk …
    items: tuple[FreeItem, ...] = ()
    image: Picture | None = None  # the texts that stand for it are in `texts`

    def sections(self) -> list[tuple[Section, list[Entry]]]:
        """Return the sections that hold stories, in order, with their entries."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.section, []).append(entry)
        return [(self.newsletter.section(section_id), entries) for section_id, entries in found.items()]

    def contents(self) -> list[tuple[Section, list[Entry | FreeItem]]]:
        """Return the sections that hold anything, in the editor's order, with stories and items in their places."""
        found: dict[str, list[Entry | FreeItem]] = {}
        for entry in self.entries:
            found.setdefault(entry.section, []).append(entry)
        put_items(found, [(item, item) for item in self.items if item.is_filled])
        texts = [section.id for section in self.newsletter.sections if self.section_text(section.id)]
        filled = self.newsletter.in_order((*found, *texts))
        if len(filled) == len(self.sections()):  # a sealed one keeps its order
            filled = list(found)
        return [(self.newsletter.section(section_id), found.get(section_id, [])) for section_id in filled]

    def section_text(self, section_id: str) -> str:
        """Return the editor's text of a section in either language, to see whether there is one."""
        return self.texts.get(f"section_text_en:{section_id}", "") or self.texts.get(
            f"section_text_uk:{section_id}", ""
        )

    def counts(self) -> Mapping[str, int]:
        """Count the stories by section id."""
        return {section.id: len(entries) for section, entries in self.sections()}
