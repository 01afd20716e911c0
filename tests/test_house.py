"""The layout holds: imports point down, libraries are at home, functions stay small, a quiet run stays light."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PACKAGES = (
    "core",
    "language",
    "newsletter",
    "pipeline",
    "scrapers",
    "translations",
    "db",
    "web",
    "demo",
    "bench",
    "scripts",
)

# Who may import whom; imports run down only.
BELOW = {"core", "language"}
MAY_IMPORT = {
    "core": {"core"},
    "language": BELOW,
    "scrapers": {"scrapers", *BELOW},
    "translations": {"translations", *BELOW},
    "db": {"db", *BELOW},
    "newsletter": {"newsletter", "db", *BELOW},
    "pipeline": {"pipeline", "newsletter", "scrapers", "translations", "db", *BELOW},
    "web": {"web", "newsletter", "pipeline", "translations", "db", *BELOW},
    "demo": {"demo", "newsletter", "pipeline", "translations", "scrapers", "db", *BELOW},
    "bench": {"bench", "demo", "newsletter", "pipeline", "translations", "scrapers", "db", *BELOW},
    "scripts": {"scripts", "bench", "newsletter", "pipeline", "translations", "scrapers", "db", *BELOW},
}
# Library → the package of pyproject.toml that brings it, and where alone it may be imported. A library has one home in
# production; beside it stand only those that train the demonstration model or measure the library itself.
HOMES: dict[str, tuple[str, set[str]]] = {
    "argostranslate": ("argostranslate", {"translations/engines/argos.py", "bench/stock_argos.py"}),
    "brotli": ("brotli", {"scrapers/http/"}),
    "bs4": ("beautifulsoup4", {"scrapers/parsing/html.py"}),
    "certifi": ("certifi", {"scrapers/http/"}),
    "css_inline": ("css-inline", {"newsletter/render/formats.py", "bench/digest_speed.py"}),
    "ctranslate2": (
        "ctranslate2",
        {"translations/engines/argos.py", "demo/training/", "bench/inputs/copying_model.py"},
    ),
    "datasette": (
        "datasette",
        {"pipeline/served.py", "web/plugins/", "web/desk/desk_answers.py", "web/login/", "bench/inputs/websites.py"},
    ),
    "datasette_auth_passwords": ("datasette-auth-passwords", {"pipeline/passwords.py"}),
    "feedparser": ("feedparser", {"scrapers/parsing/feed.py", "bench/parse_speed.py"}),
    "httpcore": ("httpcore", {"scrapers/http/"}),
    "httpx": ("httpx", {"scrapers/http/", "bench/fetch_speed.py"}),
    "itsdangerous": ("datasette", {"web/login/"}),
    "jinja2": ("datasette", {"newsletter/render/templating.py"}),
    "markupsafe": ("datasette", {"web/plugins/", "newsletter/render/templating.py"}),
    "numpy": ("ctranslate2", {"scripts/story_odds.py", "bench/inputs/copying_model.py"}),
    "openpyxl": ("openpyxl", {"newsletter/render/office.py"}),
    "pluggy": ("datasette", {"web/plugins/"}),
    "sacrebleu": ("sacrebleu", {"translations/evaluate.py"}),
    "sacremoses": ("sacremoses", {"demo/training/"}),
    "sqlite_utils": ("sqlite-utils", {"db/"}),
    "stanza": ("", {"bench/stock_argos.py"}),  # only where a user of argostranslate has it; see docs/benchmarks.md
    "torch": ("torch", {"demo/training/", "bench/stock_argos.py"}),
    "tqdm": ("tqdm", {"pipeline/progress.py"}),
    "uvicorn": ("datasette", {"pipeline/serve.py", "pipeline/web_protocol.py"}),
}
# Declared and imported nowhere by us: other libraries load them.
LOADED_BY_OTHERS = {"sentencepiece", "sniffio", "tzdata"}
TOOLS = {"mypy", "pymorphy3", "pymorphy3-dicts-uk", "ruff"}
LONG_FUNCTION, LONG_MODULE = 45, 400


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def running(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below, without what only the type checker reads."""
    for child in ast.iter_child_nodes(node):
        if not _is_for_types(child):
            yield child
            yield from running(child)


