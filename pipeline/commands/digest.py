"""`digest`: draft the next issue, take in an edited draft, seal, export."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.clock import clock_from
from core.errors import StoreError, UsageError
from core.model import iso
from pipeline.commands import hand_over, say

if TYPE_CHECKING:
    import argparse

    from db.store import Store
    from newsletter.issue import Issue, Newsletter
    from pipeline.commands.hand_over import SendTo


def digest(args: argparse.Namespace) -> int:
    """Take one step of the newsletter, then write its files. Raises UsageError for what does not fit."""
    from db.store import open_for_reading, open_store
    from newsletter import exporting
    from newsletter.settings import DEFAULT, read_newsletter

    formats = exporting.formats_from(args.format)
    newsletter = read_newsletter(Path(args.newsletter) if args.newsletter else DEFAULT)
    templates = Path(args.templates) if args.templates else None
    if templates and not templates.is_dir():
        raise UsageError(f"--templates {templates}: there is no such folder")
    clock = clock_from(args.now)
    at, path, notes = iso(clock()), Path(args.db), list[str]()
    sending = hand_over.asked(args, newsletter, clock)
    _check(args)
    with closing(open_for_reading(path)):  # a newsletter begins with news: no database is made here
        pass
    store = open_store(path)
    try:
        undecided = _take_in(args, store, newsletter, at, notes) if args.take else []
        sending = None if undecided else sending
        issue = _act(args, store, newsletter, at, notes, formats, sending)
        files: list[str] = []
        if issue is not None:
            made = exporting.made(store, newsletter, issue, formats, args.languages or "", templates, at)
            files, kept = exporting.export(
                store, issue, made, Path(args.out), Path(args.take[0]) if args.take else None
            )
            notes += kept
        notes += exporting.unwritten(store.connection).values()
    except StoreError as error:
        left = [line for name, line in exporting.unwritten(store.connection).items() if args.seal]
        raise StoreError("; ".join([str(error), *left])) from error
    finally:
        store.close()
    sent: list[tuple[dict[str, Any], str]] = []
    try:
        sent = sending.run(issue) if sending else []
    finally:  # what was done before is told in any case
        told = exporting.outcome(issue, files, notes) | {
            "handed_over": [one for one, _ in sent],
            "undecided": undecided,
        }
        say.always(args.json, told, [*exporting.report(issue, files, notes), *(line for _, line in sent)])
    say.problems(undecided)
    return 1 if undecided else 0


def _check(args: argparse.Namespace) -> None:
    if args.unseal and (args.seal or args.issue or args.publish or args.take):
        raise UsageError("--unseal stands alone: seal, publish, export or import with the next command")
    if len(args.take) > 1:
        raise UsageError("two files were given: one draft comes back as one file; nothing was changed")
    if args.begin:
        try:
            args.begin = date.fromisoformat(args.begin).isoformat()
        except ValueError as error:
            raise UsageError(f"--begin {args.begin}: not a day such as 2026-02-16") from error


def _take_in(args: argparse.Namespace, store: Store, newsletter: Newsletter, at: str, notes: list[str]) -> list[str]:
    """Take an edited draft in; return what a person has to decide first. Then nothing is sealed."""
    from newsletter.intake import take_in

    told = take_in(store, newsletter, Path(args.take[0]), args.by, at, partial=args.partial)
    notes += told.notes
    if told.undecided and args.seal:
        args.seal = False
        notes.append("not sealed: there is something to decide first")
    return told.undecided


def _act(
    args: argparse.Namespace,
    store: Store,
    newsletter: Newsletter,
    at: str,
    notes: list[str],
    formats: list[str],
    sending: SendTo | None,
) -> Issue | None:
    """Do what was asked for; return the issue to export, or None when nothing was sealed.

    A sealed issue whose files a broken-off run left unwritten is exported when there is nothing new to seal.
    """
    from newsletter import draft, exporting, sealing

    if args.begin:
        with store.transaction() as connection:
            older = draft.begin_with(connection, newsletter, args.begin, at)
        notes += [f"{older} stories from before {args.begin} are put aside"] if older else []
    if args.image is not None:
        notes.append(_put_image(args, store, newsletter, at))
    if args.reopen:
        exporting.reopen(store, newsletter, args.by, at)
    with store.transaction() as connection:
        if args.unseal:
            notes += sealing.unseal(connection, args.unseal, at, by=args.by)
        if args.publish and not args.seal:
            issue = sealing.publish(connection, newsletter, args.issue, at, by=args.by)
            notes.append(f"{issue.name} is published: the public sees it")
            return issue
        if args.issue and not args.seal:
            return exporting.issue_named(connection, newsletter, args.issue, at)
        if not args.seal:
            issue = draft.next_issue(connection, newsletter, at)
            notes += exporting.advice(connection, issue)
            return issue
        sealed = sealing.seal(
            connection, newsletter, at, args.issue, by=args.by, languages=args.languages or "",
            templates=Path(args.templates) if args.templates else None, publish=args.publish,
        )  # fmt: skip
        if sealed is not None:
            exporting.note_pending_files(connection, sealed, formats)
            if sending:
                sending.note(connection, sealed)
            return sealed
        notes.append("nothing new: no issue was sealed")
        unwritten = [*exporting.unwritten(connection)]
        if not unwritten:
            return None
        notes.append(f"{unwritten[-1]} was sealed before, but not all of its files were written then")
        return sealing.sealed(connection, unwritten[-1])


def _put_image(args: argparse.Namespace, store: Store, newsletter: Newsletter, at: str) -> str:
    """Give the draft its image; return a line that says so. Raises UsageError naming the file."""
    from newsletter.issue_image import alts_of, put_image

    try:
        data = None if args.image == "none" else Path(args.image).read_bytes()
        with store.transaction() as connection:
            picture = put_image(connection, newsletter, data, alts_of(args.alt), args.by, at, "command")
    except OSError as error:
        raise UsageError(f"{args.image}: {error.strerror or error}") from error
    except UsageError as error:
        raise UsageError(f"{args.image}: {error}") from error
    return f"the image is {args.image}, {picture.width} × {picture.height} pixels" if picture else "no image"
