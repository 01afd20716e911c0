"""The features of one article that the judge reads: its words, names, numbers, places. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from language.facts.number_sets import Numbers, is_number_word, numbers, together
from language.letters import fold
from language.sound import shortened, sound
from language.words import STOP_WORDS, placed_words
from pipeline.stories.lexicon import listed_stem, meaning
from pipeline.stories.places import find_places, identities, no_places
from pipeline.stories.publication_address import publication_address
from pipeline.stories.titles import Headline, parse_headline
from pipeline.stories.weights import NAME, NEARLY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.model import StoryText
    from language.places.names import Mention

    Annotate = Callable[[str], tuple[Mention, ...]]  # folded text → the places that it names

_LONG_FORM = 4  # sounds from which two words are rather forms of a third than alike by chance
_ACRONYM = range(3, 7)  # letters of a word in capitals that is short for several
LONGEST = 2000  # characters of a title or lead that are read: more is no title and no lead
# «Дрогобич і Бидгощ створять …»: a first word that is coupled with a name is one too.
_COUPLED = re.compile(r"^(?:\w+\s+){0,2}?(?P<first>\w+)\s+(?:і|й|та|and|&)\s+(?:[a-zа-яґєії’\-]+\s+)?[A-ZА-ЯҐЄІЇ]")
_LINK = re.compile(r"https?://[^\s<>\"»”)]+[^\s<>\"»”).,;:!?]")
_BOUNDARIES = frozenset('.!?:;«»“”„"—–|(')


@dataclass(frozen=True, slots=True)
class WeightedTerm:
    """One telling word."""

    text: str
    stem: str
    sound: str
    rows: frozenset[int]  # meanings in the lexicon
    weight: float
    name: bool  # surely a proper name
    near: frozenset[int] = frozenset()  # rows of words used for it
    forms: tuple[str, ...] = ()  # for a word that no list knows: sounds of which it may be a form
    long_forms: tuple[str, ...] = ()  # those of them that are long enough to be the form of another word too
    letters: str = ""  # of a word in capitals, which may stand for the words that begin with them (ДФРР)


@dataclass(frozen=True, slots=True)
class Bag:
    """The words of a text, ready to be asked whether a term is among them."""

    stems: frozenset[str]
    rows: frozenset[int]
    sounds: frozenset[str]
    near: frozenset[int]
    shorter: frozenset[str]  # what the sounds of the unknown words may be forms of
    initials: str  # with which its words begin, in order
    short: frozenset[str]  # the letters of its words in capitals

    def has(self, term: WeightedTerm) -> bool:
        """Return whether a term is there: as a form of the same word, with the same meaning, or by its sound."""
        if term.stem in self.stems or (term.letters and term.letters in self.initials):
            return True
        if term.rows:
            return not self.rows.isdisjoint(term.rows)
        return bool(term.sound) and self._sounds_like(term)

    def shares(self, terms: tuple[WeightedTerm, ...]) -> list[float]:
        """Return how much of each term is there: all of it, or less when only a word that is used for it is.

        Terms that are there as their first letters alone (ДФРР) count in full.
        """
        stems, rows, near, initials = self.stems, self.rows, self.near, self.initials
        found = [
            1.0
            if term.stem in stems
            or (term.letters and term.letters in initials)
            or (not rows.isdisjoint(term.rows) if term.rows else term.sound and self._sounds_like(term))
            else NEARLY
            if term.near and not near.isdisjoint(term.near)
            else 0.0
            for term in terms
        ]
        for letters in self.short:
            if (at := _initials(terms).find(letters)) >= 0:
                found[at : at + len(letters)] = [1.0] * len(letters)
        return found

    def _sounds_like(self, term: WeightedTerm) -> bool:
        """Return whether one word is a form of the other, or both of one, by the beginning that they share."""
        if term.sound in self.sounds or term.sound in self.shorter:
            return True
        return not (self.sounds.isdisjoint(term.forms) and self.shorter.isdisjoint(term.long_forms))


@dataclass(frozen=True, slots=True)
class Features:
    """One article as the judge reads it."""

    text: StoryText
    headline: Headline
    lead: str  # folded
    terms: tuple[WeightedTerm, ...]  # of the title's core
    lead_terms: tuple[WeightedTerm, ...]
    speaker: tuple[WeightedTerm, ...]  # who is quoted in the title
    machine: tuple[WeightedTerm, ...]  # of the machine English of the title
    title_bag: Bag
    bag: Bag  # title and lead
    numbers: Numbers  # of the title
    all_numbers: Numbers  # of title and lead
    places: frozenset[str]  # that the title names
    all_places: frozenset[str]
    countries: frozenset[int]  # rows of the countries that the title names
    day: int | None  # of publication, as an ordinal
    address: str  # what all addresses of the publication share
    addresses: frozenset[str]  # the same of every address that led to it
    mentions: frozenset[str]  # the same of every address that its lead gives
    lead_stems: frozenset[str]  # by which leads are compared as a whole


def read_features(text: StoryText, annotate: Annotate = find_places) -> Features:
    """Read the features of one article; `annotate` finds the places of a folded text."""
    head, lead = parse_headline(text.title[:LONGEST]), fold(text.lead[:LONGEST])
    terms, lead_terms, speaker = terms_of(head.core, annotate), terms_of(lead, annotate), terms_of(head.speaker)
    machine = terms_of(parse_headline(text.machine_english).core, annotate) if text.machine_english else ()
    places, counted = identities(annotate(head.folded)), numbers(head.folded, text.language)
    return Features(
        text,
        head,
        lead,
        terms,
        lead_terms,
        speaker,
        machine,
        bag_of(terms, speaker, machine),
        bag_of(terms, speaker, machine, lead_terms),
        counted,
        together(counted, numbers(lead, text.language)),
        places,
        places | identities(annotate(lead)),
        frozenset(row for term in terms if term.rows for row in meaning(term.stem).countries),
        date.fromisoformat(text.published_on).toordinal() if text.published_on else None,
        publication_address(text.url),
        frozenset(map(publication_address, (text.url, *text.addresses))) - {""},
        frozenset(map(publication_address, _LINK.findall(lead))) - {""} if "://" in lead else frozenset(),
        frozenset(term.stem for term in lead_terms),
    )


def terms_of(folded: str, annotate: Annotate = no_places) -> tuple[WeightedTerm, ...]:
    """Return the telling words of a folded text, each once, in order; numbers are read elsewhere."""
    if not folded:
        return ()
    found: dict[str, WeightedTerm] = {}
    places = [place for place in annotate(folded) if place.core]
    for place in places:
        name = place.core.lower()
        heard = sound(name)
        shown, stem = folded[place.start : place.end], f"@{name}"
        found[stem] = WeightedTerm(shown, stem, heard, frozenset(), NAME, True, frozenset(), *_forms(heard))
    read = placed_words(folded)
    # In English title case, or all capitals, a capital letter tells no name.
    long = [word for word, _ in read if len(word) > 3 and word[0].isalpha()]
    shouted = len(long) > 2 and sum(word[0].isupper() for word in long) >= 0.75 * len(long)
    coupled = (match := _COUPLED.match(folded)) and match["first"]
    for word, at in read:
        low = word.lower()
        if low in STOP_WORDS or len(low) < 2 or is_number_word(low):
            continue
        if any(place.start <= at < place.end for place in places):
            continue
        before = folded[:at].rstrip()
        opens = not before or before[-1] in _BOUNDARIES
        capital = word[0].isupper() and not shouted and (word == coupled or not opens)
        term = _term(low, capital)
        if word.isupper() and len(word) in _ACRONYM and not shouted:
            term = replace(term, letters=low)
        if term.stem not in found or term.name > found[term.stem].name:
            found[term.stem] = term
    return tuple(found.values())


@lru_cache(maxsize=100_000)
def _term(low: str, capital: bool) -> WeightedTerm:
    stemmed = listed_stem(low)
    known = meaning(stemmed)
    name = (capital and not known.rows) or known.programme or known.name
    weight = NAME if name and not known.programme else known.weight
    heard = sound(low)
    return WeightedTerm(
        low.capitalize() if name else low,
        stemmed,
        heard,
        known.rows,
        weight,
        name,
        known.near,
        *((), ()) if known.rows else _forms(heard),
    )


def _forms(heard: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    forms = shortened(heard)
    return forms, tuple(form for form in forms if len(form) >= _LONG_FORM)


def bag_of(*texts: tuple[WeightedTerm, ...]) -> Bag:
    """Return the terms of some texts as a bag."""
    terms = tuple(chain(*texts))
    return Bag(
        frozenset(term.stem for term in terms),
        frozenset(row for term in terms for row in term.rows),
        frozenset(term.sound for term in terms if term.sound),
        frozenset(row for term in terms for row in term.near),
        frozenset(form for term in terms for form in term.forms),
        "|".join(map(_initials, texts)),
        frozenset(term.letters for term in terms if term.letters),
    )


def _initials(terms: Iterable[WeightedTerm]) -> str:
    return "".join([term.stem[0] for term in terms])
