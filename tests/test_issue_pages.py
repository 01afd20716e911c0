"""The newsletter on the public website: archive, issues, feeds of issues, an issue as data."""

from __future__ import annotations

import base64
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from datasette_auth_passwords.utils import hash_password  # type: ignore[import-untyped]

from newsletter.issue import Brand
from pipeline.editors import PASSWORD
from tests.support.issues import png
from tests.support.newsroom import Newsroom, Website, rows
from tests.support.published_rows import BULLETIN, PNG, WEEKLY, IssueRows, link
from tests.test_datasette_hostile import Active
from tests.test_digest_desk import Browser
from web.plugins.issue_pages import ISSUES_IN_A_FEED, ISSUES_ON_A_PAGE, STORIES_IN_A_FEED, fitting_in_feed, is_known

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ATOM = "{http://www.w3.org/2005/Atom}"
LATER = "2026-02-27T12:00:00Z"
LATEST = "2026-03-06T12:00:00Z"
SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)>'


def first_issue(write: IssueRows) -> None:
    """Every kind of entry, once."""
    write.room.source("portal")
    for n in range(1, 12):
        write.room.story(f"Новина {n}", url=f"https://portal.example/uk/{n}")
    number = write.issue(
        "issue-1",
        {"story_id": 1, "title_uk": "Було 23 школи", "title_en": "There were 23 schools"},
        {"story_id": 8, "title_uk": "Новина 8"},
    )
    write.room.db.execute("UPDATE stories SET merged_into = 9 WHERE id = 8")
    write.room.db.execute("UPDATE stories SET merged_into = 10 WHERE id = 9")
    rows(write.room.db, "digest_articles", digest_id=number, article_id=11, newsletter="bulletin", story_id=8)
    write.issue(
        "issue-2",
        {
            "story_id": 2, "section": "budgets", "title_uk": "Рада ухвалила бюджет",
            "title_en": "Council adopts budget", "title_en_by": "machine", "lead_uk": "Лід про бюджет",
            "lead_en": "Lead on the budget", "lead_en_by": "machine", "published_on": "2026-02-18",
            "places": [["Полтавська", "Poltava region"]],
            "links": [link("https://portal.example/uk/2"), link("https://portal.example/en/2", "en")],
            "note": "See [the law](https://rada.example/law) and **vote**.",
        },
        {
            "story_id": 3, "title_uk": "Центр відкрито", "title_en": "Centre opens", "title_en_by": "machine",
            "approved": 1,
        },
        {"story_id": 4, "title_uk": "План погоджено", "withheld": "flagged", "late": 1},
        {"story_id": 5, "title_en": "Call for proposals", "title_en_by": "publisher"},
        {
            "story_id": 6, "title_uk": "Наш заголовок", "published_uk": "Їхній заголовок", "title_en": "Our headline",
            "title_en_by": "editor",
        },
        {
            "story_id": 1, "section": "corrections", "title_uk": "Було 27 шкіл", "title_en": "There were 27 schools",
            "title_en_by": "publisher", "correction_of": "issue-1", "was_uk": "Було 23 школи",
            "was_en": "There were 23 schools", "was_lead_en": "Only 23 were left.",
        },
        sealed_at="2026-02-26T23:30:00Z",
        published_at=LATER,
        texts={
            "subject": "Schools & budgets", "preview": "What changed for 27 schools", "intro_uk": "Вступ редакції",
            "intro_en": "Intro with [a link](https://intro.example/)", "closing_en": "Until next week",
            "section_text_en:budgets": "On money", "image_alt_en": "A school", "image_alt_uk": "Школа",
        },
        items=({"section": "budgets", "title_en": "Our own item", "text_en": "*Written* here", "url": "https://own.example/"},),
        image=PNG,
        newsletter=replace(BULLETIN, brand=Brand(logo=base64.b64encode(png(30, 10)).decode())),
    )  # fmt: skip
    write.issue("issue-3", {"story_id": 7, "title_uk": "Остання новина"}, sealed_at=LATEST, published_at=LATEST)
    write.issue("issue-4", {"story_id": 7, "title_uk": "Таємна новина"}, sealed_at=LATEST, published_at=None)
    write.issue("issue-5", sealed_at=None)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Website]:
    room = Newsroom(tmp_path_factory.mktemp("issues") / "news.db")
    first_issue(IssueRows(room))
    opened = room.done()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Website]:
    """Two newsletters, one of which knows the address of the site, and exactly one issue more than a page takes."""
    room = Newsroom(tmp_path_factory.mktemp("two") / "news.db")
    room.source("portal")
    room.story("Новина")
    write = IssueRows(room)
    for n in range(ISSUES_ON_A_PAGE - 1):
        write.issue(f"no-{n}", published_at=f"2026-02-20T12:00:{n:02}Z")
    write.issue("weekly-1", {"story_id": 1, "title_uk": "Новина"}, newsletter=WEEKLY, published_at=LATER)
    write.issue("випуск-1.json", published_at=LATEST)
    opened = room.done()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Website]:
    """Nothing is published."""
    room = Newsroom(tmp_path_factory.mktemp("empty") / "news.db")
    IssueRows(room).issue("issue-1", published_at=None)
    opened = room.done()
    yield opened
    opened.close()


