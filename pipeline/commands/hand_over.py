"""`digest --send-to`: hand a sealed issue over to a mailing service, or mail an issue to one editor as a test."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from core.errors import HandoverError, UsageError
from db import digests, handovers

if TYPE_CHECKING:
    import argparse
    import sqlite3
    from collections.abc import Callable
    from datetime import datetime

    from newsletter.handover.campaign import MailingService
    from newsletter.handover.smtp import SmtpSettings
    from newsletter.issue import Issue, Newsletter


class SendTo(Protocol):
    """A request of `--send-to`, checked before anything is done: what cannot be handed over is not sealed for it."""

    def note(self, connection: sqlite3.Connection, issue: Issue) -> None:
        """Note in the transaction that seals the issue that it shall be handed over: a later run goes on from it."""
        ...

    def run(self, issue: Issue | None) -> list[tuple[dict[str, Any], str]]:
        """Do it, outside any transaction; return for each what `--json` tells and a line. Raises HandoverError."""
        ...


@dataclass(frozen=True)
class ToService:
    """Hand over the issue asked for or, after sealing, all that were sealed for the service and are not there yet."""

    path: Path
    newsletter: Newsletter
    service: MailingService
    by: str
    clock: Callable[[], datetime]
    after_sealing: bool
    again: bool

    def note(self, connection: sqlite3.Connection, issue: Issue) -> None:
        """Ask for the hand-over."""
        row = digests.issue_named(connection, issue.name)
        assert row is not None
        handovers.ask_for(connection, row["id"], self.service.name, self.by)

    def run(self, issue: Issue | None) -> list[tuple[dict[str, Any], str]]:
        """Hand over one after the other; the first that fails ends it."""
        return [self._one(name) for name in self._names(issue)]

    def _names(self, issue: Issue | None) -> list[str]:
        from db.store import open_for_reading

        if not self.after_sealing:
            return [issue.name] if issue is not None else []
        with closing(open_for_reading(self.path)) as connection:
            return handovers.unfinished(connection, self.newsletter.id, self.service.name)

    def _one(self, name: str) -> tuple[dict[str, Any], str]:
        from newsletter.handover.attempts import hand_over

        own = self.newsletter.id
        try:
            done = hand_over(
                self.path, name, self.service, newsletter_id=own, by=self.by, clock=self.clock, again=self.again
            )
        except HandoverError as error:
            again = f"`visnyk digest --issue {name} --send-to {self.service.name}` tries again, and asks first"
            raise HandoverError(f"{name} is not handed over: {error}; {again}") from error
        return asdict(done), done.line


@dataclass(frozen=True)
class ToEditor:
    """Mail the issue, sealed or not, to one address."""

    to: str
    server: SmtpSettings
    password: str = field(repr=False)

    def note(self, connection: sqlite3.Connection, issue: Issue) -> None:
        """Note nothing: a test mail is no hand-over."""

    def run(self, issue: Issue | None) -> list[tuple[dict[str, Any], str]]:
        """Send the mail."""
        from newsletter import exporting
        from newsletter.handover import smtp
        from pipeline import asking

        if issue is None:
            return []
        mail = smtp.test_mail(exporting.render(issue, ["eml"])["eml"], self.to)
        smtp.send(mail, self.to, self.server, self.password, asking.tls())
        told = {"issue": issue.name, "service": "smtp", "to": self.to}
        return [(told, f"{issue.name}: mailed to {self.to} as a test")]


def asked(args: argparse.Namespace, newsletter: Newsletter, clock: Callable[[], datetime]) -> SendTo | None:
    """Return what `--send-to` asks for, or None. Raises UsageError for what does not fit, or is not set up."""
    if args.send_to is None:
        if args.to is not None or args.again:
            raise UsageError(f"{'--again' if args.again else '--to'} belongs to --send-to")
        return None
    from newsletter.handover import services, smtp
    from newsletter.settings import DEFAULT
    from pipeline import asking

    settings = services.tables(Path(args.newsletter) if args.newsletter else DEFAULT)
    if args.send_to == "smtp":
        server, password = services.mail_server(settings)
        return ToEditor(smtp.recipient(args.to or "", server.lists), server, password)
    if args.to is not None:
        raise UsageError(f"--to belongs to --send-to smtp; {args.send_to} has its own lists of readers")
    if not args.seal and not args.issue:
        raise UsageError(f"--send-to {args.send_to}: which issue? --issue NAME of a sealed one, or --seal")
    service = services.service(args.send_to, settings, asking.ask)
    return ToService(Path(args.db), newsletter, service, args.by, clock, args.seal, args.again)
