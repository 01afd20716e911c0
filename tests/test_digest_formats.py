"""Every format of an issue: valid, whole, in the right order, and with nothing from outside but text and web links."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import json
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from itertools import cycle
from typing import TYPE_CHECKING

import feedparser
import openpyxl
import pytest

from core.errors import UsageError
from newsletter.escape import from_markdown
from newsletter.issue import Correction, Entry, FreeItem, Issue, Link, plain, safe_url
from newsletter.render.formats import FORMATS, MOST_HTML, MOST_MESSAGES, MOST_TELEGRAM, Renderer, file_name
from newsletter.settings import read_newsletter
from tests.support.hostile_texts import HOSTILE_ADDRESSES, HOSTILE_TITLES, ODD_TITLES, RISKY_ADDRESSES
from tests.support.issues import NEWSLETTER, issue, story

if TYPE_CHECKING:
    from pathlib import Path

ATOM = "{http://www.w3.org/2005/Atom}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "table",
    "tbody",
    "tr",
    "td",
    "h1",
    "h2",
    "h3",
    "p",
    "a",
    "br",
    "span",
    "div",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "img",
}
ATTRIBUTES = {
    "lang",
    "charset",
    "name",
    "content",
    "class",
    "role",
    "style",
    "href",
    "xmlns:o",
    "width",
    "height",
    "cellpadding",
    "cellspacing",
    "border",
    "bgcolor",
    "align",
    "valign",
    "src",
    "alt",
}


def made(form: str, given: Issue, languages: str = "") -> bytes:
    return FORMATS[form][1](Renderer(given, languages))


def hostile_issue(*, sealed: bool = True) -> Issue:
    addresses = HOSTILE_ADDRESSES + RISKY_ADDRESSES
    entries = []
    for number, title in enumerate(HOSTILE_TITLES + ODD_TITLES, 1):
        text = plain(title)
        links = (Link("portal", text, addresses[number % len(addresses)], "uk", "2026-02-20"),)
        entries.append(
            Entry(
                story(
                    number,
                    title,
                    title if number % 2 else "",
                    links=links,
                    lead_uk=text,
                    places=((text, text),),
                    correction=Correction(1, "issue-0", text, text) if number % 5 == 0 else None,
                ),
                "budgets" if number % 3 else text[:60] or "x",
                number,
                number % 7 != 0,
                note=text,
            )
        )
    pairs = [*zip(HOSTILE_TITLES + ODD_TITLES, cycle(addresses), strict=False)]
    own = [f"[{text}](<{url}>) **{text}**\n- [x]({url}) <{url}>" for text, url in pairs]
    fields = ("subject", "preview", "intro_en", "intro_uk", "closing_en", "section_text_uk:budgets", "image_alt_en")
    texts = {field: plain("\n\n".join(own[number :: len(fields)])) for number, field in enumerate(fields)}
    items = tuple(
        FreeItem(number, "budgets", number, plain(text), "", plain(text), plain(own[number]), url)
        for number, (text, url) in enumerate(pairs[:9], 1)
    )
    return issue(*entries, sealed=sealed, texts=texts, items=items)


HOSTILE = hostile_issue()


def is_link(url: str) -> bool:
    return url.startswith(("http://", "https://")) or url == "mailto:a@x.example"


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str]:
        return [value for found, value in self.attributes if found == name]


def test_the_lists_are_long_enough() -> None:
    assert len(set(HOSTILE_TITLES + ODD_TITLES)) >= 100


class TestHostile:
    @pytest.mark.fault("O2", "O11")
    def test_html_holds_only_our_tags_and_web_links(self) -> None:
        for given in (HOSTILE, replace(HOSTILE, sealed=False)):
            data = made("html", given)
            page = Page(data.decode())
            assert page.tags <= TAGS
            assert {name for name, _ in page.attributes} <= ATTRIBUTES
            leave = "mailto:newsletter@visnyk.invalid?subject=unsubscribe"
            assert all(is_link(url) or url == leave for url in page.values("href"))
            assert not [style for style in page.values("style") if "url(" in style or "expression" in style]
            assert len(data) <= MOST_HTML

    @pytest.mark.fault("O1")
    def test_no_cell_is_a_formula(self) -> None:
        rows = list(csv.reader(io.StringIO(made("csv", HOSTILE).decode("utf-8-sig"), newline="")))
        assert len(rows) >= len(HOSTILE.entries) + 1
        assert not [
            cell for row in rows for cell in row if cell.lstrip("\u200b\ufeff \t\r\n")[:1] in tuple("=+-@＝＋－＠|%")
        ]
        sheet = openpyxl.load_workbook(io.BytesIO(made("xlsx", HOSTILE))).worksheets[0]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]

    @pytest.mark.fault("O4")
    def test_the_mail_has_our_headers_and_parts_only(self) -> None:
        hostile = replace(NEWSLETTER, name_en="x\r\nBcc: a@x.example", sender='a"\r\nBcc: b@x.example <c@x.example>')
        mail = email.message_from_bytes(made("eml", replace(HOSTILE, newsletter=hostile)), policy=email.policy.strict)
        assert set(mail.keys()) == {
            *("Subject", "From", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "X-Unsent"),
            *("MIME-Version", "Content-Type"),
        }
        assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
        assert not [part.defects for part in mail.walk() if part.defects]
        assert [address.addr_spec for address in mail["From"].addresses] == ["newsletter@visnyk.invalid"]

    @pytest.mark.fault("O5")
    def test_the_feeds_are_well_formed_and_link_to_the_web(self) -> None:
        data = made("atom", HOSTILE)
        feed = ET.fromstring(data)
        links = [link.attrib["href"] for link in feed.iter(f"{ATOM}link")]
        assert links and all(url.startswith(("http://", "https://")) for url in links)
        assert {child.tag for child in feed.iter()} <= {
            f"{ATOM}{name}"
            for name in (
                "feed",
                "id",
                "title",
                "updated",
                "author",
                "name",
                "subtitle",
                "entry",
                "link",
                "category",
                "content",
            )
        }
        parsed = feedparser.parse(data)
        assert not parsed.bozo and len(parsed.entries) == len(HOSTILE.entries) + len(HOSTILE.items) + 3
        found = json.loads(made("json", HOSTILE))
        urls = [item["url"] for item in found["items"] if "url" in item]
        assert urls and all(url.startswith(("http://", "https://")) for url in urls)
        for item in found["items"]:
            content = Page(item["content_html"])
            assert content.tags <= {"p", "ul", "ol", "li", "br", "strong", "em", "a", "div"}
            assert {name for name, _ in content.attributes} <= {"href", "lang"}
            assert all(map(is_link, content.values("href")))

    def test_the_document_links_to_the_web_only(self) -> None:
        with zipfile.ZipFile(io.BytesIO(made("docx", HOSTILE))) as archive:
            body = ET.fromstring(archive.read("word/document.xml"))
            relations = ET.fromstring(archive.read("word/_rels/document.xml.rels"))
        assert not [
            node for node in body.iter() if node.tag in (f"{WORD}instrText", f"{WORD}fldSimple", f"{WORD}object")
        ]
        outside = [node.attrib["Target"] for node in relations if node.attrib.get("TargetMode") == "External"]
        assert outside and all(map(is_link, outside))
        text = "".join(node.text or "" for node in body.iter(f"{WORD}t"))
        assert "<script>alert(1)</script>" in text

    @pytest.mark.fault("O3")
    def test_markdown_shows_titles_as_they_are(self) -> None:
        text = made(
            "md", issue(*(Entry(story(n, "Т", plain(t)), "budgets", n) for n, t in enumerate(ODD_TITLES, 1)))
        ).decode()
        shown = [from_markdown(line[4:-2]) for line in text.split("\n") if line.startswith("- **")]
        assert shown == [" ".join(plain(title).split()) for title in ODD_TITLES]
        hostile = made("md", HOSTILE).decode()
        assert "<script" not in hostile.replace("\\<", "") and "](javascript:" not in hostile.replace("\\]", "")

    @pytest.mark.parametrize("url", HOSTILE_ADDRESSES)
    def test_an_address_that_is_no_link(self, url: str) -> None:
        assert safe_url(url) == ""

    @pytest.mark.parametrize("url", RISKY_ADDRESSES)
    def test_an_address_that_is_only_a_link(self, url: str) -> None:
        assert safe_url(url).startswith("https://")
        assert not set(safe_url(url)) & set("\"'<>()[]{}`\\| ")
        assert safe_url(safe_url(url)) == safe_url(url)

    @pytest.mark.parametrize("form", FORMATS)
    @pytest.mark.parametrize("languages", ["en-uk", "columns"])
    @pytest.mark.fault("O12")
    def test_the_same_issue_gives_the_same_bytes(self, form: str, languages: str) -> None:
        assert made(form, HOSTILE, languages) == made(form, hostile_issue(), languages)


class TestShape:
    def test_english_first_ukrainian_first_or_english_only(self) -> None:
        given = issue(Entry(story(1, "Громада має бюджет", "Community has a budget"), "budgets", 1))
        texts = {languages: made("txt", given, languages).decode() for languages in ("en-uk", "uk-en", "en")}
        assert texts["en-uk"].index("Community has") < texts["en-uk"].index("Громада має")
        assert texts["uk-en"].index("Громада має") < texts["uk-en"].index("Community has")
        assert "Громада має" not in texts["en"] and "Бюджети" not in texts["en"]
        assert "машинний переклад" in texts["uk-en"] and "machine translation" in texts["en"]

    def test_a_withheld_headline_is_shown_in_ukrainian_with_a_note(self) -> None:
        given = issue(
            Entry(story(1, "Громада має 5 млн", withheld="flagged", suggestion="Crowd has 50 m"), "budgets", 1)
        )
        for languages in ("en-uk", "en"):
            text = made("txt", given, languages).decode()
            assert "Громада має 5 млн" in text and "Crowd" not in text and "a check found a fault" in text

    def test_a_story_tells_its_lead_sources_dates_places_and_translator(self) -> None:
        links = (
            Link("a", "Портал", "https://a.example/1", "uk", "2026-02-20"),
            Link("b", "Letter", "https://b.example/2", "en", "2026-02-21"),
        )
        told = story(
            1,
            "Громада",
            "Community",
            lead_en="A lead.",
            places=(("Харківська область", "Kharkiv oblast"),),
            links=links,
        )
        text = made("txt", issue(Entry(told, "budgets", 1, late=True, note="Read this"))).decode()
        assert "Портал (uk, " not in text  # the day is the story's
        for part in (
            "A lead.",
            "20 February 2026",
            "Kharkiv oblast",
            "machine translation",
            "Портал (uk)",
            "https://a.example/1",
            "Letter (en, 21 February 2026)",
            "https://b.example/2",
            "late arrival",
            "Editor's note: Read this",
        ):
            assert part in text, part

    def test_a_correction_names_what_was_sent(self) -> None:
        told = story(1, "Нове", "New one", correction=Correction(1, "issue-7", "Старе", "Old one"))
        text = made("txt", issue(Entry(told, "corrections", 1))).decode()
        assert "Correction to issue-7. Earlier headline: Old one" in text and "Corrections to earlier issues" in text

    def test_what_does_not_fit_in_a_section_is_listed(self) -> None:
        letter = replace(NEWSLETTER, most_in_full=2)
        entries = [Entry(story(n, f"Новина {n}", lead_uk=f"Анонс {n}."), "budgets", n, n <= 2) for n in range(1, 5)]
        text = made("txt", issue(*entries, newsletter=letter)).decode()
        assert "Анонс 2." in text and "Анонс 3." not in text and "- Новина 4" in text

    @pytest.mark.parametrize("form", FORMATS)
    @pytest.mark.fault("O7")
    def test_an_empty_issue_says_so_in_every_format(self, form: str) -> None:
        data = made(form, issue(sealed=False))
        if form in ("html", "txt", "telegram"):
            assert "Nothing new." in data.decode()
        assert data

    @pytest.mark.fault("O6")
    def test_a_huge_issue_is_cut_to_what_mail_and_messengers_carry(self) -> None:
        entries = [
            Entry(
                story(n, "Дуже довга назва новини громади " * 8, "A very long headline " * 10, lead_uk="Анонс " * 60),
                "budgets" if n % 2 else "powers",
                n,
                n < 24,
            )
            for n in range(1, 1500)
        ]
        given = issue(*entries)
        page = made("html", given)
        assert 40_000 < len(page) <= MOST_HTML and "more." in page.decode()
        messages = made("telegram", given).decode().split("\n\f\n")
        assert len(messages) == MOST_MESSAGES
        assert all(len(one.encode("utf-16-le")) <= 2 * MOST_TELEGRAM for one in messages)
        assert len(json.loads(made("json", given))["items"]) == 1499

    def test_the_mail_reads_in_both_forms(self) -> None:
        given = issue(Entry(story(1, "Громада має бюджет", "Community has a budget"), "budgets", 1))
        mail = email.message_from_bytes(made("eml", given, "uk-en"), policy=email.policy.strict)
        assert mail["Subject"] == "Вісник децентралізації: issue-1, 1 березня 2026"
        assert b"=?utf-8?" in made("eml", given, "uk-en").split(b"\n\n")[0].split(b"\r\n\r\n")[0]
        text, html = (part.get_content() for part in mail.iter_parts())
        assert "Громада має бюджет" in text and "Громада має бюджет" in html

    def test_the_json_feed_has_what_the_standard_wants(self) -> None:
        found = json.loads(made("json", HOSTILE))
        assert found["version"] == "https://jsonfeed.org/version/1.1" and found["title"]
        ids = [item["id"] for item in found["items"]]
        assert len(set(ids)) == len(ids) == len(HOSTILE.entries) + len(HOSTILE.items) + 3
        assert all("content_text" in item for item in found["items"])

    def test_the_atom_feed_has_what_the_standard_wants(self) -> None:
        feed = ET.fromstring(made("atom", HOSTILE))
        for parent in (feed, *feed.iter(f"{ATOM}entry")):
            assert [len(parent.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert feed.find(f"{ATOM}author/{ATOM}name") is not None

    def test_files_are_called_after_the_issue(self) -> None:
        given = issue(Entry(story(1, "Громада"), "budgets", 1))
        assert [file_name(given, "md"), file_name(replace(given, sealed=False), "telegram")] == [
            "issue-1.md",
            "issue-1-draft.telegram.txt",
        ]


class TestEditorsOwn:
    def test_a_template_of_the_editor_takes_the_place_of_ours(self, tmp_path: Path) -> None:
        (tmp_path / "issue.txt.j2").write_text("{{ issue.issue }}: {{ issue.sections[0].full[0].head }}")
        given = issue(Entry(story(1, "Громада"), "budgets", 1))
        assert FORMATS["txt"][1](Renderer(given, templates=tmp_path)) == "issue-1: Громада".encode()
        assert b"<table" in FORMATS["html"][1](Renderer(given, templates=tmp_path))
        by_name = Renderer(given, templates={"issue.txt.j2": "{{ issue.day }}"})
        assert (FORMATS["txt"][1](by_name), b"<table" in FORMATS["html"][1](by_name)) == (b"1 March 2026", True)

    @pytest.mark.parametrize("text", ["{{ nothing_of_that_name }}", "{% if %}", "{{ issue.sections"])
    def test_a_broken_template_is_named(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "issue.txt.j2").write_text(text)
        with pytest.raises(UsageError, match=r"template issue\.txt\.j2"):
            FORMATS["txt"][1](Renderer(issue(), templates=tmp_path))

    def test_a_file_of_the_editor_names_and_orders_the_sections(self, tmp_path: Path) -> None:
        path = tmp_path / "my.toml"
        path.write_text(
            'name_en = "Weekly"\nlanguages = "uk-en"\n[[sections]]\nid = "eu"\nname_uk = "ЄС"\nname_en = "EU"\n'
        )
        found = read_newsletter(path)
        assert (found.name_en, found.languages, found.name_uk) == ("Weekly", "uk-en", NEWSLETTER.name_uk)
        assert [section.id for section in found.sections] == ["eu", "other", "corrections"]

    @pytest.mark.parametrize(
        ("text", "pattern"),
        [
            ("name_en = ", "my.toml"),
            ("nam_en = 'x'", "unknown key nam_en"),
            ("name_en = 1", "name_en must be a text"),
            ("languages = 'de'", "languages must be one of"),
            ("most_in_full = 0", "most_in_full"),
            ("sender_address = 'no address'", "no e-mail address"),
            ("sender_address = 'a@b\\nBcc: c@d'", "no e-mail address"),
            ("sections = 1", "sections must be"),
            ("[[sections]]\nid = '../x'\nname_uk='a'\nname_en='b'", "section id"),
            ("main_tags = 'x'", "main_tags must be a list"),
        ],
    )
    @pytest.mark.fault("P12")
    def test_a_file_that_does_not_fit_is_refused_by_name(self, tmp_path: Path, text: str, pattern: str) -> None:
        path = tmp_path / "my.toml"
        path.write_text(text)
        with pytest.raises(UsageError, match=pattern) as caught:
            read_newsletter(path)
        assert "my.toml" in str(caught.value)


@pytest.mark.parametrize("form", ["md", "html", "txt", "telegram"])
def test_machine_english_says_so_in_every_text(form: str) -> None:
    told = story(1, "Громада має бюджет", "Community has a budget", title_en_by="machine")
    assert "machine translation" in made(form, issue(Entry(told, "budgets", 1))).decode()


def test_an_approved_headline_approves_no_lead() -> None:
    told = story(1, "Громада", "Community", approved=True, lead_en="A lead.", lead_en_by="machine")
    text = " ".join(made("txt", issue(Entry(told, "budgets", 1))).decode().split())
    assert "checked by an editor · lead: machine translation" in text


def test_an_issue_in_one_language_tells_nothing_of_the_other() -> None:
    """Neither a lead below a headline in Ukrainian nor who made the English, unless it is shown."""
    ours = story(1, "Громада", "Community", lead_en="A lead.", lead_en_by="machine")
    text = made("txt", issue(Entry(ours, "budgets", 1)), "uk").decode()
    assert "A lead." not in text
    assert "переклад\n" not in text
    english = story(2, "", "Community", title_en_by="publisher", lead_en="A lead.", lead_en_by="publisher")
    assert "A lead." in made("txt", issue(Entry(english, "budgets", 1)), "uk").decode()


def test_a_machine_lead_below_an_editors_headline_says_so() -> None:
    told = story(1, "Громада", "Community", title_en_by="editor", lead_en="A lead.", lead_en_by="machine")
    text = made("txt", issue(Entry(told, "budgets", 1))).decode()
    text = " ".join(text.split())
    assert "English headline by the editor" in text
    assert "lead: machine translation" in text
