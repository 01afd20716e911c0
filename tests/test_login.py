"""The log-in of the editors' instance: guesses, sessions and cookies."""

from __future__ import annotations

import asyncio
import logging
import stat
from typing import TYPE_CHECKING, Any

import pytest
from datasette_auth_passwords.utils import hash_password  # type: ignore[import-untyped]

from core.errors import StoreError
from pipeline.editors import PASSWORD, open_desk
from pipeline.login_attempts import FREE, LINES, LONGEST, MINUTE, TOGETHER, LoginAttempts, counted_as
from pipeline.serve import build
from tests.support.digesting import Paper
from tests.test_digest_desk import Browser
from web.login.visitor import KNOWN, SESSION
from web.plugins.login import MOST_PAUSING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HASH = hash_password("correct", iterations=1000)


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD, HASH)


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
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


def restarted(old: Browser, path: Path) -> Browser:
    """The same browser, at the server after it was started again."""
    new = Browser(path)
    new.cookies = dict(old.cookies)
    return new


class TestGuesses:
    def test_after_some_free_ones_each_waits_longer(self) -> None:
        now = [0.0]
        attempts = LoginAttempts(lambda: now[0])
        waits = []
        for _ in range(FREE + 9):
            waits.append(attempts.wait("a", is_known=False))
            now[0] += waits[-1]
            attempts.begin("a", is_known=False)
        assert waits[:FREE] == [0] * FREE
        assert waits[FREE:] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
        assert max(waits) == LONGEST

    def test_other_addresses_and_known_browsers_do_not_wait(self) -> None:
        attempts = LoginAttempts(lambda: 0.0)
        for _ in range(FREE):
            attempts.begin("a", is_known=False)
        assert attempts.wait("a", is_known=False) > 0
        assert attempts.wait("b", is_known=False) == 0
        for n in range(TOGETHER):
            attempts.begin(str(n), is_known=False)
        assert attempts.wait("fresh", is_known=False) > 0
        assert attempts.wait("browser", is_known=True) == 0

    def test_an_editor_at_a_new_browser_is_let_in_while_very_many_addresses_guess(self) -> None:
        now = [0.0]
        attempts = LoginAttempts(lambda: now[0])
        for second in range(20):
            now[0] = float(second)
            for n in range(200):
                if attempts.wait(str(n), is_known=False):
                    attempts.refuse(str(n))
                else:
                    attempts.begin(str(n), is_known=False)
        assert attempts.wait("editor", is_known=False) == 0
        assert min(attempts.wait(str(n), is_known=False) for n in range(200)) > 0

    def test_time_and_the_right_password_make_it_good(self) -> None:
        now = [0.0]
        attempts = LoginAttempts(lambda: now[0])
        for _ in range(FREE + 1):
            attempts.begin("a", is_known=False)
        attempts.succeed("a")
        assert attempts.wait("a", is_known=False) == 0
        for n in range(TOGETHER * 2):
            attempts.begin(str(n), is_known=False)
        now[0] = 7200
        assert attempts.wait("1", is_known=False) == 0

    def test_a_network_of_ipv6_is_one_address(self) -> None:
        assert counted_as("2001:db8:1:2:3::4") == counted_as("2001:db8:1:2:ffff::1") != counted_as("2001:db8:1:3::1")
        assert counted_as("::ffff:192.0.2.1") == counted_as("192.0.2.1") == "192.0.2.1"
        assert counted_as("nonsense") == "unknown"

    def test_the_log_is_not_flooded(self, caplog: pytest.LogCaptureFixture) -> None:
        now = [0.0]
        attempts = LoginAttempts(lambda: now[0])
        with caplog.at_level(logging.WARNING):
            for _ in range(1000):
                attempts.say("refused", "192.0.2.1")
            attempts.say("done", "192.0.2.7")
            now[0] = MINUTE + 1
            attempts.say("refused", "192.0.2.1")
        assert len(caplog.messages) == LINES + 3
        assert caplog.messages[0] == caplog.messages[-1] == "log-in refused: address=192.0.2.1"
        assert caplog.messages[-3:-1] == ["log-in done: address=192.0.2.7", "log-in refused: 990 more in that minute"]

    def test_guesses_are_slowed_and_logged_without_the_password(
        self, browser: Browser, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.WARNING):
            answers = [browser.log_in(f"guess-{n}") for n in range(FREE)]
            slowed = browser.log_in("correct")
        assert {answer.status_code for answer in answers} == {200}
        assert slowed.status_code == 429
        assert 1 <= int(slowed.headers["retry-after"]) <= LONGEST
        assert len(caplog.messages) == FREE + 1
        assert "guess" not in caplog.text and "correct" not in caplog.text
        assert "address=127.0.0.1" in caplog.text

    def test_a_browser_that_logged_in_before_is_let_in_during_an_attack(self, browser: Browser) -> None:
        assert browser.log_in().status_code == 302
        stranger = Browser.__new__(Browser)
        stranger.datasette, stranger.cookies = browser.datasette, {}
        assert {stranger.log_in("wrong").status_code for _ in range(FREE + 2)} == {200, 429}
        assert browser.log_in().status_code == 302

    def test_few_passwords_are_looked_at_at_once(self, browser: Browser) -> None:
        desk = browser.datasette.desk
        for others in ({"a", "b", "c", "d"}, {"127.0.0.1"}):
            desk.checking = others
            assert browser.log_in().status_code == 429
        desk.checking = {"a", "b", "c"}
        assert browser.log_in().status_code == 302
        assert desk.checking == {"a", "b", "c"}

    def test_a_refusal_makes_its_asker_wait(self, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
        desk, pauses = browser.datasette.desk, []

        async def pause(seconds: float) -> None:
            pauses.append((seconds, desk.pausing))

        monkeypatch.setattr(asyncio, "sleep", pause)
        desk.checking, desk.pause = {"127.0.0.1"}, 1.0
        assert browser.log_in().status_code == 429
        assert (1.0, 1) in pauses
        pauses.clear()
        desk.pausing = MOST_PAUSING
        assert browser.log_in().status_code == 429
        assert (1.0, MOST_PAUSING + 1) not in pauses


class TestSessions:
    def test_cookies_are_closed_to_scripts_and_other_sites_and_expire(self, browser: Browser) -> None:
        form = browser.get("/-/login")
        cookies = [*form.headers.get_list("set-cookie"), *browser.log_in().headers.get_list("set-cookie")]
        assert len(cookies) == 3
        for cookie in cookies:
            assert "HttpOnly" in cookie and "Path=/" in cookie and "samesite=lax" in cookie.lower()
            assert "secure" not in cookie.lower()
        assert f"Max-Age={SESSION}" in cookies[1] and f"Max-Age={KNOWN}" in cookies[2]

    def test_behind_https_they_are_for_https_only(self, paper: Paper) -> None:
        site = build(paper.path, desk=open_desk(paper.path, behind="https://desk.example.org"))

        async def ask() -> Any:
            await site.invoke_startup()
            return await site.client.get("/-/login", headers={"host": "desk.example.org"})

        answer = asyncio.run(ask())
        assert answer.status_code == 200
        assert "; Secure" in answer.headers["set-cookie"]

    def test_they_outlive_a_restart_and_end_with_the_password(
        self, browser: Browser, paper: Paper, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        browser.log_in()
        again = restarted(browser, paper.path)
        assert again.get("/desk").status_code == 200
        assert again.post({**again.form(), "subject": "Saved"}).status_code == 302
        monkeypatch.setenv(PASSWORD, hash_password("another", iterations=1000))
        changed = restarted(browser, paper.path)
        assert changed.get("/desk").status_code == 403
        for each in (again, changed):
            each.close()

    def test_they_end_after_a_day_of_work(self, browser: Browser) -> None:
        browser.log_in()
        begun = browser.datasette.desk.now()
        browser.datasette.desk.now = lambda: begun + SESSION - 5
        assert browser.get("/desk").status_code == 200
        form = browser.form()
        browser.datasette.desk.now = lambda: begun + SESSION + 5
        assert browser.get("/desk").status_code == 403
        late = browser.post({**form, "subject": "Saved"})
        assert late.status_code == 403
        assert "nothing was saved" in late.text
        browser.log_in()
        assert browser.post({**form, "subject": "Saved"}).status_code == 302, "the filled-in form still holds"

    def test_logging_out_ends_them_for_good(self, browser: Browser, paper: Paper) -> None:
        browser.log_in()
        kept = dict(browser.cookies)
        assert "Log out" in browser.get("/").text
        assert browser.post({"csrftoken": browser.form("/-/logout")["csrftoken"]}, "/-/logout").status_code == 302
        assert browser.get("/desk").status_code == 403
        browser.cookies = kept
        assert browser.get("/desk").status_code == 403
        again = restarted(browser, paper.path)
        assert again.get("/desk").status_code == 403
        assert again.log_in().status_code == 302
        again.close()

    def test_the_secret_is_in_a_private_file_and_on_no_page(self, browser: Browser, paper: Paper) -> None:
        file = paper.path.with_name("news.db.secret")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        secrets = [file.read_text().split()[0], browser.datasette._secret, HASH, HASH.rpartition("$")[2]]
        browser.log_in()
        for name in ("metadata", "settings", "plugins", "actor", "versions", "databases"):
            page = browser.get(f"/-/{name}.json")
            assert page.status_code == 200
            assert not [secret for secret in secrets if secret in page.text]
            assert str(paper.path.parent) not in page.text

    @pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
    def test_a_secret_that_others_can_read_is_refused(self, paper: Paper, mode: int) -> None:
        open_desk(paper.path)
        paper.path.with_name("news.db.secret").chmod(mode)
        with pytest.raises(StoreError, match=r"news\.db\.secret.*chmod 600"):
            open_desk(paper.path)

    @pytest.mark.parametrize("text", ["", "short\n", "g" * 64 + "\n"])
    def test_a_damaged_secret_is_named(self, paper: Paper, text: str) -> None:
        open_desk(paper.path)
        paper.path.with_name("news.db.secret").write_text(text)
        with pytest.raises(StoreError, match="is damaged: delete it"):
            open_desk(paper.path)
