"""Turns of visitors: how many at once, and in which order they are let in."""

from __future__ import annotations

import asyncio
import logging

import pytest

from pipeline.rotation import Rotation
from pipeline.web_log import MINUTE, AtMost


def order_of(addresses: str, most: int, gone: int | None = None) -> tuple[list[str], int]:
    """Who was let in, and how many at once; `gone` of them leaves while it waits."""
    entered: list[str] = []
    at_once = [0, 0]

    async def come(turns: Rotation, address: str, name: str) -> None:
        async with turns.taken(address):
            entered.append(name)
            at_once[0] += 1
            at_once[1] = max(at_once)
            for _ in range(3):
                await asyncio.sleep(0)
            at_once[0] -= 1

    async def all_come() -> None:
        turns = Rotation(most)
        tasks = [asyncio.create_task(come(turns, name, f"{name}{n}")) for n, name in enumerate(addresses)]
        await asyncio.sleep(0)
        if gone is not None:
            tasks[gone].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(5), turns.taken("last"):  # none was lost
            entered.append("last")

    asyncio.run(all_come())
    return entered, at_once[1]


def test_an_address_with_many_requests_does_not_keep_others_waiting() -> None:
    assert order_of("aaaaabc", 1) == (["a0", "a1", "b5", "c6", "a2", "a3", "a4", "last"], 1)


@pytest.mark.parametrize("most", [1, 3])
def test_so_many_at_once_and_no_more(most: int) -> None:
    assert order_of("aabbccdd", most)[1] == most


@pytest.mark.parametrize(("gone", "left"), [(0, ["b1", "c2", "last"]), (1, ["a0", "c2", "last"])])
def test_who_leaves_gives_back_a_turn_or_a_place(gone: int, left: list[str]) -> None:
    entered, _ = order_of("abc", 1, gone)
    assert [name for name in entered if name[-1] != str(gone)] == left


def test_the_log_takes_so_many_lines_in_a_minute() -> None:
    now = [0.0]
    most = AtMost(3, lambda: now[0])

    def passes() -> str | None:
        record = logging.LogRecord("web", logging.ERROR, "", 0, "%s failed", ("/news",), None)
        return record.getMessage() if most(record) else None

    assert [passes() for _ in range(5)] == ["/news failed"] * 3 + [None] * 2
    now[0] = MINUTE + 1
    assert [passes(), passes()] == ["2 lines more before; /news failed", "/news failed"]
