"""Attempts to log in: when the next may be, and what the log says of them. The clock is passed in."""

from __future__ import annotations

import ipaddress
import logging
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("visnyk.web")

FREE = 5  # wrong passwords that cost nobody any time
LONGEST = 60.0  # seconds; waits double up to here, so that an editor who shares an address waits no longer
FORGOTTEN = 3600.0  # seconds after the last wrong one
TOGETHER = 20  # attempts from all addresses at once; one more every SPACING seconds
SPACING = 2.0
REMEMBERED = 10_000  # addresses; beyond, the one that tried longest ago is forgotten
LINES, MINUTE = 10, 60.0  # at most so many lines in such a time


@dataclass
class _Record:
    count: int = 0
    last: float = -math.inf

    def wait(self, now: float) -> float:
        if self.count < FREE or now - self.last > FORGOTTEN:
            return 0.0
        return max(0.0, self.last + min(2.0 ** (self.count - FREE), LONGEST) - now)


@dataclass
class _LogBudget:
    count: int = 0
    since: float = -math.inf


@dataclass
class LoginAttempts:
    """Counts attempts of each address and of all together, before their passwords are looked at.

    A browser from which an editor logged in before is known by a cookie. It is counted by itself, so that whoever
    shares its address, or tries from very many, does not keep the editor out.
    """

    clock: Callable[[], float]
    _records: dict[str, _Record] = field(default_factory=dict)
    _together: float = TOGETHER
    _filled: float = -math.inf
    _said: dict[str, _LogBudget] = field(default_factory=dict)

    def wait(self, who: str, *, is_known: bool) -> float:
        """Return the seconds until `who` may try again; 0 for now."""
        own = self._records.get(who, _Record()).wait(self.clock())
        return own if is_known else max(own, self._fill())

    def begin(self, who: str, *, is_known: bool) -> None:
        """Count an attempt as a wrong one; `succeed` takes it back."""
        now, record = self.clock(), self._records.pop(who, _Record())
        forgotten = now - record.last > FORGOTTEN
        self._records[who] = _Record(1 if forgotten else record.count + 1, now)
        if len(self._records) > REMEMBERED:
            del self._records[next(iter(self._records))]
        if not is_known:
            self._fill()
            self._together -= 1

    def succeed(self, who: str) -> None:
        """Forget the wrong attempts of `who`."""
        self._records.pop(who, None)

    def say(self, what: str, address: str) -> None:
        """Log what became of an attempt; of very many in a minute only how many there were."""
        now, said = self.clock(), self._said.setdefault(what, _LogBudget())
        if now - said.since > MINUTE:
            if said.count > LINES:
                log.warning("log-in %s: %d more in that minute", what, said.count - LINES)
            said = self._said[what] = _LogBudget(since=now)
        said.count += 1
        if said.count <= LINES:
            log.warning("log-in %s: address=%s", what, address)

    def _fill(self) -> float:
        """Add what time has brought; return the seconds until there is room for one more attempt."""
        now = self.clock()
        self._together = min(float(TOGETHER), self._together + max(0.0, now - self._filled) / SPACING)
        self._filled = now
        return max(0.0, (1 - self._together) * SPACING)


def counted_as(address: str) -> str:
    """Return the address under which attempts are counted: of IPv6 the network, which one household has to itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
