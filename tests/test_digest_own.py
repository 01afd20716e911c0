"""What the editors add to an issue: Markdown, items, pictures, brand; how mail and messages carry it."""

from __future__ import annotations

import email
import email.policy
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import UsageError
from newsletter import markup
from newsletter.colours import DARK_PAPER, contrast, for_dark, is_readable
from newsletter.issue import Entry, FreeItem, Link
from newsletter.pictures import MOST_BYTES, MOST_LOGO_BYTES, MOST_PIXELS, picture_from
from newsletter.render import telegram
from newsletter.render.formats import FORMATS, MOST_HTML, Placeholders, Renderer
from newsletter.render.mail import unsubscribe_headers
from newsletter.settings import as_json, newsletter_from, read_newsletter
from tests.support.issues import ITEM, NEWSLETTER, TEXTS, full_issue, issue, png, story

if TYPE_CHECKING:
    from pathlib import Path

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc00011080190025803012200021101031101ffda0000ffd9")
READERS = [name for name in FORMATS if name not in ("csv", "xlsx")]


def made(form: str, given: Any, languages: str = "") -> bytes:
    return FORMATS[form][1](Renderer(given, languages))


def words_of(form: str, data: bytes) -> str:
    """The text of a format, without its markup and line ends."""
    if form == "docx":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            text = "".join(ET.fromstring(archive.read("word/document.xml")).itertext())
    elif form == "eml":
        mail = email.message_from_bytes(data, policy=email.policy.strict)
        text = "".join(part.get_content() for part in mail.walk() if part.get_content_type() == "text/plain")
    else:
        text = data.decode()
    text = re.sub(r"<[^>]*>|[*\\]|&lt;/?(?:strong|em)&gt;|</?(?:strong|em)>", "", text.replace("\\n", "\n"))
    return " ".join(text.split())


class TestMarkdown:
    @pytest.mark.parametrize(
        ("text", "html"),
        [
            ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
            ("a **b** *c* _d_ e", "<p>a <strong>b</strong> <em>c</em> <em>d</em> e</p>"),
            ("**a [b](https://x.example) c**", "<p><strong>a </strong>"
             '<a href="https://x.example"><strong>b</strong></a><strong> c</strong></p>'),
            ("- a\n- b\n  goes on\n\n1. c\n2) d", "<ul><li>a</li><li>b goes on</li></ul><ol><li>c</li><li>d</li></ol>"),
            ("see https://x.example/a_b.", '<p>see <a href="https://x.example/a_b">https://x.example/a_b</a>.</p>'),
            ("(https://x.example/a)", '<p>(<a href="https://x.example/a">https://x.example/a</a>)</p>'),
            ("[m](mailto:a@b.example)", '<p><a href="mailto:a@b.example">m</a></p>'),
            (r"2 \* 3 \[a\](b)", "<p>2 * 3 [a](b)</p>"),
            ("snake_case_name 2 * 3 * 4", "<p>snake_case_name 2 * 3 * 4</p>"),
        ],
    )  # fmt: skip
    def test_what_is_markup(self, text: str, html: str) -> None:
        assert markup.to_html(markup.parse(text)) == html

    @pytest.mark.parametrize(
        "text",
        ["<b>x</b>", "[x](javascript:alert(1))", "[x](data:text/html,y)", "![x](y.png)", "# x", "> x", "`x`",
         "[x](mailto:a@b.example?bcc=c@d.example)", "[x](//evil.example)", "[x](https://a@b.example)", "<!-- x -->"],
    )  # fmt: skip
    def test_what_is_no_markup_stays_text(self, text: str) -> None:
        (block,) = markup.parse(text)
        assert not [run for line in block.lines for run in line if run.url]
        assert "<a" not in markup.to_html((block,)) and "<b>" not in markup.to_html((block,))
        assert "".join(run.text for run in block.lines[0]) == text

    def test_an_address_ends_where_it_must(self) -> None:
        html = markup.to_html(markup.parse('[x](https://x.example" onclick="y) <https://a.example b>'))
        assert html == (
            '<p>[x](<a href="https://x.example">https://x.example</a>&quot; onclick=&quot;y) &lt;'
            '<a href="https://a.example">https://a.example</a> b&gt;</p>'
        )

    @pytest.mark.parametrize(
        "text", [TEXTS["intro_en"], ITEM.text_en, "1990. a\n# b\n- c\n\n**d** [e*](https://x.example)"]
    )
    def test_markdown_of_ours_reads_the_same_again(self, text: str) -> None:
        blocks = markup.parse(text)
        assert markup.to_html(markup.parse(markup.to_source(blocks))) == markup.to_html(blocks)

    def test_a_long_hostile_text_takes_no_time(self) -> None:
        for text in ("**a " * 2000, "[a](" * 2000, "*a _b " * 2000, "_a*b" * 2000, "\\" * 8000, "https://" * 1000):
            assert "".join(markup.to_lines(markup.parse(text)))


