"""Ukrainian place names in a text, in any case form. Pure, given the gazetteer's tables.

Adjectives with their head noun («Коростишівська та Радомишльська міські громади»), names in -щина, bare names
(«у Коростишеві»).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from language.places.context import LONGEST_LIST, Context, PlaceCandidate, of_level
from language.places.declension import ADJECTIVE_ENDINGS
from language.places.place_nouns import (
    AGREEING,
    AND,
    LEVEL_OF_TYPE,
    PLACE_NOUNS,
    PLACE_PREPOSITIONS,
    SETTLEMENT_WORDS,
    TYPE_WORDS,
)

if TYPE_CHECKING:
    from language.places.gazetteer import Namings

_ADJECTIVE = re.compile(r"[сцз]ьк(?:а|ої|ій|у|ою|ий|ого|ому|им|ім|і|их|ими|е)$")
_ADJECTIVE_TAILS = frozenset(
    ("ва", "на", "ла", "ра", "ка", "ве", "не", "ле", "ре", "ке", "ої", "ій", "ою", "го", "му", "им")
)
_VERB = re.compile(r"(?:л[аои]|ть|ти|[аеиіуюя]є)(?:ся|сь)?$")
_RIVER = ("річк", "ріка", "рік", "на", "через", "за", "понад", "русл")
_PLURAL = ("і", "их", "ими")
_SETTLEMENTS = frozenset({"urban", "settlement", "rural"})


@dataclass(frozen=True, slots=True)
class _Adjective:
    """An adjective that may be a place's, with the type words behind it."""

    start: int
    end: int
    namings: Namings
    type: str = ""
    plural: bool = False


