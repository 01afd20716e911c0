"""The language of a headline is decided by its letters."""

from __future__ import annotations

import pytest

from language.identify import language_of


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Громади отримають субвенцію", "uk"),
        ("Cities4Cities запускає новий набір громад", "uk"),
        ("Програма «U-LEAD with Europe: Local Empowerment, Accountability and Development» триває", "uk"),
        ("Вебінар DREAM для громад: Digital Restoration Ecosystem for Accountable Management", "uk"),
        ("Lviv and Bergen are now partner cities", "en"),
        ("Decentralisation: Highlights for December", "en"),
        ("Meeting of «Асоціація міст України» members held", "en"),
        ("Law on “місцеве самоврядування” adopted", "en"),
        ("Decentralіsation reform: what is next", "en"),
        ("Как изменились бюджеты объединённых общин", "ru"),
    ],
)
def test_by_letters_outside_quotation_marks(title: str, language: str) -> None:
    assert language_of(title, "", "uk") == language


def test_a_title_of_names_is_decided_by_its_lead_and_then_by_the_source() -> None:
    assert language_of("DECIDE", "The programme helps communities to run schools", "uk") == "en"
    assert language_of("PPF4Ukraine", "Громади можуть подати проєкти", "en") == "uk"
    assert language_of("U-LEAD", "", "uk") == "uk"
    assert language_of("U-LEAD", "", "en") == "en"
