"""What two articles have in common, weighed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.story_numbers import same_amount

if TYPE_CHECKING:
    from pipeline.story_numbers import Amount, Numbers
    from pipeline.story_profile import Bag, Profile, Token

LONG_LEAD = 7  # telling words from which a lead can be known again


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found. The shares are weighed by how much a word tells, from 0 to 1."""

    cross: bool  # one is Ukrainian, the other English
    title: float  # share of both titles' words that the other title has
    inside: float  # the same of the title that is found in the other most fully
    explained: float  # share of each title found in the other's title and lead, the smaller of the two
    lead: float  # likeness of the leads; 0 when one has none
    leads_known: bool
    same_lead: bool  # (almost) the same text
    words: tuple[str, ...]  # telling words that both titles have, as written in the first
    names: tuple[str, ...]  # proper names that both articles have
    places: tuple[str, ...]  # identities of places that both articles name
    numbers: tuple[str, ...]  # telling numbers that both articles have
    left: tuple[Token, ...]  # telling words of the first title alone
    right: tuple[Token, ...]  # telling words of the second title alone
    days: int | None  # between the two; None when a date is missing

    @property
    def anchors(self) -> int:
        """How many things both have that seldom meet by chance."""
        return len(self.names) + len(self.numbers) + (1 if self.places else 0)


def weigh(a: Profile, b: Profile) -> Evidence:
    """Compare two articles in whatever languages they are."""
    cross = a.text.language != b.text.language
    shared, left = _divide(a.tokens, b.title_bag)
    shared_b, right = _divide(b.tokens, a.title_bag)
    of_a, of_b = _share(a, b.title_bag, cross), _share(b, a.title_bag, cross)
    lead, same_lead = (_lead_across(a, b), False) if cross else _lead(a, b)
    names = tuple(token.shown for token in a.tokens + a.lead_tokens if _is_name(token) and b.bag.has(token))
    return Evidence(
        cross,
        2 * of_a * of_b / (of_a + of_b) if of_a and of_b else 0.0,
        max(of_a, of_b),
        min(_share(a, b.bag, cross), _share(b, a.bag, cross)),
        lead,
        bool(a.lead_tokens and b.lead_tokens),
        same_lead,
        tuple(token.shown for token in shared if token.weight >= 0.7),
        tuple(dict.fromkeys(names)),
        tuple(sorted(a.all_places & b.all_places)),
        shared_numbers(a.all_numbers, b.all_numbers),
        tuple(token for token in left if token.weight >= 0.7),
        tuple(token for token in right if token.weight >= 0.7),
        abs(a.day - b.day) if a.day is not None and b.day is not None else None,
    )


def _is_name(token: Token) -> bool:
    return token.name and not token.rows


def _divide(tokens: tuple[Token, ...], bag: Bag) -> tuple[list[Token], list[Token]]:
    inside: list[Token] = []
    outside: list[Token] = []
    for token in tokens:
        (inside if bag.has(token) else outside).append(token)
    return inside, outside


def _share(one: Profile, bag: Bag, cross: bool) -> float:
    """Share of a title found in a bag; across languages the machine English may speak for the title."""
    share = _found(one.tokens, bag, cross)
    return max(share, _found(one.machine, bag, cross)) if cross and one.machine else share


def _found(tokens: tuple[Token, ...], bag: Bag, cross: bool) -> float:
    total = found = 0.0
    for token in tokens:
        # Across languages a word that no list knows may have been there in the other language all the same.
        weight = token.weight * 0.6 if cross and not token.rows and not token.name else token.weight
        total += weight
        if bag.has(token):
            found += weight
    return found / total if total else 0.0


def _lead(a: Profile, b: Profile) -> tuple[float, bool]:
    one, other = {t.stem for t in a.lead_tokens}, {t.stem for t in b.lead_tokens}
    if not one or not other:
        return 0.0, False
    shared, least = len(one & other), min(len(one), len(other))
    jaccard, contained = shared / len(one | other), shared / least
    same = least >= LONG_LEAD and (jaccard >= 0.8 or (contained >= 0.95 and _one_opens_the_other(a.lead, b.lead)))
    return (0.5 * (jaccard + contained) if least >= 4 else jaccard), same


def _one_opens_the_other(first: str, second: str) -> bool:
    short, long = sorted((first.rstrip(" .…"), second), key=len)
    return long.lower().startswith(short[:-12].lower())


def _lead_across(a: Profile, b: Profile) -> float:
    if not a.lead_tokens or not b.lead_tokens:
        return 0.0
    return min(_found(a.lead_tokens, b.bag, True), _found(b.lead_tokens, a.bag, True))


def shared_numbers(a: Numbers, b: Numbers) -> tuple[str, ...]:
    """The telling numbers that both have, as text: sums, bills, large counts, dates."""
    found = [f"№{number}" for number in sorted(a.bills & b.bills)]
    found += [_shown(one) for one in a.amounts if any(same_amount(one, other) for other in b.amounts)]
    found += [str(count) for count in sorted(a.counts & b.counts) if count > 12]
    found += [f"{percent:g}%" for percent in sorted(a.percents & b.percents)]
    found += [f"{day:02d}.{month:02d}" for month, day in sorted(a.dates & b.dates)]
    return tuple(dict.fromkeys(found))


def _shown(amount: Amount) -> str:
    for worth, unit in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if amount.value >= worth:
            return f"{amount.value / worth:g} {unit}"
    return f"{amount.value:g}"