class UkrainianNames(Context):
    """Reads names from one capitalised word on."""

    def read(self, at: int) -> tuple[int, list[PlaceCandidate]]:
        """Return how many words were used, and what they may name."""
        return self._adjectives(at) or self._noun(at) or self._behind_head(at) or (1, [])

    def _adjective(self, at: int) -> Namings | None:
        """Return the places of an adjective, () for one that is no place's, None for another word."""
        token = self.tokens[at]
        if not token.capital:
            return None
        for size in (1, 2, 3):
            if token.low[-size:] in ADJECTIVE_ENDINGS and (namings := self.tables.adjectives.get(token.low[:-size])):
                return namings
        return () if _ADJECTIVE.search(token.low) else None

    def _adjectives(self, at: int) -> tuple[int, list[PlaceCandidate]] | None:
        """Read adjectives in a row, commas and `та` between them, and their common place noun."""
        read: list[_Adjective] = []
        to, level = at, ""
        while to < len(self.tokens) and len(read) < LONGEST_LIST:
            namings = self._adjective(to)
            if namings is None:
                return None
            start = to
            to, kind = to + 1, ""
            while self.is_next(to) and (word := type_word(self.tokens[to].low)) is not None:  # міська, територіальна …
                kind, level = word or kind, LEVEL_OF_TYPE.get(word, level)
                to += 1
            plural = self.tokens[start].low.endswith(_PLURAL)
            read.append(_Adjective(self.tokens[start].start, self.tokens[to - 1].end, namings, kind, plural))
            if self.is_next(to) and (head := PLACE_NOUNS.get(self.tokens[to].low)):
                return to + 1 - at, self._headed(read, level, head, to)
            to = self._past_separator(to)
        return None

    def _past_separator(self, to: int) -> int:
        """Return the place behind a comma or `та`; the end of the text if there is neither."""
        if self.is_next(to) and self.tokens[to].low in AND:
            return to + 1
        return to if to < len(self.tokens) and self.gap(to) == "," else len(self.tokens)

    def _headed(self, read: list[_Adjective], level: str, head: tuple[str, str], at: int) -> list[PlaceCandidate]:
        """Return one candidate for each adjective; the last one's words include the place noun at `at`."""
        wanted = head[0] if head[0] != "any" else level or "hromada"
        if wanted == "raion" and at + 1 < len(self.tokens) and self.gap(at + 1) in {"", "("}:
            behind = self.tokens[at + 1].low
            towns = (naming.place.type in {"urban", "city"} for naming in self.tables.nouns.get(behind, ()))
            if behind in {"м", "міста"} or any(towns):
                return []  # «Подільський район Києва» is no raion
        if len(read) == 1 and read[0].plural and head[1] == "unit":
            return []  # «Гірські громади», «житомирські громади»: no one community has a plural name
        out = []
        for one in read:
            kind = one.type or read[-1].type
            settlement = kind if kind in _SETTLEMENTS and wanted == "hromada" else ""
            end = self.tokens[at].end if one is read[-1] else one.end
            if namings := of_level(one.namings, wanted):
                out.append(PlaceCandidate(one.start, end, wanted, namings, settlement, head[1]))
        return out

    def _noun(self, at: int) -> tuple[int, list[PlaceCandidate]] | None:
        """Read a name that stands alone: of a region, or of a settlement."""
        size, namings = self.longest(at, self.tables.nouns)
        meant, doubtful = self._meant(at, at + size - 1, namings) if size else ((), ())
        if not meant and not doubtful:
            return None
        kinds = {naming.place.kind for naming in meant}
        kind = kinds.pop() if len(kinds) == 1 else "hromada"
        told = SETTLEMENT_WORDS.get(self.tokens[at - 1].low, "") if at else ""
        start, end = self.tokens[at].start, self.tokens[at + size - 1].end
        found = PlaceCandidate(start, end, kind, meant, told, bare=True, doubtful=doubtful, opens=self._opens(at))
        return size, [found]

    def _opens(self, at: int) -> bool:
        """Return whether the word would have its capital letter in any case."""
        return at == 0 or self.gap(at) not in {"", ",", "("}

    def _meant(self, at: int, last: int, namings: Namings) -> tuple[Namings, Namings]:
        """Return the namings that the context allows, and those that the name of their oblast would make plausible."""
        before = self.tokens[at - 1] if at else None
        told = before is not None and before.low in SETTLEMENT_WORDS and self.gap(at) in {"", "."}
        if told or (at == 0 and last == len(self.tokens) - 1):
            return namings, ()
        if self.is_quoted(at, last) or self.is_surname(at) or self._agrees_with_next(last, namings):
            return of_level(namings, "oblast"), ()
        if before is not None and {naming.place.kind for naming in namings} == {"oblast", "hromada"}:
            level = {"на": "oblast", "у": "hromada", "в": "hromada"}.get(before.low, "")  # Запоріжжя
            namings = of_level(namings, level) or namings
        opens, placed = self._opens(at), self.is_placed(at)
        # More than the ordinary word, surname or river that a name also is.
        sure = {"person": placed, "word": placed, "river": before is None or not before.low.startswith(_RIVER)}
        meant = tuple(
            naming
            for naming in namings
            if sure.get(naming.caution, True)
            or (naming.caution == "word" and not opens and naming.place.type == "urban")
            # Хмельницький is a city more often than a surname alone.
            or (naming.caution == "person" and naming.place.id in self.tables.capitals)
        )
        return meant, tuple(naming for naming in namings if naming.caution and naming not in meant)

    def _agrees_with_next(self, last: int, namings: Namings) -> bool:
        """Return whether the form may be the adjective of the next word, «Луцька гімназія», which is no verb."""
        if not self.is_next(last + 1):
            return False
        low, behind = self.tokens[last].low, self.tokens[last + 1]
        if behind.capital or behind.low in {*PLACE_PREPOSITIONS, "на", "за"} or _VERB.search(behind.low):
            return False
        # «У Рівному вчителі»: the centre of an oblast is meant more often than not.
        is_word = all(n.caution == "word" and n.place.id not in self.tables.capitals for n in namings)
        adjectival = _ADJECTIVE.search(low) or (is_word and low[-2:] in _ADJECTIVE_TAILS)
        return bool(adjectival) and behind.low[-1] in AGREEING.get(low[-2:], AGREEING.get(low[-1], ""))

    def _behind_head(self, at: int) -> tuple[int, list[PlaceCandidate]] | None:
        """Read «у громадах: Коростишівській, Радомишльській», where the place noun comes first."""
        level, head = PLACE_NOUNS.get(self.tokens[at - 1].low, ("", "")) if at else ("", "")
        if head != "unit" or self.gap(at) not in {"", ":", "–", "—"}:
            return None
        read: list[_Adjective] = []
        to = at
        while to < len(self.tokens) and (namings := self._adjective(to)):
            read.append(_Adjective(self.tokens[to].start, self.tokens[to].end, namings))
            to += 1
            behind = self._past_separator(to)
            if behind == len(self.tokens):
                break
            to = behind
        if not read or self.is_next(to):
            return None
        found = [
            PlaceCandidate(o.start, o.end, level, of_level(o.namings, level))
            for o in read
            if of_level(o.namings, level)
        ]
        return (to - at, found) if found else None


@lru_cache(maxsize=4096)
def type_word(low: str) -> str | None:
    """Return the type of community that an adjective between name and noun tells; None for another word."""
    for size in (1, 2, 3):
        if low[-size:] in ADJECTIVE_ENDINGS and low[:-size] in TYPE_WORDS:
            return TYPE_WORDS[low[:-size]]
    return None
