"""Every source reads its recordings to exactly what is written beside them, and says so when a page is another."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import FieldsMissing, ItemError, ParseError, StructureMissing, UsageError
from core.model import Fault, IdentityRule, Item, Listing, Note, Parsed, Source
from pipeline import recordings as bless
from pipeline.__main__ import main
from pipeline.collect import identity
from pipeline.collect.normalise import normalise
from pipeline.recordings import FETCHED_AT, RECORDED, Recording, blessed, faults, faults_of, recordings
from scrapers import registry
from scrapers.parsing.topic import about_local_government
from scrapers.sandbox import parse

if TYPE_CHECKING:
    from pathlib import Path

RECORDINGS = recordings()
BY_FILE = {recording.file: recording for recording in RECORDINGS}
UK_LIST, EN_LIST = BY_FILE["decentralization.listing-0.html"], BY_FILE["decentralization.listing-1.html"]
ARTICLE, EN_ARTICLE = BY_FILE["decentralization.article-20538.html"], BY_FILE["decentralization.article-en-20538.html"]


def markup_of(recording: Recording) -> str:
    return (RECORDED / recording.file).read_text(encoding="utf-8")


def listed(recording: Recording, markup: str) -> Parsed:
    where = recording.listing
    assert where is not None
    return parse.listing(recording.source_id, where, recording.page(markup.encode()))


def told(markup: str) -> Item:
    return parse.article("decentralization", ARTICLE.page(markup.encode()))


# What the registry offers.


def test_every_file_is_a_source_by_its_name() -> None:
    files = sorted(path.stem for path in (RECORDED.parents[1] / "scrapers" / "sources").glob("[!_]*.py"))
    assert [source.id for source in registry.all_sources()] == files
    assert {"auc", "decentralization", "hromady"} < set(files)


def test_the_sources_fit_their_recordings() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "council"}, "SOURCE.id is 'council'"),
        (
            {"identity": IdentityRule(paths=(r"/nowhere/(?P<key>\d+)",))},
            "auc.listing-0.xml: SOURCE.identity finds no key",
        ),
        ({"hosts": ("elsewhere.example",)}, "auc.listing-1.html: SOURCE.identity finds no key"),
    ],
)
def test_a_source_that_does_not_fit_its_file_or_recordings_is_told(change: dict[str, Any], words: str) -> None:
    assert words in " ".join(faults_of(replace(registry.load("auc").SOURCE, **change), "auc", RECORDINGS))


def test_a_source_without_a_recording_is_told_and_not_blessed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bless, "recordings", lambda: tuple(one for one in RECORDINGS if one.source_id != "auc"))
    for checked in (bless.main(), main(["sources", "check"])):
        assert checked == 1
    told = capsys.readouterr().out.splitlines()
    assert told == ["auc: has no recording auc.listing-0, auc.listing-1 in tests/recorded"] * 2


def test_an_unknown_source_is_named_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"'nowhere'.*auc, cities4cities"):
        registry.load("nowhere")
    with pytest.raises(UsageError, match="auc"):
        registry.load_articles("auc")


@pytest.mark.parametrize("source", registry.all_sources(), ids=lambda source: source.id)
def test_a_source_is_complete(source: Source) -> None:
    assert source.listings
    assert not source.listings[0].fallback
    assert all(listing.min_items > 0 and listing.url.startswith("https://") for listing in source.listings)
    assert all("{n}" in listing.page_url for listing in source.listings if listing.page_url)
    assert source.expected_every_hours >= 24
    assert source.reads_articles == hasattr(registry.load(source.id), "parse_article")


def test_sites_with_other_subjects_are_filtered() -> None:
    assert registry.load("kmu").SOURCE.topic_filter
    assert registry.load("euneighbourseast").SOURCE.topic_filter
    assert not registry.load("hromady").SOURCE.topic_filter


def test_finding_the_sources_imports_no_parser() -> None:
    heavy = [
        "bs4",
        "feedparser",
        "httpcore",
        "csv",
        "zoneinfo",
        "scrapers.parsing.html",
        "scrapers.parsing.feed",
        "scrapers.parsing.dates",
    ]
    code = "import sys; from scrapers import registry; registry.all_sources(); "
    code += f"print([name for name in {heavy} if name in sys.modules])"
    root = RECORDED.parents[1]
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert found.stdout.strip() == "[]"


# What they make of their recordings.


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: recording.file)
def test_a_recording_parses_to_exactly_its_items(recording: Recording) -> None:
    assert recording.parsed() == blessed(recording.source_id)[recording.file]


def test_a_recording_without_a_source_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bless, "recordings", lambda: (*RECORDINGS, Recording("nowhere.listing-0.xml")))
    assert faults() == ["nowhere: has recordings and no file in scrapers/sources"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("auc.rss.xml", "auc.rss.xml: call it SOURCE_ID.listing-NUMBER.xml"),
        ("auc.listing-2.xml", "auc.listing-2.xml: auc has 2 listings, numbered from 0"),
        ("auc.listing-0.items.json", "auc.listing-0.items.json: call it"),
    ],
)
def test_a_recording_that_is_called_otherwise_is_told(name: str, words: str) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        Recording(name).page(b"")


def test_an_article_that_does_not_tell_its_address_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "auc.article-7.html").write_text("<html></html>")
    monkeypatch.setattr(bless, "RECORDED", tmp_path)
    with pytest.raises(UsageError, match="ends without a line such as"):
        Recording("auc.article-7.html").page()


def test_an_installed_program_has_no_recordings_and_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bless, "RECORDED", tmp_path / "none")
    assert main(["sources", "check"]) == 2
    assert "part of a checkout" in capsys.readouterr().err


def keys(file: str) -> list[str]:
    """The identities of a recording's items, `-` for one that is no article."""
    recording, found = BY_FILE[file], []
    where = recording.listing
    assert where is not None
    for item in parse.listing(recording.source_id, where, recording.page()).items:
        try:
            found.append(normalise(item, recording.source, FETCHED_AT).key)
        except ItemError:
            found.append("-")
    return found


