"""Finding, installing and importing Argos packages; whatever goes wrong, nothing is left half-installed."""

from __future__ import annotations

import errno
import json
import shutil
import stat
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.errors import ModelError, Unreachable
from tests.support.argos_packages import DEMO, chain_package, hollow_files, install_demo, metadata, zipped
from translations.engines import install, packages
from translations.engines.argos import ArgosTranslator

if TYPE_CHECKING:
    from collections.abc import Callable

    from translations.engines.packages import Package


def no_probe(_: Package) -> None:
    """Packages in form only are not loaded."""


def visible(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".visnyk") if folder.exists() else []


# Where packages lie


@pytest.mark.parametrize(
    ("environment", "place"),
    [
        ({"VISNYK_ARGOS_PACKAGES": "/a/b", "XDG_DATA_HOME": "/x"}, "/a/b"),
        ({"ARGOS_PACKAGES_DIR": "/c", "XDG_DATA_HOME": "/x"}, "/c"),
        ({"XDG_DATA_HOME": "/x", "HOME": "/h"}, "/x/argos-translate/packages"),
        ({"XDG_DATA_HOME": "not/absolute", "HOME": "/h"}, "/h/.local/share/argos-translate/packages"),
        ({"HOME": "/h"}, "/h/.local/share/argos-translate/packages"),
    ],
)
def test_the_folder_is_the_one_that_argos_uses_or_the_one_named(environment: dict[str, str], place: str) -> None:
    assert packages.folder(environment) == Path(place)


def test_without_any_home_the_error_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(ModelError, match="set XDG_DATA_HOME or VISNYK_ARGOS_PACKAGES"):
        packages.folder({})


def test_the_newest_whole_package_is_found(tmp_path: Path) -> None:
    for name, version in (("old", "1.9"), ("new", "1.10"), ("other", "3.0")):
        for file, content in hollow_files(f"{name}/", package_version=version).items():
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_bytes(content)
    (tmp_path / "other/metadata.json").write_text(json.dumps(metadata(from_code="de")), encoding="utf-8")
    (tmp_path / "junk").mkdir()
    (tmp_path / "a file").write_text("no package")
    assert packages.find(tmp_path).identity == "translate-uk_en 1.10"
    assert packages.find(tmp_path / "old").version == "1.9"
    (tmp_path / "new/model/model.bin").unlink()
    assert packages.find(tmp_path).version == "1.9"
    (tmp_path / "old/bpe.model").write_bytes(b"")
    with pytest.raises(ModelError, match=r"damaged: .*bpe.model is missing or empty; run `visnyk model"):
        packages.find(tmp_path)


def test_status_tells_what_is_there_and_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISNYK_ARGOS_PACKAGES", str(tmp_path / "packages"))
    nothing = packages.status()
    assert nothing.package is None
    assert "run `visnyk model install`" in nothing.problem
    installed = install.import_file(DEMO)
    status = packages.status()
    assert (status.package, status.problem) == (installed, "")
    assert 1_000_000 < status.bytes < 10_000_000


# Importing a file


def test_an_imported_package_translates(tmp_path: Path) -> None:
    package = install.import_file(DEMO, where=tmp_path)
    assert visible(tmp_path) == ["translate-uk_en-demo-0_1"]
    (rendering,) = ArgosTranslator(package, threads=1).translate(["Президент підписав закон про медичну реформу"])
    assert rendering.text == "President signs law on medical reform"


def test_importing_again_replaces(tmp_path: Path) -> None:
    package = install_demo(tmp_path)
    (package.model / "model.bin").write_bytes(b"damaged")
    (tmp_path / ".visnyk-import-killed").mkdir()
    assert install.import_file(DEMO, where=tmp_path) == package
    assert visible(tmp_path) == ["translate-uk_en-demo-0_1"]
    assert (package.model / "model.bin").stat().st_size > 1_000_000


def test_a_package_that_lies_at_the_root_of_its_archive_is_taken_too(tmp_path: Path) -> None:
    source = chain_package(tmp_path / "unpacked", "Communities receive funds")
    file = zipped(tmp_path / "flat.argosmodel", {
        str(path.relative_to(source)): path.read_bytes() for path in source.rglob("*") if path.is_file()
    })  # fmt: skip
    package = install.import_file(file, where=tmp_path / "packages")
    assert visible(tmp_path / "packages") == ["translate-uk_en-2_0"]
    assert ArgosTranslator(package, threads=1).translate(["Громади"])[0].text == "Communities receive funds"


