"""Stems: what the forms of one word have in common. Pure.

There are two kinds, since they err on different sides.

- `stem`, `stems` and `plain_stems` are for comparing two headlines: one short likeliest stem of any word of either
  language, that forms and near relatives of a word share. Where two words share one by chance, other words decide.
- `form_keys` and `entry_keys` are for finding a listed phrase (a term of the glossary, a rule): many keys of a
  Ukrainian word, of which one meets when one may be a form of the other. Nothing else would notice a wrong find, so
  endings are those of nouns and adjectives only, and a dictionary says more where one is installed: pymorphy3 with
  pymorphy3-dicts-uk (GPL data, therefore optional); any of its readings counts, since its first is wrong in one name of
  twelve.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from language.dictionary import has_dictionary
from language.letters import CYRILLIC, CYRILLIC_WORD, SOFTENED, VOWELS
from language.spelling import american, one_ukrainian

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_UK_REFLEXIVE = re.compile(r"(?:ся|сь)$")
_UK_ENDING = re.compile(
    r"(?:[аіо]?іш(?:ий|а|е|і|их|им|ими|ого|ому|ою|у|ої)|ування|ювання|уванню|ованого|ованих|ований|овані|ована|увати|ювати|ували|ювали|ував|ював|увала|ювала|ують|юють|"
    r"ення|енню|енням|еннями|ання|анню|анням|аннями|іння|янь|ань|ень|"
    r"(?:[ую]?ва)?(?:ти)м(?:е|уть|емо|ете)|ованн?о|ованню|"
    r"уванні|юванні|анні|янні|енні|інні|аннях|еннях|іннях|ією|ії|ія|ію|ій|ьої|ього|ьою|іх|ім|іми|увало|ювало|"
    r"остями|ості|ість|істю|остей|ями|ами|ого|ому|ього|ьому|ими|ій|їй|ою|ею|єю|ої|їх|их|им|їм|"
    r"ів|їв|ев|єв|ях|ах|ям|ам|ий|іший|ають|яють|уть|ють|ать|ять|ить|їть|ати|яти|ити|іти|їти|али|яли|или|іли|їли|"
    r"ала|яла|ила|іла|їла|ало|яло|ило|ав|яв|ив|їв|ено|єно|ано|яно|ає|яє|ує|ює|ів|ом|ем|єм|"
    r"[аяоеєиіїуюйь]{1,2})$"
)
_UK_FLEETING = re.compile(r"([бвгджзклмнпрстфхцчшщ])[ео]([кц])$")  # заявок, заявка; фахівець, фахівця
_UK_CLOSED = re.compile(r"і([бвгджзклмнпрстфхцчшщ])$")  # шкіл, школа; договір, договору
_UK_VOWEL = re.compile(r"[аяоеєиіїуюйь]{1,2}$")
_UK_SUPERLATIVE = re.compile(r"^най(?=\w+(?:іш|щ|ч|льш|нш)\w)")
_UK_NESS = re.compile(r"ість$")
_UK_LETTER = re.compile(r"[аяоеєиіїуюйь]$")
_UK_MOVING = re.compile(r"(?<=..)[ео]([бвгджзклмнпрстфхцчшщ])ь?$")  # земель, земля; рівень, рівня
_UK_CHANGES = tuple(
    (re.compile(pattern), change)
    for pattern, change in (
        (r"(?<=[бвмпф])л(?:[юяеє]\w{0,3}|ено)?$", ""),  # роблять, робити
        (r"з$", "г"),
        (r"ц$", "к"),
        (r"с$", "х"),
        (r"ж$", "г"),
        (r"ч$", "к"),
        (r"ш$", "х"),  # увазі, увага
        (r"і([бвгджзклмнпрстфхцчшщ])$", r"е\1"),  # сіл, село
        (r"і([бвгджзклмнпрстфхцчшщ])$", r"і\1"),
        (r"(?:[аяіу]?(?:єте|ємо|єш|ють|йте|ймо|є)|[иїе](?:мо|те|ш)|іть|[уюая]ть|[ую])$", ""),  # думаєте, думати
        (r"(?<=...)(?:л[аоиь]?|в|но|то)$", ""),  # померла, померти
    )
)
_UK_DIMINUTIVE = re.compile(r"(?:ок|ець|ц|к)$")
_EN_DOUBLE = re.compile(r"([bdglmnprt])\1$")
# The first that fits counts; words in -ss, -us and -is have none.
_EN_PLURALS = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", ""))

_NOUN_AND_ADJECTIVE = (
    "а у ом і ові и ів ам ами ах ю ем я ям ями ях ь ей ою ею єю ї єм їв й о е є еві єві ість ості істю",
    "ий ого ому им ім ої ій их ими ього ьому іх іми ьої ьою",
)
_ENDINGS = frozenset(("", *" ".join(_NOUN_AND_ADJECTIVE).split()))
_LONGEST_ENDING = max(map(len, _ENDINGS))
_SHORTEST_KEY = 2
_NOMINATIVES = ("ий", "ій", "а", "я", "о", "е", "є", "и", "і", "ї", "ь", "й")
_FLEETING = (("ок", "к"), ("ек", "к"), ("ець", "ц"), ("єць", "йц"), ("ень", "н"), ("ел", "л"))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return what the forms of a lower-case word share: at most 7 Cyrillic or 8 Latin letters."""
    return next(stems(word))