def flat(site: Website, address: str) -> str:
    answer = site.get(address)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", answer.text)


def story_of(page: str, number: int) -> str:
    """The part of an issue's page that is about one story."""
    return page.partition(f'id="story-{number}"')[2].partition("</article>")[0]


class TestArchive:
    def test_published_issues_are_listed_newest_first(self, site: Website) -> None:
        page = flat(site, "/issues")
        assert re.findall(r'<h2><a href="(/issues/[^"]+)">([^<]*)', page) == [
            ("/issues/issue-3", "issue-3"),
            ("/issues/issue-2", "Schools &amp; budgets"),
            ("/issues/issue-1", "issue-1"),
        ]
        assert 'issue-2 · <time datetime="2026-02-27">2026-02-27</time> · 6 stories' in page
        assert "3 issues, newest first" in page

    def test_every_page_leads_to_it_once_something_is_published(self, site: Website, empty: Website) -> None:
        for address in ("/", "/news/news", "/news", "/issues", "/issues/issue-1"):
            assert '<a href="/issues">Newsletter</a>' in site.get(address).text
        assert '<a href="/issues">' not in empty.get("/").text
        assert "No issue was published yet" in empty.get("/issues").text

    def test_a_long_archive_has_pages(self, two: Website) -> None:
        first, second = flat(two, "/issues"), flat(two, "/issues?page=2")
        listed = [re.findall(r'<h2><a href="/issues/([^"]+)"', page) for page in (first, second)]
        assert [len(one) for one in listed] == [ISSUES_ON_A_PAGE, 1]
        assert [*listed[0], *listed[1]][2:] == [f"no-{n}" for n in range(ISSUES_ON_A_PAGE - 2, -1, -1)]
        assert 'href="?page=2" rel="next"' in first
        assert 'rel="prev"' not in first
        assert 'href="?page=1" rel="prev"' in second
        assert "Older issues" not in second

    def test_a_full_page_has_no_other_after_it(self, two: Website) -> None:
        page = flat(two, "/issues?newsletter=bulletin")
        assert page.count("<li>") == ISSUES_ON_A_PAGE
        assert "Older issues" not in page

    @pytest.mark.parametrize("page", ["0", "-1", "x", "1e3", "٣", "999999999"])
    def test_a_page_that_is_no_number_is_refused(self, site: Website, page: str) -> None:
        assert site.get("/issues", params={"page": page}).status_code == 400

    @pytest.mark.parametrize(
        "query", ["page=2", "newsletter=none", "newsletter=<script>", "newsletter=bulletin&page=2"]
    )
    def test_what_is_not_there_is_not_found(self, site: Website, query: str) -> None:
        assert site.get(f"/issues?{query}").status_code == 404

    def test_each_newsletter_has_its_own_archive(self, two: Website) -> None:
        page = flat(two, "/issues?newsletter=weekly")
        assert '<a href="/issues?newsletter=weekly" aria-current="page">Weekly' in page
        assert "/issues.atom?newsletter=weekly" in page
        assert "/issues/no-" not in page
        assert "Weekly · " in flat(two, "/issues")
        assert 'rel="prev"' not in flat(two, "/issues/weekly-1")


