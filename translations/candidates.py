"""Choice of the best of several renderings of a text, and what it still lacks. Pure but for the tables of data/."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from language.places import names
from translations import checks, glossary, postedit
from translations.placeholders import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.model import Rendering
    from translations.checks import CheckResult

_NAMES = ("name_missing", "adjective_left", "russian_spelling")
_TERMS = ("term_missing", "hromada_lost", "head_noun_lost")
_REPETITION = ("loop", "word_doubled")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rendering, repaired by rule, and what the checks say of it."""

    rendering: Rendering
    checked: CheckResult

    @property
    def rank(self) -> tuple[float, ...]:
        """Blocking reasons, missing names, missing terms, other flags, the engine's uncertainty: less is better."""
        rules = [reason.partition(":")[0] for reason in self.checked.flags]
        named, termed = (sum(rule in kind for rule in rules) for kind in (_NAMES, _TERMS))
        uncertainty = 0.0 if self.rendering.score is None else -self.rendering.score
        return len(self.checked.blocking), named, termed, len(rules) - named - termed, uncertainty

    @property
    def is_sound(self) -> bool:
        """Return whether no rule objects."""
        return not self.checked.blocking and not self.checked.flags

    @property
    def is_repetitive(self) -> bool:
        """Return whether it says something again and again, or did not come to an end."""
        reasons = (*self.checked.blocking, *self.checked.flags)
        return self.rendering.endless or any(reason.partition(":")[0] in _REPETITION for reason in reasons)


def best(source: str, renderings: Iterable[Rendering]) -> Candidate:
    """Return the best of at least one rendering of `source`; those behind the first sound one are not checked."""
    found: list[Candidate] = []
    for number, rendering in enumerate(renderings, 1):
        steps = rendering.steps + ((f"result {number} of the engine",) if number > 1 else ())
        text = rendering.text
        if text is not None:
            text, repairs = postedit.repair(source, text)
            steps += repairs
        found.append(Candidate(replace(rendering, text=text, steps=steps), checks.check(source, text)))
        if found[-1].is_sound:
            break
    return min(found, key=lambda each: each.rank)


def missing_phrases(source: str, target: str) -> tuple[Phrase, ...]:
    """Return the phrases of `source` whose English `target` lacks: places whose name is sure, hard terms."""
    said = target.casefold()
    places = [
        Phrase(mention.start, mention.end, mention.english or mention.core)
        for mention in names.find(source)
        if mention.core and mention.core.casefold() not in said
    ]
    terms = [Phrase(m.start, m.end, m.term.accepted[0]) for m in glossary.missing(source, target)]
    free = (term for term in terms if not any(term.start < place.end and place.start < term.end for place in places))
    return (*places, *free)


def finish(chosen: Candidate) -> Rendering:
    """Return the rendering with Cyrillic words that are left in it in Latin letters, and flagged."""
    rendering = chosen.rendering
    if rendering.text is None or chosen.checked.blocking:
        return rendering
    text, words = postedit.romanise_rest(rendering.text)
    if not words:
        return rendering
    return replace(rendering, text=text, flags=(*rendering.flags, f"romanised: {', '.join(words)}"))