class TestPictures:
    def test_a_picture_is_known_by_its_bytes(self) -> None:
        found = [picture_from(data) for data in (png(1200, 400), JPEG)]
        assert [(one.kind, one.width, one.height) for one in found] == [("png", 1200, 400), ("jpeg", 600, 400)]

    @pytest.mark.parametrize(
        "data", [b"", b"GIF89a", b"<svg/>", png(2, 2)[:-5], b"\xff\xd8\xff", JPEG[:20], b"\xff\xd8\xff\xe0\x00\x01"]
    )
    def test_anything_else_is_refused(self, data: bytes) -> None:
        with pytest.raises(UsageError, match="no picture that can be used"):
            picture_from(data)

    def test_both_sides_of_its_bounds(self) -> None:
        assert picture_from(png(MOST_PIXELS, 1)).width == MOST_PIXELS
        with pytest.raises(UsageError, match="pixels"):
            picture_from(png(MOST_PIXELS + 1, 1))
        data = png(2, 2)
        assert picture_from(data, len(data)).width == 2
        with pytest.raises(UsageError, match="bytes"):
            picture_from(data, len(data) - 1)
        assert (MOST_BYTES, MOST_LOGO_BYTES) == (300_000, 50_000)


class TestBrand:
    def test_a_brand_of_its_own_file_and_its_logo(self, tmp_path: Path) -> None:
        (tmp_path / "logo.png").write_bytes(png(30, 10))
        (tmp_path / "brand.toml").write_text('logo = "logo.png"\naccent = "#7A1F3D"\ncontact = "a@b.example"\n')
        (tmp_path / "my.toml").write_text('id = "weekly"\nbrand = "brand.toml"\n[filter]\ntopics = ["budgets"]\n')
        found = read_newsletter(tmp_path / "my.toml")
        logo = found.brand.picture()
        assert logo is not None and (logo.width, found.brand.accent, found.brand.link) == (30, "#7a1f3d", "#1f5f8b")
        assert (found.id, found.filter.topics, found.filter.oblasts) == ("weekly", ("budgets",), ())
        assert newsletter_from(json.loads(json.dumps(as_json(found))), "issue-1") == found

    def test_settings_of_an_older_version_are_read(self) -> None:
        kept = as_json(NEWSLETTER)
        for key in ("id", "publish", "fade_days", "site", "filter", "brand"):
            del kept[key]
        assert newsletter_from(kept, "issue-1") == NEWSLETTER

    @pytest.mark.parametrize(
        ("text", "pattern"),
        [
            ("id = 'Up'", "id 'Up' may hold"),
            (f"id = '{'a' * 41}'", "at most 40"),
            ("publish = 'now'", "publish must be one of by hand, when sealed"),
            ("fade_days = 0", "fade_days must be a whole number"),
            ("site = 'news.example'", "site 'news.example' must be an address"),
            ("site = 'https://x.example?a'", "must be an address"),
            ("[filter]\ntopic = ['x']", "unknown key filter.topic"),
            ("filter = 1", r"must be written as \[filter\]"),
            ("[filter]\ntags = 'x'", "tags must be a list"),
            ("[brand]\naccent = 'red'", "accent 'red' must be a colour"),
            ("[brand]\nlink = '#ffcc00'", "dark enough to be read"),
            ("[brand]\ncontact = 'nobody'", "contact 'nobody' is no e-mail address"),
            ("[brand]\nlogo = 'none.png'", "none.png: No such file"),
            ("[brand]\nlogo = 'my.toml'", "my.toml: this is no picture"),
            ("brand = 'none.toml'", "none.toml: No such file"),
        ],
    )
    def test_what_does_not_fit_is_refused_by_name(self, tmp_path: Path, text: str, pattern: str) -> None:
        path = tmp_path / "my.toml"
        path.write_text(text)
        with pytest.raises(UsageError, match=pattern):
            read_newsletter(path)

    def test_colours_can_be_read_on_white_and_on_dark(self) -> None:
        assert is_readable("#767676") and not is_readable("#777777")  # 4.54 and 4.48
        assert contrast("#000000", "#ffffff") == 21
        for colour in ("#000000", "#2b6a4d", "#7a1f3d", "#0000ff"):
            assert contrast(for_dark(colour), DARK_PAPER) >= 4.5


