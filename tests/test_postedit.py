"""Repairs by rule of a translation that is seen beside its source."""

from __future__ import annotations

import pytest

from translations.postedit import repair

ONE = "Новомиргородська громада отримала автобус"
TWO = "Новомиргородська та Новомиколаївська громади отримали автобуси"


def test_an_adjective_gives_way_to_the_name_of_the_only_place_that_sounds_so() -> None:
    better, steps = repair(ONE, "Novomyrhorodska community received a bus")
    assert better == "Novomyrhorod community received a bus"
    assert steps == ("repaired: adjective for a name",)


def test_of_two_places_that_sound_alike_neither_is_chosen() -> None:
    for left in ("Novomyrhorodska community and others received buses", "Novomska community received buses"):
        assert repair(TWO, left) == (left, ())


@pytest.mark.parametrize(("left", "is_repaired"), [("Novomoska", True), ("Novoska", False)])
def test_name_and_adjective_have_five_letters_in_common(left: str, is_repaired: bool) -> None:
    better, _ = repair(ONE, f"{left} community received a bus")
    assert better.startswith("Novomyrhorod community") is is_repaired
