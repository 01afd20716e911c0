"""Lists of news as a site shows them day after day: changes that are ordinary, and answers that are wrong."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from core.model import Item, Listing, Published, iso
from language.romanise import INSIDE_WORD
from tests.support.samples import NOW, PORTAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.closed_sets import Origin

    Change = Callable[["Room"], list[Item]]

FEED, PAGE, OTHER_PAGE = "https://portal.example/rss", "https://portal.example/news", "https://portal.example/en/news"
OF_FEED = replace(PORTAL, kind="feed", name="Портал громад", listings=(Listing(FEED, kind="feed"),))
OF_PAGE = replace(OF_FEED, kind="html", listings=(Listing(PAGE),))

_WHO = (
    *("Громада", "Обласна рада", "Міністерство", "Старостинський округ", "Центр послуг", "Мерія", "Лікарня", "Школа"),
    *("Асоціація", "Комунальники", "Волонтери"),
)
_DOES = ("відкрила", "ремонтує", "презентує", "шукає", "отримала", "затвердила", "планує")
_WHAT = (
    *(
        "укриття",
        "субвенцію",
        "водогін",
        "бібліотеку",
        "амбулаторію",
        "стратегію",
        "автобус",
        "сонячні панелі",
        "котельню",
    ),
    *("гуртожиток", "реєстр майна", "молодіжний простір", "статут"),
)
_WHERE = (
    *("на Волині", "під Полтавою", "у Трускавці", "біля Дніпра", "на Сумщині", "у Вінниці", "за кошти ЄС", "до осені"),
    *("для переселенців", "разом із партнерами", "попри обстріли", "у прифронтових селах", "уперше", "на три роки"),
    *("після аудиту", "з нового року", "без черг"),
)
_WHO_EN = ("Community", "Oblast council", "Ministry", "Village", "Service centre", "Mayor", "Hospital", "School")
_DOES_EN = ("opens", "repairs", "presents", "seeks", "receives", "adopts", "plans")
_WHAT_EN = ("a shelter", "the subvention", "a pipeline", "the library", "new buses", "solar panels", "a strategy")
_WHERE_EN = ("in Volyn", "near Poltava", "for displaced people", "with EU money", "after the audit", "by autumn")


def title(number: int) -> str:
    words = (_WHO, _DOES, _WHAT, _WHERE)
    return " ".join(part[number % len(part)] for part in words)


def english(number: int) -> str:
    words = (_WHO_EN, _DOES_EN, _WHAT_EN, _WHERE_EN)
    return f"{' '.join(part[number % len(part)] for part in words)} {number}"


def russian(number: int) -> str:
    """Return a headline; of three, one has no letter of which Ukrainian has none."""
    who = ("Община", "Областной совет", "Министерство развития")[number % 3]
    does = ("получила субвенцию", "открывает центр услуг", "планирует ремонт школ")[number // 3 % 3]
    where = ("на Волыни", "под Полтавой", "в городе", "после проверки", "вместе с партнерами")[number % 5]
    return f"{who} {does} {where} номер {number}"


@dataclass
class Room:
    """A listing of `size` items, of which the newest has the number `newest`."""

    origin: Origin = "feed"
    newest: int = 130
    size: int = 30
    now: datetime = NOW

    def item(self, number: int) -> Item:
        at = datetime(2025, 9, 1, 9, 7, tzinfo=UTC) + timedelta(hours=17 * number)
        lead = f"Подробиці про {title(number).lower()}."
        if self.origin == "feed":
            return Item(_url(number), title(number), lead, _minute(at), origin="feed")
        return Item(_url(number), title(number), lead, Published(at.date().isoformat(), "day", "listing"))

    def items(self, newest: int = 0, size: int = 0) -> list[Item]:
        newest = newest or self.newest
        return [self.item(number) for number in range(newest, newest - (size or self.size), -1)]


def _url(number: int) -> str:
    return f"https://portal.example/news/{number}"


def _minute(at: datetime) -> Published:
    return Published(iso(at), "minute", "feed")


def number_of(item: Item) -> int:
    return int(re.findall(r"\d+", item.url)[-1])


def titled(make: Callable[[Item], str]) -> Change:
    """All titles otherwise."""
    return lambda room: [replace(item, title=make(item)) for item in room.items()]


def dated(make: Callable[[Room, Item], Published | None]) -> Change:
    return lambda room: [replace(item, published=make(room, item)) for item in room.items()]


def shifted(by: timedelta) -> Change:
    def moved(_: Room, item: Item) -> Published:
        assert item.published
        if item.published.precision == "day":
            day = datetime.fromisoformat(item.published.at) + max(by, timedelta(days=1))
            return replace(item.published, at=day.date().isoformat())
        return replace(item.published, at=iso(datetime.fromisoformat(item.published.at) + by))

    return dated(moved)


def linked(make: Callable[[Item], str]) -> Change:
    return lambda room: [replace(item, url=make(item)) for item in room.items()]


def _shifted_titles(room: Room) -> list[Item]:
    items = room.items()
    return [replace(item, title=other.title) for item, other in zip(items, [*items[1:], items[0]], strict=True)]


def _third(make: Callable[[Item], str]) -> Change:
    return lambda room: [
        replace(item, title=make(item)) if place % 3 == 0 else item for place, item in enumerate(room.items())
    ]


def _mojibake(item: Item) -> str:
    return item.title.encode().decode("cp1252", "replace")


def _romanised(text: str) -> str:
    return "".join(INSIDE_WORD.get(letter, letter) for letter in text.lower())


DRIFT: Final[dict[str, Change]] = {
    "half of the usual items": lambda room: room.items(size=room.size // 2),
    "five items of thirty": lambda room: room.items(size=5),
    "one item of thirty": lambda room: room.items(size=1),
    "every title the site's name": titled(lambda _: "Портал громад"),
    "every title one text": titled(lambda _: "Ласкаво просимо на сторінку громад"),
    "a third of the titles the site's name": _third(lambda _: "Портал громад"),
    "a third of the titles are other texts": _third(lambda item: f"Реклама: знижки тижня № {number_of(item)}"),
    "titles moved down by one": _shifted_titles,
    "titles are dates": titled(lambda item: f"{number_of(item) % 28 + 1} лютого 2026"),
    "titles are dates in figures": titled(lambda item: f"{number_of(item) % 28 + 1:02}.02.2026, 14:18"),
    "titles are Читати далі": titled(lambda _: "Читати далі"),
    "titles are read more": titled(lambda _: "Read more…"),
    "titles are words of a menu": titled(
        lambda item: ("Головна", "Новини", "Контакти", "Про нас")[number_of(item) % 4]
    ),
    "titles are numbers": titled(lambda item: str(number_of(item))),
    "titles are slugs": titled(lambda item: _romanised(item.title).replace(" ", "-")),
    "titles are addresses": titled(lambda item: item.url),
    "titles are authors": titled(lambda item: ("Олена Коваль", "Іван Бойко", "Марія Шевчук")[number_of(item) % 3]),
    "leads in place of titles": titled(
        lambda item: (
            f"Сьогодні в ході зустрічі з мешканцями було оголошено, що вже незабаром розпочнеться робота, якої всі "
            f"давно чекали: йдеться про черговий етап, на який виділено {number_of(item)} мільйонів гривень із резерву."
        )
    ),
    "titles cut to twenty letters": titled(lambda item: item.title[:20]),
    "titles cut with dots": titled(lambda item: f"{item.title[:18]}…"),
    "entities in all titles": titled(lambda item: f"&amp;amp;amp;amp;nbsp;{item.title}&amp;amp;amp;amp;raquo;"),
    "a prefix before all titles": titled(lambda item: f"НОВИНИ ДНЯ | {item.title}"),
    "spaces lost in all titles": titled(lambda item: item.title.replace(" ", "")),
    "letters in a wrong encoding": titled(_mojibake),
    "question marks for letters": titled(lambda item: re.sub(r"[^\W\d]", "?", item.title) + f" {number_of(item)}"),
    "replacement characters in a third": _third(lambda item: re.sub(r"[аеиоі]", "\ufffd", item.title)),
    "a flip to English": titled(lambda item: english(number_of(item))),
    "a flip to Russian": titled(lambda item: russian(number_of(item))),
    "a third in Russian": _third(lambda item: russian(number_of(item))),
    "transliterated titles": titled(lambda item: _romanised(item.title).capitalize()),
    "lorem ipsum": titled(lambda item: f"Lorem ipsum dolor sit amet {number_of(item)}"),
    "a test page": lambda room: [
        replace(item, url=_url(9_000 + place), title="Тест") for place, item in enumerate(room.items())
    ],
    "one link for all": linked(lambda _: "https://portal.example/news/7"),
    "one item under many links": lambda room: [
        replace(room.items()[0], url=_url(9_000 + place)) for place in range(room.size)
    ],
    "known titles under other links": linked(lambda item: _url(9_000 + number_of(item))),
    "half of the links lead to another site": lambda room: [
        replace(item, url=f"https://other.example/news/{place}") if place % 2 else item
        for place, item in enumerate(room.items())
    ],
    "a much older list": lambda room: room.items(newest=room.newest - 60),
    "an older list that was stored": lambda room: room.items(newest=room.newest - 8, size=20),
    "all dates in the future": dated(lambda room, _: _minute(room.now + timedelta(days=40))),
    "all dates in 1970": dated(lambda *_: Published("1970-01-01", "day", "listing")),
    "all dates are now": dated(
        lambda room, item: (
            _minute(room.now) if item.origin == "feed" else Published(room.now.date().isoformat(), "day", "listing")
        )
    ),
    "all dates three hours on": shifted(timedelta(hours=3)),
    "all dates a day on": shifted(timedelta(days=1)),
    "no dates any more": dated(lambda *_: None),
    "comments in place of news": lambda room: [
        replace(item, url=_url(9_000 + place), title=f"Коментар до {item.title} від користувача {place}")
        for place, item in enumerate(room.items())
    ],
    "leads moved down by one": lambda room: [
        replace(item, lead=other.lead)
        for item, other in zip(room.items(), [*room.items()[1:], room.item(5)], strict=True)
    ],
    "one lead for all": lambda room: [
        replace(item, lead="Портал громад: офіційні новини, документи й оголошення.") for item in room.items()
    ],
}


def _edited(room: Room, number: int, make: Callable[[Item], str]) -> list[Item]:
    items = room.items()
    return [replace(item, title=make(item)) if place < number else item for place, item in enumerate(items)]


def _pinned(room: Room) -> list[Item]:
    old = room.item(20)
    return [old, *room.items()[:-1]]


def _with_some(make: Callable[[Item], Item], *places: int) -> Change:
    return lambda room: [make(item) if place in places else item for place, item in enumerate(room.items())]


def _every(step: int, make: Callable[[Item], Item]) -> Change:
    return lambda room: [make(item) if place % step == 0 else item for place, item in enumerate(room.items())]


# The list of the next day holds two new items unless a change says otherwise.
ORDINARY: Final[dict[str, Change]] = {
    "two new items": lambda room: room.items(),
    "nothing new": lambda room: room.items(newest=room.newest - 2),
    "one new item": lambda room: room.items(newest=room.newest - 1),
    "ten new items": lambda room: room.items(newest=room.newest + 8),
    "forty new items on a longer list": lambda room: room.items(newest=room.newest + 38, size=70),
    "forty new items that push all others out": lambda room: room.items(newest=room.newest + 38),
    "sixty new items after the summer": lambda room: room.items(newest=room.newest + 58, size=60),
    "a list that is twice as long": lambda room: room.items(size=60),
    "a list that is a third shorter": lambda room: room.items(size=20),
    "a list that is nearly half as long": lambda room: room.items(size=16),
    "ten corrected headlines": lambda room: _edited(room, 12, lambda item: f"{item.title}: оновлено"),
    "ten headlines told otherwise": lambda room: _edited(
        room, 12, lambda item: f"Як {item.title.lower()} і що буде далі"
    ),
    "fourteen typing errors put right": lambda room: _edited(room, 16, lambda item: item.title.replace("а", "о", 1)),
    "two headlines that are quite others": lambda room: _edited(room, 4, lambda item: f"Слово дня № {number_of(item)}"),
    "one item deleted": lambda room: [item for place, item in enumerate(room.items()) if place != 5],
    "the four newest deleted": lambda room: room.items(newest=room.newest - 6),
    "another order": lambda room: sorted(room.items(), key=lambda item: item.title),
    "the oldest first": lambda room: room.items()[::-1],
    "a pinned old item": _pinned,
    "a pinned item that is listed twice": lambda room: [room.items()[3], *room.items()],
    "one undated item": _with_some(lambda item: replace(item, published=None), 4),
    "ten undated items": _every(3, lambda item: replace(item, published=None)),
    "one date of an event to come": _with_some(
        lambda item: replace(item, published=Published("2026-06-01", "day", "listing")), 2
    ),
    "two items called Вакансії": _with_some(lambda item: replace(item, title="Вакансії"), 0, 1),
    "two items called Оголошення": _with_some(lambda item: replace(item, title="Оголошення"), 0, 1),
    "one item called Новини": _with_some(lambda item: replace(item, title="Новини"), 0),
    "two titles with broken letters": _with_some(lambda item: replace(item, title=_mojibake(item)), 0, 1),
    "leads are dropped": _every(1, lambda item: replace(item, lead="")),
    "other leads": _every(1, lambda item: replace(item, lead=f"Інакше сказано: {item.title}")),
    "rubrics as tags": _every(1, lambda item: replace(item, tags=("Новини громад",))),
    "authors are told": _every(1, lambda item: replace(item, author="Олена Коваль")),
    "tracking parameters": linked(lambda item: f"{item.url}?utm_source=rss&utm_medium=feed"),
    "http in place of https": linked(lambda item: item.url.replace("https:", "http:")),
    "www in the links": linked(lambda item: item.url.replace("//", "//www.")),
    "a slash and an anchor behind the links": linked(lambda item: f"{item.url}/#top"),
    "other spaces": titled(lambda item: "  " + item.title.replace(" ", "\u00a0")),
    "entities for letters": titled(lambda item: html.escape(item.title).replace("і", "&#1110;")),
    "quotation marks and full stops": titled(lambda item: f"«{item.title}»."),
    "capital letters": titled(lambda item: item.title.upper()),
    "counters of views": titled(lambda item: f"{item.title} | Переглядів: {number_of(item)}"),
    "a third of the items in English": _every(
        3, lambda item: replace(item, url=_url(9_000 + number_of(item)), title=english(number_of(item)))
    ),
    "a few items in Russian": _with_some(
        lambda item: replace(item, url=_url(9_000 + number_of(item)), title=russian(number_of(item))), 3, 9
    ),
    "a few links to other sites": _with_some(lambda item: replace(item, url="https://other.example/x"), 3, 9, 14),
    "a monthly digest, told alike": lambda room: [
        replace(item, url=_url(9_000 + place), title=f"Дайджест новин громад за {month} року") if place < 6 else item
        for place, (item, month) in enumerate(
            zip(room.items(), ("січень", "лютий", "березень", "квітень", "травень", "червень") * 9, strict=False)
        )
    ],
    "long and short headlines": lambda room: [
        replace(item, title="Конкурс" if place == 0 else f"{item.title} — {item.title}" if place == 1 else item.title)
        for place, item in enumerate(room.items())
    ],
}
