"""The templates, the editor's own before ours, and the filters that they use."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from newsletter.escape import to_markdown
from newsletter.markup import to_html, to_lines, to_message, to_source
from newsletter.settings import TEMPLATES

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Environment

    from newsletter.markup import TextBlock

    Own = str | tuple[tuple[str, str], ...]  # the editor's folder, or template names with their texts


def rendered(template: str, own: Own, **values: Any) -> str:
    """Return a template with its values. Raises UsageError naming it."""
    import jinja2

    try:
        return environment(own).get_template(template).render(**values)
    except jinja2.TemplateError as error:
        raise UsageError(f"template {template}: {error}") from error


def own_of(templates: Path | Mapping[str, str] | None) -> Own:
    """Return the editor's own templates, given as a folder or by name, in a form that can be remembered."""
    if templates is None or isinstance(templates, Mapping):
        return tuple(sorted((templates or {}).items()))
    return str(templates)


@lru_cache(maxsize=8)
def environment(own: Own) -> Environment:
    """Load the templates. Values are escaped in .html and .xml, for good reason."""
    import jinja2
    import markupsafe

    first = jinja2.FileSystemLoader(own) if isinstance(own, str) else jinja2.DictLoader(dict(own))
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader([first, jinja2.FileSystemLoader(str(TEMPLATES))]),
        autoescape=lambda name: name is not None and name.endswith((".html.j2", ".xml.j2")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["md"] = to_markdown
    made.filters["md_url"] = lambda url: f"<{url}>" if url else ""
    made.filters["wrap"] = wrapped
    made.filters["rich_html"] = lambda blocks: markupsafe.Markup(to_html(blocks))
    made.filters["rich_message"] = lambda blocks: markupsafe.Markup(to_message(blocks))
    made.filters["rich_md"] = lambda blocks, indent="": textwrap.indent(to_source(blocks), indent).lstrip()
    made.filters["rich_text"] = rich_text
    return made


def wrapped(text: str, width: int = 76, indent: str = "") -> str:
    """Break the text into lines of at most `width`; long words stay whole."""
    lines = textwrap.wrap(text, width - len(indent), break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"{indent}{line}" for line in lines)


def rich_text(blocks: tuple[TextBlock, ...], width: int = 76, indent: str = "", before: str = "") -> str:
    """Return blocks as plain text in lines of at most `width`, 0 for any; `before` stands in the first one."""
    lines = to_lines(blocks)
    lines[:1] = [f"{before}{line}" for line in lines[:1]]
    return "\n".join(wrapped(line, width, indent) if width else f"{indent}{line}".rstrip() for line in lines)
