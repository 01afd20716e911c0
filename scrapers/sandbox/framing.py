"""Framing of what travels between the run and its parsing child: length-prefixed frames of JSON and raw bytes. Pure."""

from __future__ import annotations

import json
import struct
from dataclasses import asdict
from datetime import datetime
from typing import Any

from core.errors import FieldsMissing, ParseError, StructureMissing
from core.model import Fault, Item, Listing, Page, Parsed, Published, Validators

OUT_OF_MEMORY = 71  # exit code of a child that came to its memory limit
HEAD = struct.Struct("!IQ")  # bytes of JSON, bytes of body
ANSWER_AT_MOST = 16 * 1024 * 1024  # bytes of a result: four times the largest page; read, it is some 100 MB of objects
SAID_AT_MOST = 4096  # characters of a message, or of the address in it
_KINDS = {kind.__name__: kind for kind in (ParseError, StructureMissing, FieldsMissing)}


def pack(message: dict[str, Any], body: bytes = b"") -> bytes:
    """Return one frame."""
    # The letters of a title may be damaged: surrogates without their other half pass, `json.loads` takes them back.
    text = json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return HEAD.pack(len(text), len(body)) + text + body


def pack_request(source_id: str, page: Page, listing: Listing | None, cpu_seconds: float) -> bytes:
    """Return the frame that asks for a listing page, or for an article page when `listing` is None."""
    about = asdict(page) | {"body": None, "fetched_at": page.fetched_at.isoformat()}
    where = asdict(listing) if listing else None
    return pack({"source": source_id, "page": about, "listing": where, "cpu_seconds": cpu_seconds}, page.body)


def unpack_request(message: dict[str, Any], body: bytes) -> tuple[str, Page, Listing | None]:
    """Read what `pack_request` packed."""
    about = dict(message["page"])
    about["body"] = body
    about["fetched_at"] = datetime.fromisoformat(about["fetched_at"])
    about["validators"] = Validators(**about["validators"])
    about["redirects"] = tuple(about["redirects"])
    listing = Listing(**message["listing"]) if message["listing"] else None
    return message["source"], Page(**about), listing


def pack_result(result: Parsed | Item | ParseError, url: str, cpu_seconds: float, *, is_worn: bool = False) -> bytes:
    """Return the frame with an outcome, and the processor time that it took; of one too large only that it is.

    `is_worn` asks for another process for the next page.
    """
    if isinstance(result, ParseError):
        said = str(result.args[0])[:SAID_AT_MOST] if result.args else ""
        message: dict[str, Any] = {"error": type(result).__name__, "message": said, "url": result.url[:SAID_AT_MOST]}
    else:
        message = {"item" if isinstance(result, Item) else "parsed": asdict(result)}
    frame = pack(message | {"cpu_seconds": cpu_seconds, "is_worn": is_worn})
    if len(frame) <= ANSWER_AT_MOST:
        return frame
    too_much = ParseError(f"what was read from the page takes more than {ANSWER_AT_MOST >> 20} MiB", url)
    return pack_result(too_much, url, cpu_seconds, is_worn=True)


def unpack_result(message: dict[str, Any]) -> Parsed | Item | ParseError:
    """Read the outcome that `pack_result` packed. The error is returned, not raised."""
    if "error" in message:
        return _KINDS.get(message["error"], ParseError)(message["message"], message["url"])
    if "item" in message:
        return item_from(message["item"])
    return parsed_from(message["parsed"])


def parsed_from(values: dict[str, Any]) -> Parsed:
    """Make a Parsed out of its JSON form."""
    items = tuple(map(item_from, values["items"]))
    return Parsed(items, tuple(Fault(**fault) for fault in values["faults"]), tuple(values["notes"]))


def item_from(values: dict[str, Any]) -> Item:
    """Make an Item out of its JSON form."""
    published = Published(**values["published"]) if values["published"] else None
    lists = {"tags": tuple(values["tags"]), "oblasts": tuple(values["oblasts"])}
    return Item(**(values | lists | {"published": published}))
