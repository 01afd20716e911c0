"""Rows of the ledger that the demonstration model gave once, in place of the model: many trials, the same texts."""

from __future__ import annotations

import pickle
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from core.model import Text, Translation
from pipeline.translate import translate_chunk as REAL_CHUNK
from tests.endurance import processes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from core.model import Rendering


class Recalled:
    """In place of the demonstration model: the rows of the ledger that it gave once."""

    engine = "argos"

    def __init__(self, model: str, rows: Sequence[Translation]) -> None:
        self.model, self.rows = model, {row.text.source_text: row for row in rows}

    def translate(self, texts: list[str]) -> list[Rendering]:
        raise AssertionError("rows are recalled whole")

    def chunk(self, chunk: Sequence[Text], *_: object) -> list[Translation]:
        """In place of `pipeline.translate.translate_chunk`."""
        return [self._row(text) for text in chunk]

    def _row(self, text: Text) -> Translation:
        if row := self.rows.get(text.source_text):
            return replace(row, text=text)
        return Translation(text, None, self.engine, self.model, "", "failed", ("not recalled",))


def remember(folder: Path, packages: Path, words: Sequence[str]) -> None:
    """Translate the news in `folder` with the demonstration model once; from then on its rows are recalled."""
    from translations.engines import packages as installed

    ended = processes.run(words, folder, prepare=partial(_note_rows, folder / "rows"))
    assert ended.code == 0, ended
    recall(Recalled(installed.find(packages).identity, pickle.loads((folder / "rows").read_bytes())))


def recall(recalled: Recalled) -> None:
    """Let all children recall these rows."""
    from pipeline import translate
    from translations.engines import argos

    argos.load = lambda: recalled  # type: ignore[assignment,return-value]
    translate.translate_chunk = recalled.chunk  # type: ignore[assignment]


def _note_rows(file: Path) -> None:
    """In a child: use the real engine, and keep its rows in a file."""
    from pipeline import translate
    from translations.engines import argos, packages

    rows: list[Translation] = []

    def noted(chunk: Sequence[Text], *more: Any) -> list[Translation]:
        made = REAL_CHUNK(chunk, *more)
        rows.extend(made)
        file.write_bytes(pickle.dumps(rows))
        return made

    argos.load = lambda: argos.ArgosTranslator(packages.find())
    translate.translate_chunk = noted  # type: ignore[assignment]
