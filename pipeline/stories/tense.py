"""The tense of a title, verb by verb: it was done, is to be done, or is not done. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

from language.facts.number_sets import is_number_word
from language.words import words
from pipeline.stories.lexicon import listed_stem, meaning

DONE, COMING, NOT, NOW, BARE = "done", "coming", "not", "now", "bare"
_UK_DONE = re.compile(r"\w{2,}(?:[аиіїоуюяєе]?(?:в|ла|ло|ли)(?:ся|сь)?|(?:[аеояи]н|[аеи]т)о)$")
# The future of perfective verbs looks like a present: «відкриють», «розгляне», «затвердить»; -ає, -ають seldom is one.
_UK_COMING = re.compile(
    r"(?:отрима(?:є|ють)|\w{2,}(?:ти(?:ме|муть)|(?<![ая])(?:ють|є)|[уяи]ть|[жчшнмдб](?<!ован)(?<!юван)(?<!ен)е)(?:ться|ся)?)$"
)
_EN_DONE = re.compile(
    r"\w{2,}(?:ed|ew|ung)$|(?:built|held|met|won|led|began|chose|got|gave|made|paid|put|sent|spent|took)$"
)
_EN_HELPERS = frozenset({"be", "also", "soon", "jointly", "officially", "finally"})
_NEGATIONS = frozenset({"не", "not", "never", "cannot", "wont", "doesnt", "didnt", "isnt", "arent", "refuses"})
_ONLY = frozenset({"лише", "тільки", "only", "just"})


@lru_cache(maxsize=16_000)
def verbs(folded: str) -> tuple[tuple[str, frozenset[int], str], ...]:
    """Return the verbs of a folded title: stem, rows in the lexicon, tense."""
    said = [word.lower() for word in words(folded)]
    found = []
    for place, word in enumerate(said):
        if tense := _tense_of(said, place):
            stemmed = listed_stem(word)
            found.append((stemmed, meaning(stemmed).rows, tense))
    return tuple(found)


def _tense_of(said: list[str], place: int) -> str:
    """Return the tense of the word at `place`; empty when it is no verb, or one that has none."""
    if is_number_word(said[place]):
        return ""
    word, before = said[place], [one for one in said[max(0, place - 3) : place] if one not in _EN_HELPERS]
    last = before[-1] if before else ""
    if last in _NEGATIONS and word not in _ONLY:
        return NOT
    if word.isascii():
        if last in {"to", "will"} and (word == "be" or meaning(listed_stem(word)).verb):
            return COMING
        return DONE if _EN_DONE.match(word) else NOW if word.endswith("s") else BARE
    return DONE if _UK_DONE.match(word) else COMING if _UK_COMING.match(word) else ""


def has_come(earlier: str, later: str) -> bool:
    """Return whether the earlier title speaks only of what is to come, and the later one only of what was done."""
    return _tenses(earlier) == {COMING} and _tenses(later) == {DONE}


def is_done(folded: str) -> bool:
    """Return whether a title speaks of what was done."""
    return DONE in _tenses(folded)


def _tenses(folded: str) -> set[str]:
    return {tense for _, _, tense in verbs(folded)} & {COMING, DONE}


def is_verb(word: str) -> bool:
    """Return whether a Ukrainian word has the ending of a finite verb."""
    return bool(_UK_DONE.match(word) or _UK_COMING.match(word))


def changed_tense(first: str, second: str) -> tuple[str, str] | None:
    """Return the two tenses of a verb that two folded titles share, or None when they use it in one tense.

    An English word without a sign of its tense is no verb, or one of now: «opens» stands beside "will open" alone.
    """
    for (stem, rows, tense), (other_stem, other_rows, other_tense) in product(verbs(first), verbs(second)):
        tenses = {tense, other_tense}
        one_word = stem == other_stem or (NOT not in tenses and rows & other_rows)
        meant = NOT in tenses or (BARE not in tenses and (NOW not in tenses or stem == other_stem))
        if len(tenses) == 2 and one_word and meant:
            return tense, other_tense
    return None
