"""Forms of a page as a browser without scripts fills in and sends them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageForm:
    """One form: where it leads, what it holds as the page filled it in, and its buttons."""

    action: str
    method: str
    id: str = ""
    css: str = ""
    pairs: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[tuple[str, str]] = field(default_factory=list)  # that are not ticked
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, *more: tuple[str, str], **changes: str) -> list[tuple[str, str]]:
        """The pairs with some values changed, each where it stands; unknown names fail."""
        assert changes.keys() <= {name for name, _ in self.pairs}, (changes, self.pairs)
        return [*((name, changes.get(name, value)) for name, value in self.pairs), *more]


class FormReader(HTMLParser):
    """Collects the forms of a page, with the fields that name a form from elsewhere, and every id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.ids: list[str] = []
        self.stops = 0  # that the tab key reaches as long as nothing is unfolded
        self._folded: list[bool] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._outside: list[tuple[str, str, dict[str, str], str]] = []
        self._open: PageForm | None = None
        self._area: tuple[dict[str, str], list[str]] | None = None
        self._select: tuple[dict[str, str], list[str]] | None = None
        self.feed(text)
        named = {form.id: form for form in self.forms if form.id}
        for tag, form_id, given, value in self._outside:
            self._put(named[form_id], tag, given, value)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if "id" in given:
            self.ids.append(given["id"])
        reachable = tag in ("a", "button", "select", "textarea", "summary", "input") and given.get("type") != "hidden"
        if tag == "details":
            self._folded.append("open" not in given)
        hidden = self._folded[:-1] if tag == "summary" else self._folded
        self.stops += reachable and given.get("tabindex") != "-1" and "disabled" not in given and not any(hidden)
        if tag == "form":
            self._open = PageForm(given.get("action", ""), given.get("method", "get"), given.get("id", ""),
                                  given.get("class", ""))  # fmt: skip
            self.forms.append(self._open)
        elif tag == "textarea":
            self._area = given, []
        elif tag == "select":
            self._select = given, []
        elif tag == "option" and self._select is not None:
            if "selected" in given or not self._select[1]:
                self._select[1][:] = [given.get("value", "")]
        elif tag in ("input", "button"):
            self._field(tag, given, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self._folded.pop()
        if tag == "form":
            self._open = None
        elif tag == "textarea" and self._area is not None:
            text = "".join(self._area[1])
            self._field(tag, self._area[0], text.removeprefix("\n"))
            self._area = None
        elif tag == "select" and self._select is not None:
            self._field(tag, self._select[0], (self._select[1] or [""])[0])
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)

    def _field(self, tag: str, given: dict[str, str], value: str) -> None:
        if "form" in given:
            self._outside.append((tag, given["form"], given, value))
        elif self._open is not None:
            self._put(self._open, tag, given, value)

    @staticmethod
    def _put(form: PageForm, tag: str, given: dict[str, str], value: str) -> None:
        name = given.get("name")
        if not name or "disabled" in given:
            return
        if tag == "button":
            form.buttons.append((name, value))
        elif given.get("type") in ("checkbox", "radio") and "checked" not in given:
            form.boxes.append((name, value or "on"))
        else:
            form.pairs.append((name, value))


def form_of(text: str, css_or_id: str) -> PageForm:
    """The one form with that id or class."""
    found = [form for form in FormReader(text).forms if css_or_id in (form.id, *form.css.split())]
    assert len(found) == 1, (css_or_id, found)
    return found[0]
