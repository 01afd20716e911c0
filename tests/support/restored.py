"""`python -m tests.support.restored FOLDER ROUNDS STORIES`: backups while a program writes and reads, each restored.

Prints for each the seconds of backup and restore, and how many commits the writer made meanwhile. Fails if a backup is
not sound, or lacks what was committed before it began, or holds half a commit, or if the writer had to wait for it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import closing
from itertools import islice
from pathlib import Path

from bench.inputs.made_archive import archive, fill
from db import backup
from db.copies import faults
from db.store import open_for_reading, open_store

BATCH = 20  # rows of a commit
AT = "2026-03-01T06:00:00Z"


def write(path: Path, acknowledged: Path) -> None:
    """Commits and reads for ever; after each commit writes down its number and the longest wait so far."""
    store, number, longest = open_store(path), 0, 0.0
    sql = "INSERT INTO problems (stage, url, message, first_at, last_at) VALUES ('drift', ?, ?, '', '')"
    while True:
        number, began = number + 1, time.perf_counter()
        with store.transaction() as connection:
            connection.executemany(sql, [(str(number), str(row)) for row in range(BATCH)])
        longest = max(longest, time.perf_counter() - began)
        store.connection.execute("SELECT * FROM news LIMIT 50").fetchall()
        acknowledged.with_suffix(".new").write_text(json.dumps([number, longest]), encoding="utf-8")
        acknowledged.with_suffix(".new").replace(acknowledged)


def one_round(folder: Path) -> dict[str, float]:
    """Backs up, restores, compares."""
    source, copy, restored = (folder / name for name in ("news.db", "copy.db", "restored.db"))
    before = json.loads((folder / "acknowledged").read_text("utf-8"))[0]
    began = time.perf_counter()
    backup.back_up(source, copy, force=True)
    made = time.perf_counter()
    after = json.loads((folder / "acknowledged").read_text("utf-8"))[0]
    kept = backup.restore(copy, restored, AT).kept
    done = time.perf_counter()
    if kept:
        kept.unlink()
    with closing(open_for_reading(restored)) as connection:
        assert faults(connection) == []
        rows = connection.execute(
            "SELECT CAST(url AS INTEGER), count(*) FROM problems GROUP BY 1 ORDER BY 1"
        ).fetchall()
    numbers = [row[0] for row in rows]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {row[1] for row in rows} == {BATCH}
    assert before <= len(numbers) <= after + 1
    return {"backup": made - began, "restore": done - made, "commits": after - before}


def main() -> None:
    """Makes the database, starts the writer, goes the rounds."""
    folder, rounds, stories = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    store, news, number = open_store(folder / "news.db"), archive(stories), 1
    while some := list(islice(news, 5000)):
        fill(store, some, number)
        number += len(some)
    store.close()
    code = "from pathlib import Path; import sys; from tests.support import restored; "
    code += "restored.write(*map(Path, sys.argv[1:]))"
    command = [sys.executable, "-c", code, str(folder / "news.db"), str(folder / "acknowledged")]
    with subprocess.Popen(command) as writer:
        try:
            while not (folder / "acknowledged").exists():
                assert writer.poll() is None
                time.sleep(0.01)
            for _ in range(rounds):
                print(json.dumps(one_round(folder)))
            assert writer.poll() is None
        finally:
            writer.kill()
    print(json.dumps({"longest_commit": json.loads((folder / "acknowledged").read_text("utf-8"))[1]}))


if __name__ == "__main__":
    main()
