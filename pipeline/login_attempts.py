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
TOGETHER = 20  # attempts from all addresses at once; one more every SPACING seconds. As many from new addresses:
NEW = 3  # an address is new for so many attempts, refused ones too, so that attackers' many do not keep others out
SPACING = 2.0
REMEMBERED = 10_000  # addresses; beyond, the one that tried longest ago is forgotten
LINES, MINUTE = 10, 60.0  # at most so many lines in such a time


@dataclass
class _Record:
    count: int = 0
    last: float = -math.inf
    asked: int = 0

    def wait(self, now: float) -> float:
        if self.count < FREE or now - self.last > FORGOTTEN:
            return 0.0
        return max(0.0, self.last + min(2.0 ** (self.count - FREE), LONGEST) - now)


@dataclass
class _Bucket:
    """Room for attempts, which time brings back."""

    room: float = TOGETHER
    filled: float = -math.inf

    def wait(self, now: float) -> float:
        self.room = min(float(TOGETHER), self.room + max(0.0, now - self.filled) / SPACING)
        self.filled = now
        return max(0.0, (1 - self.room) * SPACING)


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
    _new: _Bucket = field(default_factory=_Bucket)
    _others: _Bucket = field(default_factory=_Bucket)
    _said: dict[str, _LogBudget] = field(default_factory=dict)

    def wait(self, who: str, *, is_known: bool) -> float:
        """Return the seconds until `who` may try again; 0 for now."""
        now, record = self.clock(), self._records.get(who, _Record())
        own = record.wait(now)
        return own if is_known else max(own, self._bucket(record).wait(now))

    def begin(self, who: str, *, is_known: bool) -> None:
        """Count an attempt as a wrong one; `succeed` takes it back."""
        record = self._remembered(who)
        if not is_known:
            bucket = self._bucket(record)
            bucket.wait(self.clock())
            bucket.room -= 1
        record.count, record.last, record.asked = record.count + 1, self.clock(), record.asked + 1

    def refuse(self, who: str) -> None:
        """Count an attempt that has to wait."""
        self._remembered(who).asked += 1

    def _remembered(self, who: str) -> _Record:
        """Return the record of `who` as the newest of all."""
        record = self._records.pop(who, _Record())
        if self.clock() - record.last > FORGOTTEN and record.count:
            record = _Record()
        self._records[who] = record
        if len(self._records) > REMEMBERED:
            del self._records[next(iter(self._records))]
        return record

    def _bucket(self, record: _Record) -> _Bucket:
        return self._new if record.asked < NEW else self._others

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
