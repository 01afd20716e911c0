"""Cookies of a request, and what they say of its visitor: a session that holds, a browser of an editor."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING, Any

from datasette import Request
from datasette.utils import baseconv
from itsdangerous import BadData

from pipeline.editors import is_editor
from pipeline.login_attempts import counted_as

if TYPE_CHECKING:
    from pipeline.editors import DeskAccess

SESSION = 12 * 3600  # seconds; a working day
KNOWN = 180 * 24 * 3600  # seconds for which a browser is known from which an editor logged in


def session_of(datasette: Any, scope: Any) -> dict[str, Any] | None:
    """Return the session of a request: signed by us, of an editor as he is now, not over and not ended; else None."""
    desk: DeskAccess = datasette.desk
    try:
        session = datasette.unsign(Request(scope, None).cookies["ds_actor"], "actor")
        holds = (
            is_editor(session["a"])
            and _is_marked(desk, session["a"]["id"], session["m"])
            and end_of(session) > desk.now()
            and not desk.sessions.is_ended(session["k"])
        )
    except (BadData, KeyError, TypeError, ValueError):
        return None
    return session if holds else None


def end_of(session: dict[str, Any]) -> int:
    """Return when a session is over."""
    return int(baseconv.base62.decode(session["e"]))


def begin(datasette: Any, name: str, response: Any) -> None:
    """Give the browser the cookies of a session of this editor."""
    desk: DeskAccess = datasette.desk
    mark = desk.sessions.mark(name, desk.editors.hashes().get(name, ""))
    session = {
        "a": {"id": name, "role": "editor"},
        "e": baseconv.base62.encode(int(desk.now()) + SESSION),
        "k": secrets.token_hex(16),
        "m": mark,
    }
    known = {"n": name, "m": mark}
    response.set_cookie("ds_actor", datasette.sign(session, "actor"), max_age=SESSION, httponly=True)
    response.set_cookie("visnyk_known", datasette.sign(known, "browser"), max_age=KNOWN, httponly=True)


def counted(datasette: Any, scope: Any) -> tuple[str, bool]:
    """Return as whom a visitor is counted: as the editor who logged in from this browser last, or by address."""
    try:
        known = datasette.unsign(Request(scope, None).cookies["visnyk_known"], "browser")
        if _is_marked(datasette.desk, known["n"], known["m"]):
            return f"editor {known['n']}", True
    except (BadData, KeyError, TypeError):
        pass
    return counted_as(address_of(scope)), False


def has_been_in(datasette: Any, scope: Any) -> bool:
    """Return True for a browser from which an editor logged in, whatever became of the session and the password."""
    cookies = Request(scope, None).cookies
    for cookie, of in (("visnyk_known", "browser"), ("ds_actor", "actor")):
        try:
            datasette.unsign(cookies[cookie], of)
        except (BadData, KeyError):
            continue
        return True
    return False


def has_token(scope: Any, given: str) -> bool:
    """Return True if a form was made for this browser; Datasette checks that it was made here."""
    own = Request(scope, None).cookies.get("ds_csrftoken", "")
    return bool(own) and secrets.compare_digest(own.encode(), given.encode())


def address_of(scope: Any) -> str:
    """Return the address that a request came from."""
    return str((scope.get("client") or ("unknown",))[0])


def without_session(scope: Any) -> dict[str, Any]:
    """Return the scope without the cookie of a session; the token of a form that is still open stays."""

    def kept(name: bytes, value: bytes) -> bytes:
        if name != b"cookie":
            return value
        return b"; ".join(pair for pair in value.split(b"; ") if not pair.startswith(b"ds_actor="))

    return {**scope, "headers": [(name, kept(name, value)) for name, value in scope["headers"]]}


def _is_marked(desk: DeskAccess, name: str, mark: str) -> bool:
    """Return True if this was given to an editor who is one still, with the password of then."""
    return hmac.compare_digest(desk.sessions.mark(name, desk.editors.hashes()[name]), mark)
