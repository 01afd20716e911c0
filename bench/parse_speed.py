"""Row `parse`: the feeds of the replica's sites, read into checked items."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import feedparser

from bench.ratios import by_turns, paired
from core.model import Page, Validators
from demo.pages.messages import SiteRequest
from demo.replica import answer
from demo.scenario import DAYS, SOURCE_OF_HOST
from scrapers.registry import all_sources
from scrapers.sandbox import parse

if TYPE_CHECKING:
    from bench.ratios import Options, Ratio
    from core.model import Listing, Source

BOUND = 2


def measure(options: Options) -> list[Ratio]:
    """Return our reading of every feed, from bytes to items, against feedparser alone."""
    feeds = list(_feeds())
    calls, rounds = options.pick(1, 5, 20), options.pick(1, 7, 15)

    def ours() -> None:
        for _ in range(calls):
            for source, listing, page in feeds:
                assert parse.listing(source.id, listing, page).items

    def plain() -> None:
        for _ in range(calls):
            for _, _, page in feeds:
                assert feedparser.parse(io.BytesIO(page.body)).entries

    times = paired(by_turns(ours, plain, rounds))
    against = "feedparser.parse of the same bytes, without a check or an item made of it"
    return [times.row("parse", "ms a feed", per=1000 / (calls * len(feeds)), bound=BOUND, against=against)]


def _feeds() -> list[tuple[Source, Listing, Page]]:
    found = []
    for source in all_sources():
        for listing in source.listings:
            url = urlsplit(listing.url)
            request = SiteRequest(url.hostname or "", url.path, dict(parse_qsl(url.query)), DAYS[0], 1)
            given = answer(request) if listing.kind == "feed" and request.host in SOURCE_OF_HOST else None
            if given is not None and given.status == 200:
                body = given.body.encode()
                page = Page(listing.url, listing.url, 200, given.content_type, body, Validators(), DAYS[0])
                found.append((source, listing, page))
    return found
