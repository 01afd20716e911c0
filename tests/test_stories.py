"""The judge of two articles: how well it does on labelled pairs, and what it decides in telling cases."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.errors import UsageError
from core.model import StoryLink, StoryText
from pipeline.stories.compare import compare_lines
from pipeline.stories.explain import sentence
from pipeline.stories.judge import judge
from pipeline.stories.publication_address import publication_address


def text(title: str, lead: str = "", **fields: str) -> StoryText:
    plain = {"source_id": "one", "key": "", "language": "uk", "published_on": "2026-02-02"}
    return StoryText(article_id=0, title=title, lead=lead, **(plain | fields))  # type: ignore[arg-type]


def other(title: str, lead: str = "", **fields: str) -> StoryText:
    return text(title, lead, **({"source_id": "two"} | fields))


SAME_TITLES = [
    ("Громади отримали 14 шкільних автобусів", "ВАЖЛИВО! Громади отримали 14 шкільних автобусів (ВІДЕО)"),
    ("Анонс вебінару: як громаді вести реєстр майна", "АНОНС! Як громаді вести реєстр майна"),
    ("Програма «Міцні села» переходить на III етап", "Програма “Міцні села” переходить на 3 етап"),
    ("Ірина Гайова: старости потребують навчання щороку", "«Старости потребують навчання щороку», – Ірина Гайова"),
    ("Законопроєкт №14405 про службу передано до комітету", "Законопроєкт 14405 про службу передано до комітету"),
    ("Смартспеціалізація Буковини: три напрями розвитку", "Смарт-спеціалізація Буковини: три напрями розвитку"),
    ("В Ізюмі відкрили кризову кімнату для родин", "В Ізюмі відкрили кризову кімнату для родин - фото"),
    ("Віце-прем`єр-міністр відвідав деокуповані села", "Віцепрем'єр-міністр відвідав деокуповані села"),
    ("Громаді передали пожежне авто та помпу", "Гpомаді пеpедали пожежне авто та помпу"),
    ("У Ніжині презентували стратегію розвитку міста до 2030 року", "У Ніжині презентували стратегію розвитку міс..."),
    ("Борги водоканалів пропонують розтягнути на 60 місяців", "Борги водоканалів пропонують розтягнути на п'ять років"),
    (
        "Змінено порядок запитів на кошти ДФРР",
        "Змінено порядок запитів на кошти Державного фонду регіонального розвитку",
    ),
    ("На Поділлі сім громад будують сортувальну лінію", "Бар та ще шість громад Поділля будують сортувальну лінію"),
    ("Seven towns of Podillia build a sorting line", "Bar and six other towns of Podillia build a sorting line"),
    ("У Ніжині запрацював центр прийому відходів", "У Ніжині запрацював міський центр прийому небезпечних відходів"),
    ("План громад Черкащини схвалено", "План громад Черкащини схвалено – мапа"),
    ("З 1 лютого 2026 року змінюється порядок видачі ваучерів", "Порядок видачі ваучерів змінюється з лютого"),
]


@pytest.mark.parametrize(("first", "second"), SAME_TITLES)
def test_frames_quotes_and_spellings_do_not_tell_news_apart(first: str, second: str) -> None:
    assert judge(text(first), other(second)).verdict == "same"


@pytest.mark.parametrize(("letters", "method"), [(19, "little_in_common"), (20, "cut_title")])
def test_a_cut_title_must_have_twenty_letters_left_to_be_completed(letters: int, method: str) -> None:
    whole = "Гнівань отримала сучасний пожежний автомобіль від партнерів із Литви для сільської дружини"
    assert judge(text(f"{whole[:letters]}..."), other(whole)).method == method


APART = [
    ("Громади отримають 412,6 млн грн на відновлення", "Громади отримають 655,1 млн грн на відновлення", "amounts"),
    ("Комітет підтримав законопроєкт №14405", "Комітет підтримав законопроєкт №14061", "bills"),
    ("Абетка громади. Частина 1: бюджет і податки", "Абетка громади. Частина 2: бюджет і податки", "parts"),
    ("Абетка громади: бюджет і податки", "Абетка громади: бюджет і податки. Частина 2", "parts"),
    ("Децентралізація: найважливіше за лютий", "Децентралізація: найважливіше за березень", "months"),
    ("Форум місцевого розвитку у Львові 2024", "Форум місцевого розвитку у Львові 2025", "years"),
    ("У Полтаві відкрили хаб для ветеранів", "У Сумах відкрили хаб для ветеранів", "places"),
    ("Місто знайшло партнера у Швеції", "Місто знайшло партнера у Польщі", "countries"),
    ("10 квітня – круглий стіл про старост", "17 квітня – круглий стіл про старост", "dates"),
    ("П'ять громад Буковини об'єднали бібліотеки", "Сім громад Буковини об'єднали бібліотеки", "counts"),
]


@pytest.mark.parametrize(("first", "second", "veto"), APART)
def test_what_differs_in_one_frame_keeps_news_apart(first: str, second: str, veto: str) -> None:
    verdict = judge(text(first), other(second))
    assert verdict.verdict != "same"
    assert any(found.startswith(f"{veto}: ") for found in verdict.evidence["against"])


def test_another_town_in_the_same_frame_is_other_news_even_under_the_same_lead() -> None:
    lead = "Уперше за три роки 400 дітей сіли за парти очно, школу збудували за державну субвенцію."
    first = text("Слов'янськ розпочав навчальний рік у підземній школі", lead)
    second = other("Сарни розпочали навчальний рік у підземній школі", lead)
    english = other("Sloviansk starts the school year in an underground school", language="en")
    assert judge(first, second).verdict != "same"
    assert judge(second, english).verdict != "same"
    assert judge(first, english).verdict == "same"


STEPS = [
    ("У Луцьку відбудеться форум молодіжних рад", "У Луцьку відбувся форум молодіжних рад"),
    ("Уряд схвалив Концепцію розвитку старостату", "Асоціація вітає Концепцію розвитку старостату"),
    ("Оголошено конкурс громад на ремонт бібліотек", "Визначено переможців конкурсу громад на ремонт бібліотек"),
    ("Webinar on school buses will take place in Rivne", "Webinar on school buses took place in Rivne"),
    ("Комітет рекомендував ухвалити закон про старостат", "Верховна Рада ухвалила закон про старостат"),
    ("Verkhovna Rada committee backs the starosta bill", "Verkhovna Rada backs the starosta bill"),
]


@pytest.mark.parametrize(("first", "second"), STEPS)
def test_two_steps_of_one_affair_are_related_and_not_one_story(first: str, second: str) -> None:
    language = "en" if first.isascii() else "uk"
    verdict = judge(text(first, language=language), other(second, language=language, published_on="2026-02-09"))
    assert (verdict.verdict, verdict.method) == ("related", "steps")


def test_a_rounded_sum_is_the_same_sum() -> None:
    lead = "Кошти спрямують на 119 проєктів у 71 громаді за підтримки банку."
    verdict = judge(
        text("Громади отримають 740,3 млн грн на 119 проєктів відновлення", lead),
        other("740 млн грн на відновлення: куди підуть кошти для 119 проєктів", lead),
    )
    assert verdict.verdict == "same"
    assert "740.3 million" in verdict.evidence["numbers"]


def test_a_site_that_writes_again_has_new_news() -> None:
    again = text("Смарт-спеціалізація і ланцюги доданої вартості", published_on="2026-02-09")
    assert judge(text("Смартспеціалізація і ланцюги доданої вартості"), again).verdict == "related"


def test_a_site_that_says_the_same_again_within_days_repeats_itself() -> None:
    first = text("Держава має оплатити пільговий проїзд у міському транспорті", published_on="2026-02-02")
    again = text("Пільговий проїзд у міському транспорті має оплатити держава", published_on="2026-02-04")
    assert judge(first, again).verdict == "same"
    assert judge(first, replace(again, published_on="2026-02-09")).verdict == "related"


def test_beyond_three_weeks_only_the_same_lead_counts_and_only_as_a_republication() -> None:
    lead = "Начальниця адміністрації розповіла, як евакуйована громада видає допомогу та веде облік знищеного майна."
    first = text("Як громада працює в евакуації", lead, published_on="2024-10-02")
    again = replace(first, source_id="two", published_on="2025-12-24")
    assert (judge(first, again).verdict, judge(first, again).method) == ("related", "republished")
    assert judge(first, replace(again, lead="")).method == "window"


@pytest.mark.parametrize(
    "url",
    [
        "https://portal.test/en/news/20226",
        "http://www.portal.test/news/20226.amp",
        "https://portal.test/news/20226?page=795&fbclid=x#top",
    ],
)
def test_addresses_of_one_publication_are_one_story(url: str) -> None:
    verdict = judge(text("Перша назва", url="https://portal.test/news/20226"), text("Зовсім інші слова тут", url=url))
    assert (verdict.verdict, verdict.method) == ("same", "same_address")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://decide.in.ua/en/first-call/", "https://decide.revolsource.com/en/first-call/"),
        ("https://euneighbourseast.eu/news/stories/u-lead/", "http://eueastdev.a3ia.com/news/stories/u-lead"),
        ("https://komsamovr.rada.gov.ua/news/main_news/75843.html", "http://komsamovr.rada.gov.ua/print/75843.html"),
    ],
)
def test_mirrors_and_print_views_are_one_publication(one: str, other: str) -> None:
    assert publication_address(one) == publication_address(other) != ""
    verdict = judge(text("Перша назва", url=one), text("Зовсім інші слова тут", url=other))
    assert (verdict.verdict, verdict.method) == ("same", "same_address")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://komsamovr.rada.gov.ua/news/main_news/75843.html", "https://komsamovr.rada.gov.ua/print/75844.html"),
        ("https://komsamovr.rada.gov.ua/print/5.html", "https://komsamovr.rada.gov.ua/meeting/stenogr/show/5.html"),
        ("https://portal.test/news/main_news/5.html", "https://portal.test/print/5.html"),
    ],
)
def test_what_one_site_does_is_not_taken_for_others_or_other_pages(one: str, other: str) -> None:
    assert publication_address(one) != publication_address(other)


def test_a_query_may_be_the_identity() -> None:
    first, second = (text("Добірка", url=f"https://prostir.test/?grants={slug}") for slug in ("one", "two"))
    assert judge(first, second).verdict != "same"


def test_an_address_given_in_the_text_is_evidence() -> None:
    first = text("Нова програма навчання старост", url="https://portal.test/news/777")
    second = other("Старост навчатимуть за новою програмою", "Докладно: https://portal.test/news/777")
    assert judge(first, second).verdict == "same"


def test_a_source_label_decides_what_words_alone_leave_open() -> None:
    titles = "Громади Поділля збільшили витрати на укриття", "Витрати громад на укриття: огляд по Поділлю"
    portal = text(titles[0], publisher="Асоціація міст")
    later = other(titles[1], published_on="2026-02-04")
    assert judge(portal, later).verdict != "same"
    labelled_so = judge(portal, replace(later, attribution="Джерело: Асоціація міст"))
    assert (labelled_so.verdict, labelled_so.method) == ("same", "attribution")


def test_machine_english_helps_where_no_list_knows_the_words() -> None:
    ukrainian = text("Мереживниці відродили візерунки бабусь")
    english = other("Lacemakers revive the patterns of their grandmothers", language="en")
    assert judge(ukrainian, english).verdict != "same"
    helped = replace(ukrainian, machine_english="Lacemakers revived the patterns of grandmothers")
    assert (judge(helped, english).verdict, judge(helped, english).method) == ("same", "machine_english")


SHREDS = (
    "громада",
    "Львів",
    "12 млн грн",
    "відкрили",
    "«школу»",
    "Lviv",
    "opened",
    "740,3",
    "–",
    ":",
    "...",
    "№",
    "І",
    "\u0301",
)
words = st.sampled_from(SHREDS)


@pytest.mark.parametrize(
    "odd",
    [
        "(" + "запис " * 40 + "x",
        "9" * 6000,
        "9" * 30 + " млн",
        "0 млн грн",
        "31 лютого",
        "((((" * 500,
        "« » — …",
        "\ud83d",
    ],
)
def test_odd_texts_break_nothing(odd: str) -> None:
    first = text(f"Відбудеться {odd}", f"Запрошуємо {odd} 29 лютого", published_on="9999-12-30")
    second = other(f"Відбувся {odd}", f"UAH {odd} billion", language="en", published_on="9999-12-31")
    assert judge(first, second).verdict in {"same", "related", "different"}
    assert judge(first, replace(second, published_on="0001-01-01")).method == "window"


@pytest.mark.parametrize("broken", ["https://[kmu.gov.ua/npas", "http://a]b[c/d", "//["])
def test_a_broken_address_is_no_address(broken: str) -> None:
    """Leads, old rows and hand-written lines hold anything; one of them must not stop a run."""
    first = replace(text("Громада відкрила центр", f"Докладно: {broken} і далі", url=broken), addresses=(broken,))
    assert judge(first, other("Рада ухвалила бюджет", broken, url=broken)).verdict != "same"


titles = st.lists(words | st.text(max_size=8), min_size=1, max_size=9).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(titles, titles, titles)
@example("громада відкрили opened", "відкрили", "громада")
def test_any_text_can_be_judged_and_who_is_first_does_not_matter(one: str, two: str, lead: str) -> None:
    a, b = text(one, lead), other(two, language="en", published_on="2026-02-04")
    forth, back = judge(a, b), judge(b, a)
    assert (forth.verdict, forth.method, forth.score) == (back.verdict, back.method, back.score)


@settings(max_examples=60, deadline=None)
@given(titles, titles)
def test_an_article_is_one_story_with_itself_at_its_own_address(title: str, lead: str) -> None:
    same = text(title, lead, url="https://portal.test/news/5")
    assert judge(same, same).verdict == "same"


def test_compare_reads_lines_and_says_why() -> None:
    two = {
        "a": {"source": "one", "language": "uk", "title": "Уряд виділив 1,8 млрд грн на укриття у школах"},
        "b": {"source": "two", "language": "en", "title": "Government allocates UAH 1.8 billion for school shelters"},
    }
    (line,) = compare_lines([json.dumps(two), "\n"])
    found = json.loads(line)
    assert found["verdict"] == "same"
    assert found["method"] == "translation"
    assert 0.6 <= found["score"] <= 1
    assert "1.8 billion" in found["evidence"]["numbers"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: "),
        ("[]", "line 2: an object"),
        ('{"a": {"title": "x"}}', 'with "b"'),
        ('{"a": {"title": "x"}, "b": {"title": " "}}', '"b" has no title'),
        ('{"a": {"title": "x"}, "b": {"title": 5}}', '"b.title" is not a text'),
        ('{"a": {"title": "x", "published_on": "2026-02-31"}, "b": {"title": "y"}}', '"a.published_on"'),
        ('{"a": {"title": "x"}, "b": {"title": "y", "language": "xx"}}', '"b.language": xx is neither uk nor en'),
        ('{"a": {"title": "x", "language": "ua"}, "b": {"title": "y"}}', '"a.language": ua'),
        ('{"a": {"title": "x", "addresses": "abc"}, "b": {"title": "y"}}', '"a.addresses" is not a list of texts'),
        ('{"a": {"title": "x", "addresses": [1]}, "b": {"title": "y"}}', '"a.addresses" is not a list of texts'),
        ('{"a": {"title": "x", "addresses": ["http://[x"]}, "b": {"title": "y"}}', '"a.addresses": Invalid'),
        ('{"a": {"title": "x", "url": "http://[::1"}, "b": {"title": "y"}}', '"a.url": Invalid'),
        ('{"a": {"title": "x \\ud800"}, "b": {"title": "y"}}', '"a.title" is not Unicode'),
        ('\ufeff{"a": {"title": "x"}, "b": {"title": "y"}}', "BOM"),
    ],
)
def test_a_malformed_line_is_named_by_its_number(line: str, message: str) -> None:
    good = '{"a": {"title": "Перша новина"}, "b": {"title": "Друга новина"}}'
    with pytest.raises(UsageError, match="line 2") as raised:
        list(compare_lines([good, line]))
    assert message in str(raised.value)


def test_compare_takes_languages_in_any_case_and_a_mark_at_the_beginning() -> None:
    title = "Громади отримають 740 млн"
    two = {"a": {"source": "one", "title": title, "language": "UK"}, "b": {"source": "two", "title": title}}
    loud, quiet = compare_lines(["\ufeff" + json.dumps(two), json.dumps(two).replace("UK", "uk")])
    assert loud == quiet
    assert json.loads(loud)["method"] == "title"


def test_compare_knows_the_names_of_the_sources() -> None:
    label = {"source": "decentralization", "title": "Громади зможуть подати заявки на нові шкільні автобуси до травня"}
    names = {"source": "auc", "title": "Заявки на шкільні автобуси прийматимуть від громад до травня"}
    (line,) = compare_lines([json.dumps({"a": {**label, "attribution": "За інформацією АМУ"}, "b": names})])
    assert json.loads(line)["evidence"]["attribution"] == ["За інформацією АМУ"]


@pytest.mark.parametrize("first", [pair[0] for pair in SAME_TITLES])
def test_every_verdict_has_a_sentence(first: str) -> None:
    for _, second, _ in APART:
        verdict = judge(text(first), other(second))
        link = StoryLink(1, 2, verdict.verdict, verdict.method, verdict.score, verdict.evidence)
        assert sentence(link).endswith(".")
        assert "?" not in sentence(link)
        assert "{" not in sentence(link)


def test_an_editors_word_is_named_as_such() -> None:
    assert sentence(StoryLink(1, 2, "different", "editor", 1.0, {}, "editor")) == "An editor keeps them apart."
