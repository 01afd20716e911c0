"""What strangers ask of the website, and what a hostile publisher puts into it."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import json
import resource
import sqlite3
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import StoreError
from tests.support.newsroom import Newsroom, Website, rows
from web.plugins.guard import ROWS_AT_ONCE, _Answer

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping
    from pathlib import Path

SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)>'
BAD_LINKS = [
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "java\nscript:alert(1)",
    "//evil.example/",
]
FORMULAS = ['=HYPERLINK("http://evil.example")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "＝1+1"]

STATEMENTS = [
    "select 1",
    "select hex(zeroblob(400000000))",
    "select randomblob(900000000)",
    "select replace(hex(zeroblob(10000)),'00',hex(zeroblob(100000)))",
    "select printf('%.*c', 1000000000, 'x')",
    "with recursive t(n) as (select 1 union all select n+1 from t) select count(*) from t",
    "select * from articles, articles, articles, articles",
    "select * from pragma_database_list",
    "attach 'x.db' as x",
    "pragma journal_mode=delete",
    "insert into topics values ('a', 'b', 'c')",
    "delete from articles",
    "drop table articles",
    "vacuum into 'stolen.db'",
    "select load_extension('x')",
    "select 1; select 2",
    "update sources set name='x'",
    "create table x(y)",
    "replace into topics values ('a', 'b', 'c')",
    "select writefile('x', 'y')",
]
QUESTIONS = [
    "/news/news?_where=1=1",
    "/news/news.json?_where=story_id in (select 1)",
    "/news/articles?_size=99999999",
    "/news/articles?_size=-1",
    "/news/articles?_size=many",
    "/news/articles?_sort=nothing",
    "/news/articles.json?_sort_desc=nothing",
    "/news/articles?_sort=id&_sort_desc=id",
    "/news/news?_sort=lead_uk",
    "/news/news?_next=abc",
    "/news/news?_next=99999999999999999999",
    "/news/news.json?_next=-5",
    "/news/articles?_next=%00,~,",
    "/news/articles?_timelimit=abc",
    "/news/articles?_facet=nothing",
    "/news/articles?_facet_array=title",
    '/news/articles?_facet={"x":1}',
    "/news/articles?_facet_date=%27;",
    "/news/news?_facet_newest=zzz",
    "/news/news?" + "&".join(["_facet=title_uk"] * 7),
    "/news/articles?_through=not-json",
    '/news/articles?_through={"table":"x"}',
    '/news/articles?_through={"table":"x","column":"y","value":"z"}',
    "/news/articles?_through=" + "[" * 900,
    "/news/articles?id=99999999999999999999999",
    "/news/articles?id__gt=99999999999999999999999",
    "/news/articles?nothing=1",
    "/news/articles?title__arraycontains=x",
    "/news/articles?_col=nothing",
    "/news/articles?_nocol=nothing",
    "/news/news?_search=x&_searchmode=raw&_search=%22%22%22",
    "/news/news?_search=NEAR(((&_searchmode=raw",
    "/news/news?_search_nothing=x",
    "/news/news?_search=a&_fts_table=sqlite_master",
    "/news/news?_search=a&_fts_table=x%22];--&_fts_pk=y",
    "/news/news?x=" + "a" * 5000,
    "/news/news?" + "&".join(f"story_id={n}" for n in range(350)),
    "/news/articles.json?_shape=object&_size=max",
    "/news/articles.json?_shape=nonsense",
    "/news/articles.json?_json=title",
    "/news/articles.csv?_stream=1&_next=5",
    "/news/news.csv?_size=max&_labels=on",
    "/news/news.blob",
    "/news/stories/abc",
    "/news/stories/99999999999999999999999",
    "/news/stories/1,2,3",
    "/news/stories/%00",
    "/news/newest?_shape=array&x=%ff",
]
TRAVERSALS = [
    "/static/../pipeline/serve.py",
    "/static/..%2f..%2fpipeline/serve.py",
    "/static/%2e%2e/%2e%2e/pyproject.toml",
    "/static//etc/passwd",
    "/static/....//....//etc/passwd",
    "/-/static/../../app.py",
    "/-/static/..%2f..%2fapp.py",
    "//evil.example/%2e%2e",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/news.db",
    "/news/../news.db",
    "/_internal",
]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile") / "news.db"


@pytest.fixture(scope="module")
def site(file: Path) -> Iterator[Website]:
    room = Newsroom(file)
    room.source("portal", SCRIPT)
    for link in BAD_LINKS:
        room.story(f"{SCRIPT} громада", f"{SCRIPT} community", url=link, lead=SCRIPT)
    for formula in FORMULAS:
        room.story(formula, url='https://portal.example/news/9?a="onmouseover=alert(1)')
    rows(room.db, "article_tags", article_id=1, tag=SCRIPT)
    rows(room.db, "problems", source_id="portal", stage="parse", url=BAD_LINKS[0], message=SCRIPT,
         first_at="x", last_at="x")  # fmt: skip
    rows(room.db, "story_links", article_id=1, other_id=2, verdict="same", method=SCRIPT, score=1.0,
         evidence=json.dumps({SCRIPT: [SCRIPT]}), decided_by="machine", decided_at="x")  # fmt: skip
    room.run("portal", state="blocked")
    opened = room.done()
    yield opened
    opened.close()


class Active(HTMLParser):
    """Collects what could act in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "img", "iframe", "object", "embed", "style"):
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.found.append(f"{tag} {name}")
            if name in ("href", "src", "action"):
                self.links.append(value or "")


