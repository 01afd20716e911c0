"""`python -m tests.endurance.site`: the replica with the publications of a few days, in a process of its own.

Says its port on standard output, and shows what a line of standard input names.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from demo import publications
from demo.replica import Replica
from demo.scenario import DAYS, SOURCE_OF_HOST

ROOT = Path(__file__).parents[2]
SOURCES = ("decentralization", "hromady", "auc")  # pages of their own, a REST list, a feed
BACK = timedelta(days=1)
RUSSIAN = (
    "Громады получили новые школьные автобусы",
    "Новый бюджет общины принят с дефицитом",
    "Жители выбирают старосту этой весной",
    "Первый этап строительства больницы завершён",
    "Было решено объединить четыре сельских совета",
    "Мэры обсудили, что делать с отоплением школ",
    "Впервые за годы открыли библиотеку",
)
WRONG = tuple(
    {"source": "auc", "key": f"wrong-{number}", "at": f"2026-02-06 1{number}:30", "uk": [title, ""]}
    for number, title in enumerate(RUSSIAN)
)


class Site:
    """The running replica."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.endurance.site"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def show(self, what: str) -> None:
        """Go to a day; `2 wrong`: one of the lists of that day is not like those before it."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        assert self._line().strip() == what

    def options(self, what: str) -> list[str]:
        """Return the options with which `ingest` reads it."""
        self.show(what)
        hosts = [host for host, source in SOURCE_OF_HOST.items() if source in SOURCES]
        routes = [word for host in hosts for word in ("--connect-to", f"{host}=http://127.0.0.1:{self.port}/{host}")]
        return [*(word for source in SOURCES for word in ("--only", source)), "--now", now(int(what[0])), *routes]

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def now(day: int, hours: int = 0) -> str:
    """The moment at which the site is read on that day."""
    return (DAYS[day - 1] + timedelta(hours=hours)).isoformat()


def main() -> None:
    begin = DAYS[0] - BACK
    recent = tuple(row for row in publications._rows() if publications.moment(row["at"]) >= begin)
    shown = recent
    publications._rows = lambda: shown  # type: ignore[assignment]
    with Replica(well=True) as replica:
        replica.start()
        print(replica.server_address[1], flush=True)
        for line in sys.stdin:
            replica.now = DAYS[int(line[0]) - 1]
            shown = (*recent, *WRONG) if "wrong" in line else recent
            publications.posts.cache_clear()
            print(line.strip(), flush=True)
        replica.shutdown()


if __name__ == "__main__":
    main()
