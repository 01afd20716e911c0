"""Services that a newsletter hands over to: from a table [handover.NAME] of its settings, and the environment.

Secrets come from the environment alone, and are put into no message.
"""

from __future__ import annotations

import ipaddress
import os
import tomllib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from core.errors import UsageError
from newsletter.handover.buttondown import VERSION, Buttondown, ButtondownSettings
from newsletter.handover.json_api import JsonApi
from newsletter.handover.keila import Keila, KeilaSettings
from newsletter.handover.listmonk import Listmonk, ListmonkSettings
from newsletter.handover.smtp import SmtpSettings
from newsletter.settings import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsletter.handover.campaign import Ask, MailingService

LISTMONK, KEILA, BUTTONDOWN = "VISNYK_LISTMONK_TOKEN", "VISNYK_KEILA_KEY", "VISNYK_BUTTONDOWN_KEY"
SMTP = "VISNYK_SMTP_PASSWORD"
SERVICES = ("listmonk", "keila", "buttondown")
_KEYS: dict[
    str, dict[str, object]
] = {  # key → what stands for it where the table leaves it out; None: it must be there
    "listmonk": {"url": None, "user": None, "lists": None, "template_id": 0, "from_email": ""},
    "keila": {"url": "https://app.keila.io", "sender_id": "", "segment_id": "", "project_id": ""},
    "buttondown": {"url": "https://api.buttondown.com", "newsletter": "", "template": ""},
    "smtp": {"host": None, "port": 587, "encryption": "starttls", "user": "", "lists": ()},
}
_SECRET_LIKE = ("token", "key", "password", "secret")


def tables(path: Path = DEFAULT) -> dict[str, dict[str, Any]]:
    """Return the tables [handover.NAME] of a settings file, whose other parts were read before. Raises UsageError."""
    found = tomllib.loads(path.read_text(encoding="utf-8")).get("handover", {})
    if not isinstance(found, dict) or not all(isinstance(table, dict) for table in found.values()):
        raise UsageError(f"{path}: a service to hand over to is written as [handover.listmonk]")
    return {name: _checked(name, table, path) for name, table in found.items()}


def service(
    name: str, settings: Mapping[str, Mapping[str, Any]], ask: Ask, environment: Mapping[str, str] = os.environ
) -> MailingService:
    """Return a service that `settings`, as `tables` gives them, set up. Raises UsageError for what is missing."""
    if name not in SERVICES:
        raise UsageError(f"{name[:60]!r} takes no drafts; known: {', '.join(SERVICES)}")
    table = _table(name, settings)
    if name == "listmonk":
        secret = _secret(LISTMONK, environment)
        headers = {"Authorization": f"token {table['user']}:{secret}"}
        ids = ListmonkSettings(tuple(table["lists"]), table["template_id"] or None, table["from_email"])
        return Listmonk(JsonApi(name, table["url"], headers, (LISTMONK, secret), ask), ids)
    if name == "keila":
        secret = _secret(KEILA, environment)
        api = JsonApi(name, table["url"], {"Authorization": f"Bearer {secret}"}, (KEILA, secret), ask)
        return Keila(api, KeilaSettings(table["sender_id"], table["segment_id"], table["project_id"]))
    secret = _secret(BUTTONDOWN, environment)
    headers = {"Authorization": f"Token {secret}", "X-API-Version": VERSION}
    headers |= {"Buttondown-Context": table["newsletter"]} if table["newsletter"] else {}
    return Buttondown(
        JsonApi(name, table["url"], headers, (BUTTONDOWN, secret), ask), ButtondownSettings(table["template"])
    )


def mail_server(
    settings: Mapping[str, Mapping[str, Any]], environment: Mapping[str, str] = os.environ
) -> tuple[SmtpSettings, str]:
    """Return the mail server for test mails and its password, empty where it needs none. Raises UsageError."""
    table = _table("smtp", settings)
    password = _secret(SMTP, environment) if table["user"] else ""
    given = SmtpSettings(table["host"], table["port"], table["encryption"], table["user"], tuple(table["lists"]))
    return given, password


def is_own_network(host: str) -> bool:
    """Return whether a host is this machine or a private address in numbers: what is sent there leaves no house."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private


def _table(name: str, settings: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    if name not in settings:
        raise UsageError(f"{name} is not set up: the newsletter's settings need a table [handover.{name}]")
    return settings[name]


def _checked(name: str, table: dict[str, Any], path: Path) -> dict[str, Any]:
    where = f"{path}: handover.{name}"
    if name not in _KEYS:
        raise UsageError(f"{where}: there is no such service; known: {', '.join(_KEYS)}")
    known = _KEYS[name]
    for key in table:
        if key not in known and any(word in key for word in _SECRET_LIKE):
            raise UsageError(f"{where}: {key} is not read from a file; secrets come from the environment")
        if key not in known:
            raise UsageError(f"{where}: unknown key {key}; known: {', '.join(known)}")
    whole: dict[str, Any] = known | table
    for key, value in whole.items():
        _check_value(key, value, known[key], where)
    if "url" in whole:
        whole["url"] = _url(whole["url"], where)
    elif whole["encryption"] == "none" and not is_own_network(whole["host"]):
        raise UsageError(f"{where}: without encryption only a mail server on a private address in numbers is used")
    return whole


def _check_value(key: str, value: object, default: object, where: str) -> None:
    if value is None:
        raise UsageError(f"{where}: {key} is missing")
    if key == "lists":
        kind = str if default == () else int
        if (
            not isinstance(value, list | tuple)
            or not all(type(one) is kind for one in value)
            or (not value and default is None)
        ):
            raise UsageError(f"{where}: lists must be a list of {'addresses' if kind is str else 'numbers'}")
    elif key in ("template_id", "port"):
        if type(value) is not int or not 0 <= value <= 65535:
            raise UsageError(f"{where}: {key} must be a number")
    elif not isinstance(value, str) or not value.isprintable():
        raise UsageError(f"{where}: {key} must be a text in one line")
    elif key == "encryption" and value not in ("starttls", "tls", "none"):
        raise UsageError(f"{where}: encryption must be starttls, tls or none")
    elif key in ("user", "newsletter") and not value.isascii():
        raise UsageError(f"{where}: {key} may hold Latin letters and digits only")
    elif default is None and not value:
        raise UsageError(f"{where}: {key} is missing")


def _url(text: str, where: str) -> str:
    try:
        parts = urlsplit(text.strip().rstrip("/"))
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or parts.query or parts.fragment:
        raise UsageError(f"{where}: url must be the plain address of the service, such as https://lists.example.org")
    if parts.scheme == "http" and not is_own_network(host):
        raise UsageError(f"{where}: url must begin with https, but for localhost and private addresses in numbers")
    return parts.geturl()


def _secret(variable: str, environment: Mapping[str, str]) -> str:
    value = environment.get(variable, "").strip()
    if not value:
        raise UsageError(f"{variable} is not set: the secret of the service is read from it")
    if not value.isascii() or not value.isprintable() or any(letter.isspace() for letter in value):
        raise UsageError(f"{variable} holds signs that no such secret has")
    return value
