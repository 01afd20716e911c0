"""Rules that tell a translation from what is none. Pure: a source text, its English, and the tables of data/.

`form` has the rules on numbers, loops, length, letters and marks, `meaning` those on names and terms. Thresholds and
measured rates stand beside each rule.
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

__all__ = ["CheckResult", "check", "is_shouted"]

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
class CheckResult:
    """Objections of the rules, each as `rule: details`."""

    blocking: tuple[str, ...] = ()  # not to be shown as a translation
    flags: tuple[str, ...] = ()  # shown with a mark


def check(source: str, target: str | None) -> CheckResult:
    """Apply all rules to one Ukrainian text and its English; an empty or missing English blocks by itself."""
    if not target or not target.strip():
        return CheckResult(blocking=("empty",))
    from translations.checks import meaning  # its tables are only worth loading when something is checked

    source, target = plain(source), plain(target)
    flags = _objections(FORM_FLAGS, source, target) + _objections(meaning.FLAGS, source, target)
    return CheckResult(_objections(BLOCKING, source, target), flags)


def _objections(rules: Mapping[str, Rule], source: str, target: str) -> tuple[str, ...]:
    found = ((name, list(dict.fromkeys(rule(source, target)))) for name, rule in rules.items())
    return tuple(f"{name}: {', '.join(details)}" for name, details in found if details)
