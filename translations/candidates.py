"""Which of several renderings of a text is best, and what it still lacks. Pure but for the tables of data/."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from language.places import names
from translations import checks, glossary, postedit
from translations.placeholders import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.model import Rendering
    from translations.checks import Verdict

_NAMES = ("name_missing", "adjective_left", "russian_spelling")
_TERMS = ("term_missing", "hromada_lost", "head_noun_lost")
_REPETITION = ("loop", "word_doubled")


@dataclass(frozen=True, slots=True)
class Judged:
    """A rendering, put right by rule, and what the checks say of it."""

    rendering: Rendering
    verdict: Verdict

    @property
    def rank(self) -> tuple[float, ...]:
        """Less is better: blocked, missing names, missing terms, other flags, the engine's own doubt."""
        rules = [reason.partition(":")[0] for reason in self.verdict.flags]
        named, termed = (sum(rule in kind for rule in rules) for kind in (_NAMES, _TERMS))
        doubt = 0.0 if self.rendering.score is None else -self.rendering.score
        return len(self.verdict.blocking), named, termed, len(rules) - named - termed, doubt

    @property
    def is_sound(self) -> bool:
        """Whether no rule objects."""
        return not self.verdict.blocking and not self.verdict.flags

    @property
    def repeats(self) -> bool:
        """Whether it says something again and again, or did not come to an end."""
        reasons = (*self.verdict.blocking, *self.verdict.flags)
        return self.rendering.endless or any(reason.partition(":")[0] in _REPETITION for reason in reasons)


def judged(source: str, rendering: Rendering) -> Judged:
    """One rendering of `source`, put right and checked."""
    if rendering.text is None:
        return Judged(rendering, checks.check(source, None))
    text, steps = postedit.repaired(source, rendering.text)
    return Judged(replace(rendering, text=text, steps=rendering.steps + steps), checks.check(source, text))


def best(source: str, renderings: Iterable[Rendering]) -> Judged:
    """The best of at least one rendering; those behind the first sound one are not looked at."""
    found: list[Judged] = []
    for number, rendering in enumerate(renderings, 1):
        chosen = (f"result {number} of the engine",) if number > 1 else ()
        found.append(judged(source, replace(rendering, steps=rendering.steps + chosen)))
        if found[-1].is_sound:
            break
    return min(found, key=lambda each: each.rank)


def lacking(source: str, target: str) -> tuple[Phrase, ...]:
    """The phrases of `source` whose English `target` does not have: places whose name is sure, hard terms."""
    said = target.casefold()
    places = [
        Phrase(mention.start, mention.end, mention.english or mention.core)
        for mention in names.find(source)
        if mention.core and mention.core.casefold() not in said
    ]
    terms = [Phrase(m.start, m.end, m.term.accepted[0]) for m in glossary.missing(source, target)]
    return (*places, *(term for term in terms if not any(_overlap(term, place) for place in places)))


def finished(chosen: Judged) -> Rendering:
    """What leaves the workshop: Cyrillic words that are left in an English text are in Latin letters, and flagged."""
    rendering = chosen.rendering
    if rendering.text is None or chosen.verdict.blocking:
        return rendering
    text, words = postedit.romanised(rendering.text)
    if not words:
        return rendering
    return replace(rendering, text=text, flags=(*rendering.flags, f"romanised: {', '.join(words)}"))


def _overlap(one: Phrase, other: Phrase) -> bool:
    return one.start < other.end and other.start < one.end
