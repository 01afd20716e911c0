"""What a title says was done, is to be done, or is not done, verb by verb. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

from language.facts.counted import NUMERIC
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
    """The verbs of a folded title: stem, meanings, and whether they are done, coming or not done."""
    said = [word.lower() for word in words(folded)]
    found = []
    for place, word in enumerate(said):
        if turn := _turn(said, place):
            stemmed = listed_stem(word)
            found.append((stemmed, meaning(stemmed).rows, turn))
    return tuple(found)


def _turn(said: list[str], place: int) -> str:
    """How the word at `place` is meant; empty when it is no verb, or one that says neither."""
    if said[place] in NUMERIC:
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
    """Whether the earlier title speaks of what is to come alone, and the later one of what was done alone."""
    return _turns(earlier) == {COMING} and _turns(later) == {DONE}


def was_done(folded: str) -> bool:
    """Whether a title speaks of what was done."""
    return DONE in _turns(folded)


def _turns(folded: str) -> set[str]:
    return {turn for _, _, turn in verbs(folded)} & {COMING, DONE}


def is_verb(word: str) -> bool:
    """Whether a Ukrainian word has the ending of a finite verb."""
    return bool(_UK_DONE.match(word) or _UK_COMING.match(word))


def changed_tense(first: str, second: str) -> tuple[str, str] | None:
    """The turns of a verb that two folded titles share and mean in two ways, or None.

    An English word without a sign of its turn is no deed, or one of now: «opens» stands beside "will open" alone.
    """
    for (stem, rows, turn), (other_stem, other_rows, other_turn) in product(verbs(first), verbs(second)):
        one_word = stem == other_stem or (NOT not in {turn, other_turn} and rows & other_rows)
        turns = {turn, other_turn}
        meant = NOT in turns or (BARE not in turns and (NOW not in turns or stem == other_stem))
        if len(turns) == 2 and one_word and meant:
            return turn, other_turn
    return None
