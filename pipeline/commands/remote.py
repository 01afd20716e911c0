"""The one request that a translation server of the user's own is sent. Only where an environment variable names one."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from core.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from translations.engines.libretranslate import LibreTranslator

KEY = "VISNYK_LIBRETRANSLATE_KEY"
SECONDS = 300.0  # a server without a graphics card takes its time
MOST_BYTES = 4_000_000


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The key goes to the server that was named, and nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """None: the answer is taken as it is, an error."""


def post(url: str, body: Mapping[str, object]) -> Any:
    """Sends JSON and gives the JSON that comes back. Raises ModelError naming the address."""
    data = json.dumps(body, ensure_ascii=False).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", "Accept": "application/json"})
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS) as answer:
            return json.loads(_bounded(answer.read(MOST_BYTES + 1), url))
    except urllib.error.HTTPError as error:
        with error:
            raise ModelError(f"{url} answered {error.code}: {_reason(error)}") from error
    except (OSError, ValueError) as error:  # no connection, time-out, no JSON
        raise ModelError(f"{url} gave no usable answer: {error}") from error


def translator(url: str) -> LibreTranslator:
    """The server at `url` as an engine."""
    from translations.engines.libretranslate import LibreTranslator

    return LibreTranslator(url, post, os.environ.get(KEY, ""))


def _bounded(data: bytes, url: str) -> bytes:
    if len(data) > MOST_BYTES:
        raise ModelError(f"{url} sent more than {MOST_BYTES} bytes")
    return data


def _reason(error: urllib.error.HTTPError) -> str:
    """LibreTranslate says in `error` what it does not like."""
    try:
        return str(json.loads(error.read(10_000))["error"])[:200]
    except (OSError, ValueError, KeyError, TypeError):
        return str(error.reason)
