"""The desk in the browser: editors only; pick, drop, move, reword, preview, seal, past issues."""

from __future__ import annotations

import asyncio
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from datasette_auth_passwords.utils import hash_password  # type: ignore[import-untyped]

from core.errors import UsageError
from pipeline.editors import PASSWORD, open_desk
from pipeline.serve import build
from tests.support.digesting import Paper
from tests.support.hostile_texts import HOSTILE_TITLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Browser:
    """A browser with cookies on the editor's instance, or on the public one."""

    def __init__(self, path: Path, *, editor: bool = True) -> None:
        self.datasette = build(path, desk=open_desk(path) if editor else None)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, address: str, **options: Any) -> Any:
        async def ask() -> Any:
            await self.datasette.invoke_startup()
            return await self.datasette.client.request(
                method, address, cookies=self.cookies, follow_redirects=False, **options
            )

        answer = asyncio.run(ask())
        self.cookies |= dict(answer.cookies)
        return answer

    def get(self, address: str) -> Any:
        return self.ask("GET", address)

    def form(self, address: str = "/desk") -> dict[str, str]:
        """The fields as the page has filled them in."""
        page = self.get(address).text
        found = {}
        for field in re.findall(r"<input [^>]*>", page):
            values = dict(re.findall(r'([a-z]+)="([^"]*)"', field))
            if "name" in values and (values.get("type") != "checkbox" or "checked" in field):
                found[values["name"]] = unescape(values.get("value", ""))
        return found

    def post(self, fields: dict[str, str], address: str = "/desk", **headers: str) -> Any:
        return self.ask("POST", address, data=fields, headers=headers)

    def log_in(self, password: str = "correct", name: str = "editor") -> Any:
        token = self.form("/-/login").get("csrftoken", "")
        return self.post({"username": name, "password": password, "csrftoken": token}, "/-/login")

    def close(self) -> None:
        for database in self.datasette.databases.values():
            database.close()
        self.datasette.executor.shutdown()


@pytest.fixture(scope="module", autouse=True)
def password() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PASSWORD, hash_password("correct", iterations=1000))
        yield


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    made = Paper(tmp_path / "news.db")
    made.story("Громада має бюджет", "Community has a budget")
    made.story("Рада ухвалила план", day="2026-02-21")
    yield made
    made.close()


@pytest.fixture
def browser(paper: Paper) -> Iterator[Browser]:
    made = Browser(paper.path)
    yield made
    made.close()


ADDRESSES = [
    "/", "/desk", "/desk/issue-1/html",
    "/desk/issue-1/csv", "/news", "/news.json", "/news/news", "/news/digest_choices",
    "/news/digest_drops.csv", "/news/translation_edits.json", "/-/metadata.json", "/-/versions", "/-/actor.json",
    "/news?sql=select+1", "/-/databases.json",
]  # fmt: skip


