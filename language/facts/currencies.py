"""Currencies as they are written in Ukrainian and English. Pure."""

from __future__ import annotations

import re

# Currency → how it is written in small letters; crowns are of several countries and seldom say of which.
_WRITTEN = {
    "UAH": r"грн|гривень|гривні|гривен\w*|гривн(?:я|ю|ею|ям|ями|ях)|uah|hrn\b|(?:hryvn|grivn)(?:ia|ya|a)s?\b|₴",
    "EUR": r"євро(?!\w)|euros?\b|eur\b|€",
    "USD": r"дол\b|долар\w*|usd|\$|dollars?",
    "GBP": r"£|фунт(?:и|ів|ами|ах)? стерлінгів|gbp\b",
    "crowns": r"крон(?:а|и|і|у|ою|ам|ами|ах)?\b|sek\b|nok\b|dkk\b|czk\b",
    "PLN": r"злот(?:ий|і|их|ого|ому|ими)\b|pln\b|zlotys?",
    "CHF": r"франк(?:и|ів|а|ами|ах)?\b|chf\b",
}
CURRENCY = "|".join(_WRITTEN.values())
_ONE = re.compile("|".join(f"({pattern})" for pattern in _WRITTEN.values()))


def currency_of(written: str) -> str:
    """Return the code of a currency written in small letters; empty when it is none."""
    match = _ONE.match(written)
    return list(_WRITTEN)[(match.lastindex or 1) - 1] if match else ""
