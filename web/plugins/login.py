"""Log-in of the editors' instance: the pages for it, and the gate that is closed to all others. None without a desk."""

from __future__ import annotations

import asyncio
import html
import math
import re
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette import Response
from pluggy import HookimplMarker

from pipeline import passwords
from pipeline.editors import is_editor
from pipeline.login_attempts import counted_as
from web.login import forms, visitor
from web.login.forms import LOG_IN, NotAdmitted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pipeline.editors import DeskAccess

hookimpl = HookimplMarker("datasette")

OPEN = re.compile(rb"/-/login\Z|/static/|/-/static/|/favicon\.ico\Z")  # before the log-in
MOST_CHECKING = 4  # passwords that are looked at or wait for it, of different visitors
MOST_CARRYING = 4  # large forms that browsers without a session send at once
MOST_PAUSING = 100  # refusals that wait; beyond, they are given at once
REFUSED = "visnyk.refused"  # in a scope: what the page of the log-in tells, and brings along
NO_STORE = {"cache-control": "no-store"}

WRONG = "Invalid username or password."
NOT_IN = "Log in to see this page."
OVER = "Your session has ended. Log in again, and you are back where you were."
# The page of a form that was refused to a browser from which nobody ever logged in keeps nothing.
NOT_SAVED = "You are not logged in, or your session has ended: nothing was saved. Log in, then go back and save again."
KEPT = (
    "Your session has ended: nothing was saved yet. What you typed is kept in this page: log in, and it can be saved."
)
LEFT = "You are logged out."
NO_SESSION = "You are not logged in, or your session has ended."
FOREIGN = (
    "This form is not of a page that this browser opened since it was started: nothing was saved. "
    "Open the page again in another window, then go back and save again."
)


@hookimpl(tryfirst=True)
def register_routes() -> list[tuple[str, Any]]:
    """Register ours before Datasette's way out and the log-in of datasette-auth-passwords, which waits for a hash."""
    return [(r"/-/login$", log_in), (r"/-/logout$", log_out)]


