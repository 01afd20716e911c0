"""Sniffing: the kind of an answer that is not what we asked for, in words for a person. Pure."""

from __future__ import annotations

import re

_MAGIC = (
    (b"\x1f\x8b", "a gzip file"),
    (b"%PDF", "a PDF file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP file"),
    (b"SQLite format 3", "a database file"),
)
# Words of challenge pages themselves; that a page carries a protection's script means nothing.
_CHALLENGE = "just a moment|cf-chl|attention required|checking your browser|perfdrive|radware|ddos-guard"
_PAGES = (
    (_CHALLENGE, "a challenge page of a bot protection"),
    (r"type\s*=\s*[\"']?password", "an HTML page that asks for a password"),
    (r"http-equiv\s*=\s*[\"']?refresh", "an HTML page that only forwards elsewhere"),
)


def kind_of(body: bytes) -> str:
    """Return a noun phrase for the body: `nothing`, `a PDF file`, `a challenge page`, `JSON`, `an HTML page` …"""
    if not body.strip():
        return "nothing (an empty body)"
    binary = binary_kind(body)
    if binary:
        return binary
    head = body[:20_000].decode("utf-8", "replace").lstrip("\ufeff \t\r\n").lower()
    if "<html" in head or "<!doctype html" in head or "<body" in head:
        return next((kind for pattern, kind in _PAGES if re.search(pattern, head)), "an HTML page")
    if head.startswith(("{", "[")):
        return "JSON"
    if head.startswith("<"):
        return "XML or markup that is not known here"
    return "plain text"


def binary_kind(body: bytes) -> str:
    """Return the kind of a binary file, an empty string for anything that may be text."""
    return next((name for magic, name in _MAGIC if body.startswith(magic)), "")
