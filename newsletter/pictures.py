"""Pictures that an issue may carry: PNG and JPEG, known by their bytes, never by their names. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from core.closed_sets import ImageKind
from core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 300_000  # of the picture of an issue
MOST_LOGO_BYTES = 50_000  # of a logo, which is kept with every issue
MOST_PIXELS = 5000  # of either side
KINDS = get_args(ImageKind)
_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_JPEG = b"\xff\xd8\xff"
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # the segments of a JPEG that say how large it is


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and its size in pixels."""

    kind: ImageKind
    width: int
    height: int
    content: bytes


def picture_from(data: bytes, most: int = MOST_BYTES) -> Picture:
    """Return the picture that the bytes hold. Raises UsageError for another kind, too many bytes or pixels."""
    if len(data) > most:
        raise UsageError(f"the picture has {len(data)} bytes; {most} are the limit")
    found = _size(data)
    if found is None:
        raise UsageError("this is no picture that can be used: PNG and JPEG are")
    kind, width, height = found
    if min(width, height) < 1 or max(width, height) > MOST_PIXELS:
        raise UsageError(f"the picture has {width} × {height} pixels; each side may have 1 to {MOST_PIXELS}")
    return Picture(kind, width, height, data)


def _size(data: bytes) -> tuple[ImageKind, int, int] | None:
    """Return kind, width and height, or None for what is neither a PNG nor a JPEG."""
    if data.startswith(_PNG) and len(data) >= 33 and data.rstrip(b"\x00").endswith(b"IEND\xaeB`\x82"):
        return "png", int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    if data.startswith(_JPEG):
        for marker, body in _segments(data):
            if marker in _FRAMES and len(body) >= 6:
                return "jpeg", int.from_bytes(body[3:5]), int.from_bytes(body[1:3])
    return None


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the marker and the bytes of each segment of a JPEG, up to where its pixels begin."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        length = int.from_bytes(data[at + 2 : at + 4])
        if marker == 0xDA or length < 2:
            return
        yield marker, data[at + 4 : at + 2 + length]
        at += 2 + length
