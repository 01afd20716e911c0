from __future__ import annotations

import gzip
import tracemalloc
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FetchError, ServerTrouble, TooMuch
from scrapers.http.bodies import Body
from scrapers.parsing.decoding import is_double_encoded, text_of
from tests.support.hostile import GOOD, brotli_bomb, gzip_bomb

URL = "https://news.test/"
TITLE = "Їжакова громада з’єднала п’ять сіл автобусом і відкрила ґанок"
ENCODERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "identity": bytes,
    "": bytes,
    " GZIP ": gzip.compress,
}


def page(charset: str = "", words: str = TITLE) -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">' if charset else ""
    return f"<html><head>{meta}<title>{words}</title></head><body><h1>{words}</h1><p>{words}. {words}</p></body></html>"


def undone(coding: str, data: bytes, limit: int = 1_000_000, step: int = 0) -> bytes:
    body = Body(coding, limit, URL)
    for start in range(0, len(data), step or len(data) or 1):
        body.feed(data[start : start + (step or len(data))])
    return body.finish()


@pytest.mark.parametrize("coding", list(ENCODERS))
@pytest.mark.parametrize("step", [0, 1, 7])
def test_codings_are_undone_however_the_bytes_come(coding: str, step: int) -> None:
    assert undone(coding, ENCODERS[coding](GOOD * 50), step=step) == GOOD * 50


def test_bare_deflate_is_understood() -> None:
    squeeze = zlib.compressobj(wbits=-15)
    assert undone("deflate", squeeze.compress(GOOD) + squeeze.flush(), step=1) == GOOD


@pytest.mark.parametrize("step", [0, 1, 5])
def test_every_member_of_a_gzip_body_counts(step: int) -> None:
    data = b"".join(gzip.compress(part) for part in (GOOD, b"", b"second", b"third"))
    assert undone("gzip", data, step=step) == GOOD + b"secondthird"


@pytest.mark.parametrize("junk", [b"\0" * 20, b"junk behind the end", b"\x1f"])
@pytest.mark.fault("N24")
def test_junk_behind_the_end_is_left_out(junk: bytes) -> None:
    assert undone("gzip", gzip.compress(GOOD) + junk, step=3) == GOOD


def test_two_codings_are_undone_and_three_are_not() -> None:
    assert undone("gzip, br", brotli.compress(gzip.compress(GOOD))) == GOOD
    with pytest.raises(ServerTrouble, match="3 content codings"):
        Body("gzip, gzip, gzip", 100, URL)


@pytest.mark.parametrize("coding", ["zstd", "compress", "gzip;q=1", "x" * 5000])
@pytest.mark.fault("N24")
def test_unknown_codings_are_named(coding: str) -> None:
    with pytest.raises(ServerTrouble, match="unknown content coding"):
        Body(coding, 100, URL)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
@pytest.mark.parametrize("missing", [1, 2, 5, 9, 20])
@pytest.mark.fault("N24")
def test_a_cut_stream_is_never_taken_for_a_whole_one(coding: str, missing: int) -> None:
    with pytest.raises(ServerTrouble):
        undone(coding, ENCODERS[coding](GOOD)[:-missing])


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_an_empty_stream_is_a_cut_one(coding: str) -> None:
    with pytest.raises(ServerTrouble, match="cut short"):
        undone(coding, b"")


def test_a_cut_second_member_is_noticed() -> None:
    with pytest.raises(ServerTrouble, match="cut short"):
        undone("gzip", gzip.compress(GOOD) + gzip.compress(GOOD)[:-9])


@given(data=st.binary(max_size=200), coding=st.sampled_from(["gzip", "deflate", "br", "gzip, br"]))
def test_any_bytes_give_a_body_or_a_fetch_error(data: bytes, coding: str) -> None:
    try:
        assert len(undone(coding, data)) <= 1_000_000
    except FetchError as error:
        assert error.url == URL


@pytest.mark.parametrize("size", [262_143, 262_144, 262_145, 524_288])
@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_sizes_round_the_step_come_out_whole(coding: str, size: int) -> None:
    data = bytes(size)
    assert undone(coding, ENCODERS[coding](data), limit=size) == data
    with pytest.raises(TooMuch, match=f"larger than {size - 1} bytes"):
        undone(coding, ENCODERS[coding](data), limit=size - 1)


