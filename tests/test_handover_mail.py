"""Test mails: one recipient, checked certificates, one line for every failure, no password told."""

from __future__ import annotations

import ssl
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

from core.errors import HandoverError
from newsletter.handover import smtp
from newsletter.settings import DEFAULT
from pipeline import asking
from pipeline.__main__ import main
from tests.support.digesting import Paper
from tests.support.mail_server import CERTIFICATES, MailServer

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

TO = "olena@example.org"
EML = (
    b"Subject: =?utf-8?q?=D0=92=D1=96=D1=81=D0=BD=D0=B8=D0=BA?=\r\nFrom: V <news@visnyk.example>\r\n"
    b"Message-ID: <abc@visnyk.example>\r\nX-Unsent: 1\r\n\r\nText\r\n"
)


@pytest.fixture(autouse=True)
def _trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))


def settings(server: MailServer, encryption: str = "starttls", user: str = "visnyk") -> smtp.SmtpSettings:
    return smtp.SmtpSettings("localhost", server.port, encryption, user)  # type: ignore[arg-type]


def send(server: MailServer, encryption: str = "starttls", password: str = "s3cret-0f-the-mail") -> None:
    smtp.send(smtp.test_mail(EML, TO), TO, settings(server, encryption), password, asking.tls())


def parsed(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=policy.default)


@pytest.mark.parametrize(("implicit", "encryption"), [(False, "starttls"), (True, "tls")])
def test_a_mail_goes_to_one_address_over_checked_tls(implicit: bool, encryption: str) -> None:
    with MailServer(implicit=implicit) as server:
        send(server, encryption)
        send(server, encryption)
    first, second = map(parsed, server.mails)
    assert (first["To"], first["Subject"], first["X-Unsent"]) == (TO, "[Test] Вісник", None)
    assert first["Message-ID"] == second["Message-ID"]
    assert str(first["Message-ID"]).endswith("@visnyk.example>")
    assert server.envelopes[:2] == ["mail FROM:<news@visnyk.example>", f"rcpt TO:<{TO}>"]
    assert len(server.envelopes) == 4
    secret_sent = [line for line in server.commands if line.startswith("AUTH")]
    assert len(secret_sent) == 2


@pytest.mark.parametrize(("certificate", "word"), [("expired", "expired"), ("another_host", "ostname mismatch")])
def test_a_bad_certificate_gets_no_password(certificate: str, word: str) -> None:
    with MailServer(certificate=certificate) as server, pytest.raises(HandoverError, match=word):
        send(server)
    assert not [line for line in server.commands if line.startswith("AUTH")]
    assert server.mails == []


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ({"STARTTLS": b"454 not now"}, "refused|offers no encryption"),
        ({"EHLO": b"250 mail.test"}, "offers no encryption"),
        ({"RCPT": b"550 nobody here"}, rf"does not take mail for {TO} \(550\): nobody here"),
        ({"MAIL": b"451 later"}, r"refused \(451\): later"),
        ({"DATA": b"554 no"}, r"refused \(554\): no"),
        ({".": b"552 too large"}, r"refused \(552\): too large"),
        ({".": b""}, "the connection was closed; it is not known whether it took the mail"),
        ({"MAIL": b"not a reply"}, "smtp: localhost"),
    ],
)
def test_what_fails_is_one_line(faults: dict[str, bytes], said: str) -> None:
    with MailServer(faults=faults) as server, pytest.raises(HandoverError, match=said) as error:
        send(server)
    assert str(error.value).startswith(f"smtp: localhost:{server.port}")
    assert "\n" not in str(error.value)
    assert error.value.__cause__ is None


def test_a_wrong_password_is_not_told() -> None:
    with MailServer() as server, pytest.raises(HandoverError, match=r"did not let us in \(535\)") as error:
        send(server, password="another-0ne")
    assert "another-0ne" not in str(error.value)
    assert server.mails == []


def test_a_server_that_talks_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "_MOST_BYTES", 2_000)
    endless = {"EHLO": b"250-more\r\n" * 1_000 + b"250 done"}
    with MailServer(faults=endless) as server, pytest.raises(HandoverError, match="the connection was closed"):
        send(server)


def test_a_server_that_is_slow_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "MOST_SECONDS", -1.0)
    with MailServer() as server, pytest.raises(HandoverError, match="no answer in time"):
        send(server)


def test_nobody_there() -> None:
    with pytest.raises(HandoverError, match="smtp: localhost:9: connection refused"):
        smtp.send(
            smtp.test_mail(EML, TO), TO, smtp.SmtpSettings("localhost", 9, "none"), "", ssl.create_default_context()
        )


@pytest.mark.parametrize("lists", ["", 'lists = ["News@example.org"]'])
def test_the_command_mails_a_draft_or_an_issue_and_seals_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lists: str
) -> None:
    monkeypatch.setenv("VISNYK_SMTP_PASSWORD", "s3cret-0f-the-mail")
    paper = Paper(tmp_path / "news.db")
    paper.story("Громада має бюджет")
    with MailServer() as server:
        table = f'[handover.smtp]\nhost = "localhost"\nport = {server.port}\nuser = "visnyk"\n{lists}\n'
        (tmp_path / "my.toml").write_text(f"{DEFAULT.read_text('utf-8')}\n{table}", encoding="utf-8")
        given = ["digest", "--db", str(tmp_path / "news.db"), "--out", str(tmp_path), "--format", "txt"]
        given += ["--newsletter", str(tmp_path / "my.toml"), "--send-to", "smtp"]
        assert main([*given, "--to", TO]) == 0
        for wrong in ("", "a@b.example, c@d.example", "nobody", "a@b.example\n", "ї@b.example"):
            assert main([*given, "--to", wrong]) == 2 if wrong.isprintable() else True
        assert (main([*given, "--to", "news@example.org"]) == 2) == bool(lists)
    said = capsys.readouterr()
    assert f"mailed to {TO} as a test" in said.out
    assert "s3cret" not in said.out + said.err
    assert len(server.mails) == 1 + (not lists)
    mail = parsed(server.mails[0])
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Громада має бюджет" in body.get_content()
    assert paper.rows("SELECT count(*) FROM digest_handovers") == [(0,)]
    paper.close()
