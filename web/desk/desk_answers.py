"""Answers to what editors send: where it leads back to, and the form filled in again when it could not be saved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datasette import Response

from core.errors import UsageError, VisnykError
from pipeline.protection import DESK_POLICY, POLICY
from web.desk import desk_access as access
from web.desk.desk_forms import DraftClosed, Form, read_form, typed
from web.desk.desk_history import words_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from newsletter.issue import Newsletter

HEADERS = {"cache-control": "no-store", POLICY.decode(): DESK_POLICY}
BACK = re.compile(r"\?[\w%&=.+~-]{0,2000}")


@dataclass(frozen=True)
class DeskRequest:
    """A request that changes something: who asks for what, of which newsletter."""

    datasette: Any
    request: Any
    form: Form
    newsletter: Newsletter
    at: str

    @property
    def by(self) -> str:
        """Return the editor's name."""
        return str(self.request.actor["id"])

    @property
    def is_script(self) -> bool:
        """Return True if a script asks, which reads JSON."""
        return self.form.has("changes") or "application/json" in (self.request.headers.get("accept") or "")

    def address(self, key: str = "") -> str:
        """Return where a plain form leads back to."""
        back = self.form.get("back")
        query = back if BACK.fullmatch(back) else f"?newsletter={self.newsletter.id}"
        return f"{self.datasette.urls.path('/desk')}{query}{f'#{key}' if key else ''}"


def posted(act: Callable[[DeskRequest], Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Return what answers at an address that does `act`."""

    async def answer(datasette: Any, request: Any) -> Any:
        return await answered(datasette, request, act)

    return answer


async def answered(datasette: Any, request: Any, act: Callable[[DeskRequest], Awaitable[Any]]) -> Any:
    """Do what a form asks; what cannot be saved comes back with everything that was typed."""
    if not access.may_edit(datasette, request):
        return Response.text("Not allowed.", status=403)
    if request.method != "POST":
        return Response.redirect(datasette.urls.path("/desk"))
    form = read_form(await request.post_body())
    try:
        newsletter = access.asked_for(datasette, form.get("newsletter"))
        asked = DeskRequest(datasette, request, form, newsletter, access.now(datasette))
    except UsageError as error:
        return Response.text(str(error), status=400, headers=HEADERS)
    try:
        return await act(asked)
    except VisnykError as error:
        status = 409 if isinstance(error, DraftClosed) else 400 if isinstance(error, UsageError) else 503
        if asked.is_script:
            return Response.json({"error": str(error)}, status=status, headers=HEADERS)
        return await again(asked, status, error=str(error))


async def again(
    asked: DeskRequest, status: int, *, error: str = "", conflicts: list[dict[str, Any]] | None = None
) -> Any:
    """Send the form back, filled in, with what is wrong or what others changed meanwhile."""
    context = {
        "error": error,
        "conflicts": conflicts or [],
        "fields": [{**one, "label": words_of(one["name"].partition("@")[0])} for one in typed(asked.form)],
        "token": asked.request.scope["csrftoken"](),
        "controls": {name: asked.form.get(name) for name in ("newsletter", "issue", "back")},
        "action": asked.request.path,
        "back": asked.address(),
    }
    page = await asked.datasette.render_template("desk_again.html", context, request=asked.request, view_name="desk")
    return Response.html(page, status=status, headers=HEADERS)
