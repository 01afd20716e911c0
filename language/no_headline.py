"""Texts that stand where a headline should and are none: labels of links, dates, numbers, addresses, filler. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from language.calendar import MONTH_BEGINNINGS, WEEKDAYS
from language.letters import fold_wording

if TYPE_CHECKING:
    from collections.abc import Collection

Words = tuple[str, ...]

# What sites write on links and above lists.
_LABELS = """
читати | читати далі | читати більше | читати повністю | читати новину | читайте далі | детальніше | докладніше
| далі | більше | більше новин | всі новини | усі новини | останні новини | новини | новина | стрічка новин |
головна | на головну | головна сторінка | контакти | про нас | про проєкт | пошук | меню | увійти | вхід |
перейти | переглянути | дивитися | поділитися | коментарі | коментувати | залишити коментар | без назви | без
заголовка | заголовок | назва | тест | завантаження | помилка | сторінку не знайдено | архів | категорія |
рубрика | теги | тег | фото | відео | read | read more | read on | more | see more | view more | learn more |
show more | continue reading | details | news | all news | latest news | home | home page | main page | contacts
| contact us | about | about us | search | menu | log in | login | sign in | share | comments | leave a comment
| untitled | no title | title | headline | test | loading | error | not found | page not found | 404 | 403 | 500
| archive | category | tags | tag | photo | video | next | previous | back | null | none | undefined | nan |
подробнее | читать | читать далее | читать дальше | далее | новости | главная | без названия
"""
_LABEL_WORDS = frozenset(tuple(label.split()) for label in _LABELS.split("|"))
_OF_DATES = frozenset(
    (*("р", "рік", "року", "роки", "о", "об", "в", "у", "на", "сьогодні", "вчора"),
     *("today", "yesterday", "at", "on", "am", "pm", "the", "of"))
)  # fmt: skip
_NUMBER = re.compile(r"\d+(?:st|nd|rd|th|го|ого|й|ий)?")
_NO_WORD = 28  # letters in one piece as a whole title: words whose spaces are lost
_FILLER = re.compile(r"\b(?:lorem ipsum|dolor sit amet|consectetur adipiscing)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S*|/?\w+(?:[-_/]\w+){2,}/?|\S+\.(?:html?|php|aspx?|jpe?g|png|pdf)")
# UTF-8 read as windows-1252, windows-1251 or koi8-u, windows-1251 read as Latin, letters that no decoder knew, question
# marks in their place.
_DAMAGED = re.compile(
    "\ufffd|(?:[ÐÑ][\\x80-\\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122].?){2}"
    "|(?:[РС][\u0400-\u040f\u0450-\u045f\u00a0-\u00bf\u2013-\u203a\u20ac\u2122\u0490\u0491](?![а-щ])){3}|[ÃÂ][\\x80-\\xbf]"
    "|(?:\\?{3,}\\s+){2}|[\u00e0-\u00ff]{5}|[\u2500-\u25a0]"
)


def words_of(text: str) -> Words:
    """Return the words of `text` in small letters, without signs: equal for all spellings of one wording."""
    return tuple(re.findall(r"\w+", fold_wording(text).casefold()))


def is_label(title: str, names: Collection[Words]) -> bool:
    """Return True for a title that tells no news: a label of a link, a date, numbers, an address, filler text.

    `names` are those of the site, as `words_of` gives them: alone they are no headline either.
    """
    words = words_of(title)
    return (
        words in names
        or words in _LABEL_WORDS
        or all(_is_of_date(word) for word in words)
        or _ADDRESS.fullmatch(title.strip()) is not None
        or _FILLER.search(title) is not None
        or (len(words) == 1 and len(words[0]) >= _NO_WORD)
    )


def is_damaged(title: str) -> bool:
    """Return True for a title with letters that were read in the wrong encoding, or were lost."""
    return _DAMAGED.search(title) is not None


def _is_of_date(word: str) -> bool:
    return bool(word in MONTH_BEGINNINGS or word in WEEKDAYS or word in _OF_DATES or _NUMBER.fullmatch(word))
