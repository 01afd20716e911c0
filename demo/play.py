"""Plays the demo: two days of the replica through the real command line, and an account of what happened."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo import account, checks
from demo.scenario import DAYS

if TYPE_CHECKING:
    from datetime import datetime

    from demo.site import Site

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "demo" / "translate-uk_en-demo.argosmodel"
PAGES = "40"  # deep enough for the ninety days


class DemoFailed(Exception):
    """A command of the demo did not do what it should; the message holds its words."""


@dataclass(slots=True)
class Play:
    """One performance in the folder `out`; `failures` gathers what was not as expected."""

    out: Path
    site: Site
    failures: list[str] = field(default_factory=list)

    @property
    def database(self) -> Path:
        """The database that the demo fills."""
        return self.out / "news.db"

    def command(self, *arguments: str) -> list[str]:
        """A command line of the pipeline on the demo's database."""
        return [sys.executable, "-m", "pipeline", *arguments, "--db", str(self.database)]

    def environment(self) -> dict[str, str]:
        """This process's environment with the demo's own model folder."""
        return {**os.environ, "VISNYK_ARGOS_PACKAGES": str(self.out / "packages")}

    def run(self, *arguments: str) -> dict[str, Any]:
        """One command with `--json`, as its object. Raises DemoFailed."""
        done = subprocess.run(
            [*self.command(*arguments), "--json"],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise DemoFailed(
                f"`pipeline {' '.join(arguments[:2])}` ended with {done.returncode}: {done.stderr.strip()}"
            )
        outcome: dict[str, Any] = json.loads(done.stdout)
        return outcome

    def ingest(self, now: datetime, *options: str) -> dict[str, Any]:
        """Read the replica as it is at `now`."""
        self.site.now = now
        connections = [word for value in self.site.connections() for word in ("--connect-to", value)]
        return self.run("ingest", "--now", now.isoformat(), *connections, *options)

    def act(self) -> None:
        """Everything, with the account on standard output."""
        self._prepare()
        self._day(1, "--max-pages", PAGES)
        machine_english = self._english_of_the_bus()
        self._day(2)
        self.ingest(DAYS[1])
        with closing(checks.open_database(self.database)) as connection:
            self.failures += checks.of_repetition(connection)
            print(account.of_stories(connection, machine_english))

    def _prepare(self) -> None:
        self.out.mkdir(parents=True, exist_ok=True)
        for old in self.out.glob("news.db*"):
            old.unlink()
        print("Two days of a replica of the eight sources, without a network. Its news are made up.")
        print(
            f"The English of the machine comes from a demonstration model with a controlled vocabulary: {MODEL.name}\n"
        )
        self.run("model", "import", str(MODEL))

    def _day(self, day: int, *options: str) -> None:
        self.ingest(DAYS[day - 1], *options)
        with closing(checks.open_database(self.database)) as connection:
            print(account.of_day(connection, day))
            self.failures += [f"day {day}: {failure}" for failure in checks.of_day(connection, day)]

    def _english_of_the_bus(self) -> str | None:
        with closing(checks.open_database(self.database)) as connection:
            row = checks.english_of(connection, checks.SCHOOL_BUS)
            return row["title_en"] if row else None
