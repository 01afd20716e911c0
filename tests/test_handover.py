"""Hand-over: one draft at the service whatever happens, nothing sent, no secret told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.handover import attempts
from newsletter.handover.keila import Keila
from newsletter.settings import DEFAULT
from pipeline import asking
from pipeline.__main__ import main
from tests.support.digesting import Paper
from tests.support.mailing_services import RULES, SECRET, VARIABLES, StandIn, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = sorted(RULES)
ONE = pytest.mark.parametrize("desk", ["listmonk"], indirect=True)  # what is the same for all services
HOSTILE = "Громада {{ .Subscriber.Email }} {% now %} {# a #} <b>&"


class Desk:
    """The command, with one sealed issue and one service."""

    def __init__(self, folder: Path, name: str, service: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.name, self.service, self.capsys = folder, name, service, capsys
        self.path, self.settings = folder / "news.db", folder / "my.toml"
        self.settings.write_text(f"{DEFAULT.read_text('utf-8')}\n{settings(name, service.url)}", encoding="utf-8")
        paper = Paper(self.path)
        paper.story("Громада має бюджет", "Community has a budget")
        paper.story(HOSTILE, "Community {{ UnsubscribeURL }} has a plan")
        paper.seal("issue-1")
        paper.close()
        self.said = ""

    def run(self, *arguments: str, issue: str = "issue-1") -> int:
        given = ["digest", "--db", str(self.path), "--out", str(self.folder / "out"), "--format", "txt"]
        given += ["--newsletter", str(self.settings), *(["--issue", issue] if issue else [])]
        code = main([*given, "--send-to", self.name, *arguments])
        told = self.capsys.readouterr()
        self.out, self.err = told.out, told.err
        self.said += told.out + told.err
        return code

    def rows(self, sql: str = "SELECT service, done_at IS NOT NULL, error <> '' FROM digest_handovers") -> list[Any]:
        paper = Paper(self.path)
        try:
            return paper.rows(sql)
        finally:
            paper.close()

    def bodies(self) -> list[str]:
        """What the service has, as text."""
        return [json.dumps(one, ensure_ascii=False) for one in self.service.campaigns]


@pytest.fixture(params=NAMES)
def desk(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Desk]:
    """No secret may be anywhere at the end, and nothing may have been asked for that sends."""
    monkeypatch.setenv(VARIABLES[request.param], SECRET)
    monkeypatch.setattr(Keila, "settle_seconds", 0.0)
    with StandIn(RULES[request.param]) as service:
        made = Desk(tmp_path, request.param, service, capsys)
        yield made
    assert service.violations == []
    assert SECRET not in made.said
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or SECRET.encode() not in path.read_bytes(), path


def test_a_draft_with_all_of_the_issue(desk: Desk) -> None:
    assert desk.run() == 0
    (made,) = desk.service.campaigns
    (text,) = desk.bodies()
    assert "Громада має бюджет" in text
    assert "Decentralisation bulletin" in made["subject"]
    assert "issue-1: a draft is at" in desk.out
    assert "nothing was sent to subscribers" in desk.out
    assert desk.rows() == [(desk.name, 1, 0)]
    expected: dict[str, dict[str, Any]] = {
        "listmonk": {"status": "draft", "send_at": None, "type": "regular", "content_type": "html", "template_id": 2},
        "keila": {"sent_at": None, "scheduled_for": None, "sender_id": "ns_1", "settings": {"type": "html"}},
        "buttondown": {"status": "draft", "email_type": "public"},
    }
    assert {key: made[key] for key in expected[desk.name]} == expected[desk.name]
    assert desk.name != "listmonk" or [one["id"] for one in made["lists"]] == [3, 5]
    assert desk.name != "buttondown" or "<body" not in made["body"]


def test_subject_and_preview_of_the_editors_and_the_expressions_of_the_service(desk: Desk) -> None:
    paper = Paper(desk.path)
    for field, text in (("subject", "Тема {{ x }}"), ("preview", "Коротко {% y %}")):
        paper.db.execute("INSERT INTO digest_texts VALUES (1, ?, ?)", (field, text))
    paper.close()
    assert desk.run() == 0
    (made,) = desk.service.campaigns
    assert made["subject"] == "Тема { { x }}"
    preview = {"listmonk": "body", "keila": "preview_text", "buttondown": "description"}[desk.name]
    assert ("Коротко &#123;% y %}" if preview == "body" else "Коротко { % y %}") in made[preview]
    html = made["html_body" if desk.name == "keila" else "body"]
    unsubscribe = {"listmonk": "UnsubscribeURL", "keila": "unsubscribe_link", "buttondown": "unsubscribe_url"}
    browser = {"listmonk": "MessageURL", "keila": "public_link", "buttondown": "email_url"}
    assert f'href="{{{{ {unsubscribe[desk.name]} }}}}"' in html
    assert (f'href="{{{{ {browser[desk.name]} }}}}"' in html) == (desk.name != "keila")
    assert "placeholder.invalid" not in json.dumps(made)
    if desk.name == "listmonk":
        assert "{{ UnsubscribeURL }}" in made["altbody"]
        assert "Тема" not in made["name"]


@ONE
def test_an_issue_whose_page_is_not_published_says_so(desk: Desk) -> None:
    paper = Paper(desk.path)
    paper.db.execute("UPDATE digests SET settings = json_set(settings, '$.site', 'https://news.example')")
    paper.close()
    assert desk.run() == 0
    assert "a page that is not published yet: `visnyk digest --publish --issue issue-1`" in desk.out
    (made,) = desk.service.campaigns
    assert 'href="https://news.example/issues/issue-1"' in made["body"]
    assert "MessageURL" not in made["body"]


@ONE
def test_the_templates_and_languages_that_the_issue_was_sealed_with(desk: Desk) -> None:
    templates = json.dumps({"issue.html.j2": "<p>Наш шаблон: {{ issue.name }}</p>"})
    paper = Paper(desk.path)
    paper.db.execute(
        "UPDATE digests SET templates = ?, settings = json_set(settings, '$.languages', 'uk-en')", (templates,)
    )
    paper.close()
    assert desk.run() == 0
    (made,) = desk.service.campaigns
    assert "Наш шаблон: Вісник" in made["body"]
    assert made["subject"].startswith("Вісник")


@pytest.mark.fault("O14")
def test_text_of_others_is_no_expression_of_the_service(desk: Desk) -> None:
    """The stand-in refuses every expression that is not ours, as the template engine would run it."""
    assert desk.run() == 0
    (text,) = desk.bodies()
    assert "{{ .Subscriber" not in text
    assert "&#123;{ .Subscriber.Email }} &#123;% now %}" in text


@ONE
def test_again_says_where_it_is_and_changes_nothing(desk: Desk) -> None:
    desk.run()
    asked = len(desk.service.asked)
    assert desk.run("--json") == 0
    (told,) = json.loads(desk.out)["handed_over"]
    assert (told["how"], told["service"], told["issue"]) == ("before", desk.name, "issue-1")
    assert told["url"].startswith("http")
    assert len(desk.service.asked) == asked


def test_a_draft_that_was_deleted_there_is_made_again_when_asked_for(desk: Desk) -> None:
    desk.run()
    assert desk.run("--again") == 0
    assert "has the campaign from an earlier attempt" in desk.out
    assert len(desk.service.campaigns) == 1
    desk.service.campaigns.clear()
    desk.service.faults = ["fail"]
    assert desk.run("--again") == 1
    assert desk.rows() == [(desk.name, 0, 1)]  # no more the campaign that is not there
    assert desk.run() == 0
    assert "a draft is at" in desk.out
    assert len(desk.service.campaigns) == 1


@pytest.mark.parametrize("fault", ["lose", "cut", "late", "garbage"])
@pytest.mark.fault("O13")
def test_what_was_stored_before_the_answer_failed_is_found_at_once(desk: Desk, fault: str) -> None:
    desk.service.faults = [fault]
    assert desk.run() == 0
    assert len(desk.service.campaigns) == 1
    assert desk.rows() == [(desk.name, 1, 0)]


@pytest.mark.parametrize("fault", ["refuse", "busy", "fail", "move", "drop"])
@pytest.mark.fault("O13")
def test_what_was_not_stored_is_one_line_and_is_made_by_the_next_attempt(desk: Desk, fault: str) -> None:
    desk.service.faults = [fault]
    assert desk.run() == 1
    assert desk.err.startswith(f"issue-1 is not handed over: {desk.name}: POST {desk.service.url}/")
    assert desk.err.count("\n") == 1
    assert desk.rows() == [(desk.name, 0, 1)]
    assert desk.run() == 0
    assert len(desk.service.campaigns) == 1
    assert desk.rows() == [(desk.name, 1, 0)]


@ONE
@pytest.mark.fault("O13")
def test_a_time_out_after_it_was_stored(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The POST alone is waited for briefly: however slow this machine is, what else is asked gets its answer."""
    long, brief = asking.SECONDS, 1.0

    def hook(moment: str) -> None:
        if moment in ("get", "stored"):
            monkeypatch.setattr(asking, "SECONDS", long if desk.service.campaigns else brief)

    desk.service.faults, desk.service.hook = ["hang"], hook
    assert desk.run() == 0
    assert len(desk.service.campaigns) == 1
    assert [line.partition(" ")[0] for line in desk.service.asked] == ["GET", "POST", "GET"]


