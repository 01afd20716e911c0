"""One request to a service of the user's own, where the settings or the environment name it: checked and bounded.

The address may be a private one, since it was given; a redirect is not followed, for the secret's sake, and nothing
is sent twice.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.errors import Unreachable
from pipeline import signals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.handover.campaign import HttpAnswer
    from scrapers.http.responses import Response


def exchange(
    url: str, headers: Mapping[str, str], content: bytes | None, *, seconds: float, most_bytes: int
) -> Response:
    """Send a GET, or a POST of `content`, and return the answer, of any status.

    `seconds` is the time between two pieces of the answer, and half of the time for all of it. Raises FetchError.
    """
    made = _sent(url, headers, content, seconds, most_bytes)
    # A stopping signal is the main thread's; in a thread of a server nobody waits for it.
    return signals.run(made) if threading.current_thread() is threading.main_thread() else asyncio.run(made)


def ask(url: str, headers: Mapping[str, str], content: bytes | None) -> HttpAnswer:
    """Send a request to a mailing service: `Ask` of newsletter/handover/campaign.py. Raises FetchError."""
    from newsletter.handover.campaign import HttpAnswer

    response = exchange(url, headers, content, seconds=SECONDS, most_bytes=MOST_BYTES)
    return HttpAnswer(response.status, response.body)


def tls() -> ssl.SSLContext:
    """Return what checks certificates as every connection of ours does."""
    from scrapers.http.connections import trust_authorities

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust_authorities(context)
    return context


SECONDS = 30.0  # services answer in a second; a loaded one takes its time for a campaign
MOST_BYTES = 32_000_000  # Keila lists all campaigns at once, with their texts


async def _sent(url: str, headers: Mapping[str, str], content: bytes | None, seconds: float, most: int) -> Response:
    from scrapers.http.client import HttpClient, Transfer
    from scrapers.http.limits import Limits
    from scrapers.http.routes import Routes

    parts = urlsplit(url)
    own = Routes({parts.hostname or "": f"{parts.scheme}://{parts.netloc}"}, ())
    client = HttpClient(own, Limits(read_seconds=seconds, wire_bytes=most, body_bytes=most, error_body_bytes=most))
    try:
        async with asyncio.timeout(2 * seconds):
            return await client.receive(url, headers, Transfer(), content)
    except TimeoutError as error:
        raise Unreachable(f"time-out: no whole answer in {2 * seconds:g} s", url) from error
    finally:
        await client.aclose()
