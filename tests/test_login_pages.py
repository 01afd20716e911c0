"""The pages of the log-in: what they say, where they lead, and what was typed before a session ended."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from datasette_auth_passwords.utils import hash_password  # type: ignore[import-untyped]

from newsletter.fields import key
from pipeline.editors import PASSWORD
from pipeline.login_attempts import FREE
from tests.support.digesting import Paper
from tests.support.page_forms import form_of
from tests.test_digest_desk import Browser
from web.login.forms import AFTER, CARRYING, MOST_FIELDS, SMALL_FORM, brought_along, to_bring_along, way_back
from web.login.visitor import SESSION
from web.plugins.login import MOST_CARRYING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paper]:
    monkeypatch.setenv(PASSWORD, hash_password("correct", iterations=1000))
    made = Paper(tmp_path / "news.db")
    made.story("Громада має бюджет", "Community has a budget")
    yield made
    made.close()


@pytest.fixture
def browser(paper: Paper) -> Iterator[Browser]:
    made = Browser(paper.path)
    made.datasette.desk.pause = 0
    yield made
    made.close()


def later(browser: Browser, seconds: float = SESSION + 5) -> None:
    begun = browser.datasette.desk.now()
    browser.datasette.desk.now = lambda: begun + seconds


def sent(browser: Browser, page: Any, **typed: str) -> Any:
    """The answer to the only form of a page, filled in."""
    form = form_of(page.text, "login")
    return browser.post(form.filled(**typed), form.action)


def pairs(page: Any) -> list[tuple[str, str]]:
    return form_of(page.text, "login").pairs


def log_in(browser: Browser, page: Any, password: str = "correct") -> Any:
    return sent(browser, page, username="editor", password=password)


class TestWayBack:
    @pytest.mark.parametrize("path", ["/", "/desk", "/desk?newsletter=a&page=2", "/news/stories/7#x", "/a//b", "/%5C"])
    def test_a_path_of_this_site_is_one(self, path: str) -> None:
        assert way_back(path) == path

    @pytest.mark.parametrize(
        "path",
        ["", "desk", "//evil.example", "/\\evil.example", "\\/evil.example", "https://evil.example", "/\t/evil.example",
         "/\n/evil.example", "\t//evil.example", "javascript:alert(1)", "/desk\r\nset-cookie: a=b", "/desk ", "/деск",
         "/a\\b", "/" + "x" * 2001, "/-/login", "/-/login?next=/", "/-/logout", "@evil.example", "/\x00"],
    )  # fmt: skip
    def test_all_else_is_none(self, path: str) -> None:
        assert way_back(path) == AFTER

    @pytest.mark.parametrize("path", ["/", "/desk?newsletter=bulletin", "/news/news?_search=%D1%80%D0%B0"])
    def test_it_leads_to_the_page_that_was_asked_for(self, browser: Browser, path: str) -> None:
        page = browser.get(path)
        assert page.status_code == 403
        assert "Log in to see this page" in page.text
        assert log_in(browser, page).headers["location"] == path

    def test_it_outlives_a_wrong_password(self, browser: Browser) -> None:
        again = log_in(browser, browser.get("/news/stories?_size=5"), "wrong")
        assert "Invalid username or password" in again.text
        assert ("username", "editor") in pairs(again)
        assert log_in(browser, again).headers["location"] == "/news/stories?_size=5"

    @pytest.mark.parametrize(
        "other", ["//evil.example", "/%5cevil.example", "https%3A%2F%2Fevil.example", "%2F%2Fevil"]
    )
    def test_it_leads_to_no_other_site(self, browser: Browser, other: str) -> None:
        answer = log_in(browser, browser.get(f"/-/login?next={other}"))
        assert answer.status_code == 302
        assert urlsplit(answer.headers["location"])[:2] == ("", "")
        assert answer.headers["location"] == AFTER

    def test_a_page_that_is_asked_for_by_another_name_leads_to_no_other_site(self, browser: Browser) -> None:
        page = browser.get("//evil.example/x")
        assert 'action="/-/login?next=%2Fdesk"' in page.text


class TestPages:
    def test_in_the_style_of_the_site_and_telling_nothing(self, browser: Browser) -> None:
        for address in ("/-/login", "/desk", "/news"):
            page = browser.get(address)
            assert "/static/visnyk.css" in page.text and "<title>Log in · Visnyk</title>" in page.text
            assert "<style" not in page.text and 'style="' not in page.text
            assert "Громада" not in page.text and "/news/" not in page.text
            assert page.headers["cache-control"].endswith("no-store")

    def test_out_and_in_again(self, browser: Browser) -> None:
        browser.log_in()
        (way_out,) = re.findall(r'href="([^"]*)">Log out', browser.get("/news/stories/1").text)
        page = browser.get(unescape(way_out))
        assert "Log out (editor)" in page.text and 'href="/news/stories/1">Stay logged in' in page.text
        answer = sent(browser, page)
        assert answer.status_code == 302
        door = browser.get(answer.headers["location"])
        assert door.status_code == 200 and "You are logged out" in door.text
        assert log_in(browser, door).headers["location"] == "/news/stories/1"

    def test_whoever_is_in_is_told_so(self, browser: Browser) -> None:
        assert "You are logged in" not in browser.get("/-/login").text
        browser.log_in()
        page = browser.get("/-/login?next=/news").text
        assert 'You are logged in as editor. <a href="/news">Go on</a>' in page

    def test_a_session_that_is_over_says_so(self, browser: Browser) -> None:
        browser.log_in()
        later(browser)
        page = browser.get("/desk")
        assert page.status_code == 403 and "Your session has ended" in page.text

    def test_whoever_tries_too_often_reads_how_long_to_wait(self, browser: Browser) -> None:
        for _ in range(FREE):
            browser.log_in("wrong")
        page = browser.ask("POST", "/-/login?next=/news", data={"username": "editor"})
        assert page.status_code == 429
        assert re.search("wait [12] seconds?, then", page.text) and 'href="/-/login?next=/news"' in page.text
        assert "/static/visnyk.css" in page.text

    def test_nothing_that_is_sent_is_markup(self, browser: Browser) -> None:
        page = browser.get("/-/login?next=/%22%3E%3Cb%3E")
        again = sent(browser, page, username='"><b>', password="x")
        assert "<b>" not in page.text + again.text
        for _ in range(FREE):
            refused = browser.ask("POST", "/-/login?%22%3E%3Cb%3E", data={"csrftoken": dict(pairs(again))["csrftoken"]})
        assert refused.status_code == 429 and "<b>" not in refused.text

    @pytest.mark.parametrize(
        ("address", "headers"),
        [
            ("/desk/change", {"accept": "application/json"}),
            ("/desk/seal", {"sec-fetch-dest": "empty"}),
            ("/news.json", {}),
        ],
    )
    def test_a_script_gets_json(self, browser: Browser, address: str, headers: dict[str, str]) -> None:
        for method in ("GET", "POST") if "desk" in address else ("GET",):
            answer = browser.ask(method, address, headers=headers)
            assert answer.status_code == 403
            assert set(answer.json()) == {"error", "login"}
            assert answer.json()["login"].startswith("/-/login?next=")

    def test_a_form_of_another_browser_is_refused_on_a_page(self, browser: Browser) -> None:
        browser.log_in()
        own = browser.form()["csrftoken"]
        for token in ("", "x", own[:-1], "ї"):
            page = browser.post({"csrftoken": token})
            assert page.status_code in (400, 403) and "/static/visnyk.css" in page.text


class TestTyped:
    """What was typed when the session had ended."""

    def test_it_is_kept_and_sent_again_after_the_log_in(self, browser: Browser, paper: Paper) -> None:
        browser.log_in()
        form = form_of(browser.get(f"/desk?story={key(1, 1)}").text, "edit")
        typed = form.filled(title_en='A "new" <wording> & more', note="перший\r\nдругий")
        later(browser)
        kept = browser.post(typed, form.action)
        assert kept.status_code == 403 and "What you typed is kept in this page" in kept.text
        wrong = log_in(browser, kept, "wrong")
        assert "Invalid username or password" in wrong.text
        asked = log_in(browser, wrong)
        assert asked.status_code == 200 and "Not saved yet" in asked.text
        assert paper.rows("SELECT * FROM digest_changes") == [], "nothing is sent by itself"
        assert sent(browser, asked).status_code == 302
        assert paper.rows("SELECT text, edited_by FROM translation_edits") == [('A "new" <wording> & more', "editor")]
        assert paper.rows("SELECT note FROM digest_choices") == [("перший\nдругий",)]

    def test_every_field_comes_as_it_was(self) -> None:
        body = b"csrftoken=a&key=%D1%97&key=2&empty=&typed-x=1&text=a%0D%0Ab"
        assert brought_along(to_bring_along(body)) == [
            ("key", "ї"), ("key", "2"), ("empty", ""), ("typed-x", "1"), ("text", "a\r\nb"),
        ]  # fmt: skip

    def test_it_is_kept_while_attempts_are_slowed(self, browser: Browser) -> None:
        browser.log_in()
        form = browser.form() | {"note-1": "a note"}
        later(browser)
        page = browser.post(form)
        for _ in range(FREE + 1):
            page = log_in(browser, page, "wrong")
        assert page.status_code == 429 and int(page.headers["retry-after"]) >= 1
        assert ("typed-note-1", "a note") in pairs(page)

    def test_a_new_password_keeps_it_too(self, browser: Browser, paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
        browser.log_in()
        form = browser.form() | {"note-1": "a note"}
        monkeypatch.setenv(PASSWORD, hash_password("another", iterations=1000))
        changed = Browser(paper.path)
        changed.datasette.desk.pause, changed.cookies = 0, dict(browser.cookies)
        kept = changed.post(form)
        assert "What you typed is kept in this page" in kept.text
        assert ("note-1", "a note") in pairs(log_in(changed, kept, "another"))
        changed.close()

    def test_a_browser_in_which_nobody_logged_in_keeps_nothing(self, browser: Browser) -> None:
        page = browser.post({"note-1": "a note"})
        assert page.status_code == 403 and "nothing was saved" in page.text and "a note" not in page.text

    def test_where_it_is_sent_is_on_this_site(self, browser: Browser) -> None:
        browser.log_in()
        later(browser)
        kept = browser.post(browser.form("/-/login"))
        asked = sent(browser, kept, username="editor", password="correct", to="//evil.example")
        assert f'action="{AFTER}"' in asked.text and "evil" not in asked.text

    def test_how_much_is_bounded(self, browser: Browser) -> None:
        browser.log_in()
        token = browser.form()["csrftoken"]
        later(browser)
        most = CARRYING[0] - 500

        def status(size: int, address: str = "/-/login") -> int:
            return int(browser.post({"csrftoken": token, "typed-x": "x" * size}, address).status_code)

        assert [status(most), status(CARRYING[0])] == [200, 413]
        browser.datasette.desk.carrying = MOST_CARRYING - 1
        assert status(SMALL_FORM[0]) == 200
        browser.datasette.desk.carrying = MOST_CARRYING
        assert [status(SMALL_FORM[0] - 500), status(SMALL_FORM[0])] == [200, 413]
        assert [status(SMALL_FORM[0] - 500, "/desk/change"), status(SMALL_FORM[0], "/desk/change")] == [403, 413]
        assert browser.datasette.desk.carrying == MOST_CARRYING

    def test_so_many_fields_are_no_form(self, browser: Browser) -> None:
        browser.log_in()
        token = browser.form()["csrftoken"]
        for more, status in ((MOST_FIELDS - 1, 302), (MOST_FIELDS, 400)):
            body = f"csrftoken={token}" + "&x=" * more
            answer = browser.ask("POST", "/desk/change", content=body, headers={"content-type": FORM})
            assert answer.status_code == status


FORM = "application/x-www-form-urlencoded"
