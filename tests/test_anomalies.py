"""Bounds of what is out of character, each on both sides; shapes of recordings; words that are no headlines."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core.answers import HeldAnswer, ListingShape
from core.model import Item, Published
from language.identify import cyrillic_signs
from language.no_headline import is_damaged, is_label, words_of
from pipeline import recordings
from pipeline.collect.anomalies import Anomaly, find_anomalies, verdict
from pipeline.collect.shapes import ListingAnswer, measure
from tests.support.listing_changes import russian, title
from tests.support.samples import NOW

if TYPE_CHECKING:
    from core.closed_sets import Language

TOP = tuple(str(number) for number in range(5))
USUAL = ListingShape(items=20, titles=20, links=20, one_title=1, one_link=1, one_lead=1, one_opening=2, one_moment=1,
                     dated=20, length=80, known=18, fresh=2, overlap=5, newest="2026-02-03", top=TOP)  # fmt: skip

# kind | figures that are just in character | figures that are just not | figures of the answer before; else as USUAL
BOUNDS = """
one_title | one_title 10 | one_title 11 | -
one_title | one_title 4, items 5 | one_title 5, items 5 | items 5
one_link | one_link 10 | one_link 11 | -
one_link | one_link 4, items 5 | one_link 5, items 5 | items 5
labels | labels 4 | labels 5 | -
labels | labels 2, items 5 | labels 3, items 5 | -
damaged | damaged 4 | damaged 5 | -
russian | unmarked 10, russian 10 | unmarked 11, russian 11 | russian 9, unmarked 9
russian | unmarked 12, russian 6 | unmarked 12, russian 7 | russian 5
russian | russian 4 | russian 5 | -
russian | russian 7 | russian 8 | russian 4
shifted | shifted 3 | shifted 4 | -
shifted | shifted 2, known 5 | shifted 3, known 5 | -
replaced | replaced 2 | replaced 3 | -
replaced | replaced 3, known 31 | replaced 3, known 30 | -
edited | edited 10 | edited 11 | -
edited | edited 15, known 30 | edited 16, known 30 | -
edited | edited 9, known 10 | edited 10, known 10 | -
edited | edited 5, known 5 | edited 6, known 6 | -
redated | redated 9 | redated 10 | -
redated | redated 5, known 5 | redated 6, known 6 | -
redated | contradicted 9 | contradicted 10 | -
moved | moved 10 | moved 11 | -
moved | moved 4, items 5 | moved 5, items 5 | items 5
count | items 11, titles 11, links 11, dated 11 | items 10, titles 10, links 10, dated 10 | -
count | items 3 | - | items 7
count | items 5 | items 4 | items 8
older | overlap 1, newest 2026-01-01 | overlap 0, newest 2026-01-01 | -
older | overlap 0, newest 2026-02-04 | overlap 0, newest 2026-02-02 | -
older | overlap 0, fresh 1, known 20 | overlap 0, fresh 0, known 20 | -
older | overlap 0, fresh 0, known 19 | overlap 0, fresh 0, known 20 | -
language | english 10 | english 11 | -
language | english 20 | - | english 4
dated | dated 10 | dated 9 | -
dated | dated 0 | - | dated 10
rejected | rejected 6, titles 14, links 14 | rejected 7, titles 13, links 13 | -
rejected | rejected 10, titles 10, links 10 | rejected 11, titles 9, links 9 | rejected 4
one_opening | one_opening 12 | one_opening 13 | -
one_opening | one_opening 14 | one_opening 15 | one_opening 8
one_lead | one_lead 10 | one_lead 11 | -
one_moment | one_moment 10 | one_moment 11 | -
titles | titles 16 | titles 15 | -
titles | titles 13 | titles 12 | titles 16
links | links 16 | links 15 | -
links | links 13 | links 12 | links 16
length | length 40 | length 39 | -
length | length 200 | length 201 | -
"""


def figures(text: str) -> dict[str, Any]:
    pairs = (pair.split() for pair in text.split(",") if pair.strip() != "-")
    return {name: value if "-" in value else int(value) for name, value in pairs}


ROWS = [tuple(map(str.strip, line.split("|"))) for line in BOUNDS.strip().splitlines()]


def kinds(shape: ListingShape, *history: ListingShape, language: Language = "uk") -> set[str]:
    return {anomaly.kind for anomaly in find_anomalies(shape, history, language)}


@pytest.mark.parametrize(("kind", "inside", "outside", "before"), ROWS)
def test_every_bound_has_two_sides(kind: str, inside: str, outside: str, before: str) -> None:
    usual = replace(USUAL, **figures(before))
    assert kind not in kinds(replace(USUAL, **figures(inside)), usual)
    if outside != "-":
        assert kind in kinds(replace(USUAL, **figures(outside)), usual)


def test_a_list_may_turn_to_the_language_of_its_source() -> None:
    english, ukrainian = replace(USUAL, english=20), replace(USUAL, english=0)
    assert kinds(ukrainian, english, language="uk") == kinds(english, ukrainian, language="en") == set()
    assert kinds(english, ukrainian) == kinds(ukrainian, english, language="en") == {"language"}
    assert kinds(replace(USUAL, english=10), english, language="en") == set()
    assert kinds(replace(USUAL, english=9), english, language="en") == {"language"}
    assert kinds(replace(USUAL, english=9), replace(USUAL, english=16), language="en") == set()


def test_the_usual_is_in_character_of_itself_and_as_a_first_answer() -> None:
    assert kinds(USUAL, USUAL) == kinds(USUAL) == kinds(replace(USUAL, items=5, known=5), USUAL) - {"count"} == set()


def test_what_was_once_applied_is_in_character_from_then_on() -> None:
    for kind in ("one_title", "one_link", "labels", "damaged", "one_lead", "one_moment", "one_opening", "rejected"):
        odd = replace(USUAL, **figures(f"{kind} 18"))
        assert kind in kinds(odd, USUAL), kind
        assert kind not in kinds(odd, odd, USUAL), kind


def test_shares_of_small_lists_say_nothing() -> None:
    for figure in ("english", "one_lead", "one_opening", "one_moment", "rejected"):
        small, usual = replace(USUAL, items=5, titles=5, links=5, dated=5), replace(USUAL, items=5)
        assert kinds(replace(small, **figures(f"{figure} 5")), usual) == set(), figure


@pytest.mark.parametrize(
    ("hours", "kind", "expected"),
    [
        (19.9, "count", "held"),
        (20, "count", "confirmed"),
        (20, "edited", "held"),
        (99, "one_title", "held"),
    ],
)
def test_a_second_answer_counts_after_a_day_if_it_is_of_the_same_kind(hours: float, kind: str, expected: str) -> None:
    held = HeldAnswer("https://portal.example/news", NOW.isoformat(), {"count": "x", "older": "y", "one_title": "z"})
    odd = [Anomaly(kind, "words")]
    assert verdict(odd, held, NOW + timedelta(hours=hours)) == expected
    assert verdict(odd, None, NOW) == "held"
    assert verdict([], held, NOW) == "fits"


@pytest.mark.parametrize("recording", [one for one in recordings.recordings() if one.listing], ids=lambda one: one.file)
def test_every_recording_is_in_character_as_a_first_answer(recording: recordings.Recording) -> None:
    items = []
    for values in recordings.blessed(recording.source_id)[recording.file]["items"]:
        published = Published(**values.pop("published")) if values["published"] else values.pop("published")
        items.append(Item(**values | {"published": published}))
    assert items
    answer = ListingAnswer(recording.source, items, 0, 0, (), {}, set(), datetime.fromisoformat("2026-02-20T12:00:00Z"))
    assert find_anomalies(measure(answer), []) == []


NAMES = {words_of("Портал громад")}


@pytest.mark.parametrize(
    "text",
    [*("Портал громад", "ПОРТАЛ ГРОМАД", "Читати далі", "Read more »", "Новини", "Home", "Untitled", "20 лютого 2026"),
     *("20.02.2026, 14:18", "Feb 20, 2026", "12 березня 2026 р. о 14:00", "Понеділок, 2 березня", "12345", "№ 7"),
     *("hromady-otrymaly-subventsiiu", "https://portal.example/news/7", "index.php", "Lorem ipsum dolor sit amet"),
     "Громадаотрималашкільнийавтобус"],
)  # fmt: skip
def test_labels_are_no_headlines(text: str) -> None:
    assert is_label(text, NAMES)


@pytest.mark.parametrize(
    "text",
    [*("Вакансії", "Оголошення", "8 березня — день гідності", "24/7: як працює ЦНАП", "Open Call: DECIDE", "U-LEAD"),
     *("Бюджет-2026", "Дайджест новин", "COVID-19", "100 днів реформи", "Травень у громадах", "Портал громад зріс"),
     "Сільськогосподарськевиробни"],
)  # fmt: skip
def test_short_headlines_are_no_labels(text: str) -> None:
    assert not is_label(text, NAMES)
    assert not is_damaged(text)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp1251", "koi8-u", "cp866"])
def test_letters_in_a_wrong_encoding_are_seen(encoding: str) -> None:
    damaged = [is_damaged(title(number).encode().decode(encoding, "replace")) for number in range(30)]
    assert all(damaged)
    assert not any(is_damaged(title(number)) for number in range(30))


def test_a_list_of_russian_headlines_is_told_from_a_ukrainian_one() -> None:
    signs = [cyrillic_signs(russian(number)) for number in range(30)]
    assert signs.count("uk") == 0
    assert signs.count("ru") > 20
    assert [cyrillic_signs(title(number)) for number in range(60)].count("ru") == 0
    assert (cyrillic_signs("Громада"), cyrillic_signs("Open Call"), cyrillic_signs("")) == ("either", "", "")


def test_a_run_without_news_does_not_load_the_judge() -> None:
    code = (
        "import sys; import pipeline.commands.ingest, pipeline.collect.crawl\n"
        "judge = {'pipeline.collect.held', 'pipeline.collect.shapes', 'db.held_answers'}\n"
        "print(json.dumps(sorted(judge & {*sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import json; {code}"], cwd=Path(__file__).parents[1], capture_output=True, check=True
    )
    assert json.loads(done.stdout) == []
