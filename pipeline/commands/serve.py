"""`serve`: Datasette on the database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from core.clock import clock_from
from core.errors import Interrupted
from core.model import iso

if TYPE_CHECKING:
    import argparse


def serve(args: argparse.Namespace) -> int:
    """Serve until a signal stops it, which is how serving ends well."""
    from pipeline.serve import serve as run

    now = iso(clock_from(args.now)()) if args.now else None
    try:
        return run(
            Path(args.db),
            port=args.port,
            host=args.host,
            editor=args.editor,
            newsletters=args.newsletter,
            editors=args.editors,
            behind=args.behind,
            now=now,
        )
    except Interrupted:
        return 0
