"""Letters and signs that are printed in several forms, and the forms in which texts are compared. Pure.

The one table of apostrophes, hyphens, quotation marks, invisible characters and look-alike letters. `plain` puts one
sign for each meaning, `fold` makes a text ready for reading its words, `fold_wording` and `text_hash` tell whether two
texts are spellings of one wording.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

# Inside of a character class of a regular expression, as HYPHENS and QUOTES are.
APOSTROPHES = (
    "'"
    "\u2019"  # right single quotation mark, what most sites print
    "\u02bc"  # modifier letter apostrophe, what Unicode asks for
    "\u2018\u201b"  # left and reversed single quotation mark
    "`\u00b4"  # grave and acute accent, from keyboards without an apostrophe
    "\u02b9\u2032"  # prime, as a letter and as a sign
    "\u02bb\u02bd"  # turned and reversed comma
    "\u055a\uff07"  # Armenian and full-width
)
HYPHENS = r"\-\u2010\u2011"  # also hyphen, non-breaking hyphen
QUOTES = '«»“”„‟"‹›'  # double ones: single ones are apostrophes too
STRESS = "\u0301"
# Marks inside a word that are no letters of it: decomposed accents, soft hyphens, zero-width signs.
MARKS = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff"
# C0 and C1 controls, zero-width and joining marks, bidirectional controls, soft hyphen, surrogates, non-characters,
# and the tags in which a whole text can be hidden.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]"
)
# Stands where a letter was and cannot be read: undecodable bytes, half a surrogate pair, the picture of a control.
BROKEN = re.compile("[\ufffd\ud800-\udfff\u2400-\u2421]")
CYRILLIC = re.compile("[\u0400-\u052f]")
LATIN = re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]")
CYRILLIC_WORD = re.compile(rf"[\u0400-\u052f]+(?:[{APOSTROPHES}\-][\u0400-\u052f]+)*")
VOWELS = "аеиіоуяюєїьй"  # with the signs that no ending is cut before
SOFTENED = {"к": "ц", "г": "з", "х": "с"}  # before -і: у Кременчуці
LETTERS = re.compile(r"[^\W\d_]+")

# Real headlines mix them inside one word: «Сities4Cities», «pайонна».
_LATIN_LOOKALIKES, _CYRILLIC_LOOKALIKES = "aceiopxyABCEHIKMOPTXY", "асеіорхуАВСЕНІКМОРТХУ"
_TO_CYRILLIC = str.maketrans(_LATIN_LOOKALIKES, _CYRILLIC_LOOKALIKES)
_TO_LATIN = str.maketrans(_CYRILLIC_LOOKALIKES, _LATIN_LOOKALIKES)
_ONLY_CYRILLIC = re.compile(f"(?![{_CYRILLIC_LOOKALIKES}]){CYRILLIC.pattern}")
_ONLY_LATIN = re.compile(f"(?![{_LATIN_LOOKALIKES}]){LATIN.pattern}")
_ROMAN = re.compile(r"(?<!\w)[ІХV]{2,5}(?!\w)")  # «ІІІ етап»; a single І is more often the conjunction
_ROMAN_TO_LATIN = str.maketrans("ІХ", "IX")

_TO_APOSTROPHE = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_TO_PLAIN = str.maketrans(
    dict.fromkeys("\u2010\u2011", "-") | dict.fromkeys("\u0301\u00ad\u200b\u200c\u200d\u2060\ufeff")
)
_INNER_APOSTROPHE = re.compile(rf"(?<=[^\W_])[{APOSTROPHES}](?=[^\W_])")
_COMPOUND = re.compile(r"[^\W_]+(?:[’\-–_][^\W_]+)*")
_QUOTE = re.compile(f"[{QUOTES}]|''")
_BARE_APOSTROPHE = re.compile(r"(?<![^\W\d_])'|'(?![^\W\d_])")
_COUNTER = re.compile(r"\s*[|(]?\s*(?:views|переглядів|перегляди|переглянуто)\s*:?\s*\d[\d\s]*\)?\s*$", re.IGNORECASE)


def plain(text: str) -> str:
    """Return `text` in NFC, apostrophes as ', hyphens as -, without stress marks, soft hyphens, zero-width signs."""
    return _composed(text).translate(_TO_APOSTROPHE)


def _composed(text: str) -> str:
    """Composed before and after, because a stress mark may stand between a letter and its own mark."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(_TO_PLAIN))


def single_spaces(text: str) -> str:
    """Return `text` with every run of white space, no-break spaces and line ends among them, as one space, trimmed."""
    return " ".join(text.split())


def one_script(word: str) -> str:
    """Return `word` with its look-alike letters in the script that most of its unmistakable letters have.

    Where these are as many, most of all letters decide, and then Cyrillic. A word of one script stays as it is, and a
    compound of both, such as «LED-світильник», has each of its parts in one script.
    """
    cyrillic, latin = len(CYRILLIC.findall(word)), len(LATIN.findall(word))
    if not cyrillic or not latin:
        return word
    only_cyrillic, only_latin = len(_ONLY_CYRILLIC.findall(word)), len(_ONLY_LATIN.findall(word))
    to_latin = only_latin > only_cyrillic if only_latin != only_cyrillic else latin > cyrillic
    moved = word.translate(_TO_LATIN if to_latin else _TO_CYRILLIC)
    return moved if LETTERS.fullmatch(word) or not _is_mixed(moved) else one_script_words(word)


def one_script_words(text: str, word: re.Pattern[str] = LETTERS) -> str:
    """Return `text` with each word (a match of `word`: by default a run of letters) in one script."""
    return word.sub(lambda match: one_script(match[0]), text) if _is_mixed(text) else text


def _is_mixed(text: str) -> bool:
    return LATIN.search(text) is not None and CYRILLIC.search(text) is not None


def to_latin_look(text: str) -> str:
    """Return `text` with each Cyrillic letter that looks like a Latin one as that."""
    return text.translate(_TO_LATIN)


def roman_in_latin(text: str) -> str:
    """Return `text` with its Roman numerals of two to five Cyrillic І and Х in Latin letters: «ІІІ етап»."""
    return _ROMAN.sub(lambda match: match[0].translate(_ROMAN_TO_LATIN), text)


def fold(text: str) -> str:
    """Return `text` as its words and numbers are read: like `plain`, with single spaces and one script a word.

    Roman numerals are in Latin letters. Case and punctuation stay. An apostrophe inside a word is ’, because words of
    the form are shown as evidence; one that is in no word is a quotation mark and stays.
    """
    text = _INNER_APOSTROPHE.sub("’", _composed(text))
    return single_spaces(roman_in_latin(one_script_words(text, _COMPOUND)))


def fold_wording(text: str) -> str:
    """Return the form in which two wordings are compared.

    Equal if they differ only in spaces, quotes, apostrophes, stress marks, counters of views, or look-alike letters
    inside a word. The hashes of stored texts are made of it: any change to it makes stored headlines count as edited.
    """
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).replace(STRESS, ""))
    text = _BARE_APOSTROPHE.sub('"', _QUOTE.sub('"', text.translate(_TO_APOSTROPHE)))
    return single_spaces(one_script_words(_COUNTER.sub("", text)))


def text_hash(text: str) -> str:
    """Return 32 hexadecimal digits of the folded wording without its spaces; empty for an empty text.

    It joins articles, versions and translations: wordings that differ only in white space (`№ 5`, `№5`) are one.
    """
    folded = fold_wording(text).replace(" ", "")
    return hashlib.sha256(folded.encode()).hexdigest()[:32] if folded else ""
