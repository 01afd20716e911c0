"""Measure the desk in a real browser: actions and windows for an issue, tab stops, two people at once, lost typing.

`python -m scripts.desk_measures` prints one line a figure with its bound, and ends with 1 when one is broken.
"""

from __future__ import annotations

import argparse
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.inputs.websites import made_file
from scripts.browser import BrowserError, Chromium, Tab, chromium
from scripts.desk_instance import EDITORS, DeskInstance, desk_instance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WINDOW = 800
TAKEN, REWORDED, MOST_ACTIONS, MOST_WINDOWS, MOST_STOPS = 20, 5, 60, 8.0, 300
READY = "document.getElementById('desk')?.dataset.scripts === 'on'"
SAVED = "document.getElementById('saving').className === 'saved'"
ISSUE = "document.querySelectorAll('#issue .story').length"
BIN = "#bin-rows .story"
LONGEST_SECTION = """[...document.querySelectorAll('#issue .part')].map(
  part => [...part.querySelectorAll('.story')].map(row => row.dataset.key)).sort((a, b) => b.length - a.length)[0]"""
PICKS = "[...document.querySelectorAll('.story:has(> .pick)')]"


def main() -> int:
    """Print every figure; return 1 when a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help=f"some of: {', '.join(MEASURES)}")
    chosen = parser.parse_args().only or list(MEASURES)
    broken = 0
    for name in chosen:
        for line, holds in MEASURES[name]():
            print(f"{'' if holds else 'BROKEN  '}{line}", flush=True)
            broken += not holds
    return 1 if broken else 0


def opened(browser: Chromium, desk: DeskInstance, name: str = EDITORS[0]) -> Tab:
    """Return a tab of a browser of its own, logged in and at the desk."""
    tab = browser.tab(1280, WINDOW, alone=True)
    desk.log_in(tab, name)
    tab.goto(f"{desk.address}/desk")
    tab.wait(READY)
    return tab


def an_issue(how: Callable[[Tab], None], name: str) -> Iterator[tuple[str, bool]]:
    """Make an issue of 20 stories out of 200 in one way; count actions and windows."""
    with made_desk(200) as desk, chromium() as browser:
        tab = opened(browser, desk)
        how(tab)
        windows = seen(tab)
        tab.press("s") if how is by_keys else tab.click("a.seal")
        tab.wait("location.pathname.endsWith('/desk/seal') && document.readyState === 'complete'")
        windows += max(1.0, float(tab.evaluate("document.documentElement.scrollHeight")) / WINDOW)
        tab.click("main form button") if how is not by_keys else tab.press("Enter")
        with closing(sqlite3.connect(desk.db)) as db:
            wait_for(lambda: db.execute("SELECT count(*) FROM digests WHERE sealed_at IS NOT NULL").fetchone() == (1,))
            rows = db.execute("SELECT title_en, note FROM digest_entries ORDER BY position").fetchall()
        done = len(rows), sum("reworded" in str(row[0]) for row in rows), sum(bool(row[1]) for row in rows)
        yield f"{name}: {tab.actions} actions (at most {MOST_ACTIONS})", tab.actions <= MOST_ACTIONS
        yield f"{name}: {windows:.1f} windows of {WINDOW} px (at most {MOST_WINDOWS:g})", windows <= MOST_WINDOWS
        yield f"{name}: sealed with {done[0]} stories, {done[1]} reworded, {done[2]} with a note", done == (20, 5, 1)


def seen(tab: Tab) -> float:
    """Return how many windows must be seen: the whole bin, and what of the issue does not stand beside it."""
    heights = tab.evaluate("[window.binHeight, document.getElementById('issue').scrollHeight, window.top0]")
    return float(heights[0] + heights[2] + max(0, heights[1] - WINDOW)) / WINDOW


def scroll_through(tab: Tab) -> None:
    """Scroll the bin to its end, as one who reads it does; note its height."""
    tab.evaluate("window.top0 = document.getElementById('bin').getBoundingClientRect().top + scrollY, 1")
    scroll = "document.getElementById('bin').scrollTo(0, 1e9), document.querySelectorAll('{}').length >= 200"
    tab.wait(scroll.format(BIN))
    tab.evaluate("window.binHeight = document.getElementById('bin').scrollHeight, 1")
    tab.evaluate("document.getElementById('bin').scrollTo(0, 0)")


def chosen_keys(tab: Tab) -> list[str]:
    """Return the keys of every tenth story of the bin."""
    return list(tab.evaluate(f"[...document.querySelectorAll('{BIN}')].map(r => r.dataset.key)"))[::10][:TAKEN]


def by_mouse(tab: Tab) -> None:
    """Take, reword, move and note with the mouse."""
    scroll_through(tab)
    taken = chosen_keys(tab)
    for place, key in enumerate(taken, 1):
        tab.click(f"#{key} [data-act=take]")
        tab.wait(f"{ISSUE} === {place}")
    for key in taken[:REWORDED]:
        tab.click(f"#issue #{key} .titles .en")
        tab.wait("document.activeElement.dataset.field === 'title_en'")
        tab.type(f"A headline reworded by hand, {key}")
    tab.click(f"#issue #{taken[6]} a.open")
    tab.wait(f"document.querySelector('#opened-{taken[6]} [data-field=note]')")
    tab.click(f"#opened-{taken[6]} [data-field=note]")
    tab.type("A note for the readers.")
    tab.wait(SAVED)
    tab.click(f"#issue #{taken[6]} a.open")
    tab.wait(f"!document.querySelector('#opened-{taken[6]}')")
    rows = list(tab.evaluate(LONGEST_SECTION))
    for key in (rows[4], rows[5]):
        tab.drag(f"#{key} a.open", f"#{rows[0]} a.open")
        tab.wait(SAVED)


def by_keys(tab: Tab) -> None:
    """Take, reword, move and note with keys alone."""
    scroll_through(tab)
    taken = set(chosen_keys(tab))
    tab.evaluate("document.body.focus()")
    tab.press("T")
    count = 0
    while count < TAKEN:
        shown = dict(tab.evaluate(f"{PICKS}.map(r => [r.dataset.key, r.querySelector('.pick').textContent])"))
        here = [letter for key, letter in shown.items() if key in taken]
        taken -= shown.keys()
        for letter in here:
            tab.press(letter)
            count += 1
        if count < TAKEN:
            tab.press("PageDown")
            tab.wait(f"{PICKS}.some(r => !{sorted(shown)!r}.includes(r.dataset.key))")
    tab.press("Escape")
    tab.wait(f"{ISSUE} === {TAKEN}")
    tab.press("ArrowRight")
    issue = list(tab.evaluate("[...document.querySelectorAll('#issue .story')].map(r => r.dataset.key)"))

    def at(key: str, act: str) -> None:
        tab.press(act)
        tab.press(str(tab.wait(f"document.querySelector('#{key} > .pick')?.textContent")))

    for key in issue[:REWORDED]:
        at(key, "E")
        tab.wait("document.activeElement.dataset.field === 'title_en'")
        tab.type(f"A headline reworded by hand, {key}")
        tab.press("Enter")
    at(issue[6], "N")
    tab.wait("document.activeElement.dataset.field === 'note'")
    tab.type("A note for the readers.")
    tab.press("Escape")
    for key in issue[10:12]:
        at(key, "f")
        tab.press("J")
    tab.wait(SAVED)


def tab_stops() -> Iterator[tuple[str, bool]]:
    """Count the stops of the Tab key on a desk of 400 stories, with scripts and without; and when it can be used."""
    with made_desk(400) as desk, chromium() as browser:
        tab = opened(browser, desk)
        tab.goto(f"{desk.address}/desk")
        tab.wait(READY)
        ready = float(tab.evaluate("performance.now()"))
        yield f"400 stories: usable after {ready:.0f} ms (at most 1500)", ready <= 1500
        for what in ("with scripts", "without"):
            stops = int(tab.evaluate(STOPS))
            yield f"400 stories, {what}: {stops} tab stops (fewer than {MOST_STOPS})", stops < MOST_STOPS
            tab.scripts(on=False)
            tab.goto(f"{desk.address}/desk")


STOPS = """[...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(
  e => e.tabIndex >= 0 && !e.disabled && e.type !== 'hidden' && e.checkVisibility()).length"""


def two_people() -> Iterator[tuple[str, bool]]:
    """Let two people edit at once: other fields, then one field."""
    with made_desk(20) as desk, chromium() as browser:
        one, two = opened(browser, desk), opened(browser, desk, EDITORS[1])
        key = str(one.evaluate(f"document.querySelector('{BIN}').dataset.key"))
        for tab, field, text in ((one, "title_en", "Worded by Olena"), (two, "note", "A note by Petro")):
            edit(tab, key, field, text)
        for tab in (one, two):
            tab.wait(SAVED)
        rows = stored(desk, "SELECT field, became, by FROM digest_changes ORDER BY field")
        kept = [("note", "A note by Petro", "Petro"), ("title_en", "Worded by Olena", "Olena")]
        yield f"two people, other fields: {len(rows)} changes kept", rows == kept
        edit(two, key, "lead_en", "Petro's lead")
        edit(one, key, "lead_en", "Olena's lead")
        for tab in (one, two):
            tab.wait("['saved', 'conflict'].includes(document.getElementById('saving').className)")
        asked = [str(tab.evaluate("document.querySelector('.versions')?.innerText || ''")) for tab in (one, two)]
        shown = [text for text in asked if "Olena's lead" in text and "Petro's lead" in text]
        yield "two people, one field: both versions are shown to one of them, with two buttons", len(shown) == 1
        loser = one if asked[0] else two
        loser.click(".versions button")
        loser.wait(SAVED)
        last = stored(desk, "SELECT became FROM digest_changes WHERE field = 'lead_en' ORDER BY id DESC LIMIT 1")
        yield (
            "two people, one field: what is chosen is stored",
            last == [("Olena's lead" if loser is one else "Petro's lead",)],
        )


def edit(tab: Tab, key: str, field: str, text: str) -> None:
    """Open a story unless it is open, and type into one of its fields."""
    show(tab, key)
    tab.evaluate(f"document.querySelector('#{key} [data-field={field}]').select()")
    tab.type(text)


def show(tab: Tab, key: str) -> None:
    """Open a story unless it is open."""
    if not tab.evaluate(f"document.querySelector('#{key} > .detail') !== null"):
        tab.click(f"#{key} a.open")
        tab.wait(f"document.querySelector('#{key} > .detail')")


def nothing_lost() -> Iterator[tuple[str, bool]]:
    """Type while the log-in has ended, the server is dead, the database locked; load the page again meanwhile."""
    with made_desk(20) as desk, chromium() as browser:
        tab = opened(browser, desk)
        key = str(tab.evaluate(f"document.querySelector('{BIN}').dataset.key"))
        yield from with_dead_server(desk, tab, key)
        yield from with_locked_file(desk, tab, key)
        yield from with_ended_session(desk, browser, tab, key)


def with_dead_server(desk: DeskInstance, tab: Tab, key: str) -> Iterator[tuple[str, bool]]:
    """Kill the server while somebody types, and start it again."""
    edit(tab, key, "title_en", "Typed before the crash")
    desk.end(signal.SIGKILL)
    edit(tab, key, "note", "Typed while it was away")
    tab.wait("document.getElementById('saving').className === 'away'")
    yield "server killed: the page says that nothing is saved", True
    desk.start()
    tab.wait(SAVED, 30)
    yield "server killed: all is stored once it is back", newest(desk) == {
        "title_en": "Typed before the crash", "note": "Typed while it was away"}  # fmt: skip


def with_locked_file(desk: DeskInstance, tab: Tab, key: str) -> Iterator[tuple[str, bool]]:
    """Lock the database for ten seconds while somebody types; load the page again meanwhile."""
    with closing(sqlite3.connect(desk.db, isolation_level=None)) as lock:
        lock.execute("BEGIN IMMEDIATE")
        end = time.monotonic() + 10
        edit(tab, key, "remark", "Typed while it was locked")
        tab.wait("document.getElementById('saving').className === 'saving'")
        asked = tab.has_asked_to_reload()
        tab.wait(f"({READY}) && document.getElementById('saving').className !== 'saved'")
        time.sleep(max(0.0, end - time.monotonic()))
        lock.execute("ROLLBACK")
    tab.wait(SAVED, 40)
    yield "not saved: the page asks before it is left", asked
    yield "locked for 10 s, page loaded again: stored after it", newest(desk)["remark"] == "Typed while it was locked"


def with_ended_session(desk: DeskInstance, browser: Chromium, tab: Tab, key: str) -> Iterator[tuple[str, bool]]:
    """End the session while somebody types; log in in another window of the same browser."""
    show(tab, key)
    tab.call("Network.enable")
    tab.call("Network.deleteCookies", name="ds_actor", url=desk.address)
    edit(tab, key, "lead_en", "Typed without a log-in")
    tab.wait("document.querySelector('#notices a[href*=login]')")
    yield "log-in ended: the page says so, with a way to log in", "lead_en" not in newest(desk)
    other = browser.tab(like=tab)
    desk.log_in(other)
    other.close()
    tab.evaluate("dispatchEvent(new Event('focus')), 1")
    tab.wait(SAVED)
    yield "log-in ended: stored after the log-in in another window", newest(desk)["lead_en"] == "Typed without a log-in"


def newest(desk: DeskInstance) -> dict[str, str]:
    """Return the newest value of each field that was changed."""
    return dict(stored(desk, "SELECT field, became FROM digest_changes ORDER BY id"))


def stored(desk: DeskInstance, query: str) -> list[Any]:
    """Return rows of the instance's database."""
    with closing(sqlite3.connect(desk.db)) as db:
        return db.execute(query).fetchall()


def made_desk(stories: int) -> DeskOfMadeStories:
    """Give an editors' instance with that many stories in the bin."""
    return DeskOfMadeStories(stories)


class DeskOfMadeStories:
    """A folder with a made database, and the instance on it; a context."""

    def __init__(self, stories: int) -> None:
        self._stories = stories

    def __enter__(self) -> DeskInstance:
        self._folder = tempfile.TemporaryDirectory(prefix="visnyk-made-")
        made = made_file(Path(self._folder.name) / "made.db", self._stories)
        self._instance = desk_instance(made, "2026-02-10T06:00:00Z")
        return self._instance.__enter__()

    def __exit__(self, *error: object) -> None:
        self._instance.__exit__(None, None, None)
        self._folder.cleanup()


def wait_for(condition: Callable[[], bool], seconds: float = 15) -> None:
    """Wait until it is true. Raises BrowserError when that takes too long."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise BrowserError(f"in {seconds:g} s it did not come true")
        time.sleep(0.05)


MEASURES: dict[str, Callable[[], Iterator[tuple[str, bool]]]] = {
    "mouse": lambda: an_issue(by_mouse, "by mouse"),
    "keys": lambda: an_issue(by_keys, "by keys"),
    "stops": tab_stops,
    "two": two_people,
    "lost": nothing_lost,
}

if __name__ == "__main__":
    sys.exit(main())
