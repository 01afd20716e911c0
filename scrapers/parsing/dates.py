"""From a date as a site prints it to `Published`. Pure: no clock, the moment of the fetch is passed in.

Every form that the sources were seen to use is read. A date that is impossible, ambiguous, before the web or more
than a day after the fetch is None: never today, never a guess. Times without a zone are Kyiv times.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple

from core.clock import kyiv
from core.model import Published
from language.calendar import MONTH_BEGINNINGS, month_pattern
from language.letters import INVISIBLE, one_script_words, single_spaces

if TYPE_CHECKING:
    from core.closed_sets import Origin

_FIRST_YEAR = 1995  # no source of ours published on the web before
_LONGEST = 200  # characters: a date line, not a paragraph
_ZONES = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3}
_FARTHEST_ZONE = 14 * 60  # minutes; no civil time is farther from UTC

_ISO = (
    r"(\d{4})-(\d{2})-(\d{2})(?:[t ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?"
)
_RFC = (
    r"(?:[a-z]{3,9},?\s+)?(\d{1,2})[\s-]+([a-z]{3,9})[\s-]+(\d{4}|\d{2}),?"
    r"\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([+-]\d{4}|[a-z]{1,4})"
)
_CLOCK = r"(?<![\d:.])(\d{1,2}):(\d{2})(?::(\d{2}))?(?![\d:])\s*([ap]\.?m\b\.?)?"
_NUMERIC = (
    r"(?<![\d.,])(\d{4})[./](\d{1,2})[./](\d{1,2})(?![\d.]*\d)",
    r"(?<![\d.,])(\d{1,2})([./-]| )(\d{1,2})\2(\d{4}|\d{2})(?!\d|[./-]\d)",
    r"(?<![\d.,/])(\d{1,2})[./](\d{1,2})(?![./-]?\d)",
)
_DAY_FIRST = (
    r"(?<!\d)(\d{1,2})(?:-?(?:го|е|st|nd|rd|th))?[\s./-]+(MONTH)\.?(?:[\s,./-]+(?:of\s+)?(\d{4}|\d{2}(?=\s*$)))?(?!\w)"
)
_MONTH_FIRST = r"(?<!\w)(MONTH)\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)(\d{4})(?!\w)"
_AGO = r"(?:(\d{1,3}|an?|один|одну)\s+)?(хвилин\w*|minutes?|mins?|годин\w*|hours?|день|дні|днів|days?)\s+(?:тому|ago)\b"
_NAMED_DAYS = {
    "сьогодні": 0, "today": 0, "щойно": 0, "just now": 0, "вчора": 1, "учора": 1, "yesterday": 1,
    "позавчора": 2, "day before yesterday": 2,
}  # fmt: skip


_Found = tuple[int | None, int, int]  # year, month, day


class _Moment(NamedTuple):
    """A calendar day in Kyiv, with a time of day where one was printed."""

    day: date
    clock: time | None = None


def parse(text: str, *, origin: Origin, seen_at: datetime) -> Published | None:
    """Return when `text` says that something was published; None when it does not say it beyond doubt.

    `seen_at` (aware) is when the page was fetched: relative forms count from it, a form without a year means the
    latest such day not after it, and a date more than a day after it is taken for the date of an event.
    A day and month without a year are read only beside a time of day: alone they are how events are written.
    """
    line = single_spaces(INVISIBLE.sub("", text)).lower()
    if not line or len(line) > _LONGEST:
        return None
    try:
        found = _stamped(line) or _printed(line, seen_at.astimezone(kyiv()))
        published = _published(found, origin) if found else None
    except (ValueError, OverflowError):  # 32 лютого, 25:61, year 0: the calendar says no
        return None
    if published is None or published.at < f"{_FIRST_YEAR}":
        return None
    latest = seen_at + timedelta(days=1)
    bound = latest.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if published.precision == "day":
        bound = latest.astimezone(kyiv()).date().isoformat()
    return published if published.at <= bound else None


def _published(found: datetime | _Moment, origin: Origin) -> Published:
    if isinstance(found, datetime):
        at = found.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        return Published(f"{at.isoformat()}Z", "minute", origin)  # strftime writes the year 1 with one digit
    if found.clock is None:
        return Published(found.day.isoformat(), "day", origin)
    local = datetime.combine(found.day, found.clock, kyiv())
    if local.astimezone(UTC).astimezone(kyiv()).replace(tzinfo=None) != local.replace(tzinfo=None):
        return Published(found.day.isoformat(), "day", origin)  # the hour that is skipped in spring: no such minute
    return _published(local.astimezone(UTC), origin)


def _stamped(line: str) -> datetime | _Moment | None:
    """Read ISO 8601 and RFC 822, which machines write."""
    match = re.fullmatch(_ISO, line)
    if match:
        year, month, day = int(match[1]), int(match[2]), int(match[3])
        if match[4] is None:
            return _Moment(date(year, month, day))
        return _zoned(date(year, month, day), _clock(match[4], match[5], match[6]), match[7])
    match = re.fullmatch(_RFC, line)
    if match and match[2] in MONTH_BEGINNINGS and match[7] not in ("am", "pm"):
        day_ = date(_year(match[3]), MONTH_BEGINNINGS[match[2]], int(match[1]))
        if match[7][0] not in "+-" and match[7] not in _ZONES:
            return _Moment(day_)  # a zone that is not known: the day is right to within a few hours
        return _zoned(day_, _clock(match[4], match[5], match[6]), match[7])
    return None


def _zoned(day: date, clock: time, zone: str | None) -> datetime | _Moment:
    """Raises ValueError for an offset that no place on Earth has (`+9999`)."""
    if not zone:
        return _Moment(day, clock)
    if zone in _ZONES:
        minutes = 60 * _ZONES[zone]
    else:
        digits = zone[1:].replace(":", "").ljust(4, "0")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        if minutes > _FARTHEST_ZONE or int(digits[2:]) > 59:
            raise ValueError(f"no zone is at {zone}")
    return datetime.combine(day, clock, timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes)))


def _printed(line: str, now: datetime) -> datetime | _Moment | None:
    """Read the forms that people read. None when there is no date, or more than one."""
    relative = _relative(line, now)
    if relative:
        return relative
    clocks = [_clock(*match.groups()) for match in re.finditer(_CLOCK, line)]
    rest, months = one_script_words(re.sub(_CLOCK, " ; ", line)), month_pattern()
    named, month_first = (form.replace("MONTH", months) for form in (_DAY_FIRST, _MONTH_FIRST))
    full, day_first, short = _NUMERIC
    found: set[_Found] = {(_year(y) if y else None, MONTH_BEGINNINGS[m], int(d)) for d, m, y in re.findall(named, rest)}
    found |= {(_year(y), MONTH_BEGINNINGS[m], int(d)) for m, d, y in re.findall(month_first, rest)}
    found |= {(int(y), int(m), int(d)) for y, m, d in re.findall(full, rest)}
    found |= {(_year(y), int(m), int(d)) for d, _, m, y in re.findall(day_first, rest)}
    found = found or {(None, int(m), int(d)) for d, m in re.findall(short, rest)}
    days = {_with_year(each, bool(clocks), now.date()) for each in found}
    if len(days) != 1 or len(set(clocks)) > 1:
        return None
    day = days.pop()
    return _Moment(day, clocks[0] if clocks else None) if day else None


def _relative(line: str, now: datetime) -> datetime | _Moment | None:
    ago = re.search(_AGO, line)
    if ago:
        count = int(ago[1]) if ago[1] and ago[1].isdigit() else 1
        if ago[2].startswith(("хв", "min")):
            return (now.astimezone(UTC) - timedelta(minutes=count)).replace(second=0, microsecond=0)
        if ago[2].startswith(("год", "hour")):  # rounded to the hour by the site: only the day is known
            return _Moment((now.astimezone(UTC) - timedelta(hours=count)).astimezone(now.tzinfo).date())
        return _Moment(now.date() - timedelta(days=count))
    for name in sorted(_NAMED_DAYS, key=len, reverse=True):
        if re.search(rf"(?<!\w){name}(?!\w)", line):
            clock = re.search(_CLOCK, line)
            return _Moment(now.date() - timedelta(days=_NAMED_DAYS[name]), _clock(*clock.groups()) if clock else None)
    return None


def _clock(hour: str, minute: str, second: str | None, half: str | None = None) -> time:
    """Raises ValueError for a time that no clock shows."""
    number = int(hour)
    if half:
        if not 1 <= number <= 12:
            raise ValueError(f"no clock shows {number} {half}")
        number = number % 12 + (12 if half.startswith("p") else 0)
    return time(number, int(minute), int(second or 0))


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _with_year(found: _Found, has_clock: bool, today: date) -> date | None:
    year, month, day = found
    if year is not None:
        return date(year, month, day)
    if not has_clock:
        return None
    this_year = date(today.year, month, day)
    return this_year if this_year <= today else date(today.year - 1, month, day)