class TestEveryFormat:
    @pytest.mark.parametrize("form", READERS)
    def test_what_the_editors_wrote_is_in_every_format(self, form: str) -> None:
        text = words_of(form, made(form, full_issue()))
        for part in (
            "budget committee", "frontline communities are exempt", "бюджетний комітет", "All sums are in hryvnias",
            "Webinar on participatory budgets", "Register by 10 March", "twice as much", "The next issue comes on",
        ):  # fmt: skip
            assert part in text, part
        assert ("Kyiv 01021" in text) == (form not in ("atom", "json", "telegram", "telegram-json"))

    @pytest.mark.parametrize("form", READERS)
    def test_links_in_a_note_stay_links(self, form: str) -> None:
        data = made(form, full_issue())
        if form == "docx":
            data = zipfile.ZipFile(io.BytesIO(data)).read("word/_rels/document.xml.rels")
        if form == "eml":
            mail = email.message_from_bytes(data, policy=email.policy.strict)
            data = "".join(p.get_content() for p in mail.walk() if p.get_content_maintype() == "text").encode()
        assert b"https://news.example/2025" in data and b"https://hub.example/programme" in data

    @pytest.mark.parametrize("form", READERS)
    def test_machine_english_that_an_editor_approved_says_so(self, form: str) -> None:
        told = story(1, "Громада має бюджет", "Community has a budget", approved=True)
        given = issue(Entry(told, "budgets", 1))
        english, ukrainian = "machine translation, checked by an editor", "машинний переклад, перевірений редактором"
        for languages, words in (("en-uk", english), ("columns", english), ("uk-en", ukrainian)):
            if (form.startswith("telegram"), languages) != (True, "uk-en"):  # the headline there is in Ukrainian
                assert words in words_of(form, made(form, given, languages)), languages

    def test_an_item_stands_in_its_place_among_the_stories(self) -> None:
        for place, order in ((1, "item one two"), (2, "one item two"), (9, "one two item"), (None, "one two item")):
            item = FreeItem(1, "budgets", place, title_en="item")
            given = issue(*(Entry(story(n, "", t), "budgets", n) for n, t in ((1, "one"), (2, "two"))), items=(item,))
            text = made("txt", given, "en").decode()
            assert sorted(order.split(), key=text.index) == order.split()

    def test_an_empty_item_is_not_shown_and_one_without_a_headline_is(self) -> None:
        given = issue(items=(FreeItem(1, "grants", 1), FreeItem(2, "land", 1, text_uk="Без заголовка")))
        assert [section.id for section, _ in given.contents()] == ["land"]
        text = made("txt", given).decode()
        assert "From the editors" in text and "Без заголовка" in text

    def test_a_section_that_holds_only_a_text_or_an_item_is_in_its_place(self) -> None:
        given = issue(
            Entry(story(1, "", "News"), "grants", 1),
            texts={"section_text_en:powers": "Nothing new in the law."},
            items=(FreeItem(1, "land", None, title_en="A map"),),
        )
        assert [section.id for section, _ in given.contents()] == ["powers", "land", "grants"]
        assert [section.id for section, _ in given.sections()] == ["grants"]

    def test_english_names_of_sources_stand_in_english_text_only(self) -> None:
        given = issue(Entry(story(1, "Новина", "News"), "budgets", 1))
        assert b"Portal (uk)" in made("txt", given, "en-uk") and "Портал (uk)".encode() in made("txt", given, "uk-en")

    def test_ukrainian_only(self) -> None:
        text = made("txt", full_issue(), "uk").decode()
        assert "Громади отримають" in text and "Communities will get" not in text and "Budgets" not in text
        assert "EU opens a call" in text  # it has no Ukrainian headline
        assert "Без англійської" not in text and "бюджетний комітет" in text and "budget committee" not in text
        for form, head in (("json", "Вісник децентралізації · issue-1 (Чернетка)"), ("atom", "(Чернетка)</title>")):
            feed = made(form, full_issue(sealed=False), "uk").decode()
            assert "Бюджети та субвенції" in feed and "Budgets and subventions" not in feed and head in feed

    def test_two_columns_side_by_side_and_one_after_the_other(self) -> None:
        html = made("html", full_issue(), "columns").decode()
        pair = html[html.index("Communities will get") : html.index("Кошти розподілять")]
        assert "The money is shared" in pair and 'width="50%"' in pair
        text = made("txt", full_issue(), "columns").decode()
        order = ["Communities will", "The money is", "Громади отримають", "Кошти розподілять"]
        assert sorted(order, key=text.index) == order

    def test_each_column_leads_to_a_page_in_its_language(self) -> None:
        links = (Link("a", "A", "https://a.example/en", "en", None), Link("b", "Б", "https://b.example/uk", "uk", None))
        given = issue(Entry(story(1, "Новина", "News", links=links), "budgets", 1))
        html = made("html", given, "columns").decode()
        assert re.search(r'href="https://a\.example/en"[^>]*>News<', html)
        assert re.search(r'href="https://b\.example/uk"[^>]*>Новина<', html)

    def test_a_picture_and_a_logo_with_their_words(self) -> None:
        given = full_issue()
        html = made("html", given).decode()
        assert 'src="https://news.example/issues/issue-1/image"' in html and TEXTS["image_alt_en"] in html
        assert 'src="https://news.example/issues/issue-1/logo"' in html
        inside = made("html", replace(given, newsletter=replace(given.newsletter, site=""))).decode()
        assert inside.count('src="data:image/png;base64,') == 2
        assert made("html", replace(given, sealed=False)).count(b'src="data:image/png;base64,') == 2
        with zipfile.ZipFile(io.BytesIO(made("docx", given))) as archive:
            assert archive.read("word/media/image.png") == png(1200, 400)
            assert TEXTS["image_alt_en"] in archive.read("word/document.xml").decode()
            assert "7A1F3D" in archive.read("word/styles.xml").decode().upper()

    def test_ids_in_feeds_stay_when_the_newsletter_gets_another_name(self) -> None:
        given = full_issue()
        other = replace(given, newsletter=replace(given.newsletter, name_en="Another name"))
        twin = replace(given, newsletter=replace(given.newsletter, id="monthly"))
        ids = [[item["id"] for item in json.loads(made("json", one))["items"]] for one in (given, other, twin)]
        assert ids[0] == ids[1] and not set(ids[0]) & set(ids[2]) and len(set(ids[0])) == len(ids[0])


