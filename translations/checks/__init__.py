"""Is this a translation? Pure: a source text and what an engine made of it, and the tables of data/.

The rules are those of issue 4, numbers 1 to 17: `check_form` has those on numbers, loops, length, letters and
marks, `check_meaning` those on names and terms. Thresholds and measured rates stand beside each rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from language.letters import plain
from translations.checks import form
from translations.checks.form import is_shouted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Rule = Callable[[str, str], Iterator[str]]

__all__ = ["Verdict", "check", "is_shouted"]

BLOCKING: dict[str, Rule] = {
    "untranslated": form.untranslated,
    "number_missing": form.numbers_missing,
    "number_added": form.numbers_added,
    "loop": form.loop,
    "length_extreme": form.length_extreme,
}
FORM_FLAGS: dict[str, Rule] = {
    "digit_missing": form.digit_missing,
    "digit_added": form.digit_added,
    "cyrillic_left": form.cyrillic_left,
    "word_doubled": form.word_doubled,
    "length_unusual": form.length_unusual,
    "capitals_kept": form.capitals_kept,
    "capital_lost": form.capital_lost,
    "quotes_lost": form.quotes_lost,
    "latin_lost": form.latin_lost,
    "residue": form.residue,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules object to, each as `rule: details`."""

    blocking: tuple[str, ...] = ()  # not to be shown as a translation
    flags: tuple[str, ...] = ()  # shown with a mark


def check(source: str, target: str | None) -> Verdict:
    """All rules on one Ukrainian text and its English; an empty or missing English blocks and ends the matter."""
    if not target or not target.strip():
        return Verdict(blocking=("empty",))
    source, target = plain(source), plain(target)
    return Verdict(
        blocking=_objections(BLOCKING, source, target),
        flags=_objections(FORM_FLAGS, source, target) + _objections(_meaning_flags(), source, target),
    )


def _meaning_flags() -> dict[str, Rule]:
    from translations.checks import meaning  # its tables are only worth loading when something is checked

    return {
        "russian_spelling": meaning.russian_spelling,
        "abbreviation_split": meaning.abbreviation_split,
        "hromada_lost": meaning.hromada_lost,
        "head_noun_lost": meaning.head_noun_lost,
        "adjective_left": meaning.adjective_left,
        "name_missing": meaning.name_missing,
        "name_ambiguous": meaning.name_ambiguous,
        "term_missing": meaning.term_missing,
        "surname_lost": meaning.surname_lost,
    }


def _objections(rules: Mapping[str, Rule], source: str, target: str) -> tuple[str, ...]:
    found = ((name, list(dict.fromkeys(rule(source, target)))) for name, rule in rules.items())
    return tuple(f"{name}: {', '.join(details)}" for name, details in found if details)
