"""Strict selections and the text of pages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.errors import FieldsMissing, StructureMissing
from core.model import Page, Validators
from scrapers.parsing import html, sniff

SEEN_AT = datetime(2026, 2, 21, 10, 30, tzinfo=UTC)


def page(body: str | bytes, kind: str = "text/html; charset=utf-8", final_url: str = "https://site.test/a/b") -> Page:
    content = body if isinstance(body, bytes) else body.encode()
    return Page("https://site.test/", final_url, 200, kind, content, Validators(), SEEN_AT)


TREE = html.document(page("<ul id=u><li class='x'>один</li><li class='x'>два</li></ul><p class='y'>три</p>"))


def test_one_where_one_is_there() -> None:
    assert html.text(html.one(TREE, "p.y")) == "три"
    assert html.text(html.at_most_one(TREE, "p.y")) == "три"


@pytest.mark.parametrize(("css", "said"), [("p.z", "nothing matches 'p.z'"), ("li.x", "2 matches of 'li.x'")])
def test_none_or_several_where_one_is_meant_names_the_selector(css: str, said: str) -> None:
    with pytest.raises(FieldsMissing, match=said):
        html.one(TREE, css)


def test_at_most_one_allows_none_but_not_two() -> None:
    assert html.at_most_one(TREE, "p.z") is None
    with pytest.raises(FieldsMissing, match=r"li\.x"):
        html.at_most_one(TREE, "li.x")


def test_some_raises_when_the_container_is_gone() -> None:
    assert [html.text(node) for node in html.some(TREE, "li.x")] == ["один", "два"]
    with pytest.raises(StructureMissing, match=r"div\.news"):
        html.some(TREE, "div.news")


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>Гро<b>мада</b></p>", "Громада"),
        ("<p>один</p><p>два</p>три", "один два три"),
        ("один<br>два", "один два"),
        ("А <script>alert(1)</script>Б<style>p{}</style><!-- В --><template>Г</template>", "А Б"),
        ("&laquo;Х&raquo; &amp;amp; Y", "«Х» &amp; Y"),
        ("5 < 7 &lt;b&gt;", "5 < 7 <b>"),
        ("просто текст", "просто текст"),
        ("<script>незакритий", ""),
    ],
)
def test_words_of_a_fragment(markup: str, words: str) -> None:
    assert html.words_of(markup) == words


@pytest.mark.fault("C8")
@pytest.mark.parametrize(
    "reference", ["&#xD800;", "&#XDFFF;", "&#x110000;", "&#99999999999;", "&#0;", "&#x1;", "&#" + "9" * 5000 + ";"]
)
def test_a_reference_to_no_character_leaves_no_broken_letter(reference: str) -> None:
    assert html.words_of(f"<b>Прем&#8217;єр</b> гро{reference}мади &#x1F600;") == "Прем’єр громади \U0001f600"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/news/1", "https://site.test/news/1"),
        ("c", "https://site.test/a/c"),
        ("?id=7", "https://site.test/a/b?id=7"),
        ("//other.test/x", "https://other.test/x"),
        (" /ne\nws/1\t", "https://site.test/news/1"),
        ("https://x.test/", "https://x.test/"),
    ],
)
@pytest.mark.fault("C17")
def test_links_are_absolute_against_the_final_address(href: str, url: str) -> None:
    tree = html.document(page("<p>"))
    assert html.absolute(html.base_of(tree, page("<p>")), href) == url


@pytest.mark.fault("C17")
def test_base_href_is_honoured() -> None:
    answer = page("<base href='/deep/er/'><a href='x'>")
    tree = html.document(answer)
    assert html.absolute(html.base_of(tree, answer), "x") == "https://site.test/deep/er/x"


@pytest.mark.parametrize("href", ["", "  ", "http://[::1"])
def test_a_link_that_is_none_is_a_missing_field(href: str) -> None:
    with pytest.raises(FieldsMissing):
        html.absolute("https://site.test/", href)


def test_meta_must_not_contradict_itself() -> None:
    twice = html.document(page("<meta property='og:title' content='А'><meta property='og:title' content=' А '>"))
    assert html.meta(twice, "og:title") == "А"
    torn = html.document(page("<meta property='og:title' content='А'><meta property='og:title' content='Б'>"))
    with pytest.raises(FieldsMissing, match="og:title"):
        html.meta(torn, "og:title")
    assert html.meta(torn, "og:url") == ""


def test_windows_1251_without_a_word_about_it_is_read() -> None:
    words = "<html><body><p class='y'>Громади отримали субвенцію на ремонт шкіл</p></body></html>"
    tree = html.document(page(words.encode("cp1251"), "text/html"))
    assert html.text(html.one(tree, "p.y")) == "Громади отримали субвенцію на ремонт шкіл"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"", "nothing"),
        (b" \n", "nothing"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\x1f\x8b\x08\x00", "gzip"),
    ],
)
@pytest.mark.fault("C39")
def test_what_is_no_page_is_named(body: bytes, name: str) -> None:
    with pytest.raises(StructureMissing, match=name):
        html.document(page(body))


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("<!DOCTYPE html><title>Just a moment...</title>", "challenge"),
        ("<html><script src='/cdn-cgi/challenge-platform/x'></script><p>ok", "an HTML page"),
        ("<html><form><input type='password'></form>", "password"),
        ("<html><meta http-equiv='refresh' content='0;url=/x'>", "forwards"),
        ("<html><p>404", "an HTML page"),
        ('{"a": 1}', "JSON"),
        ("http://127.0.0.1/", "plain text"),
        ("<opml><x/></opml>", "markup"),
    ],
)
def test_answers_are_named_for_people(body: str, name: str) -> None:
    assert name in sniff.kind_of(body.encode())
