"""The command line: every command, its options, and the function that does it. Runs nothing."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, get_args

from core.closed_sets import LanguageOrder
from pipeline.streams import printable

if TYPE_CHECKING:
    from collections.abc import Callable

_DIGITS = 15  # of a number that the database can hold


class OneLineParser(argparse.ArgumentParser):
    """The standard parser, with one line for what does not fit instead of the whole usage."""

    def error(self, message: str) -> NoReturn:
        """Say what does not fit and where the options stand; end with 2."""
        said = printable(f"{self.prog}: {message}")[:500]
        self.exit(2, f"{said} (`{self.prog} --help` lists the options)\n")


def parser() -> argparse.ArgumentParser:
    """Return the whole command line; the names are relied on from outside."""
    program = "visnyk" if Path(sys.argv[0]).stem == "visnyk" else "python -m pipeline"
    top = OneLineParser(prog=program, description="News of Ukraine's decentralisation.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    shared = OneLineParser(add_help=False)
    shared.add_argument("--db", default="news.db", metavar="PATH", help="the database file (default: news.db)")
    shared.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def command(name: str, run: tuple[str, str], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, parents=[shared], help=text, description=text)
        added.set_defaults(run=run)
        return added

    _add_ingest(command("ingest", ("ingest", "ingest"), "read the sources, store, group, translate"))
    translate = command("translate", ("translate", "translate"), "work off what waits for a translation")
    translate.add_argument("--limit", type=_positive, metavar="N", help="at most N texts")
    translate.add_argument("--now", metavar="ISO", help="take this for the time of the run")
    model = command("model", ("model", "model"), "the translation model: status, install, import FILE")
    model.add_argument("action", choices=("status", "install", "import"))
    model.add_argument("file", nargs="?", metavar="FILE.argosmodel")
    _add_story(command("story", ("story", "show"), "why articles are one story; split and join them; judge pairs"))
    _add_serve(command("serve", ("serve", "serve"), "show the database in the browser"))
    _add_editors(command("editors", ("editors", "list_all"), "who may log in at the newsletter's desk"))
    _add_digest(command("digest", ("digest", "digest"), "the newsletter: draft, take in a draft, export, seal"))
    health = command("health", ("state", "health"), "one line for each source; exit code 3 when a person should look")
    health.add_argument("--now", metavar="ISO", help="take this for the time of asking")
    _add_sources(command("sources", ("state", "sources"), "list; check recordings; held, accept: answers held back"))
    command("names", ("names", "names"), "the places that texts on standard input name, one text a line, as JSON")
    command("check", ("names", "check"), "which rules `source⇥target` lines on standard input break, as JSON")
    _add_edit(
        command("edit", ("edit", "edit"), "editors' English as a CSV file: export, import; stale lists unused ones")
    )
    suggest = command("glossary", ("edit", "glossary"), "what people keep changing in the machine's English")
    suggest.add_argument("action", choices=("suggest",))
    evaluate = command("evaluate", ("evaluate", "evaluate"), "the machine's English against the publishers' own")
    evaluate.add_argument("--limit", type=_positive, metavar="N", help="the newest N headlines")
    command("check-database", ("state", "check_database"), "is the file sound?")
    backup = command("backup", ("backup", "backup"), "a checked copy of the database, while everything runs")
    backup.add_argument("file", metavar="FILE", help="where the copy goes")
    backup.add_argument("--force", action="store_true", help="replace an older backup of that name")
    restore = command("restore", ("backup", "restore"), "put a backup back; the database of now is kept beside it")
    restore.add_argument("file", metavar="FILE", help="what `backup` wrote")
    _add_demo(commands.add_parser("demo", help="everything without a network, in a folder of its own"))
    return top


def _add_ingest(command: argparse.ArgumentParser) -> None:
    command.add_argument("--only", action="append", default=[], metavar="ID", help="read only this source (repeatable)")
    command.add_argument("--full", action="store_true", help="ignore validators; go back through the whole archive")
    command.add_argument("--max-pages", type=_positive, metavar="N", help="go back N pages of every listing")
    command.add_argument("--no-translate", action="store_true", help="leave the translations for later")
    command.add_argument(
        "--connect-to",
        action="append",
        default=[],
        metavar="HOST=URL",
        help="send requests for HOST to URL (repeatable; for tests, mirrors and the demo)",
    )
    command.add_argument("--now", metavar="ISO", help="take this for the time of the run")
    command.add_argument(
        "--setup", action="store_true", help="if there is no translation model, try once to install it"
    )


def _add_sources(command: argparse.ArgumentParser) -> None:
    command.add_argument("action", nargs="?", choices=("list", "check", "held", "accept"), default="list")
    command.add_argument("id", nargs="?", metavar="ID", help="of the source whose held answers are to be applied")
    command.add_argument("--now", metavar="ISO", help="take this for the time of accepting")


def _add_edit(command: argparse.ArgumentParser) -> None:
    command.add_argument("action", choices=("export", "import", "stale"))
    command.add_argument("file", nargs="?", metavar="FILE.csv", help="export without it writes to standard output")
    command.add_argument(
        "--by", type=_words, default="editor", metavar="NAME", help="whose wordings they are, where the file is silent"
    )


def _actions(command: argparse.ArgumentParser, module: str) -> Callable[[str, str], argparse.ArgumentParser]:
    """Return what adds an action to a command that has several, each done by the function of its name."""
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    shared = OneLineParser(add_help=False)
    shared.add_argument("--db", default=argparse.SUPPRESS, metavar="PATH", help="the database file")
    shared.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object")

    def action(name: str, text: str) -> argparse.ArgumentParser:
        added = actions.add_parser(name, parents=[shared], help=text)
        added.set_defaults(run=(module, name))
        return added

    return action


def _add_editors(command: argparse.ArgumentParser) -> None:
    action = _actions(command, "editors")
    add = action("add", "let somebody in, or give an editor another password: asked for, or a line of standard input")
    remove = action("remove", "let somebody in no more")
    listing = action("list", "their names")
    listing.set_defaults(run=("editors", "list_all"))
    for each in (add, remove, listing):
        each.add_argument("--editors", default="", metavar="FILE", help="the file of editors, if not the usual one")
    for each in (add, remove):
        each.add_argument("name", metavar="NAME")


def _add_story(command: argparse.ArgumentParser) -> None:
    action = _actions(command, "story")
    show = action("show", "the story's articles, and why they belong together")
    show.add_argument("id", type=_positive, metavar="ID", help="a story's number")
    split = action("split", "take an article out of its story, for good")
    split.add_argument("article", type=_positive, metavar="ARTICLE", help="an article's number")
    join = action("join", "make two stories one, for good")
    join.add_argument("first", type=_positive, metavar="A", help="a story's number")
    join.add_argument("second", type=_positive, metavar="B", help="another story's number")
    action("regroup", "group the whole archive again; editors' decisions stand")
    action("compare", "judge pairs, as JSON lines on standard input")


def _add_serve(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--port", type=_port, default=8001, metavar="N", help="the port on this machine (default: 8001)"
    )
    command.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    command.add_argument("--editor", action="store_true", help="with the newsletter's desk, behind a password")
    command.add_argument(
        "--newsletter",
        action="append",
        default=[],
        metavar="FILE",
        help="with --editor: settings of a newsletter, a .toml (repeatable)",
    )
    command.add_argument("--editors", default="", metavar="FILE", help="with --editor: who may log in")
    command.add_argument("--behind", default="", metavar="URL", help="the address of the proxy in front of it, if any")
    command.add_argument("--now", metavar="ISO", help="take this for the time of reading (the demo's past days)")


def _add_digest(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--format", metavar="LIST", help="of md,html,txt,csv,json,atom,eml,docx,xlsx,telegram,telegram-json"
    )
    command.add_argument("--out", default="digests", metavar="DIR", help="where the files go (default: digests)")
    command.add_argument("--seal", action="store_true", help="close the issue: its stories never come again")
    command.add_argument("--unseal", type=_words, metavar="NAME", help="make the issue a draft again, unless published")
    command.add_argument(
        "--publish", action="store_true", help="let the public see the newest sealed issue, or the one of --issue"
    )
    command.add_argument(
        "--issue", type=_words, metavar="NAME", help="export this issue again; with --seal: call the issue so"
    )
    command.add_argument(
        "--import",
        dest="take",
        action="append",
        default=[],
        metavar="FILE",
        help="take in an edited draft (.md, .csv, .xlsx)",
    )
    command.add_argument(
        "--partial", action="store_true", help="with --import: the file holds a part of the draft, the rest stays"
    )
    command.add_argument("--reopen", action="store_true", help="let everything that is due into the draft again")
    command.add_argument("--begin", metavar="DAY", help="the newsletter begins on this day: older stories never come")
    command.add_argument("--languages", choices=get_args(LanguageOrder), help="which language stands first")
    command.add_argument("--newsletter", metavar="FILE", help="names, intro and sections (a .toml)")
    command.add_argument(
        "--send-to",
        choices=("listmonk", "keila", "buttondown", "smtp"),
        help="with --issue or --seal: make a draft campaign there, never send it; smtp: a test mail to --to",
    )
    command.add_argument(
        "--again", action="store_true", help="with --send-to: make a draft anew that was deleted there"
    )
    command.add_argument("--to", type=_words, metavar="ADDRESS", help="who gets the test mail of --send-to smtp")
    command.add_argument("--image", metavar="FILE", help="a PNG or JPEG for the draft, at most 300 kB; none: no image")
    command.add_argument("--alt", type=_words, default="", metavar="TEXT", help="with --image: what it shows")
    command.add_argument("--templates", metavar="DIR", help="your own copies of templates")
    command.add_argument(
        "--by", type=_words, default="editor", metavar="NAME", help="who does it, for the history and for wordings"
    )
    command.add_argument("--now", metavar="ISO", help="take this for the time of the run")


def _add_demo(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=("demo", "demo"), db="news.db")
    command.add_argument("--out", default="visnyk-demo", metavar="DIR", help="work folder (default: visnyk-demo)")
    command.add_argument("--no-serve", action="store_true", help="end after the summary")
    command.add_argument("--port", type=_port, default=8001, help="of the website; the next free one if it is taken")
    replica = command.add_subparsers().add_parser("serve-site", help="only the replica of the sources")
    replica.set_defaults(run=("demo", "replica"))
    replica.add_argument("--port", type=_port, default=8010)
    replica.add_argument("--day", type=int, choices=(1, 2), default=1)
    replica.add_argument("--well", action="store_true", help="no site is challenged or down")


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a number of 1 or more")
    return int(text)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"there is no port {text[:40]!r}: choose one from 1 to 65535")
    return int(text)


def _words(text: str) -> str:
    if not text.isprintable():
        raise argparse.ArgumentTypeError(f"{text[:40]!r} has signs that are no letters")
    return text
