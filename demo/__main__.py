"""`python -m demo`: the same as `visnyk demo`."""

from __future__ import annotations

import sys

from pipeline.__main__ import main

if __name__ == "__main__":
    sys.exit(main(["demo", *sys.argv[1:]]))
