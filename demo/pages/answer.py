"""What a page is asked with and what it answers. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, in the address space of the site itself."""

    host: str
    path: str  # percent-decoded once
    query: Mapping[str, str]
    now: datetime
    visits: int  # requests served so far: what view counters show

    def number(self, name: str, default: int) -> int:
        """The query's `name` as a number; `default` where it is missing or no number."""
        value = self.query.get(name, "")
        return int(value) if value.isdecimal() else default


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer before it is compressed and given its validators."""

    body: str
    content_type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    changed: datetime | None = None  # set: the answer carries ETag and Last-Modified


def not_found(ask: Ask) -> Answer:
    """The 404 page of every site."""
    return Answer(f"<!DOCTYPE html><html><body><h1>404</h1><p>{ask.host}</p></body></html>", status=404)
