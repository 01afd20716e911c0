"""`python -m bench.feed_corpus FOLDER`: read every feed of a folder, and mutants of them, and say what was lost.

FOLDER may be the tests of feedparser's source package (2,242 feeds), which is not in the repository:
`pip download --no-deps --no-binary :all: feedparser==6.0.14`. Nothing but a ParseError may come of any feed, no feed
may take two seconds of processor time, and of ten entries of which one is taken from the folder the nine good ones
must be kept. Ends with 1 when something of this does not hold, naming the feeds.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ParseError
from core.model import Item, Page, Validators
from scrapers.parsing import feed
from scrapers.parsing.guarded import RAISED
from scrapers.sandbox import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SECONDS_AT_MOST = 2.0  # of processor time
GOOD = 9  # entries beside the bad one
KEPT_AT_LEAST = 0.9  # of the good ones
_ENTRY = re.compile(rb"<(item|entry)[\s>].*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_SIGNS = (
    *(
        b"<",
        b">",
        b"&",
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b"-->",
        b"</title>",
        b"<title>",
        b"<item>",
        b"</item>",
        b"'",
        b'"',
    ),
    *(b"\x00", b"\xff", b"&#xD800;", b"&#x110000;", b"0001", b"99999", b"http://[", b"://", b"xmlns:x='y'"),
)
_SEEN_AT = datetime(2026, 2, 21, 10, 30, tzinfo=UTC)


@dataclass
class Outcome:
    """Figures of all feeds that were read."""

    feeds: int = 0
    items: int = 0
    refused: int = 0  # said to be no feed, or to have no entry that can be read
    slowest: float = 0.0
    kept: int = 0  # good entries beside a bad one
    good: int = 0
    wrong: list[str] = field(default_factory=list)

    def read(self, name: str, body: bytes) -> list[str]:
        """Return the addresses of the items that the program reads from the body."""
        page = Page("https://site.test/feed", "https://site.test/feed", 200, "text/xml", body, Validators(), _SEEN_AT)
        started = time.process_time()
        found: tuple[Item, ...] = ()
        try:
            found = parse.gather(feed.items(page), page).items
        except ParseError:
            self.refused += 1
        except RAISED as error:
            self.wrong.append(f"{name}: {type(error).__name__}: {error}")
        seconds = time.process_time() - started
        if seconds > SECONDS_AT_MOST:
            self.wrong.append(f"{name}: {seconds:.1f} s")
        self.feeds += 1
        self.items += len(found)
        self.slowest = max(self.slowest, seconds)
        return [item.url for item in found]

    def read_among_good(self, name: str, entry: bytes) -> None:
        """Read the entry as the fifth of ten, and count the others that are kept."""
        good = [_good(number) for number in range(GOOD)]
        body = b"".join((_HEAD, *good[:4], entry, *good[4:], b"</channel></rss>"))
        found = self.read(name, body)
        kept = sum(f"https://site.test/good/{number}" in found for number in range(GOOD))
        self.kept, self.good = self.kept + kept, self.good + GOOD
        if kept < KEPT_AT_LEAST * GOOD:
            self.wrong.append(f"{name}: {kept} of {GOOD} good entries kept")


_HEAD = b"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>Site</title>"


def _good(number: int) -> bytes:
    text = f"<title>Громада {number}</title><link>https://site.test/good/{number}</link>"
    date = "<pubDate>Fri, 20 Feb 2026 16:18:00 +0200</pubDate>"
    return f"<item>{text}<description><![CDATA[<p>Лід</p>]]></description>{date}</item>".encode()


def mutants(bodies: Sequence[bytes], number: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield `number` bodies with one to four places changed, each with a name that tells how to make it again."""
    for each in range(number):
        chance = random.Random(seed * 1_000_003 + each)
        body = bytearray(chance.choice(bodies))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(body) + 1)
            end = min(len(body), at + chance.choice((0, 1, 1, 2, 8, 40)))
            new = chance.choice((*_SIGNS, bytes(body[at:end]) * 2, chance.randbytes(2), b""))
            body[at:end] = new
        yield f"mutant {each} of seed {seed}", bytes(body)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one line of figures; return 1 and name the feeds on standard error when something does not hold."""
    parser = argparse.ArgumentParser(prog="python -m bench.feed_corpus", description=__doc__)
    parser.add_argument("folder", type=Path, help="searched for *.xml, with all folders below")
    parser.add_argument("--mutants", type=int, default=10_000, help="of the feeds, and as many of single entries")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(arguments)
    paths = sorted(args.folder.rglob("*.xml"))
    if not paths:
        parser.error(f"no *.xml in {args.folder}")
    bodies = [path.read_bytes() for path in paths]
    outcome = Outcome()
    for path, body in zip(paths, bodies, strict=True):
        outcome.read(str(path), body)
    for name, body in mutants(bodies, args.mutants, args.seed):
        outcome.read(name, body)
    entries = [match[0] for body in bodies if (match := _ENTRY.search(body))]
    for number, entry in enumerate(entries):
        outcome.read_among_good(f"entry of feed {number}", entry)
    for name, entry in mutants([_good(99), *entries], args.mutants, args.seed):
        outcome.read_among_good(f"entry, {name}", entry)
    share = outcome.kept / outcome.good if outcome.good else 1.0
    print(
        f"{outcome.feeds} feeds: {outcome.items} items, {outcome.refused} refused, slowest {outcome.slowest:.2f} s, "
        f"{share:.2%} of the good entries beside a bad one kept, {len(outcome.wrong)} wrong"
    )
    for line in outcome.wrong[:50]:
        print(line, file=sys.stderr)
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
