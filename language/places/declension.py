"""The case forms of Ukrainian place names, by the endings of the name. Pure.

It gives every form that the ending allows, rather more than one declension has: a form too many is never
written by anyone, a form too few is a place not found. Forms are small letters with the apostrophe '.
"""

from __future__ import annotations

from itertools import product

from language.letters import SOFTENED, VOWELS

Cases = tuple[tuple[str, ...], ...]  # nominative, genitive, dative, accusative, instrumental, locative

CASES = 6
NONE: Cases = ((),) * CASES
ADJECTIVE_ENDINGS = frozenset(["а", "ої", "ій", "у", "ою", "е", "ого", "ому", "им", "ім", "ий", "і", "их", "ими"])
_FEMININE = (("а",), ("ої",), ("ій",), ("у",), ("ою",), ("ій",))
_NEUTER = (("е",), ("ого",), ("ому",), ("е",), ("им",), ("ому", "ім"))
_MASCULINE = (("ий",), ("ого",), ("ому",), ("ий", "ого"), ("им",), ("ому", "ім"))
_SOFT_FEMININE = (("я",), ("ьої",), ("ій",), ("ю",), ("ьою",), ("ій",))
_SOFT_NEUTER = (("є",), ("ього",), ("ьому",), ("є",), ("ім",), ("ьому", "ім"))
_NEUTER_AFTER_VOWEL = (("є",), ("ього",), ("ьому",), ("є",), ("їм", "ім"), ("ьому",))
_SOFT_MASCULINE = (("ій",), ("ього",), ("ьому",), ("ій", "ього"), ("ім",), ("ьому", "ім"))
_SOFT_PLURAL = (("і",), ("іх",), ("ім",), ("і", "іх"), ("іми",), ("іх",))
_PLURAL = (("і",), ("их",), ("им",), ("і", "их"), ("ими",), ("их",))
_DOUBLED = "днтлсзцчшж"


def forms(name: str) -> frozenset[str]:
    """Return all case forms of a name of one or more words, itself among them; words are joined by one space."""
    return frozenset(form for case in cases(name) for form in case)


def cases(name: str) -> Cases:
    """Return the forms of each case. Every word and every part of a double name bends in the same case."""
    name = name.lower()
    if " " in name:
        *adjectives, noun = name.split(" ")
        plural = _plural_neuter(noun[:-1]) if adjectives[-1].endswith("і") and noun.endswith("а") else NONE
        return _joined([*(_qualifier(word) for word in adjectives), _merge(_compound(noun), plural)], " ")
    return _compound(name)


def adjective_stems(name: str) -> tuple[str, ...]:
    """Return stems of adjectives that people form from a place's name, official or not: савинці → савинцівськ."""
    base = name.lower().rstrip("аеиіоуяюєїьй'")
    return tuple(base + suffix for suffix in ("ськ", "івськ", "ївськ", "янськ", "анськ", "инськ", "енськ", "нськ"))


def _compound(name: str) -> Cases:
    """Bend `івано-франківськ` at its end only; `рава-руська`, `середина-буда`, `брошнів-осада` in both parts."""
    first, dash, last = name.rpartition("-")
    if not dash:
        return _noun(name)
    unbent: Cases = ((first,),) * CASES
    both = unbent if first.endswith("о") else tuple(tuple(dict.fromkeys((*bent, first))) for bent in _noun(first))
    return _joined([both, _merge(_noun(last), _bent_adjective(last))], "-")


def _joined(parts: list[Cases], glue: str) -> Cases:
    return tuple(tuple(glue.join(words) for words in product(*same_case)) for same_case in zip(*parts, strict=True))


def _qualifier(word: str) -> Cases:
    """Bend a word before the noun: an adjective by its ending, else a noun."""
    for ending, endings in (("ий", _MASCULINE), ("а", _FEMININE), ("е", _NEUTER)):
        if word.endswith(ending):
            return _with(word.removesuffix(ending), endings)
    return _bent_adjective(word) if word.endswith(("ній", "ня", "нє", "і")) else _noun(word)


def _bent_adjective(word: str) -> Cases:
    """Bend Верхня, Нижній, Підгороднє softly; a plural either way: Горішні, Червоні. Else nothing."""
    for ending, endings in (("ній", _SOFT_MASCULINE), ("ня", _SOFT_FEMININE), ("нє", _SOFT_NEUTER)):
        if word.endswith(ending):
            return _with(word[: -len(ending) + 1], endings)
    plural = _merge(_with(word[:-1], _PLURAL), _with(word[:-1], _SOFT_PLURAL))
    return plural if word.endswith("і") else NONE


def _noun(word: str) -> Cases:
    """Bend a noun by its last letter."""
    stem, last = word[:-1], word[-1]
    if word.endswith("ий"):
        soft = _masculine(word, stem) if len(word) <= 5 else NONE  # Стрий is a noun
        return _merge(_with(word[:-2], _MASCULINE), soft)
    if last == "о":
        return _with(stem, (("о",), ("а",), ("у", "ові"), ("о",), ("ом",), ("і", "у")))
    if last == "ь":  # Тернопіль, and Умань: instrumental Уманню
        doubled = f"{stem}{stem[-1]}ю" if stem[-1] in _DOUBLED else f"{stem}ю"
        oblique = (f"{stem}і",)
        return _merge(_masculine(word, stem), ((word,), oblique, oblique, (word,), (doubled, f"{stem}ю"), oblique))
    if last in "еє":  # Вишневе as an adjective, Гуляйполе and Рожище as nouns, Яремче as either
        noun = _with(stem, ((last,), ("я", "а"), ("ю", "у"), (last,), ("ем", "єм"), ("і", "ї", "ю")))
        no_noun = last == "е" and not word.endswith(("поле", "море", "ще", "че", "це"))
        return _merge(_with(stem, _NEUTER if last == "е" else _NEUTER_AFTER_VOWEL), NONE if no_noun else noun)
    by_ending = {"а": _ending_a, "я": _ending_ya, "и": _plural, "і": _plural, "ї": _plural}
    return by_ending[last](word) if last in by_ending else _masculine(word, stem if last == "й" else word)


