"""The places of the official codifier and every form in which their names are written. No network, no clock.

Importing this module reads nothing; the tables of data/ are read once, by the first `gazetteer()`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from language.letters import plain
from language.places.declension import adjective_stems, forms
from language.romanise import romanise

if TYPE_CHECKING:
    from core.closed_sets import PlaceKind

DATA = Path(__file__).parent / "data"
# So many other settlements may bear the name of a community's centre before its bare name says nothing.
NAMESAKES = {"urban": 10_000, "settlement": 1, "rural": 0}
AREA_ENDINGS = ("щина", "щини", "щині", "щину", "щиною", "щин")


@dataclass(frozen=True, slots=True)
class Place:
    """An oblast, raion or hromada: a row of the table `places`."""

    id: str  # KATOTTG code
    kind: PlaceKind
    name_uk: str  # Коростишівська громада
    name_en: str  # Korostyshiv community
    oblast_id: str  # its own id for an oblast
    raion_id: str = ""
    type: str = ""  # urban, settlement, rural: of a hromada; city: Kyiv and Sevastopol
    core: str = ""  # Korostyshiv: what a translation must contain


@dataclass(frozen=True, slots=True)
class Naming:
    """One name of one place, as a text may use it."""

    place: Place
    core: str  # in English
    now: str = ""  # the present name in English, when this one is given up
    is_certain: bool = True  # False: so many settlements have the name that the bare name does not tell
    caution: str = ""  # person, word, river: what else the bare name is
    unofficial: bool = False  # an adjective that the codifier does not have

    @property
    def name_en(self) -> str:
        """Return the place under this name: Chervonohrad (now Sheptytskyi) community."""
        if not self.now:
            return self.place.name_en
        return self.place.name_en.replace(self.place.core, f"{self.core} (now {self.now})", 1)


Namings = tuple[Naming, ...]


@dataclass(slots=True)
class Gazetteer:
    """The tables in which `language.places.names` looks words up; keys are small letters with the apostrophe '."""

    places: dict[str, Place] = field(default_factory=dict)
    adjectives: dict[str, Namings] = field(default_factory=dict)  # коростишівськ → hromadas, raions, oblasts
    nouns: dict[str, Namings] = field(default_factory=dict)  # коростишевом, житомирщині, нової каховки
    english: dict[str, Namings] = field(default_factory=dict)  # korostyshiv, bila tserkva
    openings: dict[str, int] = field(default_factory=dict)  # first word of longer names → most words
    capitals: frozenset[str] = frozenset()  # the hromadas of the oblast centres
    given_names: frozenset[str] = frozenset()  # in every case form: a surname follows

    def oblast_of(self, place_id: str) -> Place:
        """Return the oblast in which a place lies; itself for an oblast."""
        return self.places[self.places[place_id].oblast_id]

    def add_oblast(self, row: dict[str, str]) -> None:
        """Add a row of data/oblasts.csv."""
        core = row["name_en"].removeprefix("Autonomous Republic of ").removesuffix(" region")
        kind = "city" if row["name_uk"].startswith("місто ") else ""
        place = Place(row["id"], "oblast", row["name_uk"], row["name_en"], row["id"], type=kind, core=core)
        self.places[place.id] = place
        naming = Naming(place, core)
        _put(self.adjectives, _key(row["adjective_uk"])[:-2], naming)
        if kind:
            self.add_bare(row["name_uk"].removeprefix("місто "), naming)
        for name in filter(None, row["colloquial_uk"].split(";")):
            for form in _area_forms(_key(name)) if name.endswith("щина") else forms(_key(name)):
                _put(self.nouns, form, naming)
            _put(self.english, romanise(name).lower(), naming)
        _put(self.english, core.lower(), naming)

    def add_raion(self, row: dict[str, str]) -> None:
        """Add a row of data/raions.csv."""
        place = Place(
            id=row["id"],
            kind="raion",
            name_uk=f"{row['name_uk']} район",
            name_en=f"{row['name_en']} district",
            oblast_id=row["oblast_id"],
            raion_id=row["id"],
            core=row["name_en"],
        )
        self.places[place.id] = place
        stem = _key(row["name_uk"])[:-2]
        _put(self.adjectives, stem, Naming(place, place.core))
        _put(self.english, place.core.lower(), Naming(place, place.core))
        if stem.endswith("ськ"):
            for form in _area_forms(stem.removesuffix("ськ") + "щина"):
                if form not in self.nouns:  # Київщина is the oblast
                    _put(self.nouns, form, Naming(place, place.core))

    def add_hromada(self, row: dict[str, str], cautions: dict[str, str]) -> None:
        """Add a row of data/hromadas.csv; `cautions` tell what else a bare name is."""
        core = row["name_en"]
        place = Place(
            id=row["id"],
            kind="hromada",
            name_uk=f"{row['name_uk']} громада",
            name_en=f"{core} community",
            oblast_id=row["oblast_id"],
            raion_id=row["raion_id"],
            type=row["type"],
            core=core,
        )
        self.places[place.id] = place
        _put(self.adjectives, _key(row["name_uk"])[:-1], Naming(place, core))
        is_certain = int(row["namesakes"]) <= NAMESAKES[place.type]
        caution = cautions.get(_key(row["centre_uk"]), "")
        bare = Naming(place, romanise(row["centre_uk"]), is_certain=is_certain, caution=caution)
        self.add_bare(row["centre_uk"], bare)
        _put(self.english, core.lower(), Naming(place, core, is_certain=is_certain, caution=caution))

    def add_bare(self, name: str, naming: Naming) -> None:
        """Add every case form of a bare name."""
        for form in forms(_key(name)):
            _put(self.nouns, form, naming)
        first = {form.partition(" ")[0] for form in forms(_key(name))} if " " in name else set()
        for word in first | ({naming.core.lower().partition(" ")[0]} if " " in naming.core else set()):
            self.openings[word] = max(self.openings.get(word, 0), name.count(" ") + 1)


