"""Places that a headline names, in any case form, and their official English.

Pure but for the tables of data/, which `language.places.gazetteer` reads once. Two passes: what the words may
mean (`language.places.mentions`), then which of the candidates is meant, from what the text and the hints say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from language.places.gazetteer import gazetteer
from language.places.mentions import candidates

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from language.places.context import PlaceCandidate
    from language.places.gazetteer import Gazetteer, Naming, Place

_COUNCILS = {
    "urban": "City Council",
    "settlement": "Settlement Council",
    "rural": "Village Council",
    "city": "City Council",
}
_ADMINISTRATIONS = {
    "urban": "City Military Administration",
    "settlement": "Settlement Military Administration",
    "rural": "Village Military Administration",
    "city": "City Military Administration",
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that the text names, or may name.

    When it is not clear which one, `place_id` is empty and `ambiguous` holds the ids that it may be; `name_en`
    is then only given if it is the same for all of them.
    """

    place_id: str
    kind: str  # oblast, raion, hromada
    name_uk: str  # Коростишівська громада
    name_en: str  # Korostyshiv community
    start: int  # the words in the text: text[start:end]
    end: int
    matched: str
    ambiguous: tuple[str, ...] = ()
    english: str = ""  # the matched words in English: Korostyshiv, Korostyshiv City Council
    core: str = ""  # what a translation must contain: Korostyshiv

    @property
    def is_certain(self) -> bool:
        """Return whether the place is known."""
        return bool(self.place_id)


def find(text: str, *, hints: Sequence[str] = ()) -> tuple[Mention, ...]:
    """Return the places that `text` (Ukrainian, English or mixed) names, in its order.

    `hints` tell which of several places of one name is meant, the strongest first: the lead, the publisher's
    region label, the id or name of the source's own oblast. Only the oblasts and raions that they name are used.
    """
    tables = gazetteer()
    found = candidates(text, tables)
    if not found:
        return ()
    context, raions = [_oblasts(found)], [_raions(found)]
    if any(len(one.namings) > 1 or not one.namings[0].is_certain for one in found):
        told = [(hint, candidates(hint, tables)) for hint in hints if hint]
        context += [_oblasts(read) | _named(hint, tables) for hint, read in told]
        raions += [_raions(read) for _, read in told]
    mentions = []
    for one in found:
        left, sure = _resolve(one, context, frozenset().union(*raions), tables)
        first, matched = left[0], text[one.start : one.end]
        place = first.place
        core = first.core if len({naming.core for naming in left}) == 1 else ""
        official = first.name_en if len({naming.name_en for naming in left}) == 1 else ""
        mentions.append(
            Mention(
                place_id=place.id if sure else "",
                kind=place.kind if sure else one.kind,
                name_uk=place.name_uk if sure else matched,
                name_en=official,
                start=one.start,
                end=one.end,
                matched=matched,
                ambiguous=() if sure else tuple(dict.fromkeys(naming.place.id for naming in left)),
                english=_english(one, first) if official else core,
                core=core,
            )
        )
    return tuple(mentions)


def find_certain(text: str, *, hints: Sequence[str] = ()) -> tuple[Mention, ...]:
    """Return those of `find` whose place is known."""
    return tuple(mention for mention in find(text, hints=hints) if mention.is_certain)


def oblasts_of_label(label: str) -> frozenset[str]:
    """Return the ids of the oblasts that a publisher's region label names.

    Labels are «Житомирська область», «Житомирська», or an id.
    """
    tables = gazetteer()
    return _oblasts(candidates(label, tables)) | _named(label, tables)


def _oblasts(found: tuple[PlaceCandidate, ...]) -> frozenset[str]:
    return frozenset(naming.place.id for one in found if one.kind == "oblast" for naming in one.namings)


def _raions(found: tuple[PlaceCandidate, ...]) -> frozenset[str]:
    """Return the raions of which there is one of the name."""
    certain = (one.namings for one in found if one.kind == "raion" and len(one.namings) == 1)
    return frozenset(naming.place.id for namings in certain for naming in namings)


def _named(hint: str, tables: Gazetteer) -> frozenset[str]:
    """Return the oblast of a hint that is the id of a place, or a bare adjective as printed («Житомирська»)."""
    if place := tables.places.get(hint.strip()):
        return frozenset({place.oblast_id})
    stem = hint.strip().lower()[:-1]
    return frozenset(
        n.place.id for n in tables.adjectives.get(stem, ()) if n.place.kind == "oblast" and n.place.type != "city"
    )


def _resolve(
    one: PlaceCandidate, context: list[frozenset[str]], raions: frozenset[str], tables: Gazetteer
) -> tuple[list[Naming], bool]:
    """Return the candidates that are left, and whether the first of them is certainly meant."""
    left = list(one.namings)
    if one.oblast_ids:
        left = _narrowed(left, lambda place: place.oblast_id in one.oblast_ids)
    if one.type:
        left = _narrowed(left, lambda place: place.type in {one.type, "city"})
    supported = False
    for oblasts in ([one.oblast_ids] if one.oblast_ids else []) + context:
        left = [naming for naming in left if naming.place.oblast_id in oblasts] or left
        supported = supported or any(naming.place.oblast_id in oblasts for naming in left)
    left = _narrowed(left, lambda place: place.raion_id in raions)
    alike = len({naming.core for naming in left}) == 1 and all(naming.place.kind == "hromada" for naming in left)
    if alike and (one.bare or one.type == "urban"):  # no village is meant: the centre of an oblast is preferred
        left = _narrowed(left, lambda place: place.id in tables.capitals)
    known = len({naming.place.id for naming in left}) == 1
    return left, known and (supported or not one.bare or left[0].is_certain)


def _narrowed(namings: list[Naming], fits: Callable[[Place], bool]) -> list[Naming]:
    """Return those that fit, unless none does."""
    return [naming for naming in namings if fits(naming.place)] or namings


def _english(one: PlaceCandidate, naming: Naming) -> str:
    """Return the matched words in the house style."""
    place: Place = naming.place
    core = f"{naming.core} (now {naming.now})" if naming.now else naming.core
    if one.bare and place.kind == "raion":
        return f"{core} area"
    if (one.bare and (place.kind != "oblast" or place.type == "city")) or one.head == "other":
        return core
    if one.bare:
        return naming.name_en
    if one.head == "unit":
        return naming.name_en if place.type != "city" else f"{core} community"
    if one.head == "council":
        return (
            f"{core} {_COUNCILS.get(place.type) or ('District' if place.kind == 'raion' else 'Regional') + ' Council'}"
        )
    level = "District" if place.kind == "raion" else "Regional"
    return f"{core} {_ADMINISTRATIONS.get(place.type) or level + ' Military Administration'}"
