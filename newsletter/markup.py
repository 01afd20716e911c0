"""Markdown of the editors: paragraphs, lists, emphasis and links. Everything else stays the text that it is. Pure.

Own and small, because it must say the same in HTML, plain text, a document and a message; no HTML passes, and only
web and mail addresses become links. A line break is a line break.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

from newsletter.escape import to_markdown
from newsletter.issue import plain, safe_url

if TYPE_CHECKING:
    from collections.abc import Iterator

_INLINE = re.compile(
    r"""\\(?P<escaped>[!-/:-@\[-`{-~])
      | \[(?P<words>(?:[^\[\]\\]|\\.)+)\]\(\s*<?(?P<target>[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?\s*\)
      | <(?P<address>(?:https?://|mailto:)[^\s<>]+)>
      | (?P<bare>https?://[^\s<>]+)
      | \*\*(?P<strong>(?=\S)(?:[^*\\]|\\.|\*(?!\*))+?(?<=\S))\*\*
      | \*(?P<starred>(?=\S)(?:[^*\\]|\\.)+?(?<=\S))\*
      | (?<!\w)_(?P<underlined>(?=\S)(?:[^_\\]|\\.)+?(?<=\S))_(?!\w)""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ITEM = re.compile(r"\s{0,3}(?:(?P<number>\d{1,3}[.)])|[-*+•])\s+(?P<text>\S.*)")
_MAIL = re.compile(r"mailto:[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+")
_AFTER = ".,;:!?'\"”’»…"  # ends a sentence, not an address


@dataclass(frozen=True, slots=True)
class TextRun:
    """Some words of one look; `url` is empty or may become a link."""

    text: str
    strong: bool = False
    emphasis: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph with its lines, or a list with its items."""

    kind: Literal["paragraph", "bullets", "numbers"]
    lines: tuple[tuple[TextRun, ...], ...]


def safe_link(url: str) -> str:
    """Return the address if it may become a link, of a page or of a mailbox, else an empty string."""
    return (url if _MAIL.fullmatch(url) else "") if url.startswith("mailto:") else safe_url(url)


def parse(text: str) -> tuple[TextBlock, ...]:
    """Return the blocks of a text. Every character that is no markup is kept."""
    found: list[tuple[Literal["paragraph", "bullets", "numbers"], list[str]]] = []
    is_open = False
    for line in plain(text).split("\n"):
        item = _ITEM.fullmatch(line)
        if not line.strip():
            is_open = False
        elif item:
            kind: Literal["bullets", "numbers"] = "numbers" if item["number"] else "bullets"
            if not found or found[-1][0] != kind:
                found.append((kind, []))
            found[-1][1].append(item["text"].rstrip())
            is_open = True
        elif is_open and found[-1][0] != "paragraph" and line[0] in " \t":
            found[-1][1][-1] += f" {line.strip()}"
        elif is_open and found[-1][0] == "paragraph":
            found[-1][1].append(line.strip())
        else:
            found.append(("paragraph", [line.strip()]))
            is_open = True
    return tuple(TextBlock(kind, tuple(tuple(_runs(line, TextRun(""))) for line in lines)) for kind, lines in found)


def to_html(blocks: tuple[TextBlock, ...]) -> str:
    """Return the blocks as HTML of `p`, `ul`, `ol`, `li`, `br`, `strong`, `em` and `a`, and of nothing else."""
    parts = []
    for block in blocks:
        lines = ["".join(map(_html_run, line)) for line in block.lines]
        if block.kind == "paragraph":
            parts.append(f"<p>{'<br>'.join(lines)}</p>")
        else:
            tag = {"bullets": "ul", "numbers": "ol"}[block.kind]
            parts.append(f"<{tag}>{''.join(f'<li>{line}</li>' for line in lines)}</{tag}>")
    return "".join(parts)


def to_message(blocks: tuple[TextBlock, ...]) -> str:
    """Return the blocks as HTML of `b`, `i` and `a` with line breaks, as messengers read it."""
    found = []
    for block in blocks:
        lines = (f"{_mark(block, place)}{''.join(map(_html_run, line))}" for place, line in enumerate(block.lines, 1))
        found.append("\n".join(lines))
    return re.sub(r"(</?)(?:strong|(em))>", lambda tag: f"{tag[1]}{'i' if tag[2] else 'b'}>", "\n\n".join(found))


def to_lines(blocks: tuple[TextBlock, ...]) -> list[str]:
    """Return the blocks as lines of plain text, an empty one between two of them; addresses follow their words."""
    found: list[str] = []
    for block in blocks:
        lines = ["".join(map(_plain_run, line)) for line in block.lines]
        marked = (f"{_mark(block, place)}{line}" for place, line in enumerate(lines, 1))
        found += [*([""] if found else []), *marked]
    return found


def to_source(blocks: tuple[TextBlock, ...]) -> str:
    """Return the blocks as Markdown that any other program reads alike."""
    parts = []
    for block in blocks:
        lines = ["".join(map(_source_run, line)) for line in block.lines]
        if block.kind == "paragraph":
            # A backslash, or the line would begin a list, a heading or a quotation there.
            lines = [re.sub(r"^(\d{0,3})(?=[-+#>.)])", r"\1\\", line) for line in lines]
        parts.append(
            ("  \n" if block.kind == "paragraph" else "\n").join(
                f"{_mark(block, place)}{line}" for place, line in enumerate(lines, 1)
            )
        )
    return "\n\n".join(parts)


def _mark(block: TextBlock, place: int) -> str:
    return {"paragraph": "", "bullets": "- ", "numbers": f"{place}. "}[block.kind]


def _runs(text: str, look: TextRun) -> Iterator[TextRun]:
    at, words = 0, ""

    def ours(words: str) -> TextRun:
        return TextRun(words, look.strong, look.emphasis)

    for match in _INLINE.finditer(text):
        words += text[at : match.start()]
        at = match.end()
        if match["escaped"]:
            words += match["escaped"]
            continue
        target = match["target"] or match["address"] or match["bare"] or ""
        if match["bare"]:  # what ends the sentence, or closes a bracket around the address, is not of it
            target = target.rstrip(_AFTER)
            if target.endswith(")") and target.count(")") > target.count("("):
                target = target[:-1].rstrip(_AFTER)
            at = match.start() + len(target)
        url = safe_link(target) if target else ""
        inner = match["strong"] or match["starred"] or match["underlined"]
        if not url and not inner:
            words += text[match.start() : at]
            continue
        if words:
            yield ours(words)
        words = ""
        if inner:
            strong, emphasis = look.strong or bool(match["strong"]), look.emphasis or not match["strong"]
            yield from _runs(inner, TextRun("", strong, emphasis))
        elif match["words"]:
            yield TextRun(_ESCAPED.sub(r"\1", match["words"]), look.strong, look.emphasis, url)
        else:
            yield TextRun(target.removeprefix("mailto:"), look.strong, look.emphasis, url)
    words += text[at:]
    if words:
        yield ours(words)


def _html_run(run: TextRun) -> str:
    html = escape(run.text)
    html = f"<em>{html}</em>" if run.emphasis else html
    html = f"<strong>{html}</strong>" if run.strong else html
    return f'<a href="{escape(run.url)}">{html}</a>' if run.url else html


def _plain_run(run: TextRun) -> str:
    shown = run.url.removeprefix("mailto:")
    return f"{run.text} <{shown}>" if run.url and shown != run.text else run.text


def _source_run(run: TextRun) -> str:
    mark = "*" * (2 * run.strong + run.emphasis)
    text = f"{mark}{to_markdown(run.text).replace('&#32;', ' ')}{mark}"
    return f"[{text}](<{run.url}>)" if run.url else text
