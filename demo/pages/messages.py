"""Requests to the replica's pages and their responses. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class SiteRequest:
    """One request, in the address space of the site itself."""

    host: str
    path: str  # percent-decoded once
    query: Mapping[str, str]
    now: datetime
    visits: int  # requests served so far: what view counters show

    def number(self, name: str, default: int) -> int:
        """Return the query's `name` as a number; `default` where it is missing or no number."""
        value = self.query.get(name, "")
        return int(value) if value.isdecimal() else default


@dataclass(frozen=True, slots=True)
class SiteResponse:
    """One answer before it is compressed and given its validators."""

    body: str
    content_type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    changed: datetime | None = None  # set: the answer carries ETag and Last-Modified


def not_found(request: SiteRequest) -> SiteResponse:
    """Return the 404 page of every site."""
    return SiteResponse(f"<!DOCTYPE html><html><body><h1>404</h1><p>{request.host}</p></body></html>", status=404)
