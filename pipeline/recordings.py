"""Recordings of the sources' pages, and `python -m pipeline.recordings`, which writes down what they parse to now.

A recording is called `<source_id>.listing-<n>.<ext>`, `n` being its place in SOURCE.listings from 0 on, or
`<source_id>.article-<any>.html`; an article's own address stands in a comment on its last line. The pages are ours,
in the address shapes and markup of the real sites. They belong to the checkout; an installed program has none.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from core.errors import ItemError, UsageError
from core.model import Listing, Page, Source, Validators
from pipeline.collect import identity
from scrapers import registry
from scrapers.sandbox import parse

RECORDED = Path(__file__).parents[1] / "tests" / "recorded"
FETCHED_AT = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
_TYPES = {"html": "text/html; charset=utf-8", "xml": "application/rss+xml; charset=UTF-8", "json": "application/json"}
_NAME = re.compile(r"(?P<source>\w+)\.(?:listing-(?P<place>\d+)(?:-[\w-]+)?|article-[\w-]+)\.(?P<type>html|xml|json)")
_ADDRESS = re.compile(rb"<!-- (https?://\S+) -->\s*\Z")


@dataclass(frozen=True)
class Recording:
    """One recorded answer. Raises UsageError for a name that says neither listing nor article."""

    file: str

    @cached_property
    def _name(self) -> re.Match[str]:
        if not (match := _NAME.fullmatch(self.file)):
            raise UsageError(
                f"{self.file}: call it SOURCE_ID.listing-NUMBER.xml (.html, .json) or SOURCE_ID.article-….html"
            )
        return match

    @property
    def source_id(self) -> str:
        """Return the id of the source that the recording belongs to."""
        return self._name["source"]

    @property
    def source(self) -> Source:
        """Load the source that the recording belongs to."""
        return registry.load(self.source_id).SOURCE

    @property
    def listing(self) -> Listing | None:
        """Return the listing that was recorded; None for an article's own page. Raises UsageError for no such one."""
        if self._name["place"] is None:
            return None
        place, listings = int(self._name["place"]), self.source.listings
        if place >= len(listings):
            raise UsageError(f"{self.file}: {self.source_id} has {len(listings)} listings, numbered from 0")
        return listings[place]

    @property
    def url(self) -> str:
        """Return the address at which the site has the page. Raises UsageError when an article's does not tell it."""
        if self.listing:
            return self.listing.url
        if not (told := _ADDRESS.search((RECORDED / self.file).read_bytes())):
            raise UsageError(f"{self.file}: ends without a line such as <!-- https://town.example/news/7 -->")
        return told[1].decode()

    def page(self, body: bytes | None = None) -> Page:
        """Return the recording as a fetched page, with another `body` if one is given."""
        content = (RECORDED / self.file).read_bytes() if body is None else body
        return Page(self.url, self.url, 200, _TYPES[self._name["type"]], content, Validators(), FETCHED_AT)

    def parsed(self, body: bytes | None = None) -> dict[str, Any]:
        """Return what the source makes of it, as JSON holds it. Raises ParseError."""
        page, listing = self.page(body), self.listing
        result = parse.listing(self.source_id, listing, page) if listing else parse.article(self.source_id, page)
        plain: dict[str, Any] = json.loads(json.dumps(asdict(result)))
        return plain


def recordings() -> tuple[Recording, ...]:
    """Return all recordings, by name. Raises UsageError where there are none."""
    files = sorted(path.name for path in RECORDED.glob("[!.]*") if not path.name.endswith(".items.json"))
    if not files:
        raise UsageError(f"there are no recordings in {RECORDED}: they are part of a checkout, not of the program")
    return tuple(map(Recording, files))


def blessed(source_id: str) -> dict[str, Any]:
    """Return what the recordings of a source are known to parse to, by file name; empty before it was blessed."""
    path = RECORDED / f"{source_id}.items.json"
    known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return known


def faults() -> list[str]:
    """Return what is wrong with the sources and their recordings, in one line each. Raises UsageError."""
    known = recordings()
    strays = {recording.source_id for recording in known} - set(registry.source_ids())
    sources = [(registry.load(source_id).SOURCE, source_id) for source_id in registry.source_ids()]
    return [f"{stray}: has recordings and no file in scrapers/sources" for stray in sorted(strays)] + [
        fault for source, file_name in sources for fault in faults_of(source, file_name, known)
    ]


def faults_of(source: Source, file_name: str, known: tuple[Recording, ...]) -> list[str]:
    """Return what is wrong with one source, whose file is called `file_name` without its `.py`. Raises UsageError."""
    if source.id != file_name:
        return [f"{file_name}.py: SOURCE.id is {source.id!r}, and must be as the file is called"]
    own = [recording for recording in known if recording.source_id == source.id]
    recorded = {recording.listing for recording in own}
    missing = [place for place, listing in enumerate(source.listings) if listing not in recorded]
    if missing:
        names = ", ".join(f"{source.id}.listing-{place}" for place in missing)
        return [f"{source.id}: has no recording {names} in tests/recorded"]
    found = {recording.file: recording.parsed() for recording in own}
    return [
        f"{file}: SOURCE.identity finds no key in the address of any item, such as {urls[0]}"
        for file, parsed in found.items()
        if (urls := [item["url"] for item in parsed.get("items", [parsed])])
        and not any(_has_key(source, url) for url in urls)
    ]


def _has_key(source: Source, url: str) -> bool:
    try:
        return bool(identity.key_of(source, identity.clean(url)))
    except ItemError:
        return False


def main() -> int:
    """Write every `<source_id>.items.json` anew; 1, and nothing written, when something is wrong with a source."""
    wrong = faults()
    if wrong:
        sys.stdout.write("".join(f"{fault}\n" for fault in wrong))
        return 1
    for source_id in registry.source_ids():
        results = {found.file: found.parsed() for found in recordings() if found.source_id == source_id}
        text = json.dumps(results, ensure_ascii=False, indent=1, sort_keys=True)
        (RECORDED / f"{source_id}.items.json").write_text(text + "\n", encoding="utf-8")
        sys.stdout.write(f"{source_id}: {len(results)} recordings\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
