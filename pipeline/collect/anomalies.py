"""Is an answer of a listing like those before it? Pure: figures go in, what is odd about them comes out in words.

docs/decisions/held.md has the table of these numbers, and why an answer is held back at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from core.answers import HeldAnswer, ListingShape
    from core.closed_sets import AnswerVerdict, Language

SECOND_ANSWER_AFTER = timedelta(hours=20)  # "a day later" for a daily schedule that starts some hours earlier
ENOUGH = 6  # items from which on a share means something: two of five are chance
COUNTED = 8  # usual items from which on half of them is too few
SEVERAL = 3  # items with one fault, which a list in order may have twice
MANY = 5  # the same for faults that a list in order may have a few times
FIFTH, MOST = 0.2, 0.5  # shares above which some, or most, of a list is meant
REPLACED = 0.1  # of the known items: editors reword a headline altogether, but not three of thirty in one day
CORRECTED, ALL = 10, 0.9  # known items that an editor may correct in one go, unless they are all that there are
JUMP = 0.15  # by which a share must surpass all those before, where some are usual
LEAP = 0.3  # the same for shares that go up and down from day to day
MONOLINGUAL = 0.2  # a listing with less than this of a language is not one of both languages
EVIDENT = frozenset(
    {"one_title", "one_link", "labels", "damaged", "russian", "shifted"}
)  # wrong however often it comes
SHORTER, LONGER = 0.5, 2.5  # the title in the middle, as a multiple of the usual


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One thing that is out of character."""

    kind: str
    text: str


def find_anomalies(shape: ListingShape, history: Sequence[ListingShape], language: Language = "uk") -> list[Anomaly]:
    """Return what is odd about an answer. `history`: the shapes of those before it, the latest first; none at first.

    `language`: of most titles of the source; the list of its other edition shows them until they are translated.
    What an answer in the history had already, because a person accepted it, is not odd.
    """
    return [*no_headlines(shape, history), *rewritten(shape, history), *unlike(shape, history, language)]


def verdict(odd: Sequence[Anomaly], held: HeldAnswer | None, now: datetime) -> AnswerVerdict:
    """Return what to do with an answer. A second one of the same kind, a day after the `held` one, is confirmed."""
    if not odd:
        return "fits"
    if held is None or not is_same_kind(odd, held):
        return "held"
    since = applied_from(held.first_at, [anomaly.kind for anomaly in odd])
    return "confirmed" if since is not None and now >= since else "held"


def applied_from(first_at: str, kinds: Collection[str]) -> datetime | None:
    """Return from when on such an answer is applied if it comes again; None where only a person lets it pass."""
    return None if EVIDENT & set(kinds) else datetime.fromisoformat(first_at) + SECOND_ANSWER_AFTER


def is_same_kind(odd: Sequence[Anomaly], held: HeldAnswer | None) -> bool:
    """Return True when an answer is of the same kind as the one held back: nothing is odd that was not odd there."""
    return held is not None and all(anomaly.kind in held.reasons for anomaly in odd)


def no_headlines(shape: ListingShape, history: Sequence[ListingShape]) -> list[Anomaly]:
    """Find titles and links that no list of news has, by themselves: these are seen in a first answer too."""

    def share(figure: str, floor: int, bound: float) -> bool:
        """Return True above the bound where no answer before was."""
        return _share(shape, figure, floor) > bound >= _usual(history, figure, floor)

    n = shape.items
    found = []
    if share("one_title", MANY, MOST):
        found.append(Anomaly("one_title", f"{shape.one_title} of {n} items have the same title"))
    if share("one_link", MANY, MOST):
        found.append(Anomaly("one_link", f"{shape.one_link} of {n} items have the same link"))
    if share("labels", SEVERAL, FIFTH):
        found.append(Anomaly("labels", f"{shape.labels} of {n} titles are not headlines"))
    if share("damaged", SEVERAL, FIFTH):
        found.append(Anomaly("damaged", f"{shape.damaged} of {n} titles have broken letters"))
    is_russian = share("unmarked", MANY, MOST) and shape.russian > MOST * shape.unmarked
    if is_russian or (history and share("russian", SEVERAL, max(FIFTH, _usual(history, "russian", 1) + JUMP))):
        found.append(Anomaly("russian", f"{shape.russian} of {n} titles are in Russian"))
    return found


