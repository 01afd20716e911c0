"""Forms that come to the editors' instance: bounds, the way back, and what was typed when a session had ended."""

from __future__ import annotations

import asyncio
import base64
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

KIND, MULTIPART = b"application/x-www-form-urlencoded", b"multipart/form-data"
# Bytes, and seconds in which they must come: all that was typed into one page, and 2,000 marked stories.
WITH_FILE = b"/desk/image"  # the one address that takes a file
BOUNDS = {b"/desk/change": (2_000_000, 60.0), b"/desk/item": (200_000, 30.0), WITH_FILE: (600_000, 60.0)}
SMALL_FORM = (16_000, 10.0)
CARRYING = (2_500_000, 60.0)  # a log-in that brings along what was typed before
MOST_FIELDS = 50_000
MOST_PARTS = 20  # of a form with a file
BOUNDARY = re.compile(rb'; *boundary="?([\w\'()+,./:=?-]{1,70})"?\Z')
NAME = re.compile(rb'(?i)\r\ncontent-disposition: *form-data; *name="(?P<name>[\w@:-]{1,100})"(?P<file>; *filename=)?')

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


def path_of(scope: Any) -> bytes:
    """Return the path of a request as it came."""
    return bytes((scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0])


def is_multipart(kind: bytes) -> bool:
    """Return True for the type of a form that may hold files."""
    return kind.partition(b";")[0].strip().lower() == MULTIPART


def plain_form(kind: bytes, body: bytes) -> bytes:
    """Return a form with files as one without: the files in base64, their names left out. Raises ValueError."""
    boundary = BOUNDARY.search(kind)
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary[1], MOST_PARTS) if boundary else []
    if len(parts) < 2 or parts[0] or parts[-1].strip() != b"--":
        raise ValueError("this form has no end, or too many fields")
    fields = []
    for part in parts[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        named = NAME.search(head)
        if named is None:
            raise ValueError("a field of this form has no name")
        fields.append((named["name"], base64.urlsafe_b64encode(content) if named["file"] else content))
    return urlencode(fields).encode()


async def read_form(scope: Any, receive: Any, most: int, seconds: float) -> bytes:
    """Return the body of a form, counted while it comes; a form with a file comes as one without (`plain_form`).

    Raises NotAdmitted with 400, 408, 413 or 415.
    """
    headers = dict(scope["headers"])
    kind = headers.get(b"content-type", b"")
    has_file = is_multipart(kind) and path_of(scope) == WITH_FILE
    if not has_file and kind.partition(b";")[0].strip().lower() != KIND:
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
        form = plain_form(kind, bytes(body)) if has_file else bytes(body)
        token = dict(fields_of(form)).get("csrftoken", "")
    except TimeoutError:
        raise NotAdmitted(408, "The form did not come in time.") from None
    except ValueError:
        raise NotAdmitted(400, "This form cannot be read.") from None
    if not token.isascii():
        raise NotAdmitted(400, "This form cannot be read.")
    return form
