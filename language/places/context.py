"""A text's words beside the gazetteer's tables: what both languages need to see what a name stands among. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from language.places.place_nouns import AND, PLACE_PREPOSITIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from language.places.gazetteer import Gazetteer, Naming, Namings
    from language.words import Token

LONGEST_NAME = 3  # words
LONGEST_LIST = 20  # names before their common head; a text without end shall not cost time without end
_OPENING, _CLOSING = frozenset("«\"“„'‘"), frozenset("»\"”“'’")


@dataclass(frozen=True, slots=True)
class PlaceCandidate:
    """Some words of a text and the places that they may name."""

    start: int
    end: int
    kind: str  # oblast, raion, hromada
    namings: Namings
    type: str = ""  # urban, settlement, rural, if the words say so
    head: str = "unit"  # unit, council, administration, other
    bare: bool = False  # the name alone, without community, district or region
    oblast_ids: frozenset[str] = frozenset()  # the oblast named right behind: «… громади Сумської області»
    doubtful: Namings = ()  # count only if the text names their oblast: else the name is the word that it also is
    opens: bool = False  # the capital letter tells nothing: then the oblast must stand right behind the name


class Context:
    """The words of one text; `at` is always the index of a word."""

    def __init__(self, text: str, words: list[Token], tables: Gazetteer) -> None:
        self.text, self.tokens, self.tables = text, words, tables

    def gap(self, at: int) -> str:
        """Return what stands between a word and the one before it, without spaces."""
        return self.text[self.tokens[at - 1].end : self.tokens[at].start].strip() if at else ""

    def is_next(self, at: int) -> bool:
        """Return whether there is a word `at`, with nothing but space before it."""
        return at < len(self.tokens) and not self.gap(at)

    def longest(self, at: int, table: Mapping[str, Namings]) -> tuple[int, Namings]:
        """Return how many words from `at` on make the longest name of `table`, and what it names; 0 words for none."""
        for size in range(min(self.tables.openings.get(self.tokens[at].low, 1), LONGEST_NAME), 0, -1):
            if at + size <= len(self.tokens) and all(self.is_next(n) for n in range(at + 1, at + size)):
                namings = table.get(" ".join(token.low for token in self.tokens[at : at + size]))
                if namings:
                    return size, namings
        return 0, ()

    def is_quoted(self, at: int, last: int) -> bool:
        """Return whether the words stand alone in quotes: the name of a firm, a club, a programme."""
        start, end = self.tokens[at].start, self.tokens[last].end
        return self.text[max(start - 1, 0) : start] in _OPENING and self.text[end : end + 1] in _CLOSING

    def is_placed(self, at: int) -> bool:
        """Return whether a preposition of place stands before the word."""
        return bool(at) and not self.gap(at) and self.tokens[at - 1].low in PLACE_PREPOSITIONS

    def is_surname(self, at: int) -> bool:
        """Return whether it is a surname or the like: behind an initial, a given name, another capitalised word."""
        if not at or self.gap(at) not in {"", "."}:
            return False
        before = self.tokens[at - 1]
        written = self.text[before.start : before.end]
        if not before.capital or before.low in PLACE_PREPOSITIONS or before.low in AND:
            return False
        if len(written) == 1 or (self.is_next(at) and before.low in self.tables.given_names):
            return True
        return (
            at > 1
            and self.is_next(at - 1)
            and self.is_next(at)
            and not written.isupper()
            and before.low not in self.tables.nouns
        )


def is_of_level(naming: Naming, level: str) -> bool:
    """Return whether the place is of the level that a place noun tells; Kyiv is a community and no region."""
    if naming.place.type == "city":
        return level == "hromada"
    return naming.place.kind == level


def of_level(namings: Namings, level: str) -> Namings:
    """Return those of `namings` that are of the level."""
    return tuple(naming for naming in namings if is_of_level(naming, level))
