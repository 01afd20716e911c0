"""The demo's two days, the sites that it knows, and their failures. Pure: no network, no clock."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType

from core.clock import kyiv

KYIV = kyiv()

# The moments at which the pipeline reads the sources: day 1 and day 2, the last two of the ninety.
DAYS = (datetime(2026, 2, 5, 15, 30, tzinfo=UTC), datetime(2026, 2, 6, 15, 30, tzinfo=UTC))

# The sites that the replica can answer for. The demo reads no source that is not in this list.
SITES = MappingProxyType(
    {
        "decentralization": ("decentralization.ua", "www.decentralization.ua", "decentralization.gov.ua"),
        "hromady": ("hromady.org",),
        "cities4cities": ("cities4cities.eu",),
        "auc": ("auc.org.ua", "www.auc.org.ua"),
        "kmu": ("www.kmu.gov.ua", "kmu.gov.ua"),
        "komsamovr": ("komsamovr.rada.gov.ua",),
        "prostir": ("www.prostir.ua", "prostir.ua"),
        "euneighbourseast": ("euneighbourseast.eu", "www.euneighbourseast.eu"),
    }
)
SOURCE_OF_HOST = MappingProxyType({host: source for source, hosts in SITES.items() for host in hosts})

CHALLENGE, DOWN = "challenge", "down"
# (source, day): the whole site answers a bot check, or hangs up without a word.
FAILURES = MappingProxyType({("kmu", 1): CHALLENGE, ("prostir", 2): DOWN})


def day_of(now: datetime) -> int:
    """Return 1 until the second day's reading hour is near, 2 from its morning on."""
    return 2 if now.astimezone(KYIV).date() >= DAYS[1].astimezone(KYIV).date() else 1


def failure_of(source: str, now: datetime) -> str | None:
    """Return CHALLENGE or DOWN when the whole site of `source` fails at `now`; else None."""
    return FAILURES.get((source, day_of(now)))
