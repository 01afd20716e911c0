"""Settings of a newsletter: names, intro, sender, sections, filter, brand, limits. Pure but for reading the files."""

from __future__ import annotations

import base64
import re
from copy import deepcopy
from dataclasses import asdict
from email.errors import HeaderParseError
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.errors import UsageError
from newsletter.colours import is_readable
from newsletter.issue import (
    CORRECTIONS,
    ORDERS,
    OTHER,
    PUBLISHING,
    Brand,
    Filter,
    Newsletter,
    Section,
    one_line,
    plain,
    safe_url,
)
from newsletter.pictures import MOST_LOGO_BYTES, picture_from

TEMPLATES = Path(__file__).with_name("templates")
DEFAULT = TEMPLATES / "newsletter.toml"
_DEFAULTS = Newsletter("", "", "", "", "", "", "en-uk", 1, (), ())
_LAST = (
    Section(OTHER, "Інші новини", "Other news"),
    Section(CORRECTIONS, "Уточнення до попередніх випусків", "Corrections to earlier issues"),
)
_SECTION_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def read_newsletter(path: Path = DEFAULT) -> Newsletter:
    """Read settings from a TOML file; what it leaves out is taken from ours. Raises UsageError naming file and key."""
    given, ours = _toml(path), _toml(DEFAULT)
    given.pop("handover", None)  # of `newsletter/handover/services.py`; no part of an issue
    if isinstance(given.get("brand"), str):
        given["brand"] = _toml(path.parent / given["brand"])
    _require_known(given, ours, "", path)
    for table in ("filter", "brand"):
        part = given.setdefault(table, {})
        if not isinstance(part, dict):
            raise UsageError(f"{path}: {table} must be written as [{table}]")
        _require_known(part, ours[table], f"{table}.", path)
        given[table] = ours[table] | part
    if given["brand"]["logo"]:
        given["brand"]["logo"] = _logo(path.parent / _text(given["brand"], "logo", str(path)))
    return newsletter_from(ours | given, str(path))


def newsletter_from(given: dict[str, Any], where: str) -> Newsletter:
    """Return settings from a file or from a sealed issue, also of an older version. Raises UsageError naming the key.

    A logo is given as base64.
    """
    given = asdict(_DEFAULTS) | given
    if given.get("languages") not in ORDERS:
        raise UsageError(f"{where}: languages must be one of {', '.join(ORDERS)}")
    if given["publish"] not in PUBLISHING:
        raise UsageError(f"{where}: publish must be one of {', '.join(PUBLISHING)}")
    texts = {key: _text(given, key, where) for key in ("name_uk", "name_en", "intro_uk", "intro_en", "sender")}
    names = {key: one_line(texts[key]) for key in ("name_uk", "name_en")}
    newsletter_id = _text(given, "id", where)
    if not _ID.fullmatch(newsletter_id):
        raise UsageError(f"{where}: id {newsletter_id!r} may hold small Latin letters, digits, - and _, at most 40")
    return Newsletter(
        **{**texts, **names},
        sender_address=_address(_text(given, "sender_address", where), "sender_address", where),
        languages=given["languages"],
        most_in_full=_number(given, "most_in_full", where),
        main_tags=_texts(given, "main_tags", where),
        sections=_sections(given.get("sections"), where),
        id=newsletter_id,
        publish=given["publish"],
        fade_days=_number(given, "fade_days", where),
        site=_site(_text(given, "site", where), where),
        filter=Filter(**{key: _texts(given["filter"], key, f"{where}: filter") for key in asdict(Filter())}),
        brand=_brand(given["brand"], f"{where}: brand"),
    )


def as_json(newsletter: Newsletter) -> dict[str, Any]:
    """Return the settings as they are kept with a sealed issue; `newsletter_from` reads them."""
    return asdict(newsletter)


@lru_cache(maxsize=16)  # every page of the desk asks for the settings
def _parsed(text: str) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(text)


def _toml(path: Path) -> dict[str, Any]:
    from tomllib import TOMLDecodeError

    try:
        return deepcopy(_parsed(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    except (TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error


def _require_known(given: dict[str, Any], ours: dict[str, Any], table: str, path: Path) -> None:
    unknown = sorted(set(given) - set(ours))
    if unknown:
        raise UsageError(f"{path}: unknown key {table}{unknown[0]}; known: {', '.join(sorted(ours))}")


def _logo(path: Path) -> str:
    try:
        data = path.read_bytes()
        picture_from(data, MOST_LOGO_BYTES)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error
    return base64.b64encode(data).decode()


def _brand(given: dict[str, Any], where: str) -> Brand:
    texts = {key: _text(given, key, where) for key in asdict(Brand())}
    for key in ("accent", "link"):
        texts[key] = texts[key].lower()
        if not is_readable(texts[key]):
            raise UsageError(
                f"{where}: {key} {texts[key]!r} must be a colour such as #1f5f8b, dark enough to be read on white"
            )
    if texts["logo"]:
        try:
            Brand(logo=texts["logo"]).picture()
        except (UsageError, ValueError) as error:
            raise UsageError(f"{where}: logo: {error}") from error
    if texts["contact"] and not safe_url(texts["contact"]):
        _address(texts["contact"], "contact", where)
    return Brand(**texts)


def _site(text: str, where: str) -> str:
    site = safe_url(text.rstrip("/"))
    if text and (not site or "?" in site or "#" in site):
        raise UsageError(f"{where}: site {text!r} must be an address such as https://news.example.org")
    return site


def _number(given: dict[str, Any], key: str, where: str) -> int:
    value = given.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise UsageError(f"{where}: {key} must be a whole number from 1")
    return value


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


def _address(text: str, key: str, where: str) -> str:
    from email.headerregistry import Address

    try:
        address = Address(addr_spec=text)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise UsageError(f"{where}: {key} {text!r} is no e-mail address") from error
    if not address.domain or not text.isascii() or not text.isprintable():
        raise UsageError(f"{where}: {key} {text!r} is no e-mail address")
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
