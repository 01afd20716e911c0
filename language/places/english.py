"""English place names in a text: Korostyshiv community, Fastiv and Bila Tserkva communities, Chuhuiv. Pure."""

from __future__ import annotations

from language.places.context import LONGEST_LIST, Context, PlaceCandidate, of_level
from language.places.place_nouns import ENGLISH_PLACE_NOUNS, ENGLISH_TYPES


class EnglishNames(Context):
    """Reads names from one capitalised word on."""

    def read(self, at: int) -> tuple[int, list[PlaceCandidate]]:
        """Return how many words were used, and what they may name."""
        size, namings = self.longest(at, self.tables.english)
        if not size:
            return 1, []
        last = at + size - 1
        level, head = self._head(last)
        start = self.tokens[at].start
        if level:
            end = self.tokens[max(head, last)].end
            if fitting := of_level(namings, level):
                return size, [PlaceCandidate(start, end, level, fitting)]
        end = self.tokens[last].end
        if self.is_quoted(at, last):
            return size, []
        if all(naming.place.kind == "oblast" and naming.place.type != "city" for naming in namings):  # Volyn, Bukovyna
            return size, [PlaceCandidate(start, end, "oblast", namings, bare=True)]
        placed = self.is_placed(at)
        bare = tuple(n for n in of_level(namings, "hromada") if placed or not n.caution)
        return size, [PlaceCandidate(start, end, "hromada", bare, bare=True)] if bare else []

    def _head(self, last: int) -> tuple[str, int]:
        """Return the level that the word behind the name tells, and its place; -1 if other names come before it."""
        to, direct = last + 1, True
        while to < min(len(self.tokens), last + LONGEST_LIST) and self.gap(to) in {"", ","}:
            low = self.tokens[to].low
            if not self.gap(to) and (level := ENGLISH_PLACE_NOUNS.get(low)):
                return level, to if direct else -1
            if low not in ENGLISH_TYPES and low not in self.tables.english and low not in self.tables.openings:
                return "", -1
            direct = direct and low in ENGLISH_TYPES and low != "and"
            to += 1
        return "", -1
