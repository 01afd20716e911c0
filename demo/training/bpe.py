"""A learner of byte-pair encodings in the `#version: 0.2` form that Argos packages carry. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

END = "</w>"
_Pair = tuple[str, str]


class Learner:
    """A learner that merges the most frequent neighbours; digits stay single so that unseen numbers can be copied."""

    def __init__(self, words: Mapping[str, int]) -> None:
        """`words` are the tokens of both languages with their frequency."""
        self.words = list(words)
        self.weights = [words[word] for word in self.words]
        self.symbols = [[*word[:-1], word[-1] + END] for word in self.words]
        self.merges: list[_Pair] = []
        self._counts: Counter[_Pair] = Counter()
        self._where: defaultdict[_Pair, set[int]] = defaultdict(set)
        for index in range(len(self.words)):
            self._add(index, 1)

    def _add(self, index: int, sign: int) -> None:
        symbols = self.symbols[index]
        for pair in pairwise(symbols):
            if not any(character.isdigit() for symbol in pair for character in symbol):
                self._counts[pair] += sign * self.weights[index]
                self._where[pair].add(index)

    def learn(self, merges: int) -> None:
        """Make up to `merges` merges; equal counts are decided by the alphabet, so it is reproducible."""
        for _ in range(merges):
            best = max(self._counts, key=lambda pair: (self._counts[pair], pair))
            if self._counts[best] < 2:
                return
            self._merge(best)

    def replay(self, bpe_model: str) -> None:
        """Make the merges that were learned before, from the contents of bpe.model."""
        for line in bpe_model.splitlines()[1:]:
            first, second = line.split(" ")
            self._merge((first, second))

    def _merge(self, pair: _Pair) -> None:
        self.merges.append(pair)
        for index in sorted(self._where.pop(pair, set())):
            self._add(index, -1)
            self.symbols[index] = _merged(self.symbols[index], pair)
            self._add(index, 1)
        del self._counts[pair]

    def pieces(self) -> dict[str, list[str]]:
        """Return how each word is written: `Коростишівськ@@`, `ої`."""
        return {
            word: [symbol.removesuffix(END) if symbol.endswith(END) else f"{symbol}@@" for symbol in symbols]
            for word, symbols in zip(self.words, self.symbols, strict=True)
        }

    def text(self) -> str:
        """Return the contents of bpe.model."""
        return "\n".join(["#version: 0.2", *(" ".join(pair) for pair in self.merges)]) + "\n"


def _merged(symbols: list[str], pair: _Pair) -> list[str]:
    merged: list[str] = []
    for symbol in symbols:
        if merged and (merged[-1], symbol) == pair:
            merged[-1] += symbol
        else:
            merged.append(symbol)
    return merged