class TestDoor:
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_a_stranger_is_refused_everywhere(self, browser: Browser, address: str) -> None:
        assert browser.get(address).status_code == 403
        browser.cookies["ds_actor"] = "forged"
        assert browser.get(address).status_code == 403
        browser.cookies["ds_actor"] = browser.datasette.sign({"a": {"id": "x", "role": "reader"}}, "actor")
        assert browser.get(address).status_code == 403

    def test_a_stranger_changes_nothing(self, browser: Browser, paper: Paper) -> None:
        assert browser.post({"action": "seal", "issue": "issue-1"}).status_code == 403
        assert paper.rows("SELECT * FROM digests") == []

    def test_a_wrong_password_opens_nothing(self, browser: Browser) -> None:
        assert "Invalid username or password" in browser.log_in("wrong").text
        assert browser.get("/desk").status_code == 403
        assert browser.log_in().status_code == 302
        assert browser.get("/desk").status_code == 200

    def test_a_form_from_elsewhere_is_refused(self, browser: Browser, paper: Paper) -> None:
        browser.log_in()
        fields = browser.form()
        for token in ("", "forged"):
            assert browser.post({**fields, "csrftoken": token, "action": "seal"}).status_code == 403
        assert paper.rows("SELECT count(*) FROM digests WHERE sealed_at IS NOT NULL") == [(0,)]

    def test_sql_of_ones_own_is_off_even_here(self, browser: Browser) -> None:
        browser.log_in()
        assert browser.get("/news?sql=select+1").status_code == 403

    def test_the_hash_of_the_password_is_nowhere(self, browser: Browser) -> None:
        browser.log_in()
        assert "pbkdf2" not in browser.get("/-/metadata.json").text

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_the_public_site_has_no_desk(self, paper: Paper, method: str) -> None:
        public = Browser(paper.path, editor=False)
        public.cookies["ds_actor"] = public.datasette.sign({"a": {"id": "editor", "role": "editor"}}, "actor")
        refused = {public.ask(method, address).status_code for address in ("/desk", "/desk/issue-1/html", "/-/login")}
        assert refused <= {403, 404, 405}
        del public.cookies["ds_actor"]
        assert public.get("/news/digest_choices.json").status_code == 403
        assert public.get("/").status_code == 200
        public.close()
        public.close()

    @pytest.mark.parametrize("given", ["plain text", "", "pbkdf2_sha256$0$salt$hash", "pbkdf2_sha256$x"])
    def test_without_a_password_it_does_not_open(
        self, given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(PASSWORD, given)
        with pytest.raises(UsageError, match=PASSWORD):
            open_desk(tmp_path / "news.db")


class TestWork:
    @pytest.fixture(autouse=True)
    def logged_in(self, browser: Browser) -> None:
        browser.log_in()

    def test_pick_move_reword_note_and_seal(self, browser: Browser, paper: Paper) -> None:
        fields = browser.form()
        fields |= {
            "title_en-1": "The community passed its budget",
            "section-1": "Budgets and subventions",
            "note-1": "See p. 2",
        }
        del fields["include-2"]
        fields["note-2"] = "not for us"
        assert browser.post({**fields, "action": "save"}).status_code == 302
        assert paper.rows("SELECT text, edited_by FROM translation_edits") == [
            ("The community passed its budget", "editor")
        ]
        again = browser.form()
        assert (again["title_en-1"], again["note-1"], again["section-1"]) == (
            "The community passed its budget", "See p. 2", "Budgets and subventions"
        )  # fmt: skip
        assert "include-2" not in again
        browser.post({**again, "action": "seal"})
        assert paper.rows("SELECT story_id, section, title_en, note FROM digest_entries") == [
            (1, "budgets", "The community passed its budget", "See p. 2")
        ]
        assert paper.rows("SELECT story_id, reason FROM digest_drops") == [(2, "not for us")]
        page = browser.get("/desk").text
        assert "issue-1" in page and "/desk/issue-1/docx?download=1" in page and "Draft of issue-2" in page

    def test_sealed_is_what_stood_on_the_page(self, browser: Browser, paper: Paper) -> None:
        fields = browser.form()
        late = paper.story("Надійшла пізніше")
        browser.post({**fields, "action": "seal"})
        assert paper.rows("SELECT story_id FROM digest_entries ORDER BY 1") == [(1,), (2,)]
        assert f"title_en-{late}" in browser.form()

    def test_the_page_of_a_sealed_issue_seals_nothing_more(self, browser: Browser, paper: Paper) -> None:
        fields = browser.form()
        browser.post({**fields, "action": "seal"})
        paper.story("Нова")
        browser.form()
        browser.post({**fields, "action": "seal"})
        assert paper.rows("SELECT count(*) FROM digests WHERE sealed_at IS NOT NULL") == [(1,)]

    @pytest.mark.parametrize(
        "change", [{"order-1": "first"}, {"title_en-99": "x", "order-99": "1"}, {"title_en-1": "x" * 501}]
    )
    def test_what_does_not_fit_is_told_and_changes_nothing(
        self, browser: Browser, paper: Paper, change: dict[str, str]
    ) -> None:
        browser.post({**browser.form(), **change, "action": "seal"})
        assert paper.rows("SELECT * FROM digest_choices UNION ALL SELECT * FROM digest_choices") == []
        assert paper.rows("SELECT count(*) FROM digests WHERE sealed_at IS NOT NULL") == [(0,)]
        assert 'class="note message-error"' in browser.get("/desk").text

    @pytest.mark.parametrize("form", ["md", "html", "txt", "csv", "json", "atom", "eml", "docx", "xlsx", "telegram"])
    def test_a_preview_in_every_format(self, browser: Browser, form: str) -> None:
        browser.form()
        answer = browser.get(f"/desk/issue-1/{form}")
        assert answer.status_code == 200 and answer.content
        assert "script" not in answer.headers["content-security-policy"]
        assert "sandbox" in answer.headers["content-security-policy"]
        assert "attachment" in browser.get(f"/desk/issue-1/{form}?download=1").headers["content-disposition"]

    @pytest.mark.parametrize("address", ["/desk/issue-1/pdf", "/desk/nowhere/html", "/desk/issue-1/html?languages=xx"])
    def test_what_is_not_there(self, browser: Browser, address: str) -> None:
        browser.form()
        assert browser.get(address).status_code == 404

    def test_hostile_titles_stay_text(self, browser: Browser, paper: Paper) -> None:
        for title in HOSTILE_TITLES:
            paper.story(title.encode("utf-8", "ignore").decode() or "x")
        page = browser.get("/desk")
        assert page.status_code == 200
        assert not re.search(r"<(script|img|svg|iframe|style)\b", page.text)
        assert not re.search(r'<[^>]*"\s+on[a-z]+=', page.text)
        browser.post({**browser.form(), "action": "save"})
        assert paper.rows("SELECT count(*) FROM translation_edits") == [(0,)]
