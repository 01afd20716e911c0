"""Places and topics of the reform that an article is about, with the words that say so.

Pure but for the tables of data/ (topics.csv, topic_rules.csv and the gazetteer), each read once, when first used.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from language.phrases import English, Ukrainian
from language.places.gazetteer import gazetteer
from language.places.names import find, oblasts_of_label
from pipeline.tagging import rules_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from language.places.names import Mention


@dataclass(frozen=True, slots=True)
class Topic:
    """A row of the table `topics`."""

    id: str
    label_uk: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The words that tell a topic: words → topics; none for words that only keep shorter ones from counting."""

    ukrainian: Ukrainian[tuple[str, ...]]
    english: English[tuple[str, ...]]

    def read(self, text: str) -> Iterable[tuple[str, str]]:
        """Yield each topic that a phrase of the text tells, and that phrase."""
        for found in (*self.ukrainian.find(text), *self.english.find(text)):
            for topic in found.meaning:
                yield topic, found.matched


def all_topics() -> tuple[Topic, ...]:
    """Return the topics, in the order of data/topics.csv."""
    return tuple(Topic(row["id"], row["label_uk"], row["label_en"]) for row in _rows("topics"))


def topics(title: str, lead: str = "", tags: Sequence[str] = ()) -> tuple[tuple[str, str], ...]:
    """Return the topics of an article and, for each, the first words that tell it: of the title, a tag, the lead."""
    found: dict[str, str] = {}
    for text in (title, *tags, lead):
        for topic, matched in rules().read(text):
            found.setdefault(topic, matched)
    return tuple(found.items())


@dataclass(frozen=True, slots=True)
class PlacesRead:
    """Places of an article, and what of its names stayed open."""

    places: tuple[tuple[str, str], ...]  # id, and the words that name it
    unclear: tuple[Mention, ...]


def read_places(title: str, lead: str = "", tags: Sequence[str] = (), regions: Sequence[str] = ()) -> PlacesRead:
    """Return the ids of the places that an article is certainly about, the words that name each, and unclear names.

    `regions` are the publisher's own labels («Область:»). A name of several places counts when the text or the
    labels tell which is meant; when all of them lie in one oblast, the oblast counts. A name that the article
    elsewhere gives to one of these places for sure is not unclear.
    """
    found = {oblast: label for label in regions for oblast in sorted(oblasts_of_label(label))}
    mentions: list[Mention] = []
    for text in (title, *tags, lead):
        hints = [other for other in (title, lead, *tags) if other != text]
        mentions += find(text, hints=(*hints, *regions))
    for mention in mentions:
        place_id = mention.place_id
        if len(mention.ambiguous) > 1:
            oblasts = {gazetteer().oblast_of(place_id).id for place_id in mention.ambiguous}
            place_id = oblasts.pop() if len(oblasts) == 1 else ""
        if place_id:
            found.setdefault(place_id, mention.matched)
    unclear = (mention for mention in mentions if not mention.is_certain and found.keys().isdisjoint(mention.ambiguous))
    return PlacesRead(tuple(found.items()), tuple(unclear))


def places(
    title: str, lead: str = "", tags: Sequence[str] = (), regions: Sequence[str] = ()
) -> tuple[tuple[str, str], ...]:
    """Return the places of `read_places` alone."""
    return read_places(title, lead, tags, regions).places


def unclear_places(
    title: str, lead: str = "", tags: Sequence[str] = (), regions: Sequence[str] = ()
) -> tuple[Mention, ...]:
    """Return the names of an article of which it is not clear which place they mean: for a person to decide."""
    return read_places(title, lead, tags, regions).unclear


@cache
def rules() -> Rules:
    """Return the rules of data/topic_rules.csv, read on the first call."""
    rows = _rows("topic_rules")
    told = {
        language: {row["words"]: tuple(row["topics"].split()) for row in rows if row["language"] == language}
        for language in ("uk", "en")
    }
    return Rules(Ukrainian(told["uk"]), English(told["en"]))


def _rows(name: str) -> list[dict[str, str]]:
    with (rules_version.DATA / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))