def _without(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.__delitem__(f"translate-uk_en-1_9/{name}")


def _with(name: str, content: bytes = b"x") -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.__setitem__(name, content)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_without("metadata.json"), "no metadata.json"),
        (_without("model/model.bin"), r"incomplete: model/model.bin is missing or empty"),
        (_without("bpe.model"), r"incomplete: bpe.model is missing"),
        (_without("model/shared_vocabulary.json"), "incomplete: model/shared_vocabulary.json"),
        (_with("translate-uk_en-1_9/model/model.bin", b""), "incomplete: model/model.bin"),
        (_with("translate-uk_en-1_9/metadata.json", b"[1]"), "not the metadata"),
        (_with("translate-uk_en-1_9/metadata.json", b"{}"), "not the metadata"),
        (_with("translate-uk_en-1_9/metadata.json", b"\xff"), "not the metadata"),
        (_with("other/metadata.json", b"{}"), "no metadata.json of its own"),
        (_with("../outside"), "not safe"),
        (_with("/absolute"), "not safe"),
        (_with("a/../../outside"), "not safe"),
        (_with("..\\outside"), "not safe"),
    ],
)
def test_a_wrong_package_is_refused_and_leaves_nothing(
    tmp_path: Path, change: Callable[[dict[str, bytes]], None], message: str
) -> None:
    files = hollow_files()
    change(files)
    file = zipped(tmp_path / "wrong.argosmodel", files)
    with pytest.raises(ModelError, match=message):
        install.import_file(file, where=tmp_path / "packages", probe=no_probe)
    assert visible(tmp_path / "packages") == []
    assert visible(tmp_path) == ["packages", "wrong.argosmodel"]


def test_another_language_is_refused(tmp_path: Path) -> None:
    file = zipped(tmp_path / "de.argosmodel", hollow_files(from_code="de"))
    with pytest.raises(ModelError, match=r"de.argosmodel translates de→en; Visnyk needs uk→en"):
        install.import_file(file, where=tmp_path / "packages", probe=no_probe)
    assert visible(tmp_path / "packages") == []


def test_a_package_that_does_not_load_is_refused(tmp_path: Path) -> None:
    file = zipped(tmp_path / "hollow.argosmodel", hollow_files())
    with pytest.raises(ModelError, match="cannot be loaded"):
        install.import_file(file, where=tmp_path / "packages")
    assert visible(tmp_path / "packages") == []


def test_a_link_in_the_archive_is_refused(tmp_path: Path) -> None:
    file = zipped(tmp_path / "link.argosmodel", hollow_files())
    with zipfile.ZipFile(file, "a") as archive:
        link = zipfile.ZipInfo("translate-uk_en-1_9/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ModelError, match="not safe"):
        install.import_file(file, where=tmp_path / "packages", probe=no_probe)


def test_an_archive_that_would_fill_the_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "MAX_BYTES", 1_000_000)
    file = tmp_path / "bomb.argosmodel"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("translate-uk_en-1_9/model/model.bin", bytes(2_000_000))
    with pytest.raises(ModelError, match="would unpack to more than"):
        install.import_file(file, where=tmp_path / "packages", probe=no_probe)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.9999])
def test_a_cut_file_is_refused_by_name(tmp_path: Path, share: float) -> None:
    content = DEMO.read_bytes()
    file = tmp_path / "cut.argosmodel"
    file.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ModelError, match=r"cut.argosmodel is damaged or no package file"):
        install.import_file(file, where=tmp_path / "packages")
    assert visible(tmp_path / "packages") == []


