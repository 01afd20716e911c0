"""The data, in the order of travel: Source ─▶ Request ─▶ Page ─▶ Item ─▶ Article ─▶ (stored) ─▶ Text ─▶ Translation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from core.clock import kyiv_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.answers import JudgedAnswer
    from core.closed_sets import (
        ArticleVerdict,
        DecidedBy,
        Language,
        LinkVerdict,
        Origin,
        Precision,
        SourceKind,
        SourceState,
        Stage,
        TextPart,
        TranslationState,
    )


def iso(moment: datetime) -> str:
    """Return a time as it is stored: UTC to the second, `2026-02-20T14:18:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Listing:
    """One address at which a source lists what it published."""

    url: str  # of page 1
    page_url: str = ""  # of page N ≥ 2, with `{n}`; empty when there is only one page
    kind: SourceKind = "html"
    min_items: int = 1  # fewer on page 1 than this is reported as drift
    fallback: bool = False  # read only when the listings before it failed


@dataclass(frozen=True, slots=True)
class IdentityRule:
    """Rule that tells which addresses of a source are one article; `pipeline.collect.identity` reads it.

    The key is the group `key` of the first pattern that matches the whole path, or else `name=value` of the query.
    """

    paths: tuple[str, ...] = ()  # regular expressions on the percent-decoded path, with a group `key`
    query_keys: tuple[str, ...] = ()  # (`grants`,) makes `/?grants=x` the article `grants=x`
    canonical: Mapping[str, str] = field(default_factory=dict)  # language → address with `{key}`; none: as met, cleaned
    excluded: tuple[str, ...] = ()  # regular expressions on the path: never an article (`/meeting/…`)


@dataclass(frozen=True, slots=True)
class Source:
    """A site that we read: the constant `SOURCE` of `scrapers/sources/<id>.py`."""

    id: str
    name: str
    homepage: str
    publisher: str
    language: Language  # of most of its titles; used when a title's letters do not tell
    kind: SourceKind  # how most of it is read
    listings: tuple[Listing, ...]
    identity: IdentityRule
    hosts: tuple[str, ...]  # hosts[0] is the canonical one; all of them are one site and one budget
    expected_every_hours: int  # longer silence needs a person
    name_en: str = ""  # as English text calls it; empty: `name`
    also_called: tuple[str, ...] = ()  # as other publishers' source labels call it, beside its name and publisher
    licence: str | None = None  # None: not known
    licence_url: str | None = None
    spacing_seconds: float = 1.0  # least time between two requests to the hosts, unless robots.txt asks more
    reads_articles: bool = False  # True: `parse_article` exists and new articles get their page read
    topic_filter: bool = False  # True: only items about local self-government are kept
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Validators:
    """Entity tag and date for a conditional request, as the server gave them; empty when it gave none."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer, fully read and decompressed, of any size up to the limit."""

    url: str  # as asked, in the site's own address space (never a --connect-to address)
    final_url: str  # after redirects, in the site's own address space
    status: int  # 200 or 304; everything else is raised
    content_type: str
    body: bytes  # decompressed, not decoded to text; empty for 304
    validators: Validators
    fetched_at: datetime  # aware, UTC
    redirects: tuple[str, ...] = ()  # permanent moves (301, 308) that were followed, as `from → to`


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP exchange, for the table `requests`."""

    source_id: str
    url: str
    status: int | None
    bytes: int  # on the wire
    seconds: float
    error: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class HostState:
    """Waiting time and robots.txt of a host, kept between runs."""

    host: str
    not_before: datetime | None = None  # Retry-After: no request before this, aware UTC
    robots: str | None = None  # robots.txt as last read; None: there is none, everything is allowed
    robots_at: datetime | None = None  # when it was read; valid for a day (RFC 9309)


@dataclass(frozen=True, slots=True)
class Published:
    """Time or day of publication, and who said it."""

    at: str  # UTC `2026-02-20T14:18:00Z` for minute, the calendar day in Kyiv `2026-02-20` for day
    precision: Precision
    origin: Origin

    @property
    def kyiv_day(self) -> str:
        """Return the calendar day in Kyiv, `2026-02-20`."""
        return self.at if self.precision == "day" else kyiv_day(self.at)


# Fields of Item and Article that are stored as the publisher gives them, cleaned and cut; the page goes before a list.
CREDITS = ("attribution", "author")


@dataclass(frozen=True, slots=True)
class Item:
    """One publication as a source tells it: nothing cleaned yet."""

    url: str  # absolute
    title: str
    lead: str = ""
    published: Published | None = None
    tags: tuple[str, ...] = ()
    oblasts: tuple[str, ...] = ()  # the publisher's own region labels («Область:»)
    attribution: str = ""  # the publisher's own source label («Джерело:», «Source:»)
    author: str = ""
    origin: Origin = "listing"
    key: str = ""  # when the answer itself carries an id (REST); else the source's `key_of(url)` gives it


@dataclass(frozen=True, slots=True)
class Fault:
    """An item that the parser saw but could not read; it counts as listed and rejected."""

    message: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person should know about a page although its items are good; a parser yields it among them."""

    message: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """Content of one listing page; `items` keeps the page's order."""

    items: tuple[Item, ...]
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()  # what a person should know although the items are good (broken XML …)


@dataclass(frozen=True, slots=True)
class Article:
    """One language edition of one publication, normalised: what is stored."""

    source_id: str
    key: str
    language: Language
    url: str  # canonical
    seen_url: str  # the address under which it was met, cleaned
    title: str  # published wording, NFC, single spaces
    lead: str
    published: Published | None
    tags: tuple[str, ...] = ()
    oblasts: tuple[str, ...] = ()
    attribution: str = ""
    author: str = ""
    origin: Origin = "listing"
    title_hash: str = ""  # of the folded title: equal for wordings that differ only in spaces, quotes, apostrophes
    lead_hash: str = ""
    wordings: Mapping[Origin, tuple[str, str]] = field(default_factory=dict)  # (title_hash, lead_hash) seen there
    notes: tuple[str, ...] = ()  # what normalising changed that a person should know (a title cut short …)

    @property
    def identity(self) -> tuple[str, str, str]:
        """Return what makes it one article: source, key, language."""
        return (self.source_id, self.key, self.language)


@dataclass(frozen=True, slots=True)
class Known:
    """An article as the database holds it."""

    article_id: int
    story_id: int
    language: Language
    title: str
    lead: str
    title_hash: str
    lead_hash: str
    published: Published | None
    first_seen_at: str
    url: str  # canonical
    tags: tuple[str, ...] = ()
    oblasts: tuple[str, ...] = ()
    revisit_at: str | None = None  # when its own page is due to be read again; column `look_again_at`
    observed: Mapping[Origin, tuple[str, str]] = field(default_factory=dict)  # (title_hash, lead_hash) last seen there


@dataclass(frozen=True, slots=True)
class Decision:
    """Decision on one article that was met: what is to be stored."""

    article: Article  # with the wording, date and lead that shall stand from now on
    known: Known | None  # None: it is new
    verdict: ArticleVerdict
    changed: bool  # whether the row of an unchanged article gains something (a date, a lead, a tag)
    revisit_at: str | None = None
    gone: bool = False  # its own page answered 404 or 410


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a person should know, for the table `problems`."""

    stage: Stage
    message: str
    url: str = ""
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class ListingState:
    """Progress of reading a listing, for the table `listing_progress`."""

    url: str
    pages_due: int = 0  # a run broke off: read at least so many pages next time
    next_page: int | None = None  # a walk through the archive goes on here


@dataclass(frozen=True, slots=True)
class Seen:
    """Last answer of an address, for the table `validators`."""

    url: str
    validators: Validators
    body_hash: str
    full_at: str  # last answer with a body


@dataclass(frozen=True, slots=True)
class SourceResult:
    """Result of one run (or one page of a walk through the archive) at one source: saved in one transaction."""

    source_id: str
    state: SourceState
    read: bool  # whether at least one listing was read, or said that nothing changed
    decisions: tuple[Decision, ...] = ()
    rejected: int = 0
    problems: tuple[Problem, ...] = ()
    sound_stages: tuple[Stage, ...] = ()  # stages in which nothing went wrong: their open problems are resolved
    seen: tuple[Seen, ...] = ()
    progress: tuple[ListingState, ...] = ()
    judged: tuple[JudgedAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceStatistics:
    """Figures of one source in one run, for the table `source_runs`; `listed` is the sum of the next five."""

    source_id: str
    state: SourceState
    listed: int = 0
    new: int = 0
    edited: int = 0
    unchanged: int = 0
    duplicate: int = 0
    rejected: int = 0
    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Text:
    """One text that waits for a translation."""

    text_hash: str
    source_text: str  # NFC, single spaces; what the reader sees as the original
    source_language: Language
    target_language: Language
    kind: TextPart


@dataclass(frozen=True, slots=True)
class Rendering:
    """Output of an engine for one text. `text` is None when the engine failed, and `error` says why."""

    text: str | None
    score: float | None = None  # mean log-probability a token, if the engine gives one
    error: str | None = None
    endless: bool = False  # the engine went on and on and was stopped
    steps: tuple[str, ...] = ()  # what was done to get it, beyond asking the engine once
    flags: tuple[str, ...] = ()  # what a person should look at, beyond what the checks see


@dataclass(frozen=True, slots=True)
class Translation:
    """One row of the ledger: a text, the engine that translated it, and the verdict on the result."""

    text: Text
    result: str | None  # None exactly when state is failed
    engine: str
    model: str
    glossary: str
    state: TranslationState
    reasons: tuple[str, ...] = ()
    score: float | None = None
    steps: tuple[str, ...] = ()  # as of the Rendering


class Translator(Protocol):
    """A translation engine. It never raises for a single text: it gives a Rendering with an error."""

    engine: str  # argos, …
    model: str  # package name and version, and what it is: `translate-uk_en 1.9`

    def translate(self, texts: list[str]) -> list[Rendering]:
        """Return one rendering for each text, in their order. Raise ModelError when the engine broke as a whole."""
        ...


@dataclass(frozen=True, slots=True)
class StoryText:
    """One article as the story judge reads it."""

    article_id: int  # 0 when it is stored nowhere
    source_id: str
    key: str
    language: Language
    title: str
    lead: str = ""
    published_on: str | None = None  # calendar day in Kyiv `2026-02-20`; None: the source did not say
    url: str = ""  # canonical
    attribution: str = ""  # the publisher's own source label
    addresses: tuple[str, ...] = ()  # further addresses that led to the article
    machine_english: str | None = None  # of the title, and only when its state is ok
    publisher: str = ""  # who stands behind the source: what an attribution may name
    seen_on: str = ""  # the day on which we first met it: where it is looked for when `published_on` is missing


@dataclass(frozen=True, slots=True)
class StoryLink:
    """Verdict on two articles, with its evidence."""

    article_id: int
    other_id: int
    verdict: LinkVerdict
    method: str
    score: float  # 0 … 1: how alike the two are
    evidence: Mapping[str, tuple[str, ...]]  # plain name → what was found
    decided_by: DecidedBy = "machine"


@dataclass(frozen=True, slots=True)
class Representatives:
    """Articles that stand for a story in each language, and the day that the story shows."""

    uk_article_id: int | None  # whose headline is shown
    en_article_id: int | None
    published_on: str | None
    uk_lead_id: int | None = None  # whose lead is shown; None: that of the article that gives the headline
    en_lead_id: int | None = None
    uk_link_id: int | None = None  # to whom the story links; None: the same
    en_link_id: int | None = None
