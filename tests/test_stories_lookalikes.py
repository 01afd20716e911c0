"""Look-alikes that are not one story: other speakers, leads of the trade, other counts, communities at large."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.model import StoryLink, StoryText
from pipeline.stories.explain import sentence
from pipeline.stories.judge import judge


def text(title: str, lead: str = "", **fields: str) -> StoryText:
    given = {"source_id": "one", "language": "uk", "published_on": "2026-02-02", "key": ""} | fields
    return StoryText(article_id=0, title=title, lead=lead, **given)  # type: ignore[arg-type]


def other(title: str, lead: str = "", **fields: str) -> StoryText:
    return text(title, lead, **({"source_id": "two"} | fields))


QUOTED = [
    "Ірина Шевчук: європейська інтеграція починається в громадах",
    "Віктор Мороз: європейська інтеграція починається в громадах",
    "Iryna Shevchuk: European integration begins in communities",
    "Viktor Moroz: European integration begins in communities",
]


def quoted(title: str, **fields: str) -> StoryText:
    return text(title, language="en" if title.isascii() else "uk", **fields)


@pytest.mark.parametrize("ours", QUOTED[::2])
@pytest.mark.parametrize("theirs", QUOTED[1::2])
def test_two_people_say_two_things_in_either_language(ours: str, theirs: str) -> None:
    verdict = judge(quoted(ours), quoted(theirs, source_id="two"))
    assert (verdict.verdict, verdict.method) == ("different", "speakers")


@pytest.mark.parametrize(("ours", "theirs"), [QUOTED[::2], QUOTED[1::2]])
def test_one_person_is_known_in_both_languages(ours: str, theirs: str) -> None:
    assert judge(quoted(ours), quoted(theirs, source_id="two")).method != "speakers"


TRADE_LEAD = "Послугами центру скористалися жителі громади за підтримки Мінцифри, повідомили в адміністрації."
BILL_LEAD = "Документ визначає, хто оплачує кожне повноваження місцевого самоврядування."


@pytest.mark.parametrize(
    ("first", "second", "lead"),
    [
        (
            "Мінцифри навчило сімейних лікарів Київської області",
            "Мінцифри запустило реєстр: 18 послуг для громад онлайн",
            TRADE_LEAD,
        ),
        (
            "Що змінить закон про службу в органах місцевого самоврядування",
            "Уряд схвалив законопроєкт про розмежування повноважень між громадами, районами та областями",
            BILL_LEAD,
        ),
    ],
)
@pytest.mark.parametrize("day", ["2026-02-03", "2026-02-16"])
def test_a_lead_of_the_trade_joins_no_unrelated_titles(first: str, second: str, lead: str, day: str) -> None:
    assert judge(text(first, lead), other(second, lead, published_on=day)).verdict != "same"


def test_a_distinctive_lead_under_another_title_is_one_story_for_some_days() -> None:
    lead = (
        "Ліцей у Дергачах прийняв перших 240 учнів: спортивна зала, бібліотека, харчоблок і котельня на пелетах "
        "збудовані замість зруйнованих, роботи тривали два роки за кошти данського фонду."
    )
    first = text("Дергачі святкують: діти повернулися до класів", lead)
    second = "Учні Дергачів отримали новий ліцей замість знищеного обстрілами"
    assert judge(first, other(second, lead, published_on="2026-02-04")).method == "lead"
    assert judge(first, other(second, lead.replace("240", "310"))).verdict != "same"


CENTRES_UK = text(
    "На Одещині працюють 12 ЦНАПів",
    "ЦНАП відкрили 21 грудня. Мобільний ЦНАП обслуговуватиме 12 старостинських округів.",
)
CENTRES_EN = text(
    "12 administrative service centres operate in the Odesa region",
    "The ASC was opened on 21 December. The mobile ASC will serve 12 starosta districts.",
    language="en",
)
WINDOW_UK = other(
    "Послуги для ветеранів: ЦНАП в Одесі запровадив єдине вікно",
    "Обладнання для громади надав фонд. Мобільний ЦНАП обслуговуватиме 36 старостинських округів.",
    published_on="2026-02-19",
)


@pytest.mark.parametrize("centres", [CENTRES_UK, CENTRES_EN])
def test_what_is_counted_holds_in_every_language(centres: StoryText) -> None:
    verdict = judge(centres, WINDOW_UK)
    assert verdict.verdict != "same"
    assert verdict.conflicting
    assert any(found.startswith("counts: ") for found in verdict.evidence["against"])


@pytest.mark.parametrize("machine", ["", "DREAM system: communities entered 14 projects"])
@pytest.mark.parametrize(
    "named",
    [
        "Vysokopillia community enters 14 projects in the DREAM system",
        "Високопільська громада внесла 14 проєктів у DREAM",
    ],
)
def test_news_of_one_community_is_not_that_of_communities_at_large(named: str, machine: str) -> None:
    at_large = replace(other("Система DREAM: громади внесли 14 проєктів"), machine_english=machine or None)
    assert judge(quoted(named), at_large).verdict != "same"


def test_sums_in_a_reason_are_written_as_people_write_them() -> None:
    one, two = (f"Громади отримають {sum_} млн грн на проєкти відновлення" for sum_ in ("987,1", "740,3"))
    verdict = judge(text(one), other(two))
    assert verdict.evidence["against"] == ("amounts: 987.1 million / 740.3 million",)
    link = StoryLink(1, 2, "different", "amounts", verdict.score, verdict.evidence)
    assert sentence(link) == "They name different sums: 987.1 million against 740.3 million."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("У Броварах відкриють центр життєстійкості", "У Броварах відкрили центр життєстійкості"),
        ("Комітет розгляне зміни до бюджету освіти", "Комітет розглянув зміни до бюджету освіти"),
        ("Комітет не скасував мораторій на перевірки громад", "Комітет скасував мораторій на перевірки громад"),
        ("Доходи місцевих бюджетів зросли на 12 %", "Доходи місцевих бюджетів зменшилися на 12 %"),
        ("Надходження бюджетів громад за I квартал", "Надходження бюджетів громад за II квартал"),
        ("Надходження бюджетів громад за І квартал", "Надходження бюджетів громад за другий квартал"),
        ("Уроки для старост: лекція 1", "Уроки для старост: лекція 2"),
        ("Історії старост громади – 1", "Історії старост громади – 2"),
        ("Історії старост громади (1)", "Історії старост громади (2)"),
        ("50 млн євро на енергоефективність лікарень", "50 млн грн на енергоефективність лікарень"),
        ("У Чугуєві відремонтують школу 1", "У Чугуєві відремонтують школу 7"),
        ("У Києві відкрили хаб для ветеранів", "У Київській області відкрили хаб для ветеранів"),
        ("Полтавська обласна рада затвердила бюджет", "Полтавська міська рада затвердила бюджет"),
        ("Minister to visit Sumy community", "Minister visited Sumy community"),
        ("Lviv to open a veterans hub", "Lviv opens a veterans hub"),
        (
            "Суми запустили станцію очищення води коштом данців",
            "Суми запустили станцію сортування сміття коштом данців",
        ),
        ("Прийнято закон про плату за в'їзд до центру", "Прийнято закон про плату за користування пляжами"),
        ("Ще 12 громад Одещини приєдналися до реєстру", "Ще 13 громад Одещини приєдналися до реєстру"),
        ("Лікарям виплатять 60 місячних окладів", "Лікарям виплатять п'ять окладів"),
        ("Графіки відключень світла на 28 жовтня", "Графіки відключень світла на 29 жовтня"),
        ("План доступності. Частина перша", "План доступності. Частина друга"),
        ("A plan for a small hromada. Part one", "A plan for a small hromada. Part two"),
    ],
)
def test_one_frame_in_another_turn_number_or_place_is_other_news(first: str, second: str) -> None:
    language = "en" if first.isascii() else "uk"
    later = other(second, published_on="2026-02-04", language=language)
    assert judge(text(first, language=language), later).verdict != "same"


@pytest.mark.parametrize(
    ("title", "first", "second"),
    [
        (
            "Громада отримала новий шкільний автобус",
            "Кошти надала Миргородська громада.",
            "Кошти надала Шептицька громада.",
        ),
        ("Надходження бюджетів громад зросли на десяту частину", "Дані наведено за січень.", "Дані наведено за лютий."),
        ("Затверджено бюджет участі для молоді", "Заявки на 2025 рік.", "Заявки на 2026 рік."),
    ],
)
def test_under_one_title_the_leads_tell_of_which_place_and_time_it_is(title: str, first: str, second: str) -> None:
    assert judge(text(title, first), other(title, second)).verdict != "same"


def test_a_title_that_names_nothing_is_written_again_another_week() -> None:
    title = "Актуальні гранти та конкурси для громад"
    assert judge(text(title), other(title, published_on="2026-02-16")).verdict != "same"
    assert judge(text(title), other(title, published_on="2026-02-03")).verdict == "same"


def test_the_same_turn_in_other_words_is_no_veto() -> None:
    first, second = "У Броварах відкрили центр життєстійкості", "Центр життєстійкості запрацював у Броварах"
    assert judge(text(first), other(second)).verdict == "same"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Онлайн-курс «Місцевий бюджет без секретів» доступний на платформі",
            "Онлайн-курс «Публічні закупівлі без секретів» доступний на платформі",
        ),
        ("Мінрозвитку та Держстат домовилися про обмін даними", "Мінцифри та Держстат домовилися про обмін даними"),
        ("Кабмін погодив звільнення голови Полтавської ОВА", "Президент призначив голову Полтавської ОВА"),
        ("Одеса залишилася без води після удару", "В Одесі повністю відновили подачу води"),
        ("Громада Макарова судиться за 86 гектарів лісу", "Суд повернув громаді Макарова 86 гектарів лісу"),
        ("У Сумах оголосили тендер на ремонт мосту", "У Сумах уклали договір на ремонт мосту"),
        ("Водії маршруток Вижниці оголосили страйк", "Водії маршруток Вижниці зупинили страйк"),
        ("Міський голова Кам'янського наклав вето на план ринку", "Рада Кам'янського подолала вето на план ринку"),
        ("Петиція про маршрут №7 у Дрогобичі зібрала голоси", "У Дрогобичі відповіли на петицію про маршрут №7"),
        (
            "Зареєстровано законопроєкт №12455 про старост",
            "Законопроєкт №12455 про старост відкликано",
        ),
    ],
)
def test_another_course_ministry_or_turn_of_events_is_other_news(first: str, second: str) -> None:
    verdict = judge(text(first), other(second))
    assert verdict.verdict != "same"
    assert verdict.evidence["against"]


def test_a_day_told_before_it_came_is_another_step_than_what_came_of_it() -> None:
    first = text("9 червня у Львові презентують атлас доступності громад", published_on="2026-05-28")
    after = other("У Львові презентували атлас доступності громад: головне", published_on="2026-06-12")
    assert (judge(first, after).verdict, judge(first, after).method) == ("related", "steps")
    assert judge(first, replace(after, title=first.title, published_on="2026-05-30")).verdict == "same"


def test_a_column_that_comes_again_is_new_under_another_lead() -> None:
    title = "Наслідки обстрілів Сумщини за добу"
    first = text(title, "У Білопіллі пошкоджено дві школи й амбулаторію.")
    again = text(title, "Шостка: вночі згоріли склади та крамниця.", published_on="2026-02-04")
    assert judge(first, again).verdict != "same"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Brovary schools generally ready for winter, survey shows",
            "Survey approved: Brovary schools ready for winter",
        ),
        ("П'ять громад протестують електронний реєстр вулиць", "Електронний реєстр вулиць тестуватимуть п'ять громад"),
        ("Bucha hosts recovery forum three years after liberation", "Bucha hosts recovery forum after liberation"),
        ("9 червня у Львові презентують атлас громад", "Атлас громад презентують 9 червня у Львові"),
    ],
)
def test_words_that_only_look_like_a_step_keep_nothing_apart(first: str, second: str) -> None:
    language = "en" if first.isascii() else "uk"
    verdict = judge(text(first, language=language), other(second, language=language, published_on="2026-02-04"))
    assert verdict.verdict == "same"


def test_verbs_and_order_may_differ_in_one_frame() -> None:
    first, second = "Міста не можуть платити за пільговий проїзд", "Міста не можуть оплачувати пільговий проїзд"
    assert judge(text(first), other(second)).verdict == "same"


def test_a_place_and_the_oblast_around_it_are_no_other_names() -> None:
    named = text("Коростишівська громада отримає 120 га лісу під парк відпочинку", "Ділянка лежить біля кар'єрів.")
    around = other("На Житомирщині громаді передають 120 гектарів для парку відпочинку", "Рішення погодили лісівники.")
    assert judge(named, around).verdict == "same"


def test_a_ministry_is_one_under_each_of_its_names() -> None:
    first, second = (f"{name} та Держстат домовилися про обмін даними" for name in ("Мінрегіон", "Мінрозвитку"))
    assert judge(text(first), other(second)).verdict == "same"
