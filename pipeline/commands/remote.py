"""The one request that a translation server of the user's own is sent. Only where an environment variable names one."""

from __future__ import annotations

import contextlib
import json
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from core.errors import FetchError, ModelError, TooMuch
from pipeline import signals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapers.http.responses import Response
    from translations.engines.libretranslate import LibreTranslator

KEY = "VISNYK_LIBRETRANSLATE_KEY"
SECONDS = 300.0  # a server without a graphics card takes its time
MOST_BYTES = 4_000_000


def post(url: str, body: Mapping[str, object]) -> Any:
    """Send JSON to `url` and return the JSON that comes back; a redirect is not followed, for the key's sake.

    Raises ModelError naming the address.
    """
    try:
        response = signals.run(_sent(url, json.dumps(body, ensure_ascii=False).encode()))
        if response.status != 200:
            said = ""
            with contextlib.suppress(
                ValueError, KeyError, TypeError
            ):  # LibreTranslate says in `error` what it dislikes
                said = f": {str(json.loads(response.body)['error'])[:200]}"
            raise ModelError(f"{url} answered {response.status}{said}")
        return json.loads(response.body)
    except TooMuch as error:
        raise ModelError(f"{url} sent more than {MOST_BYTES} bytes") from error
    except FetchError as error:
        raise ModelError(f"{url} gave no usable answer: {error.args[0]}") from error
    except ValueError as error:
        raise ModelError(f"{url} gave no usable answer: it is not JSON") from error


def translator(url: str) -> LibreTranslator:
    """Return the server at `url` as an engine."""
    from translations.engines.libretranslate import LibreTranslator

    return LibreTranslator(url, post, os.environ.get(KEY, ""))


async def _sent(url: str, content: bytes) -> Response:
    from scrapers.http.client import HttpClient, Transfer
    from scrapers.http.limits import Limits
    from scrapers.http.routes import Routes

    parts = urlsplit(url)
    own = Routes({parts.hostname or "": f"{parts.scheme}://{parts.netloc}"}, ())  # the machine may be a private one
    client = HttpClient(own, Limits(read_seconds=SECONDS, wire_bytes=MOST_BYTES, body_bytes=MOST_BYTES))
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    try:
        return await client.receive(url, headers, Transfer(), content)
    finally:
        await client.aclose()