@pytest.mark.parametrize(
    ("coding", "bomb"),
    [("gzip", gzip_bomb(64)), ("br", brotli_bomb(64)), ("gzip, gzip", gzip.compress(gzip_bomb(64)))],
)
@pytest.mark.fault("N25")
def test_bombs_stop_at_the_limit_without_being_unpacked(coding: str, bomb: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(TooMuch):
            undone(coding, bomb, limit=2_000_000)
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


CYRILLIC = {"windows-1251": "cp1251", "koi8-u": "koi8_u", "utf-8": "utf-8"}


@pytest.mark.parametrize("label", list(CYRILLIC))
@pytest.mark.parametrize("meta", ["", "utf-8", "windows-1251", "koi8-u", "no-such-charset"])
@pytest.mark.parametrize("header", ["", "utf-8", "windows-1251", "iso-8859-1", "no-such-charset"])
@pytest.mark.fault("C1", "C2", "C3", "C4")
def test_ukrainian_text_comes_out_right_whatever_is_declared(label: str, meta: str, header: str) -> None:
    content_type = f"text/html; charset={header}" if header else "text/html"
    words = TITLE.replace("’", "'")  # KOI8-U has no typographic apostrophe
    text = page(meta, words)
    assert text_of(text.encode(CYRILLIC[label]), content_type) == text


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
@pytest.mark.fault("C4")
def test_marks_and_wide_characters_are_understood(name: str) -> None:
    assert text_of(page().encode(name), "text/html; charset=windows-1251") == page()


def test_utf7_is_read_where_it_is_declared_and_no_markup_is_taken_for_it() -> None:
    assert text_of(page().encode("utf-7"), "text/html; charset=UTF-7") == page()
    for plain in ("<a href='/x?q=1+BDAx-'>a+B</a>", "<p>1+1 +380 44 +Bad-</p>"):
        assert text_of(plain.encode(), "text/html") == plain


def test_a_declared_set_is_kept_for_western_text() -> None:
    words = "Les communes françaises invitées à Lviv — été"
    assert text_of(page("", words).encode("cp1252"), "text/html; charset=iso-8859-1") == page("", words)
    assert text_of(page("", words).encode("cp1252")) == page("", words)


def test_xml_declaration_counts() -> None:
    feed = f'<?xml version="1.0" encoding="windows-1251"?><rss><channel><title>{TITLE}</title></channel></rss>'
    assert text_of(feed.encode("cp1251"), "application/rss+xml") == feed


@pytest.mark.parametrize("charset", ["utf-8", ""])
@pytest.mark.fault("C5")
def test_three_broken_bytes_spoil_only_their_own_place(charset: str) -> None:
    titles = [f"{TITLE} {number}" for number in range(10)]
    body = "".join(f"<h2>{title}</h2>" for title in titles).encode()
    body = body[:20] + b"\xff\xfe\xfd" + body[20:]
    text = text_of(body, f"text/html; charset={charset}")
    assert [title in text for title in titles] == [False] + [True] * 9
    assert text.count("�") >= 3


def test_a_short_title_without_any_hint_is_read() -> None:
    assert "Київ" in text_of("<title>Новини: Київ</title>".encode("cp1251"))


@given(body=st.binary(max_size=400), content_type=st.text(max_size=60))
def test_no_bytes_and_no_header_make_it_fail(body: bytes, content_type: str) -> None:
    assert isinstance(text_of(body, content_type), str)


@given(words=st.text(alphabet="абвгґдеєжзиіїйклмнопрстуфхцчшщьюя АБВГҐДЕЄЖ,.", min_size=40, max_size=300))
def test_utf8_is_always_utf8(words: str) -> None:
    assert text_of(words.encode(), "text/html; charset=windows-1251") == words


@pytest.mark.parametrize("wrong", ["cp1251", "latin-1", "cp1252"])
@pytest.mark.fault("C6")
def test_double_encoding_is_recognised(wrong: str) -> None:
    assert is_double_encoded(TITLE.encode().decode(wrong, "replace"))


@pytest.mark.parametrize("text", [TITLE, TITLE.upper(), "Plain English about Rivne", "РС", "", "РСЄ у Сєвєродонецьку"])
def test_proper_text_is_not_called_double_encoded(text: str) -> None:
    assert not is_double_encoded(text)
