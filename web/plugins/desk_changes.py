"""Changes that editors make at the desk: saved field by field, undone, seen by the others. Editors only."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING, Any

from datasette import Response
from pluggy import HookimplMarker

from core.errors import UsageError, VisnykError
from db import desk_facts, digest_changes
from newsletter import changes
from newsletter.changes import Applied, Edit
from newsletter.issue_image import put_image
from web.desk import desk_access as access
from web.desk.desk_answers import HEADERS, DeskRequest, again, answered, posted
from web.desk.desk_forms import DraftClosed, edits_of, typed_fields
from web.desk.desk_history import words_of
from web.desk.desk_numbers import number_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from web.desk.desk_view import View

hookimpl = HookimplMarker("datasette")
ITEM_TEXTS = ("title", "text")


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Register the addresses that change a draft, and the one that tells what others changed."""
    return [
        (r"/desk/change$", posted(change)),
        (r"/desk/item$", posted(add_item)),
        (r"/desk/image$", image),
        (r"/desk/undo$", posted(undo)),
        (r"/desk/seen$", posted(seen)),
        (r"/desk/changes$", changed),
    ]


async def change(asked: DeskRequest) -> Any:
    """Save fields, decisions, places and approvals."""
    draft, edits = await access.viewing(asked.datasette, asked.newsletter, lambda _, view: _edits(asked, view))
    return await _save(asked, draft, lambda connection, draft: changes.apply(
        connection, asked.newsletter, draft, edits, asked.by, asked.at, "desk"))  # fmt: skip


async def add_item(asked: DeskRequest) -> Any:
    """Make an item of the editors' own, with the texts that were typed."""
    form = asked.form
    language = "uk" if form.get("language") == "uk" else "en"

    def add(connection: sqlite3.Connection, draft: int) -> Applied:
        given = (connection, asked.newsletter, draft)
        begun = changes.add_item(*given, form.get("section"), asked.by, asked.at, "desk")
        texts = {f"{name}_{language}": form.get(name) for name in ITEM_TEXTS} | {"url": form.get("url")}
        edits = [Edit(None, begun.item_id, field, "", text) for field, text in texts.items() if text.strip()]
        applied = changes.apply(*given, edits, asked.by, asked.at, "desk")
        return Applied((begun, *applied.changes), applied.conflicts)

    draft, _ = await access.viewing(asked.datasette, asked.newsletter, lambda _, view: (_draft_of(asked, view), None))
    return await _save(asked, draft, add)


async def set_image(asked: DeskRequest) -> Any:
    """Give the draft the image that was sent, or take its image away; with what was typed to stand for it."""
    form = asked.form
    try:
        sent = base64.b64decode(form.get("image"), altchars=b"-_", validate=True)
    except ValueError as error:
        raise UsageError("this is no picture that can be used: PNG and JPEG are") from error
    is_removed = form.get("act") == "remove"
    draft, edits = await access.viewing(
        asked.datasette,
        asked.newsletter,
        lambda _, view: (_draft_of(asked, view), [] if is_removed else list(typed_fields(form, view))),
    )

    def store(connection: sqlite3.Connection, draft: int) -> Applied:
        applied = changes.apply(connection, asked.newsletter, draft, edits, asked.by, asked.at, "desk")
        if not (sent or is_removed):
            return applied
        before = digest_changes.newest(connection, draft)
        put_image(connection, asked.newsletter, None if is_removed else sent, {}, asked.by, asked.at, "desk")
        return Applied((*applied.changes, *changes.history(connection, draft, before)), applied.conflicts)

    return await _save(asked, draft, store)


async def image(datasette: Any, request: Any) -> Any:
    """Send the image of the open draft; take one, if it is sent."""
    if request.method == "POST" or not access.may_edit(datasette, request):
        return await answered(datasette, request, set_image)
    try:
        newsletter = access.asked_for(datasette, request.args.get("newsletter") or "")
        found = await access.viewing(datasette, newsletter, lambda _, view: view.now.issue.image)
    except VisnykError as error:
        return Response.text(str(error), status=404, headers=HEADERS)
    if found is None:
        return Response.text("The issue has no image.", status=404, headers=HEADERS)
    return Response(found.content, content_type=f"image/{found.kind}", headers=HEADERS)


