"""Words as the story judge sees them: folded, stemmed, and by their sound. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from language.letters import CYRILLIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WORD = re.compile(r"[^\W_]+(?:[’\-–_][^\W_]+)*")
_POSSESSIVE = re.compile(r"(?<=[A-Za-z])’s$")
_GLUED = frozenset(
    (
        "смарт",
        "віце",
        "медіа",
        "відео",
        "онлайн",
        "прес",
        "бізнес",
        "інтернет",
        "кібер",
        "pre",
        "non",
        "sub",
        "mid",
        "anti",
        "inter",
        "smart",
        "vice",
        "media",
        "video",
    )
)
_JOINERS = re.compile(r"[’\-–_]")

STOP_WORDS = frozenset(
    word
    for line in (Path(__file__).parent / "data" / "stop_words.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)
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
_SPELLINGS = (
    ("isation", "ization"), ("ise", "ize"), ("centre", "center"), ("our", "or"), ("logue", "log"), ("gramme", "gram"),
)  # fmt: skip
_EN_DOUBLE = re.compile(r"([bdglmnprt])\1$")

_SOUND_UK = {
    "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "ж": "s", "з": "s", "к": "k", "л": "l", "м": "m", "н": "n",
    "п": "p", "р": "r", "с": "s", "т": "t", "ф": "f", "х": "h", "ц": "s", "ч": "s", "ш": "s", "щ": "s",
}  # fmt: skip
_SOUND_EN = {
    "b": "b", "c": "k", "d": "d", "f": "f", "g": "h", "h": "h", "j": "s", "k": "k", "l": "l", "m": "m", "n": "n",
    "p": "p", "q": "k", "r": "r", "s": "s", "t": "t", "v": "v", "w": "v", "x": "ks", "z": "s",
}  # fmt: skip
# «Коростишівська» is of Korostyshiv, «Сумщина» of Sumy; Sloviansk loses as much as «Слов'янськ» does.
_UK_DERIVED = re.compile(r"(?<=...)(?:ськ|цьк|щин)\w{0,3}$")
_EN_DERIVED = re.compile(r"(?<=...)(?:s|ts)k(?:yi|iy|a|e|y)?$")
_EN_CLUSTERS = {
    "shch": "s", "tch": "s", "sch": "s", "zh": "s", "kh": "h", "ch": "s", "sh": "s", "ph": "f", "ts": "s", "tz": "s",
    "cz": "s", "sz": "s", "rz": "s", "th": "t", "ck": "k", "wh": "v", "ce": "se", "ci": "si", "cy": "sy",
}  # fmt: skip
_EN_CLUSTER = re.compile("|".join(_EN_CLUSTERS))


def words(folded: str) -> list[str]:
    """The words of a folded text, in order and in their case."""
    return [word for word, _ in placed_words(folded)]


def placed_words(folded: str) -> list[tuple[str, int]]:
    """The words of a folded text with where each begins.

    Apostrophes inside a word are dropped, and hyphens too (U-LEAD, co-operation, смарт-спеціалізація), but a word of
    two whole words is two (місто-побратим, self-government).
    """
    return [(part, match.start()) for match in _WORD.finditer(folded) for part in _parts(match.group())]


def _parts(word: str) -> list[str]:
    if word.isalnum():
        return [word]
    word = _POSSESSIVE.sub("", word)
    if "-" not in word and "–" not in word:
        return [_JOINERS.sub("", word)]
    parts = [_JOINERS.sub("", part) for part in re.split(r"[-–]", word)]
    if parts[0].lower() == "по" and len(parts) == 2:
        return parts[1:]  # по-болградськи
    if parts[0].lower() in _GLUED:
        return ["".join(parts)]
    if CYRILLIC.search(word):
        return parts if len(parts) == 2 and min(map(len, parts)) >= 4 else ["".join(parts)]
    return parts if all(len(part) >= 3 or part.isdigit() for part in parts) else ["".join(parts)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What the forms of one lower-case word share: at most 7 Cyrillic or 8 Latin letters."""
    return next(stems(word))


def stems(word: str) -> Iterator[str]:
    """The stems that a form of a word may have, in lower case, the likeliest first; some come twice.

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
    """The same without changes of the last consonants: what a word in its first form may be found by."""
    if not CYRILLIC.search(word):
        yield _stem_en(word)
        return
    first = _stem_uk(word)
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
    base = word.replace("проект", "проєкт").replace("ґ", "г")
    base = _UK_SUPERLATIVE.sub("", base)
    return _UK_REFLEXIVE.sub("", base) if len(base) > 6 else base


def _stem_uk(word: str) -> str:
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
    return _UK_CLOSED.sub(r"о\1", _UK_FLEETING.sub(r"\1\2", base.rstrip("ь")))


def _stem_en(word: str) -> str:
    base = (
        word.replace("isation", "ization")
        .replace("ise", "ize")
        .replace("centre", "center")
        .replace("our", "or")
        .replace("logue", "log")
        .replace("gramme", "gram")
    )
    if len(base) > 3 and base != "news":
        for ending, replacement in (
            ("ies", "y"),
            ("sses", "ss"),
            ("xes", "x"),
            ("ches", "ch"),
            ("shes", "sh"),
            ("s", ""),
        ):
            if base.endswith(ending) and not base.endswith(("ss", "us", "is")):
                base = base[: -len(ending)] + replacement
                break
    for ending in ("ing", "ed"):
        if base.endswith(ending) and len(base) - len(ending) >= 3:
            base = _EN_DOUBLE.sub(r"\1", base[: -len(ending)])
            break
    if len(base) > 4 and base[-1] in "ey":
        base = base[:-1]
    return base[:8]


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """How a lower-case word sounds: its consonants, alike for «Вюрцбург» and "Würzburg".

    Two consonants alone meet by chance, so such a word keeps its first two letters too («Умань» and "Uman");
    a word with fewer has no sound.
    """
    if CYRILLIC.search(word):
        plain = _UK_DERIVED.sub("", word).replace("тс", "ц")  # Вентспілс, as "ts" is read there
        letters = "".join(_SOUND_UK.get(letter, "" if letter in "ьй" else "-") for letter in plain)
    else:
        word = _EN_DERIVED.sub("", word)
        plain = unicodedata.normalize("NFD", word.replace("ł", "l").replace("ß", "ss").replace("ø", "o"))
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
        plain = _EN_CLUSTER.sub(lambda match: _EN_CLUSTERS[match.group()], plain)
        letters = "".join(_SOUND_EN.get(letter, "-") for letter in plain)
    consonants = re.sub(r"(.)\1+", r"\1", letters).replace("-", "")
    if len(consonants) >= 3:
        return consonants
    return f"~{_opening(word)}{consonants}" if len(consonants) == 2 else ""


def shortened(sounding: str) -> tuple[str, ...]:
    """The sounds of which `sounding` may be an inflected or derived form («Грибовом» of "Grybów")."""
    if sounding.startswith("~"):
        return ()
    return tuple(sounding[:-cut] for cut in (1, 2) if len(sounding) - cut >= 2 + cut)


_OPENING = str.maketrans(
    dict(zip("абвгґдеєжзиіїйклмнопрстуфхцчшщюя", "abvhhdeezziiiiklmnoprstufhccssua", strict=True))
    | dict(zip("gwyjqx", "hviikh", strict=True))
)


def _opening(word: str) -> str:
    plain = unicodedata.normalize("NFD", word.lower()).translate(_OPENING)
    return "".join(letter for letter in plain if letter.isalpha())[:2]
