"""Every form of date that the sources use, and what must not be taken for one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.model import Published
from scrapers.parsing import dates

SEEN_AT = datetime(2026, 2, 21, 10, 30, tzinfo=UTC)


def read(text: str, seen_at: datetime = SEEN_AT) -> tuple[str, str] | None:
    published = dates.parse(text, origin="listing", seen_at=seen_at)
    return (published.at, published.precision) if published else None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("20 лютого 2026", "2026-02-20"),
        ("04 березня 2025", "2025-03-04"),
        ("29 January 2026", "2026-01-29"),
        ("05 July 2025", "2025-07-05"),
        ("08 / Червень, 2023", "2023-06-08"),
        ("11 / Грудень, 2023", "2023-12-11"),
        ("17.05.2024", "2024-05-17"),
        ("Date: 29.08.2024", "2024-08-29"),
        ("Опубліковано 06 10 2025", "2025-10-06"),
        ("21 Березня, 2025", "2025-03-21"),
        ("18 Лютого, 2026", "2026-02-18"),
        ("28/08/2016", "2016-08-28"),
        ("26 Січ 2024", "2024-01-26"),
        ("25.05.25", "2025-05-25"),
        ("20 ЛЮТОГО 2026", "2026-02-20"),
        ("20\u202fлютого\u00a02026", "2026-02-20"),
        ("\u200b20\u2009лютого\u200a2026 р.", "2026-02-20"),
        ("20 лют. 2026", "2026-02-20"),
        ("20 лютий 2026", "2026-02-20"),
        ("20 февраля 2026", "2026-02-20"),
        ("\n  20 лютого\n 2026 року ", "2026-02-20"),
        ("20 сiчня 2026", "2026-01-20"),  # a Latin i in the month
        ("П’ятниця, 20 лютого 2026 р.", "2026-02-20"),
        ("Friday, February 20th, 2026", "2026-02-20"),
        ("20-го лютого 2026", "2026-02-20"),
        ("2026-02-20", "2026-02-20"),
        ("2026/02/20", "2026-02-20"),
        ("20.02.2026 20.02.2026", "2026-02-20"),
        ("29.02.2024", "2024-02-29"),
    ],
)
@pytest.mark.fault("C30")
def test_a_day_is_read_as_that_day(text: str, at: str) -> None:
    assert read(text) == (at, "day")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("04.04.2018 - 16:18 | Views: 15325", "2018-04-04T13:18:00Z"),
        ("23.11.2021 - 21:36 | Переглядів: 5 146", "2021-11-23T19:36:00Z"),
        ("22 July 2019 - 14:44", "2019-07-22T11:44:00Z"),
        ("17 липня 2018, 09:51", "2018-07-17T06:51:00Z"),
        ("25 листопада 2024, 17:04", "2024-11-25T15:04:00Z"),
        ("16 Жовтня, 2024 р., 20:43", "2024-10-16T17:43:00Z"),
        ("13:26 | 31.01.2018", "2018-01-31T11:26:00Z"),
        ("17:02 27.07.2021", "2021-07-27T14:02:00Z"),
        ("Дата: 28.03.2023 10:54", "2023-03-28T07:54:00Z"),
        ("20 лютого 2026 о 9:05", "2026-02-20T07:05:00Z"),
        ("Feb 20, 2026 2:18 pm", "2026-02-20T12:18:00Z"),
        ("Feb 20, 2026 12:18 am", "2026-02-19T22:18:00Z"),
        ("2026-02-20T16:18:00", "2026-02-20T14:18:00Z"),
        ("2026-07-20T16:18:00+03:00", None),
        ("2025-07-20T16:18:00", "2025-07-20T13:18:00Z"),
        ("2026-02-20T16:18:00+02:00", "2026-02-20T14:18:00Z"),
        ("2026-02-20T14:18:09.123Z", "2026-02-20T14:18:09Z"),
        ("Fri, 20 Feb 2026 16:18:00 +0200", "2026-02-20T14:18:00Z"),
        ("20 Feb 2026 14:18 GMT", "2026-02-20T14:18:00Z"),
        ("Fri, 20 Feb 2026 16:18:00 EET", "2026-02-20T14:18:00Z"),
        ("Sun, 20 Jul 2025 16:18:00 EEST", "2025-07-20T13:18:00Z"),
        ("Fri, 20 Feb 2026 16:18:00", "2026-02-20T14:18:00Z"),
    ],
)
def test_a_time_without_a_zone_is_kyiv_time(text: str, at: str | None) -> None:
    assert read(text) == (at and (at, "minute"))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("11/10 17:36", "2025-10-11T14:36:00Z"),
        ("20/04 14:41", "2025-04-20T11:41:00Z"),
        ("7 Липня, 12:24", "2025-07-07T09:24:00Z"),
        ("20 янв, 10:00", "2026-01-20T08:00:00Z"),
        ("21 лютого, 12:24", "2026-02-21T10:24:00Z"),
        ("22 лютого, 12:24", "2025-02-22T10:24:00Z"),  # this year it would still be to come
    ],
)
def test_without_a_year_it_is_the_latest_such_day_not_after_the_fetch(text: str, at: str) -> None:
    assert read(text) == (at, "minute")


JUST_BEFORE_MIDNIGHT = datetime(2026, 2, 20, 21, 59, tzinfo=UTC)  # 23:59 in Kyiv
JUST_AFTER_MIDNIGHT = datetime(2026, 2, 20, 22, 1, tzinfo=UTC)  # 00:01 of the next day


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("сьогодні", "2026-02-20", "2026-02-21"),
        ("Вчора", "2026-02-19", "2026-02-20"),
        ("позавчора", "2026-02-18", "2026-02-19"),
        ("вчора о 18:05", "2026-02-19T16:05:00Z", "2026-02-20T16:05:00Z"),
        ("today at 0:00", "2026-02-19T22:00:00Z", "2026-02-20T22:00:00Z"),
        ("2 години тому", "2026-02-20", "2026-02-20"),
        ("годину тому", "2026-02-20", "2026-02-20"),
        ("5 хвилин тому", "2026-02-20T21:54:00Z", "2026-02-20T21:56:00Z"),
        ("4 days ago", "2026-02-16", "2026-02-17"),
        ("2 дні тому", "2026-02-18", "2026-02-19"),
        ("a day ago", "2026-02-19", "2026-02-20"),
        ("an hour ago", "2026-02-20", "2026-02-20"),
    ],
)
@pytest.mark.fault("C31")
def test_relative_dates_count_from_the_fetch_in_kyiv(text: str, before: str, after: str) -> None:
    first, second = read(text, JUST_BEFORE_MIDNIGHT), read(text, JUST_AFTER_MIDNIGHT)
    assert (first and first[0], second and second[0]) == (before, after)


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "—", "немає", "2026", "лютий 2026", "20", "Новини", "3 тижні тому", "2 months ago"),
        *("20 лютого", "11/10", "April, 23"),  # no year and no time of day: how events are written
        *("32 лютого 2026", "30 лютого 2026", "29.02.2025", "31.04.2025", "00.00.0000", "20.13.2025"),
        *("20.02.2026 - 25:61", "20 лютого 2026, 24:30", "Feb 20, 2026 13:18 pm"),
        *("01.01.1970", "1970-01-01T00:00:00Z", "01.01.0001", "20 лютого 1026"),
        *("20 лютого 2099", "9999-12-31", "99999-01-01", "Fri, 20 Feb 2099 10:00:00 +0000"),
        *("23 лютого 2026", "22.02.2026 - 12:31"),  # more than a day after the fetch
        *("01.01.2026 - 15.02.2026", "з 1 січня 2026 до 3 січня 2026"),  # a span has no publication date
        *("Fri, 20 Feb 2026 16:18:00 +9999", "Fri, 32 Feb 2026 16:18:00 +0200", "2026-02-20T16:18:00+25:00"),
        *("v1.2.2026.3", "10.5.2 20.02.20261", "740,3", "№ 14405 від комітету", "20 стільців 2026"),
        "20 лютого 2026 " + "дуже довгий рядок " * 20,
    ],
)
@pytest.mark.fault("C28", "C29", "C33")
def test_what_is_no_date_beyond_doubt_is_none(text: str) -> None:
    assert read(text) is None


def test_a_date_up_to_a_day_ahead_is_kept_for_clocks_that_differ() -> None:
    assert read("22 лютого 2026") == ("2026-02-22", "day")
    assert read("22.02.2026 - 12:29") == ("2026-02-22T10:29:00Z", "minute")


@pytest.mark.fault("C32")
def test_the_hour_that_is_skipped_leaves_the_day_and_the_one_that_comes_twice_is_the_first() -> None:
    assert read("30.03.2025 - 03:30") == ("2025-03-30", "day")
    assert read("26.10.2025 - 03:30") == ("2025-10-26T00:30:00Z", "minute")


def test_an_unknown_zone_leaves_the_day() -> None:
    assert read("Fri, 20 Feb 2026 16:18:00 XYZ") == ("2026-02-20", "day")


def test_the_origin_is_kept() -> None:
    found = dates.parse("20.02.2026", origin="page", seen_at=SEEN_AT)
    assert found == Published("2026-02-20", "day", "page")
