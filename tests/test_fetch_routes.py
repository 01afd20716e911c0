"""`--connect-to`: requests go to another machine, addresses stay those of the site."""

from __future__ import annotations

import pytest

from core.errors import Unreachable, UsageError
from scrapers.http.routes import parse_routes
from tests.support.fetching import Run, another
from tests.support.hostile import GOOD, HostileServer, answer, redirect


def test_values_become_routes() -> None:
    assert parse_routes(["News.test=http://127.0.0.1:8000", "b.test=http://[::1]:9/x/"]) == {
        "news.test": "http://127.0.0.1:8000",
        "b.test": "http://[::1]:9/x/",
    }
    assert parse_routes([]) == {}


@pytest.mark.parametrize(
    "value",
    ["", "news.test", "=http://127.0.0.1", "news.test=", "news.test=127.0.0.1:80", "news.test=ftp://x/", "a/b=http://x/",
     "news.test=http://u:p@x/", "news.test=http://x:99999/", "news.test=http://x/?a=b", "https://news.test=http://x/"],
)  # fmt: skip
def test_nonsense_is_a_usage_error(value: str) -> None:
    with pytest.raises(UsageError, match="--connect-to"):
        parse_routes([value])


def test_one_host_cannot_go_two_ways() -> None:
    with pytest.raises(UsageError, match="twice"):
        parse_routes(["a.test=http://x/", "a.test=http://y/"])


@pytest.mark.parametrize(
    "url", ["https://news.test/n", "http://news.test/n", "http://news.test:8080/n", "https://NEWS.test./n"]
)
def test_any_scheme_and_port_of_the_host_is_served_and_stored_as_https(url: str) -> None:
    with HostileServer({"/n": answer()}) as server:
        run = Run({"news.test": server.url})
        page = run.fetch(url)
    assert (page.url, page.final_url) == ("https://news.test/n", "https://news.test/n")
    assert {one.url.partition("/n")[0] for one in run.pages()} == {"https:/"}
    assert server.asked[-1].host == "news.test"


@pytest.mark.parametrize("host", ["old.test", "www.news.test", "www.old.test"])
def test_the_other_names_of_a_site_go_the_same_way(host: str) -> None:
    with HostileServer({"/n": answer()}) as server:
        page = Run({"news.test": server.url}).fetch(f"https://{host}/n")
        assert server.asked[-1].host == host
    assert page.final_url == f"https://{host}/n"


def test_a_name_with_a_route_of_its_own_uses_it() -> None:
    with HostileServer({"/n": answer()}) as first, HostileServer({"/n": answer()}) as second:
        Run({"news.test": first.url, "old.test": second.url}).fetch("https://old.test/n")
        assert first.asked == []
        assert second.paths() == ["/n"]


def test_the_path_of_the_route_stands_before_every_path() -> None:
    replies = {
        "/site/a": redirect("/site/b"),  # the server knows its prefix
        "/site/b": redirect("/c"),  # it does not
        "/site/c": redirect("d"),
        "/site/d": answer(),
        "/site/robots.txt": answer(200, b"User-agent: *\nDisallow: /hidden", kind="text/plain"),
    }
    with HostileServer(replies) as server:
        run = Run({"news.test": f"{server.url}/site/"})
        page = run.fetch("/a")
        assert [one.path for one in server.asked] == ["/site/robots.txt", "/site/a", "/site/b", "/site/c", "/site/d"]
    assert page.final_url == "https://news.test/d"
    assert [one.url for one in run.pages()] == [f"https://news.test/{name}" for name in "abcd"]


def test_redirects_to_the_routed_machine_stay_in_the_site() -> None:
    with HostileServer() as server:
        server.replies = {
            "/a": redirect(f"{server.url}/b", 301),
            "/b": redirect("http://old.test/c"),
            "/c": redirect(f"http://news.test:{server.port}/d"),
            "/d": answer(),
        }
        page = Run({"news.test": server.url}).fetch("/a")
    assert page.final_url == "https://news.test/d"
    assert page.redirects == ("https://news.test/a → https://news.test/b",)


def test_the_routed_machine_is_reached_by_its_route_only() -> None:
    with HostileServer({"/n": answer()}) as server:
        run = Run({"news.test": server.url})
        for target in (f"{server.url}/n", f"http://localhost:{server.port}/n"):
            with pytest.raises(Unreachable, match=r"route only|not a public address"):
                run.fetch(target, source=another("evil", "evil.test"))
        assert server.asked == []


def test_another_port_of_the_routed_machine_is_refused() -> None:
    with (
        HostileServer({"/n": answer()}) as canary,
        HostileServer({"/": redirect(f"https://127.0.0.1:{canary.port}/n")}) as server,
    ):
        with pytest.raises(Unreachable, match="not a public address"):
            Run({"news.test": server.url}).fetch("/")
        assert canary.asked == []


@pytest.mark.fault("N34")
def test_two_sites_on_one_port_are_told_apart_by_their_names() -> None:
    one, two = another("one", "one.test"), another("two", "two.test")
    with HostileServer() as server:
        server.replies = {"/a": redirect(f"{server.url}/b"), "/b": answer()}
        run = Run({"one.test": server.url, "two.test": server.url}, sources=[one, two])
        assert run.fetch("https://two.test/a", source=two).final_url == "https://two.test/b"
        assert run.fetch("https://one.test/a", source=one).body == GOOD
        assert {asked.host for asked in server.asked} == {"one.test", "two.test"}
