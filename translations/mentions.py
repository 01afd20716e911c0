"""What the words of a text may name: the first pass of `translations.names`. Pure, given the gazetteer's tables.

Ukrainian: adjectives with their head noun («Коростишівська та Радомишльська міські громади»), names in -щина,
bare names («у Коростишеві»). English: names with and without community, region, district.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from translations.declension import ADJECTIVE_ENDINGS
from translations.heads import (
    AGREEING,
    AND,
    ENGLISH_HEADS,
    ENGLISH_TYPES,
    HEADS,
    LEVEL_OF_TYPE,
    PLACE_PREPOSITIONS,
    SETTLEMENT_WORDS,
    TYPE_WORDS,
)
from translations.words import Token, tokens

if TYPE_CHECKING:
    from translations.gazetteer import Gazetteer, Naming, Namings

_ADJECTIVE = re.compile(r"[сцз]ьк(?:а|ої|ій|у|ою|ий|ого|ому|им|ім|і|их|ими|е)$")
_ADJECTIVE_TAILS = frozenset(
    ("ва", "на", "ла", "ра", "ка", "ве", "не", "ле", "ре", "ке", "ої", "ій", "ою", "го", "му", "им")
)
_VERB = re.compile(r"(?:л[аои]|ть|ти)(?:ся|сь)?$")
_LONGEST_NOUN_PHRASE = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """Some words of a text and the places that they may name."""

    start: int
    end: int
    kind: str  # oblast, raion, hromada
    namings: Namings
    type: str = ""  # urban, settlement, rural, if the words say so
    head: str = "unit"  # unit, council, administration, other
    bare: bool = False  # the settlement's name alone
    oblast_ids: frozenset[str] = frozenset()  # the oblast named right behind: «… громади Сумської області»


def candidates(text: str, tables: Gazetteer) -> tuple[Candidate, ...]:
    """All that the words of `text` may name, in its order and without overlaps."""
    words = tokens(text)
    reader = _Reader(text, words, tables)
    found: list[Candidate] = []
    at = 0
    while at < len(words):
        if not words[at].capital:
            at += 1
            continue
        taken, got = reader.read(at)
        found.extend(got)
        at += max(taken, 1)
    return tuple(_with_oblast_behind(found, text))


def _with_oblast_behind(found: list[Candidate], text: str) -> list[Candidate]:
    """An oblast that follows a community with nothing but space or a bracket between them is the community's."""
    out = list(found)
    for at, (one, behind) in enumerate(pairwise(found)):
        if one.kind != "oblast" and behind.kind == "oblast" and text[one.end : behind.start].strip() in {"", "(", ","}:
            out[at] = replace(one, oblast_ids=frozenset(naming.place.id for naming in behind.namings))
    return out


@dataclass(frozen=True, slots=True)
class _Adjective:
    at: int
    namings: Namings
    type: str
    end: int  # of the adjective and the type words behind it


