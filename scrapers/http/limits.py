"""The most that one request may take of anything."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one request; sizes in bytes."""

    connect_seconds: float = 5.0
    read_seconds: float = 10.0  # between two pieces of an answer
    total_seconds: float = 20.0  # on the network for one URL, with its redirects and retries, DNS included
    wire_bytes: int = 4 * 1024 * 1024  # forty times a listing of the portal; eight at once stay in memory
    body_bytes: int = 4 * 1024 * 1024  # decompressed
    error_body_bytes: int = 64 * 1024  # of an answer other than 200: enough to know a challenge page
    redirects: int = 5
    per_host: int = 2  # requests at once to one site
