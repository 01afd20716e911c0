"""The data, in the order of travel. Imports nothing of the project.

Source ─▶ Request ─▶ Page ─▶ Item ─▶ Article ─▶ (stored) ─▶ Text ─▶ Translation
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


def iso(moment: datetime) -> str:
    """A time as it is stored: UTC to the second, `2026-02-20T14:18:00Z`."""
    from datetime import UTC

    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Listing:
    """One address at which a source lists what it published."""

    url: str  # of page 1
    page_url: str = ""  # of page N ≥ 2, with `{n}`; empty when there is only one page
    kind: str = "html"  # feed, rest, html
    min_items: int = 1  # fewer on page 1 than this is reported as drift
    fallback: bool = False  # read only when the listings before it failed


@dataclass(frozen=True, slots=True)
class IdentityRule:
    """Which addresses of a source are one article, as data; `pipeline.collect.identity` reads it.

    The key is the group `key` of the first pattern that matches the whole path, or, for a source whose
    identity sits in the query, `name=value` of the first name in `query_keys` that the query has.
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
    language: str  # of most of its titles: uk or en; used when a title's letters do not tell
    kind: str  # feed, rest, html: how most of it is read
    listings: tuple[Listing, ...]
    identity: IdentityRule
    hosts: tuple[str, ...]  # hosts[0] is the canonical one; all of them are one site and one budget
    expected_every_hours: int  # silence longer than this needs a look
    also_called: tuple[str, ...] = ()  # as other publishers' source labels call it, beside its name and publisher
    licence: str | None = None  # None: not known
    licence_url: str | None = None
    spacing_seconds: float = 1.0  # least time between two requests to the hosts, unless robots.txt asks more
    reads_articles: bool = False  # True: `parse_article` exists and new articles get their page read
    topic_filter: bool = False  # True: only items about local self-government are kept
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask conditionally with; empty strings when it gave none."""

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

    @property
    def not_modified(self) -> bool:
        """Whether the server said that nothing changed."""
        return self.status == 304


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
    """What a host asked of us, kept between runs."""

    host: str
    not_before: datetime | None = None  # Retry-After: no request before this, aware UTC
    robots: str | None = None  # robots.txt as last read; None: there is none, everything is allowed
    robots_at: datetime | None = None  # when it was read; valid for a day (RFC 9309)


@dataclass(frozen=True, slots=True)
class Published:
    """When something was published, and how we know."""

    at: str  # UTC `2026-02-20T14:18:00Z` for minute, the calendar day in Kyiv `2026-02-20` for day
    precision: str  # minute, day
    origin: str  # feed, page, listing

    @property
    def kyiv_day(self) -> str:
        """Return the calendar day in Kyiv, `2026-02-20`."""
        from core.clock import kyiv_day

        return self.at if self.precision == "day" else kyiv_day(self.at)


@dataclass(frozen=True, slots=True)
class Item:
    """What a source said about one publication, as it said it: nothing cleaned yet."""

    url: str  # absolute
    title: str
    lead: str = ""
    published: Published | None = None
    tags: tuple[str, ...] = ()
    oblasts: tuple[str, ...] = ()  # the publisher's own region labels («Область:»)
    attribution: str = ""  # the publisher's own source label («Джерело:», «Source:»)
    author: str = ""
    origin: str = "listing"  # feed, listing, page: which kind of answer said it
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
    """What one page gave. `items` keeps the page's order."""

    items: tuple[Item, ...]
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()  # what a person should know although the items are good (broken XML …)


@dataclass(frozen=True, slots=True)
class Article:
    """One language edition of one publication, normalised: what is stored."""

    source_id: str
    key: str
    language: str  # uk, en
    url: str  # canonical
    seen_url: str  # the address under which it was met, cleaned
    title: str  # published wording, NFC, single spaces
    lead: str
    published: Published | None
    tags: tuple[str, ...] = ()
    oblasts: tuple[str, ...] = ()
    attribution: str = ""
    author: str = ""
    origin: str = "listing"
    title_hash: str = ""  # of the folded title: equal for wordings that differ only in spaces, quotes, apostrophes
    lead_hash: str = ""
    wordings: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # origin → (title_hash, lead_hash) seen there
    notes: tuple[str, ...] = ()  # what normalising changed that a person should know (a title cut short …)

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes it one article: source, key, language."""
        return (self.source_id, self.key, self.language)


@dataclass(frozen=True, slots=True)
class Known:
    """What the database already holds of one article."""

    article_id: int
    story_id: int
    language: str
    title: str
    lead: str
    title_hash: str
    lead_hash: str
    published: Published | None
    first_seen_at: str
    url: str  # canonical
    tags: tuple[str, ...] = ()
    oblasts: tuple[str, ...] = ()
    look_again_at: str | None = None  # when its own page is due to be read again
    observed: Mapping[str, tuple[str, str]] = field(
        default_factory=dict
    )  # origin → (title_hash, lead_hash) last seen there


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with one article that was met."""

    article: Article  # with the wording, date and lead that shall stand from now on
    known: Known | None  # None: it is new
    verdict: str  # new, edited, unchanged, duplicate
    changed: bool  # whether the row of an unchanged article gains something (a date, a lead, a tag)
    look_again_at: str | None = None
    gone: bool = False  # its own page answered 404 or 410


