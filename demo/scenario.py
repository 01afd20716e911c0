"""The demo's two days and what goes wrong on them. Pure: no network, no clock."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType

from core.clock import kyiv

KYIV = kyiv()

# When the pipeline reads the sources: day 1 and day 2, the last two of the ninety.
DAYS = (datetime(2026, 2, 5, 15, 30, tzinfo=UTC), datetime(2026, 2, 6, 15, 30, tzinfo=UTC))

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
TROUBLES = MappingProxyType({("kmu", 1): CHALLENGE, ("prostir", 2): DOWN})


def day_of(now: datetime) -> int:
    """1 until the second day's reading hour is near, 2 from its morning on."""
    return 2 if now.astimezone(KYIV).date() >= DAYS[1].astimezone(KYIV).date() else 1


def trouble(source: str, now: datetime) -> str | None:
    """What is wrong with the whole site of `source` at `now`, if anything."""
    return TROUBLES.get((source, day_of(now)))
