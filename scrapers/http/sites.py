"""Rules of each site in this run: its budget, its waits, its robots.txt."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from core.clock import is_awaited, is_fresh
from core.errors import FetchError, Refused, Unreachable
from core.model import HostState
from scrapers.http.addresses import site_name
from scrapers.http.failures import OwnLimit
from scrapers.http.retries import LONGEST_WAIT
from scrapers.http.robots import MAX_BYTES, Robots, parse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping
    from datetime import datetime

    from core.model import Source
    from scrapers.http.politeness import Budget
    from scrapers.http.responses import Response
    from scrapers.http.routes import Routes

ROBOTS_VALID = timedelta(days=1)  # RFC 9309, 2.4
ROBOTS_USABLE = timedelta(days=30)  # while a new one cannot be had (RFC 9309, 2.3.1.4)
FOREIGN_SPACING = 1.0  # seconds, for a host that only a redirect led to


@dataclass(slots=True)
class Site:
    """One site under all its names; its hosts share the budget and the waits."""

    budget: Budget
    hosts: dict[str, HostState] = field(default_factory=dict)
    rules: dict[str, Robots] = field(default_factory=dict)  # parsed, by host
    no_rules: dict[str, FetchError] = field(default_factory=dict)  # why robots.txt could not be had in this run
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)  # robots.txt is asked for once

    def state(self, host: str) -> HostState:
        """Return what is known of one of its hosts."""
        return self.hosts.get(host) or HostState(host)

    def refuse_while_waiting(self, url: str, now: datetime) -> None:
        """Raise Refused when one of the hosts asked us to wait beyond `now`."""
        asked = [state.not_before for state in self.hosts.values() if state.not_before]
        until = max((moment for moment in asked if is_awaited(moment, now, LONGEST_WAIT)), default=None)
        if until:
            raise Refused(f"asked us to wait until {until:%Y-%m-%dT%H:%M:%SZ}", url)

    def wait_until(self, host: str, moment: datetime) -> None:
        """Keep a Retry-After, for this run and the next ones."""
        self.hosts[host] = replace(self.state(host), not_before=moment)

    async def robots(
        self, host: str, clock: Callable[[], datetime], read: Callable[[], Awaitable[str | None]]
    ) -> Robots:
        """Return the rules of a host: kept for a day, then read anew; an older copy serves while none can be had.

        `read` gives the text, None when there is none. Raises Refused, OwnLimit or Unreachable when it cannot be had:
        then the host counts as closed (RFC 9309, 2.3.1.4). That is found out once in a run.
        """
        async with self.asking:
            known = self._known_robots(host, clock(), ROBOTS_VALID)
            if known is not None:
                return known
            if host not in self.no_rules:
                try:
                    text = await read()
                    self.hosts[host] = replace(self.state(host), robots=text, robots_at=clock())
                    return self._use(host, text)
                except FetchError as error:
                    self.no_rules[host] = error
            usable = self._known_robots(host, clock(), ROBOTS_USABLE)
            if usable is not None:
                return usable
            why = self.no_rules[host]
            kind = next((kind for kind in (Refused, OwnLimit) if isinstance(why, kind)), Unreachable)
            said = f"robots.txt could not be read, so nothing else is asked for: {why}"
            raise kind(said, why.url, why.status) from why

    def _known_robots(self, host: str, now: datetime, valid: timedelta) -> Robots | None:
        state = self.state(host)
        if not is_fresh(state.robots_at, now, valid):
            return None
        return self.rules.get(host) or self._use(host, state.robots)

    def _use(self, host: str, text: str | None) -> Robots:
        rules = self.rules[host] = parse(text or "")
        self.budget.crawl_delay = max(self.budget.crawl_delay, rules.crawl_delay)
        return rules


def robots_text(response: Response) -> str | None:
    """Return the text of a robots.txt, cut where RFC 9309 lets us; None when there is none."""
    from scrapers.parsing.decoding import text_of  # not needed while the stored robots.txt are valid

    text = text_of(response.body[:MAX_BYTES], response.content_type)
    return None if response.status != 200 or text.lstrip().startswith("<") else text


class Sites:
    """Sites of the run; sources that share a host share its budget."""

    def __init__(
        self,
        sources: Iterable[Source],
        routes: Routes,
        hosts: Mapping[str, HostState],
        new_budget: Callable[[float], Budget],
    ) -> None:
        """Let `new_budget` make the budget for a spacing in seconds."""
        self._new_budget = new_budget
        self._stored = dict(hosts)
        self._by_name: dict[str, Site] = {}
        for source in sources:
            route = routes.of(source.hosts[0])
            spacing = 0.0 if route and route.is_own_machine else source.spacing_seconds
            names = {site_name(host) for host in source.hosts}
            known = [self._by_name[name] for name in names if name in self._by_name]
            site = known[0] if known else Site(new_budget(spacing))
            site.budget.spacing = max(spacing, *(one.budget.spacing for one in (site, *known)))
            for name, former in list(self._by_name.items()):
                if any(former is one for one in known):
                    self._by_name[name] = site
            self._by_name.update(dict.fromkeys(names, site))
            for host in {*source.hosts, *(host for host in self._stored if site_name(host) in names)}:
                if host in self._stored:
                    site.hosts[host] = self._stored.pop(host)

    def of(self, host: str) -> Site:
        """Return the site of a host; a new one for a host that no source has."""
        name = site_name(host)
        if name not in self._by_name:
            self._by_name[name] = Site(self._new_budget(FOREIGN_SPACING))
        site = self._by_name[name]
        if host in self._stored:
            site.hosts[host] = self._stored.pop(host)
        return site

    def states(self) -> dict[str, HostState]:
        """Return what every host asked of us, as it stands now."""
        sites = {id(site): site for site in self._by_name.values()}.values()
        return self._stored | {host: state for site in sites for host, state in site.hosts.items()}
