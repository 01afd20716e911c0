"""`demo`: two days of eight sources without a network, then the website; the only import of the package `demo`."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import UsageError
from pipeline.serve import check_port, serve

if TYPE_CHECKING:
    import argparse

AS_EXPECTED, NOT_AS_EXPECTED = 0, 1


def demo(args: argparse.Namespace) -> int:
    """Play the demo in the folder `--out`, then serve it. Returns 1 when something was not as expected."""
    from core.model import iso
    from demo.playback import DemoFailed, Playback
    from demo.replica import Replica
    from demo.scenario import DAYS

    out = Path(args.out).resolve()
    if Path.cwd().is_relative_to(out):
        raise UsageError(f"--out {args.out}: the demo begins its folder anew, so it needs one of its own")
    with Replica() as replica:
        replica.start()
        playback = Playback(out, replica)
        try:
            playback.play()
        except DemoFailed as error:
            playback.failures.append(str(error))
        finally:
            replica.shutdown()
    for failure in playback.failures:
        print(f"NOT AS EXPECTED  {failure}", file=sys.stderr)
    if playback.failures:
        return NOT_AS_EXPECTED
    print("Everything is as expected.", flush=True)
    if args.no_serve:
        return AS_EXPECTED
    # The demo's own day is given as the time of reading, or every source would seem long unread.
    return serve(playback.database, port=free_port(args.port), now=iso(DAYS[-1]))


def free_port(wanted: int) -> int:
    """Return the first port from `wanted` on at which nobody listens. Raises UsageError when a hundred are taken."""
    for port in range(wanted, wanted + 100):
        with suppress(UsageError):
            check_port("127.0.0.1", port)
            return port
    raise UsageError(f"no free port from {wanted} to {wanted + 99}")


def replica(args: argparse.Namespace) -> int:
    """Serve the replica of the sources alone until a signal ends it."""
    from demo.replica import Replica
    from demo.scenario import DAYS

    with Replica(args.port, DAYS[args.day - 1], well=args.well) as site:
        print(f"The replica, day {args.day}: {site.address}/  (Ctrl-C ends it). For the pipeline:")
        print("".join(f"  --connect-to {value}\n" for value in site.connections()), flush=True)
        with suppress(KeyboardInterrupt):
            site.serve_forever()
    return AS_EXPECTED