def check_no_leak(response: Any, folder: Path) -> None:
    assert str(folder) not in response.text
    assert "site-packages" not in response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.fault("D1")
def test_readers_send_no_sql(site: Website, statement: str) -> None:
    response = site.get("/news.json", params={"sql": statement})
    assert response.status_code in (400, 403)
    assert "zeroblob" not in response.text


@pytest.mark.parametrize("address", QUESTIONS)
@pytest.mark.fault("D2")
def test_no_question_breaks_it(site: Website, file: Path, address: str) -> None:
    response = site.get(address)
    assert response.status_code < 500
    assert len(response.content) < 2_000_000
    check_no_leak(response, file.parent)


@pytest.mark.parametrize("address", QUESTIONS[:2])
@pytest.mark.fault("D2")
def test_conditions_in_sql_are_refused(site: Website, address: str) -> None:
    assert site.get(address).status_code == 403


@pytest.mark.parametrize("address", TRAVERSALS)
@pytest.mark.fault("D5")
def test_no_address_leads_out(site: Website, address: str) -> None:
    response = site.get(address)
    assert response.status_code in (302, 403, 404)
    if response.status_code == 302:
        target = response.headers["location"]
        assert target.startswith("/")
        assert not target.startswith("//")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("address", ["/", "/news", "/news/news", "/news/sources/portal", "/-/logout"])
@pytest.mark.fault("D6")
def test_nothing_can_be_written(site: Website, method: str, address: str) -> None:
    assert site.get(address, method).status_code == 405


@pytest.mark.fault("D1", "D2", "D6")
def test_the_file_is_as_before_and_memory_flat(site: Website, file: Path) -> None:
    site.get("/")
    before = hashlib.sha256(file.read_bytes()).digest()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for statement in STATEMENTS:
        site.get("/news.json", params={"sql": statement})
    for address in QUESTIONS:
        site.get(address)
    assert hashlib.sha256(file.read_bytes()).digest() == before
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 50_000


@pytest.mark.parametrize(
    "address", ["/-/databases", "/-/databases.json", "/-/metadata.json", "/-/versions.json", "/-/plugins.json",
                "/-/settings.json", "/-/actor.json", "/-/threads", "/-/threads.json", "/-/allow-debug?allow=5",
                "/news/stories/1.blob?_blob_column=id",
                "/-/messages", "/-/patterns", "/-/permissions", "/.json", "/news.json"]
)  # fmt: skip
def test_no_page_shows_a_path_of_this_machine(site: Website, file: Path, address: str) -> None:
    response = site.get(address)
    assert response.status_code < 500
    check_no_leak(response, file.parent)


