"""The website as readers see it, asked through Datasette's in-process client."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.serve import ROOT
from tests.support.newsroom import SCHEMA, Newsroom, Website, rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

METADATA = json.loads((ROOT / "datasette_metadata.json").read_text(encoding="utf-8"))
TABLES = METADATA["databases"]["news"]["tables"]


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    made = Newsroom(tmp_path / "news.db")
    made.source("portal", "Портал громад")
    made.source("letter", "Letter")
    return made


@pytest.fixture
def open_site() -> Iterator[Any]:
    opened: list[Website] = []

    def open_it(room: Newsroom) -> Website:
        opened.append(room.done())
        return opened[-1]

    yield open_it
    for site in opened:
        site.close()


def schema_columns() -> dict[str, list[str]]:
    """Every table and view of the schema with its columns, but for the inner tables of the search index."""
    db = sqlite3.connect(":memory:")
    db.executescript(SCHEMA)
    names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    kept = [name for name in names if not re.match(r"news_fts_", name)]
    found = {name: [row[1] for row in db.execute(f"PRAGMA table_info({name})")] for name in kept}
    db.close()
    return found


class TestMetadata:
    def test_tables_are_those_of_the_schema(self) -> None:
        assert set(TABLES) == set(schema_columns())

    @pytest.mark.parametrize("table", sorted(TABLES))
    def test_every_column_is_described_and_exists(self, table: str) -> None:
        about = TABLES[table]
        assert about["title"]
        assert len(about["description"]) > 15
        assert list(about["columns"]) == schema_columns()[table]
        assert all(about["columns"].values())

    @pytest.mark.parametrize("table", sorted(TABLES))
    def test_sorts_facets_labels_and_units_name_columns(self, table: str) -> None:
        about, columns = TABLES[table], set(TABLES[table]["columns"])
        named = {about[key] for key in ("sort", "sort_desc", "label_column") if key in about}
        named |= set(about.get("sortable_columns", ())) | set(about.get("units", ()))
        named |= {next(iter(facet.values())) if isinstance(facet, dict) else facet for facet in about.get("facets", ())}
        assert named <= columns

    def test_stories_and_the_index_of_the_search_agree(self) -> None:
        assert (TABLES["news"]["fts_table"], TABLES["news"]["fts_pk"]) == ("news_fts", "story_id")


class TestNews:
    def test_newest_first_in_the_table_and_on_the_front_page(self, room: Newsroom, open_site: Any) -> None:
        room.story("Стара новина", published_on="2025-12-31")
        room.story("Нова новина", published_on="2026-02-21")
        room.story("Новина без дати", published_on=None)
        room.story("Середня новина", published_on="2026-01-15")
        site = open_site(room)
        assert site.titles("/news/news.json?") == ["Нова новина", "Середня новина", "Стара новина", "Новина без дати"]
        front = site.get("/").text
        assert front.index("Нова новина") < front.index("Середня новина") < front.index("Стара новина")

    def test_pages_of_an_archive_hold_every_story_once(self, room: Newsroom, open_site: Any) -> None:
        for n in range(60):
            room.story(f"Новина {n}", published_on=f"2026-01-{1 + n % 28:02}")
        site = open_site(room)
        seen: list[str] = []
        address = "/news/news.json?_size=7"
        while address:
            page = site.json(address)
            seen += [row[0] for row in page["rows"]]
            address = (page["next_url"] or "").removeprefix("http://localhost")
        assert len(seen) == len(set(seen)) == 60 == page["filtered_table_rows_count"]

    def test_a_merged_story_is_not_news_but_its_page_leads_on(self, room: Newsroom, open_site: Any) -> None:
        kept, gone = room.story("Спільна новина"), room.story("Та сама новина")
        room.db.execute("UPDATE stories SET merged_into = ? WHERE id = ?", (kept, gone))
        site = open_site(room)
        assert site.json("/news/news.json")["filtered_table_rows_count"] == 1
        assert f'lives on as <a href="/news/stories/{kept}">' in site.get(f"/news/stories/{gone}").text

    def test_a_story_page_shows_its_articles_and_former_wordings(self, room: Newsroom, open_site: Any) -> None:
        story = room.story("Громада має бюджет", "The community has a budget")
        for wording in ("Громада матиме бюджет", "Громада має бюджет"):
            rows(room.db, "article_versions", article_id=1, title=wording, lead="", title_hash=wording,
                 first_seen_at="2026-02-20T12:00:00Z", last_seen_at="2026-02-20T12:00:00Z")  # fmt: skip
        rows(room.db, "article_versions", article_id=2, title="The community has a budget", lead="", title_hash="e",
             first_seen_at="2026-02-20T12:00:00Z", last_seen_at="2026-02-20T12:00:00Z")  # fmt: skip
        page = open_site(room).get(f"/news/stories/{story}").text
        assert "Громада матиме бюджет" in page
        assert "https://portal.example/en/news/1" in page
        assert "Портал громад" in page

    def test_a_story_page_gives_the_reason_of_every_link(self, room: Newsroom, open_site: Any) -> None:
        story = room.story("Громада має бюджет", "The community has a budget")
        rows(room.db, "story_links", article_id=1, other_id=2, verdict="same", method="same_key", score=1.0,
             evidence="{}", reason="The same number in both addresses.", decided_by="machine",
             decided_at="2026-02-20T12:00:00Z")  # fmt: skip
        assert "The same number in both addresses." in open_site(room).get(f"/news/stories/{story}").text

    def test_a_row_of_news_is_the_storys_page(self, room: Newsroom, open_site: Any) -> None:
        story = room.story("Громада має бюджет")
        answer = open_site(room).get(f"/news/news/{story}")
        assert (answer.status_code, answer.headers["location"]) == (302, f"/news/stories/{story}")

    def test_an_empty_database_says_what_to_do(self, room: Newsroom, open_site: Any) -> None:
        site = open_site(room)
        assert "make ingest" in site.get("/").text
        assert site.get("/news/news").status_code == 200


def test_a_closed_site_leaves_no_connection_open(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def remembered(*given: Any, **options: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(*given, **options)
        if options.get("check_same_thread") is False:  # Datasette's own; ours in sql_clock.py live for one call
            opened.append(made)
        return made

    monkeypatch.setattr("datasette.database.sqlite3.connect", remembered)
    site = room.done()
    for address in ("/", "/news", "/news/news", "/-/databases.json"):
        site.get(address)
    site.close()
    assert len(opened) > 1
    for connection in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")


class TestProvenance:
    def shown(self, site: Website, address: str) -> str:
        return re.sub(r"\s+", " ", site.get(address).text)

    @pytest.mark.parametrize("address", ["/", "/news/news", "/news/stories/1", "/news/news?_nocol=lead_en"])
    def test_machine_english_is_marked(self, room: Newsroom, open_site: Any, address: str) -> None:
        room.story("Громада має бюджет")
        room.translation("Громада має бюджет", "The community has a budget")
        page = self.shown(open_site(room), address)
        assert "The community has a budget" in page
        assert '<span class="badge badge-machine">machine</span>' in page.partition("<footer")[0]

    def test_english_without_its_origin_is_not_passed_off_as_published(self, room: Newsroom, open_site: Any) -> None:
        room.story("Громада має бюджет")
        room.translation("Громада має бюджет", "The community has a budget")
        page = self.shown(open_site(room), "/news/news?_col=story_id&_col=title_en")
        assert '<span lang="en">The community has a budget</span> <span class="badge badge-due">' in page

    def test_the_demonstration_model_is_named_as_such(self, room: Newsroom, open_site: Any) -> None:
        room.story("Громада має бюджет")
        room.translation("Громада має бюджет", "The community has a budget", model="demo-uk_en (demonstration model)")
        site = open_site(room)
        assert "machine, demonstration model" in self.shown(site, "/news/news")
        assert "machine, demonstration model" in self.shown(site, "/news/translations")

    def test_flagged_english_carries_a_warning(self, room: Newsroom, open_site: Any) -> None:
        room.story("Громада має бюджет")
        room.translation("Громада має бюджет", "The community has the budget has", state="flagged")
        page = self.shown(open_site(room), "/news/news")
        assert '<span class="badge badge-warn">machine, flagged: compare with the original</span>' in page

    def test_failed_and_waiting_texts_show_the_original_and_why(self, room: Newsroom, open_site: Any) -> None:
        room.story("Рада ухвалила рішення")
        room.translation("Рада ухвалила рішення", None, state="failed")
        room.story("Центр відкрито")
        page = self.shown(open_site(room), "/")
        assert "Рада ухвалила рішення" in page
        assert "translation withheld" in page
        assert "not translated yet" in page

    @pytest.mark.parametrize("state", ["flagged", "failed"])
    def test_the_page_of_a_story_says_why_its_english_is_in_doubt(
        self, room: Newsroom, open_site: Any, state: str
    ) -> None:
        story = room.story("Рада ухвалила рішення", lead="Лід новини")
        text = "The council" if state == "flagged" else None
        room.translation("Рада ухвалила рішення", text, state, reasons=("number_missing: 25",))
        room.translation("Лід новини", text, state, reasons=("loop: the council", "the engine was stopped"))
        site = open_site(room)
        page = self.shown(site, f"/news/stories/{story}")
        withheld = ", translation withheld" if state == "failed" else ""
        assert f"<li>Headline{withheld}: a number is missing: 25</li>" in page
        assert f"<li>Lead{withheld}: words repeat without end: the council; the engine was stopped</li>" in page
        assert f'href="/news/stories/{story}#english">why?</a>' in self.shown(site, "/")
        listed = site.json("/news/flagged.json?_shape=array")
        assert [(row["title_en_state"], row["title_reasons"]) for row in listed] == [(state, '["number_missing: 25"]')]
        assert "a number is missing: 25" in self.shown(site, "/news/flagged")
        assert len(site.json(f"/news/news.json?title_en_state={state}")["rows"]) == 1

    def test_the_list_of_doubtful_english_says_who_made_it(self, room: Newsroom, open_site: Any) -> None:
        room.story("Рада ухвалила рішення", lead="Лід новини")
        room.translation("Рада ухвалила рішення", "The council decided")
        room.translation("Лід новини", "Lead", "flagged", reasons=("number_missing: 25",))
        page = self.shown(open_site(room), "/news/flagged")
        assert '<span class="badge badge-machine">machine</span>' in page
        assert "origin not selected" not in page
        assert "[]" not in page.partition("<details")[0]

    def test_a_withheld_lead_is_no_blank(self, room: Newsroom, open_site: Any) -> None:
        room.story("Громада має бюджет", lead="Лід новини")
        room.translation("Громада має бюджет", "The community has a budget")
        room.translation("Лід новини", None, "failed", reasons=("loop: the council",))
        assert 'Lead: <span class="badge badge-warn">translation withheld</span>' in self.shown(open_site(room), "/")

    def test_objections_to_english_that_is_not_shown_are_not_told(self, room: Newsroom, open_site: Any) -> None:
        story = room.story("Рада ухвалила рішення", "Council decides")
        room.translation("Рада ухвалила рішення", "The council", "flagged", reasons=("number_missing: 25",))
        room.story("Центр відкрито")
        room.translation("Центр відкрито", "The centre", "flagged", reasons=("number_missing: 25",))
        room.translation("Центр відкрито", "The centre is open", model="better")
        site = open_site(room)
        for page in (f"/news/stories/{story}", f"/news/stories/{story + 1}", "/news/flagged"):
            assert "a number is missing" not in self.shown(site, page)

    def test_the_publishers_english_wins_and_says_so(self, room: Newsroom, open_site: Any) -> None:
        room.story("Громада має бюджет", "Community adopts budget")
        room.translation("Громада має бюджет", "The community has a budget")
        site = open_site(room)
        page = self.shown(site, "/news/news")
        assert "Community adopts budget" in page
        assert "The community has a budget" not in page
        row = site.json("/news/news.json?_shape=objects")["rows"][0]
        assert (row["title_en_by"], row["title_en_model"]) == ("publisher", None)

    def test_a_machine_lead_beside_a_published_title_is_marked(self, room: Newsroom, open_site: Any) -> None:
        room.story("Громада має бюджет", lead="Лід новини")
        room.translation("Лід новини", "Lead of the story", state="flagged")
        row = open_site(room).json("/news/news.json?_shape=objects")["rows"][0]
        assert (row["lead_en"], row["lead_en_by"], row["lead_en_state"]) == ("Lead of the story", "machine", "flagged")


class TestSearch:
    @pytest.fixture
    def site(self, room: Newsroom, open_site: Any) -> Any:
        room.story("Об'єкт здано: п'ять громад", published_on="2026-02-01")
        room.story("Обʼєкт відбудовано", published_on="2026-02-02")
        room.story("Об’єкт у Чугуєві", published_on="2026-02-03")
        room.story("Рада ухвалила бюджет", "Council adopts subvention", published_on="2026-02-04")
        return open_site(room)

    @pytest.mark.parametrize("apostrophe", ["'", "’", "ʼ"])
    def test_the_form_of_the_apostrophe_does_not_matter(self, site: Website, apostrophe: str) -> None:
        found = site.titles(f"/news/news.json?_search=об{apostrophe}єкт")
        assert found == ["Об’єкт у Чугуєві", "Обʼєкт відбудовано", "Об'єкт здано: п'ять громад"]

    @pytest.mark.parametrize(
        "words",
        ["subvention", "БЮДЖЕТ", "council бюджет", '"ухвалила бюджет"', "бюдж*", "subvent* рад**", "* БЮДЖ* -*"],
    )
    def test_both_languages_any_case_and_beginnings(self, site: Website, words: str) -> None:
        assert site.titles(f"/news/news.json?_search={words}") == ["Рада ухвалила бюджет"]

    def test_words_are_found_as_written_and_the_page_says_so(self, site: Website) -> None:
        page = site.get("/news/news?_search=громада").text
        assert "Nothing found. Words are found as written" in page
        assert "громад*" in page.partition("</form>")[0]
        assert site.titles("/news/news.json?_search=громад*") == ["Об'єкт здано: п'ять громад"]

    @pytest.mark.parametrize("words", ["ради*", '"ухвал"*', "-*", '""*', "«*", "_*", "*" * 200, "а*" * 100, '"*'])
    def test_a_star_never_fails(self, site: Website, words: str) -> None:
        assert site.titles(f"/news/news.json?_search={words}") == []

    @pytest.mark.parametrize("words", ["немаєтакого", "nothingofthekind", "'", '"', "%00", "*", "NEAR(", "-"])
    def test_what_is_not_there_finds_nothing(self, site: Website, words: str) -> None:
        assert site.titles(f"/news/news.json?_search={words}") == []

    @pytest.mark.parametrize("box", ["", "+", "%20"])
    def test_an_empty_box_shows_everything(self, site: Website, box: str) -> None:
        assert len(site.titles(f"/news/news.json?_search={box}&_size=10")) == 4

    @pytest.mark.parametrize("words", ['"бюджет', 'бюджет "', "бюджет%00рада"])
    def test_stray_marks_do_not_hide_a_word(self, site: Website, words: str) -> None:
        assert site.titles(f"/news/news.json?_search={words}") == ["Рада ухвалила бюджет"]

    def test_the_count_is_that_of_the_search(self, site: Website) -> None:
        answer = site.json("/news/news.json?_search=об'єкт&_size=2")
        assert answer["filtered_table_rows_count"] == 3
        assert len(answer["rows"]) == 2
        following = site.json(answer["next_url"].removeprefix("http://localhost"))
        assert [row[2] for row in following["rows"]] == ["Об'єкт здано: п'ять громад"]

    def test_the_page_has_a_search_box_and_says_what_was_sought(self, site: Website) -> None:
        page = site.get("/news/news?_search=бюджет").text
        assert 'value="бюджет"' in page
        assert "Рада ухвалила бюджет" in page


class TestFacets:
    @pytest.fixture
    def site(self, room: Newsroom, open_site: Any) -> Any:
        rows(room.db, "places", id="UA63", kind="oblast", name_uk="Харківська", name_en="Kharkiv region")
        rows(room.db, "topics", id="budget", label_uk="бюджет", label_en="Budgets")
        first = room.story("Громада має бюджет")
        room.article(first, "uk", "Громада має бюджет, оновлено", source_id="letter")
        room.story("Рада ухвалила рішення", "Council decides")
        rows(room.db, "article_places", article_id=1, place_id="UA63", matched="Харківщина")
        rows(room.db, "article_topics", article_id=1, topic_id="budget", matched="бюджет")
        return open_site(room)

    def counts(self, answer: Any, facet: str) -> dict[str, int]:
        return {result["value"]: result["count"] for result in answer["facet_results"][facet]["results"]}

    def test_lists_are_counted_by_their_members(self, site: Website) -> None:
        answer = site.json("/news/news.json")
        assert self.counts(answer, "sources") == {"portal": 2, "letter": 1}
        assert self.counts(answer, "oblasts") == {"Kharkiv region": 1}
        assert self.counts(answer, "topics") == {"Budgets": 1}
        assert self.counts(answer, "title_en_by") == {"publisher": 1}

    def test_a_facet_link_filters_and_can_be_taken_off(self, site: Website) -> None:
        (letter,) = [
            r for r in site.json("/news/news.json")["facet_results"]["sources"]["results"] if r["value"] == "letter"
        ]
        answer = site.json(letter["toggle_url"].removeprefix("http://localhost"))
        assert [row[2] for row in answer["rows"]] == ["Громада має бюджет"]
        (chosen,) = [r for r in answer["facet_results"]["sources"]["results"] if r["selected"]]
        assert "arraycontains" not in chosen["toggle_url"]

    def test_articles_are_counted_by_source_and_language(self, site: Website) -> None:
        answer = site.json("/news/articles.json")
        assert self.counts(answer, "language") == {"uk": 3, "en": 1}
        assert answer["facet_results"]["source_id"]["results"][0]["label"] == "Портал громад"


class TestPages:
    @pytest.mark.parametrize("table", sorted(table for table in TABLES if "allow" not in TABLES[table]))
    def test_every_table_opens_with_its_title(self, room: Newsroom, open_site: Any, table: str) -> None:
        room.story("Громада має бюджет")
        room.run("portal", new=1)
        page = open_site(room).get(f"/news/{table}")
        assert page.status_code == 200
        assert TABLES[table]["title"].replace("'", "&#39;") in page.text

    @pytest.mark.parametrize("table", ["digest_choices", "digest_drops"])
    def test_drafts_are_for_editors_only(self, room: Newsroom, open_site: Any, table: str) -> None:
        site = open_site(room)
        assert {site.get(f"/news/{table}{form}").status_code for form in ("", ".json", ".csv")} == {403}

    def test_all_rows_can_be_had_from_every_page(self, room: Newsroom, open_site: Any) -> None:
        for n in range(60):
            room.story(f"Новина {n}")
        site = open_site(room)
        for address in (
            "/news/news",
            "/news/news?_next=25",
            "/news/news?_next=50",
            "/news/articles?_search=&language=uk",
        ):
            page = site.get(address).text
            (link,) = re.findall(r'all rows as <a href="([^"]+)">', page)
            answer = site.get(link.replace("&amp;", "&"))
            assert (answer.status_code, len(answer.text.splitlines())) == (200, 61), address

    def test_a_saved_csv_is_read_as_utf8_by_spreadsheets(self, room: Newsroom, open_site: Any) -> None:
        for n in range(120):
            room.story(f"Новина {n}")
        site = open_site(room)
        saved = site.get("/news/news.csv?_stream=on&_dl=on").content
        assert saved.startswith(b"\xef\xbb\xbfstory_id,")
        assert saved.count(b"\xef\xbb\xbf") == 1
        assert len(saved.decode("utf-8-sig").splitlines()) == 121
        plain = site.get("/news/news.csv")
        assert (plain.headers["content-type"], plain.text[:9]) == ("text/plain; charset=utf-8", "story_id,")
        assert len(plain.text.splitlines()) == 26
        assert len(site.get("/news/news.csv?_size=max").text.splitlines()) == 121

    @pytest.mark.parametrize("address", ["/news.csv", "/.csv", "/nothing.csv", "/news.csv?_stream=on"])
    def test_what_is_no_table_has_no_csv(self, room: Newsroom, open_site: Any, address: str) -> None:
        answer = open_site(room).get(address)
        assert (answer.status_code, "/news/news.csv" in answer.text) == (404, True)

    @pytest.mark.parametrize(
        ("table", "first"),
        [
            ("coverage", ["day", "source_id", "verdict"]),
            ("source_health", ["source_id", "message"]),
            ("articles", ["id", "title"]),
        ],
    )
    def test_what_matters_stands_first_on_a_narrow_screen(
        self, room: Newsroom, open_site: Any, table: str, first: list[str]
    ) -> None:
        room.story("Громада має бюджет")
        room.run("portal", new=1)
        page = open_site(room).get(f"/news/{table}").text
        columns = re.findall(r'<th class="col-(\w+)', page)
        cells = re.findall(r'<td class="col-(\w+)', page)
        assert columns[: len(first)] == cells[: len(first)] == first
        assert sorted(columns) == sorted(TABLES[table]["columns"])
        assert cells[: len(columns)] == columns

    def test_the_machinery_is_hidden(self, room: Newsroom, open_site: Any) -> None:
        tables = open_site(room).json("/news.json")["tables"]
        hidden = {table["name"] for table in tables if table["hidden"]}
        assert {"news_fts", "news_fts_data", "validators", "hosts"} <= hidden
        assert not {"articles", "stories", "sources", "translations", "runs", "problems"} & hidden

    def test_articles_show_the_name_of_their_source(self, room: Newsroom, open_site: Any) -> None:
        room.story("Громада має бюджет")
        assert '<a href="/news/sources/portal">Портал громад</a>' in open_site(room).get("/news/articles").text

    def test_the_front_page_shows_how_the_latest_run_went(self, room: Newsroom, open_site: Any) -> None:
        room.run("portal", new=3)
        room.run("letter", state="blocked")
        room.source("newcomer")
        front = open_site(room).get("/").text
        assert "3 new" in front
        assert "never read" in front
        assert "blocked" in front
        assert "/news/source_health" in front
        assert "/news/coverage" in front

    @pytest.mark.parametrize(
        ("now", "dot", "words"),
        [
            ("2026-02-20T18:00:00Z", "well", "3 new"),
            ("2026-02-22T11:59:00Z", "well", "3 new"),
            ("2026-02-22T13:00:00Z", "ill", "not read for 2 days"),
            ("2026-03-02T13:00:00Z", "ill", "not read for 10 days"),
        ],
    )
    def test_the_front_page_tells_when_reading_has_stopped(
        self, room: Newsroom, now: str, dot: str, words: str
    ) -> None:
        room.run("portal", new=3)
        site = room.done(now)
        front = site.get("/").text
        site.close()
        assert f'<span class="dot {dot}"' in front
        assert f'<span class="muted">{words}</span>' in front
        assert ("Not read for" in front) == (dot == "ill")

    def test_the_front_page_shows_what_a_person_must_look_at(self, room: Newsroom, open_site: Any) -> None:
        room.run("portal", new=3)
        rows(room.db, "problems", source_id="portal", stage="drift", message="few items", first_at="x", last_at="x")
        front = open_site(room).get("/").text
        assert '<span class="dot ill"' in front
        assert "few items" in front
        assert '<span class="dot well"' not in front

    def test_days_without_any_run_are_not_collected_days(self, room: Newsroom) -> None:
        room.run("portal", new=3)
        room.run("letter")
        room.db.execute("UPDATE sources SET enabled = 0 WHERE id = 'letter'")
        site = room.done("2026-02-23T09:00:00Z")
        found = site.json("/news/coverage.json?_shape=objects&source_id=portal")["rows"]
        gone = site.json("/news/coverage.json?_shape=objects&source_id=letter")["rows"]
        site.close()
        assert [(row["day"], row["attempts"], row["verdict"]) for row in found] == [
            ("2026-02-22", 0, "not_collected"),
            ("2026-02-21", 0, "not_collected"),
            ("2026-02-20", 1, "collected"),
        ]
        assert [row["day"] for row in gone] == ["2026-02-20"]

    @pytest.mark.parametrize("query", ["newest", "waiting", "flagged", "gaps"])
    def test_canned_queries_answer(self, room: Newsroom, open_site: Any, query: str) -> None:
        room.story("Громада має бюджет")
        site = open_site(room)
        assert site.get(f"/news/{query}").status_code == 200
        assert site.json(f"/news/{query}.json")["ok"] is True