@dataclass(frozen=True, slots=True)
class Problem:
    """What a person should know, for the table `problems`."""

    stage: str  # fetch, parse, normalise, drift, translate, model, database
    message: str
    url: str = ""
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class ListingState:
    """How far back a listing was read, for the table `listing_progress`."""

    url: str
    pages_due: int = 0  # a run broke off: read at least so many pages next time
    next_page: int | None = None  # a walk through the archive goes on here


@dataclass(frozen=True, slots=True)
class Seen:
    """What an address answered last, for the table `validators`."""

    url: str
    validators: Validators
    body_hash: str
    full_at: str  # last answer with a body


@dataclass(frozen=True, slots=True)
class SourceResult:
    """What one run (or one page of a walk through the archive) brought from one source: saved in one transaction.

    `listed = new + edited + unchanged + duplicate + rejected`, where the middle three and `duplicate` are the
    verdicts of `decisions`, and an edit found only on an article's own page counts as listed too.
    """

    source_id: str
    state: str  # see source_runs.state
    read: bool  # whether at least one listing was read, or said that nothing changed
    decisions: tuple[Decision, ...] = ()
    rejected: int = 0
    problems: tuple[Problem, ...] = ()
    sound_stages: tuple[str, ...] = ()  # stages in which nothing went wrong: their open problems are resolved
    seen: tuple[Seen, ...] = ()
    progress: tuple[ListingState, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceStatistics:
    """The figures of one source in one run, for the table `source_runs`."""

    source_id: str
    state: str
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
    source_language: str
    target_language: str
    kind: str  # title, lead


@dataclass(frozen=True, slots=True)
class Rendering:
    """What an engine made of one text. `text` is None when the engine failed, and `error` says why."""

    text: str | None
    score: float | None = None  # mean log-probability a token, if the engine gives one
    error: str | None = None
    endless: bool = False  # the engine went on and on and was stopped
    steps: tuple[str, ...] = ()  # what was done to get it, beyond asking the engine once
    flags: tuple[str, ...] = ()  # what a person should look at, beyond what the checks see


@dataclass(frozen=True, slots=True)
class Translation:
    """A ledger row: one text, one engine, and what its result is worth."""

    text: Text
    result: str | None  # None exactly when state is failed
    engine: str
    model: str
    glossary: str
    state: str  # ok, flagged, failed
    reasons: tuple[str, ...] = ()
    score: float | None = None
    steps: tuple[str, ...] = ()  # as of the Rendering


class Translator(Protocol):
    """A translation engine. It never raises for a single text: it gives a Rendering with an error."""

    engine: str  # argos, …
    model: str  # package name and version, and what it is: `translate-uk_en 1.9`

    def translate(self, texts: list[str]) -> list[Rendering]:
        """One rendering for each text, in the same order. Raises ModelError when the engine broke as a whole."""
        ...


@dataclass(frozen=True, slots=True)
class StoryText:
    """What the story judge reads of one article."""

    article_id: int  # 0 when it is stored nowhere
    source_id: str
    key: str
    language: str  # uk, en
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
    """Why two articles are one story, or belong together, or are kept apart."""

    article_id: int
    other_id: int
    verdict: str  # same, related, different
    method: str
    score: float  # 0 … 1: how alike the two are
    evidence: Mapping[str, tuple[str, ...]]  # plain name → what was found
    decided_by: str = "machine"  # machine, editor


@dataclass(frozen=True, slots=True)
class Representatives:
    """Which articles speak for a story in each language, and the day that the story shows."""

    uk_article_id: int | None  # whose headline is shown
    en_article_id: int | None
    published_on: str | None
    uk_lead_id: int | None = None  # whose lead is shown; None: that of the article that gives the headline
    en_lead_id: int | None = None
    uk_link_id: int | None = None  # to whom the story links; None: the same
    en_link_id: int | None = None
