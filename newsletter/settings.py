"""Settings of the newsletter: names, intro, sender, sections, limits. Pure but for reading the file."""

from __future__ import annotations

import re
from dataclasses import asdict
from email.errors import HeaderParseError
from pathlib import Path
from typing import Any

from core.errors import UsageError
from newsletter.issue import CORRECTIONS, ORDERS, OTHER, Newsletter, Section, one_line, plain

TEMPLATES = Path(__file__).with_name("templates")
DEFAULT = TEMPLATES / "newsletter.toml"
_LAST = (
    Section(OTHER, "Інші новини", "Other news"),
    Section(CORRECTIONS, "Уточнення до попередніх випусків", "Corrections to earlier issues"),
)
_SECTION_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")


def read_newsletter(path: Path = DEFAULT) -> Newsletter:
    """Read settings from a TOML file; what it leaves out is taken from ours. Raises UsageError naming file and key."""
    import tomllib

    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
    ours = tomllib.loads(DEFAULT.read_text(encoding="utf-8"))
    unknown = sorted(set(given) - set(ours))
    if unknown:
        raise UsageError(f"{path}: unknown key {unknown[0]}; known: {', '.join(sorted(ours))}")
    return newsletter_from(ours | given, str(path))


def newsletter_from(given: dict[str, Any], where: str) -> Newsletter:
    """Return settings from a file or from a sealed issue. Raises UsageError naming the key."""
    if given.get("languages") not in ORDERS:
        raise UsageError(f"{where}: languages must be one of {', '.join(ORDERS)}")
    most = given.get("most_in_full")
    if not isinstance(most, int) or isinstance(most, bool) or most < 1:
        raise UsageError(f"{where}: most_in_full must be a whole number from 1")
    texts = {key: _text(given, key, where) for key in ("name_uk", "name_en", "intro_uk", "intro_en", "sender")}
    names = {key: one_line(texts[key]) for key in ("name_uk", "name_en")}
    return Newsletter(
        **{**texts, **names},
        sender_address=_address(_text(given, "sender_address", where), where),
        languages=given["languages"],
        most_in_full=most,
        main_tags=_texts(given, "main_tags", where),
        sections=_sections(given.get("sections"), where),
    )


def as_json(newsletter: Newsletter) -> dict[str, Any]:
    """Return the settings as they are kept with a sealed issue; `newsletter_from` reads them."""
    return asdict(newsletter)


def _sections(given: object, where: str) -> tuple[Section, ...]:
    if not isinstance(given, list | tuple) or not all(isinstance(one, dict) for one in given):
        raise UsageError(f"{where}: sections must be written as [[sections]]")
    found = []
    for one in given:
        section_id = _text(one, "id", where)
        if not _SECTION_ID.fullmatch(section_id):
            raise UsageError(f"{where}: the section id {section_id!r} may hold small Latin letters, digits and -")
        name_uk, name_en = (one_line(_text(one, key, where)) for key in ("name_uk", "name_en"))
        topics = _texts(one, "topics", where) if "topics" in one else (section_id,)
        found.append(Section(section_id, name_uk, name_en, topics))
    ids = [section.id for section in found]
    if len(set(ids)) != len(ids):
        raise UsageError(f"{where}: two sections have the same id")
    return (*found, *(section for section in _LAST if section.id not in ids))


def _address(text: str, where: str) -> str:
    from email.headerregistry import Address

    try:
        address = Address(addr_spec=text)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise UsageError(f"{where}: sender_address {text!r} is no e-mail address") from error
    if not address.domain or not text.isascii() or not text.isprintable():
        raise UsageError(f"{where}: sender_address {text!r} is no e-mail address")
    return text


def _text(given: dict[str, Any], key: str, where: str) -> str:
    value = given.get(key)
    if not isinstance(value, str):
        raise UsageError(f"{where}: {key} must be a text")
    return plain(value).strip()


def _texts(given: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = given.get(key)
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise UsageError(f"{where}: {key} must be a list of texts")
    return tuple(plain(one) for one in value)
