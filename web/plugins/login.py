"""Log-in of the editor's instance: logging in and out, sessions, bounds on what is sent. Closed without a desk."""

from __future__ import annotations

import asyncio
import hmac
import math
import re
import secrets
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from datasette import Request, Response
from datasette.utils import baseconv
from itsdangerous import BadData
from pluggy import HookimplMarker

from pipeline import passwords
from pipeline.editors import is_editor
from pipeline.login_attempts import counted_as

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pipeline.editors import DeskAccess

hookimpl = HookimplMarker("datasette")

OPEN = re.compile(rb"/-/login\Z|/static/|/-/static/|/favicon\.ico\Z")  # before the log-in
FORM = b"application/x-www-form-urlencoded"
# Bytes, and seconds in which they must come: all that was typed into one page, and 2,000 marked stories.
BOUNDS = {b"/desk/change": (2_000_000, 60.0), b"/desk/item": (200_000, 30.0)}
SMALL_FORM = (16_000, 10.0)
MOST_CHECKING = 4  # passwords that are looked at or wait for it, of different visitors
MOST_PAUSING = 100  # refusals that wait; beyond, they are given at once
SESSION = 12 * 3600  # seconds; a working day
KNOWN = 180 * 24 * 3600  # seconds for which a browser is known from which an editor logged in

NOT_IN = 'Not allowed. <a href="/-/login">Log in</a>'
# A browser that goes back shows the form as it was filled in, and its token still holds.
NOT_SAVED = (
    "You are not logged in, or your session has ended: nothing was saved. "
    '<a href="/-/login" target="_blank">Log in</a> in another window, then go back here and save again.'
)


class NotAdmitted(Exception):
    """A request that is answered without Datasette: status, one sentence, seconds to wait."""


@hookimpl(tryfirst=True)
def register_routes() -> list[tuple[str, Any]]:
    """Register ours before Datasette's way out and the log-in of datasette-auth-passwords, which waits for a hash."""
    return [(r"/-/login$", log_in), (r"/-/logout$", log_out)]


