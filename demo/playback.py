"""The demo's run: two days of the replica through the real command line, an issue, and a summary of what happened."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.model import iso
from demo import first_issue, summary, verify
from demo.scenario import DAYS

if TYPE_CHECKING:
    from datetime import datetime

    from demo.replica import Replica

ROOT = Path(__file__).resolve().parent.parent  # where the packages lie: the checkout, or site-packages
MODEL = ROOT / "demo" / "translate-uk_en-demo.argosmodel"
PAGES = "40"  # deep enough for the ninety days


class DemoFailed(Exception):
    """A command of the demo did not do what it should; the message holds its words."""


@dataclass(slots=True)
class Playback:
    """One run in the folder `out`; `failures` gathers what was not as expected."""

    out: Path
    replica: Replica
    failures: list[str] = field(default_factory=list)

    @property
    def database(self) -> Path:
        """Return the path of the database that the demo fills."""
        return self.out / "news.db"

    def run(self, *arguments: str) -> dict[str, Any]:
        """Run one command on the demo's database with `--json`; return its object. Raises DemoFailed."""
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", *arguments, "--db", str(self.database), "--json"],
            cwd=ROOT,
            env={**os.environ, "VISNYK_ARGOS_PACKAGES": str(self.out / "packages")},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise DemoFailed(f"`visnyk {' '.join(arguments[:2])}` ended with {done.returncode}: {done.stderr.strip()}")
        outcome: dict[str, Any] = json.loads(done.stdout)
        return outcome

    def ingest(self, now: datetime, *options: str) -> dict[str, Any]:
        """Read the replica as it is at `now`, and no source that it does not answer for. Raises DemoFailed."""
        self.replica.now = now
        return self.run("ingest", "--now", now.isoformat(), *self.replica.options(), *options)

    def play(self) -> None:
        """Play both days, and the second once more, with the summary on standard output. Raises DemoFailed."""
        self.out.mkdir(parents=True, exist_ok=True)
        for old in self.out.glob("news.db*"):
            old.unlink()
        shutil.rmtree(self.out / "digests", ignore_errors=True)  # of the issue of a former run
        print("Two days of a replica of the eight sources, without a network. Its news are made up.")
        print(
            f"The English of the machine comes from a demonstration model with a controlled vocabulary: {MODEL.name}\n"
        )
        self.run("model", "import", str(MODEL))
        self._day(1, "--max-pages", PAGES)
        with closing(verify.open_database(self.database)) as connection:
            bus = verify.english_of(connection, verify.SCHOOL_BUS)
        self._issue()
        self._day(2)
        self.ingest(DAYS[1])
        with closing(verify.open_database(self.database)) as connection:
            self.failures += verify.of_repetition(connection)
            print(summary.of_stories(connection, bus["title_en"] if bus else None))

    def _day(self, day: int, *options: str) -> None:
        self.ingest(DAYS[day - 1], *options)
        with closing(verify.open_database(self.database)) as connection:
            print(summary.of_day(connection, day))
            self.failures += [f"day {day}: {failure}" for failure in verify.of_day(connection, day)]

    def _issue(self) -> None:
        """Publish the first issue on the evening of day 1, through the command line but for what the desk does."""
        at = iso(DAYS[0] + timedelta(hours=2))
        first_issue.choose(self.database, at)
        self.run("digest", "--seal", "--publish", "--now", at, "--out", str(self.out / "digests"))
        with closing(verify.open_database(self.database)) as connection:
            self.failures += first_issue.differences(connection)
