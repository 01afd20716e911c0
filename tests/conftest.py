"""For every test: no connection to anything but this machine; long files first."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

# `make test` gives each file to one process as a whole, since its fixtures are made once: the long ones first, so that
# no process is left alone with one at the end.
LONG_FILES = ("test_demo", "test_datasette", "test_stories_moves", "test_stories_labelled", "test_hostile_site",
              "test_endurance", "test_cli", "test_sandbox", "test_bench", "test_kill", "test_serve", "test_digest",
              "test_held_answers", "test_wheel", "test_contributing", "test_stories_bounds", "test_login",
              "test_backup", "test_ending")  # fmt: skip
_LOOPBACK = {"localhost", "::1", "0.0.0.0", "::", "", None}


def _is_local(address: Any) -> bool:
    if not isinstance(address, tuple):  # a Unix socket
        return True
    return address[0] in _LOOPBACK or str(address[0]).startswith("127.")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONG_FILES.index(item.path.stem) if item.path.stem in LONG_FILES else len(LONG_FILES))


class NetworkRefused(OSError):
    """A test tried to leave the machine; for the code under test it is a machine without a network."""


def _guarded(original: Callable[..., Any]) -> Callable[..., Any]:
    def connect(self: socket.socket, address: Any) -> Any:
        if not _is_local(address):
            raise NetworkRefused(f"a test tried to connect to {address}")
        return original(self, address)

    return connect


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_local(monkeypatch)


def keep_local(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets connect to loopback only, and names other than localhost are not looked up."""
    monkeypatch.setattr(socket.socket, "connect", _guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex))
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in _LOOPBACK:
            flags |= socket.AI_NUMERICHOST  # numbers in any spelling are read, names are not looked up
        try:
            return look_up(name, port, family, type, proto, flags)
        except socket.gaierror as error:
            raise NetworkRefused(f"a test tried to look up {name}") from error

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
