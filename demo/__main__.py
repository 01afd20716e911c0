"""`python -m demo`: two days of eight sources without a network, then the website. `serve-site`: the replica alone."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path

from demo.play import ROOT, DemoFailed, Play
from demo.scenario import DAYS
from demo.site import Site


def main(arguments: list[str] | None = None) -> int:
    """0: everything was as expected; 1: something was not; 2: wrong usage; 130: interrupted."""
    options = _parser().parse_args(arguments)
    if options.command == "serve-site":
        return _serve_site(options.port, options.day, well=options.well)
    out = options.out.resolve()
    try:
        status = _play(out)
    except KeyboardInterrupt:
        return 130
    if status == 0 and not options.no_serve:
        _serve(out, options.port)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "demo" / "run", help="work folder (default: demo/run)")
    parser.add_argument("--no-serve", action="store_true", help="end after the account")
    parser.add_argument("--port", type=int, default=8001, help="of the website; the next free one if it is taken")
    commands = parser.add_subparsers(dest="command")
    site = commands.add_parser("serve-site", help="only the replica of the sources")
    site.add_argument("--port", type=int, default=8010)
    site.add_argument("--day", type=int, choices=(1, 2), default=1)
    site.add_argument("--well", action="store_true", help="no site is challenged or down")
    return parser


def _play(out: Path) -> int:
    with Site() as site:
        site.start()
        play = Play(out, site)
        try:
            play.act()
        except DemoFailed as error:
            play.failures.append(str(error))
        finally:
            site.shutdown()
    for failure in play.failures:
        print(f"NOT AS EXPECTED  {failure}", file=sys.stderr)
    if not play.failures:
        print("Everything is as expected.")
    return 1 if play.failures else 0


def _serve(out: Path, wanted: int) -> None:
    """This process becomes the website, so that whoever ends it ends the website."""
    port = free_port(wanted)
    print(f"The website: http://127.0.0.1:{port}/  (Ctrl-C ends it)", flush=True)
    os.chdir(ROOT)
    command = [sys.executable, "-m", "pipeline", "serve", "--db", str(out / "news.db"), "--port", str(port)]
    command += ["--now", DAYS[-1].isoformat()]  # the demo's own day, or every source would seem long unread
    os.execv(sys.executable, command)


def free_port(wanted: int) -> int:
    """The first port from `wanted` on at which nobody listens."""
    for port in range(wanted, wanted + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SystemExit(f"no free port from {wanted} to {wanted + 99}")


def _serve_site(port: int, day: int, *, well: bool) -> int:
    with Site(port, DAYS[day - 1], well=well) as site:
        print(f"The replica, day {day}: {site.address}/  (Ctrl-C ends it). For the pipeline:")
        for value in site.connections():
            print(f"  --connect-to {value}")
        sys.stdout.flush()
        try:
            site.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
