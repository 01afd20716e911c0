"""One URL pursued to its answer: robots.txt, redirects, retries, waits, limits. Speaks through a Line, not httpx."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from core.errors import FetchError, Refused, ServerTrouble, TooMuch, Unreachable
from core.model import Exchange
from scrapers.http import answers
from scrapers.http.addresses import redirect_target, refuse_downgrade
from scrapers.http.politeness import retry_after
from scrapers.http.sites import robots_text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from scrapers.http.answers import Answer
    from scrapers.http.limits import Limits
    from scrapers.http.robots import Robots
    from scrapers.http.routes import Routes
    from scrapers.http.sites import Sites


class BrokenOff(Unreachable):
    """A connection that failed or broke: unlike a time-out or a bad certificate, worth another try at once."""


@dataclass(slots=True)
class Errand:
    """One URL that is being fetched, over all its redirects and retries."""

    source_id: str
    seconds_left: float
    judge: Callable[[Answer], FetchError | None]
    headers: Mapping[str, str] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)
    wait_until: datetime | None = None  # what the last answer asked for


@dataclass(slots=True)
class Transfer:
    """What was seen of one exchange, also when it broke off."""

    at: datetime
    status: int | None = None
    bytes: int = 0


class Line(Protocol):
    """What sends one request and reads its answer within the limits."""

    async def receive(self, url: str, headers: Mapping[str, str], tally: Transfer) -> Answer:
        """The answer to a GET for a logical URL, counted into `tally`. Raises FetchError."""
        ...


class Retrieval:
    """Runs errands for all sources of a run."""

    def __init__(
        self,
        line: Line,
        sites: Sites,
        routes: Routes,
        limits: Limits,
        *,
        clock: Callable[[], datetime],
        on_exchange: Callable[[Exchange], None],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        """`on_exchange` hears of every exchange, also those that failed."""
        self._line, self._sites, self._routes, self._limits = line, sites, routes, limits
        self._clock, self._on_exchange, self._sleep = clock, on_exchange, sleep

    async def fetch(
        self,
        source_id: str,
        url: str,
        judge: Callable[[Answer], FetchError | None],
        headers: Mapping[str, str],
    ) -> tuple[Answer, tuple[str, ...]]:
        """The answer for a logical URL, and the permanent moves on the way to it, as `from → to`.

        `judge` says what is wrong with an answer. Raises its verdict, and FetchError for every other trouble.
        """
        errand = Errand(source_id, self._limits.total_seconds, judge, headers)
        answer = await self._follow(errand, url, self._admit)
        return answer, tuple(errand.moved)

    async def _follow(self, errand: Errand, url: str, admit: Callable[[Errand, str], Awaitable[None]]) -> Answer:
        """The answer behind at most `limits.redirects` redirects; `admit` may refuse each address on the way."""
        for _ in range(self._limits.redirects + 1):
            await admit(errand, url)
            answer = await self._persist(errand, url)
            if answer.status not in answers.REDIRECTS:
                return answer
            target = self._target(url, answer)
            if answer.status in answers.PERMANENT:
                errand.moved.append(f"{url} → {target}")
            url = target
        raise TooMuch(f"more than {self._limits.redirects} redirects", url)

    def _target(self, url: str, answer: Answer) -> str:
        near = urlsplit(url).netloc
        location = self._routes.without_prefix(answer.headers.get("location", ""), near)
        target = self._routes.logical(redirect_target(url, location), near)
        refuse_downgrade(url, target)
        if target == url:
            raise TooMuch("redirect to itself", url, answer.status)
        return target

    async def _admit(self, errand: Errand, url: str) -> None:
        self._admit_unasked(url)
        rules = await self._rules(errand.source_id, url)
        if not rules.allows(url):
            raise Refused("robots.txt does not allow this address", url)

    async def _admit_robots(self, _: Errand, url: str) -> None:
        self._admit_unasked(url)

    def _admit_unasked(self, url: str) -> None:
        """Refuse what needs no request to be refused."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if self._routes.is_endpoint(host, parts.port, parts.scheme) and self._routes.of(host) is None:
            raise Unreachable("reachable by its --connect-to route only", url)
        self._sites.of(host).refuse_while_waiting(url, self._clock())

    async def _rules(self, source_id: str, url: str) -> Robots:
        parts = urlsplit(url)
        host = parts.hostname or ""

        async def read() -> str | None:
            errand = Errand(source_id, self._limits.total_seconds, answers.trouble_with_robots)
            answer = await self._follow(errand, f"{parts.scheme}://{parts.netloc}/robots.txt", self._admit_robots)
            return robots_text(answer)

        return await self._sites.of(host).robots(host, self._clock, read)

    async def _persist(self, errand: Errand, url: str) -> Answer:
        """Ask, and ask again after a pause where that may help. Raises the last trouble."""
        for pause in self._limits.retry_pauses[: self._limits.retries]:
            try:
                return await self._attempt(errand, url)
            except FetchError as error:
                if not self._heed_wait(errand, url, error):
                    if not _may_pass(error):
                        raise
                    await self._sleep(pause)
        try:
            return await self._attempt(errand, url)
        except FetchError as error:
            self._heed_wait(errand, url, error)
            raise

    def _heed_wait(self, errand: Errand, url: str, error: FetchError) -> bool:
        """Whether the host asked for a short wait, which its budget now keeps. Raises Refused for a long one."""
        if errand.wait_until is None:
            return False
        host = urlsplit(url).hostname or ""
        seconds = (errand.wait_until - self._clock()).total_seconds()
        if seconds > self._limits.short_wait_seconds:
            self._sites.of(host).wait_until(host, errand.wait_until)
            moment = f"{errand.wait_until:%Y-%m-%dT%H:%M:%SZ}"
            raise Refused(f"{error.status}: asked us to wait until {moment}", url, error.status) from error
        self._sites.of(host).budget.hold(seconds)
        return True

    async def _attempt(self, errand: Errand, url: str) -> Answer:
        """One exchange, reported to `on_exchange` whatever comes of it."""
        async with self._sites.of(urlsplit(url).hostname or "").budget.turn():
            self._admit_unasked(url)  # again: another request may have been told to wait meanwhile
            tally, started = Transfer(self._clock()), time.perf_counter()
            found = await self._exchange(errand, url, tally)
            seconds = time.perf_counter() - started
        errand.seconds_left = max(0.0, errand.seconds_left - seconds)
        message = str(found.args[0]) if isinstance(found, FetchError) else None
        self._on_exchange(Exchange(errand.source_id, url, tally.status, tally.bytes, seconds, message, tally.at))
        if isinstance(found, FetchError):
            raise found
        return found

    async def _exchange(self, errand: Errand, url: str, tally: Transfer) -> Answer | FetchError:
        """The answer, or what was wrong with it; notes in the errand what wait it asks for."""
        errand.wait_until = None
        try:
            async with asyncio.timeout(errand.seconds_left):
                answer = await self._line.receive(url, errand.headers, tally)
        except TimeoutError as error:
            late = Unreachable(f"no whole answer within {self._limits.total_seconds:g} s", url, tally.status)
            late.__cause__ = error
            return late
        except FetchError as error:
            return error
        errand.wait_until = self._wait_asked(answer)
        return errand.judge(answer) or answer

    def _wait_asked(self, answer: Answer) -> datetime | None:
        if answer.status not in answers.ASKS_TO_WAIT:
            return None
        return retry_after(answer.headers.get("retry-after", ""), self._clock())


def _may_pass(error: FetchError) -> bool:
    """Whether asking again soon may help: a break, 5xx, 429; but no time-out and no challenge page."""
    busy = isinstance(error, ServerTrouble) and error.status is not None and error.status >= 500
    return busy or error.status == 429 or isinstance(error, BrokenOff)
