"""The door of the desk: editors only, on their own instance only, no form from elsewhere."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from datasette_auth_passwords.utils import hash_password  # type: ignore[import-untyped]

from core.errors import UsageError
from pipeline.editors import PASSWORD, open_desk
from pipeline.serve import build
from tests.support.digesting import Paper

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


NOW = "2026-03-09T10:00:00Z"  # of the desk: what these tests collect has not faded by then
Fields = Mapping[str, str] | Sequence[tuple[str, str]]


class Browser:
    """A browser with cookies on the editor's instance, or on the public one."""

    def __init__(self, path: Path, *, editor: bool = True, now: str = NOW, newsletters: Sequence[str] = ()) -> None:
        self.datasette = build(path, {"clock": {"now": now}}, desk=open_desk(path, newsletters) if editor else None)
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

    def post(self, fields: Fields, address: str = "/desk/change", **headers: str) -> Any:
        pairs = list(fields.items()) if isinstance(fields, Mapping) else fields
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self.ask("POST", address, content=urlencode(pairs), headers=kind | headers)

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


WRITTEN = [
    "/desk/change", "/desk/item", "/desk/undo", "/desk/seen", "/desk/seal", "/desk/unseal", "/desk/publish",
    "/desk/hand-over",
]  # fmt: skip
ADDRESSES = [
    "/", "/desk", "/desk/issue-1/html", "/desk/bin", "/desk/story/bcdfghkmnp", "/desk/history", "/desk/issues",
    "/desk/changes", "/desk/seal",
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
        for address in WRITTEN:
            assert browser.post({"issue": "issue-1"}, address).status_code == 403
        assert paper.rows("SELECT * FROM digests") == []

    def test_a_wrong_password_opens_nothing(self, browser: Browser) -> None:
        assert "Invalid username or password" in browser.log_in("wrong").text
        assert browser.get("/desk").status_code == 403
        assert browser.log_in().status_code == 302
        assert browser.get("/desk").status_code == 200

    def test_a_form_from_elsewhere_is_refused(self, browser: Browser, paper: Paper) -> None:
        browser.log_in()
        fields = browser.form("/desk/seal")
        for token in ("", "forged"):
            for address in WRITTEN:
                assert browser.post({**fields, "csrftoken": token}, address).status_code == 403
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
        refused = {
            public.ask(method, address).status_code for address in (*WRITTEN, "/desk", "/desk/issue-1/html", "/-/login")
        }
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
