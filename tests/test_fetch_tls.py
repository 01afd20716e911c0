"""https: certificates are checked, always, and loaded only when they are needed."""

from __future__ import annotations

import ssl
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import ServerTrouble, Unreachable
from scrapers.http.addresses import refuse_downgrade
from tests.support.fetching import LIMITS, Run
from tests.support.hostile import GOOD, HostileServer, answer

CERTIFICATES = Path(__file__).parent / "certificates"


def tls_server(name: str) -> HostileServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{name}.pem")
    return HostileServer({"/": answer()}, tls=context)


@pytest.fixture
def _trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))


@pytest.mark.usefixtures("_trusted")
def test_a_good_certificate_is_accepted() -> None:
    with tls_server("localhost") as server:
        run = Run({"news.test": f"https://localhost:{server.port}"})
        assert run.fetch("/").body == GOOD
        assert server.asked[-1].host == "news.test"


@pytest.mark.usefixtures("_trusted")
@pytest.mark.parametrize(("name", "word"), [("expired", "expired"), ("another_host", "Hostname mismatch")])
@pytest.mark.fault("N15")
def test_a_bad_certificate_ends_the_fetch_at_once(name: str, word: str) -> None:
    with tls_server(name) as server:
        run = Run({"news.test": f"https://localhost:{server.port}"})
        with pytest.raises(Unreachable, match=rf"the certificate of localhost is not accepted: .*{word}"):
            run.fetch("/")
        assert server.asked == []
    assert len(run.exchanges) == 1


@pytest.mark.fault("N15")
def test_an_unknown_authority_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    with tls_server("localhost") as server, pytest.raises(Unreachable, match="is not accepted"):
        Run({"news.test": f"https://localhost:{server.port}"}).fetch("/")


@pytest.mark.usefixtures("_trusted")
def test_a_server_without_tls_is_unreachable_over_https() -> None:
    soon = replace(LIMITS, connect_seconds=0.5)  # the server waits for the end of a request that never comes
    with HostileServer({"/": answer()}) as server, pytest.raises(Unreachable):
        Run({"news.test": f"https://localhost:{server.port}"}, limits=soon).fetch("/")


@pytest.mark.fault("N14")
def test_https_is_not_given_up_for_a_redirect() -> None:
    with pytest.raises(ServerTrouble, match="from https down to"):
        refuse_downgrade("https://news.test/a", "http://news.test/a")


def test_a_run_over_plain_http_loads_no_certificates() -> None:
    program = """
import asyncio, ssl, sys
from datetime import UTC, datetime
from scrapers.http.fetcher import Fetcher
from tests.support.fetching import LIMITS, SOURCE
from tests.support.hostile import HostileServer, answer

def loaded(*_, **__):
    raise AssertionError("certificates were loaded")

ssl.SSLContext.load_verify_locations = ssl.SSLContext.set_default_verify_paths = loaded

async def main(url):
    clock = lambda: datetime.now(UTC)
    async with Fetcher([SOURCE], routes={"news.test": url}, clock=clock, on_exchange=lambda _: None) as fetcher:
        assert (await fetcher.fetch(SOURCE, "https://news.test/")).status == 200

with HostileServer({"/": answer()}) as server:
    asyncio.run(main(server.url))
heavy = {"rich", "bs4", "feedparser", "sqlite_utils", "tqdm"} & set(sys.modules)
assert not heavy, heavy
"""
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
