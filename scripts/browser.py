"""Drive a headless Chromium through the Chrome DevTools Protocol over two pipes; plain Python, nothing to install.

For pictures, accessibility checks and measurements. A `Tab` counts what a person would do: clicks and keys.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    "--lang=en-GB",
)
PATIENCE = 8.0  # seconds that any one thing may take
KEYS = {
    "Enter": ("Enter", 13, "\r"),
    "Escape": ("Escape", 27, ""),
    "Tab": ("Tab", 9, ""),
    "PageDown": ("PageDown", 34, ""),
    "ArrowDown": ("ArrowDown", 40, ""),
    "ArrowUp": ("ArrowUp", 38, ""),
    "ArrowLeft": ("ArrowLeft", 37, ""),
    "ArrowRight": ("ArrowRight", 39, ""),
    " ": ("Space", 32, " "),
}
ALT, CONTROL, SHIFT = 1, 2, 8


class BrowserError(Exception):
    """A page or the browser did not do as it was told."""


def find_chromium() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Chromium:
    """One browser, with a folder of its own that goes with it."""

    def __init__(self, program: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="visnyk-chromium-", ignore_cleanup_errors=True)
        to_browser, self._write = _pipe()
        self._read, from_browser = _pipe()
        actions = [
            (os.POSIX_SPAWN_DUP2, to_browser, 3),
            (os.POSIX_SPAWN_DUP2, from_browser, 4),
            *((os.POSIX_SPAWN_OPEN, said, os.devnull, os.O_WRONLY, 0) for said in (1, 2)),
        ]
        words = [program, *OPTIONS, f"--user-data-dir={self._folder.name}"]
        self._pid = os.posix_spawn(program, words, os.environ, file_actions=actions, setpgroup=0)
        for end in (to_browser, from_browser):
            os.close(end)
        self._contexts: dict[str, dict[str, str]] = {}
        self._number, self._rest, self.events = 0, b"", list[dict[str, Any]]()

    def tab(self, width: int = 1280, height: int = 800, *, alone: bool = False, like: Tab | None = None) -> Tab:
        """Open a tab; `alone` gives it cookies and storage of its own, as another person's browser has them.

        `like` gives it those of another tab.
        """
        context = dict(self._contexts[like.target]) if like else {}
        if alone:
            context = {"browserContextId": self.call("Target.createBrowserContext")["browserContextId"]}
        target = self.call("Target.createTarget", url="about:blank", **context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._contexts[target] = context
        return Tab(self, session, target, width, height)

    def call(self, method: str, session: str = "", **given: Any) -> dict[str, Any]:
        """Return what the browser answers. Raises BrowserError when it refuses, dies or says nothing in time."""
        self._number += 1
        request = {"id": self._number, "method": method, "params": given} | ({"sessionId": session} if session else {})
        with suppress(BrokenPipeError):  # said below, where the answer is missing
            os.write(self._write, json.dumps(request).encode() + b"\0")
        end = time.monotonic() + PATIENCE
        while True:
            message = self._next(end, method)
            if message.get("id") == self._number:
                break
            self.events.append(message)
        if "error" in message:
            raise BrowserError(f"{method}: {message['error']['message']}")
        return dict(message["result"])

    def _next(self, end: float, method: str) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._read], [], [], max(0.0, end - time.monotonic()))
            data = os.read(self._read, 1 << 20) if ready else b""
            if not data:
                raise BrowserError(f"{method}: the browser {'is gone' if ready else 'does not answer'}")
            self._rest += data
        whole, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(whole))

    def close(self) -> None:
        """End the browser and remove its folder."""
        with suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._write)
        os.close(self._read)
        self._folder.cleanup()


@contextmanager
def chromium() -> Iterator[Chromium]:
    """Give a browser for as long as the block lasts. Raises BrowserError where none is installed."""
    program = find_chromium()
    if program is None:
        raise BrowserError(f"none of {', '.join(NAMES)} is installed")
    browser = Chromium(program)
    try:
        yield browser
    finally:
        browser.close()


class Tab:
    """One page of a browser. `actions` counts clicks, drags and keys, but not the letters of typed text."""

    def __init__(self, browser: Chromium, session: str, target: str, width: int, height: int) -> None:
        self.browser, self.session, self.target = browser, session, target
        self.actions = 0
        self.call("Page.enable")
        self.call("Runtime.enable")
        self.resize(width, height)

    def call(self, method: str, **given: Any) -> dict[str, Any]:
        """Return what the browser answers for this tab."""
        return self.browser.call(method, self.session, **given)

    def resize(self, width: int, height: int) -> None:
        """Give the window's inside a size."""
        self.width, self.height = width, height
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def look(self, *, dark: bool) -> None:
        """Say which colours the person prefers; nothing moves, so that pictures are alike."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        still = {"name": "prefers-reduced-motion", "value": "reduce"}
        self.call("Emulation.setEmulatedMedia", features=[scheme, still])

    def scripts(self, *, on: bool) -> None:
        """Switch the scripts of pages on or off, from the next page on."""
        self.call("Emulation.setScriptExecutionDisabled", value=not on)

    def goto(self, address: str) -> None:
        """Open an address and wait until it is there. Raises BrowserError when it cannot be had."""
        gone = self.call("Page.navigate", url=address)
        if "errorText" in gone:
            raise BrowserError(f"{address}: {gone['errorText']}")
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def has_asked_to_reload(self) -> bool:
        """Load the page again; return True if it asked first, because something is not saved."""
        self.call("Page.reload")
        with suppress(BrowserError):
            self.wait("performance.now() < 1000 && document.readyState === 'complete'", 2)
            return False
        with suppress(BrowserError):
            self.call("Page.handleJavaScriptDialog", accept=True)
            return True
        return False

    def evaluate(self, script: str) -> Any:
        """Return the value of an expression, waiting for a promise. Raises BrowserError when it throws."""
        got = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in got:
            about = got["exceptionDetails"]
            raise BrowserError(f"{script[:80]}: {about.get('exception', {}).get('description', about['text'])}")
        return got["result"].get("value")

    def wait(self, condition: str, seconds: float = PATIENCE) -> Any:
        """Return the value of an expression as soon as it is true, also across a change of pages."""
        end = time.monotonic() + seconds
        while True:
            with suppress(BrowserError):  # a page that is being left, or has not got there yet
                found = self.evaluate(condition)
                if found or found == {}:  # so an element comes over
                    return found
            if time.monotonic() > end:
                raise BrowserError(f"in {seconds:g} s never: {condition[:200]}")
            time.sleep(0.02)

    def press(self, key: str, modifiers: int = 0) -> None:
        """Press one key as a person does, and count it."""
        self.actions += 1
        code, number, text = KEYS.get(key, (f"Key{key.upper()}", ord(key[0].upper()), key))
        if key.isupper() and len(key) == 1:
            modifiers |= SHIFT
        given = {"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers}
        text = "" if modifiers & (ALT | CONTROL) else text
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **given)
        self.call("Input.dispatchKeyEvent", type="keyUp", **given)

    def type(self, text: str) -> None:
        """Type a text where the focus is; letters of texts are not counted."""
        self.call("Input.insertText", text=text)

    def place(self, selector: str) -> tuple[float, float]:
        """Return the middle of the first element that fits, brought into view. Raises BrowserError for none."""
        found = self.evaluate(
            f"""(() => {{ const e = document.querySelector({json.dumps(selector)}); if (!e) return null;
            e.scrollIntoView({{block: "nearest"}}); const r = e.getBoundingClientRect();
            return r.width && [r.x + r.width / 2, r.y + r.height / 2]; }})()"""
        )
        if not found:
            raise BrowserError(f"{selector} is not to be seen")
        return float(found[0]), float(found[1])

    def click(self, selector: str, modifiers: int = 0, times: int = 1) -> None:
        """Click on the first element that fits, and count it."""
        self.actions += 1
        x, y = self.place(selector)
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        for kind in ("mousePressed", "mouseReleased"):
            self.call(
                "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=times, modifiers=modifiers
            )

    def drag(self, what: str, to: str) -> None:
        """Drag one element onto another, and count it."""
        self.actions += 1
        start, end = self.place(what), self.place(to)
        start = self.place(what) if self.place(to) == end else start
        self.call("Input.setInterceptDrags", enabled=True)
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=start[0], y=start[1])
        self.call("Input.dispatchMouseEvent", type="mousePressed", x=start[0], y=start[1], button="left", clickCount=1)
        self.browser.events.clear()
        for step in (8, 16):
            self.call(
                "Input.dispatchMouseEvent", type="mouseMoved", x=start[0], y=start[1] + step, button="left", buttons=1
            )
        self.evaluate("new Promise(done => setTimeout(done, 50))")
        caught = [event for event in self.browser.events if event.get("method") == "Input.dragIntercepted"]
        if not caught:
            raise BrowserError(f"{what} cannot be dragged")
        for kind in ("dragEnter", "dragOver", "drop"):
            self.call("Input.dispatchDragEvent", type=kind, x=end[0], y=end[1], data=caught[0]["params"]["data"])
        self.call("Input.dispatchMouseEvent", type="mouseReleased", x=end[0], y=end[1], button="left", clickCount=1)
        self.call("Input.setInterceptDrags", enabled=False)

    def picture(self, *, whole: bool = False) -> bytes:
        """Return what is seen, or the `whole` page, as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"])

    def close(self) -> None:
        """Close the tab."""
        self.browser.call("Target.closeTarget", targetId=self.target)


def _pipe() -> tuple[int, int]:
    """Return both ends of a pipe, with numbers that are not in the way of those of the browser."""
    ends = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in ends]
    for end in ends:
        os.close(end)
    return high[0], high[1]
