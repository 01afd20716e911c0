"""Spellings of one word: British and American, and Ukrainian of before and after 2019. Pure."""

from __future__ import annotations

import re

_AMERICAN = (  # endings and beginnings of words; "our" turns "hour" into "hor", which only a stem may be
    ("isation", "ization"), ("ise", "ize"), ("centre", "center"), ("our", "or"), ("logue", "log"), ("gramme", "gram"),
)  # fmt: skip
_BRITISH_WORDS = {
    "center": "centre", "centers": "centres", "organization": "organisation", "organizations": "organisations",
    "decentralization": "decentralisation", "organize": "organise", "organizes": "organises", "organized": "organised",
    "labor": "labour", "defense": "defence", "modernization": "modernisation", "digitalization": "digitalisation",
    "optimization": "optimisation", "optimize": "optimise", "optimizes": "optimises", "neighboring": "neighbouring",
    "theater": "theatre", "favor": "favour", "analyze": "analyse", "analyzed": "analysed",
    "recognized": "recognised", "recognize": "recognise", "localization": "localisation",
}  # fmt: skip
_AMERICAN_WORD = re.compile(rf"(?<![\w-])(?:{'|'.join(_BRITISH_WORDS)})(?![\w-])")


def american(word: str) -> str:
    """Return a lower-case English word in a form that both spellings share: for stems, never for showing."""
    for british, ours in _AMERICAN:
        word = word.replace(british, ours)
    return word


def british(word: str) -> str:
    """Return a lower-case English word in a form that both spellings share and people can read: `organisation`."""
    return word.replace("iz", "is").replace("center", "centre").replace("programme", "program")


def in_british(text: str) -> str:
    """Return an English text to be shown, with the words in British spelling that news of the reform often has."""
    return _AMERICAN_WORD.sub(lambda match: _BRITISH_WORDS[match[0]], text)


def one_ukrainian(word: str) -> str:
    """Return a lower-case Ukrainian word in a form that old and new spelling share.

    Проект and проєкт, віце-прем'єр and віцепрем'єр.
    """
    return word.replace("проєкт", "проект").replace("віце-", "віце")