def test_the_campaign_of_a_lost_row_is_found_among_many(desk: Desk) -> None:
    """As after a backup was put back: the service is asked before anything is made."""
    desk.run()
    paper = Paper(desk.path)
    paper.db.execute("DELETE FROM digest_handovers")
    paper.close()
    others: list[dict[str, Any]] = [{"id": 7, "tags": [], "metadata": None, "data": None} for _ in range(5)]
    desk.service.campaigns = [*others, *desk.service.campaigns, *others]
    assert desk.run() == 0
    assert "has the campaign from an earlier attempt" in desk.out
    assert len(desk.service.campaigns) == 11


@pytest.mark.parametrize("is_unique", [True, False])
def test_a_service_that_refuses_nothing_twice_gets_it_once_too(desk: Desk, is_unique: bool) -> None:
    desk.service.is_unique, desk.service.faults = is_unique, ["lose"]
    desk.run()
    paper = Paper(desk.path)
    paper.db.execute("UPDATE digest_handovers SET done_at = NULL")
    paper.close()
    assert desk.run() == 0
    assert len(desk.service.campaigns) == 1


def test_a_wrong_secret_names_its_variable(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLES[desk.name], "another-0ne")
    assert desk.run() == 1
    assert VARIABLES[desk.name] in desk.err
    assert "another-0ne" not in desk.said
    assert desk.rows() == []  # nothing was begun: the seal can still be undone


