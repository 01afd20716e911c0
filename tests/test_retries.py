"""The one retry rule: after which failures, how often, after which wait."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import FetchError, Refused, ServerTrouble, TooMuch, Unreachable
from scrapers.http.failures import ConnectionBroken
from scrapers.http.retries import Retries, asked_wait
from tests.support.fetching import NOW

URL = "https://news.test/"
PASSING = (
    ConnectionBroken("broke", URL),
    ServerTrouble("500", URL, 500),
    ServerTrouble("503", URL, 503),
    Refused("429", URL, 429),
)
LASTING = (
    Unreachable("time-out", URL),
    Refused("404", URL, 404),
    Refused("challenge page", URL, 503),
    ServerTrouble("empty answer", URL, 200),
    ServerTrouble("unknown content coding", URL, 499),
    ServerTrouble("damaged", URL),
    TooMuch("too large", URL, 200),
)


def waits(error: FetchError, *, progressed: bool = False) -> list[float]:
    """Return the waits between tries that fail with `error` for good; the first of them may have brought something."""
    retries, found = Retries(), list[float]()
    while len(found) < 10:
        try:
            found.append(retries.wait_after(error, NOW, progressed=progressed and not found))
        except FetchError as last:
            assert last is error
            return found
    return found


@pytest.mark.parametrize("error", PASSING, ids=str)
def test_what_may_pass_is_asked_for_three_times(error: FetchError) -> None:
    assert waits(error) == [0.5, 2.0]


@pytest.mark.parametrize("error", LASTING, ids=str)
def test_what_would_be_the_same_a_second_later_is_asked_for_once(error: FetchError) -> None:
    assert waits(error) == []


@pytest.mark.parametrize(("failed_before", "waits_left"), [(0, [0.5]), (1, []), (2, [])])
def test_a_request_sent_again_over_another_connection_is_one_of_the_three(
    failed_before: int, waits_left: list[float]
) -> None:
    error, retries, found = ConnectionBroken("broke", URL), Retries(), list[float]()
    for _ in range(failed_before):
        retries.wait_after(error, NOW)
    assert retries.may_resend
    retries.note_resent()
    for _ in waits_left:
        found.append(retries.wait_after(error, NOW))
    with pytest.raises(ConnectionBroken):
        retries.wait_after(error, NOW)
    assert found == waits_left


def test_a_file_that_came_in_part_is_gone_on_with_more_patiently() -> None:
    assert waits(ConnectionBroken("broke", URL), progressed=True) == [1.0, 4.0, 15.0]


def test_a_file_that_stalls_is_gone_on_with_and_a_second_stall_ends_it() -> None:
    assert waits(Unreachable("time-out", URL), progressed=True) == [1.0]


@pytest.mark.parametrize("error", [TooMuch("file is larger", URL), ServerTrouble("damaged", URL, 200)])
def test_a_file_that_is_no_good_is_not_gone_on_with(error: FetchError) -> None:
    assert waits(error, progressed=True) == []


def asking(seconds: float) -> FetchError:
    error = Refused("429", URL, 429)
    error.wait_until = NOW + timedelta(seconds=seconds)
    return error


def test_a_wait_that_was_asked_for_is_kept_up_to_five_seconds_as_often_as_a_retry() -> None:
    assert waits(asking(5)) == [5.0, 5.0]


def test_a_longer_wait_ends_the_request() -> None:
    with pytest.raises(Refused, match="429: asked us to wait until 2026-02-20T12:00:06Z") as caught:
        Retries().wait_after(asking(6), NOW)
    assert caught.value.__cause__ is not None
    with pytest.raises(Refused, match="asked us to wait"):
        Retries().wait_after(asking(5.001), NOW)


@pytest.mark.parametrize(("status", "heard"), [(200, False), (428, False), (429, True), (502, False), (503, True)])
def test_only_a_busy_server_can_ask_to_wait(status: int, heard: bool) -> None:
    assert (asked_wait(status, {"retry-after": "7"}, NOW) == NOW + timedelta(seconds=7)) is heard