def rewritten(shape: ListingShape, history: Sequence[ListingShape]) -> list[Anomaly]:
    """Find what would change too many stored items at once."""
    known, found = shape.known, []
    if shape.shifted >= SEVERAL and shape.shifted > FIFTH * known:
        text = f"{shape.shifted} of {known} known items have the title or lead of another item"
        found.append(Anomaly("shifted", text))
    if shape.replaced >= SEVERAL and shape.replaced >= REPLACED * known:
        found.append(Anomaly("replaced", f"{shape.replaced} of {known} known items have a completely different title"))
    elif known >= ENOUGH and (shape.edited > max(CORRECTED, MOST * known) or shape.edited > ALL * known):
        found.append(Anomaly("edited", f"{shape.edited} of {known} known items are reworded"))
    before = [earlier for earlier in history if earlier.known >= ENOUGH]
    for figure, least in (("redated", 0), ("contradicted", 1)):  # two kinds of answer may differ for ever
        changed = getattr(shape, figure)
        usual = min((getattr(earlier, figure) / earlier.known for earlier in before), default=0)
        if known >= ENOUGH and changed > MOST * known and usual <= MOST and len(before) >= least:
            found.append(Anomaly("redated", f"{changed} of {known} known items have another date"))
            break
    if shape.moved >= MANY and shape.moved > MOST * shape.items:
        found.append(Anomaly("moved", f"{shape.moved} of {shape.items} items are known under other links"))
    return found


def unlike(shape: ListingShape, history: Sequence[ListingShape], language: Language) -> list[Anomaly]:
    """Find figures that are far from all those of the answers before; a first answer has none to differ from."""
    if not history:
        return []
    n, found = shape.items, []
    fewest = min(earlier.items for earlier in history)
    if fewest >= COUNTED and n * 2 <= fewest:
        found.append(Anomaly("count", f"{n} items where at least {fewest} are usual"))
    if is_older(shape, history[0]):
        found.append(Anomaly("older", "an older list than the one before"))
    before = [earlier for earlier in history if earlier.items >= ENOUGH]
    return found if n < ENOUGH or not before else [*found, *other_shares(shape, before, language)]


def other_shares(shape: ListingShape, before: Sequence[ListingShape], language: Language) -> list[Anomaly]:
    """Find shares of the list that are far from those `before`."""
    n, found = shape.items, []
    english, usual = shape.english / n, [earlier.english / earlier.items for earlier in before]
    if language != "en" and english > MOST and max(usual) < MONOLINGUAL:
        found.append(Anomaly("language", f"{shape.english} of {n} titles are in English"))
    if language != "uk" and english < MOST and min(usual) > 1 - MONOLINGUAL:
        found.append(Anomaly("language", f"{n - shape.english} of {n} titles are not in English"))
    if shape.dated / n < min(earlier.dated / earlier.items for earlier in before) - MOST:
        found.append(Anomaly("dated", f"{n - shape.dated} of {n} items have no plausible date"))
    for figure, floor, bound, text in (
        ("rejected", SEVERAL, LEAP, "cannot be kept"),
        ("one_opening", ENOUGH, LEAP + LEAP, "have titles that begin alike"),
        ("one_lead", MANY, MOST, "have the same lead"),
        ("one_moment", ENOUGH, MOST, "have the same time"),
    ):
        if _share(shape, figure, floor) > max(bound, _usual(before, figure, 1) + LEAP):
            found.append(Anomaly(figure, f"{getattr(shape, figure)} of {n} items {text}"))
    for figure in ("titles", "links"):
        repeated = n - shape.rejected - getattr(shape, figure)
        most = max((earlier.items - earlier.rejected - getattr(earlier, figure)) / earlier.items for earlier in before)
        if repeated >= SEVERAL and repeated / n > max(FIFTH, most + JUMP):
            found.append(Anomaly(figure, f"{repeated} of {n} {figure} are repeated"))
    lengths = [earlier.length for earlier in before]
    if not SHORTER * min(lengths) <= shape.length <= LONGER * max(lengths):
        found.append(Anomaly("length", f"titles of {shape.length} letters where {lengths[0]} are usual"))
    return found


def is_older(shape: ListingShape, before: ListingShape) -> bool:
    """Return True for a list that does not go on from the one before: none of its first items, and nothing newer."""
    if shape.overlap or len(before.top) < MANY:
        return False
    if shape.newest and before.newest and shape.newest != before.newest:
        return shape.newest < before.newest
    return not shape.fresh and shape.known + shape.rejected >= shape.items


def _share(shape: ListingShape, figure: str, floor: int) -> float:
    count: int = getattr(shape, figure)
    return count / shape.items if count >= floor else 0.0


def _usual(history: Sequence[ListingShape], figure: str, floor: int) -> float:
    """Return the largest share that an answer before had."""
    return max((_share(earlier, figure, floor) for earlier in history), default=0.0)
