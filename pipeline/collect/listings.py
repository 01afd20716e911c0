"""Rules for walking a listing: addresses, where to stop, what to ask conditionally, the resulting state. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from core.clock import is_fresh
from core.model import ListingState, Validators

if TYPE_CHECKING:
    from core.closed_sets import SourceState
    from core.errors import SourceError
    from core.model import Listing, Seen

PAGES_AT_MOST = 10  # of a listing in an ordinary run; ten pages of the portal are about six weeks
FULL_ANSWER_EVERY = timedelta(days=1)  # a server that says 304 for ever is asked unconditionally once a day

Outcome = Literal["fresh", "known", "same", "end", "failed"]  # of reading one page of a listing
FRESH: Final = "fresh"  # something new or edited on it
KNOWN: Final = "known"  # items, but nothing new
SAME: Final = "same"  # the answer did not change since it was last stored
END: Final = "end"  # past the last page
FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class Plan:
    """Extent of a run."""

    now: datetime
    full: bool = False  # ignore validators, go through the whole archive
    max_pages: int | None = None  # go back so many pages of every listing

    @property
    def is_archive_walk(self) -> bool:
        """Return True for a run that walks back through the archive, page after page, each stored by itself."""
        return self.full or self.max_pages is not None


def page_address(listing: Listing, number: int) -> str:
    """Return the address of page `number`, counted from 1."""
    return listing.url if number == 1 else listing.page_url.replace("{n}", str(number))


def next_page(listing: Listing, number: int, outcome: Outcome, progress: ListingState, plan: Plan) -> int | None:
    """Return the page to read after page `number`; None ends the walk.

    An ordinary run stops at the first page with nothing new, but not before the depth at which an earlier run
    broke off. A walk through the archive goes on to the end, and skips what an interrupted walk had read.
    """
    if outcome in (END, FAILED) or not listing.page_url:
        return None
    if not plan.is_archive_walk:
        wanted = outcome == FRESH or number < progress.pages_due
        return number + 1 if wanted and number < max(PAGES_AT_MOST, progress.pages_due) else None
    if plan.max_pages is not None and number >= plan.max_pages:
        return None
    resume = (progress.next_page or 0) - 1 if outcome in (KNOWN, SAME) else 0
    return max(number + 1, resume)


def progress_after(
    number: int, outcome: Outcome, progress: ListingState, following: int | None, plan: Plan
) -> ListingState | None:
    """Return the progress to store after page `number`; None: nothing new. After a failure the pages stay due."""
    if outcome == FAILED:
        return replace(progress, pages_due=max(number + 1, progress.pages_due)) if number > 1 else progress
    if following:
        return ListingState(progress.url, next_page=following) if plan.is_archive_walk else None
    done = ListingState(progress.url)
    return done if plan.is_archive_walk or progress != done else None


def conditional(seen: Seen | None, now: datetime) -> Validators | None:
    """Return the validators to ask with; None where there are none or the last full answer is a day old."""
    if seen is None or not is_fresh(datetime.fromisoformat(seen.full_at), now, FULL_ANSWER_EVERY):
        return None
    return seen.validators if seen.validators != Validators() else None


def state_of(error: SourceError | None, *, read: bool, modified: bool, listed: int) -> SourceState:
    """Return the `source_runs.state`. A listing that failed is never hidden behind another that was read."""
    if error is not None:
        return error.state
    if not read:
        return "skipped"
    if not modified:
        return "not_modified"
    return "ok" if listed else "empty"
