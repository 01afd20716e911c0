"""`serve`: Datasette on the database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def serve(args: argparse.Namespace) -> int:
    """Serves until stopped."""
    from pipeline.serve import serve as run

    return run(Path(args.db), port=args.port, host=args.host)
