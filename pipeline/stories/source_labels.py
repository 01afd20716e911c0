"""Whom a source label names: «За інформацією Асоціації міст України» is the Association's site. Reads no page."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from language.letters import fold
from language.stems import stem
from language.words import words

if TYPE_CHECKING:
    from core.model import StoryText

    Stems = tuple[str, ...]

# What stands before the name in many labels.
_LEAD_IN = "джерело за інформацією матеріалами даними повідомленням повідомляє сайт source according to"


def is_attributed_to(text: StoryText, other: StoryText) -> bool:
    """Whether the article's own source label names the source of the other, which must be another one.

    It may use any name of the source, in any case form and with words around it. A further name of one ordinary word
    must be all that the label says: many labels have the word «Децентралізація».
    """
    label = text.attribution and _stems(text.attribution)
    if not label or text.source_id == other.source_id:
        return False
    names = _known_names().get(other.source_id, ())
    return _holds(label, _stems(other.publisher)) or any(_is_called(label, name) for name in names)


def _is_called(label: Stems, name: str) -> bool:
    called = _stems(name)
    if len(called) > 1 or _is_short_form(name):
        return _holds(label, called)
    return called == tuple(word for word in label if word not in _stems(_LEAD_IN))


def _holds(label: Stems, called: Stems) -> bool:
    size = len(called)
    return size > 0 and any(label[at : at + size] == called for at in range(len(label) - size + 1))


def _is_short_form(name: str) -> bool:
    """АМУ, Cities4Cities: no word that anything else could be called."""
    return name.isupper() or any(letter.isdigit() for letter in name)


@lru_cache(maxsize=10_000)
def _stems(text: str) -> Stems:
    return tuple(stem(word) for word in words(fold(text).lower()))


@cache
def _known_names() -> dict[str, tuple[str, ...]]:
    """Id of a source that we read → its names and hosts."""
    from scrapers.registry import all_sources

    return {
        source.id: (source.name, source.publisher, *source.also_called, *map(_bare, source.hosts))
        for source in all_sources()
    }


def _bare(host: str) -> str:
    return host.removeprefix("www.")
