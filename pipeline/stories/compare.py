"""Comparison of pairs from JSON lines, with exactly the code that grouping uses."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from core.errors import UsageError
from core.model import StoryText
from language.identify import language_of
from pipeline.stories.judge import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.closed_sets import Language

_TEXTS = ("source", "language", "title", "lead", "url", "key", "attribution", "publisher")
_LANGUAGES = ("uk", "en")


def compare_lines(lines: Iterable[str]) -> Iterator[str]:
    """Yield for each line `{"a": {source, language, title, lead, published_on, url}, "b": {…}}` the verdict as JSON.

    Only the title is required; `machine_english`, `key`, `attribution`, `publisher` and `addresses` are read when
    given. Empty lines are passed over. Raises UsageError with the number of the first line that is not such an
    object; the verdicts on the lines before it are given by then.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            pair = json.loads(line.removeprefix("\ufeff") if number == 1 else line)
            first, second = _article(pair, "a"), _article(pair, "b")
        except (ValueError, TypeError, RecursionError) as error:
            raise UsageError(f"line {number}: {error}") from error
        verdict = judge(first, second)
        found = {
            "verdict": verdict.verdict,
            "method": verdict.method,
            "score": verdict.score,
            "evidence": verdict.evidence,
        }
        yield json.dumps(found, ensure_ascii=False)


def _article(pair: Any, side: str) -> StoryText:
    given = pair.get(side) if isinstance(pair, dict) else None
    if not isinstance(given, dict):
        raise TypeError(f'an object with "{side}" is expected: {{"a": {{…}}, "b": {{…}}}}')
    texts = {name: _string(given, side, name) for name in _TEXTS}
    if not texts["title"].strip():
        raise ValueError(f'"{side}" has no title')
    machine, day = _string(given, side, "machine_english"), _string(given, side, "published_on")[:10]
    language, addresses = texts["language"].strip().lower(), given.get("addresses")
    if language and language not in _LANGUAGES:
        raise ValueError(f'"{side}.language": {texts["language"]} is neither {" nor ".join(_LANGUAGES)}')
    try:
        published_on = date.fromisoformat(day).isoformat() if day else None
    except ValueError as error:
        raise ValueError(f'"{side}.published_on": {error}') from error
    url = _address(texts["url"], side, "url")
    if addresses is not None and not (isinstance(addresses, list) and all(isinstance(one, str) for one in addresses)):
        raise TypeError(f'"{side}.addresses" is not a list of texts')
    return StoryText(
        article_id=0,
        source_id=texts["source"],
        key=texts["key"],
        language=cast("Language", language or language_of(texts["title"], texts["lead"], "uk")),
        title=texts["title"],
        lead=texts["lead"],
        published_on=published_on,
        url=url,
        attribution=texts["attribution"],
        addresses=tuple(_address(one, side, "addresses") for one in addresses or ()),
        machine_english=machine or None,
        publisher=texts["publisher"],
    )


def _string(given: dict[str, Any], side: str, name: str) -> str:
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        raise TypeError(f'"{side}.{name}" is not a text')
    if value and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError(f'"{side}.{name}" is not Unicode')
    return value or ""


def _address(url: str, side: str, name: str) -> str:
    from urllib.parse import urlsplit

    try:
        urlsplit(url)
    except ValueError as error:
        raise ValueError(f'"{side}.{name}": {error}') from error
    return url
