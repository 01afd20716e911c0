"""Fields of a draft: names, limits, the form in which values are kept and compared, keys of stories. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING, get_args

from core.closed_sets import Decision
from core.errors import UsageError
from core.lengths import LEAD_LIMIT, TITLE_LIMIT
from language.letters import APOSTROPHES, QUOTES, single_spaces
from newsletter.issue import one_line, plain, safe_url

if TYPE_CHECKING:
    from newsletter.issue import Choice, Entry

STORY_FIELDS = ("decision", "until", "reason", "section", "position", "title_uk", "title_en", "lead_uk", "lead_en",
                "note", "remark", "approved")  # fmt: skip
ISSUE_FIELDS = ("name", "subject", "preview", "intro_uk", "intro_en", "closing_uk", "closing_en", "image_alt_uk",
                "image_alt_en")  # fmt: skip
SECTION_TEXTS = ("section_text_uk", "section_text_en")  # of a section: `section_text_uk:ID`
FIXED = "fixed"  # of an issue: since when it holds only what was taken; set by the first decision to take
IMAGE = "image"  # of an issue: changed by `newsletter.issue_image` alone; the history names images by their hashes
STATE = "state"  # of an issue: draft, sealed, published; it stands in the history and is no field to be edited
ITEM_FIELDS = ("section", "position", "title_uk", "title_en", "text_uk", "text_en", "url", "removed")
LIMITS = {  # characters
    "decision": 10, "until": 10, "reason": 1000, "section": 80, "position": 6, "title_uk": TITLE_LIMIT,
    "title_en": TITLE_LIMIT, "lead_uk": LEAD_LIMIT, "lead_en": LEAD_LIMIT, "note": 4000, "remark": 4000,
    "approved": LEAD_LIMIT, "name": 60, "subject": 200, "preview": 300, "intro_uk": 8000, "intro_en": 8000,
    "closing_uk": 8000, "closing_en": 8000, "image_alt_uk": 1000, "image_alt_en": 1000, "section_text_uk": 4000,
    "section_text_en": 4000, "text_uk": 4000, "text_en": 4000, "url": 2000, "removed": 1, FIXED: 20,
}  # fmt: skip
# Texts of several lines; Markdown but for the leads and what only editors see.
SEVERAL_LINES = frozenset(
    ("lead_uk", "lead_en", "note", "remark", "reason", "intro_uk", "intro_en", "closing_uk", "closing_en",
     "text_uk", "text_en", *SECTION_TEXTS)
)  # fmt: skip

# No vowels, so that no word comes out; no E, no digits, which spreadsheets take for numbers; none that look alike.
LETTERS = "bcdfghkmnpqrstvwxz"
KEY_LENGTH = 10
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
KEY = re.compile(f"[{LETTERS}]{{{KEY_LENGTH}}}")


def key(digest_id: int, story_id: int) -> str:
    """Return the ten letters that name a story of one issue in files, forms and pages."""
    return letters(f"{digest_id}\nstory\n{story_id}")


def item_key(digest_id: int, item_id: int) -> str:
    """Return the ten letters that name an item of the editors' own."""
    return letters(f"{digest_id}\nitem\n{item_id}")


def letters(text: str) -> str:
    """Return ten letters that stand for the text, the same each time."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest())
    found = []
    for _ in range(KEY_LENGTH):
        number, place = divmod(number, len(LETTERS))
        found.append(LETTERS[place])
    return "".join(found)


def kind(field: str) -> str:
    """Return the field without the section that it is of: `section_text_uk` of `section_text_uk:main`."""
    return field.partition(":")[0]


def most_characters(field: str) -> int:
    """Return how many characters a field may have."""
    return LIMITS[kind(field)]


def normal(field: str, value: str) -> str:
    """Return the form in which a value is kept: composed, line ends as `\\n`, without blanks at the ends of lines."""
    text = unicodedata.normalize("NFC", plain(value))
    if kind(field) not in SEVERAL_LINES:
        return one_line(text)
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def is_same(field: str, one: str, other: str) -> bool:
    """Tell whether two values are one when kept."""
    return one == other or normal(field, one) == normal(field, other)


def is_alike(one: str, other: str) -> bool:
    """Tell whether two texts differ at most in blanks, line ends and the forms of quotes, apostrophes and dashes.

    Spreadsheets change those on their own.
    """
    return _printed(one) == _printed(other)


_PRINTED = str.maketrans(
    dict.fromkeys(QUOTES + APOSTROPHES, "'") | dict.fromkeys("‐‑‒–—−", "-") | {"…": "...", "\u00ad": "", "\ufeff": ""}
)


def _printed(text: str) -> str:
    folded = unicodedata.normalize("NFC", plain(text)).translate(_PRINTED).replace("''", "'").replace("--", "-")
    return single_spaces(folded)


def checked(field: str, value: str) -> str:
    """Return the value as it is kept. Raises UsageError, naming the field, for one that it cannot hold."""
    text, base = normal(field, value), kind(field)
    if base not in LIMITS:
        raise UsageError(f"there is no field {field[:40]!r}")
    if len(text) > LIMITS[base]:
        raise UsageError(f"{base} has {len(text)} characters; {LIMITS[base]} are the limit")
    if base == "decision" and text not in ("", *get_args(Decision)):
        raise UsageError(f"decision must be taken, dropped, held or empty, not {text!r}")
    text = day(text) if base == "until" else text
    if base == "until" and text and not DAY.fullmatch(text):
        raise UsageError(f"until must be a day such as 2026-03-31, not {text!r}")
    if base == "position" and not (text.isascii() and text.isdecimal() and int(text)):
        raise UsageError(f"position must be a number from 1, not {text!r}")
    if base == "section" and not text:
        raise UsageError("section is empty: every story stands in one")
    if base == "url" and text and not safe_url(text):
        raise UsageError(f"url must be an address such as https://example.org/, not {text[:60]!r}")
    if base == "removed" and text not in ("", "1"):
        raise UsageError(f"removed must be 1 or empty, not {text!r}")
    return text


def require_field(field: str, story_id: int | None, item_id: int | None) -> None:
    """Raise UsageError for a field that a story, an item or the issue does not have."""
    if story_id is not None:
        known = field in STORY_FIELDS
    elif item_id is not None:
        known = field in ITEM_FIELDS
    else:
        known = field in (*ISSUE_FIELDS, FIXED) or (kind(field) in SECTION_TEXTS and field != kind(field))
    if not known:
        raise UsageError(f"there is no field {field[:40]!r} here")


def day(typed: str) -> str:
    """Return a day as spreadsheets of this continent write it, as 2026-03-31; anything else as it is."""
    for form in ("%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"):
        try:
            return datetime.strptime(typed.strip(), form).date().isoformat()
        except ValueError:
            continue
    return typed


def story_values(entry: Entry, choice: Choice | None, approved: str = "") -> dict[str, str]:
    """Return every field of a story of the draft as it stands: what editors see, and the base of what they change."""
    story = entry.story
    values = {
        "decision": (choice.decision or "") if choice else "",
        "until": choice.until if choice else "",
        "reason": choice.reason if choice else "",
        "section": entry.section,
        "position": str(entry.position) if entry.position else "",
        "title_uk": story.title_uk,
        "title_en": story.title_en,
        "lead_uk": story.lead_uk,
        "lead_en": story.lead_en,
        "note": choice.note if choice else "",
        "remark": choice.remark if choice else "",
        "approved": approved,
    }
    return {field: normal(field, value) for field, value in values.items()}
