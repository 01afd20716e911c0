"""Fetch one page as its site may expect: robots.txt, spacing, redirects, retries, waits, within the limits."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from core.errors import FetchError, Refused, TooMuch, Unreachable
from core.model import Exchange, Page, Validators
from scrapers.allowance import FREE_FETCH_SECONDS, Allowances
from scrapers.http import responses
from scrapers.http.client import HttpClient, Transfer
from scrapers.http.limits import Limits
from scrapers.http.politeness import Budget
from scrapers.http.retries import SHORT_WAIT_SECONDS, Retries, asked_wait
from scrapers.http.routes import Routes
from scrapers.http.sites import Sites, robots_text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping
    from datetime import datetime

    from core.model import HostState, Source
    from scrapers.allowance import Allowance
    from scrapers.http.responses import Response

_LIMITS = Limits()


@dataclass(slots=True)
class _Request:
    """One URL that is being fetched, over all its redirects and retries."""

    source_id: str
    url: str
    seconds_given: float  # on the network
    allowance: Allowance
    problem: Callable[[Response], FetchError | None]  # why a response is not what was asked for
    headers: Mapping[str, str] = field(default_factory=dict)
    moves: list[str] = field(default_factory=list)  # permanent ones, as `from → to`
    seconds: float = 0.0  # on the network so far
    paused: float = 0.0  # before retries

    def pause(self, seconds: float, error: FetchError) -> float:
        """Return the pause before a retry, noted. Raises `error` when the source has no such time left."""
        if self.seconds + self.paused + seconds > self.allowance.left:
            raise error
        self.paused += seconds
        return seconds

    def keep_delay(self, seconds: float) -> None:
        """Charge what robots.txt makes us wait. Raises TooMuch, before the wait, when it is more than there is left."""
        self.allowance.spend(seconds)
        if seconds and self.allowance.is_spent:
            raise TooMuch(self.allowance.words, self.url)


class Fetcher:
    """Fetches pages for the sources of one run. An async context manager; safe for many fetches at once."""

    def __init__(
        self,
        sources: Iterable[Source],
        *,
        clock: Callable[[], datetime],
        on_exchange: Callable[[Exchange], None],
        routes: Mapping[str, str] | None = None,
        hosts: Mapping[str, HostState] | None = None,
        limits: Limits = _LIMITS,
        allowances: Allowances | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`clock` gives aware UTC; `on_exchange` hears of every HTTP exchange; `hosts` is what earlier runs learnt.

        `allowances` are those of the run, which the parsers spend too.
        `routes` as `parse_routes` gives them. Raises UsageError for a route with an unusable URL.
        """
        sources = tuple(sources)
        self._limits, self._clock, self._on_exchange, self._sleep = limits, clock, on_exchange, sleep
        self._allowances = allowances or Allowances()
        self._routes = Routes(routes or {}, sources)
        self._client = HttpClient(self._routes, limits)
        self._sites = Sites(
            sources, self._routes, hosts or {}, lambda spacing: Budget(spacing, limits.per_host, monotonic, sleep)
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    @property
    def host_states(self) -> Mapping[str, HostState]:
        """Waits and robots.txt of every host, to be stored for the next run."""
        return self._sites.states()

    async def fetch(self, source: Source, url: str, validators: Validators | None = None) -> Page:
        """Return the page at `url`, or a 304 page when `validators` were given and nothing changed.

        Raises:
            Refused: 4xx, challenge page, robots.txt, a wait that the host asked for.
            ServerTrouble: 5xx, or an answer that is no whole page.
            TooMuch: over a limit of `Limits`, or the source has taken its time in this run.
            Unreachable: no connection, a time-out, a broken answer, a robots.txt that could not be had.
        """
        sent = responses.cleaned(validators or Validators())
        conditions = {"If-None-Match": sent.etag, "If-Modified-Since": sent.last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        logical = self._routes.logical(url)
        request = self._request(
            source.id, lambda response: responses.page_problem(response, conditional=bool(headers)), logical, headers
        )
        response = await self._follow(request, logical, self._admit)
        return Page(
            url=logical,
            final_url=response.url,
            status=response.status,
            content_type=response.content_type,
            body=response.body,
            validators=responses.validators_of(response.headers, sent if response.status == 304 else Validators()),
            fetched_at=self._clock(),
            redirects=tuple(request.moves),
        )

    def _request(
        self,
        source_id: str,
        problem: Callable[[Response], FetchError | None],
        url: str,
        headers: Mapping[str, str] | None = None,
    ) -> _Request:
        """Return a request that may take what the source has left. Raises TooMuch when that is nothing."""
        allowance = self._allowances.of(source_id)
        if allowance.is_spent:
            raise TooMuch(allowance.words, url)
        seconds = min(self._limits.total_seconds, allowance.left + FREE_FETCH_SECONDS)
        return _Request(source_id, url, seconds, allowance, problem, headers or {})

    async def _follow(self, request: _Request, url: str, admit: Callable[[_Request, str], Awaitable[None]]) -> Response:
        """Return the response behind at most `limits.redirects` redirects; `admit` may refuse each address on the way.

        What it took is charged to the source, all of it when it raises FetchError.
        """
        free = 0.0
        try:
            for _ in range(self._limits.redirects + 1):
                await admit(request, url)
                retries, response = Retries(), None
                while response is None:
                    try:
                        response = await self._attempt(request, url, retries)
                    except FetchError as error:  # raised again where asking again would not help
                        await self._sleep(request.pause(retries.wait_after(error, self._clock()), error))
                if response.status not in responses.REDIRECTS:
                    free = FREE_FETCH_SECONDS
                    return response
                target = self._routes.redirected(url, response.headers.get("location", ""))
                if target == url:
                    raise TooMuch("redirect to itself", url, response.status)
                if response.status in responses.PERMANENT:
                    request.moves.append(f"{url} → {target}")
                url = target
            raise TooMuch(f"more than {self._limits.redirects} redirects", url)
        finally:
            request.allowance.spend(request.seconds + request.paused, free)

    async def _admit(self, request: _Request, url: str) -> None:
        """Raise FetchError for an address that must not be asked for, by its robots.txt or without any request."""
        await self._admit_robots(request, url)
        parts = urlsplit(url)
        host = parts.hostname or ""

        async def read() -> str | None:
            at = f"{parts.scheme}://{parts.netloc}/robots.txt"
            asked = self._request(request.source_id, responses.robots_problem, at)
            return robots_text(await self._follow(asked, at, self._admit_robots))

        rules = await self._sites.of(host).robots(host, self._clock, read)
        if not rules.is_allowed(url):
            raise Refused("robots.txt does not allow this address", url)

    async def _admit_robots(self, _: _Request, url: str) -> None:
        self._refuse_unasked(url)

    def _refuse_unasked(self, url: str) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if self._routes.is_endpoint(host, parts.port, parts.scheme) and self._routes.of(host) is None:
            raise Unreachable("reachable by its --connect-to route only", url)
        self._sites.of(host).refuse_while_waiting(url, self._clock())

    async def _attempt(self, request: _Request, url: str, retries: Retries) -> Response:
        """Make one exchange, and report it to `on_exchange` whatever comes of it. Raises FetchError."""
        host = urlsplit(url).hostname or ""
        site = self._sites.of(host)
        async with site.budget.turn(request.keep_delay):
            self._refuse_unasked(url)  # again: another request may have been told to wait meanwhile
            at, started = self._clock(), time.perf_counter()
            transfer = Transfer(may_resend=retries.may_resend)
            found: Response | FetchError
            try:
                async with asyncio.timeout(max(0.0, request.seconds_given - request.seconds)):
                    found = await self._client.receive(url, request.headers, transfer)
            except TimeoutError as error:
                found = Unreachable(f"no whole answer within {request.seconds_given:.3g} s", url, transfer.status)
                found.__cause__ = error
            except FetchError as error:
                found = error
            seconds = time.perf_counter() - started
        if transfer.resent:
            retries.note_resent()
        if not isinstance(found, FetchError) and (problem := request.problem(found)):
            problem.wait_until = asked_wait(found.status, found.headers, self._clock())
            found = problem
        request.seconds += seconds
        message = str(found.args[0]) if isinstance(found, FetchError) else None
        self._on_exchange(Exchange(request.source_id, url, transfer.status, transfer.bytes, seconds, message, at))
        if not isinstance(found, FetchError):
            return found
        if found.wait_until is not None:  # the whole site's wait, not only this request's
            asked = (found.wait_until - self._clock()).total_seconds()
            if asked > SHORT_WAIT_SECONDS:
                site.wait_until(host, found.wait_until)
            else:
                site.budget.hold(asked)
        raise found
