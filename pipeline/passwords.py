"""Hashes of passwords as datasette-auth-passwords makes them. Slow on purpose."""

from __future__ import annotations

import unicodedata


def hashed(password: str) -> str:
    """Return the hash under which a password is kept."""
    from datasette_auth_passwords.utils import hash_password  # type: ignore[import-untyped]

    return str(hash_password(unicodedata.normalize("NFC", password)))


def is_right(password: str, password_hash: str) -> bool:
    """Return True if this is the password; letters may be composed as the keyboard wants."""
    from datasette_auth_passwords.utils import verify_password

    return bool(verify_password(unicodedata.normalize("NFC", password), password_hash))
