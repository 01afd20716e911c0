"""What an answer is worth: a page, a no, or trouble. Pure."""

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
ASKS_TO_WAIT = frozenset({429, 503})

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
_VALIDATOR = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,1023}")


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; the body is whole only when the status is 200."""

    url: str  # logical
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""

    @property
    def content_type(self) -> str:
        """As sent; empty when the server did not say."""
        return self.headers.get("content-type", "")


def check_headers(headers: list[tuple[bytes, bytes]], wire_limit: int, url: str) -> dict[str, str]:
    """The headers with names in lower case; of repeated ones the last, codings joined.

    Raises ServerTrouble when there are absurdly many, TooMuch when the announced length is over `wire_limit`.
    """
    if len(headers) > MAX_HEADERS or sum(len(name) + len(value) for name, value in headers) > MAX_HEADER_BYTES:
        raise ServerTrouble(f"absurd headers: {len(headers)} of them", url)
    named: dict[str, str] = {}
    for name, raw in headers:
        key, value = name.decode("latin-1").lower(), _header_text(raw)
        joined = key == "content-encoding" and key in named
        named[key] = f"{named[key]}, {value}" if joined else value
    length = named.get("content-length", "")
    if length.isdigit() and (len(length) > 18 or int(length) > wire_limit):
        raise TooMuch(f"announces {length[:20]} bytes, more than {wire_limit}", url)
    return named


def _header_text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8").strip()  # some servers send Cyrillic letters in Location as they are
    except UnicodeDecodeError:
        return raw.decode("latin-1").strip()


def validators_of(headers: Mapping[str, str], sent: Validators) -> Validators:
    """What the answer gives to ask conditionally with; a 304 that repeats nothing leaves what was `sent`."""
    found = cleaned(Validators(headers.get("etag", ""), headers.get("last-modified", "")))
    return found if found.etag or found.last_modified else sent


def cleaned(validators: Validators) -> Validators:
    """Without what could not be sent back as a header."""
    etag = validators.etag if _VALIDATOR.fullmatch(validators.etag) else ""
    modified = validators.last_modified if re.fullmatch(r"[\x20-\x7e]{1,64}", validators.last_modified) else ""
    return Validators(etag, modified)


def trouble_with_page(answer: Answer, *, conditional: bool) -> FetchError | None:
    """Why an answer is no page that can be parsed; None when it is one (or a redirect)."""
    if answer.status in REDIRECTS or (answer.status == 304 and conditional):
        return None
    if is_challenge(answer):
        return Refused(f"challenge page instead of an answer ({answer.status})", answer.url, answer.status)
    if answer.status != 200:
        return _trouble_with_status(answer)
    if not answer.body[:4096].strip():
        return ServerTrouble("empty answer", answer.url, answer.status)
    return None


def trouble_with_robots(answer: Answer) -> FetchError | None:
    """The same for robots.txt, where 4xx means that there is none (RFC 9309, 2.3.1.3)."""
    if answer.status == 200 or answer.status in REDIRECTS or (400 <= answer.status < 500 and answer.status != 429):
        return None
    return trouble_with_page(answer, conditional=False)


def _trouble_with_status(answer: Answer) -> FetchError:
    status = answer.status
    text = f"{status} {_phrase(status)}".strip()
    if 400 <= status < 500:
        return Refused(text, answer.url, status)
    if status == 304:
        text = "304 Not Modified although nothing was asked conditionally"
    return ServerTrouble(text, answer.url, status)


def _phrase(status: int) -> str:
    if status == 410:
        return "gone"
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def is_challenge(answer: Answer) -> bool:
    """Whether the answer is a page that wants to see a browser or a human, and not the site's own."""
    if answer.headers.get("cf-mitigated", "").lower() == "challenge":
        return True
    if len(answer.body) > _LONGEST_CHALLENGE or b"<" not in answer.body[:1024] or answer.status in {404, 410}:
        return False
    page = answer.body.lower()  # ASCII letters only, as bytes have it
    return _title(page).startswith(_TITLES) or any(mark in page for mark in _MARKS)


def _title(page: bytes) -> bytes:
    """What stands in the first title element of a page, all in lower case; empty for feeds."""
    start = page.find(b"<title")
    if start < 0 or b"<rss" in page[:start] or b"<feed" in page[:start]:
        return b""
    return page[page.find(b">", start) + 1 :][:200].strip()
