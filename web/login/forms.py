"""Forms that come to the editors' instance: bounds, the way back, and what was typed when a session had ended."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.parse import parse_qsl

KIND = b"application/x-www-form-urlencoded"
# Bytes, and seconds in which they must come: all that was typed into one page, and 2,000 marked stories.
BOUNDS = {b"/desk/change": (2_000_000, 60.0), b"/desk/item": (200_000, 30.0)}
SMALL_FORM = (16_000, 10.0)
CARRYING = (2_500_000, 60.0)  # a log-in that brings along what was typed before
MOST_FIELDS = 50_000

LOG_IN = "/-/login"
AFTER = "/desk"  # where a log-in leads that came from nowhere
PREFIX = "typed-"  # before the names of fields that a log-in brings along
# A path of this site as browsers read it: `//host` and `/\host` are other sites, and they drop white space first.
OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]{0,2000}")
NO_WAY_BACK = re.compile(r"/-/log(in|out)\b")

Fields = list[tuple[str, str]]


class NotAdmitted(Exception):
    """A request that is answered without Datasette: status, one sentence, seconds to wait."""


def way_back(given: str) -> str:
    """Return where a log-in leads: the path that was given if it is one of this site, else the desk."""
    return given if OWN_PATH.fullmatch(given) and not NO_WAY_BACK.match(given) else AFTER


def fields_of(body: bytes) -> Fields:
    """Return the fields of a form in their order, empty ones too. Raises ValueError."""
    return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)


def to_bring_along(body: bytes) -> Fields:
    """Return the fields of a form that was refused as fields of a log-in; its token is not one of them."""
    return [(f"{PREFIX}{name}", value) for name, value in fields_of(body) if name != "csrftoken"]


def brought_along(fields: Fields) -> Fields:
    """Return what was typed before the log-in, as it was sent."""
    return [(name.removeprefix(PREFIX), value) for name, value in fields if name.startswith(PREFIX)]


async def read_form(scope: Any, receive: Any, most: int, seconds: float) -> bytes:
    """Return the body of a form, counted while it comes. Raises NotAdmitted with 400, 408, 413 or 415."""
    headers = dict(scope["headers"])
    if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != KIND:
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
        token = dict(fields_of(bytes(body))).get("csrftoken", "")
    except TimeoutError:
        raise NotAdmitted(408, "The form did not come in time.") from None
    except ValueError:
        raise NotAdmitted(400, "This form cannot be read.") from None
    if not token.isascii():
        raise NotAdmitted(400, "This form cannot be read.")
    return bytes(body)
