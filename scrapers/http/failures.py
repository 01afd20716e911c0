"""Exceptions of httpcore, TLS and the system as FetchErrors in our own words. Pure: no network.

No text of a library reaches a reader, only what the operating system says of a connection (`connection refused`) and
OpenSSL of a certificate (`certificate has expired`); the exception itself is kept as the cause.
"""

from __future__ import annotations

import errno
import os
import ssl
from typing import TYPE_CHECKING

import httpcore
import httpx

from core.errors import FetchError, Unreachable

if TYPE_CHECKING:
    from core.closed_sets import SourceState
    from scrapers.http.limits import Limits

# Kinds of exception that a request can end with and that are no FetchErrors yet. An address that IDNA or httpcore
# cannot encode is a ValueError; TLS that breaks in the middle of an answer is an SSLError, which is an OSError.
RAISED = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    httpx.InvalidURL,
    OSError,
    ValueError,
)


class ConnectionBroken(Unreachable):
    """A connection that failed or broke: unlike a time-out or a bad certificate, worth another try at once."""


class OwnLimit(FetchError):
    """This machine could give a request no descriptor, no thread or no memory: no fault of the site."""

    state: SourceState = "overloaded"


_OWN = {
    errno.EMFILE: "too many files are open here: raise the limit with `ulimit -n 1024`",
    errno.ENFILE: "too many files are open on this machine",
    errno.ENOBUFS: "this machine has too little memory for another connection",
    errno.ENOMEM: "this machine has too little memory for another connection",
}


def failure(error: Exception, host: str, limits: Limits, *, answered: bool) -> FetchError:
    """Return what `error`, one of `RAISED`, means for a request to `host`.

    `answered` tells whether status and headers had come. The result has no cause and no URL yet.
    """
    for cause in _causes(error):
        if isinstance(cause, OSError) and (own := _OWN.get(cause.errno or 0)):
            return OwnLimit(f"{host} was not asked: {own}")
    if isinstance(error, httpcore.TimeoutException):
        if_read = f"nothing came for {limits.read_seconds:g} s"
        if_connecting = f"no connection to {host} in {limits.connect_seconds:g} s"
        return Unreachable(f"time-out: {if_connecting if isinstance(error, httpcore.ConnectTimeout) else if_read}")
    if isinstance(error, httpcore.ConnectError):
        return _no_connection(error, host)
    if isinstance(error, httpcore.NetworkError | OSError):
        return ConnectionBroken(f"the connection to {host} broke before the answer was whole")
    if isinstance(error, httpcore.RemoteProtocolError):
        words = "the answer broke off before its end, or is not valid HTTP"
        if not answered:  # an error of the parser stands behind httpcore's; of a connection that ended it speaks itself
            is_parsed = error.__cause__ or error.__context__
            words = "what came is not HTTP" if is_parsed else "the connection was closed without an answer"
        return ConnectionBroken(words)
    return Unreachable("not an address that can be asked for over HTTP")


def _no_connection(error: httpcore.ConnectError, host: str) -> FetchError:
    causes = _causes(error)
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Unreachable(f"the certificate of {host} is not accepted: {cause.verify_message}")
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return ConnectionBroken(f"no encrypted connection to {host}: it does not speak TLS as we do")
    reason = next(filter(None, map(system_words, causes)), "")
    return ConnectionBroken(f"no connection to {host}: {reason}" if reason else f"no connection to {host}")


def _causes(error: BaseException) -> list[BaseException]:
    causes = [error]
    while behind := causes[-1].__cause__ or causes[-1].__context__:  # httpcore forgets the cause, not the context
        causes.append(behind)
    return causes


def system_words(error: BaseException) -> str:
    """Return what the operating system calls an error, in lower case; empty for one that is not its own."""
    if not isinstance(error, OSError) or isinstance(error, ssl.SSLError) or error.errno is None:
        return ""
    # A failed look-up has numbers and words of its own; asyncio puts its own words in the place of strerror.
    words = os.strerror(error.errno) if error.errno > 0 else error.strerror or ""
    return words[:1].lower() + words[1:]