def test_identities_of_the_recorded_items() -> None:
    assert (
        keys("decentralization.listing-0.html")[:2] == keys("decentralization.listing-1.html")[:2] == ["20541", "20540"]
    )
    assert keys("auc.listing-0.xml")[0] == "mista-prosyat-roz’yasnennya-shchodo"
    assert keys("auc.listing-0.xml")[1:3] == keys("auc.listing-1.html")
    assert keys("hromady.listing-1.xml") == keys("hromady.listing-0.json")[:6]
    assert keys("cities4cities.listing-0.json")[4:6] == ["15604", "15605"]
    assert keys("komsamovr.listing-0.xml") == ["77501", "-", "77498", "77490", "77482"]
    assert keys("prostir.listing-1.xml") == ["grants=hranty-dlya-silskyh-hromad", "grants=pidtrymka-molodizhnyh-rad"]
    assert keys("kmu.listing-0.xml")[4] == "starosty-zmozhut"
    assert keys("euneighbourseast.listing-0.xml")[2] == "uk/news/latest-news/novyi-etap"


@pytest.mark.parametrize(
    ("source_id", "address", "key"),
    [
        ("decentralization", "https://www.decentralization.gov.ua/en/news/20226.amp?page=7", "20226"),
        ("decentralization", "http://decentralization.ua/news/20226/?fbclid=x", "20226"),
        ("decentralization", "https://donors.decentralization.gov.ua/en/news/10034", None),
        ("decentralization", "https://decentralization.ua/news/tag/hrant", None),
        ("komsamovr", "http://komsamovr.rada.gov.ua/print/77501.html", "77501"),
        ("komsamovr", "https://komsamovr.rada.gov.ua/meeting/stenogr/print/77501.html", None),
        ("kmu", "https://www.kmu.gov.ua/en/news/uriad-vydilyv", "uriad-vydilyv"),
        ("cities4cities", "https://cities4cities.eu/community/kurne/", None),
        ("auc", "https://www.auc.org.ua/news/pravlinnya?page=81", "pravlinnya"),
        ("hromady", "https://hromady.org/category/novyny/", None),
        ("prostir", "https://www.prostir.ua/author/x/?next_page_f=5", None),
    ],
)
def test_addresses_of_one_article_have_one_key(source_id: str, address: str, key: str | None) -> None:
    source = registry.load(source_id).SOURCE
    if key is not None:
        assert identity.key_of(source, identity.clean(address)) == key
        return
    with pytest.raises(ItemError):
        identity.key_of(source, identity.clean(address))


