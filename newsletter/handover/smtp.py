"""A test mail of an issue to one editor. It is no hand-over: nothing is noted, and the seal can still be undone."""

from __future__ import annotations

import hashlib
import smtplib
import socket
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import IO, TYPE_CHECKING, Any, Literal

from core.errors import HandoverError, UsageError
from newsletter.issue import one_line

if TYPE_CHECKING:
    import ssl
    from email.message import EmailMessage

SECONDS, MOST_SECONDS = 20.0, 90.0  # for one step, and for everything
_MOST_BYTES = 200_000  # of all that the server says


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Settings of a table [handover.smtp]."""

    host: str
    port: int
    encryption: Literal["starttls", "tls", "none"]
    user: str = ""  # empty: the server wants no log-in
    lists: tuple[str, ...] = ()  # addresses behind which many readers are: no test mail goes there


def recipient(text: str, lists: tuple[str, ...]) -> str:
    """Return the one address that a test mail may go to. Raises UsageError."""
    try:
        address = Address(addr_spec=text)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise UsageError(f"--to {text[:80]!r} is not one e-mail address") from error
    if not address.domain or not text.isascii() or not text.isprintable() or " " in text:
        raise UsageError(f"--to {text[:80]!r} is not one e-mail address")
    if text.casefold() in {one.casefold() for one in lists}:
        raise UsageError(f"--to {text}: a mailing list gets no test mail")
    return text


def test_mail(eml: bytes, to: str) -> EmailMessage:
    """Return the mail of an issue addressed to `to`. Equal issues have one Message-ID: programs show one."""
    mail = message_from_bytes(eml, policy=policy.SMTP)
    domain = str(mail["Message-ID"] or "").rpartition("@")[2].rstrip(">") or "visnyk.invalid"
    subject = one_line(str(mail["Subject"]))
    for name in ("X-Unsent", "Message-ID", "Subject", "To"):
        del mail[name]
    mail["Subject"] = f"[Test] {subject}"
    mail["To"] = to
    mail["Message-ID"] = f"<test-{hashlib.sha256(eml).hexdigest()[:32]}@{domain}>"
    return mail


def send(mail: EmailMessage, to: str, settings: SmtpSettings, password: str, tls: ssl.SSLContext) -> None:
    """Send the mail to one recipient, once. Raises HandoverError, without the password and what the library says."""
    where, handed = f"smtp: {settings.host}:{settings.port}", False
    try:
        with _Connection(settings, tls) as server:
            if settings.encryption == "starttls":
                server.starttls(context=tls)
            if settings.user:
                server.login(settings.user, password)
            handed = True
            server.send_message(mail, mail["From"].addresses[0].addr_spec, [to])
    except smtplib.SMTPAuthenticationError as error:
        raise HandoverError(f"{where} did not let us in ({error.smtp_code}): is VISNYK_SMTP_PASSWORD right?") from None
    except smtplib.SMTPNotSupportedError:
        raise HandoverError(f"{where} offers no encryption or no log-in that we know") from None
    except smtplib.SMTPRecipientsRefused as error:
        (code, said), *_ = error.recipients.values()
        raise HandoverError(f"{where} does not take mail for {to} ({code}): {_clean(said, password)}") from None
    except smtplib.SMTPResponseException as error:
        raise HandoverError(f"{where} refused ({error.smtp_code}): {_clean(error.smtp_error, password)}") from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        unsure = "; it is not known whether it took the mail" if handed else ""
        raise HandoverError(f"{where}: {_words(error)}{unsure}") from None


def _clean(said: object, password: str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    text = one_line(text)
    return (text.replace(password, "…") if password else text)[:200]


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):  # the library hides it
        return "no answer in time"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "the connection was closed"
    verdict = getattr(error, "verify_message", "")  # of a certificate
    if verdict:
        return f"its certificate is not accepted: {verdict}"
    return (
        (getattr(error, "strerror", None) or "no connection").lower() if isinstance(error, OSError) else "no such host"
    )


class _Bounded:
    """Words of the server, up to a size and a moment."""

    def __init__(self, file: IO[bytes], until: float) -> None:
        self._file, self._until, self._left = file, until, _MOST_BYTES

    def readline(self, limit: int = -1) -> bytes:
        line = b""
        while not line.endswith(b"\n") and (limit < 0 or len(line) < limit):
            if time.monotonic() > self._until:
                raise TimeoutError
            self._left -= 1
            if self._left < 0:
                raise smtplib.SMTPServerDisconnected
            if not (byte := self._file.read(1)):
                break
            line += byte
        return line

    def close(self) -> None:
        self._file.close()


class _Connection(smtplib.SMTP):
    """A connection of the library, with bounds, and with TLS from the first byte where that is asked for."""

    def __init__(self, settings: SmtpSettings, tls: ssl.SSLContext) -> None:
        self._implicit = tls if settings.encryption == "tls" else None
        self._until = time.monotonic() + MOST_SECONDS
        super().__init__(settings.host, settings.port, timeout=SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((host, port), timeout)
        return self._implicit.wrap_socket(plain, server_hostname=host) if self._implicit else plain

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file: Any = _Bounded(self.sock.makefile("rb"), self._until)
        return super().getreply()