@hookimpl
def menu_links(datasette: Any, actor: Any) -> list[dict[str, str]]:
    """Return the way out, for those who are in."""
    return [{"href": datasette.urls.path("/-/logout"), "label": "Log out"}] if is_editor(actor) else []


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """Close everything but the log-in to others than editors, on the editor's instance."""
    if datasette.desk is None:
        return lambda app: app

    def wrap(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def gate(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            if scope["method"] == "POST" or session_of(datasette, scope):
                await _pass(datasette, app, scope, receive, send)
                return
            async with datasette.desk.strangers.taken(counted_as(_address(scope))):
                began = time.monotonic()
                await _pass(datasette, app, scope, receive, send)
                await asyncio.sleep(time.monotonic() - began)  # they get half of the time at most, editors the rest

        return gate

    return wrap


async def _pass(datasette: Any, app: Callable[..., Awaitable[None]], scope: Any, receive: Any, send: Any) -> None:
    try:
        scope, receive = await admitted(datasette, scope, receive)
    except NotAdmitted as refused:
        await (await _refusal(datasette, *refused.args)).asgi_send(send)
        return
    await app(scope, receive, send)


async def admitted(datasette: Any, scope: Any, receive: Any) -> tuple[Any, Any]:
    """Return scope and body for Datasette: with a session that holds, or without one. Raises NotAdmitted."""
    path = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0]
    if session_of(datasette, scope) is None:
        if not OPEN.match(path):
            raise NotAdmitted(403, NOT_SAVED if scope["method"] == "POST" else NOT_IN)
        scope = {**scope, "headers": [_without_session(header) for header in scope["headers"]]}
    if scope["method"] != "POST":
        return scope, receive
    if path == b"/-/login":
        _ask_to_wait(datasette, scope)
    form = await read_form(scope, receive, *BOUNDS.get(path, SMALL_FORM))

    async def again() -> dict[str, Any]:
        return {"type": "http.request", "body": form, "more_body": False}

    return scope, again


def session_of(datasette: Any, scope: Any) -> dict[str, Any] | None:
    """Return the session of a request: signed by us, not over and not ended; else None."""
    desk: DeskAccess = datasette.desk
    try:
        session = datasette.unsign(Request(scope, None).cookies["ds_actor"], "actor")
        holds = (
            is_editor(session["a"])
            and _is_marked(desk, session["a"]["id"], session["m"])
            and _end(session) > desk.now()
            and not desk.sessions.is_ended(session["k"])
        )
    except (BadData, KeyError, TypeError, ValueError):
        return None
    return session if holds else None


def _is_marked(desk: DeskAccess, name: str, mark: str) -> bool:
    """Return True if this was given to an editor who is one still, with the password of then."""
    return hmac.compare_digest(desk.sessions.mark(name, desk.editors.hashes()[name]), mark)


async def read_form(scope: Any, receive: Any, most: int, seconds: float) -> bytes:
    """Return the body of a form, counted while it comes. Raises NotAdmitted with 400, 408, 413 or 415."""
    headers = dict(scope["headers"])
    if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != FORM:
        raise NotAdmitted(415, "Only forms are taken here.")
    if headers.get(b"content-length", b"0").isdigit() and int(headers.get(b"content-length", b"0")) > most:
        raise NotAdmitted(413, f"At most {most} bytes are taken here.")
    body, more = bytearray(), True
    try:
        async with asyncio.timeout(seconds):
            while more:
                message = await receive()
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > most:
                    raise NotAdmitted(413, f"At most {most} bytes are taken here.")
        fields = dict(parse_qsl(body.decode()))
    except TimeoutError:
        raise NotAdmitted(408, "The form did not come in time.") from None
    except ValueError:
        raise NotAdmitted(400, "This form cannot be read.") from None
    if not fields.get("csrftoken", "").isascii():
        raise NotAdmitted(400, "This form cannot be read.")
    return bytes(body)


async def log_in(datasette: Any, request: Any) -> Any:
    """Show the form; a POST with the right password begins a session."""
    desk: DeskAccess | None = datasette.desk
    if desk is None:
        return Response.text("There is no such page.", status=404)
    error = None
    if request.method == "POST":
        form = await request.post_vars()
        try:
            name = await _right_name(datasette, request.scope, form)
        except NotAdmitted as refused:
            return await _refusal(datasette, *refused.args)
        if name:
            return _begin(datasette, name)
        error = "Invalid username or password"
    page = await datasette.render_template("password_login.html", {"error": error}, request=request)
    return Response.html(page, headers={"cache-control": "no-store"})


async def _right_name(datasette: Any, scope: Any, form: dict[str, str]) -> str | None:
    """Return who gave the right password, or None. Raise NotAdmitted before it is looked at, if that is too often."""
    desk: DeskAccess = datasette.desk
    _ask_to_wait(datasette, scope)
    who, is_known = _visitor(datasette, scope)
    desk.attempts.begin(who, is_known=is_known)
    desk.checking.add(who)
    right = False
    try:
        name, password_hash = desk.to_check(form.get("username", ""))
        matches = await asyncio.get_running_loop().run_in_executor(
            desk.checker, passwords.is_right, form.get("password", ""), password_hash
        )
        right = matches and name is not None
    finally:  # also for one who does not wait for the answer
        desk.checking.discard(who)
        desk.attempts.say("done" if right else "refused", _address(scope))
    if right:
        desk.attempts.succeed(who)
    return name if right else None


def _ask_to_wait(datasette: Any, scope: Any) -> None:
    desk: DeskAccess = datasette.desk
    who, is_known = _visitor(datasette, scope)
    seconds = desk.attempts.wait(who, is_known=is_known)
    if who in desk.checking or len(desk.checking) >= MOST_CHECKING * (2 if is_known else 1):
        seconds = max(seconds, 1.0)
    if seconds:
        desk.attempts.refuse(who)
        desk.attempts.say("slowed down", _address(scope))
        whole = math.ceil(seconds)
        words = "1 second" if whole == 1 else f"{whole} seconds"
        raise NotAdmitted(429, f"Too many attempts: wait {words}, then try again.", whole)


def _begin(datasette: Any, name: str) -> Any:
    desk: DeskAccess = datasette.desk
    mark = desk.sessions.mark(name, desk.editors.hashes().get(name, ""))
    session = {
        "a": {"id": name, "role": "editor"},
        "e": baseconv.base62.encode(int(desk.now()) + SESSION),
        "k": secrets.token_hex(16),
        "m": mark,
    }
    response = Response.redirect(datasette.urls.path("/"))
    known = datasette.sign({"n": name, "m": mark}, "browser")
    response.set_cookie("ds_actor", datasette.sign(session, "actor"), max_age=SESSION, httponly=True)
    response.set_cookie("visnyk_known", known, max_age=KNOWN, httponly=True)
    return response


async def log_out(datasette: Any, request: Any) -> Any:
    """Ask; a POST ends the session, wherever its cookie may have got to."""
    if datasette.desk is None:
        return Response.text("There is no such page.", status=404)
    if request.method != "POST":
        page = await datasette.render_template("logout.html", {"actor": request.actor}, request=request)
        return Response.html(page, headers={"cache-control": "no-store"})
    desk, session = datasette.desk, session_of(datasette, request.scope)
    if session is not None:
        await asyncio.to_thread(desk.sessions.end, session["k"], _end(session), desk.now())
    response = Response.redirect(datasette.urls.path("/-/login"))
    response.set_cookie("ds_actor", "", expires=0, max_age=0, httponly=True)
    return response


def _visitor(datasette: Any, scope: Any) -> tuple[str, bool]:
    """Return as whom a visitor is counted: as the editor who logged in from this browser last, or by address."""
    try:
        known = datasette.unsign(Request(scope, None).cookies["visnyk_known"], "browser")
        if _is_marked(datasette.desk, known["n"], known["m"]):
            return f"editor {known['n']}", True
    except (BadData, KeyError, TypeError):
        pass
    return counted_as(_address(scope)), False


def _address(scope: Any) -> str:
    return (scope.get("client") or ("unknown",))[0]


def _end(session: dict[str, Any]) -> int:
    return int(baseconv.base62.decode(session["e"]))


def _without_session(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """Return a header without the cookie of a session; the token of a form that is still open stays."""
    name, value = header
    if name != b"cookie":
        return header
    return name, b"; ".join(pair for pair in value.split(b"; ") if not pair.startswith(b"ds_actor="))


async def _refusal(datasette: Any, status: int, reason: str, seconds: int = 0) -> Any:
    desk: DeskAccess = datasette.desk
    if seconds and desk.pausing < MOST_PAUSING:
        desk.pausing += 1
        try:
            await asyncio.sleep(desk.pause)
        finally:
            desk.pausing -= 1
    headers = {"cache-control": "no-store"} | ({"retry-after": str(seconds)} if seconds else {})
    return Response.html(reason, status=status, headers=headers)