@ONE
@pytest.mark.parametrize("secret", ["", " ", "два", "a b", "a\nb"])
def test_a_secret_that_is_none_is_wrong_usage(desk: Desk, monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv(VARIABLES[desk.name], secret)
    assert desk.run() == 2
    assert VARIABLES[desk.name] in desk.err
    assert desk.service.asked == []


@ONE
def test_nobody_there(desk: Desk) -> None:
    desk.settings.write_text(settings(desk.name, "http://127.0.0.1:9"), encoding="utf-8")
    assert desk.run() == 1
    assert "no connection to 127.0.0.1: connection refused" in desk.err
    assert desk.rows() == []


@ONE
def test_a_debug_run_tells_no_secret(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISNYK_DEBUG", "1")
    desk.service.faults = ["fail"]
    assert desk.run() == 1
    assert "Traceback" in desk.err


def test_sealing_and_handing_over_is_safe_to_repeat(desk: Desk) -> None:
    paper = Paper(desk.path)
    paper.story("Третя новина")
    paper.close()
    desk.service.faults = ["fail"]
    assert desk.run("--seal", issue="") == 1
    assert "issue-2 (sealed)" in desk.out
    assert desk.run("--seal", issue="") == 0
    assert "issue-2: a draft is at" in desk.out
    assert desk.run("--seal", issue="") == 0
    assert len(desk.service.campaigns) == 1


@ONE
def test_an_open_draft_is_not_handed_over(desk: Desk) -> None:
    paper = Paper(desk.path)
    paper.story("Четверта новина")
    name = paper.draft().name
    paper.close()
    assert desk.run(issue=name) == 2
    assert f"{name} is not sealed" in desk.err
    assert desk.service.asked == []


@ONE
def test_an_issue_of_another_newsletter_is_refused(desk: Desk) -> None:
    paper = Paper(desk.path)
    paper.db.execute("UPDATE digests SET newsletter = 'monthly'")
    paper.close()
    assert desk.run() == 2
    assert "issue-1 is of the newsletter monthly" in desk.err
    assert desk.service.asked == []


@ONE
def test_a_second_hand_over_at_once_leaves(desk: Desk) -> None:
    with attempts._alone(desk.path):
        assert desk.run() == 75
    assert "another hand-over" in desk.err
    assert desk.run() == 0


@ONE
def test_a_list_that_listmonk_does_not_know_is_told(desk: Desk) -> None:
    desk.settings.write_text(settings("listmonk", desk.service.url).replace("[3, 5]", "[3, 555]"), encoding="utf-8")
    assert desk.run() == 0
    assert "listmonk knows no list 555" in desk.out


@pytest.mark.fault("O13")
def test_killed_anywhere_there_is_one_campaign(tmp_path: Path) -> None:
    """Killed at each moment of a hand-over to each service; the next attempt ends it."""
    command = [sys.executable, "-m", "tests.support.handover_kills", "15", str(tmp_path)]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["killed"] == 15
    assert told["campaigns"] == {"1": 15}
    assert told["done"] == 15
