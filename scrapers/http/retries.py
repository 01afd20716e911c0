"""The one rule on asking again, for pages, robots.txt and files: after which failures, how often, after which wait.

Asking again may help where the connection broke or the server was busy (5xx, 429). A time-out, a bad certificate, a
challenge page or a clear no would be the same a second later. A wait that the server names itself (Retry-After) counts
before ours: a short one is kept at once, a long one ends the request. Pure: the clock is passed in.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from core.errors import FetchError, Refused, ServerTrouble, Unreachable
from scrapers.http.failures import ConnectionBroken

if TYPE_CHECKING:
    from collections.abc import Mapping

PAUSES = (0.5, 2.0)  # seconds before the first, second … further try
RESUMING_PAUSES = (1.0, 4.0, 15.0)  # for a file of which the last try brought more: something is there to go on with
SHORT_WAIT_SECONDS = 5.0  # a wait that the server asks for is kept up to this; a longer one ends the request
LONGEST_WAIT = timedelta(days=1)  # servers have asked for 317,100 seconds; nobody means that
ASKS_TO_WAIT = frozenset({429, 503})


class Retries:
    """The tries that one request has left."""

    def __init__(self) -> None:
        """Begin with all of them."""
        self._pauses = list(PAUSES)
        self.may_resend = True  # a request for which a connection kept from earlier was closed, over another one

    def note_resent(self) -> None:
        """Count a request that was sent again over another connection as a try: the server may have read both."""
        self.may_resend = False
        self._pauses = self._pauses[:-1]

    def wait_after(self, error: FetchError, now: datetime, *, progressed: bool = False) -> float:
        """Return how many seconds to wait before the next try.

        `progressed` tells that the failed try brought part of a file that can be gone on with: then even a time-out
        may pass, and the number of tries begins anew.

        Raises:
            FetchError: `error` itself, when asking again would not help or was done often enough.
            Refused: when the server asked for a long wait.
        """
        if progressed:
            self._pauses = list(RESUMING_PAUSES)
        asked = (error.wait_until - now).total_seconds() if error.wait_until else None
        if asked is not None and asked > SHORT_WAIT_SECONDS:
            said = f"{error.status}: asked us to wait until {error.wait_until:%Y-%m-%dT%H:%M:%SZ}"
            raise Refused(said, error.url, error.status) from error
        passing = asked is not None or may_pass(error) or (progressed and isinstance(error, Unreachable))
        if not passing or not self._pauses:
            raise error
        pause = self._pauses.pop(0)
        return pause if asked is None else max(asked, 0.0)


def may_pass(error: FetchError) -> bool:
    """Return whether asking again soon may help: a broken connection, 5xx, 429; no time-out, no challenge page."""
    busy = isinstance(error, ServerTrouble) and error.status is not None and error.status >= 500
    return busy or error.status == 429 or isinstance(error, ConnectionBroken)


def asked_wait(status: int, headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return until when an answer asks us to wait; only 429 and 503 can."""
    return retry_after(headers.get("retry-after", ""), now) if status in ASKS_TO_WAIT else None


def retry_after(value: str, now: datetime) -> datetime | None:
    """Return the moment that a Retry-After header names, at most a day from `now` (aware).

    Seconds or an HTTP date (RFC 9110, 10.2.3). None for what is garbled, negative or already past.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        seconds = min(int(value[:12]), LONGEST_WAIT.total_seconds())
        return now + timedelta(seconds=seconds) if seconds else None
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:  # an HTTP date is always GMT, also when it does not say so
        moment = moment.replace(tzinfo=UTC)
    return min(moment, now + LONGEST_WAIT).astimezone(UTC) if moment > now else None