async def undo(asked: DeskRequest) -> Any:
    """Take one change back, or with `together` all that were made with it."""
    step = asked.form.get("step")
    number = number_of(step or asked.form.get("change"))
    if number is None:
        raise UsageError("which change is to be undone?")
    together = bool(step) or asked.form.get("together") == "1"
    draft = await access.viewing(asked.datasette, asked.newsletter, lambda _, view: view.now.digest_id)
    return await _save(asked, draft, lambda connection, _: changes.undo(
        connection, asked.newsletter, number, asked.by, asked.at, together=together))  # fmt: skip


async def seen(asked: DeskRequest) -> Any:
    """Note up to which change this editor has seen the draft."""
    number = number_of(asked.form.get("change")) or 0

    def note() -> None:
        with access.writing(access.file_of(asked.datasette)) as connection:
            newest = digest_changes.newest(connection, draft)
            desk_facts.visit(connection, draft, asked.by, min(number, newest), asked.at)

    draft = await access.viewing(asked.datasette, asked.newsletter, lambda _, view: view.now.digest_id)
    await asyncio.to_thread(note)
    return Response.json({"seen": number}) if asked.is_script else Response.redirect(asked.address())


async def changed(datasette: Any, request: Any) -> Any:
    """Send what was changed in the draft after the change `since`, by whomever."""
    if not access.may_edit(datasette, request):
        return Response.json({"error": "Not allowed."}, status=403)
    since = number_of(request.args.get("since") or "") or 0

    def read(connection: sqlite3.Connection, view: View) -> dict[str, Any]:
        found = changes.history(connection, view.now.digest_id, since)
        return {
            "issue": view.now.issue.name,
            "seq": view.seq,
            "changes": [
                {"key": view.key_of(one.story_id, one.item_id), "change": one.id}
                | {name: getattr(one, name) for name in ("field", "was", "became", "by", "at", "via")}
                for one in found
            ],
            "counts": view.counts(),
        }

    try:
        newsletter = access.asked_for(datasette, request.args.get("newsletter") or "")
        return Response.json(await access.viewing(datasette, newsletter, read), headers=HEADERS)
    except VisnykError as error:
        return Response.json({"error": str(error)}, status=400 if isinstance(error, UsageError) else 503)


def _draft_of(asked: DeskRequest, view: View) -> int:
    given = asked.form.get("issue")
    if given not in ("", view.now.issue.name) and given not in view.former_names:
        raise DraftClosed(f"the page was of {given[:60]}; now {view.now.issue.name} is open: nothing was changed")
    return view.now.digest_id


def _edits(asked: DeskRequest, view: View) -> tuple[int, list[Edit]]:
    return _draft_of(asked, view), edits_of(asked.form, view)


async def _save(asked: DeskRequest, draft: int, store: Callable[[sqlite3.Connection, int], Applied]) -> Any:
    """Store in one short transaction; answer with what was saved and what others changed meanwhile."""

    def save() -> Applied:
        with access.writing(access.file_of(asked.datasette)) as connection:
            return store(connection, draft)

    applied = await asyncio.to_thread(save)
    answer = await access.viewing(asked.datasette, asked.newsletter, lambda _, view: _answer(applied, view))
    if asked.is_script:
        return Response.json(answer, headers=HEADERS)
    if answer["conflicts"]:
        return await again(asked, 409, conflicts=answer["conflicts"])
    saved = answer["saved"]
    message = (
        f"saved: {', '.join(dict.fromkeys(words_of(one['field']) for one in saved))}" if saved else "nothing to save"
    )
    asked.datasette.add_message(asked.request, message, asked.datasette.INFO)
    return Response.redirect(asked.address(saved[0]["key"] or "" if saved else ""))


def _answer(applied: Applied, view: View) -> dict[str, Any]:
    return {
        "saved": [
            {"key": view.key_of(one.story_id, one.item_id), "field": one.field, "value": one.became, "change": one.id}
            for one in applied.changes
        ],
        "conflicts": [
            {
                "key": view.key_of(one.edit.story_id, one.edit.item_id),
                "field": one.edit.field,
                "base": one.edit.base,
                "yours": one.edit.value,
                "theirs": one.now,
                "by": one.by,
                "at": one.at,
                "label": words_of(one.edit.field),
                "about": view.title_of(one.edit.story_id),
            }
            for one in applied.conflicts
        ],
        "seq": view.seq,
        "counts": view.counts(),
    }
