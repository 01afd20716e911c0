"""Requests to the editors' instance that no browser would send, forms of any size, and what every answer carries."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from datasette_auth_passwords.utils import hash_password  # type: ignore[import-untyped]

from core.errors import UsageError
from pipeline.editors import PASSWORD, address_of_proxy
from pipeline.protection import HEADERS
from pipeline.serve import build
from tests.support.digesting import Paper
from tests.test_digest_desk import Browser
from web.login.forms import NotAdmitted, read_form

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


STRANGE = [
    *("ds_actor", "ds_actor=", "ds_actor=" + "a" * 8192, "ds_actor=\xff\xfe", '="', "ds_actor=bnVsbA.x", "\x01=\x02"),
    *("ds_actor=W10.aaaa; ds_csrftoken=\xe9; ds_messages=[[[[", "ds_actor=" + "[" * 900, ";" * 3000),
    *("a=b=c; =; $Path", 'ds_actor="\\377\\376"', "ds_csrftoken=e30.x; ds_messages=.eJw.x", "expires=1; ds_actor=x"),
]
HOSTS = [
    *(None, "", "localhost/path", "локальний".encode(), "a" * 10_000, "user@localhost", "localhost:99999999", "[::1"),
    *("localhost localhost", "evil.example", "evil.example:8001", "127.0.0.1.evil.example", "localhost,evil"),
]
Headers = list[tuple[bytes, bytes]]


def raw(site: Any, headers: Headers, path: bytes = b"/-/login") -> tuple[int, dict[bytes, bytes]]:
    """Status and headers of an answer to a request that no client would send."""
    sent: list[Any] = []
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path.decode(),
        "raw_path": path,
        "query_string": b"",
        "headers": headers,
        "client": ("192.0.2.1", 1),
    }

    async def ask() -> None:
        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await site.invoke_startup()
        await site.app()(scope, receive, send)

    asyncio.run(ask())
    return sent[0]["status"], dict(sent[0]["headers"])


class TestStrangeRequests:
    @pytest.mark.parametrize("cookie", STRANGE)
    def test_a_strange_cookie_is_no_session_and_no_error(self, browser: Browser, cookie: str) -> None:
        headers = [(b"host", b"localhost"), (b"cookie", cookie.encode("latin-1"))]
        assert raw(browser.datasette, headers)[0] == 200
        assert raw(browser.datasette, headers, b"/desk")[0] == 403

    @pytest.mark.parametrize("actor", ["-", ["editor"], 7, None, {"role": ["editor"]}, {"a": {"role": "editor"}}])
    def test_a_signed_cookie_of_another_form_is_no_session(self, browser: Browser, actor: Any) -> None:
        for value in (
            actor,
            {"a": actor},
            {"a": actor, "e": 1, "k": 1},
            {"a": {"role": "editor"}, "e": actor, "k": "x"},
        ):
            browser.cookies["ds_actor"] = browser.datasette.sign(value, "actor")
            assert browser.get("/desk").status_code == 403

    @pytest.mark.parametrize("host", HOSTS)
    def test_only_its_own_names_are_answered(self, browser: Browser, host: str | bytes | None) -> None:
        value = host.encode() if isinstance(host, str) else host
        assert raw(browser.datasette, [] if value is None else [(b"host", value)])[0] == 400
        assert raw(browser.datasette, [(b"host", b"localhost"), (b"host", value or b"localhost")])[0] == 400

    @pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8001", "127.0.0.1:8001", "[::1]:8001", "localhost."])
    def test_own_names_in_any_form(self, browser: Browser, host: str) -> None:
        assert raw(browser.datasette, [(b"host", host.encode())])[0] == 200

    def test_the_public_site_answers_any_name_that_is_one(self, paper: Paper) -> None:
        public = build(paper.path)
        assert raw(public, [(b"host", b"news.example.org")], b"/")[0] == 200
        assert raw(public, [(b"host", b"news.example.org/")], b"/")[0] == 400

    @pytest.mark.parametrize("sent", ["Basic ZWRpdG9yOmNvcnJlY3Q=", "Basic \xff", "Basic", "Bearer x"])
    def test_no_other_way_of_logging_in(self, browser: Browser, sent: str) -> None:
        headers = [(b"host", b"localhost"), (b"authorization", sent.encode("latin-1"))]
        assert raw(browser.datasette, headers)[0] == 200
        assert raw(browser.datasette, headers, b"/desk")[0] == 403

    @pytest.mark.parametrize(
        "behind",
        ["desk.example.org", "ftp://desk.example.org", "https://", "https://x/path", "https://x:99999", "https://["],
    )
    def test_behind_takes_an_address(self, behind: str) -> None:
        with pytest.raises(UsageError, match="--behind"):
            address_of_proxy(behind)


class TestForms:
    KIND = (b"content-type", b"application/x-www-form-urlencoded")

    def read(self, *parts: bytes, headers: Any = (), most: int = 10, ends: bool = True) -> bytes:
        left = list(parts)

        async def receive() -> Any:
            if not left and not ends:
                await asyncio.Event().wait()
            body = left.pop(0) if left else b""
            return {"type": "http.request", "body": body, "more_body": bool(left) or not ends}

        return asyncio.run(read_form({"path": "/desk", "headers": [self.KIND, *headers]}, receive, most, 0.01))

    def status(self, *parts: bytes, **options: Any) -> int:
        with pytest.raises(NotAdmitted) as caught:
            self.read(*parts, **options)
        return int(caught.value.args[0])

    def test_a_body_is_bounded_by_what_it_says_and_by_what_comes(self) -> None:
        assert self.read(b"a=1&", b"b=2345") == b"a=1&b=2345"
        assert self.status(b"a=1&", b"b=23456") == 413
        assert self.read(b"a=1", headers=[(b"content-length", b"10")]) == b"a=1"
        assert self.status(b"a=1", headers=[(b"content-length", b"11")]) == 413
        assert self.status(*[b"x"] * 1000, ends=False) == 413

    def test_one_that_does_not_come_in_time(self) -> None:
        assert self.status(b"a=", ends=False) == 408

    def test_one_that_is_no_form(self) -> None:
        assert self.status(b"\xff\xfe") == 400
        assert self.status(b"csrftoken=%C3%A9", most=99) == 400
        assert self.status(headers=[(b"content-type", b"multipart/form-data; boundary=x")]) == 415
        assert self.status(headers=[(b"content-type", b"application/json")]) == 415

    def test_a_large_desk_fits(self, browser: Browser) -> None:
        browser.log_in()
        fields = browser.form() | {f"note-{n}": "ї" * 300 for n in range(2, 1000)}
        assert browser.post(fields | {"subject": "Saved"}).status_code == 302
        assert browser.post(fields | {"x": "ї" * 1_000_000}).status_code == 413
        stranger = Browser.__new__(Browser)
        stranger.datasette, stranger.cookies = browser.datasette, {}
        assert stranger.post({"username": "x" * 16_000}, "/-/login").status_code == 413


ANSWERS = [
    *(("GET", "/", 403), ("HEAD", "/", 403), ("OPTIONS", "/desk", 403), ("GET", "/-/login", 200)),
    *(("HEAD", "/-/login", 200), ("GET", "/static/visnyk.css", 200), ("GET", "/static/nothing", 404)),
    *(("GET", "/-/threads", 404), ("PUT", "/desk", 405), ("POST", "/-/login", 415), ("GET", "/news.csv", 404)),
    ("GET", "/-/login?" + "x" * 5000, 414),
]


@pytest.mark.parametrize(("method", "address", "status"), ANSWERS)
def test_every_answer_is_protected_and_tells_nothing(
    browser: Browser, paper: Paper, method: str, address: str, status: int
) -> None:
    answer = browser.ask(method, address)
    assert answer.status_code == status
    assert {name: answer.headers[name.decode()].encode() for name in HEADERS} == HEADERS
    assert str(paper.path.parent) not in answer.text and "Traceback" not in answer.text


@pytest.mark.parametrize("path", [b"/", b"/desk"])
def test_so_is_an_answer_to_what_nobody_foresaw(browser: Browser, path: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("/home/secret/path")

    monkeypatch.setattr(browser.datasette, "unsign", broken)
    status, headers = raw(browser.datasette, [(b"host", b"localhost"), (b"cookie", b"ds_actor=x")], path)
    assert status == 500
    assert {name: headers[name] for name in HEADERS} == HEADERS
