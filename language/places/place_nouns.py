"""The words around a place name that tell what it is. Pure data; keys are small letters with the apostrophe '."""

from __future__ import annotations


def _each(words: str) -> list[str]:
    return words.split()


AND = frozenset(_each("та і й або чи and or"))
PLACE_PREPOSITIONS = frozenset(
    _each("у в із з зі до від для біля під поблизу навколо неподалік між щодо про по через над in near from at to")
)
# Stems of adjectives between the name and its head noun, and the type of community or level that they tell.
TYPE_WORDS = {
    "міськ": "urban",
    "селищн": "settlement",
    "сільськ": "rural",
    "обласн": "oblast",
    "районн": "raion",
    **dict.fromkeys(_each("територіальн об'єднан військов державн прифронтов прикордонн деокупован"), ""),
}
LEVEL_OF_TYPE = {"urban": "hromada", "settlement": "hromada", "rural": "hromada", "oblast": "oblast", "raion": "raion"}
# Words before a bare name that say that a place follows.
SETTLEMENT_WORDS = {
    **dict.fromkeys(_each("м місто міста місті місту містом мер мера мерка"), "urban"),
    **dict.fromkeys(_each("смт селище селища селищі селищу селищем с-ще сщ"), "settlement"),
    **dict.fromkeys(_each("с село села селі селу селом"), "rural"),
    **dict.fromkeys(_each("громада громади громаді громаду громадою громад"), ""),
}
_FORMS = (
    ("громада громади громаді громаду громадою громад громадам громадами громадах тг отг мтг стг", "hromada", "unit"),
    ("тергромада тергромади тергромаді тергромаду тергромадою тергромад", "hromada", "unit"),
    ("район району районі районом райони районів районам районами районах р-н р-ну р-ні", "raion", "unit"),
    ("область області областю областей областям областями областях обл", "oblast", "unit"),
    ("ова ода облдержадміністрація облдержадміністрації облдержадміністрацію", "oblast", "administration"),
    ("рва рда райдержадміністрація райдержадміністрації райдержадміністрацію", "raion", "administration"),
    ("мва сва", "hromada", "administration"),
    ("облрада облради облраді облраду облрадою", "oblast", "council"),
    ("райрада райради райраді райраду райрадою", "raion", "council"),
    ("міськрада міськради міськраді міськраду міськрадою", "hromada", "council"),
    ("сільрада сільради сільраді сільраду сільрадою", "hromada", "council"),
    ("селищрада селищради селищраді селищраду селищрадою", "hromada", "council"),
    ("рада ради раді раду радою рад", "any", "council"),
    ("адміністрація адміністрації адміністрацію адміністрацією адміністрацій", "any", "administration"),
    ("голова голови голові голову головою очільник очільниця очільника очільниці", "any", "other"),
    ("мерія мерії мерію мерією", "hromada", "other"),
    ("виконком виконкому цнап цнапу цнапом", "hromada", "other"),
)
# Head noun → its level (any: the type word before it tells) and what it is the head of.
PLACE_NOUNS = {word: (level, kind) for words, level, kind in _FORMS for word in _each(words)}
ENGLISH_PLACE_NOUNS = {
    **dict.fromkeys(_each("community communities hromada hromadas municipality municipalities"), "hromada"),
    **dict.fromkeys(_each("region regions oblast oblasts province regional"), "oblast"),
    **dict.fromkeys(_each("district districts raion raions rayon rayons"), "raion"),
}
ENGLISH_TYPES = frozenset(_each("territorial urban rural settlement city amalgamated united village and"))
# End of an adjective form → last letters of the nouns that it may belong to.
AGREEING = {
    "му": "іїуюь",
    "ім": "іїую",
    "а": "аяь",
    "у": "уюь",
    "й": "іиї",
    "ю": "юя",
    "ї": "іиї",
    "і": "іиї",
    "е": "еояє",
    "о": "аяу",
    "м": "мую",
}
