"""The recordings, what each of them is, and `python -m pipeline.recordings`, which writes down what they parse to now.

Our own pages, in the address shapes and markup of the real sources. Look at the difference before you commit it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.errors import ItemError
from core.model import Listing, Page, Source, Validators
from pipeline.collect import identity
from scrapers import registry
from scrapers.sandbox import parse

RECORDED = Path(__file__).parents[1] / "tests" / "recorded"
FETCHED_AT = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
_TYPES = {"html": "text/html; charset=utf-8", "xml": "application/rss+xml; charset=UTF-8", "json": "application/json"}


@dataclass(frozen=True)
class Recording:
    """One recorded answer; `listing` is the place in SOURCE.listings, None for an article page."""

    file: str
    url: str
    listing: int | None

    @property
    def source_id(self) -> str:
        """Return the id of the source that the recording belongs to."""
        return self.file.split(".", maxsplit=1)[0]

    @property
    def source(self) -> Source:
        """Load the source that the recording belongs to."""
        return registry.load(self.source_id).SOURCE

    def page(self, body: bytes | None = None) -> Page:
        """Return the recording as a fetched page, with another `body` if one is given."""
        content = (RECORDED / self.file).read_bytes() if body is None else body
        kind = _TYPES[self.file.rsplit(".", maxsplit=1)[1]]
        return Page(self.url, self.url, 200, kind, content, Validators(), FETCHED_AT)

    def where(self) -> Listing | None:
        """Return the listing that was recorded; None for an article's own page."""
        return None if self.listing is None else self.source.listings[self.listing]

    def parsed(self, body: bytes | None = None) -> dict[str, Any]:
        """What the source makes of it, as JSON holds it. Raises ParseError."""
        where = self.where()
        page = self.page(body)
        result = parse.listing(self.source_id, where, page) if where else parse.article(self.source_id, page)
        plain: dict[str, Any] = json.loads(json.dumps(asdict(result)))
        return plain


RECORDINGS = (
    Recording("auc.news.html", "https://auc.org.ua/news", 1),
    Recording("auc.rss.xml", "https://auc.org.ua/rss.xml", 0),
    Recording("cities4cities.posts.json", "https://cities4cities.eu/wp-json/wp/v2/posts?per_page=20&page=1", 0),
    Recording("decentralization.20538.html", "https://decentralization.ua/news/20538", None),
    Recording("decentralization.en-20538.html", "https://decentralization.ua/en/news/20538", None),
    Recording("decentralization.en-news.html", "https://decentralization.ua/en/news", 1),
    Recording("decentralization.news.html", "https://decentralization.ua/news", 0),
    Recording("euneighbourseast.feed.xml", "https://euneighbourseast.eu/feed/", 0),
    Recording("hromady.feed.xml", "https://hromady.org/feed/", 1),
    Recording("hromady.posts.json", "https://hromady.org/wp-json/wp/v2/posts?per_page=20", 0),
    Recording("kmu.rss.xml", "https://www.kmu.gov.ua/api/rss", 0),
    Recording("komsamovr.rss.xml", "https://komsamovr.rada.gov.ua/rss/news", 0),
    Recording("prostir.feed.xml", "https://www.prostir.ua/feed/", 0),
    Recording("prostir.grants.xml", "https://www.prostir.ua/feed/?post_type=grant", 1),
)


def blessed(source_id: str) -> dict[str, Any]:
    """What the recordings of a source are known to parse to, by file name; empty before it was blessed."""
    path = RECORDED / f"{source_id}.items.json"
    known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return known


def faults() -> list[str]:
    """What is wrong with the sources and their recordings, in one line each; empty when nothing is."""
    sources = [(registry.load(source_id).SOURCE, source_id) for source_id in registry.source_ids()]
    return [fault for source, file_name in sources for fault in faults_of(source, file_name, RECORDINGS)]


def faults_of(source: Source, file_name: str, recordings: tuple[Recording, ...]) -> list[str]:
    """The same for one source, whose file is called `file_name` without its `.py`."""
    if source.id != file_name:
        return [f"{file_name}.py: SOURCE.id is {source.id!r}, and must be as the file is called"]
    own = [recording for recording in recordings if recording.source_id == source.id]
    if not own:
        return [f"{source.id}: has no recording; put one into tests/recorded and a line into RECORDINGS"]
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
        results = {found.file: found.parsed() for found in RECORDINGS if found.source_id == source_id}
        text = json.dumps(results, ensure_ascii=False, indent=1, sort_keys=True)
        (RECORDED / f"{source_id}.items.json").write_text(text + "\n", encoding="utf-8")
        sys.stdout.write(f"{source_id}: {len(results)} recordings\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
