"""Settings and secrets of services: what is refused, by name, before anything is asked; waiting; texts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import FetchError, HandoverError, UsageError
from newsletter.handover import campaign, services
from newsletter.handover.attempts import hand_over
from newsletter.handover.campaign import BROWSER_VIEW, UNSUBSCRIBE, HttpAnswer, RemoteCampaign
from newsletter.handover.json_api import JsonApi
from newsletter.settings import DEFAULT, read_newsletter
from pipeline import asking
from tests.support.digesting import Paper
from tests.support.mailing_services import RULES, SECRET, StandIn

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.handover.campaign import Campaign

LISTMONK = 'user = "u"\nlists = [1]\n'
SMTP = 'host = "mail.example.org"\n'


def tables(folder: Path, text: str) -> dict[str, dict[str, Any]]:
    path = folder / "my.toml"
    path.write_text(text, encoding="utf-8")
    read_newsletter(path)
    return services.tables(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[handover.mailchimp]\n", "there is no such service; known: listmonk, keila, buttondown, smtp"),
        ("[handover]\nlistmonk = 1\n", "written as [handover.listmonk]"),
        (f'[handover.listmonk]\n{LISTMONK}token = "abc"\n', "token is not read from a file"),
        ('[handover.keila]\napi_key = "abc"\n', "api_key is not read from a file"),
        (f"[handover.listmonk]\n{LISTMONK}colour = 1\n", "unknown key colour"),
        (f"[handover.listmonk]\n{LISTMONK}", "url is missing"),
        ('[handover.listmonk]\nurl = "https://a.example"\nuser = ""\nlists = [1]\n', "user is missing"),
        ('[handover.listmonk]\nurl = "https://a.example"\nuser = "u"\nlists = []\n', "lists must be a list of numbers"),
        ('[handover.listmonk]\nurl = "https://a.example"\nuser = "u"\nlists = ["1"]\n', "list of numbers"),
        ('[handover.listmonk]\nurl = "https://a.example"\nuser = "u"\nlists = [true]\n', "list of numbers"),
        ('[handover.keila]\nsender_id = 5\n', "sender_id must be a text"),
        ('[handover.keila]\nsender_id = "a\\nb"\n', "sender_id must be a text in one line"),
        (f'[handover.smtp]\n{SMTP}port = 65536\n', "port must be a number"),
        (f'[handover.smtp]\n{SMTP}encryption = "maybe"\n', "encryption must be starttls, tls or none"),
        (f'[handover.smtp]\n{SMTP}encryption = "none"\n', "without encryption only a mail server on a private"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        tables(tmp_path, text)
    assert said in str(error.value)
    assert "abc" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://lists.example.org", True),
        ("https://lists.example.org/mail/", True),
        ("http://127.0.0.1:9000", True),
        ("http://localhost:9000", True),
        ("http://10.1.2.3", True),
        ("http://[::1]:9000", True),
        ("http://lists.example.org", False),
        ("http://8.8.8.8", False),
        ("http://localhost.example.org", False),
        ("https://user:pa55@lists.example.org", False),
        ("https://lists.example.org?token=pa55", False),
        ("https://lists.example.org:99999", False),
        ("ftp://lists.example.org", False),
        ("lists.example.org", False),
    ],
)
def test_secrets_go_over_https_or_stay_in_the_house(tmp_path: Path, url: str, fits: bool) -> None:
    text = f'[handover.listmonk]\nurl = "{url}"\n{LISTMONK}'
    if fits:
        assert tables(tmp_path, text)["listmonk"]["url"] == url.rstrip("/")
        return
    with pytest.raises(UsageError, match=r"handover\.listmonk: url must") as error:
        tables(tmp_path, text)
    assert "pa55" not in str(error.value)


def test_the_examples_in_our_settings_fit(tmp_path: Path) -> None:
    text = DEFAULT.read_text(encoding="utf-8")
    examples = "\n".join(line[2:] for line in text.partition("# [handover")[2].splitlines() if line.startswith("# "))
    assert set(tables(tmp_path, f"[handover{text.partition('# [handover')[2].splitlines()[0]}\n{examples}")) == {
        "listmonk", "keila", "buttondown", "smtp",
    }  # fmt: skip


def test_a_service_that_is_not_set_up(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"keila is not set up: .* a table \[handover.keila\]"):
        services.service("keila", tables(tmp_path, ""), lambda *_: HttpAnswer(200, b""), {})
    known = tables(tmp_path, f"[handover.smtp]\n{SMTP}")
    for name in ("smtp", "mailchimp", ""):
        with pytest.raises(UsageError, match="takes no drafts; known: listmonk, keila, buttondown"):
            services.service(name, known, lambda *_: HttpAnswer(200, b""), {})


class Keeper:
    """A service that keeps campaigns, and how long was waited for it."""

    name, has_browser_view, settle_seconds = "keila", False, 10.0

    def __init__(self) -> None:
        self.made: list[Campaign] = []
        self.fails = True

    def find(self, key: str) -> RemoteCampaign | None:
        return RemoteCampaign("1", "u") if any(one.key == key for one in self.made) else None

    def create(self, campaign: Campaign) -> RemoteCampaign:
        if self.fails:
            raise HandoverError("no answer")
        self.made.append(campaign)
        return RemoteCampaign("1", "u")


@pytest.mark.parametrize(("later", "waited"), [(0, 10.0), (4, 6.0), (10, 0.0), (11, 0.0), (-5, 10.0)])
def test_after_a_broken_off_attempt_the_service_is_given_time(tmp_path: Path, later: int, waited: float) -> None:
    paper, path, service = Paper(tmp_path / "news.db"), tmp_path / "news.db", Keeper()
    paper.story("Громада")
    paper.seal("issue-1")
    begun, waits = datetime(2026, 3, 9, 12, tzinfo=UTC), list[float]()

    def attempt(at: datetime) -> None:
        hand_over(path, "issue-1", service, newsletter_id="bulletin", by="o", clock=lambda: at, pause=waits.append)

    with closing(paper), pytest.raises(HandoverError):
        attempt(begun)
    assert waits == []
    service.fails = False
    attempt(begun + timedelta(seconds=later))
    assert waits == [waited]
    assert len(service.made) == 1


def test_an_issue_sealed_anew_is_another_one() -> None:
    keys = {
        campaign.key_of("a", "issue-1", "1"),
        campaign.key_of("a", "issue-1", "2"),
        campaign.key_of("b", "issue-1", "1"),
    }
    assert len(keys) == 3
    assert campaign.key_of("a", "issue-1", "1") in keys


def test_only_our_own_places_become_expressions() -> None:
    html = f'<a href="{UNSUBSCRIBE}">x</a> {{{{ y }}}} {{% z %}} {{# c #}} {{a}} <style>b{{c:d}}</style>{BROWSER_VIEW}'
    assert campaign.in_html(html, "{{ U }}", "{{ B }}") == (
        '<a href="{{ U }}">x</a> &#123;{ y }} &#123;% z %} &#123;# c #} {a} <style>b{c:d}</style>{{ B }}'
    )
    assert campaign.in_text(f"{{{{ y }}}} {{{{{{ {UNSUBSCRIBE}", "{{ U }}") == "{ { y }} { { { {{ U }}"


def test_the_secret_is_taken_out_of_what_a_service_says() -> None:
    body = b'{"message": "no such token t0ken\\nof visnyk"}'
    api = JsonApi("x", "https://x.example", {"A": "t0ken"}, ("VAR", "t0ken"), lambda *_: HttpAnswer(400, body))
    with pytest.raises(HandoverError, match=r"^x: POST https://x.example/p answered 400: no such token … of visnyk$"):
        api.post("/p", {})


def test_the_cause_of_a_failed_request_is_not_kept() -> None:
    """It may hold the headers that were sent."""

    def ask(*_: object) -> HttpAnswer:
        raise FetchError("broken t0ken", "https://x.example")

    with pytest.raises(HandoverError) as error:
        JsonApi("x", "https://x.example", {"A": "t0ken"}, ("VAR", "t0ken"), ask).get("/p")
    assert str(error.value) == "x: GET https://x.example/p: broken …"
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__


def test_a_request_can_be_made_in_a_thread_of_a_server() -> None:
    """The desk hands over there; signals belong to the main thread."""
    with StandIn(RULES["keila"]) as service, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(asking.ask, f"{service.url}/api/v1/campaigns", {}, None).result(10)
    assert answer.status == 403


def test_an_answer_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_BYTES", 10)
    with StandIn(RULES["keila"]) as service, pytest.raises(FetchError):
        service.campaigns = [{"id": "mc_1", "subject": "x" * 100}]
        asking.ask(f"{service.url}/api/v1/campaigns", {"Authorization": f"Bearer {SECRET}"}, None)
