"""Datasette on the database: read only, while ingest may write."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import StoreError, UsageError
from db.store import require_news
from pipeline import signals

if TYPE_CHECKING:
    from datasette.app import Datasette

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "VISNYK_EDITOR_HASH"  # the environment variable with the hash of the editor's password
NAME = "news"  # what Datasette calls the database, whatever the file is called: addresses stay the same

GRACE = 2  # seconds that answers on their way have when the server ends
# One query can eat the machine, so readers send none. Suggesting facets counts every column at every
# page view. A copy of a database that is being written would be broken, so there is no download.
SETTINGS = {
    "default_allow_sql": False,
    "allow_download": False,
    "suggest_facets": False,
    "default_page_size": 25,
    "max_returned_rows": 1000,
    "sql_time_limit_ms": 1000,
    "facet_time_limit_ms": 200,
    "default_facet_size": 12,
    "max_csv_mb": 2000,  # streamed page by page: a whole archive of a million stories
    "truncate_cells_html": 400,
}


def serve(
    db: Path, *, port: int, host: str = "127.0.0.1", editor: bool = False, newsletter: str = "", now: str | None = None
) -> int:
    """Serve `db` until a signal ends it; return 0. `editor`: with the newsletter's desk, behind a password.

    `now` (UTC ISO 8601) stands for the time of reading, for a demo of past days.

    Raise StoreError when the file is missing, is no Visnyk database, or cannot be read by this user, and
    UsageError when the port cannot be had.
    """
    check_database(db)
    check_port(host, port)
    settings = (desk_settings(newsletter) if editor else {}) | ({"clock": {"now": now}} if now else {})
    import uvicorn

    app = build(db, settings).app()
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            log_level="warning",
            lifespan="on",
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
    )
    server.capture_signals = contextlib.nullcontext  # type: ignore[assignment]  # it knows no SIGHUP
    print(f"Visnyk is at http://{_in_url(host)}:{port}/  (Ctrl-C ends it)", file=sys.stderr, flush=True)
    with signals.told(lambda: setattr(server, "should_exit", True)):  # the usual end
        server.run()
    return 0


def desk_settings(newsletter: str = "") -> dict[str, Any]:
    """Return what `build` needs to open the desk. Raise UsageError without a password, or for a bad newsletter."""
    from pipeline.digest.settings import DEFAULT, read_newsletter

    if not os.environ.get(PASSWORD, "").startswith("pbkdf2_sha256$"):
        raise UsageError(
            f"serve --editor asks for a password: put what `.venv/bin/datasette hash-password` prints into {PASSWORD}"
        )
    read_newsletter(Path(newsletter) if newsletter else DEFAULT)
    actors = {"editor": {"id": "editor", "role": "editor"}}
    return {
        "desk": {"newsletter": newsletter},
        "datasette-auth-passwords": {"editor_password_hash": {"$env": PASSWORD}, "actors": actors},
    }


def build(db: Path, plugin_settings: dict[str, Any] | None = None) -> Datasette:
    """Return Datasette with our metadata, plug-ins, templates and settings; the database is called `news`."""
    from datasette.app import Datasette
    from datasette.database import Database

    web = ROOT / "web"
    metadata = json.loads((web / "datasette_metadata.json").read_text(encoding="utf-8"))
    datasette = Datasette(
        [str(db)],
        metadata=metadata | {"plugins": plugin_settings or {}},
        plugins_dir=str(web / "plugins"),
        template_dir=str(web / "templates"),
        static_mounts=[("static", str(web / "static"))],
        settings=SETTINGS,
    )
    (given,) = (name for name in datasette.databases if name != "_internal")
    if given != NAME:
        datasette.remove_database(given)
        datasette.add_database(Database(datasette, str(db), is_mutable=True), name=NAME)
    return datasette


def check_database(db: Path) -> None:
    """Raise StoreError, with what to do, unless `db` can be read and has the view `news`."""
    if not db.is_file():
        raise StoreError(
            f"there is no database {db} yet: `visnyk ingest` or `make ingest` reads the sources into it, "
            "`visnyk demo` or `make demo` shows everything without a network"
        )
    try:
        require_news(db)
    except sqlite3.Error as error:
        reason = str(error)
        if "readonly" in reason or "unable to open" in reason:
            reason += "; SQLite's WAL mode needs write permission in its folder, for readers too"
        elif "no such" in reason:
            reason += "; it is not a database of Visnyk, or an ingest must bring it up to date"
        raise StoreError(f"cannot serve {db}: {reason}") from error


def check_port(host: str, port: int) -> None:
    """Raise UsageError unless something can listen at `host`:`port`."""
    if not 0 < port < 65536:
        raise UsageError(f"there is no port {port}: choose one from 1 to 65535")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise UsageError(
            f"cannot listen at {_in_url(host)}:{port} ({error}): choose another with --port, or with make serve PORT=…"
        ) from error


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
