"""robots.txt after RFC 9309: the longest matching rule wins. Pure: no network.

Not `urllib.robotparser`: it takes the first rule that matches instead of the longest, and knows neither `*` nor `$`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

AGENT = "visnyk"
MAX_BYTES = 500 * 1024  # RFC 9309, 2.5
MAX_CRAWL_DELAY = 86_400.0  # a day, the longest wait that anything foreign can ask for
_SECONDS = r"\d{1,9}(\.\d{1,9})?"


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one robots.txt that concern us."""

    rules: tuple[tuple[str, bool], ...] = ()  # (path pattern, whether it allows)
    crawl_delay: float = 0.0  # seconds between two requests, at most MAX_CRAWL_DELAY

    def is_allowed(self, url: str) -> bool:
        """Return whether the URL may be asked for; of two rules of the same length the allowing one wins."""
        parts = urlsplit(url)
        target = _normal(parts.path or "/") + (f"?{_normal(parts.query)}" if parts.query else "")
        if target == "/robots.txt":
            return True
        matching = [(len(pattern), allow) for pattern, allow in self.rules if _matches(pattern, target)]
        return max(matching)[1] if matching else True


def parse(text: str, agent: str = AGENT) -> Robots:
    """Return the rules for `agent`: those of all groups that name it, else those of the groups for `*`.

    A text that is no robots.txt (an HTML page, for instance) has no such lines and so allows everything.
    """
    groups: list[tuple[set[str], list[tuple[str, str]]]] = []  # agents and lines of each
    in_rules = True
    for line in text.lstrip("\ufeff").splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if colon and name == "user-agent":
            if in_rules:
                groups.append((set(), []))
            groups[-1][0].add(re.split(r"[/\s]", value.lower())[0])
            in_rules = False
        elif colon and groups and name in {"allow", "disallow", "crawl-delay"}:
            groups[-1][1].append((name, value))
            in_rules = True
    who = agent if any(agent in agents for agents, _ in groups) else "*"
    lines = [line for agents, own in groups if who in agents for line in own]
    rules = tuple(
        (_normal(value), name == "allow") for name, value in lines if name != "crawl-delay" and value[:1] in {"/", "*"}
    )
    delays = (float(value) for name, value in lines if name == "crawl-delay" and re.fullmatch(_SECONDS, value))
    return Robots(rules, min(max(delays, default=0.0), MAX_CRAWL_DELAY))


def _normal(path: str) -> str:
    """Return the path with percent-encoding in one form, so that `/новини` and its encoded spelling are the same."""
    return quote(unquote(path, errors="replace"), safe="/*$?&=:@!+,;'()~-._%")


def _matches(pattern: str, target: str) -> bool:
    """Return whether a pattern with `*` and a final `$` matches the start of `target`, without backtracking."""
    anchored = pattern.endswith("$")
    pieces = pattern.removesuffix("$").split("*")
    if not target.startswith(pieces[0]):
        return False
    position = len(pieces[0])
    for piece in pieces[1:]:
        found = target.find(piece, position)
        if found < 0:
            return False
        position = found + len(piece)
    if not anchored or position == len(target):
        return True
    return (
        len(pieces) > 1 and len(target) - len(pieces[-1]) >= position - len(pieces[-1]) and target.endswith(pieces[-1])
    )
