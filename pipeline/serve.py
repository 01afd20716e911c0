"""Datasette on the database: read only, while ingest may write."""

from __future__ import annotations

import json
import socket
import sys
import time
from contextlib import closing, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import StoreError, UsageError
from db.reading import Reader
from db.store import clear_errors, file_version, require_news
from pipeline import signals
from pipeline.editors import address_of_proxy, open_desk

if TYPE_CHECKING:
    from collections.abc import Sequence

    import uvicorn
    from datasette.app import Datasette

    from pipeline.editors import DeskAccess

ROOT = Path(__file__).resolve().parents[1]
NAME = "news"  # what Datasette calls the database, whatever the file is called: addresses stay the same

LOGGERS = ("visnyk.web", "uvicorn.error", "asyncio")
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
    db: Path,
    *,
    port: int,
    host: str = "127.0.0.1",
    editor: bool = False,
    newsletters: Sequence[str] = (),
    editors: str = "",
    behind: str = "",
    now: str | None = None,
) -> int:
    """Serve `db` until a signal ends it; return 0. `editor`: with the desk of `newsletters`, for `editors` (a file).

    `behind` is the address of a proxy in front of it: its name is answered, and what it says of its visitors believed.
    `now` (UTC ISO 8601) stands for the time of reading, for a demo of past days.

    Raise StoreError when the file is missing, is no Visnyk database, or cannot be read by this user, and
    UsageError when the port cannot be had.
    """
    check_database(db)
    check_port(host, port)
    address_of_proxy(behind)
    desk = open_desk(db, newsletters, editors=editors, host=host, behind=behind) if editor else None
    import logging

    import uvicorn

    from pipeline.web_log import LINES, AtMost

    datasette = build(db, {"clock": {"now": now}} if now else {}, desk)
    for name in LOGGERS:
        logging.getLogger(name).addFilter(AtMost(LINES, time.monotonic))
    server = uvicorn.Server(http_config(datasette, host, port, is_behind=bool(behind)))
    server.capture_signals = nullcontext  # type: ignore[assignment]  # it knows no SIGHUP
    print(f"Visnyk is at http://{_in_url(host)}:{port}/  (Ctrl-C ends it)", file=sys.stderr, flush=True)
    with signals.on_stop(lambda: setattr(server, "should_exit", True)):  # the usual end
        try:
            server.run()
        except SystemExit as error:  # how uvicorn ends when it cannot begin
            raise StoreError(f"cannot serve {db}: the lines above say why") from error
    return 0


def http_config(datasette: Datasette, host: str, port: int, *, is_behind: bool = False) -> uvicorn.Config:
    """Return how uvicorn serves it: within the bounds of BoundedProtocol, and silent but for errors."""
    import uvicorn

    from pipeline.protection import LARGEST_HEADERS
    from pipeline.web_protocol import BoundedProtocol

    return uvicorn.Config(
        datasette.app(),
        host=host,
        port=port,
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        log_level="error",
        log_config=None,  # its own would print tracebacks; see shorten_tracebacks
        access_log=False,
        server_header=False,
        proxy_headers=is_behind,  # else any visitor could call himself by any address
        h11_max_incomplete_event_size=LARGEST_HEADERS,
        timeout_graceful_shutdown=GRACE,
    )


def build(db: Path, plugin_settings: dict[str, Any] | None = None, desk: DeskAccess | None = None) -> Datasette:
    """Return Datasette with our metadata, plug-ins, templates and settings; the database is called `news`."""
    from pipeline.served import ServedFile, ServedSite

    web = ROOT / "web"
    metadata = json.loads((web / "datasette_metadata.json").read_text(encoding="utf-8"))
    datasette = ServedSite(
        [str(db)],
        desk,
        metadata=metadata | {"plugins": plugin_settings or {}},
        plugins_dir=str(web / "plugins"),
        template_dir=str(web / "templates"),
        static_mounts=[("static", str(web / "static"))],
        settings=SETTINGS,
    )
    (given,) = (name for name in datasette.databases if name != "_internal")
    datasette.remove_database(given)
    datasette.add_database(ServedFile(datasette, db), name=NAME)
    return datasette


def check_database(db: Path) -> None:
    """Raise StoreError, with what to do, unless `db` is a database of ours that can be read here."""
    if file_version(db) is None:
        raise StoreError(
            f"there is no database {db} yet: `visnyk ingest` or `make ingest` reads the sources into it, "
            "`visnyk demo` or `make demo` shows everything without a network"
        )
    with clear_errors(db), closing(Reader(db, partial(require_news, path=db))) as reader:
        reader.run(lambda _: None)


def check_port(host: str, port: int) -> None:
    """Raise UsageError unless something can listen at `host`:`port`."""
    if not 0 < port < 65536:
        raise UsageError(f"there is no port {port}: choose one from 1 to 65535")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"cannot listen at {_in_url(host)}:{port} ({error}): choose another with --port, or with make serve PORT=…"
        ) from error


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
