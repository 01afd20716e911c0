"""Words of the demonstration headlines in the forms that a sentence needs. Pure, but for reading demo/data once."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from language.calendar import month_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from language.calendar import Case

DATA = Path(__file__).parent / "data"
_APPROXIMATELY = {"nearly": "майже", "over": "понад", "about": "близько"}
_UNITS = {"thousand": "тис.", "million": "млн", "billion": "млрд"}
_CURRENCIES = {"UAH": "грн", "EUR": "євро"}
NUMERALS = {
    "Five": ("п'ять", "п'яти"), "Six": ("шість", "шести"), "Seven": ("сім", "семи"), "Eight": ("вісім", "восьми"),
    "Nine": ("дев'ять", "дев'яти"), "Ten": ("десять", "десяти"), "Eleven": ("одинадцять", "одинадцяти"),
    "Twelve": ("дванадцять", "дванадцяти"), "Fifteen": ("п'ятнадцять", "п'ятнадцяти"),
    "Twenty": ("двадцять", "двадцяти"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Forms:
    """One thing that fills a slot: its forms by name in each language, `""` being the plain one."""

    uk: Mapping[str, str]
    en: Mapping[str, str]


@cache
def table(name: str) -> list[dict[str, str]]:
    """Read the rows of demo/data/<name>.csv."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def inside(place: str) -> str:
    """Put `у` or `в` before a place, by its first sound."""
    return f"{'в' if place[0] in 'АЕИІОУЄ' else 'у'} {place}"


def _adjective(nominative: str) -> dict[str, str]:
    stem = nominative.removesuffix("а")
    return {"": nominative, "gen": f"{stem}ої", "dat": f"{stem}ій", "acc": f"{stem}у", "ins": f"{stem}ою"}


@cache
def oblasts() -> dict[str, Forms]:
    """Regions by their English name, `Zhytomyr`."""
    return {row["name_en"]: _oblast(row) for row in table("oblasts")}


def _oblast(row: dict[str, str]) -> Forms:
    forms, short = _adjective(row["adjective_uk"]), row["short_uk"]
    locative = short.rstrip("аяь") + "і"
    uk = {
        "": f"{forms['']} область",
        "gen": f"{forms['gen']} області",
        "loc": forms["dat"],
        "in": f"на {locative}",
    }
    return Forms(uk, {"": f"{row['name_en']} region"})


@cache
def hromadas() -> dict[str, Forms]:
    """Communities by the English name of their centre, `Korostyshiv`; each knows its region."""
    return {row["name_en"]: _hromada(row) for row in table("hromadas")}


def _hromada(row: dict[str, str]) -> Forms:
    forms, oblast = _adjective(row["adjective_uk"]), oblasts()[row["oblast_en"]]
    uk = {
        **forms,
        "in": f"{inside(forms['dat'])} громаді",
        "obl_gen": oblast.uk["gen"],
        "obl_loc": oblast.uk["loc"],
        "obl_full": oblast.uk[""],
    }
    return Forms(uk, {"": row["name_en"], "obl": row["oblast_en"]})


@cache
def vocabulary() -> dict[str, dict[str, Forms]]:
    """Return all words that come from tables, by slot and English name."""
    return {
        "h": hromadas(),
        "o": oblasts(),
        "c": {r["name_en"]: Forms({"": r["nom_uk"], "gen": r["gen_uk"], "in": r["in_uk"]}, {"": r["name_en"]})
              for r in table("cities")},
        "f": {r["name_en"]: _partner(r) for r in table("partners")},
        "org": {r["key"]: _institution(r) for r in table("institutions")},
        "p": {r["name_en"]: _cases(r) for r in table("projects")},
        "t": {r["name_en"]: _cases(r) for r in table("themes")},
        "g": {r["name_en"]: _cases(r) for r in table("goods")},
        "w": {r["name_en"]: _cases(r) for r in table("people")},
        "grp": {r["name_en"]: _cases(r) for r in table("groups")},
        "nw": {en: Forms({"": uk, "gen": gen}, {"": en, "low": en.lower()}) for en, (uk, gen) in NUMERALS.items()},
    }  # fmt: skip


