"""The image of an issue: set, changed, taken away, with the words that stand for it. In the caller's transaction."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING

from core.errors import UsageError
from db import digests
from language.identify import cyrillic_signs
from newsletter import changes, draft
from newsletter.fields import checked
from newsletter.pictures import picture_from

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from core.closed_sets import ChangedVia
    from newsletter.issue import Newsletter
    from newsletter.pictures import Picture


def put_image(
    connection: sqlite3.Connection,
    newsletter: Newsletter,
    data: bytes | None,
    alts: Mapping[str, str],
    by: str,
    at: str,
    via: ChangedVia,
) -> Picture | None:
    """Make `data` the image of the open draft, None for no image; `alts`: language → the words that stand for it.

    Raises UsageError, and changes nothing, for what is no picture, is too large, or has no words.
    """
    issue = draft.next_issue(connection, newsletter, at)
    picture = None if data is None else picture_from(data)
    wanted = {f"image_alt_{code}": checked(f"image_alt_{code}", text) for code, text in alts.items()}
    if picture is not None and not any((dict(issue.texts) | wanted).get(f"image_alt_{code}") for code in ("uk", "en")):
        raise UsageError("an image needs words that say what it shows, for those who do not see it (--alt TEXT)")
    was, became = (hash_of(one) for one in (issue.image, picture))
    if was != became:
        digests.set_image(connection, issue.digest_id, asdict(picture) if picture else None)
        changes.note_image(connection, issue.digest_id, was, became, by, at, via)
    edits = [changes.Edit(None, None, field, issue.texts.get(field, ""), text) for field, text in wanted.items()]
    changes.apply(connection, newsletter, issue.digest_id, edits, by, at, via)
    return picture


def hash_of(picture: Picture | None) -> str:
    """Return letters and digits that name a picture; empty for none."""
    return hashlib.sha256(picture.content).hexdigest()[:20] if picture else ""


def alts_of(text: str) -> dict[str, str]:
    """Return the words under the language that they are in, which their letters tell."""
    return {"uk" if cyrillic_signs(text) else "en": text} if text else {}
