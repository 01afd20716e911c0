"""A mail server on loopback that keeps what it is given, with and without TLS, and fails on demand."""

from __future__ import annotations

import base64
import contextlib
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

CERTIFICATES = Path(__file__).parents[1] / "certificates"


@dataclass
class MailServer:
    """Takes mails; `password` lets in. `faults`: a command → the line that is said to it; b"": the connection ends."""

    certificate: str = "localhost"
    implicit: bool = False
    password: str = "s3cret-0f-the-mail"
    faults: dict[str, bytes] = field(default_factory=dict)
    mails: list[bytes] = field(default_factory=list)
    envelopes: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATES / f"{self.certificate}.pem")
        mail_server = self

        class MailHandler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                mail_server.talk(self, context)

        class MailListener(socketserver.ThreadingTCPServer):
            daemon_threads, allow_reuse_address = True, True

            def handle_error(self, *_: object) -> None:
                pass

        self._server = MailListener(("127.0.0.1", 0), MailHandler)
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def talk(self, handler: socketserver.StreamRequestHandler, context: ssl.SSLContext) -> None:
        with contextlib.ExitStack() as opened:
            self._talk(handler, context, opened)

    def _talk(
        self, handler: socketserver.StreamRequestHandler, context: ssl.SSLContext, opened: contextlib.ExitStack
    ) -> None:
        sock = handler.request
        if self.implicit:
            sock = opened.enter_context(context.wrap_socket(sock, server_side=True))
        stream, encrypted = opened.enter_context(sock.makefile("rwb", buffering=0)), self.implicit
        stream.write(b"220 mail.test ESMTP\r\n")
        while line := stream.readline():
            command = line.split()[0].decode().upper() if line.split() else ""
            self.commands.append(line.decode().strip())
            if command in self.faults:
                if not self.faults[command]:
                    return
                stream.write(self.faults[command] + b"\r\n")
            elif command == "EHLO":
                stream.write(b"250-mail.test\r\n" + (b"250 AUTH PLAIN\r\n" if encrypted else b"250 STARTTLS\r\n"))
            elif command == "STARTTLS":
                stream.write(b"220 go on\r\n")
                sock = opened.enter_context(context.wrap_socket(sock, server_side=True))
                stream, encrypted = opened.enter_context(sock.makefile("rwb", buffering=0)), True
            elif command == "AUTH":
                given = base64.b64decode(line.split()[-1]).split(b"\0")
                stream.write(b"235 in\r\n" if given[-1] == self.password.encode() else b"535 " + given[-1] + b"\r\n")
            elif command == "DATA":
                stream.write(b"354 go on\r\n")
                mail = b""
                while not mail.endswith(b"\r\n.\r\n"):
                    mail += stream.readline()
                self.mails.append(mail[:-5])
                if self.faults.get(".") == b"":
                    return
                stream.write(self.faults.get(".", b"250 taken") + b"\r\n")
            else:
                self.envelopes += [line.decode().strip()] if command in ("MAIL", "RCPT") else []
                stream.write(b"221 bye\r\n" if command == "QUIT" else b"250 so be it\r\n")
