"""Source labels: «За інформацією Асоціації міст України» names the Association's site. Reads no page."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from language.letters import fold
from language.stems import stem
from language.words import words

if TYPE_CHECKING:
    from core.model import StoryText

    Stems = tuple[str, ...]

_LEAD_IN = "джерело за інформацією матеріалами даними повідомленням повідомляє сайт source according to"


def naming_labels(a: StoryText, b: StoryText) -> tuple[str, ...]:
    """Return the source labels of two articles that name the source of the other."""
    return tuple(one.attribution for one, other in ((a, b), (b, a)) if is_attributed_to(one, other))


def is_attributed_to(text: StoryText, other: StoryText) -> bool:
    """Return whether the article's own source label names the source of the other, which must be another one.

    It may use any name of the source, in any case form and with words around it. A further name of one ordinary word
    must be all that the label says: many labels have the word «Децентралізація».
    """
    label = text.attribution and _stems(text.attribution)
    if not label or text.source_id == other.source_id:
        return False
    if _holds(label, _stems(other.publisher)):
        return True
    bare = tuple(word for word in label if word not in _stems(_LEAD_IN))
    for name in _known_names().get(other.source_id, ()):
        called = _stems(name)
        short_form = name.isupper() or any(letter.isdigit() for letter in name)  # АМУ, Cities4Cities
        if _holds(label, called) if len(called) > 1 or short_form else called == bare:
            return True
    return False


def _holds(label: Stems, called: Stems) -> bool:
    size = len(called)
    return size > 0 and any(label[at : at + size] == called for at in range(len(label) - size + 1))


@lru_cache(maxsize=10_000)
def _stems(text: str) -> Stems:
    return tuple(stem(word) for word in words(fold(text).lower()))


@cache
def _known_names() -> dict[str, tuple[str, ...]]:
    """Return the names and hosts of every source that we read, by its id."""
    from scrapers.registry import all_sources

    return {
        source.id: (
            source.name,
            source.publisher,
            *source.also_called,
            *(host.removeprefix("www.") for host in source.hosts),
        )
        for source in all_sources()
    }
