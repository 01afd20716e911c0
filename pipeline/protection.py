"""Headers that every answer of the website carries, those of errors too; how large those of a request may be."""

from __future__ import annotations

LARGEST_HEADERS = 16_000  # bytes of a request

POLICY = b"content-security-policy"  # a page of ours may bring a stricter one; Datasette has none
HEADERS = {
    POLICY: b"default-src 'none'; style-src 'self'; img-src 'self'; "
    b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    b"x-frame-options": b"DENY",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
}
# Pages of the desk alone have scripts: our own files, which send to the desk alone. They bring this policy with them.
DESK_POLICY = HEADERS[POLICY].decode() + "; script-src 'self'; connect-src 'self'"
# An issue as a mail brings its styles with it; nothing else in it may do anything.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox"
