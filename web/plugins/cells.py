"""Single values as readers see them: origin of an English text, lists, times, links."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from datasette.utils import tilde_encode
from markupsafe import Markup, escape
from pluggy import HookimplMarker

if TYPE_CHECKING:
    from collections.abc import Iterable

hookimpl = HookimplMarker("datasette")

ENGLISH = ("title_en", "lead_en")
LISTS = ("sources", "oblasts", "topics", "reasons", "title_reasons", "lead_reasons")  # JSON arrays
TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d)?Z\Z")
STATES = {
    "flagged": "flagged: compare with the original",
    "stale": "to be translated again",
    "due": "not translated yet",
    "failed": "translation withheld",
}
# What is read first in a table, and so stands first: a telephone shows two or three columns.
LEADING = {
    "coverage": ("day", "source_id", "verdict"),
    "source_health": ("source_id", "message"),
    "articles": ("id", "title"),
}
# What the checks of translations/ object to, for readers; other reasons are shown as they are stored.
OBJECTIONS = {
    "untranslated": "it was not translated",
    "empty": "the engine gave no text",
    "number_missing": "a number is missing",
    "number_added": "a number was added",
    "digit_missing": "a figure is missing",
    "digit_added": "a figure was added",
    "loop": "words repeat without end",
    "length_extreme": "the length does not fit at all",
    "length_unusual": "the length is unusual",
    "cyrillic_left": "Cyrillic letters are left",
    "word_doubled": "a word is doubled",
    "capitals_kept": "it is all in capitals",
    "capital_lost": "a capital letter is lost",
    "quotes_lost": "quotation marks are lost",
    "latin_lost": "a word in Latin letters is lost",
    "residue": "marks of the engine are left",
    "russian_spelling": "a place is spelt as in Russian",
    "abbreviation_split": "an abbreviation fell apart",
    "hromada_lost": "the hromada is lost",
    "head_noun_lost": "the kind of place or body is lost",
    "adjective_left": "an adjective stands where a name should",
    "name_missing": "a place is missing",
    "name_ambiguous": "a name that several places have",
    "term_missing": "a term of the glossary is missing",
    "surname_lost": "a surname is lost",
}


def provenance(by: str | None, state: str | None, model: str | None = None) -> str:
    """Return in a few words who made an English text; for a text that is not there, why not.

    `by`, `state` and `model` are the columns title_en_by, title_en_state and title_en_model of `news`.
    """
    if by is None:
        return STATES.get(state or "", "")
    words = [by]
    if by == "machine" and "demonstration" in (model or "").lower():
        words.append("demonstration model")
    if by == "machine" and state in STATES:
        words.append(STATES[state])
    return ", ".join(words)


def badge(by: str | None, state: str | None, model: str | None = None) -> Markup:
    """Return `provenance` as markup; its class warns of what is to be compared with the original."""
    words = provenance(by, state, model)
    kind = "warn" if state in ("flagged", "failed") else (by or "due")
    return Markup('<span class="badge badge-{}">{}</span>').format(kind, words) if words else Markup("")


def objection(reason: str) -> str:
    """Return a reason of the ledger (`rule: details`) in words for readers."""
    rule, colon, details = reason.partition(": ")
    return f"{OBJECTIONS.get(rule, rule.replace('_', ' '))}{colon}{details}"


def leading(cells: Iterable[dict[str, Any]], table: str | None) -> list[dict[str, Any]]:
    """Return Datasette's columns or cells of a row, with those first that are read first."""
    first = LEADING.get(table or "", ())

    def place(cell: dict[str, Any]) -> int:
        name = cell.get("column", cell.get("name"))
        return first.index(name) if name in first else len(first)

    return sorted(cells, key=place)


def web_link(url: Any) -> str:
    """Return the address if it may become a link (absolute http(s), no blanks or controls), else an empty string."""
    if not isinstance(url, str) or not url.isprintable() or any(c.isspace() for c in url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def members(cell: Any) -> list[str]:
    """Return the strings of a JSON array; an empty list for anything else."""
    try:
        found = json.loads(cell) if isinstance(cell, str) and cell.startswith("[") else []
    except (ValueError, RecursionError):
        return []
    return [str(m) for m in found if isinstance(m, str | int | float)] if isinstance(found, list) else []


def moment(value: Any) -> Markup | None:
    """Return a UTC time of the database as `2026-02-20 14:18 UTC`; None for anything else."""
    match = TIME.match(value) if isinstance(value, str) else None
    if match is None:
        return None
    shown = '<time datetime="{}">{}&nbsp;{}&nbsp;UTC</time>'
    return Markup(shown).format(value, match[1], match[2])


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str) -> Markup | None:
    """Return what Datasette shows instead of the raw value; None leaves it to Datasette."""
    if database != "news" or value is None:
        return None
    if column in ENGLISH or (table, column) == ("translations", "text"):
        return _english(row, str(value), column)
    if column == "source_id" and isinstance(value, str):  # in a view, where Datasette knows of no foreign key
        return Markup('<a href="/news/sources/{}">{}</a>').format(tilde_encode(value), value)
    if column.endswith("_at") or column == "at":
        return moment(value)
    if column in LISTS:
        separator, shown = ("<br>", "{}") if column.endswith("reasons") else (" ", '<span class="chip">{}</span>')
        words = map(objection, members(value)) if column.endswith("reasons") else members(value)
        return Markup(separator).join(Markup(shown).format(word) for word in words) or None
    return _evidence(value) if column == "evidence" else None


def _english(row: Any, text: str, column: str) -> Markup:
    known = set(row.keys())

    def cell(name: str) -> Any:
        return row[name] if name in known else None

    if column == "text":
        made = badge("machine", cell("state"), cell("model"))
    elif f"{column}_by" not in known:  # ?_col= left it out
        made = Markup('<span class="badge badge-due">origin not selected</span>')
    else:
        made = badge(cell(f"{column}_by"), cell(f"{column}_state"), cell("title_en_model"))
    return Markup('<span lang="en">{}</span> {}').format(text, made)


def _evidence(value: Any) -> Markup | None:
    try:
        found = json.loads(value)
    except (TypeError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    shown = (f"{name}: {', '.join(map(str, what)) if isinstance(what, list) else what}" for name, what in found.items())
    return Markup("<br>").join(escape(line) for line in shown)


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Give our templates the same functions."""
    env.globals["badge"] = badge
    env.filters["web_link"] = web_link
    env.filters["members"] = members
    env.filters["objection"] = objection
    env.filters["leading"] = leading
    env.filters["moment"] = lambda value: moment(value) or value
