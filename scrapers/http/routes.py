"""Routes of `--connect-to HOST=URL`: requests that go to another machine, and the way back. Pure: no network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from core.errors import FetchError, UsageError
from scrapers.http.addresses import checked_url, is_loopback, redirect_target, refuse_downgrade, site_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.model import Source

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Route:
    """The machine to which requests for one host go."""

    scheme: str
    netloc: str
    prefix: str  # put before every path; no slash at its end

    @property
    def endpoint(self) -> tuple[str, int]:
        """Return host and port of the far end."""
        parts = urlsplit(f"//{self.netloc}")
        return parts.hostname or "", parts.port or _DEFAULT_PORTS[self.scheme]

    @property
    def is_own_machine(self) -> bool:
        """Return whether it leads to this machine, which needs no sparing."""
        return is_loopback(self.endpoint[0])


@dataclass(frozen=True, slots=True)
class Wire:
    """A request as it goes out: the URL to contact and the Host header to send."""

    url: str
    host: str


def parse_routes(values: Sequence[str]) -> dict[str, str]:
    """Return the `HOST=URL` values of the command line as host → URL.

    Raises:
        UsageError: a value without `=`, without a plain host name, with an unusable URL, or a host given twice.
    """
    routes: dict[str, str] = {}
    for value in values:
        host, _, url = value.partition("=")
        host = host.strip().lower()
        if not host or not url or any(mark in host for mark in "/:@ "):
            raise UsageError(
                f"--connect-to needs HOST=URL, for example example.org=http://127.0.0.1:8000, not {value!r}"
            )
        if host in routes and routes[host] != url:
            raise UsageError(f"--connect-to names {host} twice: {routes[host]} and {url}")
        _route(host, url)
        routes[host] = url
    return routes


def _route(host: str, url: str) -> Route:
    try:
        parts = checked_url(url.strip())
    except FetchError as error:
        raise UsageError(f"--connect-to {host}: {error}") from error
    if parts.query:
        raise UsageError(f"--connect-to {host}: a query cannot be put before a path, url={url}")
    return Route(parts.scheme, parts.netloc, parts.path.rstrip("/"))


class Routes:
    """Routes of a run; a route for one host of a source serves the source's other hosts too."""

    def __init__(self, values: Mapping[str, str], sources: Iterable[Source]) -> None:
        """Take `values` as `parse_routes` gives them."""
        exact = {host.lower(): _route(host, url) for host, url in values.items()}
        self._by_host = dict(exact)
        for source in sources:
            given = next((exact[host] for host in source.hosts if host in exact), None)
            if given is not None:
                self._by_host.update({host: given for host in source.hosts if host not in exact})
        self._by_site = {site_name(host): route for host, route in self._by_host.items()}
        self._endpoints = {route.endpoint for route in exact.values()}

    def of(self, host: str) -> Route | None:
        """Return the route for a host; `www.` makes no difference unless both forms have their own."""
        return self._by_host.get(host) or self._by_site.get(site_name(host))

    def logical(self, url: str, near: str = "") -> str:
        """Return the URL in the site's own address space, checked.

        An address of the machine behind the route of `near` (the host that was asked) becomes one of `near`.
        Raises ServerTrouble as `checked_url`.
        """
        parts = checked_url(url)
        route = self.of(near) if near else None
        if route and parts.netloc == route.netloc and f"{parts.path}/".startswith(f"{route.prefix}/"):
            parts = parts._replace(netloc=near, path=parts.path[len(route.prefix) :] or "/")
        host = parts.hostname or ""
        if self.of(host):
            parts = parts._replace(scheme="https", netloc=host)
        return urlunsplit(parts)

    def wire(self, logical: str) -> Wire:
        """Return the request for a logical URL as it goes out."""
        parts = urlsplit(logical)
        route = self.of(parts.hostname or "")
        if route is None:
            return Wire(logical, parts.netloc)
        sent = parts._replace(scheme=route.scheme, netloc=route.netloc, path=route.prefix + parts.path)
        return Wire(urlunsplit(sent), parts.netloc)

    def redirected(self, current: str, location: str) -> str:
        """Return the logical URL to which a redirect from the logical URL `current` leads.

        Raises ServerTrouble for a Location that cannot be followed, and for a step from https down to http.
        """
        near = urlsplit(current).netloc
        route = self.of(near)
        if route and route.prefix and location.startswith(f"{route.prefix}/"):
            location = location[len(route.prefix) :]
        target = self.logical(redirect_target(current, location), near)
        refuse_downgrade(current, target)
        return target

    def endpoints(self) -> frozenset[tuple[str, int]]:
        """Return host and port of every far end; reachable by their routes only."""
        return frozenset(self._endpoints)

    def is_endpoint(self, host: str, port: int | None, scheme: str) -> bool:
        """Return whether a URL's host and port are the far end of a route."""
        return (host, port or _DEFAULT_PORTS[scheme]) in self._endpoints
