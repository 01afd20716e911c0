"""Fetch politely over HTTP, within bounds, from public addresses only."""

import sys

# httpx imports its own command line, and with it click and pygments, wherever those are installed: a tenth of a quiet
# run. It does without when that module cannot be imported, and None in this table is Python's way to say so.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
