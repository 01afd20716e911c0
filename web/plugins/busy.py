"""Bound on what is answered at once, so that many heavy questions need no more memory than few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pluggy import HookimplMarker

from pipeline.rotation import Rotation

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

hookimpl = HookimplMarker("datasette")

PAGES = 3  # as many as Datasette has threads; 1,000 rows take 15 MB while they are made
LARGE = 1  # answers with a size that was asked for: up to 1,000 rows of JSON
STREAMS = 2  # whole tables as CSV: they wait for their readers, so they do not keep pages waiting


@hookimpl(tryfirst=True)
def asgi_wrapper() -> Callable[[Any], Any]:
    """Wrap Datasette alone (the first one stands inside): what the log-in still reads or refuses takes no turn."""
    pages, large, streams = Rotation(PAGES), Rotation(LARGE), Rotation(STREAMS)

    def wrap(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def in_turn(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http" or scope["path"] == "/-/login":  # which waits for its password's check
                await app(scope, receive, send)
                return
            turns = large if b"_size=" in scope["query_string"] else pages
            turns = streams if scope["path"].endswith(".csv") else turns
            async with turns.taken((scope.get("client") or ("unknown",))[0]):
                await app(scope, receive, send)

        return in_turn

    return wrap
