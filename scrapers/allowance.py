"""Time that one source may take of a run beyond what a well site needs. Pure: whoever measures says what it took.

Network and parsers share it, over all listings, article pages, redirects and retries of the source. Our own spacing and
the wait for a turn at the parser are not in it.
"""

from __future__ import annotations

from collections import defaultdict

SOURCE_SECONDS = 15.0  # with what one last page may take beyond it, a source stays under 20 s
FREE_FETCH_SECONDS = 1.0  # a page that came so fast is well and costs nothing; a slower one costs all that it took
FREE_PARSE_SECONDS = 0.5  # of processor time, the same for a page that was read
FREE_SECONDS = 15.0  # that such pages may take together: hundreds that are not slow are slow nevertheless


class Allowance:
    """Account of one source in one run."""

    def __init__(self, seconds: float = SOURCE_SECONDS, free_seconds: float = FREE_SECONDS) -> None:
        """Start with all of it."""
        self.seconds, self.left, self.free_left = seconds, seconds, free_seconds

    @property
    def is_spent(self) -> bool:
        """Return True when nothing more may be asked or parsed for the source in this run."""
        return self.left <= 0

    @property
    def words(self) -> str:
        """Return why nothing more is done, as a problem says it."""
        pages = "slow or failing pages, or a Crawl-delay,"
        return f"{pages} took the {self.seconds:g} s of this source; the rest is left for the next run"

    def spend(self, seconds: float, free: float = 0.0) -> None:
        """Take `seconds`; of what is meant to cost nothing when it takes at most `free`, from the free ones first."""
        taken = min(seconds, self.free_left) if seconds <= free else 0.0
        self.free_left -= taken
        self.left -= seconds - taken


class Allowances:
    """Accounts of all sources of a run, each opened when it is first asked for."""

    def __init__(self, seconds: float = SOURCE_SECONDS, free_seconds: float = FREE_SECONDS) -> None:
        """Start without any; each will hold so many seconds."""
        self._accounts: defaultdict[str, Allowance] = defaultdict(lambda: Allowance(seconds, free_seconds))

    def of(self, source_id: str) -> Allowance:
        """Return the account of a source."""
        return self._accounts[source_id]