def test_the_topic_filter_keeps_local_government_in_both_languages() -> None:
    kept = []
    for file in ("kmu.listing-0.xml", "euneighbourseast.listing-0.xml"):
        kept += [bool(about_local_government(i["title"], i["lead"])) for i in BY_FILE[file].parsed()["items"]]
    assert kept == [True, False, True, False, True, True, False, True, False]


# The portal's listings.


@pytest.mark.fault("C36")
def test_nothing_comes_from_scripts_comments_or_the_header() -> None:
    parsed = listed(UK_LIST, markup_of(UK_LIST))
    assert len(parsed.items) == 9
    assert not any(item.url.endswith("/news/1") for item in parsed.items)
    assert all(item.published and item.published.at < "2026-03-05" for item in parsed.items)
    assert parsed.items[2].title == "Анонс: вебінар «Як громаді скласти профіль англійською»"


@pytest.mark.fault("C34")
def test_a_redesigned_listing_is_loud() -> None:
    with pytest.raises(StructureMissing, match=r"'\.one-article'"):
        listed(UK_LIST, markup_of(UK_LIST).replace("one-article", "news-card"))
    with pytest.raises(FieldsMissing, match=r"none of 9 .*a\.one-article__title"):
        listed(UK_LIST, markup_of(UK_LIST).replace("one-article__title", "one-article__heading"))


def test_an_empty_list_is_empty_and_another_page_is_not_a_list() -> None:
    empty = re.sub(
        r"<div class='articles-list'>.*<div class='pagination'>.*?</div>", "", markup_of(UK_LIST), flags=re.S
    )
    assert listed(UK_LIST, empty) == Parsed(())
    redesigned = (
        "<main class='news-grid'>" + "<article class='news-card'><h2>Громади й міста</h2></article>" * 15 + "</main>"
    )
    for other in (
        redesigned,
        "<html><body>Just a moment...</body></html>",
        "<html><body><h1>Роботи на сайті</h1></body></html>",
    ):
        with pytest.raises(StructureMissing):
            listed(UK_LIST, other)


def test_a_later_page_without_items_ends_the_list() -> None:
    page = replace(UK_LIST.page("<p>Нічого".encode()), url="https://decentralization.ua/news?page=900")
    assert parse.listing("decentralization", UK_LIST.source.listings[0], page).items == ()


@pytest.mark.fault("C12", "C36")
def test_one_broken_item_costs_only_itself() -> None:
    markup = markup_of(UK_LIST)
    for broken in (
        markup.replace('<a class="one-article__title" href="/news/20540">', "<a>", 1),
        markup.replace('href="/news/20540">Уряд', 'href="">Уряд', 1),
        markup.replace("Уряд розподілив субвенцію на укриття для 41 громади</a>", "</a>", 1),
        markup.replace("</a>\n<div class='one-article__date'>", "</a><a class='one-article__title'>x</a><div>", 1),
    ):
        parsed = listed(UK_LIST, broken)
        assert (len(parsed.items), len(parsed.faults)) == (8, 1)


def test_undated_items_are_kept_and_told() -> None:
    parsed = listed(UK_LIST, markup_of(UK_LIST).replace("04 березня 2026", "32 березня 2026"))
    assert [item.published for item in parsed.items[:2]] == [None, None]
    assert parsed.notes == ("2 of 9 items have no date that can be read",)


@pytest.mark.fault("C17")
def test_relative_links_are_read_against_the_base() -> None:
    markup = markup_of(EN_LIST).replace("<head>", "<head><base href='https://www.decentralization.ua/en/'>")
    parsed = listed(EN_LIST, markup.replace('href="/en/news/20541">Ten', 'href="news/20541">Ten'))
    assert parsed.items[0].url == "https://www.decentralization.ua/en/news/20541"


