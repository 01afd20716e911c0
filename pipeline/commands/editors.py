"""`editors`: names that may log in at the desk."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import UsageError
from pipeline import accounts
from pipeline.commands import say

if TYPE_CHECKING:
    import argparse

SHORTEST = 8  # signs of a password


def add(args: argparse.Namespace) -> int:
    """Let somebody in with the password that is typed, or give an editor another one."""
    from pipeline.passwords import hashed

    path = _file(args)
    name = accounts.checked_name(args.name, accounts.read_editors(path))  # before a password is asked for
    password_hash, was_there = hashed(_password(name)), False

    def with_it(known: dict[str, str]) -> dict[str, str]:
        nonlocal was_there
        was_there = accounts.checked_name(name, known) in known
        return known | {name: password_hash}

    accounts.change(path, with_it)
    done = f"{name} has a new password, and is logged out everywhere" if was_there else f"{name} may log in"
    say.result(args.json, {"editor": name, "file": str(path), "new": not was_there}, f"{done} ({path})")
    return 0


def list_all(args: argparse.Namespace) -> int:
    """Print the names of the editors in the file."""
    path = _file(args)
    names = sorted(accounts.read_editors(path), key=str.casefold)
    say.always(args.json, {"editors": names, "file": str(path)}, names or [f"no editors yet in {path}"])
    return 0


def remove(args: argparse.Namespace) -> int:
    """Let somebody in no more; what he is logged in with ends."""
    path = _file(args)

    def without(known: dict[str, str]) -> dict[str, str]:
        if args.name not in known:
            raise UsageError(f"there is no editor {args.name[:60]} in {path}")
        return {name: password_hash for name, password_hash in known.items() if name != args.name}

    accounts.change(path, without)
    say.result(args.json, {"editor": args.name, "file": str(path)}, f"{args.name} may not log in any more ({path})")
    return 0


def _file(args: argparse.Namespace) -> Path:
    """Return the file of editors. Raises StoreError when it would stand beside what is no database of ours."""
    from db.store import file_version

    if not args.editors:
        file_version(Path(args.db))
    return accounts.file_of(Path(args.db), args.editors)


def _password(name: str) -> str:
    """Return what is typed twice without being seen, or one line of standard input."""
    import getpass

    if sys.stdin.isatty():
        password = getpass.getpass(f"Password for {name}: ")
        if getpass.getpass("The same again: ") != password:
            raise UsageError("these are two passwords; nothing was changed")
    else:
        try:
            password = sys.stdin.readline().removesuffix("\n").removesuffix("\r")
            password.encode()
        except UnicodeError as error:
            raise UsageError("the password is not UTF-8; nothing was changed") from error
    if len(password) < SHORTEST:
        raise UsageError(f"a password has {SHORTEST} signs or more; nothing was changed")
    return password