class _Reader:
    """Reads the words from one capitalised token on."""

    def __init__(self, text: str, words: list[Token], tables: Gazetteer) -> None:
        self.text, self.tokens, self.tables = text, words, tables

    def read(self, at: int) -> tuple[int, list[Candidate]]:
        """How many tokens were used, and what they may name."""
        if self.tokens[at].low.isascii():
            return self._english(at)
        return self._adjectives(at) or self._noun(at) or self._behind_head(at) or (1, [])

    def _gap(self, at: int) -> str:
        """What stands between a token and the one before it, without spaces."""
        return self.text[self.tokens[at - 1].end : self.tokens[at].start].strip() if at else ""

    def _adjective(self, at: int) -> Namings | None:
        """The places of an adjective, () for one that is no place's, None for another word."""
        token = self.tokens[at]
        if not token.capital:
            return None
        for size in (1, 2, 3):
            if token.low[-size:] in ADJECTIVE_ENDINGS and (namings := self.tables.adjectives.get(token.low[:-size])):
                return namings
        return () if _ADJECTIVE.search(token.low) else None

    def _adjectives(self, at: int) -> tuple[int, list[Candidate]] | None:
        """Adjectives in a row, commas and `та` between them, and their common head."""
        read: list[_Adjective] = []
        to, level = at, ""
        while to < len(self.tokens):
            if to > at and not read:
                return None
            namings = self._adjective(to)
            if namings is None:
                return None
            start, kind = to, ""
            to += 1
            while to < len(self.tokens) and not self._gap(to) and (word := _type_word(self.tokens[to].low)) is not None:
                level = LEVEL_OF_TYPE.get(word, level)
                kind = word or kind
                to += 1
            read.append(_Adjective(start, namings, kind, self.tokens[to - 1].end))
            if to < len(self.tokens) and not self._gap(to) and (head := HEADS.get(self.tokens[to].low)):
                return to + 1 - at, self._headed(read, level, head, to)
            to = self._past_separator(to)
        return None

    def _past_separator(self, to: int) -> int:
        """Behind a comma or `та`; the end of the text if there is neither."""
        if to < len(self.tokens) and not self._gap(to) and self.tokens[to].low in AND:
            return to + 1
        if to < len(self.tokens) and self._gap(to) == ",":
            return to
        return len(self.tokens)

    def _headed(self, read: list[_Adjective], level: str, head: tuple[str, str], at: int) -> list[Candidate]:
        wanted = head[0] if head[0] != "any" else level or "hromada"
        if wanted == "raion" and self._is_city_district(at):
            return []
        out = []
        shared = read[-1].type
        for one in read:
            namings = tuple(naming for naming in one.namings if _fits(naming, wanted))
            end = self.tokens[at].end if one is read[-1] else one.end
            kind = one.type or shared
            settlement = kind if kind in {"urban", "settlement", "rural"} and wanted == "hromada" else ""
            if namings:
                out.append(Candidate(self.tokens[one.at].start, end, wanted, namings, settlement, head[1]))
        return out

    def _is_city_district(self, at: int) -> bool:
        """«Подільський район Києва» is no raion."""
        if at + 1 >= len(self.tokens) or self._gap(at + 1) not in {"", "("}:
            return False
        follows = self.tokens[at + 1]
        return follows.low in {"м", "міста"} or any(
            n.place.type in {"urban", "city"} for n in self.tables.nouns.get(follows.low, ())
        )

    def _noun(self, at: int) -> tuple[int, list[Candidate]] | None:
        """A name that stands alone: of a region, or of a settlement."""
        words = min(self.tables.openings.get(self.tokens[at].low, 1), _LONGEST_NOUN_PHRASE)
        for size in range(words, 0, -1):
            if at + size > len(self.tokens) or any(self._gap(n) for n in range(at + 1, at + size)):
                continue
            namings = self.tables.nouns.get(" ".join(token.low for token in self.tokens[at : at + size]), ())
            if namings and (meant := self._meant(at, at + size - 1, namings)):
                return size, [self._bare(at, at + size - 1, meant)]
        return None

    def _bare(self, at: int, last: int, namings: Namings) -> Candidate:
        before = self.tokens[at - 1].low if at else ""
        kinds = {naming.place.kind for naming in namings}
        kind = "oblast" if kinds == {"oblast"} else "raion" if kinds == {"raion"} else "hromada"
        return Candidate(
            self.tokens[at].start,
            self.tokens[last].end,
            kind,
            namings,
            SETTLEMENT_WORDS.get(before, ""),
            "unit",
            bare=True,
        )

    def _meant(self, at: int, last: int, namings: Namings) -> Namings:
        """The namings that the surroundings allow."""
        before = self.tokens[at - 1] if at else None
        told = before is not None and before.low in SETTLEMENT_WORDS and self._gap(at) in {"", "."}
        if told:
            return namings
        if self._in_quotes(at, last) or self._is_surname(at) or self._agrees_with_next(last, namings):
            return tuple(naming for naming in namings if naming.place.kind == "oblast" and naming.place.type != "city")
        if before is not None and {naming.place.kind for naming in namings} == {"oblast", "hromada"}:
            level = "oblast" if before.low == "на" else "hromada" if before.low in {"у", "в"} else ""  # Запоріжжя
            namings = tuple(naming for naming in namings if naming.place.kind == level) or namings
        opens = before is None or self._gap(at) not in {"", ",", "("}
        placed = before is not None and before.low in PLACE_PREPOSITIONS and not self._gap(at)
        return tuple(naming for naming in namings if _allowed(naming, before, opens=opens, placed=placed))

    def _in_quotes(self, at: int, last: int) -> bool:
        start, end = self.tokens[at].start, self.tokens[last].end
        return self.text[max(start - 1, 0) : start] in {"«", '"', "“", "„"} and self.text[end : end + 1] in {
            "»",
            '"',
            "”",
            "“",
        }

    def _is_surname(self, at: int) -> bool:
        """Behind an initial or a capitalised word that does not begin the text."""
        if not at or self._gap(at) not in {"", "."}:
            return False
        before = self.tokens[at - 1]
        if not before.capital or before.low in PLACE_PREPOSITIONS or before.low in AND:
            return False
        if before.end - before.start == 1:
            return True
        return (
            at > 1
            and not self._gap(at - 1)
            and not self._gap(at)
            and before.low not in self.tables.nouns
            and not self.text.isupper()
        )

    def _agrees_with_next(self, last: int, namings: Namings) -> bool:
        """«Луцька гімназія»: the form may be an adjective's, and the next word has its ending and is no verb."""
        if last + 1 >= len(self.tokens) or self._gap(last + 1):
            return False
        low, follows = self.tokens[last].low, self.tokens[last + 1]
        adjectival = _ADJECTIVE.search(low) or (
            any(naming.caution == "word" for naming in namings) and low[-2:] in _ADJECTIVE_TAILS
        )
        verb = _VERB.search(follows.low)
        return bool(adjectival and not verb and not follows.capital and follows.low[-1] in AGREEING.get(low[-1], ""))

    def _behind_head(self, at: int) -> tuple[int, list[Candidate]] | None:
        """«у громадах: Коростишівській, Радомишльській»: the head comes first."""
        if (
            not at
            or HEADS.get(self.tokens[at - 1].low, ("", ""))[1] != "unit"
            or self._gap(at) not in {"", ":", "–", "—"}
        ):
            return None
        read, to = [], at
        while to < len(self.tokens) and (namings := self._adjective(to)):
            read.append(_Adjective(to, namings, "", self.tokens[to].end))
            to += 1
            last = to >= len(self.tokens) or (self._gap(to) not in {"", ","})
            if last or (behind := self._past_separator(to)) == len(self.tokens):
                break
            to = behind
        if not read or (to < len(self.tokens) and not self._gap(to)):
            return None
        level = HEADS[self.tokens[at - 1].low][0]
        found = [
            Candidate(self.tokens[one.at].start, one.end, level, namings, "", "unit")
            for one in read
            if (namings := tuple(naming for naming in one.namings if _fits(naming, level)))
        ]
        return (to - at, found) if found else None

    def _english(self, at: int) -> tuple[int, list[Candidate]]:
        words = min(self.tables.openings.get(self.tokens[at].low, 1), _LONGEST_NOUN_PHRASE)
        for size in range(words, 0, -1):
            if at + size > len(self.tokens) or any(self._gap(n) for n in range(at + 1, at + size)):
                continue
            if namings := self.tables.english.get(" ".join(token.low for token in self.tokens[at : at + size])):
                return size, self._english_name(at, at + size - 1, namings)
        return 1, []

    def _english_name(self, at: int, last: int, namings: Namings) -> list[Candidate]:
        level, end = self._english_head(last)
        if level:
            fitting = tuple(naming for naming in namings if _fits(naming, level))
            stop = self.tokens[end].end if end >= 0 else self.tokens[last].end
            return [Candidate(self.tokens[at].start, stop, level, fitting)] if fitting else []
        if self._in_quotes(at, last) or self._is_surname(at):
            return []
        placed = bool(at) and self.tokens[at - 1].low in PLACE_PREPOSITIONS
        bare = tuple(
            n for n in namings if (n.place.kind == "hromada" or n.place.type == "city") and (placed or not n.caution)
        )
        return [Candidate(self.tokens[at].start, self.tokens[last].end, "hromada", bare, bare=True)] if bare else []

    def _english_head(self, last: int) -> tuple[str, int]:
        """The level that the word behind the name tells, and where that word is; -1 if other names come first."""
        to, direct = last + 1, True
        while to < len(self.tokens):
            token = self.tokens[to]
            gap = self._gap(to)
            if gap not in {"", ","}:
                return "", -1
            if not gap and (level := ENGLISH_HEADS.get(token.low)):
                return level, to if direct else -1
            if token.low in ENGLISH_TYPES or token.low in self.tables.english or token.low in self.tables.openings:
                direct = direct and token.low in ENGLISH_TYPES and token.low != "and"
                to += 1
                continue
            return "", -1
        return "", -1


@lru_cache(maxsize=4096)
def _type_word(low: str) -> str | None:
    """The type of community that an adjective between name and head tells; None for another word."""
    for size in (1, 2, 3):
        if low[-size:] in ADJECTIVE_ENDINGS and low[:-size] in TYPE_WORDS:
            return TYPE_WORDS[low[:-size]]
    return None


def _fits(naming: Naming, level: str) -> bool:
    if naming.place.type == "city":
        return level == "hromada"
    return naming.place.kind == level


def _allowed(naming: Naming, before: Token | None, *, opens: bool, placed: bool) -> bool:
    """Whether a bare name is more than the ordinary word, surname or river that it also is."""
    if naming.caution == "person":
        return placed
    if naming.caution == "river":
        return before is None or not before.low.startswith(
            ("річк", "ріка", "рік", "на", "через", "за", "понад", "русл", "береза")
        )
    if naming.caution == "word":
        return placed or (not opens and naming.place.type == "urban")
    return True
