"""Make docs/pictures from the demo's database, and look at the same pages with axe (accessibility).

`python -m scripts.screenshots --db demo/run/news.db` writes the pictures; with `--axe axe.min.js` (of the npm package
axe-core) every page is also checked, light, dark and narrow, and the command ends with 1 when something is found.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.browser import chromium
from scripts.desk_instance import ROOT, DeskInstance, desk_instance
from scripts.small_png import write_small

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.browser import Tab

WIDE, NARROW = (1280, 800), (400, 900)
READY = "document.getElementById('desk').dataset.scripts === 'on'"
SAVED = "document.getElementById('saving').className === 'saved' && !document.querySelector('.going')"
MAIL = "mail"  # is made for mail programs, and no page of ours
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
AXE = f"""axe.run(document, {{resultTypes: ['violations'], runOnly: {list(RULES)}}}).then(found =>
  found.violations.flatMap(one => one.nodes.map(node =>
    `${{one.id}}: ${{node.target.join(' ')}}: ${{node.failureSummary.split('\\n')[1]?.trim()}}`)))"""


def main() -> int:
    """Write the pictures; return 1 when axe found something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", type=Path, default=ROOT / "demo/run/news.db", help="made by `make demo`")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/pictures")
    parser.add_argument("--axe", type=Path, help="axe.min.js of axe-core")
    args = parser.parse_args()
    for given in (args.db, args.axe):
        if given and not given.is_file():
            parser.error(f"there is no {given}" + ("; `make demo` makes it" if given == args.db else ""))
    axe = args.axe.read_text(encoding="utf-8") if args.axe else ""
    found = []
    with desk_instance(args.db) as desk, chromium() as browser:
        tab = browser.tab(*WIDE)
        tab.call("Page.setBypassCSP", enabled=True)  # axe comes from outside; the pages themselves have no such hole
        for name in pages(desk, tab):
            for kind, size, dark in (("", WIDE, False), ("-dark", WIDE, True), ("-narrow", NARROW, False)):
                tab.resize(*size)
                tab.look(dark=dark)
                write_small(browser, tab.picture(), args.out / f"{name}{kind}.png")
                found += [f"{name}{kind}: {one}" for one in findings(tab, axe if name != MAIL else "")]
            tab.resize(*WIDE)
            tab.look(dark=False)
    print("\n".join(found) or ("axe found nothing" if axe else "done"))
    return 1 if found else 0


def findings(tab: Tab, axe: str) -> list[str]:
    """Return what axe finds on the page as it stands."""
    if not axe:
        return []
    tab.evaluate(f"(() => {{ {axe} }})(); typeof axe")
    return list(tab.evaluate(AXE))


def pages(desk: DeskInstance, tab: Tab) -> Iterator[str]:
    """Go through the pages, as a visitor and as an editor at work; give the name of each once it is there."""
    tab.goto(f"{desk.address}/-/login")
    yield "login"
    desk.log_in(tab)
    tab.goto(desk.address)
    yield "front"
    tab.goto(f"{desk.address}/desk")
    tab.wait(READY)
    compose(tab)
    yield "desk"
    tab.click("#issue .story:nth-of-type(2) a.open")
    tab.wait("document.querySelector('.detail')")
    yield "desk-story"
    tab.goto(f"{desk.address}/desk/history")
    yield "desk-history"
    tab.goto(f"{desk.address}/desk/seal")
    yield "desk-seal"
    tab.click("form.seal button")
    tab.wait("!location.pathname.endsWith('/seal') && document.readyState === 'complete'")
    for address, name in (("/desk/issues", "desk-issues"), ("/issues", "archive"), ("/issues/issue-1", "issue")):
        tab.goto(desk.address + address)
        if tab.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == 200:
            yield name
            publish(tab)
    tab.goto(f"{desk.address}/issues/issue-1/mail")
    yield MAIL


def publish(tab: Tab) -> None:
    """Publish the issue on whose page there is a way to."""
    if tab.evaluate("document.querySelector('a[href*=\"/desk/publish\"]')") is not None:
        tab.click('a[href*="/desk/publish"]')
        tab.wait("location.pathname.endsWith('/publish') && document.readyState === 'complete'")
        if tab.evaluate("document.querySelector('main form button')") is None:
            return
        tab.click("main form button")
        tab.wait("!location.pathname.endsWith('/publish') && document.readyState === 'complete'")


def compose(tab: Tab) -> None:
    """Take some stories and reword one."""
    for count in range(1, 13):
        tab.press("t" if count % 3 else "j")
    tab.wait(SAVED)
    tab.press("ArrowRight")
    tab.press("j")
    tab.press("e")
    tab.wait("document.activeElement.dataset.field === 'title_en'")
    tab.type("A wording of the editor, shown wherever the story stands")
    tab.press("Enter")
    tab.wait(SAVED)
    tab.press("ArrowLeft")


if __name__ == "__main__":
    sys.exit(main())
