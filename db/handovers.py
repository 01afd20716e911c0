"""Hand-overs of sealed issues to mailing services: asked for, begun, done. Inside the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def begun(connection: sqlite3.Connection, digest_id: int) -> list[str]:
    """Return the services that may have the issue by now, so that its seal is final."""
    sql = "SELECT service FROM digest_handovers WHERE digest_id = ? AND begun_at <> '' ORDER BY service"
    return [row[0] for row in connection.execute(sql, (digest_id,))]


def to_service(connection: sqlite3.Connection, digest_id: int, service: str) -> sqlite3.Row | None:
    """Return the hand-over of an issue to a service."""
    sql = "SELECT * FROM digest_handovers WHERE digest_id = ? AND service = ?"
    row: sqlite3.Row | None = connection.execute(sql, (digest_id, service)).fetchone()
    return row


def ask_for(connection: sqlite3.Connection, digest_id: int, service: str, by: str) -> None:
    """Note that an issue shall be handed over, in the transaction that seals it; nothing is asked of anyone yet."""
    sql = "INSERT OR IGNORE INTO digest_handovers (digest_id, service, begun_at, by) VALUES (?, ?, '', ?)"
    connection.execute(sql, (digest_id, service, by))


def forget_asked(connection: sqlite3.Connection, digest_id: int) -> None:
    """Delete what was asked for and never begun, of an issue that is unsealed."""
    connection.execute("DELETE FROM digest_handovers WHERE digest_id = ? AND begun_at = ''", (digest_id,))


def unfinished(connection: sqlite3.Connection, newsletter: str, service: str) -> list[str]:
    """Return the sealed issues whose hand-over was asked for or begun and is not done, oldest first."""
    sql = """SELECT d.name FROM digest_handovers h JOIN digests d ON d.id = h.digest_id
             WHERE h.done_at IS NULL AND d.sealed_at IS NOT NULL AND d.newsletter = ? AND h.service = ? ORDER BY d.id"""
    return [row[0] for row in connection.execute(sql, (newsletter, service))]


def begin(connection: sqlite3.Connection, digest_id: int, service: str, by: str, at: str) -> None:
    """Note that the service is asked from now on to make the campaign; `begun_at` is that of the latest attempt."""
    connection.execute(
        """INSERT INTO digest_handovers (digest_id, service, begun_at, by) VALUES (?, ?, ?, ?)
           ON CONFLICT (digest_id, service) DO UPDATE SET begun_at = excluded.begun_at, by = excluded.by,
               done_at = NULL, remote_id = '', remote_url = '', error = ''""",
        (digest_id, service, at, by),
    )


def finish(connection: sqlite3.Connection, digest_id: int, service: str, remote_id: str, url: str, at: str) -> None:
    """Note which campaign the service has."""
    connection.execute(
        """UPDATE digest_handovers SET done_at = ?, remote_id = ?, remote_url = ?, error = ''
           WHERE digest_id = ? AND service = ?""",
        (at, remote_id, url, digest_id, service),
    )


def fail(connection: sqlite3.Connection, digest_id: int, service: str, error: str) -> None:
    """Note why the latest attempt did not succeed, if the hand-over was asked for or begun."""
    sql = "UPDATE digest_handovers SET error = ? WHERE digest_id = ? AND service = ? AND done_at IS NULL"
    connection.execute(sql, (error, digest_id, service))