class TestIssue:
    def test_it_is_whole_in_both_languages(self, site: Website) -> None:
        page = flat(site, "/issues/issue-2")
        budget = story_of(page, 2)
        for words in ("Рада ухвалила бюджет", "Council adopts budget", "Лід про бюджет", "Lead on the budget"):
            assert words in budget
        assert '<h3><a href="https://portal.example/uk/2" rel="noopener noreferrer">Рада' in budget
        assert '<h3><a href="https://portal.example/en/2" rel="noopener noreferrer">Council' in budget
        assert "Poltava region" in budget
        assert "18 February 2026" in budget
        assert 'href="/news/stories/2"' in budget
        assert '<h2 id="section-1">Budgets and subventions <span lang="uk" class="second">Бюджети' in page

    def test_it_says_who_made_each_english_text(self, site: Website) -> None:
        page = flat(site, "/issues/issue-2")
        assert '<span class="badge badge-machine">machine</span>' in story_of(page, 2)
        assert '<span class="badge badge-machine">machine translation, checked by an editor</span>' in story_of(page, 3)
        assert "a check found a fault in the machine translation" in story_of(page, 4)
        assert "Published in English only" in story_of(page, 5)
        assert '<span class="badge badge-publisher">publisher</span>' in story_of(page, 5)
        assert '<span class="badge badge-editor">editor</span>' in story_of(page, 6)
        assert "headline by the editors" in story_of(page, 6)
        assert "by the editors" not in story_of(page, 2)

    def test_a_correction_shows_what_was_sent_before(self, site: Website) -> None:
        part = story_of(flat(site, "/issues/issue-2"), 1)
        assert '<strong>Correction</strong> to <a href="/issues/issue-1">issue-1</a>. Earlier headline:' in part
        assert "<del>Було 23 школи</del>" in part
        assert "<del>There were 23 schools</del>" in part
        assert "Only 23 were left." in part
        assert "Було 27 шкіл" in part

    def test_what_came_late_says_so(self, site: Website) -> None:
        page = flat(site, "/issues/issue-2")
        assert "late arrival" in story_of(page, 4)
        assert page.count("late arrival") == 1

    def test_a_note_is_markdown(self, site: Website) -> None:
        part = story_of(flat(site, "/issues/issue-2"), 2)
        assert '<p>See <a href="https://rada.example/law">the law</a> and <strong>vote</strong>.</p>' in part

    def test_the_editors_texts_items_and_image_are_there(self, site: Website) -> None:
        page = flat(site, "/issues/issue-2")
        assert "<h1>Schools &amp; budgets</h1>" in page
        assert '<meta name="description" content="What changed for 27 schools">' in page
        assert '<div class="words" lang="uk"><p>Вступ редакції</p>' in page
        assert 'Intro with <a href="https://intro.example/">a link</a>' in page
        assert "Until next week" in page
        assert "On money" in page
        assert BULLETIN.intro_en not in page
        assert '<img src="/issues/issue-2/image" width="1" height="1" alt="A school">' in page
        assert '<h3><a href="https://own.example/" rel="noopener noreferrer">Our own item</a></h3>' in page
        assert "<em>Written</em> here" in page

    def test_without_texts_of_its_own_it_has_those_of_the_newsletter(self, site: Website) -> None:
        page = flat(site, "/issues/issue-1")
        assert f"<h1>{BULLETIN.name_en}" in page
        assert BULLETIN.intro_uk in page
        assert BULLETIN.intro_en in page
        assert "<img" not in page

    def test_it_leads_to_its_neighbours_and_its_forms(self, site: Website) -> None:
        page = site.get("/issues/issue-2").text
        assert '<link rel="prev" href="/issues/issue-1">' in page
        assert '<link rel="next" href="/issues/issue-3">' in page
        for address in ("/issues/issue-2.json", "/issues.atom?newsletter=bulletin", "/issues.json?newsletter=bulletin"):
            assert f'href="{address}"' in page
            assert site.get(address).status_code == 200
        assert 'rel="next"' not in site.get("/issues/issue-3").text

    @pytest.mark.parametrize("name", ["issue-4", "issue-5", "issue-6", "ISSUE-1", "%D1%84", "issue-1%00", "x" * 300])
    @pytest.mark.parametrize("form", ["", ".json", "/image", "/mail"])
    def test_what_was_not_published_is_not_found(self, site: Website, name: str, form: str) -> None:
        answer = site.get(f"/issues/{name}{form}")
        assert answer.status_code == 404
        assert "Таємна" not in answer.text

    def test_a_name_of_other_letters_is_an_address(self, two: Website) -> None:
        address = re.findall(r'<h2><a href="([^"]+)"', two.get("/issues").text)[0]
        assert "випуск-1.json" in two.get(address).text
        assert two.json(f"{address}.json")["issue"] == "випуск-1.json"

    def test_an_image_is_sent_as_it_is(self, site: Website) -> None:
        answer = site.get("/issues/issue-2/image")
        assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert site.get("/issues/issue-1/image").status_code == 404

    def test_a_logo_is_the_one_that_the_issue_was_sealed_with(self, site: Website) -> None:
        answer = site.get("/issues/issue-2/logo")
        assert (answer.content, answer.headers["content-type"]) == (png(30, 10), "image/png")
        assert [site.get(f"/issues/issue-{n}/logo").status_code for n in (1, 4, 5)] == [404] * 3

    def test_it_can_be_read_as_a_mail(self, site: Website) -> None:
        assert 'href="/issues/issue-2/mail"' in site.get("/issues/issue-2").text
        mail = site.get("/issues/issue-2/mail")
        assert mail.headers["content-type"] == "text/html; charset=utf-8"
        assert "Council adopts budget" in mail.text
        assert '<table class="page"' in mail.text


