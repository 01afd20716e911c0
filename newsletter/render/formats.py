"""The formats of an issue, and how much of it each can hold."""

from __future__ import annotations

import base64
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal

from newsletter import table_file
from newsletter.markdown_file import write_markdown
from newsletter.render import feeds, telegram
from newsletter.render.display import DisplayedImage, DisplayedIssue, displayed_issue, displayed_stories, fitting
from newsletter.render.footer import Addresses, Placeholders, page_of
from newsletter.render.mail import content_id, message, unsubscribe_by_mail
from newsletter.render.telegram import MOST_MESSAGES, MOST_TELEGRAM
from newsletter.render.templating import own_of, rendered
from newsletter.sheet import bare_sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from newsletter.issue import Issue
    from newsletter.pictures import Picture
    from newsletter.sheet import Sheet

MOST_HTML = 100_000  # bytes; mail programs clip what is longer than 102 kB
__all__ = ["FORMATS", "MOST_HTML", "MOST_MESSAGES", "MOST_TELEGRAM", "Placeholders", "Renderer", "file_name"]


class Renderer:
    """Formats of one issue, in one order of languages, with the editor's templates before ours."""

    def __init__(
        self,
        issue: Issue,
        languages: str = "",
        templates: Path | Mapping[str, str] | None = None,
        sheet: Sheet | None = None,
        placeholders: Placeholders | None = None,
    ) -> None:
        """`languages`: one of ORDERS; empty for that of the newsletter.

        `templates`: the editor's own, as a folder or by name. `sheet`: the draft as it can be given back.
        `placeholders`: of a service that sends the issue.
        """
        self.sheet = sheet or bare_sheet(issue)
        self.issue, self.languages = issue, languages or issue.newsletter.languages
        self.own, self.placeholders = own_of(templates), placeholders
        self.stories = displayed_stories(issue, self.languages)
        self.show = partial(displayed_issue, issue, self.languages, self.stories)

    def md(self) -> bytes:
        """Return the draft that can be given back; of a sealed issue, what readers get."""
        if not self.issue.sealed:
            return write_markdown(self.sheet)
        page = page_of(self.issue)
        addresses = Addresses(page=page, image=f"{page}/image" if page else "")
        return self._from("issue.md.j2", self.show(addresses=addresses)).encode()

    def html(self) -> bytes:
        """Return HTML for a mail program. Pictures are on the site, or in the file itself where there is no site."""
        is_on_site = self.placeholders is not None or (self.issue.sealed and self.issue.newsletter.site)
        return self._html(self._with_pictures("web" if is_on_site else "data")).encode()

    def txt(self) -> bytes:
        """Return plain text."""
        return self._from("issue.txt.j2", self.show(addresses=self._mailed)).encode()

    def telegram(self) -> bytes:
        """Return plain text in messages, a form feed between two of them."""
        return telegram.as_text(self._messages("telegram.txt.j2", marked=False))

    def telegram_json(self) -> bytes:
        """Return messages as the Bot API takes them."""
        return telegram.as_requests(self._messages("telegram.html.j2", marked=True))

    def eml(self) -> bytes:
        """Return a mail ready to be opened, addressed and sent."""
        shown = self._with_pictures("cid")
        return message(self.issue, shown, self._from("issue.txt.j2", shown), self._html(shown))

    def docx(self) -> bytes:
        """Return a document for a word processor."""
        from newsletter.render.office import write_document

        shown = self.show(addresses=Addresses(page=page_of(self.issue), logo="logo", image="image"))
        return write_document(shown, self._pictures, lambda shown, **more: self._from("document.xml.j2", shown, **more))

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
        return self.show(addresses=Addresses(page=page_of(self.issue)))

    @cached_property
    def page(self) -> DisplayedIssue:
        """Return as much of the issue as a mail can hold. Its pictures, if they are in it, do not count."""
        return fitting(
            lambda extent: self.show(extent, self._mailed), lambda part: len(self._html(part).encode()) <= MOST_HTML
        )

    @cached_property
    def _mailed(self) -> Addresses:
        page, given = page_of(self.issue), self.placeholders
        return Addresses(
            page=page,
            browser=page or (given.browser if given else ""),
            unsubscribe=given.unsubscribe if given else unsubscribe_by_mail(self.issue.newsletter),
            logo=f"cid:{content_id(self.issue, 'logo')}",
            image=f"cid:{content_id(self.issue, 'image')}",
        )

    @cached_property
    def _pictures(self) -> dict[str, Picture]:
        found = {"logo": self.issue.newsletter.brand.picture(), "image": self.issue.image}
        return {name: picture for name, picture in found.items() if picture is not None}

    def _with_pictures(self, where: Literal["cid", "web", "data"]) -> DisplayedIssue:
        """Return the mail with its pictures in it, on the site, or beside it; left out where they can be nowhere."""

        def at(shown: DisplayedImage | None, name: str) -> DisplayedImage | None:
            if shown is None or where == "cid":
                return shown
            picture, page = self._pictures[name], page_of(self.issue)
            inside = f"data:image/{picture.kind};base64,{base64.b64encode(picture.content).decode()}"
            url = inside if where == "data" else f"{page}/{name}" if page else ""
            return replace(shown, url=url) if url else None

        return replace(self.page, logo=at(self.page.logo, "logo"), image=at(self.page.image, "image"))

    def _messages(self, template: str, *, marked: bool) -> list[str]:
        def split(shown: DisplayedIssue) -> list[str]:
            return telegram.messages(self._from(template, shown, cut=telegram.CUT), marked=marked)

        addresses = Addresses(page=page_of(self.issue))
        shown = fitting(lambda extent: self.show(extent, addresses), lambda part: len(split(part)) <= MOST_MESSAGES)
        return split(shown)[:MOST_MESSAGES]

    def _html(self, shown: DisplayedIssue) -> str:
        """Move the style sheet into style attributes; what mail programs may read from a sheet (dark mode) stays."""
        import css_inline

        inliner = css_inline.CSSInliner(keep_at_rules=True, keep_style_tags=False, load_remote_stylesheets=False)
        return inliner.inline(self._from("issue.html.j2", shown))

    def _from(self, template: str, shown: DisplayedIssue, **more: Any) -> str:
        return rendered(template, self.own, issue=shown, **more)


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
    "telegram-json": (".telegram.json", Renderer.telegram_json),
}


def file_name(issue: Issue, name: str) -> str:
    """Return the name of the file of a format."""
    return f"{issue.name}{'' if issue.sealed else '-draft'}{FORMATS[name][0]}"