# The portal's article pages.


def test_an_article_page_gives_its_own_words_and_nobody_elses() -> None:
    item = told(markup_of(ARTICLE))
    assert item.published is not None
    assert item.published.at == "2026-03-03T14:18:00Z"
    assert item.tags == ("ЦНАП", "старости")
    assert item.oblasts == ("Житомирська область",)
    assert item.attribution == "Програма «U-LEAD з Європою»"
    assert item.author == "Ірина Зразкова"


def test_the_view_counter_changes_nothing() -> None:
    assert told(markup_of(ARTICLE).replace("1532", "98765")) == told(markup_of(ARTICLE))


@pytest.mark.parametrize(
    "line",
    [
        "<div>03.03.2026 - 16:18 | Переглядів: 1532</div>",
        "<time>03.03.2026 - 16:18</time> | <span>Переглядів: <b>1532</b></span>",
        "<ul><li>03.03.2026 - 16:18</li><li>Переглядів: 1532</li></ul>",
        "<p>\n03.03.2026\n- 16:18\n|\nViews: 1\u00a0532\n</p>",
        "<table><tr><td>3 березня 2026, 16:18 | Переглядів: 1532</td></tr></table>",
        "03.03.2026 - 16:18 | Views: 1532<br>Ще рядок",
    ],
)
def test_the_date_line_may_stand_in_any_element(line: str) -> None:
    markup = markup_of(ARTICLE).replace("<div class='article__info'>03.03.2026 - 16:18 | Переглядів: 1532</div>", line)
    found = told(markup).published
    assert found is not None
    assert found.at == "2026-03-03T14:18:00Z"


def test_without_a_date_line_no_other_date_is_taken() -> None:
    markup = markup_of(ARTICLE).replace("03.03.2026 - 16:18 | Переглядів: 1532", "")
    assert told(markup).published is None


@pytest.mark.parametrize(
    "block",
    [
        "<p><strong>Теги:</strong> {a} {b}</p><p><strong>Джерело:</strong> {s}</p>",
        "<div>Теги: {a}{b} Область: <a>Сумська область</a>Джерело: {s}</div>",
        "<dl><dt>Теги:</dt><dd>{a}</dd><dd>{b}</dd><dt>Джерело:</dt><dd>{s}</dd></dl>",
        "<div><span>Теги</span>: {a}, {b}</div><div><b>Джерело</b> : {s}</div>",
        "<div><div><b>Tags:</b></div><ul><li>{a}</li><li>{b}</li></ul></div><div><h4>Source:</h4><p>{s}</p></div>",
        "<div><p>Теги:</p> {a} {b} <p>Відео:</p><a>кліп</a> <p>Джерело: {s}</p></div>",
    ],
)
def test_labels_may_stand_in_any_element(block: str) -> None:
    values = block.format(
        a="<a href='/t/1'>\nбюджет\n</a>", b="<a href='/t/2'>села і міста</a>", s="<a>Урядовий портал</a>"
    )
    markup = re.sub(r"<div class='article__tags'>.*(?=<div class='more'>)", values, markup_of(ARTICLE), flags=re.S)
    item = told(markup)
    assert item.tags == ("бюджет", "села і міста")
    assert item.attribution == "Урядовий портал"


def test_the_author_stands_above_the_body_and_the_source_below_it() -> None:
    markup = markup_of(ARTICLE).replace(
        "<p>Джерело: бухгалтерія", "<p>Автор: той, хто зняв фото</p><p>Джерело: бухгалтерія"
    )
    item = told(markup)
    assert (item.author, item.attribution) == ("Ірина Зразкова", "Програма «U-LEAD з Європою»")
    assert told(markup_of(EN_ARTICLE)).author == "Iryna Zrazkova"