@pytest.mark.parametrize(
    "address",
    ["/", "/news/news", "/news/news.json", "/news/news.csv", "/news/nothing", "/static/visnyk.css", "/-/threads"],
)
def test_every_answer_carries_the_protecting_headers(site: Website, address: str) -> None:
    headers = site.get(address).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    "address",
    ["/", "/news", "/news/news", "/news/news?_col=url&_col=url_uk&_col=title_en", "/news/stories/1", "/news/articles",
     "/news/articles/1", "/news/article_tags", "/news/problems", "/news/story_links", "/news/sources/portal",
     "/news/newest", "/news/source_health", "/news/news?_search=" + SCRIPT.replace("=", "%3D"),
     "/news/" + "%3Cscript%3E"],
)  # fmt: skip
@pytest.mark.fault("D3", "D4", "O2")
def test_published_markup_stays_text(site: Website, address: str) -> None:
    page = Active()
    page.feed(site.get(address).text)
    assert page.found == []
    own = ("/", "http://localhost/", "https://", "?", "#")
    assert [link for link in page.links if not link.startswith(own) or link.startswith("//")] == []


@pytest.mark.fault("O1")
def test_csv_cells_are_no_formulas(site: Website) -> None:
    answer = site.get("/news/news.csv?_size=max")
    table = list(csv.reader(io.StringIO(answer.text, newline="")))
    titles = [row[2] for row in table[1:]]
    assert len(table) == 1 + len(BAD_LINKS) + len(FORMULAS)
    assert sorted(title for title in titles if title.startswith("'")) == sorted(f"'{f}" for f in FORMULAS)
    assert not [cell for row in table for cell in row if cell and cell[0] in "=+@\t＝"]


def test_a_page_is_not_longer_than_others_can_wait(site: Website) -> None:
    for size in ("max", "101", "1000", "٩٩٩"):
        assert site.get(f"/news/articles?_size={size}").status_code == 400
        assert site.get(f"/news/articles?%5Fsize={size}").status_code == 400
    assert site.get("/news/articles?_size=100").status_code == 200
    assert site.get("/news/articles.json?_size=max").status_code == 200


def test_a_table_that_breaks_off_looks_broken(site: Website) -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def take(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def half() -> None:
        answer = _Answer(take, is_csv=True, is_https=False)
        kind = [(b"content-type", b"text/csv; charset=utf-8")]
        await answer.send({"type": "http.response.start", "status": 200, "headers": kind})
        await answer.send({"type": "http.response.body", "body": b"a,b\r\n" * ROWS_AT_ONCE, "more_body": True})
        await answer.send({"type": "http.response.body", "body": b"/secret/news.db is not there", "more_body": True})

    with pytest.raises(ConnectionAbortedError):
        asyncio.run(half())
    assert len(sent) == 2 and sent[1]["more_body"] and b"secret" not in sent[1]["body"]


@pytest.mark.parametrize("fault", [RuntimeError("of ours"), StoreError("of the file")])
def test_an_error_is_one_line_and_no_traceback(
    site: Website, fault: Exception, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(site.datasette.get_database("news"), "execute_fn", broken)
    assert site.get("/news/articles").status_code in (500, 503)
    assert "Traceback" not in capfd.readouterr().err


def test_numbers_in_csv_stay_numbers(tmp_path: Path) -> None:
    room = Newsroom(tmp_path / "news.db")
    rows(room.db, "places", id="UA1", kind="oblast", name_uk="-", name_en="+", latitude=-48.5, longitude=1e-9)
    site = room.done()
    assert site.get("/news/places.csv?_stream=on").text.splitlines()[1] == "UA1,oblast,'-,'+,,-48.5,1e-09"
    site.close()


@pytest.mark.fault("D7")
def test_readers_see_what_a_writer_commits_and_are_not_locked_out(site: Website, file: Path) -> None:
    writer = sqlite3.connect(file, isolation_level=None)
    before = site.json("/news/topics.json")["filtered_table_rows_count"]
    writer.execute("BEGIN EXCLUSIVE")
    writer.execute("INSERT INTO topics VALUES ('t', 'тема', 'topic')")
    assert site.json("/news/topics.json")["filtered_table_rows_count"] == before
    writer.execute("COMMIT")
    assert site.json("/news/topics.json")["filtered_table_rows_count"] == before + 1
    writer.close()
