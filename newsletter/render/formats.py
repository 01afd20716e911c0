"""Render an issue in every format. Pure but for reading templates: one issue gives the same bytes every time."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from newsletter import table_file
from newsletter.escape import to_markdown
from newsletter.markdown_file import write_markdown
from newsletter.render import feeds
from newsletter.render.display import DisplayedIssue, displayed_issue, displayed_stories, fitting
from newsletter.settings import TEMPLATES
from newsletter.sheet import bare_sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jinja2 import Environment

    from newsletter.issue import Issue
    from newsletter.sheet import Sheet

MOST_HTML = 100_000  # bytes; mail programs clip what is longer than 102 kB
MOST_TELEGRAM = 4096  # UTF-16 units of one message


class Renderer:
    """Formats of one issue, in one order of languages, with the editor's templates before ours."""

    def __init__(
        self, issue: Issue, languages: str = "", templates: Path | None = None, sheet: Sheet | None = None
    ) -> None:
        """`languages`: one of ORDERS; empty for that of the newsletter. `sheet`: the draft as it can be given back."""
        self.sheet = sheet or bare_sheet(issue)
        self.issue, self.languages = issue, languages or issue.newsletter.languages
        self.templates = environment(str(templates) if templates else "")
        self.stories = displayed_stories(issue, self.languages)

    def md(self) -> bytes:
        """Return the draft that can be given back; of a sealed issue, what readers get."""
        if not self.issue.sealed:
            return write_markdown(self.sheet)
        return self._from("issue.md.j2", self.whole).encode()

    def html(self) -> bytes:
        """Return HTML for a mail program."""
        return self.page[1].encode()

    def txt(self) -> bytes:
        """Return plain text."""
        return self._from("issue.txt.j2", self.whole).encode()

    def telegram(self) -> bytes:
        """Return plain text of the length of one message."""

        def fits(shown: DisplayedIssue) -> bool:
            return _units(self._from("telegram.txt.j2", shown)) <= MOST_TELEGRAM

        shown = fitting(self.issue, self.languages, self.stories, fits)
        text = self._from("telegram.txt.j2", shown)
        while _units(text) > MOST_TELEGRAM:  # not even the least fits
            text = f"{text[: MOST_TELEGRAM // 2 - 1].rstrip()}…" if len(text) > MOST_TELEGRAM // 2 else text[:-1]
        return text.encode()

    def eml(self) -> bytes:
        """Return a mail ready to be opened, addressed and sent."""
        from newsletter.render.mail import message

        shown, html = self.page
        return message(self.issue, shown, self._from("issue.txt.j2", shown), html)

    def docx(self) -> bytes:
        """Return a document for a word processor."""
        from newsletter.render.office import write_document

        return write_document(self.whole, lambda shown, **more: self._from("document.xml.j2", shown, **more))

    def csv(self) -> bytes:
        """Return the table that can be given back, as CSV."""
        return table_file.write_csv(self.sheet)

    def xlsx(self) -> bytes:
        """Return the table that can be given back, as a spreadsheet."""
        return table_file.write_xlsx(self.sheet)

    def atom(self) -> bytes:
        """Return an Atom feed."""
        return feeds.atom(self.issue, self.whole, self.stories)

    def json(self) -> bytes:
        """Return a JSON Feed."""
        return feeds.json_feed(self.issue, self.whole, self.stories)

    @cached_property
    def whole(self) -> DisplayedIssue:
        """Return all of the issue, as displayed."""
        return displayed_issue(self.issue, self.languages, self.stories)

    @cached_property
    def page(self) -> tuple[DisplayedIssue, str]:
        """Return as much of the issue as a mail can hold, and its HTML."""
        shown = fitting(
            self.issue, self.languages, self.stories, lambda part: len(self._html(part).encode()) <= MOST_HTML
        )
        return shown, self._html(shown)

    def _html(self, shown: DisplayedIssue) -> str:
        """Move the style sheet into style attributes; what mail programs may read from a sheet (dark mode) stays."""
        import css_inline

        inliner = css_inline.CSSInliner(keep_at_rules=True, keep_style_tags=False, load_remote_stylesheets=False)
        return inliner.inline(self._from("issue.html.j2", shown))

    def _from(self, template: str, shown: DisplayedIssue, **more: Any) -> str:
        import jinja2

        try:
            return self.templates.get_template(template).render(issue=shown, **more)
        except jinja2.TemplateError as error:
            raise UsageError(f"template {template}: {error}") from error


FORMATS: dict[str, tuple[str, Callable[[Renderer], bytes]]] = {
    "md": (".md", Renderer.md),
    "html": (".html", Renderer.html),
    "txt": (".txt", Renderer.txt),
    "csv": (".csv", Renderer.csv),
    "json": (".json", Renderer.json),
    "atom": (".atom", Renderer.atom),
    "eml": (".eml", Renderer.eml),
    "docx": (".docx", Renderer.docx),
    "xlsx": (".xlsx", Renderer.xlsx),
    "telegram": (".telegram.txt", Renderer.telegram),
}


def file_name(issue: Issue, name: str) -> str:
    """Return the name of the file of a format."""
    return f"{issue.name}{'' if issue.sealed else '-draft'}{FORMATS[name][0]}"


@lru_cache(maxsize=8)
def environment(own: str) -> Environment:
    """Load the templates, those of the editor's folder first. Values are escaped in .html and .xml, for good reason."""
    import jinja2

    folders = [own, str(TEMPLATES)] if own else [str(TEMPLATES)]
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=lambda name: name is not None and name.endswith((".html.j2", ".xml.j2")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["md"] = to_markdown
    made.filters["md_url"] = lambda url: f"<{url}>" if url else ""
    made.filters["wrap"] = wrapped
    return made


def wrapped(text: str, width: int = 76, indent: str = "") -> str:
    """Break the text into lines of at most `width`; long words stay whole."""
    import textwrap

    lines = textwrap.wrap(text, width - len(indent), break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"{indent}{line}" for line in lines)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
