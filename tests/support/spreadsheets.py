"""Drafts that LibreOffice opens, changes and saves. `python -m tests.support.spreadsheets 200` counts what comes back.

Each draft has 50 stories with hostile headlines, leads and notes, and goes through as CSV and as XLSX. Its table is
saved with commas, semicolons or tabs, in an American, German or Ukrainian locale, with and without the recognition of
special numbers.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from newsletter.issue import Choice, one_line
from newsletter.table_file import TABLE_COLUMNS
from tests.support.digesting import Paper, decide
from tests.support.hostile_texts import HOSTILE_TITLES, ODD_TITLES

STORIES, ROW = 50, 3  # the row, from 0, whose English is changed
TYPED = 'Changed by hand: 7 "towns"; 50% & «more»'
SEPARATORS, LOCALES = (44, 59, 9), (1033, 1031, 1058)
NUMBERLIKE = (
    "00123", "1e5", "1.2E+3", "12.03.2026", "3/4", "1-2", "50%", "$5", "12:30", "TRUE", "5 березня", "1 März 2026",
    "1,5", "1.234,56", "0x10", "2026-02-20", "MAR1", "SEPT2", "1 000", "=1", "№ 5", "-5", "+380", "'00", "''1", "1'",
)  # fmt: skip
_MACRO = """\
Sub RoundTrips(listed As String)
    Dim number As Integer, entry As String, parts, document
    number = FreeFile
    Open listed For Input As #number
    Do While Not EOF(number)
        Line Input #number, entry
        parts = Split(entry, "|")
        document = StarDesktop.loadComponentFromURL(ConvertToURL(parts(0)), "_blank", 0, Options(parts(2), parts(3)))
        document.Sheets(0).getCellByPosition({column}, {row}).String = parts(5)
        document.storeToURL(ConvertToURL(parts(1)), Options(parts(2), parts(4)))
        document.close(True)
    Loop
    Close #number
    StarDesktop.terminate()
End Sub

Function Options(filter, given)
    Dim found(2) As New com.sun.star.beans.PropertyValue
    found(0).Name = "Hidden" : found(0).Value = True
    found(1).Name = "FilterName" : found(1).Value = filter
    found(2).Name = "FilterOptions" : found(2).Value = given
    Options = found
End Function
"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
"""


def program() -> str | None:
    """Return the path of LibreOffice, if it is here."""
    return shutil.which("soffice")


def hostile_draft(path: Path, seed: int, stories: int = STORIES) -> Paper:
    """A draft of stories whose texts are drawn from hostile ones, with notes."""
    chance = random.Random(seed)
    pool = [one_line(text)[:400] for text in (*HOSTILE_TITLES, *ODD_TITLES, *NUMBERLIKE)]
    pool = [text for text in pool if text]

    def text(words: int) -> str:
        return " ".join(chance.choice(pool) for _ in range(words)).strip()[:480]

    paper = Paper(path)
    made = set[str]()
    paper.db.execute("BEGIN")
    for _ in range(stories):
        title = next(one for one in iter(lambda: text(chance.choice((1, 1, 1, 2))), None) if one not in made)
        made.add(title)
        paper.story(title, text(1) if chance.random() < 0.7 else "", lead=text(2))
    paper.db.execute("COMMIT")
    issue = paper.draft()
    decide(paper, *(Choice(entry.story.story_id, note=text(2), remark=text(1)) for entry in issue.entries))
    return paper


def through(program: str, files: list[tuple[Path, Path, int]], folder: Path) -> None:
    """Let LibreOffice open each file, change a cell and save it under the other name; `int` varies how."""
    office = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore", "--nologo"]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    subprocess.run([*office, "--terminate_after_init"], check=True, capture_output=True, timeout=300, env=environment)
    macro = _MACRO.format(column=TABLE_COLUMNS.index("title_en"), row=ROW)
    (folder / "profile" / "user" / "basic" / "Standard" / "Module1.xba").write_text(
        f"{_MODULE}{escape(macro)}</script:module>", encoding="utf-8"
    )
    lines = []
    for before, after, number in files:
        separator, locale = SEPARATORS[number % 3], LOCALES[number // 3 % 3]
        special = "true" if number // 9 % 2 else "false"
        kind = "Calc MS Excel 2007 XML" if before.suffix == ".xlsx" else "Text - txt - csv (StarCalc)"
        opened = f"44,34,76,1,,{locale},false,{special}"
        saved = f"{separator},34,76,1,,{locale},false,true,false,false,false,-1"
        lines.append("|".join((str(before), str(after), kind, opened, saved.removesuffix(",-1"), TYPED)))
    (folder / "list.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    call = f'macro:///Standard.Module1.RoundTrips("{folder}/list.txt")'
    subprocess.run([*office, call], check=True, capture_output=True, timeout=3600, env=environment)


def round_trips(program: str, drafts: int, folder: Path, stories: int = STORIES) -> dict[str, list[str]]:
    """Return for each format what went wrong; empty where every draft came back with exactly the one change."""
    papers, files = [], []
    for number in range(drafts):
        paper = hostile_draft(folder / f"news-{number}.db", number, stories)
        papers.append(paper)
        for form in ("csv", "xlsx"):
            (folder / f"{number}").mkdir(exist_ok=True)
            before = paper.export(folder / f"{number}", form)
            files.append((before, before.with_name(f"saved.{form}"), number))
    through(program, files, folder)
    wrong: dict[str, list[str]] = {"csv": [], "xlsx": []}
    for number, paper in enumerate(papers):
        for form, problems in wrong.items():
            problems += [
                f"draft {number}: {why}" for why in _differences(paper, folder / f"{number}" / f"saved.{form}")
            ]
        paper.close()
    return wrong


def _differences(paper: Paper, path: Path) -> list[str]:
    """Take the file in, say what it brought beside the one change, and take that back."""
    if not path.exists():
        return ["it was not saved"]
    try:
        said = paper.take(path)
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]
    rows = paper.rows("SELECT field, became FROM digest_changes WHERE via = 'file'")
    with paper.store.transaction() as connection:
        for table in ("digest_changes", "translation_edits"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("UPDATE digest_choices SET title_en = NULL")
    expected = [("title_en", TYPED)]
    return [] if rows == expected and len(said) == 1 else [f"{said} {[row for row in rows if row not in expected]}"]


def main() -> int:
    """Count the drafts that come back whole."""
    drafts, office = int(sys.argv[1]), program()
    assert office, "LibreOffice is not here"
    with tempfile.TemporaryDirectory(prefix="visnyk-spreadsheets-") as folder:
        wrong = round_trips(office, drafts, Path(folder))
    for form, problems in wrong.items():
        whole = drafts - len(problems)
        print(f"{form}: {whole} of {drafts} drafts of {STORIES} stories came back whole", *problems[:5], sep="\n  ")
    return int(any(wrong.values()))


if __name__ == "__main__":
    sys.exit(main())
