"""One HTTP response and its worth: a page, a refusal, or a problem of the server. Pure: no network."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from core.errors import FetchError, Refused, ServerTrouble, TooMuch
from core.model import Validators

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_HEADERS = 200
MAX_HEADER_BYTES = 64 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})

_LONGEST_CHALLENGE = 64 * 1024  # bytes; a longer page with such words in it is a page about challenges
# Names that only the challenge pages themselves use: normal pages behind the same services carry other scripts
# of theirs (`/cdn-cgi/challenge-platform/scripts/`, `_Incapsula_Resource?SWJIYLWA`). Looked for one by one, because
# a regular expression that ignores case takes 10 ms for a page.
_MARKS = (
    b"_cf_chl_opt",
    b"cf-browser-verification",
    b"cf_chl_",
    b'id="challenge-form"',
    b"validate.perfdrive.com",
    b"captcha.perfdrive",
    b"radware bot manager",
    b"incapsula incident id",
    b"px-captcha",
    b"geo.captcha-delivery.com",
    b"/.well-known/ddos-guard/",
)
_TITLES = tuple(
    title.encode()
    for title in (
        "just a moment",
        "attention required",
        "ddos-guard",
        "radware",
        "one moment, please",
        "checking your browser",
        "please wait...",
        "are you a human",
        "are you human",
        "are you a robot",
        "verify you are",
        "verifying you are",
        "security check",
        "bot verification",
        "captcha",
        "human verification",
        "request unsuccessful",
        "access denied",
        "Зачекайте",
        "Перевірка браузера",
        "Перевірка безпеки",
        "Підтвердьте, що ви",
    )
)
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_VALIDATOR = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,1023}")


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response; the body is whole only when the status is 200."""

    url: str  # logical
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""

    @property
    def content_type(self) -> str:
        """Media type and parameters as sent; empty when the server did not say."""
        return self.headers.get("content-type", "")


def check_headers(headers: list[tuple[bytes, bytes]], wire_limit: int, url: str) -> dict[str, str]:
    """Return the headers with names in lower case; of repeated ones the last, codings joined.

    Raises ServerTrouble when there are absurdly many, TooMuch when the announced length is over `wire_limit`.
    """
    if len(headers) > MAX_HEADERS or sum(len(name) + len(value) for name, value in headers) > MAX_HEADER_BYTES:
        raise ServerTrouble(f"absurd headers: {len(headers)} of them", url)
    named: dict[str, str] = {}
    for name, raw in headers:
        key = name.decode("latin-1").lower()
        try:
            value = raw.decode("utf-8").strip()  # some servers send Cyrillic letters in Location as they are
        except UnicodeDecodeError:
            value = raw.decode("latin-1").strip()
        joined = key == "content-encoding" and key in named
        named[key] = f"{named[key]}, {value}" if joined else value
    length = named.get("content-length", "")
    if length.isdigit() and (len(length) > 18 or int(length) > wire_limit):
        raise TooMuch(f"announces {length[:20]} bytes, more than {wire_limit}", url)
    return named


def validators_of(headers: Mapping[str, str], sent: Validators) -> Validators:
    """Return the validators for the next conditional request; a 304 that repeats none leaves those `sent`."""
    found = cleaned(Validators(headers.get("etag", ""), headers.get("last-modified", "")))
    return found if found.etag or found.last_modified else sent


def cleaned(validators: Validators) -> Validators:
    """Return the validators without what could not be sent back as a header."""
    etag = validators.etag if _VALIDATOR.fullmatch(validators.etag) else ""
    modified = validators.last_modified if re.fullmatch(r"[\x20-\x7e]{1,64}", validators.last_modified) else ""
    return Validators(etag, modified)


def page_problem(response: Response, *, conditional: bool) -> FetchError | None:
    """Return why a response is no page that can be parsed; None when it is one, or a redirect.

    `conditional` tells that validators were sent, so that 304 is an response.
    """
    status, url = response.status, response.url
    if status in REDIRECTS or (status == 304 and conditional):
        return None
    if is_challenge(response):
        return Refused(f"challenge page instead of an answer ({status})", url, status)
    if status == 200:
        return None if response.body[:4096].strip() else ServerTrouble("empty answer", url, status)
    if status == 304:
        return ServerTrouble("304 Not Modified although nothing was asked conditionally", url, status)
    kind = Refused if 400 <= status < 500 else ServerTrouble
    phrase = "gone" if status == 410 else _PHRASES.get(status, "")
    return kind(f"{status} {phrase}".strip(), url, status)


def robots_problem(response: Response) -> FetchError | None:
    """Return why a robots.txt could not be had; 4xx means that there is none (RFC 9309, 2.3.1.3)."""
    if response.status == 200 or (400 <= response.status < 500 and response.status != 429):
        return None
    return page_problem(response, conditional=False)


def is_challenge(response: Response) -> bool:
    """Return whether the response is a page that wants to see a browser or a human, and not the site's own."""
    if response.headers.get("cf-mitigated", "").lower() == "challenge":
        return True
    if len(response.body) > _LONGEST_CHALLENGE or b"<" not in response.body[:1024] or response.status in {404, 410}:
        return False
    page = response.body.lower()  # ASCII letters only, as bytes have it
    start = page.find(b"<title")
    is_feed = b"<rss" in page[: max(start, 0)] or b"<feed" in page[: max(start, 0)]
    title = b"" if start < 0 or is_feed else page[page.find(b">", start) + 1 :][:200].strip()
    return title.startswith(_TITLES) or any(mark in page for mark in _MARKS)
