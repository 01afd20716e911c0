"""Campaigns as they are handed over and as services keep them, and the protocol of a service. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Stand in the rendered issue where each service has an expression of its own for the address.
UNSUBSCRIBE = "https://placeholder.invalid/unsubscribe"
BROWSER_VIEW = "https://placeholder.invalid/browser-view"
_OPENS = re.compile(r"\{(?=[{%#])")  # an expression of Go templates, Liquid and Django alike


@dataclass(frozen=True, slots=True)
class Campaign:
    """A sealed issue as a service gets it, with our own places for its expressions."""

    key: str  # by which the service is asked whether it has the issue already
    name: str  # for the people who work at the service
    slug: str  # small Latin letters, digits and -; differs for any two issues
    subject: str
    preview: str  # what mail programs show beside the subject
    html: str
    text: str
    notes: tuple[str, ...] = ()  # what a person should know of it, in lines


@dataclass(frozen=True, slots=True)
class RemoteCampaign:
    """A campaign as the service has it."""

    id: str
    url: str  # where a person sees it
    is_draft: bool = True
    notes: tuple[str, ...] = ()  # what a person should know, in lines


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Answer to one request."""

    status: int
    body: bytes


class MailingService(Protocol):
    """A service that takes drafts of campaigns. Both methods raise HandoverError and never send to subscribers."""

    name: str
    has_browser_view: bool  # a page of its own for every mail, whose address it puts in
    settle_seconds: float  # after an attempt that was broken off, until the service has surely stored it or not

    def find(self, key: str) -> RemoteCampaign | None:
        """Return the campaign with that key."""
        ...

    def create(self, campaign: Campaign) -> RemoteCampaign:
        """Make a draft; one request, so that it is there as a whole or not at all."""
        ...


if TYPE_CHECKING:
    # `ask(url, headers, content)` sends a GET, or a POST of `content`, follows no redirect, and raises FetchError.
    Ask = Callable[[str, Mapping[str, str], bytes | None], HttpAnswer]


def key_of(newsletter_id: str, name: str, sealed_at: str) -> str:
    """Return what a service knows the issue by. An issue sealed anew, or in another database, has another key."""
    return hashlib.sha256("\n".join((newsletter_id, name, sealed_at)).encode()).hexdigest()[:20]


def in_html(html: str, unsubscribe: str, browser_view: str = "") -> str:
    """Return HTML in which nothing is an expression of a template engine but these two, in our places for them."""
    return _filled(_OPENS.sub("&#123;", html), unsubscribe, browser_view)


def in_text(text: str, unsubscribe: str = "", browser_view: str = "") -> str:
    """Return plain text in which nothing is an expression of a template engine but these two; `{{` becomes `{ {`."""
    return _filled(_OPENS.sub("{ ", text), unsubscribe, browser_view)


def _filled(text: str, unsubscribe: str, browser_view: str) -> str:
    return text.replace(UNSUBSCRIBE, unsubscribe).replace(BROWSER_VIEW, browser_view)
