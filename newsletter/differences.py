"""Differences between two wordings that a reader would notice. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from language.facts.counterparts import in_digits
from language.facts.numerals import numerals
from language.letters import APOSTROPHES, fold
from language.spelling import american, one_ukrainian
from language.stems import stem
from language.words import tokens

if TYPE_CHECKING:
    from core.closed_sets import Language
    from language.facts.kinds import Numeral

_GROUPED = re.compile(r"(?<=\d)[\u00a0\u202f ](?=\d{3}(?!\d))")  # 1 000
# A number (also one below zero), a word, a sign that means something. All else is how a text is set.
_TOLD = re.compile(r"(?<![\w.])[−–-](?=\d)|\d+(?:[.,:/]\d+)*|[^\W\d_]+|[%$€₴№+]")
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_SENTENCE = re.compile(r"(?:^|[.!?…:«\"“]\s*)$")
_ENDED_SHORT = re.compile(r"[\s.…\[\]]+$")


def reader_form(text: str) -> str:
    """Return what of a wording means something to a reader.

    White space, quotation marks, apostrophes, dashes, case and punctuation do not, nor do the spellings of one word:
    British and American, old and new Ukrainian.
    """
    plain = _GROUPED.sub("", _APOSTROPHE.sub("", fold(text))).casefold()
    return " ".join("-" if told in "−–-" else one_ukrainian(american(told)) for told in _TOLD.findall(plain))


def is_other(before: str, after: str) -> bool:
    """Tell whether two wordings of a headline are two to a reader."""
    return before != after and reader_form(before) != reader_form(after)


def has_other_facts(before: str, after: str, language: Language) -> bool:
    """Tell whether a number or a name that a lead told is another one now.

    A lead that only became longer or shorter corrects nothing.
    """
    if not before or not after or before == after:
        return False
    old, new = reader_form(_ENDED_SHORT.sub("", before)), reader_form(_ENDED_SHORT.sub("", after))
    if old.startswith(new) or new.startswith(old):
        return False
    said = {_value(one) for one in numerals(after, language)}
    if any(_value(one) not in said for one in in_digits(before, language)):
        return True
    old_names, new_names = names(before), names(after)
    return bool(_without(old_names, new_names)) and bool(_without(new_names, old_names))


def names(lead: str) -> frozenset[str]:
    """Return the words with a capital letter inside the sentences of a lead: names, most of them."""
    return frozenset(token.low for token in tokens(lead) if token.capital and not _SENTENCE.search(lead[: token.start]))


def _value(numeral: Numeral) -> object:
    return numeral.parts if numeral.value is None else numeral.value


def _without(some: frozenset[str], others: frozenset[str]) -> set[str]:
    """Leave out what the others have in any form: «Суми» and «Сумах» are one name."""
    stems = {stem(other) for other in others}
    return {name for name in some if stem(name) not in stems and not any(name[:4] == other[:4] for other in others)}
