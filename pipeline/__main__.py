"""The program, `visnyk COMMAND` or `python -m pipeline COMMAND`: from arguments to an exit code, whatever comes.

Exit codes: 0 done (at least one source read); 1 nothing could be read, the database cannot be written, the output
cannot be written, or an internal error; 2 wrong usage; 3 (`health` only) something needs a person; 75 another ingest
is running; 128 + n ended by signal n.

Nothing heavy is imported above: until the handlers stand, a signal ends the process by itself.
"""

from __future__ import annotations

if __name__ == "__main__":  # Ctrl-C ends the process until then, as the other signals do, instead of a traceback
    import _signal  # type: ignore[import-not-found]  # what `signal` is made of, without the milliseconds of `enum`

    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

import gc
import os
import signal
import sys

TYPE_CHECKING = False  # the module typing is heavy
if TYPE_CHECKING:
    from pipeline.ending import ErrorBoundary

# A short run leaves few cycles; looking for them while modules load costs a tenth of a quiet run.
COLLECT_RARELY = (50_000, 20, 50)


def main(argv: list[str] | None = None) -> int:
    """Run one command; return its exit code. Raise SystemExit, as argparse does, after a help or a wrong usage."""
    from pipeline.ending import ErrorBoundary

    boundary = ErrorBoundary()
    code = boundary.catch(lambda: _run(argv, boundary))
    if boundary.explained:
        raise SystemExit(code)
    return code


def script(argv: list[str] | None = None) -> None:
    """Run one command as this process, and end it with the exit code."""
    gc.set_threshold(*COLLECT_RARELY)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # before the command and after it: no traceback
    from pipeline import ending, streams

    streams.prepare()
    ending.shorten_tracebacks()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # it takes memory for each core at once, or ends the process
    code = main(argv)
    if code > ending.BY_SIGNAL:
        os._exit(code)  # whatever else there is to wait for
    sys.exit(code)


def _run(argv: list[str] | None, boundary: ErrorBoundary) -> int:
    import importlib

    from core.errors import UsageError
    from pipeline.command_line import parser

    try:
        args = parser().parse_args(argv)
    except SystemExit as stop:
        boundary.explained = True
        return int(stop.code or 0)
    if args.db in {"", ":memory:"}:
        raise UsageError("--db needs the path of a file")
    boundary.db = args.db
    module, function = args.run
    return int(getattr(importlib.import_module(f"pipeline.commands.{module}"), function)(args))


if __name__ == "__main__":
    script()
