"""Posts of the WordPress REST API (`/wp-json/wp/v2/posts`) to Items. Pure."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from core.errors import FieldsMissing, StructureMissing
from core.model import Fault, Item, Note
from scrapers.parsing import dates, excerpts, html, sniff
from scrapers.parsing.decoding import text_of
from scrapers.parsing.guarded import RAISED, guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.model import Page

_OBJECTS_AT_MOST = 1000  # looked at behind a post that cannot be read, for the next one
_OBJECT = r"[\[,]\s*\{"  # the beginning of one in a list
PAST_THE_END = "rest_post_invalid_page_number"  # what WordPress calls a page after the last one


def items(page: Page) -> Iterator[Item | Fault | Note]:
    """Yield the posts of the answer in its order, with the post id as key.

    Raises StructureMissing when the answer is no list of posts, and says what it is.
    """
    for post in posts(page):
        if isinstance(post, Fault | Note):
            yield post
        else:
            yield guarded(partial(item_of, post, page), _string(post, "link") if isinstance(post, dict) else "")


def item_of(post: Any, page: Page) -> Item:
    """Return the Item of one post. Raises FieldsMissing when it has no title or no id."""
    if not isinstance(post, dict):
        raise FieldsMissing(f"a post that is no object ({str(post)[:60]!r})")
    title = html.words_of(_rendered(post, "title"))
    if not title:
        raise FieldsMissing("a post without a title")
    number = post.get("id")
    if isinstance(number, bool) or not isinstance(number, int) or number <= 0:
        raise FieldsMissing(f"a post without an id (link {_string(post, 'link')!r})")
    # `date_gmt` is UTC without saying so; `date` is the site's own time, for all our sites Kyiv's.
    gmt = _string(post, "date_gmt")
    exact = dates.parse(f"{gmt}Z", origin="feed", seen_at=page.fetched_at) if gmt and gmt[-1:] != "Z" else None
    return Item(
        url=html.absolute(page.final_url, _string(post, "link")),
        title=title,
        lead=excerpts.excerpt(_rendered(post, "excerpt")),
        published=exact or dates.parse(_string(post, "date"), origin="feed", seen_at=page.fetched_at),
        origin="feed",
        key=str(number),
    )


def posts(page: Page) -> list[Any]:
    """Return the list that the answer holds; empty past the last page. Raises StructureMissing.

    Of a list that is no valid JSON it is what can be read, with a Fault in the place of each post that cannot.
    """
    text = text_of(page.body, page.content_type).strip("\ufeff \t\r\n")
    try:
        answer = json.loads(text, strict=False)
    except RAISED as error:
        found = list(_one_by_one(text)) if text.startswith("[") else []
        if all(isinstance(post, Fault) for post in found):
            raise StructureMissing(f"no REST answer, but {sniff.kind_of(page.body)}", page.url) from error
        return [Note("the REST answer is no valid JSON"), *found]
    if isinstance(answer, dict) and answer.get("code") == PAST_THE_END:
        return []
    if isinstance(answer, dict) and "code" in answer:
        said = html.words_of(f"{answer['code']}: {answer.get('message', '')}")
        raise StructureMissing(f"the REST interface refuses ({said[:200]})", page.url)
    if not isinstance(answer, list):
        raise StructureMissing("a REST answer that is no list of posts", page.url)
    return answer


def _one_by_one(text: str) -> Iterator[Any]:
    """Yield each post of a list that cannot be read as a whole, or a Fault.

    Behind a post that cannot be read the next one begins where an object follows an object and reads as a post.
    """
    decoder = json.JSONDecoder(strict=False)
    starts = [match.end() - 1 for match in re.finditer(_OBJECT, text)]
    at = failed = 0
    for start in starts:
        if start < at:
            continue
        try:
            post, at = decoder.raw_decode(text, start)
        except RAISED as error:
            if not failed:
                said = f"{type(error).__name__} in {text[start : start + 80]!r}"
                yield Fault(f"a post that cannot be read: it waits for the next answer ({said})")
            failed += 1
            if failed > _OBJECTS_AT_MOST:
                return
            continue
        if failed and "title" not in post:
            continue  # an object inside the one that cannot be read
        failed = 0
        yield post


def _rendered(post: dict[str, Any], name: str) -> str:
    """Return the text of `{"rendered": "…"}` as the API gives it, or a bare string as some installations do."""
    value = post.get(name)
    if isinstance(value, dict):
        value = value.get("rendered")
    return value if isinstance(value, str) else ""


def _string(post: dict[str, Any], name: str) -> str:
    value = post.get(name)
    return value.strip() if isinstance(value, str) else ""