def test_empty_labels_have_empty_values() -> None:
    empty = "<div><b>Теги:</b></div><div><b>Область:</b></div><div><b>Джерело:</b></div>"
    item = told(re.sub(r"<div class='article__tags'>.*(?=<div class='more'>)", empty, markup_of(ARTICLE), flags=re.S))
    assert (item.tags, item.oblasts, item.attribution) == ((), (), "")


def test_the_heading_stands_in_for_a_missing_og_title() -> None:
    markup = re.sub(r'<meta property="og:title".*?>', "", markup_of(EN_ARTICLE))
    assert told(markup).title == told(markup_of(EN_ARTICLE)).title
    suffixed = markup_of(EN_ARTICLE).replace('district" />', 'district | Decentralization" />')
    assert told(suffixed).title == told(markup_of(EN_ARTICLE)).title


def test_a_page_that_is_no_article_is_loud() -> None:
    with pytest.raises(FieldsMissing, match="og:title"):
        told(markup_of(UK_LIST))
    with pytest.raises(FieldsMissing, match="no article url=https://decentralization"):
        told("<html><h1>Сторінку не знайдено</h1><p>05 March 2026</p></html>")
    with pytest.raises(FieldsMissing, match="0 headings"):
        told("<p>03.03.2026 - 16:18 | Views: 1</p>")
    with pytest.raises(StructureMissing, match="nothing"):
        told("")


# What any page can do to any parser.


def test_generators_are_sorted_into_items_faults_and_notes() -> None:
    item = Item("https://x.test/1", "Назва")
    parsed = parse.gather([Note("про сторінку"), item, Fault("без назви")], UK_LIST.page())
    assert (parsed.items, parsed.faults) == ((item,), (Fault("без назви"),))
    assert parsed.notes == ("про сторінку", "1 of 1 items have no date that can be read")


@pytest.mark.fault("C5", "C6")
def test_titles_that_the_site_garbled_are_told() -> None:
    whole, title = markup_of(UK_LIST), "Уряд розподілив субвенцію на укриття для 41 громади</a>"
    garbled = listed(UK_LIST, whole.replace(title, title.encode().decode("cp1251", "replace")))
    assert (len(garbled.items), len(garbled.faults)) == (8, 1)
    assert "decoded wrongly" in garbled.faults[0].message
    torn = whole.encode().replace("Уряд".encode(), "Уряд".encode()[:-1] + b"\xff\xfe")
    parsed = parse.listing("decentralization", UK_LIST.source.listings[0], UK_LIST.page(torn))
    assert parsed.items[0].title == listed(UK_LIST, whole).items[0].title
    assert parsed.notes == ("1 of 9 titles have letters that cannot be read",)


def cut_after(words: str, letters: int) -> Parsed:
    """The portal's listing, broken off so many letters behind the beginning of these words."""
    whole = markup_of(UK_LIST)
    return listed(UK_LIST, whole[: whole.index(words) + letters])