def stems(word: str) -> Iterator[str]:
    """Yield the stems that a form of a lower-case word may have, the likeliest first; some come twice.

    A Ukrainian ending has many readings: «освіти» is no verb in -ити, «проблем» no noun in -ем, «сіл» is of «село».
    Who has a list of words takes the first reading that the list knows.
    """
    yield from plain_stems(word)
    if CYRILLIC.search(word):
        base = _base(word)
        for one in (_UK_VOWEL.sub("", base), base):
            changed = (pattern.sub(change, one)[:7] for pattern, change in _UK_CHANGES if pattern.search(one))
            yield from _long_enough(changed, word)


def plain_stems(word: str) -> Iterator[str]:
    """Yield the stems of `stems` without changes of the last consonants: those that a listed word may be found by."""
    if not CYRILLIC.search(word):
        yield _english_stem(word)
        return
    first = _ukrainian_stem(word)
    yield first
    base = _base(word)
    found = (
        base.rstrip("ь"),
        _closed(_UK_VOWEL.sub("", base)),
        _UK_MOVING.sub(r"\1", base),
        _UK_LETTER.sub("", base),
        _UK_NESS.sub("ост", base),
        base[:3] if len(_UK_ENDING.sub("", base)) < 3 else first,
    )
    yield from _long_enough((one[:7] for one in found), word)


def _long_enough(found: Iterable[str], word: str) -> Iterator[str]:
    return (one for one in found if len(one) >= min(3, len(word) - 1))


def _base(word: str) -> str:
    base = _UK_SUPERLATIVE.sub("", one_ukrainian(word).replace("ґ", "г"))
    return _UK_REFLEXIVE.sub("", base) if len(base) > 6 else base


def _ukrainian_stem(word: str) -> str:
    if len(word) < 4:
        return word
    base = _base(word)
    cut = _UK_ENDING.sub("", base)
    cut = cut if len(cut) >= 3 else lighter if len(lighter := _UK_VOWEL.sub("", base)) >= 3 else base
    base = _closed(cut) if cut == base else _UK_FLEETING.sub(r"\1\2", cut.rstrip("ь"))
    if len(base) > 5:
        base = _UK_DIMINUTIVE.sub("", base)
    return base[:7]


def _closed(base: str) -> str:
    """Return the base as it is before an ending: шкіл → школ, заявок → заявк."""
    return _UK_CLOSED.sub(r"о\1", _UK_FLEETING.sub(r"\1\2", base.rstrip("ь")))


def _english_stem(word: str) -> str:
    base = american(word)
    if len(base) > 3 and base != "news" and not base.endswith(("ss", "us", "is")):
        for ending, replacement in _EN_PLURALS:
            if base.endswith(ending):
                base = base[: -len(ending)] + replacement
                break
    for ending in ("ing", "ed"):
        if base.endswith(ending) and len(base) - len(ending) >= 3:
            base = _EN_DOUBLE.sub(r"\1", base[: -len(ending)])
            break
    if len(base) > 4 and base[-1] in "ey":
        base = base[:-1]
    return base[:8]


@lru_cache(maxsize=65536)
def form_keys(word: str) -> frozenset[str]:
    """Return the keys of a word (small letters, apostrophe ') as it stands in a text."""
    word = one_ukrainian(word)
    cut = {word[: len(word) - n] for n in range(_LONGEST_ENDING + 1) if word[len(word) - n :] in _ENDINGS}
    return frozenset(key for key in cut if len(key) >= min(_SHORTEST_KEY, len(word))) | _dictionary_keys(word)


@lru_cache(maxsize=4096)
def entry_keys(word: str) -> frozenset[str]:
    """Return the keys of a word in its dictionary form, one for each shape that a case may give its stem."""
    word = one_ukrainian(word)
    endings = (end for end in _NOMINATIVES if word.endswith(end) and len(word) - len(end) >= _SHORTEST_KEY)
    base = word.removesuffix(next(endings, ""))
    found = {base, *(word.removesuffix(full) + short for full, short in _FLEETING if word.endswith(full))}
    if base[-1] in SOFTENED and word[-1] in "ао":
        found.add(base[:-1] + SOFTENED[base[-1]])
    if len(base) > 2 and base[-1] not in VOWELS:
        at = max(base.rfind(vowel) for vowel in "оеі")  # о or е for і before the last consonants, or і for them: шкіл
        if at > 0 and len(base) - at <= 3 and not any(letter in VOWELS for letter in base[at + 1 :]):
            found |= {base[:at] + other + base[at + 1 :] for other in ("оєе" if base[at] == "і" else "і")}
        if word[-1] in "аяоеє" and base[-2] not in VOWELS:  # лікарня, лікарень; повноваження, повноважень
            found |= {base[:-1]} if base[-1] == base[-2] else {f"{base[:-1]}{vowel}{base[-1]}" for vowel in "ое"}
    return frozenset(found) | _dictionary_keys(word)


@cache
def _analyser() -> Any:
    return import_module("pymorphy3").MorphAnalyzer(lang="uk") if has_dictionary() else None


def _dictionary_keys(word: str) -> frozenset[str]:
    """Return the dictionary forms of every reading, marked so that they never meet a stem by chance.

    Only of words in Cyrillic letters: at signs without a name in Unicode pymorphy3 raises.
    """
    analyser = _analyser() if CYRILLIC_WORD.fullmatch(word) else None
    return frozenset(f"={parse.normal_form}" for parse in analyser.parse(word)) if analyser else frozenset()
