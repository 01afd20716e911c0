"""Which addresses are one article."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ItemError
from core.model import IdentityRule
from pipeline.collect import identity
from tests.support.samples import PORTAL

FORUM = replace(PORTAL, identity=IdentityRule(query_keys=("grants", "news"), paths=(r"/archive/(?P<key>[^/]+)/?",)))
SLUGS = replace(PORTAL, identity=IdentityRule(paths=(r"/novyna/(?P<key>[^/]+)/?",), excluded=(r"^/meeting/",)))


@pytest.mark.parametrize(
    "address",
    [
        "https://portal.example/news/20226",
        "http://www.portal.example/news/20226/",
        "https://portal.example/en/news/20226",
        "https://old.example/news/20226.amp",
        "https://PORTAL.example:443/news/20226?page=795#top",
        "https://portal.example/news/20226?fbclid=x&utm_source=y",
        " https://portal.example/news/20226\n",
        "https://user:secret@portal.example/news/20226",
        "https://portal.example/news/2%30226",
    ],
)
@pytest.mark.fault("C20", "C23")
def test_every_form_of_the_address_is_one_key(address: str) -> None:
    cleaned = identity.clean(address)
    assert identity.key_of(PORTAL, cleaned) == "20226"
    assert "secret" not in cleaned
    assert identity.canonical(PORTAL, "20226", "en", cleaned) == "https://portal.example/en/news/20226"


@pytest.mark.fault("C23")
def test_tracking_goes_and_what_may_carry_identity_stays() -> None:
    assert identity.clean("https://x.example/?grants=a&utm_source=b&fbclid=c#d") == "https://x.example/?grants=a"


def test_a_site_whose_identity_is_the_query_keeps_it() -> None:
    one, other = (identity.clean(f"https://portal.example/?grants={slug}") for slug in ("мала-громада", "velyka"))
    assert identity.key_of(FORUM, one) == "grants=мала-громада"
    assert identity.key_of(FORUM, other) == "grants=velyka"
    assert identity.canonical(FORUM, "grants=velyka", "uk", other) == "https://portal.example/?grants=velyka"


def test_doubly_encoded_addresses_are_one() -> None:
    twice, once, plain = "roz%25E2%2580%2599yasnennya", "roz%E2%80%99yasnennya", "roz’yasnennya"
    addresses = [identity.clean(f"https://portal.example/novyna/{slug}") for slug in (twice, once, plain)]
    assert len({identity.key_of(SLUGS, address) for address in addresses}) == 1
    assert len(set(addresses)) == 1


def test_what_the_rule_leaves_out_is_expected() -> None:
    with pytest.raises(ItemError, match="leaves out") as refusal:
        identity.key_of(SLUGS, "https://portal.example/meeting/stenogr/show/1.html")
    assert refusal.value.expected


@pytest.mark.parametrize("slug", ["nul%00x", "crlf%0d%0aX", "x" * 400])
def test_a_key_that_cannot_be_one_is_refused(slug: str) -> None:
    with pytest.raises(ItemError, match="article key"):
        identity.key_of(SLUGS, identity.clean(f"https://portal.example/novyna/{slug}"))


@pytest.mark.parametrize("path", ["/about", "/", "/news/"])
def test_what_is_no_article_is_refused(path: str) -> None:
    with pytest.raises(ItemError, match="not that of an article"):
        identity.key_of(SLUGS, f"https://portal.example{path}")


@pytest.mark.fault("C19")
def test_an_international_host_has_one_form() -> None:
    assert identity.clean("https://Громада.укр/новини") == identity.clean("https://xn--80aahf2bln.xn--j1amh/новини")


def test_the_edition_of_an_address_is_told_where_the_site_has_two() -> None:
    assert identity.edition_of(PORTAL, "7", "https://portal.example/en/news/7.amp") == "en"
    assert identity.edition_of(PORTAL, "7", "https://portal.example/news/7") == "uk"
    assert identity.edition_of(SLUGS, "7", "https://portal.example/novyna/7") is None


@given(st.text(max_size=120))
@pytest.mark.fault("C18", "C21")
def test_any_text_is_an_address_or_an_item_error(text: str) -> None:
    for address in (text, f"https://{text}", f"https://portal.example/{text}"):
        try:
            cleaned = identity.clean(address)
        except ItemError:
            continue
        assert cleaned.startswith(("http://", "https://"))
        assert identity.clean(cleaned) == cleaned


@pytest.mark.fault("C21")
def test_an_address_has_at_most_two_thousand_characters() -> None:
    longest = "https://portal.example/news/1?page=".ljust(2000, "9")
    assert len(identity.clean(longest)) == 2000
    with pytest.raises(ItemError, match="link of 2001 characters"):
        identity.clean(f"{longest}9")


@pytest.mark.parametrize("nothing", ["", " \t\u200b"])
def test_no_address_is_said_to_be_missing(nothing: str) -> None:
    with pytest.raises(ItemError, match="link is missing"):
        identity.clean(nothing)


def test_a_key_has_at_most_three_hundred_characters() -> None:
    longest = "k" * 300
    assert identity.key_of(SLUGS, f"https://portal.example/novyna/{longest}") == longest
    with pytest.raises(ItemError, match="article key of 301 characters"):
        identity.key_of(SLUGS, f"https://portal.example/novyna/{longest}k")


@pytest.mark.parametrize(
    ("address", "kept"),
    [("http://portal.example:80/a", False), ("https://portal.example:443/a", False),
     ("http://portal.example:443/a", True), ("https://portal.example:80/a", True),
     ("https://portal.example:8443/a", True)],
)  # fmt: skip
def test_only_the_port_that_is_meant_anyhow_goes(address: str, kept: bool) -> None:
    assert identity.clean(address) == (address if kept else f"{address.partition(':')[0]}://portal.example/a")


def test_an_address_may_be_so_long_and_no_longer() -> None:
    start = "https://portal.example/news/"
    longest = start + "1" * (identity.URL_LIMIT - len(start))
    assert identity.clean(longest) == longest
    with pytest.raises(ItemError, match=f"link of {identity.URL_LIMIT + 1} characters"):
        identity.clean(longest + "1")


def test_a_key_may_be_so_long_and_no_longer() -> None:
    address = f"https://portal.example/novyna/{'a' * identity.KEY_LIMIT}"
    assert identity.key_of(SLUGS, address) == "a" * identity.KEY_LIMIT
    with pytest.raises(ItemError, match=f"article key of {identity.KEY_LIMIT + 1} characters"):
        identity.key_of(SLUGS, address + "a")
