"""An issue as HTML for the website and the feeds of issues: whole, in both languages. Pure."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from language.identify import language_of
from newsletter.issue import address_of, one_line, plain, safe_url
from newsletter.markup import parse, to_html
from newsletter.render.captions import WORDS, say_day
from newsletter.render.templating import rendered

if TYPE_CHECKING:
    from newsletter.published import PublishedIssue


def render_whole(published: PublishedIssue, base: str = "") -> str:
    """Return what stands in the issue, below its title. `base`: before addresses of the site, for use elsewhere."""
    issue = published.issue
    found = rendered(
        "page.html.j2",
        "",
        p=published,
        issue=issue,
        base=base,
        html=lambda text: to_html(parse(text)),
        safe=safe_url,
        line=one_line,
        day=partial(say_day, "en"),
        address=partial(address_of, site=base),
        words=WORDS["en"],
        language=lambda text: language_of(text, "", "en"),
    )
    return plain(found)
