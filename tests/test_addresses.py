from __future__ import annotations

from urllib.parse import urlunsplit

import pytest

from core.errors import ServerTrouble
from scrapers.http.addresses import checked_url, is_public, redirect_target, refuse_downgrade, without_userinfo

_PRIVATE = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.1 127.1.2.3 169.254.169.254 172.16.0.1
172.31.255.255 192.0.0.8 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.168.255.255 192.175.48.1
198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:7f00:1 64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b:1::1
100::1 2001::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a00:1:: 2620:4f:8000::1 3fff::1 4000::1 5f00::1
fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
"""
_PUBLIC = """
8.8.8.8 1.1.1.1 91.198.36.1 172.15.255.255 172.32.0.1 100.63.255.255 100.128.0.1 198.17.255.255 223.255.255.255
2606:4700::1111 2a00:1450:4001::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8
"""
PRIVATE, PUBLIC = _PRIVATE.split(), _PUBLIC.split()


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(PRIVATE) >= 40


@pytest.mark.parametrize("address", PRIVATE)
@pytest.mark.fault("N11", "N12")
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_ordinary_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "localhost", "2130706433", "0x7f.1", "127.1", "0177.0.0.1", "1.2.3.4.5"])
def test_what_is_no_plain_address_is_not_public(text: str) -> None:
    assert not is_public(text)


@pytest.mark.parametrize(
    ("url", "becomes"),
    [
        ("HTTPS://News.TEST", "https://news.test/"),
        ("https://news.test:443/a?b=1#c", "https://news.test/a?b=1"),
        ("http://news.test:80/", "http://news.test/"),
        ("http://news.test:8080/", "http://news.test:8080/"),
        ("https://news.test./x", "https://news.test/x"),
        ("https://новини.укр/громади?місто=Дубно", None),
        ("http://[2606:4700::1]:81/x", "http://[2606:4700::1]:81/x"),
        ("https://news.test/%D0%B0?x=%20", "https://news.test/%D0%B0?x=%20"),
    ],
)
def test_a_good_url_gets_one_form(url: str, becomes: str | None) -> None:
    found = urlunsplit(checked_url(url))
    if becomes is None:
        assert found.startswith("https://xn--")
        assert found.isascii()
    else:
        assert found == becomes


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/news",
        "news.test/x",
        "file:///etc/passwd",
        "ftp://news.test/",
        "javascript:alert(1)",
        "data:text/html,x",
        "java\nscript:alert(1)",
        "https://",
        "https:///x",
        "https://user:secret@news.test/",
        "https://user@news.test/",
        "https://news.test:99999/",
        "https://news.test:x/",
        "http://[::1",
        "https://news.test/a b",
        "https://news.test/\r\nX-Evil: 1",
        "https://news.test\\@evil.test/",
        "https://" + "a" * 70 + ".укр/",
        "https://news.test/" + "a" * 5000,
        "https://news.test/\ud800",
    ],
)
def test_a_bad_url_is_a_fetch_error(url: str) -> None:
    with pytest.raises(ServerTrouble) as caught:
        checked_url(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_relative_redirects_are_resolved() -> None:
    assert redirect_target("https://news.test/a/b?c", "../d") == "https://news.test/d"
    assert redirect_target("https://news.test/a", "//www.news.test/x") == "https://www.news.test/x"
    assert redirect_target("https://news.test/a", "?page=2") == "https://news.test/a?page=2"


@pytest.mark.parametrize("location", ["", "http://[::1", "javascript:alert(1)", "file:///etc/passwd", "https://a:b@c/"])
@pytest.mark.fault("N13")
def test_a_bad_location_is_a_fetch_error(location: str) -> None:
    with pytest.raises(ServerTrouble):
        redirect_target("https://news.test/a", location)


@pytest.mark.fault("N14")
def test_encryption_is_not_given_up() -> None:
    refuse_downgrade("http://news.test/", "https://news.test/")
    refuse_downgrade("http://news.test/", "http://news.test/x")
    with pytest.raises(ServerTrouble, match="from https down to http"):
        refuse_downgrade("https://news.test/", "http://news.test/")


def test_secrets_are_not_shown() -> None:
    assert without_userinfo("https://user:secret@news.test/x") == "https://news.test/x"
    assert without_userinfo("https://a@b@news.test/x@y") == "https://news.test/x@y"
    assert without_userinfo("https://user:sec/ret@news.test\n/").count("\n") == 0
