"""Fingerprint of all that machine translations depend on, made without loading any of it: model and glossary."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.errors import ModelError, UsageError
from translations.engines import packages

if TYPE_CHECKING:
    from collections.abc import Mapping

GLOSSARY = Path(__file__).parent / "data" / "glossary.csv"
SERVER = "VISNYK_LIBRETRANSLATE"
ARGOS, LIBRETRANSLATE = "argos", "libretranslate"


def maker() -> tuple[str, str]:
    """Return the engine and the model that would translate now. Raises ModelError when there is none, UsageError."""
    url = server()
    return (LIBRETRANSLATE, model_at(url)) if url else (ARGOS, packages.find().identity)


def server(environment: Mapping[str, str] = os.environ) -> str:
    """Return the address of the translation server that the user runs; empty when none is named.

    Raises UsageError for what is no plain address; a password in it would come to stand in the ledger.
    """
    url = environment.get(SERVER, "").strip().rstrip("/")
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.query):
        raise UsageError(f"{SERVER}: not the plain address of a server, such as http://127.0.0.1:5000")
    return url


def model_at(url: str) -> str:
    """Return what the database says about translations of the server at `url`."""
    return f"server {urlsplit(url).netloc}"


def current() -> str:
    """Return what differs whenever engine, model or the file of the glossary is another. Raises ModelError."""
    digest = hashlib.sha256(GLOSSARY.read_bytes()).hexdigest()[:12]
    return " · ".join((*maker(), f"glossary {digest}"))


def is_current(stored: str) -> bool:
    """Return whether nothing has changed since `stored`; without a model nothing can be said to have."""
    try:
        return stored == current()
    except ModelError:
        return True
