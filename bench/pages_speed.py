"""Row `pages`: the list of news, a further page of it and one story, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.inputs.websites import ask, close, made_file, served, stock
from bench.ratios import by_turns, paired

if TYPE_CHECKING:
    from bench.ratios import Options, Ratio

PAGES = ("/news/news", "/news/news?published_on__gte=2000-01-04", "/news/stories/7")
BOUND = 2.5


def measure(options: Options) -> list[Ratio]:
    """Return what a page costs with our templates and plug-ins against Datasette as it comes, on the same file."""
    size, rounds = options.pick(50, 2000, 50_000), options.pick(1, 7, 9)
    path = made_file(options.folder / "news.db", size)
    ours, plain = served(path), stock(path)
    times = paired(by_turns(lambda: ask(ours, list(PAGES)), lambda: ask(plain, list(PAGES)), rounds))
    for site in (ours, plain):
        close(site)
    against = f"Datasette as it comes, on the same {size:,} articles, without facets"
    return [times.row("pages", "ms a page", per=1000 / len(PAGES), bound=BOUND, against=against)]
