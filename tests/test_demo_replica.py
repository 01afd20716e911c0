"""The replica answers in the shapes that the real sites have."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from http.client import HTTPConnection, RemoteDisconnected
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from demo.replica import Replica
from demo.scenario import DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def site() -> Iterator[Replica]:
    with Replica() as running:
        running.start()
        yield running
        running.shutdown()


def read(site: Replica, target: str, **headers: str) -> tuple[int, dict[str, str], str]:
    request = urllib.request.Request(f"{site.address}/{target}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read().decode()


def titles(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<a class="one-article__title" href="([^"]+)">([^<]+)</a>', page)


def test_every_listing_page_holds_fifteen_items_and_repeats_the_last_of_the_page_before(site: Replica) -> None:
    first = titles(read(site, "decentralization.ua/news")[2])
    second = titles(read(site, "decentralization.ua/news?page=2")[2])
    assert len(first) == 15
    assert second[0] == first[-1]
    assert len(set(first + second)) == 30


def test_beyond_the_end_the_english_list_starts_again_and_the_ukrainian_one_is_empty(site: Replica) -> None:
    english = titles(read(site, "decentralization.ua/en/news")[2])
    assert titles(read(site, "decentralization.ua/en/news?page=900")[2]) == english
    assert titles(read(site, "decentralization.ua/news?page=900")[2]) == []


@pytest.mark.parametrize("target", ["news/90386", "news/90386.amp", "news/90386?page=7", "news/90386?fbclid=abc"])
@pytest.mark.parametrize("host", ["decentralization.ua", "www.decentralization.ua", "decentralization.gov.ua"])
def test_an_article_is_the_same_under_every_address(site: Replica, host: str, target: str) -> None:
    page = read(site, f"{host}/{target}")[2]
    assert "<h1 class='article__title'>Десять громад отримають менторську підтримку" in page
    assert "29.01.2026 - 10:15 | Переглядів:" in page


def test_the_article_page_shows_what_a_careless_reader_would_take_for_news(site: Replica) -> None:
    page = read(site, "decentralization.ua/en/news/90386")[2]
    assert "<div class='header__date'>05 February 2026</div>" in page
    assert "Олексій Рябикін: схвалений Урядом законопроєкт" in page.split("Read more:")[1]
    assert "Rozdilna community – Odesa region" in page
    assert "Тернопільська область</a></div><div>Source:" in page


def test_view_counters_never_stand_still(site: Replica) -> None:
    views = [re.findall(r"Views: (\d+)", read(site, "decentralization.ua/en/news/90386")[2]) for _ in range(3)]
    assert len({number for found in views for number in found}) == 3


def test_an_untranslated_item_stands_in_ukrainian_in_the_english_edition(site: Replica) -> None:
    page = read(site, "decentralization.ua/en/news/90388")[2]
    assert "<h1 class='article__title'>Олексій Рябикін" in page
    assert "Tags:" in page


def test_rest_pages_say_how_many_there_are_and_refuse_one_more(site: Replica) -> None:
    target = "hromady.org/wp-json/wp/v2/posts?per_page=20&_fields=id,title&page="
    _, headers, body = read(site, target + "1")
    pages = int(headers["X-WP-TotalPages"])
    assert [set(post) for post in json.loads(body)] == [{"id", "title"}] * 20
    status, _, refusal = read(site, f"{target}{pages + 1}")
    assert status == 400
    assert json.loads(refusal)["code"] == "rest_post_invalid_page_number"


def test_a_short_link_leads_to_the_article(site: Replica) -> None:
    connection = HTTPConnection(*site.server_address[:2])  # type: ignore[arg-type]
    connection.request("GET", "/cities4cities.eu/?p=21544")
    answer = connection.getresponse()
    assert answer.status == 301
    assert answer.getheader("Location") == "https://cities4cities.eu/cities4cities-mentorship-ten-communities-selected/"
    connection.close()


@pytest.mark.parametrize(
    "target",
    [
        "auc.org.ua/rss.xml",
        "komsamovr.rada.gov.ua/rss/news",
        "euneighbourseast.eu/feed/",
        "euneighbourseast.eu/uk/feed/",
    ],
)
def test_feeds_are_well_formed_and_hold_items(site: Replica, target: str) -> None:
    root = ElementTree.fromstring(read(site, target)[2])
    assert len(root.findall("channel/item")) >= 5


def test_one_feed_is_broken_by_a_line_before_its_declaration(site: Replica) -> None:
    body = read(site, "www.prostir.ua/feed/")[2]
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(body)
    assert len(ElementTree.fromstring(body.lstrip()).findall("channel/item")) >= 5


def test_validators_are_honoured_until_something_changes(site: Replica) -> None:
    target = "hromady.org/wp-json/wp/v2/posts"
    _, headers, _ = read(site, target)
    for validator in ({"If-None-Match": headers["ETag"]}, {"If-Modified-Since": headers["Last-Modified"]}):
        site.now = DAYS[0]
        assert read(site, target, **validator)[0] == 304
        site.now = DAYS[1]
        assert read(site, target, **validator)[0] == 200


def test_bodies_are_compressed_only_for_those_who_ask(site: Replica) -> None:
    assert "Content-Encoding" not in read(site, "decentralization.ua/news")[1]
    request = urllib.request.Request(f"{site.address}/decentralization.ua/news", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.read(2) == b"\x1f\x8b"


def test_the_government_portal_challenges_on_the_first_day_only(site: Replica) -> None:
    assert "CAPTCHA" in read(site, "www.kmu.gov.ua/api/rss")[2]
    site.now = DAYS[1]
    assert "<rss" in read(site, "www.kmu.gov.ua/api/rss")[2]


def test_one_site_hangs_up_on_the_second_day_only(site: Replica) -> None:
    assert read(site, "www.prostir.ua/feed/")[0] == 200
    site.now = DAYS[1]
    with pytest.raises(RemoteDisconnected):
        read(site, "www.prostir.ua/feed/")


def test_a_replica_can_be_had_without_trouble() -> None:
    with Replica(now=DAYS[0], well=True) as site:
        site.start()
        assert "<rss" in read(site, "www.kmu.gov.ua/api/rss")[2]
        site.now = DAYS[1]
        assert "<rss" in read(site, "www.prostir.ua/feed/")[2]
        site.shutdown()


def test_without_a_prefix_the_host_header_names_the_site(site: Replica) -> None:
    assert "<rss" in read(site, "rss.xml", Host="auc.org.ua")[2]


def test_the_day_is_changed_from_outside(site: Replica) -> None:
    request = urllib.request.Request(f"{site.address}/_demo/day/2", method="POST")
    with urllib.request.urlopen(request, timeout=120) as answer:
        assert answer.read() == b"day 2\n"
    assert site.now == DAYS[1]
