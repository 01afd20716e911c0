"""`model`: the translation model on this machine — status, install, import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from core.clock import clock_from
from core.errors import UsageError
from pipeline import signals
from pipeline.commands import say
from pipeline.ending import recorded
from pipeline.progress import bar_to

if TYPE_CHECKING:
    import argparse

    from db.store import Store
    from translations.engines.packages import Package

INSTALL = "model install"  # the command as it stands in the table `runs`


def model(args: argparse.Namespace) -> int:
    """Print the status, install from the Argos index, or import a file. Raise ModelError saying what to do."""
    if args.action == "status":
        from translations.engines import packages

        status = packages.status()
        if status.package is None:
            data: dict[str, object] = {"installed": False, "folder": str(status.folder), "problem": status.problem}
            say.always(args.json, data, [status.problem])
            return 1
        package = status.package
        line = f"{package.identity}: {status.bytes / 1e6:.0f} MB in {package.path}"
    else:
        from translations.engines.install import import_file

        if args.action == "import" and not args.file:
            raise UsageError("model import needs the file: `visnyk model import FILE.argosmodel`")
        package = _install() if args.action == "install" else import_file(Path(args.file))
        line = f"installed {package.identity} in {package.path}"
    data = {
        "installed": True,
        "name": package.name,
        "version": package.version,
        "model": package.identity,
        "folder": str(package.path),
    }
    say.always(args.json, data, [line])
    return 0


def is_installed() -> bool:
    """Return True when a package for Ukrainian into English is there; load nothing."""
    from translations.engines import packages

    return packages.status().package is not None


def install_once(store: Store) -> None:
    """Try the first set-up, noted in `runs` so that it is tried only once. Raise ModelError."""
    with recorded(store, INSTALL, clock_from(None), within=True):
        say.problems(["installing the translation model (once, about 60 MB) …"])
        _install()


def _install() -> Package:
    from scrapers.http.download import download
    from translations.engines.install import install

    def with_bar(url: str, path: Path) -> None:
        with bar_to(path.name, "B") as moved:
            done = 0

            def progress(so_far: int, total: int | None) -> None:
                nonlocal done
                moved(so_far - done, total)
                done = so_far

            signals.run(download(url, path, progress=progress))

    return install(with_bar)