@hookimpl
def menu_links(datasette: Any, actor: Any, request: Any) -> list[dict[str, str]]:
    """Return the way out, for those who are in."""
    if not is_editor(actor):
        return []
    back = urlencode({"next": forms.way_back(request.full_path)}, safe="/") if request else ""
    return [{"href": f"{datasette.urls.path('/-/logout')}?{back}", "label": f"Log out ({actor['id']})"}]


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """Close everything but the log-in to others than editors, on the editors' instance."""
    if datasette.desk is None:
        return lambda app: app

    def wrap(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def gate(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            is_in = visitor.session_of(datasette, scope) is not None
            try:
                scope, receive = await admitted(datasette, scope, receive, is_in=is_in)
            except NotAdmitted as refused:
                await (await _refusal(datasette, scope, *refused.args)).asgi_send(send)
                return
            if is_in or scope["method"] == "POST":
                await app(scope, receive, send)
                return
            async with datasette.desk.strangers.taken(counted_as(visitor.address_of(scope))):
                began = time.monotonic()
                await app(scope, receive, send)
                await asyncio.sleep(time.monotonic() - began)  # they get half of the time at most, editors the rest

        return gate

    return wrap


async def admitted(datasette: Any, scope: Any, receive: Any, *, is_in: bool) -> tuple[Any, Any]:
    """Return scope and body for Datasette; those who are not in get the log-in instead of a page.

    Raise NotAdmitted for what is answered without it.
    """
    path = forms.path_of(scope)
    if not is_in:
        scope = visitor.without_session(scope)
        if not OPEN.match(path):
            return await _to_log_in(datasette, scope, receive), receive
    if scope["method"] != "POST":
        return scope, receive
    if path == LOG_IN.encode():
        if visitor.has_been_in(datasette, scope):
            form = await _read_large(datasette.desk, scope, receive, forms.CARRYING)
        else:
            _ask_to_wait(datasette, scope)
            form = await forms.read_form(scope, receive, *forms.SMALL_FORM)
    else:
        form = await forms.read_form(scope, receive, *forms.BOUNDS.get(path, forms.SMALL_FORM))
    if not visitor.has_token(scope, dict(forms.fields_of(form)).get("csrftoken", "")):
        raise NotAdmitted(403, FOREIGN)

    async def again() -> dict[str, Any]:
        return {"type": "http.request", "body": form, "more_body": False}

    headers = [(name, forms.KIND if name == b"content-type" else value) for name, value in scope["headers"]]
    return {**scope, "headers": headers}, again


async def _to_log_in(datasette: Any, scope: Any, receive: Any) -> dict[str, Any]:
    """Return the request as one for the page of the log-in, which says why, leads back, and keeps what was typed."""
    path, was_in, is_form = forms.path_of(scope), visitor.has_been_in(datasette, scope), scope["method"] == "POST"
    if _is_script(scope):
        raise NotAdmitted(403, NO_SESSION)
    if is_form and not was_in:
        raise NotAdmitted(403, NOT_SAVED)
    back, typed = path.decode("latin-1"), []
    if is_form:
        bounds = forms.BOUNDS.get(path, forms.SMALL_FORM)
        typed = forms.to_bring_along(await _read_large(datasette.desk, scope, receive, bounds))
    elif scope.get("query_string"):
        back += f"?{scope['query_string'].decode('latin-1')}"
    told = KEPT if typed else OVER if was_in else NOT_IN
    return {
        **scope,
        "method": "HEAD" if scope["method"] == "HEAD" else "GET",
        "path": LOG_IN,
        "raw_path": LOG_IN.encode(),
        "query_string": urlencode({"next": forms.AFTER if is_form else forms.way_back(back)}).encode(),
        REFUSED: {"told": told, "typed": typed, "to": forms.way_back(back) if typed else ""},
    }


async def _read_large(desk: DeskAccess, scope: Any, receive: Any, bounds: tuple[int, float]) -> bytes:
    """Read a form of a browser without a session; when too many send one, a small one only."""
    desk.carrying += 1
    try:
        return await forms.read_form(scope, receive, *(bounds if desk.carrying <= MOST_CARRYING else forms.SMALL_FORM))
    finally:
        desk.carrying -= 1


async def log_in(datasette: Any, request: Any) -> Any:
    """Show the form; a POST with the right password begins a session, and leads back."""
    desk: DeskAccess | None = datasette.desk
    if desk is None:
        return Response.text("There is no such page.", status=404)
    refused = request.scope.get(REFUSED)
    context = {"told": LEFT if request.args.get("left") else "", **(refused or {})}
    status, headers = 403 if refused else 200, NO_STORE
    if request.method == "POST":
        sent = forms.fields_of(await request.post_body())
        given = dict(sent)
        context |= {"name": given.get("username", "")[:100], "to": given.get("to", ""), "told": ""}
        context["typed"] = [(name, value) for name, value in sent if name.startswith(forms.PREFIX)]
        try:
            name = await _right_name(datasette, request.scope, given)
            if name:
                return await _let_in(datasette, request, name, context["to"], forms.brought_along(sent))
            context["error"] = WRONG
        except NotAdmitted as slowed:
            status, context["error"], seconds = slowed.args
            headers = {**NO_STORE, "retry-after": str(seconds)}
            await _pause(desk)
    context["back"] = _next(request)
    context["action"] = f"{datasette.urls.path(LOG_IN)}?{urlencode({'next': _next(request)})}"
    page = await datasette.render_template("login.html", context, request=request)
    return Response.html(page, status=status, headers=headers)


async def _let_in(datasette: Any, request: Any, name: str, to: str, typed: forms.Fields) -> Any:
    """Return the answer that begins a session: the way back, or what was typed before, to be sent again."""
    if typed:
        context = {"name": name, "to": forms.way_back(to), "typed": typed, "back": _next(request)}
        page = await datasette.render_template("typed_before.html", context, request=request)
        response = Response.html(page, headers=NO_STORE)
    else:
        response = Response.redirect(_next(request))
    visitor.begin(datasette, name, response)
    return response


async def _right_name(datasette: Any, scope: Any, form: dict[str, str]) -> str | None:
    """Return who gave the right password, or None. Raise NotAdmitted before it is looked at, if that is too often."""
    desk: DeskAccess = datasette.desk
    _ask_to_wait(datasette, scope)
    who, is_known = visitor.counted(datasette, scope)
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
        desk.attempts.say("done" if right else "refused", visitor.address_of(scope))
    if right:
        desk.attempts.succeed(who)
    return name if right else None


def _ask_to_wait(datasette: Any, scope: Any) -> None:
    desk: DeskAccess = datasette.desk
    who, is_known = visitor.counted(datasette, scope)
    seconds = desk.attempts.wait(who, is_known=is_known)
    if who in desk.checking or len(desk.checking) >= MOST_CHECKING * (2 if is_known else 1):
        seconds = max(seconds, 1.0)
    if seconds:
        desk.attempts.refuse(who)
        desk.attempts.say("slowed down", visitor.address_of(scope))
        whole = math.ceil(seconds)
        words = "1 second" if whole == 1 else f"{whole} seconds"
        raise NotAdmitted(429, f"Too many attempts: wait {words}, then try again.", whole)


async def log_out(datasette: Any, request: Any) -> Any:
    """Ask; a POST ends the session, wherever its cookie may have got to."""
    if datasette.desk is None:
        return Response.text("There is no such page.", status=404)
    way = urlencode({"next": _next(request)})
    if request.method != "POST":
        context = {"action": f"{datasette.urls.path('/-/logout')}?{way}", "back": _next(request)}
        page = await datasette.render_template("logout.html", context, request=request)
        return Response.html(page, headers=NO_STORE)
    desk, session = datasette.desk, visitor.session_of(datasette, request.scope)
    if session is not None:
        await asyncio.to_thread(desk.sessions.end, session["k"], visitor.end_of(session), desk.now())
    response = Response.redirect(f"{datasette.urls.path(LOG_IN)}?left=1&{way}")
    response.set_cookie("ds_actor", "", expires=0, max_age=0, httponly=True)
    return response


async def _refusal(datasette: Any, scope: Any, status: int, reason: str, seconds: int = 0) -> Any:
    """Return an answer that costs little, however often it is asked for: the page is made once."""
    desk: DeskAccess = datasette.desk
    headers = NO_STORE | ({"retry-after": str(seconds)} if seconds else {})
    if seconds:
        await _pause(desk)
    if forms.path_of(scope) == LOG_IN.encode():
        way = scope.get("query_string", b"").decode("latin-1")
    else:
        way = urlencode({"next": forms.AFTER if scope["method"] == "POST" else forms.path_of(scope).decode("latin-1")})
    log_in_at = f"{datasette.urls.path(LOG_IN)}?{way}"
    if _is_script(scope):
        return Response.json({"error": reason, "login": log_in_at}, status=status, headers=headers)
    if not desk.refusal:
        await datasette.invoke_startup()
        desk.refusal = await datasette.render_template("refused.html", {"reason": "@reason@", "log_in": "@log_in@"})
    page = desk.refusal.replace("@reason@", html.escape(reason)).replace("@log_in@", html.escape(log_in_at))
    return Response.html(page, status=status, headers=headers)


async def _pause(desk: DeskAccess) -> None:
    if desk.pausing < MOST_PAUSING:
        desk.pausing += 1
        try:
            await asyncio.sleep(desk.pause)
        finally:
            desk.pausing -= 1


def _next(request: Any) -> str:
    return forms.way_back(request.args.get("next") or "")


def _is_script(scope: Any) -> bool:
    """Return True for a request that no person sees the answer of: one by a script, or for JSON."""
    headers = dict(scope["headers"])
    accepted = headers.get(b"accept", b"")
    wants_json = b"application/json" in accepted and b"text/html" not in accepted
    return wants_json or headers.get(b"sec-fetch-dest") == b"empty" or forms.path_of(scope).endswith(b".json")
