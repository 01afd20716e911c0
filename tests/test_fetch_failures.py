"""Failures of a request in words of our own: none of a library's, each with the exception behind it as its cause."""

from __future__ import annotations

import errno
import re
import ssl
from typing import TYPE_CHECKING

import httpcore
import pytest

from core.errors import FetchError, Unreachable
from scrapers.http.failures import ConnectionBroken, OwnLimit, failure
from scrapers.http.limits import Limits
from tests.support.fetching import Run, impatient
from tests.support.hostile import BROKEN, STALLING, HostileServer

if TYPE_CHECKING:
    from collections.abc import Iterator

INTERNALS = re.compile(r"h11|httpcore|anyio|asyncio|_ssl|errno|role=|state=|\(|\[|Connect call|Error\b|exception", re.I)
REFUSED = OSError(errno.ECONNREFUSED, "Connect call failed ('192.0.2.1', 443)")
EXPIRED = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed (_ssl.c:1006)")
EXPIRED.verify_message = "certificate has expired"
OTHER_PROTOCOL = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)")


def behind(error: Exception, cause: Exception) -> Exception:
    """Return the error as httpcore's pool raises it: the cause is forgotten, the context is not."""
    error.__context__ = cause
    return error


BEFORE: list[tuple[Exception, type[FetchError], str]] = [
    (httpcore.ConnectTimeout(), Unreachable, "time-out: no connection to news.test in 5 s"),
    (httpcore.ReadTimeout(), Unreachable, "time-out: nothing came for 10 s"),
    (httpcore.WriteTimeout(), Unreachable, "time-out: nothing came for 10 s"),
    (
        behind(httpcore.ConnectError("All connection attempts failed"), REFUSED),
        ConnectionBroken,
        "no connection to news.test: connection refused",
    ),
    (httpcore.ConnectError("All connection attempts failed"), ConnectionBroken, "no connection to news.test"),
    (
        behind(httpcore.ConnectError("All connection attempts failed"), OSError(errno.EMFILE, "Too many open files")),
        OwnLimit,
        "news.test was not asked: too many files are open here: raise the limit with `ulimit -n 1024`",
    ),
    (
        OSError(errno.ENOBUFS, "x"),
        OwnLimit,
        "news.test was not asked: this machine has too little memory for another connection",
    ),
    (
        behind(httpcore.ConnectError(EXPIRED), EXPIRED),
        Unreachable,
        "the certificate of news.test is not accepted: certificate has expired",
    ),
    (
        behind(httpcore.ConnectError(OTHER_PROTOCOL), OTHER_PROTOCOL),
        ConnectionBroken,
        "no encrypted connection to news.test: it does not speak TLS as we do",
    ),
    (httpcore.ReadError(), ConnectionBroken, "the connection to news.test broke before the answer was whole"),
    (httpcore.WriteError(), ConnectionBroken, "the connection to news.test broke before the answer was whole"),
    (OTHER_PROTOCOL, ConnectionBroken, "the connection to news.test broke before the answer was whole"),
    (
        httpcore.RemoteProtocolError("Server disconnected without sending a response."),
        ConnectionBroken,
        "the connection was closed without an answer",
    ),
    (
        behind(httpcore.RemoteProtocolError("can't handle event type"), ValueError("role=SERVER")),
        ConnectionBroken,
        "what came is not HTTP",
    ),
    (
        httpcore.LocalProtocolError("Illegal header value"),
        Unreachable,
        "not an address that can be asked for over HTTP",
    ),
    (httpcore.UnsupportedProtocol("gopher"), Unreachable, "not an address that can be asked for over HTTP"),
    (UnicodeError("label empty or too long"), Unreachable, "not an address that can be asked for over HTTP"),
]
BROKE_OFF = "the answer broke off before its end, or is not valid HTTP"


@pytest.mark.parametrize(("error", "kind", "words"), BEFORE, ids=lambda value: type(value).__name__)
def test_each_kind_of_exception_has_its_words(error: Exception, kind: type[FetchError], words: str) -> None:
    found = failure(error, "news.test", Limits(), answered=False)
    assert (type(found), str(found)) == (kind, words)


def test_an_answer_that_broke_off_is_told_from_none() -> None:
    error = httpcore.RemoteProtocolError("peer closed connection without sending complete message body")
    assert str(failure(error, "news.test", Limits(), answered=True)) == BROKE_OFF


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    with HostileServer(BROKEN) as running:
        yield running


@pytest.mark.parametrize("path", sorted(BROKEN))
def test_no_message_carries_a_librarys_words_and_each_has_its_cause(server: HostileServer, path: str) -> None:
    run = impatient("news.test", server.url) if path in STALLING else Run({"news.test": server.url})
    with pytest.raises(FetchError) as caught:
        run.fetch(path)
    said = str(caught.value.args[0])
    assert not INTERNALS.search(said), said
    assert all(one.error is None or not INTERNALS.search(one.error) for one in run.pages())
    if isinstance(caught.value, Unreachable):
        assert caught.value.__cause__ is not None


@pytest.mark.parametrize(
    ("path", "words"),
    {
        "/reset": r"the connection to 127\.0\.0\.1 broke",
        "/close-no-response": "the connection was closed without an answer",
        "/close-mid-body": BROKE_OFF,
        "/chunked-garbage": BROKE_OFF,
        "/close-mid-headers": "the connection was closed without an answer",
        "/garbage": "what came is not HTTP",
    }.items(),
)
def test_what_a_reader_is_told(server: HostileServer, path: str, words: str) -> None:
    with pytest.raises(ConnectionBroken, match=words):
        Run({"news.test": server.url}).fetch(path)
