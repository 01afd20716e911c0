"""Row `search`: words and phrases asked of the search behind the search box, as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from bench.inputs.websites import ask, close, made_file, served, stock
from bench.ratios import by_turns, paired

if TYPE_CHECKING:
    from bench.ratios import Options, Ratio

WORDS = ("громада", "бюджет", "лікарню відновлення", "Комітет розглянув", '"Уряд схвалив"', "нічогонемає")
BOUND = 3


def measure(options: Options) -> list[Ratio]:
    """Return what a search costs with us against Datasette as it comes, on the same file."""
    size, rounds = options.pick(50, 2000, 50_000), options.pick(1, 7, 9)
    path = made_file(options.folder / "news.db", size)
    ours, plain = served(path), stock(path)
    addresses = [f"/news/news.json?_shape=objects&_search={quote(words)}" for words in WORDS]
    counts = [[len(json.loads(body)["rows"]) for body in ask(site, addresses)] for site in (ours, plain)]
    assert counts[0] == counts[1], f"the two find different numbers of stories: {counts}"
    times = paired(by_turns(lambda: ask(ours, addresses), lambda: ask(plain, addresses), rounds))
    for site in (ours, plain):
        close(site)
    against = f"Datasette as it comes, on the same {size:,} articles"
    return [times.row("search", "ms a search", per=1000 / len(WORDS), bound=BOUND, against=against)]
