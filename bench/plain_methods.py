"""Three plain ways to find duplicates, for comparison with ours on the same pairs. Pure."""

from __future__ import annotations

import re
from hashlib import blake2b

_WORD = re.compile(r"\w+")
_PERMUTATIONS = 64
_THRESHOLD = 0.5


def has_equal_title(first: str, second: str) -> bool:
    """Return whether the titles are equal but for case and punctuation."""
    return _words(first) == _words(second)


def is_alike_by_jaccard(first: str, second: str) -> bool:
    """Return whether half of all words of the two titles stand in both."""
    one, other = set(_words(first)), set(_words(second))
    return len(one & other) >= _THRESHOLD * len(one | other) if one | other else False


def is_alike_by_minhash(first: str, second: str) -> bool:
    """Return whether half of 64 least hashes of the titles' three-letter pieces are equal."""
    one, other = _signature(first), _signature(second)
    return sum(a == b for a, b in zip(one, other, strict=True)) >= _THRESHOLD * _PERMUTATIONS


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _signature(text: str) -> list[int]:
    plain = " ".join(_words(text))
    pieces = {plain[at : at + 3] for at in range(max(1, len(plain) - 2))}
    return [min(_hash(seed, piece) for piece in pieces) for seed in range(_PERMUTATIONS)]


def _hash(seed: int, piece: str) -> int:
    return int.from_bytes(blake2b(piece.encode(), digest_size=8, salt=seed.to_bytes(2, "big")).digest(), "big")