class TestMail:
    def test_subject_preview_and_pictures(self) -> None:
        mail = email.message_from_bytes(made("eml", full_issue()), policy=email.policy.strict)
        assert mail["Subject"] == TEXTS["subject"]
        kinds = [part.get_content_type() for part in mail.walk()]
        assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", *["image/png"] * 2]
        html = next(part.get_content() for part in mail.walk() if part.get_content_type() == "text/html")
        ids = [part["Content-ID"][1:-1] for part in mail.walk() if part["Content-ID"]]
        assert len(ids) == 2 and all(f'src="cid:{one}"' in html for one in ids)
        assert not [part.defects for part in mail.walk() if part.defects]
        before = html.index(TEXTS["preview"])
        assert html.rindex("display: none", 0, before) > html.index("<body") and before < html.index("<h1")

    def test_a_subject_of_several_lines_adds_no_header(self) -> None:
        for text in (
            "a\r\nBcc: x@y.example",
            "a\nBcc: x@y.example",
            "a\u2028Bcc: x@y.example\x0b",
            "=?utf-8?q?=0ABcc=3A?= x",
        ):
            given = issue(texts={"subject": text}, newsletter=replace(NEWSLETTER, sender=text))
            mail = email.message_from_bytes(made("eml", given), policy=email.policy.strict)
            assert "Bcc" not in mail and len(mail.keys()) == 9

    def test_without_words_of_the_editors_there_are_ours(self) -> None:
        given = issue(Entry(story(1, "", "News of the week"), "budgets", 1))
        mail = email.message_from_bytes(made("eml", given), policy=email.policy.strict)
        assert mail["Subject"] == "Decentralisation bulletin: issue-1, 1 March 2026"
        html, text = made("html", given).decode(), made("txt", given).decode()
        assert "News of the week" in html[html.index("<body") : html.index("<table")]
        for shown in (html, text):
            assert "You receive this because you subscribed to Decentralisation bulletin." in shown
            assert "mailto:newsletter@visnyk.invalid?subject=unsubscribe" in shown
        assert made("eml", replace(given, sealed=False)).count(b"(Draft)") >= 1

    @pytest.mark.parametrize(
        ("address", "is_one_click"),
        [("https://x.example/u/1", True), ("http://x.example/u", False), ("mailto:a@b.example", False), ("", False),
         ("https://placeholder.invalid/u", False), ("https://x.example/\r\nBcc: y", False)],
    )  # fmt: skip
    def test_one_click_only_where_there_is_an_address(self, address: str, is_one_click: bool) -> None:
        found = unsubscribe_headers(NEWSLETTER, address)
        assert (
            ("List-Unsubscribe-Post" in found)
            == is_one_click
            == (address in found["List-Unsubscribe"] and bool(address))
        )
        assert "<mailto:newsletter@visnyk.invalid?subject=unsubscribe>" in found["List-Unsubscribe"]

    def test_tables_have_widths_and_outlook_gets_its_own(self) -> None:
        html = made("html", full_issue()).decode()
        tables = re.findall(r"<table[^>]*>", html)
        assert tables and all('role="presentation"' in one and 'width="' in one for one in tables)
        assert html.count("<!--[if mso]>") == html.count("<![endif]-->") == 3
        assert "prefers-color-scheme: dark" in html and re.search(r"<td[^>]*style=\"[^\"]*padding", html)
        assert not re.search(r"(?i)flex|grid|position:|float:|<script|@import|url\(", html)

    def test_a_service_gets_its_own_addresses(self) -> None:
        given = full_issue()
        here = replace(given, newsletter=replace(given.newsletter, site=""))
        places = Placeholders("https://p.invalid/leave", "https://p.invalid/view")
        for form in ("html", "txt"):
            with_site, without = (
                FORMATS[form][1](Renderer(one, placeholders=places)).decode() for one in (given, here)
            )
            assert "https://p.invalid/leave" in with_site and "https://p.invalid/leave" in without
            assert "https://p.invalid/view" in without and "https://p.invalid/view" not in with_site
            assert "https://news.example/issues/issue-1" in with_site and "mailto:newsletter" not in with_site
            assert "data:" not in without and "cid:" not in without and "cid:" not in with_site

    def test_what_does_not_fit_leads_to_the_page_of_the_issue(self) -> None:
        letter = replace(NEWSLETTER, site="https://news.example/")
        letter = replace(letter, site="https://news.example")
        entries = [Entry(story(n, "Назва " * 60, "A headline " * 40), "budgets", n, n < 9) for n in range(1, 400)]
        given = issue(*entries, newsletter=letter)
        html = made("html", given).decode()
        assert len(html.encode()) <= MOST_HTML
        more = re.search(r'<a[^>]*href="https://news\.example/issues/issue-1"[^>]*>… and (\d+) more', html)
        assert more and int(more[1]) + html.count("A headline A headline") >= 399 - 2
        mail = email.message_from_bytes(made("eml", given), policy=email.policy.strict)
        text = next(part.get_content() for part in mail.walk() if part.get_content_type() == "text/plain")
        assert f"… and {more[1]} more" in text and "https://news.example/issues/issue-1" in text

    def test_the_same_links_are_in_the_text_and_in_the_html(self) -> None:
        mail = email.message_from_bytes(made("eml", full_issue()), policy=email.policy.strict)
        parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
        links = set(re.findall(r'href="(?:mailto:)?([^"]+)"', parts["text/html"]))
        assert links and not [one for one in links if one.replace("&amp;", "&") not in parts["text/plain"]]


