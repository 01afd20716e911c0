"""Issues as the formats get them: one with everything of the editors' own, and its pictures. No database."""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import replace
from typing import Any

from newsletter.issue import Brand, Entry, FreeItem, Issue, Link, Story, plain
from newsletter.pictures import Picture, picture_from
from newsletter.settings import read_newsletter

NEWSLETTER = read_newsletter()
TEXTS = {
    "subject": "Budgets for 2027: what communities will keep",
    "preview": "A new formula of equalisation, five bridges, and a call for grants until 20 March",
    "intro_en": "Dear readers,\n\nthis week the **budget committee** agreed on a [new formula](https://rada.example/formula)."
    " Two things to watch:\n\n- the reverse subsidy *stays*;\n- frontline communities are exempt.",
    "intro_uk": "Шановні читачі,\n\nцього тижня **бюджетний комітет** погодив [нову формулу](https://rada.example/formula).",
    "closing_en": "The next issue comes on Friday. Write to us: [the editors](mailto:editors@news.example).",
    "closing_uk": "Наступний випуск – у п'ятницю.",
    "section_text_en:budgets": "All sums are in hryvnias.",
    "section_text_uk:budgets": "Усі суми – у гривнях.",
    "image_alt_en": "Heads of communities at a round table in Lviv",
    "image_alt_uk": "Голови громад за круглим столом у Львові",
}
ITEM = FreeItem(
    1, "budgets", 2, "Вебінар про бюджет участі", "Webinar on participatory budgets",
    "Реєстрація **до 10 березня**.", "Register *by 10 March*; [programme](https://hub.example/programme).",
    "https://hub.example/webinar",
)  # fmt: skip


def png(width: int, height: int, colour: tuple[int, int, int] = (43, 106, 77)) -> bytes:
    """Return a picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes(colour) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def picture() -> Picture:
    return picture_from(png(1200, 400))


def story(number: int, title_uk: str, title_en: str = "", **more: Any) -> Story:
    link = Link("portal", "Портал", f"https://portal.example/news/{number}", "uk", "2026-02-20", "Portal")
    given: dict[str, Any] = {
        "title_en_by": "machine" if title_en else "",
        "published_on": "2026-02-20",
        "links": (link,),
    }
    return Story(number, plain(title_uk), plain(title_en), **{**given, **more})


def issue(*entries: Entry, sealed: bool = True, **more: Any) -> Issue:
    return Issue(
        "issue-1", "2026-03-01", "2026-03-01T09:00:00Z", sealed, more.pop("newsletter", NEWSLETTER), entries, **more
    )


def full_issue(**more: Any) -> Issue:
    """Return an issue in which every text, an item, a picture, a logo and a brand are given."""
    brand = Brand(
        logo=base64.b64encode(png(300, 90)).decode(), accent="#7a1f3d", link="#0b5394",
        footer_en="You get this as a member of the [association](https://members.example).",
        footer_uk="Ви отримали це як член асоціації.", address="Visnyk\nvul. Instytutska 1\nKyiv 01021, Ukraine",
        contact="editors@news.example",
    )  # fmt: skip
    letter = replace(NEWSLETTER, brand=brand, site="https://news.example", most_in_full=3)
    entries = (
        Entry(
            story(1, "Громади отримають 5 млрд грн на відновлення", "Communities will get UAH 5 billion for recovery",
                  lead_uk="Кошти розподілять за новою формулою.", lead_en="The money is shared by a new formula.",
                  lead_en_by="machine", places=(("Львівська область", "Lviv region"),)),
            "budgets", 1, note="Compare with [last year](https://news.example/2025): **twice** as much.",
        ),
        Entry(story(2, "Рада підтримала закон про старост", "Rada backs the law on starostas", title_en_by="editor"),
              "budgets", 2),
        Entry(story(3, "У Тернополі відкрили центр послуг", withheld="flagged"), "budgets", 3),
        Entry(story(4, "Ще одна новина", "One more piece of news"), "budgets", 4, in_full=False),
        Entry(story(5, "", "EU opens a call for partner cities", title_en_by="publisher"), "grants", 1),
    )  # fmt: skip
    return issue(*entries, **{"newsletter": letter, "texts": TEXTS, "items": (ITEM,), "image": picture(), **more})