def _cases(row: dict[str, str]) -> Forms:
    uk = {name.removesuffix("_uk").replace("nom", ""): form for name, form in row.items() if name.endswith("_uk")}
    return Forms(uk, {"": row["name_en"]})


def _partner(row: dict[str, str]) -> Forms:
    return Forms(
        {"": row["nom_uk"], "land": row["land_uk"], "adj": row["adj_uk"], "adj_ins": row["adj_ins_uk"]},
        {"": row["name_en"], "land": row["land_en"], "adj": row["adj_en"]},
    )


def _institution(row: dict[str, str]) -> Forms:
    the = row["the_en"]
    return Forms(
        {"": row["nom_uk"], "gen": row["gen_uk"], "past": row["past_uk"]},
        {"": row["name_en"], "the": the, "The": the[0].upper() + the[1:]},
    )


def needs_genitive_plural(number: int) -> bool:
    """Return whether the number asks for the genitive plural: 5 громад, 12 громад, 20 громад."""
    return number % 100 in range(11, 15) or number % 10 in (0, 5, 6, 7, 8, 9)


def count(number: int) -> Forms:
    """Return a number with every noun in the form it asks for. Raises ValueError for 1, 21, 31 … (other verb forms)."""
    if number % 10 == 1 and number % 100 != 11:
        raise ValueError(f"a count must not end in one: {number}")
    form = "many_uk" if needs_genitive_plural(number) else "few_uk"
    return Forms({"": str(number), **{noun["name_en"]: noun[form] for noun in table("nouns")}}, {"": str(number)})


def many(number: int) -> Forms:
    """Return a number, grouped from 1 000 on, that asks for the genitive plural. Raises ValueError for others."""
    if not needs_genitive_plural(number):
        raise ValueError(f"a count before a genitive plural must not end in 1, 2, 3 or 4: {number}")
    return Forms({"": f"{number:,}".replace(",", " ")}, {"": f"{number:,}"})


def money(text: str) -> Forms:
    """Read a sum: `987.1 million UAH`, `nearly 1 billion UAH`, `450 thousand EUR`. Raises ValueError for others."""
    parts = text.split()
    approximately = parts.pop(0) if parts and parts[0] in _APPROXIMATELY else ""
    if len(parts) != 3 or parts[1] not in _UNITS or parts[2] not in _CURRENCIES:
        raise ValueError(f"not a sum of money: {text}")
    value, unit, currency = parts
    uk = f"{_APPROXIMATELY.get(approximately, '')} {value.replace('.', ',')} {_UNITS[unit]} {_CURRENCIES[currency]}"
    amount = f"{value},000" if unit == "thousand" else f"{value} {unit}"
    return Forms({"": uk.strip()}, {"": f"{approximately} {currency} {amount}".strip()})


def month(number: int) -> Forms:
    """Return a month of the year, 1 to 12."""
    cases: dict[str, Case] = {"": "nominative", "gen": "genitive", "loc": "locative"}
    uk = {name: month_name(number, "uk", case) for name, case in cases.items()}
    return Forms(uk, {"": month_name(number, "en")})


def date(text: str) -> Forms:
    """Return a day of the year, `02-26`."""
    in_year, day = (int(part) for part in text.split("-"))
    return Forms({"": f"{day} {month_name(in_year, 'uk', 'genitive')}"}, {"": f"{day} {month_name(in_year, 'en')}"})


def percent(value: int | float | str) -> Forms:
    """Return a share: `12`, `4.5`."""
    return Forms({"": str(value).replace(".", ",")}, {"": str(value)})


def figure(value: int) -> Forms:
    """Return a year or the number of a draft law: the same digits in both languages."""
    return Forms({"": str(value)}, {"": str(value)})