def test_a_flipped_byte_is_noticed(tmp_path: Path) -> None:
    content = bytearray(DEMO.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file = tmp_path / "flipped.argosmodel"
    file.write_bytes(content)
    with pytest.raises(ModelError, match=r"flipped.argosmodel is damaged"):
        install.import_file(file, where=tmp_path / "packages")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no such file: .*none.argosmodel"):
        install.import_file(tmp_path / "none.argosmodel", where=tmp_path / "packages")
    with pytest.raises(ModelError, match=f"^{tmp_path} is a folder, and no package file"):
        install.import_file(tmp_path, where=tmp_path / "packages")


def test_a_full_disk_keeps_what_was_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = install_demo(tmp_path)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(install, "_extract", full)
    with pytest.raises(ModelError, match=f"cannot install a translation package in {tmp_path}: disk full"):
        install.import_file(DEMO, where=tmp_path)
    assert visible(tmp_path) == [package.path.name]
    assert packages.find(tmp_path) == package


def test_a_failing_rename_puts_the_old_package_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = install_demo(tmp_path)
    rename = Path.rename

    def reluctant(self: Path, target: Path) -> Path:
        if "replaced" not in f"{self}{target}":
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", reluctant)
    with pytest.raises(ModelError, match="Input/output error"):
        install.import_file(DEMO, where=tmp_path)
    assert packages.find(tmp_path) == package


def test_the_folder_of_another_program_is_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = tmp_path / "theirs"
    install_demo(theirs)
    (theirs / ".visnyk").unlink()
    before = sorted(theirs.rglob("*"))
    monkeypatch.setenv("VISNYK_ARGOS_PACKAGES", str(theirs))
    assert packages.find().name == "translate-uk_en-demo"
    with pytest.raises(ModelError, match="only read; unset it"):
        install.import_file(DEMO)
    assert sorted(theirs.rglob("*")) == before


# Installing through the index

ENTRY = metadata(package_version="1.9") | {"links": ["https://first.example/uk_en.argosmodel"]}


class Net:
    """A download that serves from a table of addresses."""

    def __init__(self, index: object, files: dict[str, Path]) -> None:
        self.index, self.files, self.asked = index, files, list[str]()

    def __call__(self, url: str, path: Path) -> None:
        self.asked.append(url)
        if url == install.INDEX:
            path.write_text(json.dumps(self.index) if self.index is not None else "<html>", encoding="utf-8")
        elif url in self.files:
            shutil.copy(self.files[url], path)
        else:
            raise Unreachable("no answer", url)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in ("VISNYK_ARGOS_PACKAGES", "ARGOS_PACKAGES_DIR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def test_install_takes_the_newest_entry_and_the_first_link_that_answers(home: Path) -> None:
    index = [
        metadata(package_version="1.4") | {"links": ["https://old.example/x"]},
        metadata(package_version="1.10") | {"links": ["ipfs://x", "http://x", "https://dead.example/x", "https://m.example/x"]},
        metadata(from_code="de", package_version="9.0") | {"links": ["https://de.example/x"]},
        ENTRY,
    ]  # fmt: skip
    net = Net(index, {"https://m.example/x": DEMO})
    package = install.install(net)
    assert net.asked == [install.INDEX, "https://dead.example/x", "https://m.example/x"]
    assert package.path.parent == home / "data" / "argos-translate" / "packages"
    assert packages.find() == package
    assert [path for path in (home / "cache").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("index", "message"),
    [
        (None, "is not readable"),
        ([], "names no package uk→en"),
        ({"message": "rate limit"}, "names no package uk→en"),
        ([1, {"from_code": "uk", "to_code": "en"}, ENTRY | {"links": "x"}], "names no package uk→en"),
        ([ENTRY], "could not be downloaded: no answer url=https://first.example/uk_en.argosmodel"),
    ],
)
def test_install_says_what_to_do_when_it_cannot(home: Path, index: object, message: str) -> None:
    with pytest.raises(ModelError, match=message) as caught:
        install.install(Net(index, {}))
    assert "model import FILE.argosmodel" in str(caught.value)
    assert packages.status().package is None


def test_install_without_a_way_out_names_the_index(home: Path) -> None:
    def unreachable(url: str, _: Path) -> None:
        raise Unreachable("no name", url)

    with pytest.raises(ModelError, match="the package index could not be read: no name"):
        install.install(unreachable)


def test_what_a_broken_download_left_stays_for_the_next_try(home: Path) -> None:
    def breaking(url: str, path: Path) -> None:
        if url == install.INDEX:
            path.write_text(json.dumps([ENTRY]), encoding="utf-8")
            return
        path.with_name(f"{path.name}.part").write_bytes(b"half")
        raise Unreachable("broke off", url)

    with pytest.raises(ModelError, match="broke off"):
        install.install(breaking)
    assert [path.name for path in (home / "cache").rglob("*.part")] == ["translate-uk_en-1_9.argosmodel.part"]


def test_a_damaged_download_is_removed_and_not_installed(home: Path, tmp_path: Path) -> None:
    junk = tmp_path / "junk"
    junk.write_bytes(b"not a zip")
    with pytest.raises(ModelError, match="damaged or no package file"):
        install.install(Net([ENTRY], {"https://first.example/uk_en.argosmodel": junk}))
    assert [path for path in (home / "cache").rglob("*") if path.is_file()] == []
    assert packages.status().package is None
