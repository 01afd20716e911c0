"""Places that the words of a text may name: the first pass of `language.places.names`. Pure, given the tables."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from language.places.english import EnglishNames
from language.places.ukrainian import UkrainianNames
from language.words import tokens

if TYPE_CHECKING:
    from language.places.context import PlaceCandidate
    from language.places.gazetteer import Gazetteer

_BETWEEN = frozenset({"", "(", ",", "–", "—", "-"})  # between a community and the oblast in which it lies


def candidates(text: str, tables: Gazetteer) -> tuple[PlaceCandidate, ...]:
    """Return all that the words of `text` may name, in its order and without overlaps.

    A community lies in the oblast that follows it with nothing but space, a dash or a bracket between. Words and
    surnames count as names where the text names the oblast of a place that is called so, else not.
    """
    words = tokens(text)
    english, ukrainian = EnglishNames(text, words, tables), UkrainianNames(text, words, tables)
    found: list[PlaceCandidate] = []
    at = 0
    while at < len(words):
        taken = 1
        if words[at].capital:
            taken, got = (english if words[at].low.isascii() else ukrainian).read(at)
            found.extend(got)
        at += taken
    for n, (one, behind) in enumerate(pairwise(found)):
        if one.kind != "oblast" and behind.kind == "oblast" and text[one.end : behind.start].strip() in _BETWEEN:
            found[n] = replace(one, oblast_ids=frozenset(naming.place.id for naming in behind.namings))
    told = frozenset(naming.place.id for one in found if one.kind == "oblast" for naming in one.namings)
    for n, one in enumerate(found):
        # Doubtful ones count unless a naming lies there that needs no such support. At the opening of a text a word
        # needs its oblast right behind, elsewhere anywhere in the text.
        anywhere = one.oblast_ids or told
        if one.doubtful and not any(naming.place.oblast_id in anywhere for naming in one.namings):
            near = {True: one.oblast_ids, False: anywhere}
            likely = tuple(d for d in one.doubtful if d.place.oblast_id in near[one.opens and d.caution == "word"])
            found[n] = replace(one, namings=likely or one.namings)
    return tuple(one for one in found if one.namings)
