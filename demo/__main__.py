"""`python -m demo`: the same as `visnyk demo`."""

from __future__ import annotations

import sys

from pipeline.__main__ import script

if __name__ == "__main__":
    script(["demo", *sys.argv[1:]])
