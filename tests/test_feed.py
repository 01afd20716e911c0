"""RSS and Atom as they are really sent: broken, lying, cut, hostile."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import feedparser
import pytest

from core.errors import StructureMissing
from core.model import Fault, Item, Note, Page, Validators
from scrapers.parsing import entry_pieces, excerpts, feed
from scrapers.sandbox import parse

if TYPE_CHECKING:
    from io import BytesIO
    from pathlib import Path

SEEN_AT = datetime(2026, 2, 21, 10, 30, tzinfo=UTC)
DATE = "Fri, 20 Feb 2026 16:18:00 +0200"
HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n"


def entry(number: int = 1, title: str = "Громада {n}", extra: str = "", date: str = DATE) -> str:
    link = f"<link>https://site.test/news/{number}</link>"
    return f"<item><title>{title.format(n=number)}</title>{link}<pubDate>{date}</pubDate>{extra}</item>"


def rss(*entries: str, head: str = HEAD) -> str:
    return f"{head}<rss version='2.0'><channel><title>Сайт</title>{''.join(entries)}</channel></rss>"


TEN = [entry(number) for number in range(1, 11)]


def page(body: str | bytes, kind: str = "application/rss+xml") -> Page:
    content = body if isinstance(body, bytes) else body.encode()
    return Page("https://site.test/feed", "https://site.test/feed", 200, kind, content, Validators(), SEEN_AT)


def read(body: str | bytes, kind: str = "application/rss+xml") -> tuple[list[Item], list[Fault], list[str]]:
    found = list(feed.items(page(body, kind)))
    items = [thing for thing in found if isinstance(thing, Item)]
    faults = [thing for thing in found if isinstance(thing, Fault)]
    return items, faults, [thing.message for thing in found if isinstance(thing, Note)]


def titles(body: str | bytes, kind: str = "application/rss+xml") -> list[str]:
    return [item.title for item in read(body, kind)[0]]


def test_a_good_feed_gives_its_entries_in_order_and_nothing_to_say() -> None:
    items, faults, notes = read(rss(*TEN))
    assert [item.title for item in items] == [f"Громада {number}" for number in range(1, 11)]
    assert items[0].url == "https://site.test/news/1"
    assert items[0].published is not None
    assert (items[0].published.at, items[0].published.origin) == ("2026-02-20T14:18:00Z", "feed")
    assert (faults, notes) == ([], [])


def test_atom_too() -> None:
    body = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><entry><title type='html'>А &amp;amp; &lt;b&gt;Б"
        "&lt;/b&gt;</title><link rel='alternate' href='/news/5'/><id>tag:x</id><summary>лід</summary>"
        "<published>2026-02-20T16:18:00+02:00</published><updated>2026-02-21T01:00:00Z</updated></entry></feed>"
    )
    (item,), _, _ = read(body, "application/atom+xml")
    assert (item.title, item.url, item.lead) == ("А & Б", "https://site.test/news/5", "лід")
    assert item.published is not None
    assert item.published.at == "2026-02-20T14:18:00Z"


@pytest.mark.parametrize(
    "reference", ["&#xD800;", "&#x110000;", "&#99999999999;", "&#0;", "&#x1F;", "&#xFFFE;", "&#" + "9" * 5000 + ";"]
)
@pytest.mark.fault("C8")
def test_an_impossible_character_reference_costs_no_entry(reference: str) -> None:
    body = rss(*TEN[:4], entry(5, title=f"Гро{reference}мада {{n}}"), *TEN[5:])
    assert titles(body) == [f"Громада {number}" for number in range(1, 11)]


def test_possible_references_stay() -> None:
    assert titles(rss(entry(title="Прем&#8217;єр &#x26;amp; уряд"))) == ["Прем’єр & уряд"]


@pytest.mark.parametrize("junk", ["\x00", "\x08", "\x0b", "\x1f", "\ufffe", "\uffff"])
@pytest.mark.fault("C7")
def test_characters_that_xml_forbids_cost_no_entry(junk: str) -> None:
    items, _, notes = read(rss(*TEN[:4], entry(5, title=f"Гро{junk}мада {{n}}"), *TEN[5:]))
    assert [item.title for item in items][4] == "Громада 5"
    assert len(items) == 10
    assert notes == []


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("<![CDATA[Новина <script>alert(1)</script>дня]]>", "Новина дня"),
        ("Новина &lt;script&gt;alert(1)&lt;/script&gt;дня", "Новина дня"),
        ("Новина &amp;lt;script&amp;gt;", "Новина <script>"),
        ("Прем&amp;#8217;єр", "Прем’єр"),
        ("<![CDATA[Тепло & <b>світло</b>]]>", "Тепло & світло"),
        ("{{ 7*7 }} %s '; DROP TABLE x; --", "{{ 7*7 }} %s '; DROP TABLE x; --"),
    ],
)
@pytest.mark.fault("C13", "C14", "C15")
def test_titles_are_words_not_markup(title: str, expected: str) -> None:
    assert titles(rss(entry(title=title.replace("{", "{{").replace("}", "}}")))) == [expected]


@pytest.mark.fault("C12")
def test_no_title_or_no_link_is_a_fault_and_the_others_go_on() -> None:
    broken = f"<item><title>Без адреси</title><pubDate>{DATE}</pubDate></item>"
    items, faults, _ = read(rss(entry(1), entry(2, title=" "), broken, entry(4)))
    assert [item.url for item in items] == ["https://site.test/news/1", "https://site.test/news/4"]
    assert [fault.message for fault in faults] == [
        "a feed entry without a title",
        "a feed entry without a link (title 'Без адреси')",
    ]


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Fri, 20 Feb 2026 16:18:00 EET", "2026-02-20T14:18:00Z"),
        ("Sun, 20 Jul 2025 16:18:00 EEST", "2025-07-20T13:18:00Z"),
        ("2026-02-20T16:18:00", "2026-02-20T14:18:00Z"),
        ("20 лютого 2026, 16:18", "2026-02-20T14:18:00Z"),
        ("Fri, 20 Feb 2026 16:18:00 +9999", None),
        ("Fri, 32 Feb 2026 16:18:00 +0200", None),
        ("99999-01-01", None),
        ("", None),
    ],
)
@pytest.mark.fault("C33")
def test_feed_dates(date: str, at: str | None) -> None:
    (item,), _, _ = read(rss(entry(date=date)))
    assert (item.published.at if item.published else None) == at


@pytest.mark.fault("C43")
def test_a_feed_cut_inside_an_entry_loses_only_that_entry_and_says_so() -> None:
    whole = rss(*TEN)
    for end in range(whole.index("<item><title>Громада 7"), whole.index("</item>", whole.index("Громада 7")), 3):
        items, _, notes = read(whole[: end + 6])
        assert [item.title for item in items] == [f"Громада {number}" for number in range(1, 7)]
        assert any("breaks off" in note for note in notes)


@pytest.mark.fault("C24")
def test_a_guid_stands_in_for_a_missing_link_only_if_it_is_an_address() -> None:
    with_address = "<item><title>А</title><guid>https://site.test/news/9</guid></item>"
    without = "<item><title>Б</title><guid>41230 at https://site.test</guid></item>"
    items, faults, _ = read(rss(with_address, without))
    assert [item.url for item in items] == ["https://site.test/news/9"]
    assert [fault.message for fault in faults] == ["a feed entry without a link (title 'Б')"]


def test_what_follows_a_whole_feed_is_no_loss() -> None:
    items, _, notes = read(rss(*TEN) + "<!-- 0.2 s --><script>1</script>")
    assert len(items) == 10
    assert not any("breaks off" in note for note in notes)


def test_a_feed_cut_between_entries_loses_none() -> None:
    whole = rss(*TEN)
    items, _, notes = read(whole[: whole.index("<item><title>Громада 7")])
    assert len(items) == 6
    assert any("breaks off" in note for note in notes)


@pytest.mark.parametrize(
    "body",
    [
        rss(entry(1, title="Тепло & світло {n}"), *TEN[1:]),
        rss(*TEN).replace("<rss ", "<rss xmlns:a='b' ").replace("</item>", "<c:d>x</c:d></item>", 1),
        "\n\n  " + rss(*TEN),
        rss(entry(1, title="Кава &nbsp; {n}"), *TEN[1:]),
        "\ufeff" + rss(*TEN),
    ],
)
@pytest.mark.fault("C42")
def test_sloppy_xml_keeps_all_entries(body: str) -> None:
    assert len(titles(body)) == 10


@pytest.mark.fault("C46")
def test_windows_1251_is_read_whatever_is_declared() -> None:
    declared = rss(*TEN, head="<?xml version='1.0' encoding='windows-1251'?>").encode("cp1251")
    lying = rss(*TEN).encode("cp1251")
    assert titles(declared)[0] == titles(lying)[0] == titles(lying, "text/xml; charset=utf-8")[0] == "Громада 1"
    utf8 = rss(*TEN, head="<?xml version='1.0' encoding='windows-1251'?>").encode()
    assert titles(utf8)[0] == titles(utf8, "text/xml; charset=windows-1251")[0] == "Громада 1"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"", "nothing"),
        (b"   \n", "nothing"),
        (b'{"items": []}', "JSON"),
        (b"<!DOCTYPE html><html><body>ok", "an HTML page"),
        (b"<html><title>Just a moment...</title></html>", "challenge"),
        (b"\x1f\x8b\x08\x00abc", "gzip"),
        (b"%PDF-1.7", "PDF"),
        (b"http://127.0.0.1:9/secret", "plain text"),
        (b"file:///etc/hostname", "plain text"),
    ],
)
@pytest.mark.fault("C44", "C45")
def test_what_is_no_feed_is_named(body: bytes, name: str) -> None:
    with pytest.raises(StructureMissing, match=name):
        read(body)


@pytest.mark.fault("C45")
def test_a_body_that_is_a_path_opens_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(rss(*TEN), encoding="utf-8")
    with pytest.raises(StructureMissing, match="plain text"):
        read(str(secret))


def test_an_empty_feed_has_no_entries_and_that_is_fine() -> None:
    assert read(rss()) == ([], [], [])


@pytest.mark.fault("C40")
def test_external_entities_bring_nothing_in(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("кришталевий секрет", encoding="utf-8")
    doctype = f"<!DOCTYPE rss [<!ENTITY x SYSTEM '{secret.as_uri()}'>]>"
    body = rss(entry(1, title="Новина &x; {n}"), *TEN[1:], head=HEAD + doctype)
    assert len(titles(body)) == 10
    assert "секрет" not in "".join(titles(body))


@pytest.mark.fault("C41")
def test_entity_bombs_do_not_go_off() -> None:
    levels = "".join(f"<!ENTITY b{n} '{f'&b{n - 1};' * 10}'>" for n in range(1, 10))
    head = f"{HEAD}<!DOCTYPE rss [<!ENTITY b0 'ха'>{levels}]>"
    assert all(len(title) < 1000 for title in titles(rss(entry(1, title="&b9; {n}"), *TEN[1:], head=head)))


def test_leads_lose_what_the_feed_engine_adds() -> None:
    english = (
        "<![CDATA[<p>Лід &#8211; один. [&#8230;]</p><p>The post <a href='/x'>Х</a> appeared first on <a>Y</a>.</p>]]>"
    )
    ukrainian = "Лід два. &lt;a href='/x'&gt;Читати далі &amp;rarr;&lt;/a&gt;"
    items, _, _ = read(rss(*(entry(1, extra=f"<description>{text}</description>") for text in (english, ukrainian))))
    assert [item.lead for item in items] == ["Лід – один.…", "Лід два."]


def test_a_description_that_is_a_whole_article_is_cut() -> None:
    (item,), _, _ = read(rss(entry(1, extra=f"<description>{'слово ' * 1000}</description>")))
    assert len(item.lead) <= 1001
    assert item.lead.endswith("слово…")


def made(*parts: str) -> str:
    return rss(*TEN[:4], *parts, *TEN[4:])


def links(body: str | bytes) -> list[str]:
    return [item.url for item in read(body)[0]]


TEN_LINKS = [f"https://site.test/news/{number}" for number in range(1, 11)]


@pytest.mark.parametrize("date", ["Mon, 01 Jan 0001 00:00:00 +0000", "0001-01-01T00:00:00Z", "0000-00-00", "9" * 4000])
def test_an_impossible_date_costs_the_date(date: str) -> None:
    items, faults, _ = read(made(entry(99, date=date)))
    assert [item.url for item in items if item.published is None] == ["https://site.test/news/99"]
    assert (len(items), faults) == (11, [])


@pytest.mark.parametrize("kind", [ValueError, RecursionError, UnicodeEncodeError("utf-8", "x", 0, 1, "no"), KeyError])
def test_an_entry_that_makes_the_feed_parser_raise_costs_itself(
    monkeypatch: pytest.MonkeyPatch, kind: type[Exception] | Exception
) -> None:
    """As some character references, dates and attributes did and will again."""
    asked: list[int] = []
    real = feedparser.parse

    def parse(file: BytesIO, **options: Any) -> Any:
        content = file.getvalue()
        asked.append(content.count(b"<item>"))
        if b"/news/99" in content:
            raise kind
        return real(file, **options)

    monkeypatch.setattr(feedparser, "parse", parse)
    items, faults, _ = read(made(entry(99, title="Гримаса")))
    assert [item.url for item in items] == TEN_LINKS
    assert [fault.message for fault in faults] == [
        "a feed entry that makes the feed parser fail: it waits for the next answer ('Гримаса')"
    ]
    assert len(asked) <= 2 + 2 * 5  # in halves, not one after the other


def test_a_channel_that_makes_the_feed_parser_raise_costs_no_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    real = feedparser.parse

    def parse(file: BytesIO, **options: Any) -> Any:
        if b"<title>\xd0\xa1\xd0\xb0\xd0\xb9\xd1\x82" in file.getvalue():
            raise OverflowError
        return real(file, **options)

    monkeypatch.setattr(feedparser, "parse", parse)
    assert links(rss(*TEN)) == TEN_LINKS


def test_an_item_whose_reader_raises_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def words(fragment: str) -> str:
        raise AttributeError("'NoneType' object has no attribute 'sourceline'")

    real = excerpts.excerpt
    monkeypatch.setattr(excerpts, "excerpt", lambda text: words(text) if "Лихо" in text else real(text))
    items, faults, _ = read(made(entry(99, extra="<description>Лихо</description>")))
    assert [item.url for item in items] == TEN_LINKS
    assert [fault.url for fault in faults] == ["https://site.test/news/99"]
    assert faults[0].message.startswith("an item that makes its reader fail (AttributeError: 'NoneType'")


@pytest.mark.parametrize(
    "bad",
    [
        "<item><title>Лихо & «біда» <link>https://site.test/news/99</link></item>",
        "<item><title>Лихо</link>https://site.test/news/99</title></item>",
        "<item><title>Лихо<!-- <link>https://site.test/news/99</link></item>",
        "<item><link>https://site.test/news/99</link><title><![CDATA[Лихо</title></item>",
        "<item><link>https://site.test/news/99</link><title>Лихо",
        "<item><title>Лихо]]></title></item></item>",
        "<item <title>Лихо</title></item>",
    ],
)
def test_a_broken_entry_costs_itself(bad: str) -> None:
    items, faults, notes = read(made(bad))
    assert [item.url for item in items if "Лихо" not in item.title] == TEN_LINKS
    assert [item.title for item in items if "Лихо" not in item.title] == [
        f"Громада {number}" for number in range(1, 11)
    ]
    assert faults
    assert notes


def test_an_entry_in_another_character_set_costs_itself() -> None:
    text = "Ця новина довша за всі інші разом узяті, бо саме вона зіпсована " * 20
    body = made(entry(99, title="ЛИХО", extra=f"<description>{text}</description>")).encode()
    bad = body.replace(text.encode(), text.encode("cp1251"))
    items, _, _ = read(bad)
    assert [item.title for item in items if item.url in TEN_LINKS] == [f"Громада {number}" for number in range(1, 11)]


@pytest.mark.parametrize("opener", ["<!-- ", "<![CDATA["])
def test_a_section_that_never_closes_hides_no_entry(opener: str) -> None:
    items, faults, notes = read(rss(*TEN[:4], opener, *TEN[4:]))
    assert [item.url for item in items] == TEN_LINKS
    assert faults == []
    assert "6 entries stand behind a comment or CDATA section that never closes; they were read" in notes


def test_a_section_that_closes_in_a_later_entry_hides_none() -> None:
    """Well-formed XML: five entries are one to any parser."""
    opening = entry(90, extra="<description><![CDATA[ не закрито </description>")
    closing = entry(91, extra="<description><![CDATA[ закрито ]]></description>")
    items, faults, notes = read(rss(*TEN[:4], opening, *TEN[4:], closing))
    assert [item.url for item in items] == [*TEN_LINKS, "https://site.test/news/91"]
    assert ["'Громада 90'" in fault.message for fault in faults] == [True]
    assert any("7 entries stand behind" in note for note in notes)


@pytest.mark.parametrize(
    "comment",
    [
        f"<!-- {TEN[3]}{TEN[4]} -->",
        "<!-- <!-- -->",
        "<description><![CDATA[ <item>так пишуть стрічки</item> ]]></description>",
    ],
)
def test_a_section_that_was_meant_hides_what_it_holds(comment: str) -> None:
    items, faults, notes = read(rss(*TEN[:2], comment, *TEN[2:3]))
    assert [item.url for item in items] == TEN_LINKS[:3]
    assert faults == []
    assert not any("never closes" in note for note in notes)


def test_the_entry_in_which_a_feed_breaks_off_is_counted() -> None:
    whole = rss(*TEN)
    items, faults, _ = read(whole[: whole.index("мада 7") + 3])
    assert len(items) == 6
    assert [fault.message for fault in faults] == [
        "a feed entry in which the feed breaks off: it waits for the next answer ('Громад')"
    ]


@pytest.mark.parametrize("number", [20, 21, 500])
def test_a_feed_of_very_many_entries_is_cut_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """In small: a hundredth of the real bounds."""
    assert entry_pieces.READ_AT_MOST == parse.ITEMS_AT_MOST + 1 == 2001
    monkeypatch.setattr(entry_pieces, "READ_AT_MOST", 21)
    monkeypatch.setattr(parse, "ITEMS_AT_MOST", 20)
    parsed: list[int] = []
    real = feedparser.parse

    def counting(file: BytesIO, **options: Any) -> Any:
        parsed.append(file.getvalue().count(b"<item>"))
        return real(file, **options)

    monkeypatch.setattr(feedparser, "parse", counting)
    whole = page(rss(*(entry(each) for each in range(number))))
    found = parse.gather(feed.items(whole), whole)
    assert len(found.items) == 20
    assert ("more than 20 items on one page; the rest is not read" in found.notes) == (number > 20)
    assert parsed == [min(number, 21)]


@pytest.mark.fault("C35", "C42")
def test_where_very_many_entries_are_bad_the_search_for_them_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "_FEW", 10)
    looked_at: list[int] = []
    real = feedparser.parse

    def counting(file: BytesIO, **options: Any) -> Any:
        looked_at.append(file.getvalue().count(b"<item>"))
        if b"/news/" in file.getvalue() and raises:
            raise ValueError
        return real(file, **options)

    monkeypatch.setattr(feedparser, "parse", counting)
    raises = False
    assert len(titles(rss(*(entry(number, title="Х & {n}") for number in range(64))))) == 64
    assert sum(looked_at) <= (1 + 3 + 2) * 64
    raises = True
    looked_at.clear()
    items, faults, _ = read(rss(*(entry(number) for number in range(64))))
    assert (len(items), len(faults)) == (0, 64)
    assert sum(looked_at) <= (1 + 6 + 1) * 64


@pytest.mark.fault("C37")
@pytest.mark.parametrize(
    "flood", ["<item>", "<!--<item>", "<item><![CDATA[", "<!--", "<item></item><![CDATA[]]>", "]]>"]
)
def test_a_flood_of_beginnings_is_taken_apart_in_bounded_work(flood: str) -> None:
    markup = "<rss><channel>" + flood * 200_000
    started = time.process_time()
    assert len(entry_pieces.take_apart(markup).entries) <= entry_pieces.READ_AT_MOST
    assert time.process_time() - started < 5  # where every opener looked through all that follows it, it was minutes
