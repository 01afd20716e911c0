"""One hand-over of a sealed issue: asks the service first, so that no second campaign is ever made.

Between the transactions nothing is held: a request may take its time, and a kill at any moment leaves a row that the
next attempt goes on from.
"""

from __future__ import annotations

import contextlib
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from core.errors import Busy, HandoverError, StoreError, UsageError
from core.model import iso
from db import digests, handovers
from db.store import exclusive, open_store
from newsletter import sealing
from newsletter.files_kept import own_templates
from newsletter.handover.campaign import key_of
from newsletter.handover.content import campaign_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from newsletter.handover.campaign import Campaign, MailingService, RemoteCampaign


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A hand-over that is done."""

    issue: str
    service: str
    how: Literal["made", "found", "before"]  # now; by a broken-off attempt, and only found now; in an earlier run
    at: str
    remote_id: str
    url: str  # where a person sees the campaign
    notes: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """Return it in one line for a person."""
        said = {
            "made": f"{self.issue}: a draft is at {self.service}: {self.url} (nothing was sent to subscribers)",
            "found": f"{self.issue}: {self.service} has the campaign from an earlier attempt: {self.url}",
            "before": f"{self.issue}: {self.service} has it since {self.at[:10]}, left as it is: {self.url}",
        }[self.how]
        return "; ".join((said, *self.notes))


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_store(path)) as store, store.transaction() as connection:
        yield connection


def hand_over(
    path: Path,
    name: str,
    service: MailingService,
    *,
    newsletter_id: str,
    by: str,
    clock: Callable[[], datetime],
    again: bool = False,
    pause: Callable[[float], None] = time.sleep,
    writing: Callable[[Path], AbstractContextManager[sqlite3.Connection]] = _writing,
) -> HandedOver:
    """Make a draft campaign of the sealed issue `name` of the database at `path`, or find the one made before.

    Waits for the service; call it outside any transaction and, in a server, in a thread of its own. What people
    changed at the service is left alone. `again` asks the service also after a hand-over that is done, and makes the
    draft anew if it was deleted there.

    `writing` runs a transaction; a server passes its own, since it opens the file one at a time.
    `newsletter_id` is of the settings that name the service. Raises UsageError for an issue that is not sealed or not
    of that newsletter, HandoverError when the service did not do it or it is not known
    whether it did, Busy while another hand-over is under way, StoreError.
    """
    with _alone(path):
        with writing(path) as connection:
            row = _require_sealed(digests.issue_named(connection, name), name)
            if row["newsletter"] != newsletter_id:
                raise UsageError(f"{name} is of the newsletter {row['newsletter']}: give the settings of that one")
            before = handovers.to_service(connection, row["id"], service.name)
            key = key_of(newsletter_id, name, row["sealed_at"])
            issue = sealing.sealed(connection, name)
            templates = own_templates(connection, issue)
        if before is not None and before["done_at"] and not again:
            known = (before["done_at"], before["remote_id"], before["remote_url"])
            return HandedOver(name, service.name, "before", *known)
        campaign = campaign_of(issue, key, templates, has_browser_view=service.has_browser_view)
        try:
            if before is not None:
                pause(_left(before["begun_at"], clock(), service.settle_seconds))
            found = service.find(campaign.key)
            with writing(path) as connection:
                _require_sealed(digests.issue_named(connection, name), name, row["sealed_at"])
                handovers.begin(connection, row["id"], service.name, by, iso(clock()))
            made = found or _made(service, campaign)
        except HandoverError as error:
            with contextlib.suppress(StoreError), writing(path) as connection:
                handovers.fail(connection, row["id"], service.name, str(error))
            raise
        at = iso(clock())
        with writing(path) as connection:
            handovers.finish(connection, row["id"], service.name, made.id, made.url, at)
    return HandedOver(
        name, service.name, "found" if found else "made", at, made.id, made.url, (*campaign.notes, *made.notes)
    )


def _require_sealed(row: sqlite3.Row | None, name: str, sealed_at: str | None = None) -> sqlite3.Row:
    if row is None or row["sealed_at"] is None:
        raise UsageError(f"{name} is not sealed: only a sealed issue can be handed over")
    if sealed_at is not None and row["sealed_at"] != sealed_at:
        raise UsageError(f"{name} was sealed anew meanwhile: hand it over again")
    return row


def _made(service: MailingService, campaign: Campaign) -> RemoteCampaign:
    """Make the draft. An answer that fails may come after the service stored it, or because it has it: it is asked."""
    try:
        return service.create(campaign)
    except HandoverError:
        with contextlib.suppress(HandoverError):
            if (found := service.find(campaign.key)) is not None:
                return found
        raise


def _left(begun_at: str, now: datetime, settle: float) -> float:
    """Return how many seconds an attempt that was broken off may still need at the service."""
    if not begun_at:
        return 0.0
    passed = (now - datetime.fromisoformat(begun_at)).total_seconds()
    return max(0.0, settle - passed) if passed >= 0 else settle


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    try:
        with exclusive(path.with_name(f"{path.name}.hand-over")):
            yield
    except Busy as error:
        raise Busy(f"another hand-over from {path} is under way") from error
