"""Numbers in addresses and forms of the desk. Pure."""

from __future__ import annotations


def number_of(given: str) -> int | None:
    """Return the number from 0 that an address or a form has; None for anything else."""
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else None
