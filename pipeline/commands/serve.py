"""`serve`: Datasette on the database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import Interrupted

if TYPE_CHECKING:
    import argparse


def serve(args: argparse.Namespace) -> int:
    """Serves until a signal stops it, which is how serving ends well."""
    from pipeline.serve import serve as run

    try:
        return run(Path(args.db), port=args.port, host=args.host, editor=args.editor, newsletter=args.newsletter)
    except Interrupted:
        return 0
