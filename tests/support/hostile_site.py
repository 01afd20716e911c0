"""The hostile site: each path is a source of its own, with what must come of it. The paths stand in hostile_*.py."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from core.model import IdentityRule, Listing, Source
from tests.support.hostile import answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.closed_sets import SourceKind
    from tests.support.hostile import Reply

CANARY = "127.0.0.1:@PORT"  # a second server that must never be asked; the real port has five characters too
KINDS = {"html": "text/html; charset=utf-8", "feed": "application/rss+xml", "rest": "application/json"}
PARSERS = {"html": "decentralization", "feed": "komsamovr", "rest": "cities4cities"}  # whose file reads each kind
DAY = "2026-02-20"  # of a run; the good items of a path are all of one day before it, of each path another
XML = "<?xml version='1.0' encoding='utf-8'?>"
HEAD = "<meta charset='utf-8'><title>Новини</title>"
_PLACES = (
    "Савинська Шумська Курненська Коростишівська Мереф'янська Тиврівська Глибоцька Рокитнівська Чечельницька "
    "Новоборівська Дергачівська Вишнівецька Березанська Сартанська Підгородненська Лиманська Оріхівська Бучанська"
)
_EVENTS = (
    "відкрила центр послуг", "купила шкільний автобус", "ремонтує амбулаторію", "має новий бюджет",
    "обирає старост", "навчає рятувальників", "будує водогін", "отримала субвенцію на укриття", "приймає переселенців",
    "оновила стратегію розвитку", "запустила молодіжну раду", "висадила парк", "утеплила дитячий садок",
)  # fmt: skip


class News:
    """Five good items of a path, numbered from 1, in each kind of listing; the first may be put otherwise."""

    def __init__(self, name: str) -> None:
        self.site = f"https://{name}.hostile.test"
        self.moment = datetime(2026, 2, 20, 14, 18, tzinfo=UTC) - timedelta(days=zlib.crc32(name.encode()) % 1500)
        self.day = self.moment.date().isoformat()
        start, places = zlib.crc32(name.encode()), _PLACES.split()
        self.titles = tuple(
            f"{places[(start + 5 * n) % len(places)]} громада {_EVENTS[(start // 7 + n) % len(_EVENTS)]}"
            for n in range(5)
        )

    def title(self, number: int) -> str:
        return self.titles[(number - 1) % 5]

    def item(self, number: int, title: str | None = None, link: str | None = None, date: str | None = None) -> str:
        href, words = link or f"/news/{number}", self.title(number) if title is None else title
        date = f"{self.moment:%d.%m.%Y}" if date is None else date
        day = f"<div class='one-article__date'>{date}</div>" if date else ""
        return f'<div class="one-article"><a class="one-article__title" href="{href}">{words}</a>{day}</div>\n'

    def page(self, first: str | None = None, head: str = HEAD, after: str = "", count: int = 5) -> str:
        items = "".join(self.item(number) for number in range(2, count + 1))
        first = self.item(1) if first is None else first
        body = f"<div class='articles-list'>{first}{items}</div>{after}"
        return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"

    def html(self, first: str | None = None, head: str = HEAD, after: str = "", count: int = 5) -> bytes:
        return self.page(first, head, after, count).encode("utf-8", "surrogatepass")

    def entry(
        self,
        number: int,
        title: str | None = None,
        link: str | None = None,
        date: str | None = None,
        more: str = "",
    ) -> str:
        link = f"{self.site}/news/{number}" if link is None else link
        told = f"<title>{self.title(number) if title is None else title}</title>"
        where = f"<link>{link}</link>" if link else ""
        date = format_datetime(self.moment) if date is None else date
        return f"<item>{told}{where}<pubDate>{date}</pubDate>{more}</item>\n"

    def feed(self, first: str | None = None, head: str = XML, after: str = "", count: int = 5) -> str:
        rest = "".join(self.entry(number) for number in range(2, count + 1))
        first = self.entry(1) if first is None else first
        return f"{head}<rss version='2.0'><channel><title>Сайт</title>{first}{rest}</channel></rss>{after}"

    def rss(self, first: str | None = None, head: str = XML, after: str = "", count: int = 5) -> bytes:
        return self.feed(first, head, after, count).encode("utf-8", "surrogatepass")

    def post(self, number: int, **changes: Any) -> dict[str, Any]:
        link = f"{self.site}/news/{number}"
        told = {
            "id": number,
            "date_gmt": f"{self.moment:%Y-%m-%dT%H:%M:%S}",
            "link": link,
            "title": {"rendered": self.title(number)},
        }
        return told | {"excerpt": {"rendered": ""}} | changes

    def rest(self, first: Any = None, **dump: Any) -> bytes:
        posts = [self.post(1) if first is None else first, *(self.post(number) for number in range(2, 6))]
        return json.dumps(posts, ensure_ascii=False, **dump).encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Expected:
    """Findings that must stand in the database after a run."""

    good: str = "12345"  # numbers of the good items whose titles are stored
    titles: tuple[str, ...] = ()  # the other stored titles; None of the two: exactly these and no more
    states: tuple[str, ...] = ("ok",)
    says: str = ""  # regular expression that a message of the source matches
    first: Mapping[str, object] = field(default_factory=dict)  # columns of the article of item 1
    absent: tuple[str, ...] = ()  # stand nowhere in what is stored of the source
    asked_at_most: int = 3  # times that the listing is asked for
    first_may_be_anything: bool = False  # or missing
    or_failed: bool = False  # the source may as well be reported, with nothing stored


def robots(text: str) -> bytes:
    return answer(200, text.encode(), kind="text/plain")


NO_ROBOTS = answer(404, b"")
FAILED = ("unreachable", "blocked", "structure_missing", "fields_missing", "overloaded")


def failed(says: str = "", *states: str, **more: Any) -> Expected:
    return Expected(good="", states=states or ("unreachable",), says=says, **more)


@dataclass(frozen=True)
class HostilePath:
    """One path; `days` has the reply of each day with what must come of it."""

    name: str
    faults: str  # ids of the catalogue, with blanks between; empty for a kind that is not in it
    days: tuple[tuple[Reply, Expected], ...]
    kind: SourceKind = "html"
    others: Mapping[str, Reply] = field(default_factory=dict)  # further paths below it
    is_slow: bool = False  # never ends by itself: read with short limits where there is no time
    is_closed: bool = False  # nobody listens
    robots: Reply = NO_ROBOTS

    def then(self, reply: Reply, expected: Expected) -> HostilePath:
        """The same with another day behind the last."""
        return replace(self, days=(*self.days, (reply, expected)))

    def later(self, content: Callable[[News], bytes], expected: Expected) -> HostilePath:
        """The same with a well-formed answer of another content the day after."""
        return self.then(answer(200, content(News(self.name)), kind=KINDS[self.kind]), expected)

    @property
    def host(self) -> str:
        return f"{self.name}.hostile.test"

    def source(self) -> Source:
        return Source(
            id=self.name,
            name=self.name,
            homepage=f"https://{self.host}/",
            publisher="Nobody",
            language="uk",
            kind=self.kind,
            listings=(Listing(f"https://{self.host}/list", kind=self.kind, min_items=5),),
            identity=IdentityRule(paths=(r"/(?:en/)?news/(?P<key>[^/]+)/?",)),
            hosts=(self.host,),
            expected_every_hours=24,
        )

    def replies(self, day: int) -> dict[str, Reply]:
        reply = self.days[min(day, len(self.days) - 1)][0]
        return {
            f"/{self.name}{path}": each
            for path, each in {"/list": reply, "/robots.txt": self.robots, **self.others}.items()
        }


def listed(
    name: str, faults: str, content: Callable[[News], bytes], expected: Expected, *headers: str,
    kind: SourceKind = "html", type: str | None = None, **more: Any,
) -> HostilePath:  # fmt: skip
    """A path with a well-formed answer whose content is odd."""
    body = content(News(name))
    return HostilePath(name, faults, ((answer(200, body, *headers, kind=type or KINDS[kind]), expected),), kind, **more)


def sent(name: str, faults: str, reply: Reply, expected: Expected, **more: Any) -> HostilePath:
    """A path whose answer itself is odd."""
    return HostilePath(name, faults, ((reply, expected),), **more)
