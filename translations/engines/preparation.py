"""What is done to a text before a machine translates it. Pure."""

from __future__ import annotations

import re
import unicodedata

# The model's training text had one apostrophe and plain spaces; a no-break space inside `12 500` even
# changes the number, because the tokenizer reads it as a decimal point. Invisible marks are unknown words.
_CHARACTERS = str.maketrans(
    {
        "’": "'",
        "ʼ": "'",
        "‘": "'",
        "`": "'",
        "\u00ad": None,  # soft hyphen
        "\u0301": None,  # stress mark
        "\u200b": None,
        "\u200c": None,
        "\u200d": None,
        "\u2060": None,
        "\ufeff": None,
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u2007": " ",
        "\u2010": "-",
        "\u2011": "-",
    }
)
_SPACES = re.compile(r"\s+")


def prepare(text: str) -> str:
    """`text` as the engine should see it: NFC, one kind of apostrophe, plain single spaces, nothing invisible.

    Composed twice: a stress mark may stand between a letter and the mark that belongs to it, and removing it
    before the first composition would break `й` and `ї` written in two characters.
    """
    composed = unicodedata.normalize("NFC", text).translate(_CHARACTERS)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", composed)).strip()
