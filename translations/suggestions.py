"""Entries that the glossary lacks, from what people keep changing in the machine's English. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from language.letters import one_script_words
from language.phrases import singular
from language.stems import form_keys
from language.words import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST = 4  # words of a phrase
LEAST = 2  # headlines in which a change must come again
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_EMPTY = frozenset("a an the of in on for to and at by with from as is are be its".split())  # noqa: SIM905
_SHORT = 4  # Ukrainian words shorter than this say little


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A recurring change, and the Ukrainian word that may be behind it."""

    machine: str  # subsidy
    person: str  # subvention
    times: int  # in how many headlines
    ukrainian: str  # as one of them has it; empty when they share no word
    example: str  # one of them


def suggestions(pairs: Iterable[tuple[str, str, str]]) -> list[Suggestion]:
    """Return what people changed at least LEAST times, most often first.

    `pairs` are (Ukrainian, machine's English, person's English).
    """
    headlines = {source: (machine, person) for source, machine, person in pairs}
    changed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for source, (machine, person) in headlines.items():
        ours, theirs = _words(machine), _words(person)
        changes = set()
        for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
            if tag == "replace" and b - a <= LONGEST and d - c <= LONGEST:
                before, after = _trimmed(ours[a:b]), _trimmed(theirs[c:d])
                if before and after and before != after:
                    changes.add((before, after))
        for change in changes:
            changed[change].append(source)
    common = Counter(key for source in headlines for key in _keys(source))
    found = [
        Suggestion(machine, person, len(sources), _shared(sources, common), sources[0])
        for (machine, person), sources in changed.items()
        if len(sources) >= LEAST
    ]
    return sorted(found, key=lambda each: (-each.times, each.machine, each.person))


def _words(text: str) -> list[str]:
    return [singular(word.lower()) for word in _WORD.findall(one_script_words(text))]


def _trimmed(words: Sequence[str]) -> str:
    """Return the words without the small ones around them; empty when there is nothing else."""
    kept = [at for at, word in enumerate(words) if word not in _EMPTY]
    return " ".join(words[kept[0] : kept[-1] + 1]) if kept else ""


def _keys(text: str) -> frozenset[str]:
    return frozenset(key for token in tokens(text) if len(token.low) >= _SHORT for key in form_keys(token.low))


def _shared(sources: Sequence[str], common: Counter[str]) -> str:
    """Return the word that all these headlines have in some form and the fewest others have."""
    shared = frozenset.intersection(*(_keys(source) for source in sources))
    if not shared:
        return ""
    rarest = min(shared, key=lambda key: (common[key], -len(key), key))
    return next(
        token.low for token in tokens(sources[0]) if len(token.low) >= _SHORT and rarest in form_keys(token.low)
    )
