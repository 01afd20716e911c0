"""Finds installed Argos packages: where they lie, what they are, whether they are whole. Only reads."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping

FROM, TO = "uk", "en"
HOW_TO_GET = "run `visnyk model install`, or `visnyk model import FILE.argosmodel`"
MARK = ".visnyk"  # a file in folders that we made
_FOREIGN = "VISNYK_ARGOS_PACKAGES"  # mostly a folder of someone else's: we read it and do not write there
_VOCABULARIES = ("shared_vocabulary", "source_vocabulary")


@dataclass(frozen=True, slots=True)
class Package:
    """One unpacked package, as its metadata.json describes it."""

    path: Path
    name: str  # `translate-uk_en`
    version: str
    from_code: str
    to_code: str
    note: str = ""  # what a reader must know of it: `demonstration model, controlled vocabulary`

    @property
    def identity(self) -> str:
        """Return what the database says about translations made with it."""
        return f"{self.name} {self.version}" + (f" ({self.note})" if self.note else "")

    @property
    def tokenizer(self) -> Path:
        """Return the tokenizer's file: a SentencePiece model or a byte-pair encoding after Moses."""
        sentencepiece = self.path / "sentencepiece.model"
        return sentencepiece if sentencepiece.exists() else self.path / "bpe.model"

    @property
    def model(self) -> Path:
        """Return the folder that CTranslate2 loads."""
        return self.path / "model"


@dataclass(frozen=True, slots=True)
class Status:
    """Answer of `model status`."""

    folder: Path
    package: Package | None  # the one that translations are made with
    bytes: int
    problem: str  # why there is none, and what to do; empty when all is well


def folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where packages are looked for. Raises ModelError if the system names no place for a user's data."""
    named = environment.get(_FOREIGN) or environment.get("ARGOS_PACKAGES_DIR")
    return Path(named) if named else _user_folder("XDG_DATA_HOME", ".local/share", environment) / "packages"


def own_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where packages are installed. Raises ModelError when the folder in use is someone else's.

    A folder named by VISNYK_ARGOS_PACKAGES is ours when it is new, empty, or bears our mark.
    """
    place = folder(environment)
    if environment.get(_FOREIGN) and not is_new(place) and not (place / MARK).exists():
        raise ModelError(f"{_FOREIGN}={place} is another program's folder and only read; unset it to install a package")
    return place


def is_new(place: Path) -> bool:
    """Return whether nothing lies in the folder yet."""
    return not place.exists() or (place.is_dir() and next(place.iterdir(), None) is None)


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where a download waits to become whole."""
    return _user_folder("XDG_CACHE_HOME", ".cache", environment) / "downloads"


def _user_folder(variable: str, below_home: str, environment: Mapping[str, str]) -> Path:
    base = Path(environment.get(variable, ""))
    if not base.is_absolute():  # unset, or not as the XDG specification wants it
        home = environment.get("HOME")
        try:
            base = (Path(home) if home else Path.home()) / below_home
        except RuntimeError as error:
            raise ModelError(f"no home folder for translation packages: set {variable} or {_FOREIGN}") from error
    return base / "argos-translate"


def find(where: Path | None = None) -> Package:
    """Return the newest whole package from Ukrainian into English.

    Raises ModelError saying what to do when there is none.
    """
    place = folder() if where is None else where
    fitting = [package for package in installed(place) if (package.from_code, package.to_code) == (FROM, TO)]
    damaged = ""
    for package in sorted(fitting, key=lambda each: version_numbers(each.version), reverse=True):
        damaged = missing(package)
        if not damaged:
            return package
    if damaged:
        raise ModelError(f"translation package is damaged: {damaged} is missing or empty; {HOW_TO_GET}")
    raise ModelError(f"no translation package {FROM}→{TO} in {place}; {HOW_TO_GET}")


def installed(where: Path) -> list[Package]:
    """Return every package in the folder, or the folder itself when it is one; unreadable ones are left out."""
    found: list[Package] = []
    with suppress(OSError):
        for path in [where] if (where / "metadata.json").exists() else sorted(where.iterdir()):
            if path.is_dir() and not path.name.startswith("."):
                with suppress(ModelError):
                    found.append(read(path))
    return found


def read(path: Path) -> Package:
    """Return the package unpacked at `path`. Raises ModelError naming the file that is no metadata."""
    file = path / "metadata.json"
    try:
        metadata = json.loads(file.read_text(encoding="utf-8"))
        source, target = str(metadata["from_code"]), str(metadata["to_code"])
        name = str(metadata.get("code") or f"translate-{source}_{target}")
        note = str(metadata.get("description", ""))
        return Package(path, name, str(metadata["package_version"]), source, target, note)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(f"not the metadata of an Argos package: {file}; {HOW_TO_GET}") from error


def missing(package: Package) -> str:
    """Return the first needed file that is not there or empty; empty when all are."""
    vocabularies = [path for name in _VOCABULARIES for path in package.model.glob(f"{name}.*")]
    needed = [
        package.tokenizer,
        package.model / "config.json",
        package.model / "model.bin",
        next(iter(vocabularies), package.model / "shared_vocabulary.json"),
    ]
    return next((str(file) for file in needed if not _has_content(file)), "")


def vocabulary(package: Package) -> frozenset[str]:
    """Return every piece that the model can read. Raises ModelError naming a file that cannot be read."""
    return _pieces(_vocabulary_file(package, "source"))


def vocabularies(package: Package) -> tuple[frozenset[str], frozenset[str]]:
    """Return every piece that the model can read, and every one that it can write. Raises ModelError."""
    read, written = (_vocabulary_file(package, side) for side in ("source", "target"))
    pieces = _pieces(read)
    return pieces, pieces if written == read else _pieces(written)


def _vocabulary_file(package: Package, side: str) -> Path:
    names = ("shared_vocabulary", f"{side}_vocabulary")
    return next(path for name in names for path in sorted(package.model.glob(f"{name}.*")))


def _pieces(file: Path) -> frozenset[str]:
    try:
        text = file.read_text(encoding="utf-8")
        return frozenset(json.loads(text) if file.suffix == ".json" else text.splitlines())
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"translation package is damaged: {file} is no vocabulary; {HOW_TO_GET}") from error


def _has_content(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except OSError:
        return False


def version_numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, for comparing: 1.10 is newer than 1.9."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def status() -> Status:
    """Return which package translations are made with, or why there is none. Loads nothing and never raises."""
    place = Path()
    try:
        place = folder()
        package = find(place)
        size = sum(file.stat().st_size for file in package.path.rglob("*") if file.is_file())
    except (ModelError, OSError) as error:
        return Status(place, None, 0, str(error))
    return Status(place, package, size, "")
