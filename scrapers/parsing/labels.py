"""Values by the labels that readers see (`Теги:`, `Source:`) on pages whose classes are not known. Pure.

A page is read as a row of words and links in document order. What belongs to a label stands after it, up to the
next label, and inside the smallest element that holds more than the label.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from scrapers.parsing import html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import BeautifulSoup, Tag
    from bs4.element import NavigableString

# A label that no list names: a few words that begin with a capital and end with a colon.
_ANY_LABEL = r"[A-ZА-ЯІЇЄҐ][^:.!?]{1,40}:"
_CLIMB_AT_MOST = 3  # elements between a label and the element that holds label and value
_VALUE_AT_MOST = 200  # characters: a value, not a paragraph


class LabelReader:
    """Values on one page by its labels, given as regular expressions.

    `names`: every label that the page may have; `comments`: those after which strangers write.
    """

    def __init__(self, tree: BeautifulSoup, names: tuple[str, ...], comments: tuple[str, ...]) -> None:
        self._any, self._comments = _pattern((*names, *comments)), _pattern(comments)
        self._texts = list(_texts(tree))

    def links(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the words of each link that belongs to the label, without repetitions; empty when there is none."""
        label = self._label(names)
        if label is None:
            return ()
        found: list[str] = []
        for piece in self._after(label, names):
            link = piece.find_parent("a")
            if link is not None:
                found.append(html.text(link))
        return tuple(dict.fromkeys(filter(None, found)))

    def value(self, names: tuple[str, ...], *, first: bool = False) -> str:
        """Return the words that belong to the label, up to the end of their line; empty when there are none.

        `first`: the label stands above the body, not below it.
        """
        label = self._label(names, first=first)
        if label is None:
            return ""
        words, block = [_pattern(names).sub("", html.squeeze(label), count=1)], html.block_of(label)
        for piece in self._after(label, names):
            here = html.block_of(piece)
            if here is not block and html.squeeze("".join(words)):
                break
            block = here
            words.append(str(piece))
        value = html.squeeze("".join(words)).strip(" :|,;")
        return value if len(value) <= _VALUE_AT_MOST else ""

    def _label(self, names: tuple[str, ...], *, first: bool = False) -> NavigableString | None:
        """Return the last such label before the comments, unless the first is meant: a body can hold such words."""
        wanted, found = _pattern(names), None
        for piece in self._texts:
            if _is_label(piece, self._comments) or (found is not None and first):
                break
            if _is_label(piece, wanted):
                found = piece
        return found

    def _after(self, label: NavigableString, names: tuple[str, ...]) -> Iterator[NavigableString]:
        """Yield the texts that belong to the label, in order."""
        scope = label.parent  # the smallest element that holds more than the label; None: it stands quite alone
        for _ in range(_CLIMB_AT_MOST + 1):
            if scope is None or _pattern(names).sub("", html.text(scope), count=1).strip(" :"):
                break
            scope = scope.parent
        else:
            scope = None
        inside = {id(piece) for piece in _texts(scope)} if scope is not None else set()
        position = next(place for place, piece in enumerate(self._texts) if piece is label)
        for piece in self._texts[position + 1 :]:
            is_label = _is_label(piece, self._any) or re.fullmatch(_ANY_LABEL, html.squeeze(piece)) is not None
            if id(piece) not in inside or (is_label and piece.find_parent("a") is None):
                return
            yield piece


def _texts(node: Tag) -> Iterator[NavigableString]:
    return (cast("NavigableString", child) for child in node.descendants if html.is_words(child) and str(child).strip())


def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(names)})\s*(:|$)", re.IGNORECASE)


def _is_label(piece: NavigableString, names: re.Pattern[str]) -> bool:
    """Return whether the text is one of the names with a colon, or without one an element of its own."""
    words = html.squeeze(piece)
    match = names.match(words)
    if match is None or piece.find_parent("a") is not None:
        return False
    return match[1] == ":" or piece.parent is None or html.text(piece.parent) == words
