"""Installs an Argos package: from a file, or from the package index through a download that is passed in.

Nothing appears in the package folder before it is unpacked, checked and loaded once.
"""

from __future__ import annotations

import errno
import json
import shutil
import stat
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from core.errors import ModelError, VisnykError
from translations.engines import argos, packages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from translations.engines.packages import Package

INDEX = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/index.json"
MAX_FILES = 2_000
MAX_BYTES = 2 * 1024**3  # unpacked; the real package has 81 MB
_INSTEAD = "run `visnyk model install` again, or `visnyk model import FILE.argosmodel`"
_STEP = 1024 * 1024
_WORKPLACE = ".visnyk-import-"  # hidden from those who look for packages


def install(
    download: Callable[[str, Path], None],
    *,
    where: Path | None = None,
    probe: Callable[[Package], None] = argos.probe,
) -> Package:
    """Fetch the newest package from Ukrainian into English and install it.

    `download` brings an address to a file, whole or not at all, and goes on where an earlier try broke off; it raises
    VisnykError. Raises ModelError saying what to do; nothing is left half-installed.
    """
    target = packages.own_folder() if where is None else where
    cache = packages.cache_folder()
    with _disk(cache):
        cache.mkdir(parents=True, exist_ok=True)
    entry = _newest(download, cache / "visnyk-index.json")
    version = str(entry["package_version"]).replace(".", "_")
    file = cache / f"translate-{packages.FROM}_{packages.TO}-{version}.argosmodel"
    problems: list[str] = []
    for link in _links(entry):
        try:
            download(link, file)
            break
        except VisnykError as error:
            problems.append(str(error))
    else:
        raise ModelError(f"the package could not be downloaded: {'; '.join(problems)}; {_INSTEAD}")
    try:
        return import_file(file, where=target, probe=probe)
    finally:
        file.unlink(missing_ok=True)


def _newest(download: Callable[[str, Path], None], file: Path) -> dict[str, Any]:
    """Return the index's entry of the language pair with the highest version. Raises ModelError when there is none."""
    file.unlink(missing_ok=True)
    try:
        download(INDEX, file)
        index = json.loads(file.read_text(encoding="utf-8"))
    except VisnykError as error:
        raise ModelError(f"the package index could not be read: {error}; {_INSTEAD}") from error
    except (OSError, ValueError) as error:
        raise ModelError(f"the package index at {INDEX} is not readable: {error}; {_INSTEAD}") from error
    finally:
        file.unlink(missing_ok=True)
    fitting = [
        entry
        for entry in (index if isinstance(index, list) else [])
        if isinstance(entry, dict)
        and (entry.get("from_code"), entry.get("to_code")) == (packages.FROM, packages.TO)
        and entry.get("type", "translate") == "translate"
        and entry.get("package_version")
        and _links(entry)
    ]
    if not fitting:
        raise ModelError(f"the package index at {INDEX} names no package {packages.FROM}→{packages.TO}; {_INSTEAD}")
    return max(fitting, key=lambda entry: packages.version_numbers(str(entry["package_version"])))


def _links(entry: dict[str, Any]) -> list[str]:
    links = entry.get("links")
    return [link for link in links if str(link).startswith("https://")] if isinstance(links, list) else []


def import_file(file: Path, *, where: Path | None = None, probe: Callable[[Package], None] = argos.probe) -> Package:
    """Install a package file, in the folder `where` or the user's own. A package of the same name is replaced.

    Raises ModelError naming the file: not there, not a package, unsafe, cut off, another language, not loadable, or
    no room on the disk.
    """
    target = packages.own_folder() if where is None else where
    with _disk(target):
        is_new = packages.is_new(target)
        target.mkdir(parents=True, exist_ok=True)
        if is_new:
            (target / packages.MARK).touch()
        for leftover in target.glob(f"{_WORKPLACE}*"):  # of an import that was killed
            shutil.rmtree(leftover, ignore_errors=True)
        workplace = Path(tempfile.mkdtemp(prefix=_WORKPLACE, dir=target))
        try:
            package = _unpacked(file, workplace / "unpacked")
            pair = f"{package.from_code}→{package.to_code}"
            if pair != f"{packages.FROM}→{packages.TO}":
                raise ModelError(f"{file} translates {pair}; Visnyk needs {packages.FROM}→{packages.TO}")
            if lost := packages.missing(package):
                raise ModelError(f"{file} is incomplete: {Path(lost).relative_to(package.path)} is missing or empty")
            probe(package)
            name = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in package.name)
            version = "_".join(map(str, packages.version_numbers(package.version)))
            return packages.read(_put(package.path, target / f"{name}-{version}"))
        finally:
            shutil.rmtree(workplace, ignore_errors=True)  # TemporaryDirectory recurses for ever on a failing disk


def _unpacked(file: Path, workplace: Path) -> Package:
    workplace.mkdir()
    try:
        with zipfile.ZipFile(file) as archive:
            for entry, path in _members(archive, file):
                _extract(archive, entry, workplace / path)
    except FileNotFoundError as error:
        raise ModelError(f"no such file: {file}") from error
    except IsADirectoryError as error:
        raise ModelError(f"{file} is a folder, and no package file (.argosmodel)") from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise ModelError(f"{file} is damaged or no package file: {error}; download it again") from error
    roots = [path.parent for path in [workplace, *sorted(workplace.iterdir())] for path in path.glob("metadata.json")]
    if len(roots) != 1:
        raise ModelError(f"{file} is no Argos package: it has no metadata.json of its own")
    return packages.read(roots[0])


def _members(archive: zipfile.ZipFile, file: Path) -> list[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """Return the files to unpack. Raises ModelError when they would be too much, or would land outside."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise ModelError(f"{file} would unpack to more than {MAX_FILES} files or {MAX_BYTES // 1024**2} MB")
    for entry in entries:
        path = PurePosixPath(entry.filename)
        special = entry.create_system == 3 and stat.S_IFMT(entry.external_attr >> 16) not in {0, stat.S_IFREG}
        if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or special:
            raise ModelError(f"{file} is not safe to unpack: it holds {entry.filename!r}")
    return [(entry, PurePosixPath(entry.filename)) for entry in entries]


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> None:
    """Write one member; the size in the directory of the archive is a claim, so the bytes are counted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(entry) as packed, path.open("xb") as unpacked:
        while block := packed.read(_STEP):
            written += len(block)
            if written > entry.file_size:
                raise zipfile.BadZipFile(f"{entry.filename} is longer than it says")
            unpacked.write(block)


def _put(source: Path, target: Path) -> Path:
    """Rename into place. What was there is moved aside, and back again when the rename fails, or failed before."""
    aside = target.with_name(f".{target.name}.replaced")
    if aside.exists() and not target.exists():
        aside.rename(target)
    shutil.rmtree(aside, ignore_errors=True)
    if target.exists():
        target.rename(aside)
    try:
        source.rename(target)
    except OSError:
        if aside.exists():
            aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)
    return target


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    """Turn an OSError into one clear line."""
    try:
        yield
    except OSError as error:
        reason = "disk full" if error.errno in {errno.ENOSPC, errno.EDQUOT} else str(error)
        raise ModelError(f"cannot install a translation package in {folder}: {reason}") from error
