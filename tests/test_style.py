"""The style holds: names are used once, docstrings open with the contract, few helpers have a single caller."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
ROOMS = (
    "core",
    "language",
    "scrapers",
    "translations",
    "db",
    "newsletter",
    "pipeline",
    "web",
    "demo",
    "bench",
    "scripts",
)
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef

COMMANDS = "pipeline/commands/"  # a command's module is called as the command, and may be called as what it starts
QUESTIONS = ("what", "which", "whether", "how", "when", "why", "where", "who", "whose", "whom")
ARTICLES = ("the", "a", "an", "one", "all", "every", "each", "its", "it", "this", "those", "these", "that", "of", "in")
NOT_IMPERATIVE = frozenset((*QUESTIONS, *ARTICLES, "under", "from", "by", "no", "up", "as"))
SINGLE_USE_SHARE = 0.13  # of all functions; the codebases that we follow have 0.05
LARGEST_ROOM = 0.37  # of all lines


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def modules(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def definitions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, FUNCTION))


def test_no_class_or_module_name_is_used_twice() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for path in [*modules(*ROOMS), *modules("tests/support")]:
        if not short(path).startswith(COMMANDS) and not path.stem.startswith("__"):
            found[path.stem].append(short(path))
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(f"{short(path)}:{node.lineno}")
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


@pytest.mark.parametrize("path", modules(*ROOMS), ids=short)
def test_docstrings_begin_as_they_should(path: Path) -> None:
    wrong = []
    for node in ast.walk(tree(path)):
        if not isinstance(node, FUNCTION | ast.ClassDef | ast.Module) or not (text := ast.get_docstring(node)):
            continue
        first = text.split()[0].strip("`*,.:;«»").casefold()
        banned = NOT_IMPERATIVE if isinstance(node, FUNCTION) else QUESTIONS
        if first in banned or text.startswith("The same"):
            wrong.append(f"{getattr(node, 'name', path.stem)}: {text.splitlines()[0]}")
    assert wrong == []


@pytest.mark.parametrize("path", modules(*ROOMS), ids=short)
def test_public_questions_are_named_as_such(path: Path) -> None:
    """Functions that act and return whether they changed something are no questions."""
    asked, acting = ("is_", "has_", "should_", "are_", "can_", "may_", "needs_", "_"), ("add", "save", "has")
    found = [
        node.name
        for owner in ast.walk(tree(path))
        if isinstance(owner, ast.Module | ast.ClassDef)
        for node in owner.body
        if isinstance(node, FUNCTION) and isinstance(node.returns, ast.Name) and node.returns.id == "bool"
    ]
    assert [name for name in found if not name.startswith(asked) and name not in acting] == []


def test_few_private_functions_have_a_single_caller() -> None:
    functions = single = 0
    for path in modules("core", "language", "scrapers", "translations", "db", "newsletter", "pipeline", "web"):
        names = Counter(
            node.id if isinstance(node, ast.Name) else node.attr
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Name | ast.Attribute)
        )
        for node in definitions(path):
            functions += 1
            single += node.name.startswith("_") and not node.name.startswith("__") and names[node.name] == 1
    assert single / functions <= SINGLE_USE_SHARE, f"{single} of {functions}"


def test_no_room_holds_more_than_its_share() -> None:
    lines = {room: sum(len(path.read_text("utf-8").splitlines()) for path in modules(room)) for room in ROOMS}
    shares = {room: count / sum(lines.values()) for room, count in lines.items()}
    assert {room: round(share, 3) for room, share in shares.items() if share > LARGEST_ROOM} == {}


def test_broad_handlers_stand_around_foreign_code_only() -> None:
    """Around a source's own parse functions, a translation engine and Datasette; all else says which it expects."""
    found = [
        short(path)
        for path in modules(*ROOMS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    ]
    assert found == ["scrapers/sandbox/parse.py", "translations/rerank.py", "web/plugins/guard.py"]