def imported(path: Path, *, types_too: bool = True) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree(path)) if types_too else running(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def lengths() -> list[tuple[int, str]]:
    found = []
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if isinstance(node.body[0], ast.Expr) and len(node.body) > 1 else node.body
                found.append(((node.end_lineno or 0) - body[0].lineno + 1, f"{path.relative_to(ROOT)}:{node.name}"))
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    ours = {name for name in imported(path) if name.split(".")[0] in {*PACKAGES, "tests"}}
    allowed = MAY_IMPORT[package] | ({"demo"} if path == ROOT / "pipeline/commands/demo.py" else set())
    assert {name for name in ours if name.split(".")[0] not in allowed} == set()


@cache
def users() -> dict[str, set[str]]:
    """Return each third-party library that is imported when the code runs, with the modules that import it."""
    found: dict[str, set[str]] = {}
    for path in modules():
        for library in {name.split(".")[0] for name in imported(path, types_too=False)}:
            if library not in {*PACKAGES, "tests"} | sys.stdlib_module_names:
                found.setdefault(library, set()).add(path.relative_to(ROOT).as_posix())
    return found


def declared() -> set[str]:
    """Return the names of all packages that pyproject.toml asks for, those for tests and training too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    return {re.split(r"[\[<>=~! ;]", line, maxsplit=1)[0].lower() for line in lines}


def test_every_library_has_one_home() -> None:
    assert users().keys() == HOMES.keys(), "the table HOMES and the imports differ"
    strays = {
        (library, user)
        for library, found in users().items()
        for user in found
        if not user.startswith(tuple(HOMES[library][1]))
    }
    assert strays == set()


def test_every_library_is_declared_and_every_declared_one_is_used() -> None:
    brought = {package for package, _ in HOMES.values() if package}
    for_tests = {name for name in declared() if name.startswith(("pytest", "hypothesis"))}
    assert brought | LOADED_BY_OTHERS | TOOLS | for_tests == declared()


def test_nothing_imports_web() -> None:
    users = [path for path in modules() if "web" not in path.relative_to(ROOT).parts[:1]]
    assert not [path for path in users if any(name.split(".")[0] == "web" for name in imported(path))]


def test_functions_and_modules_stay_small() -> None:
    sizes = lengths()
    assert statistics.median(size for size, _ in sizes) < 12
    assert [name for size, name in sizes if size > LONG_FUNCTION] == []
    long = {path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: size for name, size in long.items() if size > LONG_MODULE} == {}


def test_modules_say_what_they_are_and_have_no_drawer_for_odds_and_ends() -> None:
    assert [str(path) for path in modules() if not ast.get_docstring(tree(path))] == []
    assert [str(path) for path in modules() if path.stem in ("utils", "helpers", "config", "constants", "common")] == []


SQL = re.compile(r"\bSELECT\b.+\bFROM\b|\bINSERT .*INTO\b|\bUPDATE\s+\S+\s+SET\b|\bDELETE\s+FROM\b|\bPRAGMA\b", re.S)
SMALL = re.compile(rf"\s*({SQL.pattern})", re.S | re.I)  # in English, "select" and "from" stand within a sentence
NO_SQL = ("core", "language", "scrapers", "translations", "newsletter", "pipeline", "web")


def strings(node: ast.AST) -> Iterator[str]:
    """The string literals below but docstrings; the parts of one f-string are one."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.JoinedStr):
            yield "…".join(str(part.value) for part in child.values if isinstance(part, ast.Constant))
        elif isinstance(child, ast.Constant):
            yield child.value if isinstance(child.value, str) and not isinstance(node, ast.Expr) else ""
        else:
            yield from strings(child)


def is_sql(text: str) -> bool:
    return bool(SQL.search(text) or SMALL.match(text))


def test_sql_is_told_from_english() -> None:
    statements = [
        "SELECT *\nFROM x",
        "pragma x",
        "insert or ignore into x",
        "delete from x",
        "WITH y AS (SELECT 1 FROM x)",
    ]
    assert all(is_sql(statement) for statement in statements)
    assert not any(
        is_sql(text) for text in ("to select one from many", "it was updated; set anew", "Deleted from here")
    )


def test_sql_stands_in_the_room_of_the_database_only() -> None:
    outside = [path for path in modules() if path.relative_to(ROOT).parts[0] in NO_SQL]
    assert [(path, text) for path in outside for text in strings(tree(path)) if is_sql(text)] == []


HEAVY = (
    *("bs4", "feedparser", "sqlite_utils", "datasette", "argostranslate", "ctranslate2", "tqdm", "numpy", "jinja2"),
    *("click", "language.letters", "language.stems", "pipeline.collect.decide", "pipeline.translate"),
    *("pipeline.stories", "translations"),
)


def test_starting_the_command_line_loads_nothing_heavy() -> None:
    code = (
        "import sys; import pipeline.__main__, pipeline.commands.ingest\n"
        "import scrapers.http.fetcher, scrapers.sandbox.parent\n"
        "from scrapers.registry import all_sources; all_sources()\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
