"""Fetch politely over HTTP, within bounds, from public addresses only."""

from __future__ import annotations

import sys

# httpx loads a command line of its own, and click with it where that is installed: a thirtieth of a quiet run.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
