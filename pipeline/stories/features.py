"""What the judge knows of one article: its words, names, numbers, places. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from language.facts.counted import NUMERIC, Numbers, numbers, together
from language.words import STOP_WORDS, fold, placed_words, shortened, sound
from pipeline.stories.addresses import address
from pipeline.stories.lexicon import NAME, listed_stem, meaning
from pipeline.stories.places import Place, find_places, no_places
from pipeline.stories.titles import Headline, headline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.model import StoryText

    Annotate = Callable[[str], tuple[Place, ...]]  # folded text → the places that it names

_LONG_FORM = 4  # sounds from which two words are rather forms of a third than alike by chance
_NEARLY = 0.5  # what a word counts that another is used for
_ACRONYM = range(3, 7)  # letters of a word in capitals that is short for several
LONGEST = 2000  # characters of a title or lead that are read: more is no title and no lead
# «Дрогобич і Бидгощ створять …»: a first word that is coupled with a name is one too.
_COUPLED = re.compile(r"^(?:\w+\s+){0,2}?(?P<first>\w+)\s+(?:і|й|та|and|&)\s+(?:[a-zа-яґєії’'\-]+\s+)?[A-ZА-ЯҐЄІЇ]")
_LINK = re.compile(r"https?://[^\s<>\"»”)]+[^\s<>\"»”).,;:!?]")
_BOUNDARIES = frozenset('.!?:;«»“”„"—–|(')
# 119, 33rd, 25ти, III, December: numbers and dates are read elsewhere
_COUNT = re.compile(r"\d+(?:\D{0,2}|мільйон\w*|річ\w*|відсот\w*)$|[ivx]{2,5}$|(?:(?:сто)?відсот|гривн|percent)")


@dataclass(frozen=True, slots=True)
class Token:
    """One telling word."""

    shown: str
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
    """The words of a text, ready to be asked whether a token is among them."""

    stems: frozenset[str]
    rows: frozenset[int]
    sounds: frozenset[str]
    near: frozenset[int]
    shorter: frozenset[str]  # what the sounds of the unknown words may be forms of
    initials: str  # with which its words begin, in order
    short: frozenset[str]  # the letters of its words in capitals

    def has(self, token: Token) -> bool:
        """Whether the token is there: as a form of the same word, with the same meaning, or by its sound."""
        if token.stem in self.stems or (token.letters and token.letters in self.initials):
            return True
        if token.rows:
            return not self.rows.isdisjoint(token.rows)
        return bool(token.sound) and self._sounds_like(token)

    def shares(self, tokens: tuple[Token, ...]) -> list[float]:
        """How much of each token is there: all of it, or less when only a word that is used for it is."""
        stems, rows, near, initials = self.stems, self.rows, self.near, self.initials
        found = [
            1.0
            if token.stem in stems
            or (token.letters and token.letters in initials)
            or (not rows.isdisjoint(token.rows) if token.rows else token.sound and self._sounds_like(token))
            else _NEARLY
            if token.near and not near.isdisjoint(token.near)
            else 0.0
            for token in tokens
        ]
        return self._spelt_out(tokens, found) if self.short else found

    def _spelt_out(self, tokens: tuple[Token, ...], found: list[float]) -> list[float]:
        """The same, with the words that are there as their first letters alone."""
        initials = _initials(tokens)
        for letters in self.short:
            if (at := initials.find(letters)) >= 0:
                found[at : at + len(letters)] = [1.0] * len(letters)
        return found

    def _sounds_like(self, token: Token) -> bool:
        """Inflected, derived and borrowed words share their beginning: one is a form of the other, or both of one."""
        if token.sound in self.sounds or token.sound in self.shorter:
            return True
        return not (self.sounds.isdisjoint(token.forms) and self.shorter.isdisjoint(token.long_forms))


@dataclass(frozen=True, slots=True)
class Profile:
    """One article as the judge sees it."""

    text: StoryText
    head: Headline
    lead: str  # folded
    tokens: tuple[Token, ...]  # of the title's core
    lead_tokens: tuple[Token, ...]
    speaker: tuple[Token, ...]  # who is quoted in the title
    machine: tuple[Token, ...]  # of the machine English of the title
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


def profile(text: StoryText, annotate: Annotate = find_places) -> Profile:
    """Read one article."""
    head, lead = headline(text.title[:LONGEST]), fold(text.lead[:LONGEST])
    tokens, lead_tokens, speaker = tokenise(head.core, annotate), tokenise(lead, annotate), tokenise(head.speaker)
    machine = tokenise(headline(text.machine_english).core, annotate) if text.machine_english else ()
    places, counted = identities(annotate(head.folded)), numbers(head.folded)
    return Profile(
        text,
        head,
        lead,
        tokens,
        lead_tokens,
        speaker,
        machine,
        bag_of(tokens, speaker, machine),
        bag_of(tokens, speaker, machine, lead_tokens),
        counted,
        together(counted, numbers(lead)),
        places,
        places | identities(annotate(lead)),
        frozenset(row for token in tokens if token.rows for row in meaning(token.stem).countries),
        date.fromisoformat(text.published_on).toordinal() if text.published_on else None,
        address(text.url),
        frozenset(map(address, (text.url, *text.addresses))) - {""},
        frozenset(map(address, _LINK.findall(lead))) - {""} if "://" in lead else frozenset(),
        frozenset(token.stem for token in lead_tokens),
    )


def identities(places: tuple[Place, ...]) -> frozenset[str]:
    """Codes and names of places, so that a town and the district around it meet by name."""
    return frozenset(identity for place in places for identity in (*place.ids, place.name) if identity)


def tokenise(folded: str, annotate: Annotate = no_places) -> tuple[Token, ...]:
    """The telling words of a folded text, each once, in order; numbers are read elsewhere."""
    if not folded:
        return ()
    found: dict[str, Token] = {}
    places = annotate(folded)
    for place in places:
        if place.name:
            shown = folded[place.start : place.end]
            found[f"@{place.name}"] = _place_token(shown, place.name)
    read = placed_words(folded)
    shouted, coupled = _shouted(read), (match := _COUPLED.match(folded)) and match["first"]
    for word, at in read:
        low = word.lower()
        if low in STOP_WORDS or len(low) < 2 or low in NUMERIC or _COUNT.match(low):
            continue
        if places and any(place.name and place.start <= at < place.end for place in places):
            continue
        capital = word[0].isupper() and not shouted and (word == coupled or not _opens_sentence(folded, at))
        token = _token(low, capital)
        if word.isupper() and len(word) in _ACRONYM and not shouted:
            token = replace(token, letters=low)
        if token.stem not in found or token.name > found[token.stem].name:
            found[token.stem] = token
    return tuple(found.values())


def _opens_sentence(folded: str, at: int) -> bool:
    before = folded[:at].rstrip()
    return not before or before[-1] in _BOUNDARIES


@lru_cache(maxsize=100_000)
def _token(low: str, capital: bool) -> Token:
    stemmed = listed_stem(low)
    known = meaning(stemmed)
    name = (capital and not known.rows) or known.programme or known.name
    weight = NAME if name and not known.programme else known.weight
    heard = sound(low)
    return Token(
        low.capitalize() if name else low,
        stemmed,
        heard,
        known.rows,
        weight,
        name,
        known.near,
        *((), ()) if known.rows else _forms(heard),
    )


def _place_token(shown: str, name: str) -> Token:
    heard = sound(name)
    return Token(shown, f"@{name}", heard, frozenset(), NAME, True, frozenset(), *_forms(heard))


def _forms(heard: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    forms = shortened(heard)
    return forms, tuple(form for form in forms if len(form) >= _LONG_FORM)


def _shouted(read: list[tuple[str, int]]) -> bool:
    """Whether capitals say nothing here: English title case, or all capitals."""
    long = [word for word, _ in read if len(word) > 3 and word[0].isalpha()]
    capital = sum(word[0].isupper() for word in long)
    return len(long) > 2 and capital >= 0.75 * len(long)


def bag_of(*texts: tuple[Token, ...]) -> Bag:
    """The tokens of some texts as a bag."""
    tokens = tuple(chain(*texts))
    return Bag(
        frozenset(token.stem for token in tokens),
        frozenset(row for token in tokens for row in token.rows),
        frozenset(token.sound for token in tokens if token.sound),
        frozenset(row for token in tokens for row in token.near),
        frozenset(form for token in tokens for form in token.forms),
        "|".join(map(_initials, texts)),
        frozenset(token.letters for token in tokens if token.letters),
    )


def _initials(tokens: Iterable[Token]) -> str:
    return "".join([token.stem[0] for token in tokens])