@cache
def gazetteer() -> Gazetteer:
    """Return the gazetteer, read on the first call."""
    made = Gazetteer()
    oblasts, raions, hromadas = _rows("oblasts"), _rows("raions"), _rows("hromadas")
    cautions = {_key(row["name_uk"]): row["also"] for row in _rows("cautions")}
    for row in oblasts:
        made.add_oblast(row)
    for row in hromadas:
        made.add_hromada(row, cautions)
    for row in raions:
        made.add_raion(row)
    for row in _rows("renamings"):
        place, name = made.places[row["id"]], row["old_name_uk"]
        old = Naming(place, romanise(name), now=place.core, caution=cautions.get(_key(name), ""))
        _put(made.adjectives, _key(row["old_adjective_uk"]).removesuffix("а").removesuffix("ий"), old)
        if row["kind"] == "hromada":
            made.add_bare(name, old)
        _put(made.english, old.core.lower(), old)
    for row in hromadas:  # official adjectives first; then «Савинцівська» for Савинська of Савинці, as journalists say
        if " " not in row["centre_uk"] and "-" not in row["centre_uk"]:
            naming = Naming(made.places[row["id"]], row["name_en"], unofficial=True)
            for stem in adjective_stems(_key(row["centre_uk"])):
                if all(other.unofficial for other in made.adjectives.get(stem, ())):
                    _put(made.adjectives, stem, naming)
    made.given_names = frozenset(form for row in _rows("given_names") for form in forms(_key(row["name_uk"])))
    made.capitals = frozenset(row["centre_id"] for row in oblasts if row["centre_id"])
    return made


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def _key(name: str) -> str:
    return plain(name).lower()


def _area_forms(name: str) -> list[str]:
    return [name.removesuffix("щина") + ending for ending in AREA_ENDINGS]


def _put(table: dict[str, Namings], key: str, naming: Naming) -> None:
    if naming not in table.get(key, ()):
        table[key] = (*table.get(key, ()), naming)
