"""Contrast of colours (`#rrggbb`), as WCAG 2 defines it. Pure."""

from __future__ import annotations

import re

ENOUGH = 4.5  # what level AA asks of a text
PAPER, DARK_PAPER = "#ffffff", "#1f2522"
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def is_readable(colour: str) -> bool:
    """Tell whether it is a colour, `#` and six small digits, in which a text can be read on white."""
    return bool(_COLOUR.fullmatch(colour)) and contrast(colour, PAPER) >= ENOUGH


def contrast(one: str, other: str) -> float:
    """Return how far two colours stand apart, from 1 to 21."""
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def for_dark(colour: str) -> str:
    """Return the colour with as much white as a text needs on dark paper."""
    parts = _parts(colour)
    mixed = (
        "#" + "".join(f"{part + (255 - part) * tenths // 10:02x}" for part in parts) for tenths in range(11)
    )  # white itself is the last
    return next(one for one in mixed if contrast(one, DARK_PAPER) >= ENOUGH + 1)


def _parts(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _luminance(colour: str) -> float:
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in (n / 255 for n in _parts(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
