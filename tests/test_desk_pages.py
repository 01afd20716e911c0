"""What the desk shows: filters, search, what needs a look, what changed, previews; bounds of the page itself."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from language.letters import text_hash
from newsletter.fields import item_key, key
from newsletter.issue import Choice, FreeItem
from tests.support.digesting import decide
from tests.support.hostile_texts import HOSTILE_TITLES
from tests.support.newsroom import rows
from tests.support.page_forms import FormReader, form_of
from tests.support.shared_desk import blank, browser, served

if TYPE_CHECKING:
    from tests.support.digesting import Paper
    from tests.test_digest_desk import Browser

__all__ = ["blank", "browser", "served"]  # fixtures
WITHHELD, MACHINE, OLD, ENGLISH, MIXED = (key(1, number) for number in range(1, 6))


@pytest.fixture
def paper(blank: Paper) -> Paper:
    """One story of each kind."""
    made = blank
    made.story("Громади отримали 23 школи")
    made.translate("Громади отримали 23 школи", "Hromadas received 32 schools", "flagged")
    made.db.execute("""UPDATE translations SET reasons = '["digit_added: 32", "digit_missing: 23"]', score = -1.4""")
    made.story("ЦНАП відкрито у громаді", source_id="letter")
    made.translate("ЦНАП відкрито у громаді", "An ASC was opened in the community")
    made.story("Рада старого скликання", day="2026-02-01")
    made.db.execute("UPDATE stories SET first_seen_at = '2026-02-01T08:00:00Z' WHERE id = 3")
    made.story("", "A grant call for communities")
    made.story("Бюджет громадu", "The budget", day=None, url="javascript:alert(1)")
    rows(made.db, "topics", id="budget", label_uk="Бюджет", label_en="Budget")
    rows(made.db, "places", id="UA05", kind="oblast", name_uk="Вінницька область", name_en="Vinnytsia oblast")
    for table in ("topics", "places"):
        column = f"{table[:-1]}_id"
        rows(
            made.db, f"article_{table}", article_id=1, matched="x", **{column: {"topics": "budget"}.get(table, "UA05")}
        )
    for story_id, uk, en in made.rows("SELECT story_id, coalesce(title_uk, ''), coalesce(title_en, '') FROM news"):
        made.db.execute(
            "INSERT INTO news_fts (rowid, title_uk, title_en, lead_uk, lead_en) VALUES (?, ?, ?, '', '')",
            (story_id, uk, en),
        )
    return made


@pytest.fixture(autouse=True)
def filled(paper: Paper) -> None:
    """Every test has the stories."""


def shown(browser: Browser, query: str = "") -> set[str]:
    """The keys of the rows that the bin shows."""
    return set(re.findall(r'data-key="([a-z]{10})"', browser.get(f"/desk/bin?{query}").text))


class TestBin:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", {WITHHELD, MACHINE, ENGLISH, MIXED}),
            ("faded=1", {WITHHELD, MACHINE, OLD, ENGLISH, MIXED}),
            ("q=" + quote("громадами"), {WITHHELD, MACHINE, MIXED}),
            ("q=" + quote("школа"), {WITHHELD}),
            ("q=" + quote('"громадами"'), set()),
            ("q=grants", {ENGLISH}),
            ("q=" + quote("громада школи"), {WITHHELD}),
            ("q=" + quote('"'), set()),
            ("topic=budget", {WITHHELD}),
            ("oblast=Vinnytsia+oblast", {WITHHELD}),
            ("source=letter", {MACHINE}),
            ("language=machine", {MACHINE}),
            ("language=english", {ENGLISH}),
            ("language=none", {WITHHELD}),
            ("language=publisher", {MIXED}),
            ("look=1", {WITHHELD, MIXED}),
            ("topic=budget&source=letter", set()),
            ("page=99", {WITHHELD, MACHINE, ENGLISH, MIXED}),
            ("page=x&newsletter=bulletin", {WITHHELD, MACHINE, ENGLISH, MIXED}),
        ],
    )
    def test_filters(self, browser: Browser, query: str, expected: set[str]) -> None:
        assert shown(browser, query) == expected

    def test_an_empty_bin_leads_to_what_faded(self, browser: Browser) -> None:
        (found,) = re.findall(r'href="([^"]+)#bin">Faded stories too', browser.get("/desk?topic=roads").text)
        assert "topic=roads" in found and "faded=1" in found
        assert "Faded stories too" not in browser.get("/desk?topic=roads&faded=1").text

    def test_each_filter_says_how_many_it_would_show(self, browser: Browser) -> None:
        page = browser.get("/desk").text
        for words in ("Budget (1)", "Vinnytsia oblast (1)", "Portal (3)", "Letter (1)", "without English (1)",
                      "faded too (1)"):  # fmt: skip
            assert words in page
        assert "Portal (1)" in browser.get("/desk?topic=budget").text

    def test_most_important_first(self, browser: Browser, paper: Paper) -> None:
        paper.article(4, "uk", "Грант для громад", day="2026-02-20", source_id="letter")
        assert re.findall(r'data-key="([a-z]{10})"', browser.get("/desk/bin").text)[0] == ENGLISH, "two sources"

    def test_what_changed_since_the_last_issue(self, browser: Browser, paper: Paper) -> None:
        form = form_of(browser.get("/desk/seal").text, "seal")
        browser.post(form.filled(), form.action)
        paper.db.execute("UPDATE digests SET sealed_at = '2026-03-02T00:00:00Z' WHERE sealed_at IS NOT NULL")
        paper.hour = 40
        late = paper.story("Нова громада", source_id="letter")
        page = browser.get("/desk").text
        assert "1 new</a>" in page and "nothing new from" in page and "Portal</a>" in page
        assert shown(browser, "changed=new") == {key(2, late)}

    def test_fifty_rows_a_page(self, browser: Browser, paper: Paper) -> None:
        for number in range(47):
            paper.hour = 20
            paper.story(f"Ще одна новина {number}")
        first, second = shown(browser), shown(browser, "page=2")
        assert (len(first), len(second), first & second) == (50, 1, set())
        assert 'rel="next"' in browser.get("/desk").text


def test_sections_and_items_stand_as_they_do_in_the_issue(browser: Browser, paper: Paper) -> None:
    choices = [Choice(1, "taken", section="Свій розділ"), Choice(2, "taken", section="other"), Choice(4, "taken")]
    decide(paper, *choices, Choice(5, "taken", section="other"))
    paper.db.execute("UPDATE digests SET fixed_at = 'x'")
    for position, title in ((2, "second"), (1, "first"), (None, "last")):
        rows(paper.db, "digest_items", digest_id=1, section="other", position=position, title_en=title)
    contents = paper.draft().contents()
    page = browser.get("/desk").text.partition('<section id="issue"')[2]
    assert re.findall(r'class="part" data-section="([^"]+)"', page) == [section.id for section, _ in contents]
    assert [section.id for section, _ in contents][-2:] == ["Свій розділ", "other"]
    expected = [
        item_key(1, one.item_id) if isinstance(one, FreeItem) else key(1, one.story.story_id)
        for _, held in contents
        for one in held
    ]
    assert re.findall(r'<article [^>]*data-key="([a-z]{10})"', page) == expected


class TestStory:
    def test_letters_of_two_scripts_are_marked_on_the_page_of_the_story(self, browser: Browser) -> None:
        assert "<mark>громадu</mark>" in browser.get("/news/stories/5").text
        assert "<mark>" not in browser.get("/news/stories/1").text

    def test_the_machines_english_stands_beside_the_original_with_what_the_checks_said(self, browser: Browser) -> None:
        page = browser.get(f"/desk?story={WITHHELD}").text
        assert "Громади отримали <mark>23</mark> школи" in page
        assert "Hromadas received <mark>32</mark> schools" in page
        assert "a figure was added: 32" in page and "unsure (score -1.40)" in page
        assert '<dd lang="en">ASC</dd>' in browser.get(f"/desk/story/{MACHINE}").text

    def test_an_approval_is_no_rewording(self, browser: Browser, paper: Paper) -> None:
        form = form_of(browser.get(f"/desk?story={WITHHELD}").text, "machine")
        assert browser.post(form.filled(), form.action).status_code == 302
        assert paper.rows("SELECT text, approved_by FROM translation_approvals") == [
            ("Hromadas received 32 schools", "editor")
        ]
        assert paper.rows("SELECT * FROM translation_edits") == []
        assert WITHHELD not in shown(browser, "look=1")
        assert "It was approved as it is." in browser.get(f"/desk?story={WITHHELD}").text

    def test_what_was_never_shown_is_not_approved(self, browser: Browser, paper: Paper) -> None:
        page = form_of(browser.get("/desk").text, "bin-marked")
        (button,) = (one for one in page.buttons if one[1].startswith(f"approve:{WITHHELD}"))
        paper.db.execute("UPDATE translations SET text = 'Another 32 schools' WHERE id = 1")
        answer = browser.post(page.filled(button), page.action)
        assert answer.status_code == 400 and "another one by now" in answer.text
        assert paper.rows("SELECT * FROM translation_approvals") == []

    @pytest.mark.parametrize("name", ["undated", "unlinked"])
    def test_a_remark_settles_what_no_wording_can(self, browser: Browser, paper: Paper, name: str) -> None:
        page = browser.get("/desk/bin?look=1").text
        assert {"no date", "no link", "two scripts"} <= set(re.findall(r'badge-warn">([^<]*)<', page))
        form = form_of(browser.get(f"/desk?story={MIXED}").text, "edit")
        browser.post(form.filled(remark="asked them"), form.action)
        assert MIXED not in shown(browser, "look=1")

    def test_a_headline_that_changed_after_it_was_worded_is_to_be_looked_at(
        self, browser: Browser, paper: Paper
    ) -> None:
        form = form_of(browser.get(f"/desk?story={MACHINE}").text, "edit")
        browser.post(form.filled(title_en="An ASC opens"), form.action)
        assert MACHINE not in shown(browser, "look=1")
        (article,) = paper.rows("SELECT uk_article_id FROM stories WHERE id = 2")
        for title, at in (("ЦНАП відкрито у громаді", "2026-02-20T"), ("Два ЦНАП відкрито у громаді", "2026-03-10T")):
            rows(paper.db, "article_versions", article_id=article[0], title=title, lead="",
                 title_hash=text_hash(title), first_seen_at=at, last_seen_at=at)  # fmt: skip
        paper.retitle(2, "Два ЦНАП відкрито у громаді")
        assert MACHINE in shown(browser, "look=1")
        assert "retitled" in browser.get("/desk/bin?look=1").text

    @pytest.mark.parametrize("address", ["/desk?story=bcdfghkmnp", "/desk/story/bcdfghkmnp"])
    def test_one_that_is_not_there(self, browser: Browser, address: str) -> None:
        answer = browser.get(address)
        assert answer.status_code == 404 and "not in the draft any more" in answer.text


class TestPage:
    @pytest.mark.parametrize("form", ["md", "html", "txt", "csv", "json", "atom", "eml", "docx", "xlsx", "telegram"])
    def test_a_preview_in_every_format(self, browser: Browser, form: str) -> None:
        browser.get("/desk")
        answer = browser.get(f"/desk/issue-1/{form}")
        assert answer.status_code == 200 and answer.content
        assert "script" not in answer.headers["content-security-policy"]
        assert "sandbox" in answer.headers["content-security-policy"]
        assert "attachment" in browser.get(f"/desk/issue-1/{form}?download=1").headers["content-disposition"]

    def test_a_preview_holds_what_was_typed_just_now(self, browser: Browser) -> None:
        form = form_of(browser.get(f"/desk?story={MACHINE}").text, "edit")
        browser.post(form.filled(title_en="An ASC opens its doors"), form.action)
        assert "An ASC opens its doors" in browser.get("/desk/issue-1/html").text

    @pytest.mark.parametrize(
        "address",
        ["/desk/issue-1/pdf", "/desk/nowhere/html", "/desk/issue-1/html?languages=xx", "/desk?newsletter=nowhere"],
    )
    def test_what_is_not_there(self, browser: Browser, address: str) -> None:
        browser.get("/desk")
        assert browser.get(address).status_code == 404

    def test_looking_writes_nothing_once_the_draft_is_begun(self, browser: Browser, paper: Paper) -> None:
        browser.get("/desk")
        paper.db.execute("BEGIN IMMEDIATE")
        addresses = (
            "/desk",
            "/desk/bin",
            f"/desk?story={MACHINE}",
            "/desk/changes",
            "/desk/seal",
            "/desk/issue-1/html",
        )
        assert [browser.get(address).status_code for address in addresses] == [200] * 6
        paper.db.execute("ROLLBACK")

    def test_hostile_texts_stay_texts(self, browser: Browser, paper: Paper) -> None:
        for number, hostile in enumerate(HOSTILE_TITLES):
            paper.hour = 20
            title = hostile.encode("utf-8", "ignore").decode()
            story = paper.story(title or "x", url=title[:80] or f"x{number}")
            ((stored,),) = paper.rows("SELECT title FROM articles WHERE story_id = ?", story)
            if number % 2 and not paper.rows("SELECT 1 FROM translations WHERE text_hash = ?", text_hash(stored)):
                paper.translate(stored, title, "flagged")
        pages = [
            browser.get("/desk").text,
            browser.get("/desk?q=%22%3E%3Cscript%3E").text,
            browser.get("/desk/seal").text,
        ]
        pages += [browser.get(f"/desk?story={key(1, number)}").text for number in range(6, 6 + len(HOSTILE_TITLES), 9)]
        for page in pages:
            for tag, given in FormReader(page).tags:
                assert tag not in ("img", "svg", "iframe", "style", "object", "embed")
                assert tag != "script" or given == {"type": "module", "src": "/static/desk.js"}
                assert not [name for name in given if name.startswith("on") or name == "style"]
                assert not given.get("href", "").strip().lower().startswith(("javascript:", "data:"))


@pytest.fixture
def large(paper: Paper) -> Paper:
    """400 stories, a third of them with the machine's English."""
    for number in range(395):
        paper.hour = number % 100
        paper.story(
            f"Громада {number} отримала субвенцію", f"Community {number} got it" if number % 3 else "", lead="Лід"
        )
        if not number % 3:
            paper.translate(
                f"Громада {number} отримала субвенцію", f"Hromada {number}", "flagged" if number % 2 else "ok"
            )
    return paper


def bounds(page: str) -> dict[str, Any]:
    read = FormReader(page)
    return {"stops": read.stops, "twice": [one for one, times in Counter(read.ids).items() if times > 1]}


def test_a_desk_of_400_stories_is_short(large: Paper, browser: Browser) -> None:
    page = browser.get("/desk").text
    assert bounds(page)["stops"] < 300 and bounds(page)["twice"] == []
    form = form_of(page, "bin-marked")
    picked = [("pick", f"{key(1, number)}::") for number in range(6, 401)]
    browser.post(form.filled(*picked, ("act", "take")), form.action)
    full = browser.get("/desk").text
    assert "395 in the issue" in full and bounds(full)["stops"] < 300 and bounds(full)["twice"] == []
    levels = [int(tag[1]) for tag, _ in FormReader(page).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1 and max(levels) == 3