class TestTelegram:
    def test_one_message_has_no_number_and_several_have(self) -> None:
        assert "1/1" not in made("telegram", full_issue()).decode()
        entries = [Entry(story(n, f"Новина {n} 🇺🇦 " * 9), "budgets", n) for n in range(1, 90)]
        found = made("telegram", issue(*entries)).decode().split("\n\f\n")
        assert [one.rsplit("\n", 1)[1] for one in found] == [f"{n}/{len(found)}" for n in range(1, len(found) + 1)]
        assert len(found) > 3 and all(3500 < telegram.units(one) <= 4096 for one in found[:-1])
        assert "".join(found).count("https://portal.example/news/") == 89
        assert all(one.rsplit("\n\n", 1)[0].endswith(tuple("0123456789")) for one in found[:-1])  # ends with a story

    def test_both_sides_of_the_bound(self) -> None:
        assert len(telegram.messages("a" * 4096)) == 1 and len(telegram.messages("a" * 4097)) == 2
        assert len(telegram.messages("🇺" * 2048)) == 1 and len(telegram.messages("🇺" * 2049)) == 2
        assert len(telegram.messages("<b>&amp;</b>" * 4096, marked=True)) == 1

    @pytest.mark.parametrize("marked", [False, True])
    def test_a_block_longer_than_a_message_is_cut_between_words(self, marked: bool) -> None:
        found = telegram.messages("<i>word</i> &lt; " * 3000 if marked else "word < " * 3000, marked=marked)
        assert "".join(one.rsplit("\n\n", 1)[0] for one in found).count("word") == 3000
        assert all(telegram.units(one) <= 4096 or marked for one in found)
        assert not [one for one in found if marked and re.search(r"<(?!/?[bi]>)|<[^>]*$", one)]

    def test_the_api_gets_marked_text_that_is_whole(self) -> None:
        entries = [Entry(story(n, f"<b>Новина</b> {n} & " * 9), "budgets", n) for n in range(1, 90)]
        bodies = json.loads(made("telegram-json", issue(*entries)))
        assert len(bodies) > 1 and {one["parse_mode"] for one in bodies} == {"HTML"}
        for body in bodies:
            assert telegram.units_of_html(body["text"]) <= 4096
            tags = re.findall(r"<(/?)(\w+)", body["text"])
            assert {name for _, name in tags} <= {"a", "b", "i"}
            assert [sum(name == tag and not end for end, name in tags) for tag in "abi"] == [
                sum(name == tag and bool(end) for end, name in tags) for tag in "abi"
            ]
