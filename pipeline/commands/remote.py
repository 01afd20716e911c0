"""The one request that a translation server of the user's own is sent. Only where an environment variable names one."""

from __future__ import annotations

import contextlib
import json
import os
from typing import TYPE_CHECKING, Any

from core.errors import FetchError, ModelError, TooMuch
from pipeline import asking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from translations.engines.libretranslate import LibreTranslator

KEY = "VISNYK_LIBRETRANSLATE_KEY"
SECONDS = 300.0  # a server without a graphics card takes its time
MOST_BYTES = 4_000_000
HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


def post(url: str, body: Mapping[str, object]) -> Any:
    """Send JSON to `url` and return the JSON that comes back; a redirect is not followed, for the key's sake.

    Raises ModelError naming the address.
    """
    try:
        content = json.dumps(body, ensure_ascii=False).encode()
        response = asking.exchange(url, HEADERS, content, seconds=SECONDS, most_bytes=MOST_BYTES)
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
