"""The gate: what is kept as published, what is compared, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ItemError
from core.model import CREDITS, Published
from language.letters import fold_wording, text_hash
from pipeline.collect.decide import merge
from pipeline.collect.normalise import TAG_LIMIT, clean_text, is_cut, is_half_of, is_whole_of, normalise
from tests.support.samples import NOW, PORTAL, item


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  Громади\n отримали\u00a0 кошти ", "Громади отримали кошти"),
        ("Рада &amp;#8217;громад&amp;#8217;", "Рада ’громад’"),
        ("Рада &laquo;громад&raquo;", "Рада «громад»"),
        ("Нова <b>громада</b>", "Нова громада"),
        ("Новина<script>alert(1)</script> дня", "Новина дня"),
        ("Новина &lt;script&gt;alert(1)&lt;/script&gt; дня", "Новина дня"),
        ("Дохід < 5 і > 3", "Дохід < 5 і > 3"),
        ("Гро\u200bма\u00adда\u202e \x00\ufffeтут", "Громада тут"),
        ("Громада \ud800 тут", "Громада тут"),
        ("Громада\U000e0041\U000e007f тут", "Громада тут"),
        ("и\u0306од", "йод"),
        ("{{ 7*7 }} %s {0} '; DROP TABLE articles;--", "{{ 7*7 }} %s {0} '; DROP TABLE articles;--"),
        ("а" + "\u0301" * 50, "а" + "\u0301" * 3),
    ],
)
@pytest.mark.fault("C7", "C8", "C9", "C10", "C13", "C14", "C15")
def test_the_published_wording_is_kept_and_rubbish_is_not(raw: str, kept: str) -> None:
    assert clean_text(raw, 500) == kept


@pytest.mark.fault("C11")
def test_a_title_over_the_limit_is_cut_at_a_word_and_says_so() -> None:
    article = normalise(item(title="слово " * 20_000), PORTAL, NOW)
    assert len(article.title) <= 500
    assert article.title.endswith("слово…")
    assert article.notes == (f"title of 120000 characters was cut to {len(article.title)}",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("об’єднання «Громада»", 'об\'єднання "Громада"'),
        ("об`єднання", "обʼєднання"),
        ("decentralіsation", "decentralisation"),
        ("Сities4Cities", "Cities4Cities"),
        ("pайонна рада", "районна рада"),
        ("‘Polaris’ programme", "“Polaris” programme"),
        ("два  пробіли", "два\u00a0пробіли"),
        ("Форум | Переглядів: 15", "Форум | Переглядів: 1 632"),
        ("за\u0301мок", "замок"),
    ],
)
def test_two_spellings_of_one_wording_have_one_hash(one: str, other: str) -> None:
    assert fold_wording(one) == fold_wording(other)
    assert text_hash(one) == text_hash(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("740,3 млн", "740 млн"), ("Частина 1", "Частина 2"), ("Громада", "Громади"), ("Львів", "львів")],
)
def test_another_wording_has_another_hash(one: str, other: str) -> None:
    assert text_hash(one) != text_hash(other)


@given(st.text(max_size=200))
def test_cleaning_and_folding_settle_at_once(text: str) -> None:
    cleaned = clean_text(text, 500)
    assert clean_text(cleaned, 500) == cleaned or "&" in cleaned or "<" in cleaned
    assert fold_wording(fold_wording(text)) == fold_wording(text)
    cleaned.encode("utf-8")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "",
        "mailto:a@b.c",
        "http://[::1",
        "https://x:99999/",
    ],
)
@pytest.mark.fault("C16", "C21")
def test_only_web_addresses_pass(url: str) -> None:
    with pytest.raises(ItemError, match="link"):
        normalise(item(url=url), PORTAL, NOW)


def test_an_item_of_another_site_is_refused() -> None:
    with pytest.raises(ItemError, match="not of this site"):
        normalise(item(url="https://other.example/news/7"), PORTAL, NOW)


def test_a_key_that_an_answer_carries_is_held_to_the_same_limits() -> None:
    assert normalise(item(key="9" * 300), PORTAL, NOW).key == "9" * 300
    for key in ("9" * 301, "7\n8"):
        with pytest.raises(ItemError, match="article key of"):
            normalise(item(key=key), PORTAL, NOW)


@pytest.mark.parametrize("title", ["", "  ", "\u200b", "…", "<b></b>"])
@pytest.mark.fault("C12")
def test_an_item_without_a_title_is_refused(title: str) -> None:
    with pytest.raises(ItemError, match="title is empty"):
        normalise(item(title=title), PORTAL, NOW)


def test_a_russian_copy_is_left_out_by_rule() -> None:
    with pytest.raises(ItemError) as refusal:
        normalise(item(title="Как изменились бюджеты общин"), PORTAL, NOW)
    assert refusal.value.expected


def test_the_language_comes_from_the_letters_and_the_address_follows_it() -> None:
    article = normalise(item(url="https://old.example/en/news/7.amp?page=3"), PORTAL, NOW)
    assert article.identity == ("portal", "7", "uk")
    assert article.url == "https://portal.example/news/7"
    assert article.seen_url == "https://old.example/en/news/7.amp?page=3"


@pytest.mark.parametrize("day", ["1970-01-01", "2026-02-07", "2099-01-01"])
@pytest.mark.fault("C29")
def test_an_impossible_date_is_left_out_and_noted(day: str) -> None:
    article = normalise(item(published=Published(day, "day", "page")), PORTAL, NOW)
    assert article.published is None
    assert day in article.notes[0]


def test_the_date_of_the_english_edition_is_not_the_date_of_the_ukrainian_text() -> None:
    met_under_en = item(url="https://portal.example/en/news/7", published=Published("2026-01-05", "day", "listing"))
    assert normalise(met_under_en, PORTAL, NOW).published is None
    own = item(published=Published("2025-12-02", "day", "listing"))
    assert normalise(own, PORTAL, NOW).published == Published("2025-12-02", "day", "listing")


def test_a_late_evening_in_kyiv_belongs_to_the_day_in_kyiv() -> None:
    assert Published("2026-02-04T22:30:00Z", "minute", "page").kyiv_day == "2026-02-05"
    assert Published("2026-07-04T20:59:00Z", "minute", "page").kyiv_day == "2026-07-04"


def test_a_lead_that_repeats_the_title_is_no_lead() -> None:
    assert normalise(item(lead="Громади  отримали субвенцію"), PORTAL, NOW).lead == ""


def test_labels_are_single_clean_and_without_separators() -> None:
    article = normalise(item(tags=("#бюджет", " бюджет ,", "", "ЦНАП")), PORTAL, NOW)
    assert article.tags == ("бюджет", "ЦНАП")


def test_a_cut_title_is_known_by_its_ending_and_completed_by_the_whole_one() -> None:
    cut, whole = "Громади отримають черговий пакет...", "Громади отримають черговий пакет фінансування"
    assert is_cut(cut)
    assert is_whole_of(whole, cut)
    assert not is_whole_of("Громади не отримають", cut)
    assert not is_whole_of(whole, whole)


def test_what_the_publisher_credits_is_cleaned_and_its_page_goes_before_the_list() -> None:
    for name in CREDITS:
        listed, page = (normalise(item(**{name: text}), PORTAL, NOW) for text in ("У списку", " На\u00a0 сторінці "))
        assert getattr(merge(listed, page), name) == "На сторінці"
        assert getattr(merge(listed, normalise(item(), PORTAL, NOW)), name) == "У списку"
        assert len(getattr(normalise(item(**{name: "а" * 200}), PORTAL, NOW), name)) == TAG_LIMIT


@pytest.mark.parametrize(
    ("cut", "is_half"),
    [
        ("Громади отримали субвен", True),
        ("Громади отримали субвенц", False),  # by an ending less: a correction
        ("Громади отримали суб", True),
        ("Громади отримали", False),  # a whole word: a shorter headline
        ("Громади отримали субве…", False),
        ("Громади отримають суб", False),
        ("Громади отримали субвенцію", False),
        ("Громади отримали субвенцію та дотацію", False),
        ("", False),
    ],
)
def test_half_a_title_breaks_off_inside_a_word(cut: str, is_half: bool) -> None:
    assert is_half_of(cut, "Громади отримали субвенцію") == is_half


@pytest.mark.parametrize(
    ("lead", "kept"),
    [
        ("Кошти надійшли до всіх грома\ufffd", "Кошти надійшли до всіх…"),
        ("Кошти надійшли до всіх грома\ufffd...", "Кошти надійшли до всіх…"),
        ("Кошти над\ufffdйшли до всіх громад", ""),
        ("Кошти надійшли", "Кошти надійшли"),
    ],
)
def test_a_lead_keeps_no_broken_letters(lead: str, kept: str) -> None:
    assert normalise(item(lead=lead), PORTAL, NOW).lead == kept


def test_tags_and_credits_keep_no_broken_letters() -> None:
    found = normalise(item(tags=("ЦНАП", "гро\ufffdади"), author="Іван Ко\ufffdаль"), PORTAL, NOW)
    assert (found.tags, found.author) == (("ЦНАП",), "")
