"""Strict selections in HTML: none or several where one is meant is an error that names the selector.

The only module that uses bs4, and it imports it when the first page is read.
"""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from core.errors import FieldsMissing, StructureMissing
from scrapers.parsing import sniff
from scrapers.parsing.decoding import text_of
from scrapers.parsing.references import without_impossible

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag
    from bs4.element import PageElement

    from core.model import Page

_NEVER_TEXT = ("script", "style", "template", "noscript")
# Elements that begin and end a line, so that words on their two sides are two words.
_BLOCKS = frozenset(
    (
        *("p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "td"),
        *("th", "section", "article", "header", "footer", "nav", "form", "body"),
    )
)


def document(page: Page) -> BeautifulSoup:
    """Return the page as a tree without scripts, styles and templates. Raises StructureMissing for what is no text."""
    if not page.body.strip() or sniff.binary_kind(page.body):
        raise StructureMissing(f"the answer is {sniff.kind_of(page.body)}", page.url)
    # html.parser takes a tag in which the page breaks off for words: `Новина</a`.
    return _tree(re.sub(r"<[/!a-zA-Z][^<>]*\Z", "", text_of(page.body, page.content_type)))


def every(node: Tag, css: str) -> list[Tag]:
    """Return all matches in document order; may be none."""
    return list(node.select(css))


def some(node: Tag, css: str) -> list[Tag]:
    """Return the matches. Raises StructureMissing when there is none."""
    found = every(node, css)
    if not found:
        raise StructureMissing(f"nothing matches {css!r}")
    return found


def one(node: Tag, css: str) -> Tag:
    """Return the only match. Raises FieldsMissing when there is none, or several."""
    found = at_most_one(node, css)
    if found is None:
        raise FieldsMissing(f"nothing matches {css!r} where one is meant")
    return found


def at_most_one(node: Tag, css: str) -> Tag | None:
    """Return the only match, or None. Raises FieldsMissing when there are several."""
    found = every(node, css)
    if len(found) > 1:
        raise FieldsMissing(f"{len(found)} matches of {css!r} where one is meant")
    return found[0] if found else None


def text(node: Tag | None) -> str:
    """Return the words inside, with single spaces and without comments; empty for None."""
    return " ".join(lines(node)) if node is not None else ""


def lines(node: Tag) -> list[str]:
    """Return the words inside, line by line: a block element or a `<br>` ends a line. No line is empty."""
    found: list[str] = []
    nowhere = object()
    block: object = nowhere
    for child in node.descendants:
        if getattr(child, "name", None) == "br":
            block = nowhere
        elif is_words(child):
            here = block_of(child)
            if here is not block:
                found.append("")
            found[-1] += str(child)
            block = here
    return [words for words in map(squeeze, found) if words]


def is_words(node: PageElement) -> bool:
    """Return whether a reader sees the node as text: subclasses of NavigableString are comments and the like."""
    from bs4.element import NavigableString

    return type(node) is NavigableString


def block_of(node: PageElement) -> Tag | None:
    """Return the block element that the node stands in."""
    return next((parent for parent in node.parents if parent.name in _BLOCKS), None)


def attribute(node: Tag, name: str) -> str:
    """Return the value of an attribute, stripped; empty when it is not there."""
    value = node.get(name)
    return value.strip() if isinstance(value, str) else ""


def base_of(tree: Tag, page: Page) -> str:
    """Return the base of relative links: the first `<base href>`, itself relative to where the page came from."""
    bases = every(tree, "base[href]")
    return absolute(page.final_url, attribute(bases[0], "href")) if bases else page.final_url


def absolute(base: str, href: str) -> str:
    """Return `href` made absolute. Raises FieldsMissing when it is empty or no address at all (`http://[::1`)."""
    cleaned = re.sub(r"[\t\r\n]", "", href).strip()
    if not cleaned:
        raise FieldsMissing("a link without an address")
    try:
        return urljoin(base, cleaned)
    except ValueError as error:
        raise FieldsMissing(f"a link that is no address ({cleaned[:100]!r})") from error


def meta(tree: Tag, name: str) -> str:
    """Return the content of `<meta property=name>` or `<meta name=name>`; empty when there is none.

    Raises FieldsMissing when there are several that differ.
    """
    found = every(tree, f'meta[property="{name}"], meta[name="{name}"]')
    contents = {squeeze(attribute(node, "content")) for node in found} - {""}
    if len(contents) > 1:
        raise FieldsMissing(f"{len(contents)} different meta {name!r} where one is meant")
    return contents.pop() if contents else ""


def words_of(fragment: str) -> str:
    """Return the text of a piece of HTML (a feed's description, a REST field), without tags and entities."""
    if "<" not in fragment and "&" not in fragment:
        return squeeze(fragment)
    return text(_tree(f"<div>{fragment}</div>"))


def squeeze(words: str) -> str:
    """Return the words with single spaces, none at the ends."""
    return " ".join(words.split())


def _tree(markup: str) -> BeautifulSoup:
    from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        tree = BeautifulSoup(without_impossible(markup), "html.parser")
    for element in tree(_NEVER_TEXT):
        element.decompose()
    return tree
