"""Makes docs/reliability.md: every fault of the catalogue, what happens then, and the tests that show it.

`python -m tests.support.reliability` writes it. The faults stand in faults.csv; a test says by
`@pytest.mark.fault("N7")` which of them it shows, and a path of the hostile site by its `faults`.
"""

from __future__ import annotations

import ast
import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.hostile_sites import PATHS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"
GROUPS = {
    "N": "Network",
    "C": "Content",
    "S": "Storage",
    "P": "Process",
    "T": "Translation",
    "O": "Output",
    "D": "Website",
}
_HEAD = """# What happens when something goes wrong

Made from the tests by `python -m tests.support.reliability`; [tests/test_reliability.py](../tests/test_reliability.py)
holds that it is up to date, that every test named here exists, and that every fault has one or a reason why not.

The states of a source are those of `source_runs.state` ([data.md](data.md)). Whatever happens to one source, the others
are stored, and what was stored before stays.
"""


@dataclass(frozen=True)
class Row:
    """One fault of the catalogue."""

    id: str
    fault: str
    happens: str
    untested: str  # why no test shows it; empty when one does


def catalogue() -> list[Row]:
    with (Path(__file__).parent / "faults.csv").open(encoding="utf-8", newline="") as file:
        return [Row(*values) for values in list(csv.reader(file))[1:]]


def marks() -> dict[str, list[str]]:
    """Fault → the tests that carry its mark, as `test_file.py::test_name` (`::/path` of the hostile site), sorted."""
    found: dict[str, set[str]] = defaultdict(set)
    for each in PATHS:
        for fault in each.faults.split():
            found[fault].add(f"test_hostile_site.py::/{each.name}")
    for path in sorted((ROOT / "tests").glob("test_*.py")):
        for test, fault in marks_in(ast.parse(path.read_text(encoding="utf-8"))):
            found[fault].add(f"{path.name}::{test}".removesuffix("::"))
    return {fault: sorted(tests) for fault, tests in found.items()}


def marks_in(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Every mark of a module as (test, fault); the test is empty for a mark outside of functions."""
    for top in module.body:
        within = top.body if isinstance(top, ast.ClassDef) else [top]
        for part, node in ((statement, node) for statement in within for node in ast.walk(statement)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fault":
                test = part.name if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) else ""
                for value in node.args:
                    assert isinstance(value, ast.Constant), f"line {node.lineno}: a mark needs its ids as plain strings"
                    yield test, str(value.value)


def page(rows: Sequence[Row], tests: Mapping[str, Sequence[str]]) -> str:
    """The document as a whole."""
    parts = [_HEAD]
    for letter, group in GROUPS.items():
        lines = [_line(row, tests.get(row.id, ())) for row in rows if row.id[0] == letter]
        parts.append(
            "\n".join([f"## {group}", "", "| | fault | what happens | tests |", "|---|---|---|---|", *lines, ""])
        )
    return "\n".join(parts)


def _line(row: Row, tests: Sequence[str]) -> str:
    by_file: dict[str, list[str]] = defaultdict(list)
    for test in tests:
        file, _, name = test.partition("::")
        by_file[file].append(name)
    named = [
        f"[{file}](../tests/{file})" + "".join(f" `{re.sub('^test_', '', name)}`" for name in names if name)
        for file, names in sorted(by_file.items())
    ]
    shown = "<br>".join(named) or f"none: {row.untested or 'not yet'}"
    return f"| {row.id} | {row.fault} | {row.happens} | {shown} |"


if __name__ == "__main__":
    PAGE.write_text(page(catalogue(), marks()), encoding="utf-8")