def _ending_a(word: str) -> Cases:
    """Bend Полтава, Тараща; Надвірна like an adjective."""
    stem = word[:-1]
    softened = stem[:-1] + SOFTENED.get(stem[-1], stem[-1])
    hissing = stem[-1] in "жчшщ"
    instrumental = ("ею",) if hissing else ("ою",)
    dative = tuple(f"{base}і" for base in {stem, softened})
    noun = (
        (f"{stem}а",),
        (f"{stem}и", f"{stem}і") if hissing else (f"{stem}и",),
        dative,
        (f"{stem}у",),
        tuple(f"{stem}{ending}" for ending in instrumental),
        dative,
    )
    return _merge(_merge(_with(stem, _FEMININE), noun), _plural_neuter(stem) if stem.endswith("иськ") else NONE)


def _plural_neuter(stem: str) -> Cases:
    """Bend у Мостиськах, за Нижніми Воротами."""
    return _with(stem, (("а",), ("",), ("ам",), ("а",), ("ами",), ("ах",)))


def _ending_ya(word: str) -> Cases:
    """Bend Опішня and Кілія as feminine, Запоріжжя as neuter, Верхня as an adjective."""
    stem = word[:-1]
    soft = "ї" if stem[-1] in "аеиіоуєїю'" else "і"
    feminine = _with(stem, (("я",), (soft,), (soft,), ("ю",), ("єю" if soft == "ї" else "ею",), (soft,)))
    neuter = _with(stem, (("я",), ("я",), ("ю",), ("я",), ("ям",), (soft, "ю")))
    return _merge(_merge(feminine, neuter), _bent_adjective(word))


def _plural(word: str) -> Cases:
    """Bend Суми, Чернівці, Бровари; the bare genitive may gain a vowel: Ромни, Ромен; Савинці, Савинець."""
    stem, last = word[:-1], word[-1]
    soft = last in "ії"
    bare = {stem, f"{stem}ів", f"{stem}їв" if last == "ї" else f"{stem}ів"}
    if len(stem) > 2 and stem[-1] not in VOWELS and stem[-2] not in VOWELS:
        bare |= {f"{stem[:-1]}{vowel}{stem[-1]}" for vowel in "ое"}
    if stem.endswith("ц"):
        bare |= {f"{stem[:-1]}ець", f"{stem}ь"}
    if stem.endswith(("ньк", "льк")):
        bare.add(f"{stem[:-2]}ьок")
    a = "я" if soft and stem[-1] not in "чшжщ" else "а"
    case = _with(stem, ((last,), (), (f"{a}м",), (last,), (f"{a}ми",), (f"{a}х",)))
    adjective = _with(stem, (("і",), ("их",), ("им",), ("і",), ("ими",), ("их",))) if last == "і" else NONE
    return _merge(_merge(case, ((), tuple(sorted(bare)), (), (), (), ())), adjective)


def _masculine(word: str, stem: str) -> Cases:
    """Bend Харків, Тернопіль, Трускавець, Кривий Ріг: the last vowel may change or fall out."""
    soft = word[-1] in "ьй"
    bases = _oblique(stem if soft else word)
    vowels = (
        (
            "я",
            "ю",
            "єві" if word[-1] == "й" else "еві",
            "єм" if word[-1] == "й" else "ем",
            "ї" if word[-1] == "й" else "і",
        )
        if soft
        else ("а", "у", "ові", "ом", "і")
    )
    if not soft and word[-1] in "жчшщ":
        vowels = ("а", "у", "еві", "ем", "і")
    a, u, ovi, om, i = vowels
    oblique: Cases = tuple(
        tuple(f"{base}{ending}" for base in bases for ending in endings)
        for endings in ((), (a, u), (u, ovi), (), (om,), (i, u, ovi))
    )
    # У Кривому Розі, у Кременчуці; but Теплик never becomes Теплиці
    softens = not word.endswith(("ик", "ік", "ок", "ек"))
    softened = tuple(f"{base[:-1]}{SOFTENED[base[-1]]}і" for base in bases if base[-1] in SOFTENED and softens)
    return _merge(((word,), (), (), (word,), (), softened), oblique)


def _oblique(stem: str) -> tuple[str, ...]:
    """Return the stem before a case ending, in every shape that it may take."""
    found = {stem}
    if len(stem) < 3 or stem[-2] not in "іїеєо":
        return (stem,)
    head, vowel, tail = stem[:-2], stem[-2], stem[-1]
    if vowel == "і":
        found |= {f"{head}о{tail}", f"{head}е{tail}"}
    elif vowel == "ї":
        found.add(f"{head}є{tail}")
    elif vowel == "є":
        found |= {f"{head}й{tail}"}
    elif head[-1] not in VOWELS:
        found |= {f"{head}{tail}", f"{head}ь{tail}"} if head[-1] in "лн" else {f"{head}{tail}"}
    else:
        found.add(f"{head}{tail}")
    return tuple(sorted(found))


def _with(stem: str, endings: Cases) -> Cases:
    return tuple(tuple(f"{stem}{ending}" for ending in case) for case in endings)


def _merge(one: Cases, other: Cases) -> Cases:
    return tuple(tuple(dict.fromkeys((*a, *b))) for a, b in zip(one, other, strict=True))