class TestStory:
    def test_its_page_names_the_published_issues_in_which_it_stood(self, site: Website) -> None:
        page = flat(site, "/news/stories/1")
        assert re.findall(r'<a href="/issues/([^"]+)">', page) == ["issue-2", "issue-1"]
        assert f"{BULLETIN.name_en}, issue-2" in page
        last = flat(site, "/news/stories/7")
        assert re.findall(r'<a href="/issues/([^"]+)">', last) == ["issue-3"]  # not one that was not published

    @pytest.mark.parametrize("story", [10, 11])
    def test_it_counts_as_sent_after_a_merge_and_a_split(self, site: Website, story: int) -> None:
        assert "/issues/issue-1" in site.get(f"/news/stories/{story}").text


def atom(site: Website, address: str = "/issues.atom") -> ET.Element:
    """The feed, once it was held against RFC 4287."""
    answer = site.get(address)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            (one,) = element.findall(f"{ATOM}{name}")
            assert one.text
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "").tzinfo
        assert element.findtext(f"{ATOM}author/{ATOM}name")
        kinds = [(one.get("rel"), one.get("type")) for one in element.findall(f"{ATOM}link")]
        assert len(kinds) == len(set(kinds))
        assert ("alternate", "text/html") in kinds
        assert all((one.get("href") or "").startswith("http") for one in element.findall(f"{ATOM}link"))
    assert [one.get("rel") for one in feed.findall(f"{ATOM}link")].count("self") == 1
    ids = [element.findtext(f"{ATOM}id") for element in (feed, *entries)]
    assert len(ids) == len(set(ids))
    assert all(one and one.startswith("urn:uuid:") for one in ids)
    known = {"id", "title", "updated", "published", "author", "link", "category", "summary", "content", "entry"}
    assert {child.tag.removeprefix(ATOM) for element in (feed, *entries) for child in element} <= known
    updated = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert updated == sorted(updated, reverse=True, key=str)
    assert not entries or feed.findtext(f"{ATOM}updated") == updated[0]
    return feed


def json_feed(site: Website, address: str = "/issues.json") -> Any:
    """The feed, once it was held against JSON Feed 1.1."""
    answer = site.get(address)
    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    feed = answer.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(feed["title"], str)
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert "content_html" in item
        assert datetime.fromisoformat(item["date_published"]).tzinfo
        assert item["url"].startswith("http")
        assert all(isinstance(tag, str) for tag in item["tags"])
    known = {"id", "url", "title", "content_html", "summary", "image", "date_published", "authors", "tags", "language"}
    assert {name for item in feed["items"] for name in item if not name.startswith("_")} <= known
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    return feed


class TestTables:
    def test_tables_of_published_issues_lead_to_their_pages(self, site: Website) -> None:
        assert re.findall(r'<td class="col-name[^>]*><a href="([^"]+)">', site.get("/news/issues").text) == [
            "/issues/issue-3", "/issues/issue-2", "/issues/issue-1",
        ]  # fmt: skip
        page = site.get("/news/issue_stories").text
        assert '<a href="/issues/issue-2">issue-2</a>' in page
        assert '<a href="/news/stories/2">2</a>' in page
        assert "Таємна" not in page


