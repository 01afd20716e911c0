"""A translation server of the user's own: what it is asked, what its answers come to, and that it is chosen."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import ModelError, UsageError
from pipeline.__main__ import main
from pipeline.commands import remote
from tests.support.fakes import open_desk
from translations import fingerprint
from translations.engines.libretranslate import AT_ONCE, LibreTranslator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

URL = "http://127.0.0.1:5000"


def good(body: dict[str, Any]) -> tuple[int, bytes]:
    return 200, json.dumps({"translatedText": ["Communities are learning" for _ in body["q"]]}).encode()


@contextmanager
def serving(answer: Callable[[dict[str, Any]], tuple[int, bytes]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server on this machine; gives its address and the bodies that it was sent."""
    bodies: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))) | {"path": self.path})
            status, data = answer(bodies[-1])
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", bodies
        finally:
            server.shutdown()
            thread.join()


def test_texts_go_in_few_requests_and_come_back_in_order() -> None:
    asked: list[dict[str, Any]] = []

    def post(url: str, body: Mapping[str, Any]) -> Any:
        asked.append({"url": url, **body})
        return {"translatedText": [text.upper() for text in body["q"]]}

    texts = [f"text {number}" for number in range(AT_ONCE + 1)]
    done = LibreTranslator(f"{URL}/", post, "secret").translate(texts)
    assert [each.text for each in done] == [text.upper() for text in texts]
    assert [len(each["q"]) for each in asked] == [AT_ONCE, 1]
    assert asked[0] | {"q": []} == {
        "url": f"{URL}/translate", "q": [], "source": "uk", "target": "en", "format": "text", "api_key": "secret",
    }  # fmt: skip


def test_a_text_without_a_result_fails_alone() -> None:
    done = LibreTranslator(URL, lambda *_: {"translatedText": ["Communities", " ", None]}).translate(["a", "b", "c"])
    assert [(each.text, bool(each.error)) for each in done] == [("Communities", False), (None, True), (None, True)]


@pytest.mark.parametrize("answer", [{"error": "uk is not supported"}, {"translatedText": ["one"]}, ["x"], None, "text"])
def test_an_answer_of_another_shape_is_a_clear_error(answer: object) -> None:
    with pytest.raises(ModelError, match=r"http://127.0.0.1:5000 gave no translations"):
        LibreTranslator(URL, lambda *_: answer).translate(["a", "b"])


@pytest.mark.parametrize(
    ("status", "data", "said"),
    [
        (403, b'{"error": "Invalid API key"}', "answered 403: Invalid API key"),
        (500, b"oops", "answered 500"),
        (302, b"", "answered 302"),
        (200, b"no json", "gave no usable answer"),
        (200, b"\xff\xfe", "gave no usable answer"),
    ],
)
def test_trouble_with_the_server_names_it(status: int, data: bytes, said: str) -> None:
    with serving(lambda _: (status, data)) as (url, bodies):
        with pytest.raises(ModelError, match=said) as error:
            remote.post(f"{url}/translate", {"q": ["x"]})
        assert url in str(error.value)
        assert len(bodies) == 1


def test_an_endless_answer_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "MOST_BYTES", 100)
    with (
        serving(lambda _: (200, b'"' + b"x" * 200 + b'"')) as (url, _),
        pytest.raises(ModelError, match="more than 100"),
    ):
        remote.post(url, {})


def test_without_a_server_it_says_so() -> None:
    with pytest.raises(ModelError, match=r"http://127.0.0.1:9/translate gave no usable answer"):
        remote.post("http://127.0.0.1:9/translate", {})


@pytest.mark.parametrize(
    "url", ["localhost:5000", "ftp://host", "http://user:secret@host", "http://", "http://h/?key=1"]
)
def test_what_is_no_plain_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="VISNYK_LIBRETRANSLATE: not the plain address") as error:
        fingerprint.server({"VISNYK_LIBRETRANSLATE": url})
    assert "secret" not in str(error.value)


def test_the_command_uses_the_server_and_the_ledger_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = open_desk(tmp_path / "news.db")
    desk.site.publish(1, "Громади навчаються")
    desk.run()
    with serving(good) as (url, bodies):
        monkeypatch.setenv("VISNYK_LIBRETRANSLATE", url)
        monkeypatch.setenv("VISNYK_LIBRETRANSLATE_KEY", "k")
        assert main(["translate", "--db", str(tmp_path / "news.db"), "--json"]) == 0
        assert main(["translate", "--db", str(tmp_path / "news.db"), "--json"]) == 0
    assert [(body["q"], body["api_key"], body["path"]) for body in bodies] == [
        (["Громади навчаються"], "k", "/translate")
    ]
    assert desk.rows("SELECT engine, model FROM translations") == [("libretranslate", f"server {url[7:]}")]
    monkeypatch.setenv("VISNYK_LIBRETRANSLATE", "http://127.0.0.1:9")
    capsys.readouterr()
    assert main(["translate", "--db", str(tmp_path / "news.db")]) == 1
    assert "http://127.0.0.1:9/translate gave no usable answer" in capsys.readouterr().err
    assert desk.rows("SELECT title_en IS NULL, title_en_state FROM news") == [(0, "stale")]
    desk.store.close()
