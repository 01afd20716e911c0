"""Addresses that may be contacted, and URLs that may be asked for. Pure: no network."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, ip_address, ip_network
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from core.errors import ServerTrouble

MAX_URL_LENGTH = 4096

# IANA special-purpose registries. An own table, because `ipaddress.is_global` of Python 3.11 lets multicast,
# NAT64, 6to4 and site-local addresses pass, and `is_private` does not know 100.64.0.0/10.
_DENIED_V4 = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_V6 = ip_network("2000::/3")  # everything else in IPv6 is special or not handed out
_DENIED_V6 = tuple(
    ip_network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
_CARRIES_V4 = (ip_network("::ffff:0:0/96"), ip_network("64:ff9b::/96"))  # IPv4-mapped, NAT64

_KEPT = "".join(chr(code) for code in range(0x21, 0x7F))  # ASCII stays as written; the rest is percent-encoded
_FORBIDDEN_CHARACTERS = re.compile(r"[\x00-\x20\x7f-\x9f\\\ud800-\udfff]")


def is_public(address: str) -> bool:
    """Return whether an IP address, as text, is one of the public internet; False for what is no IP address."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return _is_public_v4(parsed)
    if any(parsed in network for network in _CARRIES_V4):
        return _is_public_v4(IPv4Address(int(parsed) & 0xFFFFFFFF))
    return parsed in _GLOBAL_V6 and not any(parsed in network for network in _DENIED_V6)


def _is_public_v4(address: IPv4Address) -> bool:
    return not any(address in network for network in _DENIED_V4)


def is_ip_literal(host: str) -> bool:
    """Return whether a URL's host is an IP address in its usual spelling."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Return whether a URL's host means this machine."""
    return host == "localhost" or (is_ip_literal(host) and ip_address(host.partition("%")[0]).is_loopback)


def site_name(host: str) -> str:
    """Return the host without `www.` and final dot: http, https and www forms are one site."""
    return host.lower().rstrip(".").removeprefix("www.")


def without_userinfo(url: str) -> str:
    """Return the URL as it may be shown: no user name, no password, bounded, on one line."""
    shown = re.sub(r"(?<=//)[^/?#]*@", "", url)
    return _FORBIDDEN_CHARACTERS.sub("?", shown)[:300]


def checked_url(url: str) -> SplitResult:
    """Split an http(s) URL; host in lower case, all of it in ASCII, no fragment.

    Raises:
        ServerTrouble: another scheme, a user name or password, no host, a bad port, control characters, too long.
    """
    problem = "cannot be read"
    try:
        parts = urlsplit(url)
        problem = _objection(url, parts)
        if not problem:
            host = (parts.hostname or "").rstrip(".")
            host = host if host.isascii() else host.encode("idna").decode("ascii")
            host = f"[{host}]" if ":" in host else host
            default = 443 if parts.scheme == "https" else 80
            return parts._replace(
                netloc=host if parts.port in {None, default} else f"{host}:{parts.port}",
                path=quote(parts.path or "/", safe=_KEPT),
                query=quote(parts.query, safe=_KEPT),
                fragment="",
            )
    except ValueError as error:  # UnicodeError, from IDNA, is one too
        raise ServerTrouble("not a usable address: its host or port cannot be read", without_userinfo(url)) from error
    raise ServerTrouble(f"not a usable address: {problem}", without_userinfo(url))


def _objection(url: str, parts: SplitResult) -> str:
    if len(url) > MAX_URL_LENGTH:
        return f"longer than {MAX_URL_LENGTH} characters"
    if _FORBIDDEN_CHARACTERS.search(url):
        return "has white space or control characters in it"
    if parts.scheme not in {"http", "https"}:
        return f"scheme {parts.scheme[:20] or 'missing'} is not http or https"
    if "@" in parts.netloc:
        return "carries a user name or password"
    return "" if parts.hostname else "has no host"


def redirect_target(current: str, location: str) -> str:
    """Return where a redirect from `current` leads: absolute and checked.

    Raises:
        ServerTrouble: no Location, one that is not a usable http(s) address, or a step from https down to http.
    """
    if not location:
        raise ServerTrouble("redirect without a Location", current)
    try:
        joined = urljoin(current, location.strip())
        return urlunsplit(checked_url(joined))
    except (ValueError, ServerTrouble) as error:
        reason = error.args[0] if isinstance(error, ServerTrouble) else "not a usable address"
        said = f"redirect to {without_userinfo(location)}: {reason}"
        raise ServerTrouble(said, without_userinfo(current)) from error


def refuse_downgrade(current: str, target: str) -> None:
    """Raise ServerTrouble when `target` would give up the encryption that `current` had."""
    if current.startswith("https:") and target.startswith("http:"):
        raise ServerTrouble(f"redirect from https down to {without_userinfo(target)}", current)