class TestFeeds:
    def test_there_is_one_entry_an_issue_newest_first(self, site: Website) -> None:
        feed = atom(site)
        titles = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
        assert titles == [f"{BULLETIN.name_en} · issue-3", "Schools & budgets", f"{BULLETIN.name_en} · issue-1"]
        assert [item["title"] for item in json_feed(site)["items"]] == titles
        assert [item["_visnyk"]["issue"] for item in json_feed(site)["items"]] == ["issue-3", "issue-2", "issue-1"]

    def test_an_entry_holds_the_whole_issue_with_absolute_addresses(self, site: Website) -> None:
        second = atom(site).findall(f"{ATOM}entry")[1]
        content = second.find(f"{ATOM}content")
        assert content is not None and content.get("type") == "html"
        html = content.text or ""
        assert html == json_feed(site)["items"][1]["content_html"]
        for words in ("Вступ редакції", "Council adopts budget", "Our own item", "Only 23 were left."):
            assert words in html
        page = Active()
        page.feed(html)
        assert page.links
        assert [one for one in page.links if not one.startswith(("https://", "http://localhost/"))] == []
        assert second.findtext(f"{ATOM}summary") == "What changed for 27 schools"

    def test_addresses_are_those_of_the_site_if_it_is_known(self, two: Website) -> None:
        feed = json_feed(two, "/issues.json?newsletter=weekly")
        (entry,) = feed["items"]
        assert entry["url"] == f"{WEEKLY.site}/issues/weekly-1"
        assert f'href="{WEEKLY.site}/news/stories/1"' in entry["content_html"]
        assert feed["feed_url"] == f"{WEEKLY.site}/issues.json?newsletter=weekly"
        assert two.json("/issues/weekly-1.json")["url"] == f"{WEEKLY.site}/issues/weekly-1"

    def test_without_it_they_are_those_of_the_host_and_ids_stay(self, site: Website) -> None:
        here, there = (
            site.get("/issues.json", headers={"host": host}).json() for host in ("localhost", "news.example:8001")
        )
        assert there["items"][0]["url"] == "http://news.example:8001/issues/issue-3"
        assert [item["id"] for item in here["items"]] == [item["id"] for item in there["items"]]

    def test_one_newsletter_has_its_own_feed_and_id(self, two: Website) -> None:
        whole, weekly = atom(two), atom(two, "/issues.atom?newsletter=weekly")
        assert len(whole.findall(f"{ATOM}entry")) == ISSUES_IN_A_FEED
        assert [one.findtext(f"{ATOM}title") for one in weekly.findall(f"{ATOM}entry")] == ["Weekly · weekly-1"]
        assert weekly.findtext(f"{ATOM}id") != whole.findtext(f"{ATOM}id")
        assert weekly.findtext(f"{ATOM}title") == "Weekly · Тижневик"
        for form in ("atom", "json"):
            assert two.get(f"/issues.{form}?newsletter=none").status_code == 404

    def test_before_the_first_issue_a_feed_is_empty_and_valid(self, empty: Website) -> None:
        assert atom(empty).findall(f"{ATOM}entry") == []
        assert json_feed(empty)["items"] == []

    @pytest.mark.parametrize(
        ("sizes", "kept"),
        [
            ([], 0),
            ([STORIES_IN_A_FEED // 2] * 2 + [1], 2),
            ([STORIES_IN_A_FEED // 2 + 1, STORIES_IN_A_FEED // 2, 1], 1),
            ([STORIES_IN_A_FEED + 1, 1], 1),
        ],
    )
    def test_a_feed_is_bounded_and_has_the_newest_issue(self, sizes: list[int], kept: int) -> None:
        assert fitting_in_feed(sizes) == kept


class TestData:
    def test_an_issue_says_who_made_each_text(self, site: Website) -> None:
        data = site.json("/issues/issue-2.json")
        stories = {
            one["story_id"]: one for part in data["sections"] for one in part["contents"] if one["kind"] == "story"
        }
        made = {
            number: (one["title_uk_by"], one["title_en_by"], one["title_en_approved"], one["withheld"])
            for number, one in stories.items()
        }
        assert made == {
            1: ("publisher", "publisher", False, None),
            2: ("publisher", "machine", False, None),
            3: ("publisher", "machine", True, None),
            4: ("publisher", None, False, "flagged"),
            5: (None, "publisher", False, None),
            6: ("editor", "editor", False, None),
        }
        assert stories[1]["correction"] == {
            "issue": "issue-1", "issue_url": "http://localhost/issues/issue-1", "title_uk": "Було 23 школи",
            "title_en": "There were 23 schools", "lead_uk": None, "lead_en": "Only 23 were left.",
        }  # fmt: skip
        assert stories[2]["sources"][1] == {
            "id": "portal", "name_uk": "Портал", "name_en": "Portal", "url": "https://portal.example/en/2",
            "language": "en", "published_on": "2026-02-20",
        }  # fmt: skip
        assert stories[2]["places"] == [{"name_uk": "Полтавська", "name_en": "Poltava region"}]
        assert stories[2]["story_url"] == "http://localhost/news/stories/2"
        assert [number for number, one in stories.items() if one["late"]] == [4]

    def test_the_issue_as_a_whole_is_described(self, site: Website) -> None:
        data = site.json("/issues/issue-2.json")
        assert (data["issue"], data["day"], data["published_at"]) == ("issue-2", "2026-02-27", LATER)
        assert data["newsletter"] == {"id": "bulletin", "name_uk": BULLETIN.name_uk, "name_en": BULLETIN.name_en}
        assert data["texts"]["subject"] == "Schools & budgets"
        assert data["image"]["alt_uk"] == "Школа"
        assert site.get(data["image"]["url"].removeprefix("http://localhost")).content == PNG
        (item,) = [one for part in data["sections"] for one in part["contents"] if one["kind"] == "item"]
        assert (item["by"], item["title_en"], item["url"]) == ("editor", "Our own item", "https://own.example/")
        assert {part["id"]: part["text_en"] for part in data["sections"]}["budgets"] == "On money"


class TestProtocol:
    ADDRESSES = ("/issues", "/issues/issue-2", "/issues.atom", "/issues.json", "/issues/issue-2.json",
                 "/issues/issue-2/image", "/issues/issue-2/mail")  # fmt: skip

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_a_copy_is_not_sent_again(self, site: Website, address: str) -> None:
        first = site.get(address)
        assert first.headers["cache-control"] == "public, max-age=300"
        for asked in (
            {"if-none-match": first.headers["etag"]},
            {"if-none-match": f'"other", W/{first.headers["etag"]}'},
            {"if-modified-since": first.headers["last-modified"]},
        ):
            again = site.get(address, headers=asked)
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        other = {"if-none-match": '"other"', "if-modified-since": first.headers["last-modified"]}
        assert site.get(address, headers=other).content == first.content

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_head_is_get_without_the_body(self, site: Website, address: str) -> None:
        whole, head = site.get(address), site.get(address, "HEAD")
        assert (head.status_code, head.content) == (200, b"")
        assert {k: v for k, v in head.headers.items() if k != "content-length"} == {
            k: v for k, v in whole.headers.items() if k != "content-length"
        }
        assert site.get("/issues/none", "HEAD").status_code == 404

    @pytest.mark.parametrize("address", ADDRESSES)
    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
    def test_nothing_else_is_allowed(self, site: Website, address: str, method: str) -> None:
        assert site.get(address, method).status_code == 405

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_nothing_from_elsewhere_may_be_loaded(self, site: Website, address: str) -> None:
        policy = site.get(address).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "img-src 'self'" in policy
        assert ("unsafe-inline" in policy) is ("sandbox" in policy) is address.endswith("/mail")
        assert "script" not in policy

    def test_the_page_of_an_issue_changes_when_the_next_one_is_published(self, site: Website) -> None:
        assert site.get("/issues/issue-1").headers["last-modified"] == "Fri, 27 Feb 2026 12:00:00 GMT"
        assert site.get("/issues/issue-3").headers["last-modified"] == "Fri, 06 Mar 2026 12:00:00 GMT"

    @pytest.mark.parametrize(
        ("asked", "known"),
        [
            ({}, False),
            ({"if-none-match": "*"}, True),
            ({"if-none-match": '"b"'}, False),
            ({"if-modified-since": "Fri, 27 Feb 2026 12:00:00 GMT"}, True),
            ({"if-modified-since": "Fri, 27 Feb 2026 11:59:59 GMT"}, False),
            ({"if-modified-since": "yesterday"}, False),
            ({"if-modified-since": "Fri, 27 Feb 2026 12:00:00"}, False),
            ({"if-none-match": '"b"', "if-modified-since": "Fri, 27 Feb 2026 12:00:00 GMT"}, False),
        ],
    )
    def test_when_a_copy_is_known(self, asked: dict[str, str], known: bool) -> None:
        assert is_known(asked, '"a"', LATER) is known
        assert is_known({"if-modified-since": "Fri, 27 Feb 2026 12:00:00 GMT"}, '"a"', "") is False


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Website]:
    room = Newsroom(tmp_path_factory.mktemp("hostile") / "news.db")
    room.source("portal")
    write = IssueRows(room)
    bad = ("javascript:alert(1)", "data:text/html,<script>1</script>", '//evil.example"onclick="x', "http://a b/")
    for n in range(1, len(bad) + 1):
        room.story(f"Новина {n}")
    note = f"[x](javascript:alert(1)) {SCRIPT} [y](//evil.example) ![z](https://evil.example/pixel.png)"
    entries = [
        {"story_id": n, "title_uk": SCRIPT, "title_en": f"{SCRIPT}\x00\x0b\ufffe", "title_en_by": "machine",
         "lead_uk": SCRIPT, "lead_en": SCRIPT, "note": note,
         "links": [link(address, source=SCRIPT), link(address, "en")], "places": [[SCRIPT, SCRIPT]],
         "section": SCRIPT, "published_on": '"><script>'}
        for n, address in enumerate(bad, 1)
    ]  # fmt: skip
    fields = (
        "subject",
        "preview",
        "intro_uk",
        "intro_en",
        "closing_uk",
        "image_alt_en",
        f"section_text_en:{SCRIPT}",
    )
    items = tuple({"section": SCRIPT, "title_en": SCRIPT, "text_en": note, "url": address} for address in bad)
    write.issue("issue-1", *entries, texts=dict.fromkeys(fields, f"{note} ]]> \x08"), items=items, image=PNG)
    opened = room.done()
    yield opened
    opened.close()


class TestHostile:
    @pytest.mark.parametrize("address", ["/issues", "/issues/issue-1", "/news/stories/1", "/news/issue_stories"])
    def test_no_text_acts_on_a_page(self, hostile: Website, address: str) -> None:
        page = Active()
        page.feed(hostile.get(address).text)
        assert page.found == (["img"] if address == "/issues/issue-1" else [])
        own = (
            "/",
            "http://localhost/",
            "?",
            "#",
            "https://datasette.io/",
            "https://portal.example/",
            "https://evil.example/pixel.png",
        )
        assert [one for one in page.links if not one.startswith(own) or one.startswith("//")] == []

    def test_no_text_acts_in_a_feed(self, hostile: Website) -> None:
        for html in (
            json_feed(hostile)["items"][0]["content_html"],
            atom(hostile).findtext(f"{ATOM}entry/{ATOM}content") or "",
        ):
            page = Active()
            page.feed(html)
            assert page.found == ["img"]
            assert {one for one in page.links if "evil" in one} <= {"https://evil.example/pixel.png"}
            assert "\x08" not in html and "\x00" not in html and "\ufffe" not in html

    def test_addresses_that_may_not_be_links_are_none_in_the_data(self, hostile: Website) -> None:
        data = hostile.json("/issues/issue-1.json")
        found = [one for part in data["sections"] for one in part["contents"]]
        assert {source["url"] for one in found if one["kind"] == "story" for source in one["sources"]} == {None}
        assert {one["url"] for one in found if one["kind"] == "item"} == {None}


def test_data_and_feeds_name_no_column_of_the_editors(site: Website) -> None:
    for address in ("/issues/issue-2.json", "/issues.json"):
        assert not re.search(r'"(remark|edited_by|approved_by|digest_id|reason)"', json.dumps(site.json(address)))


def test_an_editor_sees_what_was_not_published_and_that_it_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD, hash_password("correct", iterations=1000))
    room = Newsroom(tmp_path / "news.db")
    first_issue(IssueRows(room))
    room.db.commit()
    room.db.close()
    browser = Browser(tmp_path / "news.db")
    assert browser.get("/issues/issue-4").status_code == 403
    browser.log_in()
    sealed, published = browser.get("/issues/issue-4"), browser.get("/issues/issue-2")
    assert "Not published: only editors see this page." in sealed.text
    assert "Таємна новина" in sealed.text
    assert "Not published" not in published.text
    assert published.headers["cache-control"] == "private, no-store"
    assert browser.get("/issues/issue-4.json").json()["published_at"] is None
    assert browser.get("/issues/issue-5").status_code == 404
    assert "issue-4" not in browser.get("/issues").text
    assert "issue-4" not in browser.get("/issues.atom").text
    browser.close()