@pytest.mark.fault("N6", "C43")
def test_the_title_in_which_a_page_breaks_off_waits() -> None:
    whole = listed(UK_LIST, markup_of(UK_LIST)).items
    title = whole[4].title
    for letters in (5, len(title) // 2, len(title)):
        parsed = cut_after(f">{title}</a>", 1 + letters)
        assert parsed.items == whole[:4]
        (fault,) = parsed.faults
        assert fault.message.startswith("the page breaks off in a title: it waits for the next answer (")
        assert fault.url == whole[4].url
        assert "the page breaks off" in parsed.notes


def test_a_page_that_breaks_off_behind_a_title_keeps_it_and_says_so() -> None:
    whole = listed(UK_LIST, markup_of(UK_LIST)).items
    title = whole[4].title
    for letters in (len(title) + 3, len(title) + 8):
        parsed = cut_after(f">{title}</a>", 1 + letters)
        assert [item.title for item in parsed.items] == [item.title for item in whole[:5]]
        assert "the page breaks off" in parsed.notes


def test_an_article_that_breaks_off_in_its_title_waits() -> None:
    page = UK_LIST.page(b"<html><body>04.04.2018 - 16:18 <h1>" + "Громади отримали субв".encode())
    with pytest.raises(FieldsMissing, match="the page breaks off in its title"):
        parse.article("decentralization", page)
    assert parse.article("decentralization", replace(page, body=page.body + b"</h1>")).title == "Громади отримали субв"


@pytest.mark.fault("C36", "C37")
@pytest.mark.parametrize("opener", ["<!-- банер ", "<script>", "<style>", "<!-- <!-- "])
def test_articles_that_a_mistake_in_the_markup_hides_are_told(opener: str) -> None:
    whole = markup_of(UK_LIST)
    at = whole.rindex("<a", 0, whole.index(listed(UK_LIST, whole).items[6].title))
    rest = re.sub("<!--|-->|</script|</style", "", whole[at:])
    broken = whole[:at] + opener + rest
    parsed = listed(UK_LIST, broken)
    told = any("articles are hidden by a comment or element that never closes" in note for note in parsed.notes)
    assert told or len(parsed.items) >= 8  # html.parser takes a comment that never closes for words, in some versions
    assert told or opener.startswith("<!--")


def test_what_a_site_leaves_out_on_purpose_is_not_told() -> None:
    whole = markup_of(UK_LIST)
    link = '<a href="/news/99999">Чернетка</a>'
    for part in (
        f"<!-- {link} -->",
        f"<script>var a = '{link}'</script>",
        "<!-- ",
        "<!-- <!-- -->",
        "<!-- <a href='/map'>",
    ):
        parsed = listed(UK_LIST, whole.replace("</body>", f"{part}</body>"))
        assert not any("hidden" in note for note in parsed.notes)
        assert len(parsed.items) == 9


@pytest.mark.fault("C35")
def test_a_flood_of_items_is_capped_and_told() -> None:
    parsed = parse.gather((Item(f"https://x.test/{n}", "Назва") for n in range(5000)), UK_LIST.page())
    assert len(parsed.items) == parse.ITEMS_AT_MOST
    assert "more than 2000 items" in parsed.notes[0]


@pytest.mark.parametrize(
    "error", [RuntimeError("ой"), RecursionError(), OverflowError(), KeyError("x"), UnicodeError("y"), StopIteration()]
)
@pytest.mark.fault("P13")
def test_whatever_a_parser_raises_is_a_parse_error_with_the_address(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(page: object, listing: Listing) -> object:
        raise error

    monkeypatch.setattr(registry.load("kmu"), "parse_listing", broken)
    recording = BY_FILE["kmu.listing-0.xml"]
    with pytest.raises(ParseError, match=rf"parser of kmu failed \({type(error).__name__}.*url=https://www\.kmu"):
        listed(recording, "<rss/>")


SEED, ROUNDS = 20260220, 20  # × 14 recordings
_INSERTS = (
    *("<", ">", "&", ";", '"', "'", "]]>", "<![CDATA[", "<!--", "</", "<b", "<script>", "{", "[", "null", "1e999"),
    *("&#xD800;", "&#99999999999;", "&x;", "\x00", "\ufffe", "32.13.9999"),
)


def mutated(body: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 6)):
        at, size = chance.randrange(len(body)), chance.randrange(1, 60)
        insert = chance.choice(_INSERTS).encode() * chance.choice((1, 1, 50))
        middle = {0: b"", 1: insert, 2: body[at : at + size] * 3, 3: bytes(chance.randrange(256) for _ in range(4))}
        body = body[:at] + middle[chance.randrange(4)] + body[at + size :] or b" "
    return body[: chance.randrange(len(body))] if chance.random() < 0.1 else body


def test_no_mutated_page_makes_a_parser_raise_anything_else() -> None:
    chance, failed, read = random.Random(SEED), 0, 0
    for recording in RECORDINGS:
        body = (RECORDED / recording.file).read_bytes()
        for _ in range(ROUNDS):
            try:
                result = recording.parsed(mutated(body, chance))
            except ParseError as error:
                assert "the parser of" not in str(error), error
                failed += 1
            else:
                read += bool(result)
    assert read > failed  # a mutation of a few bytes seldom costs the page
    assert read + failed == ROUNDS * len(RECORDINGS)
