"""Forms of editors, and what their scripts send → edits of the draft. Pure; what does not fit is named.

A field `title_en` comes with `base-title_en`, what the page showed when the editor began. `title_en@KEY` is that of
another story than the form's `key`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from core.errors import UsageError
from newsletter.changes import Edit
from newsletter.fields import KEY, LIMITS, kind
from web.desk.desk_numbers import number_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.bin import DeskRow
    from web.desk.desk_view import View

MOST_EDITS = 2000
DECISIONS = {"take": "taken", "drop": "dropped", "hold": "held", "back": ""}
ON_ROWS = ("move", "approve", "up", "down")
# What is sent back as it came when a form could not be saved, and never shown.
CONTROLS = frozenset(("csrftoken", "newsletter", "issue", "back", "key", "act", "pick", "since", "changes", "change",
                      "step", "image"))  # fmt: skip
GONE = "a story of this page is not in the draft any more: it was sealed, sent, or merged into another"


class DraftClosed(UsageError):
    """The draft that a page was of is sealed by now."""


class Form(NamedTuple):
    """Names and values in the order in which they came; a name may come several times."""

    pairs: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str:
        """Return the first value of a name; empty if there is none."""
        return next((value for given, value in self.pairs if given == name), "")

    def all(self, name: str) -> list[str]:
        """Return all values of a name."""
        return [value for given, value in self.pairs if given == name]

    def has(self, name: str) -> bool:
        """Return True if the name was sent."""
        return any(given == name for given, _ in self.pairs)

    @property
    def since(self) -> int | None:
        """Return the newest change that the editor had seen."""
        return number_of(self.get("since"))


def read_form(body: bytes) -> Form:
    """Return the form of a request's body."""
    return Form(tuple(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)))


def edits_of(form: Form, view: View) -> list[Edit]:
    """Return what a form asks for. Raises UsageError for what it cannot mean."""
    if form.has("changes"):
        return list(edits_from_script(form, view))
    act, key, base = (*form.get("act").split(":", 2), "", "")[:3]
    if act == "remove":
        return [_edit(view, form.get("key"), "removed", "", "1", form.since)]
    found = list(typed_fields(form, view)) if not act or key == "" else []
    if act == "approve" and form.has("approved"):
        act = ""
    if not act:
        return [*found, *approvals_and_decisions(form, view)]
    if act not in (*DECISIONS, *ON_ROWS):
        raise UsageError(f"there is no action {act[:20]!r}")
    return list(row_edits(form, view, act, _picked(form, act, key, base)))


def edits_from_script(form: Form, view: View) -> Iterator[Edit]:
    """Yield the edits of a list in JSON. Raises UsageError for what is no such list."""
    try:
        given = json.loads(form.get("changes"))
    except (ValueError, RecursionError) as error:
        raise UsageError("changes is no JSON") from error
    if not isinstance(given, list) or len(given) > MOST_EDITS:
        raise UsageError(f"changes must be a list of at most {MOST_EDITS}")
    for one in given:
        if not isinstance(one, dict) or not isinstance(one.get("key") or "", str):
            raise UsageError("each change must have key, field, base and value")
        field, base, value = (one.get(name) for name in ("field", "base", "value"))
        if not (isinstance(field, str) and isinstance(base, str) and isinstance(value, str)):
            raise UsageError("each change must have key, field, base and value, all texts")
        yield _edit(view, one.get("key") or "", field, base, value, form.since)


def typed_fields(form: Form, view: View) -> Iterator[Edit]:
    """Yield the fields that came with their base and are not as it was."""
    for name, value in form.pairs:
        field, _, other = name.partition("@")
        base_name = f"base-{name}"
        if kind(field) not in LIMITS or not form.has(base_name) or field in ("decision", "approved"):
            continue
        if form.get(f"keep-{name}") != "theirs" and value != form.get(base_name):
            yield _edit(view, other or form.get("key"), field, form.get(base_name), value, form.since)


def approvals_and_decisions(form: Form, view: View) -> Iterator[Edit]:
    """Yield decisions and approvals that a page of conflicts, or one opened story, asks for."""
    for name, value in form.pairs:
        field, _, other = name.partition("@")
        if field in ("decision", "approved") and form.get(f"keep-{name}") != "theirs":
            yield _edit(view, other or form.get("key"), field, form.get(f"base-{name}"), value, form.since)


def _picked(form: Form, act: str, key: str, base: str) -> list[tuple[str, str, str, str]]:
    """Return what an action is for: key, base of the decision, base of the place, mark of the English."""
    if key:
        return [(key, base if act in DECISIONS else "", base if act in ("up", "down") else "", base)]
    if form.get("key"):
        return [(form.get("key"), form.get("base-decision"), form.get("base-position"), "")]
    picked = [(*one.split(":", 3), "", "", "")[:4] for one in form.all("pick")]
    if not picked:
        raise UsageError("mark some stories first")
    return [(key, decision, place, "") for key, decision, place, _ in picked]


def row_edits(form: Form, view: View, act: str, picked: Iterable[tuple[str, str, str, str]]) -> Iterator[Edit]:
    """Yield what a button of rows asks for. Raises UsageError for English that the page did not show."""
    for step, (key, decision, place, mark) in enumerate(picked):
        row = _row(view, key)
        now = view.now.stories[row.story.story_id]

        def edit(field: str, base: str, value: str, key: str = key) -> Edit:
            return _edit(view, key, field, base, value, form.since)

        if act in DECISIONS:
            yield edit("decision", decision, DECISIONS[act])
            if decision != now["decision"] and now["decision"] != DECISIONS[act]:
                continue  # it is a conflict: the reason belongs to the decision
            yield from (edit(*given) for given in _with_decision(form, act, now))
        if act == "approve":
            if not row.english or (mark and mark != row.english_mark):
                raise UsageError(f"the English of «{row.title[:80]}» is another one by now: look at it again")
            yield edit("approved", now["approved"], row.english)
        if act in ("take", "move") and form.get("section") and not form.get("key"):
            yield edit("section", now["section"], form.get("section"))
        if act in ("up", "down") and (stood := number_of(place)) is not None:
            yield edit("position", place, str(max(1, stood + (1 if act == "down" else -1))))
        if act == "move" and (wanted := form.get("position").strip()):
            first = number_of(wanted)
            yield edit("position", now["position"], wanted if first is None else str(first + step))


def _with_decision(form: Form, act: str, now: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield field, base and value of what goes with a decision."""
    if act in ("drop", "hold"):
        yield "reason", now["reason"], form.get("reason")
    if act == "hold":
        yield "until", now["until"], form.get("until")


def _edit(view: View, key: str, field: str, base: str, value: str, since: int | None) -> Edit:
    if kind(field) not in LIMITS:
        raise UsageError(f"there is no field {field[:40]!r}")
    if not key:
        return Edit(None, None, field, base, value, since)
    if KEY.fullmatch(key) and (item_id := view.item(key)) is not None:
        return Edit(None, item_id, field, base, value, since)
    return Edit(_row(view, key).story.story_id, None, field, base, value, since)


def _row(view: View, key: str) -> DeskRow:
    row = view.row(key)
    if row is None:
        raise UsageError(f"{GONE}; nothing was changed")
    return row


def typed(form: Form) -> list[dict[str, Any]]:
    """Return everything that a form brought, for a page that shows it again: what was typed, and what goes with it."""
    return [
        {"name": name, "value": value, "shown": name not in CONTROLS and not name.startswith(("base-", "keep-"))}
        for name, value in form.pairs
    ]
