"""Identity of articles by their address. Pure: it interprets the IdentityRule of a source, and knows no site."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from core.errors import ItemError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from core.closed_sets import Language
    from core.model import IdentityRule, Source

URL_LIMIT = 2000
KEY_LIMIT = 300
_TRACKING = re.compile(r"^(?:utm_.*|fbclid|gclid|yclid|dclid|msclkid|igshid|mc_.*|_ga|ref_src)$", re.IGNORECASE)
_BLANKS = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_PATH_SAFE = "/:@!$&'()*+,;=~-._"


def clean(url: str) -> str:
    """Return `url` as it may be stored: http(s), lower-case punycode host, no user, fragment or tracking parameters.

    Raise ItemError for anything that is no web address.
    """
    text = _BLANKS.sub(" ", url).strip().replace(" ", "%20")
    if not text or len(text) > URL_LIMIT:
        raise ItemError("link is missing" if not text else f"link of {len(text)} characters", text[:80])
    try:
        parts = urlsplit(text)
        host, port = unicodedata.normalize("NFKC", parts.hostname or "").rstrip(".").lower(), parts.port
        host = host if host.isascii() else host.encode("idna").decode("ascii")
        if host and not _HOST.fullmatch(host):
            raise ValueError("no host name")
    except (ValueError, UnicodeError) as error:
        raise ItemError(f"link cannot be read ({error})", text[:200]) from error
    if parts.scheme not in ("http", "https") or not host:
        raise ItemError("link is not a web address", text[:200])
    suffix = f":{port}" if port and port != {"http": 80, "https": 443}[parts.scheme] else ""
    pairs = parse_qsl(parts.query, keep_blank_values=True, errors="replace")
    kept = [(name, value) for name, value in pairs if not _TRACKING.match(name)]
    query = urlencode(kept, quote_via=quote, safe="~")
    path = quote(_plain_path(parts.path), safe=_PATH_SAFE) or "/"
    return f"{parts.scheme}://{host}{suffix}{path}{'?' + query if query else ''}"


def is_host_of(source: Source, url: str) -> bool:
    """Return True when the cleaned `url` lies on one of the source's hosts."""
    return (urlsplit(url).hostname or "") in source.hosts


def key_of(source: Source, url: str) -> str:
    """Return the source's key of the article at the cleaned `url`. Raise ItemError if it is none of its articles."""
    if not is_host_of(source, url):
        raise ItemError("address is not of this site", url)
    parts = urlsplit(url)
    path = _plain_path(parts.path)
    if any(_compiled(pattern).search(path) for pattern in source.identity.excluded):
        raise ItemError("address is one that the source's rule leaves out", url, expected=True)
    matches = (_compiled(pattern).fullmatch(path) for pattern in source.identity.paths)
    path_key = next((match.group("key") for match in matches if match), "")
    key = (_query_key(source.identity, parts.query) or path_key).strip()
    if not key:
        raise ItemError("address is not that of an article", url)
    return checked_key(key, url)


def checked_key(key: str, url: str) -> str:
    """Return the key. Raise ItemError when it cannot be one; `url` is the article's."""
    if len(key) > KEY_LIMIT or not key.isprintable():
        raise ItemError(f"article key of {len(key)} characters, some of them unprintable or too many", url)
    return key


def canonical(source: Source, key: str, language: Language, url: str) -> str:
    """Return the one address that we show for the article."""
    template = source.identity.canonical.get(language)
    if template:
        return template.replace("{key}", quote(key, safe=_PATH_SAFE))
    parts = urlsplit(url)
    query = f"?{parts.query}" if _query_key(source.identity, parts.query) else ""
    return f"https://{source.hosts[0]}{parts.path}{query}"


def edition_of(source: Source, key: str, url: str) -> str | None:
    """Return the language edition that the address of an article belongs to; None where addresses do not tell."""
    templates = source.identity.canonical
    if len(set(templates.values())) < 2:
        return None
    path = _plain_path(urlsplit(url).path).removesuffix(".amp").rstrip("/")
    for language, template in templates.items():
        if path == _plain_path(urlsplit(template.replace("{key}", key)).path).rstrip("/"):
            return language
    return None


def _plain_path(path: str) -> str:
    """Decode twice: some sites encode their own encoding (`%25E2%2580%2599`)."""
    return unicodedata.normalize("NFC", unquote(unquote(path, errors="replace"), errors="replace"))


def _query_key(rule: IdentityRule, query: str) -> str:
    if not rule.query_keys:
        return ""
    values = dict(parse_qsl(query, errors="replace"))
    return next((f"{name}={values[name]}" for name in rule.query_keys if values.get(name)), "")


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
