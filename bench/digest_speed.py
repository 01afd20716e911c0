"""Row `digest`: an issue in every format that it is exported in."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bench.inputs.websites import made_file
from bench.ratios import by_turns, paired
from db.store import open_store
from newsletter import exporting
from newsletter.draft import next_issue
from newsletter.settings import read_newsletter

if TYPE_CHECKING:
    from bench.ratios import Options, Ratio
    from newsletter.issue import Issue

AT = "2026-02-10T06:00:00Z"
BOUND = 8


def measure(options: Options) -> list[Ratio]:
    """Return what a format costs on average against one page of HTML written by hand, its styles inlined."""
    size, rounds = options.pick(10, 120, 500), options.pick(1, 7, 9)
    store = open_store(made_file(options.folder / "news.db", size))
    with store.transaction() as connection:
        issue = next_issue(connection, read_newsletter(), AT)
    store.close()
    assert len(issue.entries) == size
    formats = exporting.formats_from(None)
    issues = by_turns(lambda: exporting.render(issue, formats), lambda: _page(issue), rounds)
    against = f"one HTML page of the {size} stories from an f-string; ours: a mean of {len(formats)} formats"
    times = paired([(ours / len(formats), plain) for ours, plain in issues])
    return [times.row("digest", "ms a format", per=1000, bound=BOUND, against=against)]


def _page(issue: Issue) -> str:
    import css_inline

    stories = (entry.story for entry in issue.entries)
    parts = (
        f'<h3><a class="link" href="{escape(story.links[0].url)}">{escape(story.title_uk)}</a></h3>'
        f'<p class="lead">{escape(story.lead_uk)}</p><p class="quiet">{story.published_on}</p>'
        for story in stories
    )
    style = "<style>h3 { margin: 8px 0 0 } .lead { margin: 3px 0 } .quiet { color: #5d6763 }</style>"
    return css_inline.CSSInliner().inline(f"<html><head>{style}</head><body>{''.join(parts)}</body></html>")
