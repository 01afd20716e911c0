"""Time that one source may take of a run beyond what a well site needs. Pure: whoever measures says what it took.

Network and parsers share it, over all listings, article pages, redirects and retries of the source. Waits that we keep
for the site's sake (spacing, crawl delay) and for a turn at the parser are not in it.
"""

from __future__ import annotations

from collections import defaultdict

SOURCE_SECONDS = 15.0  # with what one last page may take beyond it, a source stays under 20 s
FREE_FETCH_SECONDS = 2.0  # of a page that came: what comes so fast is well, however many they are
FREE_PARSE_SECONDS = 1.0  # of processor time, of a page that was read


class Allowance:
    """Account of one source in one run."""

    def __init__(self, seconds: float = SOURCE_SECONDS) -> None:
        """Start with all of it."""
        self.seconds, self.left = seconds, seconds

    @property
    def is_spent(self) -> bool:
        """Return True when nothing more may be asked or parsed for the source in this run."""
        return self.left <= 0

    @property
    def words(self) -> str:
        """Return why nothing more is done, as a problem says it."""
        return f"slow or failing pages took the {self.seconds:g} s of this source; the rest is left for the next run"

    def spend(self, seconds: float, free: float = 0.0) -> None:
        """Take `seconds`, less the `free` ones of a page that went well."""
        self.left -= max(0.0, seconds - free)


class Allowances:
    """Accounts of all sources of a run, each opened when it is first asked for."""

    def __init__(self, seconds: float = SOURCE_SECONDS) -> None:
        """Start without any; each will hold so many seconds."""
        self._accounts: defaultdict[str, Allowance] = defaultdict(lambda: Allowance(seconds))

    def of(self, source_id: str) -> Allowance:
        """Return the account of a source."""
        return self._accounts[source_id]
